// SPDX-License-Identifier: Apache-2.0
//
// Windows, answers and claims, through a session with canned logits: the
// "model" here knows which words of the invented text are names.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "scrubjay/scrubjay.h"

static const char manifest[] =
    "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
    " \"tags\": [\"O\", \"B-PATIENT\", \"I-PATIENT\", \"B-TOWN\", \"I-TOWN\"],"
    " \"labels\": {\"PATIENT\": {\"label\": \"NAME\", \"role\": \"patient\"},"
    " \"TOWN\": \"CITY\"}}";

enum { TAGS = 5, MOST = 64 };

static char *tokenizer_data;
static size_t tokenizer_len;

static void read_tokenizer(void) {
  FILE *file = fopen(SJ_VECTORS "/wordpiece-cased.json", "rb");
  if (file == NULL) exit(1);
  tokenizer_data = malloc(1u << 20);
  if (tokenizer_data != NULL)
    tokenizer_len = fread(tokenizer_data, 1, 1u << 20, file);
  fclose(file);
}

static sj_status engine_with(const char *text, sj_engine **out) {
  const sj_engine_config config = {
      .no_builtin = true,
      .tokenizer = {"tokenizer.json", tokenizer_data, tokenizer_len},
      .manifest = {"manifest.json", text, strlen(text)}};
  sj_error error;
  return sj_engine_new(&config, out, &error);
}

// Logits that say `tag` for every token of the bytes [start, end).
typedef struct wish {
  uint32_t start, end;
  int first, rest;
} wish;

// Tokens are not public in a session: tokenize the text beside it.
typedef struct world {
  sj_engine *engine;
  sj_session *session;
  sj_tokenizer *tokenizer;
  sj_encoding *encoding;
  size_t first; // token that the next window begins with
} world;

static world begin(const char *text) {
  world w = {0};
  const sj_file file = {"tokenizer.json", tokenizer_data, tokenizer_len};
  CHECK(engine_with(manifest, &w.engine) == SJ_OK);
  CHECK(sj_session_new(w.engine, &w.session) == SJ_OK);
  CHECK(sj_session_start(w.session, text, strlen(text), NULL, NULL) == SJ_OK);
  CHECK(sj_tokenizer_new(&file, NULL, &w.tokenizer, NULL) == SJ_OK);
  CHECK(sj_encoding_new(w.tokenizer, text, strlen(text), &w.encoding, NULL) ==
        SJ_OK);
  return w;
}

static void end(world *w) {
  sj_session_free(w->session);
  sj_engine_free(w->engine);
  sj_encoding_free(w->encoding);
  sj_tokenizer_free(w->tokenizer);
}

// Where in the whole list of tokens a window's begin.
static size_t place_of(const world *w, const sj_window *window) {
  const sj_tokens tokens = sj_encoding_tokens(w->encoding);
  const size_t len = window->len - 2;
  for (size_t at = 0; at + len <= tokens.len; at++)
    if (tokens.start[at] >= window->start &&
        memcmp(tokens.ids + at, window->ids + 1, len * sizeof(int32_t)) == 0)
      return at;
  return tokens.len;
}

static sj_status
answer(world *w, const sj_window *window, const wish *wishes, size_t count) {
  float logits[MOST * TAGS] = {0};
  const sj_tokens tokens = sj_encoding_tokens(w->encoding);
  const size_t first = place_of(w, window);
  CHECK(first < tokens.len);
  for (size_t row = 0; row < window->len; row++) {
    int tag = 0;
    const size_t at = first + row - 1;
    const bool real = row > 0 && row + 1 < window->len;
    for (size_t k = 0; real && k < count; k++)
      if (tokens.start[at] >= wishes[k].start &&
          tokens.end[at] <= wishes[k].end)
        tag = tokens.start[at] == wishes[k].start ? wishes[k].first
                                                  : wishes[k].rest;
    logits[row * TAGS + (size_t)tag] = 6;
  }
  return sj_session_answer(w->session, logits, window->len, TAGS);
}

static void answer_all(world *w, const wish *wishes, size_t count) {
  sj_window window;
  while (sj_session_next(w->session, &window))
    CHECK(answer(w, &window, wishes, count) == SJ_OK);
  CHECK(sj_session_finish(w->session) == SJ_OK);
}

static const char note[] =
    "The patient Odile Quenneval was admitted on Monday with fever and cough. "
    "She takes 20 mg of torvalane twice a day.\n"
    "Blood pressure was normal and the heart rate was reduced; the patient "
    "lives in Aubreville since Monday, and the rest of this note says nothing "
    "that a name could hide in.\n";

static uint32_t place(const char *word) {
  return (uint32_t)(strstr(note, word) - note);
}

static void gives_a_claim_for_each_entity(void) {
  world w = begin(note);
  const wish wishes[] = {{place("Odile"), place(" was admitted"), 1, 2},
                         {place("Aubreville"), place("Aubreville") + 10, 3, 4}};
  answer_all(&w, wishes, 2);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(w.session, &count);
  CHECK(count == 2);
  if (count == 2) {
    CHECK(spans[0].start == wishes[0].start && spans[0].end == wishes[0].end);
    CHECK(spans[0].label == SJ_LABEL_NAME);
    CHECK(spans[0].role == SJ_ROLE_PATIENT);
    CHECK(spans[1].start == wishes[1].start && spans[1].end == wishes[1].end);
    CHECK(spans[1].label == SJ_LABEL_CITY);
  }
  const sj_coverage coverage = sj_session_coverage(w.session);
  CHECK(coverage.complete && coverage.windows > 2);
  CHECK(coverage.answered == coverage.windows);
  CHECK(coverage.scanned == coverage.chars && coverage.chars > 0);
  end(&w);
}

static void widens_half_a_word_to_the_whole(void) {
  world w = begin(note);
  const uint32_t start = place("Quenneval");
  const sj_tokens tokens = sj_encoding_tokens(w.encoding);
  uint32_t half = start + 9;
  for (size_t i = 0; i < tokens.len; i++)
    if (tokens.start[i] == start) half = tokens.end[i];
  const wish wishes[] = {{start, half, 1, 2}};
  answer_all(&w, wishes, 1);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(w.session, &count);
  CHECK(count == 1 && spans[0].start == start && spans[0].end == start + 9);
  end(&w);
}

static void an_inside_without_a_beginning_is_repaired(void) {
  world w = begin(note);
  const wish wishes[] = {{place("Odile"), place(" was admitted"), 2, 2}};
  answer_all(&w, wishes, 1);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(w.session, &count);
  CHECK(count >= 1);
  if (count >= 1)
    CHECK(spans[0].start <= wishes[0].start && spans[0].end >= wishes[0].end);
  end(&w);
}

static void windows_cover_every_byte_in_order(void) {
  world w = begin(note);
  sj_window window;
  uint32_t covered = 0;
  uint32_t seen = 0;
  while (sj_session_next(w.session, &window)) {
    CHECK(window.index == seen++);
    CHECK(window.len <= 32);
    CHECK(window.start <= covered && window.end > covered);
    covered = window.end;
    CHECK(answer(&w, &window, NULL, 0) == SJ_OK);
  }
  CHECK(covered == strlen(note));
  end(&w);
}

static void a_word_longer_than_a_window_is_scanned_too(void) {
  char text[2000];
  memset(text, 'q', sizeof(text));
  for (size_t i = 7; i < sizeof(text); i += 3)
    text[i] = '-';
  text[sizeof(text) - 1] = '\0';
  world w = begin(text);
  answer_all(&w, NULL, 0);
  const sj_coverage coverage = sj_session_coverage(w.session);
  CHECK(coverage.complete && coverage.windows > 20);
  end(&w);
}

static void what_is_not_answered_is_not_scanned(void) {
  world w = begin(note);
  sj_window window;
  CHECK(sj_session_next(w.session, &window));
  CHECK(answer(&w, &window, NULL, 0) == SJ_OK);
  CHECK(sj_session_finish(w.session) == SJ_OK);
  const sj_coverage coverage = sj_session_coverage(w.session);
  CHECK(!coverage.complete && coverage.scanned < coverage.chars);
  CHECK(coverage.answered == 1);
  sj_output output;
  CHECK(sj_session_replace(w.session, NULL, 0, NULL, &output) == SJ_INCOMPLETE);
  end(&w);
}

static void a_bad_answer_counts_as_none(void) {
  static const float bad[] = {NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < 3; i++) {
    world w = begin(note);
    sj_window window;
    float logits[MOST * TAGS] = {0};
    CHECK(sj_session_next(w.session, &window));
    logits[7] = bad[i];
    CHECK(sj_session_answer(w.session, logits, window.len, TAGS) == SJ_MODEL);
    while (sj_session_next(w.session, &window))
      CHECK(answer(&w, &window, NULL, 0) == SJ_OK);
    CHECK(sj_session_finish(w.session) == SJ_OK);
    CHECK(!sj_session_coverage(w.session).complete);
    end(&w);
  }
}

static void a_wrong_shape_is_refused(void) {
  world w = begin(note);
  sj_window window;
  float logits[(MOST + 1) * (TAGS + 1)] = {0};
  CHECK(sj_session_next(w.session, &window));
  CHECK(sj_session_answer(w.session, logits, window.len + 1, TAGS) == SJ_MODEL);
  CHECK(sj_session_answer(w.session, logits, window.len, TAGS + 1) == SJ_MODEL);
  CHECK(sj_session_answer(w.session, NULL, window.len, TAGS) == SJ_MODEL);
  end(&w);
}

static void a_text_without_letters_needs_no_window(void) {
  world w = begin(" \n ");
  answer_all(&w, NULL, 0);
  CHECK(sj_session_coverage(w.session).complete);
  end(&w);
}

static void broken_manifests_are_refused(void) {
  static const char *const bad[] = {
      "{",
      "[]",
      "{\"format\": 2, \"window\": 32, \"overlap\": 8, \"tags\": [\"O\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 17, \"tags\": [\"O\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8, \"tags\": [\"B-NAME\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
      " \"tags\": [\"O\", \"B-PLANET\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
      " \"tags\": [\"O\", \"X-NAME\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8, \"threshold\": 2,"
      " \"tags\": [\"O\", \"B-NAME\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8, \"bias\": 2,"
      " \"tags\": [\"O\", \"B-NAME\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
      " \"bias\": {\"NAME\": 10.5}, \"tags\": [\"O\", \"B-NAME\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
      " \"bias\": {\"NAME\": \"1\"}, \"tags\": [\"O\", \"B-NAME\"]}",
      "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
      " \"bias\": {\"DATE\": 1}, \"tags\": [\"O\", \"B-NAME\"]}"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    sj_engine *engine = NULL;
    CHECK(engine_with(bad[i], &engine) == SJ_MODEL);
    CHECK(engine == NULL);
  }
}

// A bias decides between two types that are equally likely, and against O.
static void a_bias_moves_its_type_alone(void) {
  static const char head[] = "{\"format\": 1, \"window\": 32, \"overlap\": 8,"
                             " \"tags\": [\"O\", \"B-NAME\", \"B-CITY\"]";
  static const struct {
    const char *bias;
    int label; // -1: none
  } cases[] = {{"", -1},
               {", \"bias\": {\"CITY\": 1.5}", SJ_LABEL_CITY},
               {", \"bias\": {\"NAME\": 1.5}", SJ_LABEL_NAME},
               {", \"bias\": {\"NAME\": 1.4, \"CITY\": 1.5}", SJ_LABEL_CITY},
               {", \"bias\": {\"NAME\": -1.5, \"CITY\": 0.5}", -1}};
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    char manifest_with[256];
    (void)snprintf(manifest_with, sizeof(manifest_with), "%s%s}", head,
                   cases[i].bias);
    sj_engine *engine = NULL;
    sj_session *session = NULL;
    sj_window window;
    CHECK(engine_with(manifest_with, &engine) == SJ_OK);
    CHECK(sj_session_new(engine, &session) == SJ_OK);
    CHECK(sj_session_start(session, "Saltmere", 8, NULL, NULL) == SJ_OK);
    float logits[MOST * 3] = {0};
    CHECK(sj_session_next(session, &window));
    for (size_t row = 0; row < window.len; row++)
      logits[3 * row] = 1; // O is likelier by one
    CHECK(sj_session_answer(session, logits, window.len, 3) == SJ_OK);
    CHECK(sj_session_finish(session) == SJ_OK);
    size_t count = 0;
    const sj_span *spans = sj_session_spans(session, &count);
    CHECK((count > 0 ? spans[0].label : -1) == cases[i].label);
    sj_session_free(session);
    sj_engine_free(engine);
  }
}

int main(void) {
  read_tokenizer();
  RUN(gives_a_claim_for_each_entity);
  RUN(widens_half_a_word_to_the_whole);
  RUN(an_inside_without_a_beginning_is_repaired);
  RUN(windows_cover_every_byte_in_order);
  RUN(a_word_longer_than_a_window_is_scanned_too);
  RUN(what_is_not_answered_is_not_scanned);
  RUN(a_bad_answer_counts_as_none);
  RUN(a_wrong_shape_is_refused);
  RUN(a_text_without_letters_needs_no_window);
  RUN(a_bias_moves_its_type_alone);
  RUN(broken_manifests_are_refused);
  free(tokenizer_data);
  return CHECK_DONE();
}
