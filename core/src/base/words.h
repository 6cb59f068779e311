// SPDX-License-Identifier: Apache-2.0
//
// words.h - the words of the view, with what the lists know of each and how it
// is written: made once for a document, read by every stage that weighs words.
#ifndef SJ_BASE_WORDS_H
#define SJ_BASE_WORDS_H

#include "base/arena.h"
#include "base/lexicon.h"

typedef enum sj_shape {
  SJ_SHAPE_LOWER,   ///< rue
  SJ_SHAPE_CAPITAL, ///< Rue, McRae, O'Neil, Jean-Luc
  SJ_SHAPE_UPPER,   ///< RUE
  SJ_SHAPE_INITIAL, ///< one capital letter
  SJ_SHAPE_MIXED,   ///< mRNA, iPhone
  SJ_SHAPE_NUMBER   ///< holds a digit
} sj_shape;

/// What stands between a word and the one before it: the weightiest of it.
typedef enum sj_gap {
  SJ_GAP_BLANK,
  SJ_GAP_JOINT,   ///< an elision (`d'`) or hyphen: no blank
  SJ_GAP_INITIAL, ///< the full stop of an initial or a title, and blanks
  SJ_GAP_COMMA,
  SJ_GAP_COLON,
  SJ_GAP_SLASH,
  SJ_GAP_BRACKET,
  SJ_GAP_OTHER,
  SJ_GAP_STOP, ///< the end of a sentence
  SJ_GAP_TAB,  ///< a tab, a bar or three blanks: the next field
  SJ_GAP_LINE, ///< a line end
  SJ_GAP_BLOCK ///< a blank line, or the start of the text
} sj_gap;

typedef struct sj_word {
  uint32_t start, end; ///< bytes of the view
  uint64_t hash;       ///< of the folded word, as of a phrase
  sj_entry entry;      ///< of the word alone
  sj_entry phrase;     ///< of the longest phrase that covers it
  uint8_t phrase_len;  ///< words of that phrase; 0 for none longer than one
  uint8_t phrase_at;   ///< which word of it this is, from 0
  uint8_t shape;       ///< sj_shape
  uint8_t gap;         ///< sj_gap before it
  uint8_t letters;     ///< how many, at most 255
  uint8_t lang;        ///< mask of sj_lang of its line
  bool upper_line;     ///< its line is written in capitals
} sj_word;

typedef struct sj_words {
  sj_word *at;
  size_t len, cap;
  bool no_capitals; ///< the document hardly uses any
} sj_words;

/// The first word that ends behind a byte of the view; `len` where none does.
static inline size_t sj_words_first(const sj_words *words, uint32_t at) {
  size_t low = 0;
  size_t high = words->len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (words->at[middle].end <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/// How common the phrase is in the languages of the word's line, 0 to 7.
static inline unsigned sj_word_usual(const sj_word *word, sj_entry entry) {
  const unsigned english =
      (word->lang & SJ_LANG_EN) != 0 ? SJ_ENTRY_ENGLISH(entry) : 0;
  const unsigned french =
      (word->lang & SJ_LANG_FR) != 0 ? SJ_ENTRY_FRENCH(entry) : 0;
  return english > french ? english : french;
}

#endif // SJ_BASE_WORDS_H
