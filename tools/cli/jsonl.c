// SPDX-License-Identifier: Apache-2.0
//
// jsonl.c - see jsonl.h. The threads and the order are stream.c's; here is what
// happens to a line, and where it goes.

#include "jsonl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/files.h"
#include "document.h"
#include "progress.h"
#include "record.h"
#include "stop.h"
#include "stream.h"
#include "target.h"

enum {
  FLUSH = 256 * 1024, // bytes collected before a write
  TOLD = 10           // bad lines that are named on the terminal
};

typedef struct run {
  const sj_setup *setup;
  const char *file;
  sj_target target;
  sj_progress progress;
  sj_buffer out;
  uint64_t documents, bytes;
  size_t bad;
  sj_exit exit;
} run;

/// A thread's own.
typedef struct hand {
  sj_worker worker;
  sj_record record;
} hand;

static void *open_hand(void *ctx) {
  const run *r = ctx;
  hand *mine = calloc(1, sizeof(*mine));
  if (mine) mine->worker.setup = r->setup;
  return mine;
}

static void close_hand(void *arg) {
  hand *mine = arg;
  sj_worker_close(&mine->worker);
  sj_record_free(&mine->record);
  free(mine);
}

// A chart's error names its byte in the chart, which is a part of the line.
static sj_failure
of_line(const hand *mine, const sj_slot *slot, sj_failure of) {
  const sj_file *known = &mine->record.document.known;
  if (of.status == SJ_JSON && of.placed && known->len > 0)
    of.at += (size_t)(known->data - slot->in.data);
  return of;
}

static sj_failure work_line(hand *mine, sj_slot *slot) {
  if (slot->too_long)
    return (sj_failure){.status = SJ_TOO_LARGE,
                        .what = "the line is longer than 100 MB"};
  if (slot->in.failed) return sj_failure_of(SJ_NOMEM, NULL);
  const sj_failure failure =
      sj_record_read(&mine->record, slot->in.data, slot->in.len);
  if (failure.status != SJ_OK) return failure;
  const bool mapped = mine->worker.setup->options->map != NULL;
  const sj_sheets sheets = {.out = &slot->out,
                            .map = mapped ? &slot->map : NULL};
  const sj_outcome outcome =
      sj_document_run(&mine->worker, &mine->record.document, &sheets);
  slot->findings = outcome.findings;
  return of_line(mine, slot, outcome.failure);
}

static void work(void *arg, sj_slot *slot) {
  hand *mine = arg;
  slot->findings = false;
  const sj_failure failure = work_line(mine, slot);
  slot->result = (int)failure.status;
  slot->what = failure.what;
  slot->at = failure.placed ? failure.at + 1 : 0;
  if (failure.status != SJ_OK) {
    sj_buffer_clear(&slot->out, FLUSH);
    sj_buffer_clear(&slot->map, FLUSH);
    sj_write_failure(&slot->out, mine->record.document.id, slot->line,
                     &failure);
  }
  sj_record_clear(&mine->record);
}

static bool flush(run *r) {
  sj_sink_write(&r->target.sink, r->out.data, r->out.len);
  sj_buffer_clear(&r->out, (size_t)2 * FLUSH);
  return r->target.sink.error == 0;
}

static bool idle(void *ctx) {
  run *r = ctx;
  const bool good = r->out.len == 0 || flush(r);
  sj_progress_show(&r->progress, r->documents, r->bytes);
  return good;
}

static void tell(run *r, const sj_slot *slot) {
  r->bad++;
  r->exit = sj_exit_worse(r->exit, sj_exit_of((sj_status)slot->result));
  if (r->bad > TOLD) return;
  sj_progress_end(&r->progress);
  sj_say_at((sj_place){r->file, slot->line, slot->at}, slot->what, NULL);
}

static bool emit(void *ctx, sj_slot *slot) {
  run *r = ctx;
  r->documents++;
  r->bytes += slot->in.len + 1;
  if (slot->result != SJ_OK) tell(r, slot);
  if (slot->findings && r->setup->options->check)
    r->exit = sj_exit_worse(r->exit, SJ_EXIT_FINDINGS);
  // The map first: a text whose way back is lost must not get out.
  if (slot->map.len > 0 &&
      !sj_sink_write(&r->target.map, slot->map.data, slot->map.len))
    return false;
  if (r->out.len > 0 && r->out.len + slot->out.len > FLUSH && !flush(r))
    return false;
  if (slot->out.len > FLUSH)
    return sj_sink_write(&r->target.sink, slot->out.data, slot->out.len);
  sj_buffer_add(&r->out, slot->out.data, slot->out.len);
  sj_progress_show(&r->progress, r->documents, r->bytes);
  return !r->out.failed;
}

static void run_file(run *r) {
  const int fd = sj_file_open(r->file);
  if (fd < 0) {
    sj_say_file(r->file, errno, 0);
    r->exit = sj_exit_worse(r->exit, SJ_EXIT_INPUT);
    return;
  }
  sj_progress_start(&r->progress, fd);
  r->bytes = 0;
  const sj_stream stream = {.fd = fd,
                            .jobs = r->setup->jobs,
                            .ctx = r,
                            .open = open_hand,
                            .work = work,
                            .close = close_hand,
                            .emit = emit,
                            .idle = idle};
  const int error = sj_stream_run(&stream);
  sj_progress_end(&r->progress);
  if (fd != STDIN_FILENO) close(fd);
  if (error == 0) return;
  sj_say_file(r->file, error, 0);
  r->exit = sj_exit_worse(r->exit, error == ENOMEM || error == EAGAIN
                                       ? SJ_EXIT_INTERNAL
                                       : SJ_EXIT_INPUT);
}

sj_exit sj_jsonl_run(const sj_setup *setup) {
  run r = {.setup = setup};
  r.exit = sj_target_open(setup->options, &r.target);
  const bool opened = r.exit == SJ_EXIT_OK;
  sj_stop_listen();
  for (size_t i = 0; opened && i < setup->options->file_count; i++) {
    r.file = setup->options->files[i];
    run_file(&r);
    if (r.target.sink.error || r.target.map.error || sj_stop_asked()) break;
  }
  if (r.bad > TOLD) {
    char words[64];
    snprintf(words, sizeof(words), "%zu", r.bad);
    sj_say("lines that could not be done", words);
  }
  if (r.out.failed) r.exit = SJ_EXIT_INTERNAL;
  sj_buffer_free(&r.out);
  const sj_exit closed = sj_target_close(&r.target, opened && !sj_stop_asked());
  return sj_exit_worse(r.exit, closed);
}
