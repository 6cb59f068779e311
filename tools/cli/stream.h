// SPDX-License-Identifier: Apache-2.0
//
// stream.h - lines through threads and back in order.
//
//     reader --> ring of slots --> workers --> ring --> writer (the caller)
//
// The ring is short and its lines are counted in bytes, so memory stays the
// same however long the stream is and however slow its reader.
#ifndef SJ_CLI_STREAM_H
#define SJ_CLI_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "../common/buffer.h"

/// One line on its way.
typedef struct sj_slot {
  sj_buffer in;       ///< the line, without its end
  sj_buffer out, map; ///< what the worker makes of it
  size_t line;        ///< number in its file, from 1
  bool too_long;      ///< the line was over the limit and is not in `in`
  bool done;          ///< the worker's, for the writer
  int result;         ///< the worker's, for the writer
  bool findings;
  const char *what; ///< a constant sentence about a bad line, or NULL
  size_t at;        ///< byte of it, from 1; 0 for none
} sj_slot;

/// What the stream is run with. `work` is called by several threads at once,
/// each with its own `worker`; `emit` by the caller's thread, in order; false
/// from `emit` stops the stream.
typedef struct sj_stream {
  int fd;
  unsigned jobs;
  void *ctx;
  void *(*open)(void *ctx);
  void (*work)(void *worker, sj_slot *slot);
  void (*close)(void *worker);
  bool (*emit)(void *ctx, sj_slot *slot);
  bool (*idle)(void *ctx); ///< nothing is ready: flush, show progress
} sj_stream;

/// Run to the end of the stream, a stop signal, or a refusal of `emit`.
/// 0 or the errno value of what failed: reading, memory or a thread.
int sj_stream_run(const sj_stream *stream);

#endif // SJ_CLI_STREAM_H
