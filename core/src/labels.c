// SPDX-License-Identifier: Apache-2.0
//
// labels.c - names of labels, roles, styles, languages and kinds, from the
// lists in scrubjay.h.

#include "scrubjay/scrubjay.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const LABELS[] = {
#define X(name, code, group, placeholder, stem) [code] = #name,
    SJ_LABEL_MAP(X)
#undef X
};

static const char *const GROUPS[] = {
#define X(name, code, group, placeholder, stem) [code] = (group),
    SJ_LABEL_MAP(X)
#undef X
};

static const char *const ROLES[] = {
#define X(name, code, text) [code] = (text),
    SJ_ROLE_MAP(X)
#undef X
};

static const char *const STYLES[] = {
#define X(name, code, text) [code] = (text),
    SJ_STYLE_MAP(X)
#undef X
};

static const char *const KINDS[] = {
#define X(name, code, text) [code] = (text),
    SJ_KIND_MAP(X)
#undef X
};

static bool same(const char *known, const char *name, size_t len) {
  return strlen(known) == len && memcmp(known, name, len) == 0;
}

static int
index_of(const char *const *table, size_t count, const char *name, size_t len) {
  if (name == NULL) return -1;
  for (size_t i = 0; i < count; i++)
    if (same(table[i], name, len)) return (int)i;
  return -1;
}

static int one_language(const char *name, size_t len) {
  if (same("en", name, len)) return SJ_LANG_EN;
  if (same("fr", name, len)) return SJ_LANG_FR;
  return -1;
}

const char *sj_label_name(unsigned label) {
  return label < COUNT(LABELS) ? LABELS[label] : NULL;
}

const char *sj_label_group(unsigned label) {
  return label < COUNT(GROUPS) ? GROUPS[label] : NULL;
}

const char *sj_role_name(unsigned role) {
  return role < COUNT(ROLES) ? ROLES[role] : NULL;
}

const char *sj_style_name(unsigned style) {
  return style < COUNT(STYLES) ? STYLES[style] : NULL;
}

int sj_label_from_name(const char *name, size_t len) {
  return index_of(LABELS, COUNT(LABELS), name, len);
}

int sj_role_from_name(const char *name, size_t len) {
  return index_of(ROLES, COUNT(ROLES), name, len);
}

int sj_style_from_name(const char *name, size_t len) {
  return index_of(STYLES, COUNT(STYLES), name, len);
}

int sj_lang_from_name(const char *name, size_t len) {
  if (name == NULL || len == 0) return -1;
  if (same("auto", name, len)) return SJ_LANG_AUTO;
  int mask = 0;
  for (size_t at = 0; at <= len;) {
    const char *comma = memchr(name + at, ',', len - at);
    const size_t end = comma != NULL ? (size_t)(comma - name) : len;
    const int one = one_language(name + at, end - at);
    if (one < 0) return -1;
    mask |= one;
    at = end + 1;
  }
  return mask;
}

const char *sj_kind_name(unsigned kind) {
  return kind < COUNT(KINDS) ? KINDS[kind] : NULL;
}
