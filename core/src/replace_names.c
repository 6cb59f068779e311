// SPDX-License-Identifier: Apache-2.0
//
// replace_names.c - which names are the same person.
//
// A form belongs to a fuller one when each of its words stands in the other,
// in any order, or is an initial of one of its words; at least one whole word
// must be shared. Forms that belong to none make a person each. A form that
// belongs to several persons goes, at each place, to the one named last before
// it, and before all of them to the one named first behind it. A professional
// and a patient who share a surname stay two persons.
//
//     John A. Smith ... Smith, John ... J. Smith ... Smith     one person
//     John Smith ... Jane Smith ... Smith                      Smith is Jane

#include "replace_parts.h"

#include "base/array.h"

enum { WORDS_MAX = 8, POSTING_MAX = 256 };

struct word {
  uint64_t hash;
  uint32_t first;
  bool initial;
};

// One way of writing a name; the same words in another order are the same.
struct form {
  struct word words[WORDS_MAX];
  uint8_t count;
  uint8_t roles;   ///< bit for each sj_role seen
  uint32_t person; ///< itself where it belongs to none or to several
  uint32_t fuller; ///< first of its persons in `links`
  uint32_t fuller_count;
  uint32_t first_seen, last_seen; ///< places, from 1; 0 for not yet
};

typedef struct posting {
  uint32_t form, next; ///< next is index + 1
} posting;

struct people {
  struct form *forms;
  size_t len, cap;
  uint32_t *of_place; ///< form of each place
  sj_table words;     ///< word to its last posting
  posting *postings;
  size_t posting_len, posting_cap;
  uint32_t *links; ///< persons of the forms that belong to several
  size_t link_len, link_cap;
};

static bool is_letter(uint32_t code) {
  return (code >= 'a' && code <= 'z') || code >= 0xB5;
}

static bool is_particle(uint64_t hash) {
  static const char *const particles[] = {
      "de", "du", "des", "la", "le", "van", "von", "der", "den", "el", "al"};
  for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
    uint64_t other = SJ_FOLD_SEED;
    for (const char *c = particles[i]; *c != '\0'; c++)
      other = sj_fold_hash(other, (uint8_t)*c);
    if (other == hash) return true;
  }
  return false;
}

static void add_word(struct form *form, struct word next) {
  if (form->count == WORDS_MAX) return;
  uint8_t at = form->count++;
  for (; at > 0 && form->words[at - 1].hash > next.hash; at--)
    form->words[at] = form->words[at - 1];
  form->words[at] = next;
}

// The words of a place, sorted; particles count only where nothing else does.
static void
read_form(const sj_text *text, const sj_place *place, struct form *out) {
  *out = (struct form){0};
  sj_fold fold = {.bytes = text->bytes, .at = place->start, .end = place->end};
  uint32_t code = sj_fold_next(&fold);
  while (code != 0) {
    if (!is_letter(code)) {
      code = sj_fold_next(&fold);
      continue;
    }
    struct word next = {.hash = SJ_FOLD_SEED, .first = code};
    size_t len = 0;
    for (; is_letter(code) || code == '\''; code = sj_fold_next(&fold)) {
      if (code == '\'') continue;
      next.hash = sj_fold_hash(next.hash, code);
      len++;
    }
    next.initial = len == 1;
    if (!is_particle(next.hash)) add_word(out, next);
  }
}

static uint64_t form_key(const struct form *form, uint32_t place) {
  uint64_t hash = SJ_FOLD_SEED;
  // A name without letters is only itself.
  if (form->count == 0) return sj_fold_hash(hash ^ 1, place);
  for (uint8_t i = 0; i < form->count; i++) {
    hash = sj_fold_hash(hash, (uint32_t)(form->words[i].hash & 0xFFFFFF));
    hash = sj_fold_hash(hash, (uint32_t)(form->words[i].hash >> 24 & 0xFFFFFF));
    hash = sj_fold_hash(hash, (uint32_t)(form->words[i].hash >> 48));
  }
  return hash;
}

// A free word of `whole` that `part` may stand for, or -1.
static int
match_word(const struct form *whole, unsigned used, const struct word *part) {
  for (int i = 0; i < whole->count; i++) {
    if ((used >> i & 1) != 0) continue;
    if (whole->words[i].hash == part->hash) return i;
    if (part->initial && whole->words[i].first == part->first) return i;
  }
  return -1;
}

// Whether `part` is a shorter way of writing `whole`.
static bool belongs(const struct form *part, const struct form *whole) {
  if (part->count == 0 || part->count > whole->count) return false;
  unsigned used = 0;
  int shared = 0;
  bool shorter = part->count < whole->count;
  // Whole words first, so that an initial takes no word that another needs.
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < part->count; i++) {
      const struct word *word = &part->words[i];
      if (word->initial != (pass == 1)) continue;
      const int at = match_word(whole, used, word);
      if (at < 0) return false;
      used |= 1u << at;
      if (!word->initial) shared++;
      if (whole->words[at].hash != word->hash) shorter = true;
    }
  }
  return shared > 0 && shorter;
}

static bool roles_agree(const struct form *a, const struct form *b) {
  const unsigned patient = 1u << SJ_ROLE_PATIENT;
  const unsigned provider = 1u << SJ_ROLE_PROVIDER;
  if (a->roles == provider && (b->roles & patient) != 0) return false;
  if (b->roles == provider && (a->roles & patient) != 0) return false;
  return true;
}

static sj_status read_forms(sj_arena *arena,
                            struct people *people,
                            const sj_places *places,
                            const sj_text *text) {
  sj_table table;
  people->of_place = sj_arena_take(arena, places->len * sizeof(uint32_t));
  if (people->of_place == NULL ||
      sj_table_init(&table, arena, places->len) != SJ_OK)
    return SJ_NOMEM;
  for (uint32_t i = 0; i < places->len; i++) {
    const sj_place *place = &places->at[i];
    if (place->label != SJ_LABEL_NAME || place->unscanned) continue;
    struct form next;
    read_form(text, place, &next);
    uint32_t *slot = sj_table_slot(&table, form_key(&next, i));
    if (*slot == 0 || people->forms == NULL) {
      struct form *forms = sj_array_room(arena, people->forms, people->len,
                                         &people->cap, 1, sizeof *forms);
      if (forms == NULL) return SJ_NOMEM;
      people->forms = forms;
      next.person = (uint32_t)people->len;
      next.first_seen = i + 1;
      forms[people->len++] = next;
      *slot = (uint32_t)people->len;
    }
    people->of_place[i] = *slot - 1;
    people->forms[*slot - 1].roles |= (uint8_t)(1u << (place->role & 3));
  }
  return SJ_OK;
}

// For each whole word, the forms that hold it.
static sj_status index_words(sj_arena *arena, struct people *people) {
  if (sj_table_init(&people->words, arena, people->len * WORDS_MAX) != SJ_OK)
    return SJ_NOMEM;
  for (uint32_t i = 0; i < people->len; i++) {
    const struct form *form = &people->forms[i];
    for (uint8_t w = 0; w < form->count; w++) {
      if (form->words[w].initial) continue;
      posting *postings =
          sj_array_room(arena, people->postings, people->posting_len,
                        &people->posting_cap, 1, sizeof *postings);
      if (postings == NULL) return SJ_NOMEM;
      people->postings = postings;
      uint32_t *slot = sj_table_slot(&people->words, form->words[w].hash);
      postings[people->posting_len++] = (posting){i, *slot};
      *slot = (uint32_t)people->posting_len;
    }
  }
  return SJ_OK;
}

// Candidates by one whole word of the form, in reverse order of first sight; a
// word that too many names share tells nothing, and the count is then 0.
static size_t candidates(struct people *people,
                         const struct form *part,
                         uint32_t out[POSTING_MAX]) {
  for (uint8_t w = 0; w < part->count; w++) {
    if (part->words[w].initial) continue;
    size_t count = 0;
    uint32_t at = *sj_table_slot(&people->words, part->words[w].hash);
    for (; at != 0 && count < POSTING_MAX; at = people->postings[at - 1].next) {
      const uint32_t other = people->postings[at - 1].form;
      const struct form *whole = &people->forms[other];
      if (belongs(part, whole) && roles_agree(part, whole))
        out[count++] = other;
    }
    if (at == 0) return count;
  }
  return 0;
}

static sj_status link_forms(sj_arena *arena, struct people *people) {
  uint32_t found[POSTING_MAX];
  for (size_t i = 0; i < people->len; i++) // who belongs to anybody at all
    people->forms[i].fuller_count =
        (uint32_t)candidates(people, &people->forms[i], found);
  uint32_t *links = NULL;
  for (size_t i = 0; i < people->len; i++) {
    struct form *part = &people->forms[i];
    if (part->fuller_count == 0) continue;
    const size_t count = candidates(people, part, found);
    part->fuller = (uint32_t)people->link_len;
    links = sj_array_room(arena, people->links, people->link_len,
                          &people->link_cap, count, sizeof *links);
    if (links == NULL) return SJ_NOMEM;
    people->links = links;
    for (size_t k = 0; k < count; k++)
      if (people->forms[found[k]].fuller_count == 0)
        links[people->link_len++] = found[k];
  }
  return SJ_OK;
}

// The forms are linked to full forms only once all counts are known.
static void count_links(struct people *people) {
  uint32_t end = (uint32_t)people->link_len;
  for (size_t i = people->len; i-- > 0;) {
    struct form *part = &people->forms[i];
    if (part->fuller_count == 0) continue;
    part->fuller_count = end - part->fuller;
    end = part->fuller;
    if (part->fuller_count == 1) part->person = people->links[part->fuller];
  }
}

// The person a form means at one place.
static uint32_t choose(const struct people *people, const struct form *part) {
  uint32_t best = people->links[part->fuller];
  bool best_same = false;
  for (uint32_t k = 0; k < part->fuller_count; k++) {
    const uint32_t at = people->links[part->fuller + k];
    const struct form *a = &people->forms[at];
    const struct form *b = &people->forms[best];
    const bool same = (a->roles & part->roles & ~1u) != 0;
    bool better = a->last_seen > b->last_seen;
    if (a->last_seen == 0 && b->last_seen == 0)
      better = a->first_seen < b->first_seen;
    if (same != best_same) better = same;
    if (k == 0 || better) {
      best = at;
      best_same = same;
    }
  }
  return best;
}

// A person is a professional where every place says so.
static void
name_roles(const struct people *people, sj_places *places, uint8_t *roles) {
  for (size_t i = 0; i < places->len; i++) {
    const sj_place *place = &places->at[i];
    if (place->label != SJ_LABEL_NAME || place->unscanned) continue;
    roles[place->who] |= (uint8_t)(1u << (place->role & 3));
  }
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    if (place->label != SJ_LABEL_NAME || place->unscanned) continue;
    if (roles[place->who] == 1u << SJ_ROLE_PROVIDER) place->stem = "PROVIDER";
    // The first place of the person stands for it among all other things.
    place->who = people->forms[place->who].first_seen - 1;
  }
}

sj_status
sj_places_persons(sj_arena *arena, sj_places *places, const sj_text *text) {
  struct people people = {0};
  sj_status status = read_forms(arena, &people, places, text);
  if (status == SJ_OK) status = index_words(arena, &people);
  if (status == SJ_OK) status = link_forms(arena, &people);
  if (status != SJ_OK) return status;
  count_links(&people);
  for (uint32_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    if (place->label != SJ_LABEL_NAME || place->unscanned) continue;
    struct form *form = &people.forms[people.of_place[i]];
    place->who = form->fuller_count > 1 ? choose(&people, form) : form->person;
    people.forms[place->who].last_seen = i + 1;
  }
  uint8_t *roles = sj_arena_take(arena, people.len);
  if (roles == NULL) return SJ_NOMEM;
  name_roles(&people, places, roles);
  return SJ_OK;
}
