// SPDX-License-Identifier: Apache-2.0
//
// jws.h - the compact form that JWS and JWE share, and signatures over it
// (RFC 7515, 7518 section 3, 8037).
#ifndef SJ_TOOLS_JWS_H
#define SJ_TOOLS_JWS_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_tree.h"

typedef enum sj_jws_alg {
  SJ_JWS_NONE, ///< also the answer for every name that is not below
  SJ_JWS_RS256,
  SJ_JWS_PS256,
  SJ_JWS_ES256,
  SJ_JWS_EDDSA
} sj_jws_alg;

enum { SJ_JWS_PARTS = 3, SJ_JWE_PARTS = 5, SJ_HEADER_MAX = 2048 };

/// A stretch between dots, as it is written.
typedef struct sj_part {
  const char *text;
  size_t len;
} sj_part;

/// Split into exactly `count` parts. False for more or fewer; the parts are
/// not decoded yet.
bool sj_compact_split(const char *text,
                      size_t len,
                      sj_part *parts,
                      size_t count);

/// Decode a part of at most SJ_HEADER_MAX bytes as a JSON object into the
/// arena. NULL where it is none.
const sj_json_node *sj_compact_header(sj_arena *arena, sj_part part);

/// The member of this name where it is a string; NULL otherwise.
const sj_json_node *sj_json_text(const sj_json_node *object, const char *key);
/// Whether an object's member is this very string.
bool sj_json_says(const sj_json_node *object,
                  const char *key,
                  const char *word);
/// Whether an object's members are these and no other. The list ends in NULL.
bool sj_json_exactly(const sj_json_node *object, const char *const *keys);

sj_jws_alg sj_jws_alg_of(const char *name, size_t len);

/// Whether the signature is the key's over `input`. The key must be of the
/// algorithm's type; ES256 and EdDSA signatures are 64 bytes.
bool sj_jws_verify(EVP_PKEY *key,
                   sj_jws_alg alg,
                   sj_part input,
                   const uint8_t *sig,
                   size_t sig_len);

/// Sign with P-256 (ES256) or Ed25519 (EdDSA).
bool sj_jws_sign(EVP_PKEY *key, sj_part input, uint8_t sig[64]);

#endif // SJ_TOOLS_JWS_H
