// SPDX-License-Identifier: Apache-2.0
//
// merge.h - the last word on what is hidden: claims become spans.
#ifndef SJ_MERGE_H
#define SJ_MERGE_H

#include "types.h"

/// What merging gives: spans in order, never overlapping, and the sources that
/// they name their shares of.
typedef struct sj_merged {
  sj_span *spans;
  size_t count;
  sj_source *sources;
  size_t source_count;
} sj_merged;

/// Settle overlapping claims. A span covers the union of the claims that
/// overlap; the surest of them gives label, role and subtype; all of them stay
/// on record as sources. A vetoed claim hides nothing, and is recorded where it
/// overlaps a span. The order of the claims makes no difference.
sj_status sj_merge(sj_arena *arena, const sj_claims *claims, sj_merged *out);

#endif // SJ_MERGE_H
