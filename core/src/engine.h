// SPDX-License-Identifier: Apache-2.0
//
// engine.h - what documents share. session.c alone looks inside.
#ifndef SJ_ENGINE_H
#define SJ_ENGINE_H

#include "types.h"

#include "base/lexicon.h"
#include "base/names.h"
#include "decode.h"
#include "evidence.h"
#include "feature.h"
#include "known.h"
#include "policy.h"
#include "replace.h"
#include "rules.h"

struct sj_engine {
  sj_allocator allocator;
  bool rules_only; ///< the other stages have nothing to say
  sj_names *names;
  sj_rules *rules;
  sj_policies *policies;
  sj_lexicon *lexicon;
  sj_evidence *evidence; ///< NULL without a table
  sj_known_lists *known;
  sj_pools *pools;
  sj_tokenizer *tokenizer; ///< NULL without a model
  sj_decoder *decoder;     ///< NULL without a model
  sj_feature_plan features;
  uint32_t echo_source; ///< the name that echoes are reported under
  uint32_t strict_source;
  char *description; ///< JSON, NUL-terminated
};

#endif // SJ_ENGINE_H
