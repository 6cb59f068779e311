// SPDX-License-Identifier: Apache-2.0
//
// guard.c - the engine's leak guard for the server's threads. The engine blots
// out placeholders in the text that it is given, so it is given a copy.

#include "guard.h"

#include <stdlib.h>
#include <string.h>

#include "../common/buffer.h"
#include "scrubjay/scrubjay.h"

enum { FINDINGS = 64, KEEP = 64 * 1024, POLICY_ROOM = 128 };

struct guard {
  sj_engine *engine;
};

struct guard_session {
  const guard *guard;
  sj_session *session;
  sj_buffer copy;
  char policy[POLICY_ROOM];
};

guard_status guard_new(guard **out) {
  *out = NULL;
  guard *self = calloc(1, sizeof(*self));
  if (self == NULL) return GUARD_NOMEM;
  if (sj_guard_engine_new(NULL, &self->engine, NULL) != SJ_OK) {
    free(self);
    return GUARD_NOMEM;
  }
  *out = self;
  return GUARD_OK;
}

void guard_free(guard *self) {
  if (self == NULL) return;
  sj_engine_free(self->engine);
  free(self);
}

guard_status guard_session_new(const guard *of, guard_session **out) {
  *out = NULL;
  guard_session *self = calloc(1, sizeof(*self));
  if (self == NULL) return GUARD_NOMEM;
  self->guard = of;
  if (sj_session_new(of->engine, &self->session) != SJ_OK) {
    free(self);
    return GUARD_NOMEM;
  }
  *out = self;
  return GUARD_OK;
}

void guard_session_free(guard_session *self) {
  if (self == NULL) return;
  sj_session_free(self->session);
  sj_buffer_free(&self->copy);
  free(self);
}

guard_status guard_policy(guard_session *self, const char *policy) {
  sj_session_options options = {.policy = policy};
  self->policy[0] = '\0';
  if (policy == NULL) return GUARD_OK;
  if (strlen(policy) >= sizeof(self->policy) ||
      sj_session_start(self->session, "", 0, &options, NULL) != SJ_OK)
    return GUARD_POLICY;
  sj_session_reset(self->session);
  memcpy(self->policy, policy, strlen(policy) + 1);
  return GUARD_OK;
}

static guard_status status_of(sj_status status) {
  switch (status) {
  case SJ_OK:
    return GUARD_OK;
  case SJ_UTF8:
    return GUARD_UTF8;
  case SJ_NOMEM:
    return GUARD_NOMEM;
  default:
    return GUARD_LIMIT;
  }
}

guard_status guard_scan(guard_session *self,
                        const char *text,
                        size_t len,
                        guard_findings *out) {
  sj_leak leaks[FINDINGS];
  sj_leaks found = {.at = leaks, .room = FINDINGS};
  out->count = 0;
  if (len == 0) return GUARD_OK;
  sj_buffer_clear(&self->copy, KEEP);
  sj_buffer_add(&self->copy, text, len);
  if (self->copy.failed) return GUARD_NOMEM;
  const sj_guard_text copy = {.at = self->copy.data,
                              .len = len,
                              .policy = self->policy[0] == '\0' ? NULL
                                                                : self->policy};
  const sj_status status =
      sj_guard_scan(self->guard->engine, self->session, &copy, &found);
  sj_buffer_clear(&self->copy, KEEP);
  out->count = found.count;
  for (size_t i = 0; i < found.count && i < out->room && i < FINDINGS; i++)
    out->at[i] = (guard_finding){.name = sj_label_name(leaks[i].label),
                                 .start = leaks[i].start,
                                 .end = leaks[i].end};
  return status_of(status);
}

const char *guard_describe(const guard *self) {
  return sj_engine_describe(self->engine);
}
