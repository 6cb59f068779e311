// SPDX-License-Identifier: Apache-2.0
//
// rules_regex.c - read a pattern into a tree.
//
// A recursive descent over alternatives, sequences, repeats and atoms. Inline
// options (`(?i)`) hold to the end of their group, as in PCRE2. Whatever could
// mean something else to PCRE2 than to this reader is refused.

#include "rules_regex.h"

#include <string.h>

#define MAX_DEPTH 60
#define MAX_NODES 60000

typedef struct reader {
  sj_arena *arena;
  const char *at, *end, *start;
  sj_regex *regex;
  uint32_t node_cap, set_cap;
  bool caseless;
  unsigned depth;
  const char *what; ///< the first refusal; NULL while all is well
  bool nomem;
} reader;

static uint32_t refuse(reader *in, const char *what) {
  if (in->what == NULL) in->what = what;
  return 0;
}

static uint32_t add_node(reader *in, sj_ast_kind kind) {
  sj_regex *regex = in->regex;
  if (regex->node_count >= MAX_NODES)
    return refuse(in, "the pattern is too large");
  if (regex->node_count == in->node_cap) {
    uint32_t cap = in->node_cap == 0 ? 64 : in->node_cap * 2;
    sj_ast *nodes =
        sj_arena_grow(in->arena, regex->nodes, in->node_cap * sizeof *nodes,
                      cap * sizeof *nodes);
    if (nodes == NULL) {
      in->nomem = true;
      return refuse(in, "out of memory");
    }
    regex->nodes = nodes;
    in->node_cap = cap;
  }
  sj_ast *node = &regex->nodes[regex->node_count];
  *node = (sj_ast){.kind = (uint8_t)kind};
  return regex->node_count++;
}

static uint32_t add_set(reader *in, sj_set set) {
  sj_regex *regex = in->regex;
  if (in->caseless) sj_set_fold(&set);
  if (regex->set_count == in->set_cap) {
    uint32_t cap = in->set_cap == 0 ? 32 : in->set_cap * 2;
    sj_set *sets = sj_arena_grow(
        in->arena, regex->sets, in->set_cap * sizeof *sets, cap * sizeof *sets);
    if (sets == NULL) {
      in->nomem = true;
      return refuse(in, "out of memory");
    }
    regex->sets = sets;
    in->set_cap = cap;
  }
  uint32_t node = add_node(in, SJ_AST_SET);
  if (in->what != NULL) return 0;
  regex->sets[regex->set_count] = set;
  regex->nodes[node].value = regex->set_count++;
  return node;
}

static uint32_t add_char(reader *in, uint32_t c) {
  bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
  if (in->caseless && (letter || c >= 128)) {
    sj_set set = {.sure = true};
    sj_set_add(&set, c, c);
    return add_set(in, set);
  }
  uint32_t node = add_node(in, SJ_AST_CHAR);
  if (in->what == NULL) in->regex->nodes[node].value = c;
  return node;
}

static bool next_is(const reader *in, const char *text) {
  size_t len = strlen(text);
  return (size_t)(in->end - in->at) >= len && memcmp(in->at, text, len) == 0;
}

static bool take(reader *in, const char *text) {
  if (!next_is(in, text)) return false;
  in->at += strlen(text);
  return true;
}

/// The next character. Patterns are valid UTF-8 by the time they come here.
static uint32_t take_char(reader *in) {
  uint8_t b = (uint8_t)*in->at++;
  unsigned more = b < 0xC0 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
  uint32_t c = more == 0 ? b : b & (0x3Fu >> more);
  while (more-- > 0 && in->at < in->end)
    c = c << 6 | ((uint8_t)*in->at++ & 0x3F);
  return c;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char low = (char)(c | 32);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// `\xHH` or `\x{H...}`, after the x.
static uint32_t take_hex(reader *in) {
  bool braced = take(in, "{");
  uint32_t c = 0;
  int digits = 0;
  while (in->at < in->end && hex_digit(*in->at) >= 0 &&
         digits < (braced ? 6 : 2)) {
    c = c << 4 | (uint32_t)hex_digit(*in->at++);
    digits++;
  }
  if (digits == 0 || (braced && !take(in, "}")) || c > 0x10FFFF)
    return refuse(in, "a hexadecimal escape is not well formed");
  return c;
}

/// `\p{Lu}`, `\p{^Lu}`, `\pL` and the same with P, after the letter.
static void take_property(reader *in, bool inverted, sj_set *set) {
  const char *name = in->at;
  size_t len = 1;
  if (take(in, "{")) {
    if (take(in, "^")) inverted = !inverted;
    name = in->at;
    while (in->at < in->end && *in->at != '}')
      in->at++;
    len = (size_t)(in->at - name);
    if (!take(in, "}")) refuse(in, "a property is not closed");
  } else if (in->at < in->end) {
    in->at++;
  } else {
    len = 0;
  }
  if (!sj_set_add_property(set, name, len))
    refuse(in, "a Unicode property that the automaton does not know");
  // PCRE2 lets case play into upper and lower by version and place.
  const bool cased = len == 2 && name[0] == 'L';
  if (in->caseless && cased) {
    sj_set_add_property(set, "L", 1);
    set->sure = false;
  }
  if (inverted && in->caseless) *set = (sj_set){.ascii = {~0ull, ~0ull}};
  if (inverted) sj_set_invert(set);
  if (inverted && in->caseless) {
    set->ascii[0] = ~0ull;
    set->ascii[1] = ~0ull;
    set->sure = false;
  }
}

/// An escape that stands for one character, in or out of a class; -1 if `c`
/// is none of them.
static int64_t plain_escape(reader *in, char c) {
  switch (c) {
  case 't':
    return '\t';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 'f':
    return '\f';
  case 'e':
    return 0x1B;
  case 'a':
    return 7;
  case 'x':
    return take_hex(in);
  default:
    break;
  }
  bool word = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
  if (word || (uint8_t)c >= 128) return -1;
  return (uint8_t)c;
}

/// A class escape (`\d`, `\W`, `\p{L}`): fills the set, or returns false.
static bool class_escape(reader *in, char c, sj_set *set) {
  if (c == 'p' || c == 'P') {
    take_property(in, c == 'P', set);
    return true;
  }
  if (!sj_set_add_class(set, (char)(c | 32))) return false;
  if ((c & 32) == 0) sj_set_invert(set);
  return true;
}

/// One member of a bracketed class: a character, returned, or a whole set,
/// which is united and gives -1.
static int64_t class_member(reader *in, sj_set *set) {
  if (next_is(in, "[:")) {
    const char *name = in->at + 2;
    const char *close = name;
    while (close < in->end && *close >= 'a' && *close <= 'z')
      close++;
    if (in->end - close >= 2 && close[0] == ':' && close[1] == ']') {
      if (!sj_set_add_posix(set, name, (size_t)(close - name)))
        refuse(in, "a POSIX class that the automaton does not know");
      if (in->caseless) sj_set_add_posix(set, "alpha", 5), set->sure = false;
      in->at = close + 2;
      return -1;
    }
  }
  if (next_is(in, "[:") || next_is(in, "[.") || next_is(in, "[="))
    return refuse(in, "a bracket inside a class: write \\[");
  if (!take(in, "\\")) return take_char(in);
  if (in->at == in->end) return refuse(in, "a pattern ends in a backslash");
  char c = *in->at++;
  if (c == 'b') return 8;
  sj_set more = {.sure = true};
  if (class_escape(in, c, &more)) {
    sj_set_unite(set, &more);
    return -1;
  }
  int64_t plain = plain_escape(in, c);
  if (plain < 0) return refuse(in, "an escape that a class does not take");
  return plain;
}

/// A class, after the opening bracket.
static uint32_t read_class(reader *in) {
  sj_set set = {.sure = true};
  bool inverted = take(in, "^");
  bool first = true;
  while (in->what == NULL) {
    if (in->at >= in->end) return refuse(in, "a class is not closed");
    if (!first && take(in, "]")) break;
    first = false;
    int64_t lo = class_member(in, &set);
    if (lo < 0) continue;
    int64_t hi = lo;
    bool range = in->end - in->at >= 2 && in->at[0] == '-' && in->at[1] != ']';
    if (range) {
      in->at++;
      hi = class_member(in, &set);
      if (hi < lo) return refuse(in, "a range in a class is out of order");
    }
    sj_set_add(&set, (uint32_t)lo, (uint32_t)hi);
  }
  // Case is folded before the set is turned round, as PCRE2 does.
  if (in->caseless) sj_set_fold(&set);
  if (inverted) {
    if (in->caseless && !set.sure) set.ascii[0] = set.ascii[1] = 0;
    sj_set_invert(&set);
  }
  bool caseless = in->caseless;
  if (inverted) in->caseless = false;
  uint32_t node = add_set(in, set);
  in->caseless = caseless;
  return node;
}

static uint32_t read_escape(reader *in) {
  if (in->at == in->end) return refuse(in, "a pattern ends in a backslash");
  char c = *in->at++;
  if (c == 'b') return add_node(in, SJ_AST_WORD);
  if (c == 'B' || c == 'A' || c == 'z' || c == 'Z')
    return add_node(in, SJ_AST_EDGE);
  sj_set set = {.sure = true};
  if (class_escape(in, c, &set)) return add_set(in, set);
  if (c >= '0' && c <= '9')
    return refuse(in, "back references and octal escapes are not read");
  int64_t plain = plain_escape(in, c);
  if (plain < 0) return refuse(in, "an escape that the automaton cannot read");
  return add_char(in, (uint32_t)plain);
}

/// A repeat's bounds. False where none stands here.
static bool read_bounds(reader *in, uint32_t *lo, uint32_t *hi) {
  *lo = 0;
  *hi = SJ_REGEX_INF;
  if (take(in, "*")) return true;
  *lo = 1;
  if (take(in, "+")) return true;
  *lo = 0;
  *hi = 1;
  if (take(in, "?")) return true;
  if (!take(in, "{")) return false;
  uint32_t bound[2] = {0, 0};
  int digits[2] = {0, 0};
  int which = 0;
  for (; in->at < in->end && *in->at != '}'; in->at++) {
    char c = *in->at;
    if (c == ',' && which == 0) {
      which = 1;
    } else if (c >= '0' && c <= '9' && digits[which] < 4) {
      bound[which] = bound[which] * 10 + (uint32_t)(c - '0');
      digits[which]++;
    } else {
      break;
    }
  }
  if (!take(in, "}") || digits[0] + digits[1] == 0)
    refuse(in, "a brace that is no repeat and no known piece: write \\{");
  *lo = bound[0];
  *hi = which == 0 ? bound[0] : digits[1] > 0 ? bound[1] : SJ_REGEX_INF;
  if (*hi < *lo || *hi == 0) refuse(in, "a repeat's bounds are out of order");
  return true;
}

/// Inline options after `(?`: sets them; true when a colon opens a group.
static bool read_options(reader *in) {
  bool on = true;
  for (; in->at < in->end; in->at++) {
    char c = *in->at;
    if (c == '-')
      on = false;
    else if (c == 'i')
      in->caseless = on;
    else if (c != 'm' && c != 's')
      break;
  }
  if (take(in, ":")) return true;
  if (!next_is(in, ")"))
    refuse(in, "a kind of group that the automaton cannot read");
  return false;
}

typedef enum opening { OPEN_GROUP, OPEN_AHEAD, OPEN_BEHIND, OPEN_NONE } opening;

static void skip_past(reader *in, char close) {
  while (in->at < in->end && *in->at != close)
    in->at++;
  if (in->at == in->end)
    refuse(in, "a group's name is not closed");
  else
    in->at++;
}

/// What stands after an opening parenthesis.
static opening read_opening(reader *in, bool *negative) {
  if (next_is(in, "*")) {
    refuse(in, "verbs and callouts are not read");
    return OPEN_NONE;
  }
  if (!take(in, "?")) return OPEN_GROUP;
  *negative = next_is(in, "!") || next_is(in, "<!");
  if (take(in, "=") || take(in, "!")) return OPEN_AHEAD;
  if (take(in, "<=") || take(in, "<!")) return OPEN_BEHIND;
  if (take(in, ">")) return OPEN_GROUP;
  if (take(in, "<") || take(in, "P<")) {
    skip_past(in, '>');
    return OPEN_GROUP;
  }
  return read_options(in) ? OPEN_GROUP : OPEN_NONE;
}

static bool starts_repeat(const reader *in) {
  return in->at < in->end && strchr("*+?{", *in->at) != NULL && *in->at != '\0';
}

/// One open alternative: the sequence's node and its last child.
typedef struct sequence {
  uint32_t node, last;
} sequence;

static void append(reader *in, sequence *to, uint32_t child) {
  if (in->what != NULL) return;
  if (to->last == 0)
    in->regex->nodes[to->node].first = child;
  else
    in->regex->nodes[to->last].next = child;
  to->last = child;
}

/// Wrap an atom in the repeat that follows it, if one does.
static uint32_t read_repeat(reader *in, uint32_t atom) {
  uint32_t lo = 0;
  uint32_t hi = 0;
  if (in->what != NULL || !starts_repeat(in)) return atom;
  uint8_t kind = in->regex->nodes[atom].kind;
  if (!read_bounds(in, &lo, &hi)) return atom;
  if (kind >= SJ_AST_AHEAD) return refuse(in, "an assertion is repeated");
  if (!take(in, "?")) take(in, "+");
  if (starts_repeat(in)) return refuse(in, "a repeat follows a repeat");
  uint32_t node = add_node(in, SJ_AST_REPEAT);
  if (in->what != NULL) return 0;
  in->regex->nodes[node].first = atom;
  in->regex->nodes[node].lo = lo;
  in->regex->nodes[node].hi = hi;
  return node;
}

static uint32_t read_simple(reader *in) {
  if (take(in, "[")) return read_class(in);
  if (take(in, "\\")) return read_escape(in);
  if (take(in, "^") || take(in, "$")) return add_node(in, SJ_AST_EDGE);
  if (starts_repeat(in)) return refuse(in, "a repeat has nothing to repeat");
  if (take(in, ".")) {
    sj_set any = {.sure = false};
    sj_set_invert(&any);
    return add_set(in, any);
  }
  return add_char(in, take_char(in));
}

// The reader keeps its own stack: one frame for each open group.
typedef struct frame {
  uint32_t alternatives, last_alternative; ///< node ALT and its last child
  sequence open;
  uint8_t kind; ///< opening
  bool negative, caseless;
} frame;

static void open_frame(reader *in, frame *f, opening kind, bool caseless) {
  f->kind = (uint8_t)kind;
  f->caseless = caseless;
  f->alternatives = add_node(in, SJ_AST_ALT);
  f->open.node = add_node(in, SJ_AST_CAT);
  f->open.last = 0;
  f->last_alternative = f->open.node;
  if (in->what == NULL) in->regex->nodes[f->alternatives].first = f->open.node;
}

static void next_alternative(reader *in, frame *f) {
  f->open.node = add_node(in, SJ_AST_CAT);
  f->open.last = 0;
  if (in->what != NULL) return;
  in->regex->nodes[f->last_alternative].next = f->open.node;
  f->last_alternative = f->open.node;
}

static uint32_t close_frame(reader *in, const frame *f) {
  in->caseless = f->caseless;
  if (in->what != NULL || f->kind == OPEN_GROUP) return f->alternatives;
  bool ahead = f->kind == OPEN_AHEAD;
  uint32_t node = add_node(in, ahead ? SJ_AST_AHEAD : SJ_AST_BEHIND);
  if (in->what != NULL) return 0;
  in->regex->nodes[node].first = f->alternatives;
  in->regex->nodes[node].negative = f->negative;
  return node;
}

/// Handle one token; `stack[*depth]` is the innermost open group.
static void read_token(reader *in, frame *stack) {
  frame *top = &stack[in->depth];
  if (take(in, "|")) {
    next_alternative(in, top);
    return;
  }
  if (take(in, "(")) {
    bool negative = false;
    bool caseless = in->caseless;
    opening kind = read_opening(in, &negative);
    if (in->what != NULL) return;
    if (kind == OPEN_NONE) { // options alone: they hold for the open group
      take(in, ")");
      return;
    }
    if (in->depth + 1 == MAX_DEPTH) {
      refuse(in, "groups are nested too deep");
      return;
    }
    open_frame(in, &stack[++in->depth], kind, caseless);
    stack[in->depth].negative = negative;
    return;
  }
  if (take(in, ")")) {
    if (in->depth == 0) {
      refuse(in, "a closing parenthesis has no partner");
      return;
    }
    uint32_t node = close_frame(in, top);
    in->depth--;
    append(in, &stack[in->depth].open, read_repeat(in, node));
    return;
  }
  append(in, &top->open, read_repeat(in, read_simple(in)));
}

sj_status sj_regex_read(sj_arena *arena,
                        const char *pattern,
                        size_t len,
                        sj_regex *out,
                        const char **what,
                        size_t *at) {
  *out = (sj_regex){0};
  reader in = {.arena = arena,
               .at = pattern,
               .start = pattern,
               .end = pattern + len,
               .regex = out};
  frame stack[MAX_DEPTH] = {0};
  add_node(&in, SJ_AST_EMPTY); // number 0 means none
  open_frame(&in, &stack[0], OPEN_GROUP, false);
  while (in.what == NULL && in.at < in.end)
    read_token(&in, stack);
  if (in.what == NULL && in.depth > 0) refuse(&in, "a group is not closed");
  out->root = stack[0].alternatives;
  *what = in.what;
  *at = (size_t)(in.at - in.start);
  if (in.nomem) return SJ_NOMEM;
  return in.what == NULL ? SJ_OK : SJ_PACK;
}
