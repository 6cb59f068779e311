// SPDX-License-Identifier: Apache-2.0
//
// tokenize_window.c - cut tokens into windows that overlap. An edge falls at
// the end of a line where one is near, else between words, else anywhere: a
// word longer than a window is cut, but never left out.

#include "tokenize.h"

#include "base/array.h"
#include "base/utf8.h"

typedef enum edge { EDGE_NONE, EDGE_WORD, EDGE_LINE } edge;

// What lies between the token before `at` and the one at it.
static edge edge_at(const sj_text *text, const sj_tokens *tokens, size_t at) {
  const uint32_t from = tokens->end[at - 1];
  const uint32_t to = tokens->start[at];
  edge found = to > from ? EDGE_WORD : EDGE_NONE;
  for (uint32_t i = from; i < to && found != EDGE_LINE; i++)
    if (text->bytes[i] == '\n' || text->bytes[i] == '\r') found = EDGE_LINE;
  const uint8_t next = text->bytes[to];
  if (next == '\n' || next == '\r') return EDGE_LINE;
  if (found == EDGE_NONE && (next == ' ' || next == '\t')) return EDGE_WORD;
  return found;
}

// The best edge in (least, most], the last of its sort.
static uint32_t best_edge(const sj_text *text,
                          const sj_tokens *tokens,
                          uint32_t least,
                          uint32_t most) {
  uint32_t word = most;
  bool has_word = false;
  for (uint32_t at = most; at > least; at--) {
    const edge here = edge_at(text, tokens, at);
    if (here == EDGE_LINE) return at;
    if (here == EDGE_WORD && !has_word) {
      word = at;
      has_word = true;
    }
  }
  return word;
}

static bool push(sj_arena *arena, sj_cuts *cuts, sj_cut cut) {
  sj_cut *at =
      sj_array_room(arena, cuts->at, cuts->len, &cuts->cap, 1, sizeof(*at));
  if (at == NULL) return false;
  cuts->at = at;
  at[cuts->len++] = cut;
  return true;
}

sj_status sj_tokenize_cut(const sj_tokenizer *tokenizer,
                          sj_arena *arena,
                          const sj_text *text,
                          const sj_tokens *tokens,
                          sj_window_plan plan,
                          sj_cuts *out) {
  *out = (sj_cuts){0};
  const int32_t *ids = NULL;
  const size_t special =
      sj_tokenize_before(tokenizer, &ids) + sj_tokenize_after(tokenizer, &ids);
  if (plan.window < special + 8) return SJ_MODEL;
  const uint32_t room = plan.window - (uint32_t)special;
  const uint32_t overlap = plan.overlap < room / 2 ? plan.overlap : room / 2;
  const uint32_t count = (uint32_t)tokens->len;
  uint32_t covered = 0; // bytes
  for (uint32_t first = 0; first < count;) {
    uint32_t last = count - first <= room ? count : first + room;
    if (last < count) last = best_edge(text, tokens, last - room / 8, last);
    const uint32_t begin = tokens->start[first];
    const uint32_t end = last == count ? text->len : tokens->start[last];
    sj_cut cut = {first, last, begin < covered ? begin : covered, end};
    if (cut.end < cut.start) cut.end = cut.start;
    if (!push(arena, out, cut)) return SJ_NOMEM;
    if (cut.end > covered) covered = cut.end;
    if (last == count) break;
    // The next begins before this one ends, but behind where it began.
    uint32_t next = last - overlap;
    if (overlap > 0 && next > first + room / 8)
      next = best_edge(text, tokens, next - room / 8, next);
    first = next > first ? next : last;
  }
  return SJ_OK;
}
