// SPDX-License-Identifier: Apache-2.0
//
// setup.h - what every document of a run shares: the engine and the checked
// options. Built once, read-only afterwards, shared by all threads.
#ifndef SJ_CLI_SETUP_H
#define SJ_CLI_SETUP_H

#include "scrubjay/scrubjay.h"

#include "../common/buffer.h"
#include "../common/model.h"
#include "../common/say.h"
#include "options.h"
#include "output_units.h"

typedef struct sj_setup {
  const sj_options *options;
  sj_engine *engine;       ///< NULL for tokenize
  sj_model *model;         ///< NULL: rules alone
  sj_tokenizer *tokenizer; ///< NULL for all else
  unsigned langs;
  sj_style style;
  sj_unit unit;
  unsigned jobs;
  sj_buffer known, key;
} sj_setup;

/// Check the options and load what they name. Also tries policy, chart and key
/// on an empty document, so that a wrong one is refused before any input is
/// read. What failed has been said.
sj_exit sj_setup_open(const sj_options *options, sj_setup *out);
void sj_setup_close(sj_setup *setup);

/// How to read and to replace under these options.
sj_session_options sj_setup_session(const sj_setup *setup);
sj_replace_options sj_setup_replace(const sj_setup *setup);

#endif // SJ_CLI_SETUP_H
