// SPDX-License-Identifier: Apache-2.0
//
// audit_command.c - `scrubjayd audit verify`.

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/files.h"
#include "audit_verify.h"
#include "config.h"

extern char **environ;

enum { ANCHORS = 64, ANCHOR_MAX = 64 * 1024 };

typedef struct request {
  const char *config, *store, *key;
  const char *anchors[ANCHORS];
  size_t anchor_count;
} request;

static bool read_words(int argc, char **argv, request *out) {
  if (argc < 2 || strcmp(argv[1], "verify") != 0) return false;
  for (int i = 2; i + 1 < argc; i += 2) {
    const char *word = argv[i], *value = argv[i + 1];
    if (strcmp(word, "--config") == 0)
      out->config = value;
    else if (strcmp(word, "--store") == 0)
      out->store = value;
    else if (strcmp(word, "--key") == 0)
      out->key = value;
    else if (strcmp(word, "--anchor") == 0 && out->anchor_count < ANCHORS)
      out->anchors[out->anchor_count++] = value;
    else
      return false;
  }
  return argc % 2 == 0 && (out->config != NULL || out->store != NULL);
}

static int cannot(const char *where, const char *what) {
  fprintf(stderr, "scrubjayd: %s: %s\n", where, what);
  return AUDIT_UNREADABLE;
}

static int
verify(const char *path, const checkpoint_key *key, const request *how) {
  sj_buffer notes[ANCHORS] = {{0}};
  audit_anchor anchors[ANCHORS];
  audit_verdict found;
  int status = AUDIT_GOOD;
  for (size_t i = 0; i < how->anchor_count && status == AUDIT_GOOD; i++) {
    if (sj_file_read(how->anchors[i], ANCHOR_MAX, &notes[i]) != 0)
      status = cannot(how->anchors[i], "the checkpoint cannot be read");
    anchors[i] = (audit_anchor){notes[i].data, notes[i].len};
  }
  sqlite3 *db = NULL;
  if (status == AUDIT_GOOD &&
      sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    status = cannot(path, "the database cannot be read");
  if (status == AUDIT_GOOD) {
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_busy_timeout(db, 5000);
    status = (int)audit_verify(db, key, anchors, how->anchor_count, &found);
    if (status == AUDIT_GOOD)
      printf("good: %llu rows, %llu erased, %llu checkpoints%s\n",
             (unsigned long long)found.rows, (unsigned long long)found.erased,
             (unsigned long long)found.checkpoints,
             key == NULL ? ", signatures not looked at" : "");
    else if (status == AUDIT_BAD)
      printf("bad: stream %lu, row %llu: %s\n", (unsigned long)found.stream,
             (unsigned long long)found.seq, found.what);
    else
      (void)cannot(path, found.what);
  }
  (void)sqlite3_close(db);
  for (size_t i = 0; i < ANCHORS; i++)
    sj_buffer_free(&notes[i]);
  return status;
}

int audit_command(int argc, char **argv) {
  request how = {0};
  if (!read_words(argc, argv, &how)) {
    fprintf(stderr, "usage: scrubjayd audit verify (--config FILE | --store "
                    "FILE) [--key PEM] [--anchor FILE]...\n");
    return AUDIT_UNREADABLE;
  }
  config all;
  config_error error = {""};
  config_defaults(&all);
  if (how.config != NULL && !config_load(how.config, environ, &all, &error)) {
    fprintf(stderr, "scrubjayd: %s\n", error.what);
    return AUDIT_UNREADABLE;
  }
  const char *store = how.store != NULL ? how.store : all.store;
  const char *pem = how.key != NULL ? how.key : all.checkpoint_key;
  checkpoint_key *key = NULL;
  const char *what = NULL;
  if (pem[0] != '\0') {
    key = checkpoint_key_open(pem, false, &what);
    if (key == NULL) return cannot(pem, what);
  }
  const int status = verify(store, key, &how);
  checkpoint_key_free(key);
  return status;
}
