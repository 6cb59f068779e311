// SPDX-License-Identifier: Apache-2.0
//
// jwks.h - the issuers whose tokens are taken, each with its audience and its
// keys from a JWKS (RFC 7517). Built once; a new set of keys is a new object.
#ifndef SCRUBJAYD_JWKS_H
#define SCRUBJAYD_JWKS_H

#include <stdbool.h>
#include <stddef.h>

#include "../common/jws.h"

enum {
  JWKS_MAX = 64 * 1024, ///< bytes of a set
  JWKS_KEYS = 64,       ///< keys of all issuers together
  JWKS_NAME = 256       ///< bytes of an issuer's or audience's name, with NUL
};

typedef struct issuers issuers;

/// A key and whose it is. It serves one algorithm.
typedef struct issuer_key {
  EVP_PKEY *key;
  sj_jws_alg alg;
  char kid[129];
  char issuer[JWKS_NAME], audience[JWKS_NAME];
} issuer_key;

/// No issuer yet; NULL when memory is out. Release it with issuers_free().
issuers *issuers_new(void);
void issuers_free(issuers *pinned);

/// Pin an issuer. `jwks` is the text of its key set; each key needs a `kid`
/// that no other key here has, and a type whose algorithm is certain: EC P-256
/// (ES256), OKP Ed25519 (EdDSA), or RSA of 2048 to 4096 bits (RS256 or PS256,
/// as its `alg` says; RS256 where it says nothing). Keys for encryption and of
/// other types are passed over. False with a constant in `*what` where the set
/// cannot be used, or has no key that can; nothing was added then.
bool issuers_add(issuers *pinned,
                 const char *issuer,
                 const char *audience,
                 const char *jwks,
                 size_t len,
                 const char **what);

/// How many keys there are.
size_t issuers_keys(const issuers *pinned);

/// The key of this name; NULL where there is none.
const issuer_key *
issuers_find(const issuers *pinned, const char *kid, size_t len);

#endif // SCRUBJAYD_JWKS_H
