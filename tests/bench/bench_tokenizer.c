// SPDX-License-Identifier: Apache-2.0
//
// bench_tokenizer.c - what a tokenizer costs: time and memory to load it, and
// megabytes of text a second on one thread:
//
//     bench_tokenizer TOKENIZER TEXT

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "scrubjay/scrubjay.h"

enum { ROUNDS = 5, PIECE = 4000 };

typedef struct usage {
  size_t now, most;
} usage;

static void *resize(void *ctx, void *ptr, size_t size) {
  usage *u = ctx;
  u->now -= ptr == NULL ? 0 : malloc_usable_size(ptr);
  if (size == 0) {
    free(ptr);
    return NULL;
  }
  void *fresh = realloc(ptr, size);
  u->now += fresh == NULL ? 0 : malloc_usable_size(fresh);
  if (u->now > u->most) u->most = u->now;
  return fresh;
}

// Processor time: the machine may be shared.
static double now(void) {

  return (double)clock() / CLOCKS_PER_SEC;
}

static char *read_file(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  char *data = NULL;
  *len = 0;
  if (file == NULL) return NULL;
  if (fseek(file, 0, SEEK_END) == 0) {
    const long size = ftell(file);
    rewind(file);
    if (size >= 0) data = malloc((size_t)size + 1);
    if (data != NULL) *len = fread(data, 1, (size_t)size, file);
  }
  fclose(file);
  return data;
}

// All of the text, a few thousand bytes at a time, as notes come.
static size_t
tokenize_all(const sj_tokenizer *t, const char *text, size_t len) {
  size_t count = 0;
  for (size_t at = 0; at < len;) {
    size_t end = at + PIECE < len ? at + PIECE : len;
    while (end < len && ((unsigned char)text[end] & 0xC0) == 0x80)
      end++;
    sj_encoding *encoding = NULL;
    if (sj_encoding_new(t, text + at, end - at, &encoding, NULL) != SJ_OK)
      return 0;
    count += sj_encoding_tokens(encoding).len;
    sj_encoding_free(encoding);
    at = end;
  }
  return count;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: bench_tokenizer TOKENIZER TEXT\n");
    return 2;
  }
  sj_file file = {.name = "tokenizer.json"};
  size_t len = 0;
  char *data = read_file(argv[1], &file.len);
  char *text = read_file(argv[2], &len);
  file.data = data;
  usage memory = {0, 0};
  const sj_allocator allocator = {.resize = resize, .ctx = &memory};
  sj_tokenizer *tokenizer = NULL;
  double began = now();
  if (data == NULL || text == NULL ||
      sj_tokenizer_new(&file, &allocator, &tokenizer, NULL) != SJ_OK) {
    fprintf(stderr, "bench_tokenizer: a file cannot be read\n");
    return 4;
  }
  const double load = now() - began;
  const size_t rest = memory.now;
  const size_t peak = memory.most;
  double best = 1e9;
  size_t count = 0;
  for (int i = 0; i < ROUNDS; i++) {
    began = now();
    count = tokenize_all(tokenizer, text, len);
    const double spent = now() - began;
    if (spent < best) best = spent;
  }
  printf("load %.1f ms, at rest %.2f MB, peak %.2f MB (%.2f of the file), "
         "%zu tokens, %.1f MB/s\n",
         load * 1e3, (double)rest / 1e6, (double)peak / 1e6,
         (double)peak / (double)file.len, count, (double)len / best / 1e6);
  sj_tokenizer_free(tokenizer);
  free(data);
  free(text);
  return 0;
}
