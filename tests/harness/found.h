// SPDX-License-Identifier: Apache-2.0
//
// found.h - what a document's session finds, written into the text: every span
// between angle brackets. One engine for the whole program.
#ifndef SJ_TESTS_FOUND_H
#define SJ_TESTS_FOUND_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "scrubjay/scrubjay.h"

static sj_engine *found_engine;
static sj_session *found_session;

static bool found_open(void) {
  const sj_engine_config config = {0};
  return sj_engine_new(&config, &found_engine, NULL) == SJ_OK &&
         sj_session_new(found_engine, &found_session) == SJ_OK;
}

static void found_close(void) {
  sj_session_free(found_session);
  sj_engine_free(found_engine);
}

/// Whether exactly the stretches that `marked` shows are found, whatever their
/// labels. Invented texts only: what was found instead is printed.
static bool finds(const char *marked, const char *policy) {
  char text[2048];
  char got[4096];
  size_t len = 0;
  for (const char *at = marked; *at != '\0' && len + 1 < sizeof(text); at++)
    if (*at != '<' && *at != '>') text[len++] = *at;
  const sj_session_options options = {.policy = policy};
  if (sj_session_start(found_session, text, len, &options, NULL) != SJ_OK ||
      sj_session_finish(found_session) != SJ_OK)
    return false;
  size_t count = 0;
  const sj_span *spans = sj_session_spans(found_session, &count);
  size_t out = 0;
  size_t span = 0;
  for (size_t at = 0; at <= len; at++) {
    if (span < count && at == spans[span].end) {
      got[out++] = '>';
      span++;
    }
    if (span < count && at == spans[span].start) got[out++] = '<';
    if (at < len) got[out++] = text[at];
  }
  got[out] = '\0';
  if (strcmp(got, marked) == 0) return true;
  fprintf(stderr, "want: %s\n got: %s\n", marked, got);
  return false;
}

#endif // SJ_TESTS_FOUND_H
