// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite_keys.c - key lists, wrapped keys, wraps of records, members.

#include <string.h>

#include "../common/json_write.h"
#include "store_sqlite.h"

store_status store_keylist(store *self, int64_t *serial, sj_buffer *jws) {
  *serial = 0;
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader, "SELECT serial, jws FROM keylist ORDER BY serial DESC LIMIT 1",
      "");
  const store_status status = sql_step(row);
  if (status == STORE_OK) {
    *serial = sqlite3_column_int64(row, 0);
    (void)sql_text(row, 1, jws);
    jws->len--;
    sql_end(row);
  }
  store_read_end(self, reader);
  return status;
}

store_status store_keylist_is(connection *writer, int64_t serial) {
  sqlite3_stmt *row =
      sql_bind(writer, "SELECT COALESCE(MAX(serial), 0) FROM keylist", "");
  const store_status status = sql_step(row);
  if (status != STORE_OK) return status;
  const bool same = sqlite3_column_int64(row, 0) == serial;
  sql_end(row);
  return same ? STORE_OK : STORE_CONFLICT;
}

static store_status
do_put_keylist(connection *writer, void *data, write_op *op) {
  (void)op;
  const store_keylist_row *args = data;
  store_status status = store_keylist_is(writer, args->serial - 1);
  // The first one that is put may have grown up elsewhere.
  if (status == STORE_CONFLICT) status = store_keylist_is(writer, 0);
  const char *kid = args->retired;
  for (size_t i = 0; i < args->retired_count && status == STORE_OK; i++) {
    sqlite3_stmt *row = sql_bind(
        writer, "SELECT 1 FROM vault_record WHERE kid=? LIMIT 1", "t", kid);
    status = sql_step(row);
    sql_end(row);
    status = status == STORE_NOT_FOUND ? STORE_OK
             : status == STORE_OK      ? STORE_CONFLICT
                                       : status;
    kid += strlen(kid) + 1;
  }
  if (status == STORE_OK)
    status = sql_run(writer, "INSERT INTO keylist VALUES(?,?)", "it",
                     args->serial, args->jws);
  return status;
}

store_status store_put_keylist(store *self,
                               const store_keylist_row *row,
                               store_trail trail,
                               store_receipt *receipt) {
  store_keylist_row args = *row;
  return store_write(self, do_put_keylist, &args, trail, receipt);
}

static void put_column(sqlite3_stmt *row, int column, sj_buffer *out) {
  sj_put_string(out, (const char *)sqlite3_column_text(row, column),
                (size_t)sqlite3_column_bytes(row, column));
}

store_status store_keys(store *self, const char *sub, sj_buffer *out) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row =
      sql_bind(reader,
               "SELECT slot, jwe FROM key_wrap WHERE sub=? AND slot NOT LIKE"
               " 'vault:%' ORDER BY slot",
               "t", sub);
  store_status status;
  sj_buffer_put(out, "[");
  while ((status = sql_step(row)) == STORE_OK) {
    sj_buffer_put(out, "{\"slot\":");
    put_column(row, 0, out);
    sj_buffer_put(out, ",\"jwe\":");
    put_column(row, 1, out);
    sj_buffer_put(out, "},");
  }
  sj_put_end(out, ']');
  store_read_end(self, reader);
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

typedef struct key_args {
  const char *sub, *slot;
  sj_buffer *out;
  const store_key *keys;
  size_t count;
} key_args;

static store_status
do_release_key(connection *writer, void *data, write_op *op) {
  (void)op;
  const key_args *args = data;
  sqlite3_stmt *row =
      sql_bind(writer, "SELECT jwe FROM key_wrap WHERE sub=? AND slot=?", "tt",
               args->sub, args->slot);
  const store_status status = sql_step(row);
  if (status != STORE_OK) return status;
  (void)sql_text(row, 0, args->out);
  args->out->len--;
  sql_end(row);
  return STORE_OK;
}

store_status store_release_key(store *self,
                               const char *sub,
                               const char *slot,
                               store_trail trail,
                               sj_buffer *jwe,
                               store_receipt *receipt) {
  key_args args = {.sub = sub, .slot = slot, .out = jwe};
  return store_write(self, do_release_key, &args, trail, receipt);
}

static store_status do_put_keys(connection *writer, void *data, write_op *op) {
  (void)op;
  const key_args *args = data;
  store_status status = STORE_OK;
  for (size_t i = 0; i < args->count && status == STORE_OK; i++)
    status = sql_run(writer,
                     "INSERT INTO key_wrap VALUES(?,?,?) ON CONFLICT(sub,slot)"
                     " DO UPDATE SET jwe=excluded.jwe",
                     "ttt", args->keys[i].sub, args->keys[i].slot,
                     args->keys[i].jwe);
  return status;
}

store_status store_put_keys(store *self,
                            const store_key *keys,
                            size_t count,
                            store_trail trail,
                            store_receipt *receipt) {
  key_args args = {.keys = keys, .count = count};
  return store_write(self, do_put_keys, &args, trail, receipt);
}

static store_status do_put_wrap(connection *writer, void *data, write_op *op) {
  (void)op;
  const store_rewrap *args = data;
  store_status status = store_keylist_is(writer, args->keylist);
  if (status != STORE_OK) return status;
  status = sql_run(writer,
                   "UPDATE vault_record SET prev_wrap=wrap, kid=?, wrap=?,"
                   " wrap_hash=? WHERE id=? AND wrap_hash=?",
                   "ttbtb", args->kid, args->wrap, args->wrap_hash,
                   sizeof(args->wrap_hash), args->id, args->old_hash,
                   sizeof(args->old_hash));
  if (status == STORE_OK && sqlite3_changes(writer->db) == 0)
    return STORE_CONFLICT;
  return status;
}

store_status store_put_wrap(store *self,
                            const store_rewrap *wrap,
                            store_trail trail,
                            store_receipt *receipt) {
  store_rewrap args = *wrap;
  return store_write(self, do_put_wrap, &args, trail, receipt);
}

store_status store_data_hash(store *self, const char *id, uint8_t hash[32]) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader, "SELECT data_hash FROM vault_record WHERE id=?", "t", id);
  store_status status = sql_step(row);
  if (status == STORE_OK) {
    if (!sql_blob(row, 0, hash, 32)) status = STORE_FAILED;
    sql_end(row);
  }
  store_read_end(self, reader);
  return status;
}

store_status store_epoch_shares(store *self, uint32_t epoch, uint64_t *count) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row =
      sql_bind(reader, "SELECT COUNT(*) FROM vault_share WHERE epoch = ?", "i",
               (int64_t)epoch);
  const store_status status = sql_step(row);
  *count = status == STORE_OK ? (uint64_t)sqlite3_column_int64(row, 0) : 0;
  if (status == STORE_OK) sql_end(row);
  store_read_end(self, reader);
  return status;
}

store_status store_rotation(store *self, sj_buffer *out) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader,
      "SELECT kid, COUNT(*) FROM vault_record GROUP BY kid ORDER BY kid", "");
  store_status status;
  sj_buffer_put(out, "{");
  while ((status = sql_step(row)) == STORE_OK) {
    put_column(row, 0, out);
    sj_buffer_put(out, ":");
    sj_buffer_number(out, (uint64_t)sqlite3_column_int64(row, 1));
    sj_buffer_put(out, ",");
  }
  sj_put_end(out, '}');
  store_read_end(self, reader);
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

store_status store_member(store *self, const char *sub, uint32_t *roles) {
  *roles = 0;
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader, "SELECT roles FROM member WHERE sub=? AND active=1", "t", sub);
  const store_status status = sql_step(row);
  if (status == STORE_OK) {
    *roles = (uint32_t)sqlite3_column_int64(row, 0);
    sql_end(row);
  }
  store_read_end(self, reader);
  return status;
}

store_status store_members(store *self, sj_buffer *out) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader, "SELECT sub, roles, active FROM member ORDER BY sub", "");
  store_status status;
  sj_buffer_put(out, "[");
  while ((status = sql_step(row)) == STORE_OK) {
    sj_buffer_put(out, "{\"sub\":");
    put_column(row, 0, out);
    sj_buffer_put(out, ",\"roles\":");
    sj_buffer_number(out, (uint64_t)sqlite3_column_int64(row, 1));
    sj_buffer_put(out, sqlite3_column_int(row, 2) != 0 ? ",\"active\":true},"
                                                       : ",\"active\":false},");
  }
  sj_put_end(out, ']');
  store_read_end(self, reader);
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

typedef struct member_args {
  const char *sub;
  uint32_t roles;
  bool active;
} member_args;

static store_status
do_put_member(connection *writer, void *data, write_op *op) {
  (void)op;
  const member_args *args = data;
  return sql_run(writer,
                 "INSERT INTO member VALUES(?,?,?) ON CONFLICT(sub) DO UPDATE"
                 " SET roles=excluded.roles, active=excluded.active",
                 "tii", args->sub, (int64_t)args->roles,
                 (int64_t)(args->active ? 1 : 0));
}

store_status store_put_member(store *self,
                              const char *sub,
                              uint32_t roles,
                              bool active,
                              store_trail trail,
                              store_receipt *receipt) {
  member_args args = {sub, roles, active};
  const store_status status =
      store_write(self, do_put_member, &args, trail, receipt);
  // Also after a failure: it costs a read, and forgets nothing.
  self->members++;
  return status;
}

uint64_t store_members_version(store *self) {
  return self->members;
}
