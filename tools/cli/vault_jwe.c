// SPDX-License-Identifier: Apache-2.0
//
// vault_jwe.c - see vault_jwe.h.

#include "vault_jwe.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "../common/b64.h"
#include "../common/gcm.h"
#include "../common/jwk.h"
#include "../common/jws.h"

#define PBES2 "PBES2-HS512+A256KW"
#define ECDH "ECDH-ES+A256KW"
enum { KEY = SJ_JWE_KEY, WRAPPED = KEY + 8, SALT = 16, SALT_MOST = 64 };
enum { HEADER, ENCRYPTED_KEY, NONCE, BODY, TAG };

// ---- the steps ----

static bool key_wrap(const uint8_t kek[32], sj_bytes in, uint8_t *out, int on) {
  int done = 0;
  int last = 0;
  if (in.len % 8 != 0 || in.len < (on ? 16u : 24u) || in.len > 4096)
    return false;
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  if (ctx != NULL)
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  const bool good =
      ctx != NULL &&
      EVP_CipherInit_ex2(ctx, EVP_aes_256_wrap(), kek, NULL, on, NULL) == 1 &&
      EVP_CipherUpdate(ctx, out, &done, in.data, (int)in.len) == 1 &&
      EVP_CipherFinal_ex(ctx, out + done, &last) == 1 &&
      (size_t)done + (size_t)last == (on ? in.len + 8 : in.len - 8);
  EVP_CIPHER_CTX_free(ctx);
  ERR_clear_error();
  return good;
}

bool sj_kw_wrap(const uint8_t kek[32], sj_bytes in, uint8_t *out) {
  return key_wrap(kek, in, out, 1);
}

bool sj_kw_unwrap(const uint8_t kek[32], sj_bytes in, uint8_t *out) {
  return key_wrap(kek, in, out, 0);
}

bool sj_ecdh(EVP_PKEY *mine, EVP_PKEY *theirs, uint8_t z[32]) {
  size_t len = 32;
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);
  const bool good = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
                    EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
                    EVP_PKEY_derive(ctx, z, &len) == 1 && len == 32;
  EVP_PKEY_CTX_free(ctx);
  ERR_clear_error();
  return good;
}

static bool add_number(EVP_MD_CTX *ctx, uint32_t value) {
  const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                            (uint8_t)(value >> 8), (uint8_t)value};
  return EVP_DigestUpdate(ctx, bytes, sizeof(bytes)) == 1;
}

static bool add_sized(EVP_MD_CTX *ctx, sj_bytes bytes) {
  return add_number(ctx, (uint32_t)bytes.len) &&
         (bytes.len == 0 || EVP_DigestUpdate(ctx, bytes.data, bytes.len) == 1);
}

bool sj_concat_kdf(const uint8_t z[32], const sj_concat *how, uint8_t *out) {
  uint8_t digest[32];
  if (how->bits > 256 || how->bits % 8 != 0) return false;
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  const bool good =
      ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
      add_number(ctx, 1) && EVP_DigestUpdate(ctx, z, 32) == 1 &&
      add_sized(ctx, (sj_bytes){how->algorithm, strlen(how->algorithm)}) &&
      add_sized(ctx, how->apu) && add_sized(ctx, how->apv) &&
      add_number(ctx, how->bits) && EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
  EVP_MD_CTX_free(ctx);
  if (good) memcpy(out, digest, how->bits / 8);
  sj_memory_wipe(digest, sizeof(digest));
  return good;
}

bool sj_pbes2_key(sj_bytes passphrase,
                  sj_bytes p2s,
                  unsigned rounds,
                  uint8_t kek[32]) {
  uint8_t salt[sizeof(PBES2) + SALT_MOST] = PBES2; // with its NUL, as is owed
  if (p2s.len > SALT_MOST || passphrase.len > 1024) return false;
  memcpy(salt + sizeof(PBES2), p2s.data, p2s.len);
  return PKCS5_PBKDF2_HMAC(passphrase.data, (int)passphrase.len, salt,
                           (int)(sizeof(PBES2) + p2s.len), (int)rounds,
                           EVP_sha512(), KEY, kek) == 1;
}

// ---- sealing ----

static void put_b64(sj_buffer *out, const void *data, size_t len) {
  if (!sj_buffer_reserve(out, SJ_B64_ROOM(len))) return;
  sj_b64_encode(data, len, out->data + out->len);
  out->len += SJ_B64_ROOM(len) - 1;
}

// Header, wrapped key (or none), and the payload under `cek`.
static sj_jwe_status seal(sj_bytes payload,
                          const uint8_t cek[KEY],
                          const sj_buffer *header,
                          sj_bytes wrapped,
                          sj_buffer *out) {
  uint8_t nonce[SJ_GCM_NONCE];
  uint8_t tag[SJ_GCM_TAG];
  if (payload.len > SJ_JWE_MOST) return SJ_JWE_FORM;
  uint8_t *sealed = malloc(payload.len + 1);
  sj_buffer aad = {0};
  put_b64(&aad, header->data, header->len);
  const sj_gcm gcm = {cek, nonce, aad.data, aad.len};
  const bool good = sealed != NULL && !header->failed && !aad.failed &&
                    RAND_bytes(nonce, sizeof(nonce)) == 1 &&
                    sj_gcm_seal(&gcm, payload.data, payload.len, sealed, tag);
  if (good) {
    sj_buffer_add(out, aad.data, aad.len);
    sj_buffer_put(out, ".");
    put_b64(out, wrapped.data, wrapped.len);
    sj_buffer_put(out, ".");
    put_b64(out, nonce, sizeof(nonce));
    sj_buffer_put(out, ".");
    put_b64(out, sealed, payload.len);
    sj_buffer_put(out, ".");
    put_b64(out, tag, sizeof(tag));
  }
  sj_buffer_free(&aad);
  free(sealed);
  return good && !out->failed ? SJ_JWE_OK : SJ_JWE_FAILED;
}

// A fresh CEK, wrapped by `kek`, which is wiped.
static sj_jwe_status seal_wrapped(sj_bytes payload,
                                  uint8_t kek[KEY],
                                  const sj_buffer *header,
                                  sj_buffer *out) {
  uint8_t cek[KEY];
  uint8_t wrapped[WRAPPED];
  sj_jwe_status status = SJ_JWE_FAILED;
  if (RAND_bytes(cek, KEY) == 1 &&
      sj_kw_wrap(kek, (sj_bytes){cek, KEY}, wrapped))
    status =
        seal(payload, cek, header, (sj_bytes){wrapped, sizeof(wrapped)}, out);
  sj_memory_wipe(cek, sizeof(cek));
  sj_memory_wipe(kek, KEY);
  return status;
}

sj_jwe_status sj_jwe_seal_passphrase(sj_bytes payload,
                                     sj_bytes passphrase,
                                     const char *kid,
                                     sj_buffer *out) {
  uint8_t salt[SALT];
  uint8_t kek[KEY];
  sj_buffer header = {0};
  if (RAND_bytes(salt, SALT) != 1 ||
      !sj_pbes2_key(passphrase, (sj_bytes){salt, SALT}, SJ_JWE_ROUNDS, kek))
    return SJ_JWE_FAILED;
  sj_buffer_put(&header,
                "{\"alg\":\"" PBES2 "\",\"enc\":\"A256GCM\",\"kid\":\"");
  sj_buffer_put(&header, kid);
  sj_buffer_put(&header, "\",\"p2c\":");
  sj_buffer_number(&header, SJ_JWE_ROUNDS);
  sj_buffer_put(&header, ",\"p2s\":\"");
  put_b64(&header, salt, SALT);
  sj_buffer_put(&header, "\"}");
  const sj_jwe_status status = seal_wrapped(payload, kek, &header, out);
  sj_buffer_free(&header);
  return status;
}

static bool agree(EVP_PKEY *mine, EVP_PKEY *theirs, uint8_t kek[KEY]) {
  static const sj_concat how = {.algorithm = ECDH, .bits = 256};
  uint8_t z[32];
  const bool good = sj_ecdh(mine, theirs, z) && sj_concat_kdf(z, &how, kek);
  sj_memory_wipe(z, sizeof(z));
  return good;
}

sj_jwe_status sj_jwe_seal_key(sj_bytes payload,
                              EVP_PKEY *to,
                              const char *kid,
                              const char *more,
                              sj_buffer *out) {
  uint8_t kek[KEY];
  sj_jwe_status status = SJ_JWE_FAILED;
  sj_buffer header = {0};
  EVP_PKEY *once = sj_jwk_generate(SJ_JWK_P256);
  sj_buffer_put(&header,
                "{\"alg\":\"" ECDH "\",\"enc\":\"A256GCM\",\"kid\":\"");
  sj_buffer_put(&header, kid);
  sj_buffer_put(&header, "\"");
  sj_buffer_put(&header, more);
  sj_buffer_put(&header, ",\"epk\":");
  if (once != NULL && sj_jwk_write(&header, once, false) &&
      agree(once, to, kek)) {
    sj_buffer_put(&header, "}");
    status = seal_wrapped(payload, kek, &header, out);
  }
  sj_buffer_free(&header);
  EVP_PKEY_free(once);
  return status;
}

sj_jwe_status sj_jwe_seal_direct(sj_bytes payload,
                                 const uint8_t key[SJ_JWE_KEY],
                                 const char *header,
                                 sj_buffer *out) {
  sj_buffer text = {0};
  sj_buffer_put(&text, header);
  const sj_jwe_status status =
      seal(payload, key, &text, (sj_bytes){"", 0}, out);
  sj_buffer_free(&text);
  return status;
}

// ---- opening ----

static sj_jwe_status open_body(const sj_part parts[SJ_JWE_PARTS],
                               const uint8_t cek[KEY],
                               sj_buffer *out) {
  uint8_t nonce[SJ_GCM_NONCE];
  uint8_t tag[SJ_GCM_TAG];
  size_t len = 0;
  const sj_part *body = &parts[BODY];
  if (!sj_b64_exact(parts[NONCE].text, parts[NONCE].len, nonce,
                    sizeof(nonce)) ||
      !sj_b64_exact(parts[TAG].text, parts[TAG].len, tag, sizeof(tag)) ||
      body->len > SJ_JWE_MOST)
    return SJ_JWE_FORM;
  uint8_t *sealed = malloc(body->len + 1);
  if (sealed == NULL || !sj_buffer_reserve(out, body->len + 1)) {
    free(sealed);
    return SJ_JWE_FAILED;
  }
  sj_jwe_status status = SJ_JWE_FORM;
  if (sj_b64_decode(body->text, body->len, sealed, body->len, &len)) {
    const sj_gcm gcm = {cek, nonce, parts[HEADER].text, parts[HEADER].len};
    status =
        sj_gcm_open(&gcm, sealed, len, tag, (uint8_t *)out->data + out->len)
            ? SJ_JWE_OK
            : SJ_JWE_REFUSED;
    if (status == SJ_JWE_OK) out->len += len;
  }
  free(sealed);
  return status;
}

static sj_jwe_status open_wrapped(const sj_part parts[SJ_JWE_PARTS],
                                  const uint8_t kek[KEY],
                                  sj_buffer *out) {
  uint8_t wrapped[WRAPPED];
  uint8_t cek[WRAPPED]; // the cipher wants room for its own length
  const sj_part *key = &parts[ENCRYPTED_KEY];
  if (!sj_b64_exact(key->text, key->len, wrapped, sizeof(wrapped)))
    return SJ_JWE_FORM;
  if (!sj_kw_unwrap(kek, (sj_bytes){wrapped, sizeof(wrapped)}, cek))
    return SJ_JWE_REFUSED;
  const sj_jwe_status status = open_body(parts, cek, out);
  sj_memory_wipe(cek, sizeof(cek));
  return status;
}

static const sj_json_node *
header_of(sj_arena *arena, sj_bytes jwe, sj_part *parts, const char *alg) {
  if (!sj_compact_split(jwe.data, jwe.len, parts, SJ_JWE_PARTS)) return NULL;
  const sj_json_node *header = sj_compact_header(arena, parts[HEADER]);
  if (header == NULL || !sj_json_says(header, "alg", alg) ||
      !sj_json_says(header, "enc", "A256GCM") ||
      sj_json_tree_get(header, "crit") != NULL ||
      sj_json_tree_get(header, "zip") != NULL)
    return NULL;
  return header;
}

static sj_jwe_status kek_of_passphrase(const sj_json_node *header,
                                       sj_bytes passphrase,
                                       uint8_t kek[KEY]) {
  uint8_t salt[SALT_MOST];
  size_t len = 0;
  const sj_json_node *p2c = sj_json_tree_get(header, "p2c");
  const sj_json_node *p2s = sj_json_text(header, "p2s");
  if (p2c == NULL || !p2c->is_integer || p2s == NULL ||
      !sj_b64_decode(p2s->text, p2s->len, salt, sizeof(salt), &len))
    return SJ_JWE_FORM;
  if (p2c->integer < SJ_JWE_ROUNDS || p2c->integer > SJ_JWE_ROUNDS_MOST ||
      len < SALT)
    return SJ_JWE_WEAK;
  return sj_pbes2_key(passphrase, (sj_bytes){salt, len}, (unsigned)p2c->integer,
                      kek)
             ? SJ_JWE_OK
             : SJ_JWE_FAILED;
}

sj_jwe_status
sj_jwe_open_passphrase(sj_bytes jwe, sj_bytes passphrase, sj_buffer *out) {
  uint8_t kek[KEY];
  sj_part parts[SJ_JWE_PARTS];
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *header = header_of(&arena, jwe, parts, PBES2);
  sj_jwe_status status =
      header ? kek_of_passphrase(header, passphrase, kek) : SJ_JWE_FORM;
  sj_arena_release(&arena);
  if (status == SJ_JWE_OK) status = open_wrapped(parts, kek, out);
  sj_memory_wipe(kek, sizeof(kek));
  return status;
}

sj_jwe_status sj_jwe_open_key(sj_bytes jwe, EVP_PKEY *key, sj_buffer *out) {
  uint8_t kek[KEY];
  sj_part parts[SJ_JWE_PARTS];
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *header = header_of(&arena, jwe, parts, ECDH);
  EVP_PKEY *epk = header ? sj_jwk_read(sj_json_tree_get(header, "epk")) : NULL;
  // apu and apv would change the key that is agreed on; nobody here sets them.
  sj_jwe_status status = SJ_JWE_FORM;
  if (epk != NULL && sj_jwk_kind_of(epk) == SJ_JWK_P256 &&
      sj_json_tree_get(header, "apu") == NULL &&
      sj_json_tree_get(header, "apv") == NULL)
    status = agree(key, epk, kek) ? SJ_JWE_OK : SJ_JWE_FAILED;
  EVP_PKEY_free(epk);
  sj_arena_release(&arena);
  if (status == SJ_JWE_OK) status = open_wrapped(parts, kek, out);
  sj_memory_wipe(kek, sizeof(kek));
  return status;
}

sj_jwe_status sj_jwe_open_direct(sj_bytes jwe,
                                 const uint8_t key[SJ_JWE_KEY],
                                 sj_buffer *out) {
  sj_part parts[SJ_JWE_PARTS];
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const bool good = header_of(&arena, jwe, parts, "dir") != NULL &&
                    parts[ENCRYPTED_KEY].len == 0;
  sj_arena_release(&arena);
  return good ? open_body(parts, key, out) : SJ_JWE_FORM;
}

const char *sj_jwe_status_text(sj_jwe_status status) {
  static const char *const texts[] = {
      [SJ_JWE_OK] = "opened",
      [SJ_JWE_FORM] = "no JWE of the form that belongs here",
      [SJ_JWE_WEAK] = "wrapped with too few or too many rounds",
      [SJ_JWE_REFUSED] = "does not open: another key or passphrase, or changed",
      [SJ_JWE_FAILED] = "out of memory, or OpenSSL failed"};
  return texts[status];
}
