// SPDX-License-Identifier: Apache-2.0
//
// tokenize_load_added.c - the sections "added_tokens" and "post_processor".
//
// Of a post-processor we need two things: the special tokens around a window,
// and whether offsets leave blanks out.

#include "tokenize_load.h"

#include <string.h>

typedef struct sorter {
  sj_tok_strings words[2]; // as they stand in the text; after normalizing
  sj_tok_added_token *tokens[2];
  size_t count[2];
  int64_t next_id; // for a token that the model does not know
} sorter;

// The reference takes the model's id, else the next free one, whatever the
// file says.
static int32_t id_of(sj_tok_loader *l, sorter *s, const sj_json_node *content) {
  const sj_tok_model *model = &l->tokenizer->model;
  const int64_t known =
      sj_trie_find(&model->trie, (const uint8_t *)content->text, content->len);
  int64_t id = known;
  if (known < 0) id = s->next_id > model->size ? s->next_id : model->size;
  if (id + 1 > s->next_id) s->next_id = id + 1;
  return (int32_t)id;
}

// A token that is found after normalizing is normalized itself.
static sj_status add_normalized(sj_tok_loader *l,
                                sj_tok_strings *to,
                                const sj_json_node *content) {
  sj_tok_run run = {.tokenizer = l->tokenizer,
                    .text = (const uint8_t *)content->text,
                    .len = content->len,
                    .arena = &l->scratch};
  if (!sj_tok_text_room(&run, &run.now, content->len + 1)) return SJ_NOMEM;
  memcpy(run.now.bytes, content->text, content->len);
  memset(run.now.from, 0, content->len * sizeof(*run.now.from));
  run.now.len = content->len;
  for (size_t i = 0; i < l->tokenizer->norm_count; i++)
    sj_tok_normalize(&run, &l->tokenizer->norms[i]);
  pcre2_match_data_free(run.match);
  if (run.failed != SJ_OK) return run.failed;
  return sj_tok_push_string(l, to, run.now.bytes, run.now.len);
}

static bool is_known(const sj_tok_strings *words, const sj_json_node *content) {
  for (size_t i = 0; i < words->len; i++) {
    const size_t len = words->start[i + 1] - words->start[i];
    if (len == content->len &&
        memcmp(words->pool + words->start[i], content->text, len) == 0)
      return true;
  }
  return false;
}

static sj_status
add_token(sj_tok_loader *l, sorter *s, const sj_json_node *node) {
  const sj_json_node *content = sj_json_tree_get(node, "content");
  if (content == NULL || content->kind != SJ_JSON_STRING ||
      !sj_tok_only(node, "id content single_word lstrip rstrip normalized "
                         "special"))
    return sj_tok_refuse(l, node->at, "no added token of a known form");
  const bool special = sj_tok_flag(node, "special", false);
  const size_t sort = sj_tok_flag(node, "normalized", !special) ? 1 : 0;
  if (content->len == 0 || is_known(&s->words[0], content) ||
      is_known(&s->words[1], content))
    return SJ_OK;
  s->tokens[sort][s->count[sort]++] = (sj_tok_added_token){
      .id = id_of(l, s, content),
      .single_word = sj_tok_flag(node, "single_word", false),
      .lstrip = sj_tok_flag(node, "lstrip", false),
      .rstrip = sj_tok_flag(node, "rstrip", false)};
  if (sort == 1) return add_normalized(l, &s->words[1], content);
  return sj_tok_push_string(l, &s->words[0], content->text, content->len);
}

static sj_status
build(sj_tok_loader *l, const sorter *s, size_t sort, sj_tok_added *out) {
  const sj_tok_strings *words = &s->words[sort];
  if (words->len == 0) return SJ_OK;
  const sj_trie_input input = {.pool = words->pool,
                               .start = words->start,
                               .count = (uint32_t)words->len};
  const sj_status status =
      sj_trie_build(&out->trie, &l->tokenizer->arena, &l->scratch, &input);
  if (status != SJ_OK) return status;
  out->at = s->tokens[sort];
  out->count = words->len;
  for (size_t i = 0; i < words->len; i++) {
    if (words->start[i] == words->start[i + 1]) continue;
    const uint8_t byte = words->pool[words->start[i]];
    out->first[byte >> 3] |= (uint8_t)(1u << (byte & 7));
  }
  return SJ_OK;
}

sj_status sj_tok_load_added(sj_tok_loader *l) {
  const sj_json_node *list = NULL;
  sj_status status = sj_tok_section(l, l->added, "$.added_tokens", &list);
  if (status != SJ_OK || list == NULL) return status;
  if (list->kind != SJ_JSON_ARRAY)
    return sj_tok_refuse(l, 0, "the added tokens are no list");
  sorter s = {0};
  for (int i = 0; i < 2; i++) {
    s.tokens[i] = sj_arena_take(&l->tokenizer->arena,
                                (list->len + 1) * sizeof(*s.tokens[i]));
    if (s.tokens[i] == NULL) return SJ_NOMEM;
  }
  for (const sj_json_node *at = list->child; at != NULL; at = at->next) {
    status = add_token(l, &s, at);
    if (status != SJ_OK) return status;
  }
  status = build(l, &s, 0, &l->tokenizer->raw);
  return status == SJ_OK ? build(l, &s, 1, &l->tokenizer->normal) : status;
}

static sj_status add_special(sj_tok_loader *l, int64_t id, bool behind) {
  sj_tokenizer *t = l->tokenizer;
  size_t *count = behind ? &t->after_count : &t->before_count;
  if (*count == SJ_TOK_SPECIALS || id < 0 || id > INT32_MAX)
    return sj_tok_refuse(l, 0, "too many special tokens, or no id");
  (behind ? t->after : t->before)[(*count)++] = (int32_t)id;
  return SJ_OK;
}

// "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [101], ...}}
static sj_status add_named(sj_tok_loader *l,
                           const sj_json_node *node,
                           const sj_json_node *name,
                           bool behind) {
  const sj_json_node *at =
      name == NULL || name->kind != SJ_JSON_STRING
          ? NULL
          : sj_json_tree_get(sj_json_tree_get(node, "special_tokens"),
                             name->text);
  const sj_json_node *ids = sj_json_tree_get(at, "ids");
  if (ids == NULL || ids->kind != SJ_JSON_ARRAY)
    return sj_tok_refuse(l, node->at, "a special token without ids");
  for (const sj_json_node *id = ids->child; id != NULL; id = id->next) {
    const sj_status status =
        add_special(l, id->is_integer ? id->integer : -1, behind);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

static sj_status load_template(sj_tok_loader *l, const sj_json_node *node) {
  const sj_json_node *single = sj_json_tree_get(node, "single");
  if (single == NULL || single->kind != SJ_JSON_ARRAY)
    return sj_tok_refuse(l, node->at, "no template");
  bool behind = false;
  for (const sj_json_node *at = single->child; at != NULL; at = at->next) {
    const sj_json_node *special = sj_json_tree_get(at, "SpecialToken");
    if (special == NULL) {
      if (sj_json_tree_get(at, "Sequence") == NULL || behind)
        return sj_tok_refuse(l, at->at, "a template that is not supported");
      behind = true;
      continue;
    }
    const sj_status status =
        add_named(l, node, sj_json_tree_get(special, "id"), behind);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

// "cls": ["[CLS]", 101]
static sj_status
add_pair(sj_tok_loader *l, const sj_json_node *node, const char *key) {
  const sj_json_node *pair = sj_json_tree_get(node, key);
  const sj_json_node *id =
      pair == NULL || pair->child == NULL ? NULL : pair->child->next;
  if (id == NULL || !id->is_integer)
    return sj_tok_refuse(l, node->at, "a special token without its id");
  return add_special(l, id->integer, strcmp(key, "sep") == 0);
}

static sj_status add_trim(sj_tok_loader *l, const sj_json_node *node) {
  sj_tokenizer *t = l->tokenizer;
  if (!sj_tok_flag(node, "trim_offsets", true)) return SJ_OK;
  if (t->trim_count == SJ_TOK_TRIMS)
    return sj_tok_refuse(l, node->at, "too many processors");
  t->trims[t->trim_count++] = sj_tok_flag(node, "add_prefix_space", true);
  return SJ_OK;
}

static sj_status processor(sj_tok_loader *l, const sj_json_node *node) {
  const sj_json_node *type = sj_json_tree_get(node, "type");
  if (sj_tok_is(type, "TemplateProcessing")) return load_template(l, node);
  if (sj_tok_is(type, "ByteLevel")) return add_trim(l, node);
  const bool roberta = sj_tok_is(type, "RobertaProcessing");
  if (!roberta && !sj_tok_is(type, "BertProcessing"))
    return sj_tok_refuse(l, node->at, "a processor that is not supported");
  sj_status status = roberta ? add_trim(l, node) : SJ_OK;
  if (status == SJ_OK) status = add_pair(l, node, "cls");
  return status == SJ_OK ? add_pair(l, node, "sep") : status;
}

sj_status sj_tok_load_post(sj_tok_loader *l) {
  const sj_json_node *node = NULL;
  sj_status status =
      sj_tok_section(l, l->post_processor, "$.post_processor", &node);
  if (status != SJ_OK || node == NULL) return status;
  if (!sj_tok_is(sj_json_tree_get(node, "type"), "Sequence"))
    return processor(l, node);
  const sj_json_node *list = sj_json_tree_get(node, "processors");
  if (list == NULL || list->kind != SJ_JSON_ARRAY)
    return sj_tok_refuse(l, node->at, "a sequence without a list");
  for (const sj_json_node *at = list->child; at != NULL; at = at->next) {
    status = processor(l, at);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}
