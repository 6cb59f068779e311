// SPDX-License-Identifier: Apache-2.0
//
// rules_heads.h - what is known of the heads of columns, and of cells that
// hold nobody.
#ifndef SJ_RULES_HEADS_H
#define SJ_RULES_HEADS_H

#include "types.h"

typedef enum sj_head {
  SJ_HEAD_NONE,
  SJ_HEAD_OTHER,  ///< of results, doses, times: a row of heads, no more
  SJ_HEAD_TELLING ///< what stands under it may be somebody's
} sj_head;

/// What a cell is as a head: by all of it, its first word, its last (`nom du
/// patient`, `claim no`). `*whole` is whether all of it is a head.
sj_head sj_head_of(const sj_view *view, sj_range cell, bool *whole);

/// Whether a cell holds another head (fields side by side) or a word for
/// nothing.
bool sj_head_nobody(const sj_view *view, sj_range cell);

/// Whether a head is `name` or `nom` alone.
bool sj_head_is_name(const sj_view *view, sj_range cell);

#endif // SJ_RULES_HEADS_H
