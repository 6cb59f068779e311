// SPDX-License-Identifier: Apache-2.0
//
// gcm.h - AES-256-GCM (NIST SP 800-38D) with a nonce of 12 bytes and a tag of
// 16, the one cipher in use.
#ifndef SJ_TOOLS_GCM_H
#define SJ_TOOLS_GCM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SJ_GCM_KEY = 32, SJ_GCM_NONCE = 12, SJ_GCM_TAG = 16 };

/// Key and nonce, and what is bound without being hidden.
typedef struct sj_gcm {
  const uint8_t *key;   ///< SJ_GCM_KEY bytes
  const uint8_t *nonce; ///< SJ_GCM_NONCE bytes, never twice under one key
  const void *aad;
  size_t aad_len;
} sj_gcm;

/// `len` bytes from `in` to `out`, at most INT_MAX.
bool sj_gcm_seal(const sj_gcm *gcm,
                 const uint8_t *in,
                 size_t len,
                 uint8_t *out,
                 uint8_t tag[SJ_GCM_TAG]);

/// False, and `out` all zero, where anything was changed.
bool sj_gcm_open(const sj_gcm *gcm,
                 const uint8_t *in,
                 size_t len,
                 const uint8_t tag[SJ_GCM_TAG],
                 uint8_t *out);

#endif // SJ_TOOLS_GCM_H
