// SPDX-License-Identifier: Apache-2.0
//
// fuzz_token.c - any bytes as a token, and any header and claims (parted by a
// line end) under a good signature, so that what lies behind it is reached too;
// any bytes as a set of keys. Links the sources of tools/server and
// tools/common that CMakeLists.txt names.

#include <stdio.h>
#include <string.h>

#include "../../tools/common/b64.h"
#include "../../tools/common/jwk.h"
#include "../../tools/common/keylist.h"
#include "../../tools/server/issuer_dev.h"
#include "../../tools/server/token.h"
#include "fuzz.h"

enum { NOW = 1800000000 };

static issuers *pinned;
static EVP_PKEY *key;

static void start(void) {
  sj_buffer set = {0};
  const char *what = NULL;
  key = sj_jwk_generate(SJ_JWK_P256);
  pinned = issuers_new();
  must(key != NULL && pinned != NULL);
  sj_buffer_put(&set, "{\"keys\":[");
  must(sj_jwk_write(&set, key, false));
  set.len--;
  sj_buffer_put(&set, ",\"kid\":\"k\"}]}");
  must(issuers_add(pinned, "i", "a", set.data, set.len, &what));
  sj_buffer_free(&set);
}

static void check(const char *token, size_t len) {
  claims out;
  const token_status status = token_verify(pinned, token, len, NOW, &out);
  must(token_status_text(status) != NULL);
  must((status == TOKEN_OK) == (out.sub[0] != '\0'));
  if (status != TOKEN_OK) return;
  must(keylist_is_sub(out.sub, strlen(out.sub)));
  must(out.exp > out.iat && out.exp - out.iat <= TOKEN_LONGEST);
  must(out.jti[0] != '\0' && memchr(out.jti, '\0', sizeof(out.jti)) != NULL);
}

static void sign(const char *text, size_t len) {
  const char *end = memchr(text, '\n', len);
  if (end == NULL || len > TOKEN_MAX / 2) return;
  const size_t head = (size_t)(end - text);
  char token[TOKEN_MAX];
  uint8_t sig[64];
  sj_b64_encode(text, head, token);
  size_t at = strlen(token);
  token[at++] = '.';
  sj_b64_encode(end + 1, len - head - 1, token + at);
  at += strlen(token + at);
  must(sj_jws_sign(key, (sj_part){token, at}, sig));
  token[at++] = '.';
  sj_b64_encode(sig, sizeof(sig), token + at);
  check(token, strlen(token));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (pinned == NULL) start();
  const char *text = (const char *)data;
  check(text, size);
  sign(text, size);
  issuers *others = issuers_new();
  const char *what = NULL;
  must(others != NULL);
  const bool good = issuers_add(others, "i", "a", text, size, &what);
  must(good ? issuers_keys(others) > 0
            : issuers_keys(others) == 0 && what != NULL);
  issuers_free(others);
  return 0;
}
