// SPDX-License-Identifier: Apache-2.0
//
// json_keys.c - the keys of the objects that are open: for telling a key that
// comes twice, and for the path in errors.
//
// All open objects share one hash table. Keys leave it in the reverse of the
// order in which they came, so emptying a slot never breaks a chain of probes.

#include "base/json_parts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/array.h"

enum { FIRST_SLOTS = 64 };

// FNV-1a over the object's depth and the key.
static uint32_t hash(uint32_t depth, const char *key, size_t len) {
  uint32_t sum = (2166136261u ^ depth) * 16777619u;
  for (size_t i = 0; i < len; i++)
    sum = (sum ^ (unsigned char)key[i]) * 16777619u;
  return sum;
}

static size_t free_slot(const sj_json *json, uint32_t sum) {
  size_t slot = sum & (json->slot_count - 1);
  while (json->slots[slot] != 0)
    slot = (slot + 1) & (json->slot_count - 1);
  return slot;
}

static bool
has_key(const sj_json *json, uint32_t sum, const char *key, size_t len) {
  const size_t first = json->frames[json->depth - 1].first_key;
  size_t slot = sum & (json->slot_count - 1);
  for (; json->slots[slot] != 0; slot = (slot + 1) & (json->slot_count - 1)) {
    const size_t index = json->slots[slot] - 1;
    const sj_json_key *held = &json->keys[index];
    if (index >= first && held->hash == sum && held->len == len &&
        (len == 0 || memcmp(json->key_bytes + held->start, key, len) == 0))
      return true;
  }
  return false;
}

static sj_status room_for_slot(sj_json *json) {
  if ((json->key_count + 1) * 2 <= json->slot_count) return SJ_OK;
  const size_t count =
      json->slot_count == 0 ? FIRST_SLOTS : json->slot_count * 2;
  uint32_t *slots = sj_alloc(json->arena.allocator, count * sizeof(*slots));
  if (slots == NULL) return SJ_NOMEM;
  sj_free(json->arena.allocator, json->slots);
  json->slots = slots;
  json->slot_count = count;
  for (size_t i = 0; i < json->key_count; i++)
    slots[free_slot(json, json->keys[i].hash)] = (uint32_t)i + 1;
  return SJ_OK;
}

static sj_status room_for_key(sj_json *json, size_t len) {
  if (room_for_slot(json) != SJ_OK) return SJ_NOMEM;
  sj_json_key *keys = sj_array_room(&json->arena, json->keys, json->key_count,
                                    &json->key_cap, 1, sizeof(*keys));
  if (keys == NULL) return SJ_NOMEM;
  json->keys = keys;
  char *bytes =
      sj_array_room(&json->arena, json->key_bytes, json->key_bytes_len,
                    &json->key_bytes_cap, len, 1);
  if (bytes == NULL) return SJ_NOMEM;
  json->key_bytes = bytes;
  return SJ_OK;
}

sj_status sj_json_key_add(sj_json *json, const char *key, size_t len) {
  if (room_for_key(json, len) != SJ_OK)
    return sj_json_fail(json, SJ_NOMEM, sj_status_text(SJ_NOMEM), json->at);
  const uint32_t sum = hash(json->depth, key, len);
  const bool twice = has_key(json, sum, key, len);
  if (len > 0) memcpy(json->key_bytes + json->key_bytes_len, key, len);
  json->keys[json->key_count] =
      (sj_json_key){.start = json->key_bytes_len, .len = len, .hash = sum};
  json->slots[free_slot(json, sum)] = (uint32_t)++json->key_count;
  json->key_bytes_len += len;
  if (twice)
    return sj_json_fail(json, SJ_JSON, "a key that comes twice", json->at);
  return SJ_OK;
}

void sj_json_keys_drop(sj_json *json) {
  const sj_json_frame *frame = &json->frames[json->depth - 1];
  while (json->key_count > frame->first_key) {
    size_t slot = json->keys[json->key_count - 1].hash & (json->slot_count - 1);
    while (json->slots[slot] != json->key_count)
      slot = (slot + 1) & (json->slot_count - 1);
    json->slots[slot] = 0;
    json->key_count--;
  }
  json->key_bytes_len = frame->first_key_byte;
}

typedef struct line {
  char *at;
  size_t len, size;
} line;

static void add(line *out, const char *text, size_t len) {
  for (size_t i = 0; i < len && out->len + 1 < out->size; i++)
    out->at[out->len++] = text[i];
}

static void add_index(line *out, uint32_t index) {
  char digits[12];
  size_t at = sizeof(digits);
  digits[--at] = ']';
  do {
    digits[--at] = (char)('0' + index % 10);
    index /= 10;
  } while (index > 0);
  digits[--at] = '[';
  add(out, digits + at, sizeof(digits) - at);
}

void sj_json_path(const sj_json *json, char *out, size_t size) {
  line path = {.at = out, .size = size};
  add(&path, "$", 1);
  for (uint32_t depth = 0; depth < json->depth; depth++) {
    const sj_json_frame *frame = &json->frames[depth];
    if (!frame->is_object) {
      if (frame->index > 0) add_index(&path, frame->index - 1);
      continue;
    }
    const size_t past = depth + 1 < json->depth
                            ? json->frames[depth + 1].first_key
                            : json->key_count;
    if (past == frame->first_key) continue; // no key of it was read yet
    const sj_json_key *key = &json->keys[past - 1];
    add(&path, ".", 1);
    add(&path, json->key_bytes + key->start, key->len);
  }
  // Never half a character at the end.
  while (path.len > 0 && path.len + 1 == size &&
         ((unsigned char)out[path.len - 1] & 0x80u) != 0)
    path.len--;
  out[path.len] = '\0';
}
