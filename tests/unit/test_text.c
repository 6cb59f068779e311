// SPDX-License-Identifier: Apache-2.0
//
// The text stage, and the lines that coverage names.

#include "check.h"

#include <string.h>

#include "coverage.h"
#include "text.h"

// The starts of the lines of `source`, as digits.
static bool lines_start_at(const char *source, size_t len, const char *want) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_text text;
  size_t bad = 0;
  bool right = sj_text_take(&text, &arena, source, len, &bad) == SJ_OK &&
               text.line_count == strlen(want);
  for (uint32_t i = 0; right && i < text.line_count; i++) {
    right = text.lines[i] == (uint32_t)(want[i] - '0') &&
            sj_text_line(&text, text.lines[i]) == i;
  }
  right = right && text.bytes[len] == 0 &&
          sj_text_line_end(&text, text.line_count - 1) == len;
  sj_arena_release(&arena);
  return right;
}

static void lines_end_with_lf_cr_and_crlf(void) {
  CHECK(lines_start_at("", 0, "0"));
  CHECK(lines_start_at("ab", 2, "0"));
  CHECK(lines_start_at("a\n", 2, "0"));
  CHECK(lines_start_at("a\nb\rc\r\nd", 8, "0247"));
  CHECK(lines_start_at("\n\n\r", 3, "012"));
  CHECK(lines_start_at("a\0\nb", 4, "03"));
}

static void bad_bytes_and_large_texts_are_refused(void) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_text text;
  size_t bad = 0;
  CHECK(sj_text_take(&text, &arena, "ab\xFFz", 4, &bad) == SJ_UTF8 && bad == 2);
  CHECK(text.bytes == NULL);
  CHECK(sj_text_take(&text, &arena, "", SJ_TEXT_MAX + 1, &bad) == SJ_TOO_LARGE);
  sj_arena_release(&arena);
}

static void unscanned_stretches_become_whole_lines(void) {
  const char source[] = "one é1\r\n \t\r\ntwo\nthree 3\n";
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_text text;
  size_t bad = 0;
  sj_coverage coverage;
  sj_ranges lines;
  sj_ranges missed = {0};
  CHECK(sj_text_take(&text, &arena, source, strlen(source), &bad) == SJ_OK);
  CHECK(sj_coverage_measure(&arena, &text, &missed, &coverage, &lines) ==
        SJ_OK);
  CHECK(coverage.complete && coverage.chars == 14 && coverage.scanned == 14);

  CHECK(sj_ranges_push(&missed, &arena, (sj_range){14, 15}) == SJ_OK);
  CHECK(sj_ranges_push(&missed, &arena, (sj_range){2, 11}) == SJ_OK);
  CHECK(sj_ranges_push(&missed, &arena, (sj_range){3, 4}) == SJ_OK);
  CHECK(sj_coverage_measure(&arena, &text, &missed, &coverage, &lines) ==
        SJ_OK);
  CHECK(!coverage.complete && coverage.chars == 14 && coverage.scanned == 6);
  CHECK(lines.len == 2); // the blank one has nothing to hide
  CHECK(lines.at[0].start == 0 && lines.at[0].end == 7);
  CHECK(lines.at[1].start == 13 && lines.at[1].end == 16);
  sj_arena_release(&arena);
}

int main(void) {
  RUN(lines_end_with_lf_cr_and_crlf);
  RUN(bad_bytes_and_large_texts_are_refused);
  RUN(unscanned_stretches_become_whole_lines);
  return CHECK_DONE();
}
