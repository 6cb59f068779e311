// SPDX-License-Identifier: Apache-2.0
//
// guard_dump.c - what the leak guard says of the texts on standard input, each
// ended by a NUL: one line a text, `LABEL START END` in bytes for each finding,
// joined by commas; `!STATUS` where it could not be scanned whole. --policy
// NAMES says what may stand in clear. With --time the one line is the median of
// the processor's milliseconds for 100 KB, over texts that are put together to
// that size, once all of them were read: so is a server that has run a while.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scrubjay/scrubjay.h"

enum { ROOM = 4096, SAMPLE = 100 * 1024, ROUNDS = 21 };

static char *read_all(size_t *len) {
  size_t room = 1 << 20;
  char *data = malloc(room);
  *len = 0;
  for (size_t got;
       data != NULL && (got = fread(data + *len, 1, room - *len, stdin)) > 0;) {
    *len += got;
    if (*len == room) data = realloc(data, room *= 2);
  }
  return data;
}

static const char *policy;

static void
say(const sj_engine *engine, sj_session *session, char *text, size_t len) {
  static sj_leak leaks[ROOM];
  const sj_guard_text in = {.at = text, .len = len, .policy = policy};
  sj_leaks out = {.at = leaks, .room = ROOM};
  const sj_status status = sj_guard_scan(engine, session, &in, &out);
  if (status != SJ_OK) printf("!%s", sj_status_name(status));
  for (size_t i = 0; i < out.count && i < ROOM; i++)
    printf("%s%s %u %u", i == 0 ? "" : ",", sj_label_name(leaks[i].label),
           leaks[i].start, leaks[i].end);
  putchar('\n');
}

static double now_ms(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b) {
  const double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

// The next 100 KB of notes, one upon the other; where they begin in `sample`.
static char *take(const char *data, size_t len, size_t *at, size_t *size) {
  static char sample[SAMPLE];
  size_t filled = 0;
  while (filled < SAMPLE) {
    const char c = data[*at];
    sample[filled++] = c == '\0' ? '\n' : c;
    *at = (*at + 1) % len;
  }
  // Whole characters at both ends.
  size_t skip = 0;
  while (((unsigned char)sample[skip] & 0xC0) == 0x80)
    skip++;
  while (filled > skip && ((unsigned char)sample[filled - 1] & 0x80) != 0)
    filled--;
  *size = filled - skip;
  return sample + skip;
}

static void measure(const sj_engine *engine,
                    sj_session *session,
                    const char *data,
                    size_t len) {
  static double took[ROUNDS];
  size_t at = 0;
  const size_t first = len / SAMPLE + 1; // these are not measured
  for (size_t round = 0; round < first + ROUNDS; round++) {
    sj_guard_text text = {.policy = policy};
    sj_leaks none = {0};
    text.at = take(data, len, &at, &text.len);
    const double began = now_ms();
    (void)sj_guard_scan(engine, session, &text, &none);
    if (round >= first) took[round - first] = now_ms() - began;
  }
  qsort(took, ROUNDS, sizeof(took[0]), by_size);
  printf("%.3f\n", took[ROUNDS / 2]);
}

int main(int argc, char **argv) {
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  if (sj_guard_engine_new(NULL, &engine, NULL) != SJ_OK ||
      sj_session_new(engine, &session) != SJ_OK)
    return 70;
  size_t len = 0;
  char *data = read_all(&len);
  if (data == NULL || len == 0 || data[len - 1] != '\0') return 3;
  if (argc > 1 && strcmp(argv[1], "--time") == 0) {
    measure(engine, session, data, len);
  } else {
    if (argc > 2 && strcmp(argv[1], "--policy") == 0) policy = argv[2];
    for (char *at = data; at < data + len;) {
      const size_t size = strlen(at);
      say(engine, session, at, size);
      at += size + 1;
    }
  }
  free(data);
  sj_session_free(session);
  sj_engine_free(engine);
  return 0;
}
