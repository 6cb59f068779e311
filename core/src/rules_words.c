// SPDX-License-Identifier: Apache-2.0
//
// rules_words.c - from `a | ab | ac` to `(?:a(?:[bc])?)`, longest first.
//
// A plain alternation of a hundred words costs a hundred comparisons wherever
// it fails; names are looked for at every capital, and fail nearly always.

#include "rules_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"

typedef struct writer {
  sj_arena *arena;
  char *at;
  size_t len, cap;
  bool failed;
} writer;

static void put(writer *out, const char *bytes, size_t len) {
  char *at = sj_array_room(out->arena, out->at, out->len, &out->cap, len, 1);
  if (at == NULL) {
    out->failed = true;
    return;
  }
  memcpy(at + out->len, bytes, len);
  out->at = at;
  out->len += len;
}

static int by_bytes(const void *left, const void *right) {
  const sj_str *a = left;
  const sj_str *b = right;
  const size_t len = a->len < b->len ? a->len : b->len;
  const int sign = memcmp(a->at, b->at, len);
  if (sign != 0) return sign;
  return a->len < b->len ? -1 : a->len > b->len;
}

// How long the character at a byte is.
static size_t char_len(sj_str word, size_t at) {
  size_t next = at;
  (void)sj_utf8_next((const uint8_t *)word.at, &next);
  return next - at;
}

static void put_char(writer *out, sj_str word, size_t at, size_t len) {
  static const char signs[] = "\\^$.[]|()?*+{}#-";
  if (word.at[at] == ' ') {
    put(out, "[ ]", 3);
    return;
  }
  if (len == 1 && strchr(signs, word.at[at]) != NULL) put(out, "\\", 1);
  put(out, word.at + at, len);
}

/// Words [first, last) are sorted and alike in their first `depth` bytes.
static void
put_level(writer *out, const sj_str *words, size_t last, size_t depth) {
  size_t first = 0;
  const bool ends = words[0].len == depth; // a word ends here: the rest may not
  while (first < last && words[first].len == depth)
    first++;
  if (first == last) return;
  put(out, "(?:", 3);
  for (size_t from = first; from < last;) {
    const size_t len = char_len(words[from], depth);
    size_t to = from + 1;
    while (to < last && words[to].len >= depth + len &&
           memcmp(words[to].at + depth, words[from].at + depth, len) == 0)
      to++;
    if (from > first) put(out, "|", 1);
    put_char(out, words[from], depth, len);
    put_level(out, words + from, to - from, depth + len);
    from = to;
  }
  put(out, ")", 1);
  if (ends) put(out, "?", 1);
}

static sj_str trim(sj_str text) {
  while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
    text.at++;
    text.len--;
  }
  while (text.len > 0 &&
         (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
    text.len--;
  return text;
}

sj_status sj_words_build(sj_arena *arena, sj_str list, sj_str *out) {
  *out = (sj_str){0};
  size_t room = 1;
  for (size_t i = 0; i < list.len; i++)
    room += list.at[i] == '|';
  sj_str *words = sj_arena_take(arena, room * sizeof(*words));
  if (words == NULL) return SJ_NOMEM;
  size_t count = 0;
  for (size_t from = 0; from <= list.len;) {
    size_t to = from;
    while (to < list.len && list.at[to] != '|')
      to++;
    const sj_str word = trim((sj_str){list.at + from, to - from});
    if (word.len > 0) words[count++] = word;
    from = to + 1;
  }
  if (count == 0) return SJ_OK;
  qsort(words, count, sizeof(*words), by_bytes);
  writer to = {.arena = arena};
  put_level(&to, words, count, 0);
  if (to.failed) return SJ_NOMEM;
  *out = (sj_str){to.at, to.len};
  return SJ_OK;
}
