// SPDX-License-Identifier: Apache-2.0
//
// clock_shim.c - preloaded into a program, moves its wall clock by as many
// milliseconds as the file says that SJ_CLOCK_FILE names. The steady clocks
// stay as they are, as when an operator or a time server sets the clock.

#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long long offset_ms(void) {
  const char *name = getenv("SJ_CLOCK_FILE");
  char digits[32] = "";
  const int fd = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t len = read(fd, digits, sizeof(digits) - 1);
  (void)close(fd);
  return len > 0 ? strtoll(digits, NULL, 10) : 0;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t id,
                                                         struct timespec *out) {
  const long status = syscall(SYS_clock_gettime, id, out);
  if (status != 0 || id != CLOCK_REALTIME) return (int)status;
  const long long by = offset_ms();
  long long ns = out->tv_nsec + by % 1000 * 1000000;
  long long s = out->tv_sec + by / 1000;
  if (ns < 0 || ns >= 1000000000) {
    s += ns < 0 ? -1 : 1;
    ns += ns < 0 ? 1000000000 : -1000000000;
  }
  out->tv_sec = (time_t)s;
  out->tv_nsec = (long)ns;
  return 0;
}
