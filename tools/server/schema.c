// SPDX-License-Identifier: Apache-2.0
//
// schema.c - see schema.h.

#include "schema.h"

#include <stdio.h>
#include <string.h>

static bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool in_class(schema_format format, char c) {
  const bool word = is_lower(c) || is_upper(c) || is_digit(c);
  switch (format) {
  case FORMAT_NAME:
    return word || strchr("._+-", c) != NULL;
  case FORMAT_NAMES:
    return word || strchr("._+-,", c) != NULL;
  case FORMAT_LABEL:
    return is_upper(c) || c == '_';
  case FORMAT_BASE64URL:
    return word || c == '-' || c == '_';
  case FORMAT_JOSE:
    return word || strchr("-_.", c) != NULL;
  case FORMAT_KID:
    return word || strchr("._:-", c) != NULL;
  case FORMAT_SUBJECT:
    return c > ' ' && c < 127 && strchr("\"\\<>", c) == NULL;
  // Letters become X or x, digits d; the rest is what parts words.
  case FORMAT_SHAPE:
    return strchr("Xxd .,:;/()'+@_-", c) != NULL;
  default:
    return true;
  }
}

// `pattern` has x for a hexadecimal digit, d for a digit; the rest stands.
static bool fits(const char *text, size_t len, const char *pattern) {
  if (len != strlen(pattern)) return false;
  for (size_t i = 0; i < len; i++) {
    const char c = text[i];
    if (pattern[i] == 'x'   ? !(is_digit(c) || (c >= 'a' && c <= 'f'))
        : pattern[i] == 'd' ? !is_digit(c)
                            : c != pattern[i])
      return false;
  }
  return true;
}

static bool is_placeholder(const char *text, size_t len) {
  size_t at = 1;
  if (len < 5 || text[0] != '<' || text[len - 1] != '>') return false;
  while (at < len && (is_upper(text[at]) || text[at] == '_'))
    at++;
  if (at < 3 || text[at - 1] != '_' || at == len - 1) return false;
  while (at < len && is_digit(text[at]))
    at++;
  return at == len - 1;
}

bool schema_is(schema_format format, const char *text, size_t len) {
  if (format == FORMAT_UUID)
    return fits(text, len, "xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx") &&
           strchr("89ab", text[19]) != NULL;
  if (format == FORMAT_TIME)
    return fits(text, len, "dddd-dd-ddTdd:dd:ddZ") ||
           fits(text, len, "dddd-dd-ddTdd:dd:dd.dddZ");
  if (format == FORMAT_PLACEHOLDER) return is_placeholder(text, len);
  for (size_t i = 0; i < len; i++)
    if (text[i] == '\0' || !in_class(format, text[i])) return false;
  return true;
}

static bool string_fits(const schema *rule, const sj_json_node *node) {
  if (rule->words == NULL)
    return (int64_t)node->len >= rule->least &&
           (int64_t)node->len <= rule->most &&
           schema_is(rule->format, node->text, node->len);
  for (const char *const *word = rule->words; *word != NULL; word++)
    if (strlen(*word) == node->len && strcmp(*word, node->text) == 0)
      return true;
  return false;
}

static bool scalar_fits(const schema *rule, const sj_json_node *node) {
  switch (rule->kind) {
  case SCHEMA_STRING:
    return node->kind == SJ_JSON_STRING && string_fits(rule, node);
  case SCHEMA_INTEGER:
    return node->kind == SJ_JSON_NUMBER && node->is_integer &&
           node->integer >= rule->least && node->integer <= rule->most;
  case SCHEMA_BOOLEAN:
    return node->kind == SJ_JSON_TRUE || node->kind == SJ_JSON_FALSE;
  default:
    return false;
  }
}

static bool
check(const schema *rule, const sj_json_node *node, char *end, size_t room);

// Put a step behind the pointer for the time of a check.
static bool check_step(const schema *rule,
                       const sj_json_node *node,
                       const char *name,
                       char *end,
                       size_t room) {
  const int len = snprintf(end, room, "/%s", name);
  if (len < 0 || (size_t)len >= room) return false;
  if (!check(rule, node, end + len, room - (size_t)len)) return false;
  *end = '\0';
  return true;
}

static bool check_object(const schema *rule,
                         const sj_json_node *node,
                         char *end,
                         size_t room) {
  if (node->kind != SJ_JSON_OBJECT) return false;
  size_t known = 0;
  for (const schema_field *field = rule->fields; field->name != NULL; field++) {
    const sj_json_node *member = sj_json_tree_get(node, field->name);
    if (member == NULL && !field->required) continue;
    known++;
    if (member == NULL) {
      (void)snprintf(end, room, "/%s", field->name);
      return false;
    }
    if (!check_step(field->schema, member, field->name, end, room))
      return false;
  }
  return known == node->len; // else there is one that has no field
}

// The two below and this call each other, as deep as the tables are.
static bool
check(const schema *rule, const sj_json_node *node, char *end, size_t room) {
  if (rule->kind == SCHEMA_OBJECT) return check_object(rule, node, end, room);
  if (rule->kind != SCHEMA_ARRAY) return scalar_fits(rule, node);
  if (node->kind != SJ_JSON_ARRAY || (int64_t)node->len < rule->least ||
      (int64_t)node->len > rule->most)
    return false;
  size_t index = 0;
  for (const sj_json_node *item = node->child; item != NULL;
       item = item->next, index++) {
    char name[24];
    (void)snprintf(name, sizeof(name), "%zu", index);
    if (!check_step(rule->items, item, name, end, room)) return false;
  }
  return true;
}

bool schema_check(const schema *rule,
                  const sj_json_node *node,
                  char pointer[SCHEMA_POINTER]) {
  pointer[0] = '\0';
  return check(rule, node, pointer, SCHEMA_POINTER);
}

bool schema_holds_raw(const sj_json_node *node) {
  static const char *const NAMES[] = {"raw_text", "confirmed_phi", "text"};
  for (const sj_json_node *at = node; at != NULL; at = at->next) {
    for (size_t i = 0; at->key != NULL && i < 3; i++)
      if (strcmp(at->key, NAMES[i]) == 0) return true;
    // As deep as the reader lets in: 64 levels.
    if (schema_holds_raw(at->child)) return true;
  }
  return false;
}
