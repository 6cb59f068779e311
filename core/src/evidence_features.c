// SPDX-License-Identifier: Apache-2.0
//
// evidence_features.c - what speaks for and against one word.

#include "evidence_parts.h"

#include <string.h>

#include "base/fold.h"

static void add(sj_pieces *out, uint32_t id) {
  if (out->len < SJ_PIECES_MAX) out->ids[out->len++] = (uint16_t)id;
}

static void add_if(sj_pieces *out, bool holds, uint32_t id) {
  if (holds) add(out, id);
}

// `first` is the id of class 1.
static void add_class(sj_pieces *out, unsigned class, uint32_t first) {
  if (class > 0) add(out, first + class - 1);
}

static bool starts_field(const sj_word *word) {
  return word->gap >= SJ_GAP_STOP || word->gap == SJ_GAP_COLON;
}

// Towns of several words are towns; names are looked at word by word.
static sj_entry town_entry(const sj_word *word) {
  return SJ_ENTRY_TOWN(word->phrase) > 0 ? word->phrase : word->entry;
}

static bool is_listed_name(const sj_word *word) {
  return SJ_ENTRY_FIRST(word->entry) > 0 || SJ_ENTRY_SURNAME(word->entry) > 0;
}

static bool is_unknown(const sj_word *word) {
  return (word->phrase & ~SJ_ENTRY_OPENS) == 0 &&
         (word->entry & ~SJ_ENTRY_OPENS) == 0 &&
         word->shape != SJ_SHAPE_NUMBER && word->letters > 1;
}

static unsigned usual(const sj_word *word) {
  return sj_word_usual(word, word->entry);
}

// Written as names are; in a document without capitals, any word that is no
// ordinary one.
static bool is_capital(const sj_words *words, const sj_word *word) {
  if (word->shape == SJ_SHAPE_LOWER)
    return words->no_capitals && word->letters > 1 && usual(word) <= 1 &&
           (word->entry & SJ_ENTRY_CLINICAL) == 0;
  return word->shape == SJ_SHAPE_CAPITAL || word->shape == SJ_SHAPE_UPPER ||
         word->shape == SJ_SHAPE_INITIAL;
}

static void add_shape(const sj_words *words, size_t i, sj_pieces *out) {
  const sj_word *word = &words->at[i];
  const bool ordinary = usual(word) >= 3;
  const bool unknown = is_unknown(word);
  switch (word->shape) {
  case SJ_SHAPE_CAPITAL:
    if (starts_field(word)) {
      add(out, SJ_EVIDENCE_CAPITAL_START);
      add_if(out, ordinary, SJ_EVIDENCE_START_USUAL);
    } else {
      add(out, SJ_EVIDENCE_CAPITAL);
      add_if(out, ordinary, SJ_EVIDENCE_CAPITAL_USUAL);
      add_if(out, unknown, SJ_EVIDENCE_UNKNOWN_CAPITAL);
    }
    break;
  case SJ_SHAPE_UPPER:
    if (word->upper_line) {
      add(out, SJ_EVIDENCE_UPPER_LINE);
      add_if(out, ordinary, SJ_EVIDENCE_LINE_USUAL);
      break;
    }
    add(out, SJ_EVIDENCE_UPPER);
    add_if(out, ordinary, SJ_EVIDENCE_UPPER_USUAL);
    add_if(out, unknown, SJ_EVIDENCE_UNKNOWN_UPPER);
    add_if(out, word->letters <= 3, SJ_EVIDENCE_UPPER_SHORT);
    break;
  case SJ_SHAPE_INITIAL:
    add(out, SJ_EVIDENCE_INITIAL);
    break;
  case SJ_SHAPE_MIXED:
    add(out, SJ_EVIDENCE_MIXED);
    break;
  default:
    add(out, words->no_capitals ? SJ_EVIDENCE_LOWER_NOTE : SJ_EVIDENCE_LOWER);
    add_if(out, is_listed_name(word) && usual(word) == 0,
           SJ_EVIDENCE_LOWER_NAME);
    if (!words->no_capitals) break;
    add_if(out, unknown, SJ_EVIDENCE_LOWER_UNKNOWN);
    add_if(out, SJ_ENTRY_FIRST(word->entry) >= 4 && usual(word) <= 4,
           SJ_EVIDENCE_LOWER_FIRST);
    add_if(out, SJ_ENTRY_TOWN(word->phrase) >= 5 && usual(word) <= 1,
           SJ_EVIDENCE_LOWER_TOWN);
  }
}

static void
add_gaps(const sj_words *words, const sj_note *note, size_t i, sj_pieces *out) {
  static const uint8_t before[] = {
      [SJ_GAP_LINE] = SJ_EVIDENCE_GAP_LINE,
      [SJ_GAP_BLOCK] = SJ_EVIDENCE_GAP_BLOCK,
      [SJ_GAP_STOP] = SJ_EVIDENCE_GAP_STOP,
      [SJ_GAP_TAB] = SJ_EVIDENCE_GAP_TAB,
      [SJ_GAP_COLON] = SJ_EVIDENCE_GAP_COLON,
      [SJ_GAP_COMMA] = SJ_EVIDENCE_GAP_COMMA,
      [SJ_GAP_SLASH] = SJ_EVIDENCE_GAP_SLASH,
      [SJ_GAP_BRACKET] = SJ_EVIDENCE_GAP_BRACKET,
      [SJ_GAP_JOINT] = SJ_EVIDENCE_GAP_JOINT,
      [SJ_GAP_INITIAL] = SJ_EVIDENCE_GAP_INITIAL,
      [SJ_GAP_OTHER] = SJ_EVIDENCE_GAP_OTHER,
  };
  static const uint8_t behind[] = {
      [SJ_GAP_COLON] = SJ_EVIDENCE_END_COLON,
      [SJ_GAP_COMMA] = SJ_EVIDENCE_END_COMMA,
      [SJ_GAP_LINE] = SJ_EVIDENCE_END_LINE,
      [SJ_GAP_BLOCK] = SJ_EVIDENCE_END_LINE,
      [SJ_GAP_STOP] = SJ_EVIDENCE_END_STOP,
      [SJ_GAP_TAB] = SJ_EVIDENCE_END_TAB,
      [SJ_GAP_SLASH] = SJ_EVIDENCE_END_SLASH,
      [SJ_GAP_BRACKET] = SJ_EVIDENCE_END_BRACKET,
  };
  const uint8_t gap = words->at[i].gap;
  if (before[gap] != 0) add(out, before[gap]);
  const uint8_t end =
      i + 1 < words->len ? words->at[i + 1].gap : (uint8_t)SJ_GAP_BLOCK;
  if (end < sizeof(behind) && behind[end] != 0) add(out, behind[end]);
  add_if(out, note->possessive, SJ_EVIDENCE_END_POSSESSIVE);
  add_if(out, gap >= SJ_GAP_TAB && end >= SJ_GAP_TAB, SJ_EVIDENCE_ALONE);
  add_if(out, gap == SJ_GAP_COLON && end >= SJ_GAP_TAB, SJ_EVIDENCE_FIELD);
}

static void add_lists(const sj_word *word, sj_pieces *out) {
  const sj_entry entry = word->entry;
  const sj_entry town = town_entry(word);
  add_class(out, SJ_ENTRY_FIRST(entry), SJ_EVIDENCE_FIRST_1);
  add_class(out, SJ_ENTRY_SURNAME(entry), SJ_EVIDENCE_SURNAME_1);
  add_class(out, SJ_ENTRY_TOWN(town), SJ_EVIDENCE_TOWN_1);
  add_if(out, SJ_ENTRY_TOWN(word->phrase) > 0 && word->phrase_len > 1,
         SJ_EVIDENCE_TOWN_PHRASE);
  add_class(out, usual(word), SJ_EVIDENCE_USUAL_1);
  add_if(out, is_unknown(word), SJ_EVIDENCE_UNKNOWN);
  add_if(out,
         usual(word) == 0 &&
             SJ_ENTRY_ENGLISH(entry) + SJ_ENTRY_FRENCH(entry) >= 3,
         SJ_EVIDENCE_OTHER_TONGUE);
  const sj_entry both = entry | word->phrase;
  add_if(out, (both & SJ_ENTRY_CLINICAL) != 0, SJ_EVIDENCE_CLINICAL);
  add_if(out, (both & SJ_ENTRY_REGION) != 0, SJ_EVIDENCE_REGION);
  add_if(out, (word->phrase & SJ_ENTRY_SITE) != 0, SJ_EVIDENCE_SITE);
  add_if(out, SJ_ENTRY_PROTECTED(entry) || SJ_ENTRY_PROTECTED(word->phrase),
         SJ_EVIDENCE_PROTECTED);
}

// The endings of a word, in small letters: endings are ASCII in the table, and
// accents are folded.
static void add_suffixes(const sj_evidence *evidence,
                         const sj_view *view,
                         const sj_word *word,
                         sj_pieces *out) {
  char tail[12];
  size_t len = 0;
  sj_fold fold = {.bytes = view->bytes, .at = word->start, .end = word->end};
  for (uint32_t code; (code = sj_fold_next(&fold)) != 0;) {
    if (len == sizeof(tail)) memmove(tail, tail + 1, --len);
    tail[len++] = (char)(code < 0x80 ? code : '?');
  }
  uint32_t seen = 0;
  for (size_t s = 0; s < evidence->suffix_count; s++) {
    const sj_suffix *suffix = &evidence->suffixes[s];
    if (suffix->len >= len || (seen >> suffix->group & 1) != 0 ||
        memcmp(tail + len - suffix->len, suffix->text, suffix->len) != 0)
      continue;
    seen |= 1u << suffix->group;
    add(out, sj_evidence_suffix(evidence, suffix->group));
  }
}

static void add_classes(sj_pieces *out, uint32_t mask, size_t side) {
  for (size_t class = 0; mask != 0; class ++, mask >>= 1)
    if ((mask & 1) != 0) add(out, sj_evidence_side(class, side));
}

// Words behind a line end are neighbours, words of another block are not.
static void add_neighbours(const sj_words *words,
                           const sj_note *notes,
                           size_t i,
                           sj_pieces *out) {
  enum { LEFT, LEFT_2, RIGHT, RIGHT_2, COLON, SELF };
  const sj_word *at = words->at;
  if (at[i].gap < SJ_GAP_BLOCK && i > 0) {
    if (at[i].gap == SJ_GAP_COLON)
      add_classes(out, notes[i - 1].classes, COLON);
    else
      add_classes(out, notes[i - 1].classes, LEFT);
    if (i > 1 && at[i - 1].gap < SJ_GAP_BLOCK)
      add_classes(out, notes[i - 2].classes, LEFT_2);
  }
  add_classes(out, notes[i].classes, SELF);
  if (i + 1 < words->len && at[i + 1].gap < SJ_GAP_BLOCK) {
    add_classes(out, notes[i + 1].classes, RIGHT);
    if (i + 2 < words->len && at[i + 2].gap < SJ_GAP_BLOCK)
      add_classes(out, notes[i + 2].classes, RIGHT_2);
  }
}

static bool is_close(uint8_t gap) {
  return gap == SJ_GAP_BLANK || gap == SJ_GAP_INITIAL || gap == SJ_GAP_JOINT;
}

// What the word beside is; the ids of the two sides stand in one order.
static void add_side(const sj_words *words,
                     const sj_word *other,
                     bool right,
                     sj_pieces *out) {
  const uint32_t shift =
      right ? SJ_EVIDENCE_RIGHT_FIRST - SJ_EVIDENCE_LEFT_FIRST : 0;
  const bool capital = is_capital(words, other);
  add_if(out, capital && SJ_ENTRY_FIRST(other->entry) >= 3,
         SJ_EVIDENCE_LEFT_FIRST + shift);
  add_if(out, capital && SJ_ENTRY_SURNAME(other->entry) >= 2,
         SJ_EVIDENCE_LEFT_SURNAME + shift);
  add_if(out, capital && is_unknown(other), SJ_EVIDENCE_LEFT_UNKNOWN + shift);
  add_if(out, other->shape == SJ_SHAPE_INITIAL,
         SJ_EVIDENCE_LEFT_INITIAL + shift);
  add_if(out, other->shape == SJ_SHAPE_CAPITAL,
         SJ_EVIDENCE_LEFT_CAPITAL + shift);
  add_if(out, other->shape == SJ_SHAPE_UPPER, SJ_EVIDENCE_LEFT_UPPER + shift);
  add_if(out, other->shape == SJ_SHAPE_NUMBER, SJ_EVIDENCE_LEFT_NUMBER + shift);
  add_if(out, (other->entry & SJ_ENTRY_CLINICAL) != 0,
         SJ_EVIDENCE_LEFT_CLINICAL + shift);
  add_if(out, ((other->entry | other->phrase) & SJ_ENTRY_REGION) != 0,
         SJ_EVIDENCE_LEFT_REGION + shift);
}

static void add_pairs(const sj_words *words, size_t i, sj_pieces *out) {
  const sj_word *word = &words->at[i];
  const bool left = i > 0;
  const bool right = i + 1 < words->len;
  const unsigned first = SJ_ENTRY_FIRST(word->entry);
  const unsigned surname = SJ_ENTRY_SURNAME(word->entry);
  if (left && is_close(word->gap)) {
    const sj_word *other = &words->at[i - 1];
    add_side(words, other, false, out);
    add_if(out,
           surname > 0 && SJ_ENTRY_FIRST(other->entry) >= 3 &&
               sj_word_usual(other, other->entry) <= 3,
           SJ_EVIDENCE_PAIR_LAST);
    add_if(out,
           is_unknown(word) && is_unknown(other) && is_capital(words, other),
           SJ_EVIDENCE_PAIR_UNKNOWN);
  }
  if (right && is_close(words->at[i + 1].gap)) {
    const sj_word *other = &words->at[i + 1];
    add_side(words, other, true, out);
    add_if(out,
           first >= 3 && usual(word) <= 3 && is_capital(words, other) &&
               (SJ_ENTRY_SURNAME(other->entry) > 0 || is_unknown(other)),
           SJ_EVIDENCE_PAIR_FIRST);
    add_if(out,
           is_unknown(word) && is_unknown(other) && is_capital(words, other),
           SJ_EVIDENCE_PAIR_UNKNOWN);
  }
  // A region also stands behind a comma: Duluth, Minnesota.
  if (right && words->at[i + 1].gap == SJ_GAP_COMMA) {
    const sj_word *other = &words->at[i + 1];
    add_if(out, ((other->entry | other->phrase) & SJ_ENTRY_REGION) != 0,
           SJ_EVIDENCE_RIGHT_REGION);
    add_if(out, is_capital(words, other) && SJ_ENTRY_FIRST(other->entry) >= 3,
           SJ_EVIDENCE_COMMA_LAST);
  }
  if (left && word->gap == SJ_GAP_COMMA && first >= 3)
    add_if(out,
           is_capital(words, &words->at[i - 1]) &&
               (SJ_ENTRY_SURNAME(words->at[i - 1].entry) > 0 ||
                is_unknown(&words->at[i - 1])),
           SJ_EVIDENCE_COMMA_FIRST);
}

static void add_run(const sj_note *note, sj_pieces *out) {
  if (note->run == 0) return;
  const unsigned len = note->run > 4 ? 4 : note->run;
  add(out, SJ_EVIDENCE_RUN_1 + len - 1);
  add_if(out, (note->run_flags & SJ_RUN_USUAL) != 0, SJ_EVIDENCE_RUN_USUAL);
  add_if(out, (note->run_flags & SJ_RUN_FIRST) != 0, SJ_EVIDENCE_RUN_FIRST);
  add_if(out, (note->run_flags & SJ_RUN_CARE_BEFORE) != 0,
         SJ_EVIDENCE_RUN_CARE_BEFORE);
  add_if(out, (note->run_flags & SJ_RUN_CARE_AFTER) != 0,
         SJ_EVIDENCE_RUN_CARE_AFTER);
  add_if(out, (note->run_flags & SJ_RUN_CARE_LAST) != 0,
         SJ_EVIDENCE_RUN_CARE_LAST);
}

// Behind a title or a role, what is no ordinary word is a name, however it is
// written.
static void add_frame(const sj_words *words,
                      const sj_note *notes,
                      size_t i,
                      sj_pieces *out) {
  const sj_word *word = &words->at[i];
  if (i == 0 || word->gap >= SJ_GAP_STOP ||
      (notes[i - 1].classes & SJ_CLASS_FRAME) == 0)
    return;
  add_if(out,
         word->shape == SJ_SHAPE_LOWER &&
             (usual(word) <= 1 ||
              (usual(word) <= 4 && SJ_ENTRY_FIRST(word->entry) >= 4)),
         SJ_EVIDENCE_FRAMED_LOWER);
  add_if(out, is_unknown(word), SJ_EVIDENCE_FRAMED_UNKNOWN);
}

void sj_evidence_collect(const sj_evidence *evidence,
                         const sj_words *words,
                         const sj_view *view,
                         const sj_note *notes,
                         size_t i,
                         sj_pieces *out) {
  const sj_word *word = &words->at[i];
  out->len = 0;
  add(out, SJ_EVIDENCE_BASE);
  add_shape(words, i, out);
  add_if(out,
         memchr(view->bytes + word->start, '-', word->end - word->start) !=
             NULL,
         SJ_EVIDENCE_HYPHEN);
  add_if(out, word->letters <= 3, SJ_EVIDENCE_SHORT);
  add_gaps(words, &notes[i], i, out);
  add_lists(word, out);
  add_suffixes(evidence, view, word, out);
  add_pairs(words, i, out);
  add_run(&notes[i], out);
  add_frame(words, notes, i, out);
  add_if(out, notes[i].repeated, SJ_EVIDENCE_REPEATED);
  add_if(out, notes[i].lower_too, SJ_EVIDENCE_LOWER_TOO);
  add_neighbours(words, notes, i, out);
}

static void
add_neighbour_score(const sj_note *note, uint8_t gap, sj_pieces *out) {
  if (!note->candidate) return;
  if (gap == SJ_GAP_COMMA) {
    add_if(out, note->score[0] > 0, SJ_EVIDENCE_COMMA_NAME);
    return;
  }
  if (!is_close(gap)) return;
  if (note->score[0] > 2)
    add(out, SJ_EVIDENCE_NEAR_NAME_3);
  else if (note->score[0] > 0)
    add(out, SJ_EVIDENCE_NEAR_NAME_2);
  else if (note->score[0] > -2)
    add(out, SJ_EVIDENCE_NEAR_NAME_1);
  add_if(out, note->score[1] > 0, SJ_EVIDENCE_NEAR_TOWN);
  add_if(out, note->score[2] > 0, SJ_EVIDENCE_NEAR_SITE);
}

void sj_evidence_collect_second(const sj_words *words,
                                const sj_note *notes,
                                size_t i,
                                sj_pieces *out) {
  const sj_note *note = &notes[i];
  if (note->inside > 0) {
    switch (note->inside - 1) {
    case SJ_LABEL_NAME:
      add(out, SJ_EVIDENCE_IN_NAME);
      break;
    case SJ_LABEL_CITY:
    case SJ_LABEL_ADDRESS:
    case SJ_LABEL_LOCATION:
    case SJ_LABEL_ZIP:
      add(out, SJ_EVIDENCE_IN_PLACE);
      break;
    case SJ_LABEL_ORGANIZATION:
      add(out, SJ_EVIDENCE_IN_ORGANIZATION);
      break;
    default:
      add(out, SJ_EVIDENCE_IN_OTHER);
    }
  }
  const bool left = i > 0 && is_close(words->at[i].gap) &&
                    notes[i - 1].inside == 1 + SJ_LABEL_NAME;
  const bool right = i + 1 < words->len && is_close(words->at[i + 1].gap) &&
                     notes[i + 1].inside == 1 + SJ_LABEL_NAME;
  add_if(out, left || right, SJ_EVIDENCE_BY_NAME);
  add_if(out, note->echo_name, SJ_EVIDENCE_ECHO_NAME);
  add_if(out, note->echo_place, SJ_EVIDENCE_ECHO_PLACE);
  if (i > 0) add_neighbour_score(&notes[i - 1], words->at[i].gap, out);
  if (i + 1 < words->len)
    add_neighbour_score(&notes[i + 1], words->at[i + 1].gap, out);
  add_if(out, note->same_name_1, SJ_EVIDENCE_SAME_NAME_1);
  add_if(out, note->same_name_2, SJ_EVIDENCE_SAME_NAME_2);
  add_if(out, note->same_town, SJ_EVIDENCE_SAME_TOWN);
  add_if(out, note->same_site, SJ_EVIDENCE_SAME_SITE);
  add_if(out, note->initials, SJ_EVIDENCE_INITIALS);
}
