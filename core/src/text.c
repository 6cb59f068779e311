// SPDX-License-Identifier: Apache-2.0
//
// text.c - own the document (stage 1: text -> view).
//
// This is the one place that checks UTF-8. Every later stage, PCRE2 among
// them, relies on it and checks nothing again.

#include "text.h"

#include <string.h>

#include "base/utf8.h"

// Whether a line ends with the byte at `at`. The LF of a CRLF does, its CR not.
static bool ends_line(const uint8_t *bytes, uint32_t len, uint32_t at) {
  if (bytes[at] == '\n') return true;
  return bytes[at] == '\r' && !(at + 1 < len && bytes[at + 1] == '\n');
}

// Whether one of eight bytes is below 0x0E: a line end, or rare.
static bool needs_look(const uint8_t *bytes) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  uint64_t eight = 0;
  memcpy(&eight, bytes, 8);
  return ((eight - ones * 0x0E) & ~eight & (ones * 0x80)) != 0;
}

// Count the lines, and write their starts where `starts` is not NULL.
static uint32_t
find_lines(const uint8_t *bytes, uint32_t len, uint32_t *starts) {
  uint32_t count = 1;
  if (starts != NULL) starts[0] = 0;
  for (uint32_t at = 0; at + 1 < len; at++) {
    while (len - at > 8 && !needs_look(bytes + at))
      at += 8;
    if (at + 1 >= len || bytes[at] > '\r' || !ends_line(bytes, len, at))
      continue;
    if (starts != NULL) starts[count] = at + 1;
    count++;
  }
  return count;
}

sj_status sj_text_take(sj_text *out,
                       sj_arena *arena,
                       const char *bytes,
                       size_t len,
                       size_t *bad_at) {
  *out = (sj_text){0};
  *bad_at = 0;
  if (len > (size_t)SJ_TEXT_MAX) return SJ_TOO_LARGE;
  if (!sj_utf8_valid(bytes, len, bad_at)) return SJ_UTF8;

  uint8_t *copy = sj_arena_take(arena, len + 1);
  if (copy == NULL) return SJ_NOMEM;
  if (len > 0) memcpy(copy, bytes, len);
  const uint32_t size = (uint32_t)len;
  const uint32_t count = find_lines(copy, size, NULL);
  uint32_t *starts = sj_arena_take(arena, count * sizeof(*starts));
  if (starts == NULL) return SJ_NOMEM;
  find_lines(copy, size, starts);
  *out = (sj_text){
      .bytes = copy, .len = size, .lines = starts, .line_count = count};
  return SJ_OK;
}

uint32_t sj_text_line(const sj_text *text, uint32_t at) {
  uint32_t low = 0;
  uint32_t high = text->line_count;
  while (high - low > 1) {
    const uint32_t mid = low + (high - low) / 2;
    if (text->lines[mid] <= at)
      low = mid;
    else
      high = mid;
  }
  return low;
}

uint32_t sj_text_line_end(const sj_text *text, uint32_t line) {
  return line + 1 < text->line_count ? text->lines[line + 1] : text->len;
}
