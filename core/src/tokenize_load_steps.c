// SPDX-License-Identifier: Apache-2.0
//
// tokenize_load_steps.c - the sections "normalizer" and "pre_tokenizer". What
// is not supported is refused by name and place.

#include "tokenize_load.h"

#include <string.h>

bool sj_tok_is(const sj_json_node *node, const char *word) {
  return node != NULL && node->kind == SJ_JSON_STRING &&
         node->len == strlen(word) && memcmp(node->text, word, node->len) == 0;
}

bool sj_tok_flag(const sj_json_node *node, const char *key, bool usual) {
  const sj_json_node *value = sj_json_tree_get(node, key);
  if (value == NULL || value->kind == SJ_JSON_NULL) return usual;
  return value->kind == SJ_JSON_TRUE;
}

bool sj_tok_only(const sj_json_node *node, const char *keys) {
  if (node->kind != SJ_JSON_OBJECT) return false;
  for (const sj_json_node *at = node->child; at != NULL; at = at->next) {
    const char *hit = keys;
    bool known = false;
    while (!known && (hit = strstr(hit, at->key)) != NULL) {
      known = (hit == keys || hit[-1] == ' ') &&
              (hit[at->key_len] == ' ' || hit[at->key_len] == '\0');
      hit += at->key_len == 0 ? 1 : at->key_len;
      if (at->key_len == 0) break;
    }
    if (!known) return false;
  }
  return true;
}

static sj_status keep(sj_tok_loader *l,
                      const sj_json_node *node,
                      const uint8_t **out,
                      size_t *len) {
  if (node == NULL || node->kind != SJ_JSON_STRING)
    return sj_tok_refuse(l, 0, "a string is missing");
  uint8_t *copy = sj_arena_take(&l->tokenizer->arena, node->len + 1);
  if (copy == NULL) return SJ_NOMEM;
  memcpy(copy, node->text, node->len);
  *out = copy;
  *len = node->len;
  return SJ_OK;
}

// {"String": "..."} or {"Regex": "..."}
static sj_status
pattern(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  const sj_json_node *at = sj_json_tree_get(node, "pattern");
  const sj_json_node *literal = sj_json_tree_get(at, "String");
  const sj_json_node *regex = sj_json_tree_get(at, "Regex");
  if (literal != NULL)
    return keep(l, literal, &step->literal, &step->literal_len);
  if (regex == NULL || regex->kind != SJ_JSON_STRING)
    return sj_tok_refuse(l, node->at, "no pattern");
  if (sj_tok_gpt_is(regex->text, regex->len)) step->gpt = true;
  const sj_status status =
      sj_tok_regex_new(l->tokenizer, regex->text, regex->len, &step->regex);
  if (status != SJ_TOKENIZER) return status;
  return sj_tok_refuse(l, regex->at, "the pattern does not compile here");
}

static int base64_value(char c) {
  static const char set[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *hit = c == '\0' ? NULL : strchr(set, c);
  return hit == NULL ? -1 : (int)(hit - set);
}

static sj_status
charsmap(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  const sj_json_node *data = sj_json_tree_get(node, "precompiled_charsmap");
  if (data == NULL || data->kind != SJ_JSON_STRING)
    return sj_tok_refuse(l, node->at, "no charsmap");
  uint8_t *map = sj_arena_take(&l->tokenizer->arena, data->len * 3 / 4 + 4);
  if (map == NULL) return SJ_NOMEM;
  size_t len = 0;
  uint32_t bits = 0;
  unsigned held = 0;
  for (size_t i = 0; i < data->len && data->text[i] != '='; i++) {
    const int value = base64_value(data->text[i]);
    if (value < 0) return sj_tok_refuse(l, data->at, "not base64");
    bits = bits << 6 | (uint32_t)value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    map[len++] = (uint8_t)(bits >> held);
  }
  const uint32_t size = len < 4 ? 0
                                : (uint32_t)map[0] | (uint32_t)map[1] << 8 |
                                      (uint32_t)map[2] << 16 |
                                      (uint32_t)map[3] << 24;
  if (len < 4 || size > len - 4 || size % 4 != 0)
    return sj_tok_refuse(l, data->at, "the charsmap is cut off");
  step->map = map + 4;
  step->map_cells = size / 4;
  step->map_texts = len - 4 - size;
  if (l->tokenizer->grapheme != NULL) return SJ_OK;
  return sj_tok_regex_compile(l->tokenizer, "\\X", 2, PCRE2_ANCHORED,
                              &l->tokenizer->grapheme);
}

static sj_status
norm_step(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  static const struct {
    const char *name;
    sj_tok_step_kind kind;
    const char *keys;
  } known[] = {{"NFC", SJ_TOK_NFC, "type"},
               {"NFD", SJ_TOK_NFD, "type"},
               {"NFKC", SJ_TOK_NFKC, "type"},
               {"NFKD", SJ_TOK_NFKD, "type"},
               {"Lowercase", SJ_TOK_LOWERCASE, "type"},
               {"StripAccents", SJ_TOK_STRIP_ACCENTS, "type"},
               {"Strip", SJ_TOK_STRIP, "type strip_left strip_right"},
               {"Replace", SJ_TOK_REPLACE, "type pattern content"},
               {"Prepend", SJ_TOK_PREPEND, "type prepend"},
               {"BertNormalizer", SJ_TOK_BERT,
                "type clean_text handle_chinese_chars strip_accents lowercase"},
               {"Precompiled", SJ_TOK_CHARSMAP, "type precompiled_charsmap"}};
  const sj_json_node *type = sj_json_tree_get(node, "type");
  size_t i = 0;
  while (i < sizeof(known) / sizeof(known[0]) &&
         !sj_tok_is(type, known[i].name))
    i++;
  if (i == sizeof(known) / sizeof(known[0]))
    return sj_tok_refuse(l, node->at, "a normalizer that is not supported");
  if (!sj_tok_only(node, known[i].keys))
    return sj_tok_refuse(l, node->at, "a normalizer with unknown keys");
  step->kind = known[i].kind;
  step->left = sj_tok_flag(node, "strip_left", true);
  step->right = sj_tok_flag(node, "strip_right", true);
  step->clean = sj_tok_flag(node, "clean_text", true);
  step->han = sj_tok_flag(node, "handle_chinese_chars", true);
  step->lower = sj_tok_flag(node, "lowercase", true);
  step->accents = sj_tok_flag(node, "strip_accents", step->lower);
  if (step->kind == SJ_TOK_CHARSMAP) return charsmap(l, node, step);
  if (step->kind == SJ_TOK_PREPEND)
    return keep(l, sj_json_tree_get(node, "prepend"), &step->text, &step->len);
  if (step->kind != SJ_TOK_REPLACE) return SJ_OK;
  const sj_status status = pattern(l, node, step);
  if (status != SJ_OK) return status;
  return keep(l, sj_json_tree_get(node, "content"), &step->text, &step->len);
}

static sj_status
behavior(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  static const char *const names[] = {"Removed", "Isolated",
                                      "MergedWithPrevious", "MergedWithNext",
                                      "Contiguous"};
  const sj_json_node *at = sj_json_tree_get(node, "behavior");
  step->behavior = SJ_TOK_ISOLATED;
  if (at == NULL && step->kind == SJ_TOK_PUNCTUATION) return SJ_OK;
  for (int i = 0; i < 5; i++)
    if (sj_tok_is(at, names[i])) {
      step->behavior = (sj_tok_behavior)i;
      return SJ_OK;
    }
  return sj_tok_refuse(l, node->at, "no such behavior");
}

static sj_status
metaspace(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  const sj_json_node *scheme = sj_json_tree_get(node, "prepend_scheme");
  step->split = sj_tok_flag(node, "split", true);
  step->scheme = SJ_TOK_ALWAYS;
  if (sj_tok_is(scheme, "first"))
    step->scheme = SJ_TOK_FIRST;
  else if (sj_tok_is(scheme, "never"))
    step->scheme = SJ_TOK_NEVER;
  else if (scheme != NULL && !sj_tok_is(scheme, "always"))
    return sj_tok_refuse(l, scheme->at, "no such scheme");
  if (!sj_tok_flag(node, "add_prefix_space", true)) {
    if (scheme != NULL && step->scheme != SJ_TOK_NEVER)
      return sj_tok_refuse(l, node->at, "scheme and prefix do not agree");
    step->scheme = SJ_TOK_NEVER;
  }
  return keep(l, sj_json_tree_get(node, "replacement"), &step->text,
              &step->len);
}

static sj_status
split_details(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  sj_status status = SJ_OK;
  switch (step->kind) {
  case SJ_TOK_METASPACE:
    return metaspace(l, node, step);
  case SJ_TOK_BYTE_LEVEL:
    step->prefix = sj_tok_flag(node, "add_prefix_space", true);
    step->use_regex = sj_tok_flag(node, "use_regex", true);
    step->text = (const uint8_t *)" ";
    step->len = 1;
    return SJ_OK;
  case SJ_TOK_DIGITS:
    step->individual = sj_tok_flag(node, "individual_digits", false);
    return SJ_OK;
  case SJ_TOK_PUNCTUATION:
    return behavior(l, node, step);
  case SJ_TOK_SPLIT:
    if (sj_json_tree_get(node, "delimiter") != NULL) {
      step->behavior = SJ_TOK_REMOVED;
      return keep(l, sj_json_tree_get(node, "delimiter"), &step->literal,
                  &step->literal_len);
    }
    status = pattern(l, node, step);
    if (status == SJ_OK) status = behavior(l, node, step);
    step->invert = sj_tok_flag(node, "invert", false);
    return status;
  default:
    return SJ_OK;
  }
}

static sj_status
split_step(sj_tok_loader *l, const sj_json_node *node, sj_tok_step *step) {
  static const struct {
    const char *name;
    sj_tok_step_kind kind;
    const char *keys;
  } known[] = {
      {"BertPreTokenizer", SJ_TOK_BERT_SPLIT, "type"},
      {"Whitespace", SJ_TOK_WHITESPACE, "type"},
      {"WhitespaceSplit", SJ_TOK_WHITESPACE_SPLIT, "type"},
      {"Punctuation", SJ_TOK_PUNCTUATION, "type behavior"},
      {"Digits", SJ_TOK_DIGITS, "type individual_digits"},
      {"Metaspace", SJ_TOK_METASPACE,
       "type replacement add_prefix_space prepend_scheme split str_rep"},
      {"ByteLevel", SJ_TOK_BYTE_LEVEL,
       "type add_prefix_space trim_offsets use_regex"},
      {"Split", SJ_TOK_SPLIT, "type pattern behavior invert"},
      {"CharDelimiterSplit", SJ_TOK_SPLIT, "type delimiter"}};
  const sj_json_node *type = sj_json_tree_get(node, "type");
  size_t i = 0;
  while (i < sizeof(known) / sizeof(known[0]) &&
         !sj_tok_is(type, known[i].name))
    i++;
  if (i == sizeof(known) / sizeof(known[0]))
    return sj_tok_refuse(l, node->at, "a pre-tokenizer that is not supported");
  if (!sj_tok_only(node, known[i].keys))
    return sj_tok_refuse(l, node->at, "a pre-tokenizer with unknown keys");
  step->kind = known[i].kind;
  return split_details(l, node, step);
}

// A sequence of one of the two sorts, flattened; nested ones too.
typedef struct sequence {
  const char *list; // the key that a Sequence has
  sj_tok_step *steps;
  size_t *count;
  bool is_norm;
} sequence;

static sj_status
walk(sj_tok_loader *l, const sj_json_node *node, const sequence *to) {
  // Sequences may nest as deep as the reader allows; a stack keeps their rest.
  const sj_json_node *stack[SJ_JSON_DEPTH + 1];
  size_t depth = 0;
  stack[depth++] = node;
  bool top = true;
  while (depth > 0) {
    const sj_json_node *at = stack[--depth];
    if (!top && at->next != NULL) stack[depth++] = at->next;
    top = false;
    if (sj_tok_is(sj_json_tree_get(at, "type"), "Sequence")) {
      const sj_json_node *list = sj_json_tree_get(at, to->list);
      if (list == NULL || list->kind != SJ_JSON_ARRAY || depth >= SJ_JSON_DEPTH)
        return sj_tok_refuse(l, at->at, "a sequence without a list");
      if (list->child != NULL) stack[depth++] = list->child;
      continue;
    }
    if (*to->count == SJ_TOK_STEPS)
      return sj_tok_refuse(l, at->at, "too many steps");
    sj_tok_step *step = &to->steps[(*to->count)++];
    const sj_status status =
        to->is_norm ? norm_step(l, at, step) : split_step(l, at, step);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_tok_load_steps(sj_tok_loader *l) {
  sj_tokenizer *t = l->tokenizer;
  const sj_json_node *node = NULL;
  const sequence norms = {"normalizers", t->norms, &t->norm_count, true};
  const sequence splits = {"pretokenizers", t->splits, &t->split_count, false};
  sj_status status = sj_tok_section(l, l->normalizer, "$.normalizer", &node);
  if (status == SJ_OK && node != NULL) status = walk(l, node, &norms);
  if (status == SJ_OK)
    status = sj_tok_section(l, l->pre_tokenizer, "$.pre_tokenizer", &node);
  if (status == SJ_OK && node != NULL) status = walk(l, node, &splits);
  return status;
}
