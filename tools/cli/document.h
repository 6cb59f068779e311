// SPDX-License-Identifier: Apache-2.0
//
// document.h - one document through a command, for plain files and JSONL alike.
#ifndef SJ_CLI_DOCUMENT_H
#define SJ_CLI_DOCUMENT_H

#include "scrubjay/scrubjay.h"

#include "output.h"
#include "setup.h"

/// One document as the user gave it.
typedef struct sj_document {
  sj_id id;
  const char *text;
  size_t len;
  int langs;       ///< mask of sj_lang, or -1: as the options say
  sj_file patient; ///< len 0: as the options say
  sj_file known;   ///< len 0: as the options say
} sj_document;

/// What a thread needs to work on documents. Start from `{0}`.
typedef struct sj_worker {
  const sj_setup *setup;
  sj_session *session;
} sj_worker;

/// What a document gave.
typedef struct sj_outcome {
  sj_failure failure; ///< status SJ_OK: none
  bool findings;
} sj_outcome;

/// Where a document's results go.
typedef struct sj_sheets {
  sj_buffer *out; ///< JSON or an explanation
  sj_buffer *map; ///< NULL where no map is wanted
  /// Redact, instead of JSON: takes the scrubbed text, once the map is written.
  /// NULL for JSON.
  void (*take)(void *ctx, const char *text, size_t len);
  void *ctx;
  /// With `take`: what holds the document's text, wiped as soon as the session
  /// has its own copy and nothing else needs it.
  sj_buffer *source;
} sj_sheets;

/// Run the command of the options on a document. On failure nothing was
/// written. The text is wiped from the session before this returns.
sj_outcome sj_document_run(sj_worker *worker,
                           const sj_document *document,
                           const sj_sheets *sheets);
void sj_worker_close(sj_worker *worker);

#endif // SJ_CLI_DOCUMENT_H
