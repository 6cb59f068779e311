// SPDX-License-Identifier: Apache-2.0
//
// json_write.c - see json_write.h. Beside what JSON asks for, U+007F and
// U+2028/2029 are escaped: some readers take the latter for line ends, and a
// line is a document here.

#include "json_write.h"

#include <stdio.h>
#include <string.h>

static void escape(sj_buffer *out, unsigned char c) {
  static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\";
  for (size_t i = 0; i + 1 < sizeof(letters); i += 2)
    if ((unsigned char)letters[i] == c) {
      const char two[2] = {'\\', letters[i + 1]};
      sj_buffer_add(out, two, 2);
      return;
    }
  char six[8];
  snprintf(six, sizeof(six), "\\u%04x", c);
  sj_buffer_add(out, six, 6);
}

/// U+2028 or U+2029 at `p`: the last byte of three, else 0.
static unsigned char separator(const unsigned char *p, size_t left) {
  if (left < 3 || p[0] != 0xE2 || p[1] != 0x80) return 0;
  return p[2] == 0xA8 || p[2] == 0xA9 ? p[2] : 0;
}

void sj_put_string(sj_buffer *out, const char *text, size_t len) {
  const unsigned char *p = (const unsigned char *)text;
  sj_buffer_add(out, "\"", 1);
  size_t done = 0;
  for (size_t i = 0; i < len; i++) {
    const bool plain =
        p[i] >= 0x20 && p[i] != '"' && p[i] != '\\' && p[i] != 0x7F;
    if (plain && p[i] != 0xE2) continue;
    const unsigned char last = plain ? separator(p + i, len - i) : 0;
    if (plain && last == 0) continue;
    if (i > done) sj_buffer_add(out, p + done, i - done);
    if (last != 0) {
      sj_buffer_put(out, last == 0xA8 ? "\\u2028" : "\\u2029");
      i += 2;
    } else {
      escape(out, p[i]);
    }
    done = i + 1;
  }
  if (len > done) sj_buffer_add(out, p + done, len - done);
  sj_buffer_add(out, "\"", 1);
}

/// Bytes of a well-formed character at `p`, 0 for none. (Unicode, table 3-7.)
static size_t character(const unsigned char *p, size_t left) {
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xC2 || p[0] > 0xF4) return 0;
  const size_t len = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  if (len > left) return 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (p[0] == 0xE0) low = 0xA0;
  if (p[0] == 0xED) high = 0x9F;
  if (p[0] == 0xF0) low = 0x90;
  if (p[0] == 0xF4) high = 0x8F;
  if (p[1] < low || p[1] > high) return 0;
  for (size_t i = 2; i < len; i++)
    if ((p[i] & 0xC0) != 0x80) return 0;
  return len;
}

void sj_put_name(sj_buffer *out, const char *name) {
  sj_buffer clean = {0};
  size_t left = strlen(name);
  while (left > 0) {
    const size_t step = character((const unsigned char *)name, left);
    if (step > 0)
      sj_buffer_add(&clean, name, step);
    else
      sj_buffer_put(&clean, "\xEF\xBF\xBD");
    name += step > 0 ? step : 1;
    left -= step > 0 ? step : 1;
  }
  sj_put_string(out, clean.data, clean.len);
  out->failed = out->failed || clean.failed;
  sj_buffer_free(&clean);
}

static void add_key(sj_buffer *out, const char *key) {
  sj_buffer_add(out, "\"", 1);
  sj_buffer_put(out, key);
  sj_buffer_add(out, "\":", 2);
}

void sj_put_pair(sj_buffer *out, const char *key, const char *value) {
  add_key(out, key);
  sj_put_string(out, value, strlen(value));
  sj_buffer_add(out, ",", 1);
}

void sj_put_count(sj_buffer *out, const char *key, uint64_t value) {
  add_key(out, key);
  sj_buffer_number(out, value);
  sj_buffer_add(out, ",", 1);
}

void sj_put_thousandths(sj_buffer *out, int value) {
  char number[24];
  const int size = value < 0 ? -value : value;
  const int len = snprintf(number, sizeof(number), "%s%d.%03d",
                           value < 0 ? "-" : "", size / 1000, size % 1000);
  sj_buffer_add(out, number, (size_t)len);
}

void sj_put_end(sj_buffer *out, char close) {
  if (out->len > 0 && out->data[out->len - 1] == ',') out->len--;
  sj_buffer_add(out, &close, 1);
}
