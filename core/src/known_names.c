// SPDX-License-Identifier: Apache-2.0
//
// known_names.c - the names of the chart's people in every form.
//
// Each word of the text may be somebody's: as it stands, as a plural, a
// nickname, with a typing slip, or as an initial. Neighbours that are words of
// one person make a group. Two words of one person are enough, in any case; an
// initial wants a surname or first name that is no small ordinary word. A word
// alone counts by what it is:
//
//     a name that is no ordinary word, four letters or more    in any case
//     a nickname by the list, a plural                         with a capital
//     an ordinary word (May, Petit), three letters or fewer    with a capital
//         in mid-sentence, or behind a title
//     a word of every sentence (The, Son)                      behind a title
//     a typing slip that is no ordinary word     with a capital, and nowhere in
//         the text written small; where a list of names holds it, also in
//         mid-sentence and with the first letter right

#include "known_parts.h"

enum { SLIP_LEAST = 5, SLIPS_TWO = 8, LENGTHS = SJ_KNOWN_LETTERS + 4 };

/// What a word of the text is to the chart.
typedef enum how {
  NOTHING,
  EXACT,
  PLURAL,
  NICK,
  SLIP,
  INITIAL, ///< one letter
  LETTERS, ///< several initials in one: JS
  PARTICLE
} how;

struct sj_name_index {
  const sj_chart *chart;
  sj_hashes words;     // hash to name, + 1
  uint32_t *by_length; // names that slips are looked for, by length
  uint32_t length_at[LENGTHS + 1];
};

typedef struct match {
  uint64_t people;
  const sj_known_word *name;
  uint8_t how;
  uint8_t slips;
  uint8_t takes; // words of the text: two for `Mac Donald`
} match;

typedef struct search {
  const sj_finding *f;
  const sj_name_index *index;
  const sj_slice *slice;
  match *matches;
} search;

/// Neighbouring words of one person.
typedef struct group {
  uint32_t first, last;
  uint64_t people;
  unsigned whole; ///< words that are no initials
  unsigned initials;
  unsigned parts; ///< sj_name_part of the whole words
  unsigned slips; ///< words that are slips
  unsigned worst; ///< most slips in one
  bool plain;     ///< one that is no ordinary word, or has a capital
} group;

static unsigned slips_allowed(unsigned len) {
  return len >= SLIPS_TWO ? 2 : len >= SLIP_LEAST ? 1 : 0;
}

static bool has_slips(const sj_known_word *name) {
  return name->word.len >= SLIP_LEAST && name->word.len <= SJ_KNOWN_LETTERS &&
         name->parts != SJ_PART_PARTICLE && name->parts != SJ_PART_NICK;
}

sj_status sj_name_index_new(const sj_chart *chart, sj_name_index **out) {
  sj_name_index *index = sj_arena_take(chart->arena, sizeof(*index));
  if (index == NULL) return SJ_NOMEM;
  const size_t count = chart->name_count;
  index->chart = chart;
  index->by_length =
      sj_arena_take(chart->arena, count * sizeof(*index->by_length));
  if (index->by_length == NULL) return SJ_NOMEM;
  const sj_status status = sj_hashes_init(&index->words, chart->arena, count);
  if (status != SJ_OK) return status;
  uint32_t at = 0;
  for (uint32_t len = 0; len <= LENGTHS; len++) {
    index->length_at[len] = at;
    for (uint32_t i = 0; i < count && len <= SJ_KNOWN_LETTERS; i++)
      if (chart->names[i].word.len == len && has_slips(&chart->names[i]))
        index->by_length[at++] = i;
  }
  for (uint32_t i = 0; i < count; i++)
    *sj_hashes_slot(&index->words, chart->names[i].word.hash) = i + 1;
  *out = index;
  return SJ_OK;
}

static const sj_known_word *lookup(const search *s, uint64_t hash) {
  const uint32_t at = sj_hashes_get(&s->index->words, hash);
  return at == 0 ? NULL : &s->index->chart->names[at - 1];
}

// ---------------------------------------------------------------------------
// What each word is

static unsigned bits_in(uint32_t set) {
  unsigned count = 0;
  for (; set != 0; set &= set - 1)
    count++;
  return count;
}

static match find_slip(const search *s, const sj_piece *word) {
  match best = {.how = NOTHING, .slips = 3};
  if (word->len + 1 < SLIP_LEAST || word->len > SJ_KNOWN_LETTERS) return best;
  const unsigned low = word->len - 2u;
  const uint32_t end = s->index->length_at[word->len + 3];
  for (uint32_t i = s->index->length_at[low]; i < end; i++) {
    const sj_known_word *name = &s->index->chart->names[s->index->by_length[i]];
    const unsigned most = slips_allowed(name->word.len);
    if (bits_in(name->word.letters ^ word->letters) > 2 * most) continue;
    const unsigned slips = sj_piece_slips(&name->word, word, most);
    if (slips >= best.slips) continue;
    best = (match){.people = name->people,
                   .name = name,
                   .how = SLIP,
                   .slips = (uint8_t)slips,
                   .takes = 1};
  }
  return best;
}

static match as_initials(const search *s, const sj_piece *word) {
  match m = {.people = ~UINT64_C(0), .takes = 1};
  if (word->len > 3 || word->shape == SJ_WORD_SMALL) return (match){0};
  if (word->len > 1 && word->shape != SJ_WORD_UPPER) return (match){0};
  for (unsigned i = 0; i < word->len; i++) {
    const uint8_t letter = word->fold[i];
    if (letter < 'a' || letter > 'z') return (match){0};
    m.people &= s->index->chart->initials[letter - 'a'];
  }
  if (m.people == 0) return (match){0};
  m.how = word->len == 1 ? INITIAL : LETTERS;
  return m;
}

static match of_name(const sj_known_word *name, how as, unsigned takes) {
  if (as == EXACT && name->parts == SJ_PART_NICK) as = NICK;
  if (name->parts == SJ_PART_PARTICLE) as = PARTICLE;
  return (match){.people = name->people,
                 .name = name,
                 .how = (uint8_t)as,
                 .takes = (uint8_t)takes};
}

// Smiths, Joneses.
static const sj_known_word *of_plural(const search *s, const sj_piece *word) {
  if (word->len < 5 || word->len > SJ_KNOWN_LETTERS ||
      word->fold[word->len - 1] != 's')
    return NULL;
  sj_piece one = {.hash = sj_piece_hash("")};
  one.len = (uint8_t)(word->len - 1);
  memcpy(one.fold, word->fold, one.len);
  const sj_piece none = {.hash = one.hash};
  const sj_known_word *name = lookup(s, sj_piece_hash_both(&none, &one));
  if (name == NULL && one.fold[one.len - 1] == 'e') {
    one.len--;
    name = lookup(s, sj_piece_hash_both(&none, &one));
  }
  return name != NULL && (name->bits & SJ_KNOWN_ORDINARY) == 0 &&
                 name->parts != SJ_PART_PARTICLE
             ? name
             : NULL;
}

// Two words of the text that are one of the chart's: Mac Donald, O'Brien.
static const sj_known_word *of_two(const search *s, uint32_t i) {
  if (i + 1 >= s->slice->count) return NULL;
  const sj_piece *next = &s->slice->words[i + 1];
  if (next->shape == SJ_WORD_DIGITS || s->slice->words[i].len > 12) return NULL;
  if (!sj_gap_only(sj_slice_gap(s->slice, i), " -'\n", 2)) return NULL;
  const sj_known_word *name =
      lookup(s, sj_piece_hash_both(&s->slice->words[i], next));
  return name != NULL && name->parts != SJ_PART_NICK ? name : NULL;
}

static match judge_word(const search *s, uint32_t i) {
  const sj_piece *word = &s->slice->words[i];
  if (word->shape == SJ_WORD_DIGITS) return (match){0};
  const sj_known_word *name = lookup(s, word->hash);
  if (name != NULL) return of_name(name, EXACT, 1);
  name = of_two(s, i);
  if (name != NULL) return of_name(name, EXACT, 2);
  name = of_plural(s, word);
  if (name != NULL) return of_name(name, PLURAL, 1);
  const match initials = as_initials(s, word);
  if (initials.how != NOTHING) return initials;
  return find_slip(s, word);
}

// ---------------------------------------------------------------------------
// Groups

static bool is_whole(const match *m) {
  return m->how >= EXACT && m->how <= SLIP;
}

// Whether the gap behind a word may lie inside a name.
static bool glues(const search *s, uint32_t i) {
  const sj_gap gap = sj_slice_gap(s->slice, i);
  if (gap.len == 0) return true;
  if (gap.len == 1 && gap.at[0] == '.') return true; // john.smith
  const unsigned as = s->matches[i].how;
  const bool dot = as == INITIAL || as == LETTERS ||
                   s->slice->words[i].len == 1 ||
                   sj_piece_among(&s->slice->words[i], "st ste jr sr");
  if (!sj_gap_only(gap, dot ? " -'\n,\"()_." : " -'\n,\"()_", 6)) return false;
  unsigned line_ends = 0;
  for (uint32_t k = 0; k < gap.len; k++)
    line_ends += gap.at[k] == '\n';
  return line_ends <= 1;
}

// `I` and `A` without a full stop are words before they are initials.
static bool is_bare_word(const search *s, uint32_t i) {
  const sj_piece *word = &s->slice->words[i];
  return (word->fold[0] == 'i' || word->fold[0] == 'a') &&
         s->slice->view->bytes[word->end] != '.';
}

static void take_in(const search *s, group *g, uint32_t i) {
  const match *m = &s->matches[i];
  g->last = i + m->takes - 1;
  g->people &= m->people;
  if ((m->how == INITIAL && !is_bare_word(s, i)) || m->how == LETTERS)
    g->initials++;
  if (!is_whole(m)) return;
  g->whole++;
  g->parts |= m->name->parts;
  if (m->how == SLIP) {
    g->slips++;
    if (m->slips > g->worst) g->worst = m->slips;
  }
  if ((m->name->bits & SJ_KNOWN_ORDINARY) == 0 ||
      s->slice->words[i].shape != SJ_WORD_SMALL)
    g->plain = true;
}

// A middle initial that the chart does not have: John Q. Smith.
static bool is_foreign_initial(const search *s, uint32_t i) {
  return s->matches[i].how == NOTHING && s->slice->words[i].len == 1 &&
         s->slice->words[i].shape == SJ_WORD_CAPITAL;
}

static group gather(const search *s, uint32_t first) {
  group g = {.first = first, .people = ~UINT64_C(0)};
  take_in(s, &g, first);
  for (;;) {
    uint32_t next = g.last + 1;
    if (next >= s->slice->count || !glues(s, g.last)) return g;
    if (is_foreign_initial(s, next) && next + 1 < s->slice->count &&
        is_whole(&s->matches[next + 1]) && glues(s, next))
      next++;
    const match *m = &s->matches[next];
    if (m->how == NOTHING || (m->people & g.people) == 0) return g;
    // Behind `Smith, John` and a comma the next name begins.
    const unsigned both = SJ_PART_GIVEN | SJ_PART_FAMILY;
    if ((g.parts & both) == both &&
        sj_gap_has(sj_slice_gap(s->slice, g.last), ','))
      return g;
    take_in(s, &g, next);
  }
}

// Particles stay at the front of a surname, and go everywhere else.
static void trim(const search *s, group *g) {
  while (g->last > g->first && s->matches[g->last].how == PARTICLE)
    g->last--;
  while (g->first < g->last && s->matches[g->first].how == PARTICLE) {
    uint32_t next = g->first;
    while (next < g->last && s->matches[next].how == PARTICLE)
      next++;
    if (is_whole(&s->matches[next]) &&
        (s->matches[next].name->parts & SJ_PART_FAMILY) != 0)
      return;
    g->first = next;
  }
}

// ---------------------------------------------------------------------------
// Words alone

static unsigned bits_of(const search *s, uint32_t i) {
  return sj_known_bits(s->index->chart->lists, s->slice->words[i].hash);
}

static bool is_grammar(const search *s, uint32_t i) {
  return sj_chart_is_grammar(s->index->chart, &s->slice->words[i]);
}

// A title or the label of a name right before, or a title right behind
// (`Smith, MD`).
static bool is_introduced(const search *s, uint32_t first, uint32_t last) {
  if (first > 0 &&
      sj_gap_only(sj_slice_gap(s->slice, first - 1), " .:\t\n-#=\"'(", 8)) {
    const unsigned before = bits_of(s, first - 1);
    const bool small = s->slice->words[first].shape == SJ_WORD_SMALL;
    // `Doctor: The pain ...` is a speaker, no title.
    const bool colon = sj_gap_has(sj_slice_gap(s->slice, first - 1), ':');
    if ((before & SJ_KNOWN_TITLE) != 0 && !colon) return true;
    // `the patient. The`: there a sentence ends, save behind `pt.`.
    const bool ends = sj_gap_has(sj_slice_gap(s->slice, first - 1), '.') &&
                      s->slice->words[first - 1].len > 2;
    if ((before & SJ_KNOWN_LABEL) != 0 && !small && !ends)
      return !colon || !is_grammar(s, first);
  }
  return last + 1 < s->slice->count &&
         sj_gap_only(sj_slice_gap(s->slice, last), " ,", 2) &&
         (bits_of(s, last + 1) & SJ_KNOWN_TITLE) != 0 &&
         s->slice->words[last + 1].shape == SJ_WORD_UPPER;
}

// Whether a sentence, a line or a heading may begin at the word, so that its
// capital says nothing.
static bool may_begin(const search *s, uint32_t i) {
  const uint8_t *bytes = s->slice->view->bytes;
  uint32_t at = s->slice->words[i].start;
  while (at > 0 && strchr(" \t\"'(-*#", bytes[at - 1]) != NULL &&
         bytes[at - 1] != '\0')
    at--;
  return at == 0 || strchr(".!?:;\n|>", bytes[at - 1]) != NULL;
}

static bool is_upper(const search *s, uint32_t i) {
  return i < s->slice->count && s->slice->words[i].shape == SJ_WORD_UPPER;
}

// A capital that only a name would have here.
static bool has_capital(const search *s, uint32_t i) {
  const sj_piece *word = &s->slice->words[i];
  if (word->shape == SJ_WORD_SMALL || may_begin(s, i)) return false;
  if (word->shape == SJ_WORD_CAPITAL) return true;
  return !is_upper(s, i - 1) && !is_upper(s, i + 1);
}

// Whether another part of the same person stands right beside it, though not
// in one group: in the next cell, on the next line.
static bool has_neighbour(const search *s, uint32_t i) {
  const match *m = &s->matches[i];
  const uint32_t past = i + m->takes;
  if (past < s->slice->count && is_whole(&s->matches[past]) &&
      (s->matches[past].people & m->people) != 0 &&
      sj_gap_only(sj_slice_gap(s->slice, past - 1), " \t\n,;|:-", 8))
    return true;
  return i > 0 && is_whole(&s->matches[i - 1]) &&
         (s->matches[i - 1].people & m->people) != 0 &&
         sj_gap_only(sj_slice_gap(s->slice, i - 1), " \t\n,;|:-", 8);
}

static bool stands_small(const search *s, uint64_t hash) {
  for (uint32_t i = 0; i < s->slice->count; i++)
    if (s->slice->words[i].hash == hash &&
        s->slice->words[i].shape == SJ_WORD_SMALL)
      return true;
  return false;
}

static bool slip_stands(const search *s, uint32_t i, bool introduced) {
  const match *m = &s->matches[i];
  const sj_piece *word = &s->slice->words[i];
  if (word->shape == SJ_WORD_SMALL) return false;
  if (sj_chart_is_ordinary(s->index->chart, word)) return false;
  if (introduced) return true;
  if (stands_small(s, word->hash)) return false;
  if (sj_chart_is_unheard(s->index->chart, word)) return true;
  return word->fold[0] == m->name->word.fold[0] && has_capital(s, i);
}

// Where a surname begins with the particles before it: `de Kersauzon`.
static uint32_t with_particles(const search *s, uint32_t i, uint32_t least) {
  if ((s->matches[i].name->parts & SJ_PART_FAMILY) == 0) return i;
  while (i > least && s->matches[i - 1].how == PARTICLE)
    i--;
  return i;
}

static bool stands_alone(const search *s, uint32_t i, uint32_t first) {
  const match *m = &s->matches[i];
  const sj_piece *word = &s->slice->words[i];
  const uint32_t last = i + m->takes - 1;
  const bool introduced = is_introduced(s, first, last);
  if (m->how == SLIP) return slip_stands(s, i, introduced);
  const unsigned len = m->name->word.len;
  const bool ordinary = (m->name->bits & SJ_KNOWN_ORDINARY) != 0;
  if (introduced && (!ordinary || word->shape != SJ_WORD_SMALL)) return true;
  if (has_neighbour(s, i) && word->shape != SJ_WORD_SMALL) return true;
  if ((m->name->bits & SJ_KNOWN_GRAMMAR) != 0) return false;
  if (ordinary || len <= 3) return has_capital(s, i);
  if (m->how == EXACT) return true;
  return word->shape != SJ_WORD_SMALL; // a nickname, a plural
}

static bool is_accepted(const group *g) {
  if (g->whole == 0) return false;
  if (g->whole >= 2) {
    const unsigned both = SJ_PART_GIVEN | SJ_PART_FAMILY;
    const unsigned parts =
        g->parts |
        ((g->parts & SJ_PART_NICK) != 0 ? (unsigned)SJ_PART_GIVEN : 0u);
    if (g->slips == g->whole) return g->plain && (parts & both) == both;
    return g->plain || (parts & both) == both;
  }
  if (g->initials > 0) {
    if (g->plain && g->slips == 0) return true;
    return g->plain && g->worst <= 1;
  }
  return false;
}

static sj_status
claim(const search *s, uint32_t first, uint32_t last, const group *g) {
  const sj_chart *chart = s->index->chart;
  sj_role role = SJ_ROLE_OTHER;
  if ((g->people & chart->role[SJ_ROLE_PATIENT]) != 0)
    role = SJ_ROLE_PATIENT;
  else if ((g->people & chart->role[SJ_ROLE_OTHER]) == 0)
    role = SJ_ROLE_PROVIDER;
  const unsigned lost = g->worst * 40;
  const sj_claim made = {.label = SJ_LABEL_NAME,
                         .role = (uint8_t)role,
                         .score = (uint16_t)(1000 - lost),
                         .source =
                             sj_known_source_id(chart->lists, SJ_FROM_NAME)};
  return sj_finding_claim(s->f, s->slice->words[first].start,
                          s->slice->words[last].end, made);
}

// A group that does not stand as one may hold words that stand alone.
static sj_status claim_words(const search *s, const group *g) {
  sj_status status = SJ_OK;
  for (uint32_t i = g->first; i <= g->last && status == SJ_OK; i++) {
    const match *m = &s->matches[i];
    if (!is_whole(m)) continue;
    const uint32_t first = with_particles(s, i, g->first);
    if (!stands_alone(s, i, first)) continue;
    const group one = {.people = m->people, .worst = m->slips};
    status = claim(s, first, i + m->takes - 1u, &one);
  }
  return status;
}

// `Jr`, `III` behind a name belong to it.
static uint32_t with_suffix(const search *s, uint32_t last) {
  if (last + 1 >= s->slice->count) return last;
  if (!sj_gap_only(sj_slice_gap(s->slice, last), " ,", 2)) return last;
  const sj_piece *next = &s->slice->words[last + 1];
  const bool suffix =
      next->shape != SJ_WORD_SMALL && sj_piece_among(next, "jr sr ii iii iv");
  return suffix ? last + 1 : last;
}

sj_status sj_known_find_names(const sj_finding *f,
                              const sj_name_index *index,
                              const sj_slice *slice) {
  if (index->chart->name_count == 0 || slice->count == 0) return SJ_OK;
  search s = {.f = f, .index = index, .slice = slice};
  s.matches = sj_arena_take(f->arena, slice->count * sizeof(*s.matches));
  if (s.matches == NULL) return SJ_NOMEM;
  for (uint32_t i = 0; i < slice->count; i++)
    s.matches[i] = judge_word(&s, i);
  sj_status status = SJ_OK;
  for (uint32_t i = 0; i < slice->count && status == SJ_OK; i++) {
    if (s.matches[i].how == NOTHING) continue;
    group g = gather(&s, i);
    i = g.last;
    trim(&s, &g);
    if (is_accepted(&g))
      status = claim(&s, g.first, with_suffix(&s, g.last), &g);
    else
      status = claim_words(&s, &g);
  }
  return status;
}
