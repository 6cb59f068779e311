// SPDX-License-Identifier: Apache-2.0
//
// The arena gives zeroed memory, grows what it gave, and wipes everything.

#include "check.h"

#include <string.h>

#include "base/arena.h"
#include "failing_alloc.h"

static const char SECRET[] = "Perpetua Quill";

static void pieces_are_zeroed_and_aligned(void) {
  sj_test_memory memory = {0};
  sj_arena arena;
  sj_arena_init(&arena, sj_test_allocator(&memory));
  for (size_t size = 0; size < 3000; size += 7) {
    const unsigned char *piece = sj_arena_take(&arena, size);
    CHECK(piece != NULL && (uintptr_t)piece % sizeof(double) == 0);
    for (size_t i = 0; i < size; i++)
      CHECK(piece[i] == 0);
  }
  CHECK(sj_arena_take(&arena, SIZE_MAX) == NULL);
  sj_arena_release(&arena);
  CHECK(memory.live == 0 && memory.live_bytes == 0);
}

static void growing_keeps_the_bytes_and_clears_the_new_ones(void) {
  sj_test_memory memory = {.secret = SECRET};
  sj_arena arena;
  sj_arena_init(&arena, sj_test_allocator(&memory));
  char *piece = sj_arena_take(&arena, sizeof(SECRET));
  memcpy(piece, SECRET, sizeof(SECRET));
  size_t size = sizeof(SECRET);
  for (; size < 8u << 20; size *= 3) {
    if (size % 2 == 1) (void)sj_arena_take(&arena, 1); // not the newest
    piece = sj_arena_grow(&arena, piece, size, size * 3);
    CHECK(memcmp(piece, SECRET, sizeof(SECRET)) == 0);
    CHECK(piece[size] == 0 && piece[size * 3 - 1] == 0);
  }
  CHECK(memory.unwiped == 0);
  sj_arena_release(&arena);
  CHECK(memory.live == 0 && memory.unwiped == 0);
}

static void a_reset_wipes_and_keeps_one_block(void) {
  sj_test_memory memory = {.secret = SECRET};
  sj_arena arena;
  sj_arena_init(&arena, sj_test_allocator(&memory));
  char *first = sj_arena_take(&arena, 5000);
  memcpy(first + 4000, SECRET, sizeof(SECRET));
  for (int i = 0; i < 60; i++)
    memcpy(sj_arena_take(&arena, 60000), SECRET, sizeof(SECRET));
  CHECK(arena.peak >= 60u * 60000u);
  sj_arena_reset(&arena);
  CHECK(memory.live == 1 && memory.unwiped == 0 && arena.used == 0);
  const unsigned char *again = sj_arena_take(&arena, 60000);
  for (int i = 0; i < 60000; i++)
    CHECK(again[i] == 0);
  sj_arena_release(&arena);
  CHECK(memory.live == 0 && memory.unwiped == 0);
}

int main(void) {
  RUN(pieces_are_zeroed_and_aligned);
  RUN(growing_keeps_the_bytes_and_clears_the_new_ones);
  RUN(a_reset_wipes_and_keeps_one_block);
  return CHECK_DONE();
}
