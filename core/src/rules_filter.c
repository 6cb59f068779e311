// SPDX-License-Identifier: Apache-2.0
//
// rules_filter.c - the automaton made deterministic, state by state, as
// documents call for it.
//
// A state is a sorted list of NFA states. From each character the scan walks
// at most SJ_FILTER_DEPTH bytes; candidates are the rules that accept on the
// way and those still undecided at the end of it. Rules that begin with a look
// behind are left out of the start state where the character before forbids
// them. When the table is full it is emptied and grows anew: slower for a
// moment, never wrong.

#include <string.h>

#include "rules_nfa.h"

#include "base/alloc.h"
#include "base/array.h"

#define DEAD 0
#define UNKNOWN 0xFFFFu
#define SPEAKS 0x8000u // with a state in `next`: it accepts
#define POOL_CAP (1u << 22)

/// A list within the pool.
typedef struct slice {
  uint32_t at, len;
} slice;

typedef struct state {
  slice nfa;      ///< NFA states, ascending
  slice accepts;  ///< rules that may have matched
  slice alive;    ///< rules that may yet match
  uint32_t chain; ///< next state of the same hash; 0 ends
} state;

#define HASHES 4096u

struct sj_filter {
  const sj_nfa *nfa;
  sj_allocator allocator;
  unsigned state_cap, state_count, rows;
  state *states;
  uint16_t *next; ///< state * class_count + class; with SPEAKS
  uint32_t *pool; ///< slices
  size_t pool_len, pool_cap;
  uint32_t heads[HASHES];
  uint32_t starts[SJ_PREV_COUNT];
  uint32_t *mark; ///< NFA states of the closure under way, by stamp
  uint32_t stamp;
  uint32_t *work, *kernel; ///< closure's stack and result
  uint64_t *bits;          ///< of NFA states, to sort by; all zero
  uint32_t *seen;          ///< rules already named at this place, by stamp
  uint32_t seen_stamp;
  uint32_t *hits;
  uint8_t prevs[256]; ///< an sj_prev for each byte; for 0xC3 see prev_kind()
  bool emptied;       ///< the table was emptied since this was last cleared
};

void sj_filter_free(sj_filter *filter) {
  if (filter == NULL) return;
  void *parts[] = {filter->states, filter->next, filter->pool,
                   filter->mark,   filter->work, filter->kernel,
                   filter->bits,   filter->seen, filter->hits};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    sj_free(filter->allocator, parts[i]);
  sj_free(filter->allocator, filter);
}

static bool pool_room(sj_filter *f, size_t more) {
  if (f->pool_len + more <= f->pool_cap) return true;
  size_t cap = f->pool_cap * 2 + more + 1024;
  uint32_t *pool = sj_realloc(f->allocator, f->pool, cap * sizeof *pool);
  if (pool == NULL) return false;
  f->pool = pool;
  f->pool_cap = cap;
  return true;
}

static bool row_room(sj_filter *f) {
  if (f->state_count < f->rows) return true;
  unsigned rows = f->rows == 0 ? 64 : f->rows * 2;
  size_t width = f->nfa->class_count;
  state *states = sj_realloc(f->allocator, f->states, rows * sizeof *states);
  if (states == NULL) return false;
  f->states = states;
  uint16_t *next =
      sj_realloc(f->allocator, f->next, rows * width * sizeof *next);
  if (next == NULL) return false;
  f->next = next;
  f->rows = rows;
  return true;
}

/// Add an NFA state and all it reaches for free to the kernel.
static void close_over(sj_filter *f, uint32_t from, size_t *len) {
  const sj_nfa *nfa = f->nfa;
  size_t depth = 0;
  if (f->mark[from] == f->stamp) return;
  f->mark[from] = f->stamp;
  f->work[depth++] = from;
  while (depth > 0) {
    uint32_t at = f->work[--depth];
    const sj_nfa_state *s = &nfa->states[at];
    if (s->accepts || s->steps) f->kernel[(*len)++] = at;
    for (uint32_t e = s->edge; e != SJ_NFA_NONE; e = nfa->edges[e].next) {
      uint32_t to = nfa->edges[e].target;
      if (nfa->edges[e].bytes != SJ_NFA_NONE) continue;
      if (f->mark[to] == f->stamp) continue;
      f->mark[to] = f->stamp;
      f->work[depth++] = to;
    }
  }
}

static void next_stamp(sj_filter *f) {
  if (++f->stamp != 0) return;
  memset(f->mark, 0, f->nfa->state_count * sizeof *f->mark);
  f->stamp = 1;
}

/// Sort the kernel: insertion for the many short ones, else bit by bit.
static void sort_kernel(sj_filter *f, size_t len) {
  if (len > 64) {
    for (size_t i = 0; i < len; i++)
      f->bits[f->kernel[i] / 64] |= UINT64_C(1) << f->kernel[i] % 64;
    len = 0;
    for (uint32_t i = 0; i <= f->nfa->state_count / 64; i++)
      for (; f->bits[i] != 0; f->bits[i] &= f->bits[i] - 1)
        f->kernel[len++] = i * 64 + (uint32_t)__builtin_ctzll(f->bits[i]);
    return;
  }
  for (size_t i = 1; i < len; i++) {
    uint32_t moved = f->kernel[i];
    size_t j = i;
    for (; j > 0 && f->kernel[j - 1] > moved; j--)
      f->kernel[j] = f->kernel[j - 1];
    f->kernel[j] = moved;
  }
}

static uint32_t hash_kernel(const sj_filter *f, size_t len) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < len; i++)
    hash = (hash ^ f->kernel[i]) * 16777619u;
  return (hash ^ hash >> 15) % HASHES;
}

/// Write the rules of the kernel that accept (or step) to the pool. The NFA
/// states of a rule lie together, so equal rules are neighbours.
static slice list_rules(sj_filter *f, size_t len, bool accepts) {
  slice list = {(uint32_t)f->pool_len, 0};
  for (size_t i = 0; i < len; i++) {
    const sj_nfa_state *s = &f->nfa->states[f->kernel[i]];
    if (!(accepts ? s->accepts : s->steps)) continue;
    if (list.len > 0 && f->pool[f->pool_len - 1] == s->rule) continue;
    f->pool[f->pool_len++] = s->rule;
    list.len++;
  }
  return list;
}

static bool
find_state(const sj_filter *f, uint32_t head, size_t len, uint32_t *out) {
  for (uint32_t i = f->heads[head]; i != 0; i = f->states[i].chain) {
    slice nfa = f->states[i].nfa;
    if (nfa.len != len) continue;
    if (memcmp(&f->pool[nfa.at], f->kernel, len * sizeof *f->kernel) == 0) {
      *out = i;
      return true;
    }
  }
  return false;
}

static void empty_table(sj_filter *f) {
  f->state_count = 1; // number 0 is the dead state
  f->pool_len = 0;
  memset(f->heads, 0, sizeof f->heads);
  for (unsigned i = 0; i < SJ_PREV_COUNT; i++)
    f->starts[i] = UNKNOWN;
  f->emptied = true;
}

/// The state of the kernel's `len` NFA states, made if it is new.
static sj_status intern_state(sj_filter *f, size_t len, uint32_t *out) {
  *out = DEAD;
  if (len == 0) return SJ_OK;
  sort_kernel(f, len);
  uint32_t head = hash_kernel(f, len);
  if (find_state(f, head, len, out)) return SJ_OK;
  if (f->state_count >= f->state_cap || f->pool_len > POOL_CAP) empty_table(f);
  if (!pool_room(f, 3 * len) || !row_room(f)) return SJ_NOMEM;
  uint32_t made = f->state_count++;
  state *s = &f->states[made];
  s->nfa = (slice){(uint32_t)f->pool_len, (uint32_t)len};
  memcpy(&f->pool[f->pool_len], f->kernel, len * sizeof *f->kernel);
  f->pool_len += len;
  s->accepts = list_rules(f, len, true);
  s->alive = list_rules(f, len, false);
  s->chain = f->heads[head];
  f->heads[head] = made;
  size_t width = f->nfa->class_count;
  for (size_t i = 0; i < width; i++)
    f->next[made * width + i] = UNKNOWN;
  *out = made;
  return SJ_OK;
}

static sj_status make_start(sj_filter *f, sj_prev prev, uint32_t *out) {
  size_t len = 0;
  next_stamp(f);
  for (size_t rule = 0; rule < f->nfa->rule_count; rule++) {
    bool excluded = (f->nfa->excludes[rule] >> prev & 1) != 0;
    if (!excluded && f->nfa->starts[rule] != SJ_NFA_NONE)
      close_over(f, f->nfa->starts[rule], &len);
  }
  sj_status status = intern_state(f, len, out);
  f->starts[prev] = *out;
  return status;
}

static sj_status
make_next(sj_filter *f, uint32_t from, unsigned class, uint32_t *out) {
  const sj_nfa *nfa = f->nfa;
  uint8_t byte = nfa->samples[class];
  slice list = f->states[from].nfa;
  size_t len = 0;
  next_stamp(f);
  for (uint32_t i = 0; i < list.len; i++) {
    uint32_t e = nfa->states[f->pool[list.at + i]].edge;
    for (; e != SJ_NFA_NONE; e = nfa->edges[e].next) {
      uint32_t set = nfa->edges[e].bytes;
      if (set == SJ_NFA_NONE || !sj_bytes_has(&nfa->bytes[set], byte)) continue;
      close_over(f, nfa->edges[e].target, &len);
    }
  }
  f->emptied = false;
  sj_status status = intern_state(f, len, out);
  if (*out != DEAD && f->states[*out].accepts.len > 0) *out |= SPEAKS;
  // After the table was emptied, `from` names nothing any more.
  if (status == SJ_OK && !f->emptied)
    f->next[from * nfa->class_count + class] = (uint16_t)*out;
  return status;
}

/// What kind of character a byte begins, seen from the one behind it.
static sj_prev kind_of(uint8_t byte) {
  if ((byte | 32) >= 'a' && (byte | 32) <= 'z') return SJ_PREV_LETTER;
  if (byte >= '0' && byte <= '9') return SJ_PREV_DIGIT;
  if (byte == '_') return SJ_PREV_LINE;
  return byte >= 0xC3 && byte <= 0xC8 ? SJ_PREV_LATIN : SJ_PREV_OTHER;
}

sj_status sj_filter_new(const sj_nfa *nfa,
                        sj_allocator allocator,
                        unsigned state_cap,
                        sj_filter **out) {
  *out = NULL;
  sj_filter *f = sj_alloc(allocator, sizeof *f);
  if (f == NULL) return SJ_NOMEM;
  f->nfa = nfa;
  f->allocator = allocator;
  f->state_cap = state_cap < 8         ? 8
                 : state_cap >= SPEAKS ? SPEAKS - 1
                                       : state_cap;
  size_t states = nfa->state_count + 1;
  size_t rules = nfa->rule_count + 1;
  f->mark = sj_alloc(allocator, states * sizeof *f->mark);
  f->work = sj_alloc(allocator, states * sizeof *f->work);
  f->kernel = sj_alloc(allocator, states * sizeof *f->kernel);
  f->bits = sj_alloc(allocator, (states / 64 + 1) * sizeof *f->bits);
  f->seen = sj_alloc(allocator, rules * sizeof *f->seen);
  f->hits = sj_alloc(allocator, rules * sizeof *f->hits);
  if (f->mark == NULL || f->work == NULL || f->kernel == NULL ||
      f->bits == NULL || f->seen == NULL || f->hits == NULL) {
    sj_filter_free(f);
    return SJ_NOMEM;
  }
  for (unsigned byte = 0; byte < 256; byte++)
    f->prevs[byte] = (uint8_t)kind_of((uint8_t)byte);
  empty_table(f);
  if (!row_room(f)) {
    sj_filter_free(f);
    return SJ_NOMEM;
  }
  *out = f;
  return SJ_OK;
}

static sj_prev prev_kind(const sj_filter *f, const uint8_t *bytes) {
  if (*bytes == 0xC3 && (bytes[1] == 0x97 || bytes[1] == 0xB7))
    return SJ_PREV_OTHER; // the signs for times and divided by
  return (sj_prev)f->prevs[*bytes];
}

/// Add rules to those of this place that are named already.
static size_t add_hits(sj_filter *f, slice list, size_t count) {
  if (count == 0 && list.len > 0 && ++f->seen_stamp == 0) {
    memset(f->seen, 0, f->nfa->rule_count * sizeof *f->seen);
    f->seen_stamp = 1;
  }
  for (uint32_t i = 0; i < list.len; i++) {
    uint32_t rule = f->pool[list.at + i];
    if (f->seen[rule] == f->seen_stamp) continue;
    f->seen[rule] = f->seen_stamp;
    f->hits[count++] = rule;
  }
  return count;
}

// One scan over one view.
typedef struct walk {
  sj_filter *f;
  const uint8_t *bytes;
  uint32_t len;
  sj_filter_visit visit;
  void *ctx;
} walk;

/// Walk from `at` and hand over the rules that may match there.
static sj_status walk_from(const walk *w, uint32_t at, uint32_t now) {
  sj_filter *f = w->f;
  size_t width = f->nfa->class_count;
  size_t count = 0;
  uint32_t end = w->len - at > SJ_FILTER_DEPTH ? at + SJ_FILTER_DEPTH : w->len;
  uint32_t i = at;
  while (i < end && now != DEAD) {
    unsigned class = f->nfa->classes[w->bytes[i++]];
    uint32_t next = f->next[now * width + class];
    if (next == UNKNOWN) {
      sj_status status = make_next(f, now, class, &next);
      if (status != SJ_OK) return status;
    }
    now = next & ~SPEAKS;
    if ((next & SPEAKS) != 0)
      count = add_hits(f, f->states[now].accepts, count);
  }
  if (now != DEAD && i - at == SJ_FILTER_DEPTH)
    count = add_hits(f, f->states[now].alive, count);
  if (count == 0) return SJ_OK;
  return w->visit(w->ctx, at, f->hits, count);
}

/// Whether nothing begins at `at`, as its first two bytes tell. Most places end
/// so, and a call for each would cost more than the look.
static bool is_dead_end(const walk *w, uint32_t at, uint32_t start) {
  const sj_filter *f = w->f;
  const uint8_t *classes = f->nfa->classes;
  size_t width = f->nfa->class_count;
  if (start == DEAD) return true;
  uint32_t next = f->next[start * width + classes[w->bytes[at]]];
  if (next == DEAD) return true;
  if (next >= SPEAKS) return false; // or unknown
  return f->next[next * width + classes[w->bytes[at + 1]]] == DEAD;
}

static bool in_run(const sj_set *set, uint8_t byte) {
  if (byte < 128) return sj_set_has(set, byte);
  // A continuation byte belongs to whatever its lead byte is; that is judged
  // when the walk comes to it.
  return byte < 0xC0 || (set->lead >> (byte - 0xC0) & 1) != 0;
}

/// From a rare sign at `at` back over the run before it: each character of the
/// run may begin a match.
static sj_status
walk_back(const walk *w, const sj_nfa_anchor *anchor, uint32_t at) {
  uint32_t from = at;
  while (from > 0 && at - from < anchor->reach &&
         in_run(&anchor->run, w->bytes[from - 1]))
    from--;
  for (uint32_t i = from; i < at; i++) {
    if ((w->bytes[i] & 0xC0) == 0x80) continue;
    uint32_t before = i;
    while (before > 0 && (w->bytes[--before] & 0xC0) == 0x80) {
    }
    sj_prev prev = i == 0 ? SJ_PREV_OTHER : prev_kind(w->f, w->bytes + before);
    if ((anchor->exclude >> prev & 1) != 0) continue;
    sj_status status = w->visit(w->ctx, i, &anchor->rule, 1);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

static sj_status visit_anchors(const walk *w, uint32_t at) {
  const sj_nfa *nfa = w->f->nfa;
  for (size_t i = 0; i < nfa->anchor_count; i++) {
    if (!sj_bytes_has(&nfa->anchors[i].stop, w->bytes[at])) continue;
    if (!sj_bytes_has(&nfa->anchors[i].after, w->bytes[at + 1])) continue;
    sj_status status = walk_back(w, &nfa->anchors[i], at);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_filter_scan(sj_filter *filter,
                         const uint8_t *bytes,
                         uint32_t len,
                         sj_filter_visit visit,
                         void *ctx) {
  walk w = {filter, bytes, len, visit, ctx};
  const sj_nfa *nfa = filter->nfa;
  sj_prev prev = SJ_PREV_OTHER;
  for (uint32_t at = 0; at < len; at++) {
    uint8_t byte = bytes[at];
    if ((byte & 0xC0) == 0x80) continue;
    sj_status status = SJ_OK;
    uint32_t start = filter->starts[prev];
    if (start == UNKNOWN) status = make_start(filter, prev, &start);
    if (status != SJ_OK) return status;
    if (!is_dead_end(&w, at, start)) status = walk_from(&w, at, start);
    if (status == SJ_OK && sj_bytes_has(&nfa->stops, byte))
      status = visit_anchors(&w, at);
    if (status != SJ_OK) return status;
    prev = prev_kind(filter, bytes + at);
  }
  return SJ_OK;
}
