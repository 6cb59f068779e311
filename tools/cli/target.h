// SPDX-License-Identifier: Apache-2.0
//
// target.h - where the results of a run go: standard output, one file, a file
// of its own for each input, and the map.
#ifndef SJ_CLI_TARGET_H
#define SJ_CLI_TARGET_H

#include "../common/files.h"
#include "../common/say.h"
#include "options.h"

typedef struct sj_target {
  const char *folder;          ///< of --output, where it names one; else NULL
  sj_sink sink;                ///< for everything, where there is no folder
  sj_sink map;                 ///< fd -1 where no map is wanted
  const char *name, *map_name; ///< for messages
} sj_target;

/// Open what the options name. What failed has been said.
sj_exit sj_target_open(const sj_options *options, sj_target *out);
/// Finish. Files appear only with `keep`, but a map of what got out stays.
sj_exit sj_target_close(sj_target *target, bool keep);

/// Write one document's text into a file of the same name in the folder.
sj_exit sj_target_write_file(const sj_target *target,
                             const char *input,
                             const char *text,
                             size_t len);

/// Say that a sink failed, unless the reader of a pipe just went away.
sj_exit sj_target_say(const char *name, int error);

#endif // SJ_CLI_TARGET_H
