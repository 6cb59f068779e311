// SPDX-License-Identifier: Apache-2.0
//
// policy.c - what several policies say together.
//
// Of bases, the stricter word counts: what any of them hides is hidden. On top
// of them come the additions, which may open and close; of these too, closing
// wins. The order of the names says nothing.

#include "policy.h"

#include <string.h>

#include "base/alloc.h"
#include "policy_parts.h"

struct sj_policies {
  sj_allocator allocator;
  size_t count;
  sj_policy_def at[];
};

static bool is_policy(const sj_file *file) {
  static const char ending[] = ".policy";
  const size_t len = strlen(file->name);
  const size_t tail = sizeof ending - 1;
  return len > tail && strcmp(file->name + len - tail, ending) == 0;
}

static const sj_policy_def *
find(const sj_policies *policies, const char *name, size_t len) {
  for (size_t i = 0; i < policies->count; i++) {
    const sj_policy_def *def = &policies->at[i];
    if (strlen(def->name) == len && memcmp(def->name, name, len) == 0)
      return def;
  }
  return NULL;
}

static sj_status read_files(sj_policies *policies,
                            const sj_file *files,
                            size_t count,
                            sj_error *error) {
  for (size_t i = 0; i < count; i++) {
    if (!is_policy(&files[i])) continue;
    sj_policy_def *next = &policies->at[policies->count];
    const sj_status status = sj_policy_read(&files[i], next, error);
    if (status != SJ_OK) return status;
    if (find(policies, next->name, strlen(next->name)) != NULL)
      return sj_policy_fail(error, "another policy has this name",
                            files[i].name, next->name, 0);
    policies->count++;
  }
  return SJ_OK;
}

sj_status sj_policies_new(const sj_file *files,
                          size_t count,
                          sj_allocator allocator,
                          sj_policies **out,
                          sj_error *error) {
  *out = NULL;
  size_t wanted = 0;
  for (size_t i = 0; i < count; i++)
    wanted += is_policy(&files[i]);
  sj_policies *policies =
      sj_alloc(allocator, sizeof *policies + wanted * sizeof *policies->at);
  if (policies == NULL) return SJ_NOMEM;
  policies->allocator = allocator;
  const sj_status status = read_files(policies, files, count, error);
  if (status != SJ_OK) {
    sj_policies_free(policies);
    return status;
  }
  *out = policies;
  return SJ_OK;
}

void sj_policies_free(sj_policies *policies) {
  if (policies != NULL) sj_free(policies->allocator, policies);
}

bool sj_policies_have(const sj_policies *policies,
                      const char *name,
                      size_t len) {
  // An engine without files still knows the policy that hides everything.
  const size_t usual = sizeof SJ_POLICY_USUAL - 1;
  if (len == usual && memcmp(name, SJ_POLICY_USUAL, len) == 0) return true;
  return find(policies, name, len) != NULL;
}

/// What was said so far, by all bases and by all additions.
typedef struct tally {
  size_t bases, with_year, with_zip3;
  uint32_t base_keep, more_keep, more_hide;
  bool strict, more_zip3, more_year;
  uint8_t zip3_hidden[125];
  uint16_t year_since, base_age, more_age;
} tally;

static void count_base(tally *all, const sj_policy_def *def) {
  const uint16_t age = def->age_over == 0 ? SJ_POLICY_AGE : def->age_over;
  all->base_keep = all->bases == 0 ? def->keep : all->base_keep & def->keep;
  if (all->bases == 0 || age < all->base_age) all->base_age = age;
  all->with_year += def->year_since != 0;
  all->with_zip3 += def->zip3;
  all->bases++;
}

static void count_addition(tally *all, const sj_policy_def *def) {
  all->more_keep |= def->keep;
  all->more_hide |= def->hide;
  all->more_year = all->more_year || def->year_since != 0;
  all->more_zip3 = all->more_zip3 || def->zip3;
  if (def->age_over > all->more_age) all->more_age = def->age_over;
}

static void count(tally *all, const sj_policy_def *def) {
  if (def->addition)
    count_addition(all, def);
  else
    count_base(all, def);
  all->strict = all->strict || def->strict;
  if (def->year_since > all->year_since) all->year_since = def->year_since;
  for (size_t i = 0; i < sizeof all->zip3_hidden; i++)
    all->zip3_hidden[i] |= def->zip3_hidden[i];
}

static void settle(const tally *all, sj_policy *out) {
  *out = (sj_policy){.strict = all->strict};
  out->keep = (all->base_keep | all->more_keep) & ~all->more_hide;
  out->age_over = all->more_age > all->base_age ? all->more_age : all->base_age;
  out->zip3 = all->more_zip3 || all->with_zip3 == all->bases;
  if (all->more_year || all->with_year == all->bases)
    out->year_since = all->year_since;
  memcpy(out->zip3_hidden, all->zip3_hidden, sizeof out->zip3_hidden);
}

bool sj_policies_combine(const sj_policies *policies,
                         const char *names,
                         sj_policy *out) {
  static const sj_policy_def usual = {.name = SJ_POLICY_USUAL};
  tally all = {0};
  *out = (sj_policy){0};
  for (const char *at = names; at != NULL;) {
    const size_t len = strcspn(at, ",");
    if (!sj_policies_have(policies, at, len)) return false;
    const sj_policy_def *def = find(policies, at, len);
    count(&all, def == NULL ? &usual : def);
    at = at[len] == ',' ? at + len + 1 : NULL;
  }
  if (all.bases == 0) { // additions alone come on top of the usual policy
    const sj_policy_def *def =
        find(policies, SJ_POLICY_USUAL, sizeof SJ_POLICY_USUAL - 1);
    count(&all, def == NULL ? &usual : def);
  }
  settle(&all, out);
  return true;
}
