// SPDX-License-Identifier: Apache-2.0
//
// known.h - stage `known`: what the chart says of the patient, found in every
// form it is written in (rules -> known -> tokenize). Nothing vetoes it.
#ifndef SJ_KNOWN_H
#define SJ_KNOWN_H

#include "types.h"

#include "base/lexicon.h"
#include "base/names.h"

/// What is known of names beforehand: nicknames, titles, names that are
/// ordinary words. Built with the engine, read-only afterwards.
typedef struct sj_known_lists sj_known_lists;

/// Read the `.names` files among `files`; others are passed over. Sources and
/// subtypes get their numbers from `names`. On failure `*error` names file and
/// line.
sj_status sj_known_lists_new(const sj_file *files,
                             size_t count,
                             sj_names *names,
                             sj_allocator allocator,
                             sj_known_lists **out,
                             sj_error *error);
/// Tell names from ordinary words by this lexicon too; borrowed.
void sj_known_lists_use(sj_known_lists *lists, const sj_lexicon *lexicon);
void sj_known_lists_free(sj_known_lists *lists);

/// Read a chart (core/README.md has the contract) and claim what stands of it
/// in the view. SJ_JSON with the
/// path in `error->where`; no value of the chart ever gets into an error.
sj_status sj_known_run(const sj_known_lists *lists,
                       sj_arena *arena,
                       const sj_file *chart,
                       const sj_view *view,
                       sj_claims *out,
                       sj_error *error);

#endif // SJ_KNOWN_H
