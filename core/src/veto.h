// SPDX-License-Identifier: Apache-2.0
//
// veto.h - stage `veto`: what is never anybody's name or number. The one stage
// where coverage shrinks, and it may touch ambiguous claims alone (law 2).
#ifndef SJ_VETO_H
#define SJ_VETO_H

#include "types.h"

#include "base/words.h"

/// Move what rules protect out of the claims, into a list of its own.
sj_status
sj_veto_part(sj_arena *arena, sj_claims *claims, sj_claims *protections);

/// Trim or drop the ambiguous claims by the lists and by `protections`. Claims
/// that were judged before may be judged again.
sj_status sj_veto_run(sj_arena *arena,
                      const sj_lexicon *lexicon,
                      const sj_words *words,
                      const sj_view *view,
                      const sj_claims *protections,
                      sj_claims *claims);

#endif // SJ_VETO_H
