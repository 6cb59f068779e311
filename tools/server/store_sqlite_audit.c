// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite_audit.c - rows of the audit log, written and read.

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "../common/json_write.h"
#include "audit.h"
#include "store_sqlite.h"

static store_status
write_row(connection *writer, const audit_entry *entry, store_receipt *head) {
  char body[AUDIT_BODY_ROOM];
  uint8_t salt[AUDIT_SALT], digest[AUDIT_HASH], row_hash[AUDIT_HASH];
  const size_t len = audit_body(entry, body, sizeof(body));
  // No row, no act: also where the row cannot be made.
  if (len == 0 || RAND_bytes(salt, sizeof(salt)) != 1) return STORE_BUSY;
  audit_link(head->stream, head->seq + 1, head->row_hash, salt, body, len,
             digest, row_hash);
  const store_status status = sql_run(
      writer,
      "INSERT INTO audit_row(stream,seq,t_ms,actor,action,outcome,object,body,"
      "salt,body_digest,row_hash) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
      "iiittttTbbb", (int64_t)head->stream, (int64_t)(head->seq + 1),
      entry->t_ms, entry->actor, entry->action, entry->outcome, entry->object,
      body, len, salt, sizeof(salt), digest, sizeof(digest), row_hash,
      sizeof(row_hash));
  if (status != STORE_OK) return status;
  head->seq++;
  memcpy(head->row_hash, row_hash, sizeof(row_hash));
  return STORE_OK;
}

store_status
store_audit_write(connection *writer, store_trail trail, store_receipt *head) {
  store_status status = trail.count == 0 ? STORE_BUSY : STORE_OK;
  for (size_t i = 0; i < trail.count && status == STORE_OK; i++)
    status = write_row(writer, &trail.entries[i], head);
  return status;
}

store_status
store_audit(store *self, store_trail trail, store_receipt *receipt) {
  return store_write(self, NULL, NULL, trail, receipt);
}

// The statement's text differs with the filter: prepared for the one time.
static sqlite3_stmt *page_of(connection *reader, const audit_filter *filter) {
  char sql[AUDIT_QUERY_ROOM];
  audit_param params[AUDIT_PARAMS];
  size_t count = 0;
  audit_query(filter, sql, params, &count);
  sqlite3_stmt *row = NULL;
  if (sqlite3_prepare_v2(reader->db, sql, -1, &row, NULL) != SQLITE_OK)
    return NULL;
  for (size_t i = 0; i < count; i++) {
    if (params[i].text != NULL)
      (void)sqlite3_bind_text(row, (int)i + 1, params[i].text, -1,
                              SQLITE_STATIC);
    else
      (void)sqlite3_bind_int64(row, (int)i + 1, params[i].number);
  }
  return row;
}

static void put_hash(sj_buffer *out, const uint8_t *bytes, int len) {
  static const char HEX[] = "0123456789abcdef";
  for (int i = 0; bytes != NULL && i < len; i++) {
    const char pair[2] = {HEX[bytes[i] >> 4], HEX[bytes[i] & 15]};
    sj_buffer_add(out, pair, 2);
  }
}

static void put_event(sqlite3_stmt *row, sj_buffer *out, store_receipt *place) {
  place->stream = (uint32_t)sqlite3_column_int64(row, 0);
  place->seq = (uint64_t)sqlite3_column_int64(row, 1);
  sj_buffer_put(out, "{");
  sj_put_count(out, "stream", place->stream);
  sj_put_count(out, "seq", place->seq);
  sj_buffer_put(out, "\"row_hash\":\"");
  put_hash(out, sqlite3_column_blob(row, 8), sqlite3_column_bytes(row, 8));
  sj_buffer_put(out, "\",\"entry\":");
  // The body is JSON that was checked when it was made; an erased one is null.
  if (sqlite3_column_type(row, 7) == SQLITE_NULL)
    sj_buffer_put(out, "null");
  else
    sj_buffer_add(out, sqlite3_column_text(row, 7),
                  (size_t)sqlite3_column_bytes(row, 7));
  sj_buffer_put(out, "},");
}

store_status store_audit_page(store *self,
                              const audit_filter *filter,
                              sj_buffer *out,
                              store_receipt *next) {
  *next = (store_receipt){0};
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = page_of(reader, filter);
  store_status status;
  int64_t count = 0;
  sj_buffer_put(out, "[");
  while ((status = sql_step(row)) == STORE_OK) {
    put_event(row, out, next);
    count++;
  }
  sj_put_end(out, ']');
  (void)sqlite3_finalize(row);
  store_read_end(self, reader);
  if (count < filter->limit) *next = (store_receipt){0};
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

static store_status
do_put_checkpoint(connection *writer, void *data, write_op *op) {
  (void)op;
  const store_checkpoint *args = data;
  return sql_run(writer,
                 "INSERT INTO audit_checkpoint(stream,size,note) VALUES(?,?,?)",
                 "iit", (int64_t)args->stream, (int64_t)args->size, args->note);
}

store_status store_put_checkpoint(store *self,
                                  const store_checkpoint *checkpoint,
                                  store_trail trail) {
  store_checkpoint args = *checkpoint;
  return store_write(self, do_put_checkpoint, &args, trail, NULL);
}

store_status store_last_checkpoint(store *self, sj_buffer *out) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader, "SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1",
      "");
  const store_status status = sql_step(row);
  if (status == STORE_OK) {
    (void)sql_text(row, 0, out);
    out->len--;
    sql_end(row);
  }
  store_read_end(self, reader);
  return status;
}
