// SPDX-License-Identifier: Apache-2.0
//
// json_tree.h - a small tree over the strict reader, for files of
// configuration. It lives in an arena and is never changed.
#ifndef SJ_BASE_JSON_TREE_H
#define SJ_BASE_JSON_TREE_H

#include "base/json.h"

typedef struct sj_json_node sj_json_node;
struct sj_json_node {
  sj_json_kind kind; ///< NULL, FALSE, TRUE, NUMBER, STRING, ARRAY or OBJECT
  size_t at;         ///< byte in the input
  const char *key;   ///< of a member, NUL-terminated; else NULL
  size_t key_len;
  const char *text; ///< STRING, NUL-terminated (it holds no NUL itself)
  size_t len;       ///< STRING: bytes; ARRAY, OBJECT: how many children
  double number;
  bool is_integer;
  int64_t integer;
  const sj_json_node *child, *next;
};

/// Read the whole input, at most 1 MB. On failure `*out` is NULL and `*error`,
/// if given, says what, where and at which byte.
sj_status sj_json_tree_parse(sj_arena *arena,
                             const char *bytes,
                             size_t len,
                             const sj_json_node **out,
                             sj_error *error);

/// The member of this name; NULL where there is none, or `node` is NULL or no
/// object.
const sj_json_node *sj_json_tree_get(const sj_json_node *node, const char *key);

#endif // SJ_BASE_JSON_TREE_H
