// SPDX-License-Identifier: Apache-2.0
//
// json_read.c - see json_read.h. Nesting costs no C stack: sj_json_skip() keeps
// the kinds of the open brackets in the bits of one word.

#include "json_read.h"

#include <stdint.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

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

size_t sj_utf8_error(const char *data, size_t len) {
  const unsigned char *p = (const unsigned char *)data;
  size_t at = 0;
  while (at < len) {
    const size_t step = character(p + at, len - at);
    if (step == 0) return at;
    at += step;
  }
  return len;
}

bool sj_slice_is(sj_slice slice, const char *text) {
  return slice.len == strlen(text) && memcmp(slice.data, text, slice.len) == 0;
}

void sj_json_refuse(sj_json_reader *reader, const char *what) {
  if (!reader->what) reader->what = what;
}

static bool fail(sj_json_reader *reader, const char *what) {
  sj_json_refuse(reader, what);
  return false;
}

void sj_json_begin(sj_json_reader *reader, char *data, size_t len) {
  *reader = (sj_json_reader){.data = data, .len = len};
  const size_t wrong = sj_utf8_error(data, len);
  if (wrong == len) return;
  reader->at = wrong;
  reader->utf8 = true;
  sj_json_refuse(reader, "the line is not valid UTF-8");
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The byte at a place; NUL, which no JSON holds, behind the end.
static char byte_at(const sj_json_reader *reader, size_t at) {
  if (at >= reader->len) return '\0';
  return reader->data[at];
}

static char next(sj_json_reader *reader) {
  if (reader->what) return '\0';
  while (is_blank(byte_at(reader, reader->at)))
    reader->at++;
  return byte_at(reader, reader->at);
}

static bool is_digit(const sj_json_reader *reader, size_t at) {
  return byte_at(reader, at) >= '0' && byte_at(reader, at) <= '9';
}

char sj_json_peek(sj_json_reader *reader) {
  const char c = next(reader);
  if (c == '-' || is_digit(reader, reader->at)) return '0';
  if (c && strchr("{[\"tfn", c)) return c;
  sj_json_refuse(reader, "a JSON value is missing here");
  return '\0';
}

bool sj_json_enter(sj_json_reader *reader, char bracket) {
  if (next(reader) != bracket)
    return fail(reader, bracket == '{' ? "a JSON object is expected here"
                                       : "a JSON array is expected here");
  if (reader->depth == DEPTH_MAX) return fail(reader, "JSON nested too deep");
  reader->depth++;
  reader->at++;
  reader->first = true;
  return true;
}

/// The comma or the closing bracket before the next element.
static bool more(sj_json_reader *reader, char close) {
  const char c = next(reader);
  if (reader->what) return false;
  const bool first = reader->first;
  reader->first = false;
  if (c == close) {
    reader->at++;
    reader->depth--;
    return false;
  }
  if (first) return true;
  if (c != ',') return fail(reader, "a comma or a closing bracket is missing");
  reader->at++;
  return true;
}

bool sj_json_key(sj_json_reader *reader, sj_slice *key) {
  *key = (sj_slice){NULL, 0};
  if (!more(reader, '}')) return false;
  if (!sj_json_text(reader, key)) return false;
  if (next(reader) != ':') return fail(reader, "a colon is missing");
  reader->at++;
  return true;
}

bool sj_json_item(sj_json_reader *reader) {
  return more(reader, ']');
}

/// Four hexadecimal digits at `at`; -1 where they are not.
static int32_t hex(const sj_json_reader *reader, size_t at) {
  int32_t value = 0;
  if (at + 4 > reader->len) return -1;
  for (size_t i = at; i < at + 4; i++) {
    const char c = reader->data[i];
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

static size_t encode(char *out, int32_t c) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xC0 | (c >> 6));
    out[1] = (char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (char)(0xE0 | (c >> 12));
    out[1] = (char)(0x80 | ((c >> 6) & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | (c >> 18));
  out[1] = (char)(0x80 | ((c >> 12) & 0x3F));
  out[2] = (char)(0x80 | ((c >> 6) & 0x3F));
  out[3] = (char)(0x80 | (c & 0x3F));
  return 4;
}

/// The code point of `\uXXXX`, or of two of them, at the reader's place, which
/// moves behind it; -1 after a failure.
static int32_t unicode(sj_json_reader *reader) {
  int32_t c = hex(reader, reader->at + 2);
  if (c < 0) sj_json_refuse(reader, "four hexadecimal digits belong here");
  if (c == 0) sj_json_refuse(reader, "U+0000 is not taken in JSON");
  if (c >= 0xDC00 && c <= 0xDFFF) sj_json_refuse(reader, "a lone surrogate");
  if (reader->what) return -1;
  reader->at += 6;
  if (c < 0xD800 || c > 0xDBFF) return c;
  const bool second = reader->at + 6 <= reader->len &&
                      memcmp(reader->data + reader->at, "\\u", 2) == 0;
  const int32_t low = second ? hex(reader, reader->at + 2) : -1;
  if (low < 0xDC00 || low > 0xDFFF) {
    sj_json_refuse(reader, "a lone surrogate");
    return -1;
  }
  reader->at += 6;
  return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
}

/// Decode one escape behind `used` bytes of output (NULL: only check it).
static size_t unescape(sj_json_reader *reader, char *out) {
  static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
  const size_t at = reader->at + 1;
  const char c = byte_at(reader, at);
  char room[4];
  if (c == 'u') {
    const int32_t point = unicode(reader);
    return point < 0 ? 0 : encode(out ? out : room, point);
  }
  for (size_t i = 0; i + 1 < sizeof(letters); i += 2)
    if (c != '\0' && letters[i] == c) {
      if (out) *out = letters[i + 1];
      reader->at += 2;
      return 1;
    }
  sj_json_refuse(reader, "no such escape");
  return 0;
}

/// The length of the plain stretch of a string from here on.
static size_t plain(const sj_json_reader *reader) {
  size_t end = reader->at;
  while (end < reader->len) {
    const unsigned char c = (unsigned char)reader->data[end];
    if (c < 0x20 || c == '"' || c == '\\') break;
    end++;
  }
  return end - reader->at;
}

/// A string; decoded to its own place with `decode`, else only checked.
static bool string(sj_json_reader *reader, bool decode, sj_slice *out) {
  if (next(reader) != '"')
    return fail(reader, "a JSON string is expected here");
  char *to = reader->data + ++reader->at;
  *out = (sj_slice){to, 0};
  for (;;) {
    const size_t run = plain(reader);
    if (decode && run > 0 && to != reader->data + reader->at)
      memmove(to, reader->data + reader->at, run);
    to += run;
    reader->at += run;
    if (reader->at == reader->len) return fail(reader, "a string has no end");
    const char c = reader->data[reader->at];
    if (c == '"') break;
    if (c != '\\') return fail(reader, "a control character in a string");
    to += unescape(reader, decode ? to : NULL);
    if (reader->what) return false;
  }
  reader->at++;
  out->len = (size_t)(to - out->data);
  return true;
}

bool sj_json_text(sj_json_reader *reader, sj_slice *out) {
  if (string(reader, true, out)) return true;
  *out = (sj_slice){NULL, 0};
  return false;
}

static size_t digits(sj_json_reader *reader) {
  const size_t before = reader->at;
  while (is_digit(reader, reader->at))
    reader->at++;
  return reader->at - before;
}

static bool at_one_of(const sj_json_reader *reader, const char *set) {
  const char c = byte_at(reader, reader->at);
  return c != '\0' && strchr(set, c);
}

static bool number(sj_json_reader *reader) {
  if (at_one_of(reader, "-")) reader->at++;
  const bool zero = at_one_of(reader, "0");
  const size_t whole = digits(reader);
  bool good = whole == 1 || (whole > 1 && !zero);
  if (good && at_one_of(reader, ".")) {
    reader->at++;
    good = digits(reader) > 0;
  }
  if (good && at_one_of(reader, "eE")) {
    reader->at++;
    if (at_one_of(reader, "+-")) reader->at++;
    good = digits(reader) > 0;
  }
  return good || fail(reader, "not a JSON number");
}

static bool word(sj_json_reader *reader, const char *text) {
  const size_t len = strlen(text);
  if (reader->len - reader->at < len ||
      memcmp(reader->data + reader->at, text, len) != 0)
    return fail(reader, "a JSON value is missing here");
  reader->at += len;
  return true;
}

static bool scalar(sj_json_reader *reader, char kind) {
  sj_slice ignored;
  switch (kind) {
  case '"':
    return string(reader, false, &ignored);
  case '0':
    return number(reader);
  case 't':
    return word(reader, "true");
  case 'f':
    return word(reader, "false");
  case 'n':
    return word(reader, "null");
  default:
    return false;
  }
}

/// The key before a value inside an object that is passed over.
static bool skip_key(sj_json_reader *reader) {
  sj_slice ignored;
  if (!string(reader, false, &ignored)) return false;
  if (next(reader) != ':') return fail(reader, "a colon is missing");
  reader->at++;
  return true;
}

bool sj_json_skip(sj_json_reader *reader, sj_slice *raw) {
  char kind = sj_json_peek(reader);
  const size_t start = reader->at;
  const unsigned base = reader->depth;
  uint64_t objects = 0; // bit n: the bracket at depth base + n is an object's
  for (;;) {
    if (kind == '{' || kind == '[') {
      const unsigned level = reader->depth - base;
      if (!sj_json_enter(reader, kind)) return false;
      objects &= ~(UINT64_C(1) << level);
      if (kind == '{') objects |= UINT64_C(1) << level;
    } else if (!scalar(reader, kind)) {
      return false;
    }
    bool object = false;
    bool another = false;
    while (!another && reader->depth > base && !reader->what) {
      object = (objects >> (reader->depth - base - 1)) & 1;
      another = more(reader, object ? '}' : ']');
    }
    if (!another) break;
    if (object && !skip_key(reader)) return false;
    kind = sj_json_peek(reader);
  }
  if (reader->what) return false;
  if (raw) *raw = (sj_slice){reader->data + start, reader->at - start};
  return true;
}

bool sj_json_done(sj_json_reader *reader) {
  next(reader);
  if (reader->what) return false;
  if (reader->at < reader->len)
    return fail(reader, "something stands behind the JSON value");
  return true;
}
