// SPDX-License-Identifier: Apache-2.0
//
// gcm.c - see gcm.h.

#include "gcm.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "buffer.h"

static EVP_CIPHER_CTX *begin(const sj_gcm *gcm, size_t len, int seal) {
  int done = 0;
  EVP_CIPHER_CTX *ctx = NULL;
  if (len <= INT_MAX && gcm->aad_len <= INT_MAX) ctx = EVP_CIPHER_CTX_new();
  if (ctx == NULL) return NULL;
  // Twelve bytes of nonce are the cipher's own default.
  if (EVP_CipherInit_ex2(ctx, EVP_aes_256_gcm(), gcm->key, gcm->nonce, seal,
                         NULL) == 1 &&
      (gcm->aad_len == 0 ||
       EVP_CipherUpdate(ctx, NULL, &done, gcm->aad, (int)gcm->aad_len) == 1))
    return ctx;
  EVP_CIPHER_CTX_free(ctx);
  return NULL;
}

bool sj_gcm_seal(const sj_gcm *gcm,
                 const uint8_t *in,
                 size_t len,
                 uint8_t *out,
                 uint8_t tag[SJ_GCM_TAG]) {
  int done = 0;
  uint8_t rest[16];
  EVP_CIPHER_CTX *ctx = begin(gcm, len, 1);
  const bool good =
      ctx != NULL &&
      (len == 0 || (EVP_CipherUpdate(ctx, out, &done, in, (int)len) == 1 &&
                    (size_t)done == len)) &&
      EVP_CipherFinal_ex(ctx, rest, &done) == 1 && done == 0 &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SJ_GCM_TAG, tag) == 1;
  EVP_CIPHER_CTX_free(ctx);
  ERR_clear_error();
  return good;
}

bool sj_gcm_open(const sj_gcm *gcm,
                 const uint8_t *in,
                 size_t len,
                 const uint8_t tag[SJ_GCM_TAG],
                 uint8_t *out) {
  int done = 0;
  uint8_t rest[16];
  uint8_t want[SJ_GCM_TAG]; // the control takes no const
  memcpy(want, tag, sizeof(want));
  EVP_CIPHER_CTX *ctx = begin(gcm, len, 0);
  const bool good =
      ctx != NULL &&
      (len == 0 || (EVP_CipherUpdate(ctx, out, &done, in, (int)len) == 1 &&
                    (size_t)done == len)) &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SJ_GCM_TAG, want) == 1 &&
      EVP_CipherFinal_ex(ctx, rest, &done) == 1 && done == 0;
  if (!good) sj_memory_wipe(out, len);
  EVP_CIPHER_CTX_free(ctx);
  ERR_clear_error();
  return good;
}
