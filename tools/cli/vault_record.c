// SPDX-License-Identifier: Apache-2.0
//
// vault_record.c - see vault_record.h.

#include "vault_record.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdio.h>
#include <string.h>

#include "../common/b64.h"
#include "../common/json_write.h"
#include "../common/jws.h"

enum { HASH = 32, SALT = 16 };

static const sj_refusal FINE = {NULL, NULL};
static const sj_refusal FAILED = {"out of memory, or OpenSSL failed", NULL};

static sj_refusal refuse(const char *what, const char *where) {
  return (sj_refusal){what, where};
}

static sj_bytes bytes_of(const sj_json_node *node) {
  return (sj_bytes){node->text, node->len};
}

sj_refusal sj_vault_record_read(sj_arena *arena,
                                const char *json,
                                size_t len,
                                sj_vault_record *out) {
  const sj_json_node *root = NULL;
  *out = (sj_vault_record){.job = NULL};
  if (sj_json_tree_parse(arena, json, len, &root, NULL) != SJ_OK)
    return refuse("the record is no strict JSON", NULL);
  const sj_json_node *sealed = sj_json_tree_get(root, "vault");
  const struct {
    const char *name;
    const sj_json_node *object;
    const sj_json_node **slot;
  } owed[] = {{"job_id", root, &out->job},
              {"scrubbed_text", root, &out->text},
              {"text_salt", sealed, &out->salt},
              {"data", sealed, &out->data},
              {"sig", sealed, &out->sig}};
  for (size_t i = 0; i < sizeof(owed) / sizeof(owed[0]); i++) {
    *owed[i].slot = sj_json_text(owed[i].object, owed[i].name);
    if (!*owed[i].slot)
      return refuse("the record lacks a member", owed[i].name);
  }
  out->wraps = sj_json_tree_get(sealed, "wraps");
  if (!out->wraps || out->wraps->kind != SJ_JSON_ARRAY)
    return refuse("the record lacks a member", "wraps");
  const sj_json_node *share = sj_json_text(root, "share");
  if (!share || !sj_b64_exact(share->text, share->len, out->share, HASH))
    return refuse("the share is not 32 bytes of base64url", NULL);
  return FINE;
}

bool sj_vault_digest(sj_bytes a, sj_bytes b, char out[44]) {
  uint8_t digest[HASH];
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  const bool good = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
                    EVP_DigestUpdate(ctx, a.data, a.len) == 1 &&
                    EVP_DigestUpdate(ctx, b.data, b.len) == 1 &&
                    EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
  EVP_MD_CTX_free(ctx);
  if (good) sj_b64_encode(digest, HASH, out);
  return good;
}

static sj_refusal check_context(sj_arena *arena, sj_vault_record *record) {
  static const char *const keys[] = {"alg", "enc",    "typ",
                                     "ctx", "commit", NULL};
  static const char *const bound[] = {"fmt", "job", "sth", "sub", NULL};
  sj_part parts[SJ_JWE_PARTS];
  uint8_t salt[SALT];
  char sth[44];
  const sj_json_node *header = NULL;
  if (sj_compact_split(record->data->text, record->data->len, parts,
                       SJ_JWE_PARTS))
    header = sj_compact_header(arena, parts[0]);
  record->ctx = sj_json_tree_get(header, "ctx");
  record->commit = sj_json_text(header, "commit");
  const sj_json_node *fmt = sj_json_tree_get(record->ctx, "fmt");
  if (!sj_json_exactly(header, keys) || !record->commit ||
      !sj_json_says(header, "typ", "scrubjay-map+jwe") ||
      !sj_json_exactly(record->ctx, bound) || !fmt->is_integer ||
      fmt->integer != 1 || !sj_json_text(record->ctx, "sub"))
    return refuse("the record's data is no sealed map", NULL);
  if (!sj_json_says(record->ctx, "job", record->job->text))
    return refuse("the record is of another job", NULL);
  if (!sj_b64_exact(record->salt->text, record->salt->len, salt, SALT))
    return refuse("the salt is not 16 bytes of base64url", NULL);
  if (!sj_vault_digest((sj_bytes){salt, SALT}, bytes_of(record->text), sth))
    return FAILED;
  if (!sj_json_says(record->ctx, "sth", sth))
    return refuse("the scrubbed text is not the one that was sealed", NULL);
  return FINE;
}

void sj_vault_put_signed(sj_buffer *out,
                         const char *job,
                         const char *sth,
                         const char *sub,
                         const char *dh) {
  sj_buffer_put(out, "{\"ctx\":{\"fmt\":1,");
  sj_put_pair(out, "job", job);
  sj_put_pair(out, "sth", sth);
  sj_put_pair(out, "sub", sub);
  sj_put_end(out, '}');
  sj_buffer_put(out, ",");
  sj_put_pair(out, "dh", dh);
  sj_put_end(out, '}');
}

static bool verifies(const sj_vault_record *record,
                     const char *dh,
                     sj_part header,
                     EVP_PKEY *key,
                     const uint8_t sig[64]) {
  sj_buffer payload = {0};
  sj_buffer input = {0};
  sj_vault_put_signed(&payload, sj_json_text(record->ctx, "job")->text,
                      sj_json_text(record->ctx, "sth")->text,
                      sj_json_text(record->ctx, "sub")->text, dh);
  sj_buffer_add(&input, header.text, header.len);
  sj_buffer_put(&input, ".");
  if (!payload.failed && sj_buffer_reserve(&input, SJ_B64_ROOM(payload.len))) {
    sj_b64_encode(payload.data, payload.len, input.data + input.len);
    input.len += SJ_B64_ROOM(payload.len) - 1;
  }
  const bool good = !payload.failed && !input.failed &&
                    sj_jws_verify(key, SJ_JWS_ES256,
                                  (sj_part){input.data, input.len}, sig, 64);
  sj_buffer_free(&payload);
  sj_buffer_free(&input);
  return good;
}

static sj_refusal check_signature(sj_arena *arena,
                                  const keylist *list,
                                  const sj_vault_record *record,
                                  const char *dh) {
  static const char *const keys[] = {"alg", "kid", NULL};
  const char *sub = sj_json_text(record->ctx, "sub")->text;
  sj_part parts[SJ_JWS_PARTS];
  uint8_t sig[64];
  const sj_json_node *header = NULL;
  if (sj_compact_split(record->sig->text, record->sig->len, parts,
                       SJ_JWS_PARTS) &&
      parts[1].len == 0 &&
      sj_b64_exact(parts[2].text, parts[2].len, sig, sizeof(sig)))
    header = sj_compact_header(arena, parts[0]);
  const sj_json_node *kid = sj_json_text(header, "kid");
  EVP_PKEY *key = NULL;
  if (sj_json_exactly(header, keys) && sj_json_says(header, "alg", "ES256") &&
      kid)
    key = keylist_find_device(list, sub, kid->text, kid->len);
  if (!key) return refuse("not signed by a device of its submitter", NULL);
  return verifies(record, dh, parts[0], key, sig)
             ? FINE
             : refuse("the submitter's signature does not fit", NULL);
}

static sj_refusal choose_wrap(sj_arena *arena,
                              const keylist *list,
                              sj_vault_record *record,
                              const char *dh) {
  for (const sj_json_node *at = record->wraps->child; at; at = at->next) {
    sj_part parts[SJ_JWE_PARTS];
    if (at->kind != SJ_JSON_STRING ||
        !sj_compact_split(at->text, at->len, parts, SJ_JWE_PARTS))
      continue;
    const sj_json_node *header = sj_compact_header(arena, parts[0]);
    const sj_json_node *kid = sj_json_text(header, "kid");
    if (!kid || !sj_json_says(header, "dh", dh) ||
        !sj_json_says(header, "typ", "scrubjay-wrap+jwe"))
      continue;
    record->key = keylist_find_vault(list, kid->text, kid->len);
    record->wrap = at;
    if (record->key) return FINE;
  }
  return refuse("no wrap of this record is to a key of the list", NULL);
}

sj_refusal sj_vault_record_check(sj_arena *arena,
                                 const keylist *list,
                                 sj_vault_record *record) {
  char dh[44];
  sj_refusal refusal = check_context(arena, record);
  if (refusal.what) return refusal;
  if (!sj_vault_digest(bytes_of(record->data), (sj_bytes){"", 0}, dh))
    return FAILED;
  refusal = check_signature(arena, list, record, dh);
  return refusal.what ? refusal : choose_wrap(arena, list, record, dh);
}

bool sj_vault_hkdf(const uint8_t cek[32],
                   const uint8_t share[32],
                   const char *info,
                   uint8_t out[32]) {
  // Copies: the library's parameters lack a const, though it does not write.
  uint8_t secret[HASH];
  uint8_t salt[HASH];
  char digest[] = "SHA256";
  char label[32];
  memcpy(secret, cek, HASH);
  memcpy(salt, share, HASH);
  (void)snprintf(label, sizeof(label), "%s", info);
  const OSSL_PARAM params[] = {
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

static sj_refusal open_data(const sj_vault_record *record,
                            const uint8_t cek[32],
                            sj_buffer *out) {
  uint8_t key[HASH];
  char commit[44];
  if (!sj_vault_hkdf(cek, record->share, "scrubjay commit v1", key))
    return FAILED;
  sj_b64_encode(key, HASH, commit);
  if (strcmp(commit, record->commit->text) != 0)
    return refuse("the share is not this record's", NULL);
  if (!sj_vault_hkdf(cek, record->share, "scrubjay map v1", key)) return FAILED;
  const sj_jwe_status status =
      sj_jwe_open_direct(bytes_of(record->data), key, out);
  sj_memory_wipe(key, sizeof(key));
  return status == SJ_JWE_OK ? FINE
                             : refuse(sj_jwe_status_text(status), "data");
}

sj_refusal sj_vault_record_open(const sj_vault_record *record,
                                EVP_PKEY *secret,
                                sj_buffer *out) {
  sj_buffer cek = {0};
  sj_refusal refusal = FINE;
  const sj_jwe_status status =
      sj_jwe_open_key(bytes_of(record->wrap), secret, &cek);
  if (status != SJ_JWE_OK)
    refusal = refuse(sj_jwe_status_text(status), "wrap");
  else if (cek.len != HASH)
    refusal = refuse("no key of 32 bytes", "wrap");
  else
    refusal = open_data(record, (const uint8_t *)cek.data, out);
  sj_buffer_free(&cek);
  return refusal;
}
