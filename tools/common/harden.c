// SPDX-License-Identifier: Apache-2.0
//
// harden.c - see harden.h. Every step is a precaution: where the system
// refuses one, the program still runs.

#include "harden.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void sj_process_harden(void) {
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#if !defined(SJ_SANITIZED) // the leak checker reads its own process
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  // Read-only also for 1 and 2: what is written there then fails and is
  // reported, instead of vanishing.
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd) return;
}
