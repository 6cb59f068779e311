// SPDX-License-Identifier: Apache-2.0
//
// strict.c - what nothing vouches for is hidden.
//
// A word is vouched for by a list of ordinary, clinical or protected words or
// by the name of a country or region; a capital inside a sentence makes a word
// that is also a common name suspicious again. A number is harmless where it
// is short, a decimal, a time, a year or a pressure.

#include "strict.h"

#include <string.h>

enum { STRICT_SCORE = 400 };

static unsigned usual(const sj_word *word) {
  const unsigned english = SJ_ENTRY_ENGLISH(word->entry);
  const unsigned french = SJ_ENTRY_FRENCH(word->entry);
  return english > french ? english : french;
}

static bool is_common_name(const sj_word *word) {
  return SJ_ENTRY_FIRST(word->entry) >= 4 || SJ_ENTRY_SURNAME(word->entry) >= 4;
}

static bool is_vouched(const sj_word *word) {
  const sj_entry both = word->entry | word->phrase;
  if (SJ_ENTRY_PROTECTED(word->entry) || SJ_ENTRY_PROTECTED(word->phrase))
    return true;
  if ((both & (SJ_ENTRY_CLINICAL | SJ_ENTRY_REGION)) != 0) return true;
  if (usual(word) == 0) return false;
  const bool inside = word->gap < SJ_GAP_STOP && word->gap != SJ_GAP_COLON;
  return !(word->shape == SJ_SHAPE_CAPITAL && inside && is_common_name(word) &&
           usual(word) <= 4);
}

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

// The whole number around a word: digits, and what joins them.
static sj_range number_around(const sj_view *view, const sj_word *word) {
  static const char joints[] = ".,/:-";
  sj_range at = {word->start, word->end};
  while (at.start > 1 && strchr(joints, view->bytes[at.start - 1]) != NULL &&
         is_digit(view->bytes[at.start - 2])) {
    at.start--;
    while (at.start > 0 && is_digit(view->bytes[at.start - 1]))
      at.start--;
  }
  while (at.end + 1 < view->len &&
         strchr(joints, view->bytes[at.end]) != NULL &&
         is_digit(view->bytes[at.end + 1])) {
    at.end++;
    while (at.end < view->len && is_digit(view->bytes[at.end]))
      at.end++;
  }
  return at;
}

// What a number looks like: how many digits in each part, and what joins them.
typedef struct number {
  uint32_t parts, digits;
  uint32_t first; ///< value of the first part, if short
  bool letters, slash, dash, point, colon;
} number;

static number read_number(const sj_view *view, sj_range at) {
  number n = {.parts = 1};
  for (uint32_t i = at.start; i < at.end; i++) {
    const uint8_t c = view->bytes[i];
    if (is_digit(c)) {
      n.digits++;
      if (n.parts == 1 && n.first < 100000) n.first = n.first * 10 + c - '0';
      continue;
    }
    n.slash |= c == '/';
    n.dash |= c == '-';
    n.point |= c == '.' || c == ',';
    n.colon |= c == ':';
    if (strchr(".,/:-", c) != NULL)
      n.parts++;
    else
      n.letters = true;
  }
  return n;
}

static bool is_harmless(const sj_view *view, const sj_word *word) {
  const number n = read_number(view, number_around(view, word));
  if (n.letters) return n.digits <= 3 && word->end - word->start <= 6;
  if (n.parts == 1)
    return n.digits <= 3 ||
           (n.digits == 4 && n.first >= 1900 && n.first < 2100);
  if (n.colon) return n.digits <= 6;
  if (n.parts > 2) return false;
  if (n.slash) return n.first > 31 || n.digits > 4; // a pressure, no date
  if (n.dash) return n.digits <= 6;                 // a range
  return n.digits <= 6;                             // a decimal
}

sj_status sj_strict_run(sj_arena *arena,
                        const sj_words *words,
                        const sj_view *view,
                        uint32_t source,
                        sj_claims *claims) {
  // One byte a text byte would do; words are fewer.
  uint8_t *covered = sj_arena_take(arena, words->len);
  if (covered == NULL) return SJ_NOMEM;
  for (size_t c = 0; c < claims->len; c++) {
    const sj_claim *claim = &claims->at[c];
    if (claim->vetoed != 0) continue;
    const sj_range at = sj_map_derived(&view->map, claim->start, claim->end);
    size_t low = sj_words_first(words, at.start);
    for (; low < words->len && words->at[low].start < at.end; low++)
      if (words->at[low].start >= at.start && words->at[low].end <= at.end)
        covered[low] = 1;
  }
  for (size_t i = 0; i < words->len; i++) {
    const sj_word *word = &words->at[i];
    if (covered[i] != 0) continue;
    const bool digits = word->shape == SJ_SHAPE_NUMBER;
    if (word->letters < 2 && !digits) continue;
    if (is_vouched(word) || (digits && is_harmless(view, word))) continue;
    const sj_range whole =
        digits ? number_around(view, word) : (sj_range){word->start, word->end};
    const sj_range at = sj_map_origin(&view->map, whole.start, whole.end);
    const sj_status status =
        sj_claims_push(claims, arena,
                       (sj_claim){.start = at.start,
                                  .end = at.end,
                                  .label = digits ? SJ_LABEL_ID : SJ_LABEL_NAME,
                                  .score = STRICT_SCORE,
                                  .flags = SJ_FLAG_UNCERTAIN,
                                  .kind = SJ_KIND_LIST,
                                  .source = source});
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}
