// SPDX-License-Identifier: Apache-2.0
//
// words.c - cut the view into words and look each up.
//
// A word is a run of letters, marks and digits, with the apostrophes and
// hyphens inside it; a French elision (`d'`, `qu'`) is a word of its own, an
// English possessive belongs to no word.

#include "words.h"

#include <string.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/utf8.h"

enum { PHRASE_WORDS = 7 };

typedef struct cutter {
  sj_words *words;
  sj_arena *arena;
  const sj_lexicon *lexicon;
  const uint8_t *bytes;
  uint32_t len, at;
} cutter;

static bool is_word_code(uint32_t code) {
  return sj_utf8_is_alnum(code) || sj_utf8_kind_of(code) == SJ_UTF8_MARK;
}

static bool is_upper(uint32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z';
  if (code >= 0xC0 && code <= 0xDE) return code != 0xD7;
  if (code >= 0x100 && code <= 0x137) return code % 2 == 0;
  if (code >= 0x139 && code <= 0x148) return code % 2 == 1;
  if (code >= 0x14A && code <= 0x177) return code % 2 == 0;
  if (code >= 0x1E00 && code <= 0x1EFF) return code % 2 == 0;
  return code == 0x178 || code == 0x179 || code == 0x17B || code == 0x17D ||
         (code >= 0x391 && code <= 0x3A9) || (code >= 0x400 && code <= 0x42F);
}

static bool is_apostrophe(uint32_t code) {
  return code == '\'' || code == 0x2019;
}

// The character at `at`, and the place behind it; 0 at the end.
static uint32_t look(const cutter *c, uint32_t at, uint32_t *next) {
  *next = at;
  if (at >= c->len) return 0;
  if (c->bytes[at] < 0x80) {
    *next = at + 1;
    return c->bytes[at];
  }
  size_t place = at;
  const uint32_t code = sj_utf8_next(c->bytes, &place);
  *next = (uint32_t)place;
  return code;
}

// Whether the letters so far are what French elides.
static bool is_elision(const cutter *c, uint32_t start, uint32_t end) {
  static const char *const heads[] = {
      "l", "d",  "j",     "c",      "m",      "n",      "s",
      "t", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "presqu"};
  const size_t len = end - start;
  for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
    if (strlen(heads[i]) != len) continue;
    size_t at = 0;
    while (at < len && (c->bytes[start + at] | 0x20) == (uint8_t)heads[i][at])
      at++;
    if (at == len) return true;
  }
  return false;
}

// Weigh what stands between two words.
typedef struct between {
  sj_gap gap;
  uint32_t blanks, lines;
  bool bare; ///< nothing but what follows directly
} between;

static void weigh(between *b, sj_gap gap) {
  if (gap > b->gap) b->gap = gap;
}

static void pass(between *b, uint32_t code, bool after_initial) {
  if (code == ' ') {
    if (++b->blanks >= 3) weigh(b, SJ_GAP_TAB);
    return;
  }
  b->blanks = 0;
  switch (code) {
  case '\n':
    weigh(b, ++b->lines > 1 ? SJ_GAP_BLOCK : SJ_GAP_LINE);
    return;
  case '\t':
  case '|':
    weigh(b, SJ_GAP_TAB);
    return;
  case '.':
    weigh(b, after_initial ? SJ_GAP_INITIAL : SJ_GAP_STOP);
    return;
  case '!':
  case '?':
    weigh(b, SJ_GAP_STOP);
    return;
  case ',':
    weigh(b, SJ_GAP_COMMA);
    return;
  case ':':
  case '=':
    weigh(b, SJ_GAP_COLON);
    return;
  case '/':
    weigh(b, SJ_GAP_SLASH);
    return;
  case '(':
  case ')':
  case '[':
  case ']':
  case '"':
  case '<':
  case '>':
  case 0xAB:
  case 0xBB:
  case 0x201C:
  case 0x201D:
    weigh(b, SJ_GAP_BRACKET);
    return;
  default:
    weigh(b, SJ_GAP_OTHER);
  }
}

// A word behind which a full stop ends no sentence: an initial, or a short
// title such as Dr or Mme.
static bool takes_stop(const cutter *c, const sj_word *word) {
  static const char *const titles[] = {"dr",   "mr",  "mrs", "ms",   "st",
                                       "ste",  "mme", "pr",  "prof", "dre",
                                       "mlle", "drs", "me",  "jr",   "sr"};
  if (word->shape == SJ_SHAPE_INITIAL) return true;
  const size_t len = word->end - word->start;
  for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
    if (strlen(titles[i]) != len) continue;
    size_t at = 0;
    while (at < len &&
           (c->bytes[word->start + at] | 0x20) == (uint8_t)titles[i][at])
      at++;
    if (at == len) return true;
  }
  return false;
}

// A digit that an optical reader makes of a letter: Wil1iams, Bartel1.
static bool is_misread(uint32_t letters,
                       uint32_t uppers,
                       uint32_t misread,
                       uint32_t digits) {
  return letters >= 5 && digits <= 2 && misread == digits &&
         (uppers == 1 || uppers == letters);
}

static uint8_t
shape_of(uint32_t letters, uint32_t uppers, bool first_upper, bool digits) {
  if (digits) return SJ_SHAPE_NUMBER;
  if (uppers == 0) return SJ_SHAPE_LOWER;
  if (letters == 1) return SJ_SHAPE_INITIAL;
  if (uppers == letters) return SJ_SHAPE_UPPER;
  return first_upper ? SJ_SHAPE_CAPITAL : SJ_SHAPE_MIXED;
}

// Take the word that starts at c->at.
static sj_word take_word(cutter *c) {
  sj_word word = {.start = c->at};
  uint32_t at = c->at;
  uint32_t end = at;
  uint32_t letters = 0;
  uint32_t uppers = 0;
  uint32_t digits = 0;
  uint32_t misread = 0;
  bool first_upper = false;
  for (;;) {
    uint32_t next = 0;
    const uint32_t code = look(c, at, &next);
    if (code != 0 && is_word_code(code)) {
      const bool upper = is_upper(code);
      if (at == word.start) first_upper = upper;
      if (sj_utf8_is_letter(code)) letters++;
      uppers += upper;
      digits += sj_utf8_is_digit(code);
      misread += code == '0' || code == '1';
      at = end = next;
      continue;
    }
    if (at != end || (!is_apostrophe(code) && code != '-')) break;
    uint32_t past = 0;
    const uint32_t follows = look(c, next, &past);
    if (!sj_utf8_is_letter(follows)) break;
    if (is_apostrophe(code)) {
      if (is_elision(c, word.start, end)) break;
      uint32_t ignored = 0;
      const uint32_t third = look(c, past, &ignored);
      // A possessive: `Smith's`.
      if ((follows | 0x20) == 's' && !is_word_code(third)) break;
    }
    at = next; // and the loop goes on with the letter
    end = next;
  }
  word.end = end;
  word.letters = (uint8_t)(letters > 255 ? 255 : letters);
  word.shape =
      shape_of(letters, uppers, first_upper,
               digits > 0 && !is_misread(letters, uppers, misread, digits));
  c->at = end;
  return word;
}

static uint64_t
hash_on(uint64_t hash, const uint8_t *bytes, uint32_t start, uint32_t end) {
  sj_fold fold = {.bytes = bytes, .at = start, .end = end};
  for (uint32_t code; (code = sj_fold_next(&fold)) != 0;)
    hash = sj_phrase_add(hash, sj_utf8_is_alnum(code) ? code : ' ');
  return hash;
}

static sj_entry smaller(sj_entry a, sj_entry b, sj_entry field) {
  return (a & field) < (b & field) ? a & field : b & field;
}

// A compound that no list has is what all its parts are.
static sj_entry entry_of_parts(const cutter *c, const sj_word *word) {
  sj_entry sum = ~(sj_entry)0;
  uint32_t parts = 0;
  for (uint32_t start = word->start; start < word->end;) {
    const uint8_t *dash = memchr(c->bytes + start, '-', word->end - start);
    const uint32_t end = dash == NULL ? word->end : (uint32_t)(dash - c->bytes);
    const sj_entry entry = sj_lexicon_find(
        c->lexicon, hash_on(SJ_PHRASE_SEED, c->bytes, start, end));
    sj_entry least = sum & entry & SJ_ENTRY_CLINICAL;
    for (unsigned field = 0; field < 5; field++)
      if (field != 2) least |= smaller(sum, entry, 7u << (3 * field));
    sum = least;
    parts++;
    start = end + 1;
  }
  return parts > 1 ? sum : 0;
}

static sj_status add_word(cutter *c, sj_word word, sj_gap gap) {
  sj_words *words = c->words;
  word.gap = (uint8_t)gap;
  word.hash = hash_on(SJ_PHRASE_SEED, c->bytes, word.start, word.end);
  word.entry = sj_lexicon_find(c->lexicon, word.hash);
  if ((word.entry & ~SJ_ENTRY_OPENS) == 0 &&
      memchr(c->bytes + word.start, '-', word.end - word.start) != NULL)
    word.entry |= entry_of_parts(c, &word);
  word.phrase = word.entry;
  sj_word *at = sj_array_room(c->arena, words->at, words->len, &words->cap, 1,
                              sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  at[words->len++] = word;
  words->at = at;
  return SJ_OK;
}

static sj_status cut(cutter *c) {
  between b = {.gap = SJ_GAP_BLOCK, .bare = true};
  while (c->at < c->len) {
    uint32_t next = 0;
    const uint32_t code = look(c, c->at, &next);
    if (!sj_utf8_is_alnum(code)) {
      const sj_words *words = c->words;
      const bool initial =
          words->len > 0 && b.bare && takes_stop(c, &words->at[words->len - 1]);
      const bool joint = b.bare && (is_apostrophe(code) || code == '-');
      if (joint)
        weigh(&b, SJ_GAP_JOINT);
      else
        pass(&b, code, initial);
      b.bare = false;
      c->at = next;
      continue;
    }
    const sj_word word = take_word(c);
    const sj_status status = add_word(c, word, b.gap);
    if (status != SJ_OK) return status;
    b = (between){.gap = SJ_GAP_BLANK, .bare = true};
  }
  return SJ_OK;
}

static bool joins_phrase(uint8_t gap) {
  return gap == SJ_GAP_BLANK || gap == SJ_GAP_JOINT || gap == SJ_GAP_INITIAL ||
         gap == SJ_GAP_LINE;
}

// The longest listed phrase from word `i` on: how many words it has, and what
// is known of it; one word where there is none.
static size_t longest_phrase(const cutter *c, size_t i, sj_entry *found) {
  const sj_words *words = c->words;
  size_t best = 1;
  *found = 0;
  if ((words->at[i].entry & SJ_ENTRY_OPENS) == 0) return best;
  uint64_t hash = words->at[i].hash;
  for (size_t n = 1; n < PHRASE_WORDS && i + n < words->len; n++) {
    const sj_word *word = &words->at[i + n];
    if (!joins_phrase(word->gap)) break;
    hash = hash_on(sj_phrase_add(hash, ' '), c->bytes, word->start, word->end);
    const sj_entry entry = sj_lexicon_find(c->lexicon, hash);
    if ((entry & ~SJ_ENTRY_OPENS) == 0) continue;
    best = n + 1;
    *found = entry;
  }
  return best;
}

// Mark the phrases, each as long as it can be, from left to right.
static void find_phrases(cutter *c) {
  sj_words *words = c->words;
  for (size_t i = 0; i < words->len;) {
    sj_entry found = 0;
    const size_t len = longest_phrase(c, i, &found);
    for (size_t n = 0; len > 1 && n < len; n++) {
      words->at[i + n].phrase = found;
      words->at[i + n].phrase_len = (uint8_t)len;
      words->at[i + n].phrase_at = (uint8_t)n;
    }
    i += len;
  }
}

// Lines in capitals, where case tells nothing, and documents without any.
static void judge_case(sj_words *words) {
  size_t shouting = 0;
  size_t count = 0;
  size_t capital = 0;
  size_t starts = 0;
  size_t lower_starts = 0;
  for (size_t i = 0; i < words->len;) {
    size_t end = i;
    size_t lower = 0;
    size_t upper = 0;
    do {
      const sj_word *word = &words->at[end];
      if (word->shape == SJ_SHAPE_UPPER) upper += word->letters;
      if (word->shape == SJ_SHAPE_LOWER || word->shape == SJ_SHAPE_CAPITAL ||
          word->shape == SJ_SHAPE_MIXED)
        lower += word->letters;
      end++;
    } while (end < words->len && words->at[end].gap < SJ_GAP_LINE);
    if (upper > 4 * lower && end - i > 1) {
      for (size_t n = i; n < end; n++)
        words->at[n].upper_line = true;
      shouting++;
    }
    i = end;
  }
  for (size_t i = 0; i < words->len; i++) {
    const uint8_t shape = words->at[i].shape;
    if (shape == SJ_SHAPE_NUMBER || words->at[i].letters < 2) continue;
    count++;
    capital += shape == SJ_SHAPE_CAPITAL;
    if (words->at[i].gap != SJ_GAP_STOP && words->at[i].gap != SJ_GAP_BLOCK)
      continue;
    starts++;
    lower_starts += shape == SJ_SHAPE_LOWER;
  }
  // Hardly a capital in it, or sentences that begin without one.
  words->no_capitals =
      shouting == 0 && count >= 20 &&
      (capital * 50 < count || (starts >= 5 && lower_starts * 10 > starts * 6));
}

// Each word's languages, from its line in the text.
static void
set_languages(sj_words *words, const sj_text *text, const sj_view *view) {
  uint32_t line = 0;
  for (size_t i = 0; i < words->len; i++) {
    sj_word *word = &words->at[i];
    const uint32_t at = sj_map_origin(&view->map, word->start, word->end).start;
    while (line + 1 < text->line_count && text->lines[line + 1] <= at)
      line++;
    word->lang = view->lang[line];
  }
}

sj_status sj_words_find(sj_words *out,
                        sj_arena *arena,
                        const sj_lexicon *lexicon,
                        const sj_text *text,
                        const sj_view *view) {
  *out = (sj_words){0};
  cutter c = {.words = out,
              .arena = arena,
              .lexicon = lexicon,
              .bytes = view->bytes,
              .len = view->len};
  const sj_status status = cut(&c);
  if (status != SJ_OK) return status;
  find_phrases(&c);
  judge_case(out);
  set_languages(out, text, view);
  return SJ_OK;
}
