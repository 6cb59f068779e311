// SPDX-License-Identifier: Apache-2.0
//
// feature_plan.c - read which features a model takes from its manifest.json.

#include "feature.h"

#include <stdio.h>
#include <string.h>

#include "base/json_tree.h"

static const struct {
  const char *name;
  uint32_t values;
} COLUMNS[SJ_FEATURE_COUNT] = {
#define X(name, text, values) {(text), (values)},
    SJ_FEATURE_MAP(X)
#undef X
};

static sj_status
refuse(sj_error *error, size_t at, const char *name, const char *what) {
  if (error == NULL) return SJ_MODEL;
  *error = (sj_error){.status = SJ_MODEL, .what = what, .at = at};
  (void)snprintf(error->where, sizeof(error->where),
                 "manifest: features%s%.64s", name == NULL ? "" : ".",
                 name == NULL ? "" : name);
  return SJ_MODEL;
}

static int column_of(const char *name) {
  for (int i = 0; i < SJ_FEATURE_COUNT; i++)
    if (strcmp(COLUMNS[i].name, name) == 0) return i;
  return -1;
}

static sj_status
read_column(sj_feature_plan *plan, const sj_json_node *at, sj_error *error) {
  const sj_json_node *name = sj_json_tree_get(at, "name");
  const sj_json_node *values = sj_json_tree_get(at, "values");
  if (name == NULL || name->kind != SJ_JSON_STRING)
    return refuse(error, at->at, NULL, "a feature without a name");
  const int column = column_of(name->text);
  if (column < 0)
    return refuse(error, at->at, name->text,
                  "this version knows no such feature");
  if (values == NULL || values->kind != SJ_JSON_NUMBER || !values->is_integer ||
      values->integer != (int64_t)COLUMNS[column].values)
    return refuse(error, at->at, name->text,
                  "the feature has other values in this version");
  for (uint32_t i = 0; i < plan->count; i++)
    if (plan->column[i] == column)
      return refuse(error, at->at, name->text,
                    "the feature stands there twice");
  plan->column[plan->count++] = (uint8_t)column;
  return SJ_OK;
}

static sj_status
read_all(sj_feature_plan *plan, const sj_json_node *root, sj_error *error) {
  const sj_json_node *features = sj_json_tree_get(root, "features");
  if (features == NULL) return SJ_OK;
  if (features->kind != SJ_JSON_ARRAY)
    return refuse(error, features->at, NULL, "the features are no list");
  for (const sj_json_node *at = features->child; at != NULL; at = at->next) {
    const sj_status status = read_column(plan, at, error);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_feature_plan_read(const sj_file *manifest,
                               sj_allocator allocator,
                               sj_feature_plan *plan,
                               sj_error *error) {
  *plan = (sj_feature_plan){0};
  sj_arena scratch;
  sj_arena_init(&scratch, allocator);
  const sj_json_node *root = NULL;
  sj_status status =
      sj_json_tree_parse(&scratch, manifest->data, manifest->len, &root, NULL);
  if (status == SJ_OK)
    status = read_all(plan, root, error);
  else if (status != SJ_NOMEM)
    status = refuse(error, 0, NULL, "the manifest is no JSON");
  sj_arena_release(&scratch);
  return status;
}
