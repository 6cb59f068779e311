// SPDX-License-Identifier: Apache-2.0
//
// retention.h - what has had its time is shredded: shares, then records, then
// texts, then what remembers them; out of the file and out of its journal.
#ifndef SCRUBJAYD_RETENTION_H
#define SCRUBJAYD_RETENTION_H

#include "config.h"
#include "share.h"
#include "store.h"

typedef struct retention_count {
  uint64_t vaults; ///< records shredded whose text stays
  uint64_t texts;  ///< jobs shredded whole
  uint64_t rows;   ///< keys, feedback and empty jobs forgotten
  uint64_t epochs; ///< keys of shares destroyed
} retention_count;

/// Shred all that expired before `now_ms`, each with its audit row, then write
/// RETENTION_RUN where anything went or `tell` says so, then empty the
/// journal. An epoch's key is destroyed once every share that was sealed in its
/// month is past its time: that ends the copies in backups too. `keys` NULL:
/// there is no vault. What failed is tried again at the next run.
store_status retention_run(store *store,
                           keks *keys,
                           const config *config,
                           int64_t now_ms,
                           bool tell,
                           retention_count *out);

#endif // SCRUBJAYD_RETENTION_H
