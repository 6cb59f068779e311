// SPDX-License-Identifier: Apache-2.0
//
// router.c - which route, who asks, what the body is; then the handler.

#include "router.h"

#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "metrics.h"
#include "problem.h"

// Whether `path` is `pattern`, where one segment may be {a name}.
static bool path_fits(const char *pattern, const char *path, char *param) {
  while (*pattern != '\0') {
    if (*pattern != '{') {
      if (*pattern++ != *path++) return false;
      continue;
    }
    const bool is_job = strncmp(pattern, "{job_id}", 8) == 0;
    const size_t len = strcspn(path, "/");
    if (len == 0 || len >= STORE_KID) return false;
    if (!schema_is(is_job ? FORMAT_UUID : FORMAT_KID, path, len)) return false;
    memcpy(param, path, len);
    param[len] = '\0';
    path += len;
    pattern = strchr(pattern, '}') + 1;
  }
  return *path == '\0';
}

const route *route_find(const char *method,
                        const char *path,
                        char param[STORE_KID],
                        bool *known) {
  *known = false;
  for (const route *at = ROUTES; at->method != NULL; at++) {
    param[0] = '\0';
    if (!path_fits(at->path, path, param)) continue;
    *known = true;
    if (strcmp(at->method, method) == 0) return at;
  }
  return NULL;
}

void route_allow(const char *path, char *out, size_t room) {
  char param[STORE_KID];
  size_t len = 0;
  out[0] = '\0';
  for (const route *at = ROUTES; at->method != NULL && len < room; at++)
    if (path_fits(at->path, path, param))
      len += (size_t)snprintf(out + len, room - len, "%s%s",
                              len == 0 ? "" : ", ", at->method);
}

// Members with the names of what was not scrubbed are refused by name and
// written down, before anything else is said about the body.
static bool refuse_raw(request *req, answer *out) {
  if (!schema_holds_raw(req->json)) return false;
  metric_add(METRIC_RAW_TEXT, 1);
  audit_entry entry = request_entry(req, AUDIT_LEAK_BLOCKED, NULL);
  entry.outcome = "refused";
  entry.detail = "{\"why\":\"raw-text-member\"}";
  const store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  if (!problem_of_store(out, status, req->id))
    problem_put(out, PROBLEM_RAW_TEXT, req->id, NULL);
  return true;
}

static bool read_body(request *req, answer *out) {
  char pointer[SCHEMA_POINTER];
  if (req->route->once && req->key[0] == '\0') {
    problem_put(out, PROBLEM_KEY, req->id, NULL);
    return false;
  }
  if (req->route->body == NULL) return true;
  if (sj_json_tree_parse(&req->arena, req->body.data, req->body.len, &req->json,
                         NULL) != SJ_OK) {
    problem_put(out, PROBLEM_JSON, req->id, NULL);
    return false;
  }
  if (refuse_raw(req, out)) return false;
  if (schema_check(req->route->body, req->json, pointer)) return true;
  problem_put(out, PROBLEM_SCHEMA, req->id, pointer);
  return false;
}

// Names that the route does not know are refused, as unknown members are.
static bool query_is_known(const request *req) {
  const char *at = req->query;
  while (*at != '\0') {
    const size_t len = strcspn(at, "=&");
    const char *names = req->route->query;
    bool found = false;
    while (!found && *names != '\0') {
      const size_t name_len = strcspn(names, ",");
      found = name_len == len && strncmp(names, at, len) == 0;
      names += name_len + (names[name_len] == ',' ? 1 : 0);
    }
    if (!found) return false;
    at += strcspn(at, "&");
    if (*at == '&') at++;
  }
  return true;
}

static void run(request *req, answer *out) {
  if (req->service->store == NULL &&
      strcmp(req->route->path, "/healthz") != 0 &&
      strcmp(req->route->path, "/readyz") != 0) {
    problem_put(out, PROBLEM_NOT_FOUND, req->id, NULL);
    return;
  }
  if ((req->route->roles & ROUTE_PUBLIC) == 0 && !auth_admit(req, out)) return;
  if (!query_is_known(req)) {
    problem_put(out, PROBLEM_SCHEMA, req->id, "/query");
    return;
  }
  // Before the disk is full: reading and deleting go on.
  if (req->route->body != NULL && (req->route->roles & ROUTE_PUBLIC) == 0 &&
      !service_has_space(req->service)) {
    problem_put(out, PROBLEM_FULL, req->id, NULL);
    return;
  }
  if (read_body(req, out)) req->route->handle(req, out);
}

void route_run(request *req, answer *out) {
  sj_arena_init(&req->arena, (sj_allocator){0});
  out->status = 500;
  run(req, out);
  if (out->body.failed) problem_put(out, PROBLEM_INTERNAL, req->id, NULL);
  sj_arena_release(&req->arena); // wipes
}
