// SPDX-License-Identifier: Apache-2.0
//
// rules_words.h - a list of words as one pattern that a matcher walks once.
#ifndef SJ_RULES_WORDS_H
#define SJ_RULES_WORDS_H

#include "rules_pack.h"

/// The words between bars as a pattern: common beginnings are shared, so that
/// a word is refused at its first letter and not once for each word of the
/// list. `*out` is the arena's; its length is 0 for a list without words.
sj_status sj_words_build(sj_arena *arena, sj_str list, sj_str *out);

#endif // SJ_RULES_WORDS_H
