// SPDX-License-Identifier: Apache-2.0
//
// jwks.c - see jwks.h.

#include "jwks.h"

#include <stdlib.h>
#include <string.h>

#include "../common/jwk.h"

struct issuers {
  size_t count;
  issuer_key keys[JWKS_KEYS];
};

issuers *issuers_new(void) {
  return calloc(1, sizeof(issuers));
}

static void drop_from(issuers *self, size_t first) {
  for (size_t i = first; i < self->count; i++)
    EVP_PKEY_free(self->keys[i].key);
  self->count = first;
}

void issuers_free(issuers *self) {
  if (self == NULL) return;
  drop_from(self, 0);
  free(self);
}

// What a key of this type signs with; SJ_JWS_NONE where its own `alg` is
// another, or is for encryption.
static sj_jws_alg algorithm(const sj_json_node *node, const EVP_PKEY *key) {
  const sj_json_node *named = sj_json_tree_get(node, "alg");
  const sj_json_node *use = sj_json_tree_get(node, "use");
  if (use != NULL && !sj_json_says(node, "use", "sig")) return SJ_JWS_NONE;
  sj_jws_alg alg = SJ_JWS_NONE;
  switch (sj_jwk_kind_of(key)) {
  case SJ_JWK_P256:
    alg = SJ_JWS_ES256;
    break;
  case SJ_JWK_ED25519:
    alg = SJ_JWS_EDDSA;
    break;
  case SJ_JWK_RSA:
    alg = sj_json_says(node, "alg", "PS256") ? SJ_JWS_PS256 : SJ_JWS_RS256;
    break;
  case SJ_JWK_NONE:
    break;
  }
  if (named == NULL) return alg;
  return named->kind == SJ_JSON_STRING &&
                 sj_jws_alg_of(named->text, named->len) == alg
             ? alg
             : SJ_JWS_NONE;
}

// One key of a set. False only where the whole set has to be refused.
static bool add_key(issuers *self,
                    const issuer_key *owner,
                    const sj_json_node *node,
                    const char **what) {
  EVP_PKEY *key = node->kind == SJ_JSON_OBJECT ? sj_jwk_read(node) : NULL;
  const sj_jws_alg alg = key != NULL ? algorithm(node, key) : SJ_JWS_NONE;
  const sj_json_node *kid = sj_json_text(node, "kid");
  const char *wrong = NULL;
  if (alg == SJ_JWS_NONE) {
    EVP_PKEY_free(key);
    return true;
  }
  if (kid == NULL || kid->len == 0 || kid->len > 128)
    wrong = "a key has no kid of 1 to 128 bytes";
  else if (issuers_find(self, kid->text, kid->len) != NULL)
    wrong = "two keys have one kid";
  else if (self->count == JWKS_KEYS)
    wrong = "more than 64 keys";
  if (wrong != NULL) {
    EVP_PKEY_free(key);
    *what = wrong;
    return false;
  }
  issuer_key *out = &self->keys[self->count++];
  *out = *owner;
  out->key = key;
  out->alg = alg;
  memcpy(out->kid, kid->text, kid->len);
  return true;
}

static bool read_set(issuers *self,
                     const issuer_key *owner,
                     const sj_json_node *set,
                     const char **what) {
  const sj_json_node *keys = sj_json_tree_get(set, "keys");
  if (keys == NULL || keys->kind != SJ_JSON_ARRAY) {
    *what = "no object with a list of keys";
    return false;
  }
  const size_t before = self->count;
  for (const sj_json_node *at = keys->child; at != NULL; at = at->next)
    if (!add_key(self, owner, at, what)) return false;
  if (self->count > before) return true;
  *what = "no key for signatures that could be used";
  return false;
}

bool issuers_add(issuers *self,
                 const char *issuer,
                 const char *audience,
                 const char *jwks,
                 size_t len,
                 const char **what) {
  issuer_key owner = {.key = NULL};
  if (strlen(issuer) - 1 >= JWKS_NAME - 1 ||
      strlen(audience) - 1 >= JWKS_NAME - 1) {
    *what = "issuer and audience have 1 to 255 bytes";
    return false;
  }
  memcpy(owner.issuer, issuer, strlen(issuer));
  memcpy(owner.audience, audience, strlen(audience));
  if (len > JWKS_MAX) {
    *what = "more than 64 KiB";
    return false;
  }
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *set = NULL;
  const size_t before = self->count;
  bool good = sj_json_tree_parse(&arena, jwks, len, &set, NULL) == SJ_OK;
  if (good)
    good = read_set(self, &owner, set, what);
  else
    *what = "no strict JSON";
  if (!good) drop_from(self, before);
  sj_arena_release(&arena);
  return good;
}

size_t issuers_keys(const issuers *self) {
  return self->count;
}

const issuer_key *
issuers_find(const issuers *self, const char *kid, size_t len) {
  for (size_t i = 0; i < self->count; i++)
    if (strlen(self->keys[i].kid) == len &&
        memcmp(self->keys[i].kid, kid, len) == 0)
      return &self->keys[i];
  return NULL;
}
