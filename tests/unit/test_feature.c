// SPDX-License-Identifier: Apache-2.0
//
// What the model is shown of each token, through a session's windows, on
// invented sentences.

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "failing_alloc.h"
#include "scrubjay/scrubjay.h"

#define COLUMNS                                                                \
  "{\"name\":\"shape\",\"values\":24},{\"name\":\"place\",\"values\":6},"      \
  "{\"name\":\"gap\",\"values\":16},{\"name\":\"first\",\"values\":8},"        \
  "{\"name\":\"surname\",\"values\":8},{\"name\":\"town\",\"values\":8},"      \
  "{\"name\":\"usual\",\"values\":8},{\"name\":\"trait\",\"values\":12},"      \
  "{\"name\":\"phrase\",\"values\":10},{\"name\":\"case\",\"values\":4},"      \
  "{\"name\":\"rule\",\"values\":64},{\"name\":\"sure\",\"values\":4},"        \
  "{\"name\":\"list\",\"values\":16}"
#define MANIFEST(features)                                                     \
  "{\"format\":1,\"window\":64,\"overlap\":8,\"tags\":[\"O\"]" features "}"

enum {
  SHAPE,
  PLACE,
  GAP,
  FIRST,
  SURNAME,
  TOWN,
  USUAL,
  TRAIT,
  PHRASE,
  CASE,
  RULE,
  SURE,
  LIST,
  COUNT
};
static const int32_t VALUES[COUNT] = {24, 6,  16, 8,  8, 8, 8,
                                      12, 10, 4,  64, 4, 16};
enum { MOST = 4096 };

static char *tokenizer_data;
static size_t tokenizer_len;
static sj_engine *engine;
static sj_session *session;
static sj_tokenizer *tokenizer;

static sj_status
engine_with(const char *manifest, sj_engine **out, sj_error *error) {
  const sj_engine_config config = {
      .tokenizer = {"tokenizer.json", tokenizer_data, tokenizer_len},
      .manifest = {"manifest.json", manifest, strlen(manifest)}};
  return sj_engine_new(&config, out, error);
}

// The tokens of a text, and the features that its windows show of each.
typedef struct shown {
  const char *text;
  sj_encoding *encoding;
  sj_tokens tokens;
  int32_t at[MOST][COUNT];
  bool good;
} shown;

// Windows overlap: a token's features are the same in each, or `good` falls.
static void take_window(shown *s, const sj_window *window, size_t first) {
  const size_t rows = window->len - 2;
  s->good = s->good && window->feature_count == COUNT;
  for (size_t k = 0; k < COUNT; k++) {
    s->good = s->good && window->features[k] == 0;
    s->good = s->good && window->features[(rows + 1) * COUNT + k] == 0;
  }
  for (size_t i = 0; i < rows; i++) {
    const int32_t *row = window->features + (1 + i) * COUNT;
    int32_t *mine = s->at[first + i];
    s->good = s->good && row[SHAPE] > 0;
    s->good = s->good && (mine[SHAPE] == 0 ||
                          memcmp(mine, row, COUNT * sizeof(*row)) == 0);
    for (size_t k = 0; k < COUNT; k++)
      s->good = s->good && row[k] >= 0 && row[k] < VALUES[k];
    memcpy(mine, row, COUNT * sizeof(*row));
  }
}

static shown *show(const char *text, const sj_session_options *options) {
  shown *s = calloc(1, sizeof(*s));
  if (s == NULL) exit(1);
  s->text = text;
  s->good = true;
  CHECK(sj_encoding_new(tokenizer, text, strlen(text), &s->encoding, NULL) ==
        SJ_OK);
  s->tokens = sj_encoding_tokens(s->encoding);
  CHECK(s->tokens.len <= MOST);
  CHECK(sj_session_start(session, text, strlen(text), options, NULL) == SJ_OK);
  sj_window window;
  static const float logits[64] = {0};
  size_t first = 0;
  while (sj_session_next(session, &window)) {
    while (first + window.len - 2 < s->tokens.len &&
           memcmp(s->tokens.ids + first, window.ids + 1,
                  (window.len - 2) * sizeof(int32_t)) != 0)
      first++;
    take_window(s, &window, first);
    CHECK(sj_session_answer(session, logits, window.len, 1) == SJ_OK);
  }
  for (size_t i = 0; i < s->tokens.len; i++)
    s->good = s->good && s->at[i][SHAPE] > 0;
  CHECK(s->good);
  return s;
}

static void drop(shown *s) {
  sj_encoding_free(s->encoding);
  free(s);
}

// The row of the token that holds a byte of the text.
static const int32_t *row_at(const shown *s, size_t byte) {
  for (size_t i = 0; i < s->tokens.len; i++)
    if (s->tokens.start[i] <= byte && byte < s->tokens.end[i]) return s->at[i];
  return s->at[MOST - 1]; // all zero: whatever is asked of it fails
}

static const int32_t *row_of(const shown *s, const char *word) {
  const char *hit = strstr(s->text, word);
  return row_at(s, hit == NULL ? strlen(s->text) : (size_t)(hit - s->text));
}

static void shapes_tell_how_a_word_is_written(void) {
  shown *s =
      show("Then WBC was 7 and mRNA of 20mg, B12; at 4471902 (A).", NULL);
  CHECK(row_of(s, "was")[SHAPE] == 1);
  CHECK(row_of(s, "Then")[SHAPE] == 2);
  CHECK(row_of(s, "WBC")[SHAPE] == 3);
  CHECK(row_of(s, "A)")[SHAPE] == 4);
  CHECK(row_of(s, "mRNA")[SHAPE] == 5);
  CHECK(row_of(s, "7 and")[SHAPE] == 6);
  CHECK(row_of(s, "4471902")[SHAPE] == 11);
  CHECK(row_of(s, "20mg")[SHAPE] == 14);
  CHECK(row_of(s, "B12")[SHAPE] == 15);
  CHECK(row_of(s, ".")[SHAPE] == 16);
  CHECK(row_of(s, ",")[SHAPE] == 17);
  CHECK(row_of(s, ";")[SHAPE] == 17);
  CHECK(row_of(s, "(")[SHAPE] == 21);
  drop(s);
}

static void digits_are_counted(void) {
  static const struct {
    const char *text;
    int32_t shape;
  } numbers[] = {{"7", 6},          {"42", 7},        {"120", 8},
                 {"2021", 9},       {"90210", 10},    {"123456", 11},
                 {"1234567", 11},   {"12345678", 12}, {"123456789", 12},
                 {"1234567890", 13}};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
    shown *s = show(numbers[i].text, NULL);
    CHECK(row_at(s, 0)[SHAPE] == numbers[i].shape);
    drop(s);
  }
}

static void tokens_of_a_word_share_all_but_their_place(void) {
  shown *s = show("Seen at noon by Odile Saltmerethon.", NULL);
  const size_t start = (size_t)(strstr(s->text, "Saltmerethon") - s->text);
  size_t parts = 0;
  const int32_t *before = NULL;
  for (size_t i = 0; i < s->tokens.len; i++) {
    if (s->tokens.start[i] < start || s->tokens.end[i] > start + 12) continue;
    const int32_t *row = s->at[i];
    const bool last = s->tokens.end[i] == start + 12;
    CHECK(row[PLACE] == (parts == 0 ? 2 : last ? 4 : 3));
    for (size_t k = 0; before != NULL && k < COUNT; k++)
      CHECK(k == PLACE || k == RULE || k == LIST || row[k] == before[k]);
    before = row;
    parts++;
  }
  CHECK(parts >= 3);
  CHECK(row_of(s, "at")[PLACE] == 1);
  CHECK(row_of(s, ".")[PLACE] == 5 && row_of(s, ".")[GAP] == 0);
  drop(s);
}

static void lists_are_told(void) {
  shown *s = show("Then Marguerite left Toulouse of pneumonia.\n"
                  "SEEN BY VRELKOMAT TODAY",
                  NULL);
  CHECK(row_of(s, "Marguerite")[FIRST] >= 4);
  CHECK(row_of(s, "Toulouse")[TOWN] >= 4);
  CHECK(row_of(s, "of")[USUAL] >= 6 && row_of(s, "of")[TRAIT] == 4);
  CHECK(row_of(s, "pneumonia")[TRAIT] == 5 ||
        row_of(s, "pneumonia")[TRAIT] == 7);
  CHECK(row_of(s, "VRELKOMAT")[TRAIT] == 11);
  CHECK(row_of(s, "VRELKOMAT")[CASE] == 2 && row_of(s, "left")[CASE] == 1);
  CHECK(row_of(s, "SEEN")[GAP] == 11 && row_of(s, "Then")[GAP] == 12);
  CHECK(row_of(s, "left")[GAP] == 1);
  drop(s);
}

static void claims_are_told_where_they_begin_and_go_on(void) {
  shown *s =
      show("MRN: 4471902. Seen on 12/03/2021 by Mrs. Odile Quenneville.", NULL);
  const int32_t date = 1 + 2 * SJ_LABEL_DATE;
  CHECK(row_of(s, "12/")[RULE] == date + 1 && row_of(s, "/2021")[RULE] == date);
  CHECK(row_of(s, "2021")[RULE] == date && row_of(s, "2021")[SURE] >= 1);
  CHECK(row_of(s, "4471902")[RULE] / 2 == 1 + SJ_LABEL_MRN);
  CHECK(row_of(s, "4471902")[SURE] == 2);
  CHECK(row_of(s, "Odile")[RULE] == 2 + 2 * SJ_LABEL_NAME);
  CHECK(row_of(s, "neville")[RULE] == 1 + 2 * SJ_LABEL_NAME);
  CHECK(row_of(s, "Seen")[RULE] == 0 && row_of(s, "Seen")[SURE] == 0);
  CHECK(row_of(s, "Odile")[LIST] >= 3 && row_of(s, "Odile")[LIST] <= 5);
  CHECK(row_of(s, "neville")[LIST] >= 1 && row_of(s, "neville")[LIST] <= 2);
  drop(s);
}

static bool are_equal(const shown *a, const shown *b) {
  return a->tokens.len == b->tokens.len &&
         memcmp(a->at, b->at, sizeof(a->at)) == 0;
}

static const char note[] =
    "Saw vrelkomat with Delphine Okonjo-Brandt in Saltmere, near Dover; spoke "
    "to Young and to Mr Quist about the Park Clinic. The nurse, rose, called "
    "Bram. Number 7391-22, room 12, Lake Hollin.\n";

static void the_chart_is_not_shown(void) {
  static const char chart[] =
      "{\"patient\":{\"name\":\"Delphine Okonjo-Brandt\",\"identifier\":"
      "\"7391-22\",\"address\":{\"city\":\"Saltmere\"}},"
      "\"relatives\":[\"Bram Young\"]}";
  const sj_session_options with = {
      .known = {"known.json", chart, sizeof(chart) - 1}};
  shown *a = show(note, NULL);
  size_t count = 0;
  sj_session_spans(session, &count);
  shown *b = show(note, &with);
  size_t more = 0;
  sj_session_spans(session, &more);
  CHECK(more > count); // the chart did speak
  CHECK(are_equal(a, b));
  drop(a);
  drop(b);
}

static void a_strict_policy_shows_the_same(void) {
  const sj_session_options strict = {.policy = "strict"};
  const sj_session_options usual = {.policy = "safe-harbor"};
  shown *a = show(note, &usual);
  size_t count = 0;
  sj_session_spans(session, &count);
  shown *b = show(note, &strict);
  size_t more = 0;
  sj_session_spans(session, &more);
  CHECK(more > count); // and evidence did claim more
  CHECK(are_equal(a, b));
  drop(a);
  drop(b);
}

static void a_model_takes_the_columns_it_names(void) {
  static const char manifest[] =
      MANIFEST(",\"features\":[{\"name\":\"rule\",\"values\":64},"
               "{\"name\":\"shape\",\"values\":24}]");
  sj_engine *other = NULL;
  sj_session *s = NULL;
  sj_window window;
  CHECK(engine_with(manifest, &other, NULL) == SJ_OK);
  CHECK(sj_session_new(other, &s) == SJ_OK);
  CHECK(sj_session_start(s, "MRN: 4471902", 12, NULL, NULL) == SJ_OK);
  CHECK(sj_session_next(s, &window));
  CHECK(window.feature_count == 2);
  const int32_t *last = window.features + 2 * (window.len - 2);
  CHECK(last[0] / 2 == 1 + SJ_LABEL_MRN && last[1] == 11);
  sj_session_free(s);
  sj_engine_free(other);
}

static void a_model_may_take_none(void) {
  static const char *const manifests[] = {MANIFEST(""),
                                          MANIFEST(",\"features\":[]")};
  for (size_t i = 0; i < 2; i++) {
    sj_engine *other = NULL;
    sj_session *s = NULL;
    sj_window window;
    CHECK(engine_with(manifests[i], &other, NULL) == SJ_OK);
    CHECK(sj_session_new(other, &s) == SJ_OK);
    CHECK(sj_session_start(s, "Seen.", 5, NULL, NULL) == SJ_OK);
    CHECK(sj_session_next(s, &window));
    CHECK(window.feature_count == 0 && window.features == NULL);
    sj_session_free(s);
    sj_engine_free(other);
  }
}

static void broken_lists_are_refused_by_name(void) {
  static const struct {
    const char *manifest;
    const char *where;
  } bad[] = {
      {MANIFEST(",\"features\":{}"), "manifest: features"},
      {MANIFEST(",\"features\":[3]"), "manifest: features"},
      {MANIFEST(",\"features\":[{\"values\":24}]"), "manifest: features"},
      {MANIFEST(",\"features\":[{\"name\":\"smell\",\"values\":24}]"),
       "manifest: features.smell"},
      {MANIFEST(",\"features\":[{\"name\":\"shape\",\"values\":25}]"),
       "manifest: features.shape"},
      {MANIFEST(",\"features\":[{\"name\":\"shape\"}]"),
       "manifest: features.shape"},
      {MANIFEST(",\"features\":[{\"name\":\"gap\",\"values\":16},"
                "{\"name\":\"gap\",\"values\":16}]"),
       "manifest: features.gap"}};
  for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
    sj_engine *other = NULL;
    sj_error error = {0};
    CHECK(engine_with(bad[i].manifest, &other, &error) == SJ_MODEL);
    CHECK(other == NULL && error.what != NULL);
    CHECK(strcmp(error.where, bad[i].where) == 0);
  }
}

// A document through engine and session, by an allocator that fails.
static sj_status whole(sj_allocator allocator, void *ctx) {
  static const char small[] =
      "{\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":"
      "{\"?\":0,\"Perpetua\":1}},\"pre_tokenizer\":{\"type\":\"Whitespace\"}}";
  static const char manifest[] = MANIFEST(",\"features\":[" COLUMNS "]");
  static const float logits[64] = {0};
  const sj_engine_config config = {
      .no_builtin = true,
      .tokenizer = {"tokenizer.json", small, sizeof(small) - 1},
      .manifest = {"manifest.json", manifest, sizeof(manifest) - 1},
      .allocator = allocator};
  sj_engine *one = NULL;
  sj_session *s = NULL;
  sj_window window;
  sj_status status = sj_engine_new(&config, &one, NULL);
  if (status == SJ_OK) status = sj_session_new(one, &s);
  for (int round = 0; round < 2 && status == SJ_OK; round++) {
    status = sj_session_start(s, ctx, strlen(ctx), NULL, NULL);
    while (status == SJ_OK && sj_session_next(s, &window))
      status = sj_session_answer(s, logits, window.len, 1);
    if (status == SJ_OK) status = sj_session_finish(s);
  }
  sj_session_free(s);
  sj_engine_free(one);
  return status;
}

static void every_failed_allocation_is_a_status(void) {
  char text[] = "Perpetua Quill came.";
  CHECK(sj_test_each_fails(whole, text, "Perpetua Quill") > 20);
}

static bool open_all(void) {
  FILE *file = fopen(SJ_VECTORS "/wordpiece-cased.json", "rb");
  if (file == NULL) return false;
  tokenizer_data = malloc(1u << 20);
  if (tokenizer_data != NULL)
    tokenizer_len = fread(tokenizer_data, 1, 1u << 20, file);
  fclose(file);
  const sj_file source = {"tokenizer.json", tokenizer_data, tokenizer_len};
  return engine_with(MANIFEST(",\"features\":[" COLUMNS "]"), &engine, NULL) ==
             SJ_OK &&
         sj_session_new(engine, &session) == SJ_OK &&
         sj_tokenizer_new(&source, NULL, &tokenizer, NULL) == SJ_OK;
}

int main(void) {
  if (!open_all()) return 1;
  RUN(shapes_tell_how_a_word_is_written);
  RUN(digits_are_counted);
  RUN(tokens_of_a_word_share_all_but_their_place);
  RUN(lists_are_told);
  RUN(claims_are_told_where_they_begin_and_go_on);
  RUN(the_chart_is_not_shown);
  RUN(a_strict_policy_shows_the_same);
  RUN(a_model_takes_the_columns_it_names);
  RUN(a_model_may_take_none);
  RUN(broken_lists_are_refused_by_name);
  RUN(every_failed_allocation_is_a_status);
  sj_session_free(session);
  sj_engine_free(engine);
  sj_tokenizer_free(tokenizer);
  free(tokenizer_data);
  return CHECK_DONE();
}
