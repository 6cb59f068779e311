// SPDX-License-Identifier: Apache-2.0
//
// handle_feedback.c - what reviewers mended, as places and shapes. The schema
// has no member that could hold a word of the note.

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../common/json_write.h"
#include "metrics.h"
#include "problem.h"
#include "router.h"

enum { DAY_MS = 86400000, PAGE = 1000 };

static void put_member(sj_buffer *out, const sj_json_node *member) {
  if (member->kind == SJ_JSON_NUMBER) {
    sj_put_count(out, member->key, (uint64_t)member->integer);
    return;
  }
  sj_buffer_put(out, "\"");
  sj_buffer_put(out, member->key);
  sj_buffer_put(out, "\":");
  sj_put_string(out, member->text, member->len);
  sj_buffer_put(out, ",");
}

// Written anew, so that what is stored is what was checked.
static void put_items(sj_buffer *out, const sj_json_node *items) {
  sj_buffer_put(out, "[");
  for (const sj_json_node *at = items->child; at != NULL; at = at->next) {
    sj_buffer_put(out, "{");
    for (const sj_json_node *member = at->child; member != NULL;
         member = member->next)
      put_member(out, member);
    sj_put_end(out, '}');
    sj_buffer_put(out, ",");
  }
  sj_put_end(out, ']');
  sj_buffer_add(out, "", 1);
}

typedef struct tally {
  store_feedback_item *rows;
  size_t count;
} tally;

static void add(tally *to, const sj_json_node *from, char kind, int64_t count) {
  to->rows[to->count++] = (store_feedback_item){
      kind, request_word(from, "type"), request_word(from, "rule"), count};
}

// False where an item ends before it begins.
static bool
count_up(const request *req, tally *to, store_feedback *sums, size_t *wrong) {
  const sj_json_node *confirmed = sj_json_tree_get(req->json, "confirmed");
  const sj_json_node *items = sj_json_tree_get(req->json, "items");
  for (const sj_json_node *at = confirmed == NULL ? NULL : confirmed->child;
       at != NULL; at = at->next) {
    add(to, at, 'c', request_integer(at, "count"));
    sums->confirmed += request_integer(at, "count");
  }
  *wrong = 0;
  for (const sj_json_node *at = items->child; at != NULL;
       at = at->next, ++*wrong) {
    const bool is_fp = strcmp(request_word(at, "kind"), "fp") == 0;
    if (request_integer(at, "end") <= request_integer(at, "start"))
      return false;
    add(to, at, is_fp ? 'p' : 'n', 1);
    *(is_fp ? &sums->fp : &sums->fn) += 1;
  }
  return true;
}

static void store_it(request *req, answer *out, store_feedback *feedback) {
  char members[160], detail[128];
  sj_buffer replay = {0};
  store_receipt receipt;
  (void)snprintf(members, sizeof(members),
                 "\"feedback_id\":\"%s\",\"confirmed\":%lld,\"fp\":%lld,"
                 "\"fn\":%lld,",
                 feedback->id, (long long)feedback->confirmed,
                 (long long)feedback->fp, (long long)feedback->fn);
  (void)snprintf(detail, sizeof(detail),
                 "{\"confirmed\":%lld,\"fp\":%lld,\"fn\":%lld}",
                 (long long)feedback->confirmed, (long long)feedback->fp,
                 (long long)feedback->fn);
  store_once once = {.sub = req->who.sub,
                     .key = req->key,
                     .answer = members,
                     .expires_ms =
                         req->now_ms +
                         req->service->config->idempotency_days * DAY_MS};
  audit_entry entry =
      request_entry(req, AUDIT_FEEDBACK_SUBMITTED, feedback->job_id);
  entry.detail = detail;
  store_status status = STORE_BUSY;
  if (request_digest(req, once.digest))
    status = store_put_feedback(req->service->store, feedback, &once,
                                (store_trail){&entry, 1}, &replay, &receipt);
  if (status == STORE_REPLAY || !problem_of_store(out, status, req->id)) {
    if (status == STORE_OK) metric_add(METRIC_FEEDBACK, 1);
    out->status = 202;
    sj_buffer_put(&out->body, "{");
    sj_buffer_put(&out->body, status == STORE_OK ? members : replay.data);
    put_receipt(&out->body, &receipt);
    sj_buffer_put(&out->body, "}");
  }
  sj_buffer_free(&replay);
}

void handle_feedback(request *req, answer *out) {
  const char *job = request_word(req->json, "job_id");
  const sj_json_node *items = sj_json_tree_get(req->json, "items");
  const sj_json_node *confirmed = sj_json_tree_get(req->json, "confirmed");
  store_state state;
  if (!request_may_see(req, out, job, 0, &state)) return;
  const size_t most = items->len + (confirmed == NULL ? 0 : confirmed->len) + 1;
  tally rows = {sj_arena_take(&req->arena, most * sizeof(store_feedback_item)),
                0};
  store_feedback feedback = {
      .id = req->key, .job_id = job, .created_ms = req->now_ms};
  size_t wrong = 0;
  if (rows.rows == NULL) {
    problem_put(out, PROBLEM_BUSY, req->id, NULL);
    return;
  }
  if (!count_up(req, &rows, &feedback, &wrong)) {
    char pointer[40];
    (void)snprintf(pointer, sizeof(pointer), "/items/%zu/end", wrong);
    problem_put(out, PROBLEM_SCHEMA, req->id, pointer);
    return;
  }
  sj_buffer list = {0};
  put_items(&list, items);
  feedback.items = list.data;
  feedback.tally = rows.rows;
  feedback.count = rows.count;
  if (list.failed)
    problem_put(out, PROBLEM_BUSY, req->id, NULL);
  else
    store_it(req, out, &feedback);
  sj_buffer_free(&list);
}

void handle_feedback_summary(request *req, answer *out) {
  int64_t from_ms, to_ms;
  char job[STORE_ID];
  bool wrong = false;
  sj_buffer found = {0};
  const bool one = request_query(req, "job_id", job, sizeof(job), &wrong);
  if (!request_span(req, &from_ms, &to_ms) || wrong ||
      (one && !schema_is(FORMAT_UUID, job, strlen(job)))) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/query");
    return;
  }
  const store_status status = store_feedback_summary(
      req->service->store, one ? job : NULL, from_ms, to_ms, &found);
  if (!problem_of_store(out, status, req->id) && !found.failed) {
    out->status = 200;
    sj_buffer_put(&out->body, "{\"by_rule\":");
    sj_buffer_put(&out->body, found.data);
    sj_buffer_put(&out->body, ",\"by_day\":");
    sj_buffer_put(&out->body, found.data + strlen(found.data) + 1);
    sj_buffer_put(&out->body, "}");
  }
  sj_buffer_free(&found);
}

void handle_feedback_export(request *req, answer *out) {
  char after[STORE_ID];
  bool wrong = false;
  if ((request_query(req, "after", after, sizeof(after), &wrong) &&
       !schema_is(FORMAT_UUID, after, strlen(after))) ||
      wrong) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/query/after");
    return;
  }
  audit_entry entry = request_entry(req, AUDIT_EXPORT, NULL);
  entry.detail = "{\"what\":\"feedback\"}";
  const store_status status = store_feedback_export(
      req->service->store, after, PAGE, (store_trail){&entry, 1}, &out->body);
  if (problem_of_store(out, status, req->id)) return;
  out->status = 200;
  out->type = "application/jsonl";
}
