// SPDX-License-Identifier: Apache-2.0
//
// known_parts.h - the pieces of the known stage, for known*.c and its tests
// only.
//
//     chart JSON -> known_read -> chart (names, dates, codes, places)
//     view -> known_words -> words -> known_names, _dates, _places -> claims
//     view ---------------------------> known_codes -------------------^
#ifndef SJ_KNOWN_PARTS_H
#define SJ_KNOWN_PARTS_H

#include "known.h"

#include <string.h>

enum {
  SJ_KNOWN_LETTERS = 24, ///< letters of a word that are kept for comparison
  SJ_KNOWN_PEOPLE = 64   ///< a bit each; further people share bits
};

// ---------------------------------------------------------------------------
// Words

typedef enum sj_piece_shape {
  SJ_WORD_DIGITS,
  SJ_WORD_SMALL,   ///< begins small
  SJ_WORD_CAPITAL, ///< a capital, then small letters
  SJ_WORD_UPPER    ///< capitals only
} sj_piece_shape;

/// A run of letters or of digits, folded.
typedef struct sj_piece {
  uint64_t hash;
  uint32_t start, end; ///< bytes of what was read
  uint32_t letters;    ///< which letters it has, a bit each
  uint8_t shape;
  uint8_t len; ///< folded characters; over SJ_KNOWN_LETTERS not comparable
  uint8_t fold[SJ_KNOWN_LETTERS];
} sj_piece;

/// Read the word at or behind `*at`, which moves past it; false at the end.
bool sj_piece_next(const uint8_t *bytes,
                   uint32_t end,
                   uint32_t *at,
                   sj_piece *out);

/// A folded word's hash, as sj_piece_next() gives it.
uint64_t sj_piece_hash(const char *folded);
bool sj_piece_is(const sj_piece *word, const char *folded);
/// The hash of two words written as one.
uint64_t sj_piece_hash_both(const sj_piece *first, const sj_piece *second);

/// Whether they differ by at most `most` slips (1 or 2): a letter more, less or
/// other, or two exchanged. Gives the number of slips, or 3 for more.
unsigned sj_piece_slips(const sj_piece *a, const sj_piece *b, unsigned most);

/// A part of the view, as words. Slices overlap, so that what a cut tears
/// apart stands whole in one of them.
typedef struct sj_slice {
  const sj_view *view;
  const sj_piece *words;
  uint32_t count;
} sj_slice;

/// What lies between word `i` and word `i + 1`.
typedef struct sj_gap {
  const uint8_t *at;
  uint32_t len;
} sj_gap;
sj_gap sj_slice_gap(const sj_slice *slice, uint32_t i);
/// Whether the gap holds no byte but these, and at most `most` bytes.
bool sj_gap_only(sj_gap gap, const char *these, uint32_t most);
bool sj_gap_has(sj_gap gap, char byte);
/// Whether a word of the slice is one of the folded words in `list`, which are
/// parted by blanks.
bool sj_piece_among(const sj_piece *word, const char *list);

// ---------------------------------------------------------------------------
// A table from hashes to numbers above 0

typedef struct sj_hashes {
  uint64_t *keys;
  uint32_t *values;
  size_t mask;
} sj_hashes;
sj_status sj_hashes_init(sj_hashes *table, sj_arena *arena, size_t items);
uint32_t *sj_hashes_slot(const sj_hashes *table, uint64_t key);
uint32_t sj_hashes_get(const sj_hashes *table, uint64_t key);

// ---------------------------------------------------------------------------
// Lists

/// What a word is by the lists.
typedef enum sj_known_bit {
  SJ_KNOWN_ORDINARY = 1,  ///< a name that is an ordinary word too
  SJ_KNOWN_TITLE = 2,     ///< Mr, Mme, Dr
  SJ_KNOWN_LABEL = 4,     ///< patient, nom, wife: a name may follow
  SJ_KNOWN_BLANK = 8,     ///< unknown, inconnu: stands where a name would
  SJ_KNOWN_PARTICLE = 16, ///< de, van
  SJ_KNOWN_GRAMMAR = 32   ///< by the lexicon: stands in every sentence
} sj_known_bit;
unsigned sj_known_bits(const sj_known_lists *lists, uint64_t hash);

/// The lexicon's entry of a word; 0 where it has none. `*any` is false where
/// there is no lexicon.
sj_entry
sj_known_entry(const sj_known_lists *lists, const sj_piece *word, bool *any);

/// Nicknames of a name, both ways: `*next` starts at 0; false at the end.
bool sj_known_nickname(const sj_known_lists *lists,
                       uint64_t name,
                       uint32_t *next,
                       const sj_piece **out);

typedef enum sj_known_source {
  SJ_FROM_NAME,
  SJ_FROM_BIRTH,
  SJ_FROM_DEATH,
  SJ_FROM_NUMBER,
  SJ_FROM_PHONE,
  SJ_FROM_EMAIL,
  SJ_FROM_URL,
  SJ_FROM_ADDRESS,
  SJ_FROM_CITY,
  SJ_FROM_POSTAL,
  SJ_FROM_ORGANIZATION,
  SJ_FROM_COUNT
} sj_known_source;
uint32_t sj_known_source_id(const sj_known_lists *lists, sj_known_source from);
/// The number of a subtype; 0 where no pack has it.
uint16_t sj_known_subtype(const sj_known_lists *lists, const char *name);

// ---------------------------------------------------------------------------
// The chart

typedef enum sj_name_part {
  SJ_PART_GIVEN = 1,
  SJ_PART_FAMILY = 2,
  SJ_PART_NICK = 4,     ///< by the list, not by the chart
  SJ_PART_JOINED = 8,   ///< several words written as one
  SJ_PART_PARTICLE = 16 ///< no name alone
} sj_name_part;

/// A word of somebody's name.
typedef struct sj_known_word {
  sj_piece word;
  uint64_t people;
  uint8_t parts; ///< bits of sj_name_part
  uint8_t bits;  ///< bits of sj_known_bit
} sj_known_word;

typedef struct sj_known_date {
  int year, month, day; ///< 0 where the chart does not say
  sj_known_source from;
} sj_known_date;

/// Characters that are found through any separators.
typedef struct sj_known_code {
  const char *text; ///< small letters, digits, and '@' of an e-mail
  uint8_t len;
  uint8_t from; ///< sj_known_source
  uint16_t label, subtype;
  bool tail; ///< its last four alone, where they are introduced as such
  bool weak; ///< too short or common to stand without a label
  uint32_t next;
} sj_known_code;

/// A street line, a town, the name of an organization: words in order.
typedef struct sj_known_place {
  const sj_piece *words;
  uint32_t count;
  uint16_t label;
  uint8_t from;
} sj_known_place;

typedef struct sj_chart {
  const sj_known_lists *lists;
  sj_arena *arena;
  sj_known_word *names;
  size_t name_count, name_cap;
  sj_known_date *dates;
  size_t date_count, date_cap;
  sj_known_code *codes;
  size_t code_count, code_cap;
  sj_known_place *places;
  size_t place_count, place_cap;
  uint32_t person_count;
  uint64_t role[4];      ///< the people of each sj_role
  uint64_t initials[26]; ///< the people who have a name that begins so
} sj_chart;

/// Whether a word is one of the language, and no name. `sj_chart_is_common`
/// asks for more: a name that is also such a word is common only where people
/// write the word often, or clinicians do.
bool sj_chart_is_ordinary(const sj_chart *chart, const sj_piece *word);
bool sj_chart_is_common(const sj_chart *chart, const sj_piece *word);
/// Whether it is a word of every sentence (The, Son), whose capital says
/// nothing.
bool sj_chart_is_grammar(const sj_chart *chart, const sj_piece *word);
/// Whether no list of names, towns or words holds it. False without lists.
bool sj_chart_is_unheard(const sj_chart *chart, const sj_piece *word);

/// Begin somebody; gives the bit.
uint64_t sj_chart_person(sj_chart *chart, sj_role role);
sj_status sj_chart_name_words(sj_chart *chart,
                              uint64_t person,
                              unsigned part,
                              const char *text,
                              size_t len);
/// A whole name in one string: `Smith, John`, `NOM Prenom`, `Dr. Ana Ruiz`.
sj_status
sj_chart_name(sj_chart *chart, uint64_t person, const char *text, size_t len);
sj_status sj_chart_date(sj_chart *chart, sj_known_date date);
sj_status
sj_chart_code(sj_chart *chart, sj_known_code how, const char *text, size_t len);
sj_status
sj_chart_phone(sj_chart *chart, uint16_t label, const char *text, size_t len);
sj_status sj_chart_place(sj_chart *chart,
                         sj_label label,
                         sj_known_source from,
                         const char *text,
                         size_t len);
sj_status sj_chart_address(sj_chart *chart, const char *text, size_t len);

/// Read the JSON into an empty chart that has lists and arena.
sj_status sj_chart_read(sj_chart *chart, const sj_file *file, sj_error *error);

// ---------------------------------------------------------------------------
// Finding

typedef struct sj_finding {
  const sj_chart *chart;
  sj_arena *arena; ///< scratch
  sj_arena *keep;  ///< of the claims
  const sj_view *view;
  sj_claims *out;
} sj_finding;

/// A claim on [start, end) of the view.
sj_status sj_finding_claim(const sj_finding *f,
                           uint32_t start,
                           uint32_t end,
                           sj_claim how);

typedef struct sj_name_index sj_name_index;
sj_status sj_name_index_new(const sj_chart *chart, sj_name_index **out);
sj_status sj_known_find_names(const sj_finding *f,
                              const sj_name_index *index,
                              const sj_slice *slice);
sj_status sj_known_find_dates(const sj_finding *f, const sj_slice *slice);

typedef struct sj_place_index sj_place_index;
sj_status sj_place_index_new(const sj_chart *chart, sj_place_index **out);
sj_status sj_known_find_places(const sj_finding *f,
                               const sj_place_index *index,
                               const sj_slice *slice);
/// Over the whole view.
sj_status sj_known_find_codes(const sj_finding *f);

#endif // SJ_KNOWN_PARTS_H
