// SPDX-License-Identifier: Apache-2.0
//
// record.c - see record.h.

#include "record.h"

#include "../common/json_read.h"

enum { ID_MAX = 4096 };

typedef enum key { ID, TEXT, LANG, PATIENT, KNOWN, KEYS } key;

static key find_key(sj_slice name) {
  static const char *const names[KEYS] = {"id", "text", "lang", "patient",
                                          "known"};
  int i = 0;
  while (i < KEYS && !sj_slice_is(name, names[i]))
    i++;
  return (key)i;
}

static void read_id(sj_json_reader *reader, sj_document *out) {
  const char kind = sj_json_peek(reader);
  sj_slice raw;
  if (kind != '"' && kind != '0') {
    sj_json_refuse(reader, "the id is a string or a number");
    return;
  }
  if (!sj_json_skip(reader, &raw)) return;
  if (raw.len > ID_MAX)
    sj_json_refuse(reader, "the id is longer than 4096 bytes");
  else
    out->id = (sj_id){raw.data, raw.len};
}

static void read_lang(sj_json_reader *reader, sj_document *out) {
  const char kind = sj_json_peek(reader);
  sj_slice name;
  if (kind == 'n') {
    sj_json_skip(reader, NULL);
    return;
  }
  if (!sj_json_text(reader, &name)) return;
  out->langs = sj_lang_from_name(name.data, name.len);
  if (out->langs < 0)
    sj_json_refuse(reader, "no such language (en, fr, en,fr or auto)");
}

static void read_patient(sj_json_reader *reader, sj_document *out) {
  const char kind = sj_json_peek(reader);
  sj_slice name;
  if (kind == 'n') {
    sj_json_skip(reader, NULL);
  } else if (sj_json_text(reader, &name)) {
    out->patient = (sj_file){"patient", name.data, name.len};
  }
}

static void read_known(sj_json_reader *reader, sj_document *out) {
  const char kind = sj_json_peek(reader);
  sj_slice raw;
  if (kind != '{' && kind != 'n') {
    sj_json_refuse(reader, "known is an object");
    return;
  }
  if (sj_json_skip(reader, &raw) && kind == '{')
    out->known = (sj_file){"known", raw.data, raw.len};
}

static void read_value(sj_json_reader *reader, key which, sj_document *out) {
  sj_slice text;
  switch (which) {
  case ID:
    read_id(reader, out);
    return;
  case TEXT:
    if (!sj_json_text(reader, &text)) return;
    out->text = text.data;
    out->len = text.len;
    return;
  case LANG:
    read_lang(reader, out);
    return;
  case PATIENT:
    read_patient(reader, out);
    return;
  case KNOWN:
    read_known(reader, out);
    return;
  case KEYS:
    break;
  }
  sj_json_skip(reader, NULL);
}

static void read_object(sj_json_reader *reader, sj_document *out) {
  unsigned seen = 0;
  sj_slice name;
  if (!sj_json_enter(reader, '{')) return;
  while (sj_json_key(reader, &name)) {
    const key which = find_key(name);
    const unsigned bit = which == KEYS ? 0 : 1u << which;
    if (seen & bit) sj_json_refuse(reader, "a key comes twice");
    seen |= bit;
    read_value(reader, which, out);
  }
  if (!sj_json_done(reader)) return;
  if (!out->text) sj_json_refuse(reader, "the key \"text\" is missing");
  if (out->id.len == 0) sj_json_refuse(reader, "the key \"id\" is missing");
}

sj_failure sj_record_read(char *line, size_t len, sj_document *out) {
  *out = (sj_document){.langs = -1};
  sj_json_reader reader;
  sj_json_begin(&reader, line, len);
  read_object(&reader, out);
  if (!reader.what) return (sj_failure){.status = SJ_OK};
  return (sj_failure){.status = reader.utf8 ? SJ_UTF8 : SJ_JSON,
                      .what = reader.what,
                      .placed = true,
                      .at = reader.at};
}
