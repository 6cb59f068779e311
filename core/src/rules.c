// SPDX-License-Identifier: Apache-2.0
//
// rules.c - stage 3: from packs to claims.
//
// The automaton names the places where a pattern may match; each is tried once,
// anchored, behind that pattern's last match: exactly the matches that a
// search for all of them would find. A hit becomes a claim when its line is of
// the rule's language, its check accepts it, and its score, with the words
// beside it, reaches the rule's floor.

#include "rules.h"

#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "rules_parts.h"

enum {
  STATE_CAP = 16384, // measured: a corpus of 12 MB asks for 14,000
  HEAP_LIMIT_KIB = 8192,
  BUDGET_PER_BYTE = 200,
  BUDGET_LEAST = 2000000,
  TRIPS_MOST = 50 // of one pattern; then it is given up for the document
};

// ---------------------------------------------------------------------------
// Building
// ---------------------------------------------------------------------------

static void *give_memory(PCRE2_SIZE size, void *ctx) {
  const sj_rules *rules = ctx;
  return rules->allocator.resize(rules->allocator.ctx, NULL, size);
}

static void take_memory(void *ptr, void *ctx) {
  const sj_rules *rules = ctx;
  if (ptr != NULL) sj_free(rules->allocator, ptr);
}

static bool is_rules(const char *name) {
  static const char ending[] = ".rules";
  const size_t len = strlen(name);
  return len >= sizeof(ending) &&
         strcmp(name + len - sizeof(ending) + 1, ending) == 0;
}

static sj_status build(sj_rules *rules,
                       const sj_file *files,
                       size_t count,
                       sj_names *names,
                       sj_error *error) {
  rules->general =
      pcre2_general_context_create(give_memory, take_memory, rules);
  if (rules->general == NULL) return SJ_NOMEM;
  sj_status status = sj_nfa_new(rules->allocator, &rules->nfa);
  for (size_t i = 0; i < count && status == SJ_OK; i++)
    if (is_rules(files[i].name))
      status = sj_rules_add_file(rules, &files[i], names, error);
  return status == SJ_OK ? sj_nfa_seal(rules->nfa) : status;
}

sj_status sj_rules_new(const sj_file *files,
                       size_t count,
                       sj_names *names,
                       sj_allocator allocator,
                       sj_rules **out,
                       sj_error *error) {
  *out = NULL;
  sj_rules *rules = sj_alloc(allocator, sizeof(*rules));
  if (rules == NULL) return SJ_NOMEM;
  rules->allocator = sj_allocator_or_default(allocator);
  sj_arena_init(&rules->store, rules->allocator);
  const sj_status status = build(rules, files, count, names, error);
  if (status != SJ_OK) {
    sj_rules_free(rules);
    return status;
  }
  *out = rules;
  return SJ_OK;
}

void sj_rules_free(sj_rules *rules) {
  if (rules == NULL) return;
  for (size_t i = 0; i < rules->pattern_count; i++)
    pcre2_code_free(rules->patterns[i].code);
  sj_nfa_free(rules->nfa);
  if (rules->general != NULL) pcre2_general_context_free(rules->general);
  sj_arena_release(&rules->store);
  sj_free(rules->allocator, rules);
}

size_t sj_rules_count(const sj_rules *rules) {
  return rules->rule_count;
}

// ---------------------------------------------------------------------------
// A thread's scratch
// ---------------------------------------------------------------------------

static sj_status make_block(sj_scan *scan) {
  uint32_t groups = 1;
  for (size_t i = 0; i < scan->rules->pattern_count; i++)
    if (scan->rules->patterns[i].mark >= groups)
      groups = scan->rules->patterns[i].mark + 1;
  scan->data = pcre2_match_data_create(groups, scan->rules->general);
  return scan->data == NULL ? SJ_NOMEM : SJ_OK;
}

static sj_status fill_scan(sj_scan *scan) {
  const sj_rules *rules = scan->rules;
  scan->limits = pcre2_match_context_create(rules->general);
  scan->past = sj_alloc(rules->allocator,
                        (rules->pattern_count + 1) * sizeof(*scan->past));
  scan->trips = sj_alloc(rules->allocator,
                         (rules->pattern_count + 1) * sizeof(*scan->trips));
  if (scan->limits == NULL || scan->past == NULL || scan->trips == NULL)
    return SJ_NOMEM;
  (void)pcre2_set_heap_limit(scan->limits, HEAP_LIMIT_KIB);
  const sj_status status = make_block(scan);
  if (status != SJ_OK) return status;
  return sj_filter_new(rules->nfa, rules->allocator, STATE_CAP, &scan->filter);
}

sj_status sj_scan_new(const sj_rules *rules, sj_scan **out) {
  *out = NULL;
  sj_scan *scan = sj_alloc(rules->allocator, sizeof(*scan));
  if (scan == NULL) return SJ_NOMEM;
  scan->rules = rules;
  const sj_status status = fill_scan(scan);
  if (status != SJ_OK) {
    sj_scan_free(scan);
    return status;
  }
  *out = scan;
  return SJ_OK;
}

static void clear_progress(sj_scan *scan) {
  const size_t count = scan->rules->pattern_count;
  memset(scan->past, 0, count * sizeof(*scan->past));
  memset(scan->trips, 0, count * sizeof(*scan->trips));
}

void sj_scan_wipe(sj_scan *scan) {
  if (scan == NULL) return;
  // What PCRE2 keeps are positions: offsets of groups and, on its heap, frames
  // of backtracking. The text itself is the session's and is wiped there.
  clear_progress(scan);
}

void sj_scan_free(sj_scan *scan) {
  if (scan == NULL) return;
  const sj_allocator allocator = scan->rules->allocator;
  sj_filter_free(scan->filter);
  pcre2_match_data_free(scan->data);
  pcre2_match_context_free(scan->limits);
  sj_free(allocator, scan->past);
  sj_free(allocator, scan->trips);
  sj_free(allocator, scan);
}

// ---------------------------------------------------------------------------
// Running
// ---------------------------------------------------------------------------

/// One document under way.
typedef struct run {
  sj_scan *scan;
  sj_arena *arena;
  const sj_text *text;
  const sj_view *view;
  sj_claims *out;
  sj_ranges *unscanned;
  uint64_t budget;
  uint32_t line_start, line_end; ///< of the view, last asked for
  uint8_t line_lang;
} run;

static uint8_t lang_of_text(const run *r, uint32_t byte) {
  uint32_t low = 0;
  uint32_t high = r->text->line_count;
  while (high - low > 1) { // the last line that starts at or before it
    const uint32_t middle = low + (high - low) / 2;
    if (r->text->lines[middle] <= byte)
      low = middle;
    else
      high = middle;
  }
  return r->view->lang[low];
}

// The languages of the view's line at a byte. Places come in ascending order
// for nearly all rules, so the line is kept until they leave it.
static uint8_t lang_at(run *r, uint32_t at) {
  if (at >= r->line_start && at < r->line_end) return r->line_lang;
  const uint8_t *bytes = r->view->bytes;
  uint32_t start = at;
  while (start > 0 && bytes[start - 1] != '\n')
    start--;
  const uint8_t *stop = memchr(bytes + at, '\n', r->view->len - at);
  r->line_start = start;
  r->line_end = stop == NULL ? r->view->len : (uint32_t)(stop - bytes) + 1;
  const uint32_t byte = sj_map_origin(&r->view->map, start, start + 1).start;
  r->line_lang = lang_of_text(r, byte);
  return r->line_lang;
}

/// The score with the words beside the hit; `*context` names them if they
/// spoke.
static int32_t
score_hit(const run *r, const sj_rule *rule, sj_range hit, uint32_t *context) {
  int32_t score = rule->score;
  for (size_t i = 0; i < rule->near_count; i++) {
    const sj_rule_near *near = &rule->nears[i];
    if (!sj_terms_near(&near->terms, r->view, hit, near->within, near->after))
      continue;
    score += near->delta;
    *context = rule->context_id;
  }
  return score > 1000 ? 1000 : score;
}

static sj_status claim_hit(run *r, const sj_rule *rule, const sj_hit *hit) {
  const sj_range origin = sj_map_origin(&r->view->map, hit->start, hit->end);
  sj_claim claim = {.start = origin.start,
                    .end = origin.end,
                    .label = rule->label,
                    .subtype = rule->subtype,
                    .role = rule->role,
                    .flags = rule->flags,
                    .kind = rule->protect != 0 ? SJ_KIND_VETO : SJ_KIND_RULE,
                    .source = rule->id,
                    .veto = rule->protect};
  const uint8_t *value = r->view->bytes + hit->start;
  const size_t len = hit->end - hit->start;
  if (rule->check != NULL && !sj_check_run(rule->check, value, len))
    return SJ_OK;
  const bool confirmed =
      rule->check != NULL ||
      (rule->confirm != NULL && sj_check_run(rule->confirm, value, len));
  int32_t score =
      score_hit(r, rule, (sj_range){hit->start, hit->end}, &claim.context);
  if (confirmed) {
    claim.flags |= SJ_FLAG_VALIDATED;
    claim.check = rule->check_id;
    if (rule->confirm != NULL) score = 1000;
  }
  if (score < (int32_t)rule->floor || score <= 0) return SJ_OK;
  claim.score = (uint16_t)score;
  return sj_claims_push(r->out, r->arena, claim);
}

// What a tripped limit leaves undecided: as far as the pattern may reach, or,
// without a budget or any patience left for it, all the rest.
static sj_status leave_out(run *r, uint32_t pattern, uint32_t at) {
  sj_scan *scan = r->scan;
  const uint32_t reach = scan->rules->patterns[pattern].reach;
  const bool given_up = ++scan->trips[pattern] >= TRIPS_MOST;
  const bool rest = given_up || r->budget == 0 || r->view->len - at <= reach;
  const uint32_t end = rest ? r->view->len : at + reach;
  scan->past[pattern] = given_up ? r->view->len : at + 1;
  const sj_range origin = sj_map_origin(&r->view->map, at, end);
  return sj_ranges_push(r->unscanned, r->arena, origin);
}

static sj_status try_one(run *r, uint32_t pattern, uint32_t at) {
  if (at < r->scan->past[pattern]) return SJ_OK;
  const sj_rule *rule =
      &r->scan->rules->rules[r->scan->rules->patterns[pattern].rule];
  if ((lang_at(r, at) & rule->langs) == 0) return SJ_OK;
  sj_hit hit;
  switch (sj_scan_try(r->scan, pattern, r->view, at, &r->budget, &hit)) {
  case SJ_ATTEMPT_MISS:
    return SJ_OK;
  case SJ_ATTEMPT_NOMEM:
    return SJ_NOMEM;
  case SJ_ATTEMPT_TRIPPED:
    return leave_out(r, pattern, at);
  case SJ_ATTEMPT_HIT:
    break;
  }
  r->scan->past[pattern] = hit.past;
  return claim_hit(r, rule, &hit);
}

static sj_status
visit(void *ctx, uint32_t at, const uint32_t *patterns, size_t count) {
  run *r = ctx;
  if (r->budget == 0) return SJ_OK; // the rest is left out already
  for (size_t i = 0; i < count; i++) {
    const sj_status status = try_one(r, patterns[i], at);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

static sj_status begin(run *r) {
  sj_scan *scan = r->scan;
  clear_progress(scan);
  r->budget = (uint64_t)r->view->len * BUDGET_PER_BYTE;
  if (r->budget < BUDGET_LEAST) r->budget = BUDGET_LEAST;
  return SJ_OK;
}

sj_status sj_rules_run(sj_scan *scan,
                       sj_arena *arena,
                       const sj_text *text,
                       const sj_view *view,
                       sj_claims *out,
                       sj_ranges *unscanned) {
  if (scan->rules->pattern_count == 0) return SJ_OK;
  run r = {.scan = scan,
           .arena = arena,
           .text = text,
           .view = view,
           .out = out,
           .unscanned = unscanned};
  const sj_status status = begin(&r);
  if (status != SJ_OK) return status;
  return sj_filter_scan(scan->filter, view->bytes, view->len, visit, &r);
}

sj_status sj_rules_run_exhaustive(sj_scan *scan,
                                  sj_arena *arena,
                                  const sj_text *text,
                                  const sj_view *view,
                                  sj_claims *out,
                                  sj_ranges *unscanned) {
  run r = {.scan = scan,
           .arena = arena,
           .text = text,
           .view = view,
           .out = out,
           .unscanned = unscanned};
  sj_status status = begin(&r);
  for (uint32_t at = 0; at < view->len && status == SJ_OK; at++) {
    if (!sj_utf8_starts(view->bytes[at])) continue;
    for (uint32_t i = 0; i < scan->rules->pattern_count && status == SJ_OK; i++)
      status = try_one(&r, i, at);
  }
  return status;
}
