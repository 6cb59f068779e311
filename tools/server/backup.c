// SPDX-License-Identifier: Apache-2.0
//
// backup.c - see backup.h. The copy is made by a connection that only reads
// and never checkpoints, so that a server may write meanwhile; a file that is
// in use is never copied as a file.

#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "audit.h"
#include "audit_verify.h"
#include "command.h"
#include "retention.h"
#include "service.h"

typedef struct request {
  const char *config, *file;
  bool flag; // --without-shares, --replace
} request;

static bool read_words(int argc, char **argv, const char *flag, request *out) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
      out->config = argv[++i];
    else if (strcmp(argv[i], flag) == 0)
      out->flag = true;
    else if (argv[i][0] != '-' && out->file == NULL)
      out->file = argv[i];
    else
      return false;
  }
  return out->config != NULL && out->file != NULL;
}

static int cannot(const char *where, const char *what) {
  fprintf(stderr, "scrubjayd: %s: %s\n", where, what);
  return COMMAND_INPUT;
}

static bool load(const char *path, config *out) {
  config_error error = {""};
  if (!config_load(path, NULL, out, &error))
    fprintf(stderr, "scrubjayd: %s\n", error.what);
  else if (out->store[0] == '\0')
    (void)cannot(path, "it names no [store] path");
  else
    return true;
  return false;
}

static bool answers(sqlite3 *db, const char *sql, const char *want) {
  sqlite3_stmt *row = NULL;
  const bool ok = sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK &&
                  sqlite3_step(row) == SQLITE_ROW &&
                  strcmp((const char *)sqlite3_column_text(row, 0), want) == 0;
  (void)sqlite3_finalize(row);
  return ok;
}

// On disk: the file, and its name in the folder.
static bool sync_path(const char *path, int flags) {
  const int fd = open(path, flags | O_CLOEXEC);
  const bool ok = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0) (void)close(fd);
  return ok;
}

static bool sync_file(const char *path) {
  char copy[PATH_MAX];
  if (strlen(path) >= sizeof(copy)) return false;
  memcpy(copy, path, strlen(path) + 1);
  return sync_path(path, O_RDONLY) &&
         sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
}

// NULL, or what went wrong; `to` is then gone.
static const char *copy(const char *from, const char *to, bool shares) {
  sqlite3 *source = NULL, *target = NULL;
  const char *what = NULL;
  const int fd =
      open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return errno == EEXIST ? "a file of that name is there" : strerror(errno);
  (void)close(fd);
  if (sqlite3_open_v2(from, &source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_db_config(source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) !=
          SQLITE_OK ||
      sqlite3_busy_timeout(source, 5000) != SQLITE_OK ||
      sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    what = "the database cannot be read";
  } else {
    sqlite3_backup *backup =
        sqlite3_backup_init(target, "main", source, "main");
    const bool ok =
        backup != NULL && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
    if (sqlite3_backup_finish(backup) != SQLITE_OK || !ok)
      what = "the copy could not be written";
  }
  // One file, with no journal beside it.
  if (what == NULL &&
      (!answers(target, "PRAGMA journal_mode=DELETE", "delete") ||
       (!shares && sqlite3_exec(target,
                                "PRAGMA secure_delete=ON;"
                                "DELETE FROM vault_share; VACUUM",
                                NULL, NULL, NULL) != SQLITE_OK)))
    what = "the copy could not be written";
  if (what == NULL && !answers(target, "PRAGMA integrity_check", "ok"))
    what = "the database is damaged";
  (void)sqlite3_close(source);
  (void)sqlite3_close(target);
  if (what == NULL && !sync_file(to)) what = "the copy is not on disk";
  if (what != NULL) (void)unlink(to);
  return what;
}

int backup_command(int argc, char **argv) {
  request how = {0};
  config set;
  if (!read_words(argc, argv, "--without-shares", &how)) {
    fprintf(stderr, "usage: scrubjayd backup --config FILE [--without-shares] "
                    "OUT\n");
    return COMMAND_USAGE;
  }
  if (!load(how.config, &set)) return COMMAND_USAGE;
  const char *what = copy(set.store, how.file, !how.flag);
  return what == NULL ? 0 : cannot(how.file, what);
}

// NULL, or why the copy is not to be put in place.
static const char *examine(const char *path, const config *set) {
  sqlite3 *db = NULL;
  const char *what = NULL;
  audit_verdict found;
  checkpoint_key *key = NULL;
  if (set->checkpoint_key[0] != '\0')
    key = checkpoint_key_open(set->checkpoint_key, false, &what);
  if (what == NULL &&
      (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
       !answers(db, "PRAGMA integrity_check", "ok")))
    what = "it is no database, or is damaged";
  if (what == NULL && audit_verify(db, key, NULL, 0, &found) != AUDIT_GOOD)
    what = "its audit log is not whole: see scrubjayd audit verify --store";
  (void)sqlite3_close(db);
  checkpoint_key_free(key);
  return what;
}

// As the store's own lock: see store_sqlite.c.
static int lock(const char *path) {
  char name[CONFIG_PATH + 8];
  (void)snprintf(name, sizeof(name), "%s.lock", path);
  const int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  if (fd >= 0) (void)close(fd);
  return -1;
}

static const char *put_in_place(const char *from, const char *path) {
  char partial[CONFIG_PATH + 16], beside[CONFIG_PATH + 16];
  (void)snprintf(partial, sizeof(partial), "%s.restore", path);
  (void)unlink(partial);
  const char *what = copy(from, partial, true);
  if (what != NULL) return what;
  // The journal belongs to the file that goes.
  static const char *const endings[] = {"-wal", "-shm"};
  for (size_t i = 0; i < 2; i++) {
    (void)snprintf(beside, sizeof(beside), "%s%s", path, endings[i]);
    if (unlink(beside) != 0 && errno != ENOENT) return strerror(errno);
  }
  if (rename(partial, path) != 0 || !sync_file(path)) return strerror(errno);
  return NULL;
}

// The first acts over the restored database: a row that tells of it, and the
// end of what has expired since the copy was made.
static bool settle(const config *set) {
  service of;
  retention_count count;
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  const int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
  const audit_entry entry = {.actor = "system",
                             .action = AUDIT_RECOVERY_USED,
                             .outcome = "ok",
                             .object = "backup",
                             .t_ms = now_ms};
  const bool ok =
      service_open(&of, set) &&
      store_audit(of.store, (store_trail){&entry, 1}, NULL) == STORE_OK &&
      retention_run(of.store, of.keks, set, now_ms, true, &count) == STORE_OK;
  service_close(&of);
  if (ok)
    printf("restored; %llu records and %llu texts that had expired are "
           "shredded\n",
           (unsigned long long)count.vaults, (unsigned long long)count.texts);
  return ok;
}

int restore_command(int argc, char **argv) {
  request how = {0};
  config set;
  if (!read_words(argc, argv, "--replace", &how)) {
    fprintf(stderr, "usage: scrubjayd restore --config FILE [--replace] IN\n");
    return COMMAND_USAGE;
  }
  if (!load(how.config, &set)) return COMMAND_USAGE;
  if (!how.flag && access(set.store, F_OK) == 0)
    return cannot(set.store, "a database is there; --replace puts the copy in "
                             "its place");
  const int held = lock(set.store);
  if (held < 0) return cannot(set.store, "a server has it open");
  const char *what = examine(how.file, &set);
  if (what == NULL) what = put_in_place(how.file, set.store);
  (void)close(held);
  if (what != NULL) return cannot(how.file, what);
  return settle(&set) ? 0 : COMMAND_INPUT;
}
