// SPDX-License-Identifier: Apache-2.0
//
// sha256.h - SHA-256 (FIPS 180-4) and HMAC over it (RFC 2104).
#ifndef SJ_BASE_SHA256_H
#define SJ_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SJ_SHA256_BYTES = 32, SJ_SHA256_BLOCK = 64 };

typedef struct sj_sha256 {
  uint32_t state[8];
  uint64_t count; ///< bytes taken so far
  uint8_t block[SJ_SHA256_BLOCK];
} sj_sha256;

void sj_sha256_start(sj_sha256 *sha);
void sj_sha256_add(sj_sha256 *sha, const void *bytes, size_t len);
/// Writes the digest and wipes what was kept of the input.
void sj_sha256_end(sj_sha256 *sha, uint8_t out[SJ_SHA256_BYTES]);

/// A keyed hash, fed piece by piece.
typedef struct sj_hmac {
  sj_sha256 inner, outer;
} sj_hmac;

void sj_hmac_start(sj_hmac *hmac, const void *key, size_t len);
void sj_hmac_add(sj_hmac *hmac, const void *bytes, size_t len);
/// Writes the code and wipes the key.
void sj_hmac_end(sj_hmac *hmac, uint8_t out[SJ_SHA256_BYTES]);

#endif // SJ_BASE_SHA256_H
