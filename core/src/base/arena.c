// SPDX-License-Identifier: Apache-2.0
//
// arena.c - blocks that grow, die at once, and are always wiped.
//
// The bytes of a block beyond `used` are zero at all times: a fresh block is
// cleared, and whatever is given back is wiped. So a piece needs no clearing
// when it is taken, and a wiped block can be used again as it is.

#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/alloc.h"
#include "base/wipe.h"

enum {
  FIRST_BLOCK = 64 * 1024,
  LARGEST_SHARED_BLOCK = 1024 * 1024 // larger pieces get a block of their own
};

struct sj_arena_block {
  sj_arena_block *next; // older
  size_t size, used;    // bytes of data
  alignas(max_align_t) unsigned char data[];
};

static const size_t ALIGN = alignof(max_align_t);

// The room that a piece takes up; 0 where the sum does not fit a size_t.
static size_t rounded(size_t size) {
  if (size > SIZE_MAX / 2) return 0;
  if (size == 0) size = 1; // every piece has an address of its own
  return (size + ALIGN - 1) / ALIGN * ALIGN;
}

static sj_arena_block *block_new(const sj_arena *arena, size_t size) {
  sj_arena_block *block =
      sj_alloc(arena->allocator, sizeof(sj_arena_block) + size);
  if (block != NULL) block->size = size;
  return block;
}

static void block_free(const sj_arena *arena, sj_arena_block *block) {
  sj_wipe(block->data, block->used);
  sj_free(arena->allocator, block);
}

// A block with `room` bytes left: the newest, or a new one.
static sj_arena_block *block_with(sj_arena *arena, size_t room) {
  sj_arena_block *head = arena->blocks;
  if (head != NULL && head->size - head->used >= room) return head;

  size_t size = FIRST_BLOCK;
  if (head != NULL && head->size < LARGEST_SHARED_BLOCK) size = head->size * 2;
  if (head != NULL && head->size >= LARGEST_SHARED_BLOCK)
    size = LARGEST_SHARED_BLOCK;
  const bool own = room > size / 2;
  sj_arena_block *block = block_new(arena, own ? room : size);
  if (block == NULL) return NULL;
  if (own && head != NULL) { // what is left of the newest stays in use
    block->next = head->next;
    head->next = block;
  } else {
    block->next = head;
    arena->blocks = block;
  }
  return block;
}

// The link that leads to the block which holds `ptr`.
static sj_arena_block **link_to(sj_arena *arena, const void *ptr) {
  const uintptr_t at = (uintptr_t)ptr;
  sj_arena_block **link = &arena->blocks;
  while (*link != NULL) {
    const uintptr_t data = (uintptr_t)(*link)->data;
    if (at >= data && at < data + (*link)->size) break;
    link = &(*link)->next;
  }
  return link;
}

static void count_in(sj_arena *arena, size_t room) {
  arena->used += room;
  if (arena->used > arena->peak) arena->peak = arena->used;
}

void sj_arena_init(sj_arena *arena, sj_allocator allocator) {
  *arena = (sj_arena){.allocator = sj_allocator_or_default(allocator)};
}

void *sj_arena_take(sj_arena *arena, size_t size) {
  const size_t room = rounded(size);
  if (room == 0) return NULL;
  sj_arena_block *block = block_with(arena, room);
  if (block == NULL) return NULL;
  void *piece = block->data + block->used;
  block->used += room;
  count_in(arena, room);
  return piece;
}

void *sj_arena_grow(sj_arena *arena, void *old, size_t old_size, size_t size) {
  if (old == NULL) return sj_arena_take(arena, size);
  const size_t old_room = rounded(old_size);
  const size_t room = rounded(size);
  if (room == 0) return NULL;
  if (room <= old_room) return old;

  sj_arena_block **link = link_to(arena, old);
  sj_arena_block *block = *link;
  if (block == NULL) return NULL; // not ours
  const size_t at = (size_t)((unsigned char *)old - block->data);
  const bool newest = at + old_room == block->used;
  if (newest && block->size - at >= room) {
    block->used = at + room;
    count_in(arena, room - old_room);
    return old;
  }
  void *piece = sj_arena_take(arena, size);
  if (piece == NULL) return NULL;
  memcpy(piece, old, old_size);
  sj_wipe(old, old_room);
  if (!newest) return piece;
  block->used = at;
  arena->used -= old_room;
  if (at == 0 && block != arena->blocks) { // it held nothing else
    link = link_to(arena, block->data);
    *link = block->next;
    block_free(arena, block);
  }
  return piece;
}

void sj_arena_reset(sj_arena *arena) {
  sj_arena_block *kept = NULL;
  sj_arena_block *block = arena->blocks;
  while (block != NULL) {
    sj_arena_block *next = block->next;
    const bool fits = block->size <= LARGEST_SHARED_BLOCK;
    if (fits && (kept == NULL || kept->size < block->size)) {
      if (kept != NULL) block_free(arena, kept);
      kept = block;
    } else {
      block_free(arena, block);
    }
    block = next;
  }
  if (kept != NULL) {
    sj_wipe(kept->data, kept->used);
    kept->used = 0;
    kept->next = NULL;
  }
  arena->blocks = kept;
  arena->used = 0;
}

void sj_arena_release(sj_arena *arena) {
  while (arena->blocks != NULL) {
    sj_arena_block *next = arena->blocks->next;
    block_free(arena, arena->blocks);
    arena->blocks = next;
  }
  arena->used = 0;
}
