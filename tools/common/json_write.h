// SPDX-License-Identifier: Apache-2.0
//
// json_write.h - the few pieces of JSON that the programs write, straight into
// a buffer. Input strings are valid UTF-8; output is valid UTF-8 on one line.
#ifndef SJ_TOOLS_JSON_WRITE_H
#define SJ_TOOLS_JSON_WRITE_H

#include "buffer.h"

/// A string with its quotes.
void sj_put_string(sj_buffer *out, const char *text, size_t len);
/// A C string from outside that need not be UTF-8, such as a file's name: each
/// byte that is not becomes U+FFFD.
void sj_put_name(sj_buffer *out, const char *name);
/// `"key":"value",` and `"key":N,`; keys are our own and need no escapes.
void sj_put_pair(sj_buffer *out, const char *key, const char *value);
void sj_put_count(sj_buffer *out, const char *key, uint64_t value);
/// Thousandths as a number with three decimals: 950 is 0.950.
void sj_put_thousandths(sj_buffer *out, int value);
/// Turn a comma at the end into `close`; add `close` where there is none.
void sj_put_end(sj_buffer *out, char close);

#endif // SJ_TOOLS_JSON_WRITE_H
