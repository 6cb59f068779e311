// SPDX-License-Identifier: Apache-2.0
//
// token.h - OIDC access tokens (RFC 9068), verified and never made here. The
// key comes from the pinned issuer's set by `kid`, and each key serves one
// algorithm: RS256, PS256, ES256 or EdDSA. Roles are not read from a token;
// the member table has them.
#ifndef SCRUBJAYD_TOKEN_H
#define SCRUBJAYD_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "jwks.h"

enum {
  TOKEN_MAX = 8192,   ///< bytes of a token
  TOKEN_LEEWAY = 60,  ///< seconds by which clocks may differ
  TOKEN_LONGEST = 900 ///< seconds from iat to exp that are taken at most
};

/// What was wrong. The texts are for logs and audit rows: constants that name
/// the fault; the caller's answer is 401 for each.
#define TOKEN_STATUS_MAP(X)                                                    \
  X(OK, "valid")                                                               \
  X(NOMEM, "out of memory")                                                    \
  X(SIZE, "longer than a token may be")                                        \
  X(FORM, "not three parts of base64url")                                      \
  X(HEADER, "the header is no object, or has a member that is not taken")      \
  X(TYPE, "not an access token: typ is not at+jwt")                            \
  X(ALGORITHM, "an algorithm that is not taken, or not this key's")            \
  X(KEY, "no key of the pinned issuers has this kid")                          \
  X(SIGNATURE, "the signature does not fit")                                   \
  X(CLAIMS, "a claim is missing or has a wrong form")                          \
  X(ISSUER, "from another issuer")                                             \
  X(AUDIENCE, "for another audience")                                          \
  X(EXPIRED, "expired")                                                        \
  X(EARLY, "not valid yet")                                                    \
  X(LIFE, "lives longer than a token may")

typedef enum token_status {
#define X(name, text) TOKEN_##name,
  TOKEN_STATUS_MAP(X)
#undef X
} token_status;

/// What a verified token says. `sub` is printable ASCII without quote or
/// backslash, so that it needs no escape where it is written. `auth_time` is
/// 0 where the token has none; all else is owed.
typedef struct claims {
  char sub[129];
  char jti[65];
  int64_t iat, exp, auth_time;
} claims;

/// Verify `len` bytes at the time `now_s`. Safe for several threads at once.
/// On failure `*out` is zero.
token_status token_verify(const issuers *pinned,
                          const char *token,
                          size_t len,
                          int64_t now_s,
                          claims *out);

/// The constant text of a status.
const char *token_status_text(token_status status);

#endif // SCRUBJAYD_TOKEN_H
