// SPDX-License-Identifier: Apache-2.0
//
// bench_rules.c - what the rule pass costs: flat in length, in the number of
// rules, and on hostile text. Prints a table in Markdown; medians of several
// runs of processor time.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scrubjay/scrubjay.h"

enum { RUNS = 5, MEGABYTE = 1 << 20 };

static const char PROSE[] =
    "The patient is a 54-year-old woman with a history of asthma and mild "
    "reflux who presents with three days of productive cough. She was seen by "
    "Dr. Hale on 03/14/2021 and started on amoxicillin 500 mg three times a "
    "day. Lungs are clear, heart sounds are normal, BP 128/76, HR 82. MRN "
    "4471902. Chest radiograph shows no focal consolidation. She will call "
    "617-555-0142 if the fever returns.\n"
    "Patiente de 61 ans adress\xC3\xA9"
    "e pour bilan d'une dyspn\xC3\xA9"
    "e d'effort. Pas de douleur thoracique. Auscultation normale, pas "
    "d'\xC5\x93"
    "d\xC3\xA8mes. Traitement inchang\xC3\xA9, contr\xC3\xB4le le 12 mars.\n";

static const struct {
  const char *name, *piece;
} HOSTILE[] = {
    {"digits", "1"},         {"spaces", " "},   {"lower", "a"},
    {"upper", "A"},          {"1 1 1", "1 "},   {"Aa Aa", "Aa "},
    {"a@a@", "a@"},          {"1.1.", "1."},    {"12-12-", "12-"},
    {"ab:ab:", "ab:"},       {"+1 +1", "+1 "},  {"Dr. Aa", "Dr. Aa "},
    {"e acute", "\xC3\xA9"}, {"AB12", "AB12 "}, {"http://", "http://"},
    {"newlines", "\n"},      {"12/12/", "12/"}, {"MRN ", "MRN "},
};

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

static char *repeat(const char *piece, size_t len) {
  char *text = malloc(len);
  const size_t size = strlen(piece);
  if (text == NULL) abort();
  for (size_t i = 0; i < len; i++)
    text[i] = piece[i % size];
  // A character that the end cuts would not be UTF-8.
  for (size_t i = len; i > 0 && (unsigned char)text[i - 1] >= 0x80; i--)
    text[i - 1] = ' ';
  return text;
}

/// Median milliseconds of a whole document, warm; -1 where it is refused.
static double measure(const sj_engine *engine, const char *text, size_t len) {
  sj_session *session = NULL;
  if (sj_session_new(engine, &session) != SJ_OK) abort();
  const int inner = len >= MEGABYTE ? 1 : (int)(MEGABYTE / (len * 4)) + 1;
  double times[RUNS];
  bool good = true;
  for (int run = -1; run < RUNS; run++) {
    const double began = now_ms();
    for (int i = 0; i < inner && good; i++)
      good = sj_session_start(session, text, len, NULL, NULL) == SJ_OK &&
             sj_session_finish(session) == SJ_OK;
    if (run >= 0) times[run] = (now_ms() - began) / inner;
  }
  sj_session_free(session);
  qsort(times, RUNS, sizeof(times[0]), by_value);
  return good ? times[RUNS / 2] : -1;
}

static sj_engine *make_engine(const sj_file *files, size_t count) {
  const sj_engine_config config = {.files = files, .file_count = count};
  sj_engine *engine = NULL;
  sj_error error;
  if (sj_engine_new(&config, &engine, &error) != SJ_OK) {
    fprintf(stderr, "%s: %s\n", error.where, error.what);
    abort();
  }
  return engine;
}

/// A pack of `count` more rules, each behind its own label.
static char *more_rules(size_t count) {
  char *text = malloc(count * 160 + 64);
  if (text == NULL) abort();
  size_t at = (size_t)sprintf(text, "scrubjay-rules 1\npack more\n");
  for (size_t i = 0; i < count; i++)
    at += (size_t)sprintf(
        text + at,
        "rule more-%zu\nlabel ID\ncue site%zu code | registry %zu\n"
        "match [A-Z]{2}\\d{%zu}(?!\\d)\n",
        i, i, i, 4 + i % 8);
  return text;
}

static void print_lengths(const sj_engine *engine) {
  printf("\n| length | ms | ms per MB |\n|--:|--:|--:|\n");
  const size_t sizes[] = {1000, 5000, 50000, MEGABYTE, 10 * MEGABYTE};
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
    char *text = repeat(PROSE, sizes[i]);
    const double ms = measure(engine, text, sizes[i]);
    printf("| %zu | %.3f | %.1f |\n", sizes[i], ms,
           ms * MEGABYTE / (double)sizes[i]);
    free(text);
  }
}

static void print_hostile(const sj_engine *engine) {
  char *prose = repeat(PROSE, MEGABYTE);
  const double usual = measure(engine, prose, MEGABYTE);
  free(prose);
  printf("\n| 1 MB of | ms | times prose | complete |\n|---|--:|--:|---|\n");
  for (size_t i = 0; i < sizeof(HOSTILE) / sizeof(HOSTILE[0]); i++) {
    char *text = repeat(HOSTILE[i].piece, MEGABYTE);
    const double ms = measure(engine, text, MEGABYTE);
    sj_session *session = NULL;
    bool complete = false;
    if (sj_session_new(engine, &session) == SJ_OK &&
        sj_session_start(session, text, MEGABYTE, NULL, NULL) == SJ_OK)
      complete = sj_session_coverage(session).complete;
    sj_session_free(session);
    printf("| %s | %.1f | %.2f | %s |\n", HOSTILE[i].name, ms, ms / usual,
           complete ? "yes" : "no: hidden or refused");
    free(text);
  }
}

static void print_more_rules(const sj_engine *engine) {
  char *pack = more_rules(200);
  const sj_file file = {"more.rules", pack, strlen(pack)};
  sj_engine *larger = make_engine(&file, 1);
  char *prose = repeat(PROSE, MEGABYTE);
  const double few = measure(engine, prose, MEGABYTE);
  const double many = measure(larger, prose, MEGABYTE);
  printf("\n| rules | ms per MB | ratio |\n|--:|--:|--:|\n");
  printf("| %zu | %.1f | 1.00 |\n", sj_engine_rule_count(engine), few);
  printf("| %zu | %.1f | %.2f |\n", sj_engine_rule_count(larger), many,
         many / few);
  free(prose);
  sj_engine_free(larger);
  free(pack);
}

int main(void) {
  (void)setvbuf(stdout, NULL, _IOLBF, 1024); // rows as they come
  const double began = now_ms();
  sj_engine *engine = make_engine(NULL, 0);
  printf("scrubjay %s, %zu rules, built in %.1f ms; medians of %d\n",
         sj_version(), sj_engine_rule_count(engine), now_ms() - began, RUNS);
  print_lengths(engine);
  print_more_rules(engine);
  print_hostile(engine);
  sj_engine_free(engine);
  return 0;
}
