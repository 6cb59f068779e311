// SPDX-License-Identifier: Apache-2.0
//
// failing_alloc.c - each piece has its size in front.

#include "failing_alloc.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 2 * alignof(max_align_t) };

static bool holds(const unsigned char *bytes, size_t len, const char *secret) {
  const size_t wanted = strlen(secret);
  for (size_t at = 0; at + wanted <= len; at++)
    if (memcmp(bytes + at, secret, wanted) == 0) return true;
  return false;
}

static void give_back(sj_test_memory *memory, void *ptr) {
  if (ptr == NULL) return;
  unsigned char *piece = (unsigned char *)ptr - HEAD;
  size_t size = 0;
  memcpy(&size, piece, sizeof(size));
  if (memory->secret != NULL && holds(ptr, size, memory->secret))
    memory->unwiped++;
  memory->live--;
  memory->live_bytes -= size;
  free(piece);
}

// Never in place: a piece that grows leaves its old place unwiped, as the C
// library's may.
static void *resize(void *ctx, void *ptr, size_t size) {
  sj_test_memory *memory = ctx;
  if (size == 0) {
    give_back(memory, ptr);
    return NULL;
  }
  if (++memory->calls == memory->fail_at) return NULL;
  unsigned char *piece = malloc(HEAD + size);
  if (piece == NULL) return NULL;
  memset(piece, 0xA5, HEAD + size);
  memcpy(piece, &size, sizeof(size));
  memory->live++;
  memory->live_bytes += size;
  if (ptr != NULL) {
    size_t old = 0;
    memcpy(&old, (unsigned char *)ptr - HEAD, sizeof(old));
    memcpy(piece + HEAD, ptr, old < size ? old : size);
    give_back(memory, ptr);
  }
  return piece + HEAD;
}

sj_allocator sj_test_allocator(sj_test_memory *memory) {
  return (sj_allocator){.resize = resize, .ctx = memory};
}

size_t sj_test_each_fails(sj_status (*run)(sj_allocator allocator, void *ctx),
                          void *ctx,
                          const char *secret) {
  enum { MOST = 100000 };
  for (size_t n = 1; n < MOST; n++) {
    sj_test_memory memory = {.fail_at = n, .secret = secret};
    const sj_status status = run(sj_test_allocator(&memory), ctx);
    const bool failed = memory.calls >= n;
    const sj_status wanted = failed ? SJ_NOMEM : SJ_OK;
    if (status != wanted || memory.live != 0 || memory.unwiped != 0) {
      fprintf(stderr, "allocation %zu: %s, %zu live, %zu unwiped\n", n,
              sj_status_name(status), memory.live, memory.unwiped);
      return 0;
    }
    if (!failed) return n - 1;
  }
  return 0;
}
