// SPDX-License-Identifier: Apache-2.0
//
// arena.h - memory for one document: grows by blocks, dies at once, is always
// wiped. There is no free for a single piece, and no way to skip the wiping.
#ifndef SJ_BASE_ARENA_H
#define SJ_BASE_ARENA_H

#include "scrubjay/scrubjay.h"

typedef struct sj_arena_block sj_arena_block;

/// Zero-initialise with sj_arena_init(). Single-threaded.
typedef struct sj_arena {
  sj_allocator allocator;
  sj_arena_block *blocks; ///< newest first
  size_t used, peak;      ///< bytes handed out now, and at most since init
} sj_arena;

void sj_arena_init(sj_arena *arena, sj_allocator allocator);

/// `size` zeroed bytes aligned for any type; NULL when memory is out. A size
/// of 0 gives a valid pointer to nothing.
void *sj_arena_take(sj_arena *arena, size_t size);

/// Grow an array taken from this arena: in place where it is the newest piece,
/// else by a copy, after which the old place is wiped. NULL leaves it as it is.
void *sj_arena_grow(sj_arena *arena, void *old, size_t old_size, size_t size);

/// Wipe everything and keep one block for the next document.
void sj_arena_reset(sj_arena *arena);

/// Wipe everything and give it back.
void sj_arena_release(sj_arena *arena);

#endif // SJ_BASE_ARENA_H
