// SPDX-License-Identifier: Apache-2.0
//
// rules_heads.c - look up what stands at the head of a column.

#include "rules_heads.h"

#include <string.h>

#include "rules_heads_words.h"
#include "rules_near.h"

enum { HEAD_LONGEST = 48 }; // bytes

static int compare(sj_str word, const char *other) {
  const int order = strncmp(word.at, other, word.len);
  return order != 0 ? order : -(int)(unsigned char)other[word.len];
}

static bool among(const char *const *sorted, size_t count, sj_str word) {
  if (word.len == 0) return false; // a blank cell has no word
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const int order = compare(word, sorted[middle]);
    if (order == 0) return true;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return false;
}

#define AMONG(list, word) among(list, sizeof(list) / sizeof(*(list)), word)

static sj_head kind_of(sj_str word) {
  if (AMONG(SJ_HEADS_TELLING, word)) return SJ_HEAD_TELLING;
  return AMONG(SJ_HEADS_OTHER, word) ? SJ_HEAD_OTHER : SJ_HEAD_NONE;
}

/// A cell's words, folded; `room` holds them.
typedef struct words {
  sj_str all, first, last;
} words;

static words
words_of(const sj_view *view, sj_range cell, char room[SJ_FOLD_ROOM + 1]) {
  const size_t len = sj_terms_fold(view->bytes, cell.start, cell.end, room);
  if (len < 3) return (words){0}; // a blank on either side
  const sj_str all = {room + 1, len - 2};
  sj_str first = all;
  const char *stop = memchr(all.at, ' ', all.len);
  if (stop != NULL) first.len = (size_t)(stop - all.at);
  size_t last = all.len;
  while (last > 0 && all.at[last - 1] != ' ')
    last--;
  return (words){all, first, {all.at + last, all.len - last}};
}

sj_head sj_head_of(const sj_view *view, sj_range cell, bool *whole) {
  *whole = false;
  if (cell.end - cell.start > HEAD_LONGEST) return SJ_HEAD_NONE;
  char room[SJ_FOLD_ROOM + 1];
  const words w = words_of(view, cell, room);
  if (w.all.len == 0) return SJ_HEAD_NONE;
  sj_head found = kind_of(w.all);
  *whole = found != SJ_HEAD_NONE;
  if (found == SJ_HEAD_NONE) found = kind_of(w.first);
  return found != SJ_HEAD_NONE ? found : kind_of(w.last);
}

// Up to three letters are initials sooner than a head: HB, SM.
bool sj_head_nobody(const sj_view *view, sj_range cell) {
  char room[SJ_FOLD_ROOM + 1];
  const words w = words_of(view, cell, room);
  const sj_head found = kind_of(w.all);
  return w.all.len == 0 || found == SJ_HEAD_TELLING ||
         (found == SJ_HEAD_OTHER && w.all.len > 3) ||
         AMONG(SJ_CELLS_EMPTY, w.first);
}

bool sj_head_is_name(const sj_view *view, sj_range cell) {
  char room[SJ_FOLD_ROOM + 1];
  const sj_str all = words_of(view, cell, room).all;
  return (all.len == 4 && memcmp(all.at, "name", 4) == 0) ||
         (all.len == 3 && memcmp(all.at, "nom", 3) == 0);
}
