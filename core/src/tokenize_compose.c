// SPDX-License-Identifier: Apache-2.0
//
// tokenize_compose.c - NFC, NFD, NFKC and NFKD, telling at each character how
// it changes the count, as the reference library does.

#include "tokenize_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "tokenize_unicode.h"

typedef struct item {
  uint32_t code;
  int32_t change;
  uint8_t order;
} item;

typedef struct items {
  item *at;
  size_t len, cap;
} items;

typedef struct composer {
  sj_tok_run *run;
  sj_tok_edit edit;
  items marks, sorted; // marks that wait to be put in order
  bool compose;
  bool has_base, has_last;
  item base;
  uint8_t last; // class of the last mark that did not compose
  items held;   // marks that did not compose with the base
} composer;

static void hold(composer *c, items *to, item one) {
  if (to->len == to->cap) {
    const size_t cap = to->cap == 0 ? 64 : to->cap * 2;
    item *at = sj_arena_grow(c->run->arena, to->at, to->cap * sizeof(*at),
                             cap * sizeof(*at));
    if (at == NULL) {
      c->run->failed = SJ_NOMEM;
      return;
    }
    to->at = at;
    to->cap = cap;
  }
  to->at[to->len++] = one;
}

static void put(composer *c, item one) {
  sj_tok_edit_put(&c->edit, one.code, one.change);
}

// The base and what did not compose with it are settled.
static void flush_base(composer *c) {
  if (c->has_base) put(c, c->base);
  for (size_t i = 0; i < c->held.len; i++)
    put(c, c->held.at[i]);
  c->held.len = 0;
  c->has_base = false;
  c->has_last = false;
}

static void compose_one(composer *c, item one) {
  if (!c->has_base) {
    if (one.order != 0) {
      put(c, one);
      return;
    }
    c->base = one;
    c->has_base = true;
    return;
  }
  const bool blocked = c->has_last && c->last >= one.order;
  const uint32_t whole = blocked ? 0 : sj_uc_compose(c->base.code, one.code);
  if (whole != 0) {
    c->base.code = whole;
    c->base.change += one.change - 1;
    return;
  }
  if (one.order == 0) {
    flush_base(c);
    c->base = one;
    c->has_base = true;
    return;
  }
  hold(c, &c->held, one);
  c->last = one.order;
  c->has_last = true;
}

static void give(composer *c, item one) {
  if (c->compose)
    compose_one(c, one);
  else
    put(c, one);
}

// Put waiting marks in the order of their classes; counting keeps it linear
// for a hundred thousand of them.
static void flush_marks(composer *c) {
  if (c->marks.len == 0) return;
  size_t place[256] = {0};
  for (size_t i = 0; i < c->marks.len; i++)
    place[c->marks.at[i].order]++;
  size_t sum = 0;
  for (size_t i = 0; i < 256; i++) {
    const size_t count = place[i];
    place[i] = sum;
    sum += count;
  }
  c->sorted.len = 0;
  for (size_t i = 0; i < c->marks.len; i++)
    hold(c, &c->sorted, (item){0});
  if (c->run->failed != SJ_OK) return;
  for (size_t i = 0; i < c->marks.len; i++)
    c->sorted.at[place[c->marks.at[i].order]++] = c->marks.at[i];
  for (size_t i = 0; i < c->sorted.len; i++)
    give(c, c->sorted.at[i]);
  c->marks.len = 0;
}

static void take(composer *c, uint32_t code, int32_t change) {
  const item one = {code, change, code < 0x300 ? 0 : sj_uc_class(code)};
  if (one.order != 0) {
    hold(c, &c->marks, one);
    return;
  }
  flush_marks(c);
  give(c, one);
}

// A run of ASCII stays as it is, but for its last character where that may
// compose with what follows. Gives where the rest begins.
static size_t take_ascii(composer *c, size_t at) {
  const sj_tok_text *now = &c->run->now;
  size_t end = sj_tok_ascii_end(now, at);
  if (c->compose && end > at && end < now->len) end--;
  if (end == at) return at;
  flush_marks(c);
  flush_base(c);
  sj_tok_edit_copy(&c->edit, end);
  return end;
}

void sj_tok_compose(sj_tok_run *run, bool compat, bool compose) {
  composer c = {.run = run, .edit = sj_tok_edit_begin(run), .compose = compose};
  const unsigned which = compat ? SJ_UC_COMPAT : SJ_UC_CANON;
  for (size_t at = 0; at < run->now.len && run->failed == SJ_OK;) {
    at = take_ascii(&c, at);
    if (at == run->now.len) break;
    const uint32_t code = sj_utf8_next(run->now.bytes, &at);
    uint32_t parts[SJ_UC_MOST];
    size_t count = 0;
    if (code >= 0x80 && (sj_uc_of(code) & which) != 0)
      count = sj_uc_map(which, code, parts);
    if (count == 0) take(&c, code, 0);
    for (size_t i = 0; i < count; i++)
      take(&c, parts[i], i > 0);
  }
  flush_marks(&c);
  flush_base(&c);
  sj_tok_edit_swap(run);
}
