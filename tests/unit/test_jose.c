// SPDX-License-Identifier: Apache-2.0
//
// The key list and the sealed record: a good one passes, and each fault is
// refused with its place. The server opens nothing, so the ciphertexts here are
// bytes of the right length and no more.

#include <stddef.h>

#include "check.h"
#include "jose.h"
#include "jose_kit.h"

#define JOB "01980000-0000-7000-8000-000000000001"
#define TEXT "Seen by <PROVIDER_0>."
enum { NOW = 1800000000, ROOM = 200000 };

static EVP_PKEY *root, *other, *vault, *user, *device;
static char print[SJ_THUMBPRINT], device_kid[SJ_THUMBPRINT];
static char vault_jwk[256], user_jwk[256], device_jwk[256], root_jwk[256];
static char jws[ROOM];

static void write_jwk(EVP_PKEY *key, char *out) {
  sj_buffer text = {0};
  CHECK(sj_jwk_write(&text, key, false));
  snprintf(out, 256, "%.*s", (int)text.len, text.data);
  sj_buffer_free(&text);
}

static void open_keys(void) {
  root = sj_jwk_generate(SJ_JWK_ED25519);
  other = sj_jwk_generate(SJ_JWK_ED25519);
  vault = sj_jwk_generate(SJ_JWK_P256);
  user = sj_jwk_generate(SJ_JWK_P256);
  device = sj_jwk_generate(SJ_JWK_P256);
  write_jwk(vault, vault_jwk);
  write_jwk(user, user_jwk);
  write_jwk(device, device_jwk);
  write_jwk(root, root_jwk);
  CHECK(sj_jwk_fingerprint(root, print));
  CHECK(sj_jwk_thumbprint(device, device_kid));
}

// ---- the key list ----

static char list_text[8192];

static const char *list_of(const char *states, const char *members) {
  snprintf(list_text, sizeof list_text,
           "{\"v\":1,\"serial\":7,\"issued\":\"2027-01-01T00:00:00Z\","
           "\"not_after\":\"2027-03-01T00:00:00.000Z\",\"vault\":[%s],"
           "\"recovery\":{\"kid\":\"recovery:1\",\"jwk\":%s},\"members\":[%s]}",
           states, user_jwk, members);
  return list_text;
}

static const char *vault_entry(const char *kid, const char *state) {
  static char text[4][512];
  static int next;
  next = (next + 1) % 4;
  snprintf(text[next], 512, "{\"kid\":\"%s\",\"state\":\"%s\",\"jwk\":%s}", kid,
           state, vault_jwk);
  return text[next];
}

static const char *member(const char *sub, const char *roles) {
  static char text[4][1024];
  static int next;
  next = (next + 1) % 4;
  snprintf(text[next], 1024,
           "{\"sub\":\"%s\",\"roles\":[%s],\"uk\":%s,\"device\":[%s]}", sub,
           roles, user_jwk, device_jwk);
  return text[next];
}

static keylist_status
verify_as(EVP_PKEY *key, const char *payload, keylist **out) {
  char header[512];
  char jwk[256];
  char kid[SJ_THUMBPRINT];
  write_jwk(key, jwk);
  CHECK(sj_jwk_fingerprint(key, kid));
  snprintf(header, sizeof header,
           "{\"alg\":\"EdDSA\",\"jwk\":%s,\"kid\":\"root:%s\","
           "\"typ\":\"scrubjay-keylist+jws\"}",
           jwk, kid);
  kit_sign(key, SJ_JWS_EDDSA, header, payload, jws);
  return keylist_verify(jws, strlen(jws), print, NOW, out, NULL);
}

static keylist_status judge(const char *payload) {
  keylist *list = NULL;
  const keylist_status status = verify_as(root, payload, &list);
  CHECK((status == KEYLIST_OK) == (list != NULL));
  keylist_free(list);
  return status;
}

static keylist *make(const char *states, const char *members) {
  keylist *list = NULL;
  CHECK(verify_as(root, list_of(states, members), &list) == KEYLIST_OK);
  return list;
}

static void a_list_of_the_pinned_root_is_read(void) {
  keylist *list = make(vault_entry("vault:derm:3", "active"),
                       member("physician-1", "\"submitter\",\"custodian\""));
  CHECK(list->serial == 7 && list->vault_count == 1 && list->member_count == 1);
  CHECK(keylist_find_vault(list, "vault:derm:3", 12)->state == KEYLIST_ACTIVE);
  CHECK(keylist_find_vault(list, "vault:derm:4", 12) == NULL);
  CHECK(keylist_find_member(list, "physician-1")->roles == 9);
  CHECK(keylist_find_member(list, "nobody") == NULL);
  CHECK(keylist_find_device(list, "physician-1", device_kid, 43) != NULL);
  CHECK(keylist_find_device(list, "nobody", device_kid, 43) == NULL);
  keylist_free(list);
  // "root:" before the fingerprint is let through; another one is not.
  char named[64];
  snprintf(named, sizeof named, "root:%s", print);
  CHECK(keylist_verify(jws, strlen(jws), named, NOW, &list, NULL) ==
        KEYLIST_OK);
  keylist_free(list);
  CHECK(keylist_verify(jws, strlen(jws), device_kid, NOW, &list, NULL) ==
        KEYLIST_ROOT);
}

static void a_list_of_another_root_is_refused(void) {
  keylist *list = NULL;
  CHECK(verify_as(other, list_of("", ""), &list) == KEYLIST_ROOT);
  // The other's signature under the pinned root's header.
  CHECK(verify_as(root, list_of("", ""), &list) == KEYLIST_OK);
  keylist_free(list);
  const size_t len = strlen(jws);
  uint8_t sig[64];
  char *dot = strrchr(jws, '.');
  CHECK(sj_jws_sign(other, (sj_part){jws, (size_t)(dot - jws)}, sig));
  sj_b64_encode(sig, 64, dot + 1);
  CHECK(strlen(jws) == len);
  CHECK(keylist_verify(jws, len, print, NOW, &list, NULL) == KEYLIST_SIGNATURE);
  for (size_t cut = 0; cut < len; cut += 7)
    CHECK(keylist_verify(jws, cut, print, NOW, &list, NULL) != KEYLIST_OK);
}

static void a_list_is_good_from_its_time_to_its_end(void) {
  keylist *list = make("", "");
  const int64_t from = list->issued;
  const int64_t to = list->not_after;
  keylist_free(list);
  CHECK(from == 1798761600 && to == 1803859200);
  const struct {
    int64_t now;
    keylist_status want;
  } times[] = {{from - 300, KEYLIST_OK},
               {from - 301, KEYLIST_EXPIRED},
               {to - 1, KEYLIST_OK},
               {to, KEYLIST_EXPIRED},
               {KEYLIST_EVER, KEYLIST_OK}};
  for (size_t i = 0; i < 5; i++) {
    CHECK(keylist_verify(jws, strlen(jws), print, times[i].now, &list, NULL) ==
          times[i].want);
    keylist_free(list);
  }
}

static void replace(char *text, const char *from, const char *to) {
  char *at = strstr(text, from);
  CHECK(at != NULL);
  char rest[8192];
  strcpy(rest, at + strlen(from));
  strcpy(at, to);
  strcat(at, rest);
}

static void a_payload_that_misleads_is_refused_with_its_place(void) {
  static const struct {
    const char *from, *to, *where;
  } wrongs[] = {
      {"\"v\":1", "\"v\":2", ""},
      {"\"v\":1,", "", ""},
      {"{\"v\":1", "{\"more\":1,\"v\":1", ""},
      {"\"serial\":7", "\"serial\":0", "/serial"},
      {"\"serial\":7", "\"serial\":\"7\"", "/serial"},
      {"2027-01-01T00:00:00Z", "2027-02-30T00:00:00Z", "/issued"},
      {"2027-01-01T00:00:00Z", "2027-01-01T00:00:00+01:00", "/issued"},
      {"2027-03-01T00:00:00.000Z", "2027-01-01T00:00:00Z", "/not_after"},
      {"\"recovery:1\"", "\"\"", "/recovery"},
      {"vault:a:1", "vault:A:1", "/vault/0"},
      {"vault:a:1", "vault:a:01", "/vault/0"},
      {"vault:a:1", "a:1", "/vault/0"},
      {"vault:b:1", "vault:a:1", "/vault/1"},
      {"\"active\"", "\"wanted\"", "/vault/0"},
      {"\"sub\":\"ana\"", "\"sub\":\"\"", "/members/0"},
      {"\"sub\":\"ana\"", "\"sub\":\"a\\\"b\"", "/members/0"},
      {"\"sub\":\"bob\"", "\"sub\":\"ana\"", "/members/1"},
      {"\"coder\"", "\"king\"", "/members/0"},
      {"\"coder\"", "\"coder\",\"coder\"", "/members/0"},
      {"\"device\":[{", "\"device\":[{\"d\":\"AA\",", "/members/0"},
      {"\"members\":[", "\"members\":[[],", "/members/0"},
  };
  char states[1200];
  char members[2400];
  snprintf(states, sizeof states, "%s,%s", vault_entry("vault:a:1", "active"),
           vault_entry("vault:b:1", "accept"));
  snprintf(members, sizeof members, "%s,%s", member("ana", "\"coder\""),
           member("bob", "\"auditor\""));
  CHECK(judge(list_of(states, members)) == KEYLIST_OK);
  for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
    keylist *list = NULL;
    keylist_error error;
    char text[8192];
    strcpy(text, list_of(states, members));
    replace(text, wrongs[i].from, wrongs[i].to);
    CHECK(verify_as(root, text, &list) == KEYLIST_PAYLOAD);
    CHECK(keylist_verify(jws, strlen(jws), print, NOW, &list, &error) ==
          KEYLIST_PAYLOAD);
    CHECK(error.what != NULL && strcmp(error.pointer, wrongs[i].where) == 0);
    CHECK(keylist_read(text, strlen(text), &list, NULL) == KEYLIST_PAYLOAD);
  }
  CHECK(judge("") == KEYLIST_PAYLOAD && judge("[]") == KEYLIST_PAYLOAD);
}

static void a_list_follows_another_without_loss(void) {
  keylist *now =
      make(vault_entry("vault:a:1", "retired"), member("ana", "\"custodian\""));
  keylist *next =
      make(vault_entry("vault:a:1", "retired"), member("bob", "\"custodian\""));
  CHECK(keylist_follows(NULL, next) == KEYLIST_OK);
  CHECK(keylist_follows(now, next) == KEYLIST_SERIAL);
  next->serial = 8;
  CHECK(keylist_follows(now, next) == KEYLIST_OK);
  next->serial = 9;
  CHECK(keylist_follows(now, next) == KEYLIST_SERIAL);
  next->serial = 8;
  next->vaults[0].state = KEYLIST_ACCEPT; // retired keys do not come back
  CHECK(keylist_follows(now, next) == KEYLIST_LOSS);
  next->vaults[0].state = KEYLIST_RETIRED;
  next->members[0].roles = 1;
  CHECK(keylist_follows(now, next) == KEYLIST_LOSS);
  now->members[0].roles = 1; // none to lose
  CHECK(keylist_follows(now, next) == KEYLIST_OK);
  next->members[0].roles = 8;
  EVP_PKEY *was = next->vaults[0].key;
  next->vaults[0].key = device;
  CHECK(keylist_follows(now, next) == KEYLIST_LOSS);
  next->vaults[0].key = was;
  next->vaults[0].kid[6] = 'b';
  CHECK(keylist_follows(now, next) == KEYLIST_LOSS);
  keylist_free(now);
  keylist_free(next);
}

// ---- the record ----

typedef struct parts {
  char data_header[1024], wrap_header[1024], sig_header[256];
  size_t body, nonce, tag, wrapped, cek;
  const char *sub; ///< that is signed
} parts;

static struct {
  char data[120000], wrap[4096], sig[2048], salt[32], share[64];
} made;

static void put_zeros(char *out, size_t len) {
  static uint8_t zeros[80000];
  sj_b64_encode(zeros, len, out + strlen(out));
}

static void encode_digest(const void *bytes, size_t len, char out[44]) {
  uint8_t digest[32];
  CHECK(EVP_Q_digest(NULL, "SHA256", NULL, bytes, len, digest, NULL) == 1);
  sj_b64_encode(digest, 32, out);
}

static void
jwe(char *out, const char *header, const parts *of, size_t key, size_t body) {
  out[0] = '\0';
  kit_put(out, header);
  strcat(out, ".");
  put_zeros(out, key);
  strcat(out, ".");
  put_zeros(out, of->nonce);
  strcat(out, ".");
  put_zeros(out, body);
  strcat(out, ".");
  put_zeros(out, of->tag);
}

static parts good_parts(void) {
  char salted[16 + sizeof TEXT] = {0};
  char sth[44];
  parts of = {.body = 2048,
              .nonce = 12,
              .tag = 16,
              .wrapped = 40,
              .cek = 32,
              .sub = "ana"};
  memcpy(salted + 16, TEXT, sizeof TEXT - 1);
  encode_digest(salted, 16 + sizeof TEXT - 1, sth);
  snprintf(of.data_header, sizeof of.data_header,
           "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"typ\":\"scrubjay-map+jwe\","
           "\"ctx\":{\"fmt\":1,\"job\":\"" JOB "\",\"sth\":\"%s\","
           "\"sub\":\"ana\"},\"commit\":\"%s\"}",
           sth, print);
  snprintf(of.sig_header, sizeof of.sig_header,
           "{\"alg\":\"ES256\",\"kid\":\"%s\"}", device_kid);
  snprintf(of.wrap_header, sizeof of.wrap_header,
           "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\","
           "\"typ\":\"scrubjay-wrap+jwe\",\"kid\":\"vault:a:1\",\"dh\":\"@\","
           "\"epk\":%s}",
           user_jwk);
  return of;
}

// Everything in `made`, signed as it then is.
static void build(const parts *of) {
  char dh[44];
  char sth[44] = "";
  char header[1100];
  char payload[512];
  char whole[4096];
  made.salt[0] = made.share[0] = '\0';
  put_zeros(made.salt, 16);
  put_zeros(made.share, 32);
  jwe(made.data, of->data_header, of, 0, of->body);
  encode_digest(made.data, strlen(made.data), dh);
  strcpy(header, of->wrap_header);
  if (strchr(header, '@') != NULL) replace(header, "@", dh);
  jwe(made.wrap, header, of, of->wrapped, of->cek);
  const char *at = strstr(of->data_header, "\"sth\":\"");
  if (at != NULL) memcpy(sth, at + 7, 43);
  snprintf(payload, sizeof payload,
           "{\"ctx\":{\"fmt\":1,\"job\":\"" JOB "\",\"sth\":\"%s\","
           "\"sub\":\"%s\"},\"dh\":\"%s\"}",
           sth, of->sub, dh);
  kit_sign(device, SJ_JWS_ES256, of->sig_header, payload, whole);
  const char *first = strchr(whole, '.');
  snprintf(made.sig, sizeof made.sig, "%.*s.%s", (int)(first - whole), whole,
           strrchr(whole, '.'));
}

static keylist *keys;
static const char *where;

static jose_status check_made(void) {
  const jose_text wraps[] = {{made.wrap, strlen(made.wrap)}};
  const jose_record record = {.fmt = 1,
                              .text_salt = {made.salt, strlen(made.salt)},
                              .data = {made.data, strlen(made.data)},
                              .share = {made.share, strlen(made.share)},
                              .sig = {made.sig, strlen(made.sig)},
                              .wraps = wraps,
                              .wrap_count = 1};
  const jose_binding binding = {.job_id = JOB,
                                .sub = "ana",
                                .scrubbed = {TEXT, sizeof TEXT - 1},
                                .keys = keys};
  jose_checked out;
  const char *what = NULL;
  const jose_status status =
      jose_check_record(&record, &binding, &out, &where, &what);
  if (status == JOSE_OK) CHECK(strcmp(out.kid, "vault:a:1") == 0);
  if (status != JOSE_OK) CHECK(out.kid[0] == '\0' && what[0] != '\0');
  return status;
}

static bool refused_at(const parts *of, jose_status want, const char *place) {
  build(of);
  return check_made() == want && strcmp(where, place) == 0;
}

static void a_good_record_passes(void) {
  const parts of = good_parts();
  build(&of);
  CHECK(check_made() == JOSE_OK && where[0] == '\0');
}

static void a_header_that_is_not_the_maps_is_refused(void) {
  static const char *const wrongs[][2] = {
      {"\"alg\":\"dir\"", "\"alg\":\"A256KW\""},
      {"\"dir\"", "\"DIR\""},
      {"A256GCM", "A128GCM"},
      {"scrubjay-map+jwe", "JWE"},
      {"\"enc\"", "\"zip\":\"DEF\",\"enc\""},
      {"\"enc\"", "\"crit\":[],\"enc\""},
      {"\"commit\":\"", "\"commit\":\"A"},
      {JOB, "01980000-0000-7000-8000-000000000002"},
      {"\"sub\":\"ana\"", "\"sub\":\"eve\""},
      {"\"sub\":\"ana\"", "\"sub\":\"ana\",\"t\":1"},
      {"\"fmt\":1", "\"fmt\":2"},
      {"\"fmt\":1", "\"fmt\":\"1\""},
      {"\"sth\":\"", "\"sth\":\"A"},
  };
  for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
    parts of = good_parts();
    replace(of.data_header, wrongs[i][0], wrongs[i][1]);
    CHECK(refused_at(&of, JOSE_MALFORMED, "/vault/data"));
  }
}

static void sizes_that_are_not_theirs_are_refused(void) {
  const struct {
    size_t offset, value;
    const char *where;
  } wrongs[] = {{offsetof(parts, body), 0, "/vault/data"},
                {offsetof(parts, body), 1000, "/vault/data"},
                {offsetof(parts, body), 65 * 1024, "/vault/data"},
                {offsetof(parts, nonce), 11, "/vault/data"},
                {offsetof(parts, tag), 15, "/vault/data"},
                {offsetof(parts, wrapped), 32, "/vault/wraps/0"},
                {offsetof(parts, cek), 31, "/vault/wraps/0"},
                {offsetof(parts, cek), 1900, "/vault/wraps/0"}};
  for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
    parts of = good_parts();
    memcpy((char *)&of + wrongs[i].offset, &wrongs[i].value, sizeof(size_t));
    CHECK(refused_at(&of, JOSE_MALFORMED, wrongs[i].where));
  }
}

static void a_wrap_that_is_not_this_records_is_refused(void) {
  static const char *const wrongs[][2] = {
      {"ECDH-ES+A256KW", "ECDH-ES+A128KW"},
      {"ECDH-ES+A256KW", "PBES2-HS512+A256KW"},
      {"scrubjay-wrap+jwe", "scrubjay-map+jwe"},
      {"\"dh\":\"@\"", "\"dh\":\"AAAA\""},
      {"\"dh\":\"@\",", ""},
      {"vault:a:1", "vault:a:9"},
      {"\"kty\":\"EC\"", "\"kty\":\"OKP\""},
      {"\"epk\":{", "\"epk\":{\"d\":\"AA\","},
      {"\"enc\"", "\"apu\":\"AA\",\"enc\""}};
  for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
    parts of = good_parts();
    replace(of.wrap_header, wrongs[i][0], wrongs[i][1]);
    CHECK(refused_at(&of, JOSE_MALFORMED, "/vault/wraps/0"));
  }
  const parts of = good_parts();
  keys->vaults[0].state = KEYLIST_RETIRED;
  CHECK(refused_at(&of, JOSE_RETIRED, "/vault/wraps/0"));
  keys->vaults[0].state = KEYLIST_ACCEPT; // queues come late
  build(&of);
  CHECK(check_made() == JOSE_OK);
  uint8_t hash[32];
  uint8_t out[32];
  char kid[KEYLIST_KID];
  const jose_text wrap = {made.wrap, strlen(made.wrap)};
  CHECK(EVP_Q_digest(NULL, "SHA256", NULL, made.data, strlen(made.data), hash,
                     NULL) == 1);
  // A re-wrap goes to an active key alone.
  CHECK(jose_check_wrap(&wrap, hash, keys, kid, out, NULL) == JOSE_RETIRED);
  keys->vaults[0].state = KEYLIST_ACTIVE;
  CHECK(jose_check_wrap(&wrap, hash, keys, kid, out, NULL) == JOSE_OK);
  CHECK(strcmp(kid, "vault:a:1") == 0);
  hash[0] ^= 1;
  CHECK(jose_check_wrap(&wrap, hash, keys, kid, out, NULL) == JOSE_MALFORMED);
}

static void a_signature_that_is_not_the_submitters_is_refused(void) {
  parts of = good_parts();
  replace(of.sig_header, "ES256", "none");
  CHECK(refused_at(&of, JOSE_MALFORMED, "/vault/sig"));
  of = good_parts();
  replace(of.sig_header, "\"kid\"", "\"b64\":false,\"kid\"");
  CHECK(refused_at(&of, JOSE_MALFORMED, "/vault/sig"));
  of = good_parts();
  replace(of.sig_header, device_kid, print);
  CHECK(refused_at(&of, JOSE_SIGNATURE, "/vault/sig"));
  of = good_parts();
  of.sub = "eve";
  CHECK(refused_at(&of, JOSE_SIGNATURE, "/vault/sig"));
  of = good_parts();
  build(&of);
  strcpy(made.sig, "e30.e30.AAAA");
  CHECK(check_made() == JOSE_MALFORMED);
  made.sig[0] = '\0';
  CHECK(check_made() == JOSE_MALFORMED && strcmp(where, "/vault/sig") == 0);
  // Signed for this record, then the record changed.
  build(&of);
  char *tag = strrchr(made.data, '.') + 1;
  tag[0] = 'B';
  CHECK(check_made() == JOSE_MALFORMED &&
        strcmp(where, "/vault/wraps/0") == 0); // the wrap's dh
  build(&of);
  strcpy(made.share, "AAAA");
  CHECK(check_made() == JOSE_MALFORMED && strcmp(where, "/vault/share") == 0);
  build(&of);
  made.salt[0] = '\0';
  CHECK(check_made() == JOSE_MALFORMED &&
        strcmp(where, "/vault/text_salt") == 0);
  keylist *had = keys;
  keys = NULL;
  build(&of);
  CHECK(check_made() == JOSE_MALFORMED && strcmp(where, "/vault") == 0);
  keys = had;
}

static bool key_is(const char *header, jose_status want) {
  char text[4096];
  char kid[KEYLIST_KID];
  const char *what = NULL;
  const parts of = good_parts();
  jwe(text, header, &of, 40, 200);
  const jose_text one = {text, strlen(text)};
  return jose_check_key(&one, keys, kid, &what) == want &&
         (kid[0] != '\0') == (want == JOSE_OK);
}

static void a_wrapped_key_costs_a_guess_enough(void) {
#define BY_WORD(p2c, p2s)                                                      \
  "{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A256GCM\",\"kid\":\"k\","         \
  "\"p2c\":" p2c ",\"p2s\":\"" p2s "\"}"
#define S16 "AAAAAAAAAAAAAAAAAAAAAA"
  CHECK(key_is(BY_WORD("600000", S16), JOSE_OK));
  CHECK(key_is(BY_WORD("599999", S16), JOSE_MALFORMED));
  CHECK(key_is(BY_WORD("10000001", S16), JOSE_MALFORMED));
  CHECK(key_is(BY_WORD("\"600000\"", S16), JOSE_MALFORMED));
  CHECK(key_is(BY_WORD("6e5", S16), JOSE_MALFORMED));
  CHECK(key_is(BY_WORD("600000", "AAAA"), JOSE_MALFORMED));
#define TO(kid) "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"kid\":\"" kid
  CHECK(key_is(TO("recovery:1\",\"epk\":{}}"), JOSE_OK));
  CHECK(key_is(TO("someone\",\"epk\":{}}"), JOSE_MALFORMED));
  CHECK(key_is(TO("recovery:1\"}"), JOSE_MALFORMED));
  CHECK(key_is("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"k\"}",
               JOSE_MALFORMED));
  CHECK(key_is("{}", JOSE_MALFORMED));
}

int main(void) {
  open_keys();
  RUN(a_list_of_the_pinned_root_is_read);
  RUN(a_list_of_another_root_is_refused);
  RUN(a_list_is_good_from_its_time_to_its_end);
  RUN(a_payload_that_misleads_is_refused_with_its_place);
  RUN(a_list_follows_another_without_loss);
  keys =
      make(vault_entry("vault:a:1", "active"), member("ana", "\"submitter\""));
  RUN(a_good_record_passes);
  RUN(a_header_that_is_not_the_maps_is_refused);
  RUN(sizes_that_are_not_theirs_are_refused);
  RUN(a_wrap_that_is_not_this_records_is_refused);
  RUN(a_signature_that_is_not_the_submitters_is_refused);
  RUN(a_wrapped_key_costs_a_guess_enough);
  keylist_free(keys);
  EVP_PKEY *all[] = {root, other, vault, user, device};
  for (size_t i = 0; i < 5; i++)
    EVP_PKEY_free(all[i]);
  return CHECK_DONE();
}
