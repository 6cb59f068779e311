// SPDX-License-Identifier: Apache-2.0
//
// tokenize_model.c - WordPiece, Unigram and WordLevel: from a piece of text to
// tokens. tokenize_bpe.c has the fourth.

#include "tokenize_parts.h"

#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "tokenize_unicode.h"

static bool more_tokens(sj_tok_run *run) {
  const size_t cap =
      run->token_cap == 0 ? run->len / 3 + 64 : run->token_cap * 2;
  int32_t *ids = sj_arena_grow(
      run->arena, run->ids, run->token_cap * sizeof(*ids), cap * sizeof(*ids));
  if (ids != NULL) run->ids = ids;
  uint32_t *start = ids == NULL ? NULL
                                : sj_arena_grow(run->arena, run->start,
                                                run->token_cap * sizeof(*start),
                                                cap * sizeof(*start));
  if (start != NULL) run->start = start;
  uint32_t *end = start == NULL ? NULL
                                : sj_arena_grow(run->arena, run->end,
                                                run->token_cap * sizeof(*end),
                                                cap * sizeof(*end));
  if (end == NULL) {
    run->failed = SJ_NOMEM;
    return false;
  }
  run->end = end;
  run->token_cap = cap;
  return true;
}

// How many blanks, plain or as ByteLevel writes them, a token begins or ends
// with.
static size_t leading_blanks(const uint8_t *bytes, size_t at, size_t end) {
  size_t count = 0;
  for (; at < end; count++) {
    const uint32_t code = sj_utf8_next(bytes, &at);
    if (code != 0x120 && (sj_uc_of(code) & SJ_UC_SPACE) == 0) break;
  }
  return count;
}

static size_t trailing_blanks(const uint8_t *bytes, size_t start, size_t at) {
  size_t count = 0;
  for (; at > start; count++) {
    const uint32_t code = sj_utf8_prev(bytes, &at);
    if (code != 0x120 && (sj_uc_of(code) & SJ_UC_SPACE) == 0) break;
  }
  return count;
}

// A post-processor that trims offsets leaves the blanks of a token out of its
// range; one that adds a prefix spares the blank it added itself.
static void
trim(sj_tok_run *run, bool prefix, sj_range piece, sj_range *range) {
  size_t lead = leading_blanks(run->now.bytes, piece.start, piece.end);
  size_t trail = trailing_blanks(run->now.bytes, piece.start, piece.end);
  if (lead == 1 && prefix && (run->token_len == 0 || range->start == 0))
    lead = 0;
  for (; lead > 0 && range->start < range->end; lead--)
    range->start += (uint32_t)sj_tok_char_len(run->text[range->start]);
  size_t at = range->end;
  for (; trail > 0 && at > range->start; trail--)
    (void)sj_utf8_prev(run->text, &at);
  range->end = (uint32_t)at;
}

void sj_tok_emit(sj_tok_run *run, int32_t id, uint32_t start, uint32_t end) {
  if (run->failed != SJ_OK || start >= end) return;
  if (run->token_len == run->token_cap && !more_tokens(run)) return;
  const uint32_t last = run->now.from[end - 1];
  sj_range range = {run->now.from[start],
                    last + (uint32_t)sj_tok_char_len(run->text[last])};
  if (id != run->tokenizer->model.unk)
    for (size_t i = 0; i < run->tokenizer->trim_count; i++)
      trim(run, run->tokenizer->trims[i], (sj_range){start, end}, &range);
  run->ids[run->token_len] = id;
  run->start[run->token_len] = range.start;
  run->end[run->token_len++] = range.end;
}

// The longest piece of the vocabulary that the text begins with.
static bool longest(const sj_trie *trie,
                    sj_trie_walk walk,
                    const uint8_t *bytes,
                    size_t len,
                    sj_trie_walk *out) {
  bool found = false;
  while (sj_trie_next(trie, &walk, bytes, len))
    if (walk.len > 0) {
      *out = walk;
      found = true;
    }
  return found;
}

// A continuing piece is looked up behind the prefix.
static bool longest_behind(sj_tok_run *run,
                           const uint8_t *bytes,
                           size_t len,
                           sj_trie_walk *out) {
  const sj_tok_model *model = &run->tokenizer->model;
  if (model->prefix_len == 0)
    return longest(&model->trie, (sj_trie_walk){0}, bytes, len, out);
  if (model->prefix_found) {
    const sj_trie_walk walk = {.node = model->prefix_node, .seen = true};
    return longest(&model->trie, walk, bytes, len, out);
  }
  // At most one piece begins with the prefix: spell it out.
  const size_t room = model->trie.longest;
  uint8_t *whole = sj_tok_scratch(run, room);
  if (whole == NULL || room <= model->prefix_len) return false;
  const size_t rest = room - model->prefix_len;
  const size_t taken = rest < len ? rest : len;
  memcpy(whole, model->prefix, model->prefix_len);
  memcpy(whole + model->prefix_len, bytes, taken);
  if (!longest(&model->trie, (sj_trie_walk){0}, whole,
               model->prefix_len + taken, out) ||
      out->len <= model->prefix_len)
    return false;
  out->len -= model->prefix_len;
  return true;
}

static void wordpiece(sj_tok_run *run, const sj_tok_piece *piece) {
  const sj_tok_model *model = &run->tokenizer->model;
  const uint8_t *bytes = run->now.bytes + piece->start;
  const size_t len = piece->end - piece->start;
  const size_t first = run->token_len;
  bool good = len <= model->most_chars ||
              sj_utf8_count(bytes, len) <= model->most_chars;
  for (size_t at = 0; good && at < len && run->failed == SJ_OK;) {
    sj_trie_walk hit;
    good = at == 0 ? longest(&model->trie, (sj_trie_walk){0}, bytes, len, &hit)
                   : longest_behind(run, bytes + at, len - at, &hit);
    if (!good) break;
    sj_tok_emit(run, (int32_t)hit.value, piece->start + (uint32_t)at,
                piece->start + (uint32_t)(at + hit.len));
    at += hit.len;
  }
  if (good) return;
  run->token_len = first;
  sj_tok_emit(run, model->unk, piece->start, piece->end);
}

typedef struct best {
  double score;
  uint32_t from; ///< UINT32_MAX: not reached
  uint32_t id;
} best;

static void offer(best *to, double score, uint32_t from, uint32_t id) {
  if (to->from != UINT32_MAX && score <= to->score) return;
  *to = (best){score, from, id};
}

// The best way to the end of each prefix. A step looks no further than the
// longest piece, so that the cost is linear in the text.
static void viterbi(const sj_tok_model *model,
                    const uint8_t *bytes,
                    size_t len,
                    best *paths) {
  const double unknown = model->low - 10.0;
  for (size_t i = 1; i <= len; i++)
    paths[i].from = UINT32_MAX;
  paths[0] = (best){0};
  for (size_t at = 0; at < len;) {
    const size_t char_len = sj_tok_char_len(bytes[at]);
    bool single = false;
    sj_trie_walk walk = {0};
    while (sj_trie_next(&model->trie, &walk, bytes + at, len - at)) {
      if (walk.len == 0) continue;
      offer(&paths[at + walk.len], model->scores[walk.value] + paths[at].score,
            (uint32_t)at, walk.value);
      single = single || walk.len == char_len;
    }
    if (!single)
      offer(&paths[at + char_len], unknown + paths[at].score, (uint32_t)at,
            (uint32_t)model->unk);
    at += char_len;
  }
}

// A stretch that no piece covers: bytes, or the unknown token.
static void unknown(sj_tok_run *run, uint32_t start, uint32_t end) {
  const sj_tok_model *model = &run->tokenizer->model;
  const uint8_t *bytes = run->now.bytes;
  const int64_t whole = sj_trie_find(&model->trie, bytes + start, end - start);
  bool known = model->byte_fallback && whole < 0;
  for (uint32_t i = start; known && i < end; i++)
    known = model->bytes[bytes[i]] >= 0;
  if (!known) {
    sj_tok_emit(run, whole >= 0 ? (int32_t)whole : model->unk, start, end);
    return;
  }
  for (uint32_t i = start; i < end; i++)
    sj_tok_emit(run, model->bytes[bytes[i]], start, end);
}

static void unigram(sj_tok_run *run, const sj_tok_piece *piece) {
  const sj_tok_model *model = &run->tokenizer->model;
  const size_t len = piece->end - piece->start;
  best *paths = sj_tok_scratch(run, (len + 1) * sizeof(*paths));
  if (paths == NULL) return;
  viterbi(model, run->now.bytes + piece->start, len, paths);
  // Turn the way back around: each `from` then names the next stop.
  uint32_t next = (uint32_t)len;
  for (uint32_t at = (uint32_t)len; at > 0;) {
    const uint32_t from = paths[at].from;
    paths[at].from = next;
    next = at;
    at = from;
  }
  const uint32_t unk = (uint32_t)model->unk;
  for (uint32_t at = 0, to = next; at < len && run->failed == SJ_OK;) {
    const uint32_t id = paths[to].id;
    uint32_t end = to;
    uint32_t after = paths[to].from;
    while (id == unk && end < len && paths[after].id == unk) {
      end = after;
      after = paths[end].from;
    }
    if (id == unk)
      unknown(run, piece->start + at, piece->start + end);
    else
      sj_tok_emit(run, (int32_t)id, piece->start + at, piece->start + end);
    at = end;
    to = after;
  }
}

static void wordlevel(sj_tok_run *run, const sj_tok_piece *piece) {
  const sj_tok_model *model = &run->tokenizer->model;
  const int64_t id = sj_trie_find(&model->trie, run->now.bytes + piece->start,
                                  piece->end - piece->start);
  sj_tok_emit(run, id >= 0 ? (int32_t)id : model->unk, piece->start,
              piece->end);
}

void sj_tok_model_run(sj_tok_run *run, const sj_tok_piece *piece) {
  switch (run->tokenizer->model.kind) {
  case SJ_TOK_WORDPIECE:
    wordpiece(run, piece);
    break;
  case SJ_TOK_UNIGRAM:
    unigram(run, piece);
    break;
  case SJ_TOK_BPE:
    sj_tok_bpe(run, piece);
    break;
  case SJ_TOK_WORDLEVEL:
    wordlevel(run, piece);
    break;
  }
}

// Find the node behind the prefix, so that continuing pieces need no copy.
sj_status sj_tok_model_ready(sj_tok_model *model) {
  const sj_trie *trie = &model->trie;
  uint32_t node = 0;
  model->prefix_found = trie->leaf_count > 0;
  for (size_t i = 0; i < model->prefix_len && model->prefix_found; i++) {
    const uint32_t child = (uint32_t)trie->base[node] + model->prefix[i] + 1u;
    model->prefix_found = trie->check[child] == node && trie->base[child] >= 0;
    node = child;
  }
  model->prefix_node = node;
  return SJ_OK;
}
