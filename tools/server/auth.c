// SPDX-License-Identifier: Apache-2.0
//
// auth.c - see auth.h. A verified token is remembered by its SHA-256 for at
// most a minute, so that a signature is checked once and not at every status
// read. Its roles are remembered with it, until any member changes.

#include "auth.h"

#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "base/sha256.h"
#include "metrics.h"
#include "problem.h"

enum { CACHE = 1024, CACHE_MS = 60 * 1000, RECENT_S = 15 * 60 };

static struct {
  uint8_t digest[32];
  claims who;
  uint32_t roles;
  uint64_t members; // version that the roles were read under
  int64_t until_ms;
} cache[CACHE];
static pthread_mutex_t cache_mutex = PTHREAD_MUTEX_INITIALIZER;

static size_t slot_of(const uint8_t digest[32]) {
  return ((size_t)digest[0] << 8 | digest[1]) % CACHE;
}

static bool recall(const uint8_t digest[32], request *req, uint64_t members) {
  const size_t slot = slot_of(digest);
  (void)pthread_mutex_lock(&cache_mutex);
  // An end that is further off than any is from before the clock was set back.
  const bool hit = cache[slot].until_ms > req->now_ms &&
                   cache[slot].until_ms <= req->now_ms + CACHE_MS &&
                   cache[slot].members == members &&
                   memcmp(cache[slot].digest, digest, 32) == 0;
  if (hit) {
    req->who = cache[slot].who;
    req->roles = cache[slot].roles;
  }
  (void)pthread_mutex_unlock(&cache_mutex);
  return hit;
}

static void
keep(const uint8_t digest[32], const request *req, uint64_t members) {
  const size_t slot = slot_of(digest);
  int64_t until = req->now_ms + CACHE_MS;
  if (until > req->who.exp * 1000) until = req->who.exp * 1000;
  (void)pthread_mutex_lock(&cache_mutex);
  memcpy(cache[slot].digest, digest, 32);
  cache[slot].who = req->who;
  cache[slot].roles = req->roles;
  cache[slot].members = members;
  cache[slot].until_ms = until;
  (void)pthread_mutex_unlock(&cache_mutex);
}

// Who it is and what they may; `*failed` is the store's failure.
static token_status identify(request *req, store_status *failed) {
  uint8_t digest[32];
  const size_t len = strlen(req->token);
  // Read first: a change during what follows makes the next request look anew.
  const uint64_t members = store_members_version(req->service->store);
  *failed = STORE_OK;
  if (len > TOKEN_MAX) return TOKEN_SIZE;
  sj_sha256 sha;
  sj_sha256_start(&sha);
  sj_sha256_add(&sha, req->token, len);
  sj_sha256_end(&sha, digest);
  if (recall(digest, req, members)) return TOKEN_OK;
  const token_status status = token_verify(req->service->issuers, req->token,
                                           len, req->now_ms / 1000, &req->who);
  if (status != TOKEN_OK) return status;
  *failed = store_member(req->service->store, req->who.sub, &req->roles);
  if (*failed == STORE_NOT_FOUND) *failed = STORE_OK; // no roles
  if (*failed == STORE_OK) keep(digest, req, members);
  return TOKEN_OK;
}

// Each failure is a row, up to the rate at which failures are answered at all.
static void refuse_token(request *req, answer *out, const char *why) {
  unsigned wait_s = 0;
  metric_add(METRIC_AUTH_FAILED, 1);
  if (!rates_take(req->service->rates, RATE_AUTH_FAILURE, req->ip, req->now_ms,
                  &wait_s)) {
    out->retry_s = wait_s;
    problem_put(out, PROBLEM_RATE, req->id, NULL);
    return;
  }
  char detail[128];
  (void)snprintf(detail, sizeof(detail), "{\"why\":\"%s\"}", why);
  audit_entry entry = request_entry(req, AUDIT_AUTH_FAILED, NULL);
  entry.outcome = "denied";
  entry.detail = detail;
  const store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  if (!problem_of_store(out, status, req->id))
    problem_put(out, PROBLEM_TOKEN, req->id, NULL);
}

static void refuse_role(request *req, answer *out) {
  char detail[96];
  (void)snprintf(detail, sizeof(detail), "{\"route\":\"%s\"}",
                 req->route->name);
  audit_entry entry = request_entry(req, AUDIT_ACCESS_DENIED,
                                    req->param[0] == '\0' ? NULL : req->param);
  entry.outcome = "denied";
  entry.detail = detail;
  metric_add(METRIC_DENIED, 1);
  const store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  if (!problem_of_store(out, status, req->id))
    problem_put(out, PROBLEM_FORBIDDEN, req->id, NULL);
}

// The name of the first role that opens the route.
static const char *role_name(uint32_t roles) {
  for (unsigned bit = 1; bit <= ROLE_AGENT; bit <<= 1)
    if ((roles & bit) != 0) return sj_member_role_name(bit);
  return NULL;
}

bool auth_admit(request *req, answer *out) {
  if (!rates_peek(req->service->rates, RATE_AUTH_FAILURE, req->ip,
                  req->now_ms)) {
    metric_add(METRIC_RATE_LIMITED, 1);
    out->retry_s = 60;
    problem_put(out, PROBLEM_RATE, req->id, NULL);
    return false;
  }
  store_status failed = STORE_OK;
  const token_status token =
      req->token == NULL ? TOKEN_FORM : identify(req, &failed);
  if (token != TOKEN_OK) {
    req->who = (claims){0};
    refuse_token(req, out,
                 req->token == NULL ? "no token" : token_status_text(token));
    return false;
  }
  if (problem_of_store(out, failed, req->id)) return false;
  const uint32_t wanted =
      (req->route->roles & ROUTE_ANY) != 0 ? ROLE_ALL : req->route->roles;
  req->role = role_name(req->roles & wanted);
  if (req->role != NULL) return true;
  refuse_role(req, out);
  return false;
}

bool auth_is_recent(request *req, answer *out) {
  // An agent is a program: nobody signs in.
  if ((req->roles & (ROLE_AGENT | ROLE_REIDENTIFIER)) == ROLE_AGENT)
    return true;
  const int64_t age = req->now_ms / 1000 - req->who.auth_time;
  if (req->who.auth_time > 0 && age <= RECENT_S + TOKEN_LEEWAY) return true;
  audit_entry entry = request_entry(req, AUDIT_ACCESS_DENIED, NULL);
  entry.outcome = "denied";
  entry.detail = "{\"why\":\"sign-in too old\"}";
  const store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  if (!problem_of_store(out, status, req->id))
    problem_put(out, PROBLEM_STEP_UP, req->id, NULL);
  return false;
}
