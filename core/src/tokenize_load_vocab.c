// SPDX-License-Identifier: Apache-2.0
//
// tokenize_load_vocab.c - the "model" section: read by events, in any order of
// its keys, then built into a trie and a table of merges.

#include "tokenize_load.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"

sj_status sj_tok_push_string(sj_tok_loader *loader,
                             sj_tok_strings *to,
                             const void *text,
                             size_t len) {
  sj_arena *arena = &loader->scratch;
  if (to->pool_len + len > UINT32_MAX / 2) return SJ_TOKENIZER;
  uint8_t *pool =
      sj_array_room(arena, to->pool, to->pool_len, &to->pool_cap, len + 1, 1);
  if (pool == NULL) return SJ_NOMEM;
  to->pool = pool;
  uint32_t *start =
      sj_array_room(arena, to->start, to->len + 1, &to->cap, 1, sizeof(*start));
  if (start == NULL) return SJ_NOMEM;
  to->start = start;
  if (len > 0) memcpy(pool + to->pool_len, text, len);
  start[to->len] = (uint32_t)to->pool_len;
  to->pool_len += len;
  start[++to->len] = (uint32_t)to->pool_len;
  return SJ_OK;
}

static sj_status add_value(sj_tok_loader *l, uint32_t id) {
  const size_t at = l->vocab.len - 1;
  uint32_t *values = sj_array_room(&l->scratch, l->values, at, &l->value_cap, 1,
                                   sizeof(*values));
  if (values == NULL) return SJ_NOMEM;
  l->values = values;
  values[at] = id;
  return SJ_OK;
}

static sj_status vocab_object(sj_tok_loader *l) {
  sj_json_event event;
  for (;;) {
    sj_status status = sj_json_next(&l->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_OBJECT_END) return status;
    status = sj_tok_push_string(l, &l->vocab, event.text, event.len);
    if (status == SJ_OK) status = sj_json_next(&l->json, &event);
    if (status != SJ_OK) return status;
    if (event.kind != SJ_JSON_NUMBER || !event.is_integer ||
        event.integer < 0 || event.integer > INT32_MAX / 2)
      return sj_json_refuse(&l->json, "an id is no small whole number");
    status = add_value(l, (uint32_t)event.integer);
    if (status != SJ_OK) return status;
  }
}

static sj_status add_score(sj_tok_loader *l, double score) {
  const size_t at = l->vocab.len - 1;
  double *scores = sj_array_room(&l->scratch, l->scores, at, &l->score_cap, 1,
                                 sizeof(*scores));
  if (scores == NULL) return SJ_NOMEM;
  l->scores = scores;
  scores[at] = score;
  return SJ_OK;
}

// [["piece", score], ...]
static sj_status vocab_array(sj_tok_loader *l) {
  static const char what[] = "an entry is no pair of piece and score";
  sj_json_event event;
  l->scored = true;
  for (;;) {
    sj_status status = sj_json_next(&l->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_ARRAY_END) return status;
    if (event.kind != SJ_JSON_ARRAY) return sj_json_refuse(&l->json, what);
    status = sj_json_next(&l->json, &event);
    if (status == SJ_OK && event.kind != SJ_JSON_STRING)
      return sj_json_refuse(&l->json, what);
    if (status == SJ_OK)
      status = sj_tok_push_string(l, &l->vocab, event.text, event.len);
    if (status == SJ_OK) status = sj_json_next(&l->json, &event);
    if (status == SJ_OK && event.kind != SJ_JSON_NUMBER)
      return sj_json_refuse(&l->json, what);
    if (status == SJ_OK) status = add_score(l, event.number);
    if (status == SJ_OK) status = sj_json_next(&l->json, &event);
    if (status != SJ_OK) return status;
    if (event.kind != SJ_JSON_ARRAY_END) return sj_json_refuse(&l->json, what);
  }
}

static sj_status merge_text(sj_tok_loader *l, const sj_json_event *event) {
  const char *blank = memchr(event->text, ' ', event->len);
  const size_t left = blank == NULL ? 0 : (size_t)(blank - event->text);
  if (blank == NULL || memchr(blank + 1, ' ', event->len - left - 1) != NULL)
    return sj_json_refuse(&l->json, "a merge is no pair");
  const sj_status status = sj_tok_push_string(l, &l->merges, event->text, left);
  if (status != SJ_OK) return status;
  return sj_tok_push_string(l, &l->merges, blank + 1, event->len - left - 1);
}

static sj_status merge_pair(sj_tok_loader *l) {
  sj_json_event event;
  for (int i = 0; i < 2; i++) {
    sj_status status = sj_json_next(&l->json, &event);
    if (status != SJ_OK) return status;
    if (event.kind != SJ_JSON_STRING)
      return sj_json_refuse(&l->json, "a merge is no pair");
    status = sj_tok_push_string(l, &l->merges, event.text, event.len);
    if (status != SJ_OK) return status;
  }
  const sj_status status = sj_json_next(&l->json, &event);
  if (status == SJ_OK && event.kind != SJ_JSON_ARRAY_END)
    return sj_json_refuse(&l->json, "a merge is no pair");
  return status;
}

static sj_status merges(sj_tok_loader *l) {
  sj_json_event event;
  for (;;) {
    sj_status status = sj_json_next(&l->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_ARRAY_END) return status;
    if (event.kind == SJ_JSON_STRING)
      status = merge_text(l, &event);
    else if (event.kind == SJ_JSON_ARRAY)
      status = merge_pair(l);
    else
      return sj_json_refuse(&l->json, "a merge is no pair");
    if (status != SJ_OK) return status;
  }
}

static sj_status
keep_word(sj_tok_loader *l, const sj_json_event *event, sj_tok_word *out) {
  if (event->kind == SJ_JSON_NULL) return SJ_OK;
  if (event->kind != SJ_JSON_STRING)
    return sj_json_refuse(&l->json, "not a string");
  char *text = sj_arena_take(&l->tokenizer->arena, event->len + 1);
  if (text == NULL) return SJ_NOMEM;
  memcpy(text, event->text, event->len);
  *out = (sj_tok_word){text, event->len};
  return SJ_OK;
}

static sj_status
keep_flag(sj_tok_loader *l, const sj_json_event *event, bool *out) {
  if (event->kind == SJ_JSON_NULL) return SJ_OK;
  if (event->kind != SJ_JSON_TRUE && event->kind != SJ_JSON_FALSE)
    return sj_json_refuse(&l->json, "neither true nor false");
  *out = event->kind == SJ_JSON_TRUE;
  return SJ_OK;
}

static sj_status
keep_count(sj_tok_loader *l, const sj_json_event *event, int64_t *out) {
  if (event->kind == SJ_JSON_NULL) return SJ_OK;
  if (event->kind != SJ_JSON_NUMBER || !event->is_integer || event->integer < 0)
    return sj_json_refuse(&l->json, "no whole number");
  *out = event->integer;
  return SJ_OK;
}

static sj_status member(sj_tok_loader *l, const char *key) {
  static const char *const words[] = {
      "type", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"};
  sj_tok_word *const to[] = {&l->type, &l->unk, &l->prefix, &l->suffix};
  sj_json_event event;
  const sj_status status = sj_json_next(&l->json, &event);
  if (status != SJ_OK) return status;
  for (size_t i = 0; i < 4; i++)
    if (strcmp(key, words[i]) == 0) return keep_word(l, &event, to[i]);
  if (strcmp(key, "vocab") == 0 && event.kind == SJ_JSON_OBJECT)
    return vocab_object(l);
  if (strcmp(key, "vocab") == 0 && event.kind == SJ_JSON_ARRAY)
    return vocab_array(l);
  if (strcmp(key, "merges") == 0 && event.kind == SJ_JSON_ARRAY)
    return merges(l);
  if (strcmp(key, "unk_id") == 0) return keep_count(l, &event, &l->unk_id);
  if (strcmp(key, "max_input_chars_per_word") == 0)
    return keep_count(l, &event, &l->most_chars);
  if (strcmp(key, "byte_fallback") == 0)
    return keep_flag(l, &event, &l->byte_fallback);
  if (strcmp(key, "fuse_unk") == 0) return keep_flag(l, &event, &l->fuse_unk);
  if (strcmp(key, "ignore_merges") == 0)
    return keep_flag(l, &event, &l->ignore_merges);
  if (strcmp(key, "dropout") == 0 &&
      (event.kind == SJ_JSON_NULL ||
       (event.kind == SJ_JSON_NUMBER && event.number <= 0)))
    return SJ_OK;
  return sj_json_refuse(&l->json, "the model has a part that is not supported");
}

sj_status sj_tok_load_model(sj_tok_loader *l) {
  sj_json_event event;
  l->unk_id = -1;
  l->most_chars = 100;
  for (;;) {
    sj_status status = sj_json_next(&l->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_OBJECT_END) return status;
    char key[40] = {0};
    if (event.len >= sizeof(key))
      return sj_json_refuse(&l->json, "no such part of a model");
    memcpy(key, event.text, event.len);
    status = member(l, key);
    if (status != SJ_OK) return status;
  }
}

static bool find_kind(sj_tok_loader *l, sj_tok_model_kind *out) {
  static const char *const names[] = {"WordPiece", "Unigram", "BPE",
                                      "WordLevel"};
  for (int i = 0; i < 4; i++)
    if (l->type.text != NULL && strcmp(l->type.text, names[i]) == 0) {
      *out = (sj_tok_model_kind)i;
      return true;
    }
  // Old files do not say.
  *out = l->scored                ? SJ_TOK_UNIGRAM
         : l->merges.len > 0      ? SJ_TOK_BPE
         : l->prefix.text != NULL ? SJ_TOK_WORDPIECE
                                  : SJ_TOK_WORDLEVEL;
  return l->type.text == NULL;
}

static int64_t find(const sj_tok_model *model, const uint8_t *at, size_t len) {
  return sj_trie_find(&model->trie, at, len);
}

static sj_status build_merges(sj_tok_loader *l, sj_tok_model *model) {
  const size_t count = l->merges.len / 2;
  uint32_t slots = 16;
  while (slots < count * 2)
    slots *= 2;
  sj_arena *arena = &l->tokenizer->arena;
  model->merges = sj_arena_take(arena, (count + 1) * sizeof(*model->merges));
  model->slots = sj_arena_take(arena, slots * sizeof(*model->slots));
  const size_t room = l->vocab.pool_len + l->merges.pool_len + 1;
  uint8_t *joined = count == 0 ? NULL : sj_arena_take(&l->scratch, room);
  if (model->merges == NULL || model->slots == NULL ||
      (count > 0 && joined == NULL))
    return SJ_NOMEM;
  model->slot_mask = slots - 1;
  for (size_t i = 0; i < count; i++) {
    const uint32_t *at = l->merges.start + 2 * i;
    const uint8_t *left = l->merges.pool + at[0];
    const uint8_t *right = l->merges.pool + at[1];
    const size_t left_len = at[1] - at[0];
    const size_t right_len = at[2] - at[1];
    if (right_len < model->prefix_len)
      return sj_tok_refuse(l, 0, "a merge is shorter than the prefix");
    memcpy(joined, left, left_len);
    memcpy(joined + left_len, right + model->prefix_len,
           right_len - model->prefix_len);
    const int64_t ids[3] = {
        find(model, left, left_len), find(model, right, right_len),
        find(model, joined, left_len + right_len - model->prefix_len)};
    if (ids[0] < 0 || ids[1] < 0 || ids[2] < 0)
      return sj_tok_refuse(l, 0, "a merge is not in the vocabulary");
    const int64_t slot =
        sj_tok_merge_find(model, (uint32_t)ids[0], (uint32_t)ids[1]);
    model->merges[i] =
        (sj_tok_merge){(uint32_t)ids[0], (uint32_t)ids[1], (uint32_t)ids[2]};
    if (slot >= 0) return sj_tok_refuse(l, 0, "a merge stands there twice");
    model->slots[-(slot + 2)] = (uint32_t)i + 1;
  }
  return SJ_OK;
}

static void find_bytes(sj_tok_model *model) {
  for (unsigned i = 0; i < 256; i++) {
    char name[8];
    (void)snprintf(name, sizeof(name), "<0x%02X>", i);
    model->bytes[i] = (int32_t)find(model, (const uint8_t *)name, 6);
  }
}

static sj_status find_unknown(sj_tok_loader *l, sj_tok_model *model) {
  model->unk = -1;
  if (model->kind == SJ_TOK_UNIGRAM) {
    if (l->unk_id < 0 || l->unk_id >= (int64_t)l->vocab.len)
      return sj_tok_refuse(l, 0, "the model has no unknown token");
    model->unk = (int32_t)l->unk_id;
    return SJ_OK;
  }
  if (l->unk.text != NULL)
    model->unk = (int32_t)find(model, (const uint8_t *)l->unk.text, l->unk.len);
  const bool needed = model->kind != SJ_TOK_BPE || l->unk.text != NULL;
  if (model->unk < 0 && needed)
    return sj_tok_refuse(l, 0, "the model has no unknown token");
  return SJ_OK;
}

static sj_status keep_scores(sj_tok_loader *l, sj_tok_model *model) {
  const size_t bytes = l->vocab.len * sizeof(double);
  model->scores = sj_arena_take(&l->tokenizer->arena, bytes);
  if (model->scores == NULL) return SJ_NOMEM;
  if (bytes > 0) memcpy(model->scores, l->scores, bytes);
  for (size_t i = 0; i < l->vocab.len; i++)
    if (i == 0 || l->scores[i] < model->low) model->low = l->scores[i];
  return SJ_OK;
}

sj_status sj_tok_build_model(sj_tok_loader *l) {
  sj_tok_model *model = &l->tokenizer->model;
  static const uint32_t nothing[1] = {0};
  (void)snprintf(l->path, sizeof(l->path), "$.model");
  l->base = 0;
  if (!find_kind(l, &model->kind))
    return sj_tok_refuse(l, 0, "a model of this type is not supported");
  if (l->scored != (model->kind == SJ_TOK_UNIGRAM))
    return sj_tok_refuse(l, 0, "the vocabulary is of another type");
  if (l->vocab.len == 0 || l->vocab.len > INT32_MAX / 4)
    return sj_tok_refuse(l, 0, "the vocabulary is empty or too large");
  const sj_trie_input input = {.pool = l->vocab.pool,
                               .start =
                                   l->vocab.len == 0 ? nothing : l->vocab.start,
                               .value = l->scored ? NULL : l->values,
                               .count = (uint32_t)l->vocab.len};
  sj_status status =
      sj_trie_build(&model->trie, &l->tokenizer->arena, &l->scratch, &input);
  if (status != SJ_OK) return status;
  model->size = (uint32_t)l->vocab.len;
  model->byte_fallback = l->byte_fallback;
  model->fuse_unk = l->fuse_unk;
  model->ignore_merges = l->ignore_merges;
  model->most_chars = (uint64_t)l->most_chars;
  model->prefix = (const uint8_t *)l->prefix.text;
  model->prefix_len = l->prefix.len;
  model->suffix = (const uint8_t *)l->suffix.text;
  model->suffix_len = l->suffix.len;
  if (model->kind == SJ_TOK_WORDPIECE && l->prefix.text == NULL) {
    model->prefix = (const uint8_t *)"##";
    model->prefix_len = 2;
  }
  if (l->prefix.len > 64 || l->suffix.len > 64)
    return sj_tok_refuse(l, 0, "the prefix or suffix is too long");
  find_bytes(model);
  status = find_unknown(l, model);
  if (status == SJ_OK && l->scored) status = keep_scores(l, model);
  if (status == SJ_OK && model->kind == SJ_TOK_BPE)
    status = build_merges(l, model);
  return status == SJ_OK ? sj_tok_model_ready(model) : status;
}
