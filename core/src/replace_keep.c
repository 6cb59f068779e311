// SPDX-License-Identifier: Apache-2.0
//
// replace_keep.c - what a policy leaves in clear: whole places, or the year of
// a date and three digits of a ZIP code.
//
// A span is often made of several claims, and bears the label of the surest. It
// stays in clear only where that label explains all of it: a claim of something
// that is hidden, which no claim of something kept outdoes, hides the whole.

#include <stdlib.h>
#include <string.h>

#include "replace_parts.h"

// Claims that overlap one place; more than this many and it is hidden.
enum { CROWD = 64 };

// Claims by their start; `reach` is the furthest end of each and all before.
typedef struct claim_list {
  sj_claim *at;
  uint32_t *reach;
  size_t len;
} claim_list;

static int by_start(const void *a, const void *b) {
  const sj_claim *x = a;
  const sj_claim *y = b;
  return (x->start > y->start) - (x->start < y->start);
}

static sj_status
list_claims(sj_arena *arena, const sj_claims *claims, claim_list *out) {
  *out = (claim_list){0};
  const size_t count = claims == NULL ? 0 : claims->len;
  out->at = sj_arena_take(arena, count * sizeof *out->at);
  out->reach = sj_arena_take(arena, count * sizeof *out->reach);
  if (out->at == NULL || out->reach == NULL) return SJ_NOMEM;
  for (size_t i = 0; i < count; i++)
    if (claims->at[i].vetoed == 0) out->at[out->len++] = claims->at[i];
  if (out->len > 1) qsort(out->at, out->len, sizeof *out->at, by_start);
  uint32_t reach = 0;
  for (size_t i = 0; i < out->len; i++) {
    if (out->at[i].end > reach) reach = out->at[i].end;
    out->reach[i] = reach;
  }
  return SJ_OK;
}

static bool keeps(const sj_policy *policy, unsigned label, unsigned role) {
  return (policy->keep & sj_policy_bit(label, role)) != 0;
}

// Whether `open` covers `hidden` and is no less sure in anything.
static bool outdoes(const sj_claim *open, const sj_claim *hidden) {
  const unsigned proofs =
      SJ_FLAG_VALIDATED | SJ_FLAG_LABELLED | SJ_FLAG_KNOWN | SJ_FLAG_MANUAL;
  const unsigned missing = hidden->flags & proofs & ~(unsigned)open->flags;
  return open->start <= hidden->start && open->end >= hidden->end &&
         open->score >= hidden->score &&
         (missing == 0 || (open->flags & SJ_FLAG_KNOWN) != 0);
}

// Whether every claim that touches the place agrees that it may stay.
static bool agreed(const sj_policy *policy,
                   const claim_list *claims,
                   const sj_place *place) {
  size_t low = 0;
  size_t high = claims->len;
  while (low < high) { // the first that reaches into the place
    const size_t mid = low + (high - low) / 2;
    if (claims->reach[mid] <= place->start)
      low = mid + 1;
    else
      high = mid;
  }
  size_t past = low;
  while (past < claims->len && claims->at[past].start < place->end)
    past++;
  if (past - low > CROWD) return false;
  for (size_t i = low; i < past; i++) {
    const sj_claim *one = &claims->at[i];
    if (one->end <= place->start) continue;
    // A name without a role takes that of the place.
    const bool same = one->label == place->label && one->role == SJ_ROLE_NONE;
    if (same || keeps(policy, one->label, one->role)) continue;
    bool outdone = false;
    for (size_t k = low; k < past && !outdone; k++) {
      const sj_claim *open = &claims->at[k];
      outdone = keeps(policy, open->label, open->role) && outdoes(open, one);
    }
    if (!outdone) return false;
  }
  return true;
}

// An age that the policy leaves in clear, written in digits.
static bool age_stays(const sj_replace_input *in, const sj_place *place) {
  uint32_t age = 0;
  for (uint32_t i = place->start; i < place->end; i++) {
    const uint8_t byte = in->text->bytes[i];
    if (byte < '0' || byte > '9' || i - place->start > 2) return false;
    age = age * 10 + (byte - '0');
  }
  return age <= in->policy->age_over;
}

sj_status
sj_places_keep(sj_arena *arena, sj_places *places, const sj_replace_input *in) {
  const sj_policy *policy = in->policy;
  if (policy == NULL) return SJ_OK;
  // Where only ages below the least that is marked stay, nothing is kept.
  if (policy->keep == 0 && policy->age_over < 90) return SJ_OK;
  claim_list claims;
  if (list_claims(arena, in->claims, &claims) != SJ_OK) return SJ_NOMEM;
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    // What a person hid stays hidden.
    if ((place->flags & SJ_FLAG_MANUAL) != 0) continue;
    if (keeps(policy, place->label, place->role))
      place->kept = agreed(policy, &claims, place);
    else if (place->label == SJ_LABEL_AGE && policy->age_over >= 90)
      place->kept = age_stays(in, place);
  }
  return SJ_OK;
}

static bool is_us_zip(const sj_replace_input *in, const sj_place *place) {
  const char *subtype =
      in->subtypes == NULL ? NULL : sj_names_get(in->subtypes, place->subtype);
  const uint32_t len = place->end - place->start;
  if (subtype == NULL || strcmp(subtype, "us-zip") != 0) return false;
  if (len != 5 && len != 10) return false;
  for (uint32_t i = 0; i < len; i++) {
    const uint8_t byte = in->text->bytes[place->start + i];
    if (i == 5 ? byte != '-' : byte < '0' || byte > '9') return false;
  }
  return true;
}

static void open_zip(const sj_replace_input *in, sj_place *place) {
  if (!in->policy->zip3 || !is_us_zip(in, place)) return;
  const uint8_t *digits = in->text->bytes + place->start;
  const unsigned area =
      (digits[0] - '0') * 100u + (digits[1] - '0') * 10u + (digits[2] - '0');
  const uint8_t byte = in->policy->zip3_hidden[area / 8];
  if ((byte >> area % 8 & 1) == 0) place->skip = 3;
}

static void open_date(const sj_replace_input *in, sj_place *place) {
  int year = 0;
  uint32_t skip = 0;
  uint32_t drop = 0;
  if (in->policy->year_since == 0 ||
      !sj_date_year(in->text->bytes + place->start, place->end - place->start,
                    &year, &skip, &drop))
    return;
  if (year < in->policy->year_since) return;
  place->skip = skip;
  place->drop = drop;
}

void sj_places_open(sj_places *places, const sj_replace_input *in) {
  // Stand-ins take the place of the whole.
  if (in->policy == NULL ||
      (in->options != NULL && in->options->style == SJ_STYLE_CONSISTENT))
    return;
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    if (place->unscanned || (place->flags & SJ_FLAG_MANUAL) != 0) continue;
    if (place->label == SJ_LABEL_ZIP) open_zip(in, place);
    if (place->label == SJ_LABEL_DATE) open_date(in, place);
  }
}
