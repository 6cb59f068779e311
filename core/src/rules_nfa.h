// SPDX-License-Identifier: Apache-2.0
//
// rules_nfa.h - the automaton's data, for rules_nfa.c and rules_filter.c.
#ifndef SJ_RULES_NFA_H
#define SJ_RULES_NFA_H

#include "rules_filter.h"

#define SJ_NFA_NONE UINT32_MAX

/// 256 bits: the bytes that an edge takes. All zero: an edge that takes none.
typedef struct sj_bytes {
  uint64_t bits[4];
} sj_bytes;

typedef struct sj_nfa_edge {
  uint32_t target, next; ///< state; further edge of the same state
  uint32_t bytes;        ///< number of the byte set; SJ_NFA_NONE: free
} sj_nfa_edge;

typedef struct sj_nfa_state {
  uint32_t edge; ///< first edge
  uint32_t rule;
  bool accepts; ///< a match may end here, or cannot be told any more
  bool steps;   ///< an edge takes a byte
} sj_nfa_state;

/// A rule that is looked for from a rare sign backwards.
typedef struct sj_nfa_anchor {
  uint32_t rule;
  uint8_t exclude;
  sj_set run;
  sj_bytes stop, after; ///< the sign, and what a match may have behind it
  uint32_t reach;
} sj_nfa_anchor;

struct sj_nfa {
  sj_allocator allocator;
  sj_arena store;
  sj_nfa_state *states;
  size_t state_count, state_cap;
  sj_nfa_edge *edges;
  size_t edge_count, edge_cap;
  sj_bytes *bytes;
  size_t bytes_count, bytes_cap;
  uint32_t bytes_by[256]; ///< 1 + number of the set last found under a hash
  sj_nfa_anchor *anchors;
  size_t anchor_count, anchor_cap;
  uint32_t *starts; ///< of each rule; SJ_NFA_NONE for an anchored one
  uint8_t *excludes;
  size_t rule_count, start_cap, exclude_cap;
  uint8_t classes[256];
  uint8_t samples[256]; ///< one byte of each class
  unsigned class_count;
  sj_bytes stops; ///< the signs of all anchors
};

static inline bool sj_bytes_has(const sj_bytes *set, uint8_t byte) {
  return (set->bits[byte >> 6] >> (byte & 63) & 1) != 0;
}

#endif // SJ_RULES_NFA_H
