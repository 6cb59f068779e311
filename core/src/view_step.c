// SPDX-License-Identifier: Apache-2.0
//
// view_step.c - one pass over the view: cut stretches, keep the way back.
//
// Kept stretches are copied with the runs they came with, so the map of the
// last step leads straight to the text whatever the number of steps.

#include "view_parts.h"

#include <string.h>

#include "base/array.h"

void sj_view_step_start(sj_view_step *step,
                        sj_arena *arena,
                        const sj_view_state *in) {
  *step = (sj_view_step){.arena = arena, .in = *in};
}

static uint32_t run_end(const sj_view_state *in, uint32_t run) {
  return run + 1 < in->run_count ? in->runs[run + 1].derived : in->len;
}

// Where byte `at` of a run comes from, up to byte `to` of the same run.
static sj_map_run part_of(const sj_map_run *run, uint32_t at, uint32_t to) {
  if (!run->copied) return *run;
  return (sj_map_run){.origin = run->origin + (at - run->derived),
                      .span = to - at,
                      .copied = 1};
}

// Append a piece that starts at the end of the output. A piece that goes on
// where the last one stopped, or shares characters with it, widens it.
static sj_status push_run(sj_view_step *step, sj_map_run piece) {
  if (step->run_count > 0) {
    sj_map_run *last = &step->runs[step->run_count - 1];
    const uint32_t last_end = last->origin + last->span;
    if (piece.copied && last->copied && piece.origin == last_end) {
      last->span += piece.span;
      return SJ_OK;
    }
    if (piece.origin < last_end) {
      const uint32_t end = piece.origin + piece.span;
      if (end > last_end) last->span = end - last->origin;
      last->copied = 0;
      return SJ_OK;
    }
  }
  sj_map_run *runs = sj_array_room(step->arena, step->runs, step->run_count,
                                   &step->run_cap, 1, sizeof *runs);
  if (runs == NULL) return SJ_NOMEM;
  step->runs = runs;
  piece.derived = step->len;
  step->runs[step->run_count++] = piece;
  return SJ_OK;
}

// Copy the input from the cursor up to `to`.
static sj_status keep(sj_view_step *step, uint32_t to) {
  while (step->cursor < to) {
    while (run_end(&step->in, step->run) <= step->cursor)
      step->run++;
    const uint32_t end = run_end(&step->in, step->run);
    const uint32_t stop = end < to ? end : to;
    const sj_map_run piece =
        part_of(&step->in.runs[step->run], step->cursor, stop);
    if (push_run(step, piece) != SJ_OK) return SJ_NOMEM;
    const uint32_t count = stop - step->cursor;
    memcpy(step->bytes + step->len, step->in.bytes + step->cursor, count);
    step->len += count;
    step->cursor = stop;
  }
  return SJ_OK;
}

// The stretch of the text that [cursor, to) came from; moves the cursor.
static sj_map_run pass_over(sj_view_step *step, uint32_t to) {
  sj_map_run cover = {.copied = 0};
  bool first = true;
  while (step->cursor < to) {
    while (run_end(&step->in, step->run) <= step->cursor)
      step->run++;
    const uint32_t end = run_end(&step->in, step->run);
    const uint32_t stop = end < to ? end : to;
    const sj_map_run piece =
        part_of(&step->in.runs[step->run], step->cursor, stop);
    if (first) cover.origin = piece.origin;
    cover.span = piece.origin + piece.span - cover.origin;
    first = false;
    step->cursor = stop;
  }
  return cover;
}

sj_status sj_view_step_cut(sj_view_step *step,
                           uint32_t from,
                           uint32_t to,
                           const uint8_t *bytes,
                           uint32_t count) {
  if (step->bytes == NULL) {
    step->bytes = sj_arena_take(step->arena, (size_t)step->in.len + 1);
    if (step->bytes == NULL) return SJ_NOMEM;
  }
  step->changed = true;
  if (keep(step, from) != SJ_OK) return SJ_NOMEM;
  const sj_map_run cover = pass_over(step, to);
  if (count == 0) return SJ_OK;
  if (push_run(step, cover) != SJ_OK) return SJ_NOMEM;
  memcpy(step->bytes + step->len, bytes, count);
  step->len += count;
  return SJ_OK;
}

sj_status sj_view_step_finish(sj_view_step *step, sj_view_state *state) {
  if (!step->changed) return SJ_OK;
  if (keep(step, step->in.len) != SJ_OK) return SJ_NOMEM;
  step->bytes[step->len] = 0;
  *state = (sj_view_state){.bytes = step->bytes,
                           .len = step->len,
                           .runs = step->runs,
                           .run_count = (uint32_t)step->run_count};
  return SJ_OK;
}
