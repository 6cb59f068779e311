// SPDX-License-Identifier: Apache-2.0
//
// session.h - one document through the stages; see scrubjay.h.
#ifndef SJ_SESSION_H
#define SJ_SESSION_H

#include "types.h"

#include "decode.h"
#include "engine.h"
#include "merge.h"
#include "rules.h"
#include "tokenize.h"
#include "veto.h"
#include "words.h"

typedef enum sj_session_state {
  SJ_SESSION_EMPTY,   ///< no document
  SJ_SESSION_STARTED, ///< rules and chart have spoken
  SJ_SESSION_FINISHED ///< settled
} sj_session_state;

/// What became of a window.
typedef enum sj_answer {
  SJ_ANSWER_NONE,
  SJ_ANSWER_TAKEN,
  SJ_ANSWER_REFUSED ///< wrong shape, or a number that is not finite
} sj_answer;

struct sj_session {
  const sj_engine *engine;
  sj_session_state state;
  sj_scan *scan;    ///< scratch of the rules; outlives documents
  sj_arena arena;   ///< everything of the document
  sj_arena output;  ///< the last replacement
  sj_policy policy; ///< what replace leaves in clear
  sj_text text;
  sj_view view;
  sj_words words;
  sj_tokens tokens; ///< these seven only with a model
  sj_cuts cuts;     ///< windows
  sj_scores scores;
  uint8_t *answers;         ///< one sj_answer for each window
  int32_t *window_ids;      ///< of the window last handed out
  sj_claims shown;          ///< what the model may know of the claims
  const uint8_t *features;  ///< of every token
  int32_t *window_features; ///< of the window last handed out
  uint32_t window;          ///< the next one
  sj_claims claims;         ///< of all stages so far
  sj_claims protections;    ///< what rules say is never a find
  sj_ranges unscanned;      ///< stretches that a stage could not look at
  sj_ranges lines;          ///< the whole lines they lie in
  sj_coverage coverage;     ///< as of the last settling
  sj_merged merged;
  sj_merged near; ///< what came close, settled likewise
};

#endif // SJ_SESSION_H
