// SPDX-License-Identifier: Apache-2.0
//
// store_sqlite.h - what the files of the SQLite store share.
//
// One thread owns the one connection that writes and checkpoints; the others
// are read-only and never do either. That is not a matter of taste: SQLite up
// to 3.51.2 can damage the file where two connections of a WAL database write
// and checkpoint at once.
#ifndef SCRUBJAYD_STORE_SQLITE_H
#define SCRUBJAYD_STORE_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>

#include "store.h"

enum { STORE_STATEMENTS = 96, STORE_READERS = 16, STORE_BATCH = 128 };

typedef struct connection {
  sqlite3 *db;
  size_t count;
  const char *sql[STORE_STATEMENTS]; ///< by address: all are constants
  sqlite3_stmt *ready[STORE_STATEMENTS];
} connection;

/// A change that waits for the writer, on the stack of the thread that asked.
typedef struct write_op write_op;
struct write_op {
  store_status (*act)(connection *writer, void *args, write_op *op);
  void *args;
  store_trail trail;
  store_receipt receipt;
  bool journal; ///< no change: checkpoint and truncate the journal
  bool done;
  store_status status;
  write_op *next;
};

struct store {
  char *path;
  int lock;
  connection writer;
  pthread_t thread;
  bool running;

  pthread_mutex_t mutex; ///< over all below
  pthread_cond_t work, done, read;
  write_op *first, *last;
  size_t waiting, queue;
  bool closing, full, failed;
  store_receipt head; ///< as committed
  void (*on_failure)(void *ctx);
  void *on_failure_ctx;
  connection readers[STORE_READERS];
  bool taken[STORE_READERS];
  size_t reader_count;
  _Atomic uint64_t members; ///< version
};

/// NULL-ended lists of statements, NULL-ended.
extern const char *const *const STORE_MIGRATIONS[];

// ---- statements (store_sqlite_sql.c) ----

/// Prepare once, bind, and leave ready to step; reset when it is next used.
/// `types`: t text, i int64_t, b bytes with size_t, T text with size_t. A NULL
/// pointer binds NULL. NULL on failure.
sqlite3_stmt *sql_bind(connection *on, const char *sql, const char *types, ...);
/// The same and run to the end. STORE_CONFLICT for a broken constraint.
store_status sql_run(connection *on, const char *sql, const char *types, ...);
/// The next row: STORE_OK, STORE_NOT_FOUND at the end, or a failure. Takes
/// NULL for a statement that could not be bound. The last one resets it.
store_status sql_step(sqlite3_stmt *statement);
/// Give a statement back early, so that it holds no snapshot.
void sql_end(sqlite3_stmt *statement);
/// Run a script of several statements.
store_status sql_script(connection *on, const char *sql);
store_status sql_status(connection *on);
/// Append a column and a NUL; the offset where it begins.
size_t sql_text(sqlite3_stmt *statement, int column, sj_buffer *out);
/// Copy a blob of exactly `len` bytes; false for any other.
bool sql_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t len);
void sql_close(connection *on);

// ---- who writes, who reads ----

/// Hand to the writer and wait for the commit. `receipt` may be NULL.
store_status store_write(store *store,
                         store_status (*act)(connection *, void *, write_op *),
                         void *args,
                         store_trail trail,
                         store_receipt *receipt);
store_status store_write_op(store *store, write_op *op);
/// Start the thread; `writer` is open and migrated.
bool store_writer_start(store *store);
void store_writer_stop(store *store);

/// A reader of one's own until it is given back; waits for one.
connection *store_read_begin(store *store);
void store_read_end(store *store, connection *reader);

// ---- parts that several files use ----

/// STORE_CONFLICT unless `serial` is the newest list's (0: no list).
store_status store_keylist_is(connection *writer, int64_t serial);
/// Look a key up; STORE_OK: it is new.
store_status store_once_look(connection *writer,
                             const store_once *once,
                             sj_buffer *replay,
                             store_receipt *receipt);
/// Keep a key with the receipt, which the writer has made for `op` already.
store_status store_once_keep(connection *writer,
                             const store_once *once,
                             const store_receipt *receipt);
/// Write the rows of a trail, on from `head`.
store_status
store_audit_write(connection *writer, store_trail trail, store_receipt *head);

#endif // SCRUBJAYD_STORE_SQLITE_H
