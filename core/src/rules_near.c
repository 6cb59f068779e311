// SPDX-License-Identifier: Apache-2.0
//
// rules_near.c - context words. Both sides are folded to small letters without
// accents, every run of other characters to one blank; then " ssn " is found in
// " patient ssn 078 " and not in " assn ", because words are whole by
// construction (peers match substrings: "duplicate" speaks for a licence).

#include "rules_near.h"

#include <string.h>

#include "base/utf8.h"

enum { WINDOW = SJ_FOLD_ROOM };

// Latin letters with accents as their base; 0 for what folds to itself.
static char base_of(uint32_t code) {
  static const char first[] = // U+00C0 to U+00FF
      "aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty";
  static const char second[] = // U+0100 to U+017F
      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
      "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
  if (code >= 0xC0 && code <= 0xFF) return first[code - 0xC0];
  if (code >= 0x100 && code <= 0x17F) return second[code - 0x100];
  return 0;
}

size_t sj_terms_fold(const uint8_t *bytes, size_t at, size_t end, char *out) {
  size_t len = 0;
  out[len++] = ' ';
  while (at < end && len + 6 < WINDOW) {
    const uint32_t code = sj_utf8_next(bytes, &at);
    uint8_t buf[4] = {0};
    size_t size = 1;
    if (code < 0x80) {
      const bool upper = code >= 'A' && code <= 'Z';
      buf[0] = (uint8_t)(upper ? code | 32 : code);
      if (!sj_utf8_is_alnum(code) && code != '#') buf[0] = ' ';
    } else if (base_of(code) != 0) {
      buf[0] = (uint8_t)base_of(code);
    } else if (sj_utf8_is_alnum(code)) {
      size = sj_utf8_put(buf, code);
    } else {
      buf[0] = ' ';
    }
    if (buf[0] == ' ' && out[len - 1] == ' ') continue;
    memcpy(out + len, buf, size);
    len += size;
  }
  if (out[len - 1] != ' ') out[len++] = ' ';
  out[len] = '\0';
  return len;
}

sj_status sj_terms_build(sj_arena *arena, sj_str phrases, sj_terms *out) {
  *out = (sj_terms){0};
  size_t count = 1;
  for (size_t i = 0; i < phrases.len; i++)
    count += phrases.at[i] == '|';
  out->at = sj_arena_take(arena, count * sizeof(*out->at));
  if (out->at == NULL) return SJ_NOMEM;
  size_t from = 0;
  while (from <= phrases.len) {
    size_t to = from;
    while (to < phrases.len && phrases.at[to] != '|')
      to++;
    char buf[WINDOW];
    const size_t len =
        sj_terms_fold((const uint8_t *)phrases.at, from, to, buf);
    if (len > 2) {
      char *term = sj_arena_take(arena, len + 1);
      if (term == NULL) return SJ_NOMEM;
      memcpy(term, buf, len);
      out->at[out->len++] = term;
    }
    from = to + 1;
  }
  return SJ_OK;
}

// Where the paragraph ends: a blank line.
static bool is_break(const sj_view *view, size_t at) {
  return view->bytes[at] == '\n' && at + 1 < view->len &&
         view->bytes[at + 1] == '\n';
}

bool sj_terms_near(const sj_terms *terms,
                   const sj_view *view,
                   sj_range hit,
                   uint32_t within,
                   bool after) {
  size_t start = after ? hit.end : hit.start;
  size_t end = start;
  for (uint32_t i = 0; i < within; i++) {
    if (after) {
      if (end >= view->len || is_break(view, end)) break;
      (void)sj_utf8_next(view->bytes, &end);
    } else {
      if (start == 0 || is_break(view, start - 1)) break;
      (void)sj_utf8_prev(view->bytes, &start);
    }
  }
  // A word that the edge cuts is no whole word: leave its rest out.
  while (!after && start > 0 && start < hit.start) {
    size_t before = start;
    if (!sj_utf8_is_alnum(sj_utf8_prev(view->bytes, &before))) break;
    (void)sj_utf8_next(view->bytes, &start);
  }
  while (after && end < view->len && end > hit.end) {
    size_t next = end;
    if (!sj_utf8_is_alnum(sj_utf8_next(view->bytes, &next))) break;
    (void)sj_utf8_prev(view->bytes, &end);
  }
  char buf[WINDOW + 1];
  (void)sj_terms_fold(view->bytes, start, end, buf);
  for (size_t i = 0; i < terms->len; i++)
    if (strstr(buf, terms->at[i]) != NULL) return true;
  return false;
}
