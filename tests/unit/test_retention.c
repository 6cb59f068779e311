// SPDX-License-Identifier: Apache-2.0
//
// Shredding: after a run, the bytes of a share, of a sealed record and of a
// text are in no file of the store, and an older backup opens no more. Each is
// looked for before as well, so that looking is known to find.

#include "retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"
#include "check.h"

enum { JOBS = 20 };
#define DAY_MS (24 * 3600 * INT64_C(1000))
#define NOW_MS INT64_C(1793534400000) // 1 November 2026
#define JOB "0192f0c1-0000-7000-8000-0000000000%02d"

static char folder[64];

static const char *path_of(const char *name) {
  static char path[4][128];
  static unsigned turn;
  char *out = path[turn++ % 4];
  (void)snprintf(out, sizeof(path[0]), "%s/%s", folder, name);
  return out;
}

static size_t count_in(const char *name, const void *bytes, size_t len) {
  FILE *file = fopen(path_of(name), "rb");
  if (file == NULL) return 0;
  static char data[8 << 20];
  const size_t size = fread(data, 1, sizeof(data), file);
  (void)fclose(file);
  size_t found = 0;
  for (size_t i = 0; i + len <= size; i++)
    found += memcmp(data + i, bytes, len) == 0 ? 1 : 0;
  return found;
}

// In the database, its journal and the journal's index.
static size_t count_all(const void *bytes, size_t len) {
  return count_in("store.db", bytes, len) +
         count_in("store.db-wal", bytes, len) +
         count_in("store.db-shm", bytes, len);
}

typedef struct sample {
  char id[37], text[96], data[96], wrap[64];
  uint8_t share[32], sealed[60];
  uint32_t epoch;
} sample;

static sample samples[JOBS];

static void
put(store *of, keks *keys, int number, int64_t vault_days, int64_t text_days) {
  sample *s = &samples[number];
  (void)snprintf(s->id, sizeof(s->id), JOB, number);
  (void)snprintf(s->text, sizeof(s->text),
                 "Text-%02d-Qx7mTq of <PERSON_0>, unlike any other.", number);
  (void)snprintf(s->data, sizeof(s->data),
                 "eyJhbGciOiJkaXIifQ..Cipher-%02d-Zk4vWb", number);
  (void)snprintf(s->wrap, sizeof(s->wrap), "eyJ3cmFwIn0.Wrap-%02d-Pq8s",
                 number);
  for (int i = 0; i < 32; i++)
    s->share[i] = (uint8_t)(37 * i + 11 * number + 5);
  CHECK(share_seal(keys, s->id, s->share, &s->epoch, s->sealed) == SHARE_OK);
  store_vault vault = {.fmt = 1,
                       .data = s->data,
                       .sig = "sig",
                       .kid = "vault:v:1",
                       .wrap = s->wrap,
                       .epoch = s->epoch};
  memcpy(vault.share, s->sealed, 60);
  const store_job job = {.id = s->id,
                         .submitted_by = "dr.lind",
                         .document_type = "note",
                         .specialty = "medicine",
                         .policy = "safe-harbor",
                         .lang = "en",
                         .text = s->text,
                         .text_len = strlen(s->text),
                         .entities = "[]",
                         .attestation = "{}",
                         .ruleset = "0.1.0",
                         .model = "none",
                         .engine = "{}",
                         .status = "phi_confirmed",
                         .created_ms = NOW_MS,
                         .expires_ms = NOW_MS + text_days * DAY_MS,
                         .vault_expires_ms = NOW_MS + vault_days * DAY_MS,
                         .vault = &vault};
  const store_once once = {.sub = "dr.lind",
                           .key = s->id,
                           .answer = s->text,
                           .expires_ms = NOW_MS + 7 * DAY_MS};
  const audit_entry entry = {.actor = "dr.lind",
                             .action = AUDIT_JOB_SUBMITTED,
                             .outcome = "ok",
                             .object = s->id,
                             .t_ms = NOW_MS};
  sj_buffer replay = {0};
  store_receipt receipt;
  CHECK(store_submit(of, &job, &once, (store_trail){&entry, 1}, &replay,
                     &receipt) == STORE_OK);
  sj_buffer_free(&replay);
}

static store *opened(void) {
  store *of = NULL;
  const char *what = NULL;
  const store_options options = {path_of("store.db"), 64, 2};
  CHECK(store_open(&options, &of, &what) == STORE_OK);
  return of;
}

static void clear(void) {
  static const char *const names[] = {
      "store.db", "store.db-wal", "store.db-shm", "store.db.lock",
      "keks",     "old.db",       "new.db",       "keks.lock"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    (void)unlink(path_of(names[i]));
}

static void what_expired_is_in_no_file(void) {
  clear();
  keks *keys = NULL;
  CHECK(keks_open(path_of("keks"), &keys) == SHARE_OK);
  CHECK(keks_roll(keys, NOW_MS / 1000) == SHARE_OK);
  store *of = opened();
  for (int i = 0; i < JOBS; i++) // the even ones live longer
    put(of, keys, i, i % 2 == 0 ? 90 : 30, i % 2 == 0 ? 365 : 180);
  config set;
  config_defaults(&set);
  retention_count count;

  CHECK(store_backup(of, path_of("old.db"), true) == STORE_OK);
  for (int i = 0; i < JOBS; i++) {
    const sample *s = &samples[i];
    CHECK(count_all(s->sealed, 60) > 0 &&
          count_in("old.db", s->sealed, 60) > 0);
    CHECK(count_all(s->data, strlen(s->data)) > 0);
    CHECK(count_all(s->text, strlen(s->text)) > 0);
    // The share itself never lies in any file.
    CHECK(count_all(s->share, 32) == 0 &&
          count_in("old.db", s->share, 32) == 0 &&
          count_in("keks", s->share, 32) == 0);
  }

  // Nothing is due yet.
  CHECK(retention_run(of, keys, &set, NOW_MS + 29 * DAY_MS, false, &count) ==
        STORE_OK);
  CHECK(count.vaults == 0 && count.texts == 0 && count.epochs == 0);

  // The records of the odd ones are; their texts are not.
  CHECK(retention_run(of, keys, &set, NOW_MS + 31 * DAY_MS, false, &count) ==
        STORE_OK);
  CHECK(count.vaults == JOBS / 2 && count.texts == 0 && count.epochs == 0);
  CHECK(store_backup(of, path_of("new.db"), true) == STORE_OK);
  for (int i = 0; i < JOBS; i++) {
    const sample *s = &samples[i];
    const bool gone = i % 2 == 1;
    CHECK((count_all(s->sealed, 60) == 0) == gone);
    CHECK((count_all(s->data, strlen(s->data)) == 0) == gone);
    CHECK((count_all(s->wrap, strlen(s->wrap)) == 0) == gone);
    CHECK((count_in("new.db", s->sealed, 60) == 0) == gone);
    CHECK((count_in("new.db", s->data, strlen(s->data)) == 0) == gone);
    CHECK(count_all(s->text, strlen(s->text)) > 0);
    store_state state;
    CHECK(store_job_state(of, s->id, &state) == STORE_OK &&
          strcmp(state.vault, gone ? "shredded" : "sealed") == 0);
  }

  // The texts of the odd ones, and the records of the even ones. November's key
  // goes too, and with it what the old backup could have opened.
  uint8_t share[32];
  CHECK(share_open(keys, samples[1].id, samples[1].epoch, samples[1].sealed,
                   share) == SHARE_OK &&
        memcmp(share, samples[1].share, 32) == 0);
  CHECK(keks_roll(keys, NOW_MS / 1000 + 181 * 86400) == SHARE_OK);
  CHECK(retention_run(of, keys, &set, NOW_MS + 181 * DAY_MS, false, &count) ==
        STORE_OK);
  CHECK(count.vaults == JOBS / 2 && count.texts == JOBS / 2 &&
        count.epochs == 1 && count.rows > 0);
  for (int i = 0; i < JOBS; i++) {
    const sample *s = &samples[i];
    CHECK(count_all(s->sealed, 60) == 0 && count_all(s->data, 30) == 0);
    CHECK((count_all(s->text, strlen(s->text)) == 0) == (i % 2 == 1));
    CHECK(count_in("old.db", s->sealed, 60) > 0); // as it was, and useless:
    CHECK(share_open(keys, s->id, s->epoch, s->sealed, share) ==
          SHARE_NO_EPOCH);
  }
  store_close(of);
  for (int i = 1; i < JOBS; i += 2)
    CHECK(count_all(samples[i].text, strlen(samples[i].text)) == 0);
  keks_close(keys);
  clear();
}

// A key goes only when the last share under it has gone, however short the
// time to live is now.
static void a_key_that_is_still_needed_stays(void) {
  clear();
  keks *keys = NULL;
  CHECK(keks_open(path_of("keks"), &keys) == SHARE_OK);
  CHECK(keks_roll(keys, NOW_MS / 1000) == SHARE_OK);
  store *of = opened();
  put(of, keys, 0, 365, 400);
  config set;
  config_defaults(&set);
  set.retention_days = 1;
  retention_count count;
  CHECK(keks_roll(keys, NOW_MS / 1000 + 90 * 86400) == SHARE_OK);
  CHECK(retention_run(of, keys, &set, NOW_MS + 90 * DAY_MS, true, &count) ==
        STORE_OK);
  CHECK(count.epochs == 0 && count.vaults == 0);
  CHECK(retention_run(of, keys, &set, NOW_MS + 366 * DAY_MS, true, &count) ==
        STORE_OK);
  CHECK(count.vaults == 1 && count.epochs >= 1);
  store_close(of);
  keks_close(keys);
  clear();
}

int main(void) {
  (void)snprintf(folder, sizeof(folder), "/tmp/scrubjay-retention-XXXXXX");
  if (mkdtemp(folder) == NULL) return 70;
  RUN(what_expired_is_in_no_file);
  RUN(a_key_that_is_still_needed_stays);
  (void)rmdir(folder);
  return CHECK_DONE();
}
