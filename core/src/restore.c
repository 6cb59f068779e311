// SPDX-License-Identifier: Apache-2.0
//
// restore.c - put the originals back into a scrubbed text.
//
// The text is read once, from the left; at each byte the longest placeholder
// that stands there and still has an original is taken. Placeholders are
// sorted, so each further byte narrows the range of those that fit.

#include "scrubjay/scrubjay.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"

struct sj_restored {
  sj_arena arena;
  char *text;
  size_t len, cap;
};

typedef struct entry {
  const sj_original *of;
  size_t used;
} entry;

static int by_placeholder(const void *a, const void *b) {
  const sj_file *x = &((const entry *)a)->of->placeholder;
  const sj_file *y = &((const entry *)b)->of->placeholder;
  const size_t shared = x->len < y->len ? x->len : y->len;
  const int order = memcmp(x->data, y->data, shared);
  if (order != 0) return order;
  return x->len < y->len ? -1 : x->len > y->len;
}

// The byte of an entry's placeholder at `depth`, or -1 behind its end.
static int byte_at(const entry *entries, size_t at, size_t depth) {
  const sj_file *text = &entries[at].of->placeholder;
  return depth < text->len ? (uint8_t)text->data[depth] : -1;
}

// The first entry of [low, high) whose byte at `depth` is `byte` or above.
static size_t
narrow(const entry *entries, size_t low, size_t high, size_t depth, int byte) {
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    if (byte_at(entries, mid, depth) < byte)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

static entry *
longest(entry *entries, size_t count, const char *text, size_t len) {
  entry *best = NULL;
  size_t low = 0;
  size_t high = count;
  for (size_t depth = 0; depth < len && low < high; depth++) {
    const int byte = (uint8_t)text[depth];
    low = narrow(entries, low, high, depth, byte);
    high = narrow(entries, low, high, depth, byte + 1);
    if (low < high && byte_at(entries, low, depth + 1) < 0 &&
        entries[low].used < entries[low].of->count)
      best = &entries[low];
  }
  return best;
}

static sj_status put(sj_restored *restored, const char *bytes, size_t len) {
  if (len == 0) return SJ_OK;
  char *text = sj_array_room(&restored->arena, restored->text, restored->len,
                             &restored->cap, len, 1);
  if (text == NULL) return SJ_NOMEM;
  restored->text = text;
  memcpy(text + restored->len, bytes, len);
  restored->len += len;
  return SJ_OK;
}

static sj_status fill(sj_restored *restored,
                      entry *entries,
                      size_t count,
                      const sj_file *scrubbed) {
  size_t at = 0;
  size_t kept = 0;
  while (at < scrubbed->len) {
    entry *hit =
        longest(entries, count, scrubbed->data + at, scrubbed->len - at);
    if (hit == NULL) {
      at++;
      continue;
    }
    const sj_file *original = &hit->of->originals[hit->used++];
    if (put(restored, scrubbed->data + kept, at - kept) != SJ_OK ||
        put(restored, original->data, original->len) != SJ_OK)
      return SJ_NOMEM;
    at += hit->of->placeholder.len;
    kept = at;
  }
  return put(restored, scrubbed->data + kept, at - kept);
}

sj_status sj_restored_new(const sj_file *scrubbed,
                          const sj_original *map,
                          size_t count,
                          sj_restored **out) {
  *out = NULL;
  for (size_t i = 0; i < count; i++)
    if (map[i].placeholder.len == 0) return SJ_ARGUMENT;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_restored *restored = sj_arena_take(&arena, sizeof *restored);
  entry *entries = sj_arena_take(&arena, count * sizeof *entries);
  if (restored == NULL || entries == NULL) {
    sj_arena_release(&arena);
    return SJ_NOMEM;
  }
  for (size_t i = 0; i < count; i++)
    entries[i].of = &map[i];
  if (count > 1) qsort(entries, count, sizeof *entries, by_placeholder);
  for (size_t i = 1; i < count; i++) {
    if (by_placeholder(&entries[i - 1], &entries[i]) != 0) continue;
    sj_arena_release(&arena);
    return SJ_ARGUMENT;
  }
  restored->arena = arena;
  if (fill(restored, entries, count, scrubbed) != SJ_OK) {
    sj_restored_free(restored);
    return SJ_NOMEM;
  }
  *out = restored;
  return SJ_OK;
}

const char *sj_restored_text(const sj_restored *restored, size_t *len) {
  *len = restored->len;
  return restored->text == NULL ? "" : restored->text;
}

void sj_restored_free(sj_restored *restored) {
  if (restored == NULL) return;
  // The struct lies in its own arena.
  sj_arena arena = restored->arena;
  sj_arena_release(&arena);
}
