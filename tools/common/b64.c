// SPDX-License-Identifier: Apache-2.0
//
// b64.c - see b64.h.

#include "b64.h"

static const char LETTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

void sj_b64_encode(const void *data, size_t len, char *out) {
  const uint8_t *bytes = data;
  uint32_t bits = 0;
  unsigned have = 0;
  for (size_t i = 0; i < len; i++) {
    bits = bits << 8 | bytes[i];
    for (have += 8; have >= 6; have -= 6)
      *out++ = LETTERS[bits >> (have - 6) & 63];
  }
  if (have > 0) *out++ = LETTERS[bits << (6 - have) & 63];
  *out = '\0';
}

bool sj_b64_decode(const char *text,
                   size_t len,
                   uint8_t *out,
                   size_t room,
                   size_t *out_len) {
  *out_len = 0;
  const size_t bytes = len / 4 * 3 + (len % 4 > 0 ? len % 4 - 1 : 0);
  if (len % 4 == 1 || bytes > room) return false;
  uint32_t bits = 0;
  unsigned have = 0;
  size_t done = 0;
  for (size_t i = 0; i < len; i++) {
    const int value = value_of(text[i]);
    if (value < 0) return false;
    bits = bits << 6 | (uint32_t)value;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out[done++] = (uint8_t)(bits >> have);
  }
  // What is left over must be zero, or two texts would mean the same bytes.
  if ((bits & ((1u << have) - 1)) != 0) return false;
  *out_len = done;
  return true;
}

bool sj_b64_exact(const char *text, size_t len, uint8_t *out, size_t want) {
  size_t got = 0;
  return sj_b64_decode(text, len, out, want, &got) && got == want;
}
