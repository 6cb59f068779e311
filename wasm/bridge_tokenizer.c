// SPDX-License-Identifier: Apache-2.0
//
// bridge_tokenizer.c - a tokenizer without an engine, for JavaScript: ids, and
// offsets as UTF-16 units.

#include <stdlib.h>

#include "bridge.h"

/// A place in a text, in both units.
typedef struct cursor {
  const char *text;
  uint32_t byte, units;
} cursor;

// Both ways, so that no order of the tokens is taken for granted.
static int32_t move_to(cursor *at, uint32_t byte) {
  while (at->byte < byte)
    at->units += sjw_units_of((uint8_t)at->text[at->byte++]);
  while (at->byte > byte)
    at->units -= sjw_units_of((uint8_t)at->text[--at->byte]);
  return (int32_t)at->units;
}

/// `file` is a sj_file. NULL on failure, with the status in `*error`.
SJW_EXPORT sj_tokenizer *sjw_tokenizer_new(const sj_file *file,
                                           sj_error *error) {
  sj_tokenizer *tokenizer = NULL;
  (void)sj_tokenizer_new(file, NULL, &tokenizer, error);
  return tokenizer;
}

SJW_EXPORT void sjw_tokenizer_free(sj_tokenizer *tokenizer) {
  sj_tokenizer_free(tokenizer);
}

/// The number of tokens, then all ids, all starts, all ends: 1 + 3 * number
/// int32, to be given back with sjw_give. NULL on failure, with the status in
/// `*error`.
SJW_EXPORT int32_t *sjw_tokenizer_encode(const sj_tokenizer *tokenizer,
                                         const char *text,
                                         uint32_t len,
                                         sj_error *error) {
  sj_encoding *encoding = NULL;
  if (sj_encoding_new(tokenizer, text, len, &encoding, error) != SJ_OK)
    return NULL;
  const sj_tokens tokens = sj_encoding_tokens(encoding);
  int32_t *out = malloc((1 + 3 * tokens.len) * sizeof(*out));
  if (out != NULL) {
    int32_t *ids = out + 1;
    int32_t *starts = ids + tokens.len;
    int32_t *ends = starts + tokens.len;
    cursor start = {.text = text};
    cursor end = {.text = text};
    *out = (int32_t)tokens.len;
    for (size_t i = 0; i < tokens.len; i++) {
      ids[i] = tokens.ids[i];
      starts[i] = move_to(&start, tokens.start[i]);
      ends[i] = move_to(&end, tokens.end[i]);
    }
  } else {
    *error = (sj_error){.status = SJ_NOMEM, .what = sj_status_text(SJ_NOMEM)};
  }
  sj_encoding_free(encoding);
  return out;
}
