// SPDX-License-Identifier: Apache-2.0
//
// Access tokens: what is taken, and that every fault is refused by its name.

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "check.h"
#include "issuer_dev.h"
#include "jose_kit.h"
#include "token.h"

#define ISS "urn:test:issuer"
#define AUD "scrubjay"
enum { NOW = 1800000000, ROOM = 16384 };

static EVP_PKEY *ec, *ed, *rsa, *pss;
static issuers *pinned;
static char token[ROOM];

// ---- a set of keys, one for each algorithm ----

static void put_number(sj_buffer *out, const char *name, const BIGNUM *number) {
  uint8_t bytes[512];
  char text[SJ_B64_ROOM(sizeof bytes)];
  sj_b64_encode(bytes, (size_t)BN_bn2bin(number, bytes), text);
  sj_buffer_put(out, name);
  sj_buffer_put(out, text);
}

static void put_rsa(sj_buffer *out, EVP_PKEY *key, const char *more) {
  BIGNUM *n = NULL;
  BIGNUM *e = NULL;
  CHECK(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1);
  CHECK(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1);
  put_number(out, "{\"kty\":\"RSA\",\"n\":\"", n);
  put_number(out, "\",\"e\":\"", e);
  sj_buffer_put(out, more);
  BN_free(n);
  BN_free(e);
}

static void put_other(sj_buffer *out, EVP_PKEY *key, const char *more) {
  CHECK(sj_jwk_write(out, key, false));
  out->len--;
  sj_buffer_put(out, more);
}

static bool add_set(issuers *to, const char *set) {
  const char *what = NULL;
  const bool good = issuers_add(to, ISS, AUD, set, strlen(set), &what);
  CHECK(good || what != NULL);
  return good;
}

static void open_keys(void) {
  ec = sj_jwk_generate(SJ_JWK_P256);
  ed = sj_jwk_generate(SJ_JWK_ED25519);
  rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
  pss = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
  pinned = issuers_new();
  sj_buffer set = {0};
  sj_buffer_put(&set,
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"h\"}"
                ",");
  put_other(&set, ec, ",\"kid\":\"ec\",\"use\":\"sig\"},");
  put_other(&set, ed, ",\"kid\":\"ed\",\"alg\":\"EdDSA\"},");
  put_rsa(&set, rsa, "\",\"kid\":\"rsa\"},");
  put_rsa(&set, pss, "\",\"kid\":\"pss\",\"alg\":\"PS256\"}]}");
  sj_buffer_add(&set, "", 1);
  CHECK(add_set(pinned, set.data) && issuers_keys(pinned) == 4);
  sj_buffer_free(&set);
}

// ---- one token ----

static const char BODY[] =
    "{\"iss\":\"" ISS "\",\"aud\":\"" AUD "\",\"sub\":\"dr.ana\","
    "\"jti\":\"j-1\",\"iat\":1799999990,\"exp\":1800000300,"
    "\"auth_time\":1799999000}";

static token_status judge_at(int64_t now) {
  claims out;
  memset(&out, 1, sizeof out);
  const token_status status =
      token_verify(pinned, token, strlen(token), now, &out);
  if (status != TOKEN_OK) CHECK(out.sub[0] == '\0' && out.exp == 0);
  return status;
}

static token_status with_header(const char *header) {
  kit_sign(ec, SJ_JWS_ES256, header, BODY, token);
  return judge_at(NOW);
}

static token_status with_body(const char *body) {
  kit_sign(ec, SJ_JWS_ES256,
           "{\"alg\":\"ES256\",\"kid\":\"ec\",\"typ\":\"at+jwt\"}", body,
           token);
  return judge_at(NOW);
}

/// BODY with one member's text replaced, or with `to` alone for a removal.
static token_status instead(const char *from, const char *to) {
  char body[ROOM];
  const char *at = strstr(BODY, from);
  CHECK(at != NULL);
  snprintf(body, sizeof body, "%.*s%s%s", (int)(at - BODY), BODY, to,
           at + strlen(from));
  return with_body(body);
}

static void each_algorithm_is_taken_with_its_own_key(void) {
  static const struct {
    const char *alg, *kid;
    EVP_PKEY **key;
    sj_jws_alg how;
  } all[] = {{"ES256", "ec", &ec, SJ_JWS_ES256},
             {"EdDSA", "ed", &ed, SJ_JWS_EDDSA},
             {"RS256", "rsa", &rsa, SJ_JWS_RS256},
             {"PS256", "pss", &pss, SJ_JWS_PS256}};
  for (size_t i = 0; i < 4; i++)
    for (size_t k = 0; k < 4; k++) {
      char header[128];
      snprintf(header, sizeof header,
               "{\"typ\":\"at+jwt\",\"alg\":\"%s\",\"kid\":\"%s\"}", all[k].alg,
               all[i].kid);
      kit_sign(*all[i].key, all[k].how, header, BODY, token);
      CHECK(judge_at(NOW) == (i == k ? TOKEN_OK : TOKEN_ALGORITHM));
    }
  claims out;
  CHECK(token_verify(pinned, token, strlen(token), NOW, &out) == TOKEN_OK);
  CHECK(strcmp(out.sub, "dr.ana") == 0 && strcmp(out.jti, "j-1") == 0);
  CHECK(out.iat == 1799999990 && out.exp == 1800000300);
  CHECK(out.auth_time == 1799999000);
}

static void a_header_that_is_not_plain_is_refused(void) {
#define HEAD(more)                                                             \
  "{\"alg\":\"ES256\",\"kid\":\"ec\",\"typ\":\"at+jwt\"" more "}"
  CHECK(with_header(HEAD("")) == TOKEN_OK);
  CHECK(with_header(HEAD(",\"x5t\":\"abc\"")) == TOKEN_OK);
  CHECK(with_header(HEAD(",\"crit\":[\"b64\"]")) == TOKEN_HEADER);
  CHECK(with_header(HEAD(",\"b64\":false")) == TOKEN_HEADER);
  CHECK(with_header(HEAD(",\"jku\":\"x\"")) == TOKEN_HEADER);
  CHECK(with_header(HEAD(",\"x5u\":\"x\"")) == TOKEN_HEADER);
  CHECK(with_header(HEAD(",\"x5c\":[]")) == TOKEN_HEADER);
  CHECK(with_header(HEAD(",\"jwk\":{}")) == TOKEN_HEADER);
  CHECK(with_header(HEAD(",\"alg\":\"ES256\"")) == TOKEN_HEADER); // twice
  CHECK(with_header(HEAD(",\"zip\":\"DEF\"")) == TOKEN_HEADER);
  CHECK(with_header("[]") == TOKEN_HEADER);
  CHECK(with_header("") == TOKEN_HEADER);
  CHECK(with_header("{\"alg\":\"ES256\",\"kid\":\"ec\"}") == TOKEN_TYPE);
  CHECK(with_header("{\"alg\":\"ES256\",\"kid\":\"ec\",\"typ\":\"JWT\"}") ==
        TOKEN_TYPE);
  static const char *const bad[] = {"none",  "None",  "HS256",
                                    "es256", "ES384", ""};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char header[128];
    snprintf(header, sizeof header,
             "{\"alg\":\"%s\",\"kid\":\"ec\",\"typ\":\"at+jwt\"}", bad[i]);
    CHECK(with_header(header) == TOKEN_ALGORITHM);
  }
  CHECK(with_header(
            "{\"alg\":\"ES256\",\"kid\":\"nobody\",\"typ\":\"at+jwt\"}") ==
        TOKEN_KEY);
  CHECK(with_header("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}") == TOKEN_KEY);
  CHECK(with_header("{\"alg\":\"ES256\",\"kid\":\"h\",\"typ\":\"at+jwt\"}") ==
        TOKEN_KEY);
}

static void a_changed_signature_is_refused(void) {
  CHECK(with_body(BODY) == TOKEN_OK);
  const size_t len = strlen(token);
  char *sig = strrchr(token, '.') + 1;
  const char last = token[len - 1];
  // Another text for the same bytes, a cut, an excess, zeros, no signature.
  token[len - 1] = last == 'A' ? 'B' : (char)(last + 1);
  CHECK(judge_at(NOW) == TOKEN_FORM || judge_at(NOW) == TOKEN_SIGNATURE);
  token[len - 1] = '\0';
  CHECK(judge_at(NOW) != TOKEN_OK);
  token[len - 1] = last;
  strcpy(token + len, "AAAA");
  CHECK(judge_at(NOW) == TOKEN_SIGNATURE);
  token[len] = '\0';
  sig[5] = sig[5] == 'A' ? 'B' : 'A';
  CHECK(judge_at(NOW) == TOKEN_SIGNATURE);
  memset(sig, 'A', strlen(sig));
  CHECK(judge_at(NOW) == TOKEN_SIGNATURE);
  *sig = '\0';
  CHECK(judge_at(NOW) == TOKEN_SIGNATURE);
  // The DER form that other libraries write.
  EVP_PKEY *other = sj_jwk_generate(SJ_JWK_P256);
  kit_sign(other, SJ_JWS_ES256,
           "{\"alg\":\"ES256\",\"kid\":\"ec\",\"typ\":\"at+jwt\"}", BODY,
           token);
  CHECK(judge_at(NOW) == TOKEN_SIGNATURE);
  EVP_PKEY_free(other);
}

static void every_single_changed_character_is_refused(void) {
  CHECK(with_body(BODY) == TOKEN_OK);
  const size_t len = strlen(token);
  for (size_t i = 0; i < len; i++) {
    const char was = token[i];
    token[i] = was == 'x' ? 'y' : 'x';
    CHECK(judge_at(NOW) != TOKEN_OK);
    token[i] = was;
  }
  for (size_t cut = 0; cut < len; cut++) {
    claims out;
    CHECK(token_verify(pinned, token, cut, NOW, &out) != TOKEN_OK);
  }
}

static void what_is_no_token_is_refused(void) {
  static const char *const bad[] = {"",
                                    ".",
                                    "..",
                                    "...",
                                    "a.b",
                                    "a.b.c",
                                    "a.b.c.d",
                                    "e30.e30.e30",
                                    "e30=.e30.",
                                    " ",
                                    "\xff\xfe.\x80.\x81"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    strcpy(token, bad[i]);
    CHECK(judge_at(NOW) != TOKEN_OK);
  }
  memset(token, 'A', TOKEN_MAX + 1);
  token[TOKEN_MAX + 1] = '\0';
  CHECK(judge_at(NOW) == TOKEN_SIZE);
}

static void a_claim_that_is_missing_or_wrong_is_refused(void) {
  CHECK(instead("\"iss\":\"" ISS "\",", "") == TOKEN_ISSUER);
  CHECK(instead(ISS, "urn:other") == TOKEN_ISSUER);
  CHECK(instead("\"aud\":\"" AUD "\",", "") == TOKEN_AUDIENCE);
  CHECK(instead("\"" AUD "\"", "\"other\"") == TOKEN_AUDIENCE);
  CHECK(instead("\"" AUD "\"", "[\"other\",\"" AUD "\"]") == TOKEN_OK);
  CHECK(instead("\"" AUD "\"", "[\"other\"]") == TOKEN_AUDIENCE);
  CHECK(instead("\"" AUD "\"", "{\"x\":\"" AUD "\"}") == TOKEN_AUDIENCE);
  CHECK(instead("\"sub\":\"dr.ana\",", "") == TOKEN_CLAIMS);
  CHECK(instead("dr.ana", "") == TOKEN_CLAIMS);
  CHECK(instead("dr.ana", "dr ana") == TOKEN_CLAIMS);
  CHECK(instead("dr.ana", "dr\\\"ana") == TOKEN_CLAIMS);
  CHECK(instead("\"dr.ana\"", "7") == TOKEN_CLAIMS);
  CHECK(instead("\"jti\":\"j-1\",", "") == TOKEN_CLAIMS);
  CHECK(instead("\"exp\":1800000300,", "") == TOKEN_CLAIMS);
  CHECK(instead("1800000300", "\"1800000300\"") == TOKEN_CLAIMS);
  CHECK(instead("1800000300", "1800000300.5") == TOKEN_CLAIMS);
  CHECK(instead("1800000300", "-1") == TOKEN_CLAIMS);
  CHECK(instead("1800000300", "1799999990") == TOKEN_CLAIMS);
  CHECK(instead("\"iat\":1799999990,", "") == TOKEN_CLAIMS);
  CHECK(instead("\"sub\":", "\"sub\":\"eve\",\"sub\":") == TOKEN_CLAIMS);
  CHECK(with_body("[]") == TOKEN_CLAIMS);
  CHECK(with_body("") == TOKEN_CLAIMS);
  CHECK(instead("\"auth_time\":1799999000", "\"nbf\":1800000061") ==
        TOKEN_EARLY);
  CHECK(instead("\"auth_time\":1799999000", "\"nbf\":1800000060") == TOKEN_OK);
  CHECK(instead("1799999990", "1799999300") == TOKEN_LIFE);
  char sub[160];
  memset(sub, 's', sizeof sub);
  sub[128] = '\0';
  CHECK(instead("dr.ana", sub) == TOKEN_OK);
  sub[128] = 's';
  sub[129] = '\0';
  CHECK(instead("dr.ana", sub) == TOKEN_CLAIMS);
}

static void a_token_lives_from_its_time_to_its_end(void) {
  CHECK(with_body(BODY) == TOKEN_OK);
  CHECK(judge_at(1800000300 + 59) == TOKEN_OK);
  CHECK(judge_at(1800000300 + 60) == TOKEN_EXPIRED);
  CHECK(judge_at(1799999990 - 60) == TOKEN_OK);
  CHECK(judge_at(1799999990 - 61) == TOKEN_EARLY);
}

static void a_set_of_keys_that_misleads_is_refused(void) {
  issuers *some = issuers_new();
  sj_buffer set = {0};
  CHECK(!add_set(some, "") && !add_set(some, "[]") && !add_set(some, "{}"));
  CHECK(!add_set(some, "{\"keys\":[]}"));
  CHECK(!add_set(some, "{\"keys\":[1,null,{}]}"));
  sj_buffer_put(&set, "{\"keys\":[");
  put_other(&set, ec, ",\"kid\":\"a\"},");
  put_other(&set, ed, ",\"kid\":\"a\"}]}");
  sj_buffer_add(&set, "", 1);
  CHECK(!add_set(some, set.data) && issuers_keys(some) == 0);
  static const char *const passed[] = {
      "}", ",\"kid\":\"\"}", ",\"kid\":\"a\",\"use\":\"enc\"}",
      ",\"kid\":\"a\",\"alg\":\"ES512\"}", ",\"kid\":\"a\",\"d\":\"AAAA\"}"};
  for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) {
    sj_buffer_clear(&set, 4096);
    sj_buffer_put(&set, "{\"keys\":[");
    put_other(&set, ec, passed[i]);
    sj_buffer_put(&set, "]}");
    sj_buffer_add(&set, "", 1);
    CHECK(!add_set(some, set.data) && issuers_keys(some) == 0);
  }
  // A small modulus, and a point off the curve.
  EVP_PKEY *small = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
  sj_buffer_clear(&set, 4096);
  sj_buffer_put(&set, "{\"keys\":[");
  put_rsa(&set, small, "\",\"kid\":\"a\"}]}");
  sj_buffer_add(&set, "", 1);
  CHECK(!add_set(some, set.data));
  EVP_PKEY_free(small);
  CHECK(!add_set(
      some, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"x\":"
            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"y\":"
            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}]}"));
  sj_buffer_free(&set);
  issuers_free(some);
}

static void the_development_issuer_is_for_this_machine_alone(void) {
  CHECK(issuer_dev_may_listen("127.0.0.1:8642"));
  CHECK(issuer_dev_may_listen("[::1]:0"));
  static const char *const others[] = {"0.0.0.0:8642",
                                       "[::]:8642",
                                       "10.0.0.1:80",
                                       "localhost:80",
                                       "127.0.0.1.evil:80",
                                       "127.0.0.1:",
                                       "127.0.0.1",
                                       "127.0.0.1:80x",
                                       "",
                                       "127.0.0.1:8642 ",
                                       "::1:80",
                                       "127.0.0.2:80"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    CHECK(!issuer_dev_may_listen(others[i]));
    CHECK(issuer_dev_new(others[i], AUD) == NULL);
  }
  issuer_dev *dev = issuer_dev_new("127.0.0.1:0", AUD);
  const char *what = NULL;
  CHECK(dev != NULL && issuer_dev_join(dev, pinned, &what));
  char out[ISSUER_DEV_ROOM];
  claims seen;
  char longest[129];
  memset(longest, 'x', sizeof longest);
  longest[128] = '\0';
  CHECK(issuer_dev_token(dev, "physician-1", NOW, out));
  CHECK(token_verify(pinned, out, strlen(out), NOW, &seen) == TOKEN_OK);
  CHECK(strcmp(seen.sub, "physician-1") == 0 && seen.exp == NOW + 900);
  CHECK(token_verify(pinned, out, strlen(out), NOW + 960, &seen) ==
        TOKEN_EXPIRED);
  CHECK(issuer_dev_token(dev, longest, NOW, out));
  CHECK(token_verify(pinned, out, strlen(out), NOW, &seen) == TOKEN_OK);
  CHECK(!issuer_dev_token(dev, "", NOW, out) && out[0] == '\0');
  CHECK(!issuer_dev_token(dev, "a\"b", NOW, out));
  issuer_dev_free(dev);
}

int main(void) {
  open_keys();
  RUN(each_algorithm_is_taken_with_its_own_key);
  RUN(a_header_that_is_not_plain_is_refused);
  RUN(a_changed_signature_is_refused);
  RUN(every_single_changed_character_is_refused);
  RUN(what_is_no_token_is_refused);
  RUN(a_claim_that_is_missing_or_wrong_is_refused);
  RUN(a_token_lives_from_its_time_to_its_end);
  RUN(a_set_of_keys_that_misleads_is_refused);
  RUN(the_development_issuer_is_for_this_machine_alone);
  issuers_free(pinned);
  EVP_PKEY_free(ec);
  EVP_PKEY_free(ed);
  EVP_PKEY_free(rsa);
  EVP_PKEY_free(pss);
  return CHECK_DONE();
}
