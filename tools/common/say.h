// SPDX-License-Identifier: Apache-2.0
//
// say.h - messages on the terminal. They carry what the user typed (options,
// file names), constants and numbers; never a byte of a document.
#ifndef SJ_TOOLS_SAY_H
#define SJ_TOOLS_SAY_H

#include "scrubjay/scrubjay.h"

/// How a run ends. Where several things went wrong, the larger number wins.
typedef enum sj_exit {
  SJ_EXIT_OK = 0,
  SJ_EXIT_FINDINGS = 1, ///< only where --check asks
  SJ_EXIT_USAGE = 2,
  SJ_EXIT_INPUT = 3,
  SJ_EXIT_MODEL = 4, ///< model, tokenizer or pack
  SJ_EXIT_INTERNAL = 70
} sj_exit;

/// Where a message belongs; zero fields are left out.
typedef struct sj_place {
  const char *file;
  size_t line;
  size_t byte; ///< counted from 1 here, so that 0 can mean none
} sj_place;

/// `scrubjay: FILE:LINE: byte N: what`, and `: detail` where there is one.
void sj_say_at(sj_place place, const char *what, const char *detail);
/// `scrubjay: what`, and `: detail` where there is one.
void sj_say(const char *what, const char *detail);
/// `scrubjay: FILE: ` and the system's words for an errno value, or the limit
/// for SJ_FILE_TOO_LARGE (`limit` in bytes).
void sj_say_file(const char *file, int error, size_t limit);
/// A failure of the library in a file of configuration.
void sj_say_error(const char *file, const sj_error *error);

/// The end that a library status means for the run.
sj_exit sj_exit_of(sj_status status);
sj_exit sj_exit_worse(sj_exit a, sj_exit b);

#endif // SJ_TOOLS_SAY_H
