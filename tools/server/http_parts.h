// SPDX-License-Identifier: Apache-2.0
//
// http_parts.h - what the files of the HTTP front share.
#ifndef SCRUBJAYD_HTTP_PARTS_H
#define SCRUBJAYD_HTTP_PARTS_H

#include <microhttpd.h>
#include <pthread.h>

#include "http.h"
#include "problem.h"
#include "router.h"

enum {
  HTTP_WORKERS = 16,
  HTTP_HEADERS = 16 * 1024,
  HTTP_URI = 2048,
  HTTP_DRAIN_S = 10
};

typedef struct watch watch;       // http_watch.c
typedef struct exchange exchange; // one request with its answer

struct exchange {
  struct http *http;
  struct MHD_Connection *connection;
  watch *watched;
  request request;
  answer answer;
  const char *method; ///< a constant of ROUTES; NULL: the page's
  size_t expected;    ///< bytes of the body
  int64_t begun_us;
  char origin[256];  ///< that may read the answer; empty: none is named
  bool handed, done; ///< to a worker, by a worker
  bool last;         ///< close the connection behind it
  exchange *next;
};

struct http {
  service *service;
  struct MHD_Daemon *daemon;
  int root;
  bool pinned_host;      ///< the page is here: the Host has to be this machine
  pthread_mutex_t mutex; ///< over all below
  pthread_cond_t work, idle;
  exchange *first, *last;
  size_t running; ///< handed over, not answered
  bool draining, closing;
  size_t worker_count;
  struct http_worker {
    struct http *http;
    pthread_t thread;
    worker own;
  } workers[HTTP_WORKERS];
  struct watcher *watcher;
};

int64_t http_now_us(void);

// ---- http_guard.c ----

/// What of a request's head decides. Strings are the library's.
typedef struct head {
  const char *authorization, *origin, *site, *content_type, *key, *known, *host;
  size_t body_len;
} head;

/// Read the head strictly: libmicrohttpd 0.9.75 lets through what two programs
/// on the way would split differently. False with the refusal; the connection
/// has to be closed then.
bool http_guard(struct MHD_Connection *connection,
                const char *method,
                const char *url,
                const char *version,
                head *out,
                problem *refusal);

/// Whether the Host names this machine.
bool http_host_is_here(const char *host);
/// Whether a page of this origin may call: the server's own, or one that is
/// listed by blanks in `allowed`.
bool http_origin_fits(const char *origin,
                      const char *host,
                      const char *allowed);

// ---- http_watch.c ----

/// Absolute deadlines: libmicrohttpd's are of inactivity, which a byte now and
/// then holds off for ever.
struct watcher *watcher_start(const config *config);
void watcher_stop(struct watcher *watcher);
/// For MHD_OPTION_NOTIFY_CONNECTION, with the watcher as context.
void watcher_notify(void *context,
                    struct MHD_Connection *connection,
                    void **socket_context,
                    enum MHD_ConnectionNotificationCode code);
typedef enum stage {
  STAGE_HEADERS,
  STAGE_BODY,
  STAGE_ANSWER,
  STAGE_IDLE
} stage;
/// What a connection is at, from now on.
void watcher_stage(watch *watched, stage stage);

// ---- http_files.c ----

/// Answer with a file of the page, or why not.
enum MHD_Result http_file(const struct http *http,
                          struct MHD_Connection *connection,
                          const char *method,
                          const char *url);

// ---- http_work.c ----

bool http_work_start(struct http *http);
/// Wait until nothing runs, then end the threads.
void http_work_stop(struct http *http);
/// Hand over; the connection is suspended until the answer is there.
void http_work_add(exchange *exchange);

#endif // SCRUBJAYD_HTTP_PARTS_H
