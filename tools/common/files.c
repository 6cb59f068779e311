// SPDX-License-Identifier: Apache-2.0
//
// files.c - see files.h. An output file is written under a temporary name
// beside its place and renamed at the end, so that a full disk or an
// interruption never leaves half a document that looks whole.

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int sj_file_open(const char *name) {
  if (strcmp(name, "-") == 0) return STDIN_FILENO;
  const int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat info;
  if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    close(fd);
    errno = EISDIR;
    return -1;
  }
  return fd;
}

static int read_all(int fd, size_t limit, sj_buffer *out) {
  const size_t before = out->len;
  for (;;) {
    const size_t have = out->len - before;
    // One byte more than the limit is enough to know that there is more.
    size_t want = limit + 1 - have;
    if (want > 1u << 18) want = 1u << 18;
    if (!sj_buffer_reserve(out, want)) return ENOMEM;
    const ssize_t got = read(fd, out->data + out->len, want);
    if (got < 0) return errno; // also EINTR: the program was asked to stop
    if (got == 0) return 0;
    out->len += (size_t)got;
    if (out->len - before > limit) return SJ_FILE_TOO_LARGE;
  }
}

int sj_file_read(const char *name, size_t limit, sj_buffer *out) {
  const int fd = sj_file_open(name);
  if (fd < 0) return errno;
  struct stat info;
  int result = 0;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
    if ((unsigned long long)info.st_size > limit) result = SJ_FILE_TOO_LARGE;
    // The room for one read past the end, so that a file of known size is
    // never copied while it grows.
    else if (!sj_buffer_reserve(out, (size_t)info.st_size + (1u << 18)))
      result = ENOMEM;
  }
  if (result == 0) result = read_all(fd, limit, out);
  if (fd != STDIN_FILENO) close(fd);
  return result;
}

static int open_beside(sj_sink *sink, const char *path, unsigned mode) {
  const size_t size = strlen(path) + sizeof(".XXXXXX");
  sink->path = strdup(path);
  sink->temporary = malloc(size);
  if (!sink->path || !sink->temporary) return ENOMEM;
  snprintf(sink->temporary, size, "%s.XXXXXX", path);
  sink->fd = mkstemp(sink->temporary);
  if (sink->fd < 0) return errno;
  const mode_t mask = umask(0);
  umask(mask);
  return fchmod(sink->fd, (mode_t)mode & ~mask) == 0 ? 0 : errno;
}

int sj_sink_open(sj_sink *sink, const char *path, unsigned mode) {
  *sink = (sj_sink){.fd = STDOUT_FILENO};
  if (!path || strcmp(path, "-") == 0) return 0;
  struct stat info;
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
    if (S_ISDIR(info.st_mode)) return EISDIR;
    sink->fd = open(path, O_WRONLY | O_CLOEXEC);
    return sink->fd < 0 ? errno : 0;
  }
  const int error = open_beside(sink, path, mode);
  if (error != 0) {
    free(sink->path);
    free(sink->temporary);
    *sink = (sj_sink){.fd = -1};
  }
  return error;
}

bool sj_sink_write(sj_sink *sink, const void *data, size_t len) {
  const char *at = data;
  while (len > 0 && sink->error == 0) {
    const ssize_t done = write(sink->fd, at, len);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) {
      sink->error = errno;
      break;
    }
    at += done;
    len -= (size_t)done;
  }
  return sink->error == 0;
}

int sj_sink_close(sj_sink *sink, bool keep) {
  int error = sink->error;
  if (sink->fd >= 0 && close(sink->fd) != 0 && error == 0) error = errno;
  if (sink->temporary) {
    if (keep && error == 0 && rename(sink->temporary, sink->path) != 0)
      error = errno;
    if (!keep || error != 0) unlink(sink->temporary);
  }
  free(sink->path);
  free(sink->temporary);
  *sink = (sj_sink){.fd = -1};
  return error;
}

int sj_file_write_secret(const char *path, const void *data, size_t len) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  sj_sink sink = {.fd = fd};
  // On disk before anyone counts on it: there is no second copy of a secret.
  if (sj_sink_write(&sink, data, len) && fsync(fd) != 0) sink.error = errno;
  const int error = sj_sink_close(&sink, true);
  if (error != 0) unlink(path);
  return error;
}
