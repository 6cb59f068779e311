// SPDX-License-Identifier: Apache-2.0
//
// options.h - the commands and their options, read from one table that also
// writes every help text.
#ifndef SJ_CLI_OPTIONS_H
#define SJ_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/// Bits, so that an option can name the commands that take it.
typedef enum sj_command {
  SJ_REDACT = 1,
  SJ_FIND = 2,
  SJ_EXPLAIN = 4,
  SJ_CHECK_PACK = 8,
  SJ_TOKENIZE = 16,
  SJ_RESTORE = 32
} sj_command;

/// What was typed. Strings are argv's own; NULL and false where not given.
typedef struct sj_options {
  sj_command command;
  const char *style, *policy, *lang, *model, *known, *key_file, *patient;
  const char *map, *offsets, *tokenizer, *output, *jobs;
  bool jsonl, text, check, allow_partial;
  const char **packs; ///< site packs
  size_t pack_count;
  const char **files; ///< never empty after parsing: "-" where none was given
  size_t file_count;
  bool done; ///< help or version was printed: nothing else to do
} sj_options;

/// Read the arguments. False after a message about what was wrong with them.
bool sj_options_parse(int argc, char **argv, sj_options *out);
void sj_options_free(sj_options *options);

#endif // SJ_CLI_OPTIONS_H
