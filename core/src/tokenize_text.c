// SPDX-License-Identifier: Apache-2.0
//
// tokenize_text.c - rewrite a text and keep the way back to the original.

#include "tokenize_parts.h"

#include <string.h>

#include "base/array.h"
#include "base/utf8.h"

size_t sj_tok_char_len(uint8_t lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

size_t sj_tok_ascii_end(const sj_tok_text *text, size_t at) {
  static const uint64_t high = UINT64_C(0x8080808080808080);
  uint64_t word;
  for (; text->len - at >= sizeof(word); at += sizeof(word)) {
    memcpy(&word, text->bytes + at, sizeof(word));
    if ((word & high) != 0) break;
  }
  while (at < text->len && text->bytes[at] < 0x80)
    at++;
  return at;
}

bool sj_tok_text_room(sj_tok_run *run, sj_tok_text *text, size_t more) {
  if (text->cap - text->len >= more) return true;
  if (run->failed != SJ_OK) return false;
  const size_t cap = (text->len + more) * 2 + 64;
  uint8_t *bytes = sj_arena_grow(run->arena, text->bytes, text->cap, cap);
  if (bytes != NULL) text->bytes = bytes;
  uint32_t *from = bytes == NULL ? NULL
                                 : sj_arena_grow(run->arena, text->from,
                                                 text->cap * sizeof(*from),
                                                 cap * sizeof(*from));
  if (from == NULL) {
    run->failed = SJ_NOMEM;
    return false;
  }
  text->from = from;
  text->cap = cap;
  return true;
}

sj_tok_edit sj_tok_edit_begin(sj_tok_run *run) {
  run->next.len = 0;
  (void)sj_tok_text_room(run, &run->next, run->now.len + 8);
  return (sj_tok_edit){
      .run = run, .in = &run->now, .out = &run->next, .end = run->now.len};
}

// The place of a character that is new: that of the one before it. Where
// nothing stands before it, that of the one behind (the reference says 0, which
// is wrong but for the first byte of the text).
static uint32_t place_of_new(const sj_tok_edit *edit) {
  if (edit->at > 0) return edit->in->from[edit->at - 1];
  return edit->in->len > 0 ? edit->in->from[0] : 0;
}

static void
append(sj_tok_edit *edit, const uint8_t *bytes, size_t len, uint32_t place) {
  sj_tok_text *out = edit->out;
  if (!sj_tok_text_room(edit->run, out, len)) return;
  for (size_t i = 0; i < len; i++) {
    out->bytes[out->len] = bytes[i];
    out->from[out->len++] = place;
  }
}

static void step_over(sj_tok_edit *edit) {
  if (edit->at < edit->end)
    edit->at += sj_tok_char_len(edit->in->bytes[edit->at]);
}

void sj_tok_edit_put(sj_tok_edit *edit, uint32_t code, int32_t change) {
  uint8_t bytes[4];
  const size_t len = sj_utf8_put(bytes, code);
  const bool fresh = change > 0 || edit->at >= edit->end;
  append(edit, bytes, len,
         fresh ? place_of_new(edit) : edit->in->from[edit->at]);
  if (change > 0) return;
  step_over(edit);
  for (; change < 0; change++)
    step_over(edit);
}

void sj_tok_edit_copy(sj_tok_edit *edit, size_t end) {
  const size_t len = end - edit->at;
  sj_tok_text *out = edit->out;
  if (len == 0 || !sj_tok_text_room(edit->run, out, len)) return;
  memcpy(out->bytes + out->len, edit->in->bytes + edit->at, len);
  memcpy(out->from + out->len, edit->in->from + edit->at,
         len * sizeof(*out->from));
  out->len += len;
  edit->at = end;
}

void sj_tok_edit_skip(sj_tok_edit *edit, size_t end) {
  edit->at = end;
}

void sj_tok_edit_insert(sj_tok_edit *edit, const uint8_t *text, size_t len) {
  append(edit, text, len, place_of_new(edit));
}

void sj_tok_edit_swap(sj_tok_run *run) {
  const sj_tok_text old = run->now;
  run->now = run->next;
  run->next = old;
}

void sj_tok_piece_push(sj_tok_run *run, sj_tok_pieces *to, sj_tok_piece piece) {
  if (run->failed != SJ_OK || piece.start == piece.end) return;
  if (to->len == to->cap) {
    sj_tok_piece *at = sj_array_room(run->arena, to->at, to->len, &to->cap,
                                     to->len + 64, sizeof(*at));
    if (at == NULL) {
      run->failed = SJ_NOMEM;
      return;
    }
    to->at = at;
  }
  to->at[to->len++] = piece;
}

void *sj_tok_scratch(sj_tok_run *run, size_t size) {
  if (run->failed != SJ_OK) return NULL;
  if (size <= run->scratch_size) return run->scratch;
  void *fresh = sj_arena_take(run->arena, size * 2);
  if (fresh == NULL) {
    run->failed = SJ_NOMEM;
    return NULL;
  }
  run->scratch = fresh;
  run->scratch_size = size * 2;
  return fresh;
}
