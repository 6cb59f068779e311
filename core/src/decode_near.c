// SPDX-License-Identifier: Apache-2.0
//
// decode_near.c - what the model nearly claimed: words that it gives a third
// of the chance at which it would claim them. They stay in clear; a person may
// be asked about them.

#include "decode_parts.h"

static bool is_near(const sj_decoder *d, const sj_scores *s, size_t token) {
  return 1 - s->outside[token] >= d->threshold / 3;
}

sj_status sj_decode_near(const sj_decoder *d,
                         sj_arena *arena,
                         const sj_text *text,
                         const sj_tokens *tokens,
                         const sj_scores *scores,
                         sj_claims *claims) {
  for (size_t first = 0; first < scores->settled;) {
    const uint8_t likely = scores->likely[first];
    size_t last = first + 1;
    if (!is_near(d, scores, first)) {
      first = last;
      continue;
    }
    const uint8_t type = d->tags[likely].type;
    while (last < scores->settled && is_near(d, scores, last) &&
           d->tags[scores->likely[last]].type == type)
      last++;
    const sj_range range = sj_decode_snap(
        text, (sj_range){tokens->start[first], tokens->end[last - 1]});
    const sj_claim claim = {.start = range.start,
                            .end = range.end,
                            .label = d->tags[likely].label,
                            .score = sj_decode_score(scores, first, last),
                            .role = d->tags[likely].role,
                            .flags = SJ_FLAG_UNCERTAIN,
                            .kind = SJ_KIND_MODEL,
                            .source = d->source};
    sj_status status = SJ_OK;
    if (range.end > range.start) status = sj_claims_push(claims, arena, claim);
    if (status != SJ_OK) return status;
    first = last;
  }
  return SJ_OK;
}
