// SPDX-License-Identifier: Apache-2.0
//
// bench_known.c - what a chart costs: 5 KB of text read with and without one
// of fifty values. Prints medians of several runs of processor time.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scrubjay/scrubjay.h"

enum { RUNS = 9, INNER = 200, LENGTH = 5000 };

static const char PROSE[] =
    "The patient is a 54-year-old woman with a history of asthma and mild "
    "reflux who presents with three days of productive cough. Lungs are clear, "
    "heart sounds are normal, BP 128/76, HR 82. Odette Quillfeather will call "
    "if the fever returns. Chest radiograph shows no focal consolidation. "
    "Pas de douleur thoracique, traitement inchang\xC3\xA9.\n";

static double now_ms(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

/// Fifty values: one patient, eleven more people, numbers and addresses.
static size_t write_chart(char *out, size_t room) {
  int at = snprintf(
      out, room,
      "{\"patient\":{\"name\":{\"given\":[\"Odette\",\"Maud\"],\"family\":"
      "\"Quillfeather\"},\"birthDate\":\"1951-11-02\",\"identifier\":["
      "\"88123405\",\"4471902\",\"078051120\"],\"phone\":[\"617-555-0142\","
      "\"617-555-0143\"],\"email\":\"odette@example.org\",\"address\":{"
      "\"line\":\"12 Larkspur Avenue\",\"city\":\"Port Fennimore\","
      "\"postalCode\":\"02115\"}},\"relatives\":[");
  for (int i = 0; i < 12; i++)
    at += snprintf(out + at, room - (size_t)at,
                   "%s{\"given\":\"Robert%c\",\"family\":\"Vasser%coy\","
                   "\"phone\":\"617-555-02%02d\"}",
                   i == 0 ? "" : ",", 'a' + i, 'a' + i, i);
  at += snprintf(out + at, room - (size_t)at, "]}");
  return (size_t)at;
}

static double measure(const sj_engine *engine,
                      const char *text,
                      const sj_session_options *how) {
  sj_session *session = NULL;
  if (sj_session_new(engine, &session) != SJ_OK) abort();
  double times[RUNS];
  for (int run = -1; run < RUNS; run++) {
    const double began = now_ms();
    for (int i = 0; i < INNER; i++)
      if (sj_session_start(session, text, LENGTH, how, NULL) != SJ_OK ||
          sj_session_finish(session) != SJ_OK)
        abort();
    if (run >= 0) times[run] = (now_ms() - began) / INNER;
  }
  sj_session_free(session);
  qsort(times, RUNS, sizeof(times[0]), by_value);
  return times[RUNS / 2];
}

int main(void) {
  const sj_engine_config config = {0};
  sj_engine *engine = NULL;
  static char text[LENGTH + 1];
  static char chart[8192];
  for (size_t i = 0; i < LENGTH; i++)
    text[i] = PROSE[i % (sizeof PROSE - 1)];
  while ((unsigned char)text[LENGTH - 1] >= 0x80) // no character is cut
    text[LENGTH - 1] = ' ';
  if (sj_engine_new(&config, &engine, NULL) != SJ_OK) return 1;
  const sj_session_options how = {
      .known = {"known", chart, write_chart(chart, sizeof chart)}};
  const double without = measure(engine, text, NULL);
  const double with = measure(engine, text, &how);
  printf("5 KB: %.3f ms without a chart, %.3f ms with one: %.3f ms for it\n",
         without, with, with - without);
  sj_engine_free(engine);
  return 0;
}
