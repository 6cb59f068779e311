// SPDX-License-Identifier: Apache-2.0
//
// rules_cue.h - from a rule's cues, gap and match to one pattern.
#ifndef SJ_RULES_CUE_H
#define SJ_RULES_CUE_H

#include "rules_pack.h"

/// Whether the pattern holds a group named `mark`.
bool sj_pattern_has_mark(sj_str pattern);

/// The pattern to compile: the match alone, or behind any of the cues and the
/// gap, with the value as group `mark`.
sj_status sj_pattern_build(sj_arena *arena,
                           const sj_rule_def *rule,
                           sj_str match,
                           sj_str *out);

#endif // SJ_RULES_CUE_H
