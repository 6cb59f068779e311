// SPDX-License-Identifier: Apache-2.0
//
// Engine and session from outside: states, options, errors, wiping, memory.

#include "check.h"

#include <string.h>

#include "failing_alloc.h"
#include "scrubjay/scrubjay.h"

static const char PACK[] = "scrubjay-rules 1\n"
                           "pack test\n"
                           "\n"
                           "rule  code\n"
                           "label ID\n"
                           "match ZQ-\\d{4}\n"
                           "yes   [[ZQ-1234]]\n";
static const char POLICY[] = "scrubjay-policy 1\npolicy test\nkeep MRN\n";
static const char NOTE[] = "Sample ZQ-4711 was kept.\nPerpetua Quill\n";

static sj_engine_config small(void) {
  static const sj_file files[] = {{"test.rules", PACK, sizeof(PACK) - 1},
                                  {"test.policy", POLICY, sizeof(POLICY) - 1}};
  return (sj_engine_config){
      .files = files, .file_count = 2, .no_builtin = true};
}

// A document from start to output.
static sj_status whole(sj_allocator allocator, void *ctx) {
  sj_engine_config config = small();
  config.allocator = allocator;
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_output out = {0};
  const sj_replace_options how = {0};
  const sj_session_options options = {.policy = "test"};
  sj_status status = sj_engine_new(&config, &engine, NULL);
  if (status == SJ_OK) status = sj_session_new(engine, &session);
  for (int round = 0; round < 2 && status == SJ_OK; round++) {
    status = sj_session_start(session, ctx, strlen(ctx), &options, NULL);
    if (status == SJ_OK) status = sj_session_finish(session);
    if (status == SJ_OK)
      status = sj_session_replace(session, NULL, 0, &how, &out);
  }
  if (status == SJ_OK)
    CHECK(strncmp(out.text, "Sample [ID] was kept.", 21) == 0);
  sj_session_free(session);
  sj_engine_free(engine);
  return status;
}

static void every_failed_allocation_is_a_status_and_all_is_wiped(void) {
  char note[sizeof(NOTE)];
  memcpy(note, NOTE, sizeof(NOTE));
  CHECK(sj_test_each_fails(whole, note, "Perpetua Quill") > 10);
}

static void calls_out_of_order_are_refused(void) {
  const sj_engine_config config = small();
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_window window;
  sj_output out;
  const sj_replace_options how = {0};
  const float logits[1] = {0};
  size_t count = 9;
  CHECK(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  CHECK(sj_engine_rule_count(engine) == 1);
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  CHECK(sj_session_finish(session) == SJ_STATE);
  CHECK(sj_session_replace(session, NULL, 0, &how, &out) == SJ_STATE);
  CHECK(sj_session_start(session, NOTE, strlen(NOTE), NULL, NULL) == SJ_OK);
  CHECK(sj_session_spans(session, &count) != NULL && count == 1);
  CHECK(!sj_session_next(session, &window));
  CHECK(sj_session_answer(session, logits, 1, 1) == SJ_STATE);
  CHECK(sj_session_finish(session) == SJ_OK);
  CHECK(sj_session_coverage(session).complete);
  sj_session_reset(session);
  CHECK(sj_session_finish(session) == SJ_STATE);
  (void)sj_session_spans(session, &count);
  CHECK(count == 0);
  sj_session_free(session);
  sj_engine_free(engine);
  sj_session_free(NULL);
  sj_engine_free(NULL);
}

static void options_that_are_unknown_are_named(void) {
  const sj_engine_config config = small();
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_error error;
  sj_session_options options = {.policy = "safe-harbor,nonsense"};
  CHECK(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  CHECK(sj_session_start(session, "a", 1, &options, &error) == SJ_ARGUMENT);
  CHECK(error.status == SJ_ARGUMENT && strcmp(error.where, "policy") == 0);
  options = (sj_session_options){.langs = 64};
  CHECK(sj_session_start(session, "a", 1, &options, &error) == SJ_ARGUMENT);
  CHECK(strcmp(error.where, "langs") == 0);
  CHECK(sj_session_start(session, "ab\xFF", 3, NULL, &error) == SJ_UTF8);
  CHECK(error.at == 2 && strstr(error.what, "UTF-8") != NULL);
  CHECK(sj_session_start(session, "", 0, NULL, &error) == SJ_OK);
  CHECK(error.status == SJ_OK && sj_session_coverage(session).complete);
  sj_session_free(session);
  sj_engine_free(engine);
}

static void languages_are_those_of_passages_beyond_doubt(void) {
  static const char both[] =
      "She was seen in the clinic and has been well since then.\n\n"
      "Elle est venue avec sa mère et nous avons revu le dossier.\n";
  const sj_engine_config config = small();
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  const size_t first = strcspn(both, "\n");
  CHECK(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  CHECK(sj_session_langs(session) == SJ_LANG_ALL);
  CHECK(sj_session_start(session, both, first, NULL, NULL) == SJ_OK);
  CHECK(sj_session_langs(session) == SJ_LANG_EN);
  CHECK(sj_session_start(session, both + first + 2, strlen(both) - first - 2,
                         NULL, NULL) == SJ_OK);
  CHECK(sj_session_langs(session) == SJ_LANG_FR);
  CHECK(sj_session_start(session, both, strlen(both), NULL, NULL) == SJ_OK);
  CHECK(sj_session_langs(session) == SJ_LANG_ALL);
  CHECK(sj_session_start(session, "BP 120/80", 9, NULL, NULL) == SJ_OK);
  CHECK(sj_session_langs(session) == SJ_LANG_ALL);
  const sj_session_options given = {.langs = SJ_LANG_FR};
  CHECK(sj_session_start(session, both, first, &given, NULL) == SJ_OK);
  CHECK(sj_session_langs(session) == SJ_LANG_FR);
  sj_session_free(session);
  sj_engine_free(engine);
}

static void rules_alone_find_the_same_and_take_nothing_else(void) {
  static const char chart[] = "{\"patient\": {\"name\": \"Perpetua Quill\"}}";
  static const sj_file model = {"manifest.json", "{}", 2};
  sj_engine_config config = small();
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_error error;
  size_t count = 0;
  config.rules_only = true;
  CHECK(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  CHECK(sj_session_start(session, NOTE, strlen(NOTE), NULL, NULL) == SJ_OK);
  CHECK(sj_session_finish(session) == SJ_OK);
  const sj_span *span = sj_session_spans(session, &count);
  CHECK(count == 1 && span->start == 7 && span->label == SJ_LABEL_ID);
  const sj_session_options options = {
      .known = {"chart.json", chart, sizeof(chart) - 1}};
  CHECK(sj_session_start(session, NOTE, strlen(NOTE), &options, &error) ==
        SJ_ARGUMENT);
  CHECK(strcmp(error.where, "known") == 0);
  sj_session_free(session);
  sj_engine_free(engine);
  config.tokenizer = config.manifest = model;
  CHECK(sj_engine_new(&config, &engine, &error) == SJ_MODEL && engine == NULL);
}

static void broken_packs_and_unknown_files_are_refused_by_name(void) {
  static const sj_file broken = {"bad.rules", "scrubjay-rules 1\nwhat\n", 22};
  static const sj_file other = {"note.doc", "x", 1};
  sj_engine_config config = {
      .files = &broken, .file_count = 1, .no_builtin = true};
  sj_engine *engine = NULL;
  sj_error error;
  CHECK(sj_engine_new(&config, &engine, &error) == SJ_PACK && engine == NULL);
  CHECK(error.line == 2 && strstr(error.where, "bad.rules") != NULL);
  config.files = &other;
  CHECK(sj_engine_new(&config, &engine, &error) != SJ_OK && engine == NULL);
  CHECK(strstr(error.where, "note.doc") != NULL);
}

static void names_go_both_ways(void) {
  for (unsigned i = 0; i < SJ_LABEL_COUNT; i++) {
    const char *name = sj_label_name(i);
    CHECK(sj_label_from_name(name, strlen(name)) == (int)i);
    CHECK(sj_label_group(i) != NULL);
  }
  CHECK(sj_label_name(SJ_LABEL_COUNT) == NULL);
  CHECK(sj_label_from_name("name", 4) == -1);
  CHECK(sj_role_from_name("provider", 8) == SJ_ROLE_PROVIDER);
  CHECK(sj_style_from_name("redact", 6) == SJ_STYLE_REDACT);
  CHECK(sj_lang_from_name("en,fr", 5) == SJ_LANG_ALL);
  CHECK(sj_lang_from_name("auto", 4) == SJ_LANG_AUTO);
  CHECK(sj_lang_from_name("en,", 3) == -1 && sj_lang_from_name("", 0) == -1);
  CHECK(strcmp(sj_status_name(SJ_INCOMPLETE), "SJ_INCOMPLETE") == 0);
  CHECK(strcmp(sj_status_name((sj_status)99), "SJ_UNKNOWN") == 0);
}

int main(void) {
  RUN(every_failed_allocation_is_a_status_and_all_is_wiped);
  RUN(calls_out_of_order_are_refused);
  RUN(options_that_are_unknown_are_named);
  RUN(languages_are_those_of_passages_beyond_doubt);
  RUN(rules_alone_find_the_same_and_take_nothing_else);
  RUN(broken_packs_and_unknown_files_are_refused_by_name);
  RUN(names_go_both_ways);
  return CHECK_DONE();
}
