// SPDX-License-Identifier: Apache-2.0
//
// rules_shape.c - what a pattern's tree says about its matches: how long they
// can be, after which characters none can begin, and whether they are better
// looked for from a rare sign backwards (an address from its @).

#include "rules_regex.h"

static uint32_t add_len(uint32_t a, uint32_t b) {
  return a == SJ_REGEX_INF || b == SJ_REGEX_INF || a + b < a ? SJ_REGEX_INF
                                                             : a + b;
}

static uint32_t times_len(uint32_t len, uint32_t times) {
  if (len == 0 || times == 0) return 0;
  if (len == SJ_REGEX_INF || times == SJ_REGEX_INF) return SJ_REGEX_INF;
  uint64_t product = (uint64_t)len * times;
  return product >= SJ_REGEX_INF ? SJ_REGEX_INF : (uint32_t)product;
}

static uint32_t char_len(uint32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void measure_set(const sj_set *set, sj_ast *node) {
  bool ascii = (set->ascii[0] | set->ascii[1]) != 0;
  uint64_t two = set->lead & 0xFFFFFFFFull;
  uint64_t three = set->lead & 0xFFFFull << 32;
  uint64_t four = set->lead >> 48;
  node->min = ascii || set->lead == 0 ? 1 : two != 0 ? 2 : three != 0 ? 3 : 4;
  node->max = four != 0 ? 4 : three != 0 ? 3 : two != 0 ? 2 : 1;
}

static void measure_children(const sj_regex *regex, sj_ast *node) {
  bool alternatives = node->kind == SJ_AST_ALT;
  node->min = alternatives ? SJ_REGEX_INF : 0;
  for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next) {
    const sj_ast *child = &regex->nodes[i];
    if (!alternatives) {
      node->min = add_len(node->min, child->min);
      node->max = add_len(node->max, child->max);
      continue;
    }
    if (child->min < node->min) node->min = child->min;
    if (child->max > node->max) node->max = child->max;
  }
}

/// Lengths of every node. A sequence's number may be below its children's, so
/// the tree is walked from the leaves by depth.
static void measure(const sj_regex *regex, uint32_t at) {
  sj_ast *node = &regex->nodes[at];
  node->min = 0;
  node->max = 0;
  for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next)
    measure(regex, i);
  switch ((sj_ast_kind)node->kind) {
  case SJ_AST_CHAR:
    node->min = char_len(node->value);
    node->max = node->min;
    break;
  case SJ_AST_SET:
    measure_set(&regex->sets[node->value], node);
    break;
  case SJ_AST_CAT:
  case SJ_AST_ALT:
    measure_children(regex, node);
    break;
  case SJ_AST_REPEAT:
    node->min = times_len(regex->nodes[node->first].min, node->lo);
    node->max = times_len(regex->nodes[node->first].max, node->hi);
    break;
  default:
    break; // empty and assertions consume nothing
  }
}

static void
find_unbounded(const sj_regex *regex, uint32_t at, bool inside, sj_shape *out) {
  const sj_ast *node = &regex->nodes[at];
  bool open = node->kind == SJ_AST_REPEAT && node->hi == SJ_REGEX_INF;
  if (open) out->unbounded = true;
  if (open && inside) out->nested = true;
  for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next)
    find_unbounded(regex, i, inside || open, out);
}

/// Unite all characters that may be consumed anywhere in a node.
static void unite_all(const sj_regex *regex, uint32_t at, sj_set *out) {
  const sj_ast *node = &regex->nodes[at];
  if (node->kind == SJ_AST_AHEAD || node->kind == SJ_AST_BEHIND) return;
  if (node->kind == SJ_AST_CHAR) sj_set_add(out, node->value, node->value);
  if (node->kind == SJ_AST_SET) sj_set_unite(out, &regex->sets[node->value]);
  for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next)
    unite_all(regex, i, out);
}

/// Unite the characters that may come first; true if the node may be empty.
static bool unite_first(const sj_regex *regex, uint32_t at, sj_set *out) {
  const sj_ast *node = &regex->nodes[at];
  bool empty = node->kind == SJ_AST_CAT;
  switch ((sj_ast_kind)node->kind) {
  case SJ_AST_CHAR:
  case SJ_AST_SET:
    unite_all(regex, at, out);
    return false;
  case SJ_AST_CAT:
    for (uint32_t i = node->first; i != 0 && empty; i = regex->nodes[i].next)
      empty = unite_first(regex, i, out);
    return empty;
  case SJ_AST_ALT:
    for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next)
      empty = unite_first(regex, i, out) || empty;
    return empty;
  case SJ_AST_REPEAT:
    return unite_first(regex, node->first, out) || node->lo == 0;
  default:
    return true;
  }
}

/// The previous characters that a negative look behind surely forbids.
static uint8_t forbidden_by(const sj_regex *regex, uint32_t at) {
  const sj_ast *node = &regex->nodes[at];
  if (node->kind == SJ_AST_ALT) {
    uint8_t all = 0;
    for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next)
      all |= forbidden_by(regex, i);
    return all;
  }
  if (node->kind == SJ_AST_CAT) {
    uint32_t only = node->first;
    if (only == 0 || regex->nodes[only].next != 0) return 0;
    return forbidden_by(regex, only);
  }
  if (node->kind != SJ_AST_SET) return 0;
  const sj_set *set = &regex->sets[node->value];
  if (!set->sure) return 0;
  const uint64_t digits = 0x03FF000000000000ull;
  const uint64_t letters = 0x07FFFFFE07FFFFFEull;
  uint8_t all = 0;
  if ((set->ascii[0] & digits) == digits) all |= 1u << SJ_PREV_DIGIT;
  if ((set->ascii[1] & letters) == letters) all |= 1u << SJ_PREV_LETTER;
  if (sj_set_has(set, '_')) all |= 1u << SJ_PREV_LINE;
  if (set->letters) all |= 1u << SJ_PREV_LATIN;
  return all;
}

/// The previous characters that a positive look behind surely does not take.
static uint8_t left_out_by(const sj_regex *regex, uint32_t at) {
  const sj_ast *node = &regex->nodes[at];
  if (node->kind == SJ_AST_ALT || node->kind == SJ_AST_CAT) {
    const uint32_t only = node->first;
    if (only == 0 || regex->nodes[only].next != 0) return 0;
    return left_out_by(regex, only);
  }
  if (node->kind != SJ_AST_SET) return 0;
  const sj_set *set = &regex->sets[node->value];
  const uint64_t digits = 0x03FF000000000000ull;
  const uint64_t letters = 0x07FFFFFE07FFFFFEull;
  uint8_t all = 0;
  if ((set->ascii[0] & digits) == 0) all |= 1u << SJ_PREV_DIGIT;
  if ((set->ascii[1] & letters) == 0) all |= 1u << SJ_PREV_LETTER;
  if (!sj_set_has(set, '_')) all |= 1u << SJ_PREV_LINE;
  if (set->lead == 0) all |= 1u << SJ_PREV_LATIN;
  if (set->lead == 0 && (set->ascii[0] & ~digits) == 0 &&
      (set->ascii[1] & ~(letters | UINT64_C(1) << ('_' - 64))) == 0)
    all |= 1u << SJ_PREV_OTHER; // and the text's start is none of them either
  return all;
}

static bool only_word(const sj_set *set) {
  const uint64_t digits = 0x03FF000000000000ull;
  const uint64_t word = 0x07FFFFFE87FFFFFEull;
  return (set->ascii[0] & ~digits) == 0 && (set->ascii[1] & ~word) == 0 &&
         !set->others;
}

#define PREV_WORD                                                              \
  (1u << SJ_PREV_LETTER | 1u << SJ_PREV_DIGIT | 1u << SJ_PREV_LINE |           \
   1u << SJ_PREV_LATIN)

// Whether the sequence from this part on begins with an assertion of a word's
// edge and then, surely, a character of a word.
static bool begins_word(const sj_regex *regex, uint32_t at) {
  if (regex->nodes[at].kind != SJ_AST_WORD) return false;
  sj_set first = {.sure = true};
  bool empty = true;
  for (uint32_t i = at; i != 0 && empty; i = regex->nodes[i].next)
    empty = unite_first(regex, i, &first);
  return !empty && only_word(&first);
}

/// The previous characters after which no match of this node can begin.
/// `*open` stays true while only assertions were passed.
static uint8_t excluded_by(const sj_regex *regex, uint32_t at, bool *open) {
  const sj_ast *node = &regex->nodes[at];
  uint8_t all = 0;
  bool any_open = false;
  switch ((sj_ast_kind)node->kind) {
  case SJ_AST_BEHIND:
    return node->negative ? forbidden_by(regex, node->first)
                          : left_out_by(regex, node->first);
  case SJ_AST_CAT:
    for (uint32_t i = node->first; i != 0 && *open; i = regex->nodes[i].next) {
      if (begins_word(regex, i)) all |= PREV_WORD;
      all |= excluded_by(regex, i, open);
    }
    return all;
  case SJ_AST_ALT:
    all = UINT8_MAX;
    for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next) {
      bool child_open = true;
      all &= excluded_by(regex, i, &child_open);
      any_open = any_open || child_open;
    }
    *open = any_open;
    return all;
  case SJ_AST_AHEAD:
  case SJ_AST_WORD:
  case SJ_AST_EDGE:
  case SJ_AST_EMPTY:
    return 0;
  default:
    *open = false;
    // A group that must be passed at least once brings its own assertion.
    if (node->kind != SJ_AST_REPEAT || node->lo == 0) return 0;
    bool child_open = true;
    return excluded_by(regex, node->first, &child_open);
  }
}

/// Descend to the sequence that holds the parts: groups with one alternative.
static uint32_t main_sequence(const sj_regex *regex) {
  uint32_t at = regex->root;
  for (;;) {
    const sj_ast *node = &regex->nodes[at];
    uint32_t only = node->first;
    bool wraps = node->kind == SJ_AST_ALT || node->kind == SJ_AST_CAT;
    if (!wraps || only == 0 || regex->nodes[only].next != 0) return at;
    at = only;
  }
}

/// A stop is rare: a sign of ASCII, neither letter, digit, blank nor a sign
/// that prose is full of.
static bool is_rare(const sj_set *set) {
  const uint64_t common = 0x03FF000000000000ull | 1ull << ' ' | 1ull << '\n' |
                          1ull << '\t' | 1ull << '\r';
  const uint64_t letters = 0x07FFFFFE07FFFFFEull;
  return set->lead == 0 && (set->ascii[0] & common) == 0 &&
         (set->ascii[1] & letters) == 0;
}

/// Whether a set that may come first takes most letters, as a name's or an
/// address's does. What begins with words dies at once where they do not stand.
static bool begins_wide(const sj_regex *regex, uint32_t at, bool *empty) {
  const sj_ast *node = &regex->nodes[at];
  bool wide = false;
  *empty = true;
  if (node->kind == SJ_AST_CHAR || node->kind == SJ_AST_SET) {
    *empty = false;
    if (node->kind == SJ_AST_CHAR) return false;
    const sj_set *set = &regex->sets[node->value];
    return sj_set_has(set, 'e') && sj_set_has(set, 't');
  }
  if (node->kind == SJ_AST_CAT) {
    for (uint32_t i = node->first; i != 0 && *empty; i = regex->nodes[i].next)
      wide = begins_wide(regex, i, empty) || wide;
  } else if (node->kind == SJ_AST_ALT) {
    bool any = false;
    for (uint32_t i = node->first; i != 0; i = regex->nodes[i].next) {
      wide = begins_wide(regex, i, empty) || wide;
      any = any || *empty;
    }
    *empty = any;
  } else if (node->kind == SJ_AST_REPEAT) {
    wide = begins_wide(regex, node->first, empty);
    *empty = *empty || node->lo == 0;
  }
  return wide;
}

/// What may stand behind the stop that the parts from `at` on begin with.
static sj_set behind_stop(const sj_regex *regex, uint32_t at) {
  sj_set all = {0};
  uint32_t min = 0;
  for (uint32_t i = at; i != 0; i = regex->nodes[i].next) {
    unite_all(regex, i, &all);
    min = add_len(min, regex->nodes[i].min);
  }
  if (min < 2)
    all.ascii[0] = all.ascii[1] = UINT64_MAX; // a match may end there
  return all;
}

static void find_anchor(const sj_regex *regex, sj_shape *out) {
  uint32_t top = main_sequence(regex);
  if (regex->nodes[top].kind != SJ_AST_CAT) return;
  sj_set run = {.sure = true};
  uint32_t min = 0;
  uint32_t i = regex->nodes[top].first;
  bool may_be_empty = false;
  // Only what begins with any small letter would stay alive on every word.
  if (!begins_wide(regex, top, &may_be_empty)) return;
  for (; i != 0; i = regex->nodes[i].next) {
    sj_set stop = {.sure = true};
    bool empty = true;
    for (uint32_t j = i; j != 0 && empty; j = regex->nodes[j].next)
      empty = unite_first(regex, j, &stop);
    if (min > 0 && !empty && is_rare(&stop) && !sj_set_meets(&run, &stop)) {
      out->anchored = true;
      out->run = run;
      out->stop = stop;
      out->after = behind_stop(regex, i);
      return;
    }
    unite_all(regex, i, &run);
    min = add_len(min, regex->nodes[i].min);
  }
}

void sj_regex_shape(const sj_regex *regex, sj_shape *out) {
  *out = (sj_shape){0};
  measure(regex, regex->root);
  out->min = regex->nodes[regex->root].min;
  out->max = regex->nodes[regex->root].max;
  find_unbounded(regex, regex->root, false, out);
  bool open = true;
  out->exclude = excluded_by(regex, regex->root, &open);
  if (out->exclude == UINT8_MAX) out->exclude = 0;
  find_anchor(regex, out);
}
