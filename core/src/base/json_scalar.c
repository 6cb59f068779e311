// SPDX-License-Identifier: Apache-2.0
//
// json_scalar.c - strings and numbers.

#include "base/json_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"

static const char BAD_ESCAPE[] = "an escape that JSON does not have";

// Four hexadecimal digits at `p`, or -1.
static int32_t hex4(const char *p, size_t room) {
  if (room < 4) return -1;
  int32_t value = 0;
  for (size_t i = 0; i < 4; i++) {
    const char c = p[i];
    int32_t digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// The code point of the \u escape whose digits start at *at; *at moves past
// it, and past the second half of a surrogate pair.
static sj_status unicode_escape(sj_json *json, size_t *at, uint32_t *out) {
  const size_t start = *at;
  const int32_t first = hex4(json->bytes + start, json->len - start);
  if (first < 0) return sj_json_fail(json, SJ_JSON, BAD_ESCAPE, start);
  if (first == 0)
    return sj_json_fail(json, SJ_JSON, "\\u0000 is not accepted", start);
  *at = start + 4;
  *out = (uint32_t)first;
  if (first < 0xD800 || first > 0xDFFF) return SJ_OK;
  int32_t second = -1;
  if (first <= 0xDBFF && json->len - *at >= 6 &&
      memcmp(json->bytes + *at, "\\u", 2) == 0)
    second = hex4(json->bytes + *at + 2, 4);
  if (second < 0xDC00 || second > 0xDFFF)
    return sj_json_fail(json, SJ_JSON, "half of a surrogate pair", start);
  *at += 6;
  *out = 0x10000u + (((uint32_t)first - 0xD800u) << 10) +
         ((uint32_t)second - 0xDC00u);
  return SJ_OK;
}

// Decode the escape behind the backslash at *at into `out`.
static sj_status
escape(sj_json *json, size_t *at, uint8_t out[4], size_t *written) {
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  const size_t start = *at + 1;
  char c = '\0';
  if (start < json->len) c = json->bytes[start];
  *at = start + 1;
  if (c == 'u') {
    uint32_t code = 0;
    const sj_status status = unicode_escape(json, at, &code);
    if (status == SJ_OK) *written = sj_utf8_put(out, code);
    return status;
  }
  const char *found = c == '\0' ? NULL : strchr(names, c);
  if (found == NULL) return sj_json_fail(json, SJ_JSON, BAD_ESCAPE, start);
  out[0] = (uint8_t)values[found - names];
  *written = 1;
  return SJ_OK;
}

// The closing quote at or behind `at`; whether there are escapes before it.
static sj_status
find_end(sj_json *json, size_t at, size_t *end, bool *escapes) {
  *escapes = false;
  for (; at < json->len; at++) {
    const unsigned char c = (unsigned char)json->bytes[at];
    if (c == '"') {
      *end = at;
      return SJ_OK;
    }
    if (c < 0x20)
      return sj_json_fail(json, SJ_JSON, "a control character in a string", at);
    if (c != '\\') continue;
    *escapes = true;
    at++; // whatever it is, it does not end the string
  }
  return sj_json_fail(json, SJ_JSON, "a string without an end", json->len);
}

// Escapes only ever shorten, so the source's length is room enough.
static sj_status reserve(sj_json *json, size_t room) {
  char *at = sj_array_room(&json->arena, json->decoded, 0, &json->decoded_cap,
                           room, 1);
  if (at == NULL)
    return sj_json_fail(json, SJ_NOMEM, sj_status_text(SJ_NOMEM), json->at);
  json->decoded = at;
  return SJ_OK;
}

sj_status sj_json_string(sj_json *json, const char **text, size_t *len) {
  const size_t start = json->at + 1;
  size_t end = start;
  bool escapes = false;
  sj_status status = find_end(json, start, &end, &escapes);
  if (status != SJ_OK) return status;
  json->at = end + 1;
  *text = json->bytes + start;
  *len = end - start;
  if (!escapes) return SJ_OK;

  status = reserve(json, end - start);
  if (status != SJ_OK) return status;
  size_t used = 0;
  for (size_t at = start; at < end;) {
    if (json->bytes[at] != '\\') {
      json->decoded[used++] = json->bytes[at++];
      continue;
    }
    uint8_t bytes[4];
    size_t count = 0;
    status = escape(json, &at, bytes, &count);
    if (status != SJ_OK) return status;
    memcpy(json->decoded + used, bytes, count);
    used += count;
  }
  *text = json->decoded;
  *len = used;
  return SJ_OK;
}

static size_t digits(const sj_json *json, size_t at) {
  size_t past = at;
  while (past < json->len && json->bytes[past] >= '0' &&
         json->bytes[past] <= '9')
    past++;
  return past - at;
}

static bool is_at(const sj_json *json, size_t at, char c) {
  return at < json->len && json->bytes[at] == c;
}

// Length of the number at `start` by JSON's grammar; 0 where it is none.
static size_t number_len(const sj_json *json, size_t start, bool *is_integer) {
  size_t at = start + is_at(json, start, '-');
  const size_t whole = digits(json, at);
  if (whole == 0 || (whole > 1 && json->bytes[at] == '0')) return 0;
  at += whole;
  *is_integer = true;
  if (is_at(json, at, '.')) {
    const size_t fraction = digits(json, at + 1);
    if (fraction == 0) return 0;
    at += 1 + fraction;
    *is_integer = false;
  }
  if (is_at(json, at, 'e') || is_at(json, at, 'E')) {
    at++;
    if (is_at(json, at, '+') || is_at(json, at, '-')) at++;
    const size_t exponent = digits(json, at);
    if (exponent == 0) return 0;
    at += exponent;
    *is_integer = false;
  }
  return at - start;
}

// strtod() reads the decimal point of the host's locale. The core never sets
// one, but the host may: where the point is not understood, a comma is.
static double to_double(char *literal) {
  char *end = NULL;
  const double value = strtod(literal, &end);
  if (*end != '.') return value;
  *end = ',';
  return strtod(literal, NULL);
}

sj_status sj_json_number(sj_json *json, sj_json_event *out) {
  const size_t start = json->at;
  bool is_integer = false;
  const size_t len = number_len(json, start, &is_integer);
  if (len == 0)
    return sj_json_fail(json, SJ_JSON, "not a value that JSON has", start);
  const sj_status status = reserve(json, len + 1);
  if (status != SJ_OK) return status;
  memcpy(json->decoded, json->bytes + start, len);
  json->decoded[len] = '\0';
  out->text = json->bytes + start;
  out->len = len;
  out->number = to_double(json->decoded);
  if (!isfinite(out->number))
    return sj_json_fail(json, SJ_JSON, "a number that is too large", start);
  if (is_integer) {
    errno = 0;
    out->integer = strtoll(json->decoded, NULL, 10);
    out->is_integer = errno == 0;
  }
  json->at = start + len;
  return SJ_OK;
}
