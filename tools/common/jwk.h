// SPDX-License-Identifier: Apache-2.0
//
// jwk.h - keys as JSON (RFC 7517, 7518, 8037) and as OpenSSL's objects: EC
// P-256, OKP Ed25519, and RSA for tokens of others. A key is checked when it
// is read: on the curve, of a sane size.
#ifndef SJ_TOOLS_JWK_H
#define SJ_TOOLS_JWK_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "base/json_tree.h"
#include "buffer.h"

typedef enum sj_jwk_kind {
  SJ_JWK_NONE,
  SJ_JWK_P256,
  SJ_JWK_ED25519,
  SJ_JWK_RSA ///< 2048 to 4096 bits
} sj_jwk_kind;

enum { SJ_THUMBPRINT = 44 }; ///< characters, with the NUL

/// A public key; NULL where the object is none of ours, or holds a private
/// part. Other members are passed over. Free it with EVP_PKEY_free().
EVP_PKEY *sj_jwk_read(const sj_json_node *node);

/// A P-256 or Ed25519 key with its private part, which fits the public one.
EVP_PKEY *sj_jwk_read_private(const sj_json_node *node);

sj_jwk_kind sj_jwk_kind_of(const EVP_PKEY *key);

/// A new P-256 or Ed25519 key; NULL where OpenSSL fails.
EVP_PKEY *sj_jwk_generate(sj_jwk_kind kind);

/// Write a P-256 or Ed25519 key with its members in the order of RFC 7638 and
/// `d` last. False where OpenSSL fails.
bool sj_jwk_write(sj_buffer *out, const EVP_PKEY *key, bool with_private);

/// The name of a P-256 or Ed25519 key: base64url(SHA-256(its required
/// members)), RFC 7638.
bool sj_jwk_thumbprint(const EVP_PKEY *key, char out[SJ_THUMBPRINT]);

/// base64url(SHA-256(raw bytes)) of an Ed25519 key: a root's fingerprint.
bool sj_jwk_fingerprint(const EVP_PKEY *key, char out[SJ_THUMBPRINT]);

#endif // SJ_TOOLS_JWK_H
