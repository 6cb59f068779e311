// SPDX-License-Identifier: Apache-2.0
//
// ini.c - see ini.h.

#include "ini.h"

#include <string.h>

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// `end` is one past the last byte; the result is NUL-terminated in place.
static char *trim(char *start, char *end) {
  while (start < end && is_blank(*start))
    start++;
  while (end > start && is_blank(end[-1]))
    end--;
  *end = '\0';
  return start;
}

static bool is_name(const char *name) {
  for (const char *at = name; *at != '\0'; at++)
    if (!(*at >= 'a' && *at <= 'z') && *at != '_') return false;
  return name[0] != '\0';
}

static bool has_control(const char *line) {
  for (const char *at = line; *at != '\0'; at++)
    if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7f) return true;
  return false;
}

static bool fail(ini_reader *self, const char *what) {
  self->wrong = what;
  return false;
}

// True where the line holds a key.
static bool read_line(ini_reader *self, char *line, size_t len) {
  if (line[0] == '[') {
    if (line[len - 1] != ']') return fail(self, "a section lacks its ]");
    self->section = trim(line + 1, line + len - 1);
    if (!is_name(self->section)) return fail(self, "no name of a section");
    return false;
  }
  char *equals = strchr(line, '=');
  if (equals == NULL) return fail(self, "neither [section] nor key = value");
  if (self->section == NULL) return fail(self, "a key before any [section]");
  self->value = trim(equals + 1, line + len);
  self->key = trim(line, equals);
  return is_name(self->key) || fail(self, "no name of a key");
}

bool ini_next(ini_reader *self) {
  while (self->wrong == NULL && *self->at != '\0') {
    char *end = self->at + strcspn(self->at, "\n");
    char *next = *end == '\n' ? end + 1 : end;
    char *line = trim(self->at, end);
    self->at = next;
    self->line++;
    if (line[0] == '\0' || line[0] == '#' || line[0] == ';') continue;
    if (has_control(line)) return fail(self, "a control character");
    if (read_line(self, line, strlen(line))) return true;
  }
  return false;
}
