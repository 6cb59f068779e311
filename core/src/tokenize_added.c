// SPDX-License-Identifier: Apache-2.0
//
// tokenize_added.c - find added tokens in a text: leftmost, longest.

#include "tokenize_parts.h"

#include "base/utf8.h"
#include "tokenize_unicode.h"

static bool longest_at(const sj_tok_added *added,
                       const uint8_t *bytes,
                       size_t len,
                       sj_trie_walk *best) {
  if ((added->first[bytes[0] >> 3] >> (bytes[0] & 7) & 1) == 0) return false;
  sj_trie_walk walk = {0};
  bool found = false;
  while (sj_trie_next(&added->trie, &walk, bytes, len)) {
    *best = walk;
    found = true;
  }
  return found && best->len > 0;
}

static bool word_before(const uint8_t *bytes, sj_range within, uint32_t at) {
  size_t to = at;
  return at > within.start &&
         (sj_uc_of(sj_utf8_prev(bytes, &to)) & SJ_UC_WORD) != 0;
}

static bool word_behind(const uint8_t *bytes, sj_range within, uint32_t at) {
  size_t to = at;
  return at < within.end &&
         (sj_uc_of(sj_utf8_next(bytes, &to)) & SJ_UC_WORD) != 0;
}

static uint32_t
blanks_before(const uint8_t *bytes, uint32_t least, uint32_t at) {
  size_t to = at;
  while (to > least) {
    size_t next = to;
    if ((sj_uc_of(sj_utf8_prev(bytes, &next)) & SJ_UC_SPACE) == 0) break;
    to = next;
  }
  return (uint32_t)to;
}

static uint32_t
blanks_behind(const uint8_t *bytes, uint32_t most, uint32_t at) {
  size_t to = at;
  while (to < most) {
    size_t next = to;
    if ((sj_uc_of(sj_utf8_next(bytes, &next)) & SJ_UC_SPACE) == 0) break;
    to = next;
  }
  return (uint32_t)to;
}

void sj_tok_added_find(sj_tok_run *run,
                       const sj_tok_added *added,
                       const uint8_t *bytes,
                       sj_range within,
                       sj_tok_pieces *to) {
  uint32_t done = within.start;
  sj_trie_walk hit = {0};
  for (uint32_t at = within.start;
       added->count > 0 && at < within.end && run->failed == SJ_OK;) {
    if (!longest_at(added, bytes + at, within.end - at, &hit)) {
      at++;
      continue;
    }
    uint32_t start = at;
    uint32_t end = at + (uint32_t)hit.len;
    at = end;
    const sj_tok_added_token *token = &added->at[hit.value];
    if (token->single_word &&
        (word_before(bytes, within, start) || word_behind(bytes, within, end)))
      continue;
    if (token->lstrip) start = blanks_before(bytes, done, start);
    if (token->rstrip) end = blanks_behind(bytes, within.end, end);
    // Blanks that the token before took may be a token too: it is given all
    // the same, as in the reference.
    if (start > done)
      sj_tok_piece_push(run, to, (sj_tok_piece){done, start, -1});
    sj_tok_piece_push(run, to, (sj_tok_piece){start, end, token->id});
    if (end > done) done = end;
  }
  sj_tok_piece_push(run, to, (sj_tok_piece){done, within.end, -1});
}
