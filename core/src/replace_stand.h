// SPDX-License-Identifier: Apache-2.0
//
// replace_stand.h - stand-ins for the style `consistent`, for replace*.c only.
//
// Everything is drawn by HMAC-SHA256 under the key, the patient, what is drawn
// and the value that it stands for; nothing is random. A word of a name has one
// stand-in, whoever bears it and in whatever form.
#ifndef SJ_REPLACE_STAND_H
#define SJ_REPLACE_STAND_H

#include "replace_parts.h"

enum { SJ_STAND_EN, SJ_STAND_FR, SJ_STAND_LANGS };

/// The lists of a language.
typedef enum sj_pool_kind {
  SJ_POOL_FEMALE,
  SJ_POOL_MALE,
  SJ_POOL_SURNAME,
  SJ_POOL_TOWN,
  SJ_POOL_STREET,
  SJ_POOL_KINDS
} sj_pool_kind;

/// An entry of a list. Its last word, folded, is how a text is searched for it.
typedef struct sj_pool_entry {
  const char *text; ///< NUL-terminated
  uint64_t hash;    ///< of the last word
  uint32_t next;    ///< another entry of this hash, as index + 1
} sj_pool_entry;

typedef struct sj_pool_list {
  uint32_t first, len; ///< entries, which stand together
} sj_pool_list;

struct sj_pools {
  sj_allocator allocator;
  sj_arena store;
  sj_pool_entry *entries;
  size_t count;
  sj_pool_list lists[SJ_STAND_LANGS][SJ_POOL_KINDS];
  uint64_t *keys; ///< the same open table as sj_table, read-only
  uint32_t *values;
  size_t mask;
};

/// The first entry that ends in this word, as index + 1; 0 for none.
uint32_t sj_pools_find(const sj_pools *pools, uint64_t hash);
/// Whether an entry is of one of the languages' lists of this kind.
bool sj_pools_is(const sj_pools *pools, uint32_t entry, sj_pool_kind kind);

/// What all stand-ins of a document share.
typedef struct sj_stand {
  sj_arena *arena;
  const sj_replace_input *in;
  const sj_pools *pools;
  sj_places *places;
  int lang;        ///< of the document
  bool day_first;  ///< how its doubtful dates are read
  int shift;       ///< days, a multiple of seven
  uint32_t round;  ///< 0, and more where a former one was ambiguous
  uint8_t *taken;  ///< of each entry: in the text, or stands for something
  sj_table chosen; ///< what was picked, by kind and value: entry + 1
  size_t chosen_len, chosen_max;
} sj_stand;

/// 32 bytes that hang on all of this and nothing else.
void sj_stand_draw(const sj_stand *stand,
                   const char *what,
                   uint64_t value,
                   uint32_t counter,
                   uint8_t out[32]);
uint32_t
sj_stand_number(const sj_stand *stand, const char *what, uint64_t value);

/// The stand-in for a word: from the list, beginning with a vowel where the
/// word does, in no use in the text. NULL where the list is exhausted.
const char *
sj_stand_pick(sj_stand *stand, sj_pool_kind kind, uint64_t value, bool vowel);

/// Whether the word at `at` begins with a vowel, or an h that may be mute.
bool sj_stand_vowel(const uint8_t *bytes, size_t at, size_t end);

/// A text that grows in the arena.
typedef struct sj_stand_text {
  sj_arena *arena;
  char *at;
  size_t len, cap;
  bool failed; ///< memory was out
} sj_stand_text;

typedef enum sj_stand_case {
  SJ_STAND_AS_IS,
  SJ_STAND_LOWER,
  SJ_STAND_UPPER
} sj_stand_case;

void sj_stand_put(sj_stand_text *text, const void *bytes, size_t len);
/// Write a word of a list in upper or lower case; with `plain`, without
/// accents.
void sj_stand_put_word(sj_stand_text *text,
                       const char *word,
                       sj_stand_case how,
                       bool plain);
/// How the letters of [at, end) are written.
sj_stand_case sj_stand_case_of(const uint8_t *bytes, size_t at, size_t end);

/// Each writes the stand-in for one place, or nothing where it knows none.
void sj_stand_date(sj_stand *stand, const sj_place *place, sj_stand_text *out);
void sj_stand_phone(sj_stand *stand, const sj_place *place, sj_stand_text *out);
void sj_stand_link(sj_stand *stand, const sj_place *place, sj_stand_text *out);
void sj_stand_code(sj_stand *stand, const sj_place *place, sj_stand_text *out);
void sj_stand_zip(sj_stand *stand, const sj_place *place, sj_stand_text *out);
void sj_stand_where(sj_stand *stand, const sj_place *place, sj_stand_text *out);

/// Which words of which person are first names; for sj_stand_name().
typedef struct sj_stand_people sj_stand_people;
sj_status sj_stand_people_read(sj_stand *stand, sj_stand_people **out);
void sj_stand_name(sj_stand *stand,
                   const sj_stand_people *people,
                   const sj_place *place,
                   sj_stand_text *out);

/// Whether doubtful dates of these places are to be read day first.
bool sj_stand_days_first(const sj_stand *stand);

/// Fill `stand` of all places. SJ_ARGUMENT without lists to draw from.
sj_status sj_places_stand_in(sj_arena *arena,
                             sj_places *places,
                             const sj_replace_input *in,
                             uint32_t round);

/// Whether the way back leads back: each stand-in's originals, in their order,
/// put into the scrubbed text give the document.
sj_status sj_output_leads_back(sj_arena *arena,
                               const sj_replace_input *in,
                               const sj_output *out,
                               bool *good);

#endif // SJ_REPLACE_STAND_H
