// SPDX-License-Identifier: Apache-2.0
//
// store.h - the only door to storage. Whoever keeps the rows (store_sqlite*.c
// here) passes tests/unit/test_store.c.
//
// What changes something takes the audit entries that tell of it and writes
// them in the same transaction: no row, no act. It returns when the
// transaction is on disk; the calls of many threads share one commit. Strings
// are borrowed until the call returns; what is read is appended to buffers of
// the caller, who wipes them.
#ifndef SCRUBJAYD_STORE_H
#define SCRUBJAYD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/buffer.h"

typedef struct audit_entry audit_entry;   // audit.h
typedef struct audit_filter audit_filter; // audit.h
typedef struct store store;

typedef enum store_status {
  STORE_OK,
  STORE_NOT_FOUND, ///< no such row, or its content is gone
  STORE_CONFLICT,  ///< the row is not what the caller believed it to be
  STORE_REPLAY,    ///< this key was used for the same request before
  STORE_MISMATCH,  ///< this key was used for another request, or by another
  STORE_BUSY,      ///< too many writes wait, or the store is closing
  STORE_FULL,      ///< no space; reads go on, and writes once there is space
  STORE_FAILED     ///< input or output failed: writes have stopped for good
} store_status;

/// Where the last audit row of a call stands.
typedef struct store_receipt {
  uint32_t stream;
  uint64_t seq;
  uint8_t row_hash[32];
} store_receipt;

/// The rows that a change writes; at least one.
typedef struct store_trail {
  const audit_entry *entries;
  size_t count;
} store_trail;

// ---- the store ----

typedef struct store_options {
  const char *path; ///< of the database; made with mode 0600 where missing
  size_t queue;     ///< writes that may wait; more are STORE_BUSY
  size_t readers;   ///< connections that read at the same time
} store_options;

/// Open, migrate, check. A second process on the same file is refused. On
/// failure `*out` is NULL and `*what` says why, a constant.
store_status
store_open(const store_options *options, store **out, const char **what);

/// Finish what waits, then close. NULL is fine.
void store_close(store *store);

/// Called once, from the writer, when writes have stopped for good.
void store_on_failure(store *store, void (*call)(void *ctx), void *ctx);

/// Whether writes are taken: STORE_OK, STORE_FULL or STORE_FAILED.
store_status store_ready(store *store);

// ---- jobs ----

enum { STORE_ID = 37, STORE_SUB = 129, STORE_KID = 96 };

/// A sealed map, as the page made it; the share is sealed already. Hashes are
/// of ciphertext.
typedef struct store_vault {
  int fmt;
  const char *data, *sig, *kid, *wrap;
  uint8_t data_hash[32], wrap_hash[32];
  uint32_t epoch;
  uint8_t share[60]; ///< sealed under the key of its epoch
} store_vault;

typedef struct store_job {
  const char *id; ///< the request's Idempotency-Key
  const char *submitted_by;
  const char *document_type, *specialty, *policy, *lang;
  const char *text; ///< scrubbed
  size_t text_len;
  uint8_t text_salt[16], text_digest[32];
  const char *entities, *attestation; ///< JSON, types and counts only
  const char *ruleset, *model, *engine;
  const char *status; ///< "queued" or "phi_confirmed"
  int64_t created_ms, expires_ms, vault_expires_ms;
  int64_t keylist; ///< serial that the wraps were checked against; 0 for none
  const store_vault *vault; ///< NULL: none
} store_job;

/// A key that makes a repeated request harmless: kept with the digest of the
/// body and the members of the answer, in JSON without braces.
typedef struct store_once {
  const char *sub, *key;
  uint8_t digest[32];
  const char *answer;
  int64_t expires_ms;
} store_once;

/// STORE_REPLAY puts the first answer behind `replay` and its receipt into
/// `*receipt`; STORE_NOT_FOUND is a replay of what was deleted since;
/// STORE_CONFLICT says that the key list has changed.
store_status store_submit(store *store,
                          const store_job *job,
                          const store_once *once,
                          store_trail trail,
                          sj_buffer *replay,
                          store_receipt *receipt);

typedef struct store_state {
  char submitted_by[STORE_SUB], status[16], vault[16]; ///< none|sealed|shredded
  int64_t created_ms, updated_ms, attempts;
  bool has_result;
} store_state;

store_status store_job_state(store *store, const char *id, store_state *out);

/// The result's JSON, flags and model, as three strings each ended by NUL.
store_status store_job_result(store *store, const char *id, sj_buffer *out);

/// What the coding worker hands in; the job becomes "complete".
typedef struct store_result {
  const char *id, *result, *flags, *model; ///< result and flags: JSON
  int64_t t_ms;
} store_result;
store_status store_put_result(store *store,
                              const store_result *result,
                              store_trail trail,
                              store_receipt *receipt);

/// What a release hands out; strings lie one behind the other in `bytes`, each
/// ended by NUL, and the offsets are from its start. Empty strings are none:
/// `old_wrap` (of the last key, while the new wrap was never opened), `result`,
/// `flags`, `model`.
typedef struct store_release {
  sj_buffer bytes;
  size_t text, data, sig, wrap, old_wrap, result, flags, model;
  int fmt;
  uint8_t text_salt[16];
  uint32_t epoch;
  uint8_t share[60];
} store_release;

/// The audit row first, then the content. STORE_NOT_FOUND where there is no
/// vault record; the trail is written only with STORE_OK.
store_status store_release_job(store *store,
                               const char *id,
                               store_trail trail,
                               store_release *out,
                               store_receipt *receipt);

/// The page's word on a release. `opened`: older wraps may go.
store_status store_acknowledge(store *store,
                               const char *id,
                               bool opened,
                               store_trail trail,
                               store_receipt *receipt);

/// Delete the share, the record, the text and the results, and overwrite what
/// they leave in the file. The row remains, without content, so that a late
/// retry cannot bring it back.
store_status store_shred(store *store,
                         const char *id,
                         int64_t t_ms,
                         store_trail trail,
                         store_receipt *receipt);

// ---- retention ----

/// Ids of up to `room` jobs whose vault record, or with `whole` whose text, has
/// expired before `t_ms`; each ended by NUL.
store_status store_expired(store *store,
                           bool whole,
                           int64_t t_ms,
                           size_t room,
                           sj_buffer *ids,
                           size_t *count);

/// Shred the vault record of a job and keep its text.
store_status store_shred_vault(store *store,
                               const char *id,
                               int64_t t_ms,
                               store_trail trail,
                               store_receipt *receipt);

/// Forget keys of repeated requests, feedback older than `feedback_ms`, and
/// rows of shredded jobs that nothing refers to. `*count`: rows deleted.
store_status store_forget(store *store,
                          int64_t t_ms,
                          int64_t feedback_ms,
                          store_trail trail,
                          uint64_t *count);

/// Write what was deleted out of the journal as well.
store_status store_scrub_journal(store *store);

// ---- keys ----

/// The newest list behind `jws`, with a NUL that `len` does not count;
/// STORE_NOT_FOUND where there is none.
store_status store_keylist(store *store, int64_t *serial, sj_buffer *jws);

/// Serial must be the next one; `retired` are key ids, each ended by NUL, that
/// no record may still be wrapped to (STORE_CONFLICT).
typedef struct store_keylist_row {
  int64_t serial;
  const char *jws;
  const char *retired;
  size_t retired_count;
} store_keylist_row;
store_status store_put_keylist(store *store,
                               const store_keylist_row *row,
                               store_trail trail,
                               store_receipt *receipt);

/// A private key that only its owner can unwrap. `slot` says what unwraps it,
/// such as "passphrase", "recovery", or a vault's key id.
typedef struct store_key {
  const char *sub, *slot, *jwe;
} store_key;

/// A JSON array of {slot, jwe} behind `out`; without those for vault keys,
/// whose slots begin with "vault:".
store_status store_keys(store *store, const char *sub, sj_buffer *out);

/// One key behind `jwe`, and the row that tells of it.
store_status store_release_key(store *store,
                               const char *sub,
                               const char *slot,
                               store_trail trail,
                               sj_buffer *jwe,
                               store_receipt *receipt);

/// Put all or none.
store_status store_put_keys(store *store,
                            const store_key *keys,
                            size_t count,
                            store_trail trail,
                            store_receipt *receipt);

/// Replace the wrap whose SHA-256 is `old_hash`, which stays until the new one
/// was opened. STORE_CONFLICT where another came first.
typedef struct store_rewrap {
  const char *id, *kid, *wrap;
  uint8_t old_hash[32], wrap_hash[32];
  int64_t keylist;
} store_rewrap;
store_status store_put_wrap(store *store,
                            const store_rewrap *wrap,
                            store_trail trail,
                            store_receipt *receipt);

/// SHA-256 of a record's data, which a new wrap names.
store_status store_data_hash(store *store, const char *id, uint8_t hash[32]);

/// A JSON object of key id: how many records are wrapped to it.
store_status store_rotation(store *store, sj_buffer *out);

/// How many shares are sealed under an epoch's key.
store_status store_epoch_shares(store *store, uint32_t epoch, uint64_t *count);

// ---- members ----

/// Role bits of an active member (roles.h); STORE_NOT_FOUND for all others.
/// Never older than the last change that returned.
store_status store_member(store *store, const char *sub, uint32_t *roles);
/// Another number after each change of a member: what was read under the same
/// one still holds.
uint64_t store_members_version(store *store);
/// A JSON array of {sub, roles (bits), active} behind `out`.
store_status store_members(store *store, sj_buffer *out);
store_status store_put_member(store *store,
                              const char *sub,
                              uint32_t roles,
                              bool active,
                              store_trail trail,
                              store_receipt *receipt);

// ---- feedback ----

typedef struct store_feedback_item {
  char kind; ///< 'c' confirmed, 'p' false positive, 'n' false negative
  const char *type, *rule; ///< rule "" where none is known
  int64_t count;
} store_feedback_item;

typedef struct store_feedback {
  const char *id, *job_id, *items; ///< items: JSON, as exported
  int64_t confirmed, fp, fn, created_ms;
  size_t count;
  const store_feedback_item *tally;
} store_feedback;

/// STORE_REPLAY as for store_submit; STORE_NOT_FOUND without the job.
store_status store_put_feedback(store *store,
                                const store_feedback *feedback,
                                const store_once *once,
                                store_trail trail,
                                sj_buffer *replay,
                                store_receipt *receipt);

/// JSON arrays of rows with counts: by type and rule, then by day, as two
/// strings each ended by NUL. `job_id` NULL: all jobs.
store_status store_feedback_summary(store *store,
                                    const char *job_id,
                                    int64_t from_ms,
                                    int64_t to_ms,
                                    sj_buffer *out);

/// One JSON line for each feedback after `after` (an id; "" for the first), at
/// most `limit`.
store_status store_feedback_export(store *store,
                                   const char *after,
                                   int64_t limit,
                                   store_trail trail,
                                   sj_buffer *out);

// ---- audit ----

/// Rows alone, for what changed nothing else.
store_status
store_audit(store *store, store_trail trail, store_receipt *receipt);

/// A JSON array of rows behind `out`; `*next` is the last one's place, or zero
/// where the page is the last.
store_status store_audit_page(store *store,
                              const audit_filter *filter,
                              sj_buffer *out,
                              store_receipt *next);

/// Where the writer's stream ends, as committed.
void store_audit_head(store *store, store_receipt *head);

typedef struct store_checkpoint {
  uint32_t stream;
  uint64_t size;
  const char *note;
} store_checkpoint;
store_status store_put_checkpoint(store *store,
                                  const store_checkpoint *checkpoint,
                                  store_trail trail);
/// The newest note behind `out`.
store_status store_last_checkpoint(store *store, sj_buffer *out);

// ---- backup ----

/// Copy the database to a new file, consistently, while it is in use. With
/// `shares` false, release shares are left out of the copy.
store_status store_backup(store *store, const char *path, bool shares);

#endif // SCRUBJAYD_STORE_H
