// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite_feedback.c - what reviewers mended: counts by type and rule.

#include <string.h>

#include "../common/json_write.h"
#include "store_sqlite.h"

typedef struct feedback_args {
  const store_feedback *feedback;
  const store_once *once;
  sj_buffer *replay;
} feedback_args;

static store_status
add_tally(connection *writer, const char *id, const store_feedback_item *item) {
  return sql_run(
      writer,
      "INSERT INTO feedback_tally VALUES(?,?,?,?,?,?)"
      " ON CONFLICT(id,type,rule) DO UPDATE SET"
      " confirmed=feedback_tally.confirmed+excluded.confirmed,"
      " fp=feedback_tally.fp+excluded.fp, fn=feedback_tally.fn+excluded.fn",
      "tttiii", id, item->type, item->rule,
      item->kind == 'c' ? item->count : (int64_t)0,
      item->kind == 'p' ? item->count : (int64_t)0,
      item->kind == 'n' ? item->count : (int64_t)0);
}

static store_status do_feedback(connection *writer, void *data, write_op *op) {
  const feedback_args *args = data;
  const store_feedback *feedback = args->feedback;
  store_status status =
      store_once_look(writer, args->once, args->replay, &op->receipt);
  if (status != STORE_OK) return status;
  sqlite3_stmt *row = sql_bind(
      writer, "SELECT 1 FROM procedure_data WHERE id=? AND status<>'shredded'",
      "t", feedback->job_id);
  status = sql_step(row);
  sql_end(row);
  if (status != STORE_OK) return status;
  status = sql_run(writer, "INSERT INTO feedback VALUES(?,?,?,?,?,?,?)",
                   "tttiiii", feedback->id, feedback->job_id, feedback->items,
                   feedback->confirmed, feedback->fp, feedback->fn,
                   feedback->created_ms);
  if (status == STORE_CONFLICT) return STORE_MISMATCH;
  for (size_t i = 0; i < feedback->count && status == STORE_OK; i++)
    status = add_tally(writer, feedback->id, &feedback->tally[i]);
  if (status == STORE_OK)
    status = store_once_keep(writer, args->once, &op->receipt);
  return status;
}

store_status store_put_feedback(store *self,
                                const store_feedback *feedback,
                                const store_once *once,
                                store_trail trail,
                                sj_buffer *replay,
                                store_receipt *receipt) {
  feedback_args args = {feedback, once, replay};
  return store_write(self, do_feedback, &args, trail, receipt);
}

// part of 1 as a number with four decimals, null where there is nothing.
static void
put_share(sj_buffer *out, const char *key, int64_t of, int64_t all) {
  sj_buffer_put(out, "\"");
  sj_buffer_put(out, key);
  sj_buffer_put(out, "\":");
  if (all == 0) {
    sj_buffer_put(out, "null,");
    return;
  }
  const uint64_t tenths = (uint64_t)((of * 10000 + all / 2) / all);
  sj_buffer_number(out, tenths / 10000);
  char digits[6] = ".0000";
  uint64_t rest = tenths % 10000;
  for (int i = 4; i > 0; i--, rest /= 10)
    digits[i] = (char)('0' + rest % 10);
  sj_buffer_put(out, digits);
  sj_buffer_put(out, ",");
}

// Columns from `at`: confirmed, false positives, false negatives.
static void put_counts(sqlite3_stmt *row, int at, sj_buffer *out) {
  const int64_t confirmed = sqlite3_column_int64(row, at);
  const int64_t fp = sqlite3_column_int64(row, at + 1);
  const int64_t fn = sqlite3_column_int64(row, at + 2);
  sj_put_count(out, "confirmed", (uint64_t)confirmed);
  sj_put_count(out, "fp", (uint64_t)fp);
  sj_put_count(out, "fn", (uint64_t)fn);
  put_share(out, "precision", confirmed, confirmed + fp);
  put_share(out, "recall", confirmed, confirmed + fn);
  sj_put_end(out, '}');
  sj_buffer_put(out, ",");
}

static void
put_named(sqlite3_stmt *row, int column, const char *key, sj_buffer *out) {
  sj_buffer_put(out, "\"");
  sj_buffer_put(out, key);
  sj_buffer_put(out, "\":");
  sj_put_string(out, (const char *)sqlite3_column_text(row, column),
                (size_t)sqlite3_column_bytes(row, column));
  sj_buffer_put(out, ",");
}

// One row for each group; `names` of the columns before the counts.
static store_status
put_groups(sqlite3_stmt *row, const char *const *names, sj_buffer *out) {
  store_status status;
  sj_buffer_put(out, "[");
  while ((status = sql_step(row)) == STORE_OK) {
    int column = 0;
    sj_buffer_put(out, "{");
    for (; names[column] != NULL; column++)
      put_named(row, column, names[column], out);
    put_counts(row, column, out);
  }
  sj_put_end(out, ']');
  sj_buffer_add(out, "", 1);
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

#define CHOSEN                                                                 \
  " WHERE f.created_ms >= ? AND f.created_ms < ? AND (? IS NULL OR"            \
  " f.job_id = ?)"

store_status store_feedback_summary(store *self,
                                    const char *job_id,
                                    int64_t from_ms,
                                    int64_t to_ms,
                                    sj_buffer *out) {
  static const char *const BY_RULE[] = {"type", "rule", NULL};
  static const char *const BY_DAY[] = {"day", NULL};
  connection *reader = store_read_begin(self);
  store_status status = put_groups(
      sql_bind(reader,
               "SELECT t.type, t.rule, SUM(t.confirmed), SUM(t.fp), SUM(t.fn)"
               " FROM feedback_tally t JOIN feedback f ON f.id = t.id" CHOSEN
               " GROUP BY t.type, t.rule ORDER BY t.type, t.rule",
               "iitt", from_ms, to_ms, job_id, job_id),
      BY_RULE, out);
  // Days since 1970, UTC: the portable way to group by day.
  if (status == STORE_OK)
    status = put_groups(
        sql_bind(reader,
                 "SELECT CAST(f.created_ms/86400000 AS TEXT), SUM(f.confirmed),"
                 " SUM(f.fp), SUM(f.fn) FROM feedback f" CHOSEN
                 " GROUP BY f.created_ms/86400000"
                 " ORDER BY f.created_ms/86400000",
                 "iitt", from_ms, to_ms, job_id, job_id),
        BY_DAY, out);
  store_read_end(self, reader);
  return status;
}

typedef struct export_args {
  const char *after;
  int64_t limit;
  sj_buffer *out;
} export_args;

static store_status do_export(connection *writer, void *data, write_op *op) {
  (void)op;
  const export_args *args = data;
  sqlite3_stmt *row = sql_bind(writer,
                               "SELECT id, job_id, items FROM feedback WHERE"
                               " id > ? ORDER BY id LIMIT ?",
                               "ti", args->after, args->limit);
  store_status status;
  while ((status = sql_step(row)) == STORE_OK) {
    sj_buffer_put(args->out, "{");
    put_named(row, 0, "id", args->out);
    put_named(row, 1, "job_id", args->out);
    sj_buffer_put(args->out, "\"items\":");
    sj_buffer_add(args->out, sqlite3_column_text(row, 2),
                  (size_t)sqlite3_column_bytes(row, 2));
    sj_buffer_put(args->out, "}\n");
  }
  return status == STORE_NOT_FOUND ? STORE_OK : status;
}

store_status store_feedback_export(store *self,
                                   const char *after,
                                   int64_t limit,
                                   store_trail trail,
                                   sj_buffer *out) {
  export_args args = {after, limit, out};
  return store_write(self, do_export, &args, trail, NULL);
}
