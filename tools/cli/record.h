// SPDX-License-Identifier: Apache-2.0
//
// record.h - a line of input as a document.
#ifndef SJ_CLI_RECORD_H
#define SJ_CLI_RECORD_H

#include "document.h"

/// Read `{"id", "text", "lang"?, "patient"?, "known"?}`; other keys are passed
/// over. The line is decoded in place and the document points into it. A
/// failure keeps the id where it was read.
sj_failure sj_record_read(char *line, size_t len, sj_document *out);

#endif // SJ_CLI_RECORD_H
