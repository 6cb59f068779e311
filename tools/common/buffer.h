// SPDX-License-Identifier: Apache-2.0
//
// buffer.h - bytes that grow and are wiped: whatever held a document is zeroed
// before its memory goes back.
#ifndef SJ_TOOLS_BUFFER_H
#define SJ_TOOLS_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Start from `{0}`. A failed allocation sets `failed`, which stays until
/// sj_buffer_clear(); later writes then do nothing, so a writer may check once
/// at the end.
typedef struct sj_buffer {
  char *data;
  size_t len, cap;
  bool failed;
  /// Where a long result may go in parts; NULL keeps it whole.
  void (*drain)(void *ctx, const char *data, size_t len);
  void *ctx;
} sj_buffer;

/// Room for `more` bytes behind the end. False when memory is out.
bool sj_buffer_reserve(sj_buffer *buffer, size_t more);
void sj_buffer_add(sj_buffer *buffer, const void *data, size_t len);
/// A C string.
void sj_buffer_put(sj_buffer *buffer, const char *text);
void sj_buffer_number(sj_buffer *buffer, uint64_t value);

/// A place where the content may be parted: with a drain, and more than a
/// megabyte, it leaves now.
void sj_buffer_part(sj_buffer *buffer);

/// Wipe the content and keep up to `keep` bytes of room for the next use.
void sj_buffer_clear(sj_buffer *buffer, size_t keep);
/// Wipe and give back.
void sj_buffer_free(sj_buffer *buffer);

/// A memset that the compiler may not drop.
void sj_memory_wipe(void *data, size_t len);

#endif // SJ_TOOLS_BUFFER_H
