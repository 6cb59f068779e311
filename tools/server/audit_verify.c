// SPDX-License-Identifier: Apache-2.0
//
// audit_verify.c - walk the chain. Rows are read in order once; checkpoints
// are looked up at the row that they speak of.

#include "audit_verify.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/json_tree.h"

typedef struct walk {
  audit_verdict *out;
  checkpoint *marks; // in order of stream and size
  size_t count, next;
  uint32_t stream;
  uint64_t seq;
  uint8_t prev[AUDIT_HASH];
  bool begun;
  sj_arena arena; // of the body under way
} walk;

static audit_status
bad(walk *self, uint32_t stream, uint64_t seq, const char *what) {
  self->out->what = what;
  self->out->stream = stream;
  self->out->seq = seq;
  return AUDIT_BAD;
}

static bool is_blob(sqlite3_stmt *row, int column, int len) {
  return sqlite3_column_type(row, column) == SQLITE_BLOB &&
         sqlite3_column_bytes(row, column) == len;
}

static bool same_text(sqlite3_stmt *row, int column, const sj_json_node *node) {
  const char *text = (const char *)sqlite3_column_text(row, column);
  if (text == NULL || node == NULL) return text == NULL && node == NULL;
  return node->kind == SJ_JSON_STRING &&
         node->len == (size_t)sqlite3_column_bytes(row, column) &&
         memcmp(node->text, text, node->len) == 0;
}

// The columns are an index over the body and must say the same.
static bool columns_agree(sj_arena *arena,
                          sqlite3_stmt *row,
                          const char *body,
                          size_t len) {
  const sj_json_node *node = NULL;
  bool ok = sj_json_tree_parse(arena, body, len, &node, NULL) == SJ_OK;
  const sj_json_node *time = ok ? sj_json_tree_get(node, "t") : NULL;
  ok = ok && time != NULL && time->is_integer &&
       time->integer == sqlite3_column_int64(row, 2) &&
       same_text(row, 3, sj_json_tree_get(node, "actor")) &&
       same_text(row, 4, sj_json_tree_get(node, "action")) &&
       same_text(row, 5, sj_json_tree_get(node, "outcome")) &&
       same_text(row, 6, sj_json_tree_get(node, "object"));
  sj_arena_reset(arena);
  return ok;
}

// Checkpoints behind the last row of the stream that ends here.
static audit_status end_stream(walk *self) {
  if (self->next < self->count && self->begun &&
      self->marks[self->next].stream == self->stream)
    return bad(self, self->stream, self->seq + 1,
               "missing: a checkpoint tells of it, or of later ones");
  return AUDIT_GOOD;
}

static audit_status look_at(walk *self, sqlite3_stmt *row) {
  const uint32_t stream = (uint32_t)sqlite3_column_int64(row, 0);
  const uint64_t seq = (uint64_t)sqlite3_column_int64(row, 1);
  if (!self->begun || stream != self->stream) {
    const audit_status before = end_stream(self);
    if (before != AUDIT_GOOD) return before;
    self->begun = true;
    self->stream = stream;
    self->seq = 0;
    memset(self->prev, 0, sizeof(self->prev));
    if (self->next < self->count && self->marks[self->next].stream < stream)
      return bad(self, self->marks[self->next].stream, 1,
                 "missing: a checkpoint tells of this stream");
  }
  if (seq != self->seq + 1) return bad(self, stream, self->seq + 1, "missing");
  self->seq = seq;
  self->out->rows++;

  const int body_type = sqlite3_column_type(row, 7);
  uint8_t digest[AUDIT_HASH], row_hash[AUDIT_HASH];
  if (!is_blob(row, 9, AUDIT_HASH) || !is_blob(row, 10, AUDIT_HASH))
    return bad(self, stream, seq, "its digest or hash is broken");
  if (body_type == SQLITE_NULL) {
    if (sqlite3_column_type(row, 8) != SQLITE_NULL)
      return bad(self, stream, seq, "its body is gone, its salt is not");
    self->out->erased++;
    memcpy(digest, sqlite3_column_blob(row, 9), AUDIT_HASH);
    audit_link_digest(stream, seq, self->prev, digest, row_hash);
  } else {
    if (!is_blob(row, 8, AUDIT_SALT))
      return bad(self, stream, seq, "its salt is broken");
    const char *body = (const char *)sqlite3_column_text(row, 7);
    const size_t len = (size_t)sqlite3_column_bytes(row, 7);
    audit_link(stream, seq, self->prev, sqlite3_column_blob(row, 8),
               body == NULL ? "" : body, len, digest, row_hash);
    if (memcmp(digest, sqlite3_column_blob(row, 9), AUDIT_HASH) != 0)
      return bad(self, stream, seq, "its body was changed");
    if (!columns_agree(&self->arena, row, body, len))
      return bad(self, stream, seq, "its columns say other than its body");
  }
  if (memcmp(row_hash, sqlite3_column_blob(row, 10), AUDIT_HASH) != 0)
    return bad(self, stream, seq, "it does not follow from the row before");
  memcpy(self->prev, row_hash, AUDIT_HASH);

  for (; self->next < self->count; self->next++) {
    const checkpoint *mark = &self->marks[self->next];
    if (mark->stream != stream || mark->size != seq) break;
    if (memcmp(mark->row_hash, row_hash, AUDIT_HASH) != 0)
      return bad(self, stream, seq, "it is not the row that was signed");
  }
  return AUDIT_GOOD;
}

static int by_place(const void *a, const void *b) {
  const checkpoint *left = a, *right = b;
  if (left->stream != right->stream)
    return left->stream < right->stream ? -1 : 1;
  return (left->size > right->size) - (left->size < right->size);
}

static const char *
add_mark(walk *self, const checkpoint_key *key, const char *note, size_t len) {
  checkpoint mark;
  switch (checkpoint_read(key, note, len, NULL, &mark)) {
  case CHECKPOINT_BROKEN:
    return "a checkpoint is broken";
  case CHECKPOINT_UNSIGNED:
    return "a checkpoint is not signed by this key";
  case CHECKPOINT_OK:
    break;
  }
  if (mark.size == 0) return NULL;
  if ((self->count & (self->count + 1)) == 0) { // room runs out at 2^n - 1
    void *more =
        realloc(self->marks, (2 * self->count + 2) * sizeof(*self->marks));
    if (more == NULL) return "out of memory";
    self->marks = more;
  }
  self->marks[self->count++] = mark;
  return NULL;
}

static audit_status gather(walk *self,
                           sqlite3 *db,
                           const checkpoint_key *key,
                           const audit_anchor *anchors,
                           size_t count) {
  for (size_t i = 0; i < count && self->out->what == NULL; i++)
    self->out->what = add_mark(self, key, anchors[i].note, anchors[i].len);
  sqlite3_stmt *row = NULL;
  if (self->out->what == NULL &&
      sqlite3_prepare_v2(db,
                         "SELECT stream, size, note FROM audit_checkpoint "
                         "ORDER BY stream, size",
                         -1, &row, NULL) != SQLITE_OK)
    self->out->what = "there is no table of checkpoints";
  while (self->out->what == NULL && sqlite3_step(row) == SQLITE_ROW) {
    const char *note = (const char *)sqlite3_column_text(row, 2);
    self->out->what = add_mark(self, key, note == NULL ? "" : note,
                               (size_t)sqlite3_column_bytes(row, 2));
    if (self->out->what == NULL) continue;
    self->out->stream = (uint32_t)sqlite3_column_int64(row, 0);
    self->out->seq = (uint64_t)sqlite3_column_int64(row, 1);
    (void)sqlite3_finalize(row);
    return AUDIT_BAD;
  }
  (void)sqlite3_finalize(row);
  if (self->out->what != NULL) return AUDIT_UNREADABLE;
  self->out->checkpoints = self->count;
  if (self->count > 0)
    qsort(self->marks, self->count, sizeof(*self->marks), by_place);
  return AUDIT_GOOD;
}

static audit_status walk_rows(walk *self, sqlite3 *db) {
  sqlite3_stmt *row = NULL;
  if (sqlite3_prepare_v2(db,
                         "SELECT stream, seq, t_ms, actor, action, outcome,"
                         " object, body, salt, body_digest, row_hash"
                         " FROM audit_row ORDER BY stream, seq",
                         -1, &row, NULL) != SQLITE_OK) {
    self->out->what = "there is no audit log in it";
    return AUDIT_UNREADABLE;
  }
  audit_status status = AUDIT_GOOD;
  int step = SQLITE_DONE;
  while (status == AUDIT_GOOD && (step = sqlite3_step(row)) == SQLITE_ROW)
    status = look_at(self, row);
  (void)sqlite3_finalize(row);
  if (status != AUDIT_GOOD) return status;
  if (step != SQLITE_DONE) {
    self->out->what = "the database cannot be read to its end";
    return AUDIT_UNREADABLE;
  }
  status = end_stream(self);
  if (status == AUDIT_GOOD && self->next < self->count)
    status = bad(self, self->marks[self->next].stream, 1,
                 "missing: a checkpoint tells of this stream");
  return status;
}

audit_status audit_verify(sqlite3 *db,
                          const checkpoint_key *key,
                          const audit_anchor *anchors,
                          size_t count,
                          audit_verdict *out) {
  *out = (audit_verdict){0};
  walk self = {.out = out};
  sj_arena_init(&self.arena, (sj_allocator){0});
  // One snapshot: a server may be writing meanwhile.
  if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
    out->what = "the database cannot be read";
    return AUDIT_UNREADABLE;
  }
  audit_status status = gather(&self, db, key, anchors, count);
  if (status == AUDIT_GOOD) status = walk_rows(&self, db);
  (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  free(self.marks);
  sj_arena_release(&self.arena);
  return status;
}
