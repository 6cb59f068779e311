// SPDX-License-Identifier: Apache-2.0
//
// test_store.c - what a store has to do, whoever keeps the rows: only store.h
// is used, so that the next one is held to the same.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"
#include "check.h"
#include "store.h"

static char folder[] = "/tmp/sj-store-XXXXXX";
static char path[64];
static store *db;

static audit_entry entry(const char *action, const char *object) {
  return (audit_entry){.actor = "somebody",
                       .action = action,
                       .outcome = "ok",
                       .object = object,
                       .t_ms = 1700000000000};
}

static const char *const ID = "01980000-0000-7000-8000-00000000000";

static void id_of(int number, char out[STORE_ID]) {
  (void)snprintf(out, STORE_ID, "01980000-0000-7000-8000-%012d", number);
}

static bool open_it(void) {
  const char *what = "";
  const store_options options = {path, 1024, 4};
  return store_open(&options, &db, &what) == STORE_OK;
}

static uint64_t head_seq(void) {
  store_receipt head;
  store_audit_head(db, &head);
  return head.seq;
}

static store_job job_of(const char *id, const store_vault *vault) {
  return (store_job){.id = id,
                     .submitted_by = "somebody",
                     .document_type = "note",
                     .specialty = "x",
                     .policy = "p",
                     .lang = "en",
                     .text = "<A_0> left",
                     .text_len = 10,
                     .entities = "[]",
                     .attestation = "{}",
                     .ruleset = "1",
                     .model = "m",
                     .engine = "1",
                     .status = vault == NULL ? "queued" : "phi_confirmed",
                     .created_ms = 1000,
                     .expires_ms = 5000,
                     .vault_expires_ms = 3000,
                     .vault = vault};
}

static store_status submit(int number,
                           uint8_t digest,
                           const store_vault *vault,
                           int64_t keylist,
                           store_receipt *receipt,
                           sj_buffer *replay) {
  char id[STORE_ID];
  id_of(number, id);
  store_job job = job_of(id, vault);
  job.keylist = keylist;
  const store_once once = {"somebody", id, {digest}, "\"a\":1,", 9000};
  const audit_entry rows[] = {entry(AUDIT_JOB_SUBMITTED, id),
                              entry(AUDIT_PHI_CREATED, id)};
  return store_submit(db, &job, &once,
                      (store_trail){rows, vault == NULL ? 1 : 2}, replay,
                      receipt);
}

static store_vault vault_of(const char *kid) {
  store_vault vault = {.fmt = 1,
                       .data = "DATA",
                       .sig = "SIG",
                       .kid = kid,
                       .wrap = "WRAP",
                       .wrap_hash = {1},
                       .data_hash = {7},
                       .epoch = 202601};
  memset(vault.share, 5, sizeof(vault.share));
  return vault;
}

static void a_job_is_stored_once(void) {
  store_receipt first = {0}, again = {0};
  sj_buffer replay = {0};
  const uint64_t before = head_seq();
  CHECK(submit(1, 1, NULL, 0, &first, &replay) == STORE_OK);
  CHECK(first.seq == before + 1 && head_seq() == before + 1);
  CHECK(submit(1, 1, NULL, 0, &again, &replay) == STORE_REPLAY);
  CHECK(again.seq == first.seq &&
        memcmp(again.row_hash, first.row_hash, 32) == 0);
  CHECK(replay.len > 0 && strcmp(replay.data, "\"a\":1,") == 0);
  CHECK(submit(1, 2, NULL, 0, &again, &replay) == STORE_MISMATCH);
  // Refused, nothing of it is there: not its rows either.
  CHECK(head_seq() == before + 1);
  store_state state;
  char id[STORE_ID];
  id_of(1, id);
  CHECK(store_job_state(db, id, &state) == STORE_OK);
  CHECK(strcmp(state.submitted_by, "somebody") == 0);
  CHECK(strcmp(state.status, "queued") == 0 && !state.has_result);
  CHECK(state.created_ms == 1000);
  id_of(999, id);
  CHECK(store_job_state(db, id, &state) == STORE_NOT_FOUND);
  sj_buffer_free(&replay);
}

static void a_result_completes_its_job(void) {
  char id[STORE_ID];
  id_of(1, id);
  const store_result result = {id, "[1]", "[]", "m", 2000};
  const audit_entry row = entry(AUDIT_LLM_CALLED, id);
  CHECK(store_put_result(db, &result, (store_trail){&row, 1}, NULL) ==
        STORE_OK);
  CHECK(store_put_result(db, &result, (store_trail){&row, 1}, NULL) ==
        STORE_NOT_FOUND); // not twice
  store_state state;
  CHECK(store_job_state(db, id, &state) == STORE_OK && state.has_result);
  CHECK(strcmp(state.status, "complete") == 0);
  sj_buffer found = {0};
  CHECK(store_job_result(db, id, &found) == STORE_OK);
  CHECK(strcmp(found.data, "[1]") == 0);
  sj_buffer_free(&found);
}

static void a_record_is_released_with_its_row(void) {
  const store_vault vault = vault_of("vault:a:1");
  store_receipt receipt;
  sj_buffer none = {0};
  // Checked against a list that is not there.
  CHECK(submit(2, 1, &vault, 3, &receipt, &none) == STORE_CONFLICT);
  CHECK(submit(2, 1, &vault, 0, &receipt, &none) == STORE_OK);
  char id[STORE_ID];
  id_of(2, id);
  store_release out = {0};
  const audit_entry row = entry(AUDIT_PHI_ACCESSED, id);
  const uint64_t before = head_seq();
  CHECK(store_release_job(db, id, (store_trail){&row, 1}, &out, &receipt) ==
        STORE_OK);
  CHECK(receipt.seq == before + 1);
  CHECK(strcmp(out.bytes.data + out.text, "<A_0> left") == 0);
  CHECK(strcmp(out.bytes.data + out.data, "DATA") == 0);
  CHECK(strcmp(out.bytes.data + out.wrap, "WRAP") == 0);
  CHECK(out.bytes.data[out.old_wrap] == '\0');
  CHECK(out.bytes.data[out.result] == '\0');
  CHECK(out.share[0] == 5 && out.epoch == 202601 && out.fmt == 1);
  sj_buffer_clear(&out.bytes, 0);
  id_of(1, id); // a job without a record
  CHECK(store_release_job(db, id, (store_trail){&row, 1}, &out, &receipt) ==
        STORE_NOT_FOUND);
  CHECK(head_seq() == before + 1);
  sj_buffer_free(&out.bytes);
}

static void a_wrap_is_replaced_only_if_it_is_still_there(void) {
  char id[STORE_ID];
  id_of(2, id);
  store_rewrap wrap = {.id = id,
                       .kid = "vault:a:2",
                       .wrap = "NEW",
                       .old_hash = {9},
                       .wrap_hash = {2}};
  const audit_entry row = entry(AUDIT_WRAP_REPLACED, id);
  const store_trail trail = {&row, 1};
  CHECK(store_put_wrap(db, &wrap, trail, NULL) == STORE_CONFLICT);
  wrap.old_hash[0] = 1;
  CHECK(store_put_wrap(db, &wrap, trail, NULL) == STORE_OK);
  CHECK(store_put_wrap(db, &wrap, trail, NULL) == STORE_CONFLICT);
  uint8_t hash[32];
  CHECK(store_data_hash(db, id, hash) == STORE_OK && hash[0] == 7);
  sj_buffer counts = {0};
  CHECK(store_rotation(db, &counts) == STORE_OK);
  sj_buffer_add(&counts, "", 1);
  CHECK(strcmp(counts.data, "{\"vault:a:2\":1}") == 0);
  sj_buffer_free(&counts);
  // The old one stays until the new one was opened.
  store_release out = {0};
  CHECK(store_release_job(db, id, trail, &out, NULL) == STORE_OK);
  CHECK(strcmp(out.bytes.data + out.wrap, "NEW") == 0);
  CHECK(strcmp(out.bytes.data + out.old_wrap, "WRAP") == 0);
  CHECK(store_acknowledge(db, id, false, trail, NULL) == STORE_OK);
  CHECK(store_acknowledge(db, id, true, trail, NULL) == STORE_OK);
  sj_buffer_clear(&out.bytes, 0);
  CHECK(store_release_job(db, id, trail, &out, NULL) == STORE_OK);
  CHECK(out.bytes.data[out.old_wrap] == '\0');
  sj_buffer_free(&out.bytes);
}

static void key_lists_grow_by_one(void) {
  const audit_entry row = entry(AUDIT_KEYLIST_PUBLISHED, NULL);
  const store_trail trail = {&row, 1};
  store_keylist_row list = {.serial = 4, .jws = "four"};
  CHECK(store_put_keylist(db, &list, trail, NULL) == STORE_OK);
  CHECK(store_put_keylist(db, &list, trail, NULL) == STORE_CONFLICT);
  list = (store_keylist_row){6, "six", NULL, 0};
  CHECK(store_put_keylist(db, &list, trail, NULL) == STORE_CONFLICT);
  // A key with records may not be retired.
  list = (store_keylist_row){5, "five", "vault:b:1\0vault:a:2", 2};
  CHECK(store_put_keylist(db, &list, trail, NULL) == STORE_CONFLICT);
  list = (store_keylist_row){5, "five", "vault:b:1", 1};
  CHECK(store_put_keylist(db, &list, trail, NULL) == STORE_OK);
  int64_t serial;
  sj_buffer jws = {0};
  CHECK(store_keylist(db, &serial, &jws) == STORE_OK && serial == 5);
  CHECK(jws.len == 4 && strcmp(jws.data, "five") == 0);
  sj_buffer_free(&jws);
}

static void keys_are_for_their_owner(void) {
  const store_key keys[] = {{"anna", "user.passphrase", "ONE"},
                            {"anna", "vault:a:1", "TWO"},
                            {"bert", "user.passphrase", "THREE"}};
  const audit_entry row = entry(AUDIT_KEY_STORED, "anna");
  const store_trail trail = {&row, 1};
  CHECK(store_put_keys(db, keys, 3, trail, NULL) == STORE_OK);
  sj_buffer out = {0};
  CHECK(store_keys(db, "anna", &out) == STORE_OK);
  sj_buffer_add(&out, "", 1);
  CHECK(strcmp(out.data, "[{\"slot\":\"user.passphrase\",\"jwe\":\"ONE\"}]") ==
        0);
  sj_buffer_clear(&out, 0);
  CHECK(store_release_key(db, "anna", "vault:a:1", trail, &out, NULL) ==
        STORE_OK);
  CHECK(out.len == 3 && memcmp(out.data, "TWO", 3) == 0);
  CHECK(store_release_key(db, "bert", "vault:a:1", trail, &out, NULL) ==
        STORE_NOT_FOUND);
  sj_buffer_free(&out);
}

static void members_have_roles_while_they_are_active(void) {
  const audit_entry row = entry(AUDIT_MEMBER_CHANGED, "anna");
  const store_trail trail = {&row, 1};
  uint32_t roles = 9;
  CHECK(store_member(db, "anna", &roles) == STORE_NOT_FOUND && roles == 0);
  CHECK(store_put_member(db, "anna", 3, true, trail, NULL) == STORE_OK);
  CHECK(store_member(db, "anna", &roles) == STORE_OK && roles == 3);
  CHECK(store_put_member(db, "anna", 3, false, trail, NULL) == STORE_OK);
  CHECK(store_member(db, "anna", &roles) == STORE_NOT_FOUND);
  sj_buffer out = {0};
  CHECK(store_members(db, &out) == STORE_OK);
  sj_buffer_add(&out, "", 1);
  CHECK(strcmp(out.data, "[{\"sub\":\"anna\",\"roles\":3,\"active\":false}]") ==
        0);
  sj_buffer_free(&out);
}

static void feedback_is_counted(void) {
  char id[STORE_ID], job[STORE_ID];
  id_of(500, id);
  id_of(1, job);
  const store_feedback_item items[] = {{'c', "NAME", "", 3},
                                       {'p', "NAME", "r", 1},
                                       {'p', "NAME", "r", 1},
                                       {'n', "MRN", "", 1}};
  store_feedback feedback = {id, job, "[]", 3, 2, 1, 86400000, 4, items};
  const store_once once = {"somebody", id, {1}, "x", 9000};
  const audit_entry row = entry(AUDIT_FEEDBACK_SUBMITTED, job);
  const store_trail trail = {&row, 1};
  sj_buffer out = {0};
  CHECK(store_put_feedback(db, &feedback, &once, trail, &out, NULL) ==
        STORE_OK);
  CHECK(store_put_feedback(db, &feedback, &once, trail, &out, NULL) ==
        STORE_REPLAY);
  sj_buffer_clear(&out, 0);
  CHECK(store_feedback_summary(db, job, 0, INT64_MAX, &out) == STORE_OK);
  CHECK(strstr(out.data, "\"type\":\"NAME\",\"rule\":\"r\",\"confirmed\":0,"
                         "\"fp\":2,\"fn\":0,\"precision\":0.0000,"
                         "\"recall\":null") != NULL);
  const char *days = out.data + strlen(out.data) + 1;
  CHECK(strstr(days, "\"day\":\"1\",\"confirmed\":3,\"fp\":2,\"fn\":1,"
                     "\"precision\":0.6000,\"recall\":0.7500") != NULL);
  sj_buffer_clear(&out, 0);
  CHECK(store_feedback_summary(db, NULL, 0, 86400000, &out) == STORE_OK);
  CHECK(strcmp(out.data, "[]") == 0); // the end is not in it
  sj_buffer_clear(&out, 0);
  CHECK(store_feedback_export(db, "", 10, trail, &out) == STORE_OK);
  CHECK(out.len > 0 && out.data[out.len - 1] == '\n');
  sj_buffer_clear(&out, 0);
  CHECK(store_feedback_export(db, id, 10, trail, &out) == STORE_OK);
  CHECK(out.len == 0);
  feedback.job_id = ID;
  const store_once other = {"somebody", "k", {1}, "x", 9000};
  CHECK(store_put_feedback(db, &feedback, &other, trail, &out, NULL) ==
        STORE_NOT_FOUND);
  sj_buffer_free(&out);
}

static void what_expired_is_found_and_shredded(void) {
  char id[STORE_ID];
  sj_buffer ids = {0};
  size_t count;
  id_of(2, id);
  CHECK(store_expired(db, false, 3000, 10, &ids, &count) == STORE_OK);
  CHECK(count == 0);
  CHECK(store_expired(db, false, 3001, 10, &ids, &count) == STORE_OK);
  CHECK(count == 1 && strcmp(ids.data, id) == 0);
  const audit_entry row = entry(AUDIT_PHI_SHREDDED, id);
  const store_trail trail = {&row, 1};
  CHECK(store_shred_vault(db, id, 4000, trail, NULL) == STORE_OK);
  CHECK(store_shred_vault(db, id, 4000, trail, NULL) == STORE_NOT_FOUND);
  store_state state;
  CHECK(store_job_state(db, id, &state) == STORE_OK);
  CHECK(strcmp(state.vault, "shredded") == 0);
  CHECK(strcmp(state.status, "phi_confirmed") == 0);
  CHECK(store_shred(db, id, 4000, trail, NULL) == STORE_OK);
  CHECK(store_shred(db, id, 4000, trail, NULL) == STORE_NOT_FOUND);
  CHECK(store_job_state(db, id, &state) == STORE_OK);
  CHECK(strcmp(state.status, "shredded") == 0);
  store_receipt receipt;
  sj_buffer replay = {0};
  CHECK(submit(2, 1, NULL, 0, &receipt, &replay) == STORE_NOT_FOUND);
  CHECK(store_scrub_journal(db) == STORE_OK);
  uint64_t gone = 0;
  CHECK(store_forget(db, 8000, 0, trail, &gone) == STORE_OK && gone == 0);
  CHECK(store_forget(db, 9001, 0, trail, &gone) == STORE_OK && gone >= 3);
  CHECK(store_job_state(db, id, &state) == STORE_NOT_FOUND);
  sj_buffer_free(&ids);
}

static void rows_are_read_as_they_were_written(void) {
  const audit_filter filter = {.action = AUDIT_PHI_SHREDDED, .limit = 2};
  sj_buffer out = {0};
  store_receipt next;
  CHECK(store_audit_page(db, &filter, &out, &next) == STORE_OK);
  CHECK(next.seq > 0);
  CHECK(strstr(out.data, "\"actor\":\"somebody\"") != NULL);
  const audit_filter more = {.action = AUDIT_PHI_SHREDDED,
                             .limit = 200,
                             .after_stream = next.stream,
                             .after_seq = (int64_t)next.seq};
  sj_buffer_clear(&out, 0);
  CHECK(store_audit_page(db, &more, &out, &next) == STORE_OK);
  CHECK(next.seq == 0);
  sj_buffer_free(&out);
  // Nothing without a row.
  CHECK(store_audit(db, (store_trail){NULL, 0}, NULL) == STORE_BUSY);
  const audit_entry nobody = {.action = "X", .outcome = "ok"};
  CHECK(store_put_member(db, "zoe", 1, true, (store_trail){&nobody, 1}, NULL) !=
        STORE_OK);
  uint32_t roles;
  CHECK(store_member(db, "zoe", &roles) == STORE_NOT_FOUND);
}

enum { THREADS = 8, EACH = 60 };

static void *submit_many(void *context) {
  const int first = *(const int *)context;
  intptr_t failed = 0;
  for (int i = 0; i < EACH; i++) {
    store_receipt receipt;
    sj_buffer replay = {0};
    failed += submit(first + i, 1, NULL, 0, &receipt, &replay) != STORE_OK;
    sj_buffer_free(&replay);
  }
  return failed == 0 ? NULL : context;
}

static void many_threads_share_commits(void) {
  pthread_t threads[THREADS];
  int firsts[THREADS];
  const uint64_t before = head_seq();
  for (int i = 0; i < THREADS; i++) {
    firsts[i] = 10000 + i * EACH;
    CHECK(pthread_create(&threads[i], NULL, submit_many, &firsts[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    void *failed = threads;
    CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
  }
  CHECK(head_seq() == before + THREADS * EACH);
}

static void it_is_one_process_and_lasts(void) {
  store *second = NULL;
  const char *what = "";
  const store_options options = {path, 16, 1};
  CHECK(store_open(&options, &second, &what) == STORE_FAILED);
  CHECK(second == NULL && strstr(what, "another process") != NULL);
  const uint64_t before = head_seq();
  store_receipt head, again;
  store_audit_head(db, &head);
  store_close(db);
  CHECK(open_it());
  store_audit_head(db, &again);
  CHECK(again.seq == before && memcmp(head.row_hash, again.row_hash, 32) == 0);
  CHECK(store_ready(db) == STORE_OK);
}

static void a_copy_is_whole_and_may_lack_shares(void) {
  char copy[80], bare[80];
  (void)snprintf(copy, sizeof(copy), "%s/copy.db", folder);
  (void)snprintf(bare, sizeof(bare), "%s/bare.db", folder);
  const store_vault vault = vault_of("vault:a:3");
  store_receipt receipt;
  sj_buffer none = {0};
  CHECK(submit(3, 1, &vault, 5, &receipt, &none) == STORE_OK);
  CHECK(store_backup(db, copy, true) == STORE_OK);
  CHECK(store_backup(db, copy, true) == STORE_CONFLICT); // never over another
  CHECK(store_backup(db, bare, false) == STORE_OK);
  char id[STORE_ID];
  id_of(3, id);
  const char *const files[] = {copy, bare};
  for (int i = 0; i < 2; i++) {
    store *other = NULL;
    const char *what = "";
    const store_options options = {files[i], 16, 1};
    CHECK(store_open(&options, &other, &what) == STORE_OK);
    if (other == NULL) continue;
    store_state state;
    CHECK(store_job_state(other, id, &state) == STORE_OK);
    store_release out = {0};
    const audit_entry row = entry(AUDIT_PHI_ACCESSED, id);
    CHECK(store_release_job(other, id, (store_trail){&row, 1}, &out, NULL) ==
          (i == 0 ? STORE_OK : STORE_NOT_FOUND));
    sj_buffer_free(&out.bytes);
    store_close(other);
  }
}

int main(void) {
  if (mkdtemp(folder) == NULL) return 1;
  (void)snprintf(path, sizeof(path), "%s/store.db", folder);
  if (!open_it()) return 1;
  RUN(a_job_is_stored_once);
  RUN(a_result_completes_its_job);
  RUN(a_record_is_released_with_its_row);
  RUN(a_wrap_is_replaced_only_if_it_is_still_there);
  RUN(key_lists_grow_by_one);
  RUN(keys_are_for_their_owner);
  RUN(members_have_roles_while_they_are_active);
  RUN(feedback_is_counted);
  RUN(what_expired_is_found_and_shredded);
  RUN(rows_are_read_as_they_were_written);
  RUN(many_threads_share_commits);
  RUN(it_is_one_process_and_lasts);
  RUN(a_copy_is_whole_and_may_lack_shares);
  store_close(db);
  char command[96];
  (void)snprintf(command, sizeof(command), "rm -r %s", folder);
  if (system(command) != 0) check_failures++;
  return CHECK_DONE();
}
