// SPDX-License-Identifier: Apache-2.0
//
// ort.h - ONNX Runtime, loaded when it is needed: its shared library and one
// model in it.
//
// Its header is not needed to build: ort.c declares the few calls that are
// used, by their place in the table that the library hands out.
#ifndef SJ_TOOLS_ORT_H
#define SJ_TOOLS_ORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sj_ort sj_ort;

/// What went wrong: a constant, and the library's own words where it has any.
/// They speak of the library and the model, never of a document.
typedef struct sj_ort_error {
  const char *what;
  char detail[256];
} sj_ort_error;

/// Element types that a tensor may have here; others are only numbers.
enum { SJ_ORT_FLOAT = 1, SJ_ORT_INT32 = 6 };

/// An input or output as the model declares it.
typedef struct sj_ort_tensor {
  char name[64];
  int type; ///< 0 where it is no tensor
  size_t rank;
  int64_t dims[4]; ///< below 1 for one that varies
} sj_ort_tensor;

/// A tensor that is fed: int32, borrowed until the run is over.
typedef struct sj_ort_feed {
  const char *name;
  const int32_t *data;
  int64_t dims[3];
  size_t rank;
} sj_ort_feed;

/// Load the library. NULL on failure.
sj_ort *sj_ort_new(const char *library, sj_ort_error *error);
void sj_ort_free(sj_ort *ort);

/// Give it the model, once: `threads` for each run, 1 for the caller's alone.
/// `bytes` may be freed afterwards.
bool sj_ort_load(sj_ort *ort,
                 const void *bytes,
                 size_t len,
                 unsigned threads,
                 sj_ort_error *error);

size_t sj_ort_input_count(const sj_ort *ort);
size_t sj_ort_output_count(const sj_ort *ort);
bool sj_ort_input(const sj_ort *ort, size_t index, sj_ort_tensor *out);
bool sj_ort_output(const sj_ort *ort, size_t index, sj_ort_tensor *out);

/// One run. The answer must be floats of [1, rows, cols]; `take` sees them
/// before they are freed.
typedef struct sj_ort_job {
  const sj_ort_feed *feeds;
  size_t feed_count;
  const char *output;
  size_t rows, cols;
  void (*take)(void *ctx, const float *values);
  void *ctx;
} sj_ort_job;

/// Several threads may run one model at the same time. False where the run
/// failed or gave anything else: why is not told, since the library's words
/// could quote what it was fed.
bool sj_ort_run(const sj_ort *ort, const sj_ort_job *job);

#endif // SJ_TOOLS_ORT_H
