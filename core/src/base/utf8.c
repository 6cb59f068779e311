// SPDX-License-Identifier: Apache-2.0
//
// utf8.c - check, step, classify.

#include "base/utf8.h"

#include <string.h>

typedef struct utf8_range {
  uint32_t first;
  uint16_t count;
  uint16_t kind;
} utf8_range;

#include "base/utf8_tables.h"

// Where a run of ASCII that starts at `at` ends, eight bytes at a time.
static size_t skip_ascii(const uint8_t *bytes, size_t at, size_t len) {
  while (len - at >= 8) {
    uint64_t eight;
    memcpy(&eight, bytes + at, sizeof(eight));
    if ((eight & 0x8080808080808080u) != 0) break;
    at += 8;
  }
  while (at < len && bytes[at] < 0x80)
    at++;
  return at;
}

// Length of the well-formed sequence at `p`, which has `room` bytes; 0 where
// there is none. The lead byte is above ASCII. Only the second byte has bounds
// of its own (Unicode, table 3-7).
static size_t sequence(const uint8_t *p, size_t room) {
  size_t len = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) len = 2;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) len = 3;
  if (p[0] >= 0xF0 && p[0] <= 0xF4) len = 4;
  if (len == 0 || room < len) return 0;
  if (p[0] == 0xE0) low = 0xA0;  // overlong below
  if (p[0] == 0xED) high = 0x9F; // surrogates above
  if (p[0] == 0xF0) low = 0x90;  // overlong below
  if (p[0] == 0xF4) high = 0x8F; // beyond U+10FFFF
  if (p[1] < low || p[1] > high) return 0;
  for (size_t i = 2; i < len; i++)
    if ((p[i] & 0xC0u) != 0x80u) return 0;
  return len;
}

bool sj_utf8_valid(const void *bytes, size_t len, size_t *bad_at) {
  const uint8_t *p = bytes;
  size_t at = 0;
  while (at < len) {
    at = skip_ascii(p, at, len);
    if (at == len) break;
    const size_t step = sequence(p + at, len - at);
    if (step == 0) break;
    at += step;
  }
  *bad_at = at;
  return at == len;
}

uint32_t sj_utf8_next(const uint8_t *bytes, size_t *at) {
  const uint8_t *p = bytes + *at;
  if (p[0] < 0x80) {
    *at += 1;
    return p[0];
  }
  if (p[0] < 0xE0) {
    *at += 2;
    return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
  }
  if (p[0] < 0xF0) {
    *at += 3;
    return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
  }
  *at += 4;
  return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
         (p[3] & 0x3Fu);
}

uint32_t sj_utf8_prev(const uint8_t *bytes, size_t *at) {
  size_t start = *at - 1;
  while (start > 0 && !sj_utf8_starts(bytes[start]))
    start--;
  *at = start;
  size_t unused = start;
  return sj_utf8_next(bytes, &unused);
}

size_t sj_utf8_put(uint8_t out[4], uint32_t code) {
  if (code < 0x80) {
    out[0] = (uint8_t)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (uint8_t)(0xC0u | code >> 6);
    out[1] = (uint8_t)(0x80u | (code & 0x3Fu));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = (uint8_t)(0xE0u | code >> 12);
    out[1] = (uint8_t)(0x80u | (code >> 6 & 0x3Fu));
    out[2] = (uint8_t)(0x80u | (code & 0x3Fu));
    return 3;
  }
  out[0] = (uint8_t)(0xF0u | code >> 18);
  out[1] = (uint8_t)(0x80u | (code >> 12 & 0x3Fu));
  out[2] = (uint8_t)(0x80u | (code >> 6 & 0x3Fu));
  out[3] = (uint8_t)(0x80u | (code & 0x3Fu));
  return 4;
}

size_t sj_utf8_count(const uint8_t *bytes, size_t len) {
  size_t count = 0;
  for (size_t i = 0; i < len; i++)
    count += sj_utf8_starts(bytes[i]);
  return count;
}

sj_utf8_kind sj_utf8_kind_of(uint32_t code) {
  if (code < 0x80) {
    if (code - '0' < 10) return SJ_UTF8_DIGIT;
    return (code | 0x20u) - 'a' < 26 ? SJ_UTF8_LETTER : SJ_UTF8_OTHER;
  }
  size_t low = 0;
  size_t high = sizeof(RANGES) / sizeof(RANGES[0]);
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    if (code < RANGES[mid].first)
      high = mid;
    else if (code - RANGES[mid].first >= RANGES[mid].count)
      low = mid + 1;
    else
      return (sj_utf8_kind)RANGES[mid].kind;
  }
  return SJ_UTF8_OTHER;
}

bool sj_utf8_is_letter(uint32_t code) {
  return sj_utf8_kind_of(code) == SJ_UTF8_LETTER;
}

bool sj_utf8_is_digit(uint32_t code) {
  return sj_utf8_kind_of(code) == SJ_UTF8_DIGIT;
}

bool sj_utf8_is_alnum(uint32_t code) {
  const sj_utf8_kind kind = sj_utf8_kind_of(code);
  return kind == SJ_UTF8_LETTER || kind == SJ_UTF8_DIGIT ||
         kind == SJ_UTF8_NUMBER;
}
