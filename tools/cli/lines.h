// SPDX-License-Identifier: Apache-2.0
//
// lines.h - the lines of a stream, one at a time, however long the stream is.
#ifndef SJ_CLI_LINES_H
#define SJ_CLI_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/buffer.h"

/// The longest line that is kept: 16 MB of text in which each byte is written
/// as six (`\u00xx`), and room for the other keys.
#define SJ_LINE_MAX ((size_t)100 * 1024 * 1024)

/// What one look at the stream gave.
typedef enum sj_line {
  SJ_LINE_WHOLE,  ///< the buffer holds a line without its end
  SJ_LINE_LONG,   ///< a line over the limit went by; the buffer is empty
  SJ_LINE_END,    ///< no more lines
  SJ_LINE_ERROR,  ///< reading failed: `error`
  SJ_LINE_NOT_YET ///< nothing to read within the wait; ask again
} sj_line;

/// Start from `{.fd = FD}`; `chunk` is the room it reads into.
typedef struct sj_lines {
  int fd;
  sj_buffer chunk;
  size_t at;     ///< first byte of the chunk that is not used yet
  bool skipping; ///< inside a line over the limit
  bool ended;
  int error;      ///< errno value
  uint64_t bytes; ///< read so far
} sj_lines;

/// Collect the next line in `line`, over several calls where they answer
/// NOT_YET: the caller keeps the buffer in between.
sj_line sj_lines_next(sj_lines *lines, int wait_ms, sj_buffer *line);
void sj_lines_close(sj_lines *lines);

#endif // SJ_CLI_LINES_H
