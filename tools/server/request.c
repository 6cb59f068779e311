// SPDX-License-Identifier: Apache-2.0
//
// request.c - what handlers ask of a request, and the pieces of their answers.

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../common/json_write.h"
#include "metrics.h"
#include "problem.h"
#include "router.h"

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Undo %XX; control characters and what is cut short are refused.
static bool decode(const char *from, size_t len, char *out, size_t room) {
  size_t made = 0;
  for (size_t i = 0; i < len; i++) {
    int c = (unsigned char)from[i];
    if (c == '%') {
      if (i + 2 >= len || hex(from[i + 1]) < 0 || hex(from[i + 2]) < 0)
        return false;
      c = hex(from[i + 1]) * 16 + hex(from[i + 2]);
      i += 2;
    }
    if (c < ' ' || c > 126 || made + 1 >= room) return false;
    out[made++] = (char)c;
  }
  out[made] = '\0';
  return true;
}

// Whether there is another pair of this name from `*at` on. Its value is NULL
// where it has no `=`.
static bool
next_pair(const char **at, const char *name, const char **value, size_t *len) {
  while (**at != '\0') {
    const size_t pair = strcspn(*at, "&"), head = strcspn(*at, "=&");
    const bool hit = head == strlen(name) && strncmp(*at, name, head) == 0;
    *value = head < pair ? *at + head + 1 : NULL;
    *len = head < pair ? pair - head - 1 : 0;
    *at += pair + ((*at)[pair] == '&' ? 1 : 0);
    if (hit) return true;
  }
  return false;
}

bool request_query(const request *req,
                   const char *name,
                   char *out,
                   size_t room,
                   bool *wrong) {
  const char *at = req->query, *value;
  size_t len;
  out[0] = '\0';
  if (!next_pair(&at, name, &value, &len)) return false;
  const bool good = value != NULL && decode(value, len, out, room);
  if (good && !next_pair(&at, name, &value, &len)) return true;
  *wrong = true;
  return false;
}

const char *request_word(const sj_json_node *object, const char *name) {
  const sj_json_node *member = sj_json_tree_get(object, name);
  return member == NULL || member->text == NULL ? "" : member->text;
}

int64_t request_integer(const sj_json_node *object, const char *name) {
  const sj_json_node *member = sj_json_tree_get(object, name);
  return member == NULL ? 0 : member->integer;
}

int64_t request_time(const char *text) {
  if (!schema_is(FORMAT_TIME, text, strlen(text))) return -1;
  struct tm when = {0};
  int ms = 0;
  if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &when.tm_year, &when.tm_mon,
             &when.tm_mday, &when.tm_hour, &when.tm_min, &when.tm_sec, &ms) < 6)
    return -1;
  if (when.tm_mon < 1 || when.tm_mon > 12 || when.tm_mday < 1 ||
      when.tm_mday > 31 || when.tm_hour > 23 || when.tm_min > 59 ||
      when.tm_sec > 60)
    return -1;
  when.tm_year -= 1900;
  when.tm_mon -= 1;
  return (int64_t)timegm(&when) * 1000 + ms;
}

// SHA-256 of two pieces.
bool digest_two(const void *a,
                size_t a_len,
                const void *b,
                size_t b_len,
                uint8_t out[32]) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  const bool done = ctx != NULL &&
                    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
                    EVP_DigestUpdate(ctx, a, a_len) == 1 &&
                    EVP_DigestUpdate(ctx, b, b_len) == 1 &&
                    EVP_DigestFinal_ex(ctx, out, NULL) == 1;
  EVP_MD_CTX_free(ctx);
  return done;
}

bool request_digest(const request *req, uint8_t out[32]) {
  // The key is random: a digest of the text alone would let guesses at a
  // missed name be tested.
  return digest_two(req->key, strlen(req->key), req->body.data, req->body.len,
                    out);
}

bool request_span(const request *req, int64_t *from_ms, int64_t *to_ms) {
  char word[32];
  bool wrong = false;
  *from_ms = 0;
  *to_ms = INT64_MAX;
  if (request_query(req, "from", word, sizeof(word), &wrong))
    *from_ms = request_time(word);
  if (request_query(req, "to", word, sizeof(word), &wrong))
    *to_ms = request_time(word);
  return !wrong && *from_ms >= 0 && *to_ms >= 0;
}

void put_time(sj_buffer *out, const char *key, int64_t t_ms) {
  const time_t seconds = (time_t)(t_ms / 1000);
  struct tm when;
  char text[40];
  if (gmtime_r(&seconds, &when) == NULL) return;
  const size_t len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &when);
  (void)snprintf(text + len, sizeof(text) - len, ".%03dZ", (int)(t_ms % 1000));
  sj_put_pair(out, key, text);
}

void put_receipt(sj_buffer *out, const store_receipt *receipt) {
  char hash[65];
  for (size_t i = 0; i < 32; i++)
    (void)snprintf(hash + 2 * i, 3, "%02x", receipt->row_hash[i]);
  sj_buffer_put(out, "\"receipt\":{");
  sj_put_count(out, "stream", receipt->stream);
  sj_put_count(out, "seq", receipt->seq);
  sj_put_pair(out, "row_hash", hash);
  sj_put_end(out, '}');
}

audit_entry
request_entry(const request *req, const char *action, const char *object) {
  return (audit_entry){.actor =
                           req->who.sub[0] == '\0' ? "unknown" : req->who.sub,
                       .role = req->role,
                       .action = action,
                       .outcome = "ok",
                       .object = object,
                       .ip = req->ip,
                       .request_id = req->id,
                       .t_ms = req->now_ms};
}

bool request_may_see(const request *req,
                     answer *out,
                     const char *job,
                     uint32_t roles,
                     store_state *state) {
  store_status status = store_job_state(req->service->store, job, state);
  // To others a job does not exist: 404, not 403.
  if (status == STORE_OK && (req->roles & roles) == 0 &&
      strcmp(state->submitted_by, req->who.sub) != 0) {
    audit_entry entry = request_entry(req, AUDIT_ACCESS_DENIED, job);
    entry.outcome = "denied";
    metric_add(METRIC_DENIED, 1);
    status = store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
    if (status == STORE_OK) status = STORE_NOT_FOUND;
  }
  return !problem_of_store(out, status, req->id);
}

// Class and place of each finding, never what it is.
static void
put_findings(sj_buffer *out, const char *field, const guard_findings *found) {
  sj_buffer_put(out, "[");
  for (size_t i = 0; i < found->count && i < found->room; i++) {
    sj_buffer_put(out, "{");
    sj_put_pair(out, "field", field);
    sj_put_pair(out, "class", found->at[i].name);
    sj_put_count(out, "start", found->at[i].start);
    sj_put_count(out, "end", found->at[i].end);
    sj_put_end(out, '}');
    sj_buffer_put(out, ",");
  }
  sj_put_end(out, ']');
  sj_buffer_add(out, "", 1);
}

static void refuse_leak(request *req,
                        answer *out,
                        const char *field,
                        const guard_findings *found) {
  char detail[160];
  sj_buffer findings = {0};
  (void)snprintf(detail, sizeof(detail),
                 "{\"field\":\"%s\",\"findings\":%zu,\"first\":\"%s\"}", field,
                 found->count,
                 found->count > 0 ? found->at[0].name : "unscanned");
  audit_entry entry = request_entry(req, AUDIT_LEAK_BLOCKED, NULL);
  entry.outcome = "refused";
  entry.detail = detail;
  metric_add(METRIC_LEAKS, 1);
  const store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  put_findings(&findings, field, found);
  if (!problem_of_store(out, status, req->id))
    problem_put_with(out, PROBLEM_LEAK, req->id, "findings",
                     findings.failed ? "[]" : findings.data);
  sj_buffer_free(&findings);
}

bool request_leaks(request *req,
                   answer *out,
                   const char *field,
                   const char *text,
                   size_t len) {
  enum { ROOM = 64 };
  guard_finding at[ROOM];
  guard_findings found = {.at = at, .room = ROOM};
  worker *own = req->worker;
  if (req->service->guard == NULL || len == 0) return false;
  if (own->guard == NULL &&
      guard_session_new(req->service->guard, &own->guard) != GUARD_OK) {
    problem_put(out, PROBLEM_BUSY, req->id, NULL);
    return true;
  }
  // A site's own policy is not known here: its text is held to the default.
  if (guard_policy(own->guard, req->policy) != GUARD_OK)
    (void)guard_policy(own->guard, NULL);
  struct timespec begin, end;
  (void)clock_gettime(CLOCK_MONOTONIC, &begin);
  const guard_status status = guard_scan(own->guard, text, len, &found);
  (void)clock_gettime(CLOCK_MONOTONIC, &end);
  metric_observe(METRIC_GUARD_TIME,
                 (int64_t)(end.tv_sec - begin.tv_sec) * 1000000 +
                     (end.tv_nsec - begin.tv_nsec) / 1000);
  if (status == GUARD_OK && found.count == 0) return false;
  // What could not be scanned whole is treated as a find.
  if (status != GUARD_OK) found.count = 0;
  refuse_leak(req, out, field, &found);
  return true;
}
