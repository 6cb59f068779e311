// SPDX-License-Identifier: Apache-2.0
//
// tokenize_split.c - the pre-tokenizers: cut pieces into smaller ones. Two of
// them, Metaspace and ByteLevel, rewrite the text as well.

#include "tokenize_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "tokenize_unicode.h"

// Gathers the matches and gaps of one piece by the behaviour asked for.
typedef struct cutter {
  sj_tok_run *run;
  sj_tok_behavior behavior;
  bool invert;
  bool open;       // `last` waits
  bool last_match; // what the part before was
  sj_tok_piece last;
} cutter;

static void flush(cutter *c) {
  if (c->open) sj_tok_piece_push(c->run, &c->run->more, c->last);
  c->open = false;
}

// Merging with the next works backwards in the reference: a match joins what
// follows it, unless that is a match too.
static void add_merged_next(cutter *c, sj_tok_piece part, bool match) {
  if (c->open && c->last_match && !match) {
    c->last.end = part.end;
  } else {
    flush(c);
    c->last = part;
    c->open = true;
  }
}

static void add_merged_previous(cutter *c, sj_tok_piece part, bool match) {
  if (c->open && match && !c->last_match) {
    c->last.end = part.end;
  } else {
    flush(c);
    c->last = part;
    c->open = true;
  }
}

static void add(cutter *c, uint32_t start, uint32_t end, bool match) {
  if (start == end) return;
  const sj_tok_piece part = {start, end, -1};
  match = match != c->invert;
  switch (c->behavior) {
  case SJ_TOK_REMOVED:
    if (!match) sj_tok_piece_push(c->run, &c->run->more, part);
    break;
  case SJ_TOK_ISOLATED:
    sj_tok_piece_push(c->run, &c->run->more, part);
    break;
  case SJ_TOK_MERGED_PREVIOUS:
    add_merged_previous(c, part, match);
    break;
  case SJ_TOK_MERGED_NEXT:
    add_merged_next(c, part, match);
    break;
  case SJ_TOK_CONTIGUOUS:
    if (c->open && match == c->last_match) {
      c->last.end = end;
    } else {
      flush(c);
      c->last = part;
      c->open = true;
    }
    break;
  }
  c->last_match = match;
}

// Each character with one of these properties is a match of its own.
static void cut_by_kind(cutter *c, const sj_tok_piece *piece, unsigned which) {
  const uint8_t *bytes = c->run->now.bytes;
  uint32_t gap = piece->start;
  for (size_t at = piece->start; at < piece->end;) {
    const uint32_t start = (uint32_t)at;
    if ((sj_uc_of(sj_utf8_next(bytes, &at)) & which) == 0) continue;
    add(c, gap, start, false);
    add(c, start, (uint32_t)at, true);
    gap = (uint32_t)at;
  }
  add(c, gap, piece->end, false);
  flush(c);
}

static void
cut_by_literal(cutter *c, const sj_tok_piece *piece, const sj_tok_step *step) {
  const uint8_t *bytes = c->run->now.bytes;
  const size_t len = step->literal_len;
  uint32_t gap = piece->start;
  for (size_t at = piece->start; len > 0 && at + len <= piece->end;) {
    if (memcmp(bytes + at, step->literal, len) != 0) {
      at++;
      continue;
    }
    add(c, gap, (uint32_t)at, false);
    add(c, (uint32_t)at, (uint32_t)(at + len), true);
    at += len;
    gap = (uint32_t)at;
  }
  add(c, gap, piece->end, false);
  flush(c);
}

static void
cut_by_regex(cutter *c, const sj_tok_piece *piece, const pcre2_code *regex) {
  uint32_t gap = piece->start;
  uint32_t from = piece->start;
  const sj_range within = {piece->start, piece->end};
  sj_range hit;
  while (from <= piece->end && c->run->failed == SJ_OK &&
         sj_tok_regex_find(c->run, regex, within, from, &hit)) {
    add(c, gap, hit.start, false);
    add(c, hit.start, hit.end, true);
    gap = hit.end;
    from = hit.end;
    if (hit.end > hit.start) continue;
    if (from == piece->end) break;
    from += (uint32_t)sj_tok_char_len(c->run->now.bytes[from]);
  }
  add(c, gap, piece->end, false);
  flush(c);
}

static void cut_by_gpt(cutter *c, const sj_tok_piece *piece) {
  for (uint32_t at = piece->start; at < piece->end;) {
    const uint32_t end = sj_tok_gpt_end(c->run->now.bytes, at, piece->end);
    add(c, at, end, true);
    at = end;
  }
  flush(c);
}

// \w+|[^\w\s]+
static void cut_words(cutter *c, const sj_tok_piece *piece) {
  const uint8_t *bytes = c->run->now.bytes;
  const unsigned which = SJ_UC_WORD | SJ_UC_SPACE;
  uint32_t start = piece->start;
  unsigned last = SJ_UC_SPACE;
  for (size_t at = piece->start; at < piece->end;) {
    const uint32_t here = (uint32_t)at;
    unsigned kind = sj_uc_of(sj_utf8_next(bytes, &at)) & which;
    if ((kind & SJ_UC_WORD) != 0) kind = SJ_UC_WORD;
    if (kind == last) continue;
    add(c, start, here, last == SJ_UC_SPACE);
    start = here;
    last = kind;
  }
  add(c, start, piece->end, last == SJ_UC_SPACE);
  flush(c);
}

static void cut_bert(cutter *c, const sj_tok_piece *piece) {
  const uint8_t *bytes = c->run->now.bytes;
  uint32_t gap = piece->start;
  for (size_t at = piece->start; at < piece->end;) {
    const uint32_t start = (uint32_t)at;
    const unsigned kind = sj_uc_of(sj_utf8_next(bytes, &at));
    if ((kind & (SJ_UC_SPACE | SJ_UC_PUNCT)) == 0) continue;
    add(c, gap, start, false);
    add(c, start, (uint32_t)at, (kind & SJ_UC_SPACE) != 0);
    gap = (uint32_t)at;
  }
  add(c, gap, piece->end, false);
  flush(c);
}

static void cut(cutter *c, const sj_tok_piece *piece, const sj_tok_step *step) {
  switch (step->kind) {
  case SJ_TOK_BERT_SPLIT:
    cut_bert(c, piece);
    break;
  case SJ_TOK_WHITESPACE:
    cut_words(c, piece);
    break;
  case SJ_TOK_WHITESPACE_SPLIT:
    cut_by_kind(c, piece, SJ_UC_SPACE);
    break;
  case SJ_TOK_PUNCTUATION:
    cut_by_kind(c, piece, SJ_UC_PUNCT);
    break;
  case SJ_TOK_DIGITS:
    cut_by_kind(c, piece, SJ_UC_NUMERIC);
    break;
  default:
    if (step->gpt)
      cut_by_gpt(c, piece);
    else if (step->regex != NULL)
      cut_by_regex(c, piece, step->regex);
    else
      cut_by_literal(c, piece, step);
  }
}

static sj_tok_behavior behavior_of(const sj_tok_step *step) {
  switch (step->kind) {
  case SJ_TOK_BERT_SPLIT:
  case SJ_TOK_WHITESPACE:
  case SJ_TOK_WHITESPACE_SPLIT:
    return SJ_TOK_REMOVED;
  case SJ_TOK_DIGITS:
    return step->individual ? SJ_TOK_ISOLATED : SJ_TOK_CONTIGUOUS;
  default:
    return step->behavior;
  }
}

static void swap_pieces(sj_tok_run *run) {
  const sj_tok_pieces old = run->pieces;
  run->pieces = run->more;
  run->more = old;
  run->more.len = 0;
}

static void split_only(sj_tok_run *run, const sj_tok_step *step) {
  run->more.len = 0;
  for (size_t i = 0; i < run->pieces.len && run->failed == SJ_OK; i++) {
    const sj_tok_piece *piece = &run->pieces.at[i];
    if (piece->id >= 0) {
      sj_tok_piece_push(run, &run->more, *piece);
      continue;
    }
    cutter c = {.run = run,
                .behavior = behavior_of(step),
                .invert = step->kind == SJ_TOK_SPLIT && step->invert};
    cut(&c, piece, step);
  }
  swap_pieces(run);
}

static bool starts_with(const sj_tok_text *text,
                        const sj_tok_piece *piece,
                        const uint8_t *word,
                        size_t len) {
  return piece->end - piece->start >= len &&
         memcmp(text->bytes + piece->start, word, len) == 0;
}

static void copy_as_bytes(sj_tok_edit *edit, size_t end) {
  while (edit->at < end && edit->run->failed == SJ_OK) {
    const uint8_t byte = edit->in->bytes[edit->at];
    const uint32_t from = edit->in->from[edit->at++];
    sj_tok_text *out = edit->out;
    if (!sj_tok_text_room(edit->run, out, 2)) return;
    uint32_t code = byte;
    // Bytes that do not print stand for the characters from U+0100 on.
    if (byte <= 0x20)
      code = 0x100u + byte;
    else if (byte >= 0x7F && byte <= 0xA0)
      code = 0x121u + (byte - 0x7Fu);
    else if (byte == 0xAD)
      code = 0x143u;
    uint8_t put[4];
    const size_t len = sj_utf8_put(put, code);
    for (size_t i = 0; i < len; i++) {
      out->bytes[out->len] = put[i];
      out->from[out->len++] = from;
    }
  }
}

static void
copy_as_meta(sj_tok_edit *edit, size_t end, const sj_tok_step *step) {
  while (edit->at < end && edit->run->failed == SJ_OK) {
    const uint8_t *here = edit->in->bytes + edit->at;
    const uint8_t *hit = memchr(here, ' ', end - edit->at);
    sj_tok_edit_copy(edit, hit == NULL ? end : edit->at + (size_t)(hit - here));
    if (hit == NULL) return;
    sj_tok_edit_skip(edit, edit->at + 1);
    sj_tok_edit_insert(edit, step->text, step->len);
  }
}

static bool wants_prefix(const sj_tok_run *run,
                         const sj_tok_step *step,
                         const sj_tok_piece *piece) {
  if (step->kind == SJ_TOK_BYTE_LEVEL)
    return step->prefix &&
           !starts_with(&run->now, piece, (const uint8_t *)" ", 1);
  if (step->scheme == SJ_TOK_NEVER) return false;
  if (step->scheme == SJ_TOK_FIRST && run->now.from[piece->start] != 0)
    return false;
  return !starts_with(&run->now, piece, step->text, step->len) &&
         !starts_with(&run->now, piece, (const uint8_t *)" ", 1);
}

// Write one piece anew; the prefix shares the place of the first character.
static void rewrite_one(sj_tok_edit *edit,
                        const sj_tok_step *step,
                        const sj_tok_piece *piece) {
  if (wants_prefix(edit->run, step, piece)) {
    const uint32_t from = edit->in->from[piece->start];
    const size_t start = edit->out->len;
    sj_tok_edit_insert(edit, step->text, step->len);
    for (size_t i = start; i < edit->out->len; i++)
      edit->out->from[i] = from;
  }
  if (step->kind == SJ_TOK_METASPACE)
    copy_as_meta(edit, piece->end, step);
  else
    sj_tok_edit_copy(edit, piece->end);
}

static void rewrite(sj_tok_run *run, const sj_tok_step *step, bool as_bytes) {
  sj_tok_edit edit = sj_tok_edit_begin(run);
  for (size_t i = 0; i < run->pieces.len && run->failed == SJ_OK; i++) {
    sj_tok_piece *piece = &run->pieces.at[i];
    sj_tok_edit_skip(&edit, piece->start);
    const uint32_t start = (uint32_t)edit.out->len;
    if (piece->id >= 0)
      sj_tok_edit_copy(&edit, piece->end);
    else if (as_bytes)
      copy_as_bytes(&edit, piece->end);
    else
      rewrite_one(&edit, step, piece);
    *piece = (sj_tok_piece){start, (uint32_t)edit.out->len, piece->id};
  }
  sj_tok_edit_swap(run);
}

static void metaspace(sj_tok_run *run, const sj_tok_step *step) {
  rewrite(run, step, false);
  if (!step->split) return;
  sj_tok_step by = {.kind = SJ_TOK_SPLIT,
                    .behavior = SJ_TOK_MERGED_NEXT,
                    .literal = step->text,
                    .literal_len = step->len};
  split_only(run, &by);
}

static void byte_level(sj_tok_run *run, const sj_tok_step *step) {
  if (step->prefix) rewrite(run, step, false);
  const sj_tok_step by = {
      .kind = SJ_TOK_SPLIT, .behavior = SJ_TOK_ISOLATED, .gpt = true};
  if (step->use_regex) split_only(run, &by);
  rewrite(run, step, true);
}

void sj_tok_split(sj_tok_run *run, const sj_tok_step *step) {
  if (run->failed != SJ_OK) return;
  if (step->kind == SJ_TOK_METASPACE)
    metaspace(run, step);
  else if (step->kind == SJ_TOK_BYTE_LEVEL)
    byte_level(run, step);
  else
    split_only(run, step);
}
