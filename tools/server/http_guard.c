// SPDX-License-Identifier: Apache-2.0
//
// http_guard.c - one reading of a request, or none. What follows was tried raw
// against libmicrohttpd (tests/server/probes.test.js): two lengths, a length
// beside a coding, a blank before the colon are all accepted by it.

#include <string.h>

#include "http_parts.h"

typedef struct reading {
  head *head;
  size_t hosts, lengths, tokens, codings;
  const char *length;
  size_t length_len;
  bool bad;
} reading;

static bool is_token(const char *name, size_t len) {
  static const char others[] = "!#$%&'*+-.^_`|~";
  for (size_t i = 0; i < len; i++) {
    const char c = name[i];
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                      (c >= 'a' && c <= 'z');
    if (!word && (c == '\0' || strchr(others, c) == NULL)) return false;
  }
  return len > 0;
}

static bool is_value(const char *value, size_t len) {
  for (size_t i = 0; i < len; i++) {
    const unsigned char c = (unsigned char)value[i];
    if ((c < ' ' && c != '\t') || c == 127) return false;
  }
  return true;
}

static bool same(const char *name, size_t len, const char *wanted) {
  if (len != strlen(wanted)) return false;
  for (size_t i = 0; i < len; i++)
    if ((name[i] | 0x20) != wanted[i] && name[i] != wanted[i]) return false;
  return true;
}

// NOLINTNEXTLINE(readability-function-size): the library's signature
static enum MHD_Result each(void *context,
                            enum MHD_ValueKind kind,
                            const char *name,
                            size_t name_len,
                            const char *value,
                            size_t value_len) {
  (void)kind;
  reading *self = context;
  head *out = self->head;
  if (value == NULL) value = "", value_len = 0;
  if (!is_token(name, name_len) || !is_value(value, value_len) ||
      strlen(value) != value_len)
    self->bad = true;
  else if (same(name, name_len, "host"))
    self->hosts++, out->host = value;
  else if (same(name, name_len, "content-length"))
    self->lengths++, self->length = value, self->length_len = value_len;
  else if (same(name, name_len, "transfer-encoding"))
    self->codings++;
  else if (same(name, name_len, "authorization"))
    self->tokens++, out->authorization = value;
  else if (same(name, name_len, "origin"))
    out->origin = value;
  else if (same(name, name_len, "sec-fetch-site"))
    out->site = value;
  else if (same(name, name_len, "content-type"))
    out->content_type = value;
  else if (same(name, name_len, "idempotency-key"))
    out->key = value;
  else if (same(name, name_len, "if-none-match"))
    out->known = value;
  return MHD_YES;
}

// Digits alone, at most nine of them.
static bool read_length(const reading *read, size_t *out, problem *refusal) {
  *out = 0;
  for (size_t i = 0; i < read->length_len; i++) {
    if (read->length[i] < '0' || read->length[i] > '9') return false;
    if (i < 9) *out = *out * 10 + (size_t)(read->length[i] - '0');
  }
  if (read->length_len > 9) *refusal = PROBLEM_TOO_LARGE;
  return read->length_len > 0 && read->length_len <= 9;
}

static bool path_is_plain(const char *url) {
  if (url[0] != '/') return false;
  for (const char *at = url; *at != '\0'; at++)
    if (*at == '%' || *at == '\\' || *at <= ' ' || *at == 127 ||
        (at[0] == '.' && at[1] == '.'))
      return false;
  return true;
}

bool http_guard(struct MHD_Connection *connection,
                const char *method,
                const char *url,
                const char *version,
                head *out,
                problem *refusal) {
  reading read = {.head = out};
  *out = (head){0};
  *refusal = PROBLEM_FRAMING;
  if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
    return false;
  if (strlen(url) > HTTP_URI) {
    *refusal = PROBLEM_URI;
    return false;
  }
  (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, each, &read);
  if (!path_is_plain(url) || read.bad || read.hosts != 1 || read.tokens > 1)
    return false;
  const bool takes_body =
      strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
  // No coding at all: a length says where a body ends, and nothing else does.
  if (read.codings > 0) {
    *refusal = PROBLEM_LENGTH;
    return false;
  }
  if (read.lengths > 1) return false;
  if (read.lengths == 0) {
    *refusal = PROBLEM_LENGTH;
    return !takes_body;
  }
  if (!read_length(&read, &out->body_len, refusal)) return false;
  const bool reads = strcmp(method, "GET") == 0 ||
                     strcmp(method, "HEAD") == 0 ||
                     strcmp(method, "DELETE") == 0;
  return !reads || out->body_len == 0;
}

bool http_host_is_here(const char *host) {
  static const char *const NAMES[] = {"localhost", "127.0.0.1", "[::1]"};
  for (size_t i = 0; i < 3; i++) {
    const size_t len = strlen(NAMES[i]);
    if (strncmp(host, NAMES[i], len) == 0 &&
        (host[len] == '\0' || host[len] == ':'))
      return true;
  }
  return false;
}

bool http_origin_fits(const char *origin,
                      const char *host,
                      const char *allowed) {
  const char *const SCHEMES[] = {"http://", "https://"};
  for (size_t i = 0; i < 2; i++) {
    const size_t len = strlen(SCHEMES[i]);
    if (strncmp(origin, SCHEMES[i], len) == 0 &&
        strcmp(origin + len, host) == 0)
      return true;
  }
  const size_t len = strlen(origin);
  for (const char *at = allowed; *at != '\0';) {
    const size_t word = strcspn(at, " ");
    if (word == len && len > 0 && strncmp(at, origin, len) == 0) return true;
    at += word + strspn(at + word, " ");
  }
  return false;
}
