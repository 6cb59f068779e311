// SPDX-License-Identifier: Apache-2.0
//
// decode_doubt.c - where the model is sure that there is nothing, what rules
// and lists merely guessed is dropped; where it rather thinks so, the guess
// stays hidden and is to be looked at.
//
// A guess is a claim that no check digit confirmed, no label introduced, no
// chart gave and no person added, of a label that the second law lets a veto
// touch: a name, a place, an organization, a date, an id, a log-in. One token
// that the model would hide keeps the whole claim: coverage shrinks only where
// nobody but the guess speaks for it.

#include "decode_parts.h"

static bool is_guess(const sj_claim *claim) {
  const unsigned sure =
      SJ_FLAG_VALIDATED | SJ_FLAG_LABELLED | SJ_FLAG_KNOWN | SJ_FLAG_MANUAL;
  if (claim->vetoed != 0 || (claim->flags & sure) != 0) return false;
  if (claim->kind != SJ_KIND_RULE && claim->kind != SJ_KIND_LIST) return false;
  switch (claim->label) {
  case SJ_LABEL_NAME:
  case SJ_LABEL_DATE:
  case SJ_LABEL_ADDRESS:
  case SJ_LABEL_CITY:
  case SJ_LABEL_LOCATION:
  case SJ_LABEL_ORGANIZATION:
  case SJ_LABEL_ID:
  case SJ_LABEL_USERNAME:
    return true;
  default:
    return false;
  }
}

// Tokens are in order, so the first that ends behind `at` is found by halves.
static size_t first_behind(const sj_tokens *tokens, uint32_t at) {
  size_t low = 0;
  size_t high = tokens->len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (tokens->end[middle] <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

// The most that the model gives any token of a claim; 1 for none.
static float support(const sj_tokens *tokens,
                     const sj_scores *scores,
                     const sj_claim *claim) {
  size_t at = first_behind(tokens, claim->start);
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
  static const float even = 0.5F;
  for (size_t i = 0; i < claims->len; i++) {
    sj_claim *claim = &claims->at[i];
    if (d->doubt <= 0 || !is_guess(claim)) continue;
    const float most = support(tokens, scores, claim);
    if (most < even) claim->flags |= SJ_FLAG_UNCERTAIN;
    if (most >= d->doubt) continue;
    claim->vetoed = 1;
    claim->veto = d->source;
  }
}
