// SPDX-License-Identifier: Apache-2.0
//
// sha256.c - SHA-256 and HMAC, written from FIPS 180-4 and RFC 2104. Small
// rather than fast: it hashes names, not documents.

#include "base/sha256.h"

#include <string.h>

#include "base/wipe.h"

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, int by) {
  return x >> by | x << (32 - by);
}

static void spread(uint32_t words[64], const uint8_t *block) {
  for (size_t i = 0; i < 16; i++) {
    const uint8_t *at = block + 4 * i;
    words[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
               (uint32_t)at[2] << 8 | at[3];
  }
  for (int i = 16; i < 64; i++) {
    const uint32_t a = words[i - 15];
    const uint32_t b = words[i - 2];
    words[i] = words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) +
               words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
  }
}

static void take_block(uint32_t state[8], const uint8_t *block) {
  uint32_t words[64];
  uint32_t s[8];
  spread(words, block);
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    const uint32_t one =
        s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
        ((s[4] & s[5]) ^ (~s[4] & s[6])) + round_constants[i] + words[i];
    const uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
                         ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++)
    state[i] += s[i];
  sj_wipe(words, sizeof words);
  sj_wipe(s, sizeof s);
}

void sj_sha256_start(sj_sha256 *sha) {
  static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                      0xa54ff53a, 0x510e527f, 0x9b05688c,
                                      0x1f83d9ab, 0x5be0cd19};
  memset(sha, 0, sizeof *sha);
  memcpy(sha->state, initial, sizeof initial);
}

void sj_sha256_add(sj_sha256 *sha, const void *bytes, size_t len) {
  const uint8_t *at = bytes;
  while (len > 0) {
    const size_t used = (size_t)(sha->count % SJ_SHA256_BLOCK);
    const size_t room = SJ_SHA256_BLOCK - used;
    const size_t part = len < room ? len : room;
    memcpy(sha->block + used, at, part);
    sha->count += part;
    if (part == room) take_block(sha->state, sha->block);
    at += part;
    len -= part;
  }
}

void sj_sha256_end(sj_sha256 *sha, uint8_t out[SJ_SHA256_BYTES]) {
  static const uint8_t padding[SJ_SHA256_BLOCK] = {0x80};
  const uint64_t bits = sha->count * 8;
  const size_t used = (size_t)(sha->count % SJ_SHA256_BLOCK);
  sj_sha256_add(sha, padding, used < 56 ? 56 - used : 120 - used);
  uint8_t length[8];
  for (int i = 0; i < 8; i++)
    length[i] = (uint8_t)(bits >> (56 - 8 * i));
  sj_sha256_add(sha, length, sizeof length);
  for (int i = 0; i < SJ_SHA256_BYTES; i++)
    out[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
  sj_wipe(sha, sizeof *sha);
}

void sj_hmac_start(sj_hmac *hmac, const void *key, size_t len) {
  uint8_t block[SJ_SHA256_BLOCK] = {0};
  if (len > sizeof block) {
    sj_sha256 sha;
    sj_sha256_start(&sha);
    sj_sha256_add(&sha, key, len);
    sj_sha256_end(&sha, block);
  } else if (len > 0) {
    memcpy(block, key, len);
  }
  for (size_t i = 0; i < sizeof block; i++)
    block[i] ^= 0x36;
  sj_sha256_start(&hmac->inner);
  sj_sha256_add(&hmac->inner, block, sizeof block);
  for (size_t i = 0; i < sizeof block; i++)
    block[i] ^= 0x36 ^ 0x5c;
  sj_sha256_start(&hmac->outer);
  sj_sha256_add(&hmac->outer, block, sizeof block);
  sj_wipe(block, sizeof block);
}

void sj_hmac_add(sj_hmac *hmac, const void *bytes, size_t len) {
  sj_sha256_add(&hmac->inner, bytes, len);
}

void sj_hmac_end(sj_hmac *hmac, uint8_t out[SJ_SHA256_BYTES]) {
  uint8_t inner[SJ_SHA256_BYTES];
  sj_sha256_end(&hmac->inner, inner);
  sj_sha256_add(&hmac->outer, inner, sizeof inner);
  sj_sha256_end(&hmac->outer, out);
  sj_wipe(inner, sizeof inner);
}
