// SPDX-License-Identifier: Apache-2.0
//
// replace_stand_name.c - stand-ins for names, word by word, so that a surname
// alone, LAST, FIRST and initials fit the full form.
//
// First all forms of a person are read: which of his words are first names,
// which are surnames, and what his initials may stand for.

#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "replace_stand.h"

// A word of a name: [at, end) of the text.
typedef struct word {
  size_t at, end;
  uint64_t hash;
  uint32_t first; ///< folded
  bool initial;   ///< a single letter
  bool still;     ///< a particle or a suffix: stays as it is
} word;

// What is known of a word of a person, or of his initial.
typedef struct part {
  uint64_t hash;
  int surname; ///< above 0 a surname, below 0 a first name
  bool vowel;
} part;

struct sj_stand_people {
  sj_table words;    ///< person and word to a part
  sj_table initials; ///< person and letter to a part
  part *parts;
  size_t len, max;
};

enum { WORDS_MAX = 12 };

static bool is_still(uint64_t hash) {
  static const char *const still[] = {
      "de", "du",  "des", "la", "le",  "les", "van", "von", "der", "den",
      "d",  "l",   "el",  "al", "bin", "y",   "et",  "and", "jr",  "sr",
      "ii", "iii", "iv",  "dr", "mr",  "mrs", "ms",  "mme", "mlle"};
  for (size_t i = 0; i < sizeof still / sizeof *still; i++) {
    uint64_t other = SJ_FOLD_SEED;
    for (const char *c = still[i]; *c != '\0'; c++)
      other = sj_fold_hash(other, (uint8_t)*c);
    if (other == hash) return true;
  }
  return false;
}

static bool is_apostrophe(uint32_t code) {
  return code == '\'' || code == 0x2019;
}

// The next word of [*at, end), which moves behind it; false for none. O'Brien
// is a word; the d' of d'Arvor is one of its own.
static bool next_word(const sj_text *text, size_t *at, size_t end, word *out) {
  const uint8_t *bytes = text->bytes;
  size_t from = *at;
  *out = (word){0};
  for (size_t next = from; next < end; from = next)
    if (sj_utf8_is_letter(sj_utf8_next(bytes, &next))) break;
  if (from >= end) return false;
  size_t past = from;
  uint32_t before = 0;
  size_t letters = 0;
  while (past < end) {
    size_t next = past;
    const uint32_t code = sj_utf8_next(bytes, &next);
    const bool mark = sj_utf8_kind_of(code) == SJ_UTF8_MARK;
    if (is_apostrophe(code)) {
      const bool elided = letters == 1 && strchr("dDlL", (int)before) != NULL;
      size_t peek = next;
      if (elided || next >= end ||
          !sj_utf8_is_letter(sj_utf8_next(bytes, &peek)))
        break;
    } else if (!sj_utf8_is_letter(code) && !mark) {
      break;
    }
    letters += sj_utf8_is_letter(code);
    before = code < 0x80 ? code : '?';
    past = next;
  }
  sj_fold fold = {.bytes = bytes, .at = from, .end = past};
  out->hash = SJ_FOLD_SEED;
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold)) {
    if (c == '\'') continue;
    if (out->first == 0) out->first = c;
    out->hash = sj_fold_hash(out->hash, c);
  }
  out->at = from;
  out->end = past;
  out->initial = letters == 1;
  const bool elided = past < end && is_apostrophe(bytes[past]);
  out->still = is_still(out->hash) && (!out->initial || elided);
  *at = past;
  return true;
}

// 1 female, 2 male, 3 both, 0 for no first name that the lists know.
static unsigned sex_of(const sj_stand *stand, uint64_t hash) {
  unsigned sex = 0;
  uint32_t at = sj_pools_find(stand->pools, hash);
  for (; at != 0; at = stand->pools->entries[at - 1].next) {
    if (sj_pools_is(stand->pools, at - 1, SJ_POOL_FEMALE)) sex |= 1;
    if (sj_pools_is(stand->pools, at - 1, SJ_POOL_MALE)) sex |= 2;
  }
  return sex;
}

static part *
part_of(sj_stand_people *people, sj_table *table, uint32_t who, uint64_t key) {
  uint64_t mixed = sj_fold_hash(key ^ UINT64_C(0x9e3779b97f4a7c15), who);
  uint32_t *slot = sj_table_slot(table, mixed);
  if (*slot == 0) {
    if (people->len == people->max) return NULL;
    *slot = (uint32_t)++people->len;
  }
  return &people->parts[*slot - 1];
}

static void vote(sj_stand *stand,
                 sj_stand_people *people,
                 uint32_t who,
                 const word *one,
                 int surname) {
  part *known = part_of(people, &people->words, who, one->hash);
  if (known == NULL) return;
  known->hash = one->hash;
  known->surname += surname;
  known->vowel = sj_stand_vowel(stand->in->text->bytes, one->at, one->end);
  part *letter = part_of(people, &people->initials, who, one->first);
  // A first name is what an initial mostly stands for.
  if (letter != NULL && (letter->hash == 0 || surname < 0))
    letter->hash = one->hash;
}

static void
read_place(sj_stand *stand, sj_stand_people *people, const sj_place *place) {
  const sj_text *text = stand->in->text;
  word words[WORDS_MAX];
  size_t count = 0;
  size_t capitals = 0;
  size_t comma = place->end;
  for (size_t i = place->end; i-- > place->start;)
    if (text->bytes[i] == ',') comma = i;
  size_t at = place->start;
  while (count < WORDS_MAX && next_word(text, &at, place->end, &words[count])) {
    const word *one = &words[count];
    if (one->still || one->initial) continue;
    capitals +=
        sj_stand_case_of(text->bytes, one->at, one->end) == SJ_STAND_UPPER;
    count++;
  }
  for (size_t i = 0; i < count; i++) {
    const word *one = &words[i];
    int surname = i + 1 == count ? 1 : -1;
    if (count == 1) surname = 0;
    if (capitals > 0 && capitals < count)
      surname =
          sj_stand_case_of(text->bytes, one->at, one->end) == SJ_STAND_UPPER
              ? 2
              : -2;
    if (comma < place->end) surname = one->at < comma ? 2 : -2;
    vote(stand, people, place->who, one, surname);
  }
}

sj_status sj_stand_people_read(sj_stand *stand, sj_stand_people **out) {
  sj_stand_people *people = sj_arena_take(stand->arena, sizeof *people);
  *out = people;
  if (people == NULL) return SJ_NOMEM;
  size_t names = 0;
  for (size_t i = 0; i < stand->places->len; i++)
    names += stand->places->at[i].label == SJ_LABEL_NAME;
  people->max = names * WORDS_MAX * 2 + 1;
  people->parts =
      sj_arena_take(stand->arena, people->max * sizeof *people->parts);
  if (people->parts == NULL ||
      sj_table_init(&people->words, stand->arena, people->max) != SJ_OK ||
      sj_table_init(&people->initials, stand->arena, people->max) != SJ_OK)
    return SJ_NOMEM;
  for (size_t i = 0; i < stand->places->len; i++) {
    const sj_place *place = &stand->places->at[i];
    if (place->label == SJ_LABEL_NAME && !place->unscanned)
      read_place(stand, people, place);
  }
  return SJ_OK;
}

// The stand-in of a whole word.
static const char *whole(sj_stand *stand, const part *known) {
  const unsigned sex = sex_of(stand, known->hash);
  const bool first = known->surname < 0 || (known->surname == 0 && sex != 0);
  sj_pool_kind kind = SJ_POOL_SURNAME;
  if (first && (sex == 0 || sex == 3)) {
    // The lists do not say: the same sex for this word everywhere.
    const bool male = (sj_stand_number(stand, "sex", known->hash) & 1) != 0;
    kind = male ? SJ_POOL_MALE : SJ_POOL_FEMALE;
  } else if (first) {
    kind = sex == 1 ? SJ_POOL_FEMALE : SJ_POOL_MALE;
  }
  return sj_stand_pick(stand, kind, known->hash, known->vowel);
}

static bool put_initial(sj_stand *stand,
                        sj_stand_people *people,
                        uint32_t who,
                        const word *one,
                        sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  const bool vowel = sj_stand_vowel(bytes, one->at, one->end);
  const bool small =
      sj_stand_case_of(bytes, one->at, one->end) == SJ_STAND_LOWER;
  const part *letter = part_of(people, &people->initials, who, one->first);
  const part *known = letter == NULL || letter->hash == 0
                          ? NULL
                          : part_of(people, &people->words, who, letter->hash);
  const char *name = known == NULL ? NULL : whole(stand, known);
  char drawn[2] = "";
  if (name == NULL) {
    const char *letters = vowel ? "AEIOU" : "BCDFGJKLMNPRSTV";
    drawn[0] = letters[sj_stand_number(stand, "initial", one->first) %
                       strlen(letters)];
    name = drawn;
  }
  sj_fold fold = {.bytes = (const uint8_t *)name, .end = strlen(name)};
  const uint32_t code = sj_fold_next(&fold);
  const char text[2] = {(char)(small ? code : code - 32), '\0'};
  sj_stand_put(out, text, 1);
  return true;
}

void sj_stand_name(sj_stand *stand,
                   const sj_stand_people *people,
                   const sj_place *place,
                   sj_stand_text *out) {
  sj_stand_people *all = (sj_stand_people *)people;
  const uint8_t *bytes = stand->in->text->bytes;
  size_t at = place->start;
  size_t kept = at;
  bool any = false;
  word one;
  while (next_word(stand->in->text, &at, place->end, &one)) {
    if (one.still) continue;
    sj_stand_put(out, bytes + kept, one.at - kept);
    kept = one.end;
    any = true;
    if (one.initial) {
      put_initial(stand, all, place->who, &one, out);
      continue;
    }
    const part *known = part_of(all, &all->words, place->who, one.hash);
    const char *name =
        known == NULL || known->hash == 0 ? NULL : whole(stand, known);
    if (name == NULL) { // no stand-in at all, rather than half of one
      out->len = 0;
      return;
    }
    sj_stand_put_word(out, name, sj_stand_case_of(bytes, one.at, one.end),
                      false);
  }
  if (!any) return;
  sj_stand_put(out, bytes + kept, place->end - kept);
}
