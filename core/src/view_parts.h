// SPDX-License-Identifier: Apache-2.0
//
// view_parts.h - the pieces of the view stage, for view*.c and its tests only.
//
// The view is made by steps. Each step reads what the one before it made and
// cuts stretches out of it; a step that cuts nothing costs no copy.
#ifndef SJ_VIEW_PARTS_H
#define SJ_VIEW_PARTS_H

#include "types.h"

/// What a step reads: valid UTF-8 and the runs that lead back to the text.
typedef struct sj_view_state {
  const uint8_t *bytes;
  uint32_t len;
  const sj_map_run *runs;
  uint32_t run_count;
} sj_view_state;

/// A step in progress.
typedef struct sj_view_step {
  sj_arena *arena;
  sj_view_state in;
  uint32_t cursor; ///< bytes of `in` that are dealt with
  uint32_t run;    ///< the run of `in` that the cursor stands in
  bool changed;
  uint8_t *bytes; ///< NULL until the first cut
  uint32_t len;
  sj_map_run *runs;
  size_t run_count, run_cap;
} sj_view_step;

void sj_view_step_start(sj_view_step *step,
                        sj_arena *arena,
                        const sj_view_state *in);

/// Put `count` bytes in the place of [from, to) of the input; 0 removes it.
/// Cuts come in ascending order and never grow the text. SJ_NOMEM.
sj_status sj_view_step_cut(sj_view_step *step,
                           uint32_t from,
                           uint32_t to,
                           const uint8_t *bytes,
                           uint32_t count);

/// Keep the rest and show the result in `*state`, which is the input itself
/// where nothing was cut.
sj_status sj_view_step_finish(sj_view_step *step, sj_view_state *state);

/// Characters one by one: hidden ones removed, wide and styled ones to plain,
/// blanks, hyphens, quotes and line ends to theirs, accents composed.
sj_status sj_view_fold(sj_view_step *step);

/// Cyrillic and Greek letters that look Latin, in words that are Latin.
sj_status sj_view_fold_words(sj_view_step *step);

/// Numbers and words that a line end or spacing tore apart.
sj_status sj_view_join(sj_view_step *step);

/// One sj_lang mask for each line of the text.
sj_status sj_view_detect(sj_arena *arena,
                         const sj_text *text,
                         unsigned langs,
                         const uint8_t **out);

/// What becomes of a character beyond ASCII.
typedef enum sj_view_fate {
  SJ_VIEW_KEEP,
  SJ_VIEW_DROP,
  SJ_VIEW_PUT ///< replaced by ASCII
} sj_view_fate;

/// The fate of one character; `put` is filled for SJ_VIEW_PUT, NUL-terminated.
sj_view_fate sj_view_fate_of(uint32_t code, char put[4]);

/// The composed letter for a Latin letter and a mark; 0 for none.
uint32_t sj_view_compose(uint32_t base, uint32_t mark);

/// Whether it is a Latin letter, of any block.
bool sj_view_is_latin(uint32_t code);

/// The Latin letter that a Greek or Cyrillic one looks like; 0 for none.
/// `*inside` is set for those that stand in for Latin only between Latin
/// letters, since they also stand in clinical words of their own (TNF alpha).
uint8_t sj_view_lookalike(uint32_t code, bool *inside);

#endif // SJ_VIEW_PARTS_H
