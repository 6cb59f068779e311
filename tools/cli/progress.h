// SPDX-License-Identifier: Apache-2.0
//
// progress.h - one line on the terminal for runs that take a while.
#ifndef SJ_CLI_PROGRESS_H
#define SJ_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sj_progress {
  bool on;    ///< standard error is a terminal
  bool shown; ///< the line stands there now
  double began, last;
  uint64_t total; ///< bytes of the input; 0 where it has no size
} sj_progress;

void sj_progress_start(sj_progress *progress, int fd);
/// Redraw at most every quarter of a second, after the first second.
void sj_progress_show(sj_progress *progress,
                      uint64_t documents,
                      uint64_t bytes);
/// Take the line away.
void sj_progress_end(sj_progress *progress);

#endif // SJ_CLI_PROGRESS_H
