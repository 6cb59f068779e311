// SPDX-License-Identifier: Apache-2.0
//
// tokenize_regex.c - the regular expressions of a Split or Replace.
//
// They are written for Oniguruma. PCRE2 reads the same syntax, but for a few
// places, which are rewritten (\s, \w, \d, \h: what they hold) or refused
// (class intersections, possessive braces, \R, \X, named calls).

#include "tokenize_parts.h"

#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "tokenize_unicode.h"

static const char spaces[] = "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}"
                             "\\x{2000}-\\x{200a}\\x{2028}\\x{2029}"
                             "\\x{202f}\\x{205f}\\x{3000}";
static const char not_spaces[] =
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{84}\\x{86}-\\x{9f}"
    "\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}"
    "\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"
    "\\x{3001}-\\x{10ffff}";
static const char gpt[] = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
                          " ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

typedef struct writer {
  sj_arena *arena;
  char *at;
  size_t len, cap;
  bool failed;
} writer;

static void write(writer *w, const char *text, size_t len) {
  char *at = sj_array_room(w->arena, w->at, w->len, &w->cap, len, 1);
  if (at == NULL) {
    w->failed = true;
    return;
  }
  w->at = at;
  memcpy(at + w->len, text, len);
  w->len += len;
}

static void write_class(writer *w, const char *set, bool in_class, bool not ) {
  if (!in_class) write(w, not ? "[^" : "[", not ? 2 : 1);
  write(w, set, strlen(set));
  if (!in_class) write(w, "]", 1);
}

// The escape at `at`, which is a backslash; returns its length, 0 to refuse.
static size_t
write_escape(writer *w, const char *at, size_t left, bool in_class) {
  if (left < 2) return 0;
  switch (at[1]) {
  case 's':
    write_class(w, spaces, in_class, false);
    return 2;
  case 'S':
    write_class(w, not_spaces, in_class, false);
    return 2;
  case 'w':
    write_class(w, "\\p{L}\\p{M}\\p{Nd}\\p{Pc}", in_class, false);
    return 2;
  case 'W':
    if (in_class) return 0;
    write_class(w, "\\p{L}\\p{M}\\p{Nd}\\p{Pc}", in_class, true);
    return 2;
  case 'd':
    write(w, "\\p{Nd}", 6);
    return 2;
  case 'D':
    write(w, "\\P{Nd}", 6);
    return 2;
  case 'h':
    write_class(w, "0-9a-fA-F", in_class, false);
    return 2;
  case 'p':
  case 'P': {
    if (left < 3 || at[2] != '{') return 0;
    const char *close = memchr(at, '}', left);
    if (close == NULL) return 0;
    // PCRE2 takes a script by its extensions, Oniguruma by itself.
    const char *name = at + 3;
    const size_t name_len = (size_t)(close - name);
    const bool script = name_len > 2 && memchr(name, '_', name_len) == NULL;
    const size_t caret = name_len > 0 && name[0] == '^' ? 1 : 0;
    write(w, at, 3 + caret);
    if (script) write(w, "sc:", 3);
    write(w, name + caret, name_len - caret + 1);
    return (size_t)(close - at) + 1;
  }
  case 'H':
  case 'R':
  case 'X':
  case 'K':
  case 'g':
  case 'k':
  case 'Q':
  case 'E':
  case 'C':
  case 'N':
    return 0;
  default:
    write(w, at, 2);
    return 2;
  }
}

static bool is_possessive_brace(const char *at, size_t left) {
  const char *close = memchr(at, '}', left);
  return close != NULL && (size_t)(close - at) + 1 < left && close[1] == '+';
}

// Set operations inside a class, and braces that Oniguruma reads otherwise.
static bool is_refused(const char *at, size_t left, bool in_class) {
  if (in_class) return *at == '[' || (left > 1 && memcmp(at, "&&", 2) == 0);
  return *at == '{' && is_possessive_brace(at, left);
}

static bool translate(writer *w, const char *pattern, size_t len) {
  bool in_class = false;
  for (size_t i = 0; i < len && !w->failed;) {
    const char c = pattern[i];
    const size_t left = len - i;
    size_t taken = 1;
    if (c == '\\') {
      taken = write_escape(w, pattern + i, left, in_class);
      if (taken == 0) return false;
    } else if (is_refused(pattern + i, left, in_class)) {
      return false;
    } else {
      write(w, &c, 1);
    }
    if (c == '[') {
      in_class = true;
      // A bracket right behind the opening one is a plain character.
      if (left > 1 && pattern[i + 1] == '^') write(w, "^", 1), taken++;
    }
    if (c == ']') in_class = false;
    i += taken;
  }
  return true;
}

sj_status sj_tok_regex_compile(sj_tokenizer *tokenizer,
                               const char *pattern,
                               size_t len,
                               uint32_t options,
                               pcre2_code **out) {
  *out = NULL;
  pcre2_compile_context *how = pcre2_compile_context_create(tokenizer->memory);
  if (how == NULL) return SJ_NOMEM;
  int error = 0;
  size_t at = 0;
  *out = pcre2_compile((PCRE2_SPTR)pattern, len,
                       PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK |
                           PCRE2_NEVER_BACKSLASH_C | options,
                       &error, &at, how);
  pcre2_compile_context_free(how);
  if (*out != NULL) return SJ_OK;
  return error == PCRE2_ERROR_HEAP_FAILED ? SJ_NOMEM : SJ_TOKENIZER;
}

sj_status sj_tok_regex_new(sj_tokenizer *tokenizer,
                           const char *pattern,
                           size_t len,
                           pcre2_code **out) {
  *out = NULL;
  sj_arena scratch;
  sj_arena_init(&scratch, tokenizer->allocator);
  writer w = {.arena = &scratch};
  const bool good = translate(&w, pattern, len);
  sj_status status = SJ_OK;
  if (w.failed)
    status = SJ_NOMEM;
  else if (!good)
    status = SJ_TOKENIZER;
  else
    status = sj_tok_regex_compile(tokenizer, w.at == NULL ? "" : w.at, w.len,
                                  PCRE2_MULTILINE, out);
  sj_arena_release(&scratch);
  return status;
}

bool sj_tok_regex_find(sj_tok_run *run,
                       const pcre2_code *code,
                       sj_range within,
                       uint32_t from,
                       sj_range *out) {
  if (run->match == NULL)
    run->match = pcre2_match_data_create(1, run->tokenizer->memory);
  if (run->match == NULL) {
    run->failed = SJ_NOMEM;
    return false;
  }
  // A piece is a text of its own: nothing looks beyond its ends.
  const int count =
      pcre2_match(code, run->now.bytes + within.start,
                  within.end - within.start, from - within.start,
                  PCRE2_NO_UTF_CHECK, run->match, run->tokenizer->limits);
  if (count == PCRE2_ERROR_NOMATCH) return false;
  if (count < 0) {
    run->failed = count == PCRE2_ERROR_NOMEMORY ? SJ_NOMEM : SJ_TOKENIZER;
    return false;
  }
  const size_t *found = pcre2_get_ovector_pointer(run->match);
  if (found[1] < found[0]) {
    run->failed = SJ_TOKENIZER;
    return false;
  }
  *out = (sj_range){within.start + (uint32_t)found[0],
                    within.start + (uint32_t)found[1]};
  return true;
}

bool sj_tok_gpt_is(const char *pattern, size_t len) {
  return len == sizeof(gpt) - 1 && memcmp(pattern, gpt, len) == 0;
}

static unsigned class_at(const uint8_t *bytes, uint32_t at, uint32_t *next) {
  size_t to = at;
  const unsigned kind = sj_uc_of(sj_utf8_next(bytes, &to)) &
                        (SJ_UC_SPACE | SJ_UC_LETTER | SJ_UC_NUMBER);
  *next = (uint32_t)to;
  return kind;
}

static uint32_t
run_end(const uint8_t *bytes, uint32_t at, uint32_t end, unsigned kind) {
  uint32_t next = at;
  while (at < end && class_at(bytes, at, &next) == kind)
    at = next;
  return at;
}

static uint32_t
contraction_end(const uint8_t *bytes, uint32_t at, uint32_t end) {
  static const char words[7][3] = {"s", "t", "re", "ve", "m", "ll", "d"};
  for (size_t i = 0; i < 7; i++) {
    const uint32_t len = words[i][1] == '\0' ? 1 : 2;
    if (end - at > len && memcmp(bytes + at + 1, words[i], len) == 0)
      return at + 1 + len;
  }
  return at;
}

// The end of the match of GPT-2's regex that begins here; it matches anywhere.
uint32_t sj_tok_gpt_end(const uint8_t *bytes, uint32_t at, uint32_t end) {
  if (bytes[at] == '\'') {
    const uint32_t found = contraction_end(bytes, at, end);
    if (found > at) return found;
  }
  uint32_t next = at;
  uint32_t word = at;
  if (bytes[at] == ' ' && at + 1 < end) word = at + 1;
  const unsigned kind = class_at(bytes, word, &next);
  if (kind != SJ_UC_SPACE) return run_end(bytes, next, end, kind);
  const uint32_t blanks = run_end(bytes, at, end, SJ_UC_SPACE);
  if (blanks == end) return end;
  size_t last = blanks;
  (void)sj_utf8_prev(bytes, &last);
  return last > at ? (uint32_t)last : blanks;
}
