// SPDX-License-Identifier: Apache-2.0
//
// tokenize_trie.h - the vocabulary as a double-array trie: a walk costs one
// look a byte, and a leaf keeps the rest of its piece as a plain tail, so that
// a quarter of a million pieces stay under six megabytes.
#ifndef SJ_TOKENIZE_TRIE_H
#define SJ_TOKENIZE_TRIE_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct sj_trie {
  int32_t *base;   ///< of a leaf: ~its number
  uint32_t *check; ///< the parent; padded, so that no step needs a bound
  uint32_t size;
  uint32_t *leaf_value, *leaf_tail; ///< tails end where the next one begins
  uint8_t *tails;
  uint32_t leaf_count;
  uint32_t longest; ///< bytes of the longest piece
} sj_trie;

/// What a trie is built from: piece i is pool[start[i]] up to start[i + 1]. Of
/// equal pieces the last counts.
typedef struct sj_trie_input {
  const uint8_t *pool;
  const uint32_t *start;
  const uint32_t *value; ///< NULL: the number of the piece
  uint32_t count;
} sj_trie_input;

/// `keep` holds the trie, `scratch` what is needed meanwhile.
sj_status sj_trie_build(sj_trie *trie,
                        sj_arena *keep,
                        sj_arena *scratch,
                        const sj_trie_input *input);

/// The value of a whole piece; -1 where there is none.
int64_t sj_trie_find(const sj_trie *trie, const uint8_t *bytes, size_t len);

/// Walks all pieces that a text begins with, from the shortest on. `{0}` is
/// the start.
typedef struct sj_trie_walk {
  uint32_t node;
  bool seen; ///< the piece that ends at `node` was given
  bool done;
  size_t at;      ///< bytes gone
  size_t len;     ///< of the piece found
  uint32_t value; ///< of the piece found
} sj_trie_walk;

bool sj_trie_next(const sj_trie *trie,
                  sj_trie_walk *walk,
                  const uint8_t *bytes,
                  size_t len);

#endif // SJ_TOKENIZE_TRIE_H
