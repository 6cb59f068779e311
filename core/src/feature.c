// SPDX-License-Identifier: Apache-2.0
//
// feature.c - each token's features: those of its word, its place in it, and
// the strongest claims that hold it.
//
// A claim counts for the whole of every word that it touches, as decode widens
// it too: tokens of one word differ only in their place, and in whether a
// claim begins there.

#include "feature.h"

#include "base/utf8.h"

enum {
  SURE_SCORE = 850, // thousandths: a rule's claim as good as a labelled one
  HIGH_SCORE = 930  // and one of evidence that hardly ever errs
};

/// Values of `shape` behind those of sj_shape, which begin with 1.
enum {
  DIGITS_1 = 6, // to 10 for five
  DIGITS_6 = 11,
  DIGITS_8 = 12,
  DIGITS_10 = 13,
  DIGITS_THEN_LETTERS = 14, // 20mg, 3rd
  LETTERS_THEN_DIGITS = 15, // B12, T4
  MARK_STOP = 16,
  MARK_COMMA = 17, // and semicolon
  MARK_COLON = 18, // and equals sign
  MARK_SLASH = 19,
  MARK_DASH = 20,
  MARK_BRACKET = 21,
  MARK_QUOTE = 22,
  MARK_OTHER = 23
};

enum { WHOLE = 1, HEAD, INSIDE, TAIL, NO_WORD };

enum {
  TRAIT_REGION = 1,
  TRAIT_SITE,
  TRAIT_PERSON, // whoever stands beside it is somebody
  TRAIT_SMALL,
  TRAIT_PROTECTED,
  TRAIT_NEAR, // protected beside some words alone
  TRAIT_CLINICAL,
  TRAIT_EITHER, // a first name of women and men
  TRAIT_MALE,
  TRAIT_FEMALE,
  TRAIT_UNKNOWN // in no list at all
};

static const uint32_t NOTHING = UINT32_MAX;

// What holds a token. Words and claims are named by their place in their list.
typedef struct holder {
  uint32_t word, rule, list;
  bool rule_begins, list_begins;
} holder;

typedef struct run {
  const sj_text *text;
  const sj_view *view;
  const sj_words *words;
  const sj_claims *claims;
  const sj_tokens *tokens;
  holder *holders; // one for each token
} run;

typedef uint8_t row[SJ_FEATURE_COUNT];

// ---------------------------------------------------------------------------
// Which word, which claims
// ---------------------------------------------------------------------------

// Tokens and words are both in order: one walk pairs them. A token that touches
// two words is of the first.
static void find_words(run *r) {
  const sj_words *words = r->words;
  const sj_tokens *tokens = r->tokens;
  size_t at = 0;
  sj_range place = {0, 0};
  for (size_t i = 0; i < tokens->len; i++) {
    r->holders[i] = (holder){NOTHING, NOTHING, NOTHING, false, false};
    while (at < words->len) {
      const sj_word *word = &words->at[at];
      if (place.end == 0)
        place = sj_map_origin(&r->view->map, word->start, word->end);
      if (place.end > tokens->start[i]) break;
      place = (sj_range){0, 0};
      at++;
    }
    if (at < words->len && place.start < tokens->end[i] &&
        tokens->start[i] < tokens->end[i])
      r->holders[i].word = (uint32_t)at;
  }
}

// Whether two neighbours are parts of one word.
static bool is_same_word(const run *r, size_t token) {
  return r->holders[token].word != NOTHING &&
         r->holders[token].word == r->holders[token + 1].word;
}

// The stronger claim: by score, then the longer, then the one that begins
// first, then the lower label. The order of claims says nothing.
static bool is_stronger(const sj_claim *a, const sj_claim *b) {
  if (a->score != b->score) return a->score > b->score;
  const uint32_t len = a->end - a->start;
  const uint32_t other = b->end - b->start;
  if (len != other) return len > other;
  if (a->start != b->start) return a->start < b->start;
  return a->label < b->label;
}

static void note_claim(run *r, uint32_t index) {
  const sj_claim *claim = &r->claims->at[index];
  const sj_tokens *tokens = r->tokens;
  size_t first = sj_tokens_first(tokens, claim->start);
  size_t past = first;
  while (past < tokens->len && tokens->start[past] < claim->end)
    past++;
  if (past == first) return;
  while (first > 0 && is_same_word(r, first - 1))
    first--;
  while (past < tokens->len && is_same_word(r, past - 1))
    past++;
  for (size_t i = first; i < past; i++) {
    holder *h = &r->holders[i];
    const bool rule = claim->kind == SJ_KIND_RULE;
    uint32_t *best = rule ? &h->rule : &h->list;
    if (*best != NOTHING && !is_stronger(claim, &r->claims->at[*best]))
      continue;
    *best = index;
    *(rule ? &h->rule_begins : &h->list_begins) = i == first;
  }
}

static void find_claims(run *r) {
  for (size_t i = 0; i < r->claims->len; i++) {
    const sj_claim *claim = &r->claims->at[i];
    if (claim->vetoed == 0 &&
        (claim->kind == SJ_KIND_RULE || claim->kind == SJ_KIND_LIST))
      note_claim(r, (uint32_t)i);
  }
}

// ---------------------------------------------------------------------------
// What they say
// ---------------------------------------------------------------------------

static uint8_t shape_of_number(const sj_view *view, const sj_word *word) {
  uint32_t digits = 0;
  bool others = false;
  bool digit_first = false;
  for (size_t at = word->start; at < word->end;) {
    const bool first = at == word->start;
    const bool digit = sj_utf8_is_digit(sj_utf8_next(view->bytes, &at));
    if (first) digit_first = digit;
    if (digit)
      digits++;
    else
      others = true;
  }
  if (others) return digit_first ? DIGITS_THEN_LETTERS : LETTERS_THEN_DIGITS;
  if (digits <= 5) return (uint8_t)(DIGITS_1 + digits - 1);
  if (digits <= 7) return DIGITS_6;
  return digits <= 9 ? DIGITS_8 : DIGITS_10;
}

// A token of no word, by its first character that is no blank.
static uint8_t
shape_of_mark(const sj_text *text, uint32_t start, uint32_t end) {
  size_t at = start;
  while (at < end && text->bytes[at] <= ' ')
    at++;
  if (at >= end) return MARK_OTHER;
  switch (sj_utf8_next(text->bytes, &at)) {
  case '.':
  case '!':
  case '?':
    return MARK_STOP;
  case ',':
  case ';':
    return MARK_COMMA;
  case ':':
  case '=':
    return MARK_COLON;
  case '/':
    return MARK_SLASH;
  case '-':
  case 0x2010:
  case 0x2011:
  case 0x2013:
    return MARK_DASH;
  case '(':
  case ')':
  case '[':
  case ']':
  case '{':
  case '}':
  case '<':
  case '>':
    return MARK_BRACKET;
  case '"':
  case '\'':
  case 0xAB:
  case 0xBB:
  case 0x2018:
  case 0x2019:
  case 0x201C:
  case 0x201D:
    return MARK_QUOTE;
  default:
    return MARK_OTHER;
  }
}

static uint8_t trait_of(const sj_word *word) {
  const sj_entry entry = word->entry;
  const sj_entry both = entry | word->phrase;
  const sj_entry sexes = SJ_ENTRY_MALE | SJ_ENTRY_FEMALE;
  if ((both & SJ_ENTRY_REGION) != 0) return TRAIT_REGION;
  if ((both & SJ_ENTRY_SITE) != 0) return TRAIT_SITE;
  if ((entry & SJ_ENTRY_PERSON) != 0) return TRAIT_PERSON;
  if ((entry & SJ_ENTRY_SMALL) != 0) return TRAIT_SMALL;
  if (SJ_ENTRY_PROTECTED(entry) || SJ_ENTRY_PROTECTED(word->phrase))
    return TRAIT_PROTECTED;
  if (SJ_ENTRY_LIST(entry) > 0 || SJ_ENTRY_LIST(word->phrase) > 0)
    return TRAIT_NEAR;
  if ((both & SJ_ENTRY_CLINICAL) != 0) return TRAIT_CLINICAL;
  if ((entry & sexes) == sexes) return TRAIT_EITHER;
  if ((entry & SJ_ENTRY_MALE) != 0) return TRAIT_MALE;
  if ((entry & SJ_ENTRY_FEMALE) != 0) return TRAIT_FEMALE;
  const bool nowhere = (both & ~SJ_ENTRY_OPENS) == 0;
  return nowhere && word->shape != SJ_SHAPE_NUMBER && word->letters > 1
             ? TRAIT_UNKNOWN
             : 0;
}

static uint8_t phrase_of(const sj_word *word) {
  if (word->phrase_len < 2) return 0;
  uint8_t kind = 3;
  if (SJ_ENTRY_TOWN(word->phrase) > 0)
    kind = 0;
  else if ((word->phrase & SJ_ENTRY_SITE) != 0)
    kind = 1;
  else if (SJ_ENTRY_PROTECTED(word->phrase))
    kind = 2;
  return (uint8_t)(1 + 2 * kind + (word->phrase_at > 0));
}

static void tell_word(const run *r, const sj_word *word, uint8_t *out) {
  const sj_entry entry = word->entry;
  // Towns of several words are towns; names are looked at word by word.
  const sj_entry town = SJ_ENTRY_TOWN(word->phrase) > 0 ? word->phrase : entry;
  out[SJ_FEATURE_SHAPE] = word->shape == SJ_SHAPE_NUMBER
                              ? shape_of_number(r->view, word)
                              : (uint8_t)(1 + word->shape);
  out[SJ_FEATURE_GAP] = (uint8_t)(1 + word->gap);
  out[SJ_FEATURE_FIRST] = (uint8_t)SJ_ENTRY_FIRST(entry);
  out[SJ_FEATURE_SURNAME] = (uint8_t)SJ_ENTRY_SURNAME(entry);
  out[SJ_FEATURE_TOWN] = (uint8_t)SJ_ENTRY_TOWN(town);
  out[SJ_FEATURE_USUAL] = (uint8_t)sj_word_usual(word, entry);
  out[SJ_FEATURE_TRAIT] = trait_of(word);
  out[SJ_FEATURE_PHRASE] = phrase_of(word);
  out[SJ_FEATURE_CASE] = 1;
  if (r->words->no_capitals) out[SJ_FEATURE_CASE] = 3;
  if (word->upper_line) out[SJ_FEATURE_CASE] = 2;
}

static void tell_rule(const run *r, const holder *h, uint8_t *out) {
  if (h->rule == NOTHING) return;
  const sj_claim *claim = &r->claims->at[h->rule];
  out[SJ_FEATURE_RULE] = (uint8_t)(1 + 2 * claim->label + h->rule_begins);
  out[SJ_FEATURE_SURE] = 1;
  if ((claim->flags & SJ_FLAG_UNCERTAIN) == 0 &&
      ((claim->flags & SJ_FLAG_LABELLED) != 0 || claim->score >= SURE_SCORE))
    out[SJ_FEATURE_SURE] = 2;
  if ((claim->flags & SJ_FLAG_VALIDATED) != 0) out[SJ_FEATURE_SURE] = 3;
}

// Five values for each of the three things: inside and unsure, inside and
// sure; begins and unsure, begins and sure, begins and all but certain.
static void tell_list(const run *r, const holder *h, uint8_t *out) {
  if (h->list == NOTHING) return;
  const sj_claim *claim = &r->claims->at[h->list];
  uint8_t thing = 0;
  if (claim->label == SJ_LABEL_CITY) thing = 1;
  if (claim->label == SJ_LABEL_ORGANIZATION) thing = 2;
  const bool sure = (claim->flags & SJ_FLAG_UNCERTAIN) == 0;
  uint8_t level = sure ? 1 : 0;
  if (h->list_begins)
    level = (uint8_t)(2 + level + (sure && claim->score >= HIGH_SCORE));
  out[SJ_FEATURE_LIST] = (uint8_t)(1 + 5 * thing + level);
}

static uint8_t place_of(const run *r, size_t token) {
  if (r->holders[token].word == NOTHING) return NO_WORD;
  const bool head = token == 0 || !is_same_word(r, token - 1);
  const bool tail = token + 1 == r->tokens->len || !is_same_word(r, token);
  if (head) return tail ? WHOLE : HEAD;
  return tail ? TAIL : INSIDE;
}

static void tell_token(const run *r, size_t token, row known, uint8_t *out) {
  const holder *h = &r->holders[token];
  const bool fresh = token == 0 || !is_same_word(r, token - 1);
  if (fresh) {
    for (size_t i = 0; i < SJ_FEATURE_COUNT; i++)
      known[i] = 0;
    if (h->word != NOTHING)
      tell_word(r, &r->words->at[h->word], known);
    else
      known[SJ_FEATURE_SHAPE] = shape_of_mark(r->text, r->tokens->start[token],
                                              r->tokens->end[token]);
  }
  for (size_t i = 0; i < SJ_FEATURE_COUNT; i++)
    out[i] = known[i];
  out[SJ_FEATURE_PLACE] = place_of(r, token);
  tell_rule(r, h, out);
  tell_list(r, h, out);
}

sj_status sj_features_run(sj_arena *arena,
                          const sj_feature_plan *plan,
                          const sj_feature_input *in,
                          const uint8_t **out) {
  *out = NULL;
  if (plan->count == 0) return SJ_OK;
  const size_t len = in->tokens->len;
  uint8_t *all = sj_arena_take(arena, len * plan->count);
  run r = {.text = in->text,
           .view = in->view,
           .words = in->words,
           .claims = in->claims,
           .tokens = in->tokens,
           .holders = sj_arena_take(arena, len * sizeof(*r.holders))};
  if (all == NULL || r.holders == NULL) return SJ_NOMEM;
  find_words(&r);
  find_claims(&r);
  row word = {0}; // of the token's word, without its place and claims
  row full = {0};
  for (size_t i = 0; i < len; i++) {
    tell_token(&r, i, word, full);
    for (uint32_t k = 0; k < plan->count; k++)
      all[i * plan->count + k] = full[plan->column[k]];
  }
  *out = all;
  return SJ_OK;
}
