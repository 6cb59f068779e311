// SPDX-License-Identifier: Apache-2.0
//
// jsonl.h - a stream of documents, one JSON object a line, over all cores.
#ifndef SJ_CLI_JSONL_H
#define SJ_CLI_JSONL_H

#include "setup.h"

/// Every FILE of the options in order. Memory is bounded whatever the length
/// of the stream, and the lines come out in the order in which they came in.
sj_exit sj_jsonl_run(const sj_setup *setup);

#endif // SJ_CLI_JSONL_H
