// SPDX-License-Identifier: Apache-2.0
//
// fuzz_vault.c - any bytes as a key list, before and behind its signature; as
// the parts of a sealed record; as a wrapped key. Links the sources of
// tools/server and tools/common that CMakeLists.txt names.

#include <string.h>

#include "../../tools/common/b64.h"
#include "../../tools/common/jwk.h"
#include "../../tools/common/jws.h"
#include "../../tools/server/jose.h"
#include "fuzz.h"

enum { NOW = 1800000000 };

static EVP_PKEY *root;
static char print[SJ_THUMBPRINT], head[1024];
static keylist *keys;

static void put_key(sj_buffer *out, EVP_PKEY *key) {
  must(key != NULL && sj_jwk_write(out, key, false));
}

static void start(void) {
  sj_buffer text = {0};
  EVP_PKEY *key = sj_jwk_generate(SJ_JWK_P256);
  root = sj_jwk_generate(SJ_JWK_ED25519);
  must(root != NULL && sj_jwk_fingerprint(root, print));
  sj_buffer_put(&text, "{\"alg\":\"EdDSA\",\"jwk\":");
  put_key(&text, root);
  sj_buffer_put(&text, ",\"kid\":\"root:");
  sj_buffer_put(&text, print);
  sj_buffer_put(&text, "\",\"typ\":\"scrubjay-keylist+jws\"}");
  sj_b64_encode(text.data, text.len, head);
  sj_buffer_clear(&text, 4096);
  sj_buffer_put(&text,
                "{\"v\":1,\"serial\":1,\"issued\":\"2027-01-01T00:00:00Z\","
                "\"not_after\":\"2028-01-01T00:00:00Z\",\"vault\":[{\"kid\":"
                "\"vault:a:1\",\"state\":\"active\",\"jwk\":");
  put_key(&text, key);
  sj_buffer_put(&text, "}],\"recovery\":{\"kid\":\"r\",\"jwk\":");
  put_key(&text, key);
  sj_buffer_put(&text, "},\"members\":[{\"sub\":\"ana\",\"roles\":["
                       "\"submitter\"],\"uk\":null,\"device\":[");
  put_key(&text, key);
  sj_buffer_put(&text, "]}]}");
  must(keylist_read(text.data, text.len, &keys, NULL) == KEYLIST_OK);
  sj_buffer_free(&text);
  EVP_PKEY_free(key);
}

static void check_list(const char *text, size_t len) {
  keylist *list = NULL;
  keylist_error error;
  const keylist_status status =
      keylist_verify(text, len, print, NOW, &list, &error);
  must(keylist_status_text(status) != NULL);
  must((status == KEYLIST_OK) == (list != NULL));
  must(status != KEYLIST_PAYLOAD || error.what != NULL);
  if (list != NULL) {
    must(list->serial >= 1 && list->recovery != NULL);
    must(keylist_follows(keys, list) != KEYLIST_PAYLOAD);
    for (size_t i = 0; i < list->vault_count; i++) {
      const char *kid = list->vaults[i].kid;
      must(keylist_find_vault(list, kid, strlen(kid)) == &list->vaults[i]);
    }
    for (size_t i = 0; i < list->member_count; i++)
      must(keylist_find_member(list, list->members[i].sub) ==
           &list->members[i]);
  }
  keylist_free(list);
}

// The bytes as the payload of a list that the pinned root signed.
static void check_signed(const char *text, size_t len) {
  const size_t start_at = strlen(head);
  char *jws = malloc(start_at + SJ_B64_ROOM(len) + SJ_B64_ROOM(64) + 4);
  uint8_t sig[64];
  must(jws != NULL);
  memcpy(jws, head, start_at);
  jws[start_at] = '.';
  sj_b64_encode(text, len, jws + start_at + 1);
  size_t at = strlen(jws);
  must(sj_jws_sign(root, (sj_part){jws, at}, sig));
  jws[at++] = '.';
  sj_b64_encode(sig, sizeof(sig), jws + at);
  check_list(jws, strlen(jws));
  free(jws);
}

// Parts are split at line ends: salt, share, data, wrap, sig, scrubbed text.
static void check_record(const char *text, size_t len) {
  jose_text part[6] = {{"", 0}};
  const char *end = text + len;
  for (int i = 0; i < 6 && text < end; i++) {
    const char *stop = memchr(text, '\n', (size_t)(end - text));
    if (stop == NULL || i == 5) stop = end;
    part[i] = (jose_text){text, (size_t)(stop - text)};
    text = stop < end ? stop + 1 : end;
  }
  for (int i = 0; i < 6; i++)
    if (part[i].text == NULL) part[i].text = "";
  const jose_record record = {1,       part[0],  part[2], part[1],
                              part[4], &part[3], 1};
  const jose_binding binding = {"j", "ana", part[5], keys};
  jose_checked out;
  const char *pointer = NULL;
  const char *what = NULL;
  const jose_status status =
      jose_check_record(&record, &binding, &out, &pointer, &what);
  must(pointer != NULL && (status == JOSE_OK || what != NULL));
  // Nobody here can sign for the device.
  must(status != JOSE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (keys == NULL) start();
  const char *text = (const char *)data;
  check_list(text, size);
  if (size <= 64 * 1024) check_signed(text, size);
  check_record(text, size);
  const jose_text one = {text, size};
  char kid[KEYLIST_KID];
  uint8_t hash[32] = {0};
  must((jose_check_key(&one, keys, kid, NULL) == JOSE_OK) == (kid[0] != '\0'));
  must(jose_check_wrap(&one, hash, keys, kid, hash, NULL) != JOSE_SIGNATURE);
  return 0;
}
