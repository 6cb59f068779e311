// SPDX-License-Identifier: Apache-2.0
//
// lexicon.h - names, towns and words by list, and the lists of terms that are
// never anybody's name.
//
// One table of 64-bit slots: half a hash of the folded phrase, half what is
// known of it. No text is kept; two phrases are taken for one another about
// once in two thousand million lookups.
#ifndef SJ_BASE_LEXICON_H
#define SJ_BASE_LEXICON_H

#include "scrubjay/scrubjay.h"

#include "base/names.h"

/// What is known of a phrase, by bits. Classes run from 1 (rare) to 7 (very
/// common); 0 where the phrase is not in that list.
typedef uint32_t sj_entry;
#define SJ_ENTRY_FIRST(e) ((e)&7u)
#define SJ_ENTRY_SURNAME(e) ((e) >> 3 & 7u)
#define SJ_ENTRY_TOWN(e) ((e) >> 6 & 7u)
#define SJ_ENTRY_ENGLISH(e) ((e) >> 9 & 7u)
#define SJ_ENTRY_FRENCH(e) ((e) >> 12 & 7u)
#define SJ_ENTRY_MALE (1u << 15)
#define SJ_ENTRY_FEMALE (1u << 16)
#define SJ_ENTRY_CLINICAL (1u << 17)
#define SJ_ENTRY_REGION (1u << 18) ///< country or its first division
#define SJ_ENTRY_SITE (1u << 19)   ///< name of a hospital
#define SJ_ENTRY_OPENS (1u << 20)  ///< longer phrases begin with it
#define SJ_ENTRY_PERSON (1u << 21) ///< whoever stands beside it is somebody
#define SJ_ENTRY_SMALL (1u << 22)  ///< ties words together, says nothing alone
#define SJ_ENTRY_NEAR (1u << 23)   ///< its list protects only here and there
/// The list of protected terms that holds it, from 1; 0 for none.
#define SJ_ENTRY_LIST(e) ((e) >> 24)
/// Whether it is a protected term wherever it stands.
#define SJ_ENTRY_PROTECTED(e) (SJ_ENTRY_LIST(e) > 0 && ((e)&SJ_ENTRY_NEAR) == 0)

typedef struct sj_lexicon sj_lexicon;

/// A list of protected terms.
typedef struct sj_term_list {
  uint32_t id;         ///< of its name, in the register of names
  uint32_t within;     ///< words in which one of `near` must stand
  uint64_t *near;      ///< hashes of words; the terms protect only beside one
  uint32_t near_count; ///< 0: they protect everywhere
  bool has_terms;
  bool places; ///< protect from being a place or an organization, no more
} sj_term_list;

/// Read the `.lexicon` and `.list` files among `files`; others are passed
/// over. On failure `*error` names file and line.
sj_status sj_lexicon_new(const sj_file *files,
                         size_t count,
                         sj_names *names,
                         sj_allocator allocator,
                         sj_lexicon **out,
                         sj_error *error);
void sj_lexicon_free(sj_lexicon *lexicon);

/// A running hash of a phrase: feed it folded characters, one blank between
/// words.
#define SJ_PHRASE_SEED UINT64_C(0x9E3779B97F4A7C15)
static inline uint64_t sj_phrase_add(uint64_t hash, uint32_t code) {
  return (hash ^ code) * UINT64_C(0x2127599BF4325C37) ^ hash >> 29;
}

/// What is known of the phrase; 0 for nothing.
sj_entry sj_lexicon_find(const sj_lexicon *lexicon, uint64_t phrase);

/// The list of a number that SJ_ENTRY_LIST() gave.
const sj_term_list *sj_lexicon_list(const sj_lexicon *lexicon, uint32_t list);

/// Whether it holds anything; without names, nothing can be told from lists.
bool sj_lexicon_is_empty(const sj_lexicon *lexicon);

#endif // SJ_BASE_LEXICON_H
