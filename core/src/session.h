// SPDX-License-Identifier: Apache-2.0
//
// session.h - one document through the stages; see scrubjay.h.
#ifndef SJ_SESSION_H
#define SJ_SESSION_H

#include "types.h"

#include "engine.h"
#include "merge.h"
#include "rules.h"

typedef enum sj_session_state {
  SJ_SESSION_EMPTY,   ///< no document
  SJ_SESSION_STARTED, ///< rules and chart have spoken
  SJ_SESSION_FINISHED ///< settled
} sj_session_state;

struct sj_session {
  const sj_engine *engine;
  sj_session_state state;
  sj_scan *scan;   ///< scratch of the rules; outlives documents
  sj_arena arena;  ///< everything of the document
  sj_arena output; ///< the last replacement
  sj_text text;
  sj_view view;
  sj_claims claims;     ///< of all stages so far
  sj_ranges unscanned;  ///< stretches that a stage could not look at
  sj_ranges lines;      ///< the whole lines they lie in
  sj_coverage coverage; ///< as of the last settling
  sj_merged merged;
};

#endif // SJ_SESSION_H
