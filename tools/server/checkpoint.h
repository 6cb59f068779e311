// SPDX-License-Identifier: Apache-2.0
//
// checkpoint.h - how far a stream of the audit log had come, signed, so that
// it can be kept elsewhere. The note is C2SP's signed-note:
//
//     scrubjayd/1                              origin / stream
//     1234                                     rows
//     rLmi0p...=                               row_hash of the last, base64
//     2026-01-31T12:00:00.000Z
//
//     -- scrubjayd/1 Zm9v...                   (an em dash) key id, Ed25519
//
// The hash is the chain's head, not the root of a tree.
#ifndef SCRUBJAYD_CHECKPOINT_H
#define SCRUBJAYD_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHECKPOINT_NOTE = 1024, CHECKPOINT_ORIGIN = 256 };

typedef struct checkpoint {
  uint32_t stream;
  uint64_t size;
  uint8_t row_hash[32];
  int64_t t_ms; ///< written; not read back
} checkpoint;

typedef struct checkpoint_key checkpoint_key;

/// Read an Ed25519 key in PEM, private or public. With `create`, a private one
/// that is missing is made (mode 0600) and its public half written beside it as
/// PATH.pub. NULL with a constant in `*what`.
checkpoint_key *
checkpoint_key_open(const char *path, bool create, const char **what);
void checkpoint_key_free(checkpoint_key *key);

/// Write and sign, NUL-terminated. False where the key is a public one or the
/// origin has blanks or is too long.
bool checkpoint_sign(const checkpoint_key *key,
                     const char *origin,
                     const checkpoint *what,
                     char note[CHECKPOINT_NOTE]);

typedef enum checkpoint_status {
  CHECKPOINT_OK,
  CHECKPOINT_UNSIGNED, ///< well formed, but not signed by this key
  CHECKPOINT_BROKEN    ///< no note
} checkpoint_status;

/// Read a note. `key` NULL: the signature is not looked at. `origin` receives
/// its first line without the stream; NULL where that does not matter.
checkpoint_status checkpoint_read(const checkpoint_key *key,
                                  const char *note,
                                  size_t len,
                                  char origin[CHECKPOINT_ORIGIN],
                                  checkpoint *out);

/// Write a note to DIR/ORIGIN-STREAM.note in the place of the one before it,
/// whole or not at all: a file for others to fetch. 0 or an errno value.
int checkpoint_keep(const char *dir,
                    const char *origin,
                    const checkpoint *what,
                    const char *note);

#endif // SCRUBJAYD_CHECKPOINT_H
