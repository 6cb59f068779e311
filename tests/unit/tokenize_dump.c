// SPDX-License-Identifier: Apache-2.0
//
// tokenize_dump.c - tokens of many texts, for compare.py:
//
//     tokenize_dump TOKENIZER < texts > tokens
//
// Each text comes as its length (four bytes, little end first) and its bytes;
// the answer is the count and that many triples of id, start, end.

#include <stdio.h>
#include <stdlib.h>

#include "scrubjay/scrubjay.h"

static char *read_file(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *data = NULL;
  if (fseek(file, 0, SEEK_END) == 0) {
    const long size = ftell(file);
    rewind(file);
    if (size >= 0) data = malloc((size_t)size + 1);
    *len = data == NULL ? 0 : fread(data, 1, (size_t)size, file);
  }
  fclose(file);
  return data;
}

static void answer(const sj_tokens *tokens) {
  const uint32_t count = (uint32_t)tokens->len;
  fwrite(&count, sizeof(count), 1, stdout);
  for (size_t i = 0; i < tokens->len; i++) {
    const uint32_t row[3] = {(uint32_t)tokens->ids[i], tokens->start[i],
                             tokens->end[i]};
    fwrite(row, sizeof(row), 1, stdout);
  }
}

static int serve(const sj_tokenizer *tokenizer) {
  uint32_t len = 0;
  while (fread(&len, sizeof(len), 1, stdin) == 1) {
    char *text = malloc((size_t)len + 1);
    if (text == NULL || fread(text, 1, len, stdin) != len) {
      free(text);
      return 1;
    }
    sj_encoding *encoding = NULL;
    const sj_status status =
        sj_encoding_new(tokenizer, text, len, &encoding, NULL);
    free(text);
    if (status != SJ_OK) {
      fprintf(stderr, "tokenize_dump: %s\n", sj_status_name(status));
      return 1;
    }
    const sj_tokens tokens = sj_encoding_tokens(encoding);
    answer(&tokens);
    sj_encoding_free(encoding);
  }
  return 0;
}

int main(int argc, char **argv) {
  sj_file file = {.name = "tokenizer.json"};
  char *data = argc == 2 ? read_file(argv[1], &file.len) : NULL;
  if (data == NULL) {
    fprintf(stderr, "usage: tokenize_dump TOKENIZER < texts > tokens\n");
    return 2;
  }
  file.data = data;
  sj_tokenizer *tokenizer = NULL;
  sj_error error;
  const sj_status status = sj_tokenizer_new(&file, NULL, &tokenizer, &error);
  free(data);
  if (status != SJ_OK) {
    fprintf(stderr, "tokenize_dump: %s at %zu, %s\n", error.what, error.at,
            error.where);
    return 4;
  }
  const int result = serve(tokenizer);
  sj_tokenizer_free(tokenizer);
  return result;
}
