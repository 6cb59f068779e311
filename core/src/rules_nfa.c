// SPDX-License-Identifier: Apache-2.0
//
// rules_nfa.c - patterns to one byte automaton.
//
// Assertions are passed as if they held, repeats beyond the depth become
// loops, and whatever lies deeper than SJ_FILTER_DEPTH bytes is accepted
// unseen. Each step can only add matches, so nothing PCRE2 would find is lost.

#include "rules_nfa.h"

#include <string.h>

#include "base/alloc.h"
#include "base/array.h"

typedef struct builder {
  sj_nfa *nfa;
  const sj_regex *regex;
  uint32_t rule;
  uint32_t accept;
  bool nomem;
} builder;

sj_status sj_nfa_new(sj_allocator allocator, sj_nfa **out) {
  *out = NULL;
  sj_nfa *nfa = sj_alloc(allocator, sizeof *nfa);
  if (nfa == NULL) return SJ_NOMEM;
  nfa->allocator = allocator;
  sj_arena_init(&nfa->store, allocator);
  *out = nfa;
  return SJ_OK;
}

void sj_nfa_free(sj_nfa *nfa) {
  if (nfa == NULL) return;
  sj_arena_release(&nfa->store);
  sj_free(nfa->allocator, nfa);
}

/// Room for one more item in one of the automaton's arrays.
#define ROOM(nfa, at, len, cap)                                                \
  sj_array_room(&(nfa)->store, (at), (len), &(cap), 1, sizeof *(at))

static uint32_t add_state(builder *b) {
  sj_nfa *nfa = b->nfa;
  sj_nfa_state *states =
      ROOM(nfa, nfa->states, nfa->state_count, nfa->state_cap);
  if (states == NULL) {
    b->nomem = true;
    return SJ_NFA_NONE;
  }
  nfa->states = states;
  states[nfa->state_count] =
      (sj_nfa_state){.edge = SJ_NFA_NONE, .rule = b->rule};
  return (uint32_t)nfa->state_count++;
}

static void
add_edge(builder *b, uint32_t from, uint32_t to, uint32_t byte_set) {
  if (from == SJ_NFA_NONE || to == SJ_NFA_NONE) return;
  sj_nfa *nfa = b->nfa;
  sj_nfa_edge *edges = ROOM(nfa, nfa->edges, nfa->edge_count, nfa->edge_cap);
  if (edges == NULL) {
    b->nomem = true;
    return;
  }
  nfa->edges = edges;
  edges[nfa->edge_count] = (sj_nfa_edge){
      .target = to, .next = nfa->states[from].edge, .bytes = byte_set};
  nfa->states[from].edge = (uint32_t)nfa->edge_count++;
  if (byte_set != SJ_NFA_NONE) nfa->states[from].steps = true;
}

static bool is_same(const sj_bytes *a, const sj_bytes *b) {
  return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1] &&
         a->bits[2] == b->bits[2] && a->bits[3] == b->bits[3];
}

static uint32_t find_bytes(const sj_nfa *nfa, const sj_bytes *set) {
  for (size_t i = 0; i < nfa->bytes_count; i++)
    if (is_same(&nfa->bytes[i], set)) return (uint32_t)i;
  return SJ_NFA_NONE;
}

/// The number of a byte set; equal sets share one. Most are of one byte and
/// come again and again, so the last one under each hash is remembered.
static uint32_t intern_bytes(builder *b, const sj_bytes *set) {
  sj_nfa *nfa = b->nfa;
  const uint64_t mixed =
      set->bits[0] ^ set->bits[1] * 3 ^ set->bits[2] * 5 ^ set->bits[3] * 7;
  uint32_t *last = &nfa->bytes_by[(mixed * UINT64_C(0x9E3779B97F4A7C15)) >> 56];
  if (*last != 0 && is_same(&nfa->bytes[*last - 1], set)) return *last - 1;
  const uint32_t old = find_bytes(nfa, set);
  if (old != SJ_NFA_NONE) {
    *last = old + 1;
    return old;
  }
  sj_bytes *all = ROOM(nfa, nfa->bytes, nfa->bytes_count, nfa->bytes_cap);
  if (all == NULL) {
    b->nomem = true;
    return 0;
  }
  nfa->bytes = all;
  all[nfa->bytes_count] = *set;
  *last = (uint32_t)nfa->bytes_count + 1;
  return (uint32_t)nfa->bytes_count++;
}

static void take_range(builder *b, uint32_t from, uint32_t to, unsigned range) {
  sj_bytes set = {0};
  for (unsigned c = range & 0xFF; c <= range >> 8; c++)
    set.bits[c >> 6] |= 1ull << (c & 63);
  add_edge(b, from, to, intern_bytes(b, &set));
}

static void build_char(builder *b, uint32_t c, uint32_t from, uint32_t to) {
  unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned marks[] = {0, 0xC0, 0xE0, 0xF0};
  for (unsigned i = 0; i <= more; i++) {
    unsigned shift = 6 * (more - i);
    unsigned byte =
        i == 0 ? marks[more] | c >> shift : 0x80 | (c >> shift & 63);
    uint32_t next = i == more ? to : add_state(b);
    take_range(b, from, next, byte << 8 | byte);
    from = next;
  }
}

/// The lead bytes of a set from `lo` to `hi`, each followed by `more`
/// continuation bytes of any value.
static void build_leads(builder *b,
                        const sj_set *set,
                        unsigned more,
                        uint32_t from,
                        uint32_t to) {
  static const uint64_t of_len[] = {0, 0xFFFFFFFFull, 0xFFFFull << 32,
                                    0xFFFFull << 48};
  uint64_t leads = set->lead & of_len[more];
  if (leads == 0) return;
  sj_bytes bytes = {.bits = {[3] = leads}};
  uint32_t next = add_state(b);
  add_edge(b, from, next, intern_bytes(b, &bytes));
  for (unsigned i = more; i > 0; i--) {
    from = next;
    next = i == 1 ? to : add_state(b);
    take_range(b, from, next, 0xBF80);
  }
}

static void
build_set(builder *b, const sj_set *set, uint32_t from, uint32_t to) {
  sj_bytes ascii = {.bits = {set->ascii[0], set->ascii[1]}};
  if ((ascii.bits[0] | ascii.bits[1]) != 0)
    add_edge(b, from, to, intern_bytes(b, &ascii));
  for (unsigned more = 1; more <= 3; more++)
    build_leads(b, set, more, from, to);
}

// One node to be built: `from` is where it begins, `depth` how many bytes a
// match has consumed at least by then.
typedef struct place {
  uint32_t state, depth;
} place;

static bool is_over(const builder *b, place p) {
  return b->nomem || p.state == SJ_NFA_NONE;
}

/// Past the depth nothing is told apart: accept, and build no further.
static bool cut(builder *b, place *p) {
  if (is_over(b, *p)) return true;
  if (p->depth < SJ_FILTER_DEPTH) return false;
  add_edge(b, p->state, b->accept, SJ_NFA_NONE);
  p->state = SJ_NFA_NONE;
  return true;
}

static place build(builder *b, uint32_t at, place from) {
  const sj_ast *node = &b->regex->nodes[at];
  if (cut(b, &from)) return from;
  place to = {SJ_NFA_NONE, from.depth + node->min};
  switch ((sj_ast_kind)node->kind) {
  case SJ_AST_CHAR:
    to.state = add_state(b);
    build_char(b, node->value, from.state, to.state);
    return to;
  case SJ_AST_SET:
    to.state = add_state(b);
    build_set(b, &b->regex->sets[node->value], from.state, to.state);
    return to;
  case SJ_AST_CAT:
    for (uint32_t i = node->first; i != 0; i = b->regex->nodes[i].next)
      from = build(b, i, from);
    return from;
  case SJ_AST_ALT:
    for (uint32_t i = node->first; i != 0; i = b->regex->nodes[i].next) {
      place end = build(b, i, from);
      if (is_over(b, end)) continue;
      if (to.state == SJ_NFA_NONE) to.state = add_state(b);
      add_edge(b, end.state, to.state, SJ_NFA_NONE);
    }
    return to;
  case SJ_AST_REPEAT:
    break;
  default:
    return from;
  }

  uint32_t must = node->lo > SJ_FILTER_DEPTH ? SJ_FILTER_DEPTH : node->lo;
  for (uint32_t i = 0; i < must; i++)
    from = build(b, node->first, from);
  if (cut(b, &from)) return from;
  to = (place){add_state(b), from.depth};
  add_edge(b, from.state, to.state, SJ_NFA_NONE);
  uint32_t may = node->hi == SJ_REGEX_INF ? SJ_REGEX_INF : node->hi - must;
  if (may > SJ_FILTER_DEPTH) { // a loop, which may go round more often
    place end = build(b, node->first, to);
    if (!is_over(b, end)) add_edge(b, end.state, to.state, SJ_NFA_NONE);
    return to;
  }
  for (uint32_t i = 0; i < may; i++) {
    from = build(b, node->first, from);
    if (is_over(b, from)) break;
    add_edge(b, from.state, to.state, SJ_NFA_NONE);
  }
  return to;
}

static sj_status add_anchor(sj_nfa *nfa, uint32_t rule, const sj_shape *shape) {
  sj_nfa_anchor *all =
      ROOM(nfa, nfa->anchors, nfa->anchor_count, nfa->anchor_cap);
  if (all == NULL) return SJ_NOMEM;
  nfa->anchors = all;
  sj_bytes stop = {.bits = {shape->stop.ascii[0], shape->stop.ascii[1]}};
  sj_bytes after = {.bits = {shape->after.ascii[0], shape->after.ascii[1],
                             UINT64_MAX, UINT64_MAX}};
  all[nfa->anchor_count++] = (sj_nfa_anchor){.rule = rule,
                                             .exclude = shape->exclude,
                                             .run = shape->run,
                                             .stop = stop,
                                             .after = after,
                                             .reach = shape->max};
  nfa->stops.bits[0] |= stop.bits[0];
  nfa->stops.bits[1] |= stop.bits[1];
  return SJ_OK;
}

sj_status
sj_nfa_add(sj_nfa *nfa, const sj_regex *regex, const sj_shape *shape) {
  uint32_t *starts = ROOM(nfa, nfa->starts, nfa->rule_count, nfa->start_cap);
  if (starts == NULL) return SJ_NOMEM;
  nfa->starts = starts;
  uint8_t *excludes =
      ROOM(nfa, nfa->excludes, nfa->rule_count, nfa->exclude_cap);
  if (excludes == NULL) return SJ_NOMEM;
  nfa->excludes = excludes;

  uint32_t rule = (uint32_t)nfa->rule_count;
  starts[rule] = SJ_NFA_NONE;
  excludes[rule] = shape->exclude;
  nfa->rule_count++;
  if (shape->anchored) return add_anchor(nfa, rule, shape);

  builder b = {.nfa = nfa, .regex = regex, .rule = rule};
  uint32_t start = add_state(&b);
  b.accept = add_state(&b);
  if (b.nomem) return SJ_NOMEM;
  nfa->states[b.accept].accepts = true;
  place end = build(&b, regex->root, (place){start, 0});
  if (!is_over(&b, end)) add_edge(&b, end.state, b.accept, SJ_NFA_NONE);
  nfa->starts[rule] = start;
  return b.nomem ? SJ_NOMEM : SJ_OK;
}

sj_status sj_nfa_seal(sj_nfa *nfa) {
  // Two bytes are of one class if no set tells them apart. Each set splits the
  // classes that it cuts.
  memset(nfa->classes, 0, sizeof nfa->classes);
  unsigned count = 1;
  for (size_t i = 0; i < nfa->bytes_count; i++) {
    int moved[256]; // the new class of what the set takes out of each class
    bool kept[256] = {false};
    bool taken[256] = {false};
    for (unsigned c = 0; c < 256; c++) {
      bool in = sj_bytes_has(&nfa->bytes[i], (uint8_t)c);
      moved[c] = -1;
      if (in)
        taken[nfa->classes[c]] = true;
      else
        kept[nfa->classes[c]] = true;
    }
    for (unsigned c = 0; c < 256; c++) {
      uint8_t old = nfa->classes[c];
      if (!sj_bytes_has(&nfa->bytes[i], (uint8_t)c)) continue;
      if (!taken[old] || !kept[old]) continue;
      if (moved[old] < 0) moved[old] = (int)count++;
      nfa->classes[c] = (uint8_t)moved[old];
    }
  }
  nfa->class_count = count;
  for (unsigned c = 0; c < 256; c++)
    nfa->samples[nfa->classes[c]] = (uint8_t)c;
  return SJ_OK;
}
