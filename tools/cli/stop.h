// SPDX-License-Identifier: Apache-2.0
//
// stop.h - an orderly end on SIGINT and SIGTERM: the stream writes the lines
// that are whole and stops. A second signal ends the program at once.
#ifndef SJ_CLI_STOP_H
#define SJ_CLI_STOP_H

#include <stdbool.h>

/// From here on the first SIGINT or SIGTERM only sets the flag.
void sj_stop_listen(void);
bool sj_stop_asked(void);
/// If a signal was held back, end by it now, as the shell expects.
void sj_stop_follow(void);

#endif // SJ_CLI_STOP_H
