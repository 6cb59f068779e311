// SPDX-License-Identifier: Apache-2.0
//
// http_watch.c - a thread that shuts down connections past their deadline. The
// library tells of a connection's end before it closes the descriptor, and both
// happen under our mutex here, so that no other file can have the number by
// then.

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "http_parts.h"
#include "metrics.h"

enum { LOOK_MS = 200, ANSWER_S = 60 };

struct watch {
  struct watcher *watcher;
  int fd;
  int64_t deadline_us;
  watch *previous, *next;
};

struct watcher {
  const config *config;
  pthread_t thread;
  pthread_mutex_t mutex; // over all below
  pthread_cond_t wake;
  watch *first;
  bool closing;
};

int64_t http_now_us(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void cut_the_late(struct watcher *self) {
  const int64_t now = http_now_us();
  for (watch *at = self->first; at != NULL; at = at->next) {
    if (at->deadline_us > now) continue;
    (void)shutdown(at->fd, SHUT_RDWR);
    at->deadline_us = INT64_MAX;
    metric_add(METRIC_DEADLINES, 1);
  }
}

static void *watcher_main(void *context) {
  struct watcher *self = context;
  (void)pthread_mutex_lock(&self->mutex);
  while (!self->closing) {
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L)
      until.tv_sec++, until.tv_nsec -= 1000000000L;
    // With nothing open there is nothing to look at.
    if (self->first == NULL)
      (void)pthread_cond_wait(&self->wake, &self->mutex);
    else
      (void)pthread_cond_timedwait(&self->wake, &self->mutex, &until);
    cut_the_late(self);
  }
  (void)pthread_mutex_unlock(&self->mutex);
  return NULL;
}

struct watcher *watcher_start(const config *set) {
  struct watcher *self = calloc(1, sizeof(*self));
  if (self == NULL) return NULL;
  self->config = set;
  pthread_condattr_t attributes;
  (void)pthread_condattr_init(&attributes);
  (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  (void)pthread_cond_init(&self->wake, &attributes);
  (void)pthread_condattr_destroy(&attributes);
  (void)pthread_mutex_init(&self->mutex, NULL);
  if (pthread_create(&self->thread, NULL, watcher_main, self) == 0) return self;
  free(self);
  return NULL;
}

void watcher_stop(struct watcher *self) {
  if (self == NULL) return;
  (void)pthread_mutex_lock(&self->mutex);
  self->closing = true;
  (void)pthread_cond_signal(&self->wake);
  (void)pthread_mutex_unlock(&self->mutex);
  (void)pthread_join(self->thread, NULL);
  (void)pthread_cond_destroy(&self->wake);
  (void)pthread_mutex_destroy(&self->mutex);
  free(self);
}

static int64_t seconds_of(const config *set, stage at) {
  switch (at) {
  case STAGE_HEADERS:
    return set->header_seconds;
  case STAGE_BODY:
    return set->body_seconds;
  // The next request's head has to be whole by then, begun or not.
  case STAGE_IDLE:
    return set->idle_seconds + set->header_seconds;
  default:
    return ANSWER_S;
  }
}

void watcher_stage(watch *watched, stage at) {
  if (watched == NULL) return;
  struct watcher *self = watched->watcher;
  (void)pthread_mutex_lock(&self->mutex);
  watched->deadline_us = http_now_us() + seconds_of(self->config, at) * 1000000;
  (void)pthread_mutex_unlock(&self->mutex);
}

static void begin(struct watcher *self,
                  struct MHD_Connection *connection,
                  void **socket_context) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  watch *made = info == NULL ? NULL : calloc(1, sizeof(*made));
  *socket_context = made;
  if (made == NULL) return;
  made->watcher = self;
  made->fd = info->connect_fd;
  made->deadline_us =
      http_now_us() + seconds_of(self->config, STAGE_HEADERS) * 1000000;
  (void)pthread_mutex_lock(&self->mutex);
  made->next = self->first;
  if (made->next != NULL) made->next->previous = made;
  self->first = made;
  (void)pthread_cond_signal(&self->wake);
  (void)pthread_mutex_unlock(&self->mutex);
  metric_add(METRIC_CONNECTIONS, 1);
}

void watcher_notify(void *context,
                    struct MHD_Connection *connection,
                    void **socket_context,
                    enum MHD_ConnectionNotificationCode code) {
  struct watcher *self = context;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    begin(self, connection, socket_context);
    return;
  }
  watch *gone = *socket_context;
  if (gone == NULL) return;
  (void)pthread_mutex_lock(&self->mutex);
  if (gone->previous != NULL)
    gone->previous->next = gone->next;
  else
    self->first = gone->next;
  if (gone->next != NULL) gone->next->previous = gone->previous;
  (void)pthread_mutex_unlock(&self->mutex);
  free(gone);
  *socket_context = NULL;
  metric_add(METRIC_CONNECTIONS, -1);
}
