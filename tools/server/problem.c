// SPDX-License-Identifier: Apache-2.0
//
// problem.c - see problem.h.

#include "problem.h"

#include "../common/json_write.h"

static const struct {
  const char *type, *title;
  unsigned status;
} PROBLEMS[] = {
#define X(name, type, status, title) {type, title, status},
    PROBLEM_MAP(X)
#undef X
};

static void begin(answer *out, problem which, const char *id) {
  sj_buffer_clear(&out->body, 0);
  out->status = PROBLEMS[which].status;
  out->type = "application/problem+json";
  out->problem = PROBLEMS[which].type;
  out->etag[0] = '\0';
  if (out->retry_s == 0 && (which == PROBLEM_BUSY || which == PROBLEM_RATE ||
                            which == PROBLEM_NOT_READY))
    out->retry_s = which == PROBLEM_BUSY ? 1 : 5;
  sj_buffer_put(&out->body, "{\"type\":\"/problems/");
  sj_buffer_put(&out->body, PROBLEMS[which].type);
  sj_buffer_put(&out->body, "\",");
  sj_put_pair(&out->body, "title", PROBLEMS[which].title);
  sj_put_count(&out->body, "status", out->status);
  if (id != NULL) sj_put_pair(&out->body, "request_id", id);
}

void problem_put(answer *out,
                 problem which,
                 const char *id,
                 const char *pointer) {
  begin(out, which, id);
  if (pointer != NULL) sj_put_pair(&out->body, "pointer", pointer);
  sj_put_end(&out->body, '}');
}

void problem_put_with(answer *out,
                      problem which,
                      const char *id,
                      const char *key,
                      const char *value) {
  begin(out, which, id);
  sj_buffer_put(&out->body, "\"");
  sj_buffer_put(&out->body, key);
  sj_buffer_put(&out->body, "\":");
  sj_buffer_put(&out->body, value);
  sj_put_end(&out->body, '}');
}

bool problem_of_store(answer *out, store_status status, const char *id) {
  problem which = PROBLEM_INTERNAL;
  switch (status) {
  case STORE_OK:
    return false;
  case STORE_NOT_FOUND:
    which = PROBLEM_NOT_FOUND;
    break;
  case STORE_MISMATCH:
    which = PROBLEM_MISMATCH;
    break;
  case STORE_BUSY:
    which = PROBLEM_BUSY;
    break;
  case STORE_FULL:
    which = PROBLEM_FULL;
    break;
  case STORE_CONFLICT:
  case STORE_REPLAY:
  case STORE_FAILED:
    break;
  }
  problem_put(out, which, id, NULL);
  return true;
}
