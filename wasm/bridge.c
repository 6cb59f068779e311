// SPDX-License-Identifier: Apache-2.0
//
// bridge.c - the engine for JavaScript. Bytes become UTF-16 units here and in
// bridge_tokenizer.c, and nowhere else.
//
// JavaScript holds three kinds of address: an engine, a document (a session
// with its text), and memory from sjw_take. Numbers cross as rows of int32 in
// the document's own buffer; text crosses as UTF-8. JSON is for constants and
// for the engine's description alone.

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

enum {
  STRIDE = 1024, // bytes between two entries of the offset table
  SPAN_COLS = 9,
  SOURCE_COLS = 3,
  RANGE_COLS = 2,
  COVERAGE_COLS = 5,
  WINDOW_COLS = 8,
  MAP_COLS = 6,
  LEAK_COLS = 3,
  LEAKS = 64
};

/// A session, its text, and where UTF-16 stands in it.
typedef struct document {
  sj_session *session;
  char *text; ///< handed over by JavaScript; wiped with the document
  uint32_t len;
  uint32_t units;     ///< UTF-16 length
  uint32_t *units_at; ///< UTF-16 index of byte k * STRIDE, rounded down to
                      ///< the character that holds it
  int32_t *rows;      ///< what the last read call wrote
  size_t room;        ///< in int32
  sj_output output;
} document;

// Not memset: the compiler may drop that before a free.
static void wipe(void *at, size_t len) {
  volatile unsigned char *byte = at;
  while (len-- > 0)
    *byte++ = 0;
}

SJW_EXPORT void *sjw_take(size_t size) {
  return malloc(size > 0 ? size : 1);
}

SJW_EXPORT void sjw_give(void *at, size_t size) {
  if (at == NULL) return;
  wipe(at, size);
  free(at);
}

// ---------------------------------------------------------------------------
// Offsets
// ---------------------------------------------------------------------------

static bool index_units(document *doc) {
  const size_t entries = doc->len / STRIDE + 1;
  doc->units_at = malloc(entries * sizeof(*doc->units_at));
  if (doc->units_at == NULL) return false;
  uint32_t units = 0;
  for (uint32_t i = 0; i < doc->len; i++) {
    if (i % STRIDE == 0) doc->units_at[i / STRIDE] = units;
    units += sjw_units_of((uint8_t)doc->text[i]);
  }
  if (doc->len % STRIDE == 0) doc->units_at[doc->len / STRIDE] = units;
  doc->units = units;
  return true;
}

static int32_t to_units(const document *doc, uint32_t byte) {
  uint32_t units = doc->units_at[byte / STRIDE];
  for (uint32_t i = byte - byte % STRIDE; i < byte; i++)
    units += sjw_units_of((uint8_t)doc->text[i]);
  return (int32_t)units;
}

// False for an index past the end or between the halves of a character.
static bool to_byte(const document *doc, int32_t index, uint32_t *out) {
  if (index < 0 || (uint32_t)index > doc->units) return false;
  const uint32_t wanted = (uint32_t)index;
  uint32_t low = 0;
  uint32_t high = doc->len / STRIDE;
  while (low < high) { // the last entry that is not past it
    const uint32_t middle = (low + high + 1) / 2;
    if (doc->units_at[middle] <= wanted)
      low = middle;
    else
      high = middle - 1;
  }
  uint32_t byte = low * STRIDE;
  uint32_t units = doc->units_at[low];
  while (byte < doc->len &&
         (units < wanted || ((uint8_t)doc->text[byte] & 0xC0) == 0x80))
    units += sjw_units_of((uint8_t)doc->text[byte++]);
  *out = byte;
  return units == wanted;
}

// ---------------------------------------------------------------------------
// Constants
// ---------------------------------------------------------------------------

#define NAME_ROW(name, code, text) "\"" #name "\","
#define TEXT_ROW(name, code, text) "\"" text "\","
#define LABEL_ROW(name, code, group, placeholder, stem)                        \
  "{\"name\":\"" #name "\",\"group\":\"" group "\"},"

/// The lists that JavaScript must not type again, and the layouts of rows.
/// Every list ends with a null, which the reader drops.
SJW_EXPORT const char *sjw_constants(void) {
  return "{\"statuses\":[" SJ_STATUS_MAP(
      NAME_ROW) "null]"
                ",\"messages\":[" SJ_STATUS_MAP(
                    TEXT_ROW) "null]"
                              ",\"labels\":[" SJ_LABEL_MAP(
                                  LABEL_ROW) "null]"
                                             ",\"roles\":[" SJ_ROLE_MAP(
                                                 TEXT_ROW) "null]"
                                                           ",\"styles\":"
                                                           "[" SJ_STYLE_MAP(
                                                               TEXT_ROW) "null]"
                                                                         ",\"ki"
                                                                         "nds\""
                                                                         ":"
                                                                         "[" SJ_KIND_MAP(
                                                                             TEXT_ROW) "null]"
                                                                                       ",\"langs\":{\"auto\":0,\"en\":1,\"fr\":2}"
                                                                                       ",\"flags\":{\"uncertain\":1,\"validated\":2,\"labelled\":4,"
                                                                                       "\"known\":8,\"manual\":16}"
                                                                                       ",\"cols\":{\"span\":9,\"source\":3,\"range\":2,\"coverage\":5,"
                                                                                       "\"window\":8,\"map\":6}}";
}
_Static_assert(SJ_LANG_EN == 1 && SJ_LANG_FR == 2, "langs are written above");
_Static_assert(SJ_FLAG_UNCERTAIN == 1 && SJ_FLAG_VALIDATED == 2 &&
                   SJ_FLAG_LABELLED == 4 && SJ_FLAG_KNOWN == 8 &&
                   SJ_FLAG_MANUAL == 16,
               "flags are written above");
_Static_assert(SPAN_COLS == 9 && SOURCE_COLS == 3 && RANGE_COLS == 2 &&
                   COVERAGE_COLS == 5 && WINDOW_COLS == 8 && MAP_COLS == 6,
               "columns are written above");

SJW_EXPORT const char *sjw_version(void) {
  return sj_version();
}

// ---------------------------------------------------------------------------
// Errors: an sj_error in memory that JavaScript took
// ---------------------------------------------------------------------------

SJW_EXPORT size_t sjw_error_size(void) {
  return sizeof(sj_error);
}
SJW_EXPORT const char *sjw_error_what(const sj_error *error) {
  return error->what;
}
SJW_EXPORT const char *sjw_error_where(const sj_error *error) {
  return error->where;
}
SJW_EXPORT uint32_t sjw_error_line(const sj_error *error) {
  return error->line;
}
SJW_EXPORT uint32_t sjw_error_at(const sj_error *error) {
  return (uint32_t)error->at;
}

// ---------------------------------------------------------------------------
// Engine
// ---------------------------------------------------------------------------

/// `files`: `count` packs, then the tokenizer and the manifest (len 0 where
/// there is none), as sj_file, which is three words here. NULL on failure,
/// with the status in `*error`.
SJW_EXPORT sj_engine *
sjw_engine_new(const sj_file *files, size_t count, sj_error *error) {
  const sj_engine_config config = {.files = files,
                                   .file_count = count,
                                   .tokenizer = files[count],
                                   .manifest = files[count + 1]};
  sj_engine *engine = NULL;
  (void)sj_engine_new(&config, &engine, error);
  return engine;
}
_Static_assert(sizeof(sj_file) == 12 || sizeof(void *) != 4,
               "engine.js writes three words a file");

/// The engine of the leak guard; NULL on failure.
SJW_EXPORT sj_engine *sjw_guard_engine_new(sj_error *error) {
  sj_engine *engine = NULL;
  (void)sj_guard_engine_new(NULL, &engine, error);
  return engine;
}

SJW_EXPORT void sjw_engine_free(sj_engine *engine) {
  sj_engine_free(engine);
}
SJW_EXPORT const char *sjw_engine_describe(const sj_engine *engine) {
  return sj_engine_describe(engine);
}
SJW_EXPORT const char *sjw_engine_source_name(const sj_engine *engine,
                                              uint32_t id) {
  return sj_engine_source_name(engine, id);
}
SJW_EXPORT const char *sjw_engine_subtype_name(const sj_engine *engine,
                                               uint32_t subtype) {
  return sj_engine_subtype_name(engine, subtype);
}
SJW_EXPORT int sjw_engine_subtype_from_name(const sj_engine *engine,
                                            const char *name,
                                            size_t len) {
  return sj_engine_subtype_from_name(engine, name, len);
}
SJW_EXPORT size_t sjw_engine_rule_count(const sj_engine *engine) {
  return sj_engine_rule_count(engine);
}
SJW_EXPORT size_t sjw_engine_tag_count(const sj_engine *engine) {
  return sj_engine_tag_count(engine);
}

// ---------------------------------------------------------------------------
// Document
// ---------------------------------------------------------------------------

SJW_EXPORT document *sjw_document_new(const sj_engine *engine) {
  document *doc = calloc(1, sizeof(*doc));
  if (doc == NULL) return NULL;
  if (sj_session_new(engine, &doc->session) != SJ_OK) {
    free(doc);
    return NULL;
  }
  return doc;
}

/// Wipe text, offsets and rows; keep the session for the next document.
SJW_EXPORT void sjw_document_reset(document *doc) {
  sj_session_reset(doc->session);
  sjw_give(doc->text, doc->len);
  if (doc->units_at != NULL)
    sjw_give(doc->units_at, (doc->len / STRIDE + 1) * sizeof(*doc->units_at));
  sjw_give(doc->rows, doc->room * sizeof(*doc->rows));
  *doc = (document){.session = doc->session};
}

SJW_EXPORT void sjw_document_free(document *doc) {
  if (doc == NULL) return;
  sjw_document_reset(doc);
  sj_session_free(doc->session);
  free(doc);
}

/// Start a document. `text` is memory from sjw_take of exactly `len` bytes (1
/// for an empty text) and belongs to the document from now on. `policy` is
/// NUL-terminated or NULL; `known` is JSON, `known_len` 0 for none.
SJW_EXPORT int sjw_document_start(document *doc,
                                  char *text,
                                  uint32_t len,
                                  const sj_session_options *options,
                                  sj_error *error) {
  sjw_document_reset(doc);
  doc->text = text;
  doc->len = len;
  const sj_status status =
      sj_session_start(doc->session, text, len, options, error);
  if (status != SJ_OK) {
    // A byte of the text means nothing to JavaScript, which hands over text.
    sjw_document_reset(doc);
    return (int)status;
  }
  if (index_units(doc)) return SJ_OK;
  sjw_document_reset(doc);
  *error = (sj_error){.status = SJ_NOMEM, .what = sj_status_text(SJ_NOMEM)};
  return SJ_NOMEM;
}

/// The options of a start, from words: langs, policy, known, in memory that
/// JavaScript took.
SJW_EXPORT size_t sjw_options_size(void) {
  return sizeof(sj_session_options);
}
SJW_EXPORT void sjw_options_set(sj_session_options *options,
                                unsigned langs,
                                const char *policy,
                                const char *known,
                                size_t known_len) {
  *options = (sj_session_options){
      .langs = langs, .policy = policy, .known = {"known", known, known_len}};
}

SJW_EXPORT int sjw_document_answer(document *doc,
                                   const float *logits,
                                   size_t rows,
                                   size_t cols) {
  return (int)sj_session_answer(doc->session, logits, rows, cols);
}

SJW_EXPORT int sjw_document_finish(document *doc) {
  return (int)sj_session_finish(doc->session);
}

/// The labels that makers of one kind claimed, as bits.
SJW_EXPORT uint32_t sjw_document_claimed(const document *doc, int kind) {
  return sj_session_claimed(doc->session, (sj_kind)kind);
}

/// The languages that the document was read in, as bits.
SJW_EXPORT unsigned sjw_document_langs(const document *doc) {
  return sj_session_langs(doc->session);
}

// ---------------------------------------------------------------------------
// Rows. Each call gives a number of rows, -1 when memory is out; the rows are
// at sjw_rows until the next call.
// ---------------------------------------------------------------------------

static int32_t *rows_room(document *doc, size_t count, size_t cols) {
  const size_t wanted = count * cols;
  if (wanted <= doc->room && doc->rows != NULL) return doc->rows;
  sjw_give(doc->rows, doc->room * sizeof(*doc->rows));
  doc->room = wanted > 64 ? wanted : 64;
  doc->rows = malloc(doc->room * sizeof(*doc->rows));
  if (doc->rows == NULL) doc->room = 0;
  return doc->rows;
}

SJW_EXPORT const int32_t *sjw_rows(const document *doc) {
  return doc->rows;
}

/// What the leak guard finds in a text, handed over as to sjw_document_start:
/// rows of start, end, label, at most 64. A negative number is a status. The
/// document holds no text afterwards.
SJW_EXPORT int sjw_document_leaks(document *doc,
                                  const sj_engine *engine,
                                  char *text,
                                  uint32_t len,
                                  const char *policy) {
  sj_leak leaks[LEAKS];
  sj_leaks found = {.at = leaks, .room = LEAKS};
  const sj_guard_text in = {.at = text, .len = len, .policy = policy};
  sjw_document_reset(doc);
  doc->text = text;
  doc->len = len;
  // Before the scan: it blots out placeholders, ASCII for ASCII.
  const sj_status status =
      index_units(doc) ? sj_guard_scan(engine, doc->session, &in, &found)
                       : SJ_NOMEM;
  const size_t count = found.count < LEAKS ? found.count : LEAKS;
  int32_t rows[LEAKS * LEAK_COLS];
  for (size_t i = 0; status == SJ_OK && i < count; i++) {
    rows[i * LEAK_COLS] = to_units(doc, leaks[i].start);
    rows[i * LEAK_COLS + 1] = to_units(doc, leaks[i].end);
    rows[i * LEAK_COLS + 2] = (int32_t)leaks[i].label;
  }
  sjw_document_reset(doc);
  if (status != SJ_OK) return -(int)status;
  int32_t *out = rows_room(doc, count, LEAK_COLS);
  if (out == NULL) return -(int)SJ_NOMEM;
  memcpy(out, rows, count * LEAK_COLS * sizeof(*out));
  return (int)count;
}

static int write_spans(document *doc, const sj_span *spans, size_t count) {
  int32_t *row = rows_room(doc, count, SPAN_COLS);
  if (row == NULL) return -1;
  for (size_t i = 0; i < count; i++, row += SPAN_COLS) {
    row[0] = to_units(doc, spans[i].start);
    row[1] = to_units(doc, spans[i].end);
    row[2] = spans[i].label;
    row[3] = spans[i].score;
    row[4] = spans[i].subtype;
    row[5] = spans[i].role;
    row[6] = spans[i].flags;
    row[7] = (int32_t)spans[i].source;
    row[8] = (int32_t)spans[i].source_count;
  }
  return (int)count;
}

static int
write_sources(document *doc, const sj_source *sources, size_t count) {
  int32_t *row = rows_room(doc, count, SOURCE_COLS);
  if (row == NULL) return -1;
  for (size_t i = 0; i < count; i++, row += SOURCE_COLS) {
    row[0] = (int32_t)sources[i].id;
    row[1] = sources[i].score;
    row[2] = sources[i].kind;
  }
  return (int)count;
}

/// start, end, label, score, subtype, role, flags, source, source_count
SJW_EXPORT int sjw_read_spans(document *doc) {
  size_t count = 0;
  const sj_span *spans = sj_session_spans(doc->session, &count);
  return write_spans(doc, spans, count);
}

/// id, score, kind
SJW_EXPORT int sjw_read_sources(document *doc) {
  size_t count = 0;
  const sj_source *sources = sj_session_sources(doc->session, &count);
  return write_sources(doc, sources, count);
}

/// What came close, as spans, and their sources.
SJW_EXPORT int sjw_read_near(document *doc) {
  size_t count = 0;
  const sj_span *spans = sj_session_near(doc->session, &count);
  return write_spans(doc, spans, count);
}
SJW_EXPORT int sjw_read_near_sources(document *doc) {
  size_t count = 0;
  const sj_source *sources = sj_session_near_sources(doc->session, &count);
  return write_sources(doc, sources, count);
}

/// start, end of each line that was not scanned
SJW_EXPORT int sjw_read_unscanned(document *doc) {
  size_t count = 0;
  const sj_range *ranges = sj_session_unscanned(doc->session, &count);
  int32_t *row = rows_room(doc, count, RANGE_COLS);
  if (row == NULL) return -1;
  for (size_t i = 0; i < count; i++, row += RANGE_COLS) {
    row[0] = to_units(doc, ranges[i].start);
    row[1] = to_units(doc, ranges[i].end);
  }
  return (int)count;
}

/// One row: chars, scanned, windows, answered, complete
SJW_EXPORT int sjw_read_coverage(document *doc) {
  const sj_coverage coverage = sj_session_coverage(doc->session);
  int32_t *row = rows_room(doc, 1, COVERAGE_COLS);
  if (row == NULL) return -1;
  row[0] = (int32_t)coverage.chars;
  row[1] = (int32_t)coverage.scanned;
  row[2] = (int32_t)coverage.windows;
  row[3] = (int32_t)coverage.answered;
  row[4] = coverage.complete ? 1 : 0;
  return 1;
}

/// The next window, one row: index, count, len, start, end, address of ids,
/// address of features, feature_count. 0 where none is left.
SJW_EXPORT int sjw_read_window(document *doc) {
  sj_window window;
  if (!sj_session_next(doc->session, &window)) return 0;
  int32_t *row = rows_room(doc, 1, WINDOW_COLS);
  if (row == NULL) return -1;
  row[0] = (int32_t)window.index;
  row[1] = (int32_t)window.count;
  row[2] = (int32_t)window.len;
  row[3] = to_units(doc, window.start);
  row[4] = to_units(doc, window.end);
  row[5] = (int32_t)(uintptr_t)window.ids;
  row[6] = (int32_t)(uintptr_t)window.features;
  row[7] = (int32_t)window.feature_count;
  return 1;
}

// ---------------------------------------------------------------------------
// Replacement
// ---------------------------------------------------------------------------

// Rows as sjw_read_spans writes them to spans; false for a bad offset.
static bool take_spans(const document *doc,
                       const int32_t *row,
                       size_t count,
                       sj_span *out) {
  for (size_t i = 0; i < count; i++, row += SPAN_COLS) {
    uint32_t start = 0;
    uint32_t end = 0;
    if (!to_byte(doc, row[0], &start) || !to_byte(doc, row[1], &end))
      return false;
    out[i] = (sj_span){.start = start,
                       .end = end,
                       .label = (uint16_t)row[2],
                       .score = (uint16_t)row[3],
                       .subtype = (uint16_t)row[4],
                       .role = (uint8_t)row[5],
                       .flags = (uint8_t)row[6]};
  }
  return true;
}

/// `rows`: `count` spans in the layout of sjw_read_spans, in any order.
SJW_EXPORT int sjw_document_replace(document *doc,
                                    const int32_t *rows,
                                    size_t count,
                                    const sj_replace_options *options) {
  doc->output = (sj_output){0};
  sj_span *spans = malloc((count + 1) * sizeof(*spans));
  if (spans == NULL) return SJ_NOMEM;
  sj_status status = SJ_ARGUMENT;
  if (take_spans(doc, rows, count, spans))
    status =
        sj_session_replace(doc->session, spans, count, options, &doc->output);
  free(spans);
  return (int)status;
}

SJW_EXPORT size_t sjw_replace_size(void) {
  return sizeof(sj_replace_options);
}
/// `keys`: two sj_file, the secret and the patient, with len 0 for none.
SJW_EXPORT void sjw_replace_set(sj_replace_options *options,
                                int style,
                                int allow_partial,
                                const sj_file *keys) {
  *options = (sj_replace_options){.style = (sj_style)style,
                                  .allow_partial = allow_partial != 0,
                                  .key = keys[0],
                                  .patient = keys[1]};
}

SJW_EXPORT const char *sjw_output_text(const document *doc) {
  return doc->output.text;
}
SJW_EXPORT size_t sjw_output_len(const document *doc) {
  return doc->output.len;
}
SJW_EXPORT size_t sjw_output_unscanned(const document *doc) {
  return doc->output.unscanned;
}

/// start, end, out_start, out_end, label, number of each replaced place
SJW_EXPORT int sjw_read_map(document *doc) {
  const sj_output *output = &doc->output;
  int32_t *row = rows_room(doc, output->map_count, MAP_COLS);
  if (row == NULL) return -1;
  uint32_t units = 0; // of the output, which is read once from the start
  size_t at = 0;
  for (size_t i = 0; i < output->map_count; i++, row += MAP_COLS) {
    const sj_replacement *place = &output->map[i];
    row[0] = to_units(doc, place->start);
    row[1] = to_units(doc, place->end);
    for (; at < place->out_start; at++)
      units += sjw_units_of((uint8_t)output->text[at]);
    row[2] = (int32_t)units;
    for (; at < place->out_end; at++)
      units += sjw_units_of((uint8_t)output->text[at]);
    row[3] = (int32_t)units;
    row[4] = place->label;
    row[5] = (int32_t)place->number;
  }
  return (int)output->map_count;
}
