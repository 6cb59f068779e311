// SPDX-License-Identifier: Apache-2.0
//
// rules_regex.h - patterns as a tree: what the automaton and the linter read.
//
// PCRE2 decides what matches; this reader only has to know which bytes a match
// may begin with, how long it can be, and whether it is well behaved. It takes
// a subset of PCRE2's syntax and refuses the rest, so that nothing is ever
// matched by PCRE2 that the automaton has not heard of.
#ifndef SJ_RULES_REGEX_H
#define SJ_RULES_REGEX_H

#include "base/arena.h"

/// No upper bound, for lengths and repeats.
#define SJ_REGEX_INF UINT32_MAX

/// A set of characters: exact for ASCII; beyond it, the lead bytes that its
/// members may have (a superset).
typedef struct sj_set {
  uint64_t ascii[2]; ///< bit c of 128
  uint64_t lead;     ///< bit i: lead byte 0xC0 + i may occur
  bool letters;      ///< surely holds every letter beyond ASCII
  bool others;       ///< may hold a character beyond ASCII that \w does not
  bool sure;         ///< `ascii` is no mere superset
} sj_set;

bool sj_set_has(const sj_set *set, uint8_t ascii);
void sj_set_add(sj_set *set, uint32_t lo, uint32_t hi);
void sj_set_unite(sj_set *set, const sj_set *more);
bool sj_set_meets(const sj_set *a, const sj_set *b);
void sj_set_invert(sj_set *set);
/// Add what the members of the set are equal to when case does not count.
void sj_set_fold(sj_set *set);
/// Add a class by its letter (`d`, `w`, `s`, `h`, `v`); false if unknown.
bool sj_set_add_class(sj_set *set, char letter);
/// Add a property such as `L` or `Lu`; false if unknown.
bool sj_set_add_property(sj_set *set, const char *name, size_t len);
/// Add a POSIX class such as `alpha`; false if unknown.
bool sj_set_add_posix(sj_set *set, const char *name, size_t len);

typedef enum sj_ast_kind {
  SJ_AST_EMPTY,  ///< matches nothing and consumes nothing
  SJ_AST_CHAR,   ///< one character, case counts
  SJ_AST_SET,    ///< one character out of a set
  SJ_AST_CAT,    ///< children in order
  SJ_AST_ALT,    ///< one of the children
  SJ_AST_REPEAT, ///< the child, lo to hi times
  SJ_AST_AHEAD,  ///< an assertion on what follows
  SJ_AST_BEHIND, ///< an assertion on what precedes; `negative` tells which
  SJ_AST_WORD,   ///< \b
  SJ_AST_EDGE    ///< ^ $ \A \z \Z \B
} sj_ast_kind;

typedef struct sj_ast {
  uint8_t kind;
  bool negative;
  uint32_t first, next; ///< child, sibling; 0 for none (node 0 is no child)
  uint32_t lo, hi;      ///< of a repeat
  uint32_t value;       ///< code point, or number of the set
  uint32_t min, max;    ///< bytes that a match of this node consumes
} sj_ast;

typedef struct sj_regex {
  sj_ast *nodes;
  uint32_t node_count;
  sj_set *sets;
  uint32_t set_count;
  uint32_t root;
} sj_regex;

/// Read a pattern (without `{NAME}` pieces). On refusal returns SJ_PACK with
/// `*what` a constant sentence and `*at` the byte. All memory is the arena's.
sj_status sj_regex_read(sj_arena *arena,
                        const char *pattern,
                        size_t len,
                        sj_regex *out,
                        const char **what,
                        size_t *at);

/// What stands before a character, as far as a leading assertion cares.
typedef enum sj_prev {
  SJ_PREV_OTHER,  ///< the start of the text, a blank, a sign, any rest
  SJ_PREV_LETTER, ///< an ASCII letter
  SJ_PREV_DIGIT,  ///< an ASCII digit
  SJ_PREV_LINE,   ///< the low line
  SJ_PREV_LATIN,  ///< a Latin letter beyond ASCII
  SJ_PREV_COUNT
} sj_prev;

/// What the linter and the automaton want to know of a whole pattern.
typedef struct sj_shape {
  uint32_t min, max; ///< bytes of a match
  bool unbounded;    ///< a repeat has no upper bound
  bool nested;       ///< one without a bound inside another
  uint8_t exclude;   ///< bits of sj_prev after which no match can begin
  // A match that begins with a run of `run` characters up to the first of
  // `stop`, which are rare, is looked for from the stop backwards; `after` is
  // what it may have behind that.
  bool anchored;
  sj_set run, stop, after;
} sj_shape;

void sj_regex_shape(const sj_regex *regex, sj_shape *out);

#endif // SJ_RULES_REGEX_H
