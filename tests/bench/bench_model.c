// SPDX-License-Identifier: Apache-2.0
//
// bench_model.c - what a document costs with rules and model together, on one
// thread:
//
//     bench_model BUNDLE TEXT
//
// TEXT is cut into documents of 2,000 characters, then into longer ones. Times
// are of the processor, since the machine may be shared; the model's runs take
// the caller's thread alone.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../../tools/common/beside.h"
#include "../../tools/common/files.h"
#include "../../tools/common/model.h"

enum { CHARACTERS = 2000, DOCUMENTS = 400, WARM = 5 };

typedef struct bench {
  sj_engine *engine;
  sj_session *session;
  sj_model *model;
} bench;

/// Milliseconds of one document.
typedef struct cost {
  double first, model, last, whole;
  bool good;
} cost;

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double busy(void) {
  return now(CLOCK_PROCESS_CPUTIME_ID);
}

static double peak_mb(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

static cost run(const bench *b, const char *text, size_t len) {
  const sj_replace_options how = {0};
  cost out = {.good = false};
  sj_output output;
  const double began = busy();
  if (sj_session_start(b->session, text, len, NULL, NULL) != SJ_OK) return out;
  const double started = busy();
  if (sj_model_answer(b->model, b->session) != SJ_OK) return out;
  const double answered = busy();
  out.good = sj_session_finish(b->session) == SJ_OK &&
             sj_session_replace(b->session, NULL, 0, &how, &output) == SJ_OK;
  const double ended = busy();
  out.first = started - began;
  out.model = answered - started;
  out.last = ended - answered;
  out.whole = ended - began;
  return out;
}

// The place behind `count` characters, or the end.
static size_t ahead(const sj_buffer *text, size_t at, size_t count) {
  while (at < text->len && count > 0) {
    at++;
    while (at < text->len && ((unsigned char)text->data[at] & 0xC0) == 0x80)
      at++;
    count--;
  }
  return at;
}

static int by_size(const void *left, const void *right) {
  const double a = *(const double *)left;
  const double b = *(const double *)right;
  return (a > b) - (a < b);
}

static bool bench_documents(const bench *b, const sj_buffer *text) {
  static double whole[DOCUMENTS];
  cost sum = {0};
  size_t count = 0;
  const double began = now(CLOCK_MONOTONIC);
  for (size_t at = 0; count < DOCUMENTS && at < text->len;) {
    const size_t end = ahead(text, at, CHARACTERS);
    const cost one = run(b, text->data + at, end - at);
    if (!one.good) return false;
    whole[count++] = one.whole;
    sum.first += one.first;
    sum.model += one.model;
    sum.last += one.last;
    sum.whole += one.whole;
    at = end;
  }
  const double wall = now(CLOCK_MONOTONIC) - began;
  if (count == 0) return false;
  qsort(whole, count, sizeof(*whole), by_size);
  const double each = (double)count;
  printf("%zu documents of %d characters: median %.2f ms, p95 %.2f ms, mean "
         "%.2f ms\n",
         count, CHARACTERS, whole[count / 2], whole[count * 95 / 100],
         sum.whole / each);
  printf("  of that: rules, evidence, features %.2f ms; model %.2f ms; "
         "decoding, merging, writing %.2f ms\n",
         sum.first / each, sum.model / each, sum.last / each);
  printf("  %.1f documents a core and second (%.1f by the clock on the wall); "
         "peak %.0f MB\n",
         1000 * each / sum.whole, 1000 * each / wall, peak_mb());
  return true;
}

// The next byte from `at` on that a character begins with, or the end.
static size_t edge(const sj_buffer *text, size_t at) {
  while (at < text->len && ((unsigned char)text->data[at] & 0xC0) == 0x80)
    at++;
  return at < text->len ? at : text->len;
}

// Pieces of each length, spread over the same million bytes: prose is not the
// same all over.
static bool bench_lengths(const bench *b, const sj_buffer *text) {
  enum { ALL = 1000000, PIECES = 100 };
  if (text->len < ALL) {
    printf("\nlengths want a text of 1 MB\n");
    return true;
  }
  printf("\n| bytes | pieces | mean ms | ms for each 1,000 bytes | peak MB |\n"
         "|--:|--:|--:|--:|--:|\n");
  for (size_t size = 1000; size <= ALL; size *= 10) {
    const size_t pieces = ALL / size < PIECES ? ALL / size : PIECES;
    double sum = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < pieces; i++) {
      const size_t start = edge(text, ALL / pieces * i);
      const size_t end = edge(text, start + size);
      const cost one = run(b, text->data + start, end - start);
      if (!one.good) return false;
      sum += one.whole;
      bytes += end - start;
    }
    printf("| %zu | %zu | %.1f | %.2f | %.0f |\n", size, pieces,
           sum / (double)pieces, sum * 1000 / (double)bytes, peak_mb());
  }
  return true;
}

static bool open_bench(const char *folder, bench *b) {
  char runtime[SJ_BESIDE_ROOM];
  sj_bundle bundle = {.folder = NULL};
  sj_error error = {.what = NULL};
  if (!sj_model_runtime(runtime, sizeof(runtime))) {
    sj_say("no ONNX Runtime", NULL);
    return false;
  }
  const double began = now(CLOCK_MONOTONIC);
  bool good = sj_bundle_read(folder, &bundle) == SJ_EXIT_OK;
  const sj_engine_config config = {
      .tokenizer = {"tokenizer.json", bundle.tokenizer.data,
                    bundle.tokenizer.len},
      .manifest = {"manifest.json", bundle.manifest.data, bundle.manifest.len}};
  good = good && sj_engine_new(&config, &b->engine, &error) == SJ_OK;
  if (error.what != NULL) sj_say_error(NULL, &error);
  const double built = now(CLOCK_MONOTONIC);
  good = good &&
         sj_model_new(&bundle, b->engine, runtime, 1, &b->model) == SJ_EXIT_OK;
  good = good && sj_session_new(b->engine, &b->session) == SJ_OK;
  sj_bundle_free(&bundle);
  if (good)
    printf("bundle and engine %.0f ms, runtime, model and canary %.0f ms; peak "
           "%.0f MB\n",
           built - began, now(CLOCK_MONOTONIC) - built, peak_mb());
  return good;
}

int main(int argc, char **argv) {
  bench b = {.engine = NULL};
  sj_buffer text = {0};
  if (argc != 3) {
    fprintf(stderr, "usage: bench_model BUNDLE TEXT\n");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0); // a slow machine shows how far it is
  bool good = sj_file_read(argv[2], (size_t)SJ_TEXT_MAX, &text) == 0 &&
              open_bench(argv[1], &b);
  for (size_t i = 0; good && i < WARM; i++)
    good = run(&b, text.data, ahead(&text, 0, CHARACTERS)).good;
  good = good && bench_documents(&b, &text) && bench_lengths(&b, &text);
  if (!good) fprintf(stderr, "bench_model: it could not be measured\n");
  sj_session_free(b.session);
  sj_model_free(b.model);
  sj_engine_free(b.engine);
  sj_buffer_free(&text);
  return good ? 0 : 1;
}
