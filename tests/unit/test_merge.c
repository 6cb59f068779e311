// SPDX-License-Identifier: Apache-2.0
//
// Spans are drawn: one row each, a letter for its claim and '~' up to the last
// byte. N is a name of the model, P a provider's name, I an id of a rule, S a
// number that a check digit confirmed; small letters are the same, vetoed.

#include "check.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"
#include "failing_alloc.h"
#include "merge.h"

static sj_claim claim_of(char letter) {
  sj_claim claim = {.label = SJ_LABEL_NAME,
                    .score = 700,
                    .kind = SJ_KIND_MODEL,
                    .source = (uint32_t)letter};
  const int kind = toupper((unsigned char)letter);
  if (kind == 'P') claim.role = SJ_ROLE_PROVIDER, claim.score = 600;
  if (kind == 'I') claim.label = SJ_LABEL_ID, claim.score = 900;
  if (kind == 'S') {
    claim.label = SJ_LABEL_NATIONAL_ID;
    claim.score = 500;
    claim.flags = SJ_FLAG_VALIDATED;
    claim.check = 77;
  }
  claim.vetoed = islower((unsigned char)letter) != 0;
  claim.veto = claim.vetoed != 0 ? 88 : 0;
  return claim;
}

static sj_status
read_claims(sj_arena *arena, const char *rows, sj_claims *out) {
  uint32_t column = 0;
  sj_claim *open = NULL;
  for (const char *p = rows; *p != '\0'; p++, column++) {
    if (*p == '~' && open != NULL) open->end = column + 1;
    if (*p == '\n') column = UINT32_MAX;
    if (!isalpha((unsigned char)*p)) continue;
    sj_claim claim = claim_of(*p);
    claim.start = column;
    claim.end = column + 1;
    if (sj_claims_push(out, arena, claim) != SJ_OK) return SJ_NOMEM;
    open = &out->at[out->len - 1];
  }
  return SJ_OK;
}

static void draw(const sj_merged *merged, char *row, size_t width) {
  memset(row, ' ', width);
  for (size_t i = 0; i < merged->count; i++) {
    const sj_span *span = &merged->spans[i];
    memset(row + span->start, '~', span->end - span->start);
    row[span->start] = span->label == SJ_LABEL_ID            ? 'I'
                       : span->label == SJ_LABEL_NATIONAL_ID ? 'S'
                       : span->role == SJ_ROLE_PROVIDER      ? 'P'
                                                             : 'N';
  }
  row[width] = '\0';
}

static bool merges_to(const char *rows, const char *want) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_claims claims = {0};
  sj_merged merged;
  char row[100];
  CHECK(read_claims(&arena, rows, &claims) == SJ_OK);
  CHECK(sj_merge(&arena, &claims, &merged) == SJ_OK);
  draw(&merged, row, strlen(want));
  sj_arena_release(&arena);
  return strcmp(row, want) == 0;
}

static void keeps_apart_what_does_not_overlap(void) {
  CHECK(merges_to("N~~      \n"
                  "   N~~   \n"
                  "       I~",
                  "N~~N~~ I~"));
}

static void covers_the_union_and_takes_the_surer_label(void) {
  CHECK(merges_to("N~~~~~    \n"
                  "   I~~~~~~",
                  "I~~~~~~~~~"));
  CHECK(merges_to("N~~~      \n"
                  "   N~~~   \n"
                  "      I~~~",
                  "I~~~~~~~~~"));
}

static void a_check_digit_beats_a_score(void) {
  CHECK(merges_to(" S~~ \nI~~~~", "S~~~~"));
}

static void a_role_is_kept_where_the_surest_has_none(void) {
  CHECK(merges_to("N~~~~~\n   P~~", "P~~~~~"));
}

static void order_makes_no_difference(void) {
  CHECK(merges_to("   I~~\nN~~~~~", "I~~~~~"));
  CHECK(merges_to("N~~~~~\n   I~~", "I~~~~~"));
}

static void vetoed_claims_hide_nothing(void) {
  CHECK(merges_to("n~~~  \n    I~", "    I~"));
}

static void sources_name_claim_check_and_veto(void) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_claims claims = {0};
  sj_merged merged;
  CHECK(read_claims(&arena, "S~~~~~ \n n~~   \nS~~~~~ ", &claims) == SJ_OK);
  CHECK(sj_merge(&arena, &claims, &merged) == SJ_OK);
  CHECK(merged.count == 1 && merged.source_count == 3);
  CHECK(merged.spans[0].source_count == 3);
  CHECK(merged.sources[0].kind == SJ_KIND_MODEL && merged.sources[0].id == 'S');
  CHECK(merged.sources[1].kind == SJ_KIND_VETO && merged.sources[1].id == 88);
  CHECK(merged.sources[1].score == -700);
  CHECK(merged.sources[2].kind == SJ_KIND_CHECK && merged.sources[2].id == 77);
  sj_arena_release(&arena);
}

static sj_status run(sj_allocator allocator, void *ctx) {
  sj_arena arena;
  sj_arena_init(&arena, allocator);
  sj_claims claims = {0};
  sj_status status = SJ_OK;
  for (int i = 0; i < 3000 && status == SJ_OK; i++)
    status = read_claims(&arena, ctx, &claims);
  sj_merged merged;
  if (status == SJ_OK) status = sj_merge(&arena, &claims, &merged);
  sj_arena_release(&arena);
  return status;
}

static void every_failed_allocation_is_a_status(void) {
  char rows[] = "N~~~ S~~\n  i~~~~";
  CHECK(sj_test_each_fails(run, rows, NULL) > 3);
}

int main(void) {
  RUN(keeps_apart_what_does_not_overlap);
  RUN(covers_the_union_and_takes_the_surer_label);
  RUN(a_check_digit_beats_a_score);
  RUN(a_role_is_kept_where_the_surest_has_none);
  RUN(order_makes_no_difference);
  RUN(vetoed_claims_hide_nothing);
  RUN(sources_name_claim_check_and_veto);
  RUN(every_failed_allocation_is_a_status);
  return CHECK_DONE();
}
