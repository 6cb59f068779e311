// SPDX-License-Identifier: Apache-2.0
//
// json_tree.c - nodes from events.

#include "base/json_tree.h"

#include <string.h>

enum { LARGEST = 1024 * 1024 };

typedef struct builder {
  sj_arena *arena;
  sj_json json;
  sj_json_node *root;
  sj_json_node *parents[SJ_JSON_DEPTH + 1];
  sj_json_node *last[SJ_JSON_DEPTH + 1]; // youngest child so far
  const char *key;                       // of the value to come
  size_t key_len;
} builder;

static sj_status
copy(builder *b, const sj_json_event *event, const char **out) {
  char *text = sj_arena_take(b->arena, event->len + 1);
  if (text == NULL) return SJ_NOMEM;
  if (event->len > 0) memcpy(text, event->text, event->len);
  *out = text;
  return SJ_OK;
}

// Hang the node under the innermost open parent.
static void attach(builder *b, sj_json_node *node, uint32_t depth) {
  if (depth == 0) {
    b->root = node;
    return;
  }
  sj_json_node *parent = b->parents[depth];
  if (parent->child == NULL)
    parent->child = node;
  else
    b->last[depth]->next = node;
  b->last[depth] = node;
  parent->len++;
}

static sj_status add(builder *b, const sj_json_event *event) {
  if (event->kind == SJ_JSON_ARRAY_END || event->kind == SJ_JSON_OBJECT_END)
    return SJ_OK;
  if (event->kind == SJ_JSON_KEY) {
    b->key_len = event->len;
    return copy(b, event, &b->key);
  }
  sj_json_node *node = sj_arena_take(b->arena, sizeof(*node));
  if (node == NULL) return SJ_NOMEM;
  *node = (sj_json_node){.kind = event->kind,
                         .at = event->at,
                         .key = b->key,
                         .key_len = b->key_len,
                         .number = event->number,
                         .is_integer = event->is_integer,
                         .integer = event->integer};
  b->key = NULL;
  b->key_len = 0;
  attach(b, node, event->depth);
  if (event->kind == SJ_JSON_STRING) {
    node->len = event->len;
    return copy(b, event, &node->text);
  }
  if (event->kind == SJ_JSON_ARRAY || event->kind == SJ_JSON_OBJECT)
    b->parents[event->depth + 1] = node;
  return SJ_OK;
}

static sj_status read_all(builder *b) {
  sj_json_event event;
  sj_status status = sj_json_next(&b->json, &event);
  while (status == SJ_OK && event.kind != SJ_JSON_END) {
    status = add(b, &event);
    if (status == SJ_OK) status = sj_json_next(&b->json, &event);
  }
  return status;
}

sj_status sj_json_tree_parse(sj_arena *arena,
                             const char *bytes,
                             size_t len,
                             const sj_json_node **out,
                             sj_error *error) {
  *out = NULL;
  if (error != NULL) *error = (sj_error){0};
  builder b = {.arena = arena};
  sj_status status = sj_json_open(&b.json, arena->allocator, bytes, len);
  if (status == SJ_OK && len > LARGEST)
    status = sj_json_refuse(&b.json, "a file of more than 1 MB");
  if (status == SJ_OK) status = read_all(&b);
  if (status == SJ_OK) *out = b.root;
  if (status != SJ_OK && error != NULL) {
    *error = b.json.error;
    error->status = status;
    if (error->what == NULL) error->what = sj_status_text(status);
  }
  sj_json_close(&b.json);
  return status;
}

const sj_json_node *sj_json_tree_get(const sj_json_node *node,
                                     const char *key) {
  if (node == NULL || node->kind != SJ_JSON_OBJECT) return NULL;
  const size_t len = strlen(key);
  for (const sj_json_node *at = node->child; at != NULL; at = at->next)
    if (at->key_len == len && memcmp(at->key, key, len) == 0) return at;
  return NULL;
}
