// SPDX-License-Identifier: Apache-2.0
//
// rules_build.c - compile a file's rules: pattern by pattern for PCRE2 and for
// the automaton, with the reasons for refusing one.

#include <string.h>

#include "rules_parts.h"

#include "base/array.h"
#include "rules_cue.h"
#include "rules_pack.h"

enum { REACH_MAX = 1024 };

/// One file under way.
typedef struct builder {
  sj_rules *rules;
  sj_names *names;
  sj_error *error;
  sj_arena scratch; ///< the file's rules as read, and their trees
  const sj_file *file;
} builder;

static sj_status refuse(const builder *b,
                        const sj_rule_def *def,
                        const char *what,
                        uint32_t line) {
  return sj_pack_fail(b->error, what, b->file->name, def->id, line);
}

static sj_status intern(const builder *b, sj_str name, uint32_t *out) {
  return sj_names_intern(b->names, name.at, name.len, out);
}

static sj_status
set_checks(const builder *b, const sj_rule_def *def, sj_rule *rule) {
  const sj_str name = def->check.len > 0 ? def->check : def->confirm;
  if (name.len == 0) return SJ_OK;
  const sj_check check = sj_check_find(name.at, name.len);
  if (check == NULL) return refuse(b, def, "no such check", def->line);
  if (def->check.len > 0)
    rule->check = check;
  else
    rule->confirm = check;
  return intern(b, name, &rule->check_id);
}

static sj_status
set_nears(const builder *b, const sj_rule_def *def, sj_rule *rule) {
  if (def->nears.len == 0) return SJ_OK;
  sj_arena *store = &b->rules->store;
  sj_rule_near *nears = sj_arena_take(store, def->nears.len * sizeof(*nears));
  if (nears == NULL) return SJ_NOMEM;
  for (size_t i = 0; i < def->nears.len; i++) {
    const sj_near *from = &def->nears.at[i];
    nears[i] = (sj_rule_near){
        .within = from->within, .delta = from->delta, .after = from->after};
    const sj_status status =
        sj_terms_build(store, from->terms, &nears[i].terms);
    if (status != SJ_OK) return status;
  }
  rule->nears = nears;
  rule->near_count = def->nears.len;
  const sj_str name = {"words-beside", 12};
  return intern(b, name, &rule->context_id);
}

static bool id_is_taken(const sj_rules *rules, uint32_t id) {
  for (size_t i = 0; i < rules->rule_count; i++)
    if (rules->rules[i].id == id) return true;
  return false;
}

static sj_status add_rule(const builder *b, const sj_rule_def *def) {
  sj_rules *rules = b->rules;
  sj_rule rule = {.label = def->label,
                  .score = def->score,
                  .floor = def->floor,
                  .role = def->role,
                  .langs = (uint8_t)def->langs};
  if (def->labelled || def->cues.len > 0) rule.flags = SJ_FLAG_LABELLED;
  sj_status status = intern(b, def->id, &rule.id);
  if (status == SJ_OK && id_is_taken(rules, rule.id))
    return refuse(b, def, "another pack has a rule of this id", def->line);
  uint32_t subtype = 0;
  if (status == SJ_OK) status = intern(b, def->subtype, &subtype);
  if (status == SJ_OK && subtype > UINT16_MAX)
    return refuse(b, def, "too many names", def->line);
  rule.subtype = (uint16_t)subtype;
  if (status == SJ_OK && def->protect.len > 0)
    status = intern(b, def->protect, &rule.protect);
  if (status == SJ_OK) status = set_checks(b, def, &rule);
  if (status == SJ_OK) status = set_nears(b, def, &rule);
  if (status != SJ_OK) return status;
  sj_rule *at = sj_array_room(&rules->store, rules->rules, rules->rule_count,
                              &rules->rule_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  at[rules->rule_count++] = rule;
  rules->rules = at;
  return SJ_OK;
}

// A pattern must end: without a bound of its own it needs the rule's, and a
// repeat within a repeat without bounds is what runs away.
static const char *lint(const sj_rule_def *def, const sj_shape *shape) {
  if (shape->min == 0) return "the pattern can match nothing";
  if (shape->nested)
    return "a repeat without a bound inside another: matching may run away";
  if (shape->unbounded && def->reach == 0)
    return "a repeat without a bound: name one, or the rule's reach";
  if (!shape->unbounded && def->reach == 0 && shape->max > REACH_MAX)
    return "a match may be longer than 1024 bytes: name the rule's reach";
  return NULL;
}

static sj_status compile(const builder *b,
                         const sj_rule_def *def,
                         sj_str source,
                         uint32_t line,
                         sj_pattern *out) {
  pcre2_compile_context *context =
      pcre2_compile_context_create(b->rules->general);
  if (context == NULL) return SJ_NOMEM;
  // Digits are ASCII in patterns, words are not: an accent belongs to a word.
  (void)pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ASCII_BSD |
                                                     PCRE2_EXTRA_ASCII_DIGIT);
  int code = 0;
  PCRE2_SIZE at = 0;
  out->code =
      pcre2_compile((PCRE2_SPTR)source.at, source.len,
                    PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE |
                        PCRE2_NO_START_OPTIMIZE | PCRE2_NEVER_BACKSLASH_C,
                    &code, &at, context);
  pcre2_compile_context_free(context);
  if (out->code == NULL) {
    if (code == PCRE2_ERROR_HEAP_FAILED) return SJ_NOMEM;
    return refuse(b, def, "PCRE2 does not compile the pattern", line);
  }
  const int mark =
      pcre2_substring_number_from_name(out->code, (PCRE2_SPTR) "mark");
  out->mark = mark > 0 ? (uint32_t)mark : 0;
  return SJ_OK;
}

static sj_status
add_pattern(builder *b, const sj_rule_def *def, const sj_line_str *match) {
  sj_rules *rules = b->rules;
  sj_str source;
  sj_status status = sj_pattern_build(&b->scratch, def, match->text, &source);
  if (status != SJ_OK) return status;
  sj_regex regex;
  const char *what = NULL;
  size_t at = 0;
  status =
      sj_regex_read(&b->scratch, source.at, source.len, &regex, &what, &at);
  if (status == SJ_NOMEM) return status;
  if (status != SJ_OK) return refuse(b, def, what, match->line);
  sj_shape shape;
  sj_regex_shape(&regex, &shape);
  what = lint(def, &shape);
  if (what != NULL) return refuse(b, def, what, match->line);

  sj_pattern *room =
      sj_array_room(&rules->store, rules->patterns, rules->pattern_count,
                    &rules->pattern_cap, 1, sizeof(*room));
  if (room == NULL) return SJ_NOMEM;
  rules->patterns = room;
  sj_pattern pattern = {.rule = (uint32_t)rules->rule_count - 1,
                        .reach = def->reach > 0 ? def->reach : shape.max};
  status = compile(b, def, source, match->line, &pattern);
  if (status != SJ_OK) return status;
  room[rules->pattern_count++] = pattern; // from here on freed with the set
  // How far back from a rare sign a match may have begun.
  shape.max = pattern.reach + SJ_MATCH_MARGIN;
  return sj_nfa_add(rules->nfa, &regex, &shape);
}

static sj_status add_rules(builder *b, const sj_pack *pack) {
  for (size_t i = 0; i < pack->rules.len; i++) {
    const sj_rule_def *def = &pack->rules.at[i];
    sj_status status = add_rule(b, def);
    for (size_t k = 0; k < def->patterns.len && status == SJ_OK; k++)
      status = add_pattern(b, def, &def->patterns.at[k]);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_rules_add_file(sj_rules *rules,
                            const sj_file *file,
                            sj_names *names,
                            sj_error *error) {
  builder b = {.rules = rules, .names = names, .error = error, .file = file};
  sj_arena_init(&b.scratch, rules->allocator);
  sj_pack pack;
  sj_status status = sj_pack_read(&b.scratch, file, &pack, error);
  if (status == SJ_OK) status = add_rules(&b, &pack);
  sj_arena_release(&b.scratch);
  return status;
}
