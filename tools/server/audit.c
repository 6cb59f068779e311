// SPDX-License-Identifier: Apache-2.0
//
// audit.c - the body of a row, and the arithmetic of the chain.

#include "audit.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../common/buffer.h"
#include "../common/json_write.h"

#define X(name) const char AUDIT_##name[] = #name;
AUDIT_ACTION_MAP(X)
#undef X

static EVP_MD *sha256; // fetched once: a fetch costs more than the digest
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void fetch_sha256(void) {
  sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

// Without a digest there is no audit, and without an audit no act: what cannot
// be hashed ends the process.
static void hash(const void *a,
                 size_t a_len,
                 const void *b,
                 size_t b_len,
                 uint8_t out[AUDIT_HASH]) {
  if (pthread_once(&sha256_once, fetch_sha256) != 0 || sha256 == NULL) abort();
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context == NULL || EVP_DigestInit_ex2(context, sha256, NULL) != 1 ||
      EVP_DigestUpdate(context, a, a_len) != 1 ||
      EVP_DigestUpdate(context, b, b_len) != 1 ||
      EVP_DigestFinal_ex(context, out, NULL) != 1)
    abort();
  EVP_MD_CTX_free(context);
}

static void put(sj_buffer *out, const char *key, const char *value) {
  if (value == NULL) return;
  sj_buffer_put(out, "\"");
  sj_buffer_put(out, key);
  sj_buffer_put(out, "\":");
  sj_put_name(out, value);
  sj_buffer_put(out, ",");
}

size_t audit_body(const audit_entry *entry, char *out, size_t room) {
  if (entry->actor == NULL || entry->action == NULL || entry->outcome == NULL)
    return 0;
  sj_buffer body = {0};
  sj_buffer_put(&body, "{");
  sj_put_count(&body, "t", (uint64_t)(entry->t_ms > 0 ? entry->t_ms : 0));
  put(&body, "actor", entry->actor);
  put(&body, "role", entry->role);
  put(&body, "action", entry->action);
  put(&body, "outcome", entry->outcome);
  put(&body, "object", entry->object);
  put(&body, "ip", entry->ip);
  put(&body, "request_id", entry->request_id);
  put(&body, "purpose", entry->purpose);
  if (entry->detail != NULL) {
    sj_buffer_put(&body, "\"detail\":");
    sj_buffer_put(&body, entry->detail);
  }
  sj_put_end(&body, '}');
  const size_t len = body.failed || body.len >= room ? 0 : body.len;
  if (len > 0) memcpy(out, body.data, len);
  if (room > 0) out[len] = '\0';
  sj_buffer_free(&body);
  return len;
}

void audit_link_digest(uint32_t stream,
                       uint64_t seq,
                       const uint8_t prev[32],
                       const uint8_t digest[32],
                       uint8_t row_hash[32]) {
  uint8_t head[1 + 4 + 8] = {0x01};
  for (unsigned i = 0; i < 4; i++)
    head[1 + i] = (uint8_t)(stream >> (24 - 8 * i));
  for (unsigned i = 0; i < 8; i++)
    head[5 + i] = (uint8_t)(seq >> (56 - 8 * i));
  uint8_t rest[2 * AUDIT_HASH];
  memcpy(rest, prev, AUDIT_HASH);
  memcpy(rest + AUDIT_HASH, digest, AUDIT_HASH);
  hash(head, sizeof(head), rest, sizeof(rest), row_hash);
}

// NOLINTNEXTLINE(readability-function-size): what is hashed, one by one
void audit_link(uint32_t stream,
                uint64_t seq,
                const uint8_t prev[32],
                const uint8_t salt[16],
                const char *body,
                size_t len,
                uint8_t digest[32],
                uint8_t row_hash[32]) {
  hash(salt, AUDIT_SALT, body, len, digest);
  audit_link_digest(stream, seq, prev, digest, row_hash);
}
