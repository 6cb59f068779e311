// SPDX-License-Identifier: Apache-2.0
//
// auth.c - see auth.h. A verified token is remembered by its SHA-256 for at
// most a minute, so that a signature is checked once and not at every status
// read; roles are never remembered.

#include "auth.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "metrics.h"
#include "problem.h"

enum { CACHE = 1024, CACHE_MS = 60 * 1000, RECENT_S = 15 * 60 };

static struct {
  uint8_t digest[32];
  claims who;
  int64_t until_ms;
} cache[CACHE];
static pthread_mutex_t cache_mutex = PTHREAD_MUTEX_INITIALIZER;

static size_t slot_of(const uint8_t digest[32]) {
  return ((size_t)digest[0] << 8 | digest[1]) % CACHE;
}

static bool recall(const uint8_t digest[32], int64_t now_ms, claims *out) {
  const size_t slot = slot_of(digest);
  (void)pthread_mutex_lock(&cache_mutex);
  const bool hit = cache[slot].until_ms > now_ms &&
                   memcmp(cache[slot].digest, digest, 32) == 0;
  if (hit) *out = cache[slot].who;
  (void)pthread_mutex_unlock(&cache_mutex);
  return hit;
}

static void keep(const uint8_t digest[32], int64_t now_ms, const claims *who) {
  const size_t slot = slot_of(digest);
  int64_t until = now_ms + CACHE_MS;
  if (until > who->exp * 1000) until = who->exp * 1000;
  (void)pthread_mutex_lock(&cache_mutex);
  memcpy(cache[slot].digest, digest, 32);
  cache[slot].who = *who;
  cache[slot].until_ms = until;
  (void)pthread_mutex_unlock(&cache_mutex);
}

static token_status verify(request *req) {
  uint8_t digest[32];
  const size_t len = strlen(req->token);
  if (len > TOKEN_MAX) return TOKEN_SIZE;
  if (EVP_Q_digest(NULL, "SHA256", NULL, req->token, len, digest, NULL) != 1)
    return TOKEN_NOMEM;
  if (recall(digest, req->now_ms, &req->who)) return TOKEN_OK;
  const token_status status = token_verify(req->service->issuers, req->token,
                                           len, req->now_ms / 1000, &req->who);
  if (status == TOKEN_OK) keep(digest, req->now_ms, &req->who);
  return status;
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
  const token_status token = req->token == NULL ? TOKEN_FORM : verify(req);
  if (token != TOKEN_OK) {
    req->who = (claims){0};
    refuse_token(req, out,
                 req->token == NULL ? "no token" : token_status_text(token));
    return false;
  }
  const store_status status =
      store_member(req->service->store, req->who.sub, &req->roles);
  if (status != STORE_OK && status != STORE_NOT_FOUND) {
    (void)problem_of_store(out, status, req->id);
    return false;
  }
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
