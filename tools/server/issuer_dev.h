// SPDX-License-Identifier: Apache-2.0
//
// issuer_dev.h - the development issuer: a key that is made at start, lives in
// memory and signs access tokens for whoever asks on this machine. It is not
// there for a server that listens to others: issuer_dev_new() refuses.
#ifndef SCRUBJAYD_ISSUER_DEV_H
#define SCRUBJAYD_ISSUER_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jwks.h"

#define ISSUER_DEV_NAME "urn:scrubjay:development"
enum {
  ISSUER_DEV_LIFE = 900, ///< seconds that its tokens live
  ISSUER_DEV_ROOM = 1280 ///< bytes that hold any of its tokens and the NUL
};

typedef struct issuer_dev issuer_dev;

/// Whether an address such as `127.0.0.1:8642` or `[::1]:0` is this machine
/// alone. Names are not: who answers for one is decided elsewhere.
bool issuer_dev_may_listen(const char *listen);

/// Make the key. NULL where `listen` is not loopback, or OpenSSL fails.
issuer_dev *issuer_dev_new(const char *listen, const char *audience);
void issuer_dev_free(issuer_dev *dev);

/// Pin it beside the others.
bool issuer_dev_join(const issuer_dev *dev, issuers *pinned, const char **what);

/// An access token for `sub`, NUL-terminated. False where `sub` is none that
/// token_verify() would take, or OpenSSL fails.
bool issuer_dev_token(const issuer_dev *dev,
                      const char *sub,
                      int64_t now_s,
                      char out[ISSUER_DEV_ROOM]);

#endif // SCRUBJAYD_ISSUER_DEV_H
