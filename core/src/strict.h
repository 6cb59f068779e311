// SPDX-License-Identifier: Apache-2.0
//
// strict.h - stage `strict`: for those who want recall at any price, hide
// whatever is neither a known clinical or ordinary word nor a harmless number.
// Runs where the policy says `strict`.
#ifndef SJ_STRICT_H
#define SJ_STRICT_H

#include "types.h"

#include "base/words.h"

/// Push a claim, always uncertain, for each word that no claim holds yet and
/// that nothing vouches for. `source` is what they are reported under.
sj_status sj_strict_run(sj_arena *arena,
                        const sj_words *words,
                        const sj_view *view,
                        uint32_t source,
                        sj_claims *claims);

#endif // SJ_STRICT_H
