// SPDX-License-Identifier: Apache-2.0
//
// fuzz_tokenizer.c - any bytes as a tokenizer.json and, behind a NUL, a text.
// What loads gives ranges in order, on whole characters; what does not says
// why.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "scrubjay/scrubjay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
  if (!holds) abort();
}

static int is_edge(const char *text, size_t len, size_t at) {
  return at == len || sj_utf8_starts((uint8_t)text[at]);
}

static void run(const sj_tokenizer *tokenizer, const char *text, size_t len) {
  size_t bad_at = 0;
  const bool valid = sj_utf8_valid(text, len, &bad_at);
  sj_encoding *encoding = NULL;
  sj_error error;
  const sj_status status =
      sj_encoding_new(tokenizer, text, len, &encoding, &error);
  if (!valid) must(status == SJ_UTF8 && error.at == bad_at);
  if (status != SJ_OK) {
    // A pattern of the file may run into the limits.
    must(encoding == NULL && error.what != NULL);
    must(status == SJ_UTF8 || status == SJ_TOKENIZER || status == SJ_NOMEM);
    return;
  }
  const sj_tokens tokens = sj_encoding_tokens(encoding);
  for (size_t i = 0; i < tokens.len; i++) {
    must(tokens.start[i] <= tokens.end[i] && tokens.end[i] <= len);
    must(is_edge(text, len, tokens.start[i]));
    must(is_edge(text, len, tokens.end[i]));
  }
  sj_encoding_free(encoding);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *input = (const char *)data;
  const char *zero = size == 0 ? NULL : memchr(input, 0, size);
  const size_t len = zero == NULL ? size : (size_t)(zero - input);
  const sj_file file = {"tokenizer.json", input, len};
  sj_tokenizer *tokenizer = NULL;
  sj_error error;
  const sj_status status = sj_tokenizer_new(&file, NULL, &tokenizer, &error);
  if (status != SJ_OK) {
    must(tokenizer == NULL && error.what != NULL && error.status == status);
    return 0;
  }
  if (zero != NULL) run(tokenizer, zero + 1, size - len - 1);
  sj_tokenizer_free(tokenizer);
  return 0;
}
