// SPDX-License-Identifier: Apache-2.0
//
// rates.c - token buckets in a table of fixed size. Where a row is full, the
// bucket that is nearest to full again gives way, so that a flood of names
// never grows memory; it can only forgive.

#include "rates.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 512, WAYS = 8, NAME = 136 };

typedef struct bucket {
  char who[NAME]; // the kind in front; empty: free
  int64_t at_ms;
  int64_t milli; // thousandths of one that are left
} bucket;

struct rates {
  pthread_mutex_t mutex;
  rate_rule rules[RATE_COUNT];
  bucket table[ROWS][WAYS];
};

rates *rates_new(const rate_rule rules[RATE_COUNT]) {
  rates *self = calloc(1, sizeof(*self));
  if (self == NULL) return NULL;
  (void)pthread_mutex_init(&self->mutex, NULL);
  memcpy(self->rules, rules, sizeof(self->rules));
  return self;
}

void rates_free(rates *self) {
  if (self == NULL) return;
  (void)pthread_mutex_destroy(&self->mutex);
  free(self);
}

static uint32_t row_of(const char *who) {
  uint32_t hash = 2166136261u; // FNV-1a
  for (; *who != '\0'; who++)
    hash = (hash ^ (unsigned char)*who) * 16777619u;
  return hash % ROWS;
}

static void refill(bucket *at, const rate_rule *rule, int64_t now_ms) {
  // A clock that was put back gives nothing, and takes nothing.
  const int64_t passed = now_ms > at->at_ms ? now_ms - at->at_ms : 0;
  const int64_t most = rule->burst * 1000;
  const int64_t longest = rule->burst * rule->seconds * 1000 / rule->per + 1000;
  at->milli =
      passed > longest ? most : at->milli + passed * rule->per / rule->seconds;
  if (at->milli > most) at->milli = most;
  at->at_ms = now_ms;
}

// The bucket of a name, refilled; the mutex is held.
static bucket *find(rates *self, rate kind, const char *who, int64_t now_ms) {
  char name[NAME] = {(char)('a' + (int)kind)};
  size_t len = strlen(who);
  if (len > NAME - 2) len = NAME - 2;
  memcpy(name + 1, who, len);
  bucket *row = self->table[row_of(name)];
  bucket *best = row;
  for (size_t i = 0; i < WAYS; i++) {
    bucket *at = &row[i];
    if (at->who[0] != '\0') {
      refill(at, &self->rules[at->who[0] - 'a'], now_ms);
      if (strcmp(at->who, name) == 0) return at;
    }
    if (at->who[0] == '\0' || (best->who[0] != '\0' && at->milli > best->milli))
      best = at;
  }
  *best = (bucket){.at_ms = now_ms, .milli = self->rules[kind].burst * 1000};
  memcpy(best->who, name, sizeof(name));
  return best;
}

bool rates_take(rates *self,
                rate kind,
                const char *who,
                int64_t now_ms,
                unsigned *wait_s) {
  const rate_rule *rule = &self->rules[kind];
  (void)pthread_mutex_lock(&self->mutex);
  bucket *at = find(self, kind, who, now_ms);
  const bool taken = at->milli >= 1000;
  if (taken)
    at->milli -= 1000;
  else
    *wait_s =
        (unsigned)((1000 - at->milli) * rule->seconds / (rule->per * 1000)) + 1;
  (void)pthread_mutex_unlock(&self->mutex);
  return taken;
}

bool rates_peek(rates *self, rate kind, const char *who, int64_t now_ms) {
  (void)pthread_mutex_lock(&self->mutex);
  const bool there = find(self, kind, who, now_ms)->milli >= 1000;
  (void)pthread_mutex_unlock(&self->mutex);
  return there;
}
