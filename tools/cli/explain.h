// SPDX-License-Identifier: Apache-2.0
//
// explain.h - findings with their evidence, for people to read.
#ifndef SJ_CLI_EXPLAIN_H
#define SJ_CLI_EXPLAIN_H

#include "output.h"

/// One finding a paragraph: place, label, score, what marks it, and a line for
/// each source. The text is shown only where the options say so.
void sj_write_explanation(sj_buffer *out,
                          const sj_setup *setup,
                          const sj_result *result);

#endif // SJ_CLI_EXPLAIN_H
