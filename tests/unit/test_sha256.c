// SPDX-License-Identifier: Apache-2.0
//
// Vectors of FIPS 180-4 (its examples) and RFC 4231.

#include "check.h"

#include <stdbool.h>
#include <string.h>

#include "base/sha256.h"

static bool is_hex(const uint8_t *digest, const char *hex) {
  char text[2 * SJ_SHA256_BYTES + 1];
  for (int i = 0; i < SJ_SHA256_BYTES; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return strcmp(text, hex) == 0;
}

static bool hashes(const char *text, const char *hex) {
  uint8_t digest[SJ_SHA256_BYTES];
  sj_sha256 sha;
  sj_sha256_start(&sha);
  sj_sha256_add(&sha, text, strlen(text));
  sj_sha256_end(&sha, digest);
  return is_hex(digest, hex);
}

static bool signs(const void *key,
                  size_t key_len,
                  const void *text,
                  size_t len,
                  const char *hex) {
  uint8_t code[SJ_SHA256_BYTES];
  sj_hmac hmac;
  sj_hmac_start(&hmac, key, key_len);
  for (size_t i = 0; i < len; i++) // byte by byte
    sj_hmac_add(&hmac, (const char *)text + i, 1);
  sj_hmac_end(&hmac, code);
  return is_hex(code, hex);
}

static void the_standard_messages_have_their_digests(void) {
  CHECK(hashes("", "e3b0c44298fc1c149afbf4c8996fb924"
                   "27ae41e4649b934ca495991b7852b855"));
  CHECK(hashes("abc", "ba7816bf8f01cfea414140de5dae2223"
                      "b00361a396177a9cb410ff61f20015ad"));
  CHECK(hashes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
               "248d6a61d20638b8e5c026930c3e6039"
               "a33ce45964ff2167f6ecedd419db06c1"));
}

static void a_million_letters_have_their_digest(void) {
  char letters[1000];
  memset(letters, 'a', sizeof letters);
  uint8_t digest[SJ_SHA256_BYTES];
  sj_sha256 sha;
  sj_sha256_start(&sha);
  for (int i = 0; i < 1000; i++)
    sj_sha256_add(&sha, letters, sizeof letters);
  sj_sha256_end(&sha, digest);
  CHECK(is_hex(digest, "cdc76e5c9914fb9281a1c7e284d73e67"
                       "f1809a48a497200e046d39ccc7112cd0"));
}

static void the_standard_keys_have_their_codes(void) {
  uint8_t key[131];
  memset(key, 0x0b, sizeof key);
  CHECK(signs(key, 20, "Hi There", 8,
              "b0344c61d8db38535ca8afceaf0bf12b"
              "881dc200c9833da726e9376c2e32cff7"));
  CHECK(signs("Jefe", 4, "what do ya want for nothing?", 28,
              "5bdcc146bf60754e6a042426089575c7"
              "5a003f089d2739839dec58b964ec3843"));
  uint8_t data[50];
  memset(key, 0xaa, sizeof key);
  memset(data, 0xdd, sizeof data);
  CHECK(signs(key, 20, data, sizeof data,
              "773ea91e36800e46854db8ebd09181a7"
              "2959098b3ef8c122d9635514ced565fe"));
  CHECK(signs(key, 131,
              "Test Using Larger Than Block-Size Key - Hash Key First", 54,
              "60e431591ee0b67f0d8a26aacbf5b77f"
              "8e0bc6213728c5140546040f0ee37f54"));
}

int main(void) {
  RUN(the_standard_messages_have_their_digests);
  RUN(a_million_letters_have_their_digest);
  RUN(the_standard_keys_have_their_codes);
  return CHECK_DONE();
}
