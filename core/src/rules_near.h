// SPDX-License-Identifier: Apache-2.0
//
// rules_near.h - words beside a hit: whole words, case and accents aside.
#ifndef SJ_RULES_NEAR_H
#define SJ_RULES_NEAR_H

#include "rules_pack.h"
#include "types.h"

/// Words ready to compare: folded, each between two blanks.
typedef struct sj_terms {
  const char **at;
  size_t len;
} sj_terms;

enum { SJ_FOLD_ROOM = 1024 }; ///< bytes: 200 characters and more

/// Fold [at, end) of UTF-8 into `out`, which holds SJ_FOLD_ROOM + 1 bytes: a
/// blank, words, a blank, NUL. Stops where it is full. Returns the length.
size_t sj_terms_fold(const uint8_t *bytes, size_t at, size_t end, char *out);

/// Fold the phrases between bars.
sj_status sj_terms_build(sj_arena *arena, sj_str phrases, sj_terms *out);

/// Whether one of them stands within `within` characters before (or after) the
/// stretch of the view, in the same paragraph.
bool sj_terms_near(const sj_terms *terms,
                   const sj_view *view,
                   sj_range hit,
                   uint32_t within,
                   bool after);

#endif // SJ_RULES_NEAR_H
