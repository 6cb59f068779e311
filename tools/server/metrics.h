// SPDX-License-Identifier: Apache-2.0
//
// metrics.h - counters, gauges and durations of the process, in Prometheus'
// text format 0.0.4, on a listener of their own. Numbers only: no name, id or
// text is a label. Any thread may call; nothing here locks or fails.
#ifndef SCRUBJAYD_METRICS_H
#define SCRUBJAYD_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Kind, name behind "scrubjay_", help.
#define METRIC_MAP(X)                                                          \
  X(REQUESTS, COUNTER, "requests_total", "Requests answered")                  \
  X(ANSWERS_2XX, COUNTER, "answers_2xx_total", "Answers that did as asked")    \
  X(ANSWERS_4XX, COUNTER, "answers_4xx_total", "Answers that refused")         \
  X(ANSWERS_5XX, COUNTER, "answers_5xx_total", "Answers that failed")          \
  X(FRAMING, COUNTER, "framing_refused_total", "Requests cut off as unsafe")   \
  X(DEADLINES, COUNTER, "deadlines_total", "Connections cut for being slow")   \
  X(SUBMITS, COUNTER, "submits_total", "Submissions stored")                   \
  X(RELEASES, COUNTER, "releases_total", "Release shares handed out")          \
  X(FEEDBACK, COUNTER, "feedback_total", "Feedback stored")                    \
  X(LEAKS, COUNTER, "leaks_blocked_total", "Submissions refused by the guard") \
  X(RAW_TEXT, COUNTER, "raw_text_refused_total", "Raw text refused by name")   \
  X(AUTH_FAILED, COUNTER, "auth_failed_total", "Tokens refused")               \
  X(DENIED, COUNTER, "access_denied_total", "Acts that a role did not allow")  \
  X(RATE_LIMITED, COUNTER, "rate_limited_total", "Requests over a rate")       \
  X(OPEN_FAILED, COUNTER, "vault_open_failures_total",                         \
    "Records that a page could not open")                                      \
  X(SHREDDED, COUNTER, "vault_shredded_total", "Vault records shredded")       \
  X(AUDIT_ROWS, COUNTER, "audit_rows_total", "Audit rows written")             \
  X(CHECKPOINTS, COUNTER, "checkpoints_total", "Checkpoints signed")           \
  X(COMMITS, COUNTER, "commits_total", "Transactions committed")               \
  X(QUEUE, GAUGE, "writer_queue", "Writes that wait for the writer")           \
  X(CONNECTIONS, GAUGE, "connections", "Open connections")                     \
  X(CHECKPOINT_TIME, GAUGE, "checkpoint_time_seconds",                         \
    "When the last checkpoint was signed, since 1970")                         \
  X(READY, GAUGE, "ready", "1 where /readyz answers 200")                      \
  X(REQUEST_TIME, SECONDS, "request_seconds", "From headers to answer")        \
  X(COMMIT_TIME, SECONDS, "commit_seconds", "A transaction with its sync")     \
  X(GUARD_TIME, SECONDS, "guard_seconds", "The leak guard over a submission")

typedef enum metric {
#define X(name, kind, text, help) METRIC_##name,
  METRIC_MAP(X)
#undef X
      METRIC_COUNT
} metric;

/// A counter, or a gauge by what it changes.
void metric_add(metric id, int64_t amount);
/// A gauge.
void metric_set(metric id, int64_t value);
/// A duration in microseconds.
void metric_observe(metric id, int64_t us);
/// What a counter or gauge stands at.
int64_t metric_get(metric id);

/// Write all of them. The length without the NUL, also where it did not fit.
size_t metrics_write(char *out, size_t room);

typedef struct metrics_listener metrics_listener;

/// Answer GET /metrics on a listener of its own; nothing else. NULL where the
/// port cannot be had. `host` is a numeric address.
metrics_listener *metrics_start(const char *host, uint16_t port);
/// The port that was given, also where any was asked for.
uint16_t metrics_port(const metrics_listener *listener);
void metrics_stop(metrics_listener *listener);

#endif // SCRUBJAYD_METRICS_H
