// SPDX-License-Identifier: Apache-2.0
//
// explain.c - see explain.h. The shape of a finding:
//
//     12-22  NAME (patient)  0.950  labelled
//       rule     en-patient-name  +0.800
//       context  en-chart-words   +0.150
//
// A tool that wants these numbers reads `scrubjay find` instead.

#include "explain.h"

#include <stdio.h>
#include <string.h>

#include "../common/json_write.h"
#include "output_units.h"

static void write_flags(sj_buffer *out, unsigned flags) {
  static const struct {
    unsigned flag;
    const char *word;
  } words[] = {{SJ_FLAG_UNCERTAIN, "uncertain"},
               {SJ_FLAG_VALIDATED, "validated"},
               {SJ_FLAG_LABELLED, "labelled"},
               {SJ_FLAG_KNOWN, "known"},
               {SJ_FLAG_MANUAL, "manual"}};
  const char *before = "  ";
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
    if (!(flags & words[i].flag)) continue;
    sj_buffer_put(out, before);
    sj_buffer_put(out, words[i].word);
    before = ", ";
  }
}

static void write_head(sj_buffer *out,
                       const sj_setup *setup,
                       const sj_span *span,
                       sj_cursor *cursor) {
  sj_buffer_number(out, sj_cursor_to(cursor, span->start));
  sj_buffer_put(out, "-");
  sj_buffer_number(out, sj_cursor_to(cursor, span->end));
  sj_buffer_put(out, "  ");
  sj_buffer_put(out, sj_label_name(span->label));
  const char *subtype = sj_engine_subtype_name(setup->engine, span->subtype);
  const char *detail =
      span->role != SJ_ROLE_NONE ? sj_role_name(span->role) : subtype;
  if (detail && *detail) {
    sj_buffer_put(out, " (");
    sj_buffer_put(out, detail);
    sj_buffer_put(out, ")");
  }
  sj_buffer_put(out, "  ");
  sj_put_thousandths(out, span->score);
  write_flags(out, span->flags);
  sj_buffer_put(out, "\n");
}

static void
write_source(sj_buffer *out, const sj_setup *setup, const sj_source *source) {
  const char *kind = sj_kind_name(source->kind);
  const char *name = sj_source_name(setup, source->id);
  char line[256];
  const int len = snprintf(line, sizeof(line), "  %-8s %-28s ", kind, name);
  const size_t size = len < (int)sizeof(line) ? (size_t)len : sizeof(line) - 1;
  sj_buffer_add(out, line, size);
  if (source->score >= 0) sj_buffer_put(out, "+");
  sj_put_thousandths(out, source->score);
  sj_buffer_put(out, "\n");
}

static void write_coverage(sj_buffer *out, const sj_session *session) {
  const sj_coverage coverage = sj_session_coverage(session);
  sj_buffer_number(out, coverage.scanned);
  sj_buffer_put(out, " of ");
  sj_buffer_number(out, coverage.chars);
  sj_buffer_put(out, " letters and digits were scanned");
  sj_buffer_put(out, coverage.complete ? "\n" : ": NOT COMPLETE\n");
}

void sj_write_explanation(sj_buffer *out,
                          const sj_setup *setup,
                          const sj_result *result) {
  size_t count;
  size_t source_count;
  const sj_span *spans = sj_session_spans(result->session, &count);
  const sj_source *sources = sj_session_sources(result->session, &source_count);
  sj_cursor cursor = {setup->unit, result->text, 0, 0};
  if (setup->options->file_count > 1) {
    sj_buffer_put(out, "== ");
    sj_buffer_add(out, result->id.json, result->id.len);
    sj_buffer_put(out, "\n");
  }
  sj_buffer_number(out, count);
  sj_buffer_put(out, count == 1 ? " finding" : " findings");
  sj_buffer_put(out, "; offsets in unit ");
  sj_buffer_put(out, sj_unit_name(setup->unit));
  sj_buffer_put(out, "; ");
  write_coverage(out, result->session);
  for (size_t i = 0; i < count; i++) {
    const sj_span *span = &spans[i];
    sj_buffer_put(out, "\n");
    write_head(out, setup, span, &cursor);
    if (setup->options->text) {
      sj_buffer_put(out, "  text     ");
      sj_put_string(out, result->text + span->start,
                    (size_t)span->end - span->start);
      sj_buffer_put(out, "\n");
    }
    for (size_t k = 0; k < span->source_count; k++)
      write_source(out, setup, &sources[span->source + k]);
    sj_buffer_part(out);
  }
}
