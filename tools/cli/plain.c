// SPDX-License-Identifier: Apache-2.0
//
// plain.c - see plain.h.

#include "plain.h"

#include <string.h>

#include "../common/json_write.h"
#include "document.h"
#include "stop.h"
#include "target.h"

static const size_t TEXT_LIMIT = (size_t)SJ_TEXT_MAX;

/// Bytes that begin a file which is no plain text, and what to do then.
static const char *advice(const sj_buffer *text) {
  static const struct {
    const char *magic;
    size_t len;
    const char *words;
  } kinds[] = {
      {"\xFF\xFE", 2, "it looks like UTF-16; convert it to UTF-8 first"},
      {"\xFE\xFF", 2, "it looks like UTF-16; convert it to UTF-8 first"},
      {"%PDF", 4, "it looks like a PDF; take its text out first"},
      {"PK\x03\x04", 4, "it looks like DOCX or ZIP; take its text out first"},
      {"\x89PNG", 4, "it looks like an image"},
      {"\xFF\xD8\xFF", 3, "it looks like an image"},
      {"\x1F\x8B", 2, "it looks like gzip; unpack it first"},
  };
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
    if (text->len >= kinds[i].len &&
        memcmp(text->data, kinds[i].magic, kinds[i].len) == 0)
      return kinds[i].words;
  return "if it is in another encoding, convert it first";
}

static sj_exit say_failure(const char *name,
                           const sj_failure *failure,
                           const sj_buffer *text) {
  sj_place place = {.file = name};
  const char *detail = failure->where;
  if (failure->status == SJ_UTF8) {
    place.byte = failure->at + 1;
    place.line = 1;
    for (size_t i = 0; i < failure->at && i < text->len; i++)
      place.line += text->data[i] == '\n';
    detail = advice(text);
  }
  if (failure->status == SJ_INCOMPLETE)
    detail = "--allow-partial hides those lines and writes the rest";
  sj_say_at(place, failure->what, detail);
  return sj_exit_of(failure->status);
}

typedef struct pages {
  sj_buffer text, id, out, map;
} pages;

/// One file on its way out.
typedef struct parcel {
  sj_target *target;
  pages *with;
  const char *name;
  bool last; ///< no other text follows on the same output
  sj_exit exit;
} parcel;

/// Texts that follow each other on one output begin on lines of their own.
static sj_exit send(const parcel *to, const char *text, size_t len) {
  sj_sink *sink = &to->target->sink;
  sj_sink_write(sink, text, len);
  const bool open = len > 0 && text[len - 1] != '\n';
  if (open && !to->last) sj_sink_write(sink, "\n", 1);
  return sink->error == 0 ? SJ_EXIT_OK : SJ_EXIT_INTERNAL;
}

static void take(void *ctx, const char *text, size_t len) {
  parcel *to = ctx;
  const sj_buffer *map = &to->with->map;
  // The map first: a text whose way back is lost must not get out.
  if (!sj_sink_write(&to->target->map, map->data, map->len))
    to->exit = SJ_EXIT_INTERNAL;
  else if (to->target->folder)
    to->exit = sj_target_write_file(to->target, to->name, text, len);
  else
    to->exit = send(to, text, len);
}

static void drain(void *ctx, const char *data, size_t len) {
  parcel *to = ctx;
  sj_sink_write(&to->target->sink, data, len);
}

static sj_exit run_document(sj_worker *worker, parcel *to) {
  pages *with = to->with;
  const sj_options *options = worker->setup->options;
  const sj_document document = {.id = {with->id.data, with->id.len},
                                .text = with->text.data ? with->text.data : "",
                                .len = with->text.len,
                                .langs = -1};
  sj_sheets sheets = {.out = &with->out,
                      .map = to->target->map_name ? &with->map : NULL};
  if (options->command == SJ_REDACT) {
    sheets.take = take;
    sheets.ctx = to;
    sheets.source = &with->text;
  } else {
    with->out.drain = drain;
    with->out.ctx = to;
  }
  const sj_outcome outcome = sj_document_run(worker, &document, &sheets);
  if (outcome.failure.status != SJ_OK)
    return say_failure(to->name, &outcome.failure, &with->text);
  if (!sheets.take) to->exit = send(to, with->out.data, with->out.len);
  const bool found = options->check && outcome.findings;
  return found ? sj_exit_worse(to->exit, SJ_EXIT_FINDINGS) : to->exit;
}

static sj_exit
run_file(sj_worker *worker, sj_target *target, size_t at, pages *with) {
  const sj_options *options = worker->setup->options;
  const char *name = options->files[at];
  const int error = sj_file_read(name, TEXT_LIMIT, &with->text);
  if (error != 0) {
    if (!sj_stop_asked()) sj_say_file(name, error, TEXT_LIMIT);
    return with->text.failed ? SJ_EXIT_INTERNAL : SJ_EXIT_INPUT;
  }
  sj_put_name(&with->id, name);
  parcel to = {.target = target,
               .with = with,
               .name = name,
               .last = at + 1 == options->file_count};
  return run_document(worker, &to);
}

sj_exit sj_plain_run(const sj_setup *setup) {
  sj_target target;
  sj_exit exit = sj_target_open(setup->options, &target);
  const bool opened = exit == SJ_EXIT_OK;
  sj_stop_listen();
  sj_worker worker = {.setup = setup};
  pages with = {{0}, {0}, {0}, {0}};
  bool any = false;
  for (size_t i = 0; i < setup->options->file_count && opened &&
                     exit < SJ_EXIT_INTERNAL && !sj_stop_asked();
       i++) {
    const sj_exit one = run_file(&worker, &target, i, &with);
    any = any || one <= SJ_EXIT_FINDINGS;
    exit = sj_exit_worse(exit, one);
    sj_buffer_clear(&with.text, 0);
    sj_buffer_clear(&with.id, 256);
    sj_buffer_clear(&with.out, 0);
    sj_buffer_clear(&with.map, 0);
  }
  sj_worker_close(&worker);
  sj_buffer_free(&with.id);
  const bool keep = any && !sj_stop_asked();
  return sj_exit_worse(exit, sj_target_close(&target, keep));
}
