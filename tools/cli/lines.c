// SPDX-License-Identifier: Apache-2.0
//
// lines.c - see lines.h.

#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

/// Fill the chunk. WHOLE here means that there is something to look at.
static sj_line fill(sj_lines *lines, int wait_ms) {
  struct pollfd look = {.fd = lines->fd, .events = POLLIN};
  if (poll(&look, 1, wait_ms) <= 0) return SJ_LINE_NOT_YET;
  sj_buffer_clear(&lines->chunk, CHUNK);
  lines->at = 0;
  if (!sj_buffer_reserve(&lines->chunk, CHUNK)) {
    lines->error = ENOMEM;
    return SJ_LINE_ERROR;
  }
  const ssize_t got = read(lines->fd, lines->chunk.data, CHUNK);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return SJ_LINE_NOT_YET;
  if (got < 0) {
    lines->error = errno;
    return SJ_LINE_ERROR;
  }
  lines->ended = got == 0;
  lines->chunk.len = (size_t)got;
  lines->bytes += (uint64_t)got;
  return SJ_LINE_WHOLE;
}

/// Move what belongs to the line out of the chunk. True at the line's end.
static bool take(sj_lines *lines, sj_buffer *line) {
  const char *from = lines->chunk.data + lines->at;
  const size_t left = lines->chunk.len - lines->at;
  const char *end = memchr(from, '\n', left);
  const size_t len = end ? (size_t)(end - from) : left;
  if (line->len + len > SJ_LINE_MAX) {
    lines->skipping = true;
    sj_buffer_clear(line, CHUNK);
  }
  if (!lines->skipping) sj_buffer_add(line, from, len);
  lines->at += len + (end ? 1 : 0);
  return end != NULL;
}

static sj_line finish(sj_lines *lines) {
  const bool too_long = lines->skipping;
  lines->skipping = false;
  return too_long ? SJ_LINE_LONG : SJ_LINE_WHOLE;
}

sj_line sj_lines_next(sj_lines *lines, int wait_ms, sj_buffer *line) {
  for (;;) {
    if (lines->at < lines->chunk.len) {
      if (take(lines, line)) return finish(lines);
      continue;
    }
    if (lines->ended) {
      // A last line without an end is a line.
      if (line->len > 0 || lines->skipping) return finish(lines);
      return SJ_LINE_END;
    }
    const sj_line got = fill(lines, wait_ms);
    if (got != SJ_LINE_WHOLE) return got;
  }
}

void sj_lines_close(sj_lines *lines) {
  sj_buffer_free(&lines->chunk);
}
