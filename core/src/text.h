// SPDX-License-Identifier: Apache-2.0
//
// text.h - stage 1: a checked copy of the document, and where its lines start.
#ifndef SJ_TEXT_H
#define SJ_TEXT_H

#include "types.h"

/// Check and copy. SJ_UTF8 with `*bad_at` at the first ill-formed sequence,
/// SJ_TOO_LARGE over SJ_TEXT_MAX. LF, CR and CRLF end a line; no line starts at
/// the very end, except that an empty text has one empty line.
sj_status sj_text_take(sj_text *out,
                       sj_arena *arena,
                       const char *bytes,
                       size_t len,
                       size_t *bad_at);

/// The line that holds byte `at`; the last line for the end of the text.
uint32_t sj_text_line(const sj_text *text, uint32_t at);

/// One past the last byte of a line, its line end included.
uint32_t sj_text_line_end(const sj_text *text, uint32_t line);

#endif // SJ_TEXT_H
