// SPDX-License-Identifier: Apache-2.0
//
// array.h - growing of typed arrays that live in an arena. An array is three
// fields, `at`, `len` and `cap`, in whatever struct it belongs to.
#ifndef SJ_BASE_ARRAY_H
#define SJ_BASE_ARRAY_H

#include "base/arena.h"

/// Make room for `more` items behind the `len` that `at` holds, and return the
/// array, which may have moved; `*cap` follows. NULL leaves all as it was.
void *sj_array_room(sj_arena *arena,
                    void *at,
                    size_t len,
                    size_t *cap,
                    size_t more,
                    size_t item);

#endif // SJ_BASE_ARRAY_H
