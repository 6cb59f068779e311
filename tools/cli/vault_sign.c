// SPDX-License-Identifier: Apache-2.0
//
// vault_sign.c - sign: the list becomes what pages and servers believe. Since
// list.json is a plain file, whoever holds the root passphrase is shown what
// has changed since the last signature before being asked for it.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/b64.h"
#include "../common/jwk.h"
#include "../common/jws.h"
#include "../common/roles.h"
#include "vault_ask.h"
#include "vault_folder.h"

enum { DAYS = 90, DAYS_MOST = 366, DAY = 24 * 60 * 60 };

static void print_roles(unsigned roles) {
  const char *before = "";
  for (unsigned bit = 1; bit <= ROLE_ALL; bit <<= 1) {
    if (!(roles & bit)) continue;
    printf("%s%s", before, sj_member_role_name(bit));
    before = ", ";
  }
}

static bool same_keys(const keylist_member *a, const keylist_member *b) {
  if ((a->uk == NULL) != (b->uk == NULL) || a->devices != b->devices ||
      (a->uk && EVP_PKEY_eq(a->uk, b->uk) != 1))
    return false;
  for (size_t i = 0; i < a->devices; i++)
    if (strcmp(a->device_kid[i], b->device_kid[i]) != 0) return false;
  return true;
}

static void print_keys(const keylist *old, const keylist *list) {
  static const char *const states[] = {"", "active", "accept", "retired"};
  for (size_t i = 0; i < list->vault_count; i++) {
    const keylist_vault *now = &list->vaults[i];
    const keylist_vault *was =
        old ? keylist_find_vault(old, now->kid, strlen(now->kid)) : NULL;
    if (!was)
      printf("  + key %s, %s\n", now->kid, states[now->state]);
    else if (was->state != now->state)
      printf("  ~ key %s, now %s\n", now->kid, states[now->state]);
  }
}

static void print_members(const keylist *old, const keylist *list) {
  for (size_t i = 0; i < list->member_count; i++) {
    const keylist_member *now = &list->members[i];
    const keylist_member *was = old ? keylist_find_member(old, now->sub) : NULL;
    const bool keys = was && !same_keys(was, now);
    if (was && !keys && was->roles == now->roles) continue;
    printf("  %s member %s: ", was ? "~" : "+", now->sub);
    print_roles(now->roles);
    printf("%s\n", keys ? "; other keys" : "");
  }
  for (size_t i = 0; old && i < old->member_count; i++)
    if (!keylist_find_member(list, old->members[i].sub))
      printf("  - member %s\n", old->members[i].sub);
}

// The list that was signed last; NULL where this is the first.
static sj_exit
read_last(const sj_vault *vault, const char *fingerprint, keylist **out) {
  char name[48];
  sj_buffer jws = {0};
  keylist_error error = {NULL, ""};
  *out = NULL;
  if (vault->list->serial == 1) return SJ_EXIT_OK;
  (void)snprintf(name, sizeof(name), "keylist-%lld.jws",
                 (long long)vault->list->serial - 1);
  sj_exit exit = sj_vault_read(vault, name, &jws);
  if (exit == SJ_EXIT_OK) {
    const keylist_status status = keylist_verify(jws.data, jws.len, fingerprint,
                                                 KEYLIST_EVER, out, &error);
    if (status != KEYLIST_OK) {
      sj_say_at((sj_place){.file = name}, keylist_status_text(status), NULL);
      exit = SJ_EXIT_INPUT;
    }
  }
  sj_buffer_free(&jws);
  return exit;
}

static sj_exit show_changes(const sj_vault *vault, const char *fingerprint) {
  keylist *old = NULL;
  sj_exit exit = read_last(vault, fingerprint, &old);
  const keylist_status status =
      exit == SJ_EXIT_OK ? keylist_follows(old, vault->list) : KEYLIST_OK;
  if (status != KEYLIST_OK) {
    sj_say_at((sj_place){.file = "list.json"}, keylist_status_text(status),
              NULL);
    exit = SJ_EXIT_INPUT;
  }
  if (exit == SJ_EXIT_OK) {
    printf("list %lld changes:\n", (long long)vault->list->serial);
    if (!old || EVP_PKEY_eq(old->recovery, vault->list->recovery) != 1)
      printf("  + recovery key %s\n", vault->list->recovery_kid);
    print_keys(old, vault->list);
    print_members(old, vault->list);
    (void)fflush(stdout); // before anybody is asked
  }
  keylist_free(old);
  return exit;
}

static void put_part(sj_buffer *out, const void *data, size_t len) {
  if (!sj_buffer_reserve(out, SJ_B64_ROOM(len))) return;
  sj_b64_encode(data, len, out->data + out->len);
  out->len += SJ_B64_ROOM(len) - 1;
}

static bool sign_list(EVP_PKEY *root, const keylist *list, sj_buffer *out) {
  char print[SJ_THUMBPRINT];
  uint8_t sig[64];
  sj_buffer header = {0};
  sj_buffer payload = {0};
  sj_buffer_put(&header, "{\"alg\":\"EdDSA\",\"jwk\":");
  bool good = sj_jwk_write(&header, root, false) &&
              sj_jwk_fingerprint(root, print) &&
              sj_vault_put_list(&payload, list);
  sj_buffer_put(&header, ",\"kid\":\"root:");
  sj_buffer_put(&header, print);
  sj_buffer_put(&header, "\",\"typ\":\"scrubjay-keylist+jws\"}");
  put_part(out, header.data, header.len);
  sj_buffer_put(out, ".");
  put_part(out, payload.data, payload.len);
  good = good && !header.failed && !out->failed &&
         sj_jws_sign(root, (sj_part){out->data, out->len}, sig);
  sj_buffer_put(out, ".");
  put_part(out, sig, sizeof(sig));
  sj_buffer_free(&header);
  sj_buffer_free(&payload);
  return good && !out->failed;
}

// What was signed is read back as a page would read it.
static sj_exit
write_signed(sj_vault *vault, EVP_PKEY *root, const char *fingerprint) {
  char name[48];
  sj_buffer jws = {0};
  keylist *back = NULL;
  keylist_error error = {NULL, ""};
  if (!sign_list(root, vault->list, &jws)) {
    sj_buffer_free(&jws);
    return sj_vault_failed();
  }
  const keylist_status status = keylist_verify(
      jws.data, jws.len, fingerprint, vault->list->issued, &back, &error);
  keylist_free(back);
  sj_exit exit = SJ_EXIT_INPUT;
  if (status == KEYLIST_OK) {
    (void)snprintf(name, sizeof(name), "keylist-%lld.jws",
                   (long long)vault->list->serial);
    sj_buffer_put(&jws, "\n");
    exit = sj_vault_write(vault, name, &jws);
  } else {
    sj_say(error.what ? error.what : keylist_status_text(status),
           error.pointer);
  }
  if (exit == SJ_EXIT_OK) {
    vault->list->serial++;
    exit = sj_vault_save(vault);
  }
  if (exit == SJ_EXIT_OK)
    printf("%s/%s: signed, for the server to publish\n", vault->folder, name);
  sj_buffer_free(&jws);
  return exit;
}

sj_exit sj_vault_sign(const sj_vault_options *options) {
  long days = DAYS;
  if (options->days) {
    char *end = NULL;
    days = strtol(options->days, &end, 10);
    if (*end || days < 1 || days > DAYS_MOST) {
      sj_say("--days wants a number from 1 to 366", options->days);
      return SJ_EXIT_USAGE;
    }
  }
  sj_vault vault;
  EVP_PKEY *root = NULL;
  sj_buffer fingerprint = {0};
  sj_exit exit = sj_vault_load(&vault, options->folder);
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_read(&vault, "root.fingerprint", &fingerprint);
  sj_buffer_add(&fingerprint, "", 1);
  if (exit == SJ_EXIT_OK && fingerprint.failed) exit = sj_vault_failed();
  if (exit == SJ_EXIT_OK) exit = show_changes(&vault, fingerprint.data);
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_ask_key(&vault, "root", options->passphrase_fd, &root);
  if (exit == SJ_EXIT_OK) {
    vault.list->issued = (int64_t)time(NULL);
    vault.list->not_after = vault.list->issued + (int64_t)days * DAY;
    exit = write_signed(&vault, root, fingerprint.data);
  }
  EVP_PKEY_free(root);
  sj_buffer_free(&fingerprint);
  sj_vault_close(&vault, exit == SJ_EXIT_OK);
  return exit;
}
