// SPDX-License-Identifier: Apache-2.0
//
// known.c - stage 4: the chart's values in the text (rules -> known).
//
// The chart is taken apart into words, codes, dates and places, each kind with
// an index; the view is read once as words, in slices, so that memory does not
// grow with the document.

#include "known.h"

#include "known_parts.h"

enum { SLICE = 32768, OVERLAP = 1024 };

sj_status sj_finding_claim(const sj_finding *f,
                           uint32_t start,
                           uint32_t end,
                           sj_claim how) {
  const sj_range origin = sj_map_origin(&f->view->map, start, end);
  how.start = origin.start;
  how.end = origin.end;
  how.kind = SJ_KIND_KNOWN;
  how.flags = SJ_FLAG_KNOWN;
  // The claims outlive the stage, and with it the arena of the chart.
  return sj_claims_push(f->out, f->keep, how);
}

typedef struct indexes {
  sj_name_index *names;
  sj_place_index *places;
} indexes;

static sj_status
find(const sj_finding *f, const indexes *with, const sj_slice *slice) {
  sj_status status = sj_known_find_names(f, with->names, slice);
  if (status == SJ_OK) status = sj_known_find_dates(f, slice);
  if (status == SJ_OK) status = sj_known_find_places(f, with->places, slice);
  return status;
}

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte) {
  return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

// No fewer than the words in [from, to): a word begins where the kind of byte
// changes, or with any character beyond ASCII.
static size_t most_words(const sj_view *view, uint32_t from, uint32_t to) {
  size_t count = 1;
  unsigned last = 0;
  for (uint32_t i = from; i < to; i++) {
    const uint8_t byte = view->bytes[i];
    const unsigned kind = is_digit(byte) ? 1 : is_letter(byte) ? 2 : 0;
    count += (kind != last && kind != 0) || byte >= 0xC0;
    last = kind;
  }
  return count;
}

// The words that begin in [from, to).
static sj_status read_slice(sj_arena *arena,
                            const sj_view *view,
                            uint32_t from,
                            uint32_t to,
                            sj_slice *out) {
  const size_t room = most_words(view, from, to);
  sj_piece *words = sj_arena_take(arena, room * sizeof(*words));
  if (words == NULL) return SJ_NOMEM;
  *out = (sj_slice){.view = view, .words = words};
  uint32_t at = from;
  sj_piece word;
  while (out->count < room &&
         sj_piece_next(view->bytes, view->len, &at, &word) && word.start < to)
    words[out->count++] = word;
  return SJ_OK;
}

static bool is_word_byte(uint8_t byte) {
  return byte >= 0x80 || is_digit(byte) || is_letter(byte);
}

// A slice starts where a word does.
static uint32_t slice_start(const sj_view *view, uint32_t at) {
  while (at > 0 && is_word_byte(view->bytes[at - 1]))
    at--;
  return at;
}

static sj_status find_all(const sj_finding *f, const indexes *with) {
  sj_arena scratch;
  sj_arena_init(&scratch, f->arena->allocator);
  sj_finding local = *f;
  local.arena = &scratch;
  sj_status status = SJ_OK;
  uint32_t from = 0;
  while (from < f->view->len && status == SJ_OK) {
    const uint32_t to =
        f->view->len - from > SLICE ? from + SLICE : f->view->len;
    sj_slice slice;
    status = read_slice(&scratch, f->view, from, to, &slice);
    if (status == SJ_OK) status = find(&local, with, &slice);
    sj_arena_reset(&scratch);
    if (to == f->view->len) break;
    const uint32_t next = slice_start(f->view, to - OVERLAP);
    from = next > from ? next : to; // one word longer than a slice
  }
  sj_arena_release(&scratch);
  return status;
}

static sj_status run(sj_chart *chart,
                     const sj_file *file,
                     const sj_finding *f,
                     sj_error *error) {
  sj_status status = sj_chart_read(chart, file, error);
  indexes with = {0};
  if (status == SJ_OK) status = sj_name_index_new(chart, &with.names);
  if (status == SJ_OK) status = sj_place_index_new(chart, &with.places);
  if (status == SJ_OK) status = find_all(f, &with);
  if (status == SJ_OK) status = sj_known_find_codes(f);
  return status;
}

sj_status sj_known_run(const sj_known_lists *lists,
                       sj_arena *arena,
                       const sj_file *chart,
                       const sj_view *view,
                       sj_claims *out,
                       sj_error *error) {
  if (chart->len == 0) return SJ_OK;
  sj_arena store;
  sj_arena_init(&store, arena->allocator);
  sj_chart values = {.lists = lists, .arena = &store};
  const sj_finding f = {.chart = &values,
                        .arena = &store,
                        .keep = arena,
                        .view = view,
                        .out = out};
  const sj_status status = run(&values, chart, &f, error);
  sj_arena_release(&store); // wiped: nothing of the chart stays
  return status;
}
