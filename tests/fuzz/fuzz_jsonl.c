// SPDX-License-Identifier: Apache-2.0
//
// fuzz_jsonl.c - any bytes as a line of a stream. What is accepted has its text
// and its id; what is refused says why and where, without a key of the input.
// Links output.c, output_units.c and record.c of tools/cli, and buffer.c and
// json_write.c of tools/common.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/cli/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
  if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *line = malloc(size + 1);
  if (!line) return 0;
  memcpy(line, data, size);
  sj_record record = {.document = {.langs = -1}};
  const sj_failure failure = sj_record_read(&record, line, size);
  const sj_document *document = &record.document;
  if (failure.status == SJ_OK) {
    must(document->text != NULL && document->id.len > 0);
    must(document->len <= size);
    const sj_file known = document->known;
    must(known.len == 0 || (known.data > line && known.data[0] == '{' &&
                            known.data[known.len - 1] == '}' &&
                            known.data + known.len < line + size));
  } else {
    must(failure.what != NULL && failure.at <= size);
    must(failure.where[0] == '\0');
  }
  sj_record_clear(&record);
  must(record.text.len == 0 && record.document.text == NULL);
  sj_record_free(&record);
  free(line);
  return 0;
}
