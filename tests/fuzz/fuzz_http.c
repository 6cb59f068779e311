// SPDX-License-Identifier: Apache-2.0
//
// fuzz_http.c - any bytes on a connection to a whole scrubjayd, and any bytes
// as the body of each operation, under a token that opens all of them.
// libmicrohttpd is fuzzed by nobody else.

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "http.h"
#include "log.h"
#include "roles.h"
#include "router.h"

enum { ANSWER = 1 << 16, HEAD = 2048 };

static config set;
static service of;
static http *front;
static char token[ISSUER_DEV_ROOM];
static size_t operations;

static void start(void) {
  static char folder[] = "/tmp/sj-fuzz-XXXXXX";
  must(mkdtemp(folder) != NULL);
  config_defaults(&set);
  (void)snprintf(set.store, sizeof(set.store), "%s/store.db", folder);
  set.dev_issuer = true;
  set.port = 0;
  set.idle_seconds = 5;
  set.disk_free_mb = 0;
  set.disk_free_percent = 0;
  set.auth_failures_per_minute = 1000000;
  set.submits_per_minute = set.submit_burst = 1000000;
  log_set_level(LOG_ERROR);
  must(service_open(&of, &set));
  must(service_add_member(&of, "all", ROLE_ALL));
  must(issuer_dev_token(of.dev, "all", time(NULL), token));
  front = http_start(&of, -1);
  must(front != NULL);
  while (ROUTES[operations].method != NULL)
    operations++;
}

// `patience_ms`: how long to wait for more of an answer. A connection that is
// kept open says nothing more.
static int connect_here(int patience_ms) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(http_port(front)),
      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  must(fd >= 0);
  must(connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
  // No TIME_WAIT: ports would run out.
  const struct linger now = {.l_onoff = 1};
  must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
  const struct timeval wait = {.tv_sec = patience_ms / 1000,
                               .tv_usec = patience_ms % 1000 * 1000};
  must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == 0);
  return fd;
}

// Send and read what is answered. Nobody says that no more comes: the library
// takes a half that is closed for a client that has gone.
static size_t
ask(const char *bytes, size_t len, int patience_ms, char *answer) {
  const int fd = connect_here(patience_ms);
  size_t have = 0;
  while (len > 0) {
    const ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
    if (sent <= 0) break; // refused before it was read
    bytes += sent;
    len -= (size_t)sent;
  }
  for (;;) {
    const ssize_t got = read(fd, answer + have, ANSWER - 1 - have);
    if (got < 0 && errno == EINTR) continue; // libFuzzer's clock
    if (got <= 0) break;
    have += (size_t)got;
    if (have == ANSWER - 1) break;
  }
  (void)close(fd);
  answer[have] = '\0';
  return have;
}

static void body_of(const route *at, const uint8_t *data, size_t size) {
  static char answer[ANSWER];
  static const char job[] = "01980000-0000-7000-8000-000000000001";
  char path[256];
  const char *brace = strchr(at->path, '{');
  if (brace == NULL)
    (void)snprintf(path, sizeof(path), "%s", at->path);
  else
    (void)snprintf(path, sizeof(path), "%.*s%s%s", (int)(brace - at->path),
                   at->path, strncmp(brace, "{job", 4) == 0 ? job : "vault:a:1",
                   strchr(brace, '}') + 1);
  char *request = malloc(HEAD + size);
  must(request != NULL);
  const int len =
      snprintf(request, HEAD,
               "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
               "Authorization: Bearer %s\r\nIdempotency-Key: %s\r\n"
               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
               at->method, path, token, job, size);
  must(len > 0 && len < HEAD);
  memcpy(request + len, data, size);
  const size_t have = ask(request, (size_t)len + size, 10000, answer);
  // Well framed, so it is answered, and the server did not fail.
  must(have > 12 && memcmp(answer, "HTTP/1.1 ", 9) == 0);
  must(answer[9] != '5');
  free(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char answer[ANSWER];
  if (front == NULL) start();
  if (size == 0 || size > ANSWER / 2) return 0;
  const route *at = &ROUTES[data[0] % (operations + 1)];
  if (at->method == NULL) {
    const size_t have = ask((const char *)data + 1, size - 1, 20, answer);
    must(have == 0 || memcmp(answer, "HTTP/1.", 7) == 0);
  } else if (at->body != NULL) {
    body_of(at, data + 1, size - 1);
  }
  return 0;
}
