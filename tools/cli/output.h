// SPDX-License-Identifier: Apache-2.0
//
// output.h - findings, tokens and failures as JSON. The only file that turns
// the engine's bytes into the unit of the user.
#ifndef SJ_CLI_OUTPUT_H
#define SJ_CLI_OUTPUT_H

#include "scrubjay/scrubjay.h"

#include "../common/buffer.h"
#include "setup.h"

/// A document's name as it came: a JSON string or number, ready to be written.
typedef struct sj_id {
  const char *json;
  size_t len; ///< 0 for none
} sj_id;

/// One finished document.
typedef struct sj_result {
  sj_id id;
  const char *text; ///< the document; NULL only where no offset is shown
  size_t len;
  const sj_session *session; ///< finished
  const sj_output *scrubbed; ///< NULL for find
  double ms;
} sj_result;

/// `{"id", "unit", "complete", "entities", "ms"}`, with "text" and, where lines
/// were hidden unscanned, "unscanned" when scrubbed; and the line end.
void sj_write_result(sj_buffer *out,
                     const sj_setup *setup,
                     const sj_result *result);

/// `{"id", "unit", "ids", "offsets"}` and the line end.
void sj_write_tokens(sj_buffer *out,
                     const sj_setup *setup,
                     const sj_result *result,
                     sj_tokens tokens);

/// Why a document gave nothing.
typedef struct sj_failure {
  sj_status status;
  const char *what; ///< a constant sentence
  char where[160];  ///< an option or a key of ours; may be empty
  bool placed;      ///< `at` is known
  size_t at;        ///< byte of the text or of the line
} sj_failure;

sj_failure sj_failure_of(sj_status status, const sj_error *error);
/// `{"id"?, "line", "error": {"code", "message"}}` and the line end.
void sj_write_failure(sj_buffer *out,
                      sj_id id,
                      size_t line,
                      const sj_failure *failure);

/// The way back: what each placeholder stood for; `scrubbed` is of `text`.
void sj_write_map(sj_buffer *out,
                  const sj_setup *setup,
                  const sj_result *result);

/// The name of a source, or "" for a number that has none.
const char *sj_source_name(const sj_setup *setup, uint32_t id);

#endif // SJ_CLI_OUTPUT_H
