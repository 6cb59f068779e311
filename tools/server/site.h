// SPDX-License-Identifier: Apache-2.0
//
// site.h - from a request's path to a file below the root, and the headers
// that go with it.
#ifndef SCRUBJAYD_SITE_H
#define SCRUBJAYD_SITE_H

#include <stdbool.h>
#include <stddef.h>

/// A name and its value, both constant.
typedef struct site_header {
  const char *name;
  const char *value;
} site_header;

/// The headers of every answer. The list ends with a NULL name.
const site_header *site_headers(void);

/// The file that a path asks for, relative to the root, in `out`: "/" is
/// index.html. False for anything but plain names: no empty or dotted
/// segments, no backslash, no control character, nothing that is too long.
bool site_path(const char *path, char *out, size_t room);

/// The media type by a file's ending.
const char *site_type(const char *file);

/// Whether a file's name holds the digest of its content, so that it may be
/// kept for ever: eight or more hexadecimal digits or capitals between a
/// hyphen and the ending.
bool site_is_hashed(const char *file);

#endif // SCRUBJAYD_SITE_H
