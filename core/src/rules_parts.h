// SPDX-License-Identifier: Apache-2.0
//
// rules_parts.h - compiled rules, for rules.c, rules_build.c and
// rules_match.c.
#ifndef SJ_RULES_PARTS_H
#define SJ_RULES_PARTS_H

#include <pcre2.h>

#include "rules.h"
#include "rules_check.h"
#include "rules_filter.h"
#include "rules_near.h"

/// Bytes that a pattern may look at behind its match.
#define SJ_MATCH_MARGIN 64u

/// One pattern of a rule. Its number is its place in sj_rules.patterns, and in
/// the automaton.
typedef struct sj_pattern {
  pcre2_code *code;
  uint32_t rule;
  uint32_t mark;  ///< group that is the span; 0 for the whole match
  uint32_t reach; ///< longest match in bytes
} sj_pattern;

typedef struct sj_rule_near {
  sj_terms terms;
  uint32_t within;
  int32_t delta;
  bool after;
} sj_rule_near;

typedef struct sj_rule {
  uint32_t id; ///< of the name
  uint16_t label, score, floor, subtype;
  uint8_t role, langs, flags;
  uint32_t protect;        ///< name of what its hits are protected as; 0: finds
  sj_check check, confirm; ///< NULL for none
  uint32_t check_id;       ///< name of whichever there is
  uint32_t context_id;
  const sj_rule_near *nears;
  size_t near_count;
} sj_rule;

struct sj_rules {
  sj_allocator allocator;
  sj_arena store; ///< rules, terms
  pcre2_general_context *general;
  sj_nfa *nfa;
  sj_rule *rules;
  size_t rule_count, rule_cap;
  sj_pattern *patterns;
  size_t pattern_count, pattern_cap;
};

struct sj_scan {
  const sj_rules *rules;
  sj_filter *filter;
  pcre2_match_data *data;
  pcre2_match_context *limits;
  uint32_t *past;  ///< of each pattern: where its search goes on
  uint32_t *trips; ///< of each pattern: how often a limit stopped it
};

/// Read, check and compile one file's rules into the set.
sj_status sj_rules_add_file(sj_rules *rules,
                            const sj_file *file,
                            sj_names *names,
                            sj_error *error);

/// What one pattern found at one place.
typedef struct sj_hit {
  uint32_t start, end; ///< bytes of the view: the span
  uint32_t past;       ///< where the search goes on: what stands behind the
                       ///< span may introduce the next
} sj_hit;

/// How an attempt ended.
typedef enum sj_attempt {
  SJ_ATTEMPT_MISS,
  SJ_ATTEMPT_HIT,
  SJ_ATTEMPT_TRIPPED, ///< a limit: nobody knows
  SJ_ATTEMPT_NOMEM
} sj_attempt;

/// Try a pattern at a place. `*budget` is what the document has left, and is
/// charged; at 0 every attempt trips.
sj_attempt sj_scan_try(sj_scan *scan,
                       uint32_t pattern,
                       const sj_view *view,
                       uint32_t at,
                       uint64_t *budget,
                       sj_hit *out);

#endif // SJ_RULES_PARTS_H
