// SPDX-License-Identifier: Apache-2.0
//
// keylist.h - the root-signed list of the vault's keys and members: a compact
// JWS (RFC 7515) with
//
//   header   {"alg":"EdDSA","jwk":{"crv":"Ed25519","kty":"OKP","x":"..."},
//             "kid":"root:FINGERPRINT","typ":"scrubjay-keylist+jws"}
//   payload  {"v":1,"serial":N,"issued":"2026-11-26T01:00:00Z",
//             "not_after":"...","vault":[{"kid":"vault:NAME:V",
//             "state":"active|accept|retired","jwk":{...}}],
//             "recovery":{"kid":"recovery:THUMBPRINT","jwk":{...}},
//             "members":[{"sub":"...","roles":["coder"],"uk":{jwk}|null,
//             "device":[{jwk}]}]}
//
// FINGERPRINT is base64url(SHA-256(the root's raw 32 bytes)), which whoever
// reads a list has pinned: the key in the header is believed for its digest
// alone. All other keys are EC P-256.
#ifndef SJ_TOOLS_KEYLIST_H
#define SJ_TOOLS_KEYLIST_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A time for which no list has expired: for recovery.
#define KEYLIST_EVER INT64_MIN

enum {
  KEYLIST_MAX = 512 * 1024, ///< bytes of the JWS
  KEYLIST_VAULTS = 64,
  KEYLIST_MEMBERS = 2000,
  KEYLIST_DEVICES = 8,      ///< of one member
  KEYLIST_FINGERPRINT = 43, ///< characters
  KEYLIST_KID = 96          ///< bytes of a kid, with its NUL
};

typedef enum keylist_status {
  KEYLIST_OK,
  KEYLIST_NOMEM,
  KEYLIST_SIZE,
  KEYLIST_FORM,      ///< no compact JWS, or a header that is not as above
  KEYLIST_ROOT,      ///< signed by another root than the pinned one
  KEYLIST_SIGNATURE, ///< the signature does not fit
  KEYLIST_PAYLOAD,   ///< keylist_error.what says what, .pointer where
  KEYLIST_EXPIRED,
  KEYLIST_SERIAL, ///< does not follow the list before it
  KEYLIST_LOSS    ///< would lose a vault key, or the last custodian
} keylist_status;

/// What was wrong: constants, and a JSON pointer into the payload.
typedef struct keylist_error {
  const char *what;
  char pointer[64];
} keylist_error;

typedef enum keylist_state {
  KEYLIST_UNKNOWN,
  KEYLIST_ACTIVE, ///< new records are sealed to it
  KEYLIST_ACCEPT, ///< wraps that come late are still taken
  KEYLIST_RETIRED ///< no record is wrapped to it any more
} keylist_state;

typedef struct keylist_vault {
  char kid[KEYLIST_KID];
  keylist_state state;
  EVP_PKEY *key;
} keylist_vault;

typedef struct keylist_member {
  char sub[129];
  unsigned roles; ///< bits of roles.h
  EVP_PKEY *uk;   ///< NULL where the member opens nothing
  size_t devices;
  EVP_PKEY *device[KEYLIST_DEVICES];
  char device_kid[KEYLIST_DEVICES][KEYLIST_FINGERPRINT + 1]; ///< RFC 7638
} keylist_member;

/// Read-only once made; may be shared by threads.
typedef struct keylist {
  int64_t serial, issued, not_after; ///< seconds since 1970
  char root[KEYLIST_FINGERPRINT + 1];
  keylist_vault *vaults;
  size_t vault_count;
  char recovery_kid[KEYLIST_KID];
  EVP_PKEY *recovery;
  keylist_member *members;
  size_t member_count;
} keylist;

/// Verify a list against the pinned fingerprint ("root:" before it is let
/// through) at the time `now_s` (KEYLIST_EVER: whenever), and read it. `*out`
/// is the caller's: release it with keylist_free(). On failure it is NULL;
/// `error` may be NULL.
keylist_status keylist_verify(const char *jws,
                              size_t len,
                              const char *fingerprint,
                              int64_t now_s,
                              keylist **out,
                              keylist_error *error);
void keylist_free(keylist *list);

/// Read a payload that nobody has signed yet: for the ceremony, whose own file
/// it is. There is room for one vault key and one member more.
keylist_status
keylist_read(const char *json, size_t len, keylist **out, keylist_error *error);

/// Whether `next` may take the place of `now` (NULL where there is none yet):
/// its serial is one more, no vault key of `now` is missing or changed, none
/// that was retired comes back, and where there was a custodian, one remains.
keylist_status keylist_follows(const keylist *now, const keylist *next);

/// NULL where there is none of that name.
const keylist_vault *
keylist_find_vault(const keylist *list, const char *kid, size_t len);
const keylist_member *keylist_find_member(const keylist *list, const char *sub);
/// A member's device key by its RFC 7638 thumbprint.
EVP_PKEY *keylist_find_device(const keylist *list,
                              const char *sub,
                              const char *kid,
                              size_t len);

/// Whether a name is vault:NAME:V, and whether one is a member's: 1 to 128
/// printable ASCII characters, no quote, no backslash.
bool keylist_is_vault_kid(const char *kid, size_t len);
bool keylist_is_sub(const char *sub, size_t len);

const char *keylist_status_text(keylist_status status);

#endif // SJ_TOOLS_KEYLIST_H
