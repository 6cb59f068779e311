// SPDX-License-Identifier: Apache-2.0
//
// tokenize_trie.c - build and walk a double-array trie.
//
// A node s has a child by label c where check[base[s] + c] == s. Label 0 says
// that a piece ends here, label b + 1 is the byte b. A range of pieces that
// share a prefix becomes a node; a range of one becomes a leaf with its tail.

#include "tokenize_trie.h"

#include <string.h>

enum { LABELS = 257, TRIES = 512 };
static const uint32_t no_node = UINT32_MAX;

typedef struct range {
  uint32_t low, high; // in `order`
  uint32_t depth, node;
} range;

typedef struct builder {
  sj_trie *trie;
  sj_arena *keep, *scratch;
  const sj_trie_input *input;
  uint32_t *order, *spare;
  range *stack;
  size_t stack_len, stack_cap;
  uint32_t cap, hint;
  uint32_t tail_len;
} builder;

static uint32_t piece_len(const sj_trie_input *input, uint32_t piece) {
  return input->start[piece + 1] - input->start[piece];
}

static uint32_t label_of(const builder *b, uint32_t piece, uint32_t depth) {
  if (depth == piece_len(b->input, piece)) return 0;
  return b->input->pool[b->input->start[piece] + depth] + 1u;
}

// Room for `size` cells and a row of labels behind them.
static bool make_room(builder *b, uint32_t size) {
  if (size + LABELS <= b->cap) return true;
  const uint32_t cap = size + LABELS + size / 2;
  sj_trie *trie = b->trie;
  int32_t *base = sj_arena_grow(b->scratch, trie->base, b->cap * sizeof(*base),
                                cap * sizeof(*base));
  if (base == NULL) return false;
  trie->base = base;
  uint32_t *check = sj_arena_grow(
      b->scratch, trie->check, b->cap * sizeof(*check), cap * sizeof(*check));
  if (check == NULL) return false;
  trie->check = check;
  for (uint32_t i = b->cap; i < cap; i++)
    check[i] = no_node;
  b->cap = cap;
  return true;
}

static bool fits(const sj_trie *trie,
                 uint32_t base,
                 const uint16_t *labels,
                 uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (trie->check[base + labels[i]] != no_node) return false;
  return true;
}

// A base where every label falls on a free cell. The search gives up soon: the
// holes behind the hint are few and never looked at again.
static bool
find_base(builder *b, const uint16_t *labels, uint32_t count, uint32_t *out) {
  const uint32_t first = labels[0];
  uint32_t at = b->hint > first ? b->hint : first + 1;
  for (uint32_t tries = 0;; tries++, at++) {
    if (!make_room(b, at + LABELS)) return false;
    if (b->trie->check[at] != no_node) continue;
    if (fits(b->trie, at - first, labels, count)) break;
    if (tries > TRIES) b->hint = at;
  }
  while (b->hint < b->cap && b->trie->check[b->hint] != no_node)
    b->hint++;
  if (at > b->hint + TRIES) b->hint = at - TRIES;
  *out = at - first;
  return true;
}

static bool push(builder *b, range next) {
  if (b->stack_len == b->stack_cap) {
    const size_t cap = b->stack_cap == 0 ? 1024 : b->stack_cap * 2;
    range *stack =
        sj_arena_grow(b->scratch, b->stack, b->stack_cap * sizeof(*stack),
                      cap * sizeof(*stack));
    if (stack == NULL) return false;
    b->stack = stack;
    b->stack_cap = cap;
  }
  b->stack[b->stack_len++] = next;
  return true;
}

// Sort order[low, high) by the label at `depth`; count[c] says how many.
static void part(builder *b, const range *at, uint32_t count[LABELS]) {
  uint32_t place[LABELS];
  memset(count, 0, LABELS * sizeof(*count));
  for (uint32_t i = at->low; i < at->high; i++)
    count[label_of(b, b->order[i], at->depth)]++;
  uint32_t sum = at->low;
  for (uint32_t c = 0; c < LABELS; c++) {
    place[c] = sum;
    sum += count[c];
  }
  for (uint32_t i = at->low; i < at->high; i++)
    b->spare[place[label_of(b, b->order[i], at->depth)]++] = b->order[i];
  memcpy(b->order + at->low, b->spare + at->low,
         (at->high - at->low) * sizeof(*b->order));
}

static void add_leaf(builder *b, uint32_t node, uint32_t piece, uint32_t from) {
  sj_trie *trie = b->trie;
  const uint32_t leaf = trie->leaf_count++;
  const uint32_t len = piece_len(b->input, piece);
  trie->base[node] = -(int32_t)leaf - 1;
  trie->leaf_value[leaf] =
      b->input->value == NULL ? piece : b->input->value[piece];
  trie->leaf_tail[leaf] = b->tail_len;
  if (len > from)
    memcpy(trie->tails + b->tail_len,
           b->input->pool + b->input->start[piece] + from, len - from);
  b->tail_len += len > from ? len - from : 0;
}

static bool add_node(builder *b, const range *at) {
  uint32_t count[LABELS];
  uint16_t labels[LABELS];
  uint32_t used = 0;
  part(b, at, count);
  for (uint32_t c = 0; c < LABELS; c++)
    if (count[c] > 0) labels[used++] = (uint16_t)c;
  uint32_t base = 0;
  if (!find_base(b, labels, used, &base)) return false;
  b->trie->base[at->node] = (int32_t)base;
  for (uint32_t i = 0; i < used; i++)
    b->trie->check[base + labels[i]] = at->node;
  if (base + LABELS > b->trie->size) b->trie->size = base + LABELS;
  uint32_t low = at->low;
  for (uint32_t i = 0; i < used; i++) {
    const uint32_t high = low + count[labels[i]];
    const uint32_t node = base + labels[i];
    if (labels[i] == 0)
      add_leaf(b, node, b->order[high - 1], at->depth);
    else if (high - low == 1)
      add_leaf(b, node, b->order[low], at->depth + 1);
    else if (!push(b, (range){low, high, at->depth + 1, node}))
      return false;
    low = high;
  }
  return true;
}

static bool begin(builder *b) {
  const uint32_t count = b->input->count;
  const size_t bytes = (size_t)count + 1;
  sj_trie *trie = b->trie;
  trie->leaf_value = sj_arena_take(b->keep, bytes * sizeof(uint32_t));
  trie->leaf_tail = sj_arena_take(b->keep, bytes * sizeof(uint32_t));
  trie->tails = sj_arena_take(b->scratch, b->input->start[count]);
  b->order = sj_arena_take(b->scratch, bytes * sizeof(uint32_t));
  b->spare = sj_arena_take(b->scratch, bytes * sizeof(uint32_t));
  if (trie->leaf_value == NULL || trie->leaf_tail == NULL ||
      trie->tails == NULL || b->order == NULL || b->spare == NULL)
    return false;
  for (uint32_t i = 0; i < count; i++) {
    b->order[i] = i;
    const uint32_t len = piece_len(b->input, i);
    if (len > trie->longest) trie->longest = len;
  }
  // Most tries need about this much; growing leaves the old cells behind.
  if (!make_room(b, count + count / 2 + 4 * LABELS)) return false;
  trie->check[0] = no_node - 1; // the root is nobody's child
  b->hint = 1;
  return true;
}

// Move what grew in the scratch to its final place.
static bool settle(builder *b) {
  sj_trie *trie = b->trie;
  const size_t cells = (size_t)trie->size + LABELS;
  if (!make_room(b, trie->size + LABELS)) return false;
  int32_t *base = sj_arena_take(b->keep, cells * sizeof(*base));
  uint32_t *check = sj_arena_take(b->keep, cells * sizeof(*check));
  uint8_t *tails = sj_arena_take(b->keep, b->tail_len);
  if (base == NULL || check == NULL || tails == NULL) return false;
  memcpy(base, trie->base, cells * sizeof(*base));
  memcpy(check, trie->check, cells * sizeof(*check));
  if (b->tail_len > 0) memcpy(tails, trie->tails, b->tail_len);
  trie->base = base;
  trie->check = check;
  trie->tails = tails;
  trie->leaf_tail[trie->leaf_count] = b->tail_len;
  return true;
}

sj_status sj_trie_build(sj_trie *trie,
                        sj_arena *keep,
                        sj_arena *scratch,
                        const sj_trie_input *input) {
  *trie = (sj_trie){0};
  builder b = {.trie = trie, .keep = keep, .scratch = scratch, .input = input};
  bool good = begin(&b);
  if (good && input->count > 0) good = push(&b, (range){0, input->count, 0, 0});
  while (good && b.stack_len > 0) {
    const range next = b.stack[--b.stack_len];
    good = add_node(&b, &next);
  }
  if (good) good = settle(&b);
  if (good) return SJ_OK;
  *trie = (sj_trie){0};
  return SJ_NOMEM;
}

// The tail of a leaf against what is left of the text.
static bool take_leaf(const sj_trie *trie,
                      sj_trie_walk *walk,
                      uint32_t leaf,
                      const uint8_t *bytes,
                      size_t len) {
  const uint32_t tail = trie->leaf_tail[leaf];
  const size_t tail_len = trie->leaf_tail[leaf + 1] - tail;
  if (tail_len > len - walk->at) return false;
  if (tail_len > 0 &&
      memcmp(trie->tails + tail, bytes + walk->at, tail_len) != 0)
    return false;
  walk->len = walk->at + tail_len;
  walk->value = trie->leaf_value[leaf];
  return true;
}

bool sj_trie_next(const sj_trie *trie,
                  sj_trie_walk *walk,
                  const uint8_t *bytes,
                  size_t len) {
  if (walk->done || trie->leaf_count == 0) return false;
  for (;;) {
    const uint32_t base = (uint32_t)trie->base[walk->node];
    if (!walk->seen) {
      walk->seen = true;
      if (trie->check[base] == walk->node)
        return take_leaf(trie, walk, (uint32_t)(-(trie->base[base] + 1)), bytes,
                         len);
    }
    if (walk->at == len) break;
    const uint32_t child = base + bytes[walk->at] + 1u;
    if (trie->check[child] != walk->node) break;
    walk->at++;
    if (trie->base[child] < 0) {
      walk->done = true;
      return take_leaf(trie, walk, (uint32_t)(-(trie->base[child] + 1)), bytes,
                       len);
    }
    walk->node = child;
    walk->seen = false;
  }
  walk->done = true;
  return false;
}

int64_t sj_trie_find(const sj_trie *trie, const uint8_t *bytes, size_t len) {
  if (trie->leaf_count == 0) return -1;
  uint32_t node = 0;
  sj_trie_walk walk = {0};
  for (;; walk.at++) {
    const uint32_t base = (uint32_t)trie->base[node];
    const uint32_t child = walk.at == len ? base : base + bytes[walk.at] + 1u;
    if (trie->check[child] != node) return -1;
    if (walk.at == len) {
      walk.value = trie->leaf_value[-(trie->base[child] + 1)];
      return walk.value;
    }
    if (trie->base[child] >= 0) {
      node = child;
      continue;
    }
    walk.at++;
    const uint32_t leaf = (uint32_t)(-(trie->base[child] + 1));
    if (!take_leaf(trie, &walk, leaf, bytes, len) || walk.len != len) return -1;
    return walk.value;
  }
}
