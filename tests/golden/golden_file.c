// SPDX-License-Identifier: Apache-2.0
//
// golden_file.c - heads and sections.

#include "golden_file.h"

#include <stdlib.h>
#include <string.h>

static sj_golden_part line_at(const char *at, const char *end) {
  const char *stop = memchr(at, '\n', (size_t)(end - at));
  return (sj_golden_part){at, (size_t)((stop != NULL ? stop : end) - at)};
}

static const char *after(sj_golden_part line, const char *end) {
  const char *past = line.at + line.len;
  return past < end ? past + 1 : end;
}

static bool
begins(sj_golden_part line, const char *word, sj_golden_part *rest) {
  const size_t len = strlen(word);
  if (line.len < len || memcmp(line.at, word, len) != 0) return false;
  *rest = (sj_golden_part){line.at + len, line.len - len};
  return true;
}

// Everything up to the next section or case, without the last line end, nor a
// blank line before a case.
static sj_golden_part body(const char **at, const char *end) {
  const char *start = *at;
  while (*at < end) {
    const sj_golden_part line = line_at(*at, end);
    sj_golden_part rest;
    if (begins(line, "=== ", &rest) || begins(line, "--- ", &rest)) break;
    *at = after(line, end);
  }
  size_t len = (size_t)(*at - start);
  if (len > 0 && start[len - 1] == '\n') len--;
  const bool case_follows = *at == end || **at == '=';
  if (case_follows && len > 0 && start[len - 1] == '\n') len--;
  return (sj_golden_part){start, len};
}

static bool head(const char **at, const char *end, sj_golden_case *out) {
  while (*at < end) {
    const sj_golden_part line = line_at(*at, end);
    sj_golden_part repeat = {0};
    *at = after(line, end);
    if (line.len == 0) return out->provenance.len > 0;
    if (begins(line, "provenance: ", &out->provenance)) continue;
    if (begins(line, "lang: ", &out->lang)) continue;
    if (begins(line, "policy: ", &out->policy)) continue;
    if (!begins(line, "repeat: ", &repeat)) return false;
    out->repeat = strtoul(repeat.at, NULL, 10);
    if (out->repeat == 0) return false;
  }
  return false;
}

bool sj_golden_next(const char **at,
                    const char *end,
                    sj_golden_case *out,
                    const char **broken) {
  *out = (sj_golden_case){.repeat = 1};
  *broken = NULL;
  while (*at < end && **at == '\n')
    ++*at;
  if (*at == end) return false;
  const char *start = *at;
  const sj_golden_part first = line_at(*at, end);
  *broken = "a case starts with `=== TITLE`";
  if (!begins(first, "=== ", &out->title)) return false;
  *at = after(first, end);
  *broken = "a head has `provenance:`, known keys, and a blank line behind";
  if (!head(at, end, out)) return false;
  out->text = body(at, end);
  out->whole = (sj_golden_part){start, (size_t)(*at - start)};
  *broken = "too many outputs";
  while (*at < end) {
    const sj_golden_part line = line_at(*at, end);
    const size_t i = out->output_count;
    sj_golden_part style;
    if (!begins(line, "--- ", &style)) break;
    if (i == SJ_GOLDEN_OUTPUTS) return false;
    *at = after(line, end);
    out->style[i] = style;
    out->output[i] = body(at, end);
    out->output_count++;
  }
  *broken = NULL;
  return true;
}
