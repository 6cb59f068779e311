// SPDX-License-Identifier: Apache-2.0
//
// rules.h - stage `rules`: what patterns find in the view.
//
// Packs become one immutable set of compiled rules that threads share. A scan
// is one thread's scratch: the states of the prefix automaton that documents
// have called for so far, and PCRE2's match block. It holds no text.
#ifndef SJ_RULES_H
#define SJ_RULES_H

#include "types.h"

#include "base/names.h"

typedef struct sj_rules sj_rules;
typedef struct sj_scan sj_scan;

/// Compile the `.rules` files among `files`; others are passed over. Rule ids,
/// checks, context words and subtypes get their numbers from `names`, which
/// must outlive the rules. On failure `*error` names file, line and rule.
sj_status sj_rules_new(const sj_file *files,
                       size_t count,
                       sj_names *names,
                       sj_allocator allocator,
                       sj_rules **out,
                       sj_error *error);
void sj_rules_free(sj_rules *rules);
size_t sj_rules_count(const sj_rules *rules);

/// The scan borrows the rules for its whole life.
sj_status sj_scan_new(const sj_rules *rules, sj_scan **out);
/// Forget all that concerns the last document.
void sj_scan_wipe(sj_scan *scan);
void sj_scan_free(sj_scan *scan);

/// Run every rule over the view. Claims are in bytes of the text. Lines that a
/// tripped limit leaves undecided are pushed on `unscanned`, whole and in
/// bytes of the text; nothing is ever missed in silence.
sj_status sj_rules_run(sj_scan *scan,
                       sj_arena *arena,
                       const sj_text *text,
                       const sj_view *view,
                       sj_claims *out,
                       sj_ranges *unscanned);

/// The same by trying every rule at every character, without the automaton:
/// what the differential test compares sj_rules_run() with. Far too slow for
/// anything else.
sj_status sj_rules_run_exhaustive(sj_scan *scan,
                                  sj_arena *arena,
                                  const sj_text *text,
                                  const sj_view *view,
                                  sj_claims *out,
                                  sj_ranges *unscanned);

#endif // SJ_RULES_H
