// SPDX-License-Identifier: Apache-2.0
//
// The built-in packs: every rule's own examples hold, no rule is without any,
// and what a pack may not hold is refused with rule and line.

#include "check.h"

#include <string.h>

#include "scrubjay/scrubjay.h"

static void every_example_of_the_built_in_packs_holds(void) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  CHECK(count >= 4);
  sj_report *report = NULL;
  CHECK(sj_report_new(files, count, &report) == SJ_OK);
  size_t remarks = 0;
  const sj_remark *at = sj_report_remarks(report, &remarks);
  for (size_t i = 0; i < remarks; i++)
    fprintf(stderr, "%s:%u: %s\n", at[i].where, (unsigned)at[i].line,
            at[i].what);
  CHECK(remarks == 0);
  CHECK(sj_report_rules(report) >= 64);
  CHECK(sj_report_examples(report) >= 6 * sj_report_rules(report));
  sj_report_free(report);
}

/// The first remark on a pack made of this body, or NULL.
static bool is_refused(const char *body, const char *what, unsigned line) {
  char data[1024];
  const int len =
      snprintf(data, sizeof(data), "scrubjay-rules 1\npack site\n%s", body);
  const sj_file file = {"site.rules", data, (size_t)len};
  sj_report *report = NULL;
  if (sj_report_new(&file, 1, &report) != SJ_OK) return false;
  size_t count = 0;
  const sj_remark *at = sj_report_remarks(report, &count);
  const bool found = count > 0 && at[0].refused && at[0].line == line &&
                     strstr(at[0].what, what) != NULL;
  if (!found && count > 0)
    fprintf(stderr, "%u: %s\n", (unsigned)at[0].line, at[0].what);
  sj_report_free(report);
  return found;
}

static void runaway_patterns_are_refused_with_their_line(void) {
  CHECK(is_refused("rule a\nlabel ID\nmatch (?:a+)+b\n", "without a bound", 5));
  CHECK(is_refused("rule a\nlabel ID\nmatch \\d+x\n", "without a bound", 5));
  CHECK(is_refused("rule a\nlabel ID\nmatch (\\d)\\1\n", "back references", 5));
  CHECK(is_refused("rule a\nlabel ID\nmatch (?R)\n", "cannot read", 5));
  CHECK(is_refused("rule a\nlabel ID\nmatch x?\n", "match nothing", 5));
  CHECK(is_refused("rule a\nlabel ID\nmatch (ab\n", "not closed", 5));
}

static void mistakes_of_form_are_refused_with_their_line(void) {
  CHECK(is_refused("rule a\nmatch x\n", "no label", 3));
  CHECK(is_refused("rule a\nlabel ID\nprotect b\nmatch x\n", "not both", 3));
  CHECK(is_refused("rule a\nprotect B\nmatch x\n", "wants a name", 4));
  CHECK(is_refused("rule a\nprotect b\nrole patient\nmatch x\n", "has a role",
                   3));
  CHECK(is_refused("rule a\nlabel ID\n", "no match", 3));
  CHECK(is_refused("rule a\nlabel NOPE\n", "no such label", 4));
  CHECK(is_refused("rule A\n", "small letters", 3));
  CHECK(is_refused("rule a\nlabel ID\ncolour red\n", "no such keyword", 5));
  CHECK(is_refused("label ID\n", "before any rule", 3));
  CHECK(is_refused("rule a\nlabel ID\nmatch x\ncheck nope\n", "no such check",
                   3));
  CHECK(
      is_refused("rule a\nlabel ID\nmatch x\nscore 2000\n", "out of range", 6));
  CHECK(is_refused("rule a\nlabel ID\nmatch x\nrule a\n", "stands above", 6));
  CHECK(
      is_refused("rule a\nlabel ID\nrole patient\nmatch x\n", "has a role", 3));
}

static void examples_that_do_not_hold_are_refused(void) {
  const char *head = "rule a\nlabel ID\nmatch ZK\\d{4}\n";
  char body[256];
  (void)snprintf(body, sizeof(body), "%syes ZK12\nno x\n", head);
  CHECK(is_refused(body, "is not found", 6));
  (void)snprintf(body, sizeof(body), "%syes a [[ZK123]]4\nno x\n", head);
  CHECK(is_refused(body, "other edges", 6));
  (void)snprintf(body, sizeof(body), "%syes ZK1234\nno ZK9999\n", head);
  CHECK(is_refused(body, "`no` example is found", 7));
}

static void a_newer_format_and_a_taken_id_are_refused(void) {
  const char newer[] = "scrubjay-rules 2\n";
  const sj_file file = {"site.rules", newer, sizeof(newer) - 1};
  const sj_engine_config config = {.files = &file, .file_count = 1};
  sj_engine *engine = NULL;
  sj_error error;
  CHECK(sj_engine_new(&config, &engine, &error) == SJ_PACK);
  CHECK(engine == NULL);
  CHECK(error.line == 1 && strstr(error.what, "newer format") != NULL);
  CHECK(is_refused("rule email\nlabel ID\nmatch x\nyes x\nno y\n",
                   "another pack", 3));
}

int main(void) {
  RUN(every_example_of_the_built_in_packs_holds);
  RUN(runaway_patterns_are_refused_with_their_line);
  RUN(mistakes_of_form_are_refused_with_their_line);
  RUN(examples_that_do_not_hold_are_refused);
  RUN(a_newer_format_and_a_taken_id_are_refused);
  return CHECK_DONE();
}
