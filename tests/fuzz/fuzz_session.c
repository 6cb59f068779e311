// SPDX-License-Identifier: Apache-2.0
//
// fuzz_session.c - any bytes as a document, through every stage. What comes out
// keeps the promises of scrubjay.h: spans in order, apart, on characters; a
// refusal only for a reason; the map true of text and output.

#include <stdlib.h>
#include <string.h>

#include "scrubjay/scrubjay.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
  if (!holds) abort();
}

static const sj_engine *shared_engine(void) {
  static sj_engine *engine;
  if (!engine) {
    const sj_engine_config config = {0};
    must(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  }
  return engine;
}

static int on_edge(const uint8_t *data, size_t size, size_t at) {
  return at == size || (at < size && (data[at] & 0xC0) != 0x80);
}

static void
check_spans(const sj_session *session, const uint8_t *data, size_t size) {
  size_t count;
  size_t source_count;
  const sj_span *spans = sj_session_spans(session, &count);
  sj_session_sources(session, &source_count);
  uint32_t end = 0;
  for (size_t i = 0; i < count; i++) {
    must(spans[i].start >= end && spans[i].start < spans[i].end);
    must(on_edge(data, size, spans[i].start));
    must(on_edge(data, size, spans[i].end));
    must(spans[i].label < SJ_LABEL_COUNT && spans[i].score <= 1000);
    must((size_t)spans[i].source + spans[i].source_count <= source_count);
    end = spans[i].end;
  }
}

// Between the places of the map, output and text are the same bytes.
static void
check_output(const sj_output *out, const uint8_t *data, size_t size) {
  size_t from = 0;
  size_t to = 0;
  for (size_t i = 0; i <= out->map_count; i++) {
    const bool last = i == out->map_count;
    const size_t start = last ? size : out->map[i].start;
    const size_t out_start = last ? out->len : out->map[i].out_start;
    must(start >= from && out_start >= to && start - from == out_start - to);
    must(memcmp(out->text + to, data + from, start - from) == 0);
    if (last) break;
    from = out->map[i].end;
    to = out->map[i].out_end;
  }
  size_t wrong;
  must(sj_utf8_valid(out->text, out->len, &wrong));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static sj_session *session; // kept over documents, as hosts do
  if (!session) must(sj_session_new(shared_engine(), &session) == SJ_OK);
  sj_error error = {0};
  const sj_status status =
      sj_session_start(session, (const char *)data, size, NULL, &error);
  if (status != SJ_OK) {
    size_t wrong = 0;
    must(status == SJ_UTF8 && !sj_utf8_valid(data, size, &wrong));
    must(error.at == wrong);
    return 0;
  }
  must(sj_session_finish(session) == SJ_OK);
  check_spans(session, data, size);
  const bool complete = sj_session_coverage(session).complete;
  for (int style = SJ_STYLE_PLACEHOLDER; style <= SJ_STYLE_REDACT; style++) {
    sj_replace_options how = {.style = (sj_style)style};
    sj_output out;
    const sj_status refused = sj_session_replace(session, NULL, 0, &how, &out);
    must(refused == (complete ? SJ_OK : SJ_INCOMPLETE));
    how.allow_partial = true;
    must(sj_session_replace(session, NULL, 0, &how, &out) == SJ_OK);
    check_output(&out, data, size);
  }
  sj_session_reset(session);
  return 0;
}
