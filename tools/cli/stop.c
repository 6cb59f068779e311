// SPDX-License-Identifier: Apache-2.0
//
// stop.c - see stop.h. A signal handler can reach nothing but a global.

#include "stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;

static void remember(int number) {
  asked = number;
}

void sj_stop_listen(void) {
  // Without SA_RESTART: a read that waits for input must notice.
  struct sigaction action = {.sa_handler = remember,
                             .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  const int numbers[] = {SIGINT, SIGTERM};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    struct sigaction old;
    // A program started with the signal ignored (nohup) leaves it ignored.
    if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction(numbers[i], &action, NULL);
  }
}

bool sj_stop_asked(void) {
  return asked != 0;
}

void sj_stop_follow(void) {
  const int number = asked;
  if (number == 0) return;
  signal(number, SIG_DFL);
  raise(number);
}
