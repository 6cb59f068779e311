// SPDX-License-Identifier: Apache-2.0
//
// report.c - check packs: load them as an engine would, run every rule's own
// examples through text, view and rules, and remark on what is wrong.
//
// Like session.c, this file knows stages; it is a small session of its own, in
// which only the claims of the rule at hand count.

#include <string.h>

#include "types.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/utf8.h"
#include "policy.h"
#include "rules.h"
#include "rules_pack.h"
#include "text.h"
#include "view.h"

struct sj_report {
  sj_allocator allocator;
  sj_arena store;
  sj_remark *remarks;
  size_t count, cap;
  size_t examples, rules;
};

/// One file under examination.
typedef struct exam {
  sj_report *report;
  const sj_pack *pack;
  sj_names *names;
  sj_scan *scan;
  sj_arena scratch; ///< of one example
} exam;

static sj_status add(sj_report *report, sj_remark remark) {
  sj_remark *at = sj_array_room(&report->store, report->remarks, report->count,
                                &report->cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  at[report->count++] = remark;
  report->remarks = at;
  return SJ_OK;
}

static sj_status add_error(sj_report *report, const sj_error *error) {
  sj_remark remark = {
      .refused = true, .what = error->what, .line = error->line};
  memcpy(remark.where, error->where, sizeof(remark.where));
  return add(report, remark);
}

static sj_status remark_on(const exam *e,
                           const sj_rule_def *def,
                           const char *what,
                           uint32_t line,
                           bool refused) {
  sj_error error;
  (void)sj_pack_fail(&error, what, e->pack->file, def->id, line);
  sj_remark remark = {.refused = refused, .what = what, .line = line};
  memcpy(remark.where, error.where, sizeof(remark.where));
  return add(e->report, remark);
}

// ---------------------------------------------------------------------------
// Examples
// ---------------------------------------------------------------------------

/// An example as text: escapes undone, [[ ]] taken out and remembered.
typedef struct example {
  char *text;
  size_t len;
  size_t start, end; ///< of the expected span; equal where none is marked
} example;

static unsigned hex_value(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A') + 10;
  return 16;
}

/// The character of an escape at `*at`, which moves past it; 0 for none.
static uint32_t take_escape(sj_str from, size_t *at) {
  const size_t left = from.len - *at;
  if (left < 2 || from.at[*at] != '\\') return 0;
  const char kind = from.at[*at + 1];
  if (kind == 'n' || kind == 't' || kind == '\\') {
    *at += 2;
    return kind == 'n' ? '\n' : kind == 't' ? '\t' : '\\';
  }
  if (kind != 'u' || left < 5 || from.at[*at + 2] != '{') return 0;
  uint32_t code = 0;
  size_t i = *at + 3;
  for (; i < from.len && hex_value(from.at[i]) < 16 && code < 0x10000; i++)
    code = code * 16 + hex_value(from.at[i]);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (i == from.len || from.at[i] != '}' || code > 0x10FFFF || surrogate)
    return 0;
  *at = i + 1;
  return code;
}

static bool is_pair(sj_str from, size_t at, char c) {
  return at + 1 < from.len && from.at[at] == c && from.at[at + 1] == c;
}

static sj_status read_example(sj_arena *arena, sj_str from, example *out) {
  *out = (example){.text = sj_arena_take(arena, from.len + 1)};
  if (out->text == NULL) return SJ_NOMEM;
  for (size_t at = 0; at < from.len;) {
    const uint32_t code = take_escape(from, &at);
    if (code != 0) {
      uint8_t bytes[4];
      const size_t size = sj_utf8_put(bytes, code);
      memcpy(out->text + out->len, bytes, size);
      out->len += size;
    } else if (is_pair(from, at, '[') || is_pair(from, at, ']')) {
      *(from.at[at] == '[' ? &out->start : &out->end) = out->len;
      at += 2;
    } else {
      out->text[out->len++] = from.at[at++];
    }
  }
  return SJ_OK;
}

/// Run the rules over an example and keep the claims of one rule.
static sj_status
claims_of(exam *e, const example *ex, const sj_rule_def *def, sj_claims *out) {
  sj_text text;
  sj_view view;
  sj_claims all = {0};
  sj_ranges unscanned = {0};
  size_t bad_at = 0;
  *out = (sj_claims){0};
  sj_status status =
      sj_text_take(&text, &e->scratch, ex->text, ex->len, &bad_at);
  // Every language: an example is too short to tell.
  if (status == SJ_OK)
    status = sj_view_build(&view, &e->scratch, &text, SJ_LANG_ALL);
  if (status == SJ_OK)
    status = sj_rules_run(e->scan, &e->scratch, &text, &view, &all, &unscanned);
  const int64_t id = sj_names_find(e->names, def->id.at, def->id.len);
  for (size_t i = 0; i < all.len && status == SJ_OK; i++)
    if ((int64_t)all.at[i].source == id)
      status = sj_claims_push(out, &e->scratch, all.at[i]);
  return status;
}

static const char *judge_yes(const example *ex, const sj_claims *claims) {
  if (claims->len == 0) return "a `yes` example is not found";
  if (ex->start >= ex->end) return NULL;
  for (size_t i = 0; i < claims->len; i++)
    if (claims->at[i].start == ex->start && claims->at[i].end == ex->end)
      return NULL;
  return "a `yes` example is found with other edges";
}

static sj_status run_example(exam *e,
                             const sj_rule_def *def,
                             const sj_line_str *line,
                             bool yes) {
  example ex;
  sj_claims claims;
  e->report->examples++;
  sj_status status = read_example(&e->scratch, line->text, &ex);
  if (status == SJ_OK) status = claims_of(e, &ex, def, &claims);
  const char *what = NULL;
  if (status == SJ_OK && yes) what = judge_yes(&ex, &claims);
  if (status == SJ_OK && !yes && claims.len > 0)
    what = "a `no` example is found";
  if (what != NULL) status = remark_on(e, def, what, line->line, true);
  sj_arena_reset(&e->scratch);
  return status;
}

static sj_status run_rule(exam *e, const sj_rule_def *def) {
  sj_status status = SJ_OK;
  if (def->yes.len == 0 || def->no.len == 0)
    status = remark_on(e, def, "a rule needs `yes` and `no` examples",
                       def->line, false);
  for (size_t i = 0; i < def->yes.len && status == SJ_OK; i++)
    status = run_example(e, def, &def->yes.at[i], true);
  for (size_t i = 0; i < def->no.len && status == SJ_OK; i++)
    status = run_example(e, def, &def->no.at[i], false);
  return status;
}

// ---------------------------------------------------------------------------
// Files
// ---------------------------------------------------------------------------

static sj_status run_pack(sj_report *report,
                          const sj_pack *pack,
                          const sj_rules *rules,
                          sj_names *names) {
  exam e = {.report = report, .pack = pack, .names = names};
  sj_arena_init(&e.scratch, report->allocator);
  sj_status status = sj_scan_new(rules, &e.scan);
  for (size_t i = 0; i < pack->rules.len && status == SJ_OK; i++)
    status = run_rule(&e, &pack->rules.at[i]);
  report->rules += pack->rules.len;
  sj_scan_free(e.scan);
  sj_arena_release(&e.scratch);
  return status;
}

// A file without examples is checked by being loaded, alone.
static sj_status check_load(sj_report *report, const sj_file *file) {
  const sj_engine_config config = {.files = file,
                                   .file_count = 1,
                                   .no_builtin = true,
                                   .allocator = report->allocator};
  sj_engine *engine = NULL;
  sj_error error = {0};
  const sj_status status = sj_engine_new(&config, &engine, &error);
  sj_engine_free(engine);
  return status == SJ_PACK ? add_error(report, &error) : status;
}

static bool is_rules(const sj_file *file) {
  static const char ending[] = ".rules";
  const size_t len = strlen(file->name);
  const size_t tail = sizeof(ending) - 1;
  return len > tail && strcmp(file->name + len - tail, ending) == 0;
}

static sj_status check_file(sj_report *report, const sj_file *file) {
  if (!is_rules(file)) return check_load(report, file);
  sj_pack pack;
  sj_error error = {0};
  sj_names *names = NULL;
  sj_rules *rules = NULL;
  sj_status status = sj_names_new(report->allocator, &names);
  if (status == SJ_OK)
    status = sj_pack_read(&report->store, file, &pack, &error);
  if (status == SJ_OK)
    status = sj_rules_new(file, 1, names, report->allocator, &rules, &error);
  if (status == SJ_OK)
    status = run_pack(report, &pack, rules, names);
  else if (status == SJ_PACK)
    status = add_error(report, &error);
  sj_rules_free(rules);
  sj_names_free(names);
  return status;
}

// Ids must be unique over all packs, the built-in ones included: load them
// together once each has passed alone.
static sj_status
check_together(sj_report *report, const sj_file *files, size_t count) {
  if (report->count > 0) return SJ_OK;
  const sj_engine_config config = {
      .files = files, .file_count = count, .allocator = report->allocator};
  sj_engine *engine = NULL;
  sj_error error = {0};
  sj_status status = sj_engine_new(&config, &engine, &error);
  sj_engine_free(engine);
  if (status == SJ_PACK) status = add_error(report, &error);
  return status;
}

// A built-in file that is checked by its own name is not loaded beside itself.
static bool is_builtin(const sj_file *file) {
  size_t count = 0;
  const sj_file *builtin = sj_builtin_files(&count);
  const char *slash = strrchr(file->name, '/');
  const char *name = slash == NULL ? file->name : slash + 1;
  for (size_t i = 0; i < count; i++)
    if (strcmp(builtin[i].name, name) == 0) return true;
  return false;
}

sj_status sj_report_new(const sj_file *files, size_t count, sj_report **out) {
  *out = NULL;
  const sj_allocator allocator = sj_allocator_or_default((sj_allocator){0});
  sj_report *report = sj_alloc(allocator, sizeof(*report));
  if (report == NULL) return SJ_NOMEM;
  report->allocator = allocator;
  sj_arena_init(&report->store, allocator);
  sj_status status = SJ_OK;
  bool own = false;
  for (size_t i = 0; i < count && status == SJ_OK; i++) {
    status = check_file(report, &files[i]);
    own = own || is_builtin(&files[i]);
  }
  if (status == SJ_OK && !own) status = check_together(report, files, count);
  if (status != SJ_OK) {
    sj_report_free(report);
    return status;
  }
  *out = report;
  return SJ_OK;
}

const sj_remark *sj_report_remarks(const sj_report *report, size_t *count) {
  *count = report->count;
  return report->remarks;
}

size_t sj_report_examples(const sj_report *report) {
  return report->examples;
}

size_t sj_report_rules(const sj_report *report) {
  return report->rules;
}

void sj_report_free(sj_report *report) {
  if (report == NULL) return;
  sj_arena_release(&report->store);
  sj_free(report->allocator, report);
}
