// SPDX-License-Identifier: Apache-2.0
//
// vault_jwe.h - compact JWE (RFC 7516) in the three forms that the vault has,
// each with A256GCM: `dir`, ECDH-ES+A256KW on P-256, PBES2-HS512+A256KW. What
// the page's `jose` seals opens here and the other way round.
#ifndef SJ_CLI_VAULT_JWE_H
#define SJ_CLI_VAULT_JWE_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/buffer.h"

enum {
  SJ_JWE_ROUNDS = 600000,
  SJ_JWE_ROUNDS_MOST = 10000000,
  SJ_JWE_KEY = 32, ///< bytes of every key
  SJ_JWE_MOST = 1 << 20
};

typedef enum sj_jwe_status {
  SJ_JWE_OK,
  SJ_JWE_FORM,    ///< no JWE of the form that was asked for
  SJ_JWE_WEAK,    ///< PBES2 with fewer or more rounds than are taken
  SJ_JWE_REFUSED, ///< another key or passphrase, or something was changed
  SJ_JWE_FAILED   ///< memory, or OpenSSL
} sj_jwe_status;

/// Bytes that are borrowed.
typedef struct sj_bytes {
  const void *data;
  size_t len;
} sj_bytes;

/// Seal to a passphrase, behind what `out` holds. `kid` names the key inside.
sj_jwe_status sj_jwe_seal_passphrase(sj_bytes payload,
                                     sj_bytes passphrase,
                                     const char *kid,
                                     sj_buffer *out);

/// Seal to a P-256 key. `kid` is of `to`; `more` is JSON that the header gets
/// besides, such as `,"typ":"x"`, or "".
sj_jwe_status sj_jwe_seal_key(sj_bytes payload,
                              EVP_PKEY *to,
                              const char *kid,
                              const char *more,
                              sj_buffer *out);

/// Seal with a key of 32 bytes under this header.
sj_jwe_status sj_jwe_seal_direct(sj_bytes payload,
                                 const uint8_t key[SJ_JWE_KEY],
                                 const char *header,
                                 sj_buffer *out);

/// Open, behind what `out` holds, which the caller wipes.
sj_jwe_status
sj_jwe_open_passphrase(sj_bytes jwe, sj_bytes passphrase, sj_buffer *out);
sj_jwe_status sj_jwe_open_key(sj_bytes jwe, EVP_PKEY *key, sj_buffer *out);
sj_jwe_status
sj_jwe_open_direct(sj_bytes jwe, const uint8_t key[SJ_JWE_KEY], sj_buffer *out);

const char *sj_jwe_status_text(sj_jwe_status status);

// The steps, for the vectors of the standards.

/// AES-256 key wrap, RFC 3394: `len` bytes become 8 more, or 8 fewer.
bool sj_kw_wrap(const uint8_t kek[32], sj_bytes in, uint8_t *out);
bool sj_kw_unwrap(const uint8_t kek[32], sj_bytes in, uint8_t *out);

/// The shared x of two P-256 keys.
bool sj_ecdh(EVP_PKEY *mine, EVP_PKEY *theirs, uint8_t z[32]);

/// Concat KDF of RFC 7518 section 4.6.2, at most one hash long.
typedef struct sj_concat {
  const char *algorithm;
  sj_bytes apu, apv;
  uint32_t bits;
} sj_concat;
bool sj_concat_kdf(const uint8_t z[32], const sj_concat *how, uint8_t *out);

/// The key of a passphrase, RFC 7518 section 4.8.1.1.
bool sj_pbes2_key(sj_bytes passphrase,
                  sj_bytes p2s,
                  unsigned rounds,
                  uint8_t kek[32]);

#endif // SJ_CLI_VAULT_JWE_H
