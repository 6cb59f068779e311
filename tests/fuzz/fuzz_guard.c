// SPDX-License-Identifier: Apache-2.0
//
// fuzz_guard.c - the leak guard over any bytes: what it finds lies in the text,
// on whole characters, in order, and never within a placeholder; asked again of
// the same text it says the same.

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "scrubjay/scrubjay.h"

enum { ROOM = 64 };

static sj_status scan(const sj_engine *engine,
                      sj_session *session,
                      const uint8_t *data,
                      size_t size,
                      sj_leak leaks[ROOM],
                      size_t *count,
                      char **blotted) {
  *blotted = malloc(size + 1);
  must(*blotted != NULL);
  if (size > 0) memcpy(*blotted, data, size);
  const sj_guard_text text = {.at = *blotted, .len = size};
  sj_leaks out = {.at = leaks, .room = ROOM};
  const sj_status status = sj_guard_scan(engine, session, &text, &out);
  *count = out.count;
  must(status == SJ_OK || status == SJ_UTF8 || status == SJ_INCOMPLETE);
  return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static sj_engine *engine;
  static sj_session *session;
  if (engine == NULL)
    must(sj_guard_engine_new(NULL, &engine, NULL) == SJ_OK &&
         sj_session_new(engine, &session) == SJ_OK);
  static sj_leak leaks[ROOM], again[ROOM];
  size_t count = 0, second = 0;
  char *text = NULL, *other = NULL;
  const sj_status status =
      scan(engine, session, data, size, leaks, &count, &text);
  must(status == scan(engine, session, data, size, again, &second, &other));
  must(count == second && memcmp(text, other, size) == 0);
  uint32_t last = 0;
  for (size_t i = 0; i < count && i < ROOM && status == SJ_OK; i++) {
    must(leaks[i].start >= last && leaks[i].start < leaks[i].end &&
         leaks[i].end <= size);
    must(on_boundary(data, size, leaks[i].start));
    must(on_boundary(data, size, leaks[i].end));
    must(memcmp(&leaks[i], &again[i], sizeof(leaks[i])) == 0);
    last = leaks[i].end;
    // A placeholder was blotted out with this; none lies in a finding whole.
    for (uint32_t at = leaks[i].start; at + 1 < leaks[i].end; at++)
      must(!(text[at] == '<' && text[at + 1] == '~' && data[at + 1] != '~' &&
             memchr(text + at, '>', leaks[i].end - at) != NULL));
  }
  free(text);
  free(other);
  return 0;
}
