// SPDX-License-Identifier: Apache-2.0
//
// service.h - what all requests share: made of the configuration at start,
// thread-safe from then on.
#ifndef SCRUBJAYD_SERVICE_H
#define SCRUBJAYD_SERVICE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "../common/keylist.h"
#include "config.h"
#include "guard.h"
#include "issuer_dev.h"
#include "jwks.h"
#include "rates.h"
#include "share.h"
#include "store.h"
#include "token.h"

/// The oldest rule set that a submission may be scrubbed with.
#define SERVICE_MIN_RULESET "0.1.0"

typedef struct service {
  const config *config;
  store *store; ///< NULL: no API, the page alone
  issuers *issuers;
  issuer_dev *dev; ///< NULL but for a development server
  keks *keks;      ///< NULL with the vault off
  guard *guard;    ///< NULL with the guard off
  rates *rates;
  char root[KEYLIST_FINGERPRINT + 1]; ///< of the pinned root key
  const char *role;

  pthread_rwlock_t lock; ///< over `keys`
  keylist *keys;         ///< the newest; NULL: none yet
} service;

/// Make it; `config` is borrowed. False with a sentence on standard error.
bool service_open(service *service, const config *config);
void service_close(service *service);

/// The key list, held until service_keys_end(); NULL where there is none.
const keylist *service_keys(service *service);
void service_keys_end(service *service);
/// Take over one that is stored.
void service_set_keys(service *service, keylist *keys);

/// Whether a write would find room: by what was configured as the least free
/// space, looked at once a second.
bool service_has_space(service *service);

/// Give a member roles; for the command line and for development.
bool service_add_member(service *service, const char *sub, uint32_t roles);

#endif // SCRUBJAYD_SERVICE_H
