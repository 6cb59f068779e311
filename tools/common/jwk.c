// SPDX-License-Identifier: Apache-2.0
//
// jwk.c - see jwk.h.

#include "jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <string.h>

#include "b64.h"

enum { FIELD = 32, POINT = 65, RSA_MOST = 512 };

static bool is(const sj_json_node *node, const char *key, const char *word) {
  const sj_json_node *at = sj_json_tree_get(node, key);
  return at != NULL && at->kind == SJ_JSON_STRING &&
         strcmp(at->text, word) == 0;
}

static bool
field(const sj_json_node *node, const char *key, uint8_t out[FIELD]) {
  const sj_json_node *at = sj_json_tree_get(node, key);
  return at != NULL && at->kind == SJ_JSON_STRING &&
         sj_b64_exact(at->text, at->len, out, FIELD);
}

// The builder's parameters to a key; the builder is freed.
static EVP_PKEY *
from_data(const char *type, int selection, OSSL_PARAM_BLD *builder) {
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  EVP_PKEY *key = NULL;
  if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
      EVP_PKEY_fromdata(ctx, &key, selection, params) != 1)
    key = NULL;
  EVP_PKEY_CTX_free(ctx);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(builder);
  return key;
}

static EVP_PKEY *checked(EVP_PKEY *key, bool with_private) {
  EVP_PKEY_CTX *ctx = key ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
  const bool good =
      ctx != NULL && (with_private ? EVP_PKEY_check(ctx) == 1
                                   : EVP_PKEY_public_check(ctx) == 1);
  EVP_PKEY_CTX_free(ctx);
  if (!good) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  ERR_clear_error();
  return key;
}

static EVP_PKEY *read_p256(const sj_json_node *node, bool with_private) {
  uint8_t point[POINT] = {4}; // uncompressed
  uint8_t secret[FIELD];
  if (!field(node, "x", point + 1) || !field(node, "y", point + 1 + FIELD) ||
      (with_private && !field(node, "d", secret)))
    return NULL;
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  BIGNUM *d = with_private ? BN_secure_new() : NULL;
  bool good = builder != NULL;
  good = good && OSSL_PARAM_BLD_push_utf8_string(
                     builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1;
  good = good && OSSL_PARAM_BLD_push_octet_string(
                     builder, OSSL_PKEY_PARAM_PUB_KEY, point, POINT) == 1;
  if (with_private)
    good = good && d != NULL && BN_bin2bn(secret, FIELD, d) != NULL &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1;
  EVP_PKEY *key = NULL;
  if (good)
    key = from_data("EC", with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                    builder);
  else
    OSSL_PARAM_BLD_free(builder);
  BN_clear_free(d);
  if (with_private) sj_memory_wipe(secret, sizeof(secret));
  return checked(key, with_private);
}

static EVP_PKEY *read_ed25519(const sj_json_node *node, bool with_private) {
  uint8_t raw[FIELD];
  uint8_t secret[FIELD];
  uint8_t found[FIELD];
  size_t len = sizeof(found);
  if (!field(node, "x", raw)) return NULL;
  if (!with_private)
    return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, raw, FIELD);
  if (!field(node, "d", secret)) return NULL;
  EVP_PKEY *key =
      EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, secret, FIELD);
  sj_memory_wipe(secret, sizeof(secret));
  if (key != NULL && (EVP_PKEY_get_raw_public_key(key, found, &len) != 1 ||
                      memcmp(found, raw, FIELD) != 0)) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  return key;
}

static BIGNUM *number(const sj_json_node *node, const char *key) {
  uint8_t bytes[RSA_MOST];
  size_t len = 0;
  const sj_json_node *at = sj_json_tree_get(node, key);
  if (at == NULL || at->kind != SJ_JSON_STRING ||
      !sj_b64_decode(at->text, at->len, bytes, sizeof(bytes), &len))
    return NULL;
  return BN_bin2bn(bytes, (int)len, NULL);
}

static EVP_PKEY *read_rsa(const sj_json_node *node) {
  BIGNUM *n = number(node, "n");
  BIGNUM *e = number(node, "e");
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  // An exponent below 65537 has had too many attacks to be taken.
  const bool good = n != NULL && e != NULL && builder != NULL &&
                    BN_num_bits(n) >= 2048 && BN_num_bits(n) <= 4096 &&
                    BN_is_odd(n) && BN_is_odd(e) && BN_num_bits(e) >= 17 &&
                    BN_num_bits(e) <= 64 &&
                    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
                    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
  EVP_PKEY *key = NULL;
  if (good)
    key = from_data("RSA", EVP_PKEY_PUBLIC_KEY, builder);
  else
    OSSL_PARAM_BLD_free(builder);
  BN_free(n);
  BN_free(e);
  ERR_clear_error();
  return key;
}

EVP_PKEY *sj_jwk_read(const sj_json_node *node) {
  if (sj_json_tree_get(node, "d") != NULL) return NULL;
  EVP_PKEY *key = NULL;
  if (is(node, "kty", "EC") && is(node, "crv", "P-256"))
    key = read_p256(node, false);
  else if (is(node, "kty", "OKP") && is(node, "crv", "Ed25519"))
    key = read_ed25519(node, false);
  else if (is(node, "kty", "RSA"))
    key = read_rsa(node);
  ERR_clear_error();
  return key;
}

EVP_PKEY *sj_jwk_read_private(const sj_json_node *node) {
  EVP_PKEY *key = NULL;
  if (is(node, "kty", "EC") && is(node, "crv", "P-256"))
    key = read_p256(node, true);
  else if (is(node, "kty", "OKP") && is(node, "crv", "Ed25519"))
    key = read_ed25519(node, true);
  ERR_clear_error();
  return key;
}

sj_jwk_kind sj_jwk_kind_of(const EVP_PKEY *key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return SJ_JWK_ED25519;
  if (EVP_PKEY_is_a(key, "RSA")) return SJ_JWK_RSA;
  char group[32];
  if (EVP_PKEY_is_a(key, "EC") &&
      EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
      strcmp(group, "prime256v1") == 0)
    return SJ_JWK_P256;
  return SJ_JWK_NONE;
}

EVP_PKEY *sj_jwk_generate(sj_jwk_kind kind) {
  if (kind == SJ_JWK_P256) return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
  if (kind == SJ_JWK_ED25519) return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  return NULL;
}

static void
put_field(sj_buffer *out, const char *before, const uint8_t bytes[FIELD]) {
  char text[SJ_B64_ROOM(FIELD)];
  sj_b64_encode(bytes, FIELD, text);
  sj_buffer_put(out, before);
  sj_buffer_put(out, text);
  sj_memory_wipe(text, sizeof(text));
}

static bool write_p256(sj_buffer *out, const EVP_PKEY *key, bool secret) {
  uint8_t point[POINT];
  uint8_t d[FIELD];
  size_t len = 0;
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point,
                                      sizeof(point), &len) != 1 ||
      len != POINT || point[0] != 4)
    return false;
  sj_buffer_put(out, "{\"crv\":\"P-256\",\"kty\":\"EC\"");
  put_field(out, ",\"x\":\"", point + 1);
  put_field(out, "\",\"y\":\"", point + 1 + FIELD);
  bool good = true;
  if (secret) {
    BIGNUM *number = NULL;
    good = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
           BN_bn2binpad(number, d, FIELD) == FIELD;
    if (good) put_field(out, "\",\"d\":\"", d);
    BN_clear_free(number);
    sj_memory_wipe(d, sizeof(d));
  }
  sj_buffer_put(out, "\"}");
  return good;
}

static bool write_ed25519(sj_buffer *out, const EVP_PKEY *key, bool secret) {
  uint8_t raw[FIELD];
  size_t len = sizeof(raw);
  if (EVP_PKEY_get_raw_public_key(key, raw, &len) != 1 || len != FIELD)
    return false;
  sj_buffer_put(out, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\"");
  put_field(out, ",\"x\":\"", raw);
  bool good = true;
  if (secret) {
    good = EVP_PKEY_get_raw_private_key(key, raw, &len) == 1 && len == FIELD;
    if (good) put_field(out, "\",\"d\":\"", raw);
    sj_memory_wipe(raw, sizeof(raw));
  }
  sj_buffer_put(out, "\"}");
  return good;
}

bool sj_jwk_write(sj_buffer *out, const EVP_PKEY *key, bool with_private) {
  const sj_jwk_kind kind = sj_jwk_kind_of(key);
  if (kind == SJ_JWK_P256) return write_p256(out, key, with_private);
  return kind == SJ_JWK_ED25519 && write_ed25519(out, key, with_private);
}

static void digest_name(const void *data, size_t len, char out[SJ_THUMBPRINT]) {
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(data, len, digest);
  sj_b64_encode(digest, sizeof(digest), out);
}

bool sj_jwk_thumbprint(const EVP_PKEY *key, char out[SJ_THUMBPRINT]) {
  sj_buffer text = {0};
  const bool good = sj_jwk_write(&text, key, false) && !text.failed;
  if (good) digest_name(text.data, text.len, out);
  sj_buffer_free(&text);
  return good;
}

bool sj_jwk_fingerprint(const EVP_PKEY *key, char out[SJ_THUMBPRINT]) {
  uint8_t raw[FIELD];
  size_t len = sizeof(raw);
  if (sj_jwk_kind_of(key) != SJ_JWK_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, raw, &len) != 1)
    return false;
  digest_name(raw, FIELD, out);
  return true;
}
