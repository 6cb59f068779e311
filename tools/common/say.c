// SPDX-License-Identifier: Apache-2.0
//
// say.c - see say.h. A message is one write, so that threads do not mix, and
// control characters of a file name are shown as `?`.

#include "say.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

typedef struct line {
  char text[1024];
  size_t len;
} line;

static void add(line *to, const char *text) {
  for (; *text && to->len + 2 < sizeof(to->text); text++)
    to->text[to->len++] = iscntrl((unsigned char)*text) ? '?' : *text;
}

static void add_number(line *to, const char *before, size_t number) {
  char digits[64];
  snprintf(digits, sizeof(digits), "%s%zu", before, number);
  add(to, digits);
}

static void send(line *to) {
  to->text[to->len++] = '\n';
  const char *at = to->text;
  while (to->len > 0) {
    const ssize_t done = write(STDERR_FILENO, at, to->len);
    if (done <= 0) return; // nobody to tell
    at += done;
    to->len -= (size_t)done;
  }
}

void sj_say_at(sj_place place, const char *what, const char *detail) {
  line message = {.len = 0};
  add(&message, "scrubjay: ");
  if (place.file) {
    add(&message, strcmp(place.file, "-") == 0 ? "standard input" : place.file);
    if (place.line > 0) add_number(&message, ":", place.line);
    add(&message, ": ");
  }
  if (place.byte > 0) {
    add_number(&message, "byte ", place.byte - 1);
    add(&message, ": ");
  }
  add(&message, what);
  if (detail && *detail) {
    add(&message, ": ");
    add(&message, detail);
  }
  send(&message);
}

void sj_say(const char *what, const char *detail) {
  sj_say_at((sj_place){0}, what, detail);
}

void sj_say_file(const char *file, int error, size_t limit) {
  if (error != SJ_FILE_TOO_LARGE) {
    sj_say_at((sj_place){.file = file}, strerror(error), NULL);
    return;
  }
  char words[96];
  const size_t megabyte = (size_t)1024 * 1024;
  if (limit >= megabyte)
    snprintf(words, sizeof(words), "larger than the limit of %zu MB",
             limit / megabyte);
  else
    snprintf(words, sizeof(words), "larger than the limit of %zu bytes", limit);
  sj_say_at((sj_place){.file = file}, words, NULL);
}

void sj_say_error(const char *file, const sj_error *error) {
  sj_place place = {.file = file, .line = error->line};
  if (!file && error->where[0]) place.file = error->where;
  const bool shown = place.file == error->where;
  const char *what = error->what ? error->what : sj_status_text(error->status);
  sj_say_at(place, what, shown ? NULL : error->where);
}

sj_exit sj_exit_of(sj_status status) {
  switch (status) {
  case SJ_OK:
    return SJ_EXIT_OK;
  case SJ_UTF8:
  case SJ_TOO_LARGE:
  case SJ_JSON:
  case SJ_ARGUMENT:
  case SJ_INCOMPLETE:
    return SJ_EXIT_INPUT;
  case SJ_PACK:
  case SJ_TOKENIZER:
  case SJ_MODEL:
    return SJ_EXIT_MODEL;
  case SJ_NOMEM:
  case SJ_STATE:
    break;
  }
  return SJ_EXIT_INTERNAL;
}

sj_exit sj_exit_worse(sj_exit a, sj_exit b) {
  return a > b ? a : b;
}
