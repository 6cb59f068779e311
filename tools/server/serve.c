// SPDX-License-Identifier: Apache-2.0
//
// serve.c - libmicrohttpd: requests in, files out. GET and HEAD only; it takes
// no body, and an answer never repeats what was asked.

#include "serve.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site.h"

enum {
  PATH_ROOM = 256,
  IDLE_SECONDS = 30,
  CONNECTIONS = 64,
  HEADER_ROOM = 16 * 1024
};

struct server {
  struct MHD_Daemon *daemon;
  int root;
};

static enum MHD_Result send_answer(struct MHD_Connection *connection,
                                   unsigned status,
                                   struct MHD_Response *response) {
  if (response == NULL) return MHD_NO;
  for (const site_header *at = site_headers(); at->name != NULL; at++)
    (void)MHD_add_response_header(response, at->name, at->value);
  const enum MHD_Result result =
      MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result send_text(struct MHD_Connection *connection,
                                 unsigned status,
                                 const char *text) {
  // The library's type lacks a const; it does not write.
  const union {
    const char *in;
    void *out;
  } unconst = {.in = text};
  struct MHD_Response *response = MHD_create_response_from_buffer(
      strlen(text), unconst.out, MHD_RESPMEM_PERSISTENT);
  if (response != NULL) {
    (void)MHD_add_response_header(response, "Content-Type",
                                  "text/plain; charset=utf-8");
    (void)MHD_add_response_header(response, "Cache-Control", "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
      (void)MHD_add_response_header(response, "Allow", "GET, HEAD");
  }
  return send_answer(connection, status, response);
}

static bool is_match(struct MHD_Connection *connection, const char *etag) {
  const char *had = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                MHD_HTTP_HEADER_IF_NONE_MATCH);
  return had != NULL && strcmp(had, etag) == 0;
}

static void
add_caching(struct MHD_Response *response, const char *file, const char *etag) {
  (void)MHD_add_response_header(response, "Content-Type", site_type(file));
  (void)MHD_add_response_header(response, "ETag", etag);
  (void)MHD_add_response_header(response, "Cache-Control",
                                site_is_hashed(file)
                                    ? "public, max-age=31536000, immutable"
                                    : "no-cache");
}

static enum MHD_Result
send_file(struct MHD_Connection *connection, int root, const char *path) {
  char file[PATH_ROOM];
  if (!site_path(path, file, sizeof(file)))
    return send_text(connection, MHD_HTTP_NOT_FOUND, "not found\n");
  // A link out of the folder would serve what nobody meant to: O_NOFOLLOW
  // guards the file, and the folder is our own build.
  const int fd = openat(root, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    if (fd >= 0) (void)close(fd);
    return send_text(connection, MHD_HTTP_NOT_FOUND, "not found\n");
  }
  char etag[64];
  (void)snprintf(etag, sizeof(etag), "\"%llx-%llx-%lx\"",
                 (unsigned long long)info.st_size,
                 (unsigned long long)info.st_mtim.tv_sec,
                 (unsigned long)info.st_mtim.tv_nsec);

  unsigned status = MHD_HTTP_OK;
  struct MHD_Response *response = NULL;
  if (is_match(connection, etag)) {
    (void)close(fd);
    status = MHD_HTTP_NOT_MODIFIED;
    response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
  } else {
    // The response owns the descriptor from here on.
    response = MHD_create_response_from_fd64((uint64_t)info.st_size, fd);
    if (response == NULL) (void)close(fd);
  }
  if (response != NULL) add_caching(response, file, etag);
  return send_answer(connection, status, response);
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
  (void)version, (void)upload;
  const server *self = context;
  // The first call comes with the headers, later ones with the body: refuse
  // at once what is not read, so that a body is never taken in.
  const bool read_only = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                         strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
  if (*seen == NULL) {
    *seen = context;
    if (!read_only)
      return send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                       "only GET and HEAD\n");
    return MHD_YES;
  }
  if (*upload_len != 0) {
    *upload_len = 0;
    return MHD_YES;
  }
  if (strcmp(url, "/healthz") == 0)
    return send_text(connection, MHD_HTTP_OK, "ok\n");
  return send_file(connection, self->root, url);
}

// Paths are taken as they were sent: no name of ours needs an escape, and a
// "%00" that is undone would cut a name short.
static size_t
keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
  (void)context, (void)connection;
  return strlen(text);
}

server *serve_start(int root, uint16_t port) {
  server *self = calloc(1, sizeof(*self));
  if (self == NULL) return NULL;
  self->root = root;
  const struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  self->daemon = MHD_start_daemon(
      MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, handle,
      self, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&address,
      MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_ROOM, MHD_OPTION_END);
  if (self->daemon == NULL) {
    free(self);
    return NULL;
  }
  return self;
}

uint16_t serve_port(const server *self) {
  const union MHD_DaemonInfo *info =
      MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

void serve_stop(server *self) {
  MHD_stop_daemon(self->daemon);
  free(self);
}
