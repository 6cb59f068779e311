// SPDX-License-Identifier: Apache-2.0
//
// feature.h - stage `feature`: what the engine knows of each token, as small
// numbers for the model: how its word is written, what the lists know of it,
// what rules and evidence claimed there.
//
// The model is never shown what the chart says (KNOWN claims), and is shown
// the same under every policy: the session hands over claims made for that.
#ifndef SJ_FEATURE_H
#define SJ_FEATURE_H

#include "types.h"

#include "base/words.h"

/// The columns: name in the manifest, and how many values it has. 0 is
/// always: nothing, or no word (core/README.md says what the others are).
#define SJ_FEATURE_MAP(X)                                                      \
  X(SHAPE, "shape", 24)                                                        \
  X(PLACE, "place", 6)                                                         \
  X(GAP, "gap", 16)                                                            \
  X(FIRST, "first", 8)                                                         \
  X(SURNAME, "surname", 8)                                                     \
  X(TOWN, "town", 8)                                                           \
  X(USUAL, "usual", 8)                                                         \
  X(TRAIT, "trait", 12)                                                        \
  X(PHRASE, "phrase", 10)                                                      \
  X(CASE, "case", 4)                                                           \
  X(RULE, "rule", 64)                                                          \
  X(SURE, "sure", 4)                                                           \
  X(LIST, "list", 16)

typedef enum sj_feature {
#define X(name, text, values) SJ_FEATURE_##name,
  SJ_FEATURE_MAP(X)
#undef X
      SJ_FEATURE_COUNT
} sj_feature;

/// Which columns a model takes, in its order.
typedef struct sj_feature_plan {
  uint8_t column[SJ_FEATURE_COUNT]; ///< sj_feature
  uint32_t count;                   ///< 0: the model takes ids alone
} sj_feature_plan;

/// Read `features` of a manifest. An unknown column, one that stands twice, or
/// one with other values than ours is refused by its name.
sj_status sj_feature_plan_read(const sj_file *manifest,
                               sj_allocator allocator,
                               sj_feature_plan *plan,
                               sj_error *error);

/// What features are made from.
typedef struct sj_feature_input {
  const sj_text *text;
  const sj_view *view;
  const sj_words *words;
  const sj_claims *claims; ///< those that the model may know of
  const sj_tokens *tokens;
} sj_feature_input;

/// The features of every token, row by row, `plan->count` columns each.
sj_status sj_features_run(sj_arena *arena,
                          const sj_feature_plan *plan,
                          const sj_feature_input *in,
                          const uint8_t **out);

#endif // SJ_FEATURE_H
