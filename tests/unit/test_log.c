// SPDX-License-Identifier: Apache-2.0
//
// The log: whatever a value holds, an event is one line of JSON in plain ASCII,
// so that nobody can write a line of his own into it.

#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_tree.h"
#include "check.h"

static char line[8192];
static int out;

// What was logged since the last call; standard error is a file meanwhile.
static size_t take(void) {
  const off_t len = lseek(2, 0, SEEK_CUR);
  CHECK(len >= 0 && len < (off_t)sizeof(line));
  const ssize_t got = pread(2, line, (size_t)len, 0);
  line[got > 0 ? got : 0] = '\0';
  CHECK(ftruncate(2, 0) == 0 && lseek(2, 0, SEEK_SET) == 0);
  return strlen(line);
}

// Whether it is one line, plain, and JSON; the value of `key` in `value`.
static bool is_event(const char *key, char *value, size_t room) {
  const size_t len = strlen(line);
  if (len < 2 || line[len - 1] != '\n') return false;
  for (size_t i = 0; i + 1 < len; i++)
    if (line[i] < ' ' || line[i] > '~') return false;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *root = NULL;
  const bool ok =
      sj_json_tree_parse(&arena, line, len - 1, &root, NULL) == SJ_OK;
  const sj_json_node *found = ok ? sj_json_tree_get(root, key) : NULL;
  (void)snprintf(value, room, "%s", found == NULL ? "" : found->text);
  sj_arena_release(&arena);
  return ok;
}

static void an_event_is_one_line_whatever_it_holds(void) {
  char value[2048];
  static const struct {
    const char *in, *out;
  } cases[] = {
      {"plain", "plain"},
      {"two\nlines\r\n{\"event\":\"forged\"}",
       "two\nlines\r\n{\"event\":\"forged\"}"},
      {"\"quoted\\", "\"quoted\\"},
      {"\x1b[31mred\x7f\t", "\x1b[31mred\x7f\t"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    log_event(LOG_INFO, "test", "value", cases[i].in, NULL);
    CHECK(take() > 0 && is_event("value", value, sizeof(value)));
    CHECK(strcmp(value, cases[i].out) == 0);
  }
  log_event(LOG_WARN, "test", "value", "\xff\xc3(\xf0\x9f", NULL);
  CHECK(take() > 0 && is_event("value", value, sizeof(value)));
  CHECK(is_event("level", value, sizeof(value)) && strcmp(value, "warn") == 0);
}

static void what_is_long_is_cut_and_what_does_not_fit_is_left_out(void) {
  char value[2048], text[5000];
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  log_event(LOG_ERROR, "test", "value", text, NULL);
  CHECK(take() > 0 && is_event("value", value, sizeof(value)));
  CHECK(strlen(value) == 256);
  memset(text, '\n', sizeof(text) - 1);
  log_event(LOG_ERROR, "test", "a", text, "b", text, "c", "short", NULL);
  CHECK(take() > 0 && is_event("event", value, sizeof(value)));
  CHECK(strcmp(value, "test") == 0);
}

static void levels_leave_out_what_is_less_grave(void) {
  log_level level = LOG_INFO;
  log_event(LOG_DEBUG, "test", NULL);
  CHECK(take() == 0);
  CHECK(log_level_from_name("debug", &level) && level == LOG_DEBUG);
  CHECK(!log_level_from_name("loud", &level) && level == LOG_DEBUG);
  log_set_level(LOG_DEBUG);
  log_event(LOG_DEBUG, "test", "n", log_number(0, -5), "m",
            log_number(1, 1LL << 62), NULL);
  char value[64];
  CHECK(take() > 0 && is_event("m", value, sizeof(value)));
  CHECK(strcmp(value, "4611686018427387904") == 0);
  log_set_level(LOG_ERROR);
  log_event(LOG_WARN, "test", NULL);
  CHECK(take() == 0);
  log_set_level(LOG_INFO);
}

int main(void) {
  // The failures of CHECK go to standard error: keep them for the end.
  char name[] = "/tmp/scrubjay-log-XXXXXX";
  out = dup(2);
  const int file = mkstemp(name);
  if (out < 0 || file < 0 || dup2(file, 2) < 0) return 70;
  (void)unlink(name);
  RUN(an_event_is_one_line_whatever_it_holds);
  RUN(what_is_long_is_cut_and_what_does_not_fit_is_left_out);
  RUN(levels_leave_out_what_is_less_grave);
  (void)take();
  (void)dup2(out, 2);
  if (check_failures > 0) fprintf(stderr, "%d failures\n", check_failures);
  return CHECK_DONE();
}
