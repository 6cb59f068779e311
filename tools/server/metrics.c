// SPDX-License-Identifier: Apache-2.0
//
// metrics.c - numbers, and the listener that shows them.

#include "metrics.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTER, GAUGE, SECONDS };

static const struct {
  int kind;
  const char *name, *help;
} METRICS[] = {
#define X(id, kind, name, help) {kind, "scrubjay_" name, help},
    METRIC_MAP(X)
#undef X
};

// Upper bounds in microseconds; one more bucket takes what is above.
static const int64_t BOUNDS[] = {100,    250,    500,     1000,    2500,
                                 5000,   10000,  25000,   50000,   100000,
                                 250000, 500000, 1000000, 2500000, 5000000};
enum { BOUND_COUNT = sizeof(BOUNDS) / sizeof(BOUNDS[0]) };

// A duration's value is the sum of its microseconds.
static atomic_llong values[METRIC_COUNT];
static atomic_llong buckets[METRIC_COUNT][BOUND_COUNT + 1];

void metric_add(metric id, int64_t amount) {
  atomic_fetch_add_explicit(&values[id], amount, memory_order_relaxed);
}

void metric_set(metric id, int64_t value) {
  atomic_store_explicit(&values[id], value, memory_order_relaxed);
}

void metric_observe(metric id, int64_t us) {
  int bucket = 0;
  while (bucket < BOUND_COUNT && us > BOUNDS[bucket])
    bucket++;
  atomic_fetch_add_explicit(&values[id], us, memory_order_relaxed);
  atomic_fetch_add_explicit(&buckets[id][bucket], 1, memory_order_relaxed);
}

int64_t metric_get(metric id) {
  return atomic_load_explicit(&values[id], memory_order_relaxed);
}

typedef struct page {
  char *out;
  size_t room, len;
} page;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
put(page *to, const char *format, ...) {
  va_list values_of;
  va_start(values_of, format);
  // NOLINTBEGIN(clang-analyzer-valist.Uninitialized): it was started
  const int len =
      to->len < to->room
          ? vsnprintf(to->out + to->len, to->room - to->len, format, values_of)
          : vsnprintf(NULL, 0, format, values_of);
  // NOLINTEND(clang-analyzer-valist.Uninitialized)
  va_end(values_of);
  to->len += len > 0 ? (size_t)len : 0;
}

static void put_duration(page *to, metric id) {
  const char *name = METRICS[id].name;
  long long count = 0;
  for (int i = 0; i < BOUND_COUNT; i++) {
    count += atomic_load_explicit(&buckets[id][i], memory_order_relaxed);
    put(to, "%s_bucket{le=\"%g\"} %lld\n", name, (double)BOUNDS[i] / 1e6,
        count);
  }
  count +=
      atomic_load_explicit(&buckets[id][BOUND_COUNT], memory_order_relaxed);
  put(to, "%s_bucket{le=\"+Inf\"} %lld\n", name, count);
  put(to, "%s_sum %.6f\n%s_count %lld\n", name, (double)metric_get(id) / 1e6,
      name, count);
}

// NOLINTNEXTLINE(readability-non-const-parameter): written to by way of `to`
size_t metrics_write(char *out, size_t room) {
  static const char *const kinds[] = {"counter", "gauge", "histogram"};
  page to = {.out = out, .room = room};
  for (metric id = 0; id < METRIC_COUNT; id++) {
    put(&to, "# HELP %s %s\n# TYPE %s %s\n", METRICS[id].name, METRICS[id].help,
        METRICS[id].name, kinds[METRICS[id].kind]);
    if (METRICS[id].kind == SECONDS)
      put_duration(&to, id);
    else
      put(&to, "%s %lld\n", METRICS[id].name, (long long)metric_get(id));
  }
  return to.len;
}

// ---- the listener ----

struct metrics_listener {
  struct MHD_Daemon *daemon;
};

enum { PAGE_ROOM = 32 * 1024, IDLE_SECONDS = 10, CONNECTIONS_MAX = 8 };

static enum MHD_Result answer(struct MHD_Connection *connection, bool found) {
  static char empty[] = "";
  char *text = found ? malloc(PAGE_ROOM) : NULL;
  const size_t len = text == NULL ? 0 : metrics_write(text, PAGE_ROOM);
  struct MHD_Response *response =
      text == NULL || len >= PAGE_ROOM
          ? MHD_create_response_from_buffer(0, empty, MHD_RESPMEM_PERSISTENT)
          : MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_COPY);
  free(text);
  if (response == NULL) return MHD_NO;
  (void)MHD_add_response_header(response, "Content-Type",
                                "text/plain; version=0.0.4; charset=utf-8");
  (void)MHD_add_response_header(response, "Cache-Control", "no-store");
  const enum MHD_Result result = MHD_queue_response(
      connection, found ? MHD_HTTP_OK : MHD_HTTP_NOT_FOUND, response);
  MHD_destroy_response(response);
  return result;
}

// The library's signature, two parameters longer than ours may be.
// NOLINTNEXTLINE(readability-function-size)
static enum MHD_Result handle(void *context,
                              struct MHD_Connection *connection,
                              const char *url,
                              const char *method,
                              const char *version,
                              const char *upload,
                              size_t *upload_len,
                              void **seen) {
  (void)context, (void)version, (void)upload, (void)seen;
  *upload_len = 0;
  return answer(connection, strcmp(method, MHD_HTTP_METHOD_GET) == 0 &&
                                strcmp(url, "/metrics") == 0);
}

metrics_listener *metrics_start(const char *host, uint16_t port) {
  union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
  } address;
  memset(&address, 0, sizeof(address));
  const bool is_six = strchr(host, ':') != NULL;
  if (is_six) {
    address.six.sin6_family = AF_INET6;
    address.six.sin6_port = htons(port);
    if (inet_pton(AF_INET6, host, &address.six.sin6_addr) != 1) return NULL;
  } else {
    address.four.sin_family = AF_INET;
    address.four.sin_port = htons(port);
    if (inet_pton(AF_INET, host, &address.four.sin_addr) != 1) return NULL;
  }
  metrics_listener *self = calloc(1, sizeof(*self));
  if (self == NULL) return NULL;
  self->daemon = MHD_start_daemon(
      MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD |
          (is_six ? MHD_USE_IPv6 : 0),
      port, NULL, NULL, handle, self, MHD_OPTION_SOCK_ADDR,
      (const struct sockaddr *)&address, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
      (unsigned)CONNECTIONS_MAX, MHD_OPTION_END);
  if (self->daemon == NULL) {
    free(self);
    return NULL;
  }
  return self;
}

uint16_t metrics_port(const metrics_listener *self) {
  const union MHD_DaemonInfo *info =
      MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

void metrics_stop(metrics_listener *self) {
  if (self == NULL) return;
  MHD_stop_daemon(self->daemon);
  free(self);
}
