// SPDX-License-Identifier: Apache-2.0
//
// decode.c - answers to claims: probabilities are averaged over the windows
// that a token lay in, the best allowed sequence of tags is found over the
// whole text, and each entity is widened to whole words.
//
// The way through the tags is walked as windows come in: a token that no later
// window can speak of is settled, and what it takes from then on is a choice
// for what may follow it, not a row of numbers.
//
// The threshold shifts the weight of O: below one half, more is claimed than
// the likeliest reading would. A type's bias does the same for its tags alone.

#include "decode_parts.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

static const float NEVER = -1e30F;

sj_status sj_scores_take(const sj_decoder *d,
                         sj_arena *arena,
                         size_t tokens,
                         sj_scores *out) {
  const size_t cols = d->tag_count;
  const size_t window = d->window;
  const size_t bytes = (d->type_count + 7) / 8;
  if (tokens > SIZE_MAX / sizeof(float) / (bytes + 1)) return SJ_NOMEM;
  *out = (sj_scores){.tokens = tokens,
                     .sum = sj_arena_take(arena, window * cols * sizeof(float)),
                     .times = sj_arena_take(arena, window * sizeof(uint32_t)),
                     .outside = sj_arena_take(arena, tokens * sizeof(float)),
                     .likely = sj_arena_take(arena, tokens),
                     .closed = sj_arena_take(arena, tokens),
                     .inside = sj_arena_take(arena, tokens * bytes),
                     .now = sj_arena_take(arena, cols * sizeof(float)),
                     .next = sj_arena_take(arena, cols * sizeof(float))};
  if (out->sum == NULL || out->times == NULL || out->outside == NULL ||
      out->likely == NULL || out->closed == NULL || out->inside == NULL ||
      out->now == NULL || out->next == NULL) {
    *out = (sj_scores){0};
    return SJ_NOMEM;
  }
  for (size_t i = 0; i < cols; i++)
    out->now[i] = i == d->outside ? 0 : NEVER;
  return SJ_OK;
}

// ---------------------------------------------------------------------------
// The best way through the tags, token by token
// ---------------------------------------------------------------------------

static bool may_close(const sj_decoder *d, size_t tag) {
  const sj_place place = d->tags[tag].place;
  return !d->has_ends || (place != SJ_PLACE_BEGIN && place != SJ_PLACE_INSIDE);
}

static uint8_t best_closed(const sj_decoder *d, const float *now) {
  uint8_t best = (uint8_t)d->outside;
  for (size_t i = 0; i < d->tag_count; i++)
    if (may_close(d, i) && now[i] > now[best]) best = (uint8_t)i;
  return best;
}

static bool goes_on(const sj_tag *tag) {
  return tag->place == SJ_PLACE_INSIDE || tag->place == SJ_PLACE_END;
}

// The tag before a settled token's: any that may close, or, within an entity,
// its own begin or inside. SJ_TAGS_MOST where there is none.
static uint8_t
tag_before(const sj_decoder *d, const sj_scores *s, size_t token, size_t tag) {
  const sj_tag *to = &d->tags[tag];
  if (!goes_on(to)) return s->closed[token];
  if (to->begin == SJ_TAGS_MOST) return to->inside;
  if (to->inside == SJ_TAGS_MOST) return to->begin;
  const size_t bytes = (d->type_count + 7) / 8;
  const size_t type = to->type - 1u;
  const uint8_t bits = s->inside[token * bytes + type / 8];
  return (bits >> type % 8 & 1) != 0 ? to->inside : to->begin;
}

// Write down, for the tags that may come, which way leads best to each.
static void note_ways(const sj_decoder *d, sj_scores *s) {
  const size_t bytes = (d->type_count + 7) / 8;
  uint8_t *bits = s->inside + s->settled * bytes;
  s->closed[s->settled] = best_closed(d, s->now);
  for (size_t i = 0; i < d->tag_count; i++) {
    const sj_tag *tag = &d->tags[i];
    if (!goes_on(tag) || tag->begin == SJ_TAGS_MOST ||
        tag->inside == SJ_TAGS_MOST ||
        s->now[tag->inside] <= s->now[tag->begin])
      continue;
    const size_t type = tag->type - 1u;
    bits[type / 8] |= (uint8_t)(1u << type % 8);
  }
}

// The likeliest of the tags that hide something.
static uint8_t likeliest(const sj_decoder *d, const float *sum) {
  size_t best = d->outside == 0 && d->tag_count > 1 ? 1 : 0;
  for (size_t i = 0; sum != NULL && i < d->tag_count; i++)
    if (i != d->outside && sum[i] > sum[best]) best = i;
  return (uint8_t)best;
}

// Walk past the next token. `sum` is NULL where no window spoke of it: then it
// is outside.
static void
settle(const sj_decoder *d, sj_scores *s, const float *sum, uint32_t times) {
  const float bias = logf(d->threshold / (1 - d->threshold));
  note_ways(d, s);
  const float top = s->now[s->closed[s->settled]]; // kept near 0: exact sums
  s->outside[s->settled] = sum == NULL ? 1 : sum[d->outside] / (float)times;
  s->likely[s->settled] = likeliest(d, sum);
  for (size_t i = 0; i < d->tag_count; i++) {
    const uint8_t before = tag_before(d, s, s->settled, i);
    float chance = i == d->outside ? 1 : 0;
    if (sum != NULL) chance = sum[i] / (float)times;
    float score = before == SJ_TAGS_MOST ? NEVER : s->now[before] - top;
    score += logf(chance < 1e-9F ? 1e-9F : chance);
    score += i == d->outside ? bias : d->tags[i].bias;
    s->next[i] = score < NEVER ? NEVER : score;
  }
  float *const old = s->now;
  s->now = s->next;
  s->next = old;
  s->settled++;
}

// Settle all tokens before `first`: no window speaks of them any more.
static void settle_until(const sj_decoder *d, sj_scores *s, size_t first) {
  const size_t cols = d->tag_count;
  size_t used = 0;
  for (; s->settled < first && used < s->held; used++)
    settle(d, s, s->times[used] == 0 ? NULL : s->sum + used * cols,
           s->times[used]);
  while (s->settled < first)
    settle(d, s, NULL, 0);
  s->held -= used;
  if (used == 0) return;
  memmove(s->sum, s->sum + used * cols, s->held * cols * sizeof(*s->sum));
  memmove(s->times, s->times + used, s->held * sizeof(*s->times));
}

// ---------------------------------------------------------------------------
// What a window says
// ---------------------------------------------------------------------------

static void add_row(const sj_decoder *d, float *sum, const float *in) {
  const size_t cols = d->tag_count;
  float most = in[0];
  float total = 0;
  for (size_t i = 1; i < cols; i++)
    if (in[i] > most) most = in[i];
  for (size_t i = 0; i < cols; i++)
    total += expf(in[i] - most);
  for (size_t i = 0; i < cols; i++)
    sum[i] += expf(in[i] - most) / total;
}

sj_status sj_scores_add(const sj_decoder *d,
                        sj_scores *s,
                        size_t first,
                        const float *logits,
                        size_t rows) {
  const size_t cols = d->tag_count;
  if (first < s->settled || first > s->tokens || rows > s->tokens - first ||
      rows > d->window)
    return SJ_MODEL;
  for (size_t i = 0; i < rows * cols; i++)
    if (!isfinite(logits[i])) return SJ_MODEL;
  settle_until(d, s, first);
  if (rows > s->held) {
    memset(s->sum + s->held * cols, 0,
           (rows - s->held) * cols * sizeof(*s->sum));
    memset(s->times + s->held, 0, (rows - s->held) * sizeof(*s->times));
    s->held = rows;
  }
  for (size_t row = 0; row < rows; row++) {
    add_row(d, s->sum + row * cols, logits + row * cols);
    s->times[row]++;
  }
  return SJ_OK;
}

// The tags of the best way.
static void trace(const sj_decoder *d, const sj_scores *s, uint8_t *tags) {
  uint8_t tag = best_closed(d, s->now);
  for (size_t token = s->tokens; token-- > 0;) {
    tags[token] = tag;
    const uint8_t before = tag_before(d, s, token, tag);
    tag = before == SJ_TAGS_MOST ? (uint8_t)d->outside : before;
  }
}

// ---------------------------------------------------------------------------
// Claims
// ---------------------------------------------------------------------------

static bool is_word(uint32_t code) {
  return sj_utf8_kind_of(code) != SJ_UTF8_OTHER;
}

sj_range sj_decode_snap(const sj_text *text, sj_range range) {
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

uint16_t sj_decode_score(const sj_scores *scores, size_t first, size_t last) {
  float sum = 0;
  for (size_t i = first; i < last; i++)
    sum += 1 - scores->outside[i];
  const float mean = sum / (float)(last - first) * 1000;
  if (mean < 1) return 1;
  return mean > 999 ? 999 : (uint16_t)mean;
}

sj_status sj_decode_run(const sj_decoder *d,
                        sj_arena *arena,
                        const sj_text *text,
                        const sj_tokens *tokens,
                        sj_scores *scores,
                        sj_claims *claims) {
  if (scores->tokens == 0) return SJ_OK;
  uint8_t *tags = sj_arena_take(arena, scores->tokens);
  if (tags == NULL) return SJ_NOMEM;
  settle_until(d, scores, scores->tokens);
  trace(d, scores, tags);
  for (size_t first = 0; first < scores->tokens;) {
    size_t last = first + 1;
    const sj_tag *tag = &d->tags[tags[first]];
    while (last < scores->tokens && d->tags[tags[last]].type == tag->type &&
           goes_on(&d->tags[tags[last]]))
      last++;
    const sj_range range = sj_decode_snap(
        text, (sj_range){tokens->start[first], tokens->end[last - 1]});
    if (tag->place != SJ_PLACE_OUTSIDE && range.end > range.start) {
      const uint16_t score = sj_decode_score(scores, first, last);
      const sj_claim claim = {.start = range.start,
                              .end = range.end,
                              .label = tag->label,
                              .score = score,
                              .role = tag->role,
                              .flags =
                                  score < SJ_LIKELY ? SJ_FLAG_UNCERTAIN : 0,
                              .kind = SJ_KIND_MODEL,
                              .source = d->source};
      const sj_status status = sj_claims_push(claims, arena, claim);
      if (status != SJ_OK) return status;
    }
    first = last;
  }
  return SJ_OK;
}
