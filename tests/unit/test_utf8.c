// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 is checked by the book, and classes cover all of Unicode.

#include "check.h"

#include <string.h>

#include "base/utf8.h"

static void every_code_point_survives_the_round_trip(void) {
  for (uint32_t code = 0; code <= 0x10FFFF; code++) {
    if (code == 0xD800) code = 0xE000;
    uint8_t bytes[4];
    const size_t len = sj_utf8_put(bytes, code);
    size_t at = 0;
    size_t bad = 0;
    CHECK(sj_utf8_valid(bytes, len, &bad) && bad == len);
    CHECK(sj_utf8_next(bytes, &at) == code && at == len);
    CHECK(sj_utf8_prev(bytes, &at) == code && at == 0);
  }
}

static bool breaks_at(const char *bytes, size_t len, size_t want) {
  size_t bad = 99;
  return !sj_utf8_valid(bytes, len, &bad) && bad == want;
}

static void ill_formed_bytes_are_refused_where_they_start(void) {
  CHECK(breaks_at("abc\x80", 4, 3));
  CHECK(breaks_at("eight by\xC0\xAF", 10, 8)); // overlong
  CHECK(breaks_at("\xE0\x9F\xBF", 3, 0));      // overlong
  CHECK(breaks_at("\xED\xA0\x80", 3, 0));      // surrogate
  CHECK(breaks_at("\xF0\x8F\xBF\xBF", 4, 0));  // overlong
  CHECK(breaks_at("\xF4\x90\x80\x80", 4, 0));  // above U+10FFFF
  CHECK(breaks_at("\xF5\x80\x80\x80", 4, 0));
  CHECK(breaks_at("0123456789\xE2\x82", 12, 10)); // cut off
  CHECK(breaks_at("x\xC3(", 3, 1));
  size_t bad = 0;
  CHECK(sj_utf8_valid("a\0b", 3, &bad));
}

static void classes_hold_beyond_ascii(void) {
  CHECK(sj_utf8_is_letter('q') && !sj_utf8_is_letter('7'));
  CHECK(sj_utf8_is_letter(0xE9) && sj_utf8_is_letter(0x4E2D));
  CHECK(sj_utf8_is_letter(0x2A6D6) && !sj_utf8_is_letter(0x1F600));
  CHECK(sj_utf8_is_digit('0') && sj_utf8_is_digit(0x663));
  CHECK(sj_utf8_is_digit(0xFF19) && !sj_utf8_is_digit(0x2167));
  CHECK(sj_utf8_is_alnum(0x2167) && sj_utf8_is_alnum(0xBD));
  CHECK(sj_utf8_kind_of(0x301) == SJ_UTF8_MARK && !sj_utf8_is_alnum(0x301));
  CHECK(!sj_utf8_is_alnum('_') && !sj_utf8_is_alnum(0xA0));
}

int main(void) {
  RUN(every_code_point_survives_the_round_trip);
  RUN(ill_formed_bytes_are_refused_where_they_start);
  RUN(classes_hold_beyond_ascii);
  return CHECK_DONE();
}
