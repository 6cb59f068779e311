// SPDX-License-Identifier: Apache-2.0
//
// handle_jobs.c - what became of a submission: state, results, release, end.

#include <stdio.h>
#include <string.h>

#include "../common/b64.h"
#include "../common/json_write.h"
#include "auth.h"
#include "base/wipe.h"
#include "metrics.h"
#include "problem.h"
#include "router.h"

void handle_preview(request *req, answer *out) {
  // Nobody has to sign in to be told; the rows are bounded as failures are.
  unsigned wait_s = 0;
  metric_add(METRIC_RAW_TEXT, 1);
  if (rates_take(req->service->rates, RATE_AUTH_FAILURE, req->ip, req->now_ms,
                 &wait_s)) {
    audit_entry entry = request_entry(req, AUDIT_LEAK_BLOCKED, NULL);
    entry.outcome = "refused";
    entry.detail = "{\"why\":\"raw-text-route\"}";
    (void)store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  }
  problem_put(out, PROBLEM_GONE, req->id, NULL);
}

static bool is_open(const char *status) {
  return strcmp(status, "queued") == 0 ||
         strcmp(status, "phi_confirmed") == 0 ||
         strcmp(status, "processing") == 0;
}

void handle_status(request *req, answer *out) {
  store_state state;
  if (!request_may_see(req, out, req->param, ROLE_CODER, &state)) return;
  (void)snprintf(out->etag, sizeof(out->etag), "\"%s-%lld-%lld\"", state.status,
                 (long long)state.updated_ms, (long long)state.attempts);
  if (is_open(state.status)) out->retry_s = 5;
  out->status = strcmp(out->etag, req->known) == 0 ? 304 : 200;
  if (out->status == 304) return;
  sj_buffer_put(&out->body, "{");
  sj_put_pair(&out->body, "job_id", req->param);
  sj_put_pair(&out->body, "status", state.status);
  sj_put_pair(&out->body, "vault", state.vault);
  put_time(&out->body, "created_at", state.created_ms);
  put_time(&out->body, "updated_at", state.updated_ms);
  sj_put_count(&out->body, "attempts", (uint64_t)state.attempts);
  sj_put_end(&out->body, '}');
}

static void put_result(sj_buffer *out,
                       const char *result,
                       const char *flags,
                       const char *model) {
  sj_buffer_put(out, "{\"codes\":");
  sj_buffer_put(out, result);
  sj_buffer_put(out, ",\"flags\":");
  sj_buffer_put(out, flags);
  sj_buffer_put(out, ",\"model\":");
  sj_put_string(out, model, strlen(model));
  sj_buffer_put(out, "}");
}

void handle_results(request *req, answer *out) {
  store_state state;
  sj_buffer found = {0};
  if (!request_may_see(req, out, req->param, ROLE_CODER, &state)) return;
  if (!state.has_result) {
    problem_put(out, PROBLEM_NOT_READY, req->id, NULL);
    return;
  }
  audit_entry entry = request_entry(req, AUDIT_RESULT_READ, req->param);
  store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  if (status == STORE_OK)
    status = store_job_result(req->service->store, req->param, &found);
  if (!problem_of_store(out, status, req->id) && found.data != NULL &&
      !found.failed) {
    const char *flags = found.data + strlen(found.data) + 1;
    out->status = 200;
    put_result(&out->body, found.data, flags, flags + strlen(flags) + 1);
  }
  sj_buffer_free(&found);
}

static void put_base64url(sj_buffer *out, const uint8_t *bytes, size_t len) {
  char text[SJ_B64_ROOM(64)];
  sj_b64_encode(bytes, len, text);
  sj_put_string(out, text, strlen(text));
  sj_wipe(text, sizeof(text));
}

static void put_member(sj_buffer *out, const char *key, const char *word) {
  sj_buffer_put(out, "\"");
  sj_buffer_put(out, key);
  sj_buffer_put(out, "\":");
  sj_put_string(out, word, strlen(word));
  sj_buffer_put(out, ",");
}

static void put_record(sj_buffer *out, const store_release *from) {
  const char *bytes = from->bytes.data;
  sj_buffer_put(out, "\"vault\":{");
  sj_put_count(out, "fmt", (uint64_t)from->fmt);
  sj_buffer_put(out, "\"text_salt\":");
  put_base64url(out, from->text_salt, sizeof(from->text_salt));
  sj_buffer_put(out, ",");
  put_member(out, "data", bytes + from->data);
  sj_buffer_put(out, "\"wraps\":[");
  sj_put_string(out, bytes + from->wrap, strlen(bytes + from->wrap));
  if (bytes[from->old_wrap] != '\0') {
    sj_buffer_put(out, ",");
    sj_put_string(out, bytes + from->old_wrap, strlen(bytes + from->old_wrap));
  }
  sj_buffer_put(out, "],");
  put_member(out, "sig", bytes + from->sig);
  sj_put_end(out, '}');
}

static void put_release(sj_buffer *out,
                        const char *job,
                        const store_release *from,
                        const uint8_t share[32],
                        const store_receipt *receipt) {
  const char *bytes = from->bytes.data;
  sj_buffer_put(out, "{");
  sj_put_pair(out, "job_id", job);
  put_member(out, "scrubbed_text", bytes + from->text);
  put_record(out, from);
  sj_buffer_put(out, ",\"share\":");
  put_base64url(out, share, SHARE_BYTES);
  sj_buffer_put(out, ",\"results\":");
  if (bytes[from->result] == '\0')
    sj_buffer_put(out, "null");
  else
    put_result(out, bytes + from->result, bytes + from->flags,
               bytes + from->model);
  sj_buffer_put(out, ",");
  put_receipt(out, receipt);
  sj_buffer_put(out, "}");
}

static void refuse_missing(request *req, answer *out, const char *job) {
  audit_entry entry = request_entry(req, AUDIT_ACCESS_DENIED, job);
  entry.outcome = "denied";
  entry.detail = "{\"why\":\"no sealed record\"}";
  const store_status status =
      store_audit(req->service->store, (store_trail){&entry, 1}, NULL);
  if (!problem_of_store(out, status, req->id))
    problem_put(out, PROBLEM_NOT_FOUND, req->id, NULL);
}

static void
release(request *req, answer *out, const char *job, const char *detail) {
  store_release found = {0};
  store_receipt receipt = {0};
  uint8_t share[SHARE_BYTES] = {0};
  audit_entry entry = request_entry(req, AUDIT_PHI_ACCESSED, job);
  entry.purpose = request_word(req->json, "purpose_of_use");
  entry.detail = detail;
  const store_status status = store_release_job(
      req->service->store, job, (store_trail){&entry, 1}, &found, &receipt);
  if (status == STORE_NOT_FOUND) {
    refuse_missing(req, out, job);
  } else if (!problem_of_store(out, status, req->id)) {
    if (share_open(req->service->keks, job, found.epoch, found.share, share) ==
        SHARE_OK) {
      metric_add(METRIC_RELEASES, 1);
      out->status = 200;
      put_release(&out->body, job, &found, share, &receipt);
    } else {
      problem_put(out, PROBLEM_INTERNAL, req->id, NULL);
    }
  }
  sj_wipe(share, sizeof(share));
  sj_buffer_free(&found.bytes);
}

void handle_reidentify(request *req, answer *out) {
  const char *job = request_word(req->json, "job_id");
  const sj_json_node *reason = sj_json_tree_get(req->json, "reason");
  if (!auth_is_recent(req, out)) return;
  if (!rates_take(req->service->rates, RATE_RELEASE, req->who.sub, req->now_ms,
                  &out->retry_s)) {
    metric_add(METRIC_RATE_LIMITED, 1);
    problem_put(out, PROBLEM_RATE, req->id, NULL);
    return;
  }
  if (reason != NULL &&
      request_leaks(req, out, "/reason", reason->text, reason->len))
    return;
  if (req->service->keks == NULL) {
    problem_put(out, PROBLEM_VAULT_OFF, req->id, NULL);
    return;
  }
  sj_buffer detail = {0};
  if (reason != NULL) {
    sj_buffer_put(&detail, "{\"reason\":");
    sj_put_string(&detail, reason->text, reason->len);
    sj_buffer_put(&detail, "}");
    sj_buffer_add(&detail, "", 1);
  }
  if (detail.failed)
    problem_put(out, PROBLEM_BUSY, req->id, NULL);
  else
    release(req, out, job, detail.data);
  sj_buffer_free(&detail);
}

// What the page says of itself: written down as reported, not as known.
void handle_acknowledge(request *req, answer *out) {
  const bool opened =
      strcmp(request_word(req->json, "outcome"), "decrypted") == 0;
  char detail[96] = "{}";
  if (!opened) {
    metric_add(METRIC_OPEN_FAILED, 1);
    (void)snprintf(detail, sizeof(detail), "{\"error\":\"%s\"}",
                   request_word(req->json, "error"));
  }
  audit_entry rows[2] = {request_entry(req, AUDIT_PHI_DECRYPTED, req->param),
                         request_entry(req, AUDIT_REIDENTIFIED, req->param)};
  rows[0].outcome = opened ? "reported" : "failed";
  rows[0].detail = detail;
  rows[1].outcome = "reported";
  store_receipt receipt;
  const store_status status =
      store_acknowledge(req->service->store, req->param, opened,
                        (store_trail){rows, opened ? 2 : 1}, &receipt);
  if (!problem_of_store(out, status, req->id)) out->status = 204;
}

void handle_delete_job(request *req, answer *out) {
  store_state state;
  if (!request_may_see(req, out, req->param, ROLE_ADMIN, &state)) return;
  audit_entry rows[2] = {request_entry(req, AUDIT_JOB_DELETED, req->param),
                         request_entry(req, AUDIT_PHI_SHREDDED, req->param)};
  const bool sealed = strcmp(state.vault, "sealed") == 0;
  store_status status =
      store_shred(req->service->store, req->param, req->now_ms,
                  (store_trail){rows, sealed ? 2 : 1}, NULL);
  // The journal may hold pages as they were before.
  if (status == STORE_OK) status = store_scrub_journal(req->service->store);
  if (status == STORE_BUSY && out->retry_s == 0) out->retry_s = 1;
  if (problem_of_store(out, status, req->id)) return;
  if (sealed) metric_add(METRIC_SHREDDED, 1);
  out->status = 204;
}
