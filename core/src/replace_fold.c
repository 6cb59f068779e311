// SPDX-License-Identifier: Apache-2.0
//
// replace_fold.c - compare what is written in several ways, and a small table
// keyed by the hash of it.

#include "replace_parts.h"

#include "base/utf8.h"

// U+00C0 to U+017F without case and accent; '.' for what is no letter. Two
// letters are written by their first here; second_of() knows the other.
static const char latin[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts"  // C0 to DF
                            "aaaaaaaceeeeiiiidnooooo.ouuuuyty"  // E0 to FF
                            "aaaaaaccccccccddddeeeeeeeeeegggg"  // 100
                            "gggghhhhiiiiiiiiiiiijjkkklllllll"  // 120
                            "lllnnnnnnnnnoooooooorrrrrrssssss"  // 140
                            "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"; // 160

static uint32_t second_of(uint32_t code) {
  switch (code) {
  case 0xC6: // AE
  case 0xE6:
  case 0x152: // OE
  case 0x153:
    return 'e';
  case 0xDF:
    return 's';
  default:
    return 0;
  }
}

static bool is_hidden(uint32_t code) {
  return code == 0xAD || code == 0xFEFF || (code >= 0x300 && code <= 0x36F) ||
         (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2069);
}

uint32_t sj_fold_next(sj_fold *fold) {
  if (fold->pending != 0) {
    const uint32_t code = fold->pending;
    fold->pending = 0;
    return code;
  }
  while (fold->at < fold->end) {
    uint32_t code = sj_utf8_next(fold->bytes, &fold->at);
    if (is_hidden(code)) continue;
    if (code == 0) return ' ';
    if (code >= 'A' && code <= 'Z') return code + 32;
    if (code < 0xC0) return code == 0xA0 ? ' ' : code;
    if (code <= 0x17F) {
      fold->pending = second_of(code);
      const char plain = latin[code - 0xC0];
      return plain == '.' ? code : (uint32_t)plain;
    }
    if (code == 0x2018 || code == 0x2019) return '\'';
    if (code >= 0x2010 && code <= 0x2013) return '-';
    if ((code >= 0x2000 && code <= 0x200A) || code == 0x202F) return ' ';
    if (code >= 0xFF01 && code <= 0xFF5E) { // full width
      code -= 0xFEE0;
      return code >= 'A' && code <= 'Z' ? code + 32 : code;
    }
    const bool upper = (code >= 0x391 && code <= 0x3A9) || // Greek
                       (code >= 0x410 && code <= 0x42F);   // Cyrillic
    return upper ? code + 32 : code;
  }
  return 0;
}

uint64_t sj_fold_hash(uint64_t hash, uint32_t code) {
  for (int shift = 0; shift < 24; shift += 8) {
    hash ^= (code >> shift) & 0xFF;
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}

sj_status sj_table_init(sj_table *table, sj_arena *arena, size_t items) {
  size_t size = 16;
  while (size < items * 2)
    size *= 2;
  table->mask = size - 1;
  table->keys = sj_arena_take(arena, size * sizeof *table->keys);
  table->values = sj_arena_take(arena, size * sizeof *table->values);
  return table->keys == NULL || table->values == NULL ? SJ_NOMEM : SJ_OK;
}

uint32_t *sj_table_slot(sj_table *table, uint64_t key) {
  size_t at = (size_t)(key ^ (key >> 32)) & table->mask;
  while (table->values[at] != 0 && table->keys[at] != key)
    at = (at + 1) & table->mask;
  table->keys[at] = key;
  return &table->values[at];
}
