// SPDX-License-Identifier: Apache-2.0
//
// veto.c - drop or trim ambiguous claims by what is protected (law 2).
//
// Each word of the view is protected wholly, by itself, or not at all. A claim
// loses the wholly protected words at its edges; it is dropped only if nothing
// but protected words is left of it. The middle is never cut.
//
// What keeps that from leaking:
// - a claim with a label, a check digit, the chart or a person behind it is
//   never touched, and its words protect nobody else's claim;
// - a word of somebody's sure name is no protected word elsewhere, unless the
//   words beside it say so;
// - nothing is protected beside a title or a kinship (`Mr. Young`, `son Ion`);
// - a term that protects only beside certain words, or that is a name as much
//   as a word, can make a claim go that holds nothing else, but never takes
//   part of a longer one: `James Cook` stays whole beside a catheter;
// - a term that is also a town's name protects no town;
// - a country or region goes alone, and only as a place or an organization,
//   where no list knows it as a name too;
// - numbers, addresses and organizations go whole or not at all.

#include "veto.h"

#include <stdlib.h>

// How much a word is protected.
typedef enum cover {
  COVER_NONE,
  COVER_NEUTRAL, ///< says nothing: it may go with protected words
  COVER_ALONE,   ///< protected where nothing else is left of a claim
  COVER_WHOLE    ///< protected, also at the edge of a longer claim
} cover;

enum { TERM_TOWN = 1, TERM_REGION };

typedef struct run {
  const sj_lexicon *lexicon;
  const sj_words *words;
  const sj_view *view;
  uint8_t *covers;  ///< a cover for each word
  uint32_t *vetoes; ///< and the name of what protects it
  uint8_t *towns;   ///< whether the protected term is of a town or region
  uint8_t *sure;    ///< 1 for a word of a claim that no veto touches
  uint64_t *named;  ///< hashes of the words of sure names, sorted
  size_t named_len;
} run;

static bool is_ambiguous(const sj_claim *claim) {
  switch (claim->kind) {
  case SJ_KIND_RULE:
  case SJ_KIND_LIST:
  case SJ_KIND_MODEL:
  case SJ_KIND_ECHO:
    return sj_claim_is_ambiguous(claim);
  default:
    return false;
  }
}

// Half a date is still a date, and an organization is often called by its
// subject: only names and places are trimmed.
static bool may_trim(const sj_claim *claim) {
  return claim->label == SJ_LABEL_NAME || claim->label == SJ_LABEL_CITY ||
         claim->label == SJ_LABEL_LOCATION;
}

// The words that a claim touches, [first, last).
typedef struct stretch {
  size_t first, last;
  sj_range view;
  bool place; ///< of a town, or something smaller
  bool site;  ///< of an organization
} stretch;

static stretch stretch_of(const run *r, const sj_claim *claim) {
  const sj_words *words = r->words;
  stretch out = {.view =
                     sj_map_derived(&r->view->map, claim->start, claim->end)};
  out.place =
      claim->label == SJ_LABEL_CITY || claim->label == SJ_LABEL_LOCATION;
  out.site = claim->label == SJ_LABEL_ORGANIZATION;
  size_t high = words->len;
  while (out.first < high) {
    const size_t middle = out.first + (high - out.first) / 2;
    if (words->at[middle].end <= out.view.start)
      out.first = middle + 1;
    else
      high = middle;
  }
  out.last = out.first;
  while (out.last < words->len && words->at[out.last].start < out.view.end)
    out.last++;
  return out;
}

static bool holds(const stretch *s, const sj_word *word) {
  return word->start >= s->view.start && word->end <= s->view.end;
}

// ---------------------------------------------------------------------------
// What is sure
// ---------------------------------------------------------------------------

static int by_value(const void *left, const void *right) {
  const uint64_t a = *(const uint64_t *)left;
  const uint64_t b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static void mark_sure(run *r, const sj_claims *claims) {
  const uint8_t named = 2; // besides 1
  for (size_t c = 0; c < claims->len; c++) {
    const sj_claim *claim = &claims->at[c];
    if (claim->vetoed != 0 || is_ambiguous(claim)) continue;
    const stretch s = stretch_of(r, claim);
    for (size_t i = s.first; i < s.last; i++)
      r->sure[i] |= claim->label == SJ_LABEL_NAME ? (uint8_t)(1 | named) : 1;
  }
  for (size_t i = 0; i < r->words->len; i++)
    if ((r->sure[i] & named) != 0)
      r->named[r->named_len++] = r->words->at[i].hash;
  if (r->named_len > 1)
    qsort(r->named, r->named_len, sizeof(*r->named), by_value);
}

static bool is_named(const run *r, uint64_t hash) {
  return r->named_len > 0 &&
         bsearch(&hash, r->named, r->named_len, sizeof(hash), by_value) != NULL;
}

// ---------------------------------------------------------------------------
// What is protected
// ---------------------------------------------------------------------------

// A title of two letters is written with a capital: `m` is a metre.
static bool is_person_word(const sj_word *word) {
  return (word->entry & SJ_ENTRY_PERSON) != 0 &&
         (word->letters > 2 || word->shape != SJ_SHAPE_LOWER);
}

static bool is_beside_person(const sj_words *words, size_t i) {
  const sj_word *at = words->at;
  if (i > 0 && is_person_word(&at[i - 1]) && at[i].gap < SJ_GAP_STOP &&
      at[i].gap != SJ_GAP_SLASH)
    return true;
  return i + 1 < words->len && is_person_word(&at[i + 1]) &&
         (at[i + 1].gap == SJ_GAP_BLANK || at[i + 1].gap == SJ_GAP_INITIAL ||
          at[i + 1].gap == SJ_GAP_COMMA);
}

// Written in small letters, or as everything else on its line is; or the `s`
// of a possessive.
static bool is_small(const run *r, const sj_word *word) {
  if (word->letters == 1 && word->gap == SJ_GAP_JOINT &&
      word->end - word->start == 1 &&
      (r->view->bytes[word->start] | 0x20) == 's')
    return true;
  return (word->entry & SJ_ENTRY_SMALL) != 0 &&
         (word->shape == SJ_SHAPE_LOWER || word->upper_line ||
          (word->gap >= SJ_GAP_STOP && word->shape == SJ_SHAPE_CAPITAL));
}

static bool is_near_word(const sj_term_list *list, uint64_t hash) {
  for (uint32_t i = 0; i < list->near_count; i++)
    if (list->near[i] == hash) return true;
  return false;
}

static bool ties(uint8_t gap) {
  return gap == SJ_GAP_BLANK || gap == SJ_GAP_JOINT || gap == SJ_GAP_INITIAL ||
         gap == SJ_GAP_SLASH;
}

// Between a term and the word that it protects beside: nothing that a sentence
// turns on. `Cook 14 Fr catheter`, not `King placed the catheter`.
static bool may_stand_between(const run *r, const sj_word *word) {
  return word->shape == SJ_SHAPE_NUMBER || word->shape == SJ_SHAPE_UPPER ||
         word->shape == SJ_SHAPE_MIXED || word->shape == SJ_SHAPE_CAPITAL ||
         word->shape == SJ_SHAPE_INITIAL || is_small(r, word);
}

// The word of the list's `near` that stands beside [first, last), or -1.
static int64_t
find_near(const run *r, const sj_term_list *list, size_t first, size_t last) {
  const sj_word *at = r->words->at;
  for (size_t i = last; i < r->words->len && i - last < list->within; i++) {
    if (!ties(at[i].gap)) break;
    if (is_near_word(list, at[i].hash)) return (int64_t)i;
    if (!may_stand_between(r, &at[i])) break;
  }
  for (size_t i = first; i > 0 && first - i < list->within; i--) {
    if (!ties(at[i].gap)) break;
    if (is_near_word(list, at[i - 1].hash)) return (int64_t)(i - 1);
    if (!may_stand_between(r, &at[i - 1])) break;
  }
  return -1;
}

static unsigned larger(unsigned a, unsigned b) {
  return a > b ? a : b;
}

// Whether the word is a name at least as much as it is a word.
static bool is_name_like(const sj_word *word) {
  const unsigned name =
      larger(SJ_ENTRY_FIRST(word->entry), SJ_ENTRY_SURNAME(word->entry));
  const unsigned usual =
      larger(SJ_ENTRY_ENGLISH(word->entry), SJ_ENTRY_FRENCH(word->entry));
  return name > 1 && name >= usual;
}

// The sizes between a term and the word beside it.
static void neutral(run *r, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (r->covers[i] == COVER_NONE && r->words->at[i].shape == SJ_SHAPE_NUMBER)
      r->covers[i] = COVER_NEUTRAL;
}

// Countries and regions. Where a list knows the word as a name or a town's
// too, it may be that.
static void cover_region(run *r,
                         const sj_term_list *list,
                         sj_entry entry,
                         size_t i,
                         size_t size) {
  if (SJ_ENTRY_FIRST(entry) + SJ_ENTRY_SURNAME(entry) > 0 && size == 1) return;
  if (SJ_ENTRY_TOWN(entry) > 0) return;
  for (size_t n = i; n < i + size; n++) {
    if (r->sure[n] != 0) continue;
    r->covers[n] = COVER_ALONE;
    r->vetoes[n] = list->id;
    r->towns[n] = TERM_REGION;
  }
}

// Judge the term that starts at word `i`; gives how many words it has.
static size_t cover_term(run *r, size_t i) {
  const sj_word *word = &r->words->at[i];
  const size_t size = word->phrase_len > 1 ? word->phrase_len : 1;
  const sj_entry entry = size > 1 ? word->phrase : word->entry;
  if (SJ_ENTRY_LIST(entry) == 0) return size;
  const sj_term_list *list = sj_lexicon_list(r->lexicon, SJ_ENTRY_LIST(entry));
  const bool everywhere = SJ_ENTRY_PROTECTED(entry);
  if (size == 1 && is_beside_person(r->words, i)) return size;
  if (size == 1 && everywhere && is_named(r, word->hash)) return size;
  if (list->places) {
    cover_region(r, list, entry, i, size);
    return size;
  }
  if (!everywhere) {
    const int64_t near = find_near(r, list, i, i + size);
    if (near < 0) return size;
    r->covers[near] = (uint8_t)larger(r->covers[near], COVER_NEUTRAL);
    if ((size_t)near > i)
      neutral(r, i + size, (size_t)near);
    else
      neutral(r, (size_t)near + 1, i);
  }
  const bool whole = everywhere && (size > 1 || !is_name_like(word));
  for (size_t n = i; n < i + size; n++) {
    if (r->sure[n] != 0) continue;
    r->covers[n] = whole ? COVER_WHOLE : COVER_ALONE;
    r->vetoes[n] = list->id;
    r->towns[n] = everywhere && SJ_ENTRY_TOWN(entry) > 0 ? TERM_TOWN : 0;
  }
  return size;
}

static void cover_words(run *r, const sj_claims *protections) {
  for (size_t i = 0; i < r->words->len; i++)
    if (is_small(r, &r->words->at[i])) r->covers[i] = COVER_NEUTRAL;
  for (size_t i = 0; i < r->words->len;)
    i += cover_term(r, i);
  for (size_t c = 0; c < protections->len; c++) {
    const stretch s = stretch_of(r, &protections->at[c]);
    for (size_t i = s.first; i < s.last; i++) {
      if (r->sure[i] != 0 || !holds(&s, &r->words->at[i])) continue;
      r->covers[i] = COVER_WHOLE;
      r->towns[i] = 0;
      r->vetoes[i] = protections->at[c].veto;
    }
  }
}

// ---------------------------------------------------------------------------
// Claims
// ---------------------------------------------------------------------------

static cover cover_in(const run *r, const stretch *s, size_t i) {
  if (!holds(s, &r->words->at[i])) return COVER_NONE;
  if (r->towns[i] == TERM_TOWN && s->place) return COVER_NONE;
  if (r->towns[i] == TERM_REGION && !s->place && !s->site) return COVER_NONE;
  return (cover)r->covers[i];
}

// The wholly protected words at the left edge, with the small ones before
// them: how many. `step` -1 counts from the right.
static size_t edge(const run *r, const stretch *s, int step) {
  const size_t size = s->last - s->first;
  size_t count = 0;
  for (size_t n = 0; n < size; n++) {
    const size_t i = step > 0 ? s->first + n : s->last - 1 - n;
    const cover c = cover_in(r, s, i);
    if (c != COVER_WHOLE && c != COVER_NEUTRAL) break;
    if (c == COVER_WHOLE) count = n + 1;
  }
  return count;
}

static void trim(const run *r, const stretch *s, sj_claim *claim) {
  const size_t left = edge(r, s, 1);
  const size_t right = edge(r, s, -1);
  if (left + right == 0 || left + right >= s->last - s->first) return;
  claim->veto = r->vetoes[left > 0 ? s->first + left - 1 : s->last - right];
  const sj_word *at = r->words->at;
  if (left > 0)
    claim->start = sj_map_origin(&r->view->map, at[s->first + left].start,
                                 at[s->first + left].end)
                       .start;
  if (right > 0)
    claim->end = sj_map_origin(&r->view->map, at[s->last - right - 1].start,
                               at[s->last - right - 1].end)
                     .end;
}

static void judge(const run *r, sj_claim *claim) {
  if (claim->vetoed != 0 || !is_ambiguous(claim)) return;
  const stretch s = stretch_of(r, claim);
  uint32_t veto = 0;
  bool other = false;
  size_t regions = 0; // Rhode Island Blood Bank is more than its words
  size_t terms = 0;
  for (size_t i = s.first; i < s.last && !other; i++) {
    const cover c = cover_in(r, &s, i);
    terms += c >= COVER_ALONE || r->words->at[i].shape == SJ_SHAPE_NUMBER;
    regions += c >= COVER_ALONE && r->towns[i] == TERM_REGION;
    other = c == COVER_NONE;
    if (c >= COVER_ALONE && veto == 0) veto = r->vetoes[i];
  }
  other = other || (regions > 0 && regions < terms);
  if (!other && veto != 0) {
    claim->vetoed = 1;
    claim->veto = veto;
  } else if (other && may_trim(claim)) {
    trim(r, &s, claim);
  }
}

sj_status
sj_veto_part(sj_arena *arena, sj_claims *claims, sj_claims *protections) {
  size_t kept = 0;
  for (size_t i = 0; i < claims->len; i++) {
    const sj_claim claim = claims->at[i];
    if (claim.kind != SJ_KIND_VETO) {
      claims->at[kept++] = claim;
      continue;
    }
    const sj_status status = sj_claims_push(protections, arena, claim);
    if (status != SJ_OK) return status;
  }
  claims->len = kept;
  return SJ_OK;
}

sj_status sj_veto_run(sj_arena *arena,
                      const sj_lexicon *lexicon,
                      const sj_words *words,
                      const sj_view *view,
                      const sj_claims *protections,
                      sj_claims *claims) {
  if (words->len == 0 || claims->len == 0) return SJ_OK;
  sj_arena scratch;
  sj_arena_init(&scratch, arena->allocator);
  run r = {.lexicon = lexicon, .words = words, .view = view};
  r.covers = sj_arena_take(&scratch, words->len * sizeof(*r.covers));
  r.vetoes = sj_arena_take(&scratch, words->len * sizeof(*r.vetoes));
  r.towns = sj_arena_take(&scratch, words->len * sizeof(*r.towns));
  r.sure = sj_arena_take(&scratch, words->len * sizeof(*r.sure));
  r.named = sj_arena_take(&scratch, words->len * sizeof(*r.named));
  const bool ready = r.covers != NULL && r.vetoes != NULL && r.towns != NULL &&
                     r.sure != NULL && r.named != NULL;
  if (ready) {
    mark_sure(&r, claims);
    cover_words(&r, protections);
    for (size_t i = 0; i < claims->len; i++)
      judge(&r, &claims->at[i]);
  }
  sj_arena_release(&scratch);
  return ready ? SJ_OK : SJ_NOMEM;
}
