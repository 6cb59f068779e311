// SPDX-License-Identifier: Apache-2.0
//
// known_places.c - street lines, towns and organizations of the chart: words
// in order, with the street's kind abbreviated or not.
//
// A word that says something of its own (no `street`, no `de`, no number) leads
// to the places that hold it; from there the text is compared to both sides.

#include "known_parts.h"

#include "base/array.h"

typedef struct anchor {
  uint32_t place, word;
  uint32_t next; // of the same word, + 1
} anchor;

struct sj_place_index {
  const sj_chart *chart;
  sj_hashes words; // hash to its last anchor, + 1
  anchor *anchors;
  size_t count, cap;
};

// Words of one row are the same word.
static const char *const kinds[] = {"street st str",
                                    "saint st",
                                    "sainte ste",
                                    "suite ste",
                                    "avenue av ave",
                                    "boulevard bd blvd boul bvd bld",
                                    "road rd",
                                    "drive dr",
                                    "lane ln",
                                    "court ct crt",
                                    "place pl",
                                    "plaza plz",
                                    "square sq",
                                    "route rte rt",
                                    "rue r",
                                    "chemin ch che chem",
                                    "impasse imp",
                                    "allee all allees",
                                    "faubourg fg fbg",
                                    "cours crs",
                                    "quai",
                                    "passage pass",
                                    "highway hwy",
                                    "parkway pkwy",
                                    "terrace ter terr",
                                    "circle cir",
                                    "crescent cres",
                                    "trail trl",
                                    "way",
                                    "apartment apt appartement appt app",
                                    "unit",
                                    "floor fl",
                                    "etage et",
                                    "batiment bat bt",
                                    "building bldg bld",
                                    "residence res",
                                    "escalier esc",
                                    "lotissement lot",
                                    "mount mt",
                                    "fort ft",
                                    "north n",
                                    "south s",
                                    "east e",
                                    "west w",
                                    "box",
                                    "bp"};
static const char small_words[] =
    "de du des d la le les l of the au aux a en sur et and";

static bool is_kind(const sj_piece *word) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (sj_piece_among(word, kinds[i])) return true;
  return false;
}

static bool is_small(const sj_piece *word) {
  return sj_piece_among(word, small_words);
}

static bool is_number(const sj_piece *word) {
  return word->shape == SJ_WORD_DIGITS;
}

static bool is_content(const sj_piece *word) {
  return !is_number(word) && word->len > 1 && !is_small(word) && !is_kind(word);
}

static bool is_same(const sj_piece *a, const sj_piece *b) {
  if (a->hash == b->hash) return true;
  if (a->shape == SJ_WORD_DIGITS || b->shape == SJ_WORD_DIGITS) return false;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (sj_piece_among(a, kinds[i]) && sj_piece_among(b, kinds[i])) return true;
  return false;
}

static sj_status
add_anchor(sj_place_index *index, uint32_t place, uint32_t word) {
  sj_arena *arena = index->chart->arena;
  anchor *at = sj_array_room(arena, index->anchors, index->count, &index->cap,
                             1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  index->anchors = at;
  uint32_t *slot = sj_hashes_slot(&index->words,
                                  index->chart->places[place].words[word].hash);
  at[index->count++] = (anchor){.place = place, .word = word, .next = *slot};
  *slot = (uint32_t)index->count;
  return SJ_OK;
}

// The words that lead to a place: those that say something, or all of it.
static sj_status add_place(sj_place_index *index, uint32_t place) {
  const sj_known_place *at = &index->chart->places[place];
  sj_status status = SJ_OK;
  bool any = false;
  for (uint32_t i = 0; i < at->count && status == SJ_OK; i++) {
    if (!is_content(&at->words[i])) continue;
    any = true;
    status = add_anchor(index, place, i);
  }
  if (!any && status == SJ_OK && at->count > 1)
    status = add_anchor(index, place, 0);
  return status;
}

sj_status sj_place_index_new(const sj_chart *chart, sj_place_index **out) {
  sj_place_index *index = sj_arena_take(chart->arena, sizeof(*index));
  if (index == NULL) return SJ_NOMEM;
  index->chart = chart;
  size_t words = 0;
  for (size_t i = 0; i < chart->place_count; i++)
    words += chart->places[i].count;
  sj_status status = sj_hashes_init(&index->words, chart->arena, words);
  for (uint32_t i = 0; i < chart->place_count && status == SJ_OK; i++)
    status = add_place(index, i);
  *out = index;
  return status;
}

// ---------------------------------------------------------------------------

/// How far a place agrees with the text around one word.
typedef struct fit {
  uint32_t first, last; // words of the text
  unsigned content, numbers, kinds;
  unsigned missing; // words of the place that say something, and are not there
} fit;

static void count_word(fit *m, const sj_piece *word) {
  if (is_number(word))
    m->numbers++;
  else if (is_content(word))
    m->content++;
  else if (is_kind(word))
    m->kinds++;
}

static bool is_near(const sj_slice *slice, uint32_t i) {
  return sj_gap_only(sj_slice_gap(slice, i), " ,.-'\n()#/", 4);
}

// One step from text word `*t` and place word `*p`, by `by` (1 or -1). False
// where they part.
static bool step(const sj_slice *slice,
                 const sj_known_place *place,
                 int64_t *t,
                 int64_t *p,
                 int by) {
  int64_t text = *t + by;
  int64_t word = *p + by;
  while (word >= 0 && word < place->count) {
    if (text < 0 || text >= slice->count ||
        !is_near(slice, (uint32_t)(by > 0 ? text - 1 : text)))
      return false;
    if (is_same(&slice->words[text], &place->words[word])) {
      *t = text;
      *p = word;
      return true;
    }
    if (is_small(&place->words[word]))
      word += by;
    else if (is_small(&slice->words[text]))
      text += by;
    else
      return false;
  }
  return false;
}

static fit fit_place(const sj_slice *slice,
                     const sj_known_place *place,
                     uint32_t i,
                     uint32_t word) {
  fit m = {.first = i, .last = i};
  count_word(&m, &place->words[word]);
  int64_t t = i;
  int64_t p = word;
  while (step(slice, place, &t, &p, -1)) {
    m.first = (uint32_t)t;
    count_word(&m, &place->words[p]);
  }
  const int64_t low = p;
  t = i;
  p = word;
  while (step(slice, place, &t, &p, 1)) {
    m.last = (uint32_t)t;
    count_word(&m, &place->words[p]);
  }
  for (int64_t k = 0; k < place->count; k++)
    if ((k < low || k > p) && is_content(&place->words[k])) m.missing++;
  return m;
}

static bool begins_sentence(const sj_slice *slice, uint32_t i) {
  const uint8_t *bytes = slice->view->bytes;
  uint32_t at = slice->words[i].start;
  while (at > 0 && (bytes[at - 1] == ' ' || bytes[at - 1] == '"'))
    at--;
  return at == 0 ||
         (bytes[at - 1] != '\0' && strchr(".!?\n", bytes[at - 1]) != NULL);
}

static bool has_capital(const sj_slice *slice, uint32_t i) {
  const uint8_t shape = slice->words[i].shape;
  return shape == SJ_WORD_CAPITAL || shape == SJ_WORD_UPPER;
}

// A postal code before or behind the town, or a state's code behind it.
static bool has_code(const sj_slice *slice, uint32_t first, uint32_t last) {
  if (first > 0 && is_near(slice, first - 1) &&
      is_number(&slice->words[first - 1]) && slice->words[first - 1].len == 5)
    return true;
  if (last + 1 >= slice->count || !is_near(slice, last)) return false;
  const sj_piece *next = &slice->words[last + 1];
  return (is_number(next) && next->len == 5) ||
         (next->shape == SJ_WORD_UPPER && next->len == 2);
}

static bool is_accepted(const sj_finding *f,
                        const sj_slice *slice,
                        const sj_known_place *place,
                        const fit *m) {
  if (place->label == SJ_LABEL_ADDRESS) {
    if (m->content == 0) return m->last - m->first + 1 >= place->count;
    if (m->content >= 2) return true;
    return m->numbers > 0 || m->kinds > 0;
  }
  if (m->missing > 0) return false;
  if (m->content >= 2) return true;
  if (has_code(slice, m->first, m->last)) return true;
  if (!has_capital(slice, m->last)) return m->kinds > 0 && m->first < m->last;
  const sj_piece *word = &slice->words[m->last];
  const bool ordinary = sj_chart_is_ordinary(f->chart, word);
  return !(ordinary || word->len <= 3) || !begins_sentence(slice, m->first);
}

static sj_status try_anchors(const sj_finding *f,
                             const sj_place_index *index,
                             const sj_slice *slice,
                             uint32_t i) {
  uint32_t at = sj_hashes_get(&index->words, slice->words[i].hash);
  sj_status status = SJ_OK;
  for (; at != 0 && status == SJ_OK; at = index->anchors[at - 1].next) {
    const anchor *a = &index->anchors[at - 1];
    const sj_known_place *place = &index->chart->places[a->place];
    const fit m = fit_place(slice, place, i, a->word);
    if (!is_accepted(f, slice, place, &m)) continue;
    const sj_claim how = {.label = place->label,
                          .score = 1000,
                          .source = sj_known_source_id(
                              f->chart->lists, (sj_known_source)place->from)};
    status = sj_finding_claim(f, slice->words[m.first].start,
                              slice->words[m.last].end, how);
  }
  return status;
}

sj_status sj_known_find_places(const sj_finding *f,
                               const sj_place_index *index,
                               const sj_slice *slice) {
  sj_status status = SJ_OK;
  if (index->chart->place_count == 0) return SJ_OK;
  for (uint32_t i = 0; i < slice->count && status == SJ_OK; i++)
    status = try_anchors(f, index, slice, i);
  return status;
}
