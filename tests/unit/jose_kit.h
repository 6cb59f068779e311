// SPDX-License-Identifier: Apache-2.0
//
// jose_kit.h - signed texts for the tests of what verifies them: any header
// and any payload, signed by any key.
#ifndef SJ_TESTS_JOSE_KIT_H
#define SJ_TESTS_JOSE_KIT_H

#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/common/b64.h"
#include "../../tools/common/jwk.h"
#include "../../tools/common/jws.h"

/// base64url of a C string, behind what `out` holds.
static inline void kit_put(char *out, const char *text) {
  sj_b64_encode(text, strlen(text), out + strlen(out));
}

/// RSASSA over `input`; `pss` for PS256, else RS256.
static inline size_t
kit_rsa(EVP_PKEY *key, sj_part input, bool pss, uint8_t sig[512]) {
  size_t len = 512;
  EVP_PKEY_CTX *how = NULL;
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  if (EVP_DigestSignInit_ex(ctx, &how, "SHA256", NULL, NULL, key, NULL) != 1 ||
      (pss && (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
               EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32) != 1)) ||
      EVP_DigestSign(ctx, sig, &len, (const uint8_t *)input.text, input.len) !=
          1)
    abort();
  EVP_MD_CTX_free(ctx);
  return len;
}

/// A compact JWS in `out`; `alg` says how an RSA key signs.
static inline void kit_sign(EVP_PKEY *key,
                            sj_jws_alg alg,
                            const char *header,
                            const char *payload,
                            char *out) {
  uint8_t sig[512];
  size_t len = 64;
  out[0] = '\0';
  kit_put(out, header);
  strcat(out, ".");
  kit_put(out, payload);
  const sj_part input = {out, strlen(out)};
  if (sj_jwk_kind_of(key) == SJ_JWK_RSA)
    len = kit_rsa(key, input, alg == SJ_JWS_PS256, sig);
  else if (!sj_jws_sign(key, input, sig))
    abort();
  strcat(out, ".");
  sj_b64_encode(sig, len, out + strlen(out));
}

#endif // SJ_TESTS_JOSE_KIT_H
