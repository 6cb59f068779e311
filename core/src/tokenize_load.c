// SPDX-License-Identifier: Apache-2.0
//
// tokenize_load.c - read a tokenizer.json. One pass by events takes the model
// and notes where the small sections stand; those are then read as trees.

#include "tokenize_load.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

sj_status sj_tok_refuse(sj_tok_loader *l, size_t at, const char *what) {
  if (l->error != NULL) {
    *l->error =
        (sj_error){.status = SJ_TOKENIZER, .what = what, .at = l->base + at};
    memcpy(l->error->where, l->path, sizeof(l->path));
  }
  return SJ_TOKENIZER;
}

sj_status sj_tok_section(sj_tok_loader *l,
                         sj_range range,
                         const char *name,
                         const sj_json_node **out) {
  *out = NULL;
  (void)snprintf(l->path, sizeof(l->path), "%s", name);
  l->base = range.start;
  if (range.start == range.end) return SJ_OK;
  sj_error inner = {0};
  sj_status status =
      sj_json_tree_parse(&l->scratch, l->file->data + range.start,
                         range.end - range.start, out, &inner);
  if (status == SJ_NOMEM) return status;
  if (status != SJ_OK)
    return sj_tok_refuse(
        l, inner.at, inner.what == NULL ? sj_status_text(status) : inner.what);
  if ((*out)->kind == SJ_JSON_NULL) *out = NULL;
  return SJ_OK;
}

static sj_status note_section(sj_tok_loader *l, sj_range *to) {
  sj_json_event event;
  sj_status status = sj_json_next(&l->json, &event);
  if (status == SJ_OK) status = sj_json_skip(&l->json, &event);
  if (status == SJ_OK)
    *to = (sj_range){(uint32_t)event.at, (uint32_t)l->json.at};
  return status;
}

static sj_status top_member(sj_tok_loader *l, const sj_json_event *key) {
  sj_range ignored;
  if (sj_json_is(key, "normalizer")) return note_section(l, &l->normalizer);
  if (sj_json_is(key, "pre_tokenizer"))
    return note_section(l, &l->pre_tokenizer);
  if (sj_json_is(key, "post_processor"))
    return note_section(l, &l->post_processor);
  if (sj_json_is(key, "added_tokens")) return note_section(l, &l->added);
  if (!sj_json_is(key, "model")) return note_section(l, &ignored);
  sj_json_event event;
  const sj_status status = sj_json_next(&l->json, &event);
  if (status != SJ_OK) return status;
  if (event.kind != SJ_JSON_OBJECT)
    return sj_json_refuse(&l->json, "the model is no object");
  l->seen_model = true;
  return sj_tok_load_model(l);
}

static sj_status read_all(sj_tok_loader *l) {
  sj_json_event event;
  sj_status status = sj_json_next(&l->json, &event);
  if (status != SJ_OK) return status;
  if (event.kind != SJ_JSON_OBJECT)
    return sj_json_refuse(&l->json, "the file is no object");
  for (;;) {
    status = sj_json_next(&l->json, &event);
    if (status != SJ_OK || event.kind == SJ_JSON_END) break;
    if (event.kind == SJ_JSON_OBJECT_END) continue;
    status = top_member(l, &event);
    if (status != SJ_OK) break;
  }
  if (status == SJ_OK && !l->seen_model)
    return sj_json_refuse(&l->json, "the file has no model");
  return status;
}

static void *take_memory(size_t size, void *data) {
  return sj_alloc(*(sj_allocator *)data, size);
}

static void give_memory(void *ptr, void *data) {
  sj_free(*(sj_allocator *)data, ptr);
}

static sj_status begin(sj_tokenizer *t) {
  enum { MATCHES = 50000000, HEAP_KB = 131072 };
  t->memory =
      pcre2_general_context_create(take_memory, give_memory, &t->allocator);
  if (t->memory == NULL) return SJ_NOMEM;
  t->limits = pcre2_match_context_create(t->memory);
  if (t->limits == NULL) return SJ_NOMEM;
  pcre2_set_match_limit(t->limits, MATCHES);
  pcre2_set_heap_limit(t->limits, HEAP_KB);
  return SJ_OK;
}

static sj_status load(sj_tok_loader *l) {
  sj_status status = begin(l->tokenizer);
  if (status != SJ_OK) return status;
  status = sj_json_open(&l->json, l->tokenizer->allocator, l->file->data,
                        l->file->len);
  if (status == SJ_OK) status = read_all(l);
  if (status != SJ_OK && l->error != NULL && l->error->status == SJ_OK &&
      l->json.error.status != SJ_OK) {
    *l->error = l->json.error;
    if (status != SJ_NOMEM) l->error->status = SJ_TOKENIZER;
  }
  sj_json_close(&l->json);
  if (status != SJ_OK) return status == SJ_NOMEM ? status : SJ_TOKENIZER;
  status = sj_tok_build_model(l);
  if (status == SJ_OK) status = sj_tok_load_steps(l);
  if (status == SJ_OK) status = sj_tok_load_added(l);
  if (status == SJ_OK) status = sj_tok_load_post(l);
  return status;
}

sj_status sj_tokenizer_new(const sj_file *file,
                           const sj_allocator *allocator,
                           sj_tokenizer **out,
                           sj_error *error) {
  static const sj_allocator usual = {0};
  *out = NULL;
  sj_error ignored = {0};
  if (error == NULL) error = &ignored;
  *error = (sj_error){0};
  const sj_allocator memory =
      sj_allocator_or_default(allocator == NULL ? usual : *allocator);
  sj_tokenizer *t = sj_alloc(memory, sizeof(*t));
  sj_tok_loader *l = sj_alloc(memory, sizeof(*l));
  sj_status status = SJ_NOMEM;
  if (t != NULL && l != NULL) {
    t->allocator = memory;
    sj_arena_init(&t->arena, memory);
    sj_arena_init(&l->scratch, memory);
    l->tokenizer = t;
    l->file = file;
    l->error = error;
    status = file->len > UINT32_MAX / 4 ? SJ_TOKENIZER : load(l);
    sj_arena_release(&l->scratch);
  } else {
    sj_free(memory, t);
    t = NULL;
  }
  sj_free(memory, l);
  if (status == SJ_OK) {
    *out = t;
    return SJ_OK;
  }
  if (error->status == SJ_OK || status == SJ_NOMEM)
    *error = (sj_error){.status = status, .what = sj_status_text(status)};
  sj_tokenizer_free(t);
  return status;
}

static void free_codes(sj_tok_step *steps, size_t count) {
  for (size_t i = 0; i < count; i++)
    pcre2_code_free(steps[i].regex);
}

void sj_tokenizer_free(sj_tokenizer *t) {
  if (t == NULL) return;
  free_codes(t->norms, t->norm_count);
  free_codes(t->splits, t->split_count);
  pcre2_code_free(t->grapheme);
  pcre2_match_context_free(t->limits);
  pcre2_general_context_free(t->memory);
  sj_arena_release(&t->arena);
  const sj_allocator memory = t->allocator;
  sj_free(memory, t);
}
