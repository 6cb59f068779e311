// SPDX-License-Identifier: Apache-2.0
//
// schema.h - whether a JSON value is what openapi.yaml says it is. The tables
// are generated; a value that passes has all required members and no others,
// so that a handler may take them as they come.
#ifndef SCRUBJAYD_SCHEMA_H
#define SCRUBJAYD_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_tree.h"

typedef enum schema_kind {
  SCHEMA_OBJECT,
  SCHEMA_ARRAY,
  SCHEMA_STRING,
  SCHEMA_INTEGER,
  SCHEMA_BOOLEAN
} schema_kind;

typedef enum schema_format {
  FORMAT_WORDS, ///< free text: the leak guard reads it
  FORMAT_UUID,  ///< version 7, lower case
  FORMAT_NAME,
  FORMAT_NAMES, ///< joined by commas
  FORMAT_LABEL,
  FORMAT_PLACEHOLDER,
  FORMAT_BASE64URL,
  FORMAT_JOSE,
  FORMAT_KID,
  FORMAT_SUBJECT,
  FORMAT_TIME, ///< RFC 3339, UTC
  FORMAT_SHAPE
} schema_format;

typedef struct schema schema;

typedef struct schema_field {
  const char *name; ///< NULL ends the list
  const schema *schema;
  bool required;
} schema_field;

/// `least` and `most` are bytes, items or the number itself.
struct schema {
  schema_kind kind;
  schema_format format;
  int64_t least, most;
  const char *const *words; ///< of an enum; NULL: any
  const schema_field *fields;
  const schema *items;
};

enum { SCHEMA_POINTER = 96 };

/// False with a JSON pointer to what is wrong. It holds names of the schema
/// and numbers; for an unknown member it is the object's, not the member's.
bool schema_check(const schema *rule,
                  const sj_json_node *node,
                  char pointer[SCHEMA_POINTER]);

/// Whether a text has a format; `len` is not checked.
bool schema_is(schema_format format, const char *text, size_t len);

/// Whether any member, however deep, has a name under which other interfaces
/// take what was not scrubbed: raw_text, confirmed_phi, text.
bool schema_holds_raw(const sj_json_node *node);

#endif // SCRUBJAYD_SCHEMA_H
