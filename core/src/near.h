// SPDX-License-Identifier: Apache-2.0
//
// near.h - stage `near`: what came close to being hidden, without what is. It
// hides nothing; a host may ask a person about it.
#ifndef SJ_NEAR_H
#define SJ_NEAR_H

#include "types.h"

/// The parts of `close`, and of the vetoed ones among `claims`, that none of
/// the `count` spans hides, from word to word, as uncertain claims that no veto
/// has dropped.
sj_status sj_near_run(sj_arena *arena,
                      const sj_text *text,
                      const sj_claims *close,
                      const sj_claims *claims,
                      const sj_span *spans,
                      size_t count,
                      sj_claims *out);

#endif // SJ_NEAR_H
