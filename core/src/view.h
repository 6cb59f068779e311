// SPDX-License-Identifier: Apache-2.0
//
// view.h - stage 2: the text as patterns should see it, with the exact way
// back, and the language of each line.
#ifndef SJ_VIEW_H
#define SJ_VIEW_H

#include "types.h"

/// Build the view of a text. `langs` is a mask of sj_lang; 0 lets the stage
/// decide line by line, and where it doubts, a line has all of them.
sj_status sj_view_build(sj_view *out,
                        sj_arena *arena,
                        const sj_text *text,
                        unsigned langs);

#endif // SJ_VIEW_H
