// SPDX-License-Identifier: Apache-2.0
//
// alloc.c - allocation through the host's allocator.

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void *c_library(void *ctx, void *ptr, size_t size) {
  (void)ctx;
  if (size > 0) return realloc(ptr, size);
  free(ptr); // realloc(ptr, 0) may or may not free
  return NULL;
}

sj_allocator sj_allocator_or_default(sj_allocator allocator) {
  if (allocator.resize != NULL) return allocator;
  return (sj_allocator){.resize = c_library, .ctx = NULL};
}

void *sj_alloc(sj_allocator allocator, size_t size) {
  if (size == 0) return NULL;
  void *ptr = sj_realloc(allocator, NULL, size);
  if (ptr != NULL) memset(ptr, 0, size);
  return ptr;
}

void *sj_realloc(sj_allocator allocator, void *ptr, size_t size) {
  const sj_allocator used = sj_allocator_or_default(allocator);
  return used.resize(used.ctx, ptr, size);
}

void sj_free(sj_allocator allocator, void *ptr) {
  const sj_allocator used = sj_allocator_or_default(allocator);
  if (ptr != NULL) (void)used.resize(used.ctx, ptr, 0);
}
