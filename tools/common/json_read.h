// SPDX-License-Identifier: Apache-2.0
//
// json_read.h - a strict reader for the JSON lines of a stream. It makes no
// tree and no copies: strings are decoded where they stand, so that a line of
// a large document costs its own length and nothing more.
//
// Strict means: UTF-8 checked first, no U+0000 in strings, no lone surrogates,
// depth up to 64, nothing behind the value. After a failure every call fails,
// so a caller may check once at the end.
#ifndef SJ_TOOLS_JSON_READ_H
#define SJ_TOOLS_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

/// Bytes inside the line.
typedef struct sj_slice {
  const char *data; ///< NULL for none
  size_t len;
} sj_slice;

typedef struct sj_json_reader {
  char *data;
  size_t len, at;
  unsigned depth;
  bool first;       ///< just behind an opening bracket
  bool utf8;        ///< the failure is one of encoding
  const char *what; ///< a constant sentence; NULL while all is well
} sj_json_reader;

/// The line is borrowed, and changed by sj_json_text().
void sj_json_begin(sj_json_reader *reader, char *data, size_t len);
/// The byte that the next value begins with: `{`, `[`, `"`, `t`, `f`, `n`, or
/// `0` for a number; 0 after a failure.
char sj_json_peek(sj_json_reader *reader);
/// `{` or `[` of the next value; false is a failure.
bool sj_json_enter(sj_json_reader *reader, char bracket);
/// The next key of the object that was entered last; false at its end.
bool sj_json_key(sj_json_reader *reader, sj_slice *key);
/// Whether the array that was entered last has another value.
bool sj_json_item(sj_json_reader *reader);
/// The string that comes next, decoded in place.
bool sj_json_text(sj_json_reader *reader, sj_slice *out);
/// Pass over the next value, checking it; `raw` (if given) is its JSON.
bool sj_json_skip(sj_json_reader *reader, sj_slice *raw);
/// True if all went well and only blanks are left.
bool sj_json_done(sj_json_reader *reader);
/// Fail for a reason of the caller's, at this place.
void sj_json_refuse(sj_json_reader *reader, const char *what);

bool sj_slice_is(sj_slice slice, const char *text);
/// The byte of the first error in UTF-8; `len` where there is none.
size_t sj_utf8_error(const char *data, size_t len);

#endif // SJ_TOOLS_JSON_READ_H
