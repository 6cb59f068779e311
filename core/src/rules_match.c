// SPDX-License-Identifier: Apache-2.0
//
// rules_match.c - one anchored attempt of PCRE2, bounded in every direction.
//
// The interpreter's own limits do not bound simple repeats, so the subject is
// cut behind the longest match that the rule allows. The match limit rises in
// tiers, since nearly every attempt ends within the first, and each tier is
// charged to the document's budget: the outcome hangs on counts alone, never
// on a clock, and is the same on every machine.

#include "rules_parts.h"

#include "base/utf8.h"

enum { CHARGE_USUAL = 20 };

static const uint32_t TIERS[] = {300, 1000, 10000, 100000};

static uint32_t window_end(const sj_view *view, uint32_t at, uint32_t reach) {
  if (view->len - at <= reach + SJ_MATCH_MARGIN) return view->len;
  uint32_t end = at + reach + SJ_MATCH_MARGIN;
  while (!sj_utf8_starts(view->bytes[end]))
    end--;
  return end;
}

static bool is_limit(int result) {
  return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
         result == PCRE2_ERROR_HEAPLIMIT;
}

static sj_attempt
take_hit(const sj_scan *scan, const sj_pattern *pattern, sj_hit *out) {
  const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scan->data);
  const PCRE2_SIZE *mark = &ends[2 * (size_t)pattern->mark];
  if (mark[0] == PCRE2_UNSET || mark[0] >= mark[1]) return SJ_ATTEMPT_MISS;
  *out = (sj_hit){.start = (uint32_t)mark[0],
                  .end = (uint32_t)mark[1],
                  .past = (uint32_t)mark[1]};
  return SJ_ATTEMPT_HIT;
}

static PCRE2_SIZE match_end(const sj_scan *scan) {
  return pcre2_get_ovector_pointer(scan->data)[1];
}

sj_attempt sj_scan_try(sj_scan *scan,
                       uint32_t pattern,
                       const sj_view *view,
                       uint32_t at,
                       uint64_t *budget,
                       sj_hit *out) {
  const sj_pattern *p = &scan->rules->patterns[pattern];
  const uint32_t end = window_end(view, at, p->reach);
  for (size_t i = 0; i < sizeof(TIERS) / sizeof(TIERS[0]); i++) {
    const uint64_t charge = i == 0 ? CHARGE_USUAL : TIERS[i];
    if (*budget < charge) {
      *budget = 0;
      return SJ_ATTEMPT_TRIPPED;
    }
    *budget -= charge;
    (void)pcre2_set_match_limit(scan->limits, TIERS[i]);
    const int result = pcre2_match(p->code, view->bytes, end, at,
                                   PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK,
                                   scan->data, scan->limits);
    // A match that runs into the cut may go on behind it: what it covers is
    // not known, so it counts as a limit.
    if (result > 0 && end < view->len && match_end(scan) >= end)
      return SJ_ATTEMPT_TRIPPED;
    if (result > 0) return take_hit(scan, p, out);
    if (result == PCRE2_ERROR_NOMATCH) return SJ_ATTEMPT_MISS;
    if (result == PCRE2_ERROR_NOMEMORY) return SJ_ATTEMPT_NOMEM;
    if (!is_limit(result)) return SJ_ATTEMPT_TRIPPED;
  }
  return SJ_ATTEMPT_TRIPPED;
}
