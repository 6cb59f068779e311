// SPDX-License-Identifier: Apache-2.0
//
// wipe.c - a memset that survives optimisation. The call goes through a
// volatile pointer: the compiler cannot know which function it reaches, so it
// cannot prove that nobody reads the memory afterwards.

#include "base/wipe.h"

#include <string.h>

enum { DEPTH = 64 * 1024 };

static void *(*const volatile overwrite)(void *, int, size_t) = memset;

void sj_wipe(void *ptr, size_t size) {
  if (size > 0) overwrite(ptr, 0, size);
}

void sj_wipe_stack(void) {
  char left[DEPTH]; // it lies where the frames of former calls lay
  sj_wipe(left, sizeof(left));
}
