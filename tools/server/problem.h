// SPDX-License-Identifier: Apache-2.0
//
// problem.h - refusals as application/problem+json (RFC 9457). Every word of
// one is a constant of ours: nothing of the request is repeated.
#ifndef SCRUBJAYD_PROBLEM_H
#define SCRUBJAYD_PROBLEM_H

#include "router.h"

/// Name, status, title. `type` is "/problems/NAME".
#define PROBLEM_MAP(X)                                                         \
  X(RAW_TEXT, "raw-text-forbidden", 422,                                       \
    "Text that was not scrubbed is not taken")                                 \
  X(GONE, "raw-text-forbidden", 410,                                           \
    "Text is analysed in the page, or by the program scrubjay on your own "    \
    "machine; this server takes none")                                         \
  X(LEAK, "leak-suspected", 422, "The text still seems to hold an identifier") \
  X(SCHEMA, "schema", 400, "The body or a parameter is not as documented")     \
  X(JSON, "schema", 400, "The body is not strict JSON")                        \
  X(KEY, "idempotency-key", 400, "An Idempotency-Key, a UUIDv7, is needed")    \
  X(RULESET, "ruleset-outdated", 426, "The page's rules are too old")          \
  X(PLACEHOLDER, "placeholder-mismatch", 422,                                  \
    "The text's placeholders are not those that are listed")                   \
  X(VAULT, "vault-malformed", 422, "The sealed record cannot be taken")        \
  X(VAULT_OFF, "vault-off", 422, "This server keeps no originals")             \
  X(VAULT_KEYS, "vault-not-ready", 409, "There is no key list yet")            \
  X(RETIRED, "key-version-retired", 409, "The vault key takes no new wraps")   \
  X(KEYLIST, "keylist-refused", 422, "The key list cannot be taken")           \
  X(KEYLIST_CHANGED, "key-version-retired", 409,                               \
    "The key list has changed; seal again")                                    \
  X(WRAP, "wrap-conflict", 409, "The record's wrap is another by now")         \
  X(MISMATCH, "idempotency-mismatch", 422,                                     \
    "The Idempotency-Key was used for another request")                        \
  X(NOT_READY, "not-ready", 409, "The job has no result yet")                  \
  X(TOKEN, "unauthenticated", 401, "A valid access token is needed")           \
  X(STEP_UP, "step-up-required", 401, "Sign in again to do this")              \
  X(FORBIDDEN, "forbidden", 403, "Your roles do not allow this")               \
  X(ORIGIN, "origin-forbidden", 403, "Pages of this origin may not call")      \
  X(NOT_FOUND, "not-found", 404, "There is nothing here")                      \
  X(METHOD, "method-not-allowed", 405, "This path takes other methods")        \
  X(RATE, "rate-limited", 429, "Too many of these; wait")                      \
  X(TOO_LARGE, "too-large", 413, "The body is larger than allowed")            \
  X(URI, "uri-too-long", 414, "The address is longer than allowed")            \
  X(LENGTH, "length-required", 411, "One Content-Length is needed")            \
  X(FRAMING, "framing", 400, "The request is not framed safely")               \
  X(TYPE, "media-type", 415, "The body has to be application/json")            \
  X(BUSY, "busy", 503, "Too much waits; try again")                            \
  X(UNREADY, "unready", 503, "The store takes no writes")                      \
  X(FULL, "storage-full", 507, "There is no space left")                       \
  X(INTERNAL, "internal", 500, "This server failed")

typedef enum problem {
#define X(name, type, status, title) PROBLEM_##name,
  PROBLEM_MAP(X)
#undef X
} problem;

/// Make the answer. `pointer` (NULL: none) is a JSON pointer of ours. An
/// earlier body is dropped.
void problem_put(answer *answer,
                 problem problem,
                 const char *request_id,
                 const char *pointer);

/// The same with a member more: its key and JSON value of ours.
void problem_put_with(answer *answer,
                      problem problem,
                      const char *request_id,
                      const char *key,
                      const char *value);

/// The answer for a store's failure. False for STORE_OK, which makes none.
bool problem_of_store(answer *answer, store_status status, const char *id);

#endif // SCRUBJAYD_PROBLEM_H
