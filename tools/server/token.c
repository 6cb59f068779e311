// SPDX-License-Identifier: Apache-2.0
//
// token.c - see token.h. What a header says is used to find a key and to
// agree with it, never to choose how to verify: RFC 8725.

#include "token.h"

#include <string.h>

#include "../common/b64.h"
#include "../common/keylist.h"

enum { SIG_MOST = 512 };

// Members that a header may have. Whatever names a key or its place (jwk, jku,
// x5c, x5u), or changes the meaning (crit, b64, zip), is not here.
static token_status read_header(const sj_json_node *header,
                                const issuers *pinned,
                                const issuer_key **out) {
  static const char *const known[] = {"alg", "kid", "typ", "x5t", "x5t#S256"};
  for (const sj_json_node *at = header->child; at != NULL; at = at->next) {
    bool found = at->kind == SJ_JSON_STRING;
    for (size_t i = 0; found; i++) {
      if (i == sizeof(known) / sizeof(known[0])) return TOKEN_HEADER;
      if (strcmp(known[i], at->key) == 0) break;
    }
    if (!found) return TOKEN_HEADER;
  }
  const sj_json_node *alg = sj_json_text(header, "alg");
  const sj_json_node *kid = sj_json_text(header, "kid");
  if (!sj_json_says(header, "typ", "at+jwt") &&
      !sj_json_says(header, "typ", "application/at+jwt"))
    return TOKEN_TYPE;
  const sj_jws_alg asked =
      alg != NULL ? sj_jws_alg_of(alg->text, alg->len) : SJ_JWS_NONE;
  if (asked == SJ_JWS_NONE) return TOKEN_ALGORITHM;
  *out = kid != NULL ? issuers_find(pinned, kid->text, kid->len) : NULL;
  if (*out == NULL) return TOKEN_KEY;
  return (*out)->alg == asked ? TOKEN_OK : TOKEN_ALGORITHM;
}

static bool
read_time(const sj_json_node *node, const char *key, bool owed, int64_t *out) {
  const sj_json_node *at = sj_json_tree_get(node, key);
  *out = 0;
  if (at == NULL) return !owed;
  if (at->kind != SJ_JSON_NUMBER || !at->is_integer || at->integer < 0 ||
      at->integer > INT64_C(1) << 40)
    return false;
  *out = at->integer;
  return true;
}

static bool is_for(const sj_json_node *payload, const char *audience) {
  const sj_json_node *aud = sj_json_tree_get(payload, "aud");
  if (aud == NULL || aud->kind != SJ_JSON_ARRAY)
    return sj_json_says(payload, "aud", audience);
  for (const sj_json_node *at = aud->child; at != NULL; at = at->next)
    if (at->kind == SJ_JSON_STRING && strcmp(at->text, audience) == 0)
      return true;
  return false;
}

static token_status read_claims(const sj_json_node *payload,
                                const issuer_key *key,
                                int64_t now_s,
                                claims *out) {
  const sj_json_node *sub = sj_json_text(payload, "sub");
  const sj_json_node *jti = sj_json_text(payload, "jti");
  int64_t nbf = 0;
  if (sub == NULL || !keylist_is_sub(sub->text, sub->len) || jti == NULL ||
      jti->len == 0 || jti->len >= sizeof(out->jti) ||
      !read_time(payload, "iat", true, &out->iat) ||
      !read_time(payload, "exp", true, &out->exp) ||
      !read_time(payload, "nbf", false, &nbf) ||
      !read_time(payload, "auth_time", false, &out->auth_time) ||
      out->exp <= out->iat)
    return TOKEN_CLAIMS;
  if (!sj_json_says(payload, "iss", key->issuer)) return TOKEN_ISSUER;
  if (!is_for(payload, key->audience)) return TOKEN_AUDIENCE;
  if (now_s >= out->exp + TOKEN_LEEWAY) return TOKEN_EXPIRED;
  if (out->iat > now_s + TOKEN_LEEWAY || nbf > now_s + TOKEN_LEEWAY ||
      out->auth_time > now_s + TOKEN_LEEWAY)
    return TOKEN_EARLY;
  if (out->exp - out->iat > TOKEN_LONGEST) return TOKEN_LIFE;
  memcpy(out->sub, sub->text, sub->len);
  memcpy(out->jti, jti->text, jti->len);
  return TOKEN_OK;
}

static token_status verify(sj_arena *arena,
                           const issuers *pinned,
                           const sj_part parts[SJ_JWS_PARTS],
                           int64_t now_s,
                           claims *out) {
  uint8_t sig[SIG_MOST];
  size_t sig_len = 0;
  const issuer_key *key = NULL;
  if (!sj_b64_decode(parts[2].text, parts[2].len, sig, sizeof(sig), &sig_len))
    return TOKEN_FORM;
  const sj_json_node *header = sj_compact_header(arena, parts[0]);
  if (header == NULL) return TOKEN_HEADER;
  const token_status status = read_header(header, pinned, &key);
  if (status != TOKEN_OK) return status;
  const sj_part input = {parts[0].text, parts[0].len + 1 + parts[1].len};
  if (!sj_jws_verify(key->key, key->alg, input, sig, sig_len))
    return TOKEN_SIGNATURE;

  uint8_t bytes[TOKEN_MAX];
  size_t len = 0;
  const sj_json_node *payload = NULL;
  if (!sj_b64_decode(parts[1].text, parts[1].len, bytes, sizeof(bytes), &len))
    return TOKEN_FORM;
  const sj_status read =
      sj_json_tree_parse(arena, (const char *)bytes, len, &payload, NULL);
  if (read == SJ_NOMEM) return TOKEN_NOMEM;
  if (read != SJ_OK || payload->kind != SJ_JSON_OBJECT) return TOKEN_CLAIMS;
  return read_claims(payload, key, now_s, out);
}

token_status token_verify(const issuers *pinned,
                          const char *token,
                          size_t len,
                          int64_t now_s,
                          claims *out) {
  *out = (claims){.sub = ""};
  if (len > TOKEN_MAX) return TOKEN_SIZE;
  sj_part parts[SJ_JWS_PARTS];
  if (!sj_compact_split(token, len, parts, SJ_JWS_PARTS)) return TOKEN_FORM;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const token_status status = verify(&arena, pinned, parts, now_s, out);
  sj_arena_release(&arena);
  if (status != TOKEN_OK) *out = (claims){.sub = ""};
  return status;
}

const char *token_status_text(token_status status) {
  static const char *const texts[] = {
#define X(name, text) [TOKEN_##name] = (text),
      TOKEN_STATUS_MAP(X)
#undef X
  };
  return texts[status];
}
