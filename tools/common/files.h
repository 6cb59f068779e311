// SPDX-License-Identifier: Apache-2.0
//
// files.h - whole files and outputs of the programs. Nothing here reads a
// document's content for a message: errors are errno values and limits.
#ifndef SJ_TOOLS_FILES_H
#define SJ_TOOLS_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

/// What sj_file_read() answers when the file holds more than the limit.
#define SJ_FILE_TOO_LARGE (-1)

/// Open for reading; "-" is standard input. A file descriptor, or -1 with
/// errno set. A folder is refused here (EISDIR), not at the first read.
int sj_file_open(const char *name);

/// Read all of a file ("-" is standard input) behind what `out` holds, at most
/// `limit` bytes. 0, an errno value, or SJ_FILE_TOO_LARGE.
int sj_file_read(const char *name, size_t limit, sj_buffer *out);

/// Where results go: a descriptor and, for a named file, the temporary name
/// that becomes the real one only when everything was written.
typedef struct sj_sink {
  int fd;
  int error;              ///< errno value of the first failed write; 0 for none
  char *path, *temporary; ///< NULL for standard output and for devices
} sj_sink;

/// Standard output for NULL and "-". A regular file appears whole or not at
/// all, with the permissions `mode` less the umask. 0 or an errno value.
int sj_sink_open(sj_sink *sink, const char *path, unsigned mode);
/// Write everything, through interruptions. False after a failure.
bool sj_sink_write(sj_sink *sink, const void *data, size_t len);
/// Finish: with `keep`, put the file in its place; else remove it. 0 or the
/// errno value of the first failure of this sink.
int sj_sink_close(sj_sink *sink, bool keep);

/// Write a new file that only the user may read; refuse one that exists.
/// 0 or an errno value (EEXIST).
int sj_file_write_secret(const char *path, const void *data, size_t len);

#endif // SJ_TOOLS_FILES_H
