// SPDX-License-Identifier: Apache-2.0
//
// replace_table.c - a small table keyed by the hash of what is compared.

#include "replace_parts.h"

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
