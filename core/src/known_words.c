// SPDX-License-Identifier: Apache-2.0
//
// known_words.c - text as words that can be compared: runs of letters or of
// digits, without case and accents.

#include "known_parts.h"

#include "base/fold.h"
#include "base/utf8.h"

enum { LONGEST = 250 };

static bool is_letter(uint32_t code) {
  if (code < 0x80) return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
  return sj_utf8_is_letter(code) || sj_utf8_kind_of(code) == SJ_UTF8_MARK;
}

static bool is_digit(uint32_t code) {
  return code >= '0' && code <= '9';
}

// A letter is a capital where folding its case alone would change it; for the
// Latin blocks that is what is known of the code points.
static bool is_capital(uint32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z';
  if (code <= 0xDE) return code >= 0xC0 && code != 0xD7;
  if (code >= 0x139 && code <= 0x148) return (code & 1) == 1;
  if (code >= 0x179 && code <= 0x17E) return (code & 1) == 1;
  if (code >= 0x100 && code <= 0x177) return (code & 1) == 0;
  if (code == 0x178) return true;
  if (code >= 0x1E00 && code <= 0x1EFF) return (code & 1) == 0;
  return (code >= 0x391 && code <= 0x3A9) || (code >= 0x400 && code <= 0x42F);
}

static void
add_folded(sj_piece *word, const uint8_t *bytes, size_t at, size_t end) {
  sj_fold fold = {.bytes = bytes, .at = at, .end = end};
  for (uint32_t code = sj_fold_next(&fold); code != 0;
       code = sj_fold_next(&fold)) {
    word->hash = sj_fold_hash(word->hash, code);
    if (code >= 'a' && code <= 'z') word->letters |= 1u << (code - 'a');
    if (word->len < SJ_KNOWN_LETTERS)
      word->fold[word->len] =
          (uint8_t)(code < 0x80 ? code : 0x80 | (code & 0x7F));
    if (word->len < LONGEST) word->len++;
  }
}

bool sj_piece_next(const uint8_t *bytes,
                   uint32_t end,
                   uint32_t *at,
                   sj_piece *out) {
  size_t from = *at;
  size_t to = from;
  uint32_t code = 0;
  while (from < end) {
    to = from;
    code = sj_utf8_next(bytes, &to);
    if (is_letter(code) || is_digit(code)) break;
    from = to;
  }
  *at = (uint32_t)from;
  if (from >= end) return false;
  *out = (sj_piece){.hash = SJ_FOLD_SEED, .start = (uint32_t)from};
  const bool digits = is_digit(code);
  const bool first_capital = is_capital(code);
  bool other_small = false;
  uint32_t count = 1;
  while (to < end) {
    size_t next = to;
    code = sj_utf8_next(bytes, &next);
    if (digits ? !is_digit(code) : !is_letter(code)) break;
    other_small = other_small || !is_capital(code);
    count++;
    to = next;
  }
  out->end = (uint32_t)to;
  add_folded(out, bytes, from, to);
  if (digits)
    out->shape = SJ_WORD_DIGITS;
  else if (!first_capital)
    out->shape = SJ_WORD_SMALL;
  else
    out->shape = other_small || count == 1 ? SJ_WORD_CAPITAL : SJ_WORD_UPPER;
  *at = (uint32_t)to;
  return true;
}

uint64_t sj_piece_hash(const char *folded) {
  uint64_t hash = SJ_FOLD_SEED;
  for (; *folded != '\0'; folded++)
    hash = sj_fold_hash(hash, (uint8_t)*folded);
  return hash;
}

bool sj_piece_is(const sj_piece *word, const char *folded) {
  const size_t len = strlen(folded);
  return word->len == len && memcmp(word->fold, folded, len) == 0;
}

bool sj_piece_among(const sj_piece *word, const char *list) {
  while (*list != '\0') {
    const size_t len = strcspn(list, " ");
    if (word->len == len && len <= SJ_KNOWN_LETTERS &&
        memcmp(word->fold, list, len) == 0)
      return true;
    list += len;
    while (*list == ' ')
      list++;
  }
  return false;
}

uint64_t sj_piece_hash_both(const sj_piece *first, const sj_piece *second) {
  uint64_t hash = first->hash;
  const unsigned len =
      second->len < SJ_KNOWN_LETTERS ? second->len : SJ_KNOWN_LETTERS;
  for (unsigned i = 0; i < len; i++)
    hash = sj_fold_hash(hash, second->fold[i]);
  return hash;
}

// Optimal string alignment, two rows back; words are short.
unsigned sj_piece_slips(const sj_piece *a, const sj_piece *b, unsigned most) {
  enum { FAR = 3 };
  if (a->len > SJ_KNOWN_LETTERS || b->len > SJ_KNOWN_LETTERS) return FAR;
  const unsigned diff =
      (unsigned)(a->len > b->len ? a->len - b->len : b->len - a->len);
  if (diff > most) return FAR;
  uint8_t rows[3][SJ_KNOWN_LETTERS + 1];
  for (unsigned j = 0; j <= b->len; j++)
    rows[0][j] = (uint8_t)j;
  for (unsigned i = 1; i <= a->len; i++) {
    uint8_t *row = rows[i % 3];
    const uint8_t *above = rows[(i + 2) % 3];
    const uint8_t *second = rows[(i + 1) % 3];
    unsigned least = row[0] = (uint8_t)i;
    for (unsigned j = 1; j <= b->len; j++) {
      const bool same = a->fold[i - 1] == b->fold[j - 1];
      unsigned best = above[j - 1] + (same ? 0u : 1u);
      if (above[j] + 1u < best) best = above[j] + 1u;
      if (row[j - 1] + 1u < best) best = row[j - 1] + 1u;
      if (i > 1 && j > 1 && a->fold[i - 1] == b->fold[j - 2] &&
          a->fold[i - 2] == b->fold[j - 1] && second[j - 2] + 1u < best)
        best = second[j - 2] + 1u;
      row[j] = (uint8_t)best;
      if (best < least) least = best;
    }
    if (least > most) return FAR;
  }
  const unsigned slips = rows[a->len % 3][b->len];
  return slips > most ? FAR : slips;
}

sj_gap sj_slice_gap(const sj_slice *slice, uint32_t i) {
  const uint32_t from = slice->words[i].end;
  return (sj_gap){slice->view->bytes + from, slice->words[i + 1].start - from};
}

bool sj_gap_only(sj_gap gap, const char *these, uint32_t most) {
  if (gap.len > most) return false;
  for (uint32_t i = 0; i < gap.len; i++)
    if (gap.at[i] == '\0' || strchr(these, gap.at[i]) == NULL) return false;
  return true;
}

bool sj_gap_has(sj_gap gap, char byte) {
  return gap.len > 0 && memchr(gap.at, byte, gap.len) != NULL;
}

sj_status sj_hashes_init(sj_hashes *table, sj_arena *arena, size_t items) {
  size_t size = 16;
  while (size < items * 2)
    size *= 2;
  table->mask = size - 1;
  table->keys = sj_arena_take(arena, size * sizeof *table->keys);
  table->values = sj_arena_take(arena, size * sizeof *table->values);
  return table->keys == NULL || table->values == NULL ? SJ_NOMEM : SJ_OK;
}

uint32_t *sj_hashes_slot(const sj_hashes *table, uint64_t key) {
  size_t at = (size_t)(key ^ (key >> 32)) & table->mask;
  while (table->values[at] != 0 && table->keys[at] != key)
    at = (at + 1) & table->mask;
  table->keys[at] = key;
  return &table->values[at];
}

uint32_t sj_hashes_get(const sj_hashes *table, uint64_t key) {
  if (table->values == NULL) return 0;
  size_t at = (size_t)(key ^ (key >> 32)) & table->mask;
  while (table->values[at] != 0 && table->keys[at] != key)
    at = (at + 1) & table->mask;
  return table->values[at];
}
