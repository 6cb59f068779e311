// SPDX-License-Identifier: Apache-2.0
//
// marked.h - text with the answer written into it, so that nobody counts
// offsets: `Seen by Dr. [NAME.provider:Ana Ruiz]`. tests/golden/README.md
// describes the notation.
#ifndef SJ_TESTS_MARKED_H
#define SJ_TESTS_MARKED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sj_mark {
  size_t start, end; ///< bytes of the text
  int label;
  int role;         ///< -1 where the mark names none
  char subtype[32]; ///< empty where the mark names none
} sj_mark;

typedef struct sj_marked {
  char *text; ///< marks and escapes taken out; may hold NUL
  size_t len;
  sj_mark *marks;
  size_t count;
} sj_marked;

/// Read marked text. False where a mark is broken; `*out` is then empty.
bool sj_marked_read(const char *source, size_t len, sj_marked *out);
/// Read text with escapes and without marks.
bool sj_marked_read_plain(const char *source, size_t len, sj_marked *out);
void sj_marked_free(sj_marked *marked);

/// Write text so that sj_marked_read_plain() gives it back. The caller frees.
char *sj_marked_escape(const char *text, size_t len, size_t *out_len);

#endif // SJ_TESTS_MARKED_H
