// SPDX-License-Identifier: Apache-2.0
//
// replace_parts.h - the pieces of the replace stage, for replace*.c and its
// tests only.
#ifndef SJ_REPLACE_PARTS_H
#define SJ_REPLACE_PARTS_H

#include "replace.h"

#include "base/fold.h"

/// One place that will be replaced. Ordered, never overlapping.
typedef struct sj_place {
  uint32_t start, end; ///< bytes of the text
  uint16_t label, subtype, score;
  uint8_t role, flags;
  bool unscanned;   ///< a whole line that nothing looked at
  bool kept;        ///< stays in clear, and holds joining up
  const char *word; ///< of the placeholder, such as "NAME" or "SSN"
  const char *stem; ///< of the numbered placeholder
  uint32_t who;     ///< equal for all forms of one person, date or number
  uint32_t number;
  uint8_t code[4];   ///< of the hashed placeholder
  const char *stand; ///< its stand-in; NULL where there is none
  uint32_t stand_len;
  uint32_t skip, drop; ///< bytes at its start and end that stay in clear
} sj_place;

typedef struct sj_places {
  sj_place *at;
  size_t len, cap;
} sj_places;

/// Join adjoining places, with the commas, blanks and state between them.
void sj_places_join(sj_places *places, const sj_text *text);

/// Mark the places that the policy leaves in clear. SJ_NOMEM.
sj_status
sj_places_keep(sj_arena *arena, sj_places *places, const sj_replace_input *in);

/// Set `skip` and `drop` where the policy lets a year or three digits of a ZIP
/// code stay. Comes before joining, which leaves such places alone.
void sj_places_open(sj_places *places, const sj_replace_input *in);

/// The length of a state or province that stands at `at`, 0 for none.
/// `*vague` is set for a code that is also an ordinary word or a degree.
uint32_t sj_places_state(const sj_text *text, uint32_t at, bool *vague);

/// The words for placeholders; `subtypes` may be NULL.
void sj_places_name(sj_places *places, const sj_names *subtypes);

/// Fill `who` for all places: one value for all forms of one thing.
sj_status
sj_places_tell_apart(sj_arena *arena, sj_places *places, const sj_text *text);

/// `who` of persons, each named by the index of a place.
sj_status
sj_places_persons(sj_arena *arena, sj_places *places, const sj_text *text);

/// Fill `number` from `who`, one counter over the document, which passes over
/// every number that a look-alike in the text already bears.
sj_status
sj_places_count(sj_arena *arena, sj_places *places, const sj_text *text);

/// Fill `code` from `who`: a keyed code of what is compared when places are
/// told apart, so that one person, date or number has one in all documents
/// under a key.
void sj_places_sign(sj_places *places, const sj_text *text, const sj_file *key);

/// A table from 64-bit keys to numbers, in an arena.
typedef struct sj_table {
  uint64_t *keys;
  uint32_t *values; ///< value + 1; 0 for an empty slot
  size_t mask;
} sj_table;
sj_status sj_table_init(sj_table *table, sj_arena *arena, size_t items);
/// The place of the key's value: 0 on first sight; the caller stores value+1.
uint32_t *sj_table_slot(sj_table *table, uint64_t key);

/// A date as it is written.
typedef struct sj_date {
  int year;      ///< four digits; 0 where none is written
  int month;     ///< 1 to 12
  int day;       ///< 0 where none is written
  bool doubtful; ///< day and month could be exchanged
} sj_date;

/// The year's digits where a date is written with four of them at its start or
/// end, as `skip` and `drop`: what stands before or behind the rest. False
/// where it is not.
bool sj_date_year(const uint8_t *bytes,
                  size_t len,
                  int *year,
                  uint32_t *skip,
                  uint32_t *drop);

/// Read a date span; false for one that is written in some other way.
bool sj_date_read(const uint8_t *bytes, size_t len, sj_date *out);

#endif // SJ_REPLACE_PARTS_H
