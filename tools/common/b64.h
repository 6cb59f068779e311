// SPDX-License-Identifier: Apache-2.0
//
// b64.h - base64url without padding (RFC 4648 section 5), strict: one text for
// one sequence of bytes. No padding, no blanks, no bits set that are not used.
#ifndef SJ_TOOLS_B64_H
#define SJ_TOOLS_B64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Characters of the text, with its NUL, for so many bytes.
#define SJ_B64_ROOM(bytes) (((bytes)*4 + 2) / 3 + 1)

/// NUL-terminated text in `out`, which has SJ_B64_ROOM(len).
void sj_b64_encode(const void *data, size_t len, char *out);

/// Bytes of a text, at most `room`. False where it is no base64url or too long.
bool sj_b64_decode(const char *text,
                   size_t len,
                   uint8_t *out,
                   size_t room,
                   size_t *out_len);

/// The text of exactly `want` bytes.
bool sj_b64_exact(const char *text, size_t len, uint8_t *out, size_t want);

#endif // SJ_TOOLS_B64_H
