// SPDX-License-Identifier: Apache-2.0
//
// coverage.h - the proof of what was looked at, for session.c.
#ifndef SJ_COVERAGE_H
#define SJ_COVERAGE_H

#include "types.h"

/// Widen the stretches to whole lines, without their line ends; lines of
/// nothing but blanks are left out, for there is nothing to hide. Then count
/// letters and digits: all of them, and those outside of these lines.
/// `out->complete` says whether there are no such lines.
sj_status sj_coverage_measure(sj_arena *arena,
                              const sj_text *text,
                              const sj_ranges *unscanned,
                              sj_coverage *out,
                              sj_ranges *lines);

#endif // SJ_COVERAGE_H
