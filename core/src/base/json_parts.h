// SPDX-License-Identifier: Apache-2.0
//
// json_parts.h - what the files of the JSON reader share.
#ifndef SJ_BASE_JSON_PARTS_H
#define SJ_BASE_JSON_PARTS_H

#include "base/json.h"

struct sj_json_key {
  size_t start, len; // in key_bytes
  uint32_t hash;
};

/// Fail at byte `at`.
sj_status
sj_json_fail(sj_json *json, sj_status status, const char *what, size_t at);

/// Read the string whose opening quote is at json->at.
sj_status sj_json_string(sj_json *json, const char **text, size_t *len);

/// Read the number at json->at.
sj_status sj_json_number(sj_json *json, sj_json_event *out);

/// Enter a key of the innermost object; SJ_JSON where it has it already.
sj_status sj_json_key_add(sj_json *json, const char *key, size_t len);

/// Forget the keys of the innermost object.
void sj_json_keys_drop(sj_json *json);

/// Write the path of the value being read.
void sj_json_path(const sj_json *json, char *out, size_t size);

#endif // SJ_BASE_JSON_PARTS_H
