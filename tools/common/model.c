// SPDX-License-Identifier: Apache-2.0
//
// model.c - see model.h.

#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "beside.h"
#include "ort.h"

struct sj_model {
  sj_ort *ort;
  char *ids, *features, *output;
  size_t tags, columns;
};

static const char MODEL[] = "model.onnx";

bool sj_model_runtime(char *out, size_t room) {
  // In the build's tree, and installed.
  static const char *const places[] = {"../../../ort/libonnxruntime.so.1",
                                       "../lib/scrubjay/libonnxruntime.so.1"};
  const char *named = getenv("SCRUBJAY_ONNXRUNTIME");
  char path[SJ_BESIDE_ROOM];
  if (named == NULL || *named == '\0') {
    if (!sj_beside_find(places, sizeof(places) / sizeof(*places), path))
      return false;
    named = path;
  }
  const int len = snprintf(out, room, "%s", named);
  return len > 0 && (size_t)len < room;
}

// Whether a tensor has the shape; 0 in `want` for a dimension that must be free
// to vary. A dimension of 1 may be declared as free, too.
static bool
fits(const sj_ort_tensor *is, int type, size_t rank, const int64_t *want) {
  if (is->type != type || is->rank != rank) return false;
  for (size_t i = 0; i < rank; i++) {
    if (want[i] == 0 ? is->dims[i] > 0
                     : is->dims[i] > 0 && is->dims[i] != want[i])
      return false;
  }
  return true;
}

static bool has_input(const sj_model *model,
                      const char *name,
                      size_t rank,
                      const int64_t *want) {
  const size_t count = sj_ort_input_count(model->ort);
  sj_ort_tensor tensor;
  for (size_t i = 0; i < count; i++)
    if (sj_ort_input(model->ort, i, &tensor) && strcmp(tensor.name, name) == 0)
      return fits(&tensor, SJ_ORT_INT32, rank, want);
  return false;
}

static bool has_output(const sj_model *model) {
  const int64_t want[] = {1, 0, (int64_t)model->tags};
  const size_t count = sj_ort_output_count(model->ort);
  sj_ort_tensor tensor;
  for (size_t i = 0; i < count; i++)
    if (sj_ort_output(model->ort, i, &tensor) &&
        strcmp(tensor.name, model->output) == 0)
      return fits(&tensor, SJ_ORT_FLOAT, 3, want);
  return false;
}

static sj_exit check_tensors(const sj_model *model, const sj_bundle *bundle) {
  const int64_t ids[] = {1, 0};
  const int64_t features[] = {1, 0, (int64_t)model->columns};
  char words[160];
  if (!has_input(model, model->ids, 2, ids)) {
    snprintf(words, sizeof(words), "inputs.ids (%.64s)", model->ids);
    return sj_bundle_refuse(
        bundle, MODEL, "it has no input int32 [1, tokens] of this name", words);
  }
  if (model->columns > 0 && !has_input(model, model->features, 3, features)) {
    snprintf(words, sizeof(words), "inputs.features (%.64s)", model->features);
    return sj_bundle_refuse(
        bundle, MODEL,
        "it has no input int32 [1, tokens, features] of this name", words);
  }
  if (sj_ort_input_count(model->ort) != (model->columns > 0 ? 2u : 1u))
    return sj_bundle_refuse(bundle, MODEL,
                            "it has inputs that the manifest does not name",
                            "inputs");
  if (!has_output(model)) {
    snprintf(words, sizeof(words), "output (%.64s)", model->output);
    return sj_bundle_refuse(
        bundle, MODEL, "it has no output float [1, tokens, tags] of this name",
        words);
  }
  return SJ_EXIT_OK;
}

// A model that runs and finds nothing would go unnoticed.
static sj_exit try_canary(const sj_model *model,
                          const sj_engine *engine,
                          const sj_bundle *bundle) {
  sj_session *session = NULL;
  sj_status status = sj_session_new(engine, &session);
  if (status == SJ_OK)
    status = sj_session_start(session, bundle->canary, strlen(bundle->canary),
                              NULL, NULL);
  bool answered = false;
  if (status == SJ_OK) {
    const sj_status answer = sj_model_answer(model, session);
    answered = answer == SJ_OK && sj_session_coverage(session).windows > 0;
    status = sj_session_finish(session);
  }
  const uint32_t found =
      status == SJ_OK ? sj_session_claimed(session, SJ_KIND_MODEL) : 0;
  sj_session_free(session);
  if (status == SJ_NOMEM) return SJ_EXIT_INTERNAL;
  if (!answered)
    return sj_bundle_refuse(
        bundle, MODEL,
        "its answer has another shape, or numbers that are not finite",
        "canary.text");
  if ((bundle->canary_labels & ~found) != 0)
    return sj_bundle_refuse(bundle, MODEL,
                            "it does not find what the manifest says it finds",
                            "canary.labels");
  return SJ_EXIT_OK;
}

static sj_exit open_model(sj_model *model,
                          const sj_bundle *bundle,
                          const sj_engine *engine,
                          const char *runtime,
                          unsigned threads) {
  sj_ort_error error = {.what = NULL};
  model->ids = strdup(bundle->ids);
  model->output = strdup(bundle->output);
  model->features = strdup(bundle->features == NULL ? "" : bundle->features);
  if (model->ids == NULL || model->output == NULL || model->features == NULL)
    return SJ_EXIT_INTERNAL;
  model->tags = sj_engine_tag_count(engine);
  model->columns = bundle->feature_count;
  model->ort = sj_ort_new(runtime, &error);
  if (model->ort == NULL) {
    sj_say_at((sj_place){.file = runtime}, error.what, error.detail);
    return SJ_EXIT_MODEL;
  }
  if (!sj_ort_load(model->ort, bundle->model.data, bundle->model.len, threads,
                   &error))
    return sj_bundle_refuse(bundle, MODEL, error.what, error.detail);
  const sj_exit exit = check_tensors(model, bundle);
  return exit == SJ_EXIT_OK ? try_canary(model, engine, bundle) : exit;
}

sj_exit sj_model_new(const sj_bundle *bundle,
                     const sj_engine *engine,
                     const char *runtime,
                     unsigned threads,
                     sj_model **out) {
  *out = NULL;
  sj_model *model = calloc(1, sizeof(*model));
  const sj_exit exit =
      model == NULL ? SJ_EXIT_INTERNAL
                    : open_model(model, bundle, engine, runtime, threads);
  if (exit == SJ_EXIT_INTERNAL) sj_say(sj_status_text(SJ_NOMEM), NULL);
  if (exit == SJ_EXIT_OK)
    *out = model;
  else
    sj_model_free(model);
  return exit;
}

void sj_model_free(sj_model *model) {
  if (model == NULL) return;
  sj_ort_free(model->ort);
  free(model->ids);
  free(model->features);
  free(model->output);
  free(model);
}

// An answer on its way to the session that asked.
typedef struct answer {
  sj_session *session;
  size_t rows, cols;
  sj_status status;
} answer;

static void take(void *ctx, const float *values) {
  answer *to = ctx;
  to->status = sj_session_answer(to->session, values, to->rows, to->cols);
}

sj_status sj_model_answer(const sj_model *model, sj_session *session) {
  sj_status worst = SJ_OK;
  sj_window window;
  while (sj_session_next(session, &window)) {
    const sj_ort_feed feeds[] = {
        {model->ids, window.ids, {1, window.len, 0}, 2},
        {model->features,
         window.features,
         {1, window.len, window.feature_count},
         3}};
    answer to = {session, window.len, model->tags, SJ_OK};
    const sj_ort_job job = {.feeds = feeds,
                            .feed_count = window.feature_count > 0 ? 2 : 1,
                            .output = model->output,
                            .rows = to.rows,
                            .cols = to.cols,
                            .take = take,
                            .ctx = &to};
    // A run that gives nothing is an answer that cannot be used.
    if (!sj_ort_run(model->ort, &job))
      to.status = sj_session_answer(session, NULL, to.rows, to.cols);
    if (to.status != SJ_OK) worst = SJ_MODEL;
  }
  return worst;
}
