// SPDX-License-Identifier: Apache-2.0
//
// rules_table.c - tables. In a row of a table nothing introduces a value: its
// label stands at the head of the column. So each cell under a head that tells
// (rules_heads.h) is read once more as a field of a form, `head:<tab> cell`,
// by the same rules; what they find inside the cell is claimed.
//
// A row of heads has three cells or more, apart by bars, tabs, semicolons,
// commas or two blanks, two of them known heads and no numbers. The table ends
// with the first line that is no row of that kind.

#include "rules_table.h"

#include <string.h>

#include "base/array.h"
#include "base/map.h"
#include "base/utf8.h"
#include "rules_heads.h"

enum {
  CELLS = 32,         // of a row; more are left to the other rules
  CELL_LONGEST = 160, // bytes
  GROWTH = 4, // the fields are at most so many times as long as the view
  SLACK = 1 << 16
};

/// No rule looks for this between label and value but those for tables.
static const char COLON[] = ":\t ";
static const char KINDS[] = "|\t;, ";

typedef struct row {
  sj_range cells[CELLS];
  size_t count;
} row;

typedef struct table {
  row heads;
  bool telling[CELLS];
  char kind; ///< of KINDS; 0 for no table
} table;

/// A cell's place in the view and in the fields.
typedef struct place {
  uint32_t field, view, len;
} place;

typedef struct reader {
  sj_arena *arena;
  const sj_text *text;
  const sj_view *view;
  table now;
  uint8_t *bytes; ///< the fields
  size_t len, cap;
  uint32_t *lines; ///< first byte of each field
  uint8_t *langs;
  size_t line_count, line_cap, lang_cap;
  place *places;
  size_t place_count, place_cap;
} reader;

static bool is_blank(uint8_t byte) {
  return byte == ' ' || byte == '\t' || byte == '\r';
}

// Without blanks, quotes and stars around.
static sj_range trimmed(const sj_view *view, sj_range cell) {
  const uint8_t *at = view->bytes;
  while (cell.start < cell.end &&
         (is_blank(at[cell.start]) || strchr("\"*", at[cell.start]) != NULL))
    cell.start++;
  while (cell.end > cell.start && (is_blank(at[cell.end - 1]) ||
                                   strchr("\"*", at[cell.end - 1]) != NULL))
    cell.end--;
  return cell;
}

// Whether a cell of this kind of row ends at a byte.
static bool
ends_cell(const sj_view *view, uint32_t at, sj_range line, char kind) {
  const uint8_t *bytes = view->bytes;
  if (kind != ' ') return bytes[at] == (uint8_t)kind;
  return bytes[at] == ' ' && at + 1 < line.end && bytes[at + 1] == ' ';
}

// The cells of a line; columns of blanks have no empty ones.
static void split(const sj_view *view, sj_range line, char kind, row *out) {
  out->count = 0;
  uint32_t start = line.start;
  for (uint32_t at = line.start; at <= line.end; at++) {
    if (at < line.end && !ends_cell(view, at, line, kind)) continue;
    const sj_range cell = trimmed(view, (sj_range){start, at});
    const bool edge = kind == '|' && (at == line.end || start == line.start);
    const bool empty = cell.start >= cell.end;
    if (out->count < CELLS && !(empty && (kind == ' ' || edge)))
      out->cells[out->count++] = cell;
    while (kind == ' ' && at + 1 < line.end && view->bytes[at + 1] == ' ')
      at++;
    start = at + 1;
  }
}

static bool holds(const sj_view *view, sj_range range, char sign) {
  return memchr(view->bytes + range.start, sign, range.end - range.start) !=
         NULL;
}

static bool has_digit(const sj_view *view, sj_range cell) {
  for (uint32_t at = cell.start; at < cell.end; at++)
    if (view->bytes[at] >= '0' && view->bytes[at] <= '9') return true;
  return false;
}

/// What the cells of a row are as heads.
typedef struct tally {
  size_t full, known, whole, telling;
  bool numbers;
} tally;

static tally count_heads(const sj_view *view, table *t) {
  tally all = {0};
  for (size_t i = 0; i < t->heads.count; i++) {
    const sj_range cell = t->heads.cells[i];
    bool whole;
    const sj_head found = sj_head_of(view, cell, &whole);
    t->telling[i] = found == SJ_HEAD_TELLING;
    all.full += cell.start < cell.end;
    all.known += found != SJ_HEAD_NONE;
    all.whole += whole;
    all.telling += t->telling[i];
    all.numbers = all.numbers || has_digit(view, cell);
  }
  return all;
}

// `Name | Dose | Tool`: things have names too. Alone it tells nothing.
static bool is_thing(const sj_view *view, const table *t) {
  for (size_t i = 0; i < t->heads.count; i++)
    if (t->telling[i]) return sj_head_is_name(view, t->heads.cells[i]);
  return true;
}

// Whether a line may have three cells of this kind: most lines have not, and
// are not taken apart.
static bool may_be_row(const sj_view *view, sj_range line, char kind) {
  unsigned ends = 0;
  for (uint32_t at = line.start; at < line.end && ends < 2; at++)
    ends += ends_cell(view, at, line, kind);
  return ends == 2;
}

// Whether a line is a row of heads; then the table starts anew.
static bool take_heads(reader *r, sj_range line) {
  if (has_digit(r->view, line)) return false;
  for (const char *kind = KINDS; *kind != '\0'; kind++) {
    table next = {.kind = *kind};
    if (!may_be_row(r->view, line, *kind)) continue;
    // Labels of a form, with their values beside them.
    if (*kind == ' ' && holds(r->view, line, ':')) continue;
    split(r->view, line, *kind, &next.heads);
    if (next.heads.count < 3) continue;
    const tally all = count_heads(r->view, &next);
    if (all.full < 3 || all.numbers || all.whole < 2) continue;
    if (all.known * 5 < all.full * 2) continue;
    if (all.telling < 2 && is_thing(r->view, &next)) continue;
    r->now = next;
    return true;
  }
  return false;
}

static sj_status put(reader *r, const void *bytes, size_t len) {
  uint8_t *at = sj_array_room(r->arena, r->bytes, r->len, &r->cap, len + 1, 1);
  if (at == NULL) return SJ_NOMEM;
  memcpy(at + r->len, bytes, len);
  r->bytes = at;
  r->len += len;
  at[r->len] = 0;
  return SJ_OK;
}

static uint8_t lang_of(const reader *r, uint32_t view_at) {
  const uint32_t byte =
      sj_map_origin(&r->view->map, view_at, view_at + 1).start;
  uint32_t low = 0;
  uint32_t high = r->text->line_count;
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (r->text->lines[middle] <= byte)
      low = middle;
    else
      high = middle;
  }
  return r->view->lang[low];
}

static sj_status note_place(reader *r, sj_range cell, uint32_t from) {
  place *places = sj_array_room(r->arena, r->places, r->place_count,
                                &r->place_cap, 1, sizeof(*places));
  uint32_t *lines = sj_array_room(r->arena, r->lines, r->line_count,
                                  &r->line_cap, 2, sizeof(*lines));
  uint8_t *langs =
      sj_array_room(r->arena, r->langs, r->line_count, &r->lang_cap, 2, 1);
  if (places == NULL || lines == NULL || langs == NULL) return SJ_NOMEM;
  r->places = places;
  r->lines = lines;
  r->langs = langs;
  places[r->place_count++] = (place){.field = (uint32_t)r->len,
                                     .view = cell.start,
                                     .len = cell.end - cell.start};
  // The field, and the empty line behind it.
  for (int i = 0; i < 2; i++)
    langs[r->line_count + (size_t)i] = lang_of(r, cell.start);
  lines[r->line_count++] = from;
  return SJ_OK;
}

static sj_status take_cell(reader *r, sj_range head, sj_range cell) {
  const size_t size = cell.end - cell.start;
  if (size == 0 || size > CELL_LONGEST) return SJ_OK;
  if (r->len > (size_t)r->view->len * GROWTH + SLACK) return SJ_OK;
  const uint32_t from = (uint32_t)r->len;
  const uint8_t *bytes = r->view->bytes;
  sj_status status = put(r, bytes + head.start, head.end - head.start);
  if (status == SJ_OK) status = put(r, COLON, sizeof(COLON) - 1);
  if (status == SJ_OK) status = note_place(r, cell, from);
  if (status == SJ_OK) status = put(r, bytes + cell.start, size);
  if (status == SJ_OK) status = put(r, "\n", 1);
  if (status != SJ_OK) return status;
  r->lines[r->line_count++] = (uint32_t)r->len;
  return put(r, "\n", 1);
}

// The head above a cell: the same cell of its row, or, where blanks part the
// columns, the last that starts no more than one character behind it.
static size_t head_above(const reader *r,
                         const row *cells,
                         size_t cell,
                         uint32_t line,
                         uint32_t heads) {
  if (r->now.kind != ' ') return cell;
  const uint32_t at = cells->cells[cell].start - line;
  size_t found = 0;
  for (size_t i = 0; i < r->now.heads.count; i++)
    if (r->now.heads.cells[i].start - heads <= at + 1) found = i;
  return found;
}

static sj_status take_row(reader *r, sj_range line, uint32_t heads) {
  row cells;
  split(r->view, line, r->now.kind, &cells);
  const bool loose = r->now.kind == '|' || r->now.kind == ' ';
  if (cells.count < 2 || (!loose && cells.count != r->now.heads.count)) {
    r->now.kind = 0;
    return SJ_OK;
  }
  for (size_t i = 0; i < cells.count; i++) {
    const size_t above = head_above(r, &cells, i, line.start, heads);
    if (above >= r->now.heads.count || !r->now.telling[above]) continue;
    if (sj_head_nobody(r->view, cells.cells[i])) continue;
    const sj_status status =
        take_cell(r, r->now.heads.cells[above], cells.cells[i]);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

// A rule of dashes under the heads.
static bool is_rule(const sj_view *view, sj_range line) {
  for (uint32_t at = line.start; at < line.end; at++)
    if (strchr(" \t\r|:+-=_", view->bytes[at]) == NULL) return false;
  return line.end > line.start;
}

static sj_status read_lines(reader *r) {
  const sj_view *view = r->view;
  uint32_t heads = 0;
  for (uint32_t at = 0; at < view->len;) {
    const uint8_t *stop = memchr(view->bytes + at, '\n', view->len - at);
    const uint32_t end =
        stop == NULL ? view->len : (uint32_t)(stop - view->bytes);
    const sj_range line = {at, end};
    at = end + 1;
    if (take_heads(r, line)) {
      heads = line.start;
      continue;
    }
    if (r->now.kind == 0 || is_rule(view, line)) continue;
    const sj_status status = take_row(r, line, heads);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

// The place of the last cell that starts at or before a byte of the fields.
static const place *place_at(const reader *r, uint32_t at) {
  size_t low = 0;
  size_t high = r->place_count;
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    if (r->places[middle].field <= at)
      low = middle;
    else
      high = middle;
  }
  return &r->places[low];
}

static sj_status
bring_home(const reader *r, const sj_claims *found, sj_claims *out) {
  for (size_t i = 0; i < found->len; i++) {
    sj_claim claim = found->at[i];
    const place *p = place_at(r, claim.start);
    if (claim.start < p->field || claim.end > p->field + p->len) continue;
    const uint32_t shift = p->view - p->field;
    const sj_range origin =
        sj_map_origin(&r->view->map, claim.start + shift, claim.end + shift);
    claim.start = origin.start;
    claim.end = origin.end;
    const sj_status status = sj_claims_push(out, r->arena, claim);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

// What a limit left undecided in the fields is undecided in their cells.
static sj_status
leave_out(const reader *r, const sj_ranges *undecided, sj_ranges *unscanned) {
  for (size_t i = 0; i < undecided->len; i++) {
    const place *first = place_at(r, undecided->at[i].start);
    const place *last = place_at(r, undecided->at[i].end);
    const sj_range origin =
        sj_map_origin(&r->view->map, first->view, last->view + last->len);
    const sj_status status = sj_ranges_push(unscanned, r->arena, origin);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_rules_tables(sj_scan *scan,
                          sj_arena *arena,
                          const sj_text *text,
                          const sj_view *view,
                          sj_claims *out,
                          sj_ranges *unscanned) {
  reader r = {.arena = arena, .text = text, .view = view};
  sj_status status = read_lines(&r);
  if (status != SJ_OK || r.place_count == 0) return status;
  const sj_map_run run = {.span = (uint32_t)r.len, .copied = 1};
  const sj_text fields = {.lines = r.lines,
                          .line_count = (uint32_t)r.line_count};
  const sj_view read = {.bytes = r.bytes,
                        .len = (uint32_t)r.len,
                        .map = {.runs = &run,
                                .run_count = 1,
                                .derived_len = (uint32_t)r.len,
                                .origin_len = (uint32_t)r.len},
                        .lang = r.langs};
  sj_claims found = {0};
  sj_ranges undecided = {0};
  status = sj_rules_run(scan, arena, &fields, &read, &found, &undecided);
  if (status == SJ_OK) status = bring_home(&r, &found, out);
  return status == SJ_OK ? leave_out(&r, &undecided, unscanned) : status;
}
