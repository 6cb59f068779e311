// SPDX-License-Identifier: Apache-2.0
//
// replace_back.c - try the way back before a text with stand-ins is given out.

#include <string.h>

#include "base/fold.h"
#include "replace_stand.h"

sj_status sj_output_leads_back(sj_arena *arena,
                               const sj_replace_input *in,
                               const sj_output *out,
                               bool *good) {
  sj_original *map = sj_arena_take(arena, out->map_count * sizeof *map);
  sj_file *originals = sj_arena_take(arena, out->map_count * sizeof *originals);
  uint32_t *next = sj_arena_take(arena, out->map_count * sizeof *next);
  sj_table table;
  if (map == NULL || originals == NULL || next == NULL ||
      sj_table_init(&table, arena, out->map_count) != SJ_OK)
    return SJ_NOMEM;
  // Places by their stand-in, chained from the last to the first.
  size_t count = 0;
  for (size_t i = 0; i < out->map_count; i++) {
    const sj_replacement *m = &out->map[i];
    uint64_t key = SJ_FOLD_SEED;
    for (uint32_t k = m->out_start; k < m->out_end; k++)
      key = sj_fold_hash(key, (uint8_t)out->text[k]);
    uint32_t *slot = sj_table_slot(&table, key);
    next[i] = *slot;
    *slot = (uint32_t)i + 1;
  }
  size_t filled = out->map_count;
  for (size_t s = 0; s <= table.mask; s++) {
    if (table.values[s] == 0) continue;
    const sj_replacement *m = &out->map[table.values[s] - 1];
    sj_original *row = &map[count++];
    row->placeholder =
        (sj_file){"", out->text + m->out_start, m->out_end - m->out_start};
    for (uint32_t i = table.values[s]; i != 0; i = next[i - 1]) {
      const sj_replacement *one = &out->map[i - 1];
      originals[--filled] =
          (sj_file){"", (const char *)in->text->bytes + one->start,
                    one->end - one->start};
      row->originals = &originals[filled];
      row->count++;
    }
  }
  const sj_file scrubbed = {"", out->text, out->len};
  sj_restored *restored = NULL;
  const sj_status status = sj_restored_new(&scrubbed, map, count, &restored);
  *good = false;
  if (status != SJ_OK) return status;
  size_t len = 0;
  const char *text = sj_restored_text(restored, &len);
  *good = len == in->text->len && memcmp(text, in->text->bytes, len) == 0;
  sj_restored_free(restored);
  return SJ_OK;
}
