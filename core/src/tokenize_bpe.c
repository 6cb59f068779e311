// SPDX-License-Identifier: Apache-2.0
//
// tokenize_bpe.c - byte pair encoding: symbols join by the rank of their
// merge, the lowest first, and of equals the leftmost.
//
// Short words look for the lowest rank by eye; long ones keep a heap, so that
// a word of a hundred thousand letters costs n log n.

#include "tokenize_parts.h"

#include <string.h>

#include "base/utf8.h"

enum { SHORT = 24 };

typedef struct symbol {
  uint32_t id;
  uint32_t start, end;  // bytes of the derived text
  uint32_t prev, next;  // neighbours; UINT32_MAX for none
  uint32_t rank, whole; // of the merge with the next; UINT32_MAX for none
} symbol;

typedef struct entry {
  uint32_t rank, at, whole;
} entry;

typedef struct word {
  sj_tok_run *run;
  const sj_tok_model *model;
  symbol *symbols;
  uint32_t len;
  entry *heap;
  size_t heap_len;
} word;

static const uint32_t none = UINT32_MAX;

static uint32_t hash_pair(uint32_t left, uint32_t right) {
  const uint64_t mixed = (((uint64_t)left << 32) | right) * 0x9E3779B97F4A7C15u;
  return (uint32_t)(mixed >> 32);
}

int64_t
sj_tok_merge_find(const sj_tok_model *model, uint32_t left, uint32_t right) {
  if (model->slots == NULL) return -1;
  for (uint32_t at = hash_pair(left, right);; at++) {
    const uint32_t slot = model->slots[at & model->slot_mask];
    if (slot == 0) return -(int64_t)(at & model->slot_mask) - 2;
    const sj_tok_merge *merge = &model->merges[slot - 1];
    if (merge->left == left && merge->right == right) return slot - 1;
  }
}

static void rate(word *w, uint32_t at) {
  symbol *left = &w->symbols[at];
  left->rank = none;
  if (left->next == none) return;
  const int64_t rank =
      sj_tok_merge_find(w->model, left->id, w->symbols[left->next].id);
  if (rank < 0) return;
  left->rank = (uint32_t)rank;
  left->whole = w->model->merges[rank].whole;
}

// Join a symbol with its next one.
static void join(word *w, uint32_t at) {
  symbol *left = &w->symbols[at];
  symbol *right = &w->symbols[left->next];
  left->id = left->whole;
  left->end = right->end;
  left->next = right->next;
  right->id = none; // gone
  if (left->next != none) w->symbols[left->next].prev = at;
  rate(w, at);
  if (left->prev != none) rate(w, left->prev);
}

static void merge_short(word *w) {
  for (;;) {
    uint32_t lowest = none;
    uint32_t found = none;
    for (uint32_t at = 0; at != none; at = w->symbols[at].next) {
      if (w->symbols[at].rank >= lowest) continue;
      lowest = w->symbols[at].rank;
      found = at;
    }
    if (found == none) return;
    join(w, found);
  }
}

static bool before(const entry *a, const entry *b) {
  return a->rank != b->rank ? a->rank < b->rank : a->at < b->at;
}

static void heap_push(word *w, uint32_t at) {
  const entry fresh = {w->symbols[at].rank, at, w->symbols[at].whole};
  if (fresh.rank == none) return;
  size_t i = w->heap_len++;
  while (i > 0 && before(&fresh, &w->heap[(i - 1) / 2])) {
    w->heap[i] = w->heap[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  w->heap[i] = fresh;
}

static entry heap_pop(word *w) {
  const entry top = w->heap[0];
  const entry last = w->heap[--w->heap_len];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= w->heap_len) break;
    if (child + 1 < w->heap_len && before(&w->heap[child + 1], &w->heap[child]))
      child++;
    if (!before(&w->heap[child], &last)) break;
    w->heap[i] = w->heap[child];
    i = child;
  }
  w->heap[i] = last;
  return top;
}

// Each join pushes at most two entries, so three for a symbol are enough.
static void merge_long(word *w) {
  for (uint32_t i = 0; i < w->len; i++)
    heap_push(w, i);
  while (w->heap_len > 0) {
    const entry top = heap_pop(w);
    const symbol *left = &w->symbols[top.at];
    if (left->id == none || left->rank == none || left->whole != top.whole)
      continue; // it joined another meanwhile
    join(w, top.at);
    heap_push(w, top.at);
    if (left->prev != none) heap_push(w, left->prev);
  }
}

static void add(word *w, uint32_t id, uint32_t start, uint32_t end) {
  w->symbols[w->len++] = (symbol){.id = id, .start = start, .end = end};
}

// One character, with the prefix or suffix that its place asks for.
static int64_t
find_char(word *w, const uint8_t *bytes, size_t len, unsigned where) {
  const sj_tok_model *model = w->model;
  const size_t prefix = (where & 1u) != 0 ? 0 : model->prefix_len;
  const size_t suffix = (where & 2u) != 0 ? model->suffix_len : 0;
  if (prefix + suffix == 0) return sj_trie_find(&model->trie, bytes, len);
  uint8_t whole[256];
  if (prefix + suffix + len > sizeof(whole)) return -1;
  if (prefix > 0) memcpy(whole, model->prefix, prefix);
  memcpy(whole + prefix, bytes, len);
  if (suffix > 0) memcpy(whole + prefix + len, model->suffix, suffix);
  return sj_trie_find(&model->trie, whole, prefix + len + suffix);
}

static bool add_bytes(word *w, uint32_t start, uint32_t end) {
  const uint8_t *bytes = w->run->now.bytes;
  if (!w->model->byte_fallback) return false;
  for (uint32_t i = start; i < end; i++)
    if (w->model->bytes[bytes[i]] < 0) return false;
  for (uint32_t i = start; i < end; i++)
    add(w, (uint32_t)w->model->bytes[bytes[i]], i, i + 1);
  return true;
}

static void add_symbols(word *w, const sj_tok_piece *piece) {
  const uint8_t *bytes = w->run->now.bytes;
  const int32_t unk = w->model->unk;
  sj_range waiting = {0, 0}; // unknown characters that may fuse
  for (uint32_t at = piece->start; at < piece->end;) {
    const uint32_t end = at + (uint32_t)sj_tok_char_len(bytes[at]);
    const unsigned where =
        (at == piece->start ? 1u : 0u) | (end == piece->end ? 2u : 0u);
    const int64_t id = find_char(w, bytes + at, end - at, where);
    const bool is_waiting = waiting.end > waiting.start;
    if (id >= 0) {
      if (is_waiting) add(w, (uint32_t)unk, waiting.start, waiting.end);
      waiting = (sj_range){0, 0};
      add(w, (uint32_t)id, at, end);
    } else if (!add_bytes(w, at, end) && unk >= 0) {
      if (is_waiting && !w->model->fuse_unk)
        add(w, (uint32_t)unk, waiting.start, waiting.end);
      const bool fuse = is_waiting && w->model->fuse_unk;
      waiting = (sj_range){fuse ? waiting.start : at, end};
    }
    at = end;
  }
  if (waiting.end > waiting.start)
    add(w, (uint32_t)unk, waiting.start, waiting.end);
}

static void link_symbols(word *w) {
  for (uint32_t i = 0; i < w->len; i++) {
    w->symbols[i].prev = i == 0 ? none : i - 1;
    w->symbols[i].next = i + 1 == w->len ? none : i + 1;
  }
  for (uint32_t i = 0; i < w->len; i++)
    rate(w, i);
}

void sj_tok_bpe(sj_tok_run *run, const sj_tok_piece *piece) {
  const sj_tok_model *model = &run->tokenizer->model;
  const size_t len = piece->end - piece->start;
  if (model->ignore_merges) {
    const int64_t id =
        sj_trie_find(&model->trie, run->now.bytes + piece->start, len);
    if (id >= 0) {
      sj_tok_emit(run, (int32_t)id, piece->start, piece->end);
      return;
    }
  }
  word w = {.run = run, .model = model};
  const size_t bytes = (len + 1) * sizeof(symbol);
  uint8_t *room = sj_tok_scratch(run, bytes + (3 * len + 3) * sizeof(entry));
  if (room == NULL) return;
  w.symbols = (void *)room;
  w.heap = (void *)(room + bytes);
  add_symbols(&w, piece);
  if (w.len == 0) return;
  link_symbols(&w);
  if (w.len <= SHORT)
    merge_short(&w);
  else
    merge_long(&w);
  for (uint32_t at = 0; at != none; at = w.symbols[at].next)
    sj_tok_emit(run, (int32_t)w.symbols[at].id, w.symbols[at].start,
                w.symbols[at].end);
}
