// SPDX-License-Identifier: Apache-2.0
//
// vault_open.c - the way back when the people are gone, or their passphrases:
// a record, its share and the recovery key.

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../common/files.h"
#include "../common/json_write.h"
#include "../common/jws.h"
#include "vault_folder.h"
#include "vault_record.h"

enum { RECORD_MOST = 1000000 };

typedef struct opening {
  sj_vault vault;
  sj_arena arena;
  sj_vault_record record;
  sj_buffer map;
} opening;

static sj_exit refuse(const char *what, const char *where) {
  sj_say(what, where);
  return SJ_EXIT_INPUT;
}

// The largest serial among keylist-N.jws.
static bool newest_list(const char *folder, char name[64]) {
  unsigned long long best = 0;
  DIR *dir = opendir(folder);
  if (!dir) return false;
  for (struct dirent *at = readdir(dir); at; at = readdir(dir)) {
    unsigned long long serial = 0;
    char end = '\0';
    if (sscanf(at->d_name, "keylist-%llu.jw%c", &serial, &end) == 2 &&
        end == 's' && serial > best)
      best = serial;
  }
  closedir(dir);
  (void)snprintf(name, 64, "keylist-%llu.jws", best);
  return best > 0;
}

// In the place of the list to come, the one that was signed. An expired one
// serves: this is the day when nothing else does.
static sj_exit load_list(opening *self, const sj_vault_options *options) {
  char name[64];
  sj_buffer jws = {0};
  sj_buffer print = {0};
  sj_exit exit = SJ_EXIT_OK;
  self->vault.folder = options->folder;
  if (options->keylist) {
    const int error = sj_file_read(options->keylist, KEYLIST_MAX, &jws);
    if (error != 0) sj_say_file(options->keylist, error, KEYLIST_MAX);
    exit = error == 0 ? SJ_EXIT_OK : SJ_EXIT_INPUT;
    while (jws.len > 0 && jws.data[jws.len - 1] == '\n')
      jws.len--;
  } else if (newest_list(options->folder, name)) {
    exit = sj_vault_read(&self->vault, name, &jws);
  } else {
    exit = refuse("the folder has no signed list", options->folder);
  }
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_read(&self->vault, "root.fingerprint", &print);
  sj_buffer_add(&print, "", 1);
  if (exit == SJ_EXIT_OK && !print.failed) {
    keylist_error error = {NULL, ""};
    keylist_status status =
        keylist_verify(jws.data, jws.len, print.data, (int64_t)time(NULL),
                       &self->vault.list, &error);
    if (status == KEYLIST_EXPIRED) {
      sj_say("the list has expired; it is used all the same", NULL);
      status = keylist_verify(jws.data, jws.len, print.data, KEYLIST_EVER,
                              &self->vault.list, &error);
    }
    if (status != KEYLIST_OK)
      exit = refuse(error.what ? error.what : keylist_status_text(status),
                    error.pointer);
  }
  sj_buffer_free(&jws);
  sj_buffer_free(&print);
  return exit;
}

static sj_exit check_record(opening *self, const char *file) {
  sj_buffer text = {0};
  const int error = sj_file_read(file, RECORD_MOST, &text);
  if (error != 0) {
    sj_say_file(file, error, RECORD_MOST);
    return SJ_EXIT_INPUT;
  }
  sj_refusal refusal =
      sj_vault_record_read(&self->arena, text.data, text.len, &self->record);
  if (!refusal.what)
    refusal =
        sj_vault_record_check(&self->arena, self->vault.list, &self->record);
  sj_buffer_free(&text);
  return refusal.what ? refuse(refusal.what, refusal.where) : SJ_EXIT_OK;
}

static sj_exit open_record(opening *self, const char *fd) {
  EVP_PKEY *recovery = NULL;
  EVP_PKEY *secret = NULL;
  sj_exit exit = sj_vault_ask_key(&self->vault, "recovery", fd, &recovery);
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_key(&self->vault, self->record.key, recovery, &secret);
  if (exit == SJ_EXIT_OK) {
    const sj_refusal refusal =
        sj_vault_record_open(&self->record, secret, &self->map);
    if (refusal.what) exit = refuse(refusal.what, refusal.where);
  }
  EVP_PKEY_free(recovery);
  EVP_PKEY_free(secret);
  return exit;
}

// {"p","o","t"} to the map that restore reads. False where it is no such map.
static bool write_map(sj_arena *arena, const sj_buffer *map, sj_buffer *out) {
  const sj_json_node *node = NULL;
  if (sj_json_tree_parse(arena, map->data, map->len, &node, NULL) != SJ_OK)
    return false;
  const sj_json_node *entities = sj_json_tree_get(node, "entities");
  if (!entities || entities->kind != SJ_JSON_ARRAY) return false;
  sj_buffer_put(out, "{\"format\":1,\"style\":\"numbered\",\"map\":[");
  for (const sj_json_node *at = entities->child; at; at = at->next) {
    const sj_json_node *p = sj_json_text(at, "p");
    const sj_json_node *t = sj_json_text(at, "t");
    const sj_json_node *o = sj_json_tree_get(at, "o");
    if (!p || !t || !o || o->kind != SJ_JSON_ARRAY) return false;
    sj_buffer_put(out, "{");
    sj_put_pair(out, "placeholder", p->text);
    sj_put_pair(out, "label", t->text);
    sj_buffer_put(out, "\"originals\":[");
    for (const sj_json_node *one = o->child; one; one = one->next) {
      if (one->kind != SJ_JSON_STRING) return false;
      sj_put_string(out, one->text, one->len);
      sj_buffer_put(out, ",");
    }
    sj_put_end(out, ']');
    sj_buffer_put(out, "},");
  }
  sj_put_end(out, ']');
  sj_buffer_put(out, "}\n");
  return !out->failed;
}

static sj_exit give(opening *self, const char *file) {
  sj_buffer text = {0};
  if (!write_map(&self->arena, &self->map, &text)) {
    sj_buffer_free(&text);
    return refuse("what was sealed is no map", NULL);
  }
  int error = 0;
  if (strcmp(file, "-") == 0) {
    sj_sink sink;
    error = sj_sink_open(&sink, NULL, 0);
    if (error == 0 && !sj_sink_write(&sink, text.data, text.len))
      error = sink.error;
  } else {
    error = sj_file_write_secret(file, text.data, text.len);
  }
  if (error != 0) sj_say_file(file, error, 0);
  sj_buffer_free(&text);
  return error == 0 ? SJ_EXIT_OK : SJ_EXIT_INTERNAL;
}

sj_exit sj_vault_open(const sj_vault_options *options) {
  if (!options->record || !options->output) {
    sj_say("open wants --record FILE and --output FILE", NULL);
    return SJ_EXIT_USAGE;
  }
  opening self = {.map = {0}};
  sj_arena_init(&self.arena, (sj_allocator){0});
  sj_exit exit = load_list(&self, options);
  if (exit == SJ_EXIT_OK) exit = check_record(&self, options->record);
  if (exit == SJ_EXIT_OK) exit = open_record(&self, options->passphrase_fd);
  if (exit == SJ_EXIT_OK) exit = give(&self, options->output);
  sj_buffer_free(&self.map);
  sj_memory_wipe(&self.record, sizeof(self.record));
  sj_arena_release(&self.arena);
  sj_vault_close(&self.vault, true);
  return exit;
}
