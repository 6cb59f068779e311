// SPDX-License-Identifier: Apache-2.0
//
// words.h - stage `words`: the words of the view, how each is written, and
// what the lists know of it. base/words.h has the types.
#ifndef SJ_WORDS_H
#define SJ_WORDS_H

#include "types.h"

#include "base/words.h"

/// Find the words of the view.
sj_status sj_words_find(sj_words *out,
                        sj_arena *arena,
                        const sj_lexicon *lexicon,
                        const sj_text *text,
                        const sj_view *view);

#endif // SJ_WORDS_H
