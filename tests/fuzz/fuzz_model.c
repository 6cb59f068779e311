// SPDX-License-Identifier: Apache-2.0
//
// fuzz_model.c - any bytes as a document before a model that answers anything:
// windows cover the text, features stay below their values and do not know the
// policy, and whatever was answered comes out as spans on whole characters.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scrubjay/scrubjay.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
  if (!holds) abort();
}

enum { COLUMNS = 13, TAGS = 5, WINDOW = 24 };

static const int32_t values[COLUMNS] = {24, 6,  16, 8,  8, 8, 8,
                                        12, 10, 4,  64, 4, 16};

static const char manifest[] =
    "{\"format\":1,\"window\":24,\"overlap\":6,"
    "\"tags\":[\"O\",\"B-NAME\",\"I-NAME\",\"E-NAME\",\"S-CITY\"],"
    "\"bias\":{\"CITY\":0.5},\"features\":["
    "{\"name\":\"shape\",\"values\":24},{\"name\":\"place\",\"values\":6},"
    "{\"name\":\"gap\",\"values\":16},{\"name\":\"first\",\"values\":8},"
    "{\"name\":\"surname\",\"values\":8},{\"name\":\"town\",\"values\":8},"
    "{\"name\":\"usual\",\"values\":8},{\"name\":\"trait\",\"values\":12},"
    "{\"name\":\"phrase\",\"values\":10},{\"name\":\"case\",\"values\":4},"
    "{\"name\":\"rule\",\"values\":64},{\"name\":\"sure\",\"values\":4},"
    "{\"name\":\"list\",\"values\":16}]}";

// Letters alone, so that words have many tokens.
static size_t write_tokenizer(char *out, size_t room) {
  size_t len = (size_t)snprintf(
      out, room,
      "{\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"model\":{\"type\":"
      "\"WordPiece\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"##\","
      "\"max_input_chars_per_word\":100,\"vocab\":{\"?\":0");
  int id = 1;
  for (char c = '0'; c <= 'z'; c++) {
    if (c == '\\' || c == '?') continue;
    len += (size_t)snprintf(out + len, room - len, ",\"%c\":%d,\"##%c\":%d", c,
                            id, c, id + 1);
    id += 2;
  }
  return len + (size_t)snprintf(out + len, room - len, "}}}");
}

static const sj_engine *shared_engine(void) {
  static sj_engine *engine;
  static char tokenizer[8192];
  if (engine) return engine;
  const sj_engine_config config = {
      .tokenizer = {"tokenizer.json", tokenizer,
                    write_tokenizer(tokenizer, sizeof(tokenizer))},
      .manifest = {"manifest.json", manifest, sizeof(manifest) - 1}};
  must(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  return engine;
}

static uint32_t stir(uint32_t state, uint32_t value) {
  return (state ^ value) * 16777619u;
}

// Any number, the same for the same text.
static void fill(float *logits, size_t count, uint32_t seed) {
  for (size_t i = 0; i < count; i++) {
    seed = stir(seed, (uint32_t)i);
    logits[i] = (float)(seed >> 16 & 0xFF) / 16.0F - 8;
  }
}

static uint32_t check_window(const sj_window *window, uint32_t covered) {
  uint32_t sum = 2166136261u;
  must(window->len > 0 && window->len <= WINDOW);
  must(window->feature_count == COLUMNS);
  must(window->start <= covered && window->end >= covered);
  for (size_t i = 0; i < (size_t)window->len * COLUMNS; i++) {
    must(window->features[i] >= 0 && window->features[i] < values[i % COLUMNS]);
    sum = stir(sum, (uint32_t)window->features[i]);
  }
  return sum;
}

// The features of all windows, in one number.
static uint32_t
run(sj_session *session, const uint8_t *data, size_t size, const char *policy) {
  static float logits[WINDOW * TAGS];
  const sj_session_options options = {.policy = policy};
  const sj_status status =
      sj_session_start(session, (const char *)data, size, &options, NULL);
  if (status != SJ_OK) {
    size_t wrong = 0;
    must(status == SJ_UTF8 && !sj_utf8_valid(data, size, &wrong));
    return 0;
  }
  uint32_t sum = 1;
  uint32_t covered = 0;
  sj_window window;
  while (sj_session_next(session, &window)) {
    sum = stir(sum, check_window(&window, covered));
    covered = window.end;
    fill(logits, (size_t)window.len * TAGS, sum);
    must(sj_session_answer(session, logits, window.len, TAGS) == SJ_OK);
  }
  must(sj_session_finish(session) == SJ_OK);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(session, &count);
  uint32_t end = 0;
  for (size_t i = 0; i < count; i++) {
    must(spans[i].start >= end && spans[i].start < spans[i].end);
    must(spans[i].end <= size);
    must(spans[i].end == size || sj_utf8_starts(data[spans[i].end]));
    must(sj_utf8_starts(data[spans[i].start]));
    end = spans[i].end;
  }
  return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static sj_session *session;
  if (!session) must(sj_session_new(shared_engine(), &session) == SJ_OK);
  const uint32_t usual = run(session, data, size, NULL);
  must(run(session, data, size, "strict") == usual);
  sj_session_reset(session);
  return 0;
}
