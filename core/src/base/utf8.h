// SPDX-License-Identifier: Apache-2.0
//
// utf8.h - check UTF-8 once, then step through it without checks, and say what
// a character is.
#ifndef SJ_BASE_UTF8_H
#define SJ_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the bytes are UTF-8 as Unicode defines it: no overlong form, no
/// surrogate, nothing above U+10FFFF. NUL is a character like others.
/// `*bad_at` is the first byte of the first ill-formed sequence, or `len`.
bool sj_utf8_valid(const void *bytes, size_t len, size_t *bad_at);

/// The character at `*at`, which moves past it. `bytes` must be valid, and
/// `*at` a character boundary before the end.
uint32_t sj_utf8_next(const uint8_t *bytes, size_t *at);

/// The character that ends at `*at`, which moves to its first byte. `*at` is a
/// boundary above 0.
uint32_t sj_utf8_prev(const uint8_t *bytes, size_t *at);

/// Write a code point that is no surrogate; returns how many bytes, 1 to 4.
size_t sj_utf8_put(uint8_t out[4], uint32_t code);

/// Whether a byte of valid text starts a character.
static inline bool sj_utf8_starts(uint8_t byte) {
  return (byte & 0xC0u) != 0x80u;
}

/// Code points in valid text.
size_t sj_utf8_count(const uint8_t *bytes, size_t len);

typedef enum sj_utf8_kind {
  SJ_UTF8_OTHER,
  SJ_UTF8_LETTER, ///< category L
  SJ_UTF8_MARK,   ///< category M: accents and signs that combine
  SJ_UTF8_DIGIT,  ///< category Nd
  SJ_UTF8_NUMBER  ///< categories Nl and No: roman numerals, fractions
} sj_utf8_kind;

sj_utf8_kind sj_utf8_kind_of(uint32_t code);

bool sj_utf8_is_letter(uint32_t code);
bool sj_utf8_is_digit(uint32_t code);
/// Letters, digits and other numbers; not marks.
bool sj_utf8_is_alnum(uint32_t code);

#endif // SJ_BASE_UTF8_H
