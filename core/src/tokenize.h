// SPDX-License-Identifier: Apache-2.0
//
// tokenize.h - stage `tokenize`: tokens with the bytes they came from, and the
// windows that a model scores. Windows overlap and are never truncated: every
// token lies in one at least.
#ifndef SJ_TOKENIZE_H
#define SJ_TOKENIZE_H

#include "types.h"

/// Tokenize into an arena: the arrays are its own.
sj_status sj_tokenize(const sj_tokenizer *tokenizer,
                      sj_arena *arena,
                      const uint8_t *text,
                      size_t len,
                      sj_tokens *out);

/// How windows are cut, from the manifest.
typedef struct sj_window_plan {
  uint32_t window;  ///< tokens in one, special ones included; at least 16
  uint32_t overlap; ///< tokens that neighbours share; less than half of it
} sj_window_plan;

/// A run of tokens, and the bytes of the text it answers for. Those of all
/// windows cover the text without a gap.
typedef struct sj_cut {
  uint32_t first, last; ///< tokens [first, last)
  uint32_t start, end;  ///< bytes
} sj_cut;

typedef struct sj_cuts {
  sj_cut *at;
  size_t len, cap;
} sj_cuts;

sj_status sj_tokenize_cut(const sj_tokenizer *tokenizer,
                          sj_arena *arena,
                          const sj_text *text,
                          const sj_tokens *tokens,
                          sj_window_plan plan,
                          sj_cuts *out);

/// The special tokens that stand before and behind a window.
size_t sj_tokenize_before(const sj_tokenizer *tokenizer, const int32_t **ids);
size_t sj_tokenize_after(const sj_tokenizer *tokenizer, const int32_t **ids);

#endif // SJ_TOKENIZE_H
