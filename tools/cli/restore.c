// SPDX-License-Identifier: Apache-2.0
//
// restore.c - see restore.h. A plain map is one document's: each FILE is
// restored by it from the start. A stream's maps come in the order of its
// documents, and the ids must agree.

#include "restore.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../common/files.h"
#include "../common/json_write.h"
#include "lines.h"
#include "record.h"
#include "stop.h"
#include "target.h"
#include "way_back.h"

enum { KEEP = 64 * 1024 };

/// A scrubbed text may be longer than its document.
static const size_t LIMIT = (size_t)256 * 1024 * 1024;

static sj_exit say(const char *file, size_t line, const sj_failure *failure) {
  const sj_place place = {.file = file,
                          .line = line,
                          .byte = failure->placed ? failure->at + 1 : 0};
  sj_say_at(place, failure->what, NULL);
  return failure->status == SJ_NOMEM ? SJ_EXIT_INTERNAL : SJ_EXIT_INPUT;
}

static sj_failure put_back(const sj_way_back *way,
                           const char *text,
                           size_t len,
                           sj_restored **out) {
  const sj_file scrubbed = {"", text, len};
  const sj_status status =
      sj_restored_new(&scrubbed, way->map, way->count, out);
  sj_failure failure = sj_failure_of(status, NULL);
  if (status == SJ_ARGUMENT) failure.what = "the map names a placeholder twice";
  return failure;
}

// ---------------------------------------------------------------------------
// Plain files
// ---------------------------------------------------------------------------

static sj_exit read_whole(const char *name, sj_buffer *out) {
  const int error = sj_file_read(name, LIMIT, out);
  if (error == 0) return SJ_EXIT_OK;
  sj_say_file(name, error, LIMIT);
  return error == ENOMEM ? SJ_EXIT_INTERNAL : SJ_EXIT_INPUT;
}

static sj_exit read_map(const char *name, sj_way_back *way) {
  sj_buffer json = {0};
  sj_exit exit = read_whole(name, &json);
  if (exit == SJ_EXIT_OK) {
    const sj_failure failure = sj_way_back_read(way, json.data, json.len);
    if (failure.status != SJ_OK) exit = say(name, 0, &failure);
  }
  sj_buffer_free(&json);
  return exit;
}

static sj_exit run_file(const sj_options *options,
                        sj_target *target,
                        const sj_way_back *way,
                        size_t at) {
  const char *name = options->files[at];
  sj_buffer text = {0};
  sj_restored *restored = NULL;
  sj_exit exit = read_whole(name, &text);
  if (exit == SJ_EXIT_OK) {
    const sj_failure failure = put_back(way, text.data, text.len, &restored);
    if (failure.status != SJ_OK) exit = say(options->map, 0, &failure);
  }
  sj_buffer_free(&text);
  if (exit == SJ_EXIT_OK) {
    size_t len = 0;
    const char *whole = sj_restored_text(restored, &len);
    if (target->folder)
      exit = sj_target_write_file(target, name, whole, len);
    else if (!sj_sink_write(&target->sink, whole, len))
      exit = SJ_EXIT_INTERNAL;
    // Texts that follow each other begin on lines of their own.
    const bool open = len > 0 && whole[len - 1] != '\n';
    if (!target->folder && open && at + 1 < options->file_count)
      sj_sink_write(&target->sink, "\n", 1);
  }
  sj_restored_free(restored);
  return exit;
}

static sj_exit run_plain(const sj_options *options, sj_target *target) {
  sj_way_back way = {0};
  sj_exit exit = read_map(options->map, &way);
  bool any = false;
  for (size_t i = 0; i < options->file_count && way.map &&
                     exit < SJ_EXIT_INTERNAL && !sj_stop_asked();
       i++) {
    const sj_exit one = run_file(options, target, &way, i);
    any = any || one == SJ_EXIT_OK;
    exit = sj_exit_worse(exit, one);
  }
  sj_way_back_free(&way);
  const bool keep = any && !sj_stop_asked();
  return sj_exit_worse(exit, sj_target_close(target, keep));
}

// ---------------------------------------------------------------------------
// Streams
// ---------------------------------------------------------------------------

/// A file that is read line by line.
typedef struct feed {
  const char *name;
  sj_lines lines;
  sj_buffer line;
  size_t number;
} feed;

static sj_exit open_feed(const char *name, feed *out) {
  *out = (feed){.name = name, .lines = {.fd = sj_file_open(name)}};
  if (out->lines.fd >= 0) return SJ_EXIT_OK;
  sj_say_file(name, errno, 0);
  return SJ_EXIT_INPUT;
}

static void close_feed(feed *from) {
  if (from->lines.fd > STDIN_FILENO) close(from->lines.fd);
  sj_lines_close(&from->lines);
  sj_buffer_free(&from->line);
}

/// The next line that is not blank. A line over the limit is a failure, which
/// its place tells from the others.
static sj_line next_line(feed *from) {
  for (;;) {
    sj_buffer_clear(&from->line, KEEP);
    sj_line got;
    do
      got = sj_lines_next(&from->lines, 200, &from->line);
    while (got == SJ_LINE_NOT_YET && !sj_stop_asked());
    if (got == SJ_LINE_NOT_YET || got == SJ_LINE_END) return SJ_LINE_END;
    from->number++;
    if (from->line.failed) {
      from->lines.error = ENOMEM;
      return SJ_LINE_ERROR;
    }
    if (got != SJ_LINE_WHOLE) return got;
    for (size_t i = 0; i < from->line.len; i++)
      if (!strchr(" \t\r", from->line.data[i])) return got;
  }
}

static sj_failure refusal(sj_line line, const char *none) {
  const bool too_long = line == SJ_LINE_LONG;
  return (sj_failure){.status = too_long ? SJ_TOO_LARGE : SJ_ARGUMENT,
                      .what = too_long ? "the line is longer than 100 MB"
                              : line == SJ_LINE_END ? none
                                                    : "cannot be read"};
}

/// The map of the document with this id, which must be the next one.
static sj_exit take_map(feed *maps, sj_id id, sj_way_back *way) {
  const sj_line got = next_line(maps);
  sj_failure failure =
      refusal(got, "the map ends before the stream of documents");
  if (got == SJ_LINE_WHOLE)
    failure = sj_way_back_read(way, maps->line.data, maps->line.len);
  const bool same = way->id.json && id.json && way->id.len == id.len &&
                    memcmp(way->id.json, id.json, id.len) == 0;
  if (failure.status == SJ_OK && !same) {
    failure.status = SJ_ARGUMENT;
    failure.what = "this line is of another document: the ids differ";
  }
  return failure.status == SJ_OK ? SJ_EXIT_OK
                                 : say(maps->name, maps->number, &failure);
}

static bool write_record(sj_target *target, sj_id id, const sj_restored *from) {
  size_t len = 0;
  const char *text = sj_restored_text(from, &len);
  sj_buffer out = {0};
  sj_buffer_put(&out, "{\"id\":");
  sj_buffer_add(&out, id.json, id.len);
  sj_buffer_put(&out, ",\"text\":");
  sj_put_string(&out, text, len);
  sj_buffer_put(&out, "}\n");
  const bool good =
      !out.failed && sj_sink_write(&target->sink, out.data, out.len);
  sj_buffer_free(&out);
  return good;
}

static bool write_bad(sj_target *target,
                      const feed *from,
                      sj_id id,
                      const sj_failure *failure) {
  sj_buffer out = {0};
  sj_write_failure(&out, id, from->number, failure);
  const bool good =
      !out.failed && sj_sink_write(&target->sink, out.data, out.len);
  sj_buffer_free(&out);
  return good;
}

/// One line. `*fatal` where maps and documents are no longer in step.
static sj_exit run_line(feed *from,
                        feed *maps,
                        sj_record *record,
                        sj_target *target,
                        bool *fatal) {
  const sj_failure failure =
      sj_record_read(record, from->line.data, from->line.len);
  const sj_id id = record->document.id;
  if (failure.status != SJ_OK) { // such as the error line of a document
    *fatal = !write_bad(target, from, id, &failure);
    return say(from->name, from->number, &failure);
  }
  sj_way_back way = {0};
  sj_exit exit = take_map(maps, id, &way);
  *fatal = exit != SJ_EXIT_OK;
  if (exit == SJ_EXIT_OK) {
    sj_restored *restored = NULL;
    const sj_failure back =
        put_back(&way, record->document.text, record->document.len, &restored);
    if (back.status != SJ_OK)
      exit = say(maps->name, maps->number, &back);
    else
      *fatal = !write_record(target, id, restored);
    sj_restored_free(restored);
  }
  sj_way_back_free(&way);
  return exit;
}

static sj_exit
run_stream(const char *name, feed *maps, sj_target *target, bool *fatal) {
  feed from;
  sj_record record = {0};
  sj_exit exit = open_feed(name, &from);
  sj_line got = SJ_LINE_END;
  while (exit < SJ_EXIT_INTERNAL && from.lines.fd >= 0 && !*fatal &&
         (got = next_line(&from)) == SJ_LINE_WHOLE) {
    exit = sj_exit_worse(exit, run_line(&from, maps, &record, target, fatal));
    sj_record_clear(&record);
  }
  if (got == SJ_LINE_LONG || got == SJ_LINE_ERROR) {
    const sj_failure failure = refusal(got, "");
    exit = sj_exit_worse(exit, say(name, from.number, &failure));
    *fatal = true;
  }
  sj_record_free(&record);
  close_feed(&from);
  return exit;
}

static sj_exit run_streams(const sj_options *options, sj_target *target) {
  feed maps;
  sj_exit exit = open_feed(options->map, &maps);
  bool fatal = exit != SJ_EXIT_OK;
  for (size_t i = 0; i < options->file_count && !fatal; i++)
    exit = sj_exit_worse(exit,
                         run_stream(options->files[i], &maps, target, &fatal));
  if (!fatal && !sj_stop_asked() && next_line(&maps) != SJ_LINE_END) {
    const sj_failure failure = {.status = SJ_ARGUMENT,
                                .what = "a map without a document"};
    exit = sj_exit_worse(exit, say(maps.name, maps.number, &failure));
  }
  close_feed(&maps);
  return sj_exit_worse(exit, sj_target_close(target, !sj_stop_asked()));
}

sj_exit sj_restore_run(const sj_options *options) {
  sj_target target;
  const sj_exit exit = sj_target_open(options, &target);
  if (exit != SJ_EXIT_OK) return exit;
  sj_stop_listen();
  return options->jsonl ? run_streams(options, &target)
                        : run_plain(options, &target);
}
