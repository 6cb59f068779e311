// SPDX-License-Identifier: Apache-2.0
//
// jose.c - see jose.h.

#include "jose.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../common/b64.h"
#include "../common/buffer.h"
#include "../common/jwk.h"
#include "../common/jws.h"

// Padded to steps of 1,024 bytes, up to 64 KiB; a wrap holds 32 bytes.
enum { STEP = 1024, MAP_MOST = 64 * 1024, NONCE = 12, TAG = 16, CEK = 32 };
enum { ROUNDS_LEAST = 600000, ROUNDS_MOST = 10000000, SALT_LEAST = 16 };

// What the steps of one check share.
typedef struct check {
  sj_arena arena;
  const jose_binding *binding;
  jose_checked *out;
  const char *pointer, *what;
} check;

static jose_status refuse(check *self, const char *pointer, const char *what) {
  self->pointer = pointer;
  self->what = what;
  return JOSE_MALFORMED;
}

static bool hash(const void *data, size_t len, uint8_t out[32]) {
  return EVP_Q_digest(NULL, "SHA256", NULL, data, len, out, NULL) == 1;
}

static bool hash_salted(const uint8_t salt[JOSE_SALT],
                        const jose_text *text,
                        uint8_t out[32]) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  const bool good = ctx != NULL &&
                    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
                    EVP_DigestUpdate(ctx, salt, JOSE_SALT) == 1 &&
                    EVP_DigestUpdate(ctx, text->text, text->len) == 1 &&
                    EVP_DigestFinal_ex(ctx, out, NULL) == 1;
  EVP_MD_CTX_free(ctx);
  return good;
}

// How many bytes a part holds; false where it is no base64url. Nothing of it
// is kept, so a ciphertext costs no memory.
static bool measure(sj_part part, size_t *bytes) {
  uint8_t piece[768];
  size_t got = 0;
  *bytes = 0;
  while (part.len > 0) {
    const size_t step = part.len < 1024 ? part.len : 1024;
    if (!sj_b64_decode(part.text, step, piece, sizeof(piece), &got))
      return false;
    *bytes += got;
    part.text += step;
    part.len -= step;
  }
  return true;
}

// Five parts of the right sizes, and the header.
static const sj_json_node *
read_jwe(sj_arena *arena, const jose_text *jwe, sj_part parts[SJ_JWE_PARTS]) {
  size_t nonce = 0;
  size_t tag = 0;
  size_t key = 0;
  size_t body = 0;
  if (!sj_compact_split(jwe->text, jwe->len, parts, SJ_JWE_PARTS) ||
      !measure(parts[1], &key) || !measure(parts[2], &nonce) ||
      !measure(parts[3], &body) || !measure(parts[4], &tag) || nonce != NONCE ||
      tag != TAG)
    return NULL;
  return sj_compact_header(arena, parts[0]);
}

static bool is_text(const sj_json_node *object,
                    const char *key,
                    const char *word,
                    size_t len) {
  const sj_json_node *at = sj_json_text(object, key);
  return at != NULL && at->len == len && memcmp(at->text, word, len) == 0;
}

static bool
is_digest(const sj_json_node *object, const char *key, const uint8_t want[32]) {
  char text[SJ_B64_ROOM(32)];
  sj_b64_encode(want, 32, text);
  return is_text(object, key, text, strlen(text));
}

static jose_status check_data(check *self, const jose_record *record) {
  static const char at[] = "/vault/data";
  static const char *const keys[] = {"alg", "enc",    "typ",
                                     "ctx", "commit", NULL};
  static const char *const bound[] = {"fmt", "job", "sth", "sub", NULL};
  const jose_binding *binding = self->binding;
  if (record->data.len > JOSE_DATA_MAX)
    return refuse(self, at, "longer than a record may be");
  sj_part parts[SJ_JWE_PARTS];
  const sj_json_node *header = read_jwe(&self->arena, &record->data, parts);
  if (header == NULL) return refuse(self, at, "no compact JWE");
  const sj_json_node *commit = sj_json_text(header, "commit");
  uint8_t digest[32];
  size_t len = 0;
  if (!sj_json_exactly(header, keys) || !sj_json_says(header, "alg", "dir") ||
      !sj_json_says(header, "enc", "A256GCM") ||
      !sj_json_says(header, "typ", "scrubjay-map+jwe") || commit == NULL ||
      !sj_b64_exact(commit->text, commit->len, digest, sizeof(digest)))
    return refuse(self, at, "not the header of a map");
  (void)measure(parts[3], &len);
  if (parts[1].len != 0 || len == 0 || len % STEP != 0 || len > MAP_MOST)
    return refuse(self, at, "not a map padded to whole steps");
  const sj_json_node *ctx = sj_json_tree_get(header, "ctx");
  const sj_json_node *fmt = sj_json_tree_get(ctx, "fmt");
  if (!sj_json_exactly(ctx, bound) || !fmt->is_integer || fmt->integer != 1 ||
      !is_text(ctx, "job", binding->job_id, strlen(binding->job_id)))
    return refuse(self, at, "bound to another job");
  if (!is_text(ctx, "sub", binding->sub, strlen(binding->sub)))
    return refuse(self, at, "bound to another submitter");
  if (!is_digest(ctx, "sth", self->out->text_digest))
    return refuse(self, at, "bound to another text");
  return JOSE_OK;
}

static jose_status check_wrap(check *self,
                              const jose_text *wrap,
                              const uint8_t data_hash[32],
                              const char *at) {
  static const char *const keys[] = {"alg", "enc", "typ", "kid",
                                     "dh",  "epk", NULL};
  if (wrap->len > JOSE_WRAP_MAX)
    return refuse(self, at, "longer than a wrap may be");
  sj_part parts[SJ_JWE_PARTS];
  const sj_json_node *header = read_jwe(&self->arena, wrap, parts);
  if (header == NULL) return refuse(self, at, "no compact JWE");
  if (!sj_json_exactly(header, keys) ||
      !sj_json_says(header, "alg", "ECDH-ES+A256KW") ||
      !sj_json_says(header, "enc", "A256GCM") ||
      !sj_json_says(header, "typ", "scrubjay-wrap+jwe"))
    return refuse(self, at, "not the header of a wrap");
  if (!is_digest(header, "dh", data_hash))
    return refuse(self, at, "of another record");
  size_t key = 0;
  size_t body = 0;
  (void)measure(parts[1], &key);
  (void)measure(parts[3], &body);
  EVP_PKEY *epk = sj_jwk_read(sj_json_tree_get(header, "epk"));
  const bool curve = epk != NULL && sj_jwk_kind_of(epk) == SJ_JWK_P256;
  EVP_PKEY_free(epk);
  if (!curve || key != CEK + 8 || body != CEK)
    return refuse(self, at, "no key of 32 bytes, wrapped on P-256");
  const sj_json_node *kid = sj_json_text(header, "kid");
  const keylist *list = self->binding->keys;
  const keylist_vault *vault =
      kid != NULL && list != NULL
          ? keylist_find_vault(list, kid->text, kid->len)
          : NULL;
  if (vault == NULL) return refuse(self, at, "wrapped to no key of the list");
  memcpy(self->out->kid, vault->kid, sizeof(vault->kid));
  self->pointer = at;
  self->what = "wrapped to a key that takes no more";
  return vault->state == KEYLIST_RETIRED ? JOSE_RETIRED : JOSE_OK;
}

static jose_status check_signature(check *self, const jose_record *record) {
  static const char at[] = "/vault/sig";
  static const char *const keys[] = {"alg", "kid", NULL};
  const jose_binding *binding = self->binding;
  sj_part parts[SJ_JWS_PARTS];
  uint8_t sig[64];
  if (record->sig.len > JOSE_SIG_MAX ||
      !sj_compact_split(record->sig.text, record->sig.len, parts,
                        SJ_JWS_PARTS) ||
      parts[1].len != 0 ||
      !sj_b64_exact(parts[2].text, parts[2].len, sig, sizeof(sig)))
    return refuse(self, at, "no compact JWS without its payload");
  const sj_json_node *header = sj_compact_header(&self->arena, parts[0]);
  if (!sj_json_exactly(header, keys) || !sj_json_says(header, "alg", "ES256"))
    return refuse(self, at, "not the header of a signature");
  const sj_json_node *kid = sj_json_text(header, "kid");
  EVP_PKEY *key = kid == NULL ? NULL
                              : keylist_find_device(binding->keys, binding->sub,
                                                    kid->text, kid->len);
  (void)refuse(self, at, "not signed by a device of this submitter");
  if (key == NULL) return JOSE_SIGNATURE;

  // The payload again, as it was signed: sub and job need no escapes.
  char sth[SJ_B64_ROOM(32)];
  char dh[SJ_B64_ROOM(32)];
  char payload[512];
  char input[JOSE_SIG_MAX + SJ_B64_ROOM(sizeof(payload))];
  sj_b64_encode(self->out->text_digest, 32, sth);
  sj_b64_encode(self->out->data_hash, 32, dh);
  const int len = snprintf(payload, sizeof(payload),
                           "{\"ctx\":{\"fmt\":1,\"job\":\"%s\",\"sth\":\"%s\","
                           "\"sub\":\"%s\"},\"dh\":\"%s\"}",
                           binding->job_id, sth, binding->sub, dh);
  if (len < 0 || (size_t)len >= sizeof(payload)) return JOSE_SIGNATURE;
  memcpy(input, parts[0].text, parts[0].len);
  input[parts[0].len] = '.';
  sj_b64_encode(payload, (size_t)len, input + parts[0].len + 1);
  const sj_part signed_text = {input, strlen(input)};
  return sj_jws_verify(key, SJ_JWS_ES256, signed_text, sig, sizeof(sig))
             ? JOSE_OK
             : JOSE_SIGNATURE;
}

static jose_status check_all(check *self, const jose_record *record) {
  jose_checked *out = self->out;
  if (record->fmt != 1) return refuse(self, "/vault/fmt", "no format but 1");
  if (!sj_b64_exact(record->text_salt.text, record->text_salt.len,
                    out->text_salt, JOSE_SALT))
    return refuse(self, "/vault/text_salt", "not 16 bytes of base64url");
  if (!sj_b64_exact(record->share.text, record->share.len, out->share,
                    sizeof(out->share)))
    return refuse(self, "/vault/share", "not 32 bytes of base64url");
  if (record->wrap_count != 1)
    return refuse(self, "/vault/wraps", "not one wrap");
  if (self->binding->keys == NULL)
    return refuse(self, "/vault", "this server has no key list");
  if (!hash_salted(out->text_salt, &self->binding->scrubbed,
                   out->text_digest) ||
      !hash(record->data.text, record->data.len, out->data_hash) ||
      !hash(record->wraps[0].text, record->wraps[0].len, out->wrap_hash))
    return JOSE_NOMEM;
  jose_status status = check_data(self, record);
  if (status == JOSE_OK)
    status =
        check_wrap(self, &record->wraps[0], out->data_hash, "/vault/wraps/0");
  return status == JOSE_OK ? check_signature(self, record) : status;
}

jose_status jose_check_record(const jose_record *record,
                              const jose_binding *binding,
                              jose_checked *out,
                              const char **pointer,
                              const char **what) {
  check self = {.binding = binding, .out = out, .pointer = ""};
  memset(out, 0, sizeof(*out));
  sj_arena_init(&self.arena, (sj_allocator){0});
  const jose_status status = check_all(&self, record);
  sj_arena_release(&self.arena);
  if (status != JOSE_OK) sj_memory_wipe(out, sizeof(*out));
  *pointer = status == JOSE_OK ? "" : self.pointer;
  if (what != NULL) *what = status == JOSE_OK ? "" : self.what;
  return status;
}

jose_status jose_check_wrap(const jose_text *wrap,
                            const uint8_t data_hash[32],
                            const keylist *keys,
                            char kid[KEYLIST_KID],
                            uint8_t wrap_hash[32],
                            const char **what) {
  jose_checked out = {.kid = ""};
  const jose_binding binding = {.keys = keys};
  check self = {.binding = &binding, .out = &out, .what = ""};
  sj_arena_init(&self.arena, (sj_allocator){0});
  jose_status status = check_wrap(&self, wrap, data_hash, "/wrap");
  if (status == JOSE_OK &&
      keylist_find_vault(keys, out.kid, strlen(out.kid))->state !=
          KEYLIST_ACTIVE)
    status = JOSE_RETIRED;
  if (status == JOSE_OK && !hash(wrap->text, wrap->len, wrap_hash))
    status = JOSE_NOMEM;
  sj_arena_release(&self.arena);
  memcpy(kid, out.kid, sizeof(out.kid));
  if (what != NULL) *what = status == JOSE_OK ? "" : self.what;
  return status;
}

// A guess at a passphrase must cost enough, and opening not for ever.
static bool is_slow(const sj_json_node *header) {
  static const char *const keys[] = {"alg", "enc", "kid", "p2c", "p2s", NULL};
  const sj_json_node *rounds = sj_json_tree_get(header, "p2c");
  const sj_json_node *salt = sj_json_text(header, "p2s");
  uint8_t bytes[64];
  size_t len = 0;
  return sj_json_exactly(header, keys) && rounds->is_integer &&
         rounds->integer >= ROUNDS_LEAST && rounds->integer <= ROUNDS_MOST &&
         salt != NULL &&
         sj_b64_decode(salt->text, salt->len, bytes, sizeof(bytes), &len) &&
         len >= SALT_LEAST;
}

static bool is_to_member(const sj_json_node *header, const keylist *list) {
  static const char *const keys[] = {"alg", "enc", "kid", "epk", NULL};
  const sj_json_node *kid = sj_json_text(header, "kid");
  if (!sj_json_exactly(header, keys) || kid == NULL || list == NULL)
    return false;
  if (strcmp(kid->text, list->recovery_kid) == 0) return true;
  char name[SJ_THUMBPRINT];
  for (size_t i = 0; i < list->member_count; i++)
    if (list->members[i].uk != NULL &&
        sj_jwk_thumbprint(list->members[i].uk, name) &&
        strcmp(kid->text, name) == 0)
      return true;
  return false;
}

jose_status jose_check_key(const jose_text *jwe,
                           const keylist *keys,
                           char kid[KEYLIST_KID],
                           const char **what) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_part parts[SJ_JWE_PARTS];
  const sj_json_node *header =
      jwe->len <= JOSE_KEY_MAX ? read_jwe(&arena, jwe, parts) : NULL;
  const char *wrong = NULL;
  const sj_json_node *named = header ? sj_json_text(header, "kid") : NULL;
  memset(kid, 0, KEYLIST_KID);
  if (header == NULL || named == NULL || named->len >= KEYLIST_KID ||
      !sj_json_says(header, "enc", "A256GCM"))
    wrong = "no compact JWE of a wrapped key";
  else if (sj_json_says(header, "alg", "PBES2-HS512+A256KW"))
    wrong = is_slow(header) ? NULL : "a passphrase with too few or many rounds";
  else if (sj_json_says(header, "alg", "ECDH-ES+A256KW"))
    wrong = is_to_member(header, keys)
                ? NULL
                : "wrapped to neither the recovery key nor a member";
  else
    wrong = "wrapped by no algorithm that is taken";
  if (wrong == NULL) memcpy(kid, named->text, named->len);
  sj_arena_release(&arena);
  if (what != NULL) *what = wrong != NULL ? wrong : "";
  return wrong == NULL ? JOSE_OK : JOSE_MALFORMED;
}
