// SPDX-License-Identifier: Apache-2.0
//
// guard_none.c - built only while guard.c is not there: a server that asks for
// the guard says at start that it has none.

#include "guard.h"

#include <stdio.h>

guard_status guard_new(guard **out) {
  *out = NULL;
  fputs("scrubjayd: this build has no leak guard\n", stderr);
  return GUARD_OK;
}

void guard_free(guard *none) {
  (void)none;
}

guard_status guard_session_new(const guard *none, guard_session **out) {
  (void)none;
  *out = NULL;
  return GUARD_NOMEM;
}

void guard_session_free(guard_session *none) {
  (void)none;
}

guard_status guard_scan(guard_session *none,
                        const char *text,
                        size_t len,
                        guard_finding *out,
                        size_t room,
                        size_t *count) {
  (void)none, (void)text, (void)len, (void)out, (void)room;
  *count = 0;
  return GUARD_NOMEM;
}
