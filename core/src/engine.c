// SPDX-License-Identifier: Apache-2.0
//
// engine.c - build what documents share, once: names and the files of packs.

#include "engine.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static sj_status
fail(sj_error *error, sj_status status, const char *what, const char *where) {
  if (error == NULL) return status;
  *error = (sj_error){.status = status, .what = what};
  const size_t len = where == NULL ? 0 : strlen(where);
  const size_t kept =
      len < sizeof(error->where) ? len : sizeof(error->where) - 1;
  if (kept > 0) memcpy(error->where, where, kept);
  return status;
}

static bool has_ending(const char *name, const char *ending) {
  const size_t len = strlen(name);
  const size_t tail = strlen(ending);
  return len > tail && strcmp(name + len - tail, ending) == 0;
}

// Built-in files first, then the host's: later ones may build on earlier ones.
static sj_status gather(const sj_engine_config *config,
                        sj_allocator allocator,
                        sj_file **out,
                        size_t *count) {
  size_t builtin_count = 0;
  const sj_file *builtin = sj_builtin_files(&builtin_count);
  if (config->no_builtin) builtin_count = 0;
  *count = builtin_count + config->file_count;
  *out = NULL;
  if (*count == 0) return SJ_OK;
  *out = sj_alloc(allocator, *count * sizeof(**out));
  if (*out == NULL) return SJ_NOMEM;
  for (size_t i = 0; i < builtin_count; i++)
    (*out)[i] = builtin[i];
  for (size_t i = 0; i < config->file_count; i++)
    (*out)[builtin_count + i] = config->files[i];
  return SJ_OK;
}

// A file that this version cannot read is refused by name: a policy or a list
// that is silently passed over would change what is hidden.
static sj_status
check_files(const sj_file *files, size_t count, sj_error *error) {
  for (size_t i = 0; i < count; i++) {
    if (files[i].name == NULL || (files[i].data == NULL && files[i].len > 0))
      return fail(error, SJ_ARGUMENT, "a file without name or data", NULL);
    if (!has_ending(files[i].name, ".rules") &&
        !has_ending(files[i].name, ".lexicon") &&
        !has_ending(files[i].name, ".list") &&
        !has_ending(files[i].name, ".evidence") &&
        !has_ending(files[i].name, ".names") &&
        !has_ending(files[i].name, ".policy") &&
        !has_ending(files[i].name, ".pool"))
      return fail(error, SJ_PACK, "this version reads no files of this kind",
                  files[i].name);
  }
  return SJ_OK;
}

// The packs to the front, in their order; gives how many they are.
static size_t rules_first(sj_file *files, size_t count) {
  size_t rules = 0;
  for (size_t i = 0; i < count; i++) {
    if (!has_ending(files[i].name, ".rules")) continue;
    const sj_file pack = files[i];
    memmove(files + rules + 1, files + rules, (i - rules) * sizeof *files);
    files[rules++] = pack;
  }
  return rules;
}

// What there is to say of the engine, as JSON. Sizes are bounded: a version
// and two numbers.
static sj_status describe(sj_engine *engine) {
  enum { ROOM = 160 };
  engine->description = sj_alloc(engine->allocator, ROOM);
  if (engine->description == NULL) return SJ_NOMEM;
  (void)snprintf(engine->description, ROOM,
                 "{\"version\":\"%s\",\"rules\":%zu}", sj_version(),
                 sj_engine_rule_count(engine));
  return SJ_OK;
}

// A model is a tokenizer and a manifest; one without the other is refused.
static sj_status build_model(sj_engine *engine,
                             const sj_engine_config *config,
                             sj_error *error) {
  if (config->tokenizer.len == 0 && config->manifest.len == 0) return SJ_OK;
  if (config->rules_only)
    return fail(error, SJ_MODEL, "an engine of rules alone takes no model",
                "manifest");
  if (config->tokenizer.len == 0 || config->manifest.len == 0)
    return fail(error, SJ_MODEL, "a tokenizer and a manifest belong together",
                "manifest");
  sj_status status = sj_tokenizer_new(&config->tokenizer, &engine->allocator,
                                      &engine->tokenizer, error);
  if (status == SJ_OK)
    status = sj_decoder_new(&config->manifest, engine->names, engine->allocator,
                            &engine->decoder, error);
  if (status == SJ_OK)
    status = sj_feature_plan_read(&config->manifest, engine->allocator,
                                  &engine->features, error);
  return status;
}

static sj_status
build(sj_engine *engine, const sj_engine_config *config, sj_error *error) {
  sj_status status = sj_names_new(engine->allocator, &engine->names);
  sj_file *files = NULL;
  size_t count = 0;
  if (status == SJ_OK)
    status = gather(config, engine->allocator, &files, &count);
  if (status == SJ_OK) status = check_files(files, count, error);
  if (status == SJ_OK)
    status =
        sj_pools_new(files, count, engine->allocator, &engine->pools, error);
  if (status == SJ_OK)
    status = sj_policies_new(files, count, engine->allocator, &engine->policies,
                             error);
  if (status == SJ_OK)
    status = sj_rules_new(files, rules_first(files, count), engine->names,
                          engine->allocator, &engine->rules, error);
  if (status == SJ_OK)
    status = sj_lexicon_new(files, count, engine->names, engine->allocator,
                            &engine->lexicon, error);
  if (status == SJ_OK)
    status = sj_evidence_new(files, count, engine->names, engine->allocator,
                             &engine->evidence, error);
  if (status == SJ_OK)
    status = sj_known_lists_new(files, count, engine->names, engine->allocator,
                                &engine->known, error);
  if (status == SJ_OK) sj_known_lists_use(engine->known, engine->lexicon);
  sj_free(engine->allocator, files);
  if (status == SJ_OK)
    status = sj_names_intern(engine->names, "echo", 4, &engine->echo_source);
  if (status == SJ_OK)
    status =
        sj_names_intern(engine->names, "strict", 6, &engine->strict_source);
  if (status == SJ_OK) status = build_model(engine, config, error);
  if (status == SJ_OK) status = describe(engine);
  return status;
}

sj_status sj_engine_new(const sj_engine_config *config,
                        sj_engine **out,
                        sj_error *error) {
  *out = NULL;
  if (error != NULL) *error = (sj_error){0};
  const sj_allocator allocator = sj_allocator_or_default(config->allocator);
  sj_engine *engine = sj_alloc(allocator, sizeof(*engine));
  if (engine == NULL)
    return fail(error, SJ_NOMEM, sj_status_text(SJ_NOMEM), NULL);
  engine->allocator = allocator;
  engine->rules_only = config->rules_only;
  const sj_status status = build(engine, config, error);
  if (status != SJ_OK) {
    if (error != NULL && error->status == SJ_OK)
      (void)fail(error, status, sj_status_text(status), NULL);
    sj_engine_free(engine);
    return status;
  }
  *out = engine;
  return SJ_OK;
}

void sj_engine_free(sj_engine *engine) {
  if (engine == NULL) return;
  const sj_allocator allocator = engine->allocator;
  sj_free(allocator, engine->description);
  sj_tokenizer_free(engine->tokenizer);
  sj_decoder_free(engine->decoder);
  sj_evidence_free(engine->evidence);
  sj_lexicon_free(engine->lexicon);
  sj_rules_free(engine->rules);
  sj_pools_free(engine->pools);
  sj_policies_free(engine->policies);
  sj_known_lists_free(engine->known);
  sj_names_free(engine->names);
  sj_free(allocator, engine);
}

const char *sj_engine_source_name(const sj_engine *engine, uint32_t id) {
  return id == 0 ? NULL : sj_names_get(engine->names, id);
}

const char *sj_engine_subtype_name(const sj_engine *engine, uint32_t subtype) {
  return sj_names_get(engine->names, subtype);
}

int sj_engine_subtype_from_name(const sj_engine *engine,
                                const char *name,
                                size_t len) {
  const int64_t id = sj_names_find(engine->names, name, len);
  return id > UINT16_MAX ? -1 : (int)id; // a span has 16 bits for it
}

size_t sj_engine_rule_count(const sj_engine *engine) {
  return sj_rules_count(engine->rules);
}

size_t sj_engine_tag_count(const sj_engine *engine) {
  return sj_decoder_tag_count(engine->decoder);
}

const char *sj_engine_describe(const sj_engine *engine) {
  return engine->description;
}
