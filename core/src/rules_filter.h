// SPDX-License-Identifier: Apache-2.0
//
// rules_filter.h - where in the view may which rule match?
//
// All patterns become one byte automaton that ignores assertions and looks at
// most SJ_FILTER_DEPTH bytes ahead: a superset of the truth, derived from the
// patterns and never written by hand. Its deterministic states are made when a
// document first calls for them.
#ifndef SJ_RULES_FILTER_H
#define SJ_RULES_FILTER_H

#include "rules_regex.h"

/// Bytes that the automaton looks ahead. Measured: 8 calls PCRE2 twice as
/// often, 16 makes twice the states for nothing.
#define SJ_FILTER_DEPTH 12

/// The non-deterministic automaton of all rules: built once, read-only.
typedef struct sj_nfa sj_nfa;

sj_status sj_nfa_new(sj_allocator allocator, sj_nfa **out);
void sj_nfa_free(sj_nfa *nfa);

/// Add a pattern under the next number, from 0. Its memory may go afterwards.
sj_status sj_nfa_add(sj_nfa *nfa, const sj_regex *regex, const sj_shape *shape);

/// Finish: divide the bytes into classes.
sj_status sj_nfa_seal(sj_nfa *nfa);

/// The deterministic states that one thread has met.
typedef struct sj_filter sj_filter;

/// `state_cap` is how many states it may hold before it starts again.
sj_status sj_filter_new(const sj_nfa *nfa,
                        sj_allocator allocator,
                        unsigned state_cap,
                        sj_filter **out);
void sj_filter_free(sj_filter *filter);

/// Called for each character at which rules may match, with their numbers, at
/// ascending places for any one rule. A status other than SJ_OK ends the scan.
typedef sj_status (*sj_filter_visit)(void *ctx,
                                     uint32_t at,
                                     const uint32_t *rules,
                                     size_t count);

sj_status sj_filter_scan(sj_filter *filter,
                         const uint8_t *bytes,
                         uint32_t len,
                         sj_filter_visit visit,
                         void *ctx);

#endif // SJ_RULES_FILTER_H
