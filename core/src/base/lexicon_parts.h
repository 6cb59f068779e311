// SPDX-License-Identifier: Apache-2.0
//
// lexicon_parts.h - the table behind lexicon.h, for lexicon*.c only.
#ifndef SJ_BASE_LEXICON_PARTS_H
#define SJ_BASE_LEXICON_PARTS_H

#include "base/lexicon.h"

enum { SJ_LISTS_MAX = 255 };

struct sj_lexicon {
  sj_allocator allocator;
  uint64_t *slots; ///< high half: hash; low half: entry, never 0
  uint32_t size, used;
  sj_term_list lists[SJ_LISTS_MAX + 1];
  uint32_t list_count;
};

/// Add to what is known of a phrase. The table must have room.
void sj_lexicon_put(sj_lexicon *lexicon, uint64_t phrase, sj_entry entry);

/// Name the list that holds a phrase; the last one named counts.
void sj_lexicon_put_list(sj_lexicon *lexicon, uint64_t phrase, sj_entry list);

/// Hash a phrase as it is written: folded, everything but letters and digits
/// a blank. `*first` is the hash of its first word, `*words` how many it has.
uint64_t sj_lexicon_phrase(const char *text,
                           size_t len,
                           uint64_t *first,
                           uint32_t *words);

/// Read a file of either kind. `count` phrases are in it at most.
sj_status
sj_lexicon_read(sj_lexicon *lexicon, const sj_file *file, sj_error *error);
sj_status sj_lexicon_read_list(sj_lexicon *lexicon,
                               const sj_file *file,
                               sj_names *names,
                               sj_error *error);

/// Fill an error of a list.
sj_status sj_lexicon_fail(sj_error *error,
                          const char *what,
                          const sj_file *file,
                          uint32_t line);

#endif // SJ_BASE_LEXICON_PARTS_H
