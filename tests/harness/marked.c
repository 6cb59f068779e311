// SPDX-License-Identifier: Apache-2.0
//
// marked.c - marks and escapes.

#include "marked.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "scrubjay/scrubjay.h"

typedef struct reader {
  const char *source;
  size_t len, at;
  sj_marked *out;
  bool marks;
} reader;

// `\u{XXXX}`, with `at` behind the u.
static bool code_point(reader *r) {
  uint32_t code = 0;
  if (r->at >= r->len || r->source[r->at++] != '{') return false;
  while (r->at < r->len && r->source[r->at] != '}') {
    const char digit[2] = {r->source[r->at++], '\0'};
    char *end = NULL;
    const unsigned long value = strtoul(digit, &end, 16);
    if (*end != '\0' || code > 0x10FFFF) return false;
    code = code * 16 + (uint32_t)value;
  }
  if (r->at >= r->len || code > 0x10FFFF) return false;
  r->at++;
  uint8_t bytes[4];
  const size_t count = sj_utf8_put(bytes, code);
  memcpy(r->out->text + r->out->len, bytes, count);
  r->out->len += count;
  return true;
}

static bool escape(reader *r) {
  if (r->at >= r->len) return false;
  const char c = r->source[r->at++];
  if (c == 'u') return code_point(r);
  static const char names[] = "\\[]-=rn0";
  static const char values[] = "\\[]-=\r\n\0";
  const char *found = c == '\0' ? NULL : strchr(names, c);
  if (found == NULL) return false;
  r->out->text[r->out->len++] = values[found - names];
  return true;
}

// The head of a mark, `LABEL.role.subtype:`, with `at` behind the bracket.
static bool head(reader *r, sj_mark *mark) {
  const char *start = r->source + r->at;
  const char *colon = memchr(start, ':', r->len - r->at);
  if (colon == NULL) return false;
  size_t left = (size_t)(colon - start);
  r->at += left + 1;
  *mark = (sj_mark){.start = r->out->len, .role = -1};
  for (int part = 0; left > 0 || part == 0; part++) {
    const char *dot = memchr(start, '.', left);
    const size_t size = dot != NULL ? (size_t)(dot - start) : left;
    if (part == 0) {
      mark->label = sj_label_from_name(start, size);
      if (mark->label < 0) return false;
    } else if (size > 0 && sj_role_from_name(start, size) > 0) {
      mark->role = sj_role_from_name(start, size);
    } else {
      if (size >= sizeof(mark->subtype)) return false;
      memcpy(mark->subtype, start, size);
    }
    const size_t used = dot != NULL ? size + 1 : size;
    start += used;
    left -= used;
  }
  return true;
}

static bool read_all(reader *r) {
  bool open = false;
  while (r->at < r->len) {
    const char c = r->source[r->at++];
    sj_mark *mark = &r->out->marks[r->out->count];
    if (c == '\\') {
      if (!escape(r)) return false;
    } else if (r->marks && c == '[') {
      if (open || !head(r, mark)) return false;
      open = true;
    } else if (r->marks && c == ']' && open) {
      mark->end = r->out->len;
      r->out->count++;
      open = false;
    } else {
      r->out->text[r->out->len++] = c;
    }
  }
  return !open;
}

static bool
read_text(const char *source, size_t len, bool marks, sj_marked *out) {
  *out = (sj_marked){0};
  size_t brackets = 1;
  for (size_t i = 0; i < len; i++)
    brackets += source[i] == '[';
  out->text = calloc(len + 1, 1);
  out->marks = calloc(brackets + 1, sizeof(*out->marks));
  reader r = {.source = source, .len = len, .out = out, .marks = marks};
  if (out->text != NULL && out->marks != NULL && read_all(&r)) return true;
  sj_marked_free(out);
  return false;
}

bool sj_marked_read(const char *source, size_t len, sj_marked *out) {
  return read_text(source, len, true, out);
}

bool sj_marked_read_plain(const char *source, size_t len, sj_marked *out) {
  return read_text(source, len, false, out);
}

void sj_marked_free(sj_marked *marked) {
  free(marked->text);
  free(marked->marks);
  *marked = (sj_marked){0};
}

// Characters that a reader of the file would not see.
static bool is_invisible(uint32_t code) {
  static const uint32_t ranges[][2] = {
      {0xA0, 0xA0},     {0xAD, 0xAD},     {0x200B, 0x200C}, {0x200E, 0x200F},
      {0x2028, 0x202F}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0x300, 0x36F}};
  for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
    if (code >= ranges[i][0] && code <= ranges[i][1]) return true;
  return false;
}

// Write one character; returns how many bytes that took, at most 10.
static size_t put_escaped(char *out, uint32_t code, bool line_start) {
  if (is_invisible(code))
    return (size_t)snprintf(out, 12, "\\u{%X}", (unsigned)code);
  size_t used = 0;
  const bool rule = line_start && (code == '=' || code == '-');
  if (code == '\\' || code == '\r' || code == '\0' || rule) out[used++] = '\\';
  if (code == '\r') code = 'r';
  if (code == '\0') code = '0';
  uint8_t bytes[4];
  const size_t count = sj_utf8_put(bytes, code);
  memcpy(out + used, bytes, count);
  return used + count;
}

char *sj_marked_escape(const char *text, size_t len, size_t *out_len) {
  char *out = malloc(len * 4 + 12); // two bytes become at most eight
  if (out == NULL) return NULL;
  size_t used = 0;
  for (size_t at = 0; at < len;) {
    const bool line_start = at == 0 || text[at - 1] == '\n';
    const uint32_t code = sj_utf8_next((const uint8_t *)text, &at);
    used += put_escaped(out + used, code, line_start);
  }
  *out_len = used;
  return out;
}
