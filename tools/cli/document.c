// SPDX-License-Identifier: Apache-2.0
//
// document.c - see document.h. This is the step interface of the engine used in
// full: start, answer the model's windows, finish, read.

#include "document.h"

#include <time.h>

#include "explain.h"

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static sj_status
start(sj_worker *worker, const sj_document *document, sj_error *error) {
  if (!worker->session) {
    const sj_status status =
        sj_session_new(worker->setup->engine, &worker->session);
    if (status != SJ_OK) return status;
  }
  sj_session_options how = sj_setup_session(worker->setup);
  if (document->langs >= 0) how.langs = (unsigned)document->langs;
  if (document->known.len > 0) how.known = document->known;
  return sj_session_start(worker->session, document->text, document->len, &how,
                          error);
}

// The model's turn. A window that it could not answer was not scanned: that
// ends the document, unless its lines may be hidden whole.
static sj_status infer(sj_worker *worker, sj_error *error) {
  const sj_setup *setup = worker->setup;
  if (!setup->model) return SJ_OK;
  const sj_status status = sj_model_answer(setup->model, worker->session);
  if (status == SJ_OK || setup->options->allow_partial) return SJ_OK;
  *error = (sj_error){
      .status = status,
      .what = "the model gave no usable answer for part of the text"};
  return status;
}

static sj_status
scrub(sj_worker *worker, const sj_document *document, sj_output *out) {
  sj_replace_options how = sj_setup_replace(worker->setup);
  if (document->patient.len > 0) how.patient = document->patient;
  return sj_session_replace(worker->session, NULL, 0, &how, out);
}

static void write_sheets(const sj_setup *setup,
                         const sj_result *result,
                         const sj_sheets *sheets) {
  if (setup->options->command == SJ_EXPLAIN) {
    sj_write_explanation(sheets->out, setup, result);
  } else if (!sheets->take) {
    sj_write_result(sheets->out, setup, result);
  }
  const sj_output *scrubbed = result->scrubbed;
  if (!scrubbed) return;
  if (sheets->map) sj_write_map(sheets->map, setup, result);
  if (sheets->take && !(sheets->map && sheets->map->failed))
    sheets->take(sheets->ctx, scrubbed->text, scrubbed->len);
}

static sj_outcome detect(sj_worker *worker,
                         const sj_document *document,
                         const sj_sheets *sheets) {
  const double began = now_ms();
  sj_outcome outcome = {.findings = false};
  sj_error error = {0};
  sj_output scrubbed = {0};
  sj_status status = start(worker, document, &error);
  if (status == SJ_OK && sheets->take && !sheets->map)
    sj_buffer_free(sheets->source);
  if (status == SJ_OK) status = infer(worker, &error);
  if (status == SJ_OK) status = sj_session_finish(worker->session);
  const bool redact = worker->setup->options->command == SJ_REDACT;
  if (status == SJ_OK && redact) status = scrub(worker, document, &scrubbed);
  if (status != SJ_OK) {
    outcome.failure = sj_failure_of(status, &error);
    return outcome;
  }
  size_t count;
  sj_session_spans(worker->session, &count);
  outcome.findings = count > 0;
  const sj_result result = {.id = document->id,
                            .text = document->text,
                            .len = document->len,
                            .session = worker->session,
                            .scrubbed = redact ? &scrubbed : NULL,
                            .ms = now_ms() - began};
  write_sheets(worker->setup, &result, sheets);
  return outcome;
}

static sj_outcome tokenize(const sj_worker *worker,
                           const sj_document *document,
                           const sj_sheets *sheets) {
  sj_outcome outcome = {.findings = false};
  sj_error error = {0};
  sj_encoding *encoding = NULL;
  const sj_status status =
      sj_encoding_new(worker->setup->tokenizer, document->text, document->len,
                      &encoding, &error);
  if (status != SJ_OK) {
    outcome.failure = sj_failure_of(status, &error);
    return outcome;
  }
  const sj_result result = {
      .id = document->id, .text = document->text, .len = document->len};
  sj_write_tokens(sheets->out, worker->setup, &result,
                  sj_encoding_tokens(encoding));
  sj_encoding_free(encoding);
  return outcome;
}

sj_outcome sj_document_run(sj_worker *worker,
                           const sj_document *document,
                           const sj_sheets *sheets) {
  const size_t before = sheets->out->len;
  sj_outcome outcome = {.findings = false};
  if (document->len > (size_t)SJ_TEXT_MAX)
    outcome.failure = sj_failure_of(SJ_TOO_LARGE, NULL);
  else if (worker->setup->tokenizer)
    outcome = tokenize(worker, document, sheets);
  else
    outcome = detect(worker, document, sheets);
  if (sheets->out->failed || (sheets->map && sheets->map->failed))
    outcome.failure = sj_failure_of(SJ_NOMEM, NULL);
  if (outcome.failure.status != SJ_OK && sheets->out->len > before) {
    sj_memory_wipe(sheets->out->data + before, sheets->out->len - before);
    sheets->out->len = before;
  }
  if (worker->session) sj_session_reset(worker->session);
  return outcome;
}

void sj_worker_close(sj_worker *worker) {
  sj_session_free(worker->session);
  worker->session = NULL;
}
