// SPDX-License-Identifier: Apache-2.0
//
// keylist.c - see keylist.h. The signature is checked before the payload is
// read; after that the root's word is checked for what would mislead us: two
// of one name, keys off the curve, times that make no sense.

#include "keylist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "b64.h"
#include "base/json_tree.h"
#include "jwk.h"
#include "jws.h"
#include "roles.h"

enum { SIG = 64, LEEWAY = 300 };

static const char *const MEMBERS[] = {
    "v", "serial", "issued", "not_after", "vault", "recovery", "members", NULL};

static bool refuse(keylist_error *error, const char *what, const char *where) {
  if (error != NULL && error->what == NULL) {
    error->what = what;
    snprintf(error->pointer, sizeof(error->pointer), "%s", where);
  }
  return false;
}

static bool refuse_at(keylist_error *error,
                      const char *what,
                      const char *list,
                      size_t index) {
  char where[48];
  snprintf(where, sizeof(where), "/%s/%zu", list, index);
  return refuse(error, what, where);
}

static bool digits(const char **at, int count, int *out) {
  *out = 0;
  for (int i = 0; i < count; i++, (*at)++) {
    if (**at < '0' || **at > '9') return false;
    *out = *out * 10 + (**at - '0');
  }
  return true;
}

// RFC 3339 in UTC, with or without a fraction. What timegm() has to mend, such
// as February 30, is no time.
static bool read_time(const sj_json_node *node, int64_t *out) {
  if (node == NULL) return false;
  const char *at = node->text;
  struct tm tm = {0};
  if (!digits(&at, 4, &tm.tm_year) || *at++ != '-' ||
      !digits(&at, 2, &tm.tm_mon) || *at++ != '-' ||
      !digits(&at, 2, &tm.tm_mday) || *at++ != 'T' ||
      !digits(&at, 2, &tm.tm_hour) || *at++ != ':' ||
      !digits(&at, 2, &tm.tm_min) || *at++ != ':' ||
      !digits(&at, 2, &tm.tm_sec))
    return false;
  if (*at == '.') {
    const size_t more = strspn(at + 1, "0123456789");
    if (more == 0 || more > 9) return false;
    at += 1 + more;
  }
  if (strcmp(at, "Z") != 0 || tm.tm_year < 1970) return false;
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  const struct tm asked = tm;
  *out = (int64_t)timegm(&tm);
  return asked.tm_mon == tm.tm_mon && asked.tm_mday == tm.tm_mday &&
         asked.tm_hour == tm.tm_hour && asked.tm_min == tm.tm_min &&
         asked.tm_sec == tm.tm_sec;
}

static bool is_kid(const char *kid, size_t len) {
  if (len == 0 || len >= KEYLIST_KID) return false;
  for (size_t i = 0; i < len; i++)
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                "0123456789:._-",
                kid[i]))
      return false;
  return true;
}

bool keylist_is_vault_kid(const char *kid, size_t len) {
  static const char name[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  if (!is_kid(kid, len) || len < 9 || memcmp(kid, "vault:", 6) != 0)
    return false;
  const char *at = kid + 6;
  const char *colon = memchr(at, ':', len - 6);
  if (colon == NULL || colon == at || colon - at > 32 || *at == '-')
    return false;
  for (; at < colon; at++)
    if (*at != '-' && !strchr(name, *at)) return false;
  const size_t version = (size_t)(kid + len - colon - 1);
  if (version < 1 || version > 6 || colon[1] == '0') return false;
  for (at = colon + 1; at < kid + len; at++)
    if (*at < '0' || *at > '9') return false;
  return true;
}

bool keylist_is_sub(const char *sub, size_t len) {
  if (len == 0 || len > 128) return false;
  for (size_t i = 0; i < len; i++)
    if (sub[i] < '!' || sub[i] > '~' || sub[i] == '"' || sub[i] == '\\')
      return false;
  return true;
}

static EVP_PKEY *read_p256(const sj_json_node *node) {
  EVP_PKEY *key = sj_jwk_read(node);
  if (key != NULL && sj_jwk_kind_of(key) == SJ_JWK_P256) return key;
  EVP_PKEY_free(key);
  return NULL;
}

static const sj_json_node *
array(const sj_json_node *node, const char *key, size_t most) {
  const sj_json_node *at = sj_json_tree_get(node, key);
  if (at == NULL || at->kind != SJ_JSON_ARRAY || at->len > most) return NULL;
  return at;
}

static bool
read_vault(keylist *list, const sj_json_node *node, keylist_error *error) {
  static const char *const keys[] = {"kid", "state", "jwk", NULL};
  static const char *const states[] = {"active", "accept", "retired"};
  const size_t index = list->vault_count;
  keylist_vault *vault = &list->vaults[list->vault_count++];
  const sj_json_node *kid = sj_json_text(node, "kid");
  if (!sj_json_exactly(node, keys) || kid == NULL ||
      !keylist_is_vault_kid(kid->text, kid->len))
    return refuse_at(error, "no {kid, state, jwk} with vault:NAME:V", "vault",
                     index);
  if (keylist_find_vault(list, kid->text, kid->len) != NULL)
    return refuse_at(error, "a kid twice", "vault", index);
  for (size_t i = 0; i < 3; i++)
    if (sj_json_says(node, "state", states[i]))
      vault->state = (keylist_state)(KEYLIST_ACTIVE + i);
  vault->key = read_p256(sj_json_tree_get(node, "jwk"));
  if (vault->state == KEYLIST_UNKNOWN || vault->key == NULL)
    return refuse_at(error, "no known state, or no key on P-256", "vault",
                     index);
  memcpy(vault->kid, kid->text, kid->len);
  return true;
}

static bool read_device(keylist_member *member, const sj_json_node *node) {
  const size_t at = member->devices;
  if (at == KEYLIST_DEVICES) return false;
  EVP_PKEY *key = read_p256(node);
  if (key == NULL) return false;
  member->device[member->devices++] = key;
  return sj_jwk_thumbprint(key, member->device_kid[at]);
}

static bool
read_member(keylist *list, const sj_json_node *node, keylist_error *error) {
  const size_t index = list->member_count;
  keylist_member *member = &list->members[list->member_count++];
  const sj_json_node *sub = sj_json_text(node, "sub");
  if (sub == NULL || !keylist_is_sub(sub->text, sub->len))
    return refuse_at(error, "no sub of 1 to 128 printable characters",
                     "members", index);
  if (keylist_find_member(list, sub->text) != NULL)
    return refuse_at(error, "a sub twice", "members", index);
  const sj_json_node *roles = array(node, "roles", 8);
  if (roles == NULL)
    return refuse_at(error, "no list of roles", "members", index);
  for (const sj_json_node *at = roles->child; at != NULL; at = at->next) {
    const unsigned bit =
        at->kind == SJ_JSON_STRING ? sj_member_role_bit(at->text, at->len) : 0;
    if (bit == 0 || (member->roles & bit) != 0)
      return refuse_at(error, "an unknown role, or one twice", "members",
                       index);
    member->roles |= bit;
  }
  const sj_json_node *uk = sj_json_tree_get(node, "uk");
  if (uk != NULL && uk->kind != SJ_JSON_NULL) {
    member->uk = read_p256(uk);
    if (member->uk == NULL)
      return refuse_at(error, "uk is no key on P-256", "members", index);
  }
  const sj_json_node *devices = sj_json_tree_get(node, "device");
  if (devices != NULL && devices->kind != SJ_JSON_ARRAY)
    return refuse_at(error, "device is no list", "members", index);
  for (const sj_json_node *at = devices ? devices->child : NULL; at != NULL;
       at = at->next)
    if (!read_device(member, at))
      return refuse_at(error, "a device is no key on P-256, or one too many",
                       "members", index);
  memcpy(member->sub, sub->text, sub->len);
  return true;
}

static bool
read_head(keylist *list, const sj_json_node *node, keylist_error *error) {
  const sj_json_node *v = sj_json_tree_get(node, "v");
  const sj_json_node *serial = sj_json_tree_get(node, "serial");
  if (!sj_json_exactly(node, MEMBERS) || !v->is_integer || v->integer != 1)
    return refuse(error, "not version 1 with its members and no other", "");
  if (!serial->is_integer || serial->integer < 1 ||
      serial->integer > (INT64_C(1) << 53) - 1)
    return refuse(error, "no whole number from 1", "/serial");
  list->serial = serial->integer;
  if (!read_time(sj_json_text(node, "issued"), &list->issued))
    return refuse(error, "no RFC 3339 time in UTC", "/issued");
  if (!read_time(sj_json_text(node, "not_after"), &list->not_after) ||
      list->not_after <= list->issued)
    return refuse(error, "no RFC 3339 time in UTC after issued", "/not_after");
  const sj_json_node *recovery = sj_json_tree_get(node, "recovery");
  const sj_json_node *kid = sj_json_text(recovery, "kid");
  list->recovery = read_p256(sj_json_tree_get(recovery, "jwk"));
  if (kid == NULL || !is_kid(kid->text, kid->len) || list->recovery == NULL)
    return refuse(error, "no {kid, jwk} with a key on P-256", "/recovery");
  memcpy(list->recovery_kid, kid->text, kid->len);
  return true;
}

static keylist_status
read_payload(keylist *list, const sj_json_node *node, keylist_error *error) {
  if (!read_head(list, node, error)) return KEYLIST_PAYLOAD;
  const sj_json_node *vaults = array(node, "vault", KEYLIST_VAULTS);
  const sj_json_node *members = array(node, "members", KEYLIST_MEMBERS);
  if (vaults == NULL || members == NULL) {
    (void)refuse(error, "no list, or too long",
                 vaults == NULL ? "/vault" : "/members");
    return KEYLIST_PAYLOAD;
  }
  list->vaults = calloc(vaults->len + 1, sizeof(*list->vaults));
  list->members = calloc(members->len + 1, sizeof(*list->members));
  if (list->vaults == NULL || list->members == NULL) return KEYLIST_NOMEM;
  for (const sj_json_node *at = vaults->child; at != NULL; at = at->next)
    if (!read_vault(list, at, error)) return KEYLIST_PAYLOAD;
  for (const sj_json_node *at = members->child; at != NULL; at = at->next)
    if (!read_member(list, at, error)) return KEYLIST_PAYLOAD;
  return KEYLIST_OK;
}

static keylist_status parse_payload(sj_arena *arena,
                                    const char *json,
                                    size_t len,
                                    keylist *list,
                                    keylist_error *error) {
  const sj_json_node *payload = NULL;
  const sj_status read = sj_json_tree_parse(arena, json, len, &payload, NULL);
  if (read == SJ_NOMEM) return KEYLIST_NOMEM;
  if (read == SJ_OK) return read_payload(list, payload, error);
  (void)refuse(error, "no strict JSON", "");
  return KEYLIST_PAYLOAD;
}

// The key of the header, where its digest is the pinned one.
static keylist_status root_of(const sj_json_node *header,
                              const char *fingerprint,
                              keylist *list,
                              EVP_PKEY **out) {
  static const char *const keys[] = {"alg", "jwk", "kid", "typ", NULL};
  const sj_json_node *kid = sj_json_text(header, "kid");
  if (!sj_json_exactly(header, keys) || !sj_json_says(header, "alg", "EdDSA") ||
      !sj_json_says(header, "typ", "scrubjay-keylist+jws") || kid == NULL ||
      strncmp(kid->text, "root:", 5) != 0)
    return KEYLIST_FORM;
  if (strncmp(fingerprint, "root:", 5) == 0) fingerprint += 5;
  *out = sj_jwk_read(sj_json_tree_get(header, "jwk"));
  if (*out == NULL || sj_jwk_kind_of(*out) != SJ_JWK_ED25519)
    return KEYLIST_FORM;
  if (!sj_jwk_fingerprint(*out, list->root)) return KEYLIST_NOMEM;
  return strcmp(list->root, fingerprint) == 0 &&
                 strcmp(kid->text + 5, fingerprint) == 0
             ? KEYLIST_OK
             : KEYLIST_ROOT;
}

static keylist_status verify_and_read(sj_arena *arena,
                                      const sj_part parts[SJ_JWS_PARTS],
                                      const char *fingerprint,
                                      keylist *list,
                                      keylist_error *error) {
  EVP_PKEY *root = NULL;
  uint8_t sig[SIG];
  const sj_json_node *header = sj_compact_header(arena, parts[0]);
  keylist_status status =
      header != NULL ? root_of(header, fingerprint, list, &root) : KEYLIST_FORM;
  const sj_part input = {parts[0].text, parts[0].len + 1 + parts[1].len};
  if (status == KEYLIST_OK &&
      (!sj_b64_exact(parts[2].text, parts[2].len, sig, SIG) ||
       !sj_jws_verify(root, SJ_JWS_EDDSA, input, sig, SIG)))
    status = KEYLIST_SIGNATURE;
  EVP_PKEY_free(root);
  if (status != KEYLIST_OK) return status;

  size_t len = 0;
  uint8_t *bytes = sj_arena_take(arena, parts[1].len);
  if (bytes == NULL) return KEYLIST_NOMEM;
  if (!sj_b64_decode(parts[1].text, parts[1].len, bytes, parts[1].len, &len))
    return KEYLIST_FORM;
  return parse_payload(arena, (const char *)bytes, len, list, error);
}

keylist_status keylist_read(const char *json,
                            size_t len,
                            keylist **out,
                            keylist_error *error) {
  *out = NULL;
  if (error != NULL) *error = (keylist_error){0};
  if (len > KEYLIST_MAX) return KEYLIST_SIZE;
  keylist *list = calloc(1, sizeof(*list));
  if (list == NULL) return KEYLIST_NOMEM;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const keylist_status status = parse_payload(&arena, json, len, list, error);
  sj_arena_release(&arena);
  if (status == KEYLIST_OK)
    *out = list;
  else
    keylist_free(list);
  return status;
}

keylist_status keylist_verify(const char *jws,
                              size_t len,
                              const char *fingerprint,
                              int64_t now_s,
                              keylist **out,
                              keylist_error *error) {
  *out = NULL;
  if (error != NULL) *error = (keylist_error){0};
  if (len > KEYLIST_MAX) return KEYLIST_SIZE;
  sj_part parts[SJ_JWS_PARTS];
  if (!sj_compact_split(jws, len, parts, SJ_JWS_PARTS)) return KEYLIST_FORM;
  keylist *list = calloc(1, sizeof(*list));
  if (list == NULL) return KEYLIST_NOMEM;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  keylist_status status =
      verify_and_read(&arena, parts, fingerprint, list, error);
  sj_arena_release(&arena);
  if (status == KEYLIST_OK && now_s != KEYLIST_EVER &&
      (now_s >= list->not_after || now_s < list->issued - LEEWAY))
    status = KEYLIST_EXPIRED;
  if (status == KEYLIST_OK)
    *out = list;
  else
    keylist_free(list);
  return status;
}

void keylist_free(keylist *list) {
  if (list == NULL) return;
  for (size_t i = 0; i < list->vault_count; i++)
    EVP_PKEY_free(list->vaults[i].key);
  for (size_t i = 0; i < list->member_count; i++) {
    EVP_PKEY_free(list->members[i].uk);
    for (size_t k = 0; k < list->members[i].devices; k++)
      EVP_PKEY_free(list->members[i].device[k]);
  }
  EVP_PKEY_free(list->recovery);
  free(list->vaults);
  free(list->members);
  free(list);
}

static bool has_custodian(const keylist *list) {
  for (size_t i = 0; i < list->member_count; i++)
    if ((list->members[i].roles & ROLE_CUSTODIAN) != 0) return true;
  return false;
}

keylist_status keylist_follows(const keylist *now, const keylist *next) {
  if (now == NULL) return KEYLIST_OK;
  if (next->serial != now->serial + 1) return KEYLIST_SERIAL;
  for (size_t i = 0; i < now->vault_count; i++) {
    const keylist_vault *old = &now->vaults[i];
    const keylist_vault *new =
        keylist_find_vault(next, old->kid, strlen(old->kid));
    if (new == NULL || EVP_PKEY_eq(old->key, new->key) != 1 ||
        (old->state == KEYLIST_RETIRED && new->state != KEYLIST_RETIRED))
      return KEYLIST_LOSS;
  }
  return has_custodian(now) && !has_custodian(next) ? KEYLIST_LOSS : KEYLIST_OK;
}

const keylist_vault *
keylist_find_vault(const keylist *list, const char *kid, size_t len) {
  for (size_t i = 0; i < list->vault_count; i++)
    if (strlen(list->vaults[i].kid) == len &&
        memcmp(list->vaults[i].kid, kid, len) == 0)
      return &list->vaults[i];
  return NULL;
}

const keylist_member *keylist_find_member(const keylist *list,
                                          const char *sub) {
  for (size_t i = 0; i < list->member_count; i++)
    if (list->members[i].sub[0] != '\0' &&
        strcmp(list->members[i].sub, sub) == 0)
      return &list->members[i];
  return NULL;
}

EVP_PKEY *keylist_find_device(const keylist *list,
                              const char *sub,
                              const char *kid,
                              size_t len) {
  const keylist_member *member = keylist_find_member(list, sub);
  if (member == NULL || len != KEYLIST_FINGERPRINT) return NULL;
  for (size_t i = 0; i < member->devices; i++)
    if (memcmp(member->device_kid[i], kid, len) == 0) return member->device[i];
  return NULL;
}

const char *keylist_status_text(keylist_status status) {
  static const char *const texts[] = {
      [KEYLIST_OK] = "valid",
      [KEYLIST_NOMEM] = "out of memory",
      [KEYLIST_SIZE] = "longer than a key list may be",
      [KEYLIST_FORM] = "no signed key list",
      [KEYLIST_ROOT] = "signed by another root than the pinned one",
      [KEYLIST_SIGNATURE] = "the root's signature does not fit",
      [KEYLIST_PAYLOAD] = "its content has a fault",
      [KEYLIST_EXPIRED] = "expired, or issued in the future",
      [KEYLIST_SERIAL] = "its serial is not the next one",
      [KEYLIST_LOSS] = "it would lose a vault key or the last custodian"};
  return texts[status];
}
