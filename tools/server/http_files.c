// SPDX-License-Identifier: Apache-2.0
//
// http_files.c - the page, where this server has it: GET and HEAD of plain
// files below one folder.

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_parts.h"
#include "site.h"

enum { PATH_ROOM = 256 };

static enum MHD_Result send_with(struct MHD_Connection *connection,
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
  return send_with(connection, status, response);
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
  if (root < 0 || !site_path(path, file, sizeof(file)))
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
  return send_with(connection, status, response);
}

enum MHD_Result http_file(const struct http *self,
                          struct MHD_Connection *connection,
                          const char *method,
                          const char *url) {
  const bool reads = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                     strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
  if (!reads)
    return send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                     "only GET and HEAD\n");
  return send_file(connection, self->root, url);
}
