// SPDX-License-Identifier: Apache-2.0
//
// ini.h - the lines of an INI file, one after the other.
//
//     # a comment, also with ;      only at the start of a line
//     [section]
//     key = value                   blanks around it do not count
//
// No quotes, no escapes, no continued lines, no key outside a section.
#ifndef SCRUBJAYD_INI_H
#define SCRUBJAYD_INI_H

#include <stdbool.h>
#include <stddef.h>

/// Start from `{.at = text}`; the text is NUL-terminated, and is changed: the
/// strings below lie in it.
typedef struct ini_reader {
  char *at;
  size_t line;   ///< of the last key, or of what is wrong, from 1
  char *section; ///< NULL before the first
  char *key;
  char *value;
  const char *wrong; ///< a constant sentence; NULL where nothing is
} ini_reader;

/// The next key with its value. False at the end, and where `wrong` says so.
bool ini_next(ini_reader *reader);

#endif // SCRUBJAYD_INI_H
