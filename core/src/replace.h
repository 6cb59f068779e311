// SPDX-License-Identifier: Apache-2.0
//
// replace.h - the last stage: write the scrubbed text and say what stands
// where.
#ifndef SJ_REPLACE_H
#define SJ_REPLACE_H

#include "types.h"

#include "base/names.h"

/// The lists that stand-ins are drawn from: every file whose name ends in
/// `.pool`. On failure `*error` names file and line.
typedef struct sj_pools sj_pools;
sj_status sj_pools_new(const sj_file *files,
                       size_t count,
                       sj_allocator allocator,
                       sj_pools **out,
                       sj_error *error);
void sj_pools_free(sj_pools *pools);

typedef struct sj_replace_input {
  const sj_text *text;
  const sj_span *spans; ///< any order; overlaps become their union
  size_t count;
  const sj_names *subtypes; ///< what sj_span.subtype numbers; may be NULL
  const sj_policy *policy;  ///< NULL to hide every span
  const sj_claims *claims;  ///< what the spans were made of; may be NULL
  const sj_pools *pools;    ///< for `consistent`; may be NULL
  const uint8_t *langs;     ///< an sj_lang mask for each line; may be NULL
  /// Whether a check digit confirms a number; may be NULL.
  bool (*confirmed)(const uint8_t *bytes, size_t len);
  const sj_range *unscanned;
  size_t unscanned_count;
  const sj_replace_options *options; ///< NULL for placeholders
} sj_replace_input;

/// Write the scrubbed text into the arena. SJ_ARGUMENT for a span that is out
/// of the text, splits a character or has no label that exists, or a style
/// that is unknown or wants a key and has none. SJ_INCOMPLETE where lines are
/// unscanned and may not be hidden.
sj_status
sj_replace_run(sj_arena *arena, const sj_replace_input *in, sj_output *out);

#endif // SJ_REPLACE_H
