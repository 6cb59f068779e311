// SPDX-License-Identifier: Apache-2.0
//
// marked.c - marks and escapes.

#include "marked.h"

#include <stdint.h>
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

char *sj_marked_escape(const char *text, size_t len, size_t *out_len) {
  char *out = malloc(len * 2 + 1);
  if (out == NULL) return NULL;
  size_t used = 0;
  for (size_t i = 0; i < len; i++) {
    const char c = text[i];
    const bool line_start = i == 0 || text[i - 1] == '\n';
    const bool rule = line_start && (c == '=' || c == '-');
    if (c == '\\' || c == '\r' || c == '\0' || rule) out[used++] = '\\';
    out[used++] = c;
    if (c == '\r') out[used - 1] = 'r';
    if (c == '\0') out[used - 1] = '0';
  }
  *out_len = used;
  return out;
}
