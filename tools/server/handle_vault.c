// SPDX-License-Identifier: Apache-2.0
//
// handle_vault.c - key lists, wrapped keys, wraps. The server checks their form
// and who may put them; it can open none of them.

#include <stdio.h>
#include <string.h>

#include "../common/b64.h"
#include "../common/json_write.h"
#include "jose.h"
#include "metrics.h"
#include "problem.h"
#include "router.h"

static void no_content(request *req, answer *out, store_status status) {
  if (!problem_of_store(out, status, req->id)) out->status = 204;
}

void handle_keylist(request *req, answer *out) {
  int64_t serial;
  sj_buffer jws = {0};
  const store_status status = store_keylist(req->service->store, &serial, &jws);
  if (!problem_of_store(out, status, req->id) && !jws.failed) {
    (void)snprintf(out->etag, sizeof(out->etag), "\"%lld\"", (long long)serial);
    out->status = strcmp(out->etag, req->known) == 0 ? 304 : 200;
    if (out->status == 200) {
      sj_buffer_put(&out->body, "{\"keylist\":");
      sj_put_string(&out->body, jws.data, jws.len);
      sj_buffer_put(&out->body, "}");
    }
  }
  sj_buffer_free(&jws);
}

// Retired kids one behind the other.
static size_t put_retired(sj_buffer *out, const keylist *list) {
  size_t count = 0;
  for (size_t i = 0; i < list->vault_count; i++) {
    if (list->vaults[i].state != KEYLIST_RETIRED) continue;
    sj_buffer_add(out, list->vaults[i].kid, strlen(list->vaults[i].kid) + 1);
    count++;
  }
  return count;
}

static void
store_list(request *req, answer *out, keylist *next, const char *jws) {
  char detail[96];
  sj_buffer retired = {0};
  const size_t count = put_retired(&retired, next);
  (void)snprintf(detail, sizeof(detail),
                 "{\"serial\":%lld,\"vault_keys\":%zu,\"members\":%zu}",
                 (long long)next->serial, next->vault_count,
                 next->member_count);
  audit_entry entry = request_entry(req, AUDIT_KEYLIST_PUBLISHED, NULL);
  entry.detail = detail;
  const store_keylist_row row = {next->serial, jws, retired.data, count};
  const store_status status =
      retired.failed ? STORE_BUSY
                     : store_put_keylist(req->service->store, &row,
                                         (store_trail){&entry, 1}, NULL);
  if (status == STORE_CONFLICT)
    problem_put_with(out, PROBLEM_KEYLIST, req->id, "why",
                     "\"another list came first, or records are still wrapped "
                     "to a key that it retires\"");
  else
    no_content(req, out, status);
  if (status == STORE_OK)
    service_set_keys(req->service, next);
  else
    keylist_free(next);
  sj_buffer_free(&retired);
}

void handle_put_keylist(request *req, answer *out) {
  const sj_json_node *jws = sj_json_tree_get(req->json, "keylist");
  keylist *next = NULL;
  keylist_error error = {0};
  if (req->service->root[0] == '\0') {
    problem_put(out, PROBLEM_VAULT_OFF, req->id, NULL);
    return;
  }
  keylist_status status =
      keylist_verify(jws->text, jws->len, req->service->root,
                     req->now_ms / 1000, &next, &error);
  if (status == KEYLIST_OK) {
    status = keylist_follows(service_keys(req->service), next);
    service_keys_end(req->service);
  }
  if (status == KEYLIST_OK) {
    store_list(req, out, next, jws->text);
    return;
  }
  keylist_free(next);
  char why[160];
  (void)snprintf(why, sizeof(why), "\"%s\"", keylist_status_text(status));
  problem_put_with(out, PROBLEM_KEYLIST, req->id, "why", why);
}

void handle_own_keys(request *req, answer *out) {
  audit_entry entry = request_entry(req, AUDIT_KEY_RELEASED, req->who.sub);
  store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  sj_buffer_put(&out->body, "{\"keys\":");
  if (status == STORE_OK)
    status = store_keys(req->service->store, req->who.sub, &out->body);
  sj_buffer_put(&out->body, "}");
  if (!problem_of_store(out, status, req->id)) out->status = 200;
}

// Check one wrapped key; false with an answer.
static bool key_is_sound(request *req,
                         answer *out,
                         const sj_json_node *jwe,
                         const keylist *keys,
                         const char *list,
                         size_t index) {
  char kid[KEYLIST_KID], pointer[48];
  const jose_text text = {jwe->text, jwe->len};
  if (jose_check_key(&text, keys, kid, NULL) == JOSE_OK) return true;
  (void)snprintf(pointer, sizeof(pointer), "/%s/%zu/jwe", list, index);
  problem_put(out, PROBLEM_VAULT, req->id, pointer);
  return false;
}

// Keys of a list in the body into rows; `sub` NULL takes each item's own,
// `slot` NULL too. How many they are; 0 with an answer.
static size_t read_keys(request *req,
                        answer *out,
                        const char *list,
                        const char *sub,
                        const char *slot,
                        store_key *rows) {
  const sj_json_node *items = sj_json_tree_get(req->json, list);
  const keylist *keys = service_keys(req->service);
  bool good = true;
  size_t count = 0;
  for (const sj_json_node *at = items->child; at != NULL && good;
       at = at->next, ++count) {
    const sj_json_node *jwe = sj_json_tree_get(at, "jwe");
    good = key_is_sound(req, out, jwe, keys, list, count);
    rows[count] =
        (store_key){sub != NULL ? sub : request_word(at, "sub"),
                    slot != NULL ? slot : request_word(at, "slot"), jwe->text};
  }
  service_keys_end(req->service);
  return good ? count : 0;
}

void handle_put_own_keys(request *req, answer *out) {
  store_key rows[8];
  const size_t count = read_keys(req, out, "keys", req->who.sub, NULL, rows);
  if (count == 0) return;
  for (size_t i = 0; i < count; i++)
    for (size_t j = i + 1; j < count; j++)
      if (strcmp(rows[i].slot, rows[j].slot) == 0) {
        problem_put(out, PROBLEM_SCHEMA, req->id, "/keys");
        return; // two ways to unlock, not one twice
      }
  audit_entry entry = request_entry(req, AUDIT_KEY_STORED, req->who.sub);
  no_content(req, out,
             store_put_keys(req->service->store, rows, count,
                            (store_trail){&entry, 1}, NULL));
}

static bool is_vault_kid(request *req, answer *out) {
  if (strncmp(req->param, "vault:", 6) == 0) return true;
  problem_put(out, PROBLEM_NOT_FOUND, req->id, NULL);
  return false;
}

void handle_vault_key(request *req, answer *out) {
  sj_buffer jwe = {0};
  if (!is_vault_kid(req, out)) return;
  audit_entry entry = request_entry(req, AUDIT_KEY_RELEASED, req->param);
  const store_status status =
      store_release_key(req->service->store, req->who.sub, req->param,
                        (store_trail){&entry, 1}, &jwe, NULL);
  if (!problem_of_store(out, status, req->id) && !jwe.failed) {
    out->status = 200;
    sj_buffer_put(&out->body, "{\"wrap\":");
    sj_put_string(&out->body, jwe.data, jwe.len);
    sj_buffer_put(&out->body, "}");
  }
  sj_buffer_free(&jwe);
}

void handle_put_vault_key(request *req, answer *out) {
  store_key rows[64];
  char detail[48];
  if (!is_vault_kid(req, out)) return;
  const size_t count = read_keys(req, out, "wraps", NULL, req->param, rows);
  if (count == 0) return;
  (void)snprintf(detail, sizeof(detail), "{\"members\":%zu}", count);
  audit_entry entry = request_entry(req, AUDIT_KEY_ROTATED, req->param);
  entry.detail = detail;
  no_content(req, out,
             store_put_keys(req->service->store, rows, count,
                            (store_trail){&entry, 1}, NULL));
}

void handle_rewrap(request *req, answer *out) {
  const sj_json_node *wrap = sj_json_tree_get(req->json, "wrap");
  const jose_text text = {wrap->text, wrap->len};
  char kid[KEYLIST_KID] = "";
  uint8_t data_hash[32];
  store_rewrap row = {.id = req->param, .kid = kid, .wrap = wrap->text};
  const sj_json_node *old = sj_json_tree_get(req->json, "old_hash");
  if (!sj_b64_exact(old->text, old->len, row.old_hash, 32)) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/old_hash");
    return;
  }
  store_status status =
      store_data_hash(req->service->store, req->param, data_hash);
  if (problem_of_store(out, status, req->id)) return;
  const keylist *keys = service_keys(req->service);
  const jose_status fit =
      keys == NULL
          ? JOSE_RETIRED
          : jose_check_wrap(&text, data_hash, keys, kid, row.wrap_hash, NULL);
  row.keylist = keys == NULL ? 0 : keys->serial;
  service_keys_end(req->service);
  if (fit != JOSE_OK) {
    problem_put(out, fit == JOSE_RETIRED ? PROBLEM_RETIRED : PROBLEM_VAULT,
                req->id, "/wrap");
    return;
  }
  char detail[KEYLIST_KID + 16];
  (void)snprintf(detail, sizeof(detail), "{\"kid\":\"%s\"}", kid);
  audit_entry entry = request_entry(req, AUDIT_WRAP_REPLACED, req->param);
  entry.detail = detail;
  status =
      store_put_wrap(req->service->store, &row, (store_trail){&entry, 1}, NULL);
  if (status == STORE_CONFLICT)
    problem_put(out, PROBLEM_WRAP, req->id, NULL);
  else
    no_content(req, out, status);
}

void handle_rotation(request *req, answer *out) {
  sj_buffer_put(&out->body, "{\"records\":");
  const store_status status = store_rotation(req->service->store, &out->body);
  sj_buffer_put(&out->body, "}");
  if (!problem_of_store(out, status, req->id)) out->status = 200;
}
