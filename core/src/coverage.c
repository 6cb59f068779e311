// SPDX-License-Identifier: Apache-2.0
//
// coverage.c - law 1: every letter and digit was looked at, or its line is
// named here.

#include "coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text.h"

static int by_start(const void *left, const void *right) {
  const sj_range *a = left;
  const sj_range *b = right;
  return (a->start > b->start) - (a->start < b->start);
}

static uint32_t letters_and_digits(const sj_text *text, sj_range range) {
  uint32_t count = 0;
  size_t at = range.start;
  while (at < range.end) {
    const unsigned byte = text->bytes[at];
    if (byte < 0x80) {
      count += (byte | 0x20u) - 'a' < 26 || byte - '0' < 10;
      at++;
    } else {
      count += sj_utf8_is_alnum(sj_utf8_next(text->bytes, &at));
    }
  }
  return count;
}

static bool is_blank(const sj_text *text, sj_range line) {
  for (uint32_t at = line.start; at < line.end; at++)
    if (text->bytes[at] > ' ') return false;
  return true;
}

static sj_range whole_line(const sj_text *text, uint32_t line) {
  sj_range whole = {text->lines[line], sj_text_line_end(text, line)};
  while (whole.end > whole.start && (text->bytes[whole.end - 1] == '\n' ||
                                     text->bytes[whole.end - 1] == '\r'))
    whole.end--;
  return whole;
}

// Push the lines that the sorted stretches touch, each of them once.
static sj_status push_lines(sj_arena *arena,
                            const sj_text *text,
                            const sj_range *sorted,
                            size_t count,
                            sj_ranges *lines) {
  uint32_t next = 0; // first line that was not looked at yet
  for (size_t i = 0; i < count; i++) {
    if (sorted[i].start >= sorted[i].end) continue;
    uint32_t line = sj_text_line(text, sorted[i].start);
    const uint32_t last = sj_text_line(text, sorted[i].end - 1);
    for (line = line < next ? next : line; line <= last; line++) {
      const sj_range whole = whole_line(text, line);
      if (is_blank(text, whole)) continue;
      const sj_status status = sj_ranges_push(lines, arena, whole);
      if (status != SJ_OK) return status;
    }
    if (last >= next) next = last + 1;
  }
  return SJ_OK;
}

sj_status sj_coverage_measure(sj_arena *arena,
                              const sj_text *text,
                              const sj_ranges *unscanned,
                              sj_coverage *out,
                              sj_ranges *lines) {
  *out = (sj_coverage){0};
  *lines = (sj_ranges){0};
  sj_range *sorted = sj_arena_take(arena, unscanned->len * sizeof(*sorted));
  if (sorted == NULL) return SJ_NOMEM;
  if (unscanned->len > 0)
    memcpy(sorted, unscanned->at, unscanned->len * sizeof(*sorted));
  if (unscanned->len > 1)
    qsort(sorted, unscanned->len, sizeof(*sorted), by_start);

  sj_ranges found = {0};
  const sj_status status =
      push_lines(arena, text, sorted, unscanned->len, &found);
  if (status != SJ_OK) return status;
  out->chars = letters_and_digits(text, (sj_range){0, text->len});
  out->scanned = out->chars;
  for (size_t i = 0; i < found.len; i++)
    out->scanned -= letters_and_digits(text, found.at[i]);
  out->complete = found.len == 0;
  *lines = found;
  return SJ_OK;
}
