// SPDX-License-Identifier: Apache-2.0
//
// dump_spans.c - the spans of whole documents with the model, for comparing
// hosts and numbers of threads:
//
//     dump_spans BUNDLE THREADS < documents.jsonl > spans.jsonl
//
// For each {"id", "text", "lang"?} a line {"line", "spans": [[start, end,
// label, role, uncertain], ...], "gap", "logits"}: bytes of the text, and 1
// where a finding is to be looked at first; the least distance of a token's two
// best logits, under which a host that rounds otherwise might decide otherwise;
// and a sum over the bits of all logits, equal only where they are. A line that
// is no such document gives {"line", "spans": null}.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/cli/record.h"
#include "../../tools/common/beside.h"
#include "../../tools/common/model.h"
#include "../../tools/common/ort.h"

typedef struct host {
  sj_bundle bundle;
  sj_engine *engine;
  sj_session *session;
  sj_ort *ort;
  size_t tags;
} host;

/// What the windows of a document gave.
typedef struct tally {
  const host *host;
  size_t rows;
  float gap;
  uint64_t bits;
  bool good;
} tally;

static void take(void *ctx, const float *values) {
  tally *t = ctx;
  const size_t tags = t->host->tags;
  for (size_t row = 0; row < t->rows; row++) {
    float best = -1e30F;
    float second = -1e30F;
    for (size_t i = 0; i < tags; i++) {
      const float value = values[row * tags + i];
      uint32_t bits = 0;
      memcpy(&bits, &value, sizeof(bits));
      t->bits = (t->bits ^ bits) * UINT64_C(1099511628211);
      if (value > best) {
        second = best;
        best = value;
      } else if (value > second) {
        second = value;
      }
    }
    if (best - second < t->gap) t->gap = best - second;
  }
  t->good = sj_session_answer(t->host->session, values, t->rows, tags) == SJ_OK;
}

static bool answer(const host *h, tally *t) {
  sj_window window;
  while (t->good && sj_session_next(h->session, &window)) {
    const sj_ort_feed feeds[] = {
        {h->bundle.ids, window.ids, {1, window.len, 0}, 2},
        {h->bundle.features,
         window.features,
         {1, window.len, window.feature_count},
         3}};
    t->rows = window.len;
    const sj_ort_job job = {.feeds = feeds,
                            .feed_count = window.feature_count > 0 ? 2 : 1,
                            .output = h->bundle.output,
                            .rows = window.len,
                            .cols = h->tags,
                            .take = take,
                            .ctx = t};
    t->good = sj_ort_run(h->ort, &job) && t->good;
  }
  return t->good && sj_session_finish(h->session) == SJ_OK;
}

static void show(const host *h, size_t line, const tally *t) {
  size_t count = 0;
  const sj_span *spans = sj_session_spans(h->session, &count);
  printf("{\"line\":%zu,\"spans\":[", line);
  for (size_t i = 0; i < count; i++)
    printf("%s[%u,%u,\"%s\",\"%s\",%d]", i == 0 ? "" : ",", spans[i].start,
           spans[i].end, sj_label_name(spans[i].label),
           sj_role_name(spans[i].role),
           (spans[i].flags & SJ_FLAG_UNCERTAIN) != 0);
  printf("],\"gap\":%g,\"logits\":\"%016llx\"}\n", (double)t->gap,
         (unsigned long long)t->bits);
}

static void
run_line(const host *h, const char *bytes, size_t len, size_t line) {
  sj_record record = {0};
  tally t = {.host = h,
             .gap = 1e30F,
             .bits = UINT64_C(14695981039346656037),
             .good = true};
  bool good = sj_record_read(&record, bytes, len).status == SJ_OK;
  if (good) {
    const sj_document *document = &record.document;
    const sj_session_options how = {
        .langs = document->langs < 0 ? 0 : (unsigned)document->langs};
    good = sj_session_start(h->session, document->text, document->len, &how,
                            NULL) == SJ_OK &&
           answer(h, &t);
  }
  if (good)
    show(h, line, &t);
  else
    printf("{\"line\":%zu,\"spans\":null}\n", line);
  sj_record_free(&record);
}

static bool open_host(const char *folder, unsigned threads, host *h) {
  char runtime[SJ_BESIDE_ROOM];
  sj_error error = {.what = NULL};
  sj_ort_error told = {.what = NULL};
  if (!sj_model_runtime(runtime, sizeof(runtime)) ||
      sj_bundle_read(folder, &h->bundle) != SJ_EXIT_OK)
    return false;
  const sj_engine_config config = {
      .tokenizer = {"tokenizer.json", h->bundle.tokenizer.data,
                    h->bundle.tokenizer.len},
      .manifest = {"manifest.json", h->bundle.manifest.data,
                   h->bundle.manifest.len}};
  if (sj_engine_new(&config, &h->engine, &error) != SJ_OK ||
      sj_session_new(h->engine, &h->session) != SJ_OK) {
    if (error.what != NULL) sj_say_error(NULL, &error);
    return false;
  }
  h->tags = sj_engine_tag_count(h->engine);
  h->ort = sj_ort_new(runtime, &told);
  if (h->ort != NULL && sj_ort_load(h->ort, h->bundle.model.data,
                                    h->bundle.model.len, threads, &told))
    return true;
  sj_say(told.what, told.detail);
  return false;
}

int main(int argc, char **argv) {
  host h = {.engine = NULL};
  const long threads = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
  if (threads < 1 || threads > 64) {
    fprintf(stderr, "usage: dump_spans BUNDLE THREADS < JSONL > spans\n");
    return 2;
  }
  const bool good = open_host(argv[1], (unsigned)threads, &h);
  char *bytes = NULL;
  size_t room = 0;
  size_t line = 0;
  if (good)
    for (ssize_t len; (len = getline(&bytes, &room, stdin)) > 0;)
      run_line(&h, bytes, (size_t)len, ++line);
  free(bytes);
  sj_session_free(h.session);
  sj_engine_free(h.engine);
  sj_ort_free(h.ort);
  sj_bundle_free(&h.bundle);
  return good && fflush(stdout) == 0 ? 0 : 4;
}
