// SPDX-License-Identifier: Apache-2.0
//
// issuer_dev.c - see issuer_dev.h.

#include "issuer_dev.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/b64.h"
#include "../common/jwk.h"
#include "../common/keylist.h"

struct issuer_dev {
  EVP_PKEY *key;
  char kid[SJ_THUMBPRINT];
  char audience[JWKS_NAME];
};

bool issuer_dev_may_listen(const char *listen) {
  const char *port = NULL;
  if (strncmp(listen, "127.0.0.1:", 10) == 0)
    port = listen + 10;
  else if (strncmp(listen, "[::1]:", 6) == 0)
    port = listen + 6;
  else
    return false;
  const size_t len = strspn(port, "0123456789");
  return len >= 1 && len <= 5 && port[len] == '\0';
}

issuer_dev *issuer_dev_new(const char *listen, const char *audience) {
  if (!issuer_dev_may_listen(listen) || strlen(audience) >= JWKS_NAME ||
      strpbrk(audience, "\"\\\n\r\t") != NULL)
    return NULL;
  issuer_dev *self = calloc(1, sizeof(*self));
  if (self == NULL) return NULL;
  self->key = sj_jwk_generate(SJ_JWK_P256);
  if (self->key == NULL || !sj_jwk_thumbprint(self->key, self->kid)) {
    issuer_dev_free(self);
    return NULL;
  }
  memcpy(self->audience, audience, strlen(audience) + 1);
  return self;
}

void issuer_dev_free(issuer_dev *self) {
  if (self == NULL) return;
  EVP_PKEY_free(self->key);
  free(self);
}

bool issuer_dev_join(const issuer_dev *self,
                     issuers *pinned,
                     const char **what) {
  sj_buffer set = {0};
  *what = "the development issuer's key cannot be written";
  sj_buffer_put(&set, "{\"keys\":[");
  bool good = sj_jwk_write(&set, self->key, false) && !set.failed;
  if (good) {
    set.len--; // into the key's object
    sj_buffer_put(&set, ",\"kid\":\"");
    sj_buffer_put(&set, self->kid);
    sj_buffer_put(&set, "\"}]}");
    good = !set.failed && issuers_add(pinned, ISSUER_DEV_NAME, self->audience,
                                      set.data, set.len, what);
  }
  sj_buffer_free(&set);
  return good;
}

bool issuer_dev_token(const issuer_dev *self,
                      const char *sub,
                      int64_t now_s,
                      char out[ISSUER_DEV_ROOM]) {
  char header[128];
  char payload[640];
  uint8_t random[16];
  char jti[SJ_B64_ROOM(sizeof(random))];
  uint8_t sig[64];
  out[0] = '\0';
  if (!keylist_is_sub(sub, strlen(sub)) ||
      RAND_bytes(random, sizeof(random)) != 1)
    return false;
  sj_b64_encode(random, sizeof(random), jti);
  const int head = snprintf(
      header, sizeof(header),
      "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}", self->kid);
  const int body =
      snprintf(payload, sizeof(payload),
               "{\"iss\":\"" ISSUER_DEV_NAME "\",\"aud\":\"%s\",\"sub\":\"%s\","
               "\"jti\":\"%s\",\"iat\":%lld,\"exp\":%lld,\"auth_time\":%lld}",
               self->audience, sub, jti, (long long)now_s,
               (long long)now_s + ISSUER_DEV_LIFE, (long long)now_s);
  if (head < 0 || (size_t)head >= sizeof(header) || body < 0 ||
      (size_t)body >= sizeof(payload))
    return false;
  size_t len = 0;
  sj_b64_encode(header, (size_t)head, out);
  len = strlen(out);
  out[len++] = '.';
  sj_b64_encode(payload, (size_t)body, out + len);
  len += strlen(out + len);
  if (!sj_jws_sign(self->key, (sj_part){out, len}, sig)) {
    out[0] = '\0';
    return false;
  }
  out[len++] = '.';
  sj_b64_encode(sig, sizeof(sig), out + len);
  return true;
}
