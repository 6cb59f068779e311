// SPDX-License-Identifier: Apache-2.0
//
// handle_admin.c - members, the audit log, and what the server says of itself.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/json_write.h"
#include "metrics.h"
#include "problem.h"
#include "router.h"

enum { PAGE = 200 };

void handle_health(request *req, answer *out) {
  (void)req;
  out->status = 200;
  out->type = "text/plain; charset=utf-8";
  sj_buffer_put(&out->body, "ok\n");
}

void handle_ready(request *req, answer *out) {
  const store_status status =
      req->service->store == NULL ? STORE_OK : store_ready(req->service->store);
  // A store that was full is ready once there is space: its next write says.
  const bool ready = status != STORE_FAILED && service_has_space(req->service);
  metric_set(METRIC_READY, ready ? 1 : 0);
  if (!ready) {
    problem_put(out, PROBLEM_UNREADY, req->id, NULL);
    return;
  }
  handle_health(req, out);
}

void handle_config(request *req, answer *out) {
  const config *set = req->service->config;
  sj_buffer *body = &out->body;
  const keylist *keys = service_keys(req->service);
  const int64_t serial = keys == NULL ? 0 : keys->serial;
  service_keys_end(req->service);
  out->status = 200;
  sj_buffer_put(body, "{");
  sj_put_pair(body, "api", "1");
  sj_put_pair(body, "version", SJ_VERSION);
  sj_put_pair(body, "vault", req->service->keks == NULL ? "off" : "sealed");
  sj_put_count(body, "keylist_serial", (uint64_t)serial);
  sj_put_pair(body, "min_ruleset", SERVICE_MIN_RULESET);
  sj_buffer_put(body, "\"issuer\":");
  sj_put_name(body, req->service->dev != NULL ? ISSUER_DEV_NAME : set->issuer);
  sj_buffer_put(body, req->service->dev != NULL ? ",\"development\":true,"
                                                : ",\"development\":false,");
  sj_buffer_put(body, "\"limits\":{");
  sj_put_count(body, "body_bytes", (uint64_t)set->body_bytes);
  sj_put_count(body, "entities", (uint64_t)set->entities);
  sj_put_count(body, "submits_per_minute", (uint64_t)set->submits_per_minute);
  sj_put_count(body, "releases_per_hour", (uint64_t)set->releases_per_hour);
  sj_put_count(body, "retention_days", (uint64_t)set->retention_days);
  sj_put_end(body, '}');
  sj_buffer_put(body, "}");
}

void handle_dev_token(request *req, answer *out) {
  char token[ISSUER_DEV_ROOM];
  const char *sub = request_word(req->json, "sub");
  if (req->service->dev == NULL) {
    problem_put(out, PROBLEM_NOT_FOUND, req->id, NULL);
    return;
  }
  if (!issuer_dev_token(req->service->dev, sub, req->now_ms / 1000, token)) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/sub");
    return;
  }
  out->status = 200;
  sj_buffer_put(&out->body, "{");
  sj_put_pair(&out->body, "access_token", token);
  sj_put_pair(&out->body, "token_type", "Bearer");
  sj_put_count(&out->body, "expires_in", ISSUER_DEV_LIFE);
  sj_put_end(&out->body, '}');
}

void handle_members(request *req, answer *out) {
  sj_buffer_put(&out->body, "{\"members\":");
  const store_status status = store_members(req->service->store, &out->body);
  sj_buffer_put(&out->body, "}");
  if (!problem_of_store(out, status, req->id)) out->status = 200;
}

void handle_put_member(request *req, answer *out) {
  const char *sub = request_word(req->json, "sub");
  const bool active =
      sj_json_tree_get(req->json, "active")->kind == SJ_JSON_TRUE;
  uint32_t roles = 0;
  for (const sj_json_node *at = sj_json_tree_get(req->json, "roles")->child;
       at != NULL; at = at->next)
    roles |= sj_member_role_bit(at->text, at->len);
  char detail[64];
  (void)snprintf(detail, sizeof(detail), "{\"roles\":%u,\"active\":%s}",
                 (unsigned)roles, active ? "true" : "false");
  audit_entry entry = request_entry(req, AUDIT_MEMBER_CHANGED, sub);
  entry.detail = detail;
  const store_status status = store_put_member(
      req->service->store, sub, roles, active, (store_trail){&entry, 1}, NULL);
  if (!problem_of_store(out, status, req->id)) out->status = 204;
}

// "STREAM.SEQ", as `next` is written.
static bool read_place(const char *text, audit_filter *filter) {
  char *end = NULL;
  filter->after_stream = strtoll(text, &end, 10);
  if (end == text || *end != '.') return false;
  text = end + 1;
  filter->after_seq = strtoll(text, &end, 10);
  return end != text && *end == '\0';
}

typedef struct words {
  char actor[STORE_SUB], action[32], outcome[16], object[STORE_SUB];
} words;

static bool read_filter(const request *req, words *room, audit_filter *filter) {
  char word[48];
  bool wrong = false;
  *filter = (audit_filter){.limit = PAGE};
  if (request_query(req, "actor", room->actor, sizeof(room->actor), &wrong))
    filter->actor = room->actor;
  if (request_query(req, "action", room->action, sizeof(room->action), &wrong))
    filter->action = room->action;
  if (request_query(req, "outcome", room->outcome, sizeof(room->outcome),
                    &wrong))
    filter->outcome = room->outcome;
  if (request_query(req, "object", room->object, sizeof(room->object), &wrong))
    filter->object = room->object;
  if (request_query(req, "limit", word, sizeof(word), &wrong))
    filter->limit = strtoll(word, NULL, 10);
  if (request_query(req, "after", word, sizeof(word), &wrong) &&
      !read_place(word, filter))
    return false;
  if (!request_span(req, &filter->from_ms, &filter->to_ms)) return false;
  if (filter->to_ms == INT64_MAX) filter->to_ms = 0;
  return !wrong && filter->limit >= 1 && filter->limit <= PAGE;
}

void handle_audit_events(request *req, answer *out) {
  words room;
  audit_filter filter;
  store_receipt next = {0};
  if (!read_filter(req, &room, &filter)) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/query");
    return;
  }
  audit_entry entry = request_entry(req, AUDIT_AUDIT_READ, NULL);
  store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  sj_buffer_put(&out->body, "{\"events\":");
  if (status == STORE_OK)
    status = store_audit_page(req->service->store, &filter, &out->body, &next);
  if (problem_of_store(out, status, req->id)) return;
  out->status = 200;
  if (next.seq == 0) {
    sj_buffer_put(&out->body, ",\"next\":null}");
    return;
  }
  char place[48];
  (void)snprintf(place, sizeof(place), ",\"next\":\"%lu.%llu\"}",
                 (unsigned long)next.stream, (unsigned long long)next.seq);
  sj_buffer_put(&out->body, place);
}

void handle_checkpoint(request *req, answer *out) {
  const store_status status =
      store_last_checkpoint(req->service->store, &out->body);
  if (problem_of_store(out, status, req->id)) return;
  out->status = 200;
  out->type = "text/plain; charset=utf-8";
}
