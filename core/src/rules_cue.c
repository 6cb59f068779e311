// SPDX-License-Identifier: Apache-2.0
//
// rules_cue.c - write cues as patterns: whole words, any case, with or without
// accents, any blanks between words. So the automaton starts at the cue, and
// the words that introduce a value cost nothing elsewhere.

#include "rules_cue.h"

#include <string.h>

#include "base/array.h"
#include "base/utf8.h"

// A label and its value are parted by blanks and a few signs, and may stand on
// two lines of a form.
static const char GAP[] =
    "[ \\t:#=.\\-\\x{b0}]{0,6}(?:\\n[ \\t:#=.\\-\\x{b0}]{0,6})?";

typedef struct writer {
  sj_arena *arena;
  char *at;
  size_t len, cap;
  bool failed;
} writer;

static void put(writer *out, const char *bytes, size_t len) {
  char *at =
      sj_array_room(out->arena, out->at, out->len, &out->cap, len + 1, 1);
  if (at == NULL) {
    out->failed = true;
    return;
  }
  memcpy(at + out->len, bytes, len);
  out->at = at;
  out->len += len;
}

static void put_text(writer *out, const char *text) {
  put(out, text, strlen(text));
}

// A letter that French writes with accents, and its forms in both cases: forms
// and capitals often leave them out.
static const char *accented(uint32_t code) {
  switch (code) {
  case 'a':
  case 'A':
  case 0xE0:
  case 0xE2:
  case 0xC0:
  case 0xC2:
    return "[aA\\x{e0}\\x{e2}\\x{c0}\\x{c2}]";
  case 'c':
  case 'C':
  case 0xE7:
  case 0xC7:
    return "[cC\\x{e7}\\x{c7}]";
  case 'e':
  case 'E':
  case 0xE8:
  case 0xE9:
  case 0xEA:
  case 0xEB:
  case 0xC8:
  case 0xC9:
  case 0xCA:
  case 0xCB:
    return "[eE\\x{e8}\\x{e9}\\x{ea}\\x{eb}\\x{c8}\\x{c9}\\x{ca}\\x{cb}]";
  case 'i':
  case 'I':
  case 0xEE:
  case 0xEF:
  case 0xCE:
  case 0xCF:
    return "[iI\\x{ee}\\x{ef}\\x{ce}\\x{cf}]";
  case 'o':
  case 'O':
  case 0xF4:
  case 0xD4:
    return "[oO\\x{f4}\\x{d4}]";
  case 'u':
  case 'U':
  case 0xF9:
  case 0xFB:
  case 0xFC:
  case 0xD9:
  case 0xDB:
  case 0xDC:
    return "[uU\\x{f9}\\x{fb}\\x{fc}\\x{d9}\\x{db}\\x{dc}]";
  default:
    return NULL;
  }
}

static void put_char(writer *out, uint32_t code) {
  const char *form = accented(code);
  if (form != NULL) {
    put_text(out, form);
    return;
  }
  char buf[4] = {(char)code, (char)code, 0, 0};
  if ((code | 32) >= 'a' && (code | 32) <= 'z') {
    const char both[4] = {'[', (char)(code | 32), (char)(code & ~32u), ']'};
    put(out, both, sizeof(both));
  } else if (code < 0x80) {
    const bool plain = code >= '0' && code <= '9';
    buf[0] = '\\';
    put(out, plain ? buf + 1 : buf, plain ? 1 : 2);
  } else {
    uint8_t bytes[4];
    put(out, (const char *)bytes, sj_utf8_put(bytes, code));
  }
}

static void put_phrase(writer *out, sj_str phrase) {
  bool blank = false;
  uint32_t code = 0;
  for (size_t at = 0; at < phrase.len;) {
    code = sj_utf8_next((const uint8_t *)phrase.at, &at);
    if (code == ' ' || code == '\t') {
      blank = true;
      continue;
    }
    if (blank) put_text(out, "[ \\t]{1,3}");
    blank = false;
    put_char(out, code);
  }
  // A whole word: no letter may follow. A digit may (`MRN12345`).
  if (sj_utf8_is_letter(code)) put_text(out, "(?!\\p{L})");
}

bool sj_pattern_has_mark(sj_str pattern) {
  static const char mark[] = "(?<mark>";
  for (size_t i = 0; i + sizeof(mark) - 1 <= pattern.len; i++)
    if (memcmp(pattern.at + i, mark, sizeof(mark) - 1) == 0) return true;
  return false;
}

sj_status sj_pattern_build(sj_arena *arena,
                           const sj_rule_def *rule,
                           sj_str match,
                           sj_str *out) {
  writer to = {.arena = arena};
  if (rule->cues.len > 0) {
    put_text(&to, "(?<![\\p{L}\\p{N}_])(?:");
    for (size_t i = 0; i < rule->cues.len; i++) {
      if (i > 0) put_text(&to, "|");
      put_phrase(&to, rule->cues.at[i].text);
    }
    put_text(&to, ")");
    put_text(&to, "(?:");
    if (rule->gap.len > 0)
      put(&to, rule->gap.at, rule->gap.len);
    else
      put_text(&to, GAP);
    put_text(&to, ")");
    put_text(&to, sj_pattern_has_mark(match) ? "(?:" : "(?<mark>");
  }
  put(&to, match.at, match.len);
  if (rule->cues.len > 0) put_text(&to, ")");
  if (to.failed) return SJ_NOMEM;
  *out = (sj_str){to.at, to.len};
  return SJ_OK;
}
