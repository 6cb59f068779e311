// SPDX-License-Identifier: Apache-2.0
//
// command_load.c - what `scrubjay vault` made, into a store that no server has
// open: the signed list, and sealed keys, one {"sub","slot","jwe"} a line.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/files.h"
#include "audit.h"
#include "base/json_tree.h"
#include "command.h"
#include "config.h"
#include "jose.h"
#include "schema.h"
#include "service.h"

enum { FILE_MAX = 4 * 1024 * 1024 };

static const char USAGE[] =
    "usage: scrubjayd load --config FILE [--keylist FILE] [--keys FILE]...\n";

static bool complain(const char *file, size_t line, const char *what) {
  if (line == 0)
    fprintf(stderr, "scrubjayd: load: %s: %s\n", file, what);
  else
    fprintf(stderr, "scrubjayd: load: %s:%zu: %s\n", file, line, what);
  return false;
}

static int64_t now_ms(void) {
  return (int64_t)time(NULL) * 1000;
}

static bool read_file(const char *file, sj_buffer *out) {
  if (sj_file_read(file, FILE_MAX, out) == 0 && !out->failed) return true;
  return complain(file, 0, "cannot be read");
}

static bool
store_list(service *of, const char *file, keylist *list, const char *jws) {
  const audit_entry entry = {.actor = "system",
                             .action = AUDIT_KEYLIST_PUBLISHED,
                             .outcome = "ok",
                             .t_ms = now_ms()};
  sj_buffer kids = {0};
  size_t count = 0;
  for (size_t i = 0; i < list->vault_count; i++)
    if (list->vaults[i].state == KEYLIST_RETIRED) {
      sj_buffer_add(&kids, list->vaults[i].kid,
                    strlen(list->vaults[i].kid) + 1);
      count++;
    }
  const store_keylist_row row = {list->serial, jws, kids.data, count};
  const store_status status =
      store_put_keylist(of->store, &row, (store_trail){&entry, 1}, NULL);
  sj_buffer_free(&kids);
  if (status == STORE_OK) return true;
  return complain(file, 0,
                  status == STORE_CONFLICT
                      ? "another list came first, or records are still wrapped "
                        "to a key that it retires"
                      : "cannot be stored");
}

static bool load_list(service *of, const char *file) {
  sj_buffer jws = {0};
  keylist *list = NULL;
  bool good = read_file(file, &jws);
  while (good && jws.len > 0 && jws.data[jws.len - 1] == '\n')
    jws.len--;
  if (good) {
    keylist_status status = keylist_verify(jws.data, jws.len, of->root,
                                           now_ms() / 1000, &list, NULL);
    if (status == KEYLIST_OK) {
      status = keylist_follows(service_keys(of), list);
      service_keys_end(of);
    }
    good =
        status == KEYLIST_OK || complain(file, 0, keylist_status_text(status));
  }
  sj_buffer_add(&jws, "", 1);
  good = good && !jws.failed && store_list(of, file, list, jws.data);
  if (good)
    service_set_keys(of, list);
  else
    keylist_free(list);
  sj_buffer_free(&jws);
  return good;
}

static bool
load_key(service *of, const char *file, size_t line, const sj_json_node *node) {
  const sj_json_node *sub = sj_json_tree_get(node, "sub");
  const sj_json_node *slot = sj_json_tree_get(node, "slot");
  const sj_json_node *jwe = sj_json_tree_get(node, "jwe");
  if (sub == NULL || sub->kind != SJ_JSON_STRING || sub->len >= STORE_SUB ||
      !schema_is(FORMAT_SUBJECT, sub->text, sub->len) || slot == NULL ||
      slot->kind != SJ_JSON_STRING || slot->len == 0 ||
      slot->len >= STORE_KID || !schema_is(FORMAT_KID, slot->text, slot->len) ||
      jwe == NULL || jwe->kind != SJ_JSON_STRING)
    return complain(file, line, "no {\"sub\",\"slot\",\"jwe\"}");
  char kid[KEYLIST_KID];
  const char *what = "";
  const jose_text text = {jwe->text, jwe->len};
  const jose_status fit = jose_check_key(&text, service_keys(of), kid, &what);
  service_keys_end(of);
  if (fit != JOSE_OK) return complain(file, line, what);
  const store_key key = {sub->text, slot->text, jwe->text};
  const audit_entry entry = {.actor = "system",
                             .action = AUDIT_KEY_STORED,
                             .outcome = "ok",
                             .object = sub->text,
                             .t_ms = now_ms()};
  return store_put_keys(of->store, &key, 1, (store_trail){&entry, 1}, NULL) ==
             STORE_OK ||
         complain(file, line, "cannot be stored");
}

static bool load_keys(service *of, const char *file) {
  sj_buffer all = {0};
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  bool good = read_file(file, &all);
  size_t number = 0;
  for (size_t at = 0, end; good && at < all.len; at = end + 1) {
    const char *close = memchr(all.data + at, '\n', all.len - at);
    end = close == NULL ? all.len : (size_t)(close - all.data);
    const sj_json_node *node;
    number++;
    if (end == at) continue;
    good = sj_json_tree_parse(&arena, all.data + at, end - at, &node, NULL) ==
                   SJ_OK
               ? load_key(of, file, number, node)
               : complain(file, number, "no JSON");
    sj_arena_reset(&arena);
  }
  sj_arena_release(&arena);
  sj_buffer_free(&all);
  return good;
}

static bool load_all(service *of, int argc, char **argv) {
  if (of->keks == NULL)
    return complain(argv[2], 0, "[vault] mode is off there");
  for (int i = 3; i + 1 < argc; i += 2) {
    const bool list = strcmp(argv[i], "--keylist") == 0;
    if (!(list ? load_list(of, argv[i + 1]) : load_keys(of, argv[i + 1])))
      return false;
  }
  return true;
}

int command_load(int argc, char **argv) {
  config set;
  config_error error;
  bool usage = argc < 5 || argc % 2 == 0 || strcmp(argv[1], "--config") != 0;
  for (int i = 3; i < argc && !usage; i += 2)
    usage = strcmp(argv[i], "--keylist") != 0 && strcmp(argv[i], "--keys") != 0;
  if (usage) {
    fputs(USAGE, stderr);
    return COMMAND_USAGE;
  }
  if (!config_load(argv[2], NULL, &set, &error)) {
    fprintf(stderr, "scrubjayd: %s\n", error.what);
    return COMMAND_USAGE;
  }
  service of;
  const bool good =
      service_open(&of, &set) && of.store != NULL && load_all(&of, argc, argv);
  service_close(&of);
  return good ? 0 : COMMAND_INPUT;
}
