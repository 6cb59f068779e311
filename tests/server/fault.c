// SPDX-License-Identifier: Apache-2.0
//
// fault.c - a disk and a clock that fail when a test says so. Preloaded into
// scrubjayd; the file that FAULT_FILE names holds what is to happen:
//
//     full      writes find no space
//     sync      data cannot be brought to the disk
//     clock N   the time of day is N milliseconds off
//
// An empty file, or none, is an ordinary machine. Only files whose descriptors
// lead to FAULT_PATH fail, so that logs go on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void read_fault(char out[64]) {
  const char *name = getenv("FAULT_FILE");
  out[0] = '\0';
  const int fd = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  const ssize_t len = read(fd, out, 63);
  out[len < 0 ? 0 : len] = '\0';
  close(fd);
}

static int is_store(int fd) {
  const char *wanted = getenv("FAULT_PATH");
  char link[64], path[512];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t len = readlink(link, path, sizeof(path) - 1);
  if (len < 0 || wanted == NULL) return 0;
  path[len] = '\0';
  return strncmp(path, wanted, strlen(wanted)) == 0;
}

static int is_now(const char *fault, int fd) {
  char now[64];
  read_fault(now);
  return strncmp(now, fault, strlen(fault)) == 0 && is_store(fd);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at) {
  if (is_now("full", fd)) {
    errno = ENOSPC;
    return -1;
  }
  return syscall(SYS_pwrite64, fd, data, len, at);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at) {
  return pwrite64(fd, data, len, at);
}

int fdatasync(int fd) {
  if (is_now("sync", fd)) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd) {
  if (is_now("sync", fd)) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fsync, fd);
}

int clock_gettime(clockid_t clock, struct timespec *out) {
  const int code = (int)syscall(SYS_clock_gettime, clock, out);
  char now[64];
  if (code != 0 || clock != CLOCK_REALTIME) return code;
  read_fault(now);
  if (strncmp(now, "clock ", 6) == 0) out->tv_sec += atol(now + 6) / 1000;
  return code;
}
