// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite_jobs.c - submissions, their state, results, release and end.

#include <string.h>

#include "store_sqlite.h"

store_status store_once_look(connection *writer,
                             const store_once *once,
                             sj_buffer *replay,
                             store_receipt *receipt) {
  sqlite3_stmt *row =
      sql_bind(writer,
               "SELECT req_digest, answer, stream, seq, row_hash FROM "
               "idempotency WHERE sub = ? AND key = ?",
               "tt", once->sub, once->key);
  store_status status = sql_step(row);
  if (status == STORE_NOT_FOUND) return STORE_OK;
  if (status != STORE_OK) return status;
  uint8_t digest[32];
  status = STORE_REPLAY;
  if (sqlite3_column_type(row, 1) == SQLITE_NULL)
    status = STORE_NOT_FOUND;
  else if (!sql_blob(row, 0, digest, sizeof(digest)) ||
           memcmp(digest, once->digest, sizeof(digest)) != 0)
    status = STORE_MISMATCH;
  if (status == STORE_REPLAY) {
    (void)sql_text(row, 1, replay);
    receipt->stream = (uint32_t)sqlite3_column_int64(row, 2);
    receipt->seq = (uint64_t)sqlite3_column_int64(row, 3);
    if (!sql_blob(row, 4, receipt->row_hash, 32)) status = STORE_FAILED;
  }
  sql_end(row);
  return status;
}

store_status store_once_keep(connection *writer,
                             const store_once *once,
                             const store_receipt *receipt) {
  return sql_run(writer, "INSERT INTO idempotency VALUES(?,?,?,?,?,?,?,?)",
                 "ttbtiibi", once->sub, once->key, once->digest,
                 sizeof(once->digest), once->answer, (int64_t)receipt->stream,
                 (int64_t)receipt->seq, receipt->row_hash,
                 sizeof(receipt->row_hash), once->expires_ms);
}

typedef struct submit_args {
  const store_job *job;
  const store_once *once;
  sj_buffer *replay;
} submit_args;

static store_status put_vault(connection *writer, const store_job *job) {
  const store_vault *vault = job->vault;
  const store_status status = sql_run(
      writer, "INSERT INTO vault_record VALUES(?,?,?,?,?,?,?,NULL,?,?)",
      "titbttbti", job->id, (int64_t)vault->fmt, vault->data, vault->data_hash,
      sizeof(vault->data_hash), vault->kid, vault->wrap, vault->wrap_hash,
      sizeof(vault->wrap_hash), vault->sig, job->vault_expires_ms);
  if (status != STORE_OK) return status;
  return sql_run(writer, "INSERT INTO vault_share VALUES(?,?,?)", "tib",
                 job->id, (int64_t)vault->epoch, vault->share,
                 sizeof(vault->share));
}

static store_status put_job(connection *writer, const store_job *job) {
  const store_status status = sql_run(
      writer,
      "INSERT INTO procedure_data VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
      "?)",
      "tttttTbbtttttttt"
      "iii",
      job->id, job->document_type, job->specialty, job->policy, job->lang,
      job->text, job->text_len, job->text_salt, sizeof(job->text_salt),
      job->text_digest, sizeof(job->text_digest), job->entities,
      job->attestation, job->ruleset, job->model, job->engine, job->status,
      job->vault == NULL ? "none" : "sealed", job->submitted_by,
      job->created_ms, job->created_ms, job->expires_ms);
  // The id is the client's: one that another used is refused as his key is.
  if (status == STORE_CONFLICT) return STORE_MISMATCH;
  if (status != STORE_OK) return status;
  return sql_run(writer, "INSERT INTO job(id,run_ms) VALUES(?,?)", "ti",
                 job->id, job->created_ms);
}

static store_status do_submit(connection *writer, void *data, write_op *op) {
  const submit_args *args = data;
  store_status status =
      store_once_look(writer, args->once, args->replay, &op->receipt);
  if (status == STORE_OK && args->job->vault != NULL)
    status = store_keylist_is(writer, args->job->keylist);
  if (status == STORE_OK) status = put_job(writer, args->job);
  if (status == STORE_OK && args->job->vault != NULL)
    status = put_vault(writer, args->job);
  if (status == STORE_OK)
    status = store_once_keep(writer, args->once, &op->receipt);
  return status;
}

store_status store_submit(store *self,
                          const store_job *job,
                          const store_once *once,
                          store_trail trail,
                          sj_buffer *replay,
                          store_receipt *receipt) {
  submit_args args = {job, once, replay};
  return store_write(self, do_submit, &args, trail, receipt);
}

static void copy_word(sqlite3_stmt *row, int column, char *out, size_t room) {
  const unsigned char *text = sqlite3_column_text(row, column);
  size_t i = 0;
  for (; text != NULL && text[i] != '\0' && i + 1 < room; i++)
    out[i] = (char)text[i];
  out[i] = '\0';
}

store_status store_job_state(store *self, const char *id, store_state *out) {
  *out = (store_state){0};
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader,
      "SELECT p.submitted_by, p.status, p.vault, p.created_ms, p.updated_ms,"
      " COALESCE(j.attempt, 0), r.id IS NOT NULL FROM procedure_data p"
      " LEFT JOIN job j ON j.id = p.id LEFT JOIN coding_result r"
      " ON r.id = p.id WHERE p.id = ?",
      "t", id);
  const store_status status = sql_step(row);
  if (status == STORE_OK) {
    copy_word(row, 0, out->submitted_by, sizeof(out->submitted_by));
    copy_word(row, 1, out->status, sizeof(out->status));
    copy_word(row, 2, out->vault, sizeof(out->vault));
    out->created_ms = sqlite3_column_int64(row, 3);
    out->updated_ms = sqlite3_column_int64(row, 4);
    out->attempts = sqlite3_column_int64(row, 5);
    out->has_result = sqlite3_column_int(row, 6) != 0;
    sql_end(row);
  }
  store_read_end(self, reader);
  return status;
}

store_status store_job_result(store *self, const char *id, sj_buffer *out) {
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row = sql_bind(
      reader, "SELECT result, flags, model FROM coding_result WHERE id = ?",
      "t", id);
  const store_status status = sql_step(row);
  for (int i = 0; status == STORE_OK && i < 3; i++)
    (void)sql_text(row, i, out);
  if (status == STORE_OK) sql_end(row);
  store_read_end(self, reader);
  return status;
}

static store_status do_result(connection *writer, void *data, write_op *op) {
  (void)op;
  const store_result *args = data;
  store_status status = sql_run(
      writer,
      "UPDATE procedure_data SET status='complete', updated_ms=? WHERE id=?"
      " AND status IN('queued','phi_confirmed','processing')",
      "it", args->t_ms, args->id);
  if (status == STORE_OK && sqlite3_changes(writer->db) == 0)
    return STORE_NOT_FOUND;
  if (status == STORE_OK)
    status =
        sql_run(writer, "INSERT INTO coding_result VALUES(?,?,?,?,?)", "tttti",
                args->id, args->result, args->flags, args->model, args->t_ms);
  if (status == STORE_OK)
    status = sql_run(writer, "DELETE FROM job WHERE id=?", "t", args->id);
  return status;
}

store_status store_put_result(store *self,
                              const store_result *result,
                              store_trail trail,
                              store_receipt *receipt) {
  store_result args = *result;
  return store_write(self, do_result, &args, trail, receipt);
}

typedef struct release_args {
  const char *id;
  store_release *out;
} release_args;

static store_status do_release(connection *writer, void *data, write_op *op) {
  (void)op;
  const release_args *args = data;
  store_release *out = args->out;
  sqlite3_stmt *row = sql_bind(
      writer,
      "SELECT p.scrubbed_text, v.data, v.sig, v.wrap, v.prev_wrap, r.result,"
      " r.flags, r.model, v.fmt, p.text_salt, s.epoch, s.sealed"
      " FROM procedure_data p JOIN vault_record v ON v.id = p.id"
      " JOIN vault_share s ON s.id = p.id"
      " LEFT JOIN coding_result r ON r.id = p.id"
      " WHERE p.id = ? AND p.scrubbed_text IS NOT NULL",
      "t", args->id);
  const store_status status = sql_step(row);
  if (status != STORE_OK) return status;
  size_t *const places[] = {&out->text,  &out->data,     &out->sig,
                            &out->wrap,  &out->old_wrap, &out->result,
                            &out->flags, &out->model};
  for (int i = 0; i < 8; i++)
    *places[i] = sql_text(row, i, &out->bytes);
  out->fmt = sqlite3_column_int(row, 8);
  out->epoch = (uint32_t)sqlite3_column_int64(row, 10);
  const bool whole = sql_blob(row, 9, out->text_salt, sizeof(out->text_salt)) &&
                     sql_blob(row, 11, out->share, sizeof(out->share)) &&
                     !out->bytes.failed;
  sql_end(row);
  return whole ? STORE_OK : STORE_FAILED;
}

store_status store_release_job(store *self,
                               const char *id,
                               store_trail trail,
                               store_release *out,
                               store_receipt *receipt) {
  release_args args = {id, out};
  return store_write(self, do_release, &args, trail, receipt);
}

typedef struct end_args {
  const char *id;
  bool opened;
  int64_t t_ms;
} end_args;

static store_status
do_acknowledge(connection *writer, void *data, write_op *op) {
  (void)op;
  const end_args *args = data;
  sqlite3_stmt *row =
      sql_bind(writer, "SELECT 1 FROM vault_record WHERE id=?", "t", args->id);
  const store_status status = sql_step(row);
  sql_end(row);
  if (status != STORE_OK || !args->opened) return status;
  return sql_run(writer, "UPDATE vault_record SET prev_wrap=NULL WHERE id=?",
                 "t", args->id);
}

store_status store_acknowledge(store *self,
                               const char *id,
                               bool opened,
                               store_trail trail,
                               store_receipt *receipt) {
  end_args args = {.id = id, .opened = opened};
  return store_write(self, do_acknowledge, &args, trail, receipt);
}

// The share goes first: without it the rest is noise, wherever a copy lies.
static store_status drop_vault(connection *writer, const char *id) {
  store_status status =
      sql_run(writer, "DELETE FROM vault_share WHERE id=?", "t", id);
  if (status == STORE_OK)
    status = sql_run(writer, "DELETE FROM vault_record WHERE id=?", "t", id);
  return status;
}

static store_status
do_shred_vault(connection *writer, void *data, write_op *op) {
  (void)op;
  const end_args *args = data;
  store_status status = sql_run(
      writer,
      "UPDATE procedure_data SET vault='shredded', updated_ms=? WHERE id=?"
      " AND vault='sealed'",
      "it", args->t_ms, args->id);
  if (status == STORE_OK && sqlite3_changes(writer->db) == 0)
    return STORE_NOT_FOUND;
  return status == STORE_OK ? drop_vault(writer, args->id) : status;
}

store_status store_shred_vault(store *self,
                               const char *id,
                               int64_t t_ms,
                               store_trail trail,
                               store_receipt *receipt) {
  end_args args = {.id = id, .t_ms = t_ms};
  return store_write(self, do_shred_vault, &args, trail, receipt);
}

static store_status do_shred(connection *writer, void *data, write_op *op) {
  (void)op;
  static const char TALLY[] = "DELETE FROM feedback_tally WHERE id IN"
                              "(SELECT id FROM feedback WHERE job_id=?)";
  static const char *const REST[] = {
      "DELETE FROM coding_result WHERE id=?", "DELETE FROM job WHERE id=?",
      TALLY, "DELETE FROM feedback WHERE job_id=?",
      // The answer held a line of the text, the digest was of all of it; the
      // key stays, see store.h.
      "UPDATE idempotency SET answer=NULL, req_digest=x'' WHERE key=?"};
  const end_args *args = data;
  store_status status = drop_vault(writer, args->id);
  if (status == STORE_OK)
    status = sql_run(
        writer,
        "UPDATE procedure_data SET scrubbed_text=NULL, text_salt=NULL,"
        " text_digest=NULL, entities='[]', attestation='{}',"
        " status='shredded', vault=CASE vault WHEN 'none' THEN 'none' ELSE"
        " 'shredded' END, updated_ms=? WHERE id=? AND status<>'shredded'",
        "it", args->t_ms, args->id);
  if (status == STORE_OK && sqlite3_changes(writer->db) == 0)
    return STORE_NOT_FOUND;
  for (size_t i = 0; i < sizeof(REST) / sizeof(REST[0]); i++)
    if (status == STORE_OK) status = sql_run(writer, REST[i], "t", args->id);
  return status;
}

store_status store_shred(store *self,
                         const char *id,
                         int64_t t_ms,
                         store_trail trail,
                         store_receipt *receipt) {
  end_args args = {.id = id, .t_ms = t_ms};
  return store_write(self, do_shred, &args, trail, receipt);
}

store_status store_expired(store *self,
                           bool whole,
                           int64_t t_ms,
                           size_t room,
                           sj_buffer *ids,
                           size_t *count) {
  *count = 0;
  connection *reader = store_read_begin(self);
  sqlite3_stmt *row =
      sql_bind(reader,
               whole ? "SELECT id FROM procedure_data WHERE expires_ms < ? AND"
                       " status <> 'shredded' ORDER BY expires_ms LIMIT ?"
                     : "SELECT id FROM vault_record WHERE expires_ms < ?"
                       " ORDER BY expires_ms LIMIT ?",
               "ii", t_ms, (int64_t)room);
  store_status status;
  while ((status = sql_step(row)) == STORE_OK) {
    (void)sql_text(row, 0, ids);
    ++*count;
  }
  store_read_end(self, reader);
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

typedef struct forget_args {
  int64_t t_ms, feedback_ms;
  uint64_t count;
} forget_args;

static store_status do_forget(connection *writer, void *data, write_op *op) {
  (void)op;
  forget_args *args = data;
  args->count = 0;
  store_status status = sql_run(
      writer, "DELETE FROM idempotency WHERE expires_ms < ?", "i", args->t_ms);
  args->count += (uint64_t)sqlite3_changes(writer->db);
  if (status == STORE_OK)
    status = sql_run(writer,
                     "DELETE FROM feedback_tally WHERE id IN"
                     "(SELECT id FROM feedback WHERE created_ms < ?)",
                     "i", args->feedback_ms);
  if (status == STORE_OK)
    status = sql_run(writer, "DELETE FROM feedback WHERE created_ms < ?", "i",
                     args->feedback_ms);
  args->count += (uint64_t)sqlite3_changes(writer->db);
  if (status == STORE_OK)
    status = sql_run(writer,
                     "DELETE FROM procedure_data WHERE status='shredded' AND"
                     " NOT EXISTS(SELECT 1 FROM idempotency i WHERE"
                     " i.key = procedure_data.id)",
                     "");
  args->count += (uint64_t)sqlite3_changes(writer->db);
  return status;
}

store_status store_forget(store *self,
                          int64_t t_ms,
                          int64_t feedback_ms,
                          store_trail trail,
                          uint64_t *count) {
  forget_args args = {t_ms, feedback_ms, 0};
  const store_status status = store_write(self, do_forget, &args, trail, NULL);
  *count = status == STORE_OK ? args.count : 0;
  return status;
}
