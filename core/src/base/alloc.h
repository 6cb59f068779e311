// SPDX-License-Identifier: Apache-2.0
//
// alloc.h - the three uses of an sj_allocator. An allocator whose `resize` is
// NULL means the C library.
#ifndef SJ_BASE_ALLOC_H
#define SJ_BASE_ALLOC_H

#include "scrubjay/scrubjay.h"

/// The allocator itself, or the C library's where it names none.
sj_allocator sj_allocator_or_default(sj_allocator allocator);

/// `size` zeroed bytes; NULL when memory is out. Size 0 gives NULL.
void *sj_alloc(sj_allocator allocator, size_t size);

/// As realloc; the part that is new holds anything. NULL leaves `ptr` as it
/// is. `size` is above 0.
void *sj_realloc(sj_allocator allocator, void *ptr, size_t size);

/// NULL is fine.
void sj_free(sj_allocator allocator, void *ptr);

#endif // SJ_BASE_ALLOC_H
