// SPDX-License-Identifier: Apache-2.0
//
// jose.h - what the server can check of sealed things without opening them:
// the form of a vault record, that it is bound to this job, this submitter and
// this scrubbed text, and that a device of the submitter signed it.
#ifndef SCRUBJAYD_JOSE_H
#define SCRUBJAYD_JOSE_H

#include <stddef.h>
#include <stdint.h>

#include "../common/keylist.h"

enum {
  JOSE_DATA_MAX = 96 * 1024, ///< bytes of a record's data JWE
  JOSE_WRAP_MAX = 2048,
  JOSE_SIG_MAX = 1024,
  JOSE_KEY_MAX = 4096, ///< bytes of a wrapped private key
  JOSE_SALT = 16
};

typedef enum jose_status {
  JOSE_OK,
  JOSE_NOMEM,
  JOSE_MALFORMED, ///< 422 vault-malformed
  JOSE_RETIRED,   ///< 409 key-version-retired: the vault key takes no wraps
  JOSE_SIGNATURE  ///< 422: not signed by a device of this submitter
} jose_status;

typedef struct jose_text {
  const char *text;
  size_t len;
} jose_text;

/// The members of a vault object as they came, decoded from JSON. `wraps` has
/// to be one: the table has room for one, and re-wrapping replaces it.
typedef struct jose_record {
  int64_t fmt;
  jose_text text_salt, data, share, sig;
  const jose_text *wraps;
  size_t wrap_count;
} jose_record;

/// What the record has to be bound to. Without `keys` neither the state of the
/// vault key nor the signature can be checked, and nothing is accepted.
typedef struct jose_binding {
  const char *job_id; ///< the Idempotency-Key of the submit
  const char *sub;    ///< as claims.sub
  jose_text scrubbed;
  const keylist *keys;
} jose_binding;

/// What the store keeps of it. Wipe it after use: it holds the share.
typedef struct jose_checked {
  uint8_t share[32];
  uint8_t text_salt[JOSE_SALT];
  uint8_t text_digest[32]; ///< SHA-256(text_salt || scrubbed text)
  uint8_t data_hash[32];   ///< SHA-256 of the data JWE's text
  uint8_t wrap_hash[32];   ///< SHA-256 of the wrap JWE's text
  char kid[KEYLIST_KID];   ///< vault key that the wrap is for
} jose_checked;

/// Check a record. On failure `*pointer` is a constant JSON pointer into the
/// submit body, such as "/vault/data", and `*what` (may be NULL) a constant.
jose_status jose_check_record(const jose_record *record,
                              const jose_binding *binding,
                              jose_checked *out,
                              const char **pointer,
                              const char **what);

/// Check a new wrap for a stored record (lazy re-wrap): only an active vault
/// key is let in.
jose_status jose_check_wrap(const jose_text *wrap,
                            const uint8_t data_hash[32],
                            const keylist *keys,
                            char kid[KEYLIST_KID],
                            uint8_t wrap_hash[32],
                            const char **what);

/// Check a wrapped private key before it is stored: PBES2 of at least 600,000
/// rounds, or ECDH-ES to the recovery key or to a member's key. `kid` is the
/// header's, which names the key inside.
jose_status jose_check_key(const jose_text *jwe,
                           const keylist *keys,
                           char kid[KEYLIST_KID],
                           const char **what);

#endif // SCRUBJAYD_JOSE_H
