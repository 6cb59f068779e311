// SPDX-License-Identifier: Apache-2.0
//
// fuzz_json.c - any bytes as JSON. The events nest, strings are valid, and a
// refusal names a byte of the input.

#include "fuzz.h"

#include "base/alloc.h"
#include "base/json.h"
#include "base/utf8.h"

static void check_event(const sj_json_event *event, size_t size) {
  must(event->at <= size && event->depth <= SJ_JSON_DEPTH);
  if (event->kind == SJ_JSON_STRING || event->kind == SJ_JSON_KEY) {
    size_t bad = 0;
    must(sj_utf8_valid(event->text, event->len, &bad));
    for (size_t i = 0; i < event->len; i++)
      must(event->text[i] != '\0');
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sj_allocator usual = {0};
  sj_json json;
  sj_status status = sj_json_open(&json, sj_allocator_or_default(usual),
                                  (const char *)data, size);
  size_t open = 0;
  sj_json_event event = {0};
  while (status == SJ_OK) {
    status = sj_json_next(&json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_END) break;
    check_event(&event, size);
    if (event.kind == SJ_JSON_ARRAY || event.kind == SJ_JSON_OBJECT) open++;
    if (event.kind == SJ_JSON_ARRAY_END || event.kind == SJ_JSON_OBJECT_END)
      must(open-- > 0);
  }
  if (status == SJ_OK)
    must(open == 0);
  else
    must(json.error.what != NULL && json.error.at <= size);
  sj_json_close(&json);
  return 0;
}
