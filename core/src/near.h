// SPDX-License-Identifier: Apache-2.0
//
// near.h - stage `near`: what came close to being hidden, without what is. It
// hides nothing; a host may ask a person about it.
#ifndef SJ_NEAR_H
#define SJ_NEAR_H

#include "types.h"

/// What is there to look among.
typedef struct sj_near_input {
  const sj_text *text;
  const sj_claims *close;  ///< what the model nearly claimed
  const sj_claims *claims; ///< of these, the vetoed ones
  const sj_span *spans;    ///< what is hidden
  size_t count;
} sj_near_input;

/// The parts of what is close that no span hides, from word to word, as
/// uncertain claims that no veto has dropped.
sj_status sj_near_run(sj_arena *arena, const sj_near_input *in, sj_claims *out);

#endif // SJ_NEAR_H
