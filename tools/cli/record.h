// SPDX-License-Identifier: Apache-2.0
//
// record.h - a line of input as a document.
#ifndef SJ_CLI_RECORD_H
#define SJ_CLI_RECORD_H

#include "document.h"

/// What a document keeps of its line. Start from `{0}`, one for each thread.
typedef struct sj_record {
  sj_document document; ///< points into the line and into the buffers
  sj_buffer id, text, patient;
} sj_record;

/// Read `{"id", "text", "lang"?, "patient"?, "known"?}`; other keys are checked
/// and passed over. The line must outlive the document. A failure keeps the id
/// where it was read.
sj_failure sj_record_read(sj_record *record, const char *line, size_t len);

/// Wipe the document, and keep some room for the next one.
void sj_record_clear(sj_record *record);
void sj_record_free(sj_record *record);

#endif // SJ_CLI_RECORD_H
