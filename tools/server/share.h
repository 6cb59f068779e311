// SPDX-License-Identifier: Apache-2.0
//
// share.h - release shares at rest: AES-256-GCM under the key of an epoch (a
// month), which lives in a file outside the database. Who has the database has
// no share; who destroys an epoch's key has shredded its shares, those in
// backups too.
#ifndef SCRUBJAYD_SHARE_H
#define SCRUBJAYD_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  SHARE_BYTES = 32,
  SHARE_SEALED = 60, ///< nonce 12, ciphertext 32, tag 16
  SHARE_EPOCHS = 480 ///< most that a file holds
};

typedef enum share_status {
  SHARE_OK,
  SHARE_NOMEM,
  SHARE_FILE,     ///< the file cannot be read or written; errno says why
  SHARE_OPEN,     ///< the file may be read by others than its owner
  SHARE_FORM,     ///< the file is not one of epochs
  SHARE_NO_EPOCH, ///< no such epoch, or its key was destroyed
  SHARE_REFUSED,  ///< the sealed bytes are not this job's, or were changed
  SHARE_CRYPTO    ///< OpenSSL failed
} share_status;

/// Keys by epoch. Safe for several threads at once.
typedef struct keks keks;

/// Read the file of epochs, or make it (0600) where there is none.
share_status keks_open(const char *path, keks **out);
void keks_close(keks *keks);

/// The first epoch of the month (UTC) of a time: 20261100 is November 2026, and
/// 20261101 the one that followed it when it was destroyed in that month.
uint32_t keks_epoch(int64_t now_s);

/// See to it that the month of `now_s` has an epoch with a key: where there is
/// none it is drawn, written and synced first. Call it at start, once an hour,
/// and after share_destroy_epoch().
share_status keks_roll(keks *keks, int64_t now_s);

/// Epochs that have a key, rising; how many there are is the answer.
size_t keks_epochs(const keks *keks, uint32_t *out, size_t room);

/// Seal one job's share under the newest epoch.
share_status share_seal(const keks *keks,
                        const char *job_id,
                        const uint8_t share[SHARE_BYTES],
                        uint32_t *epoch,
                        uint8_t sealed[SHARE_SEALED]);

/// Open it. On failure `share` is zero. Wipe it after use.
share_status share_open(const keks *keks,
                        const char *job_id,
                        uint32_t epoch,
                        const uint8_t sealed[SHARE_SEALED],
                        uint8_t share[SHARE_BYTES]);

/// Overwrite an epoch's key in the file and in memory, for good; it is never
/// drawn again. SHARE_NO_EPOCH where it has none. A disk that keeps copies of
/// what is overwritten (snapshots, worn flash) is the operator's to know.
share_status share_destroy_epoch(keks *keks, uint32_t epoch);

const char *share_status_text(share_status status);

#endif // SCRUBJAYD_SHARE_H
