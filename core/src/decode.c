// SPDX-License-Identifier: Apache-2.0
//
// decode.c - answers to claims: probabilities are averaged over the windows
// that a token lay in, the best allowed sequence of tags is found over the
// whole text, and each entity is widened to whole words.
//
// The threshold shifts the weight of O: below one half, more is claimed than
// the likeliest reading would. A type's bias does the same for its tags alone.

#include "decode_parts.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

sj_status sj_scores_take(const sj_decoder *d,
                         sj_arena *arena,
                         size_t tokens,
                         sj_scores *out) {
  *out = (sj_scores){0};
  if (tokens > SIZE_MAX / sizeof(float) / SJ_TAGS_MOST) return SJ_NOMEM;
  float *sum = sj_arena_take(arena, tokens * d->tag_count * sizeof(*sum));
  uint32_t *times = sj_arena_take(arena, tokens * sizeof(*times));
  if (sum == NULL || times == NULL) return SJ_NOMEM;
  *out = (sj_scores){sum, times, tokens};
  return SJ_OK;
}

sj_status sj_scores_add(const sj_decoder *d,
                        sj_scores *scores,
                        size_t first,
                        const float *logits,
                        size_t rows) {
  const size_t cols = d->tag_count;
  if (first > scores->tokens || rows > scores->tokens - first) return SJ_MODEL;
  for (size_t i = 0; i < rows * cols; i++)
    if (!isfinite(logits[i])) return SJ_MODEL;
  for (size_t row = 0; row < rows; row++) {
    const float *in = logits + row * cols;
    float *sum = scores->sum + (first + row) * cols;
    float most = in[0];
    float total = 0;
    for (size_t i = 1; i < cols; i++)
      if (in[i] > most) most = in[i];
    for (size_t i = 0; i < cols; i++)
      total += expf(in[i] - most);
    for (size_t i = 0; i < cols; i++)
      sum[i] += expf(in[i] - most) / total;
    scores->times[first + row]++;
  }
  return SJ_OK;
}

static float probability(const sj_decoder *d,
                         const sj_scores *scores,
                         size_t token,
                         size_t tag) {
  if (scores->times[token] == 0) return tag == d->outside ? 1 : 0;
  return scores->sum[token * d->tag_count + tag] / (float)scores->times[token];
}

static bool may_close(const sj_decoder *d, size_t tag) {
  const sj_place place = d->tags[tag].place;
  return !d->has_ends || (place != SJ_PLACE_BEGIN && place != SJ_PLACE_INSIDE);
}

typedef struct path {
  float *now, *next; // best score of a way that ends in each tag
  uint8_t *back;     // tokens by tags: the tag before
} path;

static const float never = -1e30F;

// The best tag before this one: any that may close, or, within an entity, its
// own begin or inside.
static uint8_t
best_before(const sj_decoder *d, const float *now, size_t tag, uint8_t closed) {
  const sj_tag *to = &d->tags[tag];
  if (to->place != SJ_PLACE_INSIDE && to->place != SJ_PLACE_END) return closed;
  if (to->begin == SJ_TAGS_MOST) return to->inside;
  if (to->inside == SJ_TAGS_MOST) return to->begin;
  return now[to->inside] > now[to->begin] ? to->inside : to->begin;
}

static uint8_t best_closed(const sj_decoder *d, const float *now) {
  uint8_t best = (uint8_t)d->outside;
  for (size_t i = 0; i < d->tag_count; i++)
    if (may_close(d, i) && now[i] > now[best]) best = (uint8_t)i;
  return best;
}

static void walk(const sj_decoder *d, const sj_scores *scores, path *p) {
  const float bias = logf(d->threshold / (1 - d->threshold));
  const size_t cols = d->tag_count;
  for (size_t i = 0; i < cols; i++)
    p->now[i] = i == d->outside ? 0 : never;
  for (size_t token = 0; token < scores->tokens; token++) {
    const uint8_t closed = best_closed(d, p->now);
    const float top = p->now[closed]; // kept near 0, so that sums stay exact
    for (size_t i = 0; i < cols; i++) {
      const uint8_t before = best_before(d, p->now, i, closed);
      const float chance = probability(d, scores, token, i);
      float score = before == SJ_TAGS_MOST ? never : p->now[before] - top;
      score += logf(chance < 1e-9F ? 1e-9F : chance);
      score += i == d->outside ? bias : d->tags[i].bias;
      p->next[i] = score < never ? never : score;
      p->back[token * cols + i] =
          before == SJ_TAGS_MOST ? (uint8_t)d->outside : before;
    }
    float *const old = p->now;
    p->now = p->next;
    p->next = old;
  }
}

// The tags of the best way, written over the first column of `back`.
static void
trace(const sj_decoder *d, const sj_scores *scores, path *p, uint8_t *tags) {
  uint8_t tag = best_closed(d, p->now);
  for (size_t token = scores->tokens; token-- > 0;) {
    tags[token] = tag;
    tag = p->back[token * d->tag_count + tag];
  }
}

static bool is_word(uint32_t code) {
  return sj_utf8_kind_of(code) != SJ_UTF8_OTHER;
}

// Leave blanks at the edges out, then widen to whole words: half a name that
// stays in clear is a leak.
static sj_range snap(const sj_text *text, sj_range range) {
  size_t start = range.start;
  size_t end = range.end;
  while (start < end && text->bytes[start] <= ' ')
    start++;
  while (end > start && text->bytes[end - 1] <= ' ')
    end--;
  if (start == end) return (sj_range){(uint32_t)start, (uint32_t)start};
  size_t at = start;
  bool inside = is_word(sj_utf8_next(text->bytes, &at));
  for (at = start; inside && at > 0; start = at)
    if (!is_word(sj_utf8_prev(text->bytes, &at))) break;
  at = end;
  inside = is_word(sj_utf8_prev(text->bytes, &at));
  for (at = end; inside && at < text->len; end = at)
    if (!is_word(sj_utf8_next(text->bytes, &at))) break;
  return (sj_range){(uint32_t)start, (uint32_t)end};
}

static uint16_t score_of(const sj_decoder *d,
                         const sj_scores *scores,
                         size_t first,
                         size_t last) {
  float sum = 0;
  for (size_t i = first; i < last; i++)
    sum += 1 - probability(d, scores, i, d->outside);
  const float mean = sum / (float)(last - first) * 1000;
  if (mean < 1) return 1;
  return mean > 999 ? 999 : (uint16_t)mean;
}

sj_status sj_decode_run(const sj_decoder *d,
                        sj_arena *arena,
                        const sj_text *text,
                        const sj_tokens *tokens,
                        const sj_scores *scores,
                        sj_claims *claims) {
  if (scores->tokens == 0) return SJ_OK;
  const size_t cols = d->tag_count;
  path p = {.now = sj_arena_take(arena, cols * sizeof(float)),
            .next = sj_arena_take(arena, cols * sizeof(float)),
            .back = sj_arena_take(arena, scores->tokens * cols)};
  uint8_t *tags = sj_arena_take(arena, scores->tokens);
  if (p.now == NULL || p.next == NULL || p.back == NULL || tags == NULL)
    return SJ_NOMEM;
  walk(d, scores, &p);
  trace(d, scores, &p, tags);
  for (size_t first = 0; first < scores->tokens;) {
    size_t last = first + 1;
    const sj_tag *tag = &d->tags[tags[first]];
    while (last < scores->tokens && d->tags[tags[last]].type == tag->type &&
           (d->tags[tags[last]].place == SJ_PLACE_INSIDE ||
            d->tags[tags[last]].place == SJ_PLACE_END))
      last++;
    const sj_range range =
        snap(text, (sj_range){tokens->start[first], tokens->end[last - 1]});
    if (tag->place != SJ_PLACE_OUTSIDE && range.end > range.start) {
      const uint16_t score = score_of(d, scores, first, last);
      const sj_claim claim = {.start = range.start,
                              .end = range.end,
                              .label = tag->label,
                              .score = score,
                              .role = tag->role,
                              .flags = score < 500 ? SJ_FLAG_UNCERTAIN : 0,
                              .kind = SJ_KIND_MODEL,
                              .source = d->source};
      const sj_status status = sj_claims_push(claims, arena, claim);
      if (status != SJ_OK) return status;
    }
    first = last;
  }
  return SJ_OK;
}
