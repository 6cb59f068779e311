// SPDX-License-Identifier: Apache-2.0
//
// jws.c - see jws.h.

#include "jws.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "b64.h"
#include "jwk.h"

enum { HALF = 32, WHOLE = 64, DER_MOST = 80 };

bool sj_compact_split(const char *text,
                      size_t len,
                      sj_part *parts,
                      size_t count) {
  const char *end = text + len;
  for (size_t i = 0; i < count; i++) {
    const char *dot = memchr(text, '.', (size_t)(end - text));
    if ((dot == NULL) != (i + 1 == count)) return false;
    const char *stop = dot != NULL ? dot : end;
    parts[i] = (sj_part){text, (size_t)(stop - text)};
    text = dot != NULL ? dot + 1 : end;
  }
  return true;
}

const sj_json_node *sj_compact_header(sj_arena *arena, sj_part part) {
  uint8_t bytes[SJ_HEADER_MAX];
  size_t len = 0;
  const sj_json_node *node = NULL;
  if (!sj_b64_decode(part.text, part.len, bytes, sizeof(bytes), &len) ||
      sj_json_tree_parse(arena, (const char *)bytes, len, &node, NULL) != SJ_OK)
    return NULL;
  return node->kind == SJ_JSON_OBJECT ? node : NULL;
}

const sj_json_node *sj_json_text(const sj_json_node *object, const char *key) {
  const sj_json_node *at = sj_json_tree_get(object, key);
  return at != NULL && at->kind == SJ_JSON_STRING ? at : NULL;
}

bool sj_json_says(const sj_json_node *object,
                  const char *key,
                  const char *word) {
  const sj_json_node *at = sj_json_text(object, key);
  return at != NULL && strcmp(at->text, word) == 0;
}

bool sj_json_exactly(const sj_json_node *object, const char *const *keys) {
  if (object == NULL || object->kind != SJ_JSON_OBJECT) return false;
  size_t count = 0;
  for (; keys[count] != NULL; count++)
    if (sj_json_tree_get(object, keys[count]) == NULL) return false;
  return object->len == count; // the reader refuses a key twice
}

sj_jws_alg sj_jws_alg_of(const char *name, size_t len) {
  static const struct {
    const char *name;
    sj_jws_alg alg;
  } known[] = {{"RS256", SJ_JWS_RS256},
               {"PS256", SJ_JWS_PS256},
               {"ES256", SJ_JWS_ES256},
               {"EdDSA", SJ_JWS_EDDSA}};
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
    if (strlen(known[i].name) == len && memcmp(known[i].name, name, len) == 0)
      return known[i].alg;
  return SJ_JWS_NONE;
}

// JOSE writes r and s side by side, OpenSSL reads them as DER.
static int to_der(const uint8_t sig[WHOLE], uint8_t der[DER_MOST]) {
  ECDSA_SIG *pair = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(sig, HALF, NULL);
  BIGNUM *s = BN_bin2bn(sig + HALF, HALF, NULL);
  int len = -1;
  if (pair != NULL && r != NULL && s != NULL &&
      ECDSA_SIG_set0(pair, r, s) == 1) {
    r = s = NULL; // the pair's now
    uint8_t *at = der;
    len = i2d_ECDSA_SIG(pair, &at);
  }
  BN_free(r);
  BN_free(s);
  ECDSA_SIG_free(pair);
  return len;
}

static bool verify_with(EVP_PKEY *key,
                        sj_jws_alg alg,
                        sj_part input,
                        const uint8_t *sig,
                        size_t sig_len) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  EVP_PKEY_CTX *how = NULL; // the context's own
  const char *hash = alg == SJ_JWS_EDDSA ? NULL : "SHA256";
  bool good = ctx != NULL && EVP_DigestVerifyInit_ex(ctx, &how, hash, NULL,
                                                     NULL, key, NULL) == 1;
  if (alg == SJ_JWS_PS256) // RFC 7518 section 3.5: the salt is a hash long
    good = good &&
           EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1;
  good = good &&
         EVP_DigestVerify(ctx, sig, sig_len, (const unsigned char *)input.text,
                          input.len) == 1;
  EVP_MD_CTX_free(ctx);
  ERR_clear_error();
  return good;
}

bool sj_jws_verify(EVP_PKEY *key,
                   sj_jws_alg alg,
                   sj_part input,
                   const uint8_t *sig,
                   size_t sig_len) {
  const sj_jwk_kind kind = sj_jwk_kind_of(key);
  switch (alg) {
  case SJ_JWS_RS256:
  case SJ_JWS_PS256:
    return kind == SJ_JWK_RSA && sig_len == (size_t)EVP_PKEY_get_size(key) &&
           verify_with(key, alg, input, sig, sig_len);
  case SJ_JWS_ES256: {
    uint8_t der[DER_MOST];
    if (kind != SJ_JWK_P256 || sig_len != WHOLE) return false;
    const int len = to_der(sig, der);
    return len > 0 && verify_with(key, alg, input, der, (size_t)len);
  }
  case SJ_JWS_EDDSA:
    return kind == SJ_JWK_ED25519 && sig_len == WHOLE &&
           verify_with(key, alg, input, sig, sig_len);
  case SJ_JWS_NONE:
    break;
  }
  return false;
}

static bool from_der(const uint8_t *der, size_t len, uint8_t sig[WHOLE]) {
  ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
  if (pair == NULL) return false;
  const bool good =
      BN_bn2binpad(ECDSA_SIG_get0_r(pair), sig, HALF) == HALF &&
      BN_bn2binpad(ECDSA_SIG_get0_s(pair), sig + HALF, HALF) == HALF;
  ECDSA_SIG_free(pair);
  return good;
}

bool sj_jws_sign(EVP_PKEY *key, sj_part input, uint8_t sig[64]) {
  const sj_jwk_kind kind = sj_jwk_kind_of(key);
  if (kind != SJ_JWK_P256 && kind != SJ_JWK_ED25519) return false;
  uint8_t made[DER_MOST];
  size_t len = sizeof(made);
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  bool good =
      ctx != NULL &&
      EVP_DigestSignInit_ex(ctx, NULL, kind == SJ_JWK_P256 ? "SHA256" : NULL,
                            NULL, NULL, key, NULL) == 1 &&
      EVP_DigestSign(ctx, made, &len, (const unsigned char *)input.text,
                     input.len) == 1;
  EVP_MD_CTX_free(ctx);
  if (good && kind == SJ_JWK_P256) good = from_der(made, len, sig);
  if (good && kind == SJ_JWK_ED25519) {
    good = len == WHOLE;
    if (good) memcpy(sig, made, WHOLE);
  }
  ERR_clear_error();
  return good;
}
