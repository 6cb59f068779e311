// SPDX-License-Identifier: Apache-2.0
//
// json_write.h - the few pieces of JSON that the programs write, straight into
// a buffer. Input strings are valid UTF-8; output is valid UTF-8 on one line.
#ifndef SJ_TOOLS_JSON_WRITE_H
#define SJ_TOOLS_JSON_WRITE_H

#include "buffer.h"

/// A string with its quotes.
void sj_json_string(sj_buffer *out, const char *text, size_t len);
/// `"key":"value",` and `"key":N,`; keys are our own and need no escapes.
void sj_json_pair(sj_buffer *out, const char *key, const char *value);
void sj_json_count(sj_buffer *out, const char *key, uint64_t value);
/// Thousandths as a number with three decimals: 950 is 0.950.
void sj_json_thousandths(sj_buffer *out, int value);
/// Turn a comma at the end into `close`; add `close` where there is none.
void sj_json_end(sj_buffer *out, char close);

#endif // SJ_TOOLS_JSON_WRITE_H
