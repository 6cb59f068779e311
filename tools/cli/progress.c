// SPDX-License-Identifier: Apache-2.0
//
// progress.c - see progress.h.

#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void put(const char *text, int len) {
  // Whether the terminal takes it changes nothing for the run.
  const ssize_t done = write(STDERR_FILENO, text, (size_t)len);
  (void)done;
}

void sj_progress_start(sj_progress *progress, int fd) {
  struct stat info;
  *progress = (sj_progress){.on = isatty(STDERR_FILENO) == 1, .began = now()};
  progress->last = progress->began;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
    progress->total = (uint64_t)info.st_size;
}

void sj_progress_show(sj_progress *progress,
                      uint64_t documents,
                      uint64_t bytes) {
  if (!progress->on) return;
  const double time = now();
  const double passed = time - progress->began;
  if (passed < 1.0 || time - progress->last < 0.25) return;
  progress->last = time;
  char line[128];
  int len =
      snprintf(line, sizeof(line), "\r\033[K%" PRIu64 " documents, %.1f MB/s",
               documents, (double)bytes / 1e6 / passed);
  if (progress->total > bytes && bytes > 0) {
    const double left =
        passed * (double)(progress->total - bytes) / (double)bytes;
    len += snprintf(line + len, sizeof(line) - (size_t)len, ", %u:%02u left",
                    (unsigned)left / 60, (unsigned)left % 60);
  }
  put(line, len);
  progress->shown = true;
}

void sj_progress_end(sj_progress *progress) {
  if (progress->shown) put("\r\033[K", 4);
  progress->shown = false;
}
