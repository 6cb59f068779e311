// SPDX-License-Identifier: Apache-2.0
//
// The audit log: what a row says and hashes, the tables that keep it, the
// requirements' own questions to it, and 1,000 ways to change it, all found.

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "audit_verify.h"
#include "check.h"
#include "checkpoint.h"

enum { ROWS = 240, STREAMS = 2, TRIES = 1000 };

static uint32_t state = 12345;
static uint32_t dice(uint32_t sides) {
  state = state * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)state * sides) >> 32);
}

static bool run(sqlite3 *db, const char *sql) {
  char *error = NULL;
  const bool ok = sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK;
  sqlite3_free(error);
  return ok;
}

static int64_t number(sqlite3 *db, const char *sql) {
  sqlite3_stmt *row = NULL;
  int64_t out = -1;
  if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK &&
      sqlite3_step(row) == SQLITE_ROW)
    out = sqlite3_column_int64(row, 0);
  (void)sqlite3_finalize(row);
  return out;
}

typedef struct head {
  uint64_t seq;
  uint8_t hash[32];
} head;

static void
insert(sqlite3 *db, uint32_t stream, head *at, const audit_entry *entry) {
  char body[AUDIT_BODY_ROOM];
  uint8_t salt[16], digest[32], hash[32];
  for (int i = 0; i < 16; i++)
    salt[i] = (uint8_t)dice(256);
  const size_t len = audit_body(entry, body, sizeof(body));
  CHECK(len > 0);
  audit_link(stream, ++at->seq, at->hash, salt, body, len, digest, hash);
  sqlite3_stmt *row = NULL;
  CHECK(sqlite3_prepare_v2(
            db, "INSERT INTO audit_row VALUES(?,?,?,?,?,?,?,?,?,?,?)", -1, &row,
            NULL) == SQLITE_OK);
  sqlite3_bind_int64(row, 1, stream);
  sqlite3_bind_int64(row, 2, (sqlite3_int64)at->seq);
  sqlite3_bind_int64(row, 3, entry->t_ms);
  sqlite3_bind_text(row, 4, entry->actor, -1, SQLITE_STATIC);
  sqlite3_bind_text(row, 5, entry->action, -1, SQLITE_STATIC);
  sqlite3_bind_text(row, 6, entry->outcome, -1, SQLITE_STATIC);
  sqlite3_bind_text(row, 7, entry->object, -1, SQLITE_STATIC);
  sqlite3_bind_text(row, 8, body, (int)len, SQLITE_STATIC);
  sqlite3_bind_blob(row, 9, salt, 16, SQLITE_STATIC);
  sqlite3_bind_blob(row, 10, digest, 32, SQLITE_STATIC);
  sqlite3_bind_blob(row, 11, hash, 32, SQLITE_STATIC);
  CHECK(sqlite3_step(row) == SQLITE_DONE);
  (void)sqlite3_finalize(row);
  memcpy(at->hash, hash, 32);
}

static void
mark(sqlite3 *db, const checkpoint_key *key, uint32_t stream, const head *at) {
  char note[CHECKPOINT_NOTE];
  checkpoint what = {.stream = stream, .size = at->seq, .t_ms = 1790000000123};
  memcpy(what.row_hash, at->hash, 32);
  CHECK(checkpoint_sign(key, "test", &what, note));
  sqlite3_stmt *row = NULL;
  CHECK(sqlite3_prepare_v2(db,
                           "INSERT INTO audit_checkpoint VALUES(?,?,?,NULL)",
                           -1, &row, NULL) == SQLITE_OK);
  sqlite3_bind_int64(row, 1, stream);
  sqlite3_bind_int64(row, 2, (sqlite3_int64)at->seq);
  sqlite3_bind_text(row, 3, note, -1, SQLITE_TRANSIENT);
  CHECK(sqlite3_step(row) == SQLITE_DONE);
  (void)sqlite3_finalize(row);
}

static checkpoint_key *key; // freed by main

static const checkpoint_key *the_key(void) {
  if (key == NULL) {
    char path[64];
    const char *what = NULL;
    (void)snprintf(path, sizeof(path), "/tmp/scrubjay-audit-%ld.pem",
                   (long)getpid());
    key = checkpoint_key_open(path, true, &what);
    (void)unlink(path);
    char pub[80];
    (void)snprintf(pub, sizeof(pub), "%s.pub", path);
    (void)unlink(pub);
  }
  return key;
}

// Two streams, a checkpoint every 60 rows and behind the last.
static sqlite3 *filled(void) {
  sqlite3 *db = NULL;
  CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
  CHECK(run(db, AUDIT_SCHEMA));
  static const char *const outcomes[] = {"ok", "denied", "failed"};
  const char *const actions[] = {AUDIT_PHI_CREATED, AUDIT_PHI_ACCESSED,
                                 AUDIT_PHI_DECRYPTED, AUDIT_AUTH_FAILED};
  const int64_t now = (int64_t)time(NULL) * 1000;
  for (uint32_t stream = 1; stream <= STREAMS; stream++) {
    head at = {0};
    for (int i = 0; i < ROWS; i++) {
      char actor[32], object[40];
      (void)snprintf(actor, sizeof(actor), "user-%u", dice(5));
      (void)snprintf(object, sizeof(object), "job-%04u", dice(500));
      insert(
          db, stream, &at,
          &(audit_entry){.actor = i % 50 == 7 ? "dr.smith@hospital.org" : actor,
                         .role = "reidentifier",
                         .action = actions[dice(4)],
                         .outcome = outcomes[dice(3)],
                         .object = i % 9 == 0 ? NULL : object,
                         .ip = "127.0.0.1",
                         .request_id = "r-1",
                         .purpose = "treatment",
                         .detail = "{\"n\":3}",
                         .t_ms = now - (int64_t)(ROWS - i) * 86400000 / 4});
      if (at.seq % 60 == 0) mark(db, the_key(), stream, &at);
    }
  }
  return db;
}

static audit_status verify(sqlite3 *db, audit_verdict *out) {
  return audit_verify(db, the_key(), NULL, 0, out);
}

static void a_body_holds_every_field_and_escapes_it(void) {
  char body[AUDIT_BODY_ROOM];
  const audit_entry entry = {.actor = "a\"b\n",
                             .action = AUDIT_EXPORT,
                             .outcome = "ok",
                             .ip = "\xff",
                             .detail = "{\"n\":1}",
                             .t_ms = 5};
  const size_t len = audit_body(&entry, body, sizeof(body));
  const char *want = "{\"t\":5,\"actor\":\"a\\\"b\\n\",\"action\":\"EXPORT\","
                     "\"outcome\":\"ok\",\"ip\":\"\xef\xbf\xbd\","
                     "\"detail\":{\"n\":1}}";
  CHECK(len == strlen(want) && strcmp(body, want) == 0);
  CHECK(audit_body(&entry, body, len) == 0);
  CHECK(audit_body(&entry, body, len + 1) == len);
  CHECK(audit_body(&(audit_entry){.actor = "a", .action = "B"}, body, 100) ==
        0);
}

// Computed with another program: Python's hashlib over the same bytes.
static void the_hashes_are_those_of_the_header(void) {
  const uint8_t prev[32] = {0};
  uint8_t salt[16], digest[32], hash[32], again[32];
  memset(salt, 0x11, sizeof(salt));
  audit_link(1, 2, prev, salt, "{}", 2, digest, hash);
  static const uint8_t want_digest[4] = {0x2a, 0x1c, 0xa0, 0x04};
  static const uint8_t want_hash[4] = {0x24, 0x20, 0x80, 0x56};
  CHECK(memcmp(digest, want_digest, 4) == 0);
  CHECK(memcmp(hash, want_hash, 4) == 0);
  audit_link_digest(1, 2, prev, digest, again);
  CHECK(memcmp(hash, again, 32) == 0);
  audit_link_digest(2, 2, prev, digest, again);
  CHECK(memcmp(hash, again, 32) != 0);
}

static void rows_are_only_added_and_only_a_body_can_go(void) {
  sqlite3 *db = filled();
  audit_verdict out;
  CHECK(!run(db, "DELETE FROM audit_row WHERE seq = 3"));
  CHECK(!run(db, "UPDATE audit_row SET actor = 'x' WHERE seq = 3"));
  CHECK(!run(db, "UPDATE audit_row SET body = 'x' WHERE seq = 3"));
  CHECK(!run(db, "UPDATE audit_row SET body = NULL, salt = NULL, t_ms = 1"
                 " WHERE seq = 3"));
  CHECK(!run(db, "UPDATE audit_row SET object = 'x', body = NULL, salt = NULL"
                 " WHERE object IS NULL"));
  CHECK(!run(db, "UPDATE audit_checkpoint SET note = 'x'"));
  CHECK(!run(db, "DELETE FROM audit_checkpoint"));
  CHECK(verify(db, &out) == AUDIT_GOOD && out.rows == ROWS * STREAMS &&
        out.erased == 0 && out.checkpoints == STREAMS * ROWS / 60);
  CHECK(run(db, "UPDATE audit_row SET body = NULL, salt = NULL WHERE seq = 3"));
  CHECK(verify(db, &out) == AUDIT_GOOD && out.erased == STREAMS);
  (void)sqlite3_close(db);
}

static void the_examples_of_the_requirements_run(void) {
  sqlite3 *db = filled();
  // The first with SQLite's arithmetic of dates, the second as it is written.
  CHECK(number(db, "SELECT count(*) FROM (SELECT * FROM audit_log "
                   "WHERE user_id = 'dr.smith@hospital.org' "
                   "  AND action IN ('PHI_ACCESSED', 'PHI_DECRYPTED') "
                   "  AND timestamp > datetime('now', '-30 days'))") ==
        number(db, "SELECT count(*) FROM audit_row WHERE actor = "
                   "'dr.smith@hospital.org' AND action IN ('PHI_ACCESSED', "
                   "'PHI_DECRYPTED') AND t_ms > 1000 * (unixepoch() - 30 * "
                   "86400)"));
  const int64_t denied = number(db, "SELECT count(*) FROM (SELECT * FROM "
                                    "audit_log\nWHERE metadata->>'authorized' "
                                    "= 'false')");
  CHECK(denied > 0 && denied == number(db, "SELECT count(*) FROM audit_row "
                                           "WHERE outcome = 'denied'"));
  CHECK(number(db, "SELECT metadata->'detail'->>'n' FROM audit_log") == 3);
  (void)sqlite3_close(db);
}

static int64_t page(sqlite3 *db, const audit_filter *filter) {
  char sql[AUDIT_QUERY_ROOM];
  audit_param params[AUDIT_PARAMS];
  size_t count = 0;
  audit_query(filter, sql, params, &count);
  sqlite3_stmt *row = NULL;
  CHECK(sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK);
  CHECK(sqlite3_bind_parameter_count(row) == (int)count);
  for (size_t i = 0; i < count; i++)
    if (params[i].text != NULL)
      sqlite3_bind_text(row, (int)i + 1, params[i].text, -1, SQLITE_STATIC);
    else
      sqlite3_bind_int64(row, (int)i + 1, params[i].number);
  int64_t rows = 0;
  while (sqlite3_step(row) == SQLITE_ROW)
    rows++;
  (void)sqlite3_finalize(row);
  return rows;
}

static void pages_are_chosen_by_every_member(void) {
  sqlite3 *db = filled();
  CHECK(page(db, &(audit_filter){.limit = 1000}) == ROWS * STREAMS);
  CHECK(page(db, &(audit_filter){.limit = 10}) == 10);
  CHECK(page(db, &(audit_filter){.after_stream = 2,
                                 .after_seq = ROWS - 4,
                                 .limit = 10}) == 4);
  CHECK(page(db, &(audit_filter){.actor = "user-1",
                                 .action = "PHI_CREATED",
                                 .outcome = "ok",
                                 .limit = 1000}) ==
        number(db, "SELECT count(*) FROM audit_row WHERE actor = 'user-1' AND "
                   "action = 'PHI_CREATED' AND outcome = 'ok'"));
  const int64_t from = number(db, "SELECT t_ms FROM audit_row WHERE seq = 100");
  CHECK(page(db, &(audit_filter){.actor = "user-1",
                                 .action = "PHI_CREATED",
                                 .outcome = "ok",
                                 .object = "job-0001",
                                 .from_ms = from,
                                 .to_ms = from + 1,
                                 .limit = 1000}) >= 0);
  CHECK(page(db, &(audit_filter){.from_ms = from,
                                 .to_ms = from + 1,
                                 .limit = 1000}) == STREAMS);
  (void)sqlite3_close(db);
}

// ---- a thousand ways to change a log ----

static void copy(sqlite3 *from, sqlite3 *to) {
  sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
  CHECK(backup != NULL && sqlite3_backup_step(backup, -1) == SQLITE_DONE);
  (void)sqlite3_backup_finish(backup);
}

// Rewrites a stream from a row on, as one would who can compute.
static void relink(sqlite3 *db, uint32_t stream) {
  sqlite3_stmt *row = NULL, *put = NULL;
  (void)sqlite3_prepare_v2(db,
                           "SELECT rowid, seq, body, salt FROM audit_row "
                           "WHERE stream = ? ORDER BY seq",
                           -1, &row, NULL);
  (void)sqlite3_prepare_v2(db,
                           "UPDATE audit_row SET body_digest = ?,"
                           " row_hash = ? WHERE rowid = ?",
                           -1, &put, NULL);
  sqlite3_bind_int64(row, 1, stream);
  uint8_t prev[32] = {0}, digest[32], hash[32];
  while (sqlite3_step(row) == SQLITE_ROW) {
    audit_link(stream, (uint64_t)sqlite3_column_int64(row, 1), prev,
               sqlite3_column_blob(row, 3),
               (const char *)sqlite3_column_text(row, 2),
               (size_t)sqlite3_column_bytes(row, 2), digest, hash);
    sqlite3_bind_blob(put, 1, digest, 32, SQLITE_TRANSIENT);
    sqlite3_bind_blob(put, 2, hash, 32, SQLITE_TRANSIENT);
    sqlite3_bind_int64(put, 3, sqlite3_column_int64(row, 0));
    CHECK(sqlite3_step(put) == SQLITE_DONE);
    (void)sqlite3_reset(put);
    memcpy(prev, hash, 32);
  }
  (void)sqlite3_finalize(row);
  (void)sqlite3_finalize(put);
}

enum { WAYS = 14 };

// Changes the log in one way; gives the first row that is wrong by it, 0 where
// the test does not say which.
static uint64_t change(sqlite3 *db, uint32_t way, uint32_t stream) {
  const uint64_t seq = 1 + dice(ROWS - 1);
  const uint64_t other = seq < ROWS / 2 ? seq + 1 + dice(ROWS / 2 - 1)
                                        : 1 + dice((uint32_t)seq - 1);
  const uint64_t first =
      way == 8 || way == 9 ? (seq < other ? seq : other) : seq;
  char sql[512], where[64];
  (void)snprintf(where, sizeof(where), "stream = %u AND seq = %llu", stream,
                 (unsigned long long)seq);
  static const char *const columns[] = {"actor", "action", "outcome", "object"};
  sql[0] = '\0';
  switch (way) {
  case 0: // one byte of the body
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET body = substr(body, 1, %u) || 'Q' ||"
                   " substr(body, %u) WHERE %s",
                   20 + dice(30), 60u, where);
    break;
  case 1: // a column and not the body
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET %s = 'other' WHERE %s",
                   columns[dice(4)], where);
    break;
  case 2:
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET t_ms = t_ms + %u WHERE %s",
                   1 + dice(100000), where);
    break;
  case 3:
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET salt = randomblob(16) WHERE %s",
                   where);
    break;
  case 4:
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET body_digest = randomblob(32) WHERE %s",
                   where);
    break;
  case 5:
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET row_hash = randomblob(32) WHERE %s",
                   where);
    break;
  case 6: // a row less
    (void)snprintf(sql, sizeof(sql), "DELETE FROM audit_row WHERE %s", where);
    break;
  case 7: // a row less, and the numbers closed up
    (void)snprintf(sql, sizeof(sql),
                   "DELETE FROM audit_row WHERE %s; UPDATE audit_row SET seq ="
                   " -seq WHERE stream = %u AND seq > %llu; UPDATE audit_row"
                   " SET seq = -seq - 1 WHERE seq < 0",
                   where, stream, (unsigned long long)seq);
    break;
  case 8: // two rows change places
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET seq = -1 WHERE %s; UPDATE audit_row"
                   " SET seq = %llu WHERE stream = %u AND seq = %llu; UPDATE"
                   " audit_row SET seq = %llu WHERE seq = -1",
                   where, (unsigned long long)seq, stream,
                   (unsigned long long)other, (unsigned long long)other);
    break;
  case 9: // the same, and the chain is computed anew
    (void)change(db, 8, stream);
    relink(db, stream);
    return 0;
  case 10: // the tail is cut off
    (void)snprintf(sql, sizeof(sql),
                   "DELETE FROM audit_row WHERE stream = %u AND seq > %llu",
                   stream, (unsigned long long)seq - 1);
    break;
  case 11: // another body, and the chain is computed anew
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET outcome = 'altered', body ="
                   " json_set(body, '$.outcome', 'altered') WHERE %s",
                   where);
    CHECK(run(db, sql));
    relink(db, stream);
    return 0;
  case 12: // a whole stream less
    (void)snprintf(sql, sizeof(sql), "DELETE FROM audit_row WHERE stream = %u",
                   stream);
    CHECK(run(db, sql));
    return 1;
  default: // the salt alone is gone
    (void)snprintf(sql, sizeof(sql),
                   "UPDATE audit_row SET salt = NULL WHERE %s", where);
    break;
  }
  CHECK(run(db, sql));
  return first;
}

static void a_thousand_changes_are_found_and_named(void) {
  sqlite3 *whole = filled(), *db = NULL;
  CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
  CHECK(run(whole, "DROP TRIGGER audit_row_keep; DROP TRIGGER audit_row_fixed;"
                   "DROP TRIGGER audit_checkpoint_keep;"
                   "DROP TRIGGER audit_checkpoint_fixed"));
  unsigned found = 0, named = 0, asked = 0;
  for (int i = 0; i < TRIES; i++) {
    copy(whole, db);
    const uint32_t stream = 1 + dice(STREAMS);
    const uint32_t way = (uint32_t)i % WAYS;
    const uint64_t first = change(db, way, stream);
    audit_verdict out;
    const audit_status status = verify(db, &out);
    if (status == AUDIT_BAD) found++;
    if (first != 0) asked++;
    if (first != 0 && out.seq == first && out.stream == stream) named++;
    if (status != AUDIT_BAD || (first != 0 && out.seq != first))
      fprintf(stderr, "way %u: %d, row %llu for %llu\n", way, (int)status,
              (unsigned long long)out.seq, (unsigned long long)first);
  }
  printf("%u of %d changes found, %u of %u at their first row\n", found, TRIES,
         named, asked);
  CHECK(found == TRIES && named == asked && asked > TRIES / 2);
  (void)sqlite3_close(db);
  (void)sqlite3_close(whole);
}

// What only a checkpoint that lies elsewhere shows.
static void one_who_owns_the_database_is_found_by_an_anchor(void) {
  sqlite3 *db = filled();
  sqlite3_stmt *row = NULL;
  char note[CHECKPOINT_NOTE] = "";
  (void)sqlite3_prepare_v2(db,
                           "SELECT note FROM audit_checkpoint WHERE stream"
                           " = 1 ORDER BY size DESC",
                           -1, &row, NULL);
  CHECK(sqlite3_step(row) == SQLITE_ROW);
  (void)snprintf(note, sizeof(note), "%s", sqlite3_column_text(row, 0));
  (void)sqlite3_finalize(row);
  CHECK(run(db, "DROP TRIGGER audit_row_keep; DROP TRIGGER "
                "audit_checkpoint_keep; DELETE FROM audit_checkpoint; DELETE"
                " FROM audit_row WHERE stream = 1 AND seq > 200"));
  audit_verdict out;
  CHECK(verify(db, &out) == AUDIT_GOOD); // nothing within tells
  const audit_anchor anchor = {note, strlen(note)};
  CHECK(audit_verify(db, the_key(), &anchor, 1, &out) == AUDIT_BAD);
  CHECK(out.stream == 1 && out.seq == 201);
  note[30] ^= 1;
  CHECK(audit_verify(db, the_key(), &anchor, 1, &out) == AUDIT_UNREADABLE);
  (void)sqlite3_close(db);
}

static void a_note_is_read_as_it_was_written(void) {
  checkpoint what = {.stream = 7, .size = 1234, .t_ms = 1790000000123}, back;
  memset(what.row_hash, 0xA5, 32);
  char note[CHECKPOINT_NOTE], origin[CHECKPOINT_ORIGIN];
  CHECK(checkpoint_sign(the_key(), "north.example", &what, note));
  CHECK(strncmp(note, "north.example/7\n1234\npaWlpaWl", 29) == 0);
  CHECK(strstr(note,
               "\n2026-09-21T14:13:20.123Z\n\n\xe2\x80\x94 north.example/7 ") !=
        NULL);
  const size_t len = strlen(note);
  CHECK(checkpoint_read(the_key(), note, len, origin, &back) == CHECKPOINT_OK);
  CHECK(back.stream == 7 && back.size == 1234 &&
        memcmp(back.row_hash, what.row_hash, 32) == 0 &&
        strcmp(origin, "north.example") == 0);
  CHECK(!checkpoint_sign(the_key(), "two words", &what, note));
  CHECK(!checkpoint_sign(the_key(), "", &what, note));
}

static void a_note_with_any_byte_changed_is_not_taken(void) {
  checkpoint what = {.stream = 7, .size = 1234, .t_ms = 1790000000123}, back;
  char note[CHECKPOINT_NOTE];
  unsigned taken = 0;
  CHECK(checkpoint_sign(the_key(), "north.example", &what, note));
  const size_t len = strlen(note);
  for (size_t i = 0; i < len; i++) {
    // Every other byte: base64 has two and four spellings of some ends.
    const char was = note[i];
    for (int other = 1; other < 256; other++) {
      note[i] = (char)(was ^ other);
      if (checkpoint_read(the_key(), note, len, NULL, &back) == CHECKPOINT_OK)
        taken++;
    }
    note[i] = was;
    if (checkpoint_read(the_key(), note, i, NULL, &back) == CHECKPOINT_OK)
      taken++;
  }
  CHECK(taken == 0);
  CHECK(checkpoint_read(the_key(), note, len, NULL, &back) == CHECKPOINT_OK);
}

int main(void) {
  RUN(a_body_holds_every_field_and_escapes_it);
  RUN(the_hashes_are_those_of_the_header);
  RUN(rows_are_only_added_and_only_a_body_can_go);
  RUN(the_examples_of_the_requirements_run);
  RUN(pages_are_chosen_by_every_member);
  RUN(a_thousand_changes_are_found_and_named);
  RUN(one_who_owns_the_database_is_found_by_an_anchor);
  RUN(a_note_is_read_as_it_was_written);
  RUN(a_note_with_any_byte_changed_is_not_taken);
  checkpoint_key_free(key);
  return CHECK_DONE();
}
