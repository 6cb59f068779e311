// SPDX-License-Identifier: Apache-2.0
//
// handle_submit.c - scrubbed text comes in. Cheap refusals first, the leak
// guard before anything is stored, and nothing of a refused text is kept.

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/json_write.h"
#include "base/wipe.h"
#include "jose.h"
#include "metrics.h"
#include "problem.h"
#include "router.h"

enum { PREVIEW = 200, MAX_ENTITIES = 2000, DAY_MS = 86400000 };

// a.b.c against SERVICE_MIN_RULESET; what is no number counts as 0.
static bool is_outdated(const char *ruleset) {
  int a[3] = {0}, b[3] = {0};
  (void)sscanf(ruleset, "%6d.%6d.%6d", &a[0], &a[1], &a[2]);
  (void)sscanf(SERVICE_MIN_RULESET, "%6d.%6d.%6d", &b[0], &b[1], &b[2]);
  for (int i = 0; i < 3; i++)
    if (a[i] != b[i]) return a[i] < b[i];
  return false;
}

typedef struct listed {
  const char *name;
  size_t len;
  int64_t left; // times that it still has to occur
  size_t index; // in the request
} listed;

static int by_name(const void *a, const void *b) {
  const listed *x = a, *y = b;
  const int order = memcmp(x->name, y->name, x->len < y->len ? x->len : y->len);
  if (order != 0) return order;
  return (x->len > y->len) - (x->len < y->len);
}

// Every placeholder of the text is listed and occurs as often as it says.
static bool count_all(const sj_json_node *text, listed *all, size_t count) {
  const char *end = text->text + text->len;
  for (const char *at = text->text;
       (at = memchr(at, '<', (size_t)(end - at))) != NULL; at++) {
    const char *close = memchr(at, '>', (size_t)(end - at));
    if (close == NULL) break;
    const size_t len = (size_t)(close - at) + 1;
    if (!schema_is(FORMAT_PLACEHOLDER, at, len)) continue;
    const listed wanted = {.name = at, .len = len};
    listed *found = bsearch(&wanted, all, count, sizeof(*all), by_name);
    if (found == NULL) return false;
    found->left--;
  }
  return true;
}

// False with the index of the first entity that does not fit; `count` where it
// is the text that holds one too many.
static bool
placeholders_fit(const sj_json_node *body, listed *all, size_t *wrong) {
  const sj_json_node *entities = sj_json_tree_get(body, "entities");
  size_t count = 0;
  for (const sj_json_node *at = entities->child; at != NULL; at = at->next) {
    const sj_json_node *name = sj_json_tree_get(at, "placeholder");
    all[count] =
        (listed){name->text, name->len, request_integer(at, "count"), count};
    count++;
  }
  qsort(all, count, sizeof(*all), by_name);
  *wrong = count;
  for (size_t i = 1; i < count; i++)
    if (by_name(&all[i - 1], &all[i]) == 0) {
      *wrong = all[i].index;
      return false; // twice
    }
  if (!count_all(sj_json_tree_get(body, "scrubbed_text"), all, count))
    return false;
  for (size_t i = 0; i < count; i++)
    if (all[i].left != 0 && all[i].index < *wrong) *wrong = all[i].index;
  return *wrong == count;
}

static bool refuse_placeholders(request *req, answer *out) {
  const size_t count = sj_json_tree_get(req->json, "entities")->len;
  listed *all = sj_arena_take(&req->arena, (count + 1) * sizeof(*all));
  size_t wrong = 0;
  if (all == NULL) {
    problem_put(out, PROBLEM_BUSY, req->id, NULL);
    return true;
  }
  if (placeholders_fit(req->json, all, &wrong)) return false;
  char pointer[48] = "/scrubbed_text";
  if (wrong < count)
    (void)snprintf(pointer, sizeof(pointer), "/entities/%zu/placeholder",
                   wrong);
  problem_put(out, PROBLEM_PLACEHOLDER, req->id, pointer);
  return true;
}

// All that a person or a page chose the words of. The short fields are looked
// at in one go, a line each.
static bool refuse_leaks(request *req, answer *out) {
  static const char *const NAMES[] = {"document_type", "specialty", "policy",
                                      "lang", NULL};
  const sj_json_node *text = sj_json_tree_get(req->json, "scrubbed_text");
  req->policy = request_word(req->json, "policy");
  if (request_leaks(req, out, "/scrubbed_text", text->text, text->len))
    return true;
  const sj_json_node *attestation = sj_json_tree_get(req->json, "attestation");
  char lines[512];
  int len =
      snprintf(lines, sizeof(lines), "%s\n",
               request_word(sj_json_tree_get(attestation, "reviewer"), "role"));
  for (size_t i = 0; NAMES[i] != NULL; i++)
    len += snprintf(lines + len, sizeof(lines) - (size_t)len, "%s\n",
                    request_word(req->json, NAMES[i]));
  return request_leaks(req, out, "/attestation/reviewer/role", lines,
                       (size_t)len);
}

static void put_word(sj_buffer *out, const char *key, const char *word) {
  sj_buffer_put(out, "\"");
  sj_buffer_put(out, key);
  sj_buffer_put(out, "\":");
  sj_put_string(out, word, strlen(word));
  sj_buffer_put(out, ",");
}

static void put_entities(sj_buffer *out, const sj_json_node *entities) {
  sj_buffer_put(out, "[");
  for (const sj_json_node *at = entities->child; at != NULL; at = at->next) {
    sj_buffer_put(out, "{");
    put_word(out, "placeholder", request_word(at, "placeholder"));
    put_word(out, "type", request_word(at, "type"));
    put_word(out, "source", request_word(at, "source"));
    sj_put_count(out, "count", (uint64_t)request_integer(at, "count"));
    sj_put_end(out, '}');
    sj_buffer_put(out, ",");
  }
  sj_put_end(out, ']');
  sj_buffer_add(out, "", 1);
}

static void put_attestation(sj_buffer *out, const sj_json_node *attestation) {
  const sj_json_node *counts = sj_json_tree_get(attestation, "counts");
  sj_buffer_put(out, "{");
  put_word(out, "statement_id", request_word(attestation, "statement_id"));
  put_word(out, "reviewed_at", request_word(attestation, "reviewed_at"));
  put_word(out, "role",
           request_word(sj_json_tree_get(attestation, "reviewer"), "role"));
  for (const sj_json_node *at = counts->child; at != NULL; at = at->next)
    sj_put_count(out, at->key, (uint64_t)at->integer);
  sj_put_end(out, '}');
  sj_buffer_add(out, "", 1);
}

// The answer's members without braces and receipt; kept for a retry.
static void put_answer(sj_buffer *out, const store_job *job, size_t entities) {
  size_t len = job->text_len < PREVIEW ? job->text_len : PREVIEW;
  while (len > 0 && len < job->text_len && (job->text[len] & 0xC0) == 0x80)
    len--;
  sj_put_pair(out, "job_id", job->id);
  sj_put_pair(out, "status", job->status);
  sj_put_pair(out, "message",
              job->vault != NULL ? "PHI secured. Job queued for processing."
                                 : "Job queued for processing.");
  sj_put_count(out, "phi_entities_secured", job->vault != NULL ? entities : 0);
  sj_buffer_put(out, "\"scrubbed_text_preview\":");
  sj_put_string(out, job->text, len);
  sj_buffer_put(out, ",\"status_url\":\"/v1/coder/status/");
  sj_buffer_put(out, job->id);
  sj_buffer_put(out, "\",");
  sj_buffer_add(out, "", 1);
}

static jose_text text_of(const sj_json_node *object, const char *name) {
  const sj_json_node *member = sj_json_tree_get(object, name);
  return (jose_text){member->text, member->len};
}

// Check the sealed record and seal its share under the server's own key.
static bool take_vault(request *req,
                       answer *out,
                       const sj_json_node *sealed,
                       store_job *job,
                       store_vault *vault,
                       jose_checked *checked) {
  if (req->service->keks == NULL) {
    problem_put(out, PROBLEM_VAULT_OFF, req->id, "/vault");
    return false;
  }
  const sj_json_node *wrap = sj_json_tree_get(sealed, "wraps")->child;
  const jose_text wraps[] = {{wrap->text, wrap->len}};
  const jose_record record = {.fmt = request_integer(sealed, "fmt"),
                              .text_salt = text_of(sealed, "text_salt"),
                              .data = text_of(sealed, "data"),
                              .share = text_of(sealed, "share"),
                              .sig = text_of(sealed, "sig"),
                              .wraps = wraps,
                              .wrap_count = 1};
  const keylist *keys = service_keys(req->service);
  const jose_binding binding = {
      job->id, req->who.sub, {job->text, job->text_len}, keys};
  const char *pointer = "/vault";
  const jose_status status =
      keys == NULL
          ? JOSE_OK
          : jose_check_record(&record, &binding, checked, &pointer, NULL);
  job->keylist = keys == NULL ? 0 : keys->serial;
  service_keys_end(req->service);
  if (keys == NULL || status != JOSE_OK) {
    problem_put(out,
                keys == NULL             ? PROBLEM_VAULT_KEYS
                : status == JOSE_RETIRED ? PROBLEM_RETIRED
                : status == JOSE_NOMEM   ? PROBLEM_BUSY
                                         : PROBLEM_VAULT,
                req->id, pointer);
    return false;
  }
  *vault = (store_vault){.fmt = (int)record.fmt,
                         .data = record.data.text,
                         .sig = record.sig.text,
                         .kid = checked->kid,
                         .wrap = wraps[0].text};
  memcpy(vault->data_hash, checked->data_hash, 32);
  memcpy(vault->wrap_hash, checked->wrap_hash, 32);
  memcpy(job->text_salt, checked->text_salt, 16);
  memcpy(job->text_digest, checked->text_digest, 32);
  if (share_seal(req->service->keks, job->id, checked->share, &vault->epoch,
                 vault->share) != SHARE_OK) {
    problem_put(out, PROBLEM_INTERNAL, req->id, NULL);
    return false;
  }
  job->vault = vault;
  job->status = "phi_confirmed";
  return true;
}

// One row for each kind of decision, with its count; then the submission.
static size_t put_trail(const request *req,
                        const store_job *job,
                        audit_entry rows[6],
                        char details[4][64]) {
  static const char *const NAMES[] = {"confirmed", "unflagged", "added"};
  const char *const actions[] = {AUDIT_ENTITY_CONFIRMED, AUDIT_ENTITY_UNFLAGGED,
                                 AUDIT_ENTITY_ADDED};
  const sj_json_node *attestation = sj_json_tree_get(req->json, "attestation");
  const sj_json_node *counts = sj_json_tree_get(attestation, "counts");
  size_t count = 0;
  (void)snprintf(details[3], 64, "{\"reviewed_at\":\"%s\"}",
                 request_word(attestation, "reviewed_at"));
  rows[count] = request_entry(req, AUDIT_REVIEW_STARTED, job->id);
  rows[count].outcome = "reported";
  rows[count++].detail = details[3];
  for (size_t i = 0; i < 3; i++) {
    const int64_t number = request_integer(counts, NAMES[i]);
    if (number == 0) continue;
    (void)snprintf(details[i], 64, "{\"count\":%lld}", (long long)number);
    rows[count] = request_entry(req, actions[i], job->id);
    rows[count].outcome = "reported";
    rows[count++].detail = details[i];
  }
  rows[count++] = request_entry(req, AUDIT_JOB_SUBMITTED, job->id);
  if (job->vault != NULL)
    rows[count++] = request_entry(req, AUDIT_PHI_CREATED, job->id);
  return count;
}

static void finish(request *req,
                   answer *out,
                   store_status status,
                   const char *members,
                   const sj_buffer *replay,
                   const store_receipt *receipt) {
  if (status == STORE_CONFLICT) {
    problem_put(out, PROBLEM_KEYLIST_CHANGED, req->id, NULL);
    return;
  }
  if (status != STORE_REPLAY && problem_of_store(out, status, req->id)) return;
  if (status == STORE_OK) metric_add(METRIC_SUBMITS, 1);
  out->status = 202;
  sj_buffer_put(&out->body, "{");
  sj_buffer_put(&out->body, status == STORE_OK ? members : replay->data);
  put_receipt(&out->body, receipt);
  sj_buffer_put(&out->body, "}");
}

static void store_it(request *req, answer *out, store_job *job) {
  const sj_json_node *entities = sj_json_tree_get(req->json, "entities");
  sj_buffer list = {0}, signed_off = {0}, members = {0}, replay = {0};
  put_entities(&list, entities);
  put_attestation(&signed_off, sj_json_tree_get(req->json, "attestation"));
  put_answer(&members, job, entities->len);
  job->entities = list.data;
  job->attestation = signed_off.data;
  store_once once = {.sub = req->who.sub,
                     .key = req->key,
                     .answer = members.data,
                     .expires_ms =
                         req->now_ms +
                         req->service->config->idempotency_days * DAY_MS};
  audit_entry rows[6];
  char details[4][64];
  const size_t count = put_trail(req, job, rows, details);
  store_receipt receipt = {0};
  store_status status = STORE_BUSY;
  if (!list.failed && !signed_off.failed && !members.failed &&
      request_digest(req, once.digest))
    status = store_submit(req->service->store, job, &once,
                          (store_trail){rows, count}, &replay, &receipt);
  finish(req, out, status, members.data, &replay, &receipt);
  sj_buffer_free(&list);
  sj_buffer_free(&signed_off);
  sj_buffer_free(&members);
  sj_buffer_free(&replay);
}

void handle_submit(request *req, answer *out) {
  const config *set = req->service->config;
  const sj_json_node *text = sj_json_tree_get(req->json, "scrubbed_text");
  const sj_json_node *engine = sj_json_tree_get(req->json, "engine");
  if (!rates_take(req->service->rates, RATE_SUBMIT, req->who.sub, req->now_ms,
                  &out->retry_s)) {
    metric_add(METRIC_RATE_LIMITED, 1);
    problem_put(out, PROBLEM_RATE, req->id, NULL);
    return;
  }
  if (is_outdated(request_word(engine, "ruleset"))) {
    problem_put(out, PROBLEM_RULESET, req->id, "/engine/ruleset");
    return;
  }
  if ((int64_t)sj_json_tree_get(req->json, "entities")->len > set->entities) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/entities");
    return;
  }
  if (refuse_placeholders(req, out) || refuse_leaks(req, out)) return;
  store_job job = {.id = req->key,
                   .submitted_by = req->who.sub,
                   .document_type = request_word(req->json, "document_type"),
                   .specialty = request_word(req->json, "specialty"),
                   .policy = request_word(req->json, "policy"),
                   .lang = request_word(req->json, "lang"),
                   .text = text->text,
                   .text_len = text->len,
                   .ruleset = request_word(engine, "ruleset"),
                   .model = request_word(engine, "model"),
                   .engine = request_word(engine, "version"),
                   .status = "queued",
                   .created_ms = req->now_ms,
                   .expires_ms = req->now_ms + set->text_days * DAY_MS,
                   .vault_expires_ms =
                       req->now_ms + set->retention_days * DAY_MS};
  const sj_json_node *sealed = sj_json_tree_get(req->json, "vault");
  store_vault vault;
  jose_checked checked = {0};
  bool good = true;
  if (sealed != NULL)
    good = take_vault(req, out, sealed, &job, &vault, &checked);
  else if (RAND_bytes(job.text_salt, sizeof(job.text_salt)) != 1 ||
           !digest_two(job.text_salt, sizeof(job.text_salt), job.text,
                       job.text_len, job.text_digest)) {
    problem_put(out, PROBLEM_INTERNAL, req->id, NULL);
    good = false;
  }
  if (good) store_it(req, out, &job);
  sj_wipe(&checked, sizeof(checked));
}
