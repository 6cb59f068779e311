// SPDX-License-Identifier: Apache-2.0
//
// decode.h - stage `decode`: from a model's answers to claims. What the tags
// mean and how windows are cut stands in the manifest (core/README.md has its
// fields).
#ifndef SJ_DECODE_H
#define SJ_DECODE_H

#include "types.h"

#include "base/names.h"

typedef struct sj_decoder sj_decoder;

sj_status sj_decoder_new(const sj_file *manifest,
                         sj_names *names,
                         sj_allocator allocator,
                         sj_decoder **out,
                         sj_error *error);
void sj_decoder_free(sj_decoder *decoder);

size_t sj_decoder_tag_count(const sj_decoder *decoder);
/// Tokens of a window, special ones included, and of an overlap.
uint32_t sj_decoder_window(const sj_decoder *decoder);
uint32_t sj_decoder_overlap(const sj_decoder *decoder);

/// What the windows said of the tokens, and the best way through the tags as
/// far as it is known. Only tokens that a window may still speak of keep all
/// their numbers; of the others there remain a few bytes each, so that a long
/// document takes little.
typedef struct sj_scores {
  size_t tokens;     ///< of the document
  size_t settled;    ///< so many have been walked past
  size_t held;       ///< so many behind them have sums
  float *sum;        ///< of the held, by tags: probabilities
  uint32_t *times;   ///< of the held: how many windows spoke
  float *outside;    ///< of the settled: the probability of O
  uint8_t *likely;   ///< and its likeliest tag but O
  uint8_t *closed;   ///< of the settled: the best tag to begin anew behind
  uint8_t *inside;   ///< and a bit a type: inside is better to go on from
  float *now, *next; ///< best score of a way that ends in each tag
} sj_scores;

sj_status sj_scores_take(const sj_decoder *decoder,
                         sj_arena *arena,
                         size_t tokens,
                         sj_scores *out);

/// Rows of a window's answer for the tokens [first, first + rows), at most a
/// window's. No window begins before the one before it did. SJ_MODEL, and
/// nothing added, where a number is not finite.
sj_status sj_scores_add(const sj_decoder *decoder,
                        sj_scores *scores,
                        size_t first,
                        const float *logits,
                        size_t rows);

/// The best sequence of tags that the scheme allows, as claims on whole words.
/// No window speaks any more.
sj_status sj_decode_run(const sj_decoder *decoder,
                        sj_arena *arena,
                        const sj_text *text,
                        const sj_tokens *tokens,
                        sj_scores *scores,
                        sj_claims *claims);

/// Drop what rules and lists merely guessed where the model is sure that there
/// is nothing (manifest field `doubt`). After sj_decode_run, and only where
/// every window was answered.
void sj_decode_doubt(const sj_decoder *decoder,
                     const sj_tokens *tokens,
                     const sj_scores *scores,
                     sj_claims *claims);

/// What the model nearly claimed, as claims on whole words, whether or not
/// something hides them. After sj_decode_run.
sj_status sj_decode_near(const sj_decoder *decoder,
                         sj_arena *arena,
                         const sj_text *text,
                         const sj_tokens *tokens,
                         const sj_scores *scores,
                         sj_claims *claims);

#endif // SJ_DECODE_H
