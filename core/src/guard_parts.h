// SPDX-License-Identifier: Apache-2.0
//
// guard_parts.h - what guard.c asks of guard_sure.c.
#ifndef SJ_GUARD_PARTS_H
#define SJ_GUARD_PARTS_H

#include "scrubjay/scrubjay.h"

/// A text that the rules have read.
typedef struct sj_guard_reading {
  const sj_engine *engine;
  const char *text; ///< placeholders blotted out
  size_t len;
  const sj_span *spans;
  size_t count;
  const sj_source *sources;
  // The label before a name that was asked about last, and what was found.
  uint32_t label;
  size_t label_len;
  bool speaks;
  unsigned labels; ///< asked about
} sj_guard_reading;

/// Whether names count that a rule of this name found.
bool sj_guard_names(const char *rule, size_t len);

/// Whether a span leaves no doubt.
bool sj_guard_is_sure(sj_guard_reading *of, const sj_span *span);

#endif // SJ_GUARD_PARTS_H
