// SPDX-License-Identifier: Apache-2.0
//
// evidence.c - score words in two passes, and claim what stands together.

#include "evidence_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

enum { STRICT_FLOOR = 150 }; // thousandths

enum { NAME, TOWN, SITE }; // the things that a word may be

typedef struct run {
  const sj_evidence *evidence;
  sj_arena *arena;
  const sj_words *words;
  const sj_view *view;
  bool strict;
  sj_note *notes;
} run;

// A word that may be a name: written as one, or in no list of ordinary words.
static bool
is_candidate(const sj_words *words, const sj_word *word, bool framed) {
  switch (word->shape) {
  case SJ_SHAPE_UPPER:
    // OK and its like.
    return word->letters > 2 || word->upper_line ||
           sj_word_usual(word, word->entry) < 5;
  case SJ_SHAPE_CAPITAL:
  case SJ_SHAPE_INITIAL:
  case SJ_SHAPE_MIXED:
    return true;
  case SJ_SHAPE_NUMBER:
    return false;
  default:
    if (word->letters < 2 || (word->entry & SJ_ENTRY_CLINICAL) != 0)
      return false;
    if (SJ_ENTRY_FIRST(word->entry) + SJ_ENTRY_SURNAME(word->entry) +
            SJ_ENTRY_TOWN(word->phrase) >
        0)
      return sj_word_usual(word, word->entry) <=
             (words->no_capitals || framed ? 4 : 2);
    return sj_word_usual(word, word->entry) <= (words->no_capitals ? 1 : 0);
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
  return skip > 0 && word->end + skip < view->len && (at[skip] | 0x20) == 's';
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
      if (other->score[2] > 0) note->same_site = true;
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
    if (claim->vetoed != 0) continue;
    const sj_range view =
        sj_map_derived(&r->view->map, claim->start, claim->end);
    size_t low = sj_words_first(words, view.start);
    for (; low < words->len && words->at[low].start < view.end; low++) {
      sj_note *note = &r->notes[low];
      // A name wins where a rule for something else holds it too.
      if (note->inside != 1 + SJ_LABEL_NAME)
        note->inside = (uint8_t)(1 + claim->label);
    }
  }
}

static bool is_written_as_name(const sj_word *word) {
  return word->shape == SJ_SHAPE_CAPITAL || word->shape == SJ_SHAPE_UPPER;
}

// Capital words that hang together, small words of names and sites between
// them, and what is among them.
static size_t run_end(const run *r, size_t first) {
  const sj_words *words = r->words;
  size_t end = first + 1;
  for (size_t i = end; i < words->len && i < end + 3; i++) {
    const sj_word *word = &words->at[i];
    if (word->gap != SJ_GAP_BLANK && word->gap != SJ_GAP_JOINT &&
        word->gap != SJ_GAP_INITIAL)
      break;
    if (is_written_as_name(word))
      end = i + 1;
    else if ((r->notes[i].classes & (SJ_CLASS_PARTICLE | SJ_CLASS_JOINT)) ==
                 0 &&
             word->shape != SJ_SHAPE_INITIAL)
      break;
  }
  return end;
}

static void note_runs(run *r) {
  const sj_words *words = r->words;
  for (size_t i = 0; i < words->len;) {
    if (!is_written_as_name(&words->at[i])) {
      i++;
      continue;
    }
    const size_t end = run_end(r, i);
    uint8_t flags = 0;
    size_t care = SIZE_MAX;
    size_t last_care = 0;
    size_t count = 0;
    for (size_t k = i; k < end; k++) {
      const sj_word *word = &words->at[k];
      if (!is_written_as_name(word)) continue;
      count++;
      if (sj_word_usual(word, word->entry) >= 4) flags |= SJ_RUN_USUAL;
      if (SJ_ENTRY_FIRST(word->entry) >= 4) flags |= SJ_RUN_FIRST;
      if ((r->notes[k].classes & SJ_CLASS_CARE) == 0) continue;
      if (care == SIZE_MAX) care = k;
      last_care = k;
    }
    for (size_t k = i; k < end; k++) {
      sj_note *note = &r->notes[k];
      note->run = (uint8_t)(count > 255 ? 255 : count);
      note->run_flags = flags;
      if (care == SIZE_MAX) continue;
      if (care < k) note->run_flags |= SJ_RUN_CARE_BEFORE;
      if (last_care > k) note->run_flags |= SJ_RUN_CARE_AFTER;
      if (last_care + 1 == end) note->run_flags |= SJ_RUN_CARE_LAST;
    }
    i = end;
  }
}

// The first letter of a word, folded.
static uint32_t first_letter(const run *r, const sj_word *word) {
  sj_fold fold = {.bytes = r->view->bytes, .at = word->start, .end = word->end};
  return sj_fold_next(&fold);
}

static int by_number(const void *left, const void *right) {
  const uint64_t a = *(const uint64_t *)left;
  const uint64_t b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

// Mark the two and three letters that are the initials of a person whom the
// first pass or a rule found written out.
static sj_status note_initials(run *r) {
  const sj_words *words = r->words;
  uint64_t *codes = sj_arena_take(r->arena, 2 * words->len * sizeof(*codes));
  if (codes == NULL) return SJ_NOMEM;
  size_t len = 0;
  for (size_t i = 0; i < words->len;) {
    size_t end = i;
    uint64_t code = 0;
    uint64_t last = 0;
    size_t count = 0;
    for (; end < words->len && count < 4; end++) {
      const sj_note *note = &r->notes[end];
      const bool name = note->inside == 1 + SJ_LABEL_NAME ||
                        (note->candidate && note->score[0] > 0);
      if (!name || (end > i && words->at[end].gap > SJ_GAP_COMMA)) break;
      if ((note->classes & SJ_CLASS_PARTICLE) != 0) continue;
      last = first_letter(r, &words->at[end]);
      code = code << 21 | last;
      count++;
    }
    if (count >= 2) {
      codes[len++] = code;
      const uint64_t first = code >> (21 * (count - 1));
      codes[len++] = count > 2 ? first << 21 | last : last << 21 | first;
    }
    i = end > i ? end : i + 1;
  }
  if (len > 1) qsort(codes, len, sizeof(*codes), by_number);
  for (size_t i = 0; len > 0 && i < words->len; i++) {
    const sj_word *word = &words->at[i];
    if (word->letters < 2 || word->letters > 3 ||
        word->shape == SJ_SHAPE_NUMBER || !r->notes[i].candidate)
      continue;
    uint64_t code = 0;
    sj_fold fold = {
        .bytes = r->view->bytes, .at = word->start, .end = word->end};
    for (uint32_t letter; (letter = sj_fold_next(&fold)) != 0;)
      code = code << 21 | letter;
    r->notes[i].initials =
        bsearch(&code, codes, len, sizeof(*codes), by_number) != NULL;
  }
  return SJ_OK;
}

// A contraction of speech: I've, that's, don't.
static bool is_contraction(const sj_view *view, const sj_word *word) {
  for (uint32_t i = word->start + 1; i < word->end; i++)
    if (view->bytes[i] == '\'') return word->end - i <= 3;
  return false;
}

// Whether a speaker's first words were taken for a name: `Doctor: Have you`,
// `Patient: Yes.` A word that is also a common name stays one unless a
// sentence goes on behind it.
static bool is_speech(const sj_words *words,
                      const sj_view *view,
                      size_t first,
                      size_t past) {
  if (words->at[first].gap != SJ_GAP_COLON) return false;
  const bool goes_on = past < words->len &&
                       words->at[past].gap <= SJ_GAP_COMMA &&
                       words->at[past].shape == SJ_SHAPE_LOWER;
  for (size_t i = first; i < past; i++) {
    const sj_word *word = &words->at[i];
    if (is_contraction(view, word)) continue;
    const bool ordinary = sj_word_usual(word, word->entry) >= 4;
    const bool name =
        SJ_ENTRY_FIRST(word->entry) >= 4 || SJ_ENTRY_SURNAME(word->entry) >= 5;
    if (!ordinary || (name && !goes_on)) return false;
  }
  return true;
}

void sj_evidence_doubt(const sj_evidence *evidence,
                       const sj_words *words,
                       const sj_view *view,
                       sj_claims *claims) {
  if (evidence == NULL) return;
  for (size_t c = 0; c < claims->len; c++) {
    sj_claim *claim = &claims->at[c];
    if (claim->label != SJ_LABEL_NAME || claim->kind != SJ_KIND_RULE) continue;
    const sj_range at = sj_map_derived(&view->map, claim->start, claim->end);
    size_t low = sj_words_first(words, at.start);
    size_t past = low;
    while (past < words->len && words->at[past].start < at.end)
      past++;
    if (past == low || !is_speech(words, view, low, past)) continue;
    claim->vetoed = 1;
    claim->veto = evidence->speech;
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
    const bool framed = i > 0 && word->gap < SJ_GAP_STOP &&
                        (r->notes[i - 1].classes & SJ_CLASS_FRAME) != 0;
    r->notes[i].candidate = is_candidate(r->words, word, framed);
    r->notes[i].possessive =
        r->notes[i].candidate && is_possessive(r->view, word);
  }
  note_claims(r, claims);
  note_runs(r);
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
    for (size_t k = 0; k < SJ_THINGS; k++)
      note->score[k] = sum(r->evidence, pieces, SJ_PASS_1 + k);
  }
}

// What a word was found to be.
typedef struct verdict {
  uint16_t score[SJ_THINGS]; ///< thousandths
  uint16_t total;            ///< that it is one of them
  uint8_t kind;              ///< the likeliest
  uint16_t reason;           ///< the piece that spoke loudest for it
} verdict;

static void judge(run *r, size_t i, sj_pieces *pieces, verdict *out) {
  const sj_evidence *e = r->evidence;
  sj_evidence_collect(e, r->words, r->view, r->notes, i, pieces);
  sj_evidence_collect_second(r->words, r->notes, i, pieces);
  float score[SJ_THINGS];
  float most = 0.0F;
  for (size_t k = 0; k < SJ_THINGS; k++) {
    score[k] = sum(e, pieces, SJ_PASS_2 + k);
    most = fmaxf(most, score[k]);
  }
  // Each against the others and against none of them.
  float all = expf(-most);
  for (size_t k = 0; k < SJ_THINGS; k++)
    all += expf(score[k] - most);
  uint32_t total = 0;
  for (size_t k = 0; k < SJ_THINGS; k++) {
    out->score[k] = (uint16_t)(1000.0F * expf(score[k] - most) / all);
    total += out->score[k];
    if (out->score[k] > out->score[out->kind]) out->kind = (uint8_t)k;
  }
  out->total = (uint16_t)(total > 990 ? 990 : total);
  int32_t loudest = 0;
  const size_t column = SJ_PASS_2 + out->kind;
  for (size_t p = 0; p < pieces->len; p++) {
    if (e->weights[pieces->ids[p]][column] <= loudest) continue;
    loudest = e->weights[pieces->ids[p]][column];
    out->reason = pieces->ids[p];
  }
}

static bool joins(uint8_t gap) {
  return gap == SJ_GAP_BLANK || gap == SJ_GAP_INITIAL || gap == SJ_GAP_JOINT;
}

static const uint16_t LABELS[SJ_THINGS] = {SJ_LABEL_NAME, SJ_LABEL_CITY,
                                           SJ_LABEL_ORGANIZATION};

// What is claimed of a word; -1 for nothing. A rule that found it to be
// something else knows better.
static int kind_of(const run *r, const verdict *v, size_t i) {
  if (!r->notes[i].candidate) return -1;
  const uint8_t inside = r->notes[i].inside;
  if (inside > 0 && inside != 1 + LABELS[v[i].kind]) return -1;
  const uint32_t floor =
      r->strict ? STRICT_FLOOR : r->evidence->floors[v[i].kind];
  return v[i].total >= floor ? v[i].kind : -1;
}

static sj_status claim(run *r,
                       size_t first,
                       size_t last,
                       const verdict *v,
                       int kind,
                       sj_claims *claims) {
  const sj_evidence *e = r->evidence;
  const verdict *best = &v[first];
  for (size_t i = first; i <= last; i++)
    if (v[i].total > best->total) best = &v[i];
  const sj_range at = sj_map_origin(&r->view->map, r->words->at[first].start,
                                    r->words->at[last].end);
  return sj_claims_push(
      claims, r->arena,
      (sj_claim){.start = at.start,
                 .end = at.end,
                 .label = LABELS[kind],
                 .score = best->total,
                 .role = SJ_ROLE_NONE,
                 .flags = best->total < e->sure ? SJ_FLAG_UNCERTAIN : 0,
                 .kind = SJ_KIND_LIST,
                 .source = e->found[kind],
                 .context = e->sources[best->reason]});
}

// Head words alone name no site: Service, the Medical Center.
static bool is_bare_head(const run *r, size_t first, size_t last) {
  for (size_t i = first; i <= last; i++)
    if ((r->notes[i].classes &
         (SJ_CLASS_CARE | SJ_CLASS_JOINT | SJ_CLASS_PARTICLE)) == 0)
      return false;
  return true;
}

// The surname of a first name that was found.
static bool is_rest(const run *r, int kind, size_t next) {
  return kind == NAME && r->notes[next].inside == 0 &&
         sj_evidence_is_pair(r->words, next - 1);
}

// A pair in small letters where a patient is named, though neither would do
// alone: `patient james wilson underwent`.
static void find_framed_pairs(run *r, verdict *v) {
  enum { SCORE = 700 };
  for (size_t i = 1; i + 1 < r->words->len; i++) {
    const sj_word *word = &r->words->at[i];
    if (word->shape != SJ_SHAPE_LOWER || word->gap >= SJ_GAP_STOP ||
        (r->words->at[i - 1].entry & SJ_ENTRY_PERSON) == 0 ||
        !sj_evidence_is_pair(r->words, i) || v[i].total >= SCORE)
      continue;
    r->notes[i].candidate = true;
    v[i].kind = NAME;
    v[i].total = SCORE;
    v[i].reason = SJ_EVIDENCE_PAIR_FIRST;
  }
}

static sj_status claim_all(run *r, const verdict *v, sj_claims *claims) {
  const sj_words *words = r->words;
  for (size_t i = 0; i < words->len; i++) {
    const int kind = kind_of(r, v, i);
    if (kind < 0) continue;
    // Small words between two parts belong to the whole.
    const uint32_t between =
        SJ_CLASS_PARTICLE | (kind == SITE ? SJ_CLASS_JOINT : 0);
    size_t last = i;
    for (size_t next = i + 1; next < words->len; next++) {
      if (!joins(words->at[next].gap)) break;
      if (kind_of(r, v, next) == kind || is_rest(r, kind, next))
        last = next;
      else if ((r->notes[next].classes & between) == 0 || next - last > 2)
        break;
    }
    if (kind != SITE || !is_bare_head(r, i, last)) {
      const sj_status status = claim(r, i, last, v, kind, claims);
      if (status != SJ_OK) return status;
    }
    i = last;
  }
  return SJ_OK;
}

sj_status sj_evidence_run(const sj_evidence *evidence,
                          sj_arena *arena,
                          const sj_words *words,
                          const sj_view *view,
                          bool strict,
                          sj_claims *claims) {
  if (evidence == NULL || words->len == 0) return SJ_OK;
  run r = {.evidence = evidence,
           .arena = arena,
           .words = words,
           .view = view,
           .strict = strict};
  same *list = NULL;
  sj_status status = prepare(&r, claims, &list);
  if (status != SJ_OK) return status;
  verdict *verdicts = sj_arena_take(arena, words->len * sizeof(*verdicts));
  sj_pieces *pieces = sj_arena_take(arena, sizeof(*pieces));
  if (verdicts == NULL || pieces == NULL) return SJ_NOMEM;
  first_pass(&r, pieces);
  each_group(&r, list, words->len, tell_scores);
  status = note_initials(&r);
  if (status != SJ_OK) return status;
  for (size_t i = 0; i < words->len; i++)
    if (r.notes[i].candidate) judge(&r, i, pieces, &verdicts[i]);
  find_framed_pairs(&r, verdicts);
  return claim_all(&r, verdicts, claims);
}

sj_status sj_evidence_dump(const sj_evidence *evidence,
                           sj_arena *arena,
                           const sj_words *words,
                           const sj_view *view,
                           const sj_claims *claims,
                           const sj_evidence_sink *sink) {
  run r = {.evidence = evidence, .arena = arena, .words = words, .view = view};
  same *list = NULL;
  sj_status status = prepare(&r, claims, &list);
  if (status != SJ_OK) return status;
  sj_pieces *pieces = sj_arena_take(arena, sizeof(*pieces));
  if (pieces == NULL) return SJ_NOMEM;
  first_pass(&r, pieces);
  each_group(&r, list, words->len, tell_scores);
  status = note_initials(&r);
  if (status != SJ_OK) return status;
  for (size_t i = 0; i < words->len; i++) {
    if (!r.notes[i].candidate) continue;
    sj_evidence_collect(evidence, words, view, r.notes, i, pieces);
    const size_t first_count = pieces->len;
    sj_evidence_collect_second(words, r.notes, i, pieces);
    sink->show(
        sink->context,
        &(sj_evidence_row){.word = i,
                           .ids = pieces->ids,
                           .count = pieces->len,
                           .first_count = first_count,
                           .self = {r.notes[i].score[0], r.notes[i].score[1],
                                    r.notes[i].score[2]}});
  }
  return SJ_OK;
}
