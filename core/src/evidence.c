// SPDX-License-Identifier: Apache-2.0
//
// evidence.c - score words in two passes, and claim what stands together.

#include "evidence_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
  const sj_evidence *evidence;
  sj_arena *arena;
  const sj_words *words;
  const sj_view *view;
  sj_note *notes;
} run;

// A word that may be a name: written as one, or in no list of ordinary words.
static bool is_candidate(const sj_words *words, const sj_word *word) {
  switch (word->shape) {
  case SJ_SHAPE_CAPITAL:
  case SJ_SHAPE_UPPER:
  case SJ_SHAPE_INITIAL:
  case SJ_SHAPE_MIXED:
    return true;
  case SJ_SHAPE_NUMBER:
    return false;
  default:
    if (word->letters < 3 || (word->entry & SJ_ENTRY_CLINICAL) != 0)
      return false;
    if (SJ_ENTRY_FIRST(word->entry) + SJ_ENTRY_SURNAME(word->entry) +
            SJ_ENTRY_TOWN(word->phrase) >
        0)
      return sj_word_usual(word, word->entry) <= (words->no_capitals ? 4 : 2);
    return words->no_capitals && sj_word_usual(word, word->entry) == 0;
  }
}

// The possessive that belongs to no word: 's behind it.
static bool is_possessive(const sj_view *view, const sj_word *word) {
  if (word->end + 1 >= view->len) return false;
  const uint8_t *at = view->bytes + word->end;
  size_t skip = at[0] == '\'' ? 1 : 0;
  if (at[0] == 0xE2 && word->end + 3 < view->len && at[1] == 0x80 &&
      at[2] == 0x99)
    skip = 3;
  return skip > 0 && word->end + skip < view->len &&
         (at[skip] | 0x20) == 's';
}

// One place of a word in the document, to find the others.
typedef struct same {
  uint64_t hash;
  size_t word;
} same;

static int by_hash(const void *left, const void *right) {
  const same *a = left;
  const same *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  return (a->word > b->word) - (a->word < b->word);
}

typedef void (*group_fn)(run *r, const same *at, size_t count);

static void tell_case(run *r, const same *at, size_t count) {
  size_t capital = 0;
  size_t lower = 0;
  for (size_t i = 0; i < count; i++) {
    const uint8_t shape = r->words->at[at[i].word].shape;
    capital += shape == SJ_SHAPE_CAPITAL || shape == SJ_SHAPE_UPPER;
    lower += shape == SJ_SHAPE_LOWER;
  }
  for (size_t i = 0; i < count; i++) {
    sj_note *note = &r->notes[at[i].word];
    note->repeated = capital > 1;
    note->lower_too = lower > 0 && !r->words->no_capitals;
  }
}

static void tell_scores(run *r, const same *at, size_t count) {
  for (size_t i = 0; i < count; i++) {
    sj_note *note = &r->notes[at[i].word];
    for (size_t k = 0; k < count; k++) {
      if (k == i) continue;
      const sj_note *other = &r->notes[at[k].word];
      if (other->inside == 1 + SJ_LABEL_NAME) note->echo_name = true;
      if (other->inside == 1 + SJ_LABEL_CITY) note->echo_place = true;
      if (!other->candidate) continue;
      if (other->score[0] > 2)
        note->same_name_2 = true;
      else if (other->score[0] > 0)
        note->same_name_1 = true;
      if (other->score[1] > 0) note->same_town = true;
    }
  }
}

// A word that stands more often than this is judged by its first places alone:
// the work stays linear.
enum { SAME_MAX = 40 };

static void each_group(run *r, same *list, size_t len, group_fn tell) {
  for (size_t i = 0; i < len;) {
    size_t end = i + 1;
    while (end < len && list[end].hash == list[i].hash)
      end++;
    for (size_t at = i; at < end; at += SAME_MAX)
      if (end - i > 1)
        tell(r, list + at, end - at < SAME_MAX ? end - at : SAME_MAX);
    i = end;
  }
}

// Which words rules have found. Claims come in any order.
static void note_claims(run *r, const sj_claims *claims) {
  const sj_words *words = r->words;
  for (size_t c = 0; c < claims->len; c++) {
    const sj_claim *claim = &claims->at[c];
    const sj_range view =
        sj_map_derived(&r->view->map, claim->start, claim->end);
    size_t low = 0;
    size_t high = words->len;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (words->at[middle].end <= view.start)
        low = middle + 1;
      else
        high = middle;
    }
    for (; low < words->len && words->at[low].start < view.end; low++) {
      sj_note *note = &r->notes[low];
      // A name wins where a rule for something else holds it too.
      if (note->inside != 1 + SJ_LABEL_NAME)
        note->inside = (uint8_t)(1 + claim->label);
    }
  }
}

static sj_status prepare(run *r, const sj_claims *claims, same **out) {
  const size_t len = r->words->len;
  r->notes = sj_arena_take(r->arena, len * sizeof(*r->notes));
  same *list = sj_arena_take(r->arena, len * sizeof(*list));
  if (r->notes == NULL || list == NULL) return SJ_NOMEM;
  for (size_t i = 0; i < len; i++) {
    const sj_word *word = &r->words->at[i];
    list[i] = (same){.hash = word->hash, .word = i};
    r->notes[i].classes = sj_evidence_classes(r->evidence, word->hash);
    r->notes[i].candidate = is_candidate(r->words, word);
    r->notes[i].possessive =
        r->notes[i].candidate && is_possessive(r->view, word);
  }
  note_claims(r, claims);
  if (len > 1) qsort(list, len, sizeof(*list), by_hash);
  each_group(r, list, len, tell_case);
  *out = list;
  return SJ_OK;
}

static float
sum(const sj_evidence *evidence, const sj_pieces *pieces, size_t column) {
  int32_t total = 0;
  for (size_t i = 0; i < pieces->len; i++)
    total += evidence->weights[pieces->ids[i]][column];
  return (float)total / 1000.0F;
}

static void first_pass(run *r, sj_pieces *pieces) {
  for (size_t i = 0; i < r->words->len; i++) {
    sj_note *note = &r->notes[i];
    if (!note->candidate) continue;
    sj_evidence_collect(r->evidence, r->words, r->view, r->notes, i, pieces);
    note->score[0] = sum(r->evidence, pieces, SJ_NAME_1);
    note->score[1] = sum(r->evidence, pieces, SJ_TOWN_1);
  }
}

// What a word was found to be.
typedef struct verdict {
  uint16_t score[2]; ///< thousandths: name, town
  uint16_t reason;   ///< the piece that spoke loudest for it
} verdict;

static void judge(run *r, size_t i, sj_pieces *pieces, verdict *out) {
  const sj_evidence *e = r->evidence;
  const sj_note *note = &r->notes[i];
  sj_evidence_collect(e, r->words, r->view, r->notes, i, pieces);
  sj_evidence_collect_second(r->words, r->notes, i, pieces);
  float score[2];
  for (size_t k = 0; k < 2; k++)
    score[k] = sum(e, pieces, SJ_NAME_2 + k) +
               note->score[k] * (float)e->self[k] / 1000.0F;
  // One against the other and against neither.
  const float most = fmaxf(0.0F, fmaxf(score[0], score[1]));
  const float name = expf(score[0] - most);
  const float town = expf(score[1] - most);
  const float none = expf(-most);
  const float all = name + town + none;
  out->score[0] = (uint16_t)(1000.0F * name / all);
  out->score[1] = (uint16_t)(1000.0F * town / all);
  int32_t loudest = 0;
  const size_t column = name > town ? SJ_NAME_2 : SJ_TOWN_2;
  for (size_t p = 0; p < pieces->len; p++) {
    if (e->weights[pieces->ids[p]][column] <= loudest) continue;
    loudest = e->weights[pieces->ids[p]][column];
    out->reason = pieces->ids[p];
  }
}

static bool joins(uint8_t gap) {
  return gap == SJ_GAP_BLANK || gap == SJ_GAP_INITIAL || gap == SJ_GAP_JOINT;
}

// Which of the two it is; -1 for neither.
static int kind_of(const sj_evidence *e, const verdict *v) {
  const int kind = v->score[0] >= v->score[1] ? 0 : 1;
  return v->score[0] + v->score[1] >= e->floors[kind] ? kind : -1;
}

static sj_status
claim(run *r, size_t first, size_t last, const verdict *v, int kind,
      sj_claims *claims) {
  const sj_evidence *e = r->evidence;
  uint32_t total = 0;
  const verdict *best = &v[first];
  for (size_t i = first; i <= last; i++) {
    const uint32_t score = (uint32_t)v[i].score[0] + v[i].score[1];
    if (score > total) {
      total = score;
      best = &v[i];
    }
  }
  const sj_range at =
      sj_map_origin(&r->view->map, r->words->at[first].start,
                    r->words->at[last].end);
  const uint16_t score = (uint16_t)(total > 990 ? 990 : total);
  return sj_claims_push(
      claims, r->arena,
      (sj_claim){.start = at.start,
                 .end = at.end,
                 .label = kind == 0 ? SJ_LABEL_NAME : SJ_LABEL_CITY,
                 .score = score,
                 .role = SJ_ROLE_NONE,
                 .flags = score < e->sure ? SJ_FLAG_UNCERTAIN : 0,
                 .kind = SJ_KIND_LIST,
                 .source = kind == 0 ? e->source_name : e->source_town,
                 .context = e->sources[best->reason]});
}

// Small words inside names: they are part of one between two parts.
static bool is_particle(const run *r, size_t i) {
  return (r->notes[i].classes & 1u) != 0;
}

static sj_status
claim_all(run *r, const verdict *v, sj_claims *claims) {
  const sj_words *words = r->words;
  for (size_t i = 0; i < words->len; i++) {
    const int kind =
        r->notes[i].candidate ? kind_of(r->evidence, &v[i]) : -1;
    if (kind < 0) continue;
    size_t last = i;
    for (size_t next = i + 1; next < words->len; next++) {
      if (!joins(words->at[next].gap)) break;
      const bool alike = r->notes[next].candidate &&
                         kind_of(r->evidence, &v[next]) == kind;
      if (alike)
        last = next;
      else if (!is_particle(r, next) || next - last > 2)
        break;
    }
    const sj_status status = claim(r, i, last, v, kind, claims);
    if (status != SJ_OK) return status;
    i = last;
  }
  return SJ_OK;
}

sj_status sj_evidence_run(const sj_evidence *evidence,
                          sj_arena *arena,
                          const sj_words *words,
                          const sj_view *view,
                          sj_claims *claims) {
  if (evidence == NULL || words->len == 0) return SJ_OK;
  run r = {.evidence = evidence, .arena = arena, .words = words, .view = view};
  same *list = NULL;
  sj_status status = prepare(&r, claims, &list);
  if (status != SJ_OK) return status;
  verdict *verdicts = sj_arena_take(arena, words->len * sizeof(*verdicts));
  sj_pieces *pieces = sj_arena_take(arena, sizeof(*pieces));
  if (verdicts == NULL || pieces == NULL) return SJ_NOMEM;
  first_pass(&r, pieces);
  each_group(&r, list, words->len, tell_scores);
  for (size_t i = 0; i < words->len; i++)
    if (r.notes[i].candidate) judge(&r, i, pieces, &verdicts[i]);
  return claim_all(&r, verdicts, claims);
}

sj_status sj_evidence_dump(const sj_evidence *evidence,
                           sj_arena *arena,
                           const sj_words *words,
                           const sj_view *view,
                           const sj_claims *claims,
                           sj_evidence_show show,
                           void *context) {
  run r = {.evidence = evidence, .arena = arena, .words = words, .view = view};
  same *list = NULL;
  const sj_status status = prepare(&r, claims, &list);
  if (status != SJ_OK) return status;
  sj_pieces *pieces = sj_arena_take(arena, sizeof(*pieces));
  if (pieces == NULL) return SJ_NOMEM;
  first_pass(&r, pieces);
  each_group(&r, list, words->len, tell_scores);
  for (size_t i = 0; i < words->len; i++) {
    if (!r.notes[i].candidate) continue;
    sj_evidence_collect(evidence, words, view, r.notes, i, pieces);
    const size_t first_count = pieces->len;
    sj_evidence_collect_second(words, r.notes, i, pieces);
    show(context,
         &(sj_evidence_row){.word = i,
                            .ids = pieces->ids,
                            .count = pieces->len,
                            .first_count = first_count,
                            .self = {r.notes[i].score[0],
                                     r.notes[i].score[1]}});
  }
  return SJ_OK;
}
