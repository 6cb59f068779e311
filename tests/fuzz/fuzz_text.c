// SPDX-License-Identifier: Apache-2.0
//
// fuzz_text.c - any bytes as a document. The check of UTF-8 agrees with one
// that decodes every character on its own, and the lines tile the text.

#include "fuzz.h"

#include <string.h>

#include "base/alloc.h"
#include "text.h"

// The bytes of the character at `at`, 0 where there is none (Unicode 15,
// table 3-7), written without the library's tables.
static size_t character(const uint8_t *bytes, size_t len, size_t at) {
  const uint8_t lead = bytes[at];
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || len - at < size) return 0;
  uint32_t code = lead & (0x7Fu >> size);
  for (size_t i = 1; i < size; i++) {
    if ((bytes[at + i] & 0xC0) != 0x80) return 0;
    code = code << 6 | (bytes[at + i] & 0x3Fu);
  }
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[size] || code > 0x10FFFF) return 0;
  return code >= 0xD800 && code < 0xE000 ? 0 : size;
}

static void check_lines(const sj_text *text) {
  must(text->line_count >= 1 && text->lines[0] == 0);
  for (uint32_t i = 0; i < text->line_count; i++) {
    const uint32_t end = sj_text_line_end(text, i);
    const bool last = i + 1 == text->line_count;
    must(end == (last ? text->len : text->lines[i + 1]));
    must(text->len == 0 || end > text->lines[i]);
    must(sj_text_line(text, text->lines[i]) == i);
    if (end > 0) must(sj_text_line(text, end - 1) == i);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  size_t good = 0;
  for (size_t step = 1; good < size && step > 0; good += step)
    step = character(data, size, good);

  sj_arena arena;
  const sj_allocator usual = {0};
  sj_arena_init(&arena, sj_allocator_or_default(usual));
  sj_text text;
  size_t bad_at = 0;
  const sj_status status =
      sj_text_take(&text, &arena, (const char *)data, size, &bad_at);
  must(status == (good == size ? SJ_OK : SJ_UTF8));
  if (status == SJ_OK) {
    must(text.len == size && text.bytes[size] == 0);
    must(size == 0 || memcmp(text.bytes, data, size) == 0);
    check_lines(&text);
  } else {
    must(bad_at == good);
  }
  sj_arena_release(&arena);
  return 0;
}
