// SPDX-License-Identifier: Apache-2.0
//
// checkpoint.c - see checkpoint.h, and C2SP's signed-note for the signature:
// the key's id is the first four bytes of SHA-256(name || 0x0a || 0x01 || key).

#include "checkpoint.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/files.h"

enum { PUBLIC = 32, SIGNATURE = 64, ID = 4, SIGNED = ID + SIGNATURE };
#define DASH "\xe2\x80\x94 " // U+2014, a blank

struct checkpoint_key {
  EVP_PKEY *pkey;
  uint8_t public_key[PUBLIC];
  bool is_private;
};

static EVP_PKEY *read_pem(BIO *in, bool *is_private) {
  EVP_PKEY *pkey = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
  *is_private = pkey != NULL;
  if (pkey == NULL && BIO_reset(in) >= 0)
    pkey = PEM_read_bio_PUBKEY(in, NULL, NULL, NULL);
  ERR_clear_error();
  return pkey;
}

// Write a key as PEM to a new file that only its owner reads.
static int write_pem(const char *path, EVP_PKEY *pkey, bool is_private) {
  BIO *out = BIO_new(BIO_s_secmem());
  char *data = NULL;
  const int ok =
      out != NULL && (is_private ? PEM_write_bio_PrivateKey(out, pkey, NULL,
                                                            NULL, 0, NULL, NULL)
                                 : PEM_write_bio_PUBKEY(out, pkey)) == 1;
  const long len = ok ? BIO_get_mem_data(out, &data) : 0;
  const int error =
      len > 0 ? sj_file_write_secret(path, data, (size_t)len) : EIO;
  BIO_free(out);
  return error;
}

static bool make_key(const char *path) {
  char other[1024];
  EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  const int len = snprintf(other, sizeof(other), "%s.pub", path);
  const bool ok = pkey != NULL && len > 0 && (size_t)len < sizeof(other) &&
                  write_pem(path, pkey, true) == 0 &&
                  write_pem(other, pkey, false) == 0;
  EVP_PKEY_free(pkey);
  return ok;
}

checkpoint_key *
checkpoint_key_open(const char *path, bool create, const char **what) {
  BIO *in = BIO_new_file(path, "rb");
  if (in == NULL && create) {
    if (!make_key(path)) {
      *what = "the checkpoint key cannot be written";
      return NULL;
    }
    in = BIO_new_file(path, "rb");
  }
  ERR_clear_error();
  if (in == NULL) {
    *what = "the checkpoint key cannot be read";
    return NULL;
  }
  checkpoint_key *self = calloc(1, sizeof(*self));
  size_t len = PUBLIC;
  if (self != NULL) self->pkey = read_pem(in, &self->is_private);
  BIO_free(in);
  if (self == NULL || self->pkey == NULL ||
      EVP_PKEY_is_a(self->pkey, "ED25519") != 1 ||
      EVP_PKEY_get_raw_public_key(self->pkey, self->public_key, &len) != 1) {
    checkpoint_key_free(self);
    *what = "the checkpoint key is no Ed25519 key in PEM";
    return NULL;
  }
  return self;
}

void checkpoint_key_free(checkpoint_key *self) {
  if (self == NULL) return;
  EVP_PKEY_free(self->pkey);
  free(self);
}

static bool
key_id(const checkpoint_key *key, const char *name, size_t len, uint8_t *out) {
  uint8_t bytes[CHECKPOINT_NOTE], digest[32];
  if (len + 2 + PUBLIC > sizeof(bytes)) return false;
  memcpy(bytes, name, len);
  bytes[len] = '\n';
  bytes[len + 1] = 0x01; // Ed25519
  memcpy(bytes + len + 2, key->public_key, PUBLIC);
  if (EVP_Q_digest(NULL, "SHA256", NULL, bytes, len + 2 + PUBLIC, digest,
                   NULL) != 1)
    return false;
  memcpy(out, digest, ID);
  return true;
}

static void write_time(int64_t t_ms, char *out, size_t room) {
  const time_t seconds = (time_t)(t_ms / 1000);
  struct tm utc = {0};
  (void)gmtime_r(&seconds, &utc);
  const size_t len = strftime(out, room, "%Y-%m-%dT%H:%M:%S", &utc);
  (void)snprintf(out + len, room - len, ".%03dZ", (int)(t_ms % 1000));
}

bool checkpoint_sign(const checkpoint_key *key,
                     const char *origin,
                     const checkpoint *what,
                     char note[CHECKPOINT_NOTE]) {
  char time[64], head[48], signature[(SIGNED + 2) / 3 * 4 + 1];
  if (!key->is_private || origin[0] == '\0' ||
      strlen(origin) >= CHECKPOINT_ORIGIN - 16 ||
      strpbrk(origin, " +/\t\n") != NULL)
    return false;
  write_time(what->t_ms, time, sizeof(time));
  (void)EVP_EncodeBlock((unsigned char *)head, what->row_hash, 32);
  const int body = snprintf(note, CHECKPOINT_NOTE, "%s/%lu\n%llu\n%s\n%s\n",
                            origin, (unsigned long)what->stream,
                            (unsigned long long)what->size, head, time);
  const size_t name = strcspn(note, "\n");
  uint8_t signed_by[SIGNED];
  size_t len = SIGNATURE;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  const bool ok =
      context != NULL && body > 0 && key_id(key, note, name, signed_by) &&
      EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
      EVP_DigestSign(context, signed_by + ID, &len, (unsigned char *)note,
                     (size_t)body) == 1;
  EVP_MD_CTX_free(context);
  if (!ok) return false;
  (void)EVP_EncodeBlock((unsigned char *)signature, signed_by, SIGNED);
  char by[CHECKPOINT_ORIGIN];
  memcpy(by, note, name);
  by[name] = '\0';
  const int more = snprintf(note + body, CHECKPOINT_NOTE - (size_t)body,
                            "\n" DASH "%s %s\n", by, signature);
  return more > 0 && body + more < CHECKPOINT_NOTE;
}

// A base64 line of exactly `want` bytes, in the one spelling that they have:
// EVP_DecodeBlock() lets blanks and stray bits pass.
static bool decode(const char *text, size_t len, uint8_t *out, size_t want) {
  uint8_t bytes[128];
  char again[128];
  if (len != (want + 2) / 3 * 4 || len >= sizeof(again) ||
      EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)len) < 0 ||
      EVP_EncodeBlock((unsigned char *)again, bytes, (int)want) != (int)len ||
      memcmp(again, text, len) != 0)
    return false;
  memcpy(out, bytes, want);
  return true;
}

static bool is_signed(const checkpoint_key *key,
                      const char *note,
                      size_t body,
                      size_t name,
                      const uint8_t signed_by[SIGNED]) {
  uint8_t id[ID];
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  const bool ok =
      context != NULL && key_id(key, note, name, id) &&
      memcmp(id, signed_by, ID) == 0 &&
      EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
      EVP_DigestVerify(context, signed_by + ID, SIGNATURE,
                       (const unsigned char *)note, body) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return ok;
}

static bool read_count(const char **at, char end, uint64_t *out) {
  const char *from = *at;
  *out = 0;
  while (**at >= '0' && **at <= '9' && *at - from < 19)
    *out = *out * 10 + (uint64_t)(*(*at)++ - '0');
  return *at > from && *(*at)++ == end;
}

checkpoint_status checkpoint_read(const checkpoint_key *key,
                                  const char *note,
                                  size_t len,
                                  char origin[CHECKPOINT_ORIGIN],
                                  checkpoint *out) {
  char copy[CHECKPOINT_NOTE];
  if (len >= sizeof(copy) || memchr(note, '\0', len) != NULL)
    return CHECKPOINT_BROKEN;
  memcpy(copy, note, len);
  copy[len] = '\0';
  *out = (checkpoint){0};
  // The first line, ORIGIN/STREAM, then the size.
  const size_t slash = strcspn(copy, "/\n");
  const char *at = copy + slash;
  uint64_t stream = 0;
  if (slash == 0 || slash >= CHECKPOINT_ORIGIN || *at++ != '/' ||
      !read_count(&at, '\n', &stream) || stream > UINT32_MAX)
    return CHECKPOINT_BROKEN;
  const size_t name = (size_t)(at - 1 - copy);
  out->stream = (uint32_t)stream;
  if (!read_count(&at, '\n', &out->size)) return CHECKPOINT_BROKEN;
  const size_t head = strcspn(at, "\n");
  if (!decode(at, head, out->row_hash, 32)) return CHECKPOINT_BROKEN;
  // The signature's line: behind the blank one, by the same name.
  const char *blank = strstr(at, "\n\n" DASH);
  if (blank == NULL) return CHECKPOINT_BROKEN;
  const size_t body = (size_t)(blank + 1 - copy);
  at = blank + 2 + strlen(DASH);
  uint8_t signed_by[SIGNED];
  if (strncmp(at, copy, name) != 0 || at[name] != ' ') return CHECKPOINT_BROKEN;
  at += name + 1;
  const size_t signature = strcspn(at, "\n");
  if (strcmp(at + signature, "\n") != 0 ||
      !decode(at, signature, signed_by, SIGNED))
    return CHECKPOINT_BROKEN;
  if (origin != NULL) {
    memcpy(origin, copy, slash);
    origin[slash] = '\0';
  }
  return key == NULL || is_signed(key, copy, body, name, signed_by)
             ? CHECKPOINT_OK
             : CHECKPOINT_UNSIGNED;
}

int checkpoint_keep(const char *dir,
                    const char *origin,
                    const checkpoint *what,
                    const char *note) {
  char path[1024];
  const int len = snprintf(path, sizeof(path), "%s/%s-%lu.note", dir, origin,
                           (unsigned long)what->stream);
  if (len <= 0 || (size_t)len >= sizeof(path)) return ENAMETOOLONG;
  sj_sink sink;
  const int error = sj_sink_open(&sink, path, 0644);
  if (error != 0) return error;
  const bool ok = sj_sink_write(&sink, note, strlen(note));
  return sj_sink_close(&sink, ok);
}
