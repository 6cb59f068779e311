// SPDX-License-Identifier: Apache-2.0
//
// json.c - the reader's state machine: what may come next, and where we are.

#include "base/json.h"

#include <string.h>

#include "base/alloc.h"
#include "base/json_parts.h"
#include "base/utf8.h"

enum { WANT_FIRST, WANT_VALUE, WANT_COMMA };

sj_status
sj_json_fail(sj_json *json, sj_status status, const char *what, size_t at) {
  json->error = (sj_error){.status = status, .what = what, .at = at, .line = 1};
  for (size_t i = 0; i < at && i < json->len; i++)
    json->error.line += json->bytes[i] == '\n';
  sj_json_path(json, json->error.where, sizeof(json->error.where));
  return status;
}

static void skip_blanks(sj_json *json) {
  while (json->at < json->len) {
    const char c = json->bytes[json->at];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') break;
    json->at++;
  }
}

// The byte at the position; NUL at the end, where no value can start either.
static char peek(const sj_json *json) {
  if (json->at >= json->len) return '\0';
  return json->bytes[json->at];
}

static sj_status refuse_here(sj_json *json, const char *what) {
  if (json->at >= json->len) what = "the input ends too early";
  return sj_json_fail(json, SJ_JSON, what, json->at);
}

static sj_status open_frame(sj_json *json, sj_json_event *out, bool is_object) {
  out->kind = is_object ? SJ_JSON_OBJECT : SJ_JSON_ARRAY;
  if (json->depth == SJ_JSON_DEPTH)
    return refuse_here(json, "more than 64 levels");
  json->frames[json->depth++] =
      (sj_json_frame){.is_object = is_object,
                      .want = WANT_FIRST,
                      .first_key = json->key_count,
                      .first_key_byte = json->key_bytes_len};
  json->at++;
  return SJ_OK;
}

static sj_status close_frame(sj_json *json, sj_json_event *out) {
  const bool is_object = json->frames[json->depth - 1].is_object;
  out->kind = is_object ? SJ_JSON_OBJECT_END : SJ_JSON_ARRAY_END;
  out->depth = json->depth - 1;
  if (is_object) sj_json_keys_drop(json);
  json->depth--;
  json->at++;
  return SJ_OK;
}

static sj_status
word(sj_json *json, sj_json_event *out, const char *text, sj_json_kind kind) {
  const size_t len = strlen(text);
  if (json->len - json->at < len ||
      memcmp(json->bytes + json->at, text, len) != 0)
    return refuse_here(json, "not a value that JSON has");
  json->at += len;
  out->kind = kind;
  return SJ_OK;
}

static sj_status value(sj_json *json, sj_json_event *out) {
  switch (peek(json)) {
  case '{':
    return open_frame(json, out, true);
  case '[':
    return open_frame(json, out, false);
  case '"':
    out->kind = SJ_JSON_STRING;
    return sj_json_string(json, &out->text, &out->len);
  case 't':
    return word(json, out, "true", SJ_JSON_TRUE);
  case 'f':
    return word(json, out, "false", SJ_JSON_FALSE);
  case 'n':
    return word(json, out, "null", SJ_JSON_NULL);
  default:
    out->kind = SJ_JSON_NUMBER;
    if (json->at >= json->len) return refuse_here(json, "");
    return sj_json_number(json, out);
  }
}

static sj_status key(sj_json *json, sj_json_event *out) {
  out->kind = SJ_JSON_KEY;
  if (peek(json) != '"') return refuse_here(json, "a key was expected");
  sj_status status = sj_json_string(json, &out->text, &out->len);
  if (status == SJ_OK) status = sj_json_key_add(json, out->text, out->len);
  if (status != SJ_OK) return status;
  skip_blanks(json);
  if (peek(json) != ':') return refuse_here(json, "a colon was expected");
  json->at++;
  json->frames[json->depth - 1].want = WANT_VALUE;
  return SJ_OK;
}

// The next event inside an object or array.
static sj_status inside(sj_json *json, sj_json_event *out) {
  sj_json_frame *frame = &json->frames[json->depth - 1];
  const char end = frame->is_object ? '}' : ']';
  if (frame->want != WANT_VALUE) {
    if (peek(json) == end) return close_frame(json, out);
    if (frame->want == WANT_COMMA) {
      if (peek(json) != ',')
        return refuse_here(json, "a comma or an end was expected");
      json->at++;
      skip_blanks(json);
      out->at = json->at;
    }
    if (frame->is_object) return key(json, out);
  }
  frame->want = WANT_COMMA;
  frame->index++;
  return value(json, out);
}

sj_status sj_json_open(sj_json *json,
                       sj_allocator allocator,
                       const char *bytes,
                       size_t len) {
  *json = (sj_json){.bytes = bytes, .len = len};
  sj_arena_init(&json->arena, allocator);
  size_t bad_at = 0;
  if (!sj_utf8_valid(bytes, len, &bad_at))
    return sj_json_fail(json, SJ_UTF8, sj_status_text(SJ_UTF8), bad_at);
  return SJ_OK;
}

sj_status sj_json_next(sj_json *json, sj_json_event *out) {
  *out = (sj_json_event){0};
  if (json->error.status != SJ_OK) return json->error.status;
  skip_blanks(json);
  out->at = json->at;
  out->depth = json->depth;
  if (json->depth > 0) return inside(json, out);
  if (!json->begun) {
    json->begun = true;
    return value(json, out);
  }
  if (json->at < json->len)
    return refuse_here(json, "something follows the value");
  out->kind = SJ_JSON_END;
  return SJ_OK;
}

sj_status sj_json_skip(sj_json *json, const sj_json_event *event) {
  const uint32_t depth = event->depth;
  sj_json_event next = *event;
  sj_status status = SJ_OK;
  if (next.kind == SJ_JSON_KEY) status = sj_json_next(json, &next);
  if (next.kind != SJ_JSON_OBJECT && next.kind != SJ_JSON_ARRAY) return status;
  while (status == SJ_OK && json->depth > depth)
    status = sj_json_next(json, &next);
  return status;
}

sj_status sj_json_refuse(sj_json *json, const char *what) {
  return sj_json_fail(json, SJ_JSON, what, json->at);
}

void sj_json_close(sj_json *json) {
  sj_free(json->arena.allocator, json->slots);
  sj_arena_release(&json->arena);
  json->slots = NULL;
  json->slot_count = 0;
  json->key_count = 0;
  json->depth = 0;
}

bool sj_json_is(const sj_json_event *event, const char *word) {
  const size_t len = strlen(word);
  return event->len == len && memcmp(event->text, word, len) == 0;
}
