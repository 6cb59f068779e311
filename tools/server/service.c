// SPDX-License-Identifier: Apache-2.0
//
// service.c - open what the configuration names, in the order that each needs
// the one before, and close it in the other.

#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#include "../common/files.h"
#include "audit.h"
#include "log.h"
#include "roles.h"

enum { MIB = 1 << 20 };

static bool fail(const char *what, const char *detail) {
  fprintf(stderr, "scrubjayd: %s%s%s\n", what, detail[0] == '\0' ? "" : ": ",
          detail);
  return false;
}

static int64_t now_ms(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool open_issuers(service *self) {
  const config *set = self->config;
  const char *what = "";
  self->issuers = issuers_new();
  if (self->issuers == NULL) return fail("out of memory", "");
  if (set->dev_issuer) {
    char listen[CONFIG_HOST + 8];
    (void)snprintf(listen, sizeof(listen),
                   strchr(set->host, ':') != NULL ? "[%s]:%u" : "%s:%u",
                   set->host, (unsigned)set->port);
    self->dev = issuer_dev_new(
        listen, set->audience[0] == '\0' ? "scrubjay" : set->audience);
    if (self->dev == NULL)
      return fail("[token] dev_issuer",
                  "it is for a server that listens on loopback alone");
    if (!issuer_dev_join(self->dev, self->issuers, &what))
      return fail("[token] dev_issuer", what);
  }
  if (set->jwks[0] == '\0')
    return set->dev_issuer || fail("[token]", "no issuer is named");
  sj_buffer jwks = {0};
  const int error = sj_file_read(set->jwks, JWKS_MAX, &jwks);
  bool good = error == 0 && !jwks.failed;
  if (!good) what = "the file cannot be read";
  good = good && issuers_add(self->issuers, set->issuer, set->audience,
                             jwks.data, jwks.len, &what);
  sj_buffer_free(&jwks);
  return good || fail("[token] jwks", what);
}

// The fingerprint that the operator pinned, with or without "root:".
static bool read_root(service *self) {
  sj_buffer file = {0};
  bool good = sj_file_read(self->config->root_key, 256, &file) == 0;
  const char *text = file.data;
  size_t len = file.len;
  while (good && len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
    len--;
  if (good && len > 5 && memcmp(text, "root:", 5) == 0) text += 5, len -= 5;
  good = good && len == KEYLIST_FINGERPRINT;
  if (good) memcpy(self->root, text, len);
  sj_buffer_free(&file);
  return good || fail("[vault] root_key", "no file with a fingerprint");
}

// The list that is stored, checked again against the pinned root.
static bool read_keys(service *self) {
  sj_buffer jws = {0};
  int64_t serial;
  keylist *keys = NULL;
  const store_status status = store_keylist(self->store, &serial, &jws);
  if (status == STORE_NOT_FOUND) return true;
  keylist_status verified = KEYLIST_NOMEM;
  if (status == STORE_OK && !jws.failed)
    verified = keylist_verify(jws.data, jws.len, self->root, now_ms() / 1000,
                              &keys, NULL);
  sj_buffer_free(&jws);
  if (verified == KEYLIST_OK) {
    service_set_keys(self, keys);
    return true;
  }
  // Nothing is sealed to a list that is past its time, yet the server has to
  // run, for the next list comes through it.
  if (verified != KEYLIST_EXPIRED)
    return fail("the stored key list", keylist_status_text(verified));
  log_event(LOG_WARN, "keylist_expired", NULL);
  return true;
}

static bool open_vault(service *self) {
  const config *set = self->config;
  if (!set->vault_sealed) return true;
  if (!read_root(self)) return false;
  share_status status = keks_open(set->kek, &self->keks);
  if (status == SHARE_OK) status = keks_roll(self->keks, now_ms() / 1000);
  if (status != SHARE_OK) return fail("[vault] kek", share_status_text(status));
  return read_keys(self);
}

static bool open_rest(service *self) {
  const config *set = self->config;
  const rate_rule rules[RATE_COUNT] = {
      [RATE_SUBMIT] = {set->submit_burst, set->submits_per_minute, 60},
      [RATE_RELEASE] = {set->releases_per_hour, set->releases_per_hour, 3600},
      [RATE_AUTH_FAILURE] = {set->auth_failures_per_minute,
                             set->auth_failures_per_minute, 60}};
  self->rates = rates_new(rules);
  if (self->rates == NULL) return fail("out of memory", "");
  if (set->guard && guard_new(&self->guard) != GUARD_OK)
    return fail("out of memory", "");
  return true;
}

static bool tell(service *self, const char *action) {
  const audit_entry entry = {.actor = "system",
                             .action = action,
                             .outcome = "ok",
                             .detail = "{\"version\":\"" SJ_VERSION "\"}",
                             .t_ms = now_ms()};
  return store_audit(self->store, (store_trail){&entry, 1}, NULL) == STORE_OK;
}

bool service_open(service *self, const config *set) {
  *self = (service){.config = set};
  (void)pthread_rwlock_init(&self->lock, NULL);
  if (set->store[0] == '\0') return true;
  const char *what = "";
  const store_options options = {set->store, (size_t)set->queue, 0};
  if (store_open(&options, &self->store, &what) != STORE_OK)
    return fail("[store] path", what);
  if (!open_issuers(self) || !open_vault(self) || !open_rest(self))
    return false;
  return tell(self, AUDIT_SERVICE_START) ||
         fail("[store] path", "the first row could not be written");
}

void service_close(service *self) {
  if (self->store != NULL && self->rates != NULL)
    (void)tell(self, AUDIT_SERVICE_STOP);
  store_close(self->store);
  rates_free(self->rates);
  guard_free(self->guard);
  keks_close(self->keks);
  issuer_dev_free(self->dev);
  issuers_free(self->issuers);
  keylist_free(self->keys);
  (void)pthread_rwlock_destroy(&self->lock);
}

const keylist *service_keys(service *self) {
  (void)pthread_rwlock_rdlock(&self->lock);
  return self->keys;
}

void service_keys_end(service *self) {
  (void)pthread_rwlock_unlock(&self->lock);
}

void service_set_keys(service *self, keylist *keys) {
  (void)pthread_rwlock_wrlock(&self->lock);
  keylist *old = self->keys;
  // Two lists may be on their way: the later one stays.
  const bool later = old == NULL || keys->serial > old->serial;
  self->keys = later ? keys : old;
  (void)pthread_rwlock_unlock(&self->lock);
  keylist_free(later ? old : keys);
}

bool service_has_space(service *self) {
  static _Atomic int64_t looked_s, enough;
  const config *set = self->config;
  const int64_t now_s = now_ms() / 1000;
  if (self->store == NULL) return true;
  if (looked_s == now_s) return enough != 0;
  struct statvfs disk;
  if (statvfs(set->store, &disk) != 0) return false;
  const uint64_t free_mb = (uint64_t)disk.f_bavail * disk.f_frsize / MIB;
  const uint64_t percent =
      disk.f_blocks == 0 ? 100 : (uint64_t)disk.f_bavail * 100 / disk.f_blocks;
  enough = free_mb >= (uint64_t)set->disk_free_mb &&
           percent >= (uint64_t)set->disk_free_percent;
  looked_s = now_s;
  return enough != 0;
}

bool service_add_member(service *self, const char *sub, uint32_t roles) {
  const audit_entry entry = {.actor = "system",
                             .action = AUDIT_MEMBER_CHANGED,
                             .outcome = "ok",
                             .object = sub,
                             .t_ms = now_ms()};
  return store_put_member(self->store, sub, roles, true,
                          (store_trail){&entry, 1}, NULL) == STORE_OK;
}
