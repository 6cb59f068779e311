// SPDX-License-Identifier: Apache-2.0
//
// buffer.c - see buffer.h. Growing copies by hand instead of realloc(), which
// would leave the old bytes unwiped.

#include "buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PART = 1 << 20 };

void sj_memory_wipe(void *data, size_t len) {
  if (data && len > 0) explicit_bzero(data, len);
}

bool sj_buffer_reserve(sj_buffer *buffer, size_t more) {
  if (buffer->failed) return false;
  if (more <= buffer->cap - buffer->len) return true;
  size_t cap = buffer->cap < 256 ? 256 : buffer->cap;
  // A half more each time, so that a large buffer wastes a third at most.
  while (cap - buffer->len < more && cap < SIZE_MAX / 2)
    cap += cap / 2;
  char *data = cap - buffer->len < more ? NULL : malloc(cap);
  if (!data) {
    buffer->failed = true;
    return false;
  }
  if (buffer->len > 0) memcpy(data, buffer->data, buffer->len);
  sj_memory_wipe(buffer->data, buffer->len);
  free(buffer->data);
  buffer->data = data;
  buffer->cap = cap;
  return true;
}

void sj_buffer_add(sj_buffer *buffer, const void *data, size_t len) {
  if (len == 0 || !sj_buffer_reserve(buffer, len)) return;
  memcpy(buffer->data + buffer->len, data, len);
  buffer->len += len;
}

void sj_buffer_put(sj_buffer *buffer, const char *text) {
  sj_buffer_add(buffer, text, strlen(text));
}

void sj_buffer_number(sj_buffer *buffer, uint64_t value) {
  char digits[24];
  const int len = snprintf(digits, sizeof(digits), "%" PRIu64, value);
  sj_buffer_add(buffer, digits, (size_t)len);
}

void sj_buffer_part(sj_buffer *buffer) {
  if (!buffer->drain || buffer->len < PART) return;
  buffer->drain(buffer->ctx, buffer->data, buffer->len);
  sj_memory_wipe(buffer->data, buffer->len);
  buffer->len = 0;
}

void sj_buffer_clear(sj_buffer *buffer, size_t keep) {
  if (buffer->cap > keep) {
    sj_buffer_free(buffer);
    return;
  }
  sj_memory_wipe(buffer->data, buffer->len);
  buffer->len = 0;
  buffer->failed = false;
}

void sj_buffer_free(sj_buffer *buffer) {
  sj_memory_wipe(buffer->data, buffer->len);
  free(buffer->data);
  *buffer = (sj_buffer){0};
}
