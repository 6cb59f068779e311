// SPDX-License-Identifier: Apache-2.0
//
// output_map.c - the way back as JSON: each placeholder or stand-in once, with
// the texts it stood for in order of appearance.

#include "output.h"

#include <stdlib.h>
#include <string.h>

#include "../common/json_write.h"

typedef struct entry {
  const char *placeholder, *original;
  size_t placeholder_len, original_len;
  size_t order;
  uint16_t label;
} entry;

static int by_placeholder(const void *a, const void *b) {
  const entry *x = a;
  const entry *y = b;
  const size_t shorter = x->placeholder_len < y->placeholder_len
                             ? x->placeholder_len
                             : y->placeholder_len;
  const int order = memcmp(x->placeholder, y->placeholder, shorter);
  if (order != 0) return order;
  if (x->placeholder_len != y->placeholder_len)
    return x->placeholder_len < y->placeholder_len ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

static bool same(const entry *a, const entry *b) {
  return a->placeholder_len == b->placeholder_len &&
         memcmp(a->placeholder, b->placeholder, a->placeholder_len) == 0;
}

static void write_entries(sj_buffer *out, const entry *entries, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const entry *one = &entries[i];
    if (i == 0 || !same(one, one - 1)) {
      sj_buffer_put(out, i == 0 ? "{\"placeholder\":" : "]},{\"placeholder\":");
      sj_put_string(out, one->placeholder, one->placeholder_len);
      sj_buffer_put(out, ",");
      sj_put_pair(out, "label", sj_label_name(one->label));
      sj_buffer_put(out, "\"originals\":[");
    } else {
      sj_buffer_put(out, ",");
    }
    sj_put_string(out, one->original, one->original_len);
  }
  if (count > 0) sj_buffer_put(out, "]}");
}

void sj_write_map(sj_buffer *out,
                  const sj_setup *setup,
                  const sj_result *result) {
  const sj_output *scrubbed = result->scrubbed;
  entry *entries = calloc(scrubbed->map_count + 1, sizeof(*entries));
  if (!entries) {
    out->failed = true;
    return;
  }
  for (size_t i = 0; i < scrubbed->map_count; i++) {
    const sj_replacement *one = &scrubbed->map[i];
    entries[i] = (entry){.placeholder = scrubbed->text + one->out_start,
                         .placeholder_len = one->out_end - one->out_start,
                         .original = result->text + one->start,
                         .original_len = one->end - one->start,
                         .order = i,
                         .label = one->label};
  }
  qsort(entries, scrubbed->map_count, sizeof(*entries), by_placeholder);
  sj_buffer_put(out, "{\"format\":1,");
  if (setup->options->jsonl) {
    sj_buffer_put(out, "\"id\":");
    sj_buffer_add(out, result->id.json, result->id.len);
    sj_buffer_put(out, ",");
  }
  sj_put_pair(out, "style", sj_style_name((unsigned)setup->style));
  sj_buffer_put(out, "\"map\":[");
  write_entries(out, entries, scrubbed->map_count);
  sj_buffer_put(out, "]}\n");
  free(entries);
}
