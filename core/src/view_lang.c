// SPDX-License-Identifier: Apache-2.0
//
// view_lang.c - English or French, line by line.
//
// Small words that only one of the two has are counted, and small-letter words
// with French accents. A passage (lines without a blank one between, twenty at
// most) is of one language where its words are at least three to one, and of
// the document's where it has none of the other. Everything else, and each
// line that speaks against its passage, is of both: a rule that runs in vain
// costs microseconds, one that does not run costs a name.

#include "view_parts.h"

#include <string.h>

enum { SLOTS = 256, PASSAGE_MAX = 20 };

static const char english[] =
    "the and of to with was for is in he she at were had has by from his her "
    "this that are be not an which who after will been there they their we "
    "you your my have but when into if it its then than would could seen ";
static const char french[] =
    "le les des du une est et pour dans avec par au aux ce cette qui que il "
    "elle ont pas sa ses vous nous je ne se sans chez lors ou sur un mon ma "
    "mes leur leurs votre notre sont cet ces elles ils donc mais puis dont "
    "ainsi afin qu jour suis avons avez ayant ";

typedef struct lexicon {
  uint64_t words[SLOTS];
  uint8_t langs[SLOTS];
} lexicon;

static size_t slot_of(uint64_t word) {
  return (size_t)((word * UINT64_C(0x9E3779B97F4A7C15)) >> 56);
}

static void fill(lexicon *known, const char *list, uint8_t lang) {
  uint64_t word = 0;
  for (; *list != '\0'; list++) {
    if (*list != ' ') {
      word = word << 8 | (uint8_t)*list;
      continue;
    }
    size_t at = slot_of(word);
    while (known->words[at] != 0)
      at = (at + 1) % SLOTS;
    known->words[at] = word;
    known->langs[at] = lang;
    word = 0;
  }
}

static uint8_t find(const lexicon *known, uint64_t word) {
  for (size_t at = slot_of(word); known->words[at] != 0; at = (at + 1) % SLOTS)
    if (known->words[at] == word) return known->langs[at];
  return 0;
}

typedef struct tally {
  uint32_t english, french;
} tally;

// The second byte of a small letter that French accents: à â ç è é ê ë î ï ô ù
// û.
static bool is_accented(uint8_t byte) {
  return byte == 0xA0 || byte == 0xA2 || (byte >= 0xA7 && byte <= 0xAB) ||
         byte == 0xAE || byte == 0xAF || byte == 0xB4 || byte == 0xB9 ||
         byte == 0xBB;
}

// Count one word of `len` bytes.
static void
count_word(const lexicon *words, const uint8_t *at, uint32_t len, tally *sum) {
  bool accented = false;
  uint64_t word = 0;
  for (uint32_t i = 0; i < len; i++) {
    if (at[i] == 0xC3 && i + 1 < len) accented |= is_accented(at[i + 1]);
    const uint8_t low = at[i] >= 'A' && at[i] <= 'Z' ? at[i] | 32 : at[i];
    word = word << 8 | low;
  }
  if (accented) { // a capital may start a name
    if (at[0] >= 'a') sum->french++;
    return;
  }
  if (len > 7) return;
  const uint8_t lang = find(words, word);
  if (lang == SJ_LANG_EN) sum->english++;
  if (lang == SJ_LANG_FR) sum->french++;
}

static bool is_word_byte(uint8_t byte) {
  const uint8_t low = byte | 0x20;
  return (low >= 'a' && low <= 'z') || (byte >= 0xC3 && byte <= 0xC5) ||
         (byte >= 0x80 && byte <= 0xBF);
}

static tally count_line(const lexicon *words, const uint8_t *at, uint32_t len) {
  tally sum = {0, 0};
  uint32_t i = 0;
  while (i < len) {
    if (!is_word_byte(at[i])) {
      // What stands before an apostrophe in French: l' d' n' s' j' c' qu'.
      const bool elides =
          i > 0 && i + 1 < len &&
          (at[i] == '\'' || (at[i] == 0xE2 && at[i + 1] == 0x80));
      if (elides && strchr("ldnsjcLDNSJC", at[i - 1]) != NULL &&
          at[i - 1] != 0 && (i < 2 || !is_word_byte(at[i - 2])))
        sum.french++;
      i++;
      continue;
    }
    const uint32_t start = i;
    while (i < len && is_word_byte(at[i]))
      i++;
    count_word(words, at + start, i - start, &sum);
  }
  return sum;
}

static uint8_t judge(tally passage, uint8_t document) {
  if (passage.french >= 3 && passage.french >= 3 * passage.english)
    return SJ_LANG_FR;
  if (passage.english >= 3 && passage.english >= 3 * passage.french)
    return SJ_LANG_EN;
  if (document == SJ_LANG_EN && passage.french == 0) return SJ_LANG_EN;
  if (document == SJ_LANG_FR && passage.english == 0) return SJ_LANG_FR;
  return SJ_LANG_ALL;
}

// A document is of a language only where that is beyond doubt.
static uint8_t judge_document(tally all) {
  if (all.english >= 20 && all.english >= 20 * all.french) return SJ_LANG_EN;
  if (all.french >= 20 && all.french >= 20 * all.english) return SJ_LANG_FR;
  return SJ_LANG_ALL;
}

static uint8_t judge_line(tally line, uint8_t passage) {
  const bool against = (passage == SJ_LANG_EN && line.french > 0 &&
                        line.french >= line.english) ||
                       (passage == SJ_LANG_FR && line.english > 0 &&
                        line.english >= line.french);
  return against ? SJ_LANG_ALL : passage;
}

static bool is_empty_line(const sj_text *text, uint32_t line) {
  const uint32_t end =
      line + 1 < text->line_count ? text->lines[line + 1] : text->len;
  for (uint32_t i = text->lines[line]; i < end; i++)
    if (text->bytes[i] > ' ') return false;
  return true;
}

static void judge_passages(const sj_text *text,
                           const tally *lines,
                           uint8_t document,
                           uint8_t *out) {
  uint32_t start = 0;
  while (start < text->line_count) {
    uint32_t end = start;
    tally sum = {0, 0};
    do {
      sum.english += lines[end].english;
      sum.french += lines[end].french;
      end++;
    } while (end < text->line_count && end - start < PASSAGE_MAX &&
             !is_empty_line(text, end));
    const uint8_t passage = judge(sum, document);
    for (uint32_t i = start; i < end; i++)
      out[i] = judge_line(lines[i], passage);
    start = end;
  }
}

sj_status sj_view_detect(sj_arena *arena,
                         const sj_text *text,
                         unsigned langs,
                         const uint8_t **out) {
  *out = NULL;
  uint8_t *masks = sj_arena_take(arena, text->line_count);
  if (masks == NULL) return SJ_NOMEM;
  *out = masks;
  const uint8_t given = (uint8_t)(langs & SJ_LANG_ALL);
  if (given != 0) {
    memset(masks, given, text->line_count);
    return SJ_OK;
  }
  tally *lines = sj_arena_take(arena, text->line_count * sizeof *lines);
  if (lines == NULL) return SJ_NOMEM;
  lexicon words;
  memset(&words, 0, sizeof words);
  fill(&words, english, SJ_LANG_EN);
  fill(&words, french, SJ_LANG_FR);
  tally all = {0, 0};
  for (uint32_t i = 0; i < text->line_count; i++) {
    const uint32_t end =
        i + 1 < text->line_count ? text->lines[i + 1] : text->len;
    lines[i] =
        count_line(&words, text->bytes + text->lines[i], end - text->lines[i]);
    all.english += lines[i].english;
    all.french += lines[i].french;
  }
  judge_passages(text, lines, judge_document(all), masks);
  return SJ_OK;
}
