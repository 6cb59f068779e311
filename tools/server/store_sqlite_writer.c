// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite_writer.c - the one thread that writes. While one commit waits
// for the disk, changes queue up; the next commit takes all of them, so that
// many threads share one sync. Each change is a savepoint of its own: one that
// is refused leaves the others alone. A thread is woken only when its change
// is on disk.

#include <string.h>
#include <time.h>

#include "metrics.h"
#include "store_sqlite.h"

static int64_t now_us(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool is_fatal(store_status status) {
  return status == STORE_FULL || status == STORE_FAILED;
}

// One change with its rows, or neither.
static store_status
run_one(connection *writer, write_op *op, store_receipt *head) {
  if (op->journal) return STORE_OK;
  const store_receipt before = *head;
  store_status status = sql_run(writer, "SAVEPOINT one", "");
  if (status != STORE_OK) return status;
  // The rows come first: what is written may refer to the last one's place.
  status = store_audit_write(writer, op->trail, head);
  const store_receipt after = *head;
  op->receipt = after;
  if (status == STORE_OK && op->act != NULL)
    status = op->act(writer, op->args, op);
  if (status != STORE_OK) {
    *head = before;
    if (is_fatal(status)) return status;
    const store_status undone = sql_run(writer, "ROLLBACK TO one", "");
    if (undone != STORE_OK) return undone;
  }
  const store_status released = sql_run(writer, "RELEASE one", "");
  return released == STORE_OK ? status : released;
}

// A batch is one transaction. Its failure is the failure of all in it, for
// nothing of it is on disk.
static store_status
run_batch(connection *writer, write_op *batch, store_receipt *head) {
  store_status whole = sql_run(writer, "BEGIN IMMEDIATE", "");
  for (write_op *op = batch; op != NULL && whole == STORE_OK; op = op->next) {
    op->status = run_one(writer, op, head);
    if (is_fatal(op->status)) whole = op->status;
  }
  if (whole == STORE_OK) whole = sql_run(writer, "COMMIT", "");
  if (whole == STORE_OK) return STORE_OK;
  if (sqlite3_get_autocommit(writer->db) == 0 &&
      sql_run(writer, "ROLLBACK", "") != STORE_OK)
    whole = STORE_FAILED;
  for (write_op *op = batch; op != NULL; op = op->next)
    op->status = whole;
  return whole;
}

// Readers that are under way keep the journal from being truncated; they are
// short, and the busy timeout waits for them.
static void run_journal(connection *writer, write_op *batch) {
  for (write_op *op = batch; op != NULL; op = op->next) {
    if (!op->journal || op->status != STORE_OK) continue;
    const int code = sqlite3_wal_checkpoint_v2(
        writer->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code == SQLITE_BUSY)
      op->status = STORE_BUSY;
    else if (code != SQLITE_OK)
      op->status = STORE_FAILED;
  }
}

// Up to STORE_BATCH changes, parted from the queue. The mutex is held.
static write_op *take_batch(store *self) {
  write_op *batch = self->first, *last = batch;
  size_t count = 1;
  while (last->next != NULL && count < STORE_BATCH)
    last = last->next, count++;
  self->first = last->next;
  if (self->first == NULL) self->last = NULL;
  last->next = NULL;
  self->waiting -= count;
  return batch;
}

static void finish(store *self, write_op *batch, store_status whole) {
  // Behind `done`, an op may be gone: read its link first.
  for (write_op *op = batch, *next; op != NULL; op = next) {
    next = op->next;
    op->done = true;
  }
  self->full = whole == STORE_FULL;
  self->failed = whole == STORE_FAILED;
  (void)pthread_cond_broadcast(&self->done);
}

static void *writer_main(void *context) {
  store *self = context;
  (void)pthread_mutex_lock(&self->mutex);
  for (;;) {
    while (self->first == NULL && !self->closing)
      (void)pthread_cond_wait(&self->work, &self->mutex);
    if (self->first == NULL) break;
    write_op *batch = take_batch(self);
    store_receipt head = self->head;
    const bool dead = self->failed;
    (void)pthread_mutex_unlock(&self->mutex);

    const int64_t begin = now_us();
    store_status whole = STORE_FAILED;
    if (!dead) {
      whole = run_batch(&self->writer, batch, &head);
      run_journal(&self->writer, batch);
      metric_add(METRIC_COMMITS, 1);
      metric_observe(METRIC_COMMIT_TIME, now_us() - begin);
    } else {
      for (write_op *op = batch; op != NULL; op = op->next)
        op->status = STORE_FAILED;
    }

    (void)pthread_mutex_lock(&self->mutex);
    if (whole == STORE_OK) {
      metric_add(METRIC_AUDIT_ROWS, (int64_t)(head.seq - self->head.seq));
      self->head = head;
    }
    finish(self, batch, whole);
    if (whole == STORE_FAILED && !dead && self->on_failure != NULL)
      self->on_failure(self->on_failure_ctx);
  }
  (void)pthread_mutex_unlock(&self->mutex);
  return NULL;
}

store_status store_write_op(store *self, write_op *op) {
  (void)pthread_mutex_lock(&self->mutex);
  if (self->closing || self->waiting >= self->queue) {
    (void)pthread_mutex_unlock(&self->mutex);
    return STORE_BUSY;
  }
  op->next = NULL;
  op->done = false;
  if (self->last == NULL)
    self->first = op;
  else
    self->last->next = op;
  self->last = op;
  self->waiting++;
  metric_set(METRIC_QUEUE, (int64_t)self->waiting);
  (void)pthread_cond_signal(&self->work);
  while (!op->done)
    (void)pthread_cond_wait(&self->done, &self->mutex);
  (void)pthread_mutex_unlock(&self->mutex);
  return op->status;
}

store_status store_write(store *self,
                         store_status (*act)(connection *, void *, write_op *),
                         void *args,
                         store_trail trail,
                         store_receipt *receipt) {
  write_op op = {.act = act, .args = args, .trail = trail};
  const store_status status = store_write_op(self, &op);
  if (receipt != NULL && (status == STORE_OK || status == STORE_REPLAY))
    *receipt = op.receipt;
  return status;
}

store_status store_scrub_journal(store *self) {
  write_op op = {.journal = true};
  return store_write_op(self, &op);
}

store_status store_ready(store *self) {
  (void)pthread_mutex_lock(&self->mutex);
  const store_status status = self->failed ? STORE_FAILED
                              : self->full ? STORE_FULL
                                           : STORE_OK;
  (void)pthread_mutex_unlock(&self->mutex);
  return status;
}

void store_on_failure(store *self, void (*call)(void *ctx), void *ctx) {
  (void)pthread_mutex_lock(&self->mutex);
  self->on_failure = call;
  self->on_failure_ctx = ctx;
  (void)pthread_mutex_unlock(&self->mutex);
}

void store_audit_head(store *self, store_receipt *head) {
  (void)pthread_mutex_lock(&self->mutex);
  *head = self->head;
  (void)pthread_mutex_unlock(&self->mutex);
}

bool store_writer_start(store *self) {
  self->running = pthread_create(&self->thread, NULL, writer_main, self) == 0;
  return self->running;
}

void store_writer_stop(store *self) {
  if (!self->running) return;
  (void)pthread_mutex_lock(&self->mutex);
  self->closing = true;
  (void)pthread_cond_signal(&self->work);
  (void)pthread_mutex_unlock(&self->mutex);
  (void)pthread_join(self->thread, NULL);
  self->running = false;
}
