// SPDX-License-Identifier: Apache-2.0
//
// evidence.h - stage `evidence`: people, towns and sites that no rule
// introduces, by adding up what speaks for and against each word.
//
// What counts, and how much, stands in one readable table, a `.evidence` file
// (core/packs/README.md). A word is scored twice: first by itself, its
// surroundings and the lists; then again with what became of its neighbours
// and of its other places in the document.
#ifndef SJ_EVIDENCE_H
#define SJ_EVIDENCE_H

#include "types.h"

#include "base/names.h"
#include "base/words.h"

typedef struct sj_evidence sj_evidence;

/// Read the last `.evidence` file among `files`; none leaves `*out` NULL, and
/// nothing is then claimed. On failure `*error` names file and line.
sj_status sj_evidence_new(const sj_file *files,
                          size_t count,
                          sj_names *names,
                          sj_allocator allocator,
                          sj_evidence **out,
                          sj_error *error);
void sj_evidence_free(sj_evidence *evidence);

/// Claim names, towns and sites; with `strict`, also what is unlikely to be
/// one. `claims` holds those of the rules, which count as
/// evidence; new ones are pushed behind them.
sj_status sj_evidence_run(const sj_evidence *evidence,
                          sj_arena *arena,
                          const sj_words *words,
                          const sj_view *view,
                          bool strict,
                          sj_claims *claims);

/// Take back what a rule took for a name behind a speaker's colon, and is the
/// beginning of what the speaker says.
void sj_evidence_doubt(const sj_evidence *evidence,
                       const sj_words *words,
                       const sj_view *view,
                       sj_claims *claims);

/// What was found for one word, for the program that fits the weights.
typedef struct sj_evidence_row {
  size_t word;
  const uint16_t *ids;       ///< of evidence, for sj_evidence_name()
  size_t count, first_count; ///< all, and those of the first pass
  float self[3];             ///< scores of the first pass: name, town, site
} sj_evidence_row;
typedef struct sj_evidence_sink {
  void (*show)(void *context, const sj_evidence_row *row);
  void *context;
} sj_evidence_sink;
sj_status sj_evidence_dump(const sj_evidence *evidence,
                           sj_arena *arena,
                           const sj_words *words,
                           const sj_view *view,
                           const sj_claims *claims,
                           const sj_evidence_sink *sink);

/// The name of a piece of evidence; NULL for none.
const char *sj_evidence_name(const sj_evidence *evidence, uint16_t id);
size_t sj_evidence_count(const sj_evidence *evidence);

#endif // SJ_EVIDENCE_H
