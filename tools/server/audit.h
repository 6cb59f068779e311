// SPDX-License-Identifier: Apache-2.0
//
// audit.h - one row of the audit log: the text that is stored and hashed, and
// the link to the row before it.
//
//     body_digest = SHA-256(salt || body)
//     row_hash    = SHA-256(0x01 || stream (4 bytes) || seq (8 bytes)
//                           || prev row_hash || body_digest)
//
// Numbers are big-endian; `prev` of a stream's first row is 32 zero bytes. The
// bytes that are stored are the bytes that are hashed. A body can be erased
// (body and salt set to NULL) without breaking the chain.
#ifndef SCRUBJAYD_AUDIT_H
#define SCRUBJAYD_AUDIT_H

#include <stddef.h>
#include <stdint.h>

enum { AUDIT_BODY_ROOM = 4096, AUDIT_SALT = 16, AUDIT_HASH = 32 };

/// What is written down. NULL leaves a member out; actor, action and outcome
/// are required. No field may hold document text: `detail` is JSON that our own
/// code wrote (counts, classes, offsets), an object in one line.
typedef struct audit_entry {
  const char *actor;   ///< `sub` of the token; "system" for what nobody asked
  const char *role;    ///< under which the act was allowed or refused
  const char *action;  ///< one of the list below
  const char *outcome; ///< "ok", "denied", "refused", "failed", "reported"
  const char *object;  ///< job id, subject or key id
  const char *ip;
  const char *request_id;
  const char *purpose;
  const char *detail;
  int64_t t_ms; ///< since 1970, UTC
} audit_entry;

/// The actions. The first nine are the requirements'.
/// PHI_ACCESSED: the server released a share (it enforces this one).
/// PHI_DECRYPTED and REIDENTIFIED: the page said that it opened or merged.
#define AUDIT_ACTION_MAP(X)                                                    \
  X(PHI_CREATED)                                                               \
  X(PHI_ACCESSED)                                                              \
  X(PHI_DECRYPTED)                                                             \
  X(REVIEW_STARTED)                                                            \
  X(ENTITY_CONFIRMED)                                                          \
  X(ENTITY_UNFLAGGED)                                                          \
  X(ENTITY_ADDED)                                                              \
  X(LLM_CALLED)                                                                \
  X(REIDENTIFIED)                                                              \
  X(LLM_FAILED)                                                                \
  X(JOB_SUBMITTED)                                                             \
  X(JOB_DELETED)                                                               \
  X(RESULT_READ)                                                               \
  X(LEAK_BLOCKED)                                                              \
  X(AUTH_FAILED)                                                               \
  X(ACCESS_DENIED)                                                             \
  X(KEYLIST_PUBLISHED)                                                         \
  X(KEY_STORED)                                                                \
  X(KEY_RELEASED)                                                              \
  X(KEY_ROTATED)                                                               \
  X(WRAP_REPLACED)                                                             \
  X(MEMBER_CHANGED)                                                            \
  X(RECOVERY_USED)                                                             \
  X(RECOVERY_DRILL)                                                            \
  X(PHI_SHREDDED)                                                              \
  X(RETENTION_RUN)                                                             \
  X(FEEDBACK_SUBMITTED)                                                        \
  X(EXPORT)                                                                    \
  X(AUDIT_READ)                                                                \
  X(AUDIT_VERIFIED)                                                            \
  X(CHECKPOINT_PUBLISHED)                                                      \
  X(CONFIG_CHANGED)                                                            \
  X(CLOCK_STEP)                                                                \
  X(SERVICE_START)                                                             \
  X(SERVICE_STOP)

#define X(name) extern const char AUDIT_##name[];
AUDIT_ACTION_MAP(X)
#undef X

/// The body of an entry, NUL-terminated JSON. Its length; 0 where `room` does
/// not hold it or a required field is missing.
size_t audit_body(const audit_entry *entry, char *out, size_t room);

/// The two hashes of a row. `prev` is the row_hash before it.
void audit_link(uint32_t stream,
                uint64_t seq,
                const uint8_t prev[32],
                const uint8_t salt[16],
                const char *body,
                size_t len,
                uint8_t digest[32],
                uint8_t row_hash[32]);

/// row_hash from a body_digest: all that is left of an erased row.
void audit_link_digest(uint32_t stream,
                       uint64_t seq,
                       const uint8_t prev[32],
                       const uint8_t digest[32],
                       uint8_t row_hash[32]);

/// The statements that make the tables audit_row and audit_checkpoint, the
/// triggers that keep them append-only, the indices and the view audit_log.
/// For a numbered migration of the store.
extern const char AUDIT_SCHEMA[];

/// What a page of rows is chosen by. NULL and 0 do not choose.
typedef struct audit_filter {
  const char *actor, *action, *outcome, *object;
  int64_t from_ms, to_ms;          ///< half open
  int64_t after_stream, after_seq; ///< the page begins behind this row
  int64_t limit;
} audit_filter;

typedef struct audit_param {
  const char *text; ///< NULL: it is a number
  int64_t number;
} audit_param;

enum { AUDIT_QUERY_ROOM = 640, AUDIT_PARAMS = 9 };

/// The statement for a page, with a `?` for each of `*count` parameters, in
/// order: (stream, seq, t_ms, actor, action, outcome, object, body, row_hash),
/// by stream and seq.
void audit_query(const audit_filter *filter,
                 char sql[AUDIT_QUERY_ROOM],
                 audit_param params[AUDIT_PARAMS],
                 size_t *count);

#endif // SCRUBJAYD_AUDIT_H
