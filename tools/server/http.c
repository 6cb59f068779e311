// SPDX-License-Identifier: Apache-2.0
//
// http.c - libmicrohttpd: requests in, answers out. A request is refused at its
// head where it can be, so that a body that nobody wants is never taken in.

#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http_parts.h"
#include "metrics.h"

// For what is data and no page: nothing may run, frame or keep it.
static const struct {
  const char *name, *value;
} HEADERS[] = {
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Strict-Transport-Security", "max-age=31536000"},
};

static void new_id(char out[37]) {
  uint8_t bits[16];
  if (RAND_bytes(bits, sizeof(bits)) != 1) abort(); // nothing is random then
  bits[6] = (uint8_t)((bits[6] & 0x0F) | 0x40);
  bits[8] = (uint8_t)((bits[8] & 0x3F) | 0x80);
  char *at = out;
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
    at += snprintf(at, 3, "%02x", bits[i]);
  }
}

static void add_cors(struct MHD_Response *response, const exchange *of) {
  (void)MHD_add_response_header(response, "Vary", "Origin");
  if (of->origin[0] == '\0') return;
  (void)MHD_add_response_header(response, "Access-Control-Allow-Origin",
                                of->origin);
  (void)MHD_add_response_header(response, "Access-Control-Expose-Headers",
                                "ETag, Retry-After, X-Request-Id");
}

static void add_headers(struct MHD_Response *response, const exchange *of) {
  const answer *out = &of->answer;
  char retry[16];
  for (size_t i = 0; i < sizeof(HEADERS) / sizeof(HEADERS[0]); i++)
    (void)MHD_add_response_header(response, HEADERS[i].name, HEADERS[i].value);
  (void)MHD_add_response_header(response, "X-Request-Id", of->request.id);
  add_cors(response, of);
  if (out->body.len > 0)
    (void)MHD_add_response_header(response, "Content-Type",
                                  out->type == NULL ? "application/json"
                                                    : out->type);
  if (out->etag[0] != '\0')
    (void)MHD_add_response_header(response, "ETag", out->etag);
  if (out->status == 401)
    (void)MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
  if (out->retry_s > 0 && out->status != 304) {
    (void)snprintf(retry, sizeof(retry), "%u", out->retry_s);
    (void)MHD_add_response_header(response, "Retry-After", retry);
  }
  if (of->last) (void)MHD_add_response_header(response, "Connection", "close");
}

static enum MHD_Result send_answer(exchange *of, const char *allow) {
  answer *out = &of->answer;
  struct MHD_Response *response = MHD_create_response_from_buffer(
      out->body.len, out->body.data, MHD_RESPMEM_PERSISTENT);
  if (response == NULL) return MHD_NO;
  add_headers(response, of);
  if (allow != NULL) (void)MHD_add_response_header(response, "Allow", allow);
  const enum MHD_Result result =
      MHD_queue_response(of->connection, out->status, response);
  MHD_destroy_response(response);
  watcher_stage(of->watched, STAGE_ANSWER);
  return result;
}

static enum MHD_Result refuse(exchange *of, problem why, const char *allow) {
  if (why == PROBLEM_FRAMING || why == PROBLEM_LENGTH)
    metric_add(METRIC_FRAMING, 1);
  of->last = true;
  problem_put(&of->answer, why, of->request.id, NULL);
  return send_answer(of, allow);
}

static enum MHD_Result preflight(exchange *of, const char *allow) {
  struct MHD_Response *response =
      MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
  if (response == NULL) return MHD_NO;
  of->answer.status = 204;
  add_headers(response, of);
  (void)MHD_add_response_header(response, "Access-Control-Allow-Methods",
                                allow);
  (void)MHD_add_response_header(
      response, "Access-Control-Allow-Headers",
      "authorization, content-type, idempotency-key, if-none-match");
  (void)MHD_add_response_header(response, "Access-Control-Max-Age", "600");
  const enum MHD_Result result =
      MHD_queue_response(of->connection, 204, response);
  MHD_destroy_response(response);
  return result;
}

static void copy(char *out, size_t room, const char *from) {
  const size_t len = from == NULL ? 0 : strlen(from);
  if (len == 0 || len >= room)
    out[0] = '\0';
  else
    memcpy(out, from, len + 1);
}

static enum MHD_Result add_pair(void *context,
                                enum MHD_ValueKind kind,
                                const char *name,
                                const char *value) {
  (void)kind;
  request *req = context;
  const size_t len = strlen(req->query);
  const int more =
      snprintf(req->query + len, sizeof(req->query) - len, "%s%s%s%s",
               len == 0 ? "" : "&", name, value == NULL ? "" : "=",
               value == NULL ? "" : value);
  if (more >= 0 && len + (size_t)more < sizeof(req->query)) return MHD_YES;
  // Too long to be read is as good as not known.
  (void)snprintf(req->query, sizeof(req->query), "?");
  return MHD_NO;
}

static void read_address(exchange *of) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(
      of->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const union {
    const struct sockaddr *any;
    const struct sockaddr_in *four;
    const struct sockaddr_in6 *six;
  } address = {.any = info == NULL ? NULL : info->client_addr};
  char *out = of->request.ip;
  if (address.any == NULL) return;
  if (address.any->sa_family == AF_INET)
    (void)inet_ntop(AF_INET, &address.four->sin_addr, out, INET_ADDRSTRLEN);
  else if (address.any->sa_family == AF_INET6)
    (void)inet_ntop(AF_INET6, &address.six->sin6_addr, out, INET6_ADDRSTRLEN);
}

static bool is_json(const char *type) {
  static const char json[] = "application/json";
  if (type == NULL || strncmp(type, json, sizeof(json) - 1) != 0) return false;
  type += sizeof(json) - 1;
  return *type == '\0' || strcmp(type, ";charset=utf-8") == 0 ||
         strcmp(type, "; charset=utf-8") == 0 ||
         strcmp(type, "; charset=UTF-8") == 0;
}

static bool fill(exchange *of, const head *from) {
  request *req = &of->request;
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  req->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
  read_address(of);
  if (from->key != NULL && schema_is(FORMAT_UUID, from->key, strlen(from->key)))
    copy(req->key, sizeof(req->key), from->key);
  copy(req->known, sizeof(req->known), from->known);
  (void)MHD_get_connection_values(of->connection, MHD_GET_ARGUMENT_KIND,
                                  add_pair, req);
  of->expected = from->body_len;
  if (from->authorization == NULL) return true;
  const bool bearer = strncmp(from->authorization, "Bearer ", 7) == 0;
  req->token = strdup(bearer ? from->authorization + 7 : "");
  return req->token != NULL;
}

// A page that is not listed may not call, and a link from one neither.
static bool origin_is_refused(exchange *of, const head *from) {
  const char *allowed = of->http->service->config->origins;
  if (from->origin == NULL)
    return from->site != NULL && strcmp(from->site, "cross-site") == 0;
  if (!http_origin_fits(from->origin, from->host, allowed)) return true;
  copy(of->origin, sizeof(of->origin), from->origin);
  return false;
}

static bool is_draining(struct http *self) {
  (void)pthread_mutex_lock(&self->mutex);
  const bool draining = self->draining;
  (void)pthread_mutex_unlock(&self->mutex);
  return draining;
}

// The head of a request to the API: refused now, or its body is awaited.
static enum MHD_Result
begin_api(exchange *of, const char *method, const char *url, const head *from) {
  char allow[64];
  bool known;
  const route *found = route_find(method, url, of->request.param, &known);
  route_allow(url, allow, sizeof(allow));
  if (!known) return refuse(of, PROBLEM_NOT_FOUND, NULL);
  if (origin_is_refused(of, from)) return refuse(of, PROBLEM_ORIGIN, NULL);
  if (found == NULL && strcmp(method, "OPTIONS") == 0 && from->origin != NULL)
    return preflight(of, allow);
  if (found == NULL) return refuse(of, PROBLEM_METHOD, allow);
  of->request.route = found;
  const uint32_t limit = found->limit != 0
                             ? found->limit
                             : (uint32_t)of->http->service->config->body_bytes;
  if (from->body_len > limit) return refuse(of, PROBLEM_TOO_LARGE, NULL);
  if (found->body != NULL && !is_json(from->content_type))
    return refuse(of, PROBLEM_TYPE, NULL);
  if (is_draining(of->http)) return refuse(of, PROBLEM_BUSY, NULL);
  if (!fill(of, from) ||
      (found->body != NULL &&
       !sj_buffer_reserve(&of->request.body, from->body_len + 1)))
    return refuse(of, PROBLEM_BUSY, NULL);
  of->method = found->method;
  watcher_stage(of->watched, from->body_len > 0 ? STAGE_BODY : STAGE_ANSWER);
  return MHD_YES;
}

static bool is_api(const char *url) {
  return strncmp(url, "/v1/", 4) == 0 || strcmp(url, "/healthz") == 0 ||
         strcmp(url, "/readyz") == 0;
}

static enum MHD_Result
begin(exchange *of, const char *method, const char *url, const char *version) {
  head from;
  problem why;
  new_id(of->request.id);
  if (!http_guard(of->connection, method, url, version, &from, &why))
    return refuse(of, why, NULL);
  // A name that leads here by a trick is a page's way around its origin.
  if (of->http->pinned_host && !http_host_is_here(from.host))
    return refuse(of, PROBLEM_ORIGIN, NULL);
  if (is_api(url)) return begin_api(of, method, url, &from);
  if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
    return http_file(of->http, of->connection, method, url);
  watcher_stage(of->watched, STAGE_ANSWER);
  return MHD_YES;
}

static exchange *new_exchange(struct http *self,
                              struct MHD_Connection *connection) {
  exchange *made = calloc(1, sizeof(*made));
  if (made == NULL) return NULL;
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  made->http = self;
  made->connection = connection;
  made->watched = info == NULL ? NULL : info->socket_context;
  made->request.service = self->service;
  made->begun_us = http_now_us();
  (void)pthread_mutex_lock(&self->mutex);
  self->running++;
  (void)pthread_mutex_unlock(&self->mutex);
  return made;
}

// NOLINTNEXTLINE(readability-function-size): the library's signature
static enum MHD_Result handle(void *context,
                              struct MHD_Connection *connection,
                              const char *url,
                              const char *method,
                              const char *version,
                              const char *upload,
                              size_t *upload_len,
                              void **seen) {
  struct http *self = context;
  exchange *of = *seen;
  // The first call comes with the headers, later ones with the body.
  if (of == NULL) {
    of = new_exchange(self, connection);
    *seen = of;
    return of == NULL ? MHD_NO : begin(of, method, url, version);
  }
  if (*upload_len != 0) {
    if (of->request.route != NULL && of->request.route->body != NULL)
      sj_buffer_add(&of->request.body, upload, *upload_len);
    *upload_len = 0;
    return MHD_YES;
  }
  // Refused at its head: the library drops the answer while it is stopped, and
  // asks again.
  if (of->last) return MHD_NO;
  if (of->request.route == NULL)
    return http_file(self, connection, method, url);
  if (of->done) return send_answer(of, NULL);
  if (of->handed) return MHD_YES;
  watcher_stage(of->watched, STAGE_ANSWER);
  http_work_add(of);
  return MHD_YES;
}

static void completed(void *context,
                      struct MHD_Connection *connection,
                      void **seen,
                      enum MHD_RequestTerminationCode code) {
  (void)connection, (void)code;
  struct http *self = context;
  exchange *of = *seen;
  if (of == NULL) return;
  watcher_stage(of->watched, STAGE_IDLE);
  if (of->request.token != NULL)
    sj_memory_wipe(of->request.token, strlen(of->request.token));
  free(of->request.token);
  sj_buffer_free(&of->request.body);
  sj_buffer_free(&of->answer.body);
  free(of);
  *seen = NULL;
  (void)pthread_mutex_lock(&self->mutex);
  if (--self->running == 0) (void)pthread_cond_signal(&self->idle);
  (void)pthread_mutex_unlock(&self->mutex);
}

// Paths are taken as they were sent: no name of ours needs an escape, and a
// "%00" that is undone would cut a name short.
static size_t
keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
  (void)context, (void)connection;
  return strlen(text);
}

static struct MHD_Daemon *listen_at(struct http *self) {
  const config *set = self->service->config;
  union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
  } address = {.any = {0}};
  const bool six = strchr(set->host, ':') != NULL;
  if (six) {
    address.six.sin6_family = AF_INET6;
    address.six.sin6_port = htons(set->port);
    if (inet_pton(AF_INET6, set->host, &address.six.sin6_addr) != 1)
      return NULL;
  } else {
    address.four.sin_family = AF_INET;
    address.four.sin_port = htons(set->port);
    if (inet_pton(AF_INET, set->host, &address.four.sin_addr) != 1) return NULL;
  }
  return MHD_start_daemon(
      MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD |
          MHD_ALLOW_SUSPEND_RESUME | (six ? MHD_USE_IPv6 : 0),
      set->port, NULL, NULL, handle, self, MHD_OPTION_SOCK_ADDR, &address.any,
      MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
      MHD_OPTION_NOTIFY_COMPLETED, completed, self,
      MHD_OPTION_NOTIFY_CONNECTION, watcher_notify, self->watcher,
      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)set->idle_seconds,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned)set->connections,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEADERS,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

http *http_start(service *of, int root) {
  struct http *self = calloc(1, sizeof(*self));
  if (self == NULL) return NULL;
  self->service = of;
  self->root = root;
  self->pinned_host = of->dev != NULL || root >= 0;
  self->watcher = watcher_start(of->config);
  if (self->watcher != NULL && http_work_start(self))
    self->daemon = listen_at(self);
  if (self->daemon != NULL) return self;
  http_stop(self);
  return NULL;
}

uint16_t http_port(const http *self) {
  const union MHD_DaemonInfo *info =
      MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

void http_stop(http *self) {
  const MHD_socket listening = self->daemon == NULL
                                   ? MHD_INVALID_SOCKET
                                   : MHD_quiesce_daemon(self->daemon);
  http_work_stop(self);
  if (self->daemon != NULL) MHD_stop_daemon(self->daemon);
  // Not before: the library's thread takes it out of its set first, and gives
  // up the process where that number is gone.
  if (listening != MHD_INVALID_SOCKET) (void)close(listening);
  watcher_stop(self->watcher);
  free(self);
}
