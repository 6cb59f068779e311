// SPDX-License-Identifier: Apache-2.0
//
// tokenize.c - one text through the steps of tokenize_parts.h.

#include "tokenize.h"

#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "tokenize_parts.h"

// Take a stretch of the original as the text that the normalizers work on.
static bool take_stretch(sj_tok_run *run, const sj_tok_piece *stretch) {
  sj_tok_text *now = &run->now;
  const size_t len = stretch->end - stretch->start;
  now->len = 0;
  if (!sj_tok_text_room(run, now, len)) return false;
  memcpy(now->bytes, run->text + stretch->start, len);
  uint32_t start = stretch->start;
  for (size_t i = 0; i < len; i++) {
    if (sj_utf8_starts(now->bytes[i])) start = stretch->start + (uint32_t)i;
    now->from[i] = start;
  }
  now->len = len;
  return true;
}

static void run_stretch(sj_tok_run *run, const sj_tok_piece *stretch) {
  const sj_tokenizer *t = run->tokenizer;
  if (!take_stretch(run, stretch)) return;
  run->pieces.len = 0;
  if (stretch->id >= 0) {
    sj_tok_emit(run, stretch->id, 0, (uint32_t)run->now.len);
    return;
  }
  for (size_t i = 0; i < t->norm_count; i++)
    sj_tok_normalize(run, &t->norms[i]);
  if (run->failed != SJ_OK) return;
  sj_tok_added_find(run, &t->normal, run->now.bytes,
                    (sj_range){0, (uint32_t)run->now.len}, &run->pieces);
  for (size_t i = 0; i < t->split_count; i++)
    sj_tok_split(run, &t->splits[i]);
  for (size_t i = 0; i < run->pieces.len && run->failed == SJ_OK; i++) {
    const sj_tok_piece *piece = &run->pieces.at[i];
    if (piece->id >= 0)
      sj_tok_emit(run, piece->id, piece->start, piece->end);
    else
      sj_tok_model_run(run, piece);
  }
}

sj_status sj_tokenize(const sj_tokenizer *tokenizer,
                      sj_arena *arena,
                      const uint8_t *text,
                      size_t len,
                      sj_tokens *out) {
  *out = (sj_tokens){0};
  static const uint32_t most = SJ_TEXT_MAX;
  if (len > most) return SJ_TOO_LARGE;
  sj_tok_run run = {
      .tokenizer = tokenizer, .text = text, .len = len, .arena = arena};
  sj_tok_pieces stretches = {0};
  sj_tok_added_find(&run, &tokenizer->raw, text, (sj_range){0, (uint32_t)len},
                    &stretches);
  for (size_t i = 0; i < stretches.len && run.failed == SJ_OK; i++)
    run_stretch(&run, &stretches.at[i]);
  pcre2_match_data_free(run.match);
  if (run.failed != SJ_OK) return run.failed;
  *out = (sj_tokens){
      .ids = run.ids, .start = run.start, .end = run.end, .len = run.token_len};
  return SJ_OK;
}

size_t sj_tokenize_before(const sj_tokenizer *tokenizer, const int32_t **ids) {
  *ids = tokenizer->before;
  return tokenizer->before_count;
}

size_t sj_tokenize_after(const sj_tokenizer *tokenizer, const int32_t **ids) {
  *ids = tokenizer->after;
  return tokenizer->after_count;
}

struct sj_encoding {
  sj_allocator allocator;
  sj_arena arena;
  sj_tokens tokens;
};

sj_status sj_encoding_new(const sj_tokenizer *tokenizer,
                          const char *text,
                          size_t len,
                          sj_encoding **out,
                          sj_error *error) {
  *out = NULL;
  if (error != NULL) *error = (sj_error){0};
  sj_encoding *encoding = sj_alloc(tokenizer->allocator, sizeof(*encoding));
  sj_status status = encoding == NULL ? SJ_NOMEM : SJ_OK;
  size_t bad_at = 0;
  if (status == SJ_OK) {
    encoding->allocator = tokenizer->allocator;
    sj_arena_init(&encoding->arena, encoding->allocator);
    if (!sj_utf8_valid(text, len, &bad_at))
      status = SJ_UTF8;
    else
      status = sj_tokenize(tokenizer, &encoding->arena, (const uint8_t *)text,
                           len, &encoding->tokens);
  }
  if (status == SJ_OK) {
    *out = encoding;
    return SJ_OK;
  }
  sj_encoding_free(encoding);
  if (error != NULL)
    *error = (sj_error){.status = status,
                        .what = sj_status_text(status),
                        .at = status == SJ_UTF8 ? bad_at : 0};
  return status;
}

sj_tokens sj_encoding_tokens(const sj_encoding *encoding) {
  return encoding->tokens;
}

void sj_encoding_free(sj_encoding *encoding) {
  if (encoding == NULL) return;
  sj_arena_release(&encoding->arena);
  sj_free(encoding->allocator, encoding);
}
