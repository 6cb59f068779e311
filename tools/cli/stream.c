// SPDX-License-Identifier: Apache-2.0
//
// stream.c - see stream.h. Three counters run through the ring: `head` lines
// were read, `taken` of them by workers, `tail` written.

#include "stream.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lines.h"
#include "stop.h"

enum {
  SLOTS_PER_JOB = 8,
  IN_FLIGHT = 32 * 1024 * 1024, // bytes of lines in the ring, or one line
  KEEP = 64 * 1024,             // of a slot's room between lines
  TICK_MS = 100
};

typedef struct ring {
  const sj_stream *stream;
  pthread_mutex_t lock;
  pthread_cond_t work, done, room;
  sj_slot *slots;
  size_t size, head, taken, tail;
  size_t bytes;
  bool ended, stopped;
  int error;
} ring;

static void wait_a_tick(pthread_cond_t *condition, pthread_mutex_t *lock) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += TICK_MS * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_nsec -= 1000000000L;
    until.tv_sec++;
  }
  pthread_cond_timedwait(condition, lock, &until);
}

static void stop(ring *r, int error) {
  pthread_mutex_lock(&r->lock);
  if (r->error == 0) r->error = error;
  r->stopped = true;
  pthread_cond_broadcast(&r->work);
  pthread_cond_broadcast(&r->room);
  pthread_cond_broadcast(&r->done);
  pthread_mutex_unlock(&r->lock);
}

/// A free slot for the reader; NULL when the stream stops.
static sj_slot *free_slot(ring *r) {
  pthread_mutex_lock(&r->lock);
  while (!r->stopped && (r->head - r->tail == r->size ||
                         (r->bytes > IN_FLIGHT && r->head > r->tail)))
    pthread_cond_wait(&r->room, &r->lock);
  sj_slot *slot = r->stopped ? NULL : &r->slots[r->head % r->size];
  pthread_mutex_unlock(&r->lock);
  return slot;
}

static bool is_stopped(ring *r) {
  pthread_mutex_lock(&r->lock);
  const bool stopped = r->stopped;
  pthread_mutex_unlock(&r->lock);
  return stopped;
}

static bool is_blank(const sj_buffer *line) {
  for (size_t i = 0; i < line->len; i++)
    if (line->data[i] != ' ' && line->data[i] != '\t' && line->data[i] != '\r')
      return false;
  return true;
}

/// Read the next line that is not blank. END and ERROR end the stream.
static sj_line
next_line(ring *r, sj_lines *lines, size_t *number, sj_slot *to) {
  for (;;) {
    const sj_line got = sj_lines_next(lines, TICK_MS, &to->in);
    if (got == SJ_LINE_NOT_YET) {
      if (is_stopped(r)) return SJ_LINE_END;
      continue;
    }
    if (got == SJ_LINE_END || got == SJ_LINE_ERROR) return got;
    ++*number;
    if (*number == 1 && to->in.len >= 3 &&
        memcmp(to->in.data, "\xEF\xBB\xBF", 3) == 0) {
      memset(to->in.data, ' ', 3); // a byte order mark is a blank here
    }
    if (got == SJ_LINE_LONG || to->in.failed || !is_blank(&to->in)) return got;
    sj_buffer_clear(&to->in, KEEP);
  }
}

static void *read_stream(void *arg) {
  ring *r = arg;
  sj_lines lines = {.fd = r->stream->fd};
  size_t number = 0;
  int error = 0;
  for (;;) {
    sj_slot *slot = free_slot(r);
    if (!slot) break;
    const sj_line got = next_line(r, &lines, &number, slot);
    if (got == SJ_LINE_ERROR) error = lines.error;
    if (got == SJ_LINE_END || got == SJ_LINE_ERROR) break;
    slot->line = number;
    slot->too_long = got == SJ_LINE_LONG;
    slot->done = false;
    pthread_mutex_lock(&r->lock);
    r->bytes += slot->in.len;
    r->head++;
    pthread_cond_signal(&r->work);
    pthread_mutex_unlock(&r->lock);
  }
  sj_lines_close(&lines);
  pthread_mutex_lock(&r->lock);
  if (r->error == 0) r->error = error;
  r->ended = true;
  pthread_cond_broadcast(&r->work);
  pthread_cond_broadcast(&r->done);
  pthread_mutex_unlock(&r->lock);
  return NULL;
}

static sj_slot *take_slot(ring *r) {
  pthread_mutex_lock(&r->lock);
  while (r->taken == r->head && !r->ended && !r->stopped)
    pthread_cond_wait(&r->work, &r->lock);
  sj_slot *slot = NULL;
  if (r->taken < r->head && !r->stopped) slot = &r->slots[r->taken++ % r->size];
  pthread_mutex_unlock(&r->lock);
  return slot;
}

static void *work_stream(void *arg) {
  ring *r = arg;
  void *worker = r->stream->open(r->stream->ctx);
  if (!worker) {
    stop(r, ENOMEM);
    return NULL;
  }
  for (sj_slot *slot = take_slot(r); slot; slot = take_slot(r)) {
    r->stream->work(worker, slot);
    pthread_mutex_lock(&r->lock);
    slot->done = true;
    pthread_cond_signal(&r->done);
    pthread_mutex_unlock(&r->lock);
  }
  r->stream->close(worker);
  return NULL;
}

/// The slot to write next, or NULL: `*over` tells the end from a mere wait.
static sj_slot *ready_slot(ring *r, bool wait, bool *over) {
  pthread_mutex_lock(&r->lock);
  sj_slot *slot = NULL;
  if (r->tail < r->head && r->slots[r->tail % r->size].done)
    slot = &r->slots[r->tail % r->size];
  *over = !slot && (r->stopped || (r->ended && r->tail == r->head));
  if (!slot && !*over && wait) wait_a_tick(&r->done, &r->lock);
  pthread_mutex_unlock(&r->lock);
  return slot;
}

static void release_slot(ring *r, sj_slot *slot) {
  const size_t bytes = slot->in.len;
  sj_buffer_clear(&slot->in, KEEP);
  sj_buffer_clear(&slot->out, KEEP);
  sj_buffer_clear(&slot->map, KEEP);
  pthread_mutex_lock(&r->lock);
  r->bytes -= bytes;
  r->tail++;
  pthread_cond_signal(&r->room);
  pthread_mutex_unlock(&r->lock);
}

static void write_stream(ring *r) {
  const sj_stream *stream = r->stream;
  bool over = false;
  bool wait = false;
  while (!over && !sj_stop_asked()) {
    sj_slot *slot = ready_slot(r, wait, &over);
    if (slot) {
      const bool good = stream->emit(stream->ctx, slot);
      release_slot(r, slot);
      wait = false;
      if (!good) break;
    } else {
      if (!stream->idle(stream->ctx)) break;
      wait = true;
    }
  }
  stream->idle(stream->ctx);
  stop(r, 0);
}

static void run_threads(ring *r, pthread_t *threads, unsigned count) {
  unsigned made = 0;
  int error = 0;
  for (; made < count && error == 0; made++)
    error = pthread_create(&threads[made], NULL,
                           made == 0 ? read_stream : work_stream, r);
  if (error != 0) {
    made--;
    stop(r, error);
  } else {
    write_stream(r);
  }
  for (unsigned i = 0; i < made; i++)
    pthread_join(threads[i], NULL);
}

int sj_stream_run(const sj_stream *stream) {
  ring r = {.stream = stream, .size = (size_t)stream->jobs * SLOTS_PER_JOB};
  pthread_t *threads = calloc(stream->jobs + 1u, sizeof(*threads));
  r.slots = calloc(r.size, sizeof(*r.slots));
  if (!threads || !r.slots) {
    free(threads);
    free(r.slots);
    return ENOMEM;
  }
  pthread_mutex_init(&r.lock, NULL);
  pthread_cond_init(&r.work, NULL);
  pthread_cond_init(&r.done, NULL);
  pthread_cond_init(&r.room, NULL);
  run_threads(&r, threads, stream->jobs + 1u);
  for (size_t i = 0; i < r.size; i++) {
    sj_buffer_free(&r.slots[i].in);
    sj_buffer_free(&r.slots[i].out);
    sj_buffer_free(&r.slots[i].map);
  }
  pthread_cond_destroy(&r.room);
  pthread_cond_destroy(&r.done);
  pthread_cond_destroy(&r.work);
  pthread_mutex_destroy(&r.lock);
  free(threads);
  free(r.slots);
  return r.error;
}
