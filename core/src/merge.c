// SPDX-License-Identifier: Apache-2.0
//
// merge.c - settle overlapping claims (veto -> merge -> replace).
//
// Rules, chart and model often claim the same words with different edges. We
// take the union of their edges and the label of the surest. A label picked
// wrongly costs a word in the output; a lost edge leaks a name. So coverage
// only ever grows here, and veto is the one stage where it shrinks.

#include "merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

// A source, and the span that it speaks of.
typedef struct note {
  size_t span;
  sj_source source;
} note;

typedef struct notes {
  note *at;
  size_t len, cap;
  sj_arena *arena; // of the notes, which do not outlive the merge
} notes;

static int order(uint32_t a, uint32_t b) {
  return (a > b) - (a < b);
}

// How sure a claim is before its score counts: a person's word, the chart's,
// a check digit and a label together, one of them, neither.
static uint32_t strength(const sj_claim *claim) {
  if ((claim->flags & SJ_FLAG_MANUAL) != 0) return 4;
  if ((claim->flags & SJ_FLAG_KNOWN) != 0) return 3;
  return (uint32_t)((claim->flags & SJ_FLAG_VALIDATED) != 0) +
         (uint32_t)((claim->flags & SJ_FLAG_LABELLED) != 0);
}

// Below 0 where `a` is surer. Never 0 for claims that differ: the result must
// not hang on the order in which stages made their claims.
static int by_sureness(const sj_claim *a, const sj_claim *b) {
  int sign = order(strength(b), strength(a));
  if (sign == 0) sign = order(b->score, a->score);
  if (sign == 0) sign = order(b->end - b->start, a->end - a->start);
  if (sign == 0) sign = order(a->start, b->start);
  if (sign == 0) sign = order(a->kind, b->kind);
  if (sign == 0) sign = order(a->label, b->label);
  if (sign == 0) sign = order(b->role != 0, a->role != 0);
  if (sign == 0) sign = order(a->role, b->role);
  if (sign == 0) sign = order(b->subtype != 0, a->subtype != 0);
  if (sign == 0) sign = order(a->subtype, b->subtype);
  if (sign == 0) sign = order(a->source, b->source);
  return sign;
}

static int by_start(const void *left, const void *right) {
  const sj_claim *a = left;
  const sj_claim *b = right;
  const int sign = order(a->start, b->start);
  return sign != 0 ? sign : by_sureness(a, b);
}

static int by_span_and_source(const void *left, const void *right) {
  const note *a = left;
  const note *b = right;
  if (a->span != b->span) return a->span < b->span ? -1 : 1;
  int sign = order(a->source.kind, b->source.kind);
  if (sign == 0) sign = order(a->source.id, b->source.id);
  if (sign == 0) sign = abs(b->source.score) - abs(a->source.score);
  return sign;
}

// The claims that hide something, or the vetoed ones, sorted by start.
static sj_status
pick(sj_arena *arena, const sj_claims *claims, bool vetoed, sj_claims *out) {
  *out = (sj_claims){0};
  for (size_t i = 0; i < claims->len; i++) {
    const sj_claim *claim = &claims->at[i];
    if (claim->start >= claim->end || (claim->vetoed != 0) != vetoed) continue;
    const sj_status status = sj_claims_push(out, arena, *claim);
    if (status != SJ_OK) return status;
  }
  if (out->len > 1) qsort(out->at, out->len, sizeof(*out->at), by_start);
  return SJ_OK;
}

static sj_status note_source(sj_arena *arena,
                             notes *all,
                             size_t span,
                             sj_kind kind,
                             uint32_t id,
                             int score) {
  note *at = sj_array_room(arena, all->at, all->len, &all->cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  at[all->len++] = (note){
      .span = span,
      .source = {.id = id, .score = (int16_t)score, .kind = (uint8_t)kind}};
  all->at = at;
  return SJ_OK;
}

// Everything that a claim knows of itself.
static sj_status
note_claim(sj_arena *arena, notes *all, size_t span, const sj_claim *claim) {
  const int score = claim->score;
  if (claim->vetoed != 0)
    return note_source(arena, all, span, SJ_KIND_VETO, claim->veto, -score);
  sj_status status =
      note_source(arena, all, span, (sj_kind)claim->kind, claim->source, score);
  if (status == SJ_OK && claim->check != 0)
    status = note_source(arena, all, span, SJ_KIND_CHECK, claim->check, 0);
  if (status == SJ_OK && claim->context != 0)
    status = note_source(arena, all, span, SJ_KIND_CONTEXT, claim->context, 0);
  if (status == SJ_OK && claim->veto != 0) // it was trimmed
    status = note_source(arena, all, span, SJ_KIND_VETO, claim->veto, 0);
  return status;
}

// One span over the `count` claims at `claims`, the first of which starts it.
static sj_span settle(const sj_claim *claims, size_t count) {
  const sj_claim *best = &claims[0];
  sj_span span = {.start = claims[0].start, .flags = SJ_FLAG_UNCERTAIN};
  for (size_t i = 0; i < count; i++) {
    const sj_claim *claim = &claims[i];
    if (claim->end > span.end) span.end = claim->end;
    if (claim->score > span.score) span.score = claim->score;
    // Uncertain only where every claim is; all else is enough from one.
    const unsigned certain = span.flags & claim->flags & SJ_FLAG_UNCERTAIN;
    const unsigned other =
        (unsigned)(span.flags | claim->flags) & ~(unsigned)SJ_FLAG_UNCERTAIN;
    span.flags = (uint8_t)(certain | other);
    if (by_sureness(claim, best) < 0) best = claim;
  }
  span.label = best->label;

  // Role and subtype come from the surest claim of the label that has one: a
  // longer name without a role does not make a physician a patient.
  const sj_claim *role = NULL;
  const sj_claim *subtype = NULL;
  for (size_t i = 0; i < count; i++) {
    const sj_claim *claim = &claims[i];
    if (claim->label != best->label) continue;
    if (claim->role != 0 && (role == NULL || by_sureness(claim, role) < 0))
      role = claim;
    if (claim->subtype != 0 &&
        (subtype == NULL || by_sureness(claim, subtype) < 0))
      subtype = claim;
  }
  if (role != NULL) span.role = role->role;
  if (subtype != NULL) span.subtype = subtype->subtype;
  return span;
}

// How many claims from `first` on hang together by overlaps.
static size_t group_size(const sj_claims *live, size_t first) {
  uint32_t end = live->at[first].end;
  size_t past = first + 1;
  while (past < live->len && live->at[past].start < end) {
    if (live->at[past].end > end) end = live->at[past].end;
    past++;
  }
  return past - first;
}

static sj_status
make_spans(sj_arena *arena, const sj_claims *live, sj_merged *out, notes *all) {
  out->spans = sj_arena_take(arena, live->len * sizeof(*out->spans));
  if (out->spans == NULL) return SJ_NOMEM;
  for (size_t first = 0; first < live->len;) {
    const size_t size = group_size(live, first);
    out->spans[out->count] = settle(&live->at[first], size);
    for (size_t i = first; i < first + size; i++) {
      const sj_status status =
          note_claim(all->arena, all, out->count, &live->at[i]);
      if (status != SJ_OK) return status;
    }
    out->count++;
    first += size;
  }
  return SJ_OK;
}

// Record each vetoed claim with the spans that it overlaps.
static sj_status note_vetoed(sj_arena *arena,
                             const sj_claims *vetoed,
                             const sj_merged *merged,
                             notes *all) {
  size_t first = 0;
  for (size_t i = 0; i < vetoed->len; i++) {
    const sj_claim *claim = &vetoed->at[i];
    while (first < merged->count && merged->spans[first].end <= claim->start)
      first++;
    for (size_t s = first; s < merged->count; s++) {
      if (merged->spans[s].start >= claim->end) break;
      const sj_status status = note_claim(arena, all, s, claim);
      if (status != SJ_OK) return status;
    }
  }
  return SJ_OK;
}

static bool says_the_same(const note *a, const note *b) {
  return a->span == b->span && a->source.id == b->source.id &&
         a->source.kind == b->source.kind;
}

// Give each span its share of the sources. Of those with one kind and id, the
// one that weighs most stays; it sorts first.
static sj_status share(sj_arena *arena, notes *all, sj_merged *out) {
  out->sources = sj_arena_take(arena, all->len * sizeof(*out->sources));
  if (out->sources == NULL) return SJ_NOMEM;
  if (all->len > 1)
    qsort(all->at, all->len, sizeof(*all->at), by_span_and_source);
  for (size_t i = 0; i < all->len; i++) {
    const note *next = &all->at[i];
    if (i > 0 && says_the_same(next, &all->at[i - 1])) continue;
    sj_span *span = &out->spans[next->span];
    if (span->source_count == 0) span->source = (uint32_t)out->source_count;
    span->source_count++;
    out->sources[out->source_count++] = next->source;
  }
  return SJ_OK;
}

sj_status sj_merge(sj_arena *arena, const sj_claims *claims, sj_merged *out) {
  *out = (sj_merged){0};
  sj_merged merged = {0};
  // The sorted copies are larger than the result, and go before it is used.
  sj_arena scratch;
  sj_arena_init(&scratch, arena->allocator);
  notes all = {.arena = &scratch};
  sj_claims live;
  sj_claims vetoed;
  sj_status status = pick(&scratch, claims, false, &live);
  if (status == SJ_OK) status = pick(&scratch, claims, true, &vetoed);
  if (status == SJ_OK) status = make_spans(arena, &live, &merged, &all);
  if (status == SJ_OK) status = note_vetoed(&scratch, &vetoed, &merged, &all);
  if (status == SJ_OK) status = share(arena, &all, &merged);
  if (status == SJ_OK) *out = merged;
  sj_arena_release(&scratch);
  return status;
}
