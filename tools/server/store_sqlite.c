// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite.c - open, migrate, close; the connections that read.

#include "store_sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// secure_delete: deleted rows are overwritten, which is what shredding means.
static const char SETTINGS[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
    "PRAGMA wal_autocheckpoint=1000;"
    // What a savepoint would undo is kept in memory, not in files.
    "PRAGMA temp_store=MEMORY;";
static const char READER_SETTINGS[] =
    "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-512;";

static bool connect_to(connection *on, const char *path, int flags) {
  if (sqlite3_open_v2(path, &on->db, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK)
    return false;
  (void)sqlite3_extended_result_codes(on->db, 0);
  (void)sqlite3_busy_timeout(on->db, 2000);
  return sqlite3_db_config(on->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) ==
             SQLITE_OK &&
         sqlite3_db_config(on->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0,
                           NULL) == SQLITE_OK;
}

static int64_t pragma_number(connection *on, const char *sql) {
  sqlite3_stmt *statement = NULL;
  int64_t value = -1;
  if (sqlite3_prepare_v2(on->db, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    value = sqlite3_column_int64(statement, 0);
  (void)sqlite3_finalize(statement);
  return value;
}

// Each step is one transaction with its number.
static const char *migrate(connection *on) {
  static const char *const DONE[] = {"PRAGMA user_version=1", NULL};
  const int64_t version = pragma_number(on, "PRAGMA user_version");
  int64_t known = 0;
  while (STORE_MIGRATIONS[known] != NULL)
    known++;
  if (version < 0) return "the file is no database, or cannot be read";
  if (version > known) return "the database is of a newer scrubjayd";
  for (int64_t step = version; step < known; step++) {
    store_status status = sql_script(on, "BEGIN IMMEDIATE");
    for (const char *const *at = STORE_MIGRATIONS[step];
         *at != NULL && status == STORE_OK; at++)
      status = sql_script(on, *at);
    if (status == STORE_OK) status = sql_script(on, DONE[step]);
    if (status == STORE_OK) status = sql_script(on, "COMMIT");
    if (status != STORE_OK) return "the tables could not be made";
  }
  return NULL;
}

// Only one process: see store_sqlite.h.
static int lock_file(const char *path) {
  const size_t room = strlen(path) + sizeof(".lock");
  char *name = malloc(room);
  if (name == NULL) return -1;
  (void)snprintf(name, room, "%s.lock", path);
  const int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  free(name);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
    (void)close(fd);
    return -1;
  }
  return fd;
}

// The stream goes on from its last row.
static bool read_head(store *self) {
  self->head = (store_receipt){.stream = 1};
  sqlite3_stmt *row = sql_bind(&self->writer,
                               "SELECT seq, row_hash FROM audit_row WHERE "
                               "stream = ? ORDER BY seq DESC LIMIT 1",
                               "i", (int64_t)1);
  const store_status status = sql_step(row);
  if (status == STORE_NOT_FOUND) return true;
  if (status != STORE_OK) return false;
  self->head.seq = (uint64_t)sqlite3_column_int64(row, 0);
  const bool whole = sql_blob(row, 1, self->head.row_hash, 32);
  sql_end(row);
  return whole;
}

static bool open_readers(store *self, size_t count) {
  if (count == 0 || count > STORE_READERS) count = STORE_READERS;
  for (; self->reader_count < count; self->reader_count++) {
    connection *reader = &self->readers[self->reader_count];
    if (!connect_to(reader, self->path, SQLITE_OPEN_READONLY) ||
        sqlite3_db_config(reader->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL) != SQLITE_OK ||
        sql_script(reader, READER_SETTINGS) != STORE_OK)
      return false;
  }
  return true;
}

static const char *open_all(store *self, size_t readers) {
  self->lock = lock_file(self->path);
  if (self->lock < 0)
    return "another process has it open, or the folder "
           "cannot be written";
  // The journal and its index get the mode of the database.
  const int fd =
      open(self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return "the database cannot be opened or made";
  (void)close(fd);
  if (!connect_to(&self->writer, self->path, SQLITE_OPEN_READWRITE) ||
      sql_script(&self->writer, SETTINGS) != STORE_OK)
    return "the file is no database, or cannot be written";
  const char *what = migrate(&self->writer);
  if (what != NULL) return what;
  if (!read_head(self)) return "the audit log cannot be read";
  if (!open_readers(self, readers)) return "the database cannot be read";
  if (!store_writer_start(self)) return "no thread can be started";
  return NULL;
}

store_status
store_open(const store_options *options, store **out, const char **what) {
  *out = NULL;
  *what = "out of memory";
  store *self = calloc(1, sizeof(*self));
  if (self == NULL) return STORE_FAILED;
  self->lock = -1;
  self->queue = options->queue;
  (void)pthread_mutex_init(&self->mutex, NULL);
  (void)pthread_cond_init(&self->work, NULL);
  (void)pthread_cond_init(&self->done, NULL);
  (void)pthread_cond_init(&self->read, NULL);
  self->path = strdup(options->path);
  if (self->path != NULL) *what = open_all(self, options->readers);
  if (*what != NULL) {
    store_close(self);
    return STORE_FAILED;
  }
  *out = self;
  return STORE_OK;
}

void store_close(store *self) {
  if (self == NULL) return;
  store_writer_stop(self);
  for (size_t i = 0; i < STORE_READERS; i++)
    sql_close(&self->readers[i]);
  // Last, so that its close writes the journal back.
  sql_close(&self->writer);
  if (self->lock >= 0) (void)close(self->lock);
  (void)pthread_cond_destroy(&self->read);
  (void)pthread_cond_destroy(&self->done);
  (void)pthread_cond_destroy(&self->work);
  (void)pthread_mutex_destroy(&self->mutex);
  free(self->path);
  free(self);
}

connection *store_read_begin(store *self) {
  (void)pthread_mutex_lock(&self->mutex);
  for (;;) {
    for (size_t i = 0; i < self->reader_count; i++) {
      if (self->taken[i]) continue;
      self->taken[i] = true;
      (void)pthread_mutex_unlock(&self->mutex);
      return &self->readers[i];
    }
    (void)pthread_cond_wait(&self->read, &self->mutex);
  }
}

void store_read_end(store *self, connection *reader) {
  (void)pthread_mutex_lock(&self->mutex);
  self->taken[reader - self->readers] = false;
  (void)pthread_cond_signal(&self->read);
  (void)pthread_mutex_unlock(&self->mutex);
}

store_status store_backup(store *self, const char *path, bool shares) {
  connection from = {0}, to = {0};
  store_status status = STORE_FAILED;
  const int fd =
      open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return STORE_CONFLICT;
  (void)close(fd);
  // A reader's snapshot: writers go on, and the copy is of one moment.
  if (connect_to(&from, self->path, SQLITE_OPEN_READONLY) &&
      sqlite3_db_config(from.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) ==
          SQLITE_OK &&
      connect_to(&to, path, SQLITE_OPEN_READWRITE)) {
    sqlite3_backup *copy = sqlite3_backup_init(to.db, "main", from.db, "main");
    if (copy != NULL && sqlite3_backup_step(copy, -1) == SQLITE_DONE)
      status = STORE_OK;
    if (sqlite3_backup_finish(copy) != SQLITE_OK) status = sql_status(&to);
    if (status == STORE_OK && !shares)
      status = sql_script(&to, "PRAGMA secure_delete=ON;"
                               "DELETE FROM vault_share; VACUUM;");
  }
  sql_close(&from);
  sql_close(&to);
  if (status != STORE_OK) (void)unlink(path);
  return status;
}
