// SPDX-License-Identifier: Apache-2.0
//
// record.c - see record.h. Errors say where in the line, and never which key or
// value: those are the document's.

#include "record.h"

#include "base/json.h"

#include "../common/json_write.h"

enum { ID_MAX = 4096, KEEP = 64 * 1024 };

static sj_status read_id(sj_json *json, sj_record *to) {
  sj_json_event event;
  const sj_status status = sj_json_next(json, &event);
  if (status != SJ_OK) return status;
  if (event.kind != SJ_JSON_STRING && event.kind != SJ_JSON_NUMBER)
    return sj_json_refuse(json, "the id is a string or a number");
  if (event.len > ID_MAX)
    return sj_json_refuse(json, "the id is longer than 4096 bytes");
  if (event.kind == SJ_JSON_STRING)
    sj_put_string(&to->id, event.text, event.len);
  else
    sj_buffer_add(&to->id, event.text, event.len);
  if (to->id.failed) return SJ_NOMEM;
  to->document.id = (sj_id){to->id.data, to->id.len};
  return SJ_OK;
}

/// A string, copied; with `optional`, null leaves `*given` false.
static sj_status read_string(sj_json *json, sj_buffer *to, bool *given) {
  sj_json_event event;
  const sj_status status = sj_json_next(json, &event);
  if (status != SJ_OK) return status;
  *given = event.kind == SJ_JSON_STRING;
  if (event.kind == SJ_JSON_NULL) return SJ_OK;
  if (!*given) return sj_json_refuse(json, "a string is expected here");
  // One byte more, so that an empty string has an address too.
  if (!sj_buffer_reserve(to, event.len + 1)) return SJ_NOMEM;
  sj_buffer_add(to, event.text, event.len);
  return SJ_OK;
}

static sj_status read_text(sj_json *json, sj_record *to) {
  bool given;
  const sj_status status = read_string(json, &to->text, &given);
  if (status != SJ_OK) return status;
  if (!given) return sj_json_refuse(json, "a string is expected here");
  to->document.text = to->text.data;
  to->document.len = to->text.len;
  return SJ_OK;
}

static sj_status read_lang(sj_json *json, sj_record *to) {
  sj_json_event event;
  const sj_status status = sj_json_next(json, &event);
  if (status != SJ_OK || event.kind == SJ_JSON_NULL) return status;
  if (event.kind != SJ_JSON_STRING)
    return sj_json_refuse(json, "a string is expected here");
  to->document.langs = sj_lang_from_name(event.text, event.len);
  if (to->document.langs >= 0) return SJ_OK;
  return sj_json_refuse(json, "no such language (en, fr, en,fr or auto)");
}

static sj_status read_patient(sj_json *json, sj_record *to) {
  bool given;
  const sj_status status = read_string(json, &to->patient, &given);
  if (status == SJ_OK && given)
    to->document.patient =
        (sj_file){"patient", to->patient.data, to->patient.len};
  return status;
}

/// An object, as the bytes of the line: the engine reads it.
static sj_status read_known(sj_json *json, const char *line, sj_record *to) {
  sj_json_event event;
  sj_status status = sj_json_next(json, &event);
  if (status != SJ_OK || event.kind == SJ_JSON_NULL) return status;
  if (event.kind != SJ_JSON_OBJECT)
    return sj_json_refuse(json, "known is an object");
  const size_t start = event.at;
  const uint32_t depth = event.depth;
  do
    status = sj_json_next(json, &event);
  while (status == SJ_OK &&
         !(event.kind == SJ_JSON_OBJECT_END && event.depth == depth));
  if (status == SJ_OK)
    to->document.known = (sj_file){"known", line + start, event.at + 1 - start};
  return status;
}

static sj_status read_key(sj_json *json,
                          const sj_json_event *key,
                          const char *line,
                          sj_record *to) {
  if (sj_json_is(key, "id")) return read_id(json, to);
  if (sj_json_is(key, "text")) return read_text(json, to);
  if (sj_json_is(key, "lang")) return read_lang(json, to);
  if (sj_json_is(key, "patient")) return read_patient(json, to);
  if (sj_json_is(key, "known")) return read_known(json, line, to);
  return sj_json_skip(json, key);
}

static sj_status read_object(sj_json *json, const char *line, sj_record *to) {
  sj_json_event event;
  sj_status status = sj_json_next(json, &event);
  if (status == SJ_OK && event.kind != SJ_JSON_OBJECT)
    return sj_json_refuse(json, "a JSON object is expected here");
  while (status == SJ_OK && event.kind != SJ_JSON_END) {
    status = sj_json_next(json, &event);
    if (status == SJ_OK && event.kind == SJ_JSON_KEY)
      status = read_key(json, &event, line, to);
  }
  if (status != SJ_OK) return status;
  if (!to->document.text)
    return sj_json_refuse(json, "the key \"text\" is missing");
  if (to->document.id.len == 0)
    return sj_json_refuse(json, "the key \"id\" is missing");
  return SJ_OK;
}

sj_failure sj_record_read(sj_record *record, const char *line, size_t len) {
  record->document = (sj_document){.langs = -1};
  const sj_allocator standard = {0};
  sj_json json;
  sj_status status = sj_json_open(&json, standard, line, len);
  if (status == SJ_OK) status = read_object(&json, line, record);
  sj_failure failure = sj_failure_of(status, &json.error);
  failure.where[0] = '\0'; // the path is made of the document's own keys
  sj_json_close(&json);
  return failure;
}

void sj_record_clear(sj_record *record) {
  sj_buffer_clear(&record->id, KEEP);
  sj_buffer_clear(&record->text, KEEP);
  sj_buffer_clear(&record->patient, KEEP);
  record->document = (sj_document){.langs = -1};
}

void sj_record_free(sj_record *record) {
  sj_buffer_free(&record->id);
  sj_buffer_free(&record->text);
  sj_buffer_free(&record->patient);
}
