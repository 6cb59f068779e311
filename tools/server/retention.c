// SPDX-License-Identifier: Apache-2.0
//
// retention.c - see retention.h.

#include "retention.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audit.h"
#include "metrics.h"

enum { AT_A_TIME = 64 };
#define DAY_MS INT64_C(86400000)

static audit_entry entry_of(const char *action, int64_t now_ms) {
  return (audit_entry){
      .actor = "system", .action = action, .outcome = "ok", .t_ms = now_ms};
}

// Every job whose record (or, with `whole`, whose text) is past its time.
static store_status
shred_all(store *of, bool whole, int64_t now_ms, uint64_t *done) {
  store_status status = STORE_OK;
  for (size_t count = AT_A_TIME; status == STORE_OK && count == AT_A_TIME;) {
    sj_buffer ids = {0};
    status = store_expired(of, whole, now_ms, AT_A_TIME, &ids, &count);
    const char *id = ids.data;
    for (size_t i = 0; status == STORE_OK && i < count && !ids.failed; i++) {
      audit_entry entry = entry_of(AUDIT_PHI_SHREDDED, now_ms);
      entry.object = id;
      entry.detail = whole ? "{\"why\":\"expired\",\"what\":\"text\"}"
                           : "{\"why\":\"expired\",\"what\":\"vault\"}";
      const store_trail trail = {&entry, 1};
      status = whole ? store_shred(of, id, now_ms, trail, NULL)
                     : store_shred_vault(of, id, now_ms, trail, NULL);
      if (status == STORE_OK) ++*done;
      if (status == STORE_OK && !whole) metric_add(METRIC_SHREDDED, 1);
      // Another thread was first: a request to delete, say.
      if (status == STORE_NOT_FOUND) status = STORE_OK;
      id += strlen(id) + 1;
    }
    if (ids.failed) status = STORE_BUSY;
    sj_buffer_free(&ids);
  }
  return status;
}

// When the month of an epoch was over, in milliseconds.
static int64_t end_of_month(uint32_t epoch) {
  struct tm first = {.tm_year = (int)(epoch / 10000) - 1900,
                     .tm_mon = (int)(epoch / 100 % 100), // the month behind it
                     .tm_mday = 1};
  return (int64_t)timegm(&first) * 1000;
}

// The keys of months whose last share has expired, unless one is still there:
// the time to live may have been longer when it was sealed.
static store_status destroy_epochs(store *of,
                                   keks *keys,
                                   const config *set,
                                   int64_t now_ms,
                                   uint64_t *done) {
  uint32_t epochs[SHARE_EPOCHS];
  const size_t count = keks_epochs(keys, epochs, SHARE_EPOCHS);
  for (size_t i = 0; i < count; i++) {
    uint64_t shares = 0;
    if (end_of_month(epochs[i]) + set->retention_days * DAY_MS > now_ms)
      continue;
    store_status status = store_epoch_shares(of, epochs[i], &shares);
    if (status != STORE_OK) return status;
    if (shares > 0) continue;
    char object[32];
    (void)snprintf(object, sizeof(object), "epoch:%lu",
                   (unsigned long)epochs[i]);
    audit_entry entry = entry_of(AUDIT_PHI_SHREDDED, now_ms);
    entry.object = object;
    entry.detail = "{\"why\":\"expired\",\"what\":\"epoch\"}";
    // The row first: an act without a row is worse than a row that is early.
    status = store_audit(of, (store_trail){&entry, 1}, NULL);
    if (status != STORE_OK) return status;
    if (share_destroy_epoch(keys, epochs[i]) == SHARE_OK) ++*done;
  }
  return STORE_OK;
}

store_status retention_run(store *of,
                           keks *keys,
                           const config *set,
                           int64_t now_ms,
                           bool tell,
                           retention_count *out) {
  *out = (retention_count){0};
  store_status status = shred_all(of, false, now_ms, &out->vaults);
  if (status == STORE_OK) status = shred_all(of, true, now_ms, &out->texts);
  if (status == STORE_OK && keys != NULL)
    status = destroy_epochs(of, keys, set, now_ms, &out->epochs);
  if (status != STORE_OK) return status;
  if (out->vaults + out->texts + out->epochs == 0 && !tell) return STORE_OK;
  char detail[96];
  (void)snprintf(detail, sizeof(detail),
                 "{\"vaults\":%llu,\"texts\":%llu,\"epochs\":%llu}",
                 (unsigned long long)out->vaults,
                 (unsigned long long)out->texts,
                 (unsigned long long)out->epochs);
  audit_entry entry = entry_of(AUDIT_RETENTION_RUN, now_ms);
  entry.detail = detail;
  status = store_forget(of, now_ms, now_ms - set->feedback_days * DAY_MS,
                        (store_trail){&entry, 1}, &out->rows);
  return status == STORE_OK ? store_scrub_journal(of) : status;
}
