// SPDX-License-Identifier: Apache-2.0
//
// keeper.c - see keeper.h.

#include "keeper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit.h"
#include "checkpoint.h"
#include "log.h"
#include "metrics.h"
#include "retention.h"

enum { RETENTION_S = 600, EPOCH_S = 3600, TELL_S = 86400, STEP_MS = 2000 };

struct keeper {
  service *service;
  checkpoint_key *key; ///< NULL: none is signed
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  bool ends;
  uint64_t size; ///< rows under the last checkpoint
  int64_t signed_s, shredded_s, rolled_s, told_s; ///< by the steady clock
  int64_t apart_ms; ///< the wall's clock less the steady one
};

static int64_t read_clock(clockid_t id) {
  struct timespec now = {0};
  (void)clock_gettime(id, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static audit_entry entry_of(const char *action, const char *detail) {
  return (audit_entry){.actor = "system",
                       .action = action,
                       .outcome = "ok",
                       .detail = detail,
                       .t_ms = read_clock(CLOCK_REALTIME)};
}

static void publish(keeper *self, int64_t now_s) {
  const config *set = self->service->config;
  store_receipt head;
  store_audit_head(self->service->store, &head);
  // A checkpoint writes a row: that one alone calls for no other.
  if (self->key == NULL || head.seq <= self->size + 1) return;
  checkpoint at = {.stream = head.stream,
                   .size = head.seq,
                   .t_ms = read_clock(CLOCK_REALTIME)};
  memcpy(at.row_hash, head.row_hash, sizeof(at.row_hash));
  char note[CHECKPOINT_NOTE], detail[48];
  if (!checkpoint_sign(self->key, set->checkpoint_origin, &at, note)) {
    log_event(LOG_ERROR, "checkpoint_unsigned", NULL);
    return;
  }
  (void)snprintf(detail, sizeof(detail), "{\"size\":%llu}",
                 (unsigned long long)at.size);
  const audit_entry entry = entry_of(AUDIT_CHECKPOINT_PUBLISHED, detail);
  const store_checkpoint kept = {at.stream, at.size, note};
  self->signed_s = now_s;
  if (store_put_checkpoint(self->service->store, &kept,
                           (store_trail){&entry, 1}) != STORE_OK) {
    log_event(LOG_WARN, "checkpoint_not_stored", NULL);
    return;
  }
  self->size = at.size;
  metric_add(METRIC_CHECKPOINTS, 1);
  metric_set(METRIC_CHECKPOINT_TIME, at.t_ms / 1000);
  if (set->checkpoint_dir[0] == '\0') return;
  const int error =
      checkpoint_keep(set->checkpoint_dir, set->checkpoint_origin, &at, note);
  if (error != 0)
    log_event(LOG_ERROR, "checkpoint_not_kept", "error", strerror(error), NULL);
}

static void retain(keeper *self, int64_t now_s) {
  retention_count count;
  const bool tell = now_s - self->told_s >= TELL_S;
  const store_status status = retention_run(
      self->service->store, self->service->keks, self->service->config,
      read_clock(CLOCK_REALTIME), tell, &count);
  self->shredded_s = now_s;
  if (tell && status == STORE_OK) self->told_s = now_s;
  log_event(status == STORE_OK ? LOG_INFO : LOG_WARN, "retention", "status",
            log_number(0, status), "vaults",
            log_number(1, (long long)count.vaults), "texts",
            log_number(2, (long long)count.texts), NULL);
}

// Order is by number and never by time, so a step harms no row; it is told.
static void watch_clock(keeper *self, int64_t steady_ms) {
  const int64_t apart_ms = read_clock(CLOCK_REALTIME) - steady_ms;
  const int64_t step_ms = apart_ms - self->apart_ms;
  self->apart_ms = apart_ms;
  if (step_ms > -STEP_MS && step_ms < STEP_MS) return;
  char detail[48];
  (void)snprintf(detail, sizeof(detail), "{\"ms\":%lld}", (long long)step_ms);
  const audit_entry entry = entry_of(AUDIT_CLOCK_STEP, detail);
  (void)store_audit(self->service->store, (store_trail){&entry, 1}, NULL);
  log_event(LOG_WARN, "clock_step", "ms", log_number(0, step_ms), NULL);
}

static void look_around(keeper *self) {
  const config *set = self->service->config;
  const int64_t steady_ms = read_clock(CLOCK_MONOTONIC);
  const int64_t now_s = steady_ms / 1000;
  watch_clock(self, steady_ms);
  if (self->service->keks != NULL && now_s - self->rolled_s >= EPOCH_S) {
    self->rolled_s = now_s;
    if (keks_roll(self->service->keks, read_clock(CLOCK_REALTIME) / 1000) !=
        SHARE_OK)
      log_event(LOG_ERROR, "epoch_not_made", NULL);
  }
  if (now_s - self->shredded_s >= RETENTION_S) retain(self, now_s);
  store_receipt head;
  store_audit_head(self->service->store, &head);
  if (now_s - self->signed_s >= set->checkpoint_seconds ||
      head.seq >= self->size + (uint64_t)set->checkpoint_rows)
    publish(self, now_s);
}

static void *run(void *context) {
  keeper *self = context;
  (void)pthread_mutex_lock(&self->mutex);
  while (!self->ends) {
    (void)pthread_mutex_unlock(&self->mutex);
    look_around(self);
    (void)pthread_mutex_lock(&self->mutex);
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    while (!self->ends && pthread_cond_timedwait(&self->wake, &self->mutex,
                                                 &until) != ETIMEDOUT)
      ;
  }
  (void)pthread_mutex_unlock(&self->mutex);
  publish(self, 0);
  return NULL;
}

// Where the last run's checkpoint stands; none is 0.
static uint64_t last_size(store *of) {
  sj_buffer note = {0};
  checkpoint at = {0};
  if (store_last_checkpoint(of, &note) != STORE_OK || note.failed ||
      checkpoint_read(NULL, note.data, note.len, NULL, &at) != CHECKPOINT_OK)
    at.size = 0;
  sj_buffer_free(&note);
  return at.size;
}

keeper *keeper_start(service *of) {
  const config *set = of->config;
  keeper *self = calloc(1, sizeof(*self));
  const char *what = "out of memory";
  if (self != NULL && set->checkpoint_key[0] != '\0')
    self->key =
        checkpoint_key_open(set->checkpoint_key, set->dev_issuer, &what);
  if (self == NULL || (set->checkpoint_key[0] != '\0' && self->key == NULL)) {
    fprintf(stderr, "scrubjayd: [audit] checkpoint_key: %s\n", what);
    free(self);
    return NULL;
  }
  const int64_t steady_ms = read_clock(CLOCK_MONOTONIC);
  self->service = of;
  self->size = last_size(of->store);
  self->apart_ms = read_clock(CLOCK_REALTIME) - steady_ms;
  self->signed_s = steady_ms / 1000;
  self->rolled_s = self->signed_s;                 // service_open() did
  self->shredded_s = self->signed_s - RETENTION_S; // at once
  self->told_s = self->signed_s - TELL_S;
  pthread_condattr_t steady;
  (void)pthread_condattr_init(&steady);
  (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  (void)pthread_cond_init(&self->wake, &steady);
  (void)pthread_condattr_destroy(&steady);
  (void)pthread_mutex_init(&self->mutex, NULL);
  if (pthread_create(&self->thread, NULL, run, self) == 0) return self;
  fprintf(stderr, "scrubjayd: no thread can be started\n");
  checkpoint_key_free(self->key);
  free(self);
  return NULL;
}

void keeper_stop(keeper *self) {
  if (self == NULL) return;
  (void)pthread_mutex_lock(&self->mutex);
  self->ends = true;
  (void)pthread_cond_signal(&self->wake);
  (void)pthread_mutex_unlock(&self->mutex);
  (void)pthread_join(self->thread, NULL);
  (void)pthread_cond_destroy(&self->wake);
  (void)pthread_mutex_destroy(&self->mutex);
  checkpoint_key_free(self->key);
  free(self);
}
