// SPDX-License-Identifier: Apache-2.0
//
// evidence_pairs.c - a common first name and a common surname, written alike
// and side by side, are one person: half of a name is no name.

#include "evidence_parts.h"

enum { COMMON = 5 };

bool sj_evidence_is_pair(const sj_words *words, size_t i) {
  if (i + 1 >= words->len) return false;
  const sj_word *first = &words->at[i];
  const sj_word *last = &words->at[i + 1];
  if (last->gap != SJ_GAP_BLANK || first->shape != last->shape) return false;
  if (first->shape != SJ_SHAPE_CAPITAL && first->shape != SJ_SHAPE_LOWER)
    return false;
  // Neither may be more a word than a name: `may need`, `grant access`.
  return SJ_ENTRY_FIRST(first->entry) >= COMMON &&
         SJ_ENTRY_FIRST(first->entry) >= sj_word_usual(first, first->entry) &&
         SJ_ENTRY_SURNAME(last->entry) >= COMMON &&
         SJ_ENTRY_SURNAME(last->entry) > sj_word_usual(last, last->entry) &&
         (last->entry & SJ_ENTRY_CLINICAL) == 0;
}
