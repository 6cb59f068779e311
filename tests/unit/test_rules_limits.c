// SPDX-License-Identifier: Apache-2.0
//
// No catastrophic pattern: what cannot be bounded is refused at load, with its
// file, line and rule; what trips a limit leaves its lines unscanned, and the
// text is not released. Nothing is ever missed in silence.

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "scrubjay/scrubjay.h"

#define HEAD "scrubjay-rules 1\npack site\nrule site-code\nlabel ID\n"

static sj_status load(const char *pack, sj_engine **out, sj_error *error) {
  const sj_file file = {"site.rules", pack, strlen(pack)};
  const sj_engine_config config = {
      .files = &file, .file_count = 1, .no_builtin = true};
  return sj_engine_new(&config, out, error);
}

static bool refuses(const char *pack, const char *why, uint32_t line) {
  sj_engine *engine = NULL;
  sj_error error = {0};
  const sj_status status = load(pack, &engine, &error);
  const bool good = status == SJ_PACK && engine == NULL &&
                    strstr(error.what, why) != NULL && error.line == line &&
                    strstr(error.where, "site.rules") != NULL &&
                    strstr(error.where, "site-code") != NULL;
  if (!good)
    fprintf(stderr, "%s, line %u, in %s\n", status == SJ_OK ? "" : error.what,
            (unsigned)error.line, error.where);
  sj_engine_free(engine);
  return good;
}

static void a_pattern_that_cannot_be_read_is_refused_by_name(void) {
  CHECK(refuses(HEAD "match (a)\\1\n", "back references", 5));
  CHECK(refuses(HEAD "match a(?R)?b\n", "kind of group", 5));
  CHECK(refuses(HEAD "match (?(1)a|b)\n", "kind of group", 5));
  CHECK(refuses(HEAD "match a(?C1)b\n", "kind of group", 5));
  CHECK(refuses(HEAD "match a(*SKIP)b\n", "verbs", 5));
  CHECK(refuses(HEAD "match a\\Cb\n", "escape", 5));
  CHECK(refuses(HEAD "match a\\Kb\n", "escape", 5));
  CHECK(refuses(HEAD "match \\p{Han}\n", "property", 5));
  CHECK(refuses(HEAD "match (ab\n", "not closed", 5));
  CHECK(refuses(HEAD "match [a-\n", "not closed", 5));
  CHECK(refuses(HEAD "match ab)\n", "no partner", 5));
}

static void a_pattern_that_may_run_away_is_refused_by_name(void) {
  CHECK(refuses(HEAD "match A\\d*\n", "without a bound", 5));
  CHECK(refuses(HEAD "reach 200\nmatch (?:\\w+\\s?)+:\n", "inside another", 6));
  CHECK(refuses(HEAD "match \\d{0,5}\n", "match nothing", 5));
  CHECK(refuses(HEAD "match A\\d{3,2000}\n", "1024", 5));
}

/// A document with a rule, run to its end.
typedef struct trial {
  sj_engine *engine;
  sj_session *session;
  sj_coverage coverage;
  size_t spans;
} trial;

static void start(trial *t, const char *pack, const char *text, size_t len) {
  sj_error error = {0};
  *t = (trial){0};
  CHECK(load(pack, &t->engine, &error) == SJ_OK);
  CHECK(sj_session_new(t->engine, &t->session) == SJ_OK);
  CHECK(sj_session_start(t->session, text, len, NULL, NULL) == SJ_OK);
  CHECK(sj_session_finish(t->session) == SJ_OK);
  t->coverage = sj_session_coverage(t->session);
  (void)sj_session_spans(t->session, &t->spans);
}

static void end(trial *t) {
  sj_session_free(t->session);
  sj_engine_free(t->engine);
}

// Bounded, and yet exponential: each of thirty repeats may take one letter or
// two, and the colon never comes.
static const char RUNAWAY[] = HEAD "match (?:a|aa|aaa){1,30}:[0-9]{3}\n";

static void a_tripped_limit_withholds_its_line_alone(void) {
  char text[400];
  const int len =
      snprintf(text, sizeof(text), "first line\n%s\nlast line\n",
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  trial t;
  start(&t, RUNAWAY, text, (size_t)len);
  CHECK(!t.coverage.complete);
  size_t count = 0;
  const sj_range *lines = sj_session_unscanned(t.session, &count);
  CHECK(count > 0 && lines[0].start == 11);
  sj_output output;
  const sj_replace_options strict = {0};
  CHECK(sj_session_replace(t.session, NULL, 0, &strict, &output) ==
        SJ_INCOMPLETE);
  const sj_replace_options partial = {.allow_partial = true};
  CHECK(sj_session_replace(t.session, NULL, 0, &partial, &output) == SJ_OK);
  CHECK(output.len < (size_t)len &&
        memcmp(output.text, "first line\n", 11) == 0);
  for (size_t i = 0; i + 2 < output.len; i++)
    CHECK(memcmp(output.text + i, "aaa", 3) != 0);
  end(&t);
}

static void a_rule_that_keeps_tripping_is_given_up_for_the_rest(void) {
  enum { LEN = 300000 };
  char *text = malloc(LEN);
  CHECK(text != NULL);
  if (text == NULL) return;
  memset(text, 'a', LEN);
  for (size_t i = 99; i < LEN; i += 100)
    text[i] = '\n';
  trial t;
  start(&t, RUNAWAY, text, LEN);
  CHECK(!t.coverage.complete);
  CHECK(t.coverage.scanned < 100);
  end(&t);
  free(text);
}

static void a_match_that_runs_into_the_cut_is_no_match_but_a_limit(void) {
  char text[600];
  memset(text, '7', sizeof(text));
  for (size_t i = 0; i < 5; i++)
    text[i] = "code "[i];
  trial t;
  start(&t, HEAD "cue code\nreach 100\nmatch \\d+\n", text, sizeof(text));
  CHECK(!t.coverage.complete);
  end(&t);
  // The same rule on what fits.
  start(&t, HEAD "cue code\nreach 100\nmatch \\d+\n", text, 60);
  CHECK(t.coverage.complete && t.spans == 1);
  end(&t);
}

static void what_stands_behind_a_span_may_introduce_the_next(void) {
  static const char text[] = "A1;A2;A3;";
  trial t;
  start(&t, HEAD "match ;?(?<mark>A\\d);\n", text, sizeof(text) - 1);
  CHECK(t.coverage.complete && t.spans == 3);
  end(&t);
}

static bool is_discreet(const sj_remark *remark, uint32_t line) {
  return remark->refused && remark->line == line &&
         strstr(remark->where, "site-code") != NULL &&
         strstr(remark->where, "secretword") == NULL &&
         strstr(remark->what, "secretword") == NULL;
}

static void a_report_names_what_is_wrong_and_quotes_nothing(void) {
  static const char pack[] =
      HEAD "match A\\d{3}\nyes  see [[A123]]\nyes  [[see A123]]\n"
           "yes  secretword\nno   secretword A123\n";
  const sj_file file = {"site.rules", pack, sizeof(pack) - 1};
  sj_report *report = NULL;
  CHECK(sj_report_new(&file, 1, &report) == SJ_OK);
  size_t count = 0;
  const sj_remark *remarks = sj_report_remarks(report, &count);
  CHECK(sj_report_rules(report) == 1 && sj_report_examples(report) == 4);
  CHECK(count == 3);
  const uint32_t lines[] = {7, 8, 9};
  for (size_t i = 0; i < count && i < 3; i++)
    CHECK(is_discreet(&remarks[i], lines[i]));
  sj_report_free(report);
}

int main(void) {
  RUN(a_pattern_that_cannot_be_read_is_refused_by_name);
  RUN(a_pattern_that_may_run_away_is_refused_by_name);
  RUN(a_tripped_limit_withholds_its_line_alone);
  RUN(a_rule_that_keeps_tripping_is_given_up_for_the_rest);
  RUN(a_match_that_runs_into_the_cut_is_no_match_but_a_limit);
  RUN(what_stands_behind_a_span_may_introduce_the_next);
  RUN(a_report_names_what_is_wrong_and_quotes_nothing);
  return CHECK_DONE();
}
