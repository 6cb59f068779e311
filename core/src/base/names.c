// SPDX-License-Identifier: Apache-2.0
//
// names.c - a hash table over names that are stored once. The names hold no
// document text, but live in an arena all the same: it frees them at once.

#include "base/names.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/array.h"

enum { FIRST_SLOTS = 256 };

typedef struct entry {
  const char *name;
  size_t len;
} entry;

struct sj_names {
  sj_allocator allocator;
  sj_arena arena;
  entry *at; // by id
  size_t len, cap;
  uint32_t *slots; // id + 1, or 0 where empty; a power of two of them
  size_t slot_count;
};

// FNV-1a, 32 bits.
static uint32_t hash(const char *name, size_t len) {
  uint32_t sum = 2166136261u;
  for (size_t i = 0; i < len; i++)
    sum = (sum ^ (unsigned char)name[i]) * 16777619u;
  return sum;
}

static bool same(const entry *held, const char *name, size_t len) {
  return held->len == len && (len == 0 || memcmp(held->name, name, len) == 0);
}

// The slot that holds the name, or the empty one where it belongs. At most
// half of the slots are in use, so there is always an empty one.
static size_t slot_of(const sj_names *names, const char *name, size_t len) {
  size_t slot = hash(name, len) & (names->slot_count - 1);
  while (names->slots[slot] != 0) {
    if (same(&names->at[names->slots[slot] - 1], name, len)) break;
    slot = (slot + 1) & (names->slot_count - 1);
  }
  return slot;
}

static sj_status more_slots(sj_names *names) {
  const size_t count =
      names->slot_count == 0 ? FIRST_SLOTS : names->slot_count * 2;
  uint32_t *slots = sj_alloc(names->allocator, count * sizeof(*slots));
  if (slots == NULL) return SJ_NOMEM;
  sj_free(names->allocator, names->slots);
  names->slots = slots;
  names->slot_count = count;
  for (size_t id = 0; id < names->len; id++) {
    const entry *held = &names->at[id];
    slots[slot_of(names, held->name, held->len)] = (uint32_t)id + 1;
  }
  return SJ_OK;
}

sj_status sj_names_new(sj_allocator allocator, sj_names **out) {
  *out = NULL;
  sj_names *names = sj_alloc(allocator, sizeof(*names));
  if (names == NULL) return SJ_NOMEM;
  names->allocator = allocator;
  sj_arena_init(&names->arena, allocator);
  uint32_t empty = 0;
  const sj_status status = sj_names_intern(names, "", 0, &empty);
  if (status != SJ_OK) {
    sj_names_free(names);
    return status;
  }
  *out = names;
  return SJ_OK;
}

void sj_names_free(sj_names *names) {
  if (names == NULL) return;
  const sj_allocator allocator = names->allocator;
  sj_arena_release(&names->arena);
  sj_free(allocator, names->slots);
  sj_free(allocator, names);
}

sj_status
sj_names_intern(sj_names *names, const char *name, size_t len, uint32_t *out) {
  *out = 0;
  if ((names->len + 1) * 2 > names->slot_count) {
    const sj_status status = more_slots(names);
    if (status != SJ_OK) return status;
  }
  const size_t slot = slot_of(names, name, len);
  if (names->slots[slot] != 0) {
    *out = names->slots[slot] - 1;
    return SJ_OK;
  }
  entry *at = sj_array_room(&names->arena, names->at, names->len, &names->cap,
                            1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  names->at = at;
  char *copy = sj_arena_take(&names->arena, len + 1);
  if (copy == NULL) return SJ_NOMEM;
  if (len > 0) memcpy(copy, name, len);
  at[names->len] = (entry){.name = copy, .len = len};
  names->slots[slot] = (uint32_t)++names->len;
  *out = names->slots[slot] - 1;
  return SJ_OK;
}

int64_t sj_names_find(const sj_names *names, const char *name, size_t len) {
  return (int64_t)names->slots[slot_of(names, name, len)] - 1;
}

const char *sj_names_get(const sj_names *names, uint32_t id) {
  return id < names->len ? names->at[id].name : NULL;
}

size_t sj_names_count(const sj_names *names) {
  return names->len;
}
