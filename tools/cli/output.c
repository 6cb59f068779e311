// SPDX-License-Identifier: Apache-2.0
//
// output.c - see output.h.

#include "output.h"

#include <stdio.h>
#include <string.h>

#include "../common/json_write.h"
#include "output_units.h"

const char *sj_source_name(const sj_setup *setup, uint32_t id) {
  const char *name = sj_engine_source_name(setup->engine, id);
  return name ? name : "";
}

static void write_id(sj_buffer *out, sj_id id) {
  sj_buffer_put(out, "{");
  if (id.len == 0) return;
  sj_buffer_put(out, "\"id\":");
  sj_buffer_add(out, id.json, id.len);
  sj_buffer_put(out, ",");
}

static void write_sources(sj_buffer *out,
                          const sj_setup *setup,
                          const sj_source *sources,
                          size_t count) {
  sj_buffer_put(out, "\"sources\":[");
  for (size_t i = 0; i < count; i++) {
    sj_buffer_put(out, "{");
    sj_put_pair(out, "kind", sj_kind_name(sources[i].kind));
    sj_put_pair(out, "id", sj_source_name(setup, sources[i].id));
    sj_buffer_put(out, "\"score\":");
    sj_put_thousandths(out, sources[i].score);
    sj_buffer_put(out, "},");
  }
  sj_put_end(out, ']');
}

static void write_span(sj_buffer *out,
                       const sj_setup *setup,
                       const sj_result *result,
                       const sj_span *span,
                       sj_cursor *cursor) {
  sj_buffer_put(out, "{");
  sj_put_count(out, "start", sj_cursor_to(cursor, span->start));
  sj_put_count(out, "end", sj_cursor_to(cursor, span->end));
  sj_put_pair(out, "label", sj_label_name(span->label));
  if (span->role != SJ_ROLE_NONE)
    sj_put_pair(out, "role", sj_role_name(span->role));
  const char *subtype = sj_engine_subtype_name(setup->engine, span->subtype);
  if (subtype && *subtype) sj_put_pair(out, "subtype", subtype);
  if (setup->options->text) {
    sj_buffer_put(out, "\"text\":");
    sj_put_string(out, result->text + span->start,
                  (size_t)span->end - span->start);
    sj_buffer_put(out, ",");
  }
  sj_buffer_put(out, "\"score\":");
  sj_put_thousandths(out, span->score);
  sj_buffer_put(out, ",");
  size_t count;
  const sj_source *sources = sj_session_sources(result->session, &count);
  write_sources(out, setup, sources + span->source, span->source_count);
  sj_buffer_put(out, "}");
}

static void write_ms(sj_buffer *out, double ms) {
  char number[32];
  const int len = snprintf(number, sizeof(number), "\"ms\":%.3f}\n", ms);
  sj_buffer_add(out, number, (size_t)len);
}

void sj_write_result(sj_buffer *out,
                     const sj_setup *setup,
                     const sj_result *result) {
  size_t count;
  const sj_span *spans = sj_session_spans(result->session, &count);
  const bool complete = sj_session_coverage(result->session).complete;
  // Room for all of it at once, so that a large result is not copied while it
  // grows; what is not written to costs nothing.
  if (!out->drain) sj_buffer_reserve(out, count * 256 + 1024);
  write_id(out, result->id);
  sj_put_pair(out, "unit", sj_unit_name(setup->unit));
  sj_buffer_put(out, complete ? "\"complete\":true," : "\"complete\":false,");
  if (result->scrubbed && result->scrubbed->unscanned > 0)
    sj_put_count(out, "unscanned", result->scrubbed->unscanned);
  sj_buffer_put(out, "\"entities\":[");
  sj_cursor cursor = {setup->unit, result->text, 0, 0};
  for (size_t i = 0; i < count; i++) {
    if (i > 0) sj_buffer_put(out, ",");
    write_span(out, setup, result, &spans[i], &cursor);
    sj_buffer_part(out);
  }
  sj_buffer_put(out, "],");
  if (result->scrubbed) {
    sj_buffer_put(out, "\"text\":");
    sj_put_string(out, result->scrubbed->text, result->scrubbed->len);
    sj_buffer_put(out, ",");
  }
  write_ms(out, result->ms);
}

void sj_write_tokens(sj_buffer *out,
                     const sj_setup *setup,
                     const sj_result *result,
                     sj_tokens tokens) {
  write_id(out, result->id);
  sj_put_pair(out, "unit", sj_unit_name(setup->unit));
  sj_buffer_put(out, "\"ids\":[");
  for (size_t i = 0; i < tokens.len; i++) {
    if (i > 0) sj_buffer_put(out, ",");
    sj_buffer_number(out, (uint64_t)tokens.ids[i]);
  }
  sj_buffer_put(out, "],\"offsets\":[");
  // A token may begin inside the former one's range: one cursor for each edge.
  sj_cursor start = {setup->unit, result->text, 0, 0};
  sj_cursor end = start;
  for (size_t i = 0; i < tokens.len; i++) {
    sj_buffer_put(out, i > 0 ? ",[" : "[");
    sj_buffer_number(out, sj_cursor_to(&start, tokens.start[i]));
    sj_buffer_put(out, ",");
    sj_buffer_number(out, sj_cursor_to(&end, tokens.end[i]));
    sj_buffer_put(out, "]");
  }
  sj_buffer_put(out, "]}\n");
}

sj_failure sj_failure_of(sj_status status, const sj_error *error) {
  sj_failure failure = {.status = status, .what = sj_status_text(status)};
  if (!error || error->status != status) return failure;
  if (error->what) failure.what = error->what;
  failure.placed = status == SJ_UTF8 || status == SJ_JSON;
  failure.at = error->at;
  memcpy(failure.where, error->where, sizeof(failure.where));
  failure.where[sizeof(failure.where) - 1] = '\0';
  return failure;
}

void sj_write_failure(sj_buffer *out,
                      sj_id id,
                      size_t line,
                      const sj_failure *failure) {
  write_id(out, id);
  sj_put_count(out, "line", line);
  sj_buffer_put(out, "\"error\":{");
  sj_put_pair(out, "code", sj_status_name(failure->status));
  char message[400] = "";
  if (failure->placed)
    snprintf(message, sizeof(message), "byte %zu: ", failure->at);
  const size_t used = strlen(message);
  snprintf(message + used, sizeof(message) - used, "%s%s%s", failure->what,
           failure->where[0] ? ": " : "", failure->where);
  sj_put_pair(out, "message", message);
  sj_put_end(out, '}');
  sj_buffer_put(out, "}\n");
}
