// SPDX-License-Identifier: Apache-2.0
//
// check.h - the whole test harness: CHECK reports a failed expression and goes
// on; RUN names the test that runs; CHECK_DONE gives main's answer.
#ifndef SJ_TESTS_CHECK_H
#define SJ_TESTS_CHECK_H

#include <stdio.h>

static int check_failures;
static const char *check_test = "";

#define CHECK(expression)                                                      \
  do {                                                                         \
    if (!(expression)) {                                                       \
      check_failures++;                                                        \
      fprintf(stderr, "%s:%d: %s: failed: %s\n", __FILE__, __LINE__,           \
              check_test, #expression);                                        \
    }                                                                          \
  } while (0)

#define RUN(test) (check_test = #test, (test)())
#define CHECK_DONE() (check_failures == 0 ? 0 : 1)

#endif // SJ_TESTS_CHECK_H
