// SPDX-License-Identifier: Apache-2.0
//
// session.c - one document through the stages, in this order:
//
//     text -> view -> words -> rules -> evidence -> known -> tokenize
//          -> feature -> (infer) -> decode -> veto -> echo -> strict -> veto
//          -> merge -> replace
//
// A stage that fails ends the document: the session is wiped, and nothing of
// it can be replaced.

#include "session.h"

#include <string.h>

#include "base/alloc.h"
#include "base/wipe.h"
#include "coverage.h"
#include "echo.h"
#include "near.h"
#include "replace.h"
#include "rules_check.h"
#include "rules_table.h"
#include "strict.h"
#include "text.h"
#include "view.h"

static sj_status fail(sj_error *error, sj_status status, size_t at) {
  if (error == NULL || status == SJ_OK) return status;
  *error =
      (sj_error){.status = status, .what = sj_status_text(status), .at = at};
  return status;
}

static sj_status
fail_option(sj_error *error, const char *what, const char *name) {
  if (error == NULL) return SJ_ARGUMENT;
  *error = (sj_error){.status = SJ_ARGUMENT, .what = what};
  memcpy(error->where, name, strlen(name));
  return SJ_ARGUMENT;
}

static sj_status check_options(sj_session *session,
                               const sj_session_options *options,
                               sj_error *error) {
  if ((options->langs & ~(unsigned)SJ_LANG_ALL) != 0)
    return fail_option(error, "no such language", "langs");
  if (!sj_policies_combine(session->engine->policies, options->policy,
                           &session->policy))
    return fail_option(error, "no such policy", "policy");
  if (session->engine->rules_only && options->known.len > 0)
    return fail_option(error, "rules alone look for nothing known", "known");
  return SJ_OK;
}

// Merge what was claimed so far, and measure what was looked at.
static sj_status settle(sj_session *session) {
  sj_merged merged;
  sj_status status = sj_merge(&session->arena, &session->claims, &merged);
  if (status != SJ_OK) return status;
  sj_coverage coverage;
  sj_ranges lines;
  status = sj_coverage_measure(&session->arena, &session->text,
                               &session->unscanned, &coverage, &lines);
  if (status != SJ_OK) return status;
  coverage.windows = (uint32_t)session->cuts.len;
  for (size_t i = 0; i < session->cuts.len; i++)
    coverage.answered += session->answers[i] == SJ_ANSWER_TAKEN;
  session->merged = merged;
  session->coverage = coverage;
  session->lines = lines;
  return SJ_OK;
}

static sj_status run_veto(sj_session *session, sj_claims *claims) {
  return sj_veto_run(&session->arena, session->engine->lexicon, &session->words,
                     &session->view, &session->protections, claims);
}

// Keep what the model may know of the claims: without the chart's, and as they
// are under the usual policy. `by_rules` stood before evidence added its own.
static sj_status show_model(sj_session *session, size_t by_rules) {
  const sj_engine *engine = session->engine;
  if (engine->features.count == 0) return SJ_OK;
  const bool strict = session->policy.strict;
  const sj_claims *all = &session->claims;
  const size_t len = strict ? by_rules : all->len;
  for (size_t i = 0; i < len; i++) {
    const sj_status status =
        sj_claims_push(&session->shown, &session->arena, all->at[i]);
    if (status != SJ_OK) return status;
  }
  sj_status status = SJ_OK;
  if (strict)
    status = sj_evidence_run(engine->evidence, &session->arena, &session->words,
                             &session->view, false, &session->shown);
  return status == SJ_OK ? run_veto(session, &session->shown) : status;
}

static sj_status take_features(sj_session *session, uint32_t window) {
  const sj_feature_plan *plan = &session->engine->features;
  if (plan->count == 0) return SJ_OK;
  const size_t values = (size_t)window * plan->count;
  int32_t *room = sj_arena_take(&session->arena, values * sizeof(*room));
  if (room == NULL) return SJ_NOMEM;
  session->window_features = room;
  const sj_feature_input in = {.text = &session->text,
                               .view = &session->view,
                               .words = &session->words,
                               .claims = &session->shown,
                               .tokens = &session->tokens};
  return sj_features_run(&session->arena, plan, &in, &session->features);
}

static sj_status take_windows(sj_session *session) {
  const sj_engine *engine = session->engine;
  sj_arena *arena = &session->arena;
  if (engine->tokenizer == NULL) return SJ_OK;
  const sj_window_plan plan = {.window = sj_decoder_window(engine->decoder),
                               .overlap = sj_decoder_overlap(engine->decoder)};
  sj_status status = sj_tokenize(engine->tokenizer, arena, session->text.bytes,
                                 session->text.len, &session->tokens);
  if (status == SJ_OK)
    status = sj_tokenize_cut(engine->tokenizer, arena, &session->text,
                             &session->tokens, plan, &session->cuts);
  if (status == SJ_OK)
    status = sj_scores_take(engine->decoder, arena, session->tokens.len,
                            &session->scores);
  if (status != SJ_OK) return status;
  session->answers = sj_arena_take(arena, session->cuts.len);
  session->window_ids =
      sj_arena_take(arena, plan.window * sizeof(*session->window_ids));
  if (session->answers == NULL || session->window_ids == NULL) return SJ_NOMEM;
  return take_features(session, plan.window);
}

// What no answered window held was not scanned: windows are in order, and each
// names the bytes it answers for.
static sj_status note_unanswered(sj_session *session) {
  if (session->engine->tokenizer == NULL) return SJ_OK;
  uint32_t seen = 0;
  for (size_t i = 0; i < session->cuts.len; i++) {
    const sj_cut *cut = &session->cuts.at[i];
    if (session->answers[i] != SJ_ANSWER_TAKEN) continue;
    if (cut->start > seen) {
      const sj_status status = sj_ranges_push(
          &session->unscanned, &session->arena, (sj_range){seen, cut->start});
      if (status != SJ_OK) return status;
    }
    if (cut->end > seen) seen = cut->end;
  }
  if (seen >= session->text.len) return SJ_OK;
  return sj_ranges_push(&session->unscanned, &session->arena,
                        (sj_range){seen, session->text.len});
}

// Under strict nothing that anybody claims is dropped for the model's word,
// and nowhere for the word of a model that has not seen the whole text.
static bool may_doubt(const sj_session *session) {
  if (session->engine->tokenizer == NULL || session->policy.strict)
    return false;
  for (size_t i = 0; i < session->cuts.len; i++)
    if (session->answers[i] != SJ_ANSWER_TAKEN) return false;
  return true;
}

// What came close and stays in clear: what the model nearly claimed, and what
// was claimed and dropped. Nothing of it hides anything.
static sj_status find_near(sj_session *session) {
  sj_claims close = {0};
  sj_claims near = {0};
  sj_arena *arena = &session->arena;
  sj_status status = SJ_OK;
  if (session->engine->tokenizer != NULL)
    status = sj_decode_near(session->engine->decoder, arena, &session->text,
                            &session->tokens, &session->scores, &close);
  if (status == SJ_OK)
    status = sj_near_run(arena,
                         &(sj_near_input){.text = &session->text,
                                          .close = &close,
                                          .claims = &session->claims,
                                          .spans = session->merged.spans,
                                          .count = session->merged.count},
                         &near);
  return status == SJ_OK ? sj_merge(arena, &near, &session->near) : status;
}

// The stages from the last answer on.
static sj_status second_pass(sj_session *session) {
  if (session->engine->rules_only) return SJ_OK;
  sj_status status = note_unanswered(session);
  if (status == SJ_OK && session->engine->tokenizer != NULL)
    status =
        sj_decode_run(session->engine->decoder, &session->arena, &session->text,
                      &session->tokens, &session->scores, &session->claims);
  if (status == SJ_OK && may_doubt(session))
    sj_decode_doubt(session->engine->decoder, &session->tokens,
                    &session->scores, &session->claims);
  // Before echo too: what is dropped in one place is no name elsewhere.
  if (status == SJ_OK) status = run_veto(session, &session->claims);
  if (status == SJ_OK)
    status = sj_echo_run(&session->arena, &session->words, &session->view,
                         session->engine->echo_source, &session->claims);
  if (status == SJ_OK && session->policy.strict)
    status = sj_strict_run(&session->arena, &session->words, &session->view,
                           session->engine->strict_source, &session->claims);
  if (status == SJ_OK) status = run_veto(session, &session->claims);
  if (status == SJ_OK) status = settle(session);
  return status == SJ_OK ? find_near(session) : status;
}

// The stages up to the point where the model's turn comes.
static sj_status first_pass(sj_session *session,
                            const sj_session_options *options,
                            sj_error *error) {
  const bool rules_only = session->engine->rules_only;
  sj_status status = sj_view_build(&session->view, &session->arena,
                                   &session->text, options->langs);
  if (status == SJ_OK && !rules_only)
    status =
        sj_words_find(&session->words, &session->arena,
                      session->engine->lexicon, &session->text, &session->view);
  if (status == SJ_OK)
    status =
        sj_rules_run(session->scan, &session->arena, &session->text,
                     &session->view, &session->claims, &session->unscanned);
  if (status == SJ_OK)
    status =
        sj_rules_tables(session->scan, &session->arena, &session->text,
                        &session->view, &session->claims, &session->unscanned);
  if (status == SJ_OK)
    status =
        sj_veto_part(&session->arena, &session->claims, &session->protections);
  if (rules_only) return status == SJ_OK ? settle(session) : status;
  if (status == SJ_OK)
    sj_evidence_doubt(session->engine->evidence, &session->words,
                      &session->view, &session->claims);
  const size_t by_rules = session->claims.len;
  if (status == SJ_OK)
    status = sj_evidence_run(session->engine->evidence, &session->arena,
                             &session->words, &session->view,
                             session->policy.strict, &session->claims);
  if (status == SJ_OK) status = show_model(session, by_rules);
  if (status == SJ_OK)
    status =
        sj_known_run(session->engine->known, &session->arena, &options->known,
                     &session->view, &session->claims, error);
  if (status == SJ_OK) status = run_veto(session, &session->claims);
  if (status == SJ_OK) status = take_windows(session);
  if (status == SJ_OK) status = settle(session);
  return status;
}

sj_status sj_session_new(const sj_engine *engine, sj_session **out) {
  *out = NULL;
  sj_session *session = sj_alloc(engine->allocator, sizeof(*session));
  if (session == NULL) return SJ_NOMEM;
  session->engine = engine;
  sj_arena_init(&session->arena, engine->allocator);
  sj_arena_init(&session->output, engine->allocator);
  const sj_status status = sj_scan_new(engine->rules, &session->scan);
  if (status != SJ_OK) {
    sj_session_free(session);
    return status;
  }
  *out = session;
  return SJ_OK;
}

void sj_session_free(sj_session *session) {
  if (session == NULL) return;
  sj_session_reset(session);
  sj_arena_release(&session->arena);
  sj_arena_release(&session->output);
  sj_scan_free(session->scan);
  sj_free(session->engine->allocator, session);
}

void sj_session_reset(sj_session *session) {
  sj_wipe_stack();
  sj_arena_reset(&session->arena);
  sj_arena_reset(&session->output);
  sj_scan_wipe(session->scan);
  session->state = SJ_SESSION_EMPTY;
  session->policy = (sj_policy){0};
  session->text = (sj_text){0};
  session->view = (sj_view){0};
  session->words = (sj_words){0};
  session->tokens = (sj_tokens){0};
  session->cuts = (sj_cuts){0};
  session->scores = (sj_scores){0};
  session->answers = NULL;
  session->window_ids = NULL;
  session->shown = (sj_claims){0};
  session->features = NULL;
  session->window_features = NULL;
  session->window = 0;
  session->claims = (sj_claims){0};
  session->protections = (sj_claims){0};
  session->unscanned = (sj_ranges){0};
  session->lines = (sj_ranges){0};
  session->coverage = (sj_coverage){0};
  session->merged = (sj_merged){0};
  session->near = (sj_merged){0};
}

sj_status sj_session_start(sj_session *session,
                           const char *text,
                           size_t len,
                           const sj_session_options *options,
                           sj_error *error) {
  static const sj_session_options usual = {0};
  if (error != NULL) *error = (sj_error){0};
  sj_session_reset(session);
  if (options == NULL) options = &usual;
  sj_status status = check_options(session, options, error);
  if (status != SJ_OK) return status;

  size_t bad_at = 0;
  status = sj_text_take(&session->text, &session->arena, text, len, &bad_at);
  if (status == SJ_OK) status = first_pass(session, options, error);
  if (status != SJ_OK) {
    sj_session_reset(session);
    if (status == SJ_JSON) return status; // said already: where in the chart
    return fail(error, status, bad_at);
  }
  session->state = SJ_SESSION_STARTED;
  return SJ_OK;
}

// The features of a window's tokens, from row `before` on; the rows of special
// tokens are zero.
static void fill_features(sj_session *session,
                          const sj_cut *cut,
                          size_t before,
                          size_t len) {
  const size_t count = session->engine->features.count;
  int32_t *out = session->window_features;
  if (count == 0) return;
  memset(out, 0, len * count * sizeof(*out));
  const uint8_t *in = session->features + cut->first * count;
  const size_t values = (cut->last - cut->first) * count;
  for (size_t i = 0; i < values; i++)
    out[before * count + i] = in[i];
}

bool sj_session_next(sj_session *session, sj_window *out) {
  *out = (sj_window){0};
  if (session->state != SJ_SESSION_STARTED ||
      session->window >= session->cuts.len)
    return false;
  const sj_cut *cut = &session->cuts.at[session->window];
  const int32_t *special = NULL;
  size_t len = sj_tokenize_before(session->engine->tokenizer, &special);
  int32_t *ids = session->window_ids;
  if (len > 0) memcpy(ids, special, len * sizeof(*ids));
  const size_t before = len;
  const size_t tokens = cut->last - cut->first;
  memcpy(ids + len, session->tokens.ids + cut->first, tokens * sizeof(*ids));
  len += tokens;
  const size_t after = sj_tokenize_after(session->engine->tokenizer, &special);
  if (after > 0) memcpy(ids + len, special, after * sizeof(*ids));
  fill_features(session, cut, before, len + after);
  *out = (sj_window){.index = session->window,
                     .count = (uint32_t)session->cuts.len,
                     .len = (uint32_t)(len + after),
                     .start = cut->start,
                     .end = cut->end,
                     .ids = ids,
                     .features = session->window_features,
                     .feature_count = session->engine->features.count};
  return true;
}

sj_status sj_session_answer(sj_session *session,
                            const float *logits,
                            size_t rows,
                            size_t cols) {
  sj_window window;
  if (!sj_session_next(session, &window)) return SJ_STATE;
  const sj_engine *engine = session->engine;
  const sj_cut *cut = &session->cuts.at[session->window];
  uint8_t *answer = &session->answers[session->window++];
  const int32_t *special = NULL;
  const size_t before = sj_tokenize_before(engine->tokenizer, &special);
  sj_status status = SJ_MODEL;
  if (logits != NULL && rows == window.len &&
      cols == sj_decoder_tag_count(engine->decoder))
    status = sj_scores_add(engine->decoder, &session->scores, cut->first,
                           logits + before * cols, cut->last - cut->first);
  *answer = status == SJ_OK ? SJ_ANSWER_TAKEN : SJ_ANSWER_REFUSED;
  return status;
}

sj_status sj_session_finish(sj_session *session) {
  if (session->state != SJ_SESSION_STARTED) return SJ_STATE;
  const sj_status status = second_pass(session);
  if (status != SJ_OK) {
    sj_session_reset(session);
    return status;
  }
  session->state = SJ_SESSION_FINISHED;
  return SJ_OK;
}

const sj_span *sj_session_spans(const sj_session *session, size_t *count) {
  *count = session->merged.count;
  return session->merged.spans;
}

const sj_source *sj_session_sources(const sj_session *session, size_t *count) {
  *count = session->merged.source_count;
  return session->merged.sources;
}

const sj_span *sj_session_near(const sj_session *session, size_t *count) {
  *count = session->near.count;
  return session->near.spans;
}

const sj_source *sj_session_near_sources(const sj_session *session,
                                         size_t *count) {
  *count = session->near.source_count;
  return session->near.sources;
}

uint32_t sj_session_claimed(const sj_session *session, sj_kind kind) {
  uint32_t labels = 0;
  for (size_t i = 0; i < session->claims.len; i++)
    if (session->claims.at[i].kind == kind)
      labels |= 1u << session->claims.at[i].label;
  return labels;
}

unsigned sj_session_langs(const sj_session *session) {
  unsigned langs = 0;
  for (uint32_t i = 0;
       session->view.lang != NULL && i < session->text.line_count; i++)
    if (session->view.lang[i] != SJ_LANG_ALL) langs |= session->view.lang[i];
  return langs != 0 ? langs : SJ_LANG_ALL;
}

sj_coverage sj_session_coverage(const sj_session *session) {
  return session->coverage;
}

const sj_range *sj_session_unscanned(const sj_session *session, size_t *count) {
  *count = session->lines.len;
  return session->lines.at;
}

// Whether a check digit confirms a number. Checks of ranges alone confirm
// nearly everything that is as long.
static bool confirmed(const uint8_t *bytes, size_t len) {
  static const char *const loose[] = {"ssn", "itin", "ipv4", "mbi", "ramq"};
  for (size_t i = 0; sj_check_name(i) != NULL; i++) {
    const char *name = sj_check_name(i);
    bool counts = true;
    for (size_t k = 0; k < sizeof loose / sizeof *loose; k++)
      counts = counts && strcmp(name, loose[k]) != 0;
    if (counts && sj_check_run(sj_check_find(name, strlen(name)), bytes, len))
      return true;
  }
  return false;
}

sj_status sj_session_replace(sj_session *session,
                             const sj_span *spans,
                             size_t count,
                             const sj_replace_options *options,
                             sj_output *out) {
  *out = (sj_output){0};
  if (session->state != SJ_SESSION_FINISHED) return SJ_STATE;
  const bool partial = options != NULL && options->allow_partial;
  if (!session->coverage.complete && !partial) return SJ_INCOMPLETE;
  sj_arena_reset(&session->output);
  const sj_replace_input in = {
      .text = &session->text,
      .spans = spans == NULL ? session->merged.spans : spans,
      .count = spans == NULL ? session->merged.count : count,
      .subtypes = session->engine->names,
      .policy = &session->policy,
      .claims = &session->claims,
      .pools = session->engine->pools,
      .langs = session->view.lang,
      .confirmed = confirmed,
      .unscanned = session->lines.at,
      .unscanned_count = session->lines.len,
      .options = options};
  return sj_replace_run(&session->output, &in, out);
}
