// SPDX-License-Identifier: Apache-2.0
//
// vault_folder.c - see vault_folder.h.

#include "vault_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../common/files.h"
#include "../common/json_write.h"
#include "../common/jwk.h"
#include "../common/jws.h"
#include "../common/roles.h"
#include "vault_ask.h"

sj_exit sj_vault_failed(void) {
  sj_say("out of memory, or OpenSSL failed", NULL);
  return SJ_EXIT_INTERNAL;
}

static char *path_of(const sj_vault *vault, const char *name) {
  const size_t size = strlen(vault->folder) + strlen(name) + 2;
  char *path = malloc(size);
  if (path) (void)snprintf(path, size, "%s/%s", vault->folder, name);
  return path;
}

sj_exit sj_vault_read(const sj_vault *vault, const char *name, sj_buffer *out) {
  char *path = path_of(vault, name);
  if (!path) return sj_vault_failed();
  const int error = sj_file_read(path, KEYLIST_MAX, out);
  if (error != 0) sj_say_file(path, error, KEYLIST_MAX);
  free(path);
  while (error == 0 && out->len > 0 && out->data[out->len - 1] == '\n')
    out->len--;
  return error == 0 ? SJ_EXIT_OK : SJ_EXIT_INPUT;
}

sj_exit
sj_vault_write(sj_vault *vault, const char *name, const sj_buffer *data) {
  char *path = path_of(vault, name);
  if (!path || data->failed || vault->made_count == SJ_VAULT_NEW) {
    free(path);
    return sj_vault_failed();
  }
  const int error = sj_file_write_secret(path, data->data, data->len);
  if (error != 0) {
    sj_say_file(path, error, 0);
    free(path);
    return error == EEXIST ? SJ_EXIT_INPUT : SJ_EXIT_INTERNAL;
  }
  vault->made[vault->made_count++] = path;
  return SJ_EXIT_OK;
}

sj_exit sj_vault_load(sj_vault *vault, const char *folder) {
  *vault = (sj_vault){.folder = folder};
  sj_buffer text = {0};
  sj_exit exit = sj_vault_read(vault, "list.json", &text);
  keylist_error error;
  keylist_status status = KEYLIST_OK;
  if (exit == SJ_EXIT_OK)
    status = keylist_read(text.data, text.len, &vault->list, &error);
  if (status != KEYLIST_OK) {
    sj_say_at((sj_place){.file = "list.json"},
              error.what ? error.what : keylist_status_text(status),
              error.pointer);
    exit = SJ_EXIT_INPUT;
  }
  sj_buffer_free(&text);
  return exit;
}

void sj_vault_close(sj_vault *vault, bool keep) {
  for (size_t i = 0; i < vault->made_count; i++) {
    if (!keep) (void)unlink(vault->made[i]);
    free(vault->made[i]);
  }
  keylist_free(vault->list);
  *vault = (sj_vault){.folder = NULL};
}

// ---- the list as JSON ----

static void put_time(sj_buffer *out, const char *key, int64_t when) {
  const time_t seconds = (time_t)when;
  struct tm tm;
  char text[40] = "";
  if (gmtime_r(&seconds, &tm))
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
  sj_put_pair(out, key, text);
}

static void put_key(sj_buffer *out, const char *name, EVP_PKEY *key) {
  sj_buffer_put(out, name);
  if (!key)
    sj_buffer_put(out, "null");
  else if (!sj_jwk_write(out, key, false))
    out->failed = true;
}

static void put_member(sj_buffer *out, const keylist_member *member) {
  sj_buffer_put(out, "{");
  sj_put_pair(out, "sub", member->sub);
  sj_buffer_put(out, "\"roles\":[");
  for (unsigned bit = 1; bit <= ROLE_ALL; bit <<= 1) {
    if (!(member->roles & bit)) continue;
    sj_put_string(out, sj_member_role_name(bit),
                  strlen(sj_member_role_name(bit)));
    sj_buffer_put(out, ",");
  }
  sj_put_end(out, ']');
  put_key(out, ",\"uk\":", member->uk);
  sj_buffer_put(out, ",\"device\":[");
  for (size_t i = 0; i < member->devices; i++)
    put_key(out, i > 0 ? "," : "", member->device[i]);
  sj_buffer_put(out, "]},");
}

/// The payload of the list.
static void put_list(sj_buffer *out, const keylist *list) {
  static const char *const states[] = {"", "active", "accept", "retired"};
  sj_buffer_put(out, "{\"v\":1,");
  sj_put_count(out, "serial", (uint64_t)list->serial);
  put_time(out, "issued", list->issued);
  put_time(out, "not_after", list->not_after);
  sj_buffer_put(out, "\"vault\":[");
  for (size_t i = 0; i < list->vault_count; i++) {
    sj_buffer_put(out, "{");
    sj_put_pair(out, "kid", list->vaults[i].kid);
    sj_put_pair(out, "state", states[list->vaults[i].state]);
    put_key(out, "\"jwk\":", list->vaults[i].key);
    sj_buffer_put(out, "},");
  }
  sj_put_end(out, ']');
  sj_buffer_put(out, ",\"recovery\":{");
  sj_put_pair(out, "kid", list->recovery_kid);
  put_key(out, "\"jwk\":", list->recovery);
  sj_buffer_put(out, "},\"members\":[");
  for (size_t i = 0; i < list->member_count; i++)
    put_member(out, &list->members[i]);
  sj_put_end(out, ']');
  sj_buffer_put(out, "}");
}

bool sj_vault_put_list(sj_buffer *out, const keylist *list) {
  put_list(out, list);
  return !out->failed;
}

sj_exit sj_vault_save(sj_vault *vault) {
  sj_buffer text = {0};
  sj_sink sink = {.fd = -1};
  char *path = path_of(vault, "list.json");
  sj_exit exit = SJ_EXIT_INTERNAL;
  if (!path || !sj_vault_put_list(&text, vault->list)) {
    exit = sj_vault_failed();
  } else {
    sj_buffer_put(&text, "\n");
    int error = sj_sink_open(&sink, path, 0600);
    if (error == 0) {
      if (sj_sink_write(&sink, text.data, text.len) && fsync(sink.fd) != 0)
        sink.error = errno;
      error = sj_sink_close(&sink, true);
    }
    if (error != 0) sj_say_file(path, error, 0);
    exit = error == 0 ? SJ_EXIT_OK : SJ_EXIT_INTERNAL;
  }
  free(path);
  sj_buffer_free(&text);
  return exit;
}

// ---- keys ----

sj_exit sj_vault_seal_passphrase(EVP_PKEY *key,
                                 const char *passphrase,
                                 const char *kid,
                                 sj_buffer *out) {
  sj_buffer jwk = {0};
  const bool good =
      sj_jwk_write(&jwk, key, true) && !jwk.failed &&
      sj_jwe_seal_passphrase((sj_bytes){jwk.data, jwk.len},
                             (sj_bytes){passphrase, strlen(passphrase)}, kid,
                             out) == SJ_JWE_OK;
  sj_buffer_free(&jwk);
  return good ? SJ_EXIT_OK : sj_vault_failed();
}

sj_exit
sj_vault_seal_to(EVP_PKEY *key, EVP_PKEY *to, const char *kid, sj_buffer *out) {
  sj_buffer jwk = {0};
  const bool good = sj_jwk_write(&jwk, key, true) && !jwk.failed &&
                    sj_jwe_seal_key((sj_bytes){jwk.data, jwk.len}, to, kid, "",
                                    out) == SJ_JWE_OK;
  sj_buffer_free(&jwk);
  return good ? SJ_EXIT_OK : sj_vault_failed();
}

static EVP_PKEY *read_private(const sj_buffer *json) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *node = NULL;
  EVP_PKEY *key = NULL;
  if (sj_json_tree_parse(&arena, json->data, json->len, &node, NULL) == SJ_OK)
    key = sj_jwk_read_private(node);
  sj_arena_release(&arena); // wipes
  return key;
}

sj_exit sj_vault_ask_key(const sj_vault *vault,
                         const char *whose,
                         const char *fd,
                         EVP_PKEY **out) {
  char name[32];
  sj_buffer jwe = {0};
  sj_buffer passphrase = {0};
  sj_buffer jwk = {0};
  *out = NULL;
  (void)snprintf(name, sizeof(name), "%s.key", whose);
  sj_exit exit = sj_vault_read(vault, name, &jwe);
  if (exit == SJ_EXIT_OK && !sj_passphrase_ask(whose, fd, &passphrase))
    exit = SJ_EXIT_INPUT;
  if (exit == SJ_EXIT_OK) {
    const sj_jwe_status status = sj_jwe_open_passphrase(
        (sj_bytes){jwe.data, jwe.len},
        (sj_bytes){passphrase.data, passphrase.len}, &jwk);
    if (status == SJ_JWE_OK) *out = read_private(&jwk);
    if (!*out) {
      sj_say_at((sj_place){.file = name},
                status == SJ_JWE_OK ? "no private key inside"
                                    : sj_jwe_status_text(status),
                NULL);
      exit = SJ_EXIT_INPUT;
    }
  }
  sj_buffer_free(&jwe);
  sj_buffer_free(&passphrase);
  sj_buffer_free(&jwk);
  return exit;
}

sj_exit sj_vault_key(const sj_vault *vault,
                     const keylist_vault *which,
                     EVP_PKEY *recovery,
                     EVP_PKEY **out) {
  char name[KEYLIST_KID + 8];
  sj_buffer jwe = {0};
  sj_buffer jwk = {0};
  *out = NULL;
  (void)snprintf(name, sizeof(name), "%s.key", which->kid);
  for (char *at = name; *at; at++)
    if (*at == ':') *at = '-';
  sj_exit exit = sj_vault_read(vault, name, &jwe);
  if (exit == SJ_EXIT_OK) {
    const sj_jwe_status status =
        sj_jwe_open_key((sj_bytes){jwe.data, jwe.len}, recovery, &jwk);
    if (status == SJ_JWE_OK) *out = read_private(&jwk);
    if (*out && EVP_PKEY_eq(*out, which->key) != 1) {
      EVP_PKEY_free(*out);
      *out = NULL;
    }
    if (!*out) {
      sj_say_at((sj_place){.file = name},
                status == SJ_JWE_OK ? "not the key that the list names"
                                    : sj_jwe_status_text(status),
                NULL);
      exit = SJ_EXIT_INPUT;
    }
  }
  sj_buffer_free(&jwe);
  sj_buffer_free(&jwk);
  return exit;
}

void sj_vault_put_line(sj_buffer *out,
                       const char *sub,
                       const char *slot,
                       const sj_buffer *jwe) {
  sj_buffer_put(out, "{");
  sj_put_pair(out, "sub", sub);
  sj_put_pair(out, "slot", slot);
  sj_buffer_put(out, "\"jwe\":");
  sj_put_string(out, jwe->data, jwe->len);
  sj_buffer_put(out, "}\n");
  out->failed = out->failed || jwe->failed;
}
