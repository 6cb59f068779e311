// SPDX-License-Identifier: Apache-2.0
//
// way_back.h - a map that redact wrote, read again.
#ifndef SJ_CLI_WAY_BACK_H
#define SJ_CLI_WAY_BACK_H

#include "output.h"

/// Start from `{0}`.
typedef struct sj_way_back {
  sj_id id; ///< len 0 where the map names no document
  const sj_original *map;
  size_t count;
  sj_buffer id_bytes, bytes; ///< what the above points into
  void *rows, *files;        ///< arrays behind `map`
} sj_way_back;

/// Read one map. On failure the message names no key and no text of it: both
/// are the document's.
sj_failure sj_way_back_read(sj_way_back *way, const char *json, size_t len);
/// Wipe it and give it back.
void sj_way_back_free(sj_way_back *way);

#endif // SJ_CLI_WAY_BACK_H
