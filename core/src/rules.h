// SPDX-License-Identifier: Apache-2.0
//
// rules.h - stage 3: what patterns find.
//
// Rules are compiled once and never change; threads share them. A scan is the
// scratch of one thread.
#ifndef SJ_RULES_H
#define SJ_RULES_H

#include "types.h"

#include "base/names.h"

typedef struct sj_rules sj_rules;
typedef struct sj_scan sj_scan;

/// Compile the `.rules` files among `files`; others are passed over. Names of
/// rules, validators, contexts and subtypes go into `names`. On failure
/// `*error`, if given, names file, line and rule.
sj_status sj_rules_new(const sj_file *files,
                       size_t count,
                       sj_names *names,
                       sj_allocator allocator,
                       sj_rules **out,
                       sj_error *error);
void sj_rules_free(sj_rules *rules);
size_t sj_rules_count(const sj_rules *rules);

sj_status sj_scan_new(const sj_rules *rules, sj_scan **out);
/// Forget the last document; keep what was compiled.
void sj_scan_wipe(sj_scan *scan);
void sj_scan_free(sj_scan *scan);

/// Run the rules over the view. Claims and the stretches that a limit left
/// unscanned are in bytes of the text.
sj_status sj_rules_run(const sj_rules *rules,
                       sj_scan *scan,
                       sj_arena *arena,
                       const sj_text *text,
                       const sj_view *view,
                       sj_claims *out,
                       sj_ranges *unscanned);

#endif // SJ_RULES_H
