// SPDX-License-Identifier: Apache-2.0
//
// echo.c - one name everywhere (law 5).
//
// Words are compared folded: case, accents, hidden characters and the
// possessive tell nothing. A part that is also an ordinary word counts only
// where it is written like a name; small words and initials never do alone.

#include "echo.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/utf8.h"

enum {
  SURE = 800,       // thousandths
  ECHO_SCORE = 850, // at most: a part is less than the whole
  NUMBER_MIN = 5    // letters and digits of a number worth finding again
};

// A word of something sure.
typedef struct seed {
  uint64_t hash;
  const sj_claim *claim;
} seed;

typedef struct run {
  sj_arena *arena;
  const sj_words *words;
  const sj_view *view;
  seed *seeds;
  size_t seed_len, seed_cap;
  uint8_t *covered; // 1 for each word that a claim holds whole
} run;

static bool is_sure(const sj_claim *claim) {
  const unsigned certain =
      SJ_FLAG_VALIDATED | SJ_FLAG_LABELLED | SJ_FLAG_KNOWN | SJ_FLAG_MANUAL;
  if (claim->vetoed != 0 || (claim->flags & SJ_FLAG_UNCERTAIN) != 0)
    return false;
  return (claim->flags & certain) != 0 || claim->score >= SURE;
}

static bool is_number(uint16_t label) {
  switch (label) {
  case SJ_LABEL_MRN:
  case SJ_LABEL_ID:
  case SJ_LABEL_ACCOUNT:
  case SJ_LABEL_LICENSE:
  case SJ_LABEL_NATIONAL_ID:
  case SJ_LABEL_DEVICE:
  case SJ_LABEL_VEHICLE:
  case SJ_LABEL_BIOMETRIC:
  case SJ_LABEL_PHOTO:
  case SJ_LABEL_USERNAME:
    return true;
  default:
    return false;
  }
}

static bool is_name(uint16_t label) {
  return label == SJ_LABEL_NAME || label == SJ_LABEL_CITY ||
         label == SJ_LABEL_ORGANIZATION;
}

static unsigned usual_anywhere(const sj_word *word) {
  const unsigned english = SJ_ENTRY_ENGLISH(word->entry);
  const unsigned french = SJ_ENTRY_FRENCH(word->entry);
  return english > french ? english : french;
}

// Whether a word of a sure find stands for it alone.
static bool is_telling(const sj_word *word, const sj_claim *claim) {
  if (is_number(claim->label))
    return word->shape == SJ_SHAPE_NUMBER &&
           word->end - word->start >= NUMBER_MIN;
  if (word->letters < 3 || word->shape == SJ_SHAPE_NUMBER) return false;
  if (claim->label == SJ_LABEL_NAME)
    return word->shape != SJ_SHAPE_LOWER || usual_anywhere(word) == 0;
  // Of a town or an organization, only what is no word and not half a name
  // that many others bear.
  return word->shape != SJ_SHAPE_LOWER && usual_anywhere(word) < 2 &&
         (word->entry & (SJ_ENTRY_CLINICAL | SJ_ENTRY_REGION)) == 0 &&
         (claim->label != SJ_LABEL_CITY || word->phrase_len == 0 ||
          SJ_ENTRY_TOWN(word->entry) > 0);
}

static sj_status take_seeds(run *r, const sj_claims *claims) {
  for (size_t c = 0; c < claims->len; c++) {
    const sj_claim *claim = &claims->at[c];
    if (claim->vetoed != 0) continue;
    const sj_range at = sj_map_derived(&r->view->map, claim->start, claim->end);
    const bool sure =
        is_sure(claim) && (is_name(claim->label) || is_number(claim->label));
    for (size_t i = sj_words_first(r->words, at.start);
         i < r->words->len && r->words->at[i].start < at.end; i++) {
      const sj_word *word = &r->words->at[i];
      if (word->start >= at.start && word->end <= at.end) r->covered[i] = 1;
      if (!sure || !is_telling(word, claim)) continue;
      seed *seeds = sj_array_room(r->arena, r->seeds, r->seed_len, &r->seed_cap,
                                  1, sizeof(*seeds));
      if (seeds == NULL) return SJ_NOMEM;
      seeds[r->seed_len++] = (seed){word->hash, claim};
      r->seeds = seeds;
    }
  }
  return SJ_OK;
}

// By hash; among equal ones the surest first: names before others, then score.
static int by_hash(const void *left, const void *right) {
  const seed *a = left;
  const seed *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  const int names =
      (b->claim->label == SJ_LABEL_NAME) - (a->claim->label == SJ_LABEL_NAME);
  if (names != 0) return names;
  if (a->claim->score != b->claim->score)
    return a->claim->score > b->claim->score ? -1 : 1;
  if (a->claim->start != b->claim->start)
    return a->claim->start < b->claim->start ? -1 : 1;
  return (a->claim->source > b->claim->source) -
         (a->claim->source < b->claim->source);
}

static const seed *find_seed(const run *r, uint64_t hash) {
  size_t low = 0;
  size_t high = r->seed_len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (r->seeds[middle].hash < hash)
      low = middle + 1;
    else
      high = middle;
  }
  return low < r->seed_len && r->seeds[low].hash == hash ? &r->seeds[low]
                                                         : NULL;
}

// The hash of a plural's singular: `the Smiths`. 0 where it is none.
static uint64_t singular(const run *r, const sj_word *word) {
  if (word->letters < 5 || (r->view->bytes[word->end - 1] | 0x20) != 's')
    return 0;
  uint64_t hash = SJ_PHRASE_SEED;
  sj_fold fold = {
      .bytes = r->view->bytes, .at = word->start, .end = word->end - 1};
  for (uint32_t code; (code = sj_fold_next(&fold)) != 0;)
    hash = sj_phrase_add(hash, sj_utf8_is_alnum(code) ? code : ' ');
  return hash;
}

// Whether this place of the word can be the name: an ordinary word needs a
// capital that no sentence, title or line of capitals gives it.
static bool is_place(const run *r, const sj_word *word, const sj_claim *claim) {
  if (is_number(claim->label)) return true;
  const unsigned usual = sj_word_usual(word, word->entry);
  const bool clinical = (word->entry & SJ_ENTRY_CLINICAL) != 0;
  const bool protected = SJ_ENTRY_PROTECTED(word->phrase);
  if (word->shape == SJ_SHAPE_LOWER)
    return usual == 0 && !clinical && !protected && word->letters >= 4 &&
           (r->words->no_capitals || claim->label == SJ_LABEL_NAME);
  if (word->shape == SJ_SHAPE_MIXED || word->shape == SJ_SHAPE_INITIAL)
    return false;
  if (usual < 2 && !clinical && !protected) return true;
  const bool bare = word->gap >= SJ_GAP_STOP || word->upper_line ||
                    word->gap == SJ_GAP_COLON || word->gap == SJ_GAP_SLASH;
  return !bare && !protected && usual < 6;
}

static bool is_initial(const run *r, size_t i) {
  return r->words->at[i].shape == SJ_SHAPE_INITIAL && r->covered[i] == 0;
}

static sj_status claim_place(run *r,
                             size_t i,
                             const sj_claim *from,
                             uint32_t source,
                             sj_claims *out) {
  const sj_words *words = r->words;
  size_t first = i;
  size_t last = i;
  // An initial before or behind a surname is the rest of the name.
  if (from->label == SJ_LABEL_NAME) {
    while (first > 0 && is_initial(r, first - 1) &&
           (words->at[first].gap == SJ_GAP_BLANK ||
            words->at[first].gap == SJ_GAP_INITIAL))
      first--;
    if (last + 1 < words->len && is_initial(r, last + 1) &&
        words->at[last + 1].gap == SJ_GAP_BLANK &&
        (last + 2 >= words->len || words->at[last + 2].gap >= SJ_GAP_INITIAL))
      last++;
  }
  const sj_range at =
      sj_map_origin(&r->view->map, words->at[first].start, words->at[last].end);
  const uint16_t score = from->score < ECHO_SCORE ? from->score : ECHO_SCORE;
  return sj_claims_push(out, r->arena,
                        (sj_claim){.start = at.start,
                                   .end = at.end,
                                   .label = from->label,
                                   .score = score,
                                   .subtype = from->subtype,
                                   .role = from->role,
                                   .kind = SJ_KIND_ECHO,
                                   .source = source,
                                   .context = from->source});
}

sj_status sj_echo_run(sj_arena *arena,
                      const sj_words *words,
                      const sj_view *view,
                      uint32_t source,
                      sj_claims *claims) {
  if (words->len == 0 || claims->len == 0) return SJ_OK;
  run r = {.arena = arena, .words = words, .view = view};
  // Pushing moves the list; what the seeds point at must stay.
  sj_claims before = {0};
  for (size_t i = 0; i < claims->len; i++) {
    const sj_status status = sj_claims_push(&before, arena, claims->at[i]);
    if (status != SJ_OK) return status;
  }
  r.covered = sj_arena_take(arena, words->len);
  if (r.covered == NULL) return SJ_NOMEM;
  sj_status status = take_seeds(&r, &before);
  if (r.seed_len > 1) qsort(r.seeds, r.seed_len, sizeof(seed), by_hash);
  for (size_t i = 0; status == SJ_OK && i < words->len; i++) {
    if (r.covered[i] != 0) continue;
    const sj_word *word = &words->at[i];
    const seed *found = find_seed(&r, word->hash);
    if (found == NULL && word->shape == SJ_SHAPE_CAPITAL) {
      const uint64_t one = singular(&r, word);
      if (one != 0) found = find_seed(&r, one);
    }
    if (found != NULL && is_place(&r, word, found->claim))
      status = claim_place(&r, i, found->claim, source, claims);
  }
  return status;
}
