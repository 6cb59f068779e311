// SPDX-License-Identifier: Apache-2.0
//
// tokenize_unicode.c - look characters up in the generated tables.

#include "tokenize_unicode.h"

#include "base/utf8.h"
#include "tokenize_tables.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

// Hangul syllables are computed, as the standard says.
enum {
  S_BASE = 0xAC00,
  L_BASE = 0x1100,
  V_BASE = 0x1161,
  T_BASE = 0x11A7,
  L_COUNT = 19,
  V_COUNT = 21,
  T_COUNT = 28,
  S_COUNT = L_COUNT * V_COUNT * T_COUNT
};

unsigned sj_uc_of(uint32_t code) {
  if (code > 0x10FFFF) return 0;
  return kinds[stage_two[(size_t)stage_one[code >> 7] * 128 + (code & 127)]];
}

static size_t hangul_parts(uint32_t code, uint32_t out[SJ_UC_MOST]) {
  const uint32_t at = code - S_BASE;
  out[0] = L_BASE + at / (V_COUNT * T_COUNT);
  out[1] = V_BASE + at % (V_COUNT * T_COUNT) / T_COUNT;
  if (at % T_COUNT == 0) return 2;
  out[2] = T_BASE + at % T_COUNT;
  return 3;
}

static size_t find_change(const struct change *rows,
                          size_t count,
                          const uint8_t *pool,
                          uint32_t code,
                          uint32_t out[SJ_UC_MOST]) {
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    const size_t mid = (low + high) / 2;
    if (rows[mid].code < code)
      low = mid + 1;
    else
      high = mid;
  }
  if (low == count || rows[low].code != code) return 0;
  size_t parts = 0;
  for (size_t at = rows[low].start, end = at + rows[low].len;
       at < end && parts < SJ_UC_MOST;)
    out[parts++] = sj_utf8_next(pool, &at);
  return parts;
}

size_t sj_uc_map(unsigned which, uint32_t code, uint32_t out[SJ_UC_MOST]) {
  if (which == SJ_UC_LOWER)
    return find_change(lower_rows, COUNT(lower_rows), lower_pool, code, out);
  if (code >= S_BASE && code < S_BASE + S_COUNT) return hangul_parts(code, out);
  if (which == SJ_UC_CANON)
    return find_change(canon_rows, COUNT(canon_rows), canon_pool, code, out);
  return find_change(compat_rows, COUNT(compat_rows), compat_pool, code, out);
}

uint8_t sj_uc_class(uint32_t code) {
  if ((sj_uc_of(code) & SJ_UC_CLASS) == 0) return 0;
  size_t low = 0;
  size_t high = COUNT(marks);
  while (low < high) {
    const size_t mid = (low + high) / 2;
    if (marks[mid].code < code)
      low = mid + 1;
    else
      high = mid;
  }
  return low < COUNT(marks) && marks[low].code == code ? marks[low].order : 0;
}

static uint32_t compose_hangul(uint32_t first, uint32_t second) {
  if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
    return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
  if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 &&
      second - T_BASE - 1 < T_COUNT - 1)
    return first + (second - T_BASE);
  return 0;
}

uint32_t sj_uc_compose(uint32_t first, uint32_t second) {
  const uint32_t syllable = compose_hangul(first, second);
  if (syllable != 0) return syllable;
  size_t low = 0;
  size_t high = COUNT(pairs);
  while (low < high) {
    const size_t mid = (low + high) / 2;
    const struct pair *at = &pairs[mid];
    if (at->first < first || (at->first == first && at->second < second))
      low = mid + 1;
    else
      high = mid;
  }
  if (low == COUNT(pairs)) return 0;
  const struct pair *at = &pairs[low];
  return at->first == first && at->second == second ? at->whole : 0;
}
