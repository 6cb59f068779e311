// SPDX-License-Identifier: Apache-2.0
//
// replace_pool.c - read `.pool` files: the lists that stand-ins come from.

#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/fold.h"
#include "base/utf8.h"
#include "replace_stand.h"

enum { ENTRY_MAX = 60 };

static const char *const keywords[SJ_POOL_KINDS] = {"female", "male", "surname",
                                                    "town", "street"};

// An entry before it is sorted into its list.
typedef struct raw {
  const char *text;
  uint8_t lang, kind;
} raw;

typedef struct reader {
  sj_pools *pools;
  const sj_file *file;
  sj_error *error;
  uint32_t line;
  int lang; ///< -1 before the file says it
  raw *at;
  size_t len, cap;
} reader;

static sj_status refuse(const reader *in, const char *what) {
  if (in->error == NULL) return SJ_PACK;
  *in->error = (sj_error){.status = SJ_PACK, .what = what, .line = in->line};
  const size_t room = sizeof in->error->where - 1;
  const size_t len = strlen(in->file->name);
  memcpy(in->error->where, in->file->name, len < room ? len : room);
  return SJ_PACK;
}

static bool is_pool(const sj_file *file) {
  const size_t len = strlen(file->name);
  return len > 5 && strcmp(file->name + len - 5, ".pool") == 0;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **at, const char **end) {
  while (*at < *end && is_blank(**at))
    ++*at;
  while (*end > *at && is_blank((*end)[-1]))
    --*end;
}

static sj_status
add_entry(reader *in, int kind, const char *at, const char *end) {
  trim(&at, &end);
  const size_t len = (size_t)(end - at);
  if (len == 0 || len > ENTRY_MAX)
    return refuse(in, "an entry is empty or longer than 60 bytes");
  char *text = sj_arena_take(&in->pools->store, len + 1);
  raw *more = sj_array_room(&in->pools->store, in->at, in->len, &in->cap, 1,
                            sizeof *more);
  if (text == NULL || more == NULL) return SJ_NOMEM;
  memcpy(text, at, len);
  in->at = more;
  more[in->len++] = (raw){text, (uint8_t)in->lang, (uint8_t)kind};
  return SJ_OK;
}

static sj_status
read_list(reader *in, int kind, const char *at, const char *end) {
  if (in->lang < 0) return refuse(in, "lang comes before the lists");
  for (;;) {
    const char *bar = memchr(at, '|', (size_t)(end - at));
    const sj_status status = add_entry(in, kind, at, bar == NULL ? end : bar);
    if (status != SJ_OK || bar == NULL) return status;
    at = bar + 1;
  }
}

static bool starts(const char *at, const char *end, const char *word) {
  const size_t len = strlen(word);
  if ((size_t)(end - at) < len || memcmp(at, word, len) != 0) return false;
  return at + len == end || is_blank(at[len]);
}

static sj_status read_line(reader *in, const char *at, const char *end) {
  trim(&at, &end);
  if (at == end || *at == '#') return SJ_OK;
  if (in->line == 1)
    return starts(at, end, "scrubjay-pool 1") && end - at == 15
               ? SJ_OK
               : refuse(in, "the first line must be: scrubjay-pool 1");
  if (starts(at, end, "lang")) {
    at += 4;
    trim(&at, &end);
    const int mask = sj_lang_from_name(at, (size_t)(end - at));
    if (mask != SJ_LANG_EN && mask != SJ_LANG_FR)
      return refuse(in, "lang wants en or fr");
    in->lang = mask == SJ_LANG_EN ? SJ_STAND_EN : SJ_STAND_FR;
    return SJ_OK;
  }
  for (int kind = 0; kind < SJ_POOL_KINDS; kind++)
    if (starts(at, end, keywords[kind]))
      return read_list(in, kind, at + strlen(keywords[kind]), end);
  return refuse(in, "no such keyword");
}

static sj_status read_file(reader *in) {
  const char *at = in->file->data;
  const char *const end = at + in->file->len;
  size_t bad_at = 0;
  if (!sj_utf8_valid(at, in->file->len, &bad_at))
    return refuse(in, "the file is not valid UTF-8");
  while (at < end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL) stop = end;
    in->line++;
    const sj_status status = read_line(in, at, stop);
    if (status != SJ_OK) return status;
    at = stop < end ? stop + 1 : end;
  }
  return in->line == 0 ? refuse(in, "the file is empty") : SJ_OK;
}

// The hash of the last word of a text.
static uint64_t last_word(const char *text) {
  sj_fold fold = {.bytes = (const uint8_t *)text, .end = strlen(text)};
  uint64_t hash = SJ_FOLD_SEED;
  bool fresh = true;
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold)) {
    if (!sj_utf8_is_letter(c)) {
      fresh = true;
      continue;
    }
    if (fresh) hash = SJ_FOLD_SEED;
    fresh = false;
    hash = sj_fold_hash(hash, c);
  }
  return hash;
}

// Put the entries into their lists, and index them by their last words.
static sj_status sort_in(const reader *in) {
  sj_pools *pools = in->pools;
  pools->entries =
      sj_arena_take(&pools->store, in->len * sizeof *pools->entries);
  sj_table table;
  if (pools->entries == NULL ||
      sj_table_init(&table, &pools->store, in->len) != SJ_OK)
    return SJ_NOMEM;
  for (int lang = 0; lang < SJ_STAND_LANGS; lang++)
    for (int kind = 0; kind < SJ_POOL_KINDS; kind++) {
      sj_pool_list *list = &pools->lists[lang][kind];
      list->first = (uint32_t)pools->count;
      for (size_t i = 0; i < in->len; i++) {
        if (in->at[i].lang != lang || in->at[i].kind != kind) continue;
        sj_pool_entry *entry = &pools->entries[pools->count++];
        *entry = (sj_pool_entry){.text = in->at[i].text,
                                 .hash = last_word(in->at[i].text)};
        uint32_t *slot = sj_table_slot(&table, entry->hash);
        entry->next = *slot;
        *slot = (uint32_t)pools->count;
      }
      list->len = (uint32_t)pools->count - list->first;
    }
  pools->keys = table.keys;
  pools->values = table.values;
  pools->mask = table.mask;
  return SJ_OK;
}

sj_status sj_pools_new(const sj_file *files,
                       size_t count,
                       sj_allocator allocator,
                       sj_pools **out,
                       sj_error *error) {
  *out = NULL;
  sj_pools *pools = sj_alloc(allocator, sizeof *pools);
  if (pools == NULL) return SJ_NOMEM;
  pools->allocator = allocator;
  sj_arena_init(&pools->store, allocator);
  reader in = {.pools = pools, .error = error};
  sj_status status = SJ_OK;
  for (size_t i = 0; i < count && status == SJ_OK; i++) {
    if (!is_pool(&files[i])) continue;
    in.file = &files[i];
    in.line = 0;
    in.lang = -1;
    status = read_file(&in);
  }
  if (status == SJ_OK) status = sort_in(&in);
  if (status != SJ_OK) {
    sj_pools_free(pools);
    return status;
  }
  *out = pools;
  return SJ_OK;
}

void sj_pools_free(sj_pools *pools) {
  if (pools == NULL) return;
  const sj_allocator allocator = pools->allocator;
  sj_arena_release(&pools->store);
  sj_free(allocator, pools);
}

uint32_t sj_pools_find(const sj_pools *pools, uint64_t hash) {
  size_t at = (size_t)(hash ^ (hash >> 32)) & pools->mask;
  while (pools->values[at] != 0 && pools->keys[at] != hash)
    at = (at + 1) & pools->mask;
  return pools->values[at];
}

bool sj_pools_is(const sj_pools *pools, uint32_t entry, sj_pool_kind kind) {
  for (int lang = 0; lang < SJ_STAND_LANGS; lang++) {
    const sj_pool_list *list = &pools->lists[lang][kind];
    if (entry >= list->first && entry - list->first < list->len) return true;
  }
  return false;
}
