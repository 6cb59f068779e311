// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite_sql.c - prepare once, bind, step, and what a failure means.

#include <stdarg.h>
#include <string.h>

#include "store_sqlite.h"

store_status sql_status(connection *on) {
  switch (sqlite3_errcode(on->db)) {
  case SQLITE_OK:
  case SQLITE_ROW:
  case SQLITE_DONE:
    return STORE_OK;
  case SQLITE_CONSTRAINT:
    return STORE_CONFLICT;
  case SQLITE_FULL:
    return STORE_FULL;
  case SQLITE_NOMEM:
  case SQLITE_BUSY:
    return STORE_BUSY;
  default:
    return STORE_FAILED;
  }
}

static sqlite3_stmt *prepared(connection *on, const char *sql) {
  for (size_t i = 0; i < on->count; i++)
    if (on->sql[i] == sql) return on->ready[i];
  sqlite3_stmt *made = NULL;
  if (on->count == STORE_STATEMENTS ||
      sqlite3_prepare_v3(on->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made,
                         NULL) != SQLITE_OK)
    return NULL;
  on->sql[on->count] = sql;
  on->ready[on->count++] = made;
  return made;
}

static int bind_one(sqlite3_stmt *statement, int at, char type, va_list *args) {
  if (type == 'i')
    return sqlite3_bind_int64(statement, at, va_arg(*args, int64_t));
  const char *bytes = va_arg(*args, const char *);
  if (type == 't')
    return sqlite3_bind_text(statement, at, bytes, -1, SQLITE_STATIC);
  const size_t len = va_arg(*args, size_t);
  if (type == 'b')
    return sqlite3_bind_blob64(statement, at, bytes, len, SQLITE_STATIC);
  return sqlite3_bind_text64(statement, at, bytes, len, SQLITE_STATIC,
                             SQLITE_UTF8);
}

static sqlite3_stmt *
bind_all(connection *on, const char *sql, const char *types, va_list *args) {
  sqlite3_stmt *statement = prepared(on, sql);
  if (statement == NULL) return NULL;
  (void)sqlite3_reset(statement);
  (void)sqlite3_clear_bindings(statement);
  for (int i = 0; types[i] != '\0'; i++)
    if (bind_one(statement, i + 1, types[i], args) != SQLITE_OK) return NULL;
  return statement;
}

sqlite3_stmt *
sql_bind(connection *on, const char *sql, const char *types, ...) {
  va_list args;
  va_start(args, types);
  sqlite3_stmt *statement = bind_all(on, sql, types, &args);
  va_end(args);
  return statement;
}

store_status sql_run(connection *on, const char *sql, const char *types, ...) {
  va_list args;
  va_start(args, types);
  sqlite3_stmt *statement = bind_all(on, sql, types, &args);
  va_end(args);
  if (statement == NULL) {
    const store_status status = sql_status(on);
    return status == STORE_OK ? STORE_FAILED : status;
  }
  store_status status;
  while ((status = sql_step(statement)) == STORE_OK) {
  }
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

store_status sql_step(sqlite3_stmt *statement) {
  if (statement == NULL) return STORE_FAILED;
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW) return STORE_OK;
  store_status status = STORE_NOT_FOUND;
  if (code != SQLITE_DONE) {
    connection on = {.db = sqlite3_db_handle(statement)};
    status = sql_status(&on);
    if (status == STORE_OK) status = STORE_FAILED;
  }
  sql_end(statement);
  return status;
}

void sql_end(sqlite3_stmt *statement) {
  if (statement == NULL) return;
  (void)sqlite3_reset(statement);
  // What was bound is the caller's and is about to go.
  (void)sqlite3_clear_bindings(statement);
}

store_status sql_script(connection *on, const char *sql) {
  if (sqlite3_exec(on->db, sql, NULL, NULL, NULL) == SQLITE_OK) return STORE_OK;
  const store_status status = sql_status(on);
  return status == STORE_OK ? STORE_FAILED : status;
}

size_t sql_text(sqlite3_stmt *statement, int column, sj_buffer *out) {
  const size_t at = out->len;
  const void *text = sqlite3_column_text(statement, column);
  if (text != NULL)
    sj_buffer_add(out, text, (size_t)sqlite3_column_bytes(statement, column));
  sj_buffer_add(out, "", 1);
  return at;
}

bool sql_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t len) {
  const void *blob = sqlite3_column_blob(statement, column);
  if (blob == NULL || sqlite3_column_bytes(statement, column) != (int)len)
    return false;
  memcpy(out, blob, len);
  return true;
}

void sql_close(connection *on) {
  for (size_t i = 0; i < on->count; i++)
    (void)sqlite3_finalize(on->ready[i]);
  (void)sqlite3_close(on->db);
  *on = (connection){0};
}
