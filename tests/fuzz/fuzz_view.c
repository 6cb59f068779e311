// SPDX-License-Identifier: Apache-2.0
//
// fuzz_view.c - the view of any text is valid, and every way back from it ends
// on whole characters of the text, in order.

#include "fuzz.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "text.h"
#include "view.h"

static void check_way_back(const sj_text *text, const sj_view *view) {
  uint32_t last = 0;
  size_t at = 0;
  while (at < view->len) {
    const uint32_t start = (uint32_t)at;
    sj_utf8_next(view->bytes, &at);
    const sj_range origin = sj_map_origin(&view->map, start, (uint32_t)at);
    must(origin.start <= origin.end && origin.end <= text->len);
    must(on_boundary(text->bytes, text->len, origin.start));
    must(on_boundary(text->bytes, text->len, origin.end));
    must(origin.start >= last);
    last = origin.start;
    // What a character came from leads to a stretch that holds it again.
    const sj_range there = sj_map_derived(&view->map, origin.start, origin.end);
    if (origin.end > origin.start)
      must(there.start <= start && there.end >= at);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sj_arena arena;
  const sj_allocator usual = {0};
  sj_arena_init(&arena, sj_allocator_or_default(usual));
  sj_text text;
  size_t bad_at = 0;
  if (sj_text_take(&text, &arena, (const char *)data, size, &bad_at) == SJ_OK) {
    sj_view view;
    must(sj_view_build(&view, &arena, &text, 0) == SJ_OK);
    must(view.map.origin_len == text.len && view.map.derived_len == view.len);
    must(sj_utf8_valid((const char *)view.bytes, view.len, &bad_at));
    must(view.bytes[view.len] == 0);
    check_way_back(&text, &view);
  }
  sj_arena_release(&arena);
  return 0;
}
