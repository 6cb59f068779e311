// SPDX-License-Identifier: Apache-2.0
//
// audit_verify.h - is the audit log what it was when it was written?
#ifndef SCRUBJAYD_AUDIT_VERIFY_H
#define SCRUBJAYD_AUDIT_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "checkpoint.h"

typedef struct sqlite3 sqlite3;

/// A checkpoint that was kept elsewhere. What was kept inside the database is
/// read from there.
typedef struct audit_anchor {
  const char *note;
  size_t len;
} audit_anchor;

typedef struct audit_verdict {
  uint64_t rows, erased, checkpoints;
  const char *what; ///< a constant; NULL where nothing is wrong
  uint32_t stream;  ///< of the first bad row, in order of stream and seq
  uint64_t seq;
} audit_verdict;

typedef enum audit_status {
  AUDIT_GOOD = 0,
  AUDIT_BAD = 1,       ///< `what`, `stream` and `seq` say where first
  AUDIT_UNREADABLE = 2 ///< `what` says why it cannot be told
} audit_status;

/// Look at every row, in one read transaction: numbering, body, columns, chain,
/// and that the rows of every checkpoint are there as they were. `key` NULL:
/// signatures are not looked at. Rows behind the last checkpoint can be cut
/// off, or all be rewritten, without being found: keep checkpoints elsewhere.
audit_status audit_verify(sqlite3 *db,
                          const checkpoint_key *key,
                          const audit_anchor *anchors,
                          size_t count,
                          audit_verdict *out);

/// `scrubjayd audit verify --store FILE [--key PEM] [--anchor FILE]...`; or
/// `--config FILE`, which names both. `argv[0]` is "audit". Exit status as
/// audit_status; it prints what was found.
int audit_command(int argc, char **argv);

#endif // SCRUBJAYD_AUDIT_VERIFY_H
