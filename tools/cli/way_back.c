// SPDX-License-Identifier: Apache-2.0
//
// way_back.c - see way_back.h. Strings are gathered in one buffer first, which
// may move while it grows; pointers are set at the end.

#include "way_back.h"

#include <stdlib.h>

#include "base/json.h"

#include "../common/json_write.h"

/// A string of the buffer: a placeholder, or one of its originals.
typedef struct piece {
  size_t at, len;
  bool placeholder;
} piece;

typedef struct reader {
  sj_json json;
  sj_way_back *way;
  piece *pieces;
  size_t len, cap;
  bool format, map;
} reader;

static sj_status next(reader *in, sj_json_event *event, sj_json_kind want) {
  const sj_status status = sj_json_next(&in->json, event);
  if (status != SJ_OK || event->kind == want) return status;
  return sj_json_refuse(&in->json, want == SJ_JSON_STRING
                                       ? "a string is expected here"
                                       : "this is no map that redact wrote");
}

static sj_status push(reader *in, const sj_json_event *text, bool placeholder) {
  if (in->len == in->cap) {
    const size_t cap = in->cap == 0 ? 64 : in->cap * 2;
    piece *more = realloc(in->pieces, cap * sizeof(*more));
    if (!more) return SJ_NOMEM;
    in->pieces = more;
    in->cap = cap;
  }
  in->pieces[in->len++] = (piece){in->way->bytes.len, text->len, placeholder};
  sj_buffer_add(&in->way->bytes, text->text, text->len);
  return in->way->bytes.failed ? SJ_NOMEM : SJ_OK;
}

static sj_status read_originals(reader *in) {
  sj_json_event event;
  sj_status status = next(in, &event, SJ_JSON_ARRAY);
  while (status == SJ_OK) {
    status = sj_json_next(&in->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_ARRAY_END) return status;
    if (event.kind != SJ_JSON_STRING)
      return sj_json_refuse(&in->json, "a string is expected here");
    status = push(in, &event, false);
  }
  return status;
}

/// One placeholder; its originals must follow it.
static sj_status read_entry(reader *in) {
  bool named = false;
  bool listed = false;
  for (;;) {
    sj_json_event event;
    sj_status status = sj_json_next(&in->json, &event);
    if (status != SJ_OK) return status;
    if (event.kind == SJ_JSON_OBJECT_END) break;
    if (sj_json_is(&event, "placeholder")) {
      status = next(in, &event, SJ_JSON_STRING);
      if (status == SJ_OK && event.len == 0)
        return sj_json_refuse(&in->json, "a placeholder is empty");
      if (status == SJ_OK) status = push(in, &event, true);
      named = true;
    } else if (named && sj_json_is(&event, "originals")) {
      status = read_originals(in);
      listed = true;
    } else {
      status = sj_json_skip(&in->json, &event);
    }
    if (status != SJ_OK) return status;
  }
  if (named && listed) return SJ_OK;
  return sj_json_refuse(&in->json, "an entry wants placeholder and originals");
}

static sj_status read_entries(reader *in) {
  sj_json_event event;
  sj_status status = next(in, &event, SJ_JSON_ARRAY);
  in->map = true;
  while (status == SJ_OK) {
    status = sj_json_next(&in->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_ARRAY_END) return status;
    if (event.kind != SJ_JSON_OBJECT)
      return sj_json_refuse(&in->json, "an object is expected here");
    status = read_entry(in);
  }
  return status;
}

static sj_status read_id(reader *in) {
  sj_json_event event;
  const sj_status status = sj_json_next(&in->json, &event);
  sj_buffer *to = &in->way->id_bytes;
  if (status != SJ_OK) return status;
  if (event.kind == SJ_JSON_STRING)
    sj_put_string(to, event.text, event.len);
  else if (event.kind == SJ_JSON_NUMBER)
    sj_buffer_add(to, event.text, event.len);
  else
    return sj_json_refuse(&in->json, "the id is a string or a number");
  return to->failed ? SJ_NOMEM : SJ_OK;
}

static sj_status read_format(reader *in) {
  sj_json_event event;
  const sj_status status = next(in, &event, SJ_JSON_NUMBER);
  in->format = true;
  if (status != SJ_OK || (event.is_integer && event.integer == 1))
    return status;
  return sj_json_refuse(&in->json, "a format that this version does not read");
}

static sj_status read_object(reader *in) {
  sj_json_event event;
  sj_status status = next(in, &event, SJ_JSON_OBJECT);
  while (status == SJ_OK && event.kind != SJ_JSON_END) {
    status = sj_json_next(&in->json, &event);
    if (status != SJ_OK || event.kind != SJ_JSON_KEY) continue;
    if (sj_json_is(&event, "format"))
      status = read_format(in);
    else if (sj_json_is(&event, "id"))
      status = read_id(in);
    else if (sj_json_is(&event, "map"))
      status = read_entries(in);
    else
      status = sj_json_skip(&in->json, &event);
  }
  if (status == SJ_OK && (!in->format || !in->map))
    return sj_json_refuse(&in->json, "this is no map that redact wrote");
  return status;
}

/// Point into the buffer, which moves no more.
static sj_status point(const reader *in) {
  sj_way_back *way = in->way;
  sj_original *rows = calloc(in->len + 1, sizeof(*rows));
  sj_file *files = calloc(in->len + 1, sizeof(*files));
  way->rows = rows;
  way->files = files;
  if (!rows || !files) return SJ_NOMEM;
  for (size_t i = 0; i < in->len; i++) {
    const piece *one = &in->pieces[i];
    // An empty string is nowhere in particular.
    const char *at = one->len > 0 ? way->bytes.data + one->at : "";
    files[i] = (sj_file){"", at, one->len};
    if (one->placeholder)
      rows[way->count++] = (sj_original){files[i], files + i + 1, 0};
    else
      rows[way->count - 1].count++;
  }
  way->map = rows;
  way->id = (sj_id){way->id_bytes.data, way->id_bytes.len};
  return SJ_OK;
}

sj_failure sj_way_back_read(sj_way_back *way, const char *json, size_t len) {
  const sj_allocator standard = {0};
  reader in = {.way = way};
  sj_status status = sj_json_open(&in.json, standard, json, len);
  if (status == SJ_OK) status = read_object(&in);
  if (status == SJ_OK) status = point(&in);
  sj_failure failure = sj_failure_of(status, &in.json.error);
  failure.where[0] = '\0';
  sj_json_close(&in.json);
  free(in.pieces);
  return failure;
}

void sj_way_back_free(sj_way_back *way) {
  sj_buffer_free(&way->id_bytes);
  sj_buffer_free(&way->bytes);
  free(way->rows);
  free(way->files);
  *way = (sj_way_back){0};
}
