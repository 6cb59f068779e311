// SPDX-License-Identifier: Apache-2.0
//
// tests/vectors/crypto, line by line: what the standards and Wycheproof say of
// each algorithm that the vault and the tokens use. A kind of which no vector
// was read is a failure too.

#include <stdlib.h>
#include <string.h>

#include "../../tools/cli/vault_jwe.h"
#include "../../tools/common/b64.h"
#include "../../tools/common/gcm.h"
#include "../../tools/common/jwk.h"
#include "../../tools/common/jws.h"
#include "check.h"

enum { WORDS = 10, BYTES = 4096 };

typedef struct bytes {
  uint8_t data[BYTES];
  size_t len;
} bytes;

static char *words[WORDS];
static size_t count;
static bool valid; // the second word of a Wycheproof line

static bytes hex(const char *text) {
  bytes out = {.len = 0};
  if (strcmp(text, "-") == 0) return out;
  for (; text[0] != '\0' && text[1] != '\0' && out.len < BYTES; text += 2) {
    const char pair[3] = {text[0], text[1], '\0'};
    out.data[out.len++] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return out;
}

static bytes b64(const char *text) {
  bytes out;
  CHECK(sj_b64_decode(text, strlen(text), out.data, BYTES, &out.len));
  return out;
}

static EVP_PKEY *key_of(const char *jwk, bool secret) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *node = NULL;
  EVP_PKEY *key = NULL;
  if (sj_json_tree_parse(&arena, jwk, strlen(jwk), &node, NULL) == SJ_OK)
    key = secret ? sj_jwk_read_private(node) : sj_jwk_read(node);
  sj_arena_release(&arena);
  return key;
}

static bool same(const uint8_t *data, size_t len, const bytes *want) {
  return len == want->len && memcmp(data, want->data, len) == 0;
}

static void gcm(void) {
  const bytes key = hex(words[2]);
  const bytes nonce = hex(words[3]);
  const bytes aad = hex(words[4]);
  const bytes message = hex(words[5]);
  const bytes sealed = hex(words[6]);
  const bytes tag = hex(words[7]);
  bytes out = {.len = 0};
  uint8_t made[SJ_GCM_TAG];
  CHECK(key.len == 32 && nonce.len == 12 && tag.len == 16);
  const sj_gcm with = {key.data, nonce.data, aad.data, aad.len};
  memset(out.data, 7, BYTES);
  const bool opened =
      sj_gcm_open(&with, sealed.data, sealed.len, tag.data, out.data);
  CHECK(opened == valid);
  if (opened) CHECK(same(out.data, sealed.len, &message));
  for (size_t i = 0; !opened && i < sealed.len; i++)
    CHECK(out.data[i] == 0);
  if (!valid) return;
  CHECK(sj_gcm_seal(&with, message.data, message.len, out.data, made));
  CHECK(same(out.data, message.len, &sealed) && same(made, 16, &tag));
}

static void wrap(void) {
  const bytes key = hex(words[2]);
  const bytes message = hex(words[3]);
  const bytes sealed = hex(words[4]);
  bytes out;
  const bool opened =
      sj_kw_unwrap(key.data, (sj_bytes){sealed.data, sealed.len}, out.data);
  CHECK(opened == valid);
  if (!valid) return;
  CHECK(same(out.data, sealed.len - 8, &message));
  CHECK(sj_kw_wrap(key.data, (sj_bytes){message.data, message.len}, out.data));
  CHECK(same(out.data, message.len + 8, &sealed));
}

static void ecdh(void) {
  const bytes shared = hex(words[2]);
  EVP_PKEY *theirs = key_of(words[3], false);
  EVP_PKEY *mine = key_of(words[4], true);
  uint8_t z[32];
  const bool agreed = theirs != NULL && mine != NULL &&
                      sj_jwk_kind_of(theirs) == SJ_JWK_P256 &&
                      sj_ecdh(mine, theirs, z);
  CHECK((agreed && same(z, 32, &shared)) == valid);
  EVP_PKEY_free(theirs);
  EVP_PKEY_free(mine);
}

static void signature(sj_jws_alg alg) {
  EVP_PKEY *key = key_of(words[2], false);
  const bytes message = hex(words[3]);
  const bytes sig = hex(words[4]);
  CHECK(key != NULL);
  const sj_part input = {(const char *)message.data, message.len};
  if (key != NULL)
    CHECK(sj_jws_verify(key, alg, input, sig.data, sig.len) == valid);
  EVP_PKEY_free(key);
}

static void es256(void) {
  signature(SJ_JWS_ES256);
}
static void ed25519(void) {
  signature(SJ_JWS_EDDSA);
}
static void ps256(void) {
  signature(SJ_JWS_PS256);
}
static void rs256(void) {
  signature(SJ_JWS_RS256);
}

static void jws(void) {
  const char *text = words[4];
  sj_part parts[SJ_JWS_PARTS];
  EVP_PKEY *key = key_of(words[3], false);
  const sj_jws_alg alg = sj_jws_alg_of(words[2], strlen(words[2]));
  CHECK(key != NULL && sj_compact_split(text, strlen(text), parts, 3));
  if (key == NULL) return;
  bytes sig;
  CHECK(sj_b64_decode(parts[2].text, parts[2].len, sig.data, BYTES, &sig.len));
  sj_part input = {text, parts[0].len + 1 + parts[1].len};
  CHECK(sj_jws_verify(key, alg, input, sig.data, sig.len));
  input.len--;
  CHECK(!sj_jws_verify(key, alg, input, sig.data, sig.len));
  EVP_PKEY_free(key);
}

static void thumbprint(void) {
  char name[SJ_THUMBPRINT];
  EVP_PKEY *key = key_of(words[2], false);
  CHECK(key != NULL && sj_jwk_thumbprint(key, name));
  CHECK(strcmp(name, words[3]) == 0);
  EVP_PKEY_free(key);
}

static void pbes2(void) {
  const bytes passphrase = hex(words[2]);
  const bytes salt = b64(words[3]);
  bytes wrapped = b64(words[5]);
  uint8_t kek[32];
  uint8_t cek[64];
  CHECK(sj_pbes2_key((sj_bytes){passphrase.data, passphrase.len},
                     (sj_bytes){salt.data, salt.len}, (unsigned)atoi(words[4]),
                     kek));
  CHECK(sj_kw_unwrap(kek, (sj_bytes){wrapped.data, wrapped.len}, cek));
  wrapped.data[0] ^= 1;
  CHECK(!sj_kw_unwrap(kek, (sj_bytes){wrapped.data, wrapped.len}, cek));
}

static void concat(void) {
  const bytes apu = b64(words[4]);
  const bytes apv = b64(words[5]);
  const bytes want = b64(words[8]);
  const sj_concat how = {words[2],
                         {apu.data, apu.len},
                         {apv.data, apv.len},
                         (uint32_t)atoi(words[3])};
  EVP_PKEY *mine = key_of(words[6], true);
  EVP_PKEY *theirs = key_of(words[7], false);
  uint8_t z[32];
  uint8_t out[32];
  CHECK(mine != NULL && theirs != NULL && sj_ecdh(mine, theirs, z));
  CHECK(sj_concat_kdf(z, &how, out) && same(out, how.bits / 8, &want));
  EVP_PKEY_free(mine);
  EVP_PKEY_free(theirs);
}

static struct {
  const char *name;
  size_t words;
  void (*run)(void);
  size_t seen;
} kinds[] = {{"gcm", 8, gcm, 0},
             {"wrap", 5, wrap, 0},
             {"ecdh", 5, ecdh, 0},
             {"es256", 5, es256, 0},
             {"ed25519", 5, ed25519, 0},
             {"ps256", 5, ps256, 0},
             {"rs256", 5, rs256, 0},
             {"jws", 5, jws, 0},
             {"thumbprint", 4, thumbprint, 0},
             {"pbes2", 6, pbes2, 0},
             {"concat", 9, concat, 0}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void run_line(char *line) {
  line[strcspn(line, "\n")] = '\0';
  if (line[0] == '#' || line[0] == '\0') return;
  count = 0;
  for (char *at = strtok(line, " "); at != NULL && count < WORDS;
       at = strtok(NULL, " "))
    words[count++] = at;
  valid = count > 1 && strcmp(words[1], "valid") == 0;
  for (size_t i = 0; i < KINDS; i++) {
    if (strcmp(kinds[i].name, words[0]) != 0) continue;
    CHECK(count == kinds[i].words);
    const int before = check_failures;
    if (count == kinds[i].words) kinds[i].run();
    kinds[i].seen++;
    if (check_failures > before)
      fprintf(stderr, "  the vector: %s %s, number %zu of its kind\n", words[0],
              words[1], kinds[i].seen);
    return;
  }
  CHECK(!"a vector of a known kind");
}

static void run_file(const char *path) {
  char *line = NULL;
  size_t room = 0;
  FILE *in = fopen(path, "r");
  CHECK(in != NULL);
  while (in != NULL && getline(&line, &room, in) > 0)
    run_line(line);
  free(line);
  if (in != NULL) fclose(in);
}

int main(void) {
  check_test = "vectors";
  run_file(SJ_VECTORS "/wycheproof.txt");
  run_file(SJ_VECTORS "/rfc.txt");
  for (size_t i = 0; i < KINDS; i++)
    CHECK(kinds[i].seen > 0);
  return CHECK_DONE();
}
