// SPDX-License-Identifier: Apache-2.0
//
// view.c - the text as patterns should see it (text -> view -> rules).
//
// What hides a name from a pattern comes in layers: a hidden character between
// a letter and its accent, a look-alike that could be composed once it is
// Latin, digits that are one number once their blanks are gone. So the steps
// run in rounds until one finds nothing to do, and the view of a view is the
// view itself. Plain text takes one round, which copies nothing.

#include "view.h"

#include "view_parts.h"

// Each round shortens the text, or ends the work. Texts need two or three; the
// bound is for hostile ones, which then only miss a joint.
enum { ROUNDS_MAX = 12 };

typedef sj_status (*view_pass)(sj_view_step *step);

static sj_status
run_round(sj_arena *arena, sj_view_state *state, bool *changed) {
  static const view_pass passes[] = {sj_view_fold, sj_view_fold_words,
                                     sj_view_join};
  *changed = false;
  for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
    sj_view_step step;
    sj_view_step_start(&step, arena, state);
    sj_status status = passes[i](&step);
    if (status == SJ_OK) status = sj_view_step_finish(&step, state);
    if (status != SJ_OK) return status;
    if (step.changed) *changed = true;
  }
  return SJ_OK;
}

sj_status sj_view_build(sj_view *out,
                        sj_arena *arena,
                        const sj_text *text,
                        unsigned langs) {
  *out = (sj_view){0};
  sj_map_run *whole = sj_arena_take(arena, sizeof *whole);
  if (whole == NULL) return SJ_NOMEM;
  *whole = (sj_map_run){.span = text->len, .copied = 1};
  sj_view_state state = {.bytes = text->bytes,
                         .len = text->len,
                         .runs = whole,
                         .run_count = text->len > 0 ? 1 : 0};
  bool changed = text->len > 0;
  for (int round = 0; changed && round < ROUNDS_MAX; round++) {
    const sj_status status = run_round(arena, &state, &changed);
    if (status != SJ_OK) return status;
  }
  const uint8_t *lang = NULL;
  const sj_status status = sj_view_detect(arena, text, langs, &lang);
  if (status != SJ_OK) return status;
  *out = (sj_view){.bytes = state.bytes,
                   .len = state.len,
                   .map = {.runs = state.runs,
                           .run_count = state.run_count,
                           .derived_len = state.len,
                           .origin_len = text->len},
                   .lang = lang};
  return SJ_OK;
}
