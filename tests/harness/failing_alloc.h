// SPDX-License-Identifier: Apache-2.0
//
// failing_alloc.h - an allocator that counts, fails when it is told to, and
// looks for a secret in whatever is given back: a document must be wiped before
// its memory is freed.
#ifndef SJ_TESTS_FAILING_ALLOC_H
#define SJ_TESTS_FAILING_ALLOC_H

#include "scrubjay/scrubjay.h"

typedef struct sj_test_memory {
  size_t calls;       ///< allocations asked for so far
  size_t fail_at;     ///< the call that fails, from 1; 0 for none
  size_t live;        ///< pieces not freed
  size_t live_bytes;  ///< bytes in them
  size_t unwiped;     ///< pieces freed with the secret in them
  const char *secret; ///< NULL for none
} sj_test_memory;

/// Borrows `memory`.
sj_allocator sj_test_allocator(sj_test_memory *memory);

/// Call `run` with the first allocation failing, then the second, and so on
/// until it gets through. Every failed run must return SJ_NOMEM; every run must
/// free all, and wipe the secret. Returns how many runs failed as they should;
/// 0 after saying on stderr what was wrong.
size_t sj_test_each_fails(sj_status (*run)(sj_allocator allocator, void *ctx),
                          void *ctx,
                          const char *secret);

#endif // SJ_TESTS_FAILING_ALLOC_H
