// SPDX-License-Identifier: Apache-2.0
//
// fuzz_jsonl.c - any bytes as a line of a stream. What is accepted must point
// into the line and be valid UTF-8; what is refused must say why and where.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/cli/record.h"
#include "../../tools/common/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
  if (!holds) abort();
}

static void
check_inside(const char *line, size_t size, const char *part, size_t len) {
  if (!part) return;
  must(part >= line && len <= size && part + len <= line + size);
  must(sj_utf8_error(part, len) == len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *line = malloc(size + 1);
  if (!line) return 0;
  memcpy(line, data, size);
  sj_document document;
  const sj_failure failure = sj_record_read(line, size, &document);
  check_inside(line, size, document.id.json, document.id.len);
  if (failure.status == SJ_OK) {
    must(document.text != NULL && document.id.len > 0);
    check_inside(line, size, document.text, document.len);
    check_inside(line, size, document.known.data, document.known.len);
    check_inside(line, size, document.patient.data, document.patient.len);
  } else {
    must(failure.what != NULL && failure.at <= size);
  }
  free(line);
  return 0;
}
