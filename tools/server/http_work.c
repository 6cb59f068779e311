// SPDX-License-Identifier: Apache-2.0
//
// http_work.c - the threads that handle requests. They wait for commits, which
// the thread that reads sockets must not; as many as wait share one commit.

#include <string.h>
#include <time.h>

#include "http_parts.h"
#include "log.h"
#include "metrics.h"

static void account(const exchange *done) {
  const unsigned status = done->answer.status;
  const int64_t us = http_now_us() - done->begun_us;
  metric_add(METRIC_REQUESTS, 1);
  metric_add(status < 400   ? METRIC_ANSWERS_2XX
             : status < 500 ? METRIC_ANSWERS_4XX
                            : METRIC_ANSWERS_5XX,
             1);
  metric_observe(METRIC_REQUEST_TIME, us);
  log_event(status >= 500 ? LOG_WARN : LOG_INFO, "request", "request_id",
            done->request.id, "route", done->request.route->name, "status",
            log_number(0, status), "us", log_number(1, us),
            done->answer.problem == NULL ? NULL : "problem",
            done->answer.problem, NULL);
}

static exchange *take(struct http *self) {
  while (self->first == NULL && !self->closing)
    (void)pthread_cond_wait(&self->work, &self->mutex);
  exchange *found = self->first;
  if (found == NULL) return NULL;
  self->first = found->next;
  if (self->first == NULL) self->last = NULL;
  return found;
}

static void *worker_main(void *context) {
  struct http_worker *self = context;
  struct http *front = self->http;
  for (;;) {
    (void)pthread_mutex_lock(&front->mutex);
    exchange *found = take(front);
    (void)pthread_mutex_unlock(&front->mutex);
    if (found == NULL) break;
    found->request.worker = &self->own;
    route_run(&found->request, &found->answer);
    account(found);
    // The body may hold what should be in memory no longer than needed.
    sj_buffer_free(&found->request.body);
    found->done = true;
    MHD_resume_connection(found->connection);
  }
  guard_session_free(self->own.guard);
  return NULL;
}

bool http_work_start(struct http *self) {
  (void)pthread_mutex_init(&self->mutex, NULL);
  (void)pthread_cond_init(&self->work, NULL);
  (void)pthread_cond_init(&self->idle, NULL);
  for (size_t i = 0; i < HTTP_WORKERS; i++) {
    self->workers[i].http = self;
    if (pthread_create(&self->workers[i].thread, NULL, worker_main,
                       &self->workers[i]) != 0)
      break;
    self->worker_count++;
  }
  return self->worker_count > 0;
}

void http_work_add(exchange *added) {
  struct http *self = added->http;
  (void)pthread_mutex_lock(&self->mutex);
  added->handed = true;
  added->next = NULL;
  if (self->last == NULL)
    self->first = added;
  else
    self->last->next = added;
  self->last = added;
  // Before a worker can have it, or it might resume what is not suspended.
  MHD_suspend_connection(added->connection);
  (void)pthread_cond_signal(&self->work);
  (void)pthread_mutex_unlock(&self->mutex);
}

void http_work_stop(struct http *self) {
  struct timespec until;
  (void)clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += HTTP_DRAIN_S;
  (void)pthread_mutex_lock(&self->mutex);
  self->draining = true;
  while (self->running > 0 &&
         pthread_cond_timedwait(&self->idle, &self->mutex, &until) == 0) {
  }
  self->closing = true;
  (void)pthread_cond_broadcast(&self->work);
  (void)pthread_mutex_unlock(&self->mutex);
  for (size_t i = 0; i < self->worker_count; i++)
    (void)pthread_join(self->workers[i].thread, NULL);
}
