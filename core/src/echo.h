// SPDX-License-Identifier: Apache-2.0
//
// echo.h - stage `echo`: what was found once with certainty is found at its
// other places too (law 5): a person's name in parts, a town, the short name
// of an organization, a number that a label introduced.
#ifndef SJ_ECHO_H
#define SJ_ECHO_H

#include "types.h"

#include "base/words.h"

/// Push a claim for each other place. `source` is the number under which they
/// are reported.
sj_status sj_echo_run(sj_arena *arena,
                      const sj_words *words,
                      const sj_view *view,
                      uint32_t source,
                      sj_claims *claims);

#endif // SJ_ECHO_H
