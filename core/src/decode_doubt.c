// SPDX-License-Identifier: Apache-2.0
//
// decode_doubt.c - where the model is sure that there is nothing, what rules
// and lists merely guessed is dropped; where it rather thinks so, the guess
// stays hidden and is to be looked at. What a label introduces is never
// dropped, but a label is misread too: where the model sees hardly anything,
// it is to be looked at as well.
//
// One token that the model would hide keeps the whole claim: coverage shrinks
// only where nobody but the guess speaks for it.

#include "decode_parts.h"

// A check digit, the chart and a person leave nothing to be looked at.
static bool may_err(const sj_claim *claim) {
  return (claim->kind == SJ_KIND_RULE || claim->kind == SJ_KIND_LIST) &&
         (claim->flags &
          (SJ_FLAG_VALIDATED | SJ_FLAG_KNOWN | SJ_FLAG_MANUAL)) == 0;
}

// The most that the model gives any token of a claim; 1 for none.
static float support(const sj_tokens *tokens,
                     const sj_scores *scores,
                     const sj_claim *claim) {
  size_t at = sj_tokens_first(tokens, claim->start);
  if (at >= scores->settled || tokens->start[at] >= claim->end) return 1;
  float most = 0;
  for (; at < scores->settled && tokens->start[at] < claim->end; at++)
    if (1 - scores->outside[at] > most) most = 1 - scores->outside[at];
  return most;
}

void sj_decode_doubt(const sj_decoder *d,
                     const sj_tokens *tokens,
                     const sj_scores *scores,
                     sj_claims *claims) {
  // Under these, three in five of the needless findings are marked, at one
  // mark in 1,000 characters (models/train/report.py).
  static const float likely = SJ_LIKELY / 1000.0F, hardly = 0.3F;
  if (d->doubt <= 0) return;
  for (size_t i = 0; i < claims->len; i++) {
    sj_claim *claim = &claims->at[i];
    if (claim->vetoed != 0 || !may_err(claim)) continue;
    const float most = support(tokens, scores, claim);
    // What the second law lets nobody touch is no guess, whoever claimed it.
    const bool guess = sj_claim_is_ambiguous(claim);
    if (most < (guess ? likely : hardly)) claim->flags |= SJ_FLAG_UNCERTAIN;
    if (!guess || most >= d->doubt) continue;
    claim->vetoed = 1;
    claim->veto = d->source;
  }
}
