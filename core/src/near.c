// SPDX-License-Identifier: Apache-2.0
//
// near.c - what came close: claims less what is hidden (merge -> near).
//
// A claim that reaches into a span keeps the words beside it: where a surname
// is hidden and the first name before it is not, that is what to ask about.

#include "near.h"

#include "base/utf8.h"

// The part of the text from the first word to the last.
static sj_range trim(const sj_text *text, sj_range range) {
  size_t start = range.start;
  size_t end = range.end;
  for (size_t at = start; start < end; start = at)
    if (sj_utf8_kind_of(sj_utf8_next(text->bytes, &at)) != SJ_UTF8_OTHER) break;
  for (size_t at = end; start < end; end = at)
    if (sj_utf8_kind_of(sj_utf8_prev(text->bytes, &at)) != SJ_UTF8_OTHER) break;
  return (sj_range){(uint32_t)start, (uint32_t)end};
}

// The first span that ends behind a byte.
static size_t first_behind(const sj_span *spans, size_t count, uint32_t at) {
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (spans[middle].end <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static sj_status push_part(sj_arena *arena,
                           const sj_text *text,
                           const sj_claim *claim,
                           sj_range part,
                           sj_claims *out) {
  const sj_range range = trim(text, part);
  if (range.start >= range.end) return SJ_OK;
  sj_claim left = *claim;
  left.start = range.start;
  left.end = range.end;
  left.vetoed = 0;
  left.flags |= SJ_FLAG_UNCERTAIN;
  return sj_claims_push(out, arena, left);
}

static sj_status push_parts(sj_arena *arena,
                            const sj_near_input *in,
                            const sj_claim *claim,
                            sj_claims *out) {
  const sj_span *spans = in->spans;
  uint32_t at = claim->start;
  size_t i = first_behind(spans, in->count, at);
  for (; i < in->count && spans[i].start < claim->end; i++) {
    if (spans[i].start > at) {
      const sj_range part = {at, spans[i].start};
      const sj_status status = push_part(arena, in->text, claim, part, out);
      if (status != SJ_OK) return status;
    }
    at = spans[i].end;
  }
  if (at >= claim->end) return SJ_OK;
  return push_part(arena, in->text, claim, (sj_range){at, claim->end}, out);
}

sj_status
sj_near_run(sj_arena *arena, const sj_near_input *in, sj_claims *out) {
  sj_status status = SJ_OK;
  for (size_t i = 0; status == SJ_OK && i < in->close->len; i++)
    status = push_parts(arena, in, &in->close->at[i], out);
  for (size_t i = 0; status == SJ_OK && i < in->claims->len; i++)
    if (in->claims->at[i].vetoed != 0)
      status = push_parts(arena, in, &in->claims->at[i], out);
  return status;
}
