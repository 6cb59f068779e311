// SPDX-License-Identifier: Apache-2.0
//
// vault_open.c - the way back when the people are gone, or their passphrases:
// a record, its share and the recovery key. Nothing is shown of a record that
// is not wholly right: list, signature, job, text, keys.

#include <dirent.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/b64.h"
#include "../common/files.h"
#include "../common/json_write.h"
#include "../common/jwk.h"
#include "../common/jws.h"
#include "vault_folder.h"

enum { RECORD_MOST = 1000000, HASH = 32, SALT = 16 };

typedef struct opening {
  sj_vault vault;
  sj_arena arena;
  const sj_json_node *record, *sealed; ///< the file, and its "vault"
  const sj_json_node *ctx;             ///< of the data's header
  const char *commit;
  const keylist_vault *key;
  sj_bytes data, wrap;
  uint8_t share[HASH], cek[HASH];
  sj_buffer map;
} opening;

static sj_exit refuse(const char *what, const char *where) {
  sj_say(what, where);
  return SJ_EXIT_INPUT;
}

static sj_exit check_text(const char *key, const sj_json_node *node) {
  return node ? SJ_EXIT_OK : refuse("the record lacks a member", key);
}

// The largest serial among keylist-N.jws.
static bool newest_list(const char *folder, char name[64]) {
  unsigned long long best = 0;
  DIR *dir = opendir(folder);
  if (!dir) return false;
  for (struct dirent *at = readdir(dir); at; at = readdir(dir)) {
    unsigned long long serial = 0;
    char end = '\0';
    if (sscanf(at->d_name, "keylist-%llu.jw%c", &serial, &end) == 2 &&
        end == 's' && serial > best)
      best = serial;
  }
  closedir(dir);
  (void)snprintf(name, 64, "keylist-%llu.jws", best);
  return best > 0;
}

// In the place of the list to come, the one that was signed. An expired one
// serves: this is the day when nothing else does.
static sj_exit load_list(opening *self, const sj_vault_options *options) {
  char name[64];
  sj_buffer jws = {0};
  sj_buffer print = {0};
  sj_exit exit = SJ_EXIT_OK;
  self->vault.folder = options->folder;
  if (options->keylist) {
    const int error = sj_file_read(options->keylist, KEYLIST_MAX, &jws);
    if (error != 0) sj_say_file(options->keylist, error, KEYLIST_MAX);
    exit = error == 0 ? SJ_EXIT_OK : SJ_EXIT_INPUT;
    while (jws.len > 0 && jws.data[jws.len - 1] == '\n')
      jws.len--;
  } else if (newest_list(options->folder, name)) {
    exit = sj_vault_read(&self->vault, name, &jws);
  } else {
    exit = refuse("the folder has no signed list", options->folder);
  }
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_read(&self->vault, "root.fingerprint", &print);
  sj_buffer_add(&print, "", 1);
  if (exit == SJ_EXIT_OK && !print.failed) {
    keylist_error error = {NULL, ""};
    keylist_status status =
        keylist_verify(jws.data, jws.len, print.data, (int64_t)time(NULL),
                       &self->vault.list, &error);
    if (status == KEYLIST_EXPIRED) {
      sj_say("the list has expired; it is used all the same", NULL);
      status = keylist_verify(jws.data, jws.len, print.data, KEYLIST_EVER,
                              &self->vault.list, &error);
    }
    if (status != KEYLIST_OK)
      exit = refuse(error.what ? error.what : keylist_status_text(status),
                    error.pointer);
  }
  sj_buffer_free(&jws);
  sj_buffer_free(&print);
  return exit;
}

static sj_exit load_record(opening *self, const char *file) {
  sj_buffer text = {0};
  sj_error error;
  const int failed = sj_file_read(file, RECORD_MOST, &text);
  if (failed != 0) {
    sj_say_file(file, failed, RECORD_MOST);
    return SJ_EXIT_INPUT;
  }
  const sj_status status = sj_json_tree_parse(&self->arena, text.data, text.len,
                                              &self->record, &error);
  sj_buffer_free(&text);
  if (status != SJ_OK) {
    sj_say_at((sj_place){.file = file, .byte = error.at + 1}, error.what, NULL);
    return SJ_EXIT_INPUT;
  }
  self->sealed = sj_json_tree_get(self->record, "vault");
  const sj_json_node *share = sj_json_text(self->record, "share");
  const sj_json_node *data = sj_json_text(self->sealed, "data");
  const sj_json_node *wraps = sj_json_tree_get(self->sealed, "wraps");
  const char *const owed[] = {"job_id", "scrubbed_text"};
  const char *const sealed[] = {"text_salt", "sig", "data"};
  for (size_t i = 0; i < 2; i++)
    if (check_text(owed[i], sj_json_text(self->record, owed[i])) != SJ_EXIT_OK)
      return SJ_EXIT_INPUT;
  for (size_t i = 0; i < 3; i++)
    if (check_text(sealed[i], sj_json_text(self->sealed, sealed[i])) !=
        SJ_EXIT_OK)
      return SJ_EXIT_INPUT;
  if (!wraps || wraps->kind != SJ_JSON_ARRAY || !wraps->child)
    return refuse("the record lacks a member", "wraps");
  if (!share || !sj_b64_exact(share->text, share->len, self->share, HASH))
    return refuse("the share is not 32 bytes of base64url", NULL);
  self->data = (sj_bytes){data->text, data->len};
  return SJ_EXIT_OK;
}

// ---- what the record is bound to ----

static bool hash(sj_bytes a, sj_bytes b, char out[SJ_B64_ROOM(HASH)]) {
  uint8_t digest[HASH];
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  const bool good = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
                    EVP_DigestUpdate(ctx, a.data, a.len) == 1 &&
                    EVP_DigestUpdate(ctx, b.data, b.len) == 1 &&
                    EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
  EVP_MD_CTX_free(ctx);
  sj_b64_encode(digest, HASH, out);
  return good;
}

static sj_exit check_context(opening *self) {
  static const char *const keys[] = {"alg", "enc",    "typ",
                                     "ctx", "commit", NULL};
  static const char *const bound[] = {"fmt", "job", "sth", "sub", NULL};
  sj_part parts[SJ_JWE_PARTS];
  uint8_t salt[SALT];
  char sth[SJ_B64_ROOM(HASH)];
  const sj_json_node *header = NULL;
  if (sj_compact_split(self->data.data, self->data.len, parts, SJ_JWE_PARTS))
    header = sj_compact_header(&self->arena, parts[0]);
  self->ctx = sj_json_tree_get(header, "ctx");
  const sj_json_node *commit = sj_json_text(header, "commit");
  const sj_json_node *fmt = sj_json_tree_get(self->ctx, "fmt");
  if (!header || !sj_json_exactly(header, keys) || !commit ||
      !sj_json_says(header, "typ", "scrubjay-map+jwe") ||
      !sj_json_exactly(self->ctx, bound) || !fmt->is_integer ||
      fmt->integer != 1 || !sj_json_text(self->ctx, "job") ||
      !sj_json_text(self->ctx, "sub"))
    return refuse("the record's data is no sealed map", NULL);
  self->commit = commit->text;
  if (!sj_json_says(self->ctx, "job",
                    sj_json_text(self->record, "job_id")->text))
    return refuse("the record is of another job", NULL);
  const sj_json_node *text = sj_json_text(self->record, "scrubbed_text");
  const sj_json_node *text_salt = sj_json_text(self->sealed, "text_salt");
  if (!sj_b64_exact(text_salt->text, text_salt->len, salt, SALT))
    return refuse("the salt is not 16 bytes of base64url", NULL);
  if (!hash((sj_bytes){salt, SALT}, (sj_bytes){text->text, text->len}, sth))
    return sj_vault_failed();
  if (!sj_json_says(self->ctx, "sth", sth))
    return refuse("the scrubbed text is not the one that was sealed", NULL);
  return SJ_EXIT_OK;
}

static sj_exit check_signature(opening *self) {
  const sj_json_node *sig = sj_json_text(self->sealed, "sig");
  const char *sub = sj_json_text(self->ctx, "sub")->text;
  sj_part parts[SJ_JWS_PARTS];
  uint8_t bytes[64];
  char dh[SJ_B64_ROOM(HASH)];
  const sj_json_node *header = NULL;
  if (sj_compact_split(sig->text, sig->len, parts, SJ_JWS_PARTS) &&
      parts[1].len == 0 &&
      sj_b64_exact(parts[2].text, parts[2].len, bytes, sizeof(bytes)))
    header = sj_compact_header(&self->arena, parts[0]);
  const sj_json_node *kid = header ? sj_json_text(header, "kid") : NULL;
  EVP_PKEY *key =
      kid && sj_json_says(header, "alg", "ES256")
          ? keylist_find_device(self->vault.list, sub, kid->text, kid->len)
          : NULL;
  if (!key) return refuse("not signed by a device of its submitter", sub);
  if (!hash(self->data, (sj_bytes){"", 0}, dh)) return sj_vault_failed();
  sj_buffer payload = {0};
  sj_buffer input = {0};
  sj_buffer_put(&payload, "{\"ctx\":{\"fmt\":1,");
  sj_put_pair(&payload, "job", sj_json_text(self->ctx, "job")->text);
  sj_put_pair(&payload, "sth", sj_json_text(self->ctx, "sth")->text);
  sj_put_pair(&payload, "sub", sub);
  sj_put_end(&payload, '}');
  sj_buffer_put(&payload, ",");
  sj_put_pair(&payload, "dh", dh);
  sj_put_end(&payload, '}');
  sj_buffer_add(&input, parts[0].text, parts[0].len);
  sj_buffer_put(&input, ".");
  if (!payload.failed && sj_buffer_reserve(&input, SJ_B64_ROOM(payload.len))) {
    sj_b64_encode(payload.data, payload.len, input.data + input.len);
    input.len += SJ_B64_ROOM(payload.len) - 1;
  }
  const bool good =
      !input.failed &&
      sj_jws_verify(key, SJ_JWS_ES256, (sj_part){input.data, input.len}, bytes,
                    sizeof(bytes));
  sj_buffer_free(&payload);
  sj_buffer_free(&input);
  return good ? SJ_EXIT_OK
              : refuse("the submitter's signature does not fit", sub);
}

// A wrap to a key of the list, of this very data.
static sj_exit choose_wrap(opening *self) {
  char dh[SJ_B64_ROOM(HASH)];
  if (!hash(self->data, (sj_bytes){"", 0}, dh)) return sj_vault_failed();
  const sj_json_node *wraps = sj_json_tree_get(self->sealed, "wraps");
  for (const sj_json_node *at = wraps->child; at; at = at->next) {
    sj_part parts[SJ_JWE_PARTS];
    if (at->kind != SJ_JSON_STRING ||
        !sj_compact_split(at->text, at->len, parts, SJ_JWE_PARTS))
      continue;
    const sj_json_node *header = sj_compact_header(&self->arena, parts[0]);
    const sj_json_node *kid = header ? sj_json_text(header, "kid") : NULL;
    if (!kid || !sj_json_says(header, "dh", dh) ||
        !sj_json_says(header, "typ", "scrubjay-wrap+jwe"))
      continue;
    self->key = keylist_find_vault(self->vault.list, kid->text, kid->len);
    self->wrap = (sj_bytes){at->text, at->len};
    if (self->key) return SJ_EXIT_OK;
  }
  return refuse("no wrap of this record is to a key of the list", NULL);
}

// ---- opening ----

static bool hkdf(const opening *self, const char *info, uint8_t out[HASH]) {
  // The library's parameters lack a const; it does not write.
  uint8_t secret[HASH];
  uint8_t salt[HASH];
  char digest[] = "SHA256";
  char label[32];
  memcpy(secret, self->cek, HASH);
  memcpy(salt, self->share, HASH);
  (void)snprintf(label, sizeof(label), "%s", info);
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret, HASH),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, HASH),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, label,
                                        strlen(label)),
      OSSL_PARAM_construct_end()};
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
  EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
  const bool good = ctx && EVP_KDF_derive(ctx, out, HASH, params) == 1;
  EVP_KDF_CTX_free(ctx);
  EVP_KDF_free(kdf);
  sj_memory_wipe(secret, sizeof(secret));
  sj_memory_wipe(salt, sizeof(salt));
  return good;
}

static sj_exit open_data(opening *self) {
  uint8_t key[HASH];
  char commit[SJ_B64_ROOM(HASH)];
  if (!hkdf(self, "scrubjay commit v1", key)) return sj_vault_failed();
  sj_b64_encode(key, HASH, commit);
  if (strcmp(commit, self->commit) != 0)
    return refuse("the share is not this record's", NULL);
  if (!hkdf(self, "scrubjay map v1", key)) return sj_vault_failed();
  const sj_jwe_status status = sj_jwe_open_direct(self->data, key, &self->map);
  sj_memory_wipe(key, sizeof(key));
  return status == SJ_JWE_OK ? SJ_EXIT_OK
                             : refuse(sj_jwe_status_text(status), "data");
}

static sj_exit open_record(opening *self, const char *fd) {
  EVP_PKEY *recovery = NULL;
  EVP_PKEY *secret = NULL;
  sj_buffer cek = {0};
  sj_exit exit = sj_vault_ask_key(&self->vault, "recovery", fd, &recovery);
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_key(&self->vault, self->key, recovery, &secret);
  if (exit == SJ_EXIT_OK) {
    const sj_jwe_status status = sj_jwe_open_key(self->wrap, secret, &cek);
    if (status != SJ_JWE_OK || cek.len != HASH)
      exit = refuse(status != SJ_JWE_OK ? sj_jwe_status_text(status)
                                        : "no key of 32 bytes",
                    "wrap");
    else
      memcpy(self->cek, cek.data, HASH);
  }
  if (exit == SJ_EXIT_OK) exit = open_data(self);
  sj_buffer_free(&cek);
  EVP_PKEY_free(recovery);
  EVP_PKEY_free(secret);
  return exit;
}

// {"p","o","t"} to the map that restore reads. False where it is no such map.
static bool write_map(sj_arena *arena, const sj_buffer *map, sj_buffer *out) {
  const sj_json_node *node = NULL;
  if (sj_json_tree_parse(arena, map->data, map->len, &node, NULL) != SJ_OK)
    return false;
  const sj_json_node *entities = sj_json_tree_get(node, "entities");
  if (!entities || entities->kind != SJ_JSON_ARRAY) return false;
  sj_buffer_put(out, "{\"format\":1,\"style\":\"numbered\",\"map\":[");
  for (const sj_json_node *at = entities->child; at; at = at->next) {
    const sj_json_node *p = sj_json_text(at, "p");
    const sj_json_node *t = sj_json_text(at, "t");
    const sj_json_node *o = sj_json_tree_get(at, "o");
    if (!p || !t || !o || o->kind != SJ_JSON_ARRAY) return false;
    sj_buffer_put(out, "{");
    sj_put_pair(out, "placeholder", p->text);
    sj_put_pair(out, "label", t->text);
    sj_buffer_put(out, "\"originals\":[");
    for (const sj_json_node *one = o->child; one; one = one->next) {
      if (one->kind != SJ_JSON_STRING) return false;
      sj_put_string(out, one->text, one->len);
      sj_buffer_put(out, ",");
    }
    sj_put_end(out, ']');
    sj_buffer_put(out, "},");
  }
  sj_put_end(out, ']');
  sj_buffer_put(out, "}\n");
  return !out->failed;
}

static sj_exit give(opening *self, const char *file) {
  sj_buffer text = {0};
  if (!write_map(&self->arena, &self->map, &text)) {
    sj_buffer_free(&text);
    return refuse("what was sealed is no map", NULL);
  }
  int error = 0;
  if (strcmp(file, "-") == 0) {
    sj_sink sink;
    error = sj_sink_open(&sink, NULL, 0);
    if (error == 0 && !sj_sink_write(&sink, text.data, text.len))
      error = sink.error;
  } else {
    error = sj_file_write_secret(file, text.data, text.len);
  }
  if (error != 0) sj_say_file(file, error, 0);
  sj_buffer_free(&text);
  return error == 0 ? SJ_EXIT_OK : SJ_EXIT_INTERNAL;
}

sj_exit sj_vault_open(const sj_vault_options *options) {
  if (!options->record || !options->output) {
    sj_say("open wants --record FILE and --output FILE", NULL);
    return SJ_EXIT_USAGE;
  }
  opening self = {.commit = NULL};
  sj_arena_init(&self.arena, (sj_allocator){0});
  sj_exit exit = load_list(&self, options);
  if (exit == SJ_EXIT_OK) exit = load_record(&self, options->record);
  if (exit == SJ_EXIT_OK) exit = check_context(&self);
  if (exit == SJ_EXIT_OK) exit = check_signature(&self);
  if (exit == SJ_EXIT_OK) exit = choose_wrap(&self);
  if (exit == SJ_EXIT_OK) exit = open_record(&self, options->passphrase_fd);
  if (exit == SJ_EXIT_OK) exit = give(&self, options->output);
  sj_buffer_free(&self.map);
  sj_memory_wipe(self.cek, sizeof(self.cek));
  sj_memory_wipe(self.share, sizeof(self.share));
  sj_arena_release(&self.arena);
  sj_vault_close(&self.vault, true);
  return exit;
}
