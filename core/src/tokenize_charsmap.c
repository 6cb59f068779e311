// SPDX-License-Identifier: Apache-2.0
//
// tokenize_charsmap.c - the normalizer that SentencePiece compiles: a
// double-array trie over UTF-8 and the texts that its values point at.
//
// The reference looks up whole graphemes of fewer than six bytes, takes the
// shortest entry that one begins with, and puts it in place of all of it. Odd,
// but models were trained on it.

#include "tokenize_parts.h"

#include "base/utf8.h"

static uint32_t cell(const sj_tok_step *step, size_t at) {
  const uint8_t *b = step->map + at * 4;
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
         (uint32_t)b[3] << 24;
}

static size_t offset_of(uint32_t unit) {
  return (size_t)(unit >> 10) << ((unit & (1u << 9)) >> 6);
}

// The text of the shortest entry that the bytes begin with.
static bool look_up(const sj_tok_step *step,
                    const uint8_t *bytes,
                    size_t len,
                    sj_range *out) {
  if (step->map_cells == 0) return false;
  size_t node = offset_of(cell(step, 0));
  for (size_t i = 0; i < len && bytes[i] != 0; i++) {
    node ^= bytes[i];
    if (node >= step->map_cells) return false;
    const uint32_t unit = cell(step, node);
    if ((unit & 0x800000FFu) != bytes[i]) return false;
    node ^= offset_of(unit);
    if (((unit >> 8) & 1u) == 0) continue;
    if (node >= step->map_cells) return false;
    const uint32_t start = cell(step, node) & 0x7FFFFFFFu;
    if (start > step->map_texts) return false;
    const uint8_t *texts = step->map + step->map_cells * 4;
    uint32_t end = start;
    while (end < step->map_texts && texts[end] != 0)
      end++;
    *out = (sj_range){start, end};
    return true;
  }
  return false;
}

static void replace(sj_tok_edit *edit,
                    const sj_tok_step *step,
                    sj_range found,
                    size_t end) {
  const uint8_t *texts = step->map + step->map_cells * 4;
  const size_t old = sj_utf8_count(edit->in->bytes + edit->at, end - edit->at);
  size_t done = 0;
  for (size_t at = found.start; at < found.end; done++)
    sj_tok_edit_put(edit, sj_utf8_next(texts, &at), done >= old);
  // What is left of the old characters goes; at the very start too, where the
  // reference forgets them and every later offset is wrong.
  sj_tok_edit_skip(edit, end);
}

static size_t grapheme_end(sj_tok_run *run, size_t at) {
  const sj_tok_text *now = &run->now;
  const uint8_t *b = now->bytes;
  if (at + 1 < now->len && b[at] < 0x80 && b[at + 1] < 0x80 && b[at] != '\r')
    return at + 1;
  sj_range found;
  // A grapheme is short, but a chain of marks is not: past 64 bytes its end
  // does not matter, as only those under six are looked up whole.
  size_t limit = at + 64 < now->len ? at + 64 : now->len;
  while (limit < now->len && !sj_utf8_starts(b[limit]))
    limit--;
  const sj_range within = {(uint32_t)at, (uint32_t)limit};
  if (!sj_tok_regex_find(run, run->tokenizer->grapheme, within, (uint32_t)at,
                         &found))
    return at + sj_tok_char_len(b[at]);
  return found.end;
}

void sj_tok_charsmap(sj_tok_run *run, const sj_tok_step *step) {
  sj_tok_edit edit = sj_tok_edit_begin(run);
  const uint8_t *b = run->now.bytes;
  while (edit.at < run->now.len && run->failed == SJ_OK) {
    const size_t end = grapheme_end(run, edit.at);
    sj_range found;
    if (end - edit.at < 6 &&
        look_up(step, b + edit.at, end - edit.at, &found)) {
      replace(&edit, step, found, end);
      continue;
    }
    while (edit.at < end && run->failed == SJ_OK) {
      const size_t next = edit.at + sj_tok_char_len(b[edit.at]);
      if (look_up(step, b + edit.at, next - edit.at, &found))
        replace(&edit, step, found, next);
      else
        sj_tok_edit_copy(&edit, next);
    }
  }
  sj_tok_edit_swap(run);
}
