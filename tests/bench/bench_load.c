// SPDX-License-Identifier: Apache-2.0
//
// bench_load.c - many clients that each wait for their answer, over connections
// that stay open.
//
//     bench_load PORT CLIENTS SECONDS TOKEN submit FILE   bodies of FILE, each
//                                                         under a key of its
//                                                         own
//     bench_load PORT CLIENTS SECONDS TOKEN get PATH
//
// One line of JSON: requests, those that were answered 2xx, seconds, the rate,
// and the latencies' p50 and p99 in milliseconds.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CLIENTS = 256, MAX_SAMPLES = 1 << 16, ROOM = 1 << 16 };

typedef struct plan {
  uint16_t port;
  double end;
  const char *token, *path;
  const char *body; // NULL: GET
  size_t body_len;
} plan;

typedef struct client {
  const plan *plan;
  pthread_t thread;
  uint64_t count, good, samples;
  float *ms;
} client;

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int connect_to(uint16_t port) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  const int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
    return fd;
  (void)close(fd);
  return -1;
}

static void new_key(char out[37]) {
  uint8_t r[16];
  struct timespec t;
  (void)!getrandom(r, sizeof(r), 0);
  (void)clock_gettime(CLOCK_REALTIME, &t);
  const uint64_t ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
  for (int i = 0; i < 6; i++)
    r[i] = (uint8_t)(ms >> (40 - 8 * i));
  (void)snprintf(out, 37,
                 "%02x%02x%02x%02x-%02x%02x-7%01x%02x-8%01x%02x-"
                 "%02x%02x%02x%02x%02x%02x",
                 r[0], r[1], r[2], r[3], r[4], r[5], r[6] & 15, r[7], r[8] & 15,
                 r[9], r[10], r[11], r[12], r[13], r[14], r[15]);
}

static size_t make_request(const plan *of, char *out) {
  char key[37];
  new_key(key);
  int len = snprintf(
      out, ROOM,
      "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n",
      of->body == NULL ? "GET" : "POST", of->path, of->token);
  if (of->body != NULL) {
    len += snprintf(out + len, ROOM - (size_t)len,
                    "Content-Type: application/json\r\nIdempotency-Key: %s\r\n"
                    "Content-Length: %zu\r\n",
                    key, of->body_len);
  }
  len += snprintf(out + len, ROOM - (size_t)len, "\r\n");
  if (of->body != NULL) memcpy(out + len, of->body, of->body_len);
  return (size_t)len + of->body_len;
}

// One answer, whole; its status, 0 where the connection broke.
static int read_answer(int fd, char *room) {
  size_t have = 0;
  for (;;) {
    const ssize_t got = read(fd, room + have, ROOM - 1 - have);
    if (got <= 0) return 0;
    have += (size_t)got;
    room[have] = '\0';
    const char *end = strstr(room, "\r\n\r\n");
    if (end == NULL) continue;
    const char *length = strcasestr(room, "\r\ncontent-length:");
    const size_t body = length == NULL ? 0 : strtoul(length + 17, NULL, 10);
    if (have >= (size_t)(end - room) + 4 + body) return atoi(room + 9);
  }
}

static void *run(void *context) {
  client *self = context;
  char *request = malloc(ROOM), *answer = malloc(ROOM);
  int fd = connect_to(self->plan->port);
  while (fd >= 0 && now() < self->plan->end) {
    const size_t len = make_request(self->plan, request);
    const double begin = now();
    const int status =
        write(fd, request, len) == (ssize_t)len ? read_answer(fd, answer) : 0;
    self->count++;
    if (status >= 200 && status < 300) self->good++;
    if (self->samples < MAX_SAMPLES)
      self->ms[self->samples++] = (float)((now() - begin) * 1000);
    if (status != 0) continue;
    (void)close(fd);
    fd = connect_to(self->plan->port);
  }
  (void)close(fd);
  free(request);
  free(answer);
  return NULL;
}

static int by_size(const void *a, const void *b) {
  const float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static char *read_file(const char *name, size_t *len) {
  FILE *file = fopen(name, "rb");
  char *data = malloc(ROOM);
  if (file == NULL || data == NULL) exit(2);
  *len = fread(data, 1, ROOM / 2, file);
  (void)fclose(file);
  return data;
}

int main(int argc, char **argv) {
  static client clients[MAX_CLIENTS];
  if (argc != 7) return 2;
  const size_t count = strtoul(argv[2], NULL, 10);
  if (count == 0 || count > MAX_CLIENTS) return 2;
  plan of = {.port = (uint16_t)atoi(argv[1]), .token = argv[4]};
  if (strcmp(argv[5], "submit") == 0) {
    of.path = "/v1/coder/submit";
    of.body = read_file(argv[6], &of.body_len);
  } else {
    of.path = argv[6];
  }
  const double begin = now();
  of.end = begin + atof(argv[3]);
  for (size_t i = 0; i < count; i++) {
    clients[i] =
        (client){.plan = &of, .ms = malloc(MAX_SAMPLES * sizeof(float))};
    if (pthread_create(&clients[i].thread, NULL, run, &clients[i]) != 0)
      return 70;
  }
  uint64_t all = 0, good = 0, samples = 0;
  for (size_t i = 0; i < count; i++) {
    (void)pthread_join(clients[i].thread, NULL);
    all += clients[i].count, good += clients[i].good;
    samples += clients[i].samples;
  }
  const double seconds = now() - begin;
  float *ms = malloc((samples + 1) * sizeof(float));
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    memcpy(ms + at, clients[i].ms, clients[i].samples * sizeof(float));
    at += clients[i].samples;
    free(clients[i].ms);
  }
  if (samples == 0) return 1;
  qsort(ms, samples, sizeof(float), by_size);
  printf("{\"requests\":%llu,\"good\":%llu,\"seconds\":%.2f,\"rate\":%.1f,"
         "\"p50\":%.2f,\"p99\":%.2f}\n",
         (unsigned long long)all, (unsigned long long)good, seconds,
         (double)good / seconds, (double)ms[samples / 2],
         (double)ms[samples * 99 / 100]);
  free(ms);
  return 0;
}
