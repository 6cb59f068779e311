// SPDX-License-Identifier: Apache-2.0
//
// view_join.c - put together what line ends and spacing tore apart.
//
// Words. A hyphen at a line end between letters goes with the line end where a
// small letter follows (Mar- / tin); it stays, and the line end goes, where a
// capital follows (Jean- / Pierre), a capital stands before (X- / ray), or the
// rest has a hyphen of its own (Ville- / la-Forêt).
//
// Numbers. A line end goes where
//   (a) '-' or '/' between digits stands right before or behind it; behind it
//       only if the number has one already, since lists start with dashes;
//   (b) '.' does, and the number has one already and no list item follows;
//   (c) groups of digits on both sides make the shape of a known number
//       together (06 12 34 / 56 78) and words stand before them in the line,
//       so that table cells do not qualify: the line end becomes a blank;
//   (d) a sign of a label (: # = °) stands before the first digits, and the
//       rest, of two digits or more and no year, has the next line to itself,
//       not followed by another line of digits; 7 to 15 digits in all, and not
//       five before the break, which is a postal code.
// Nothing else is joined: lines of a table end and start with digits, too.
//
// Spacing. Single digits parted by single blanks, five or more, lose the
// blanks, also around '-', '/' and '.' among them; not 0 1 2 3 ..., which is a
// scale. Single capitals, four or more, lose them too; not A B C D, and not
// two letters by turns, which are answers.

#include "view_parts.h"

#include <string.h>

#include "base/utf8.h"

enum { REACH = 40 }; // how far one look goes along a line

typedef struct joining {
  sj_view_step *step;
  const uint8_t *bytes; // NUL behind the end
  uint32_t len;
  uint32_t done; // end of the last cut
} joining;

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_word_byte(uint8_t byte) {
  const uint8_t low = byte | 0x20;
  return byte >= 0x80 || is_digit(byte) || (low >= 'a' && low <= 'z');
}

static sj_status cut(joining *j, uint32_t from, uint32_t to, bool blank) {
  static const uint8_t space = ' ';
  if (from < j->done) return SJ_OK;
  j->done = to;
  return sj_view_step_cut(j->step, from, to, &space, blank ? 1 : 0);
}

// ---------------------------------------------------------------------------
// Words over a line end

typedef enum shape { NO_LETTER, SMALL, CAPITAL } shape;

static shape shape_of(uint32_t code) {
  if (code >= 'a' && code <= 'z') return SMALL;
  if (code >= 'A' && code <= 'Z') return CAPITAL;
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return CAPITAL;
  return sj_view_is_latin(code) ? SMALL : NO_LETTER;
}

static shape shape_at(const joining *j, uint32_t at) {
  size_t next = at;
  return at < j->len ? shape_of(sj_utf8_next(j->bytes, &next)) : NO_LETTER;
}

static shape shape_before(const joining *j, uint32_t at) {
  size_t before = at;
  return at > 0 ? shape_of(sj_utf8_prev(j->bytes, &before)) : NO_LETTER;
}

// Whether the word that starts at `at` goes on behind a hyphen.
static bool has_hyphen(const joining *j, uint32_t at) {
  const uint32_t stop = j->len - at > REACH ? at + REACH : j->len;
  while (at < stop && is_word_byte(j->bytes[at]))
    at++;
  return at < stop && j->bytes[at] == '-';
}

static sj_status join_word(joining *j, uint32_t before, uint32_t after) {
  const shape left = shape_before(j, before - 1);
  const shape right = shape_at(j, after);
  if (left == NO_LETTER || right == NO_LETTER) return SJ_OK;
  const bool keep = left == CAPITAL || right == CAPITAL || has_hyphen(j, after);
  return cut(j, keep ? before : before - 1, after, false);
}

// ---------------------------------------------------------------------------
// Numbers over a line end

// Whether the number that ends at `at` holds `mark` between digits.
static bool holds(const joining *j, uint32_t at, uint8_t mark) {
  const uint32_t stop = at > REACH ? at - REACH : 0;
  while (at > stop &&
         (is_digit(j->bytes[at - 1]) || j->bytes[at - 1] == mark)) {
    at--;
    if (j->bytes[at] == mark && at > stop && is_digit(j->bytes[at - 1]))
      return true;
  }
  return false;
}

static bool is_list_item(const joining *j, uint32_t at) {
  const uint32_t stop = j->len - at > REACH ? at + REACH : j->len;
  while (at < stop && is_digit(j->bytes[at]))
    at++;
  if (at >= j->len || (j->bytes[at] != '.' && j->bytes[at] != ')'))
    return false;
  return at + 1 >= j->len || !is_digit(j->bytes[at + 1]);
}

// Groups of digits parted by single blanks.
typedef struct groups {
  uint8_t sizes[8];
  uint32_t count;
  uint32_t edge; ///< start of the first, or end of the last
  bool whole;    ///< all groups were read and nothing is glued to them
} groups;

static groups groups_before(const joining *j, uint32_t at) {
  groups g = {.edge = at};
  uint8_t sizes[8];
  while (g.count < 8 && at > 0 && is_digit(j->bytes[at - 1])) {
    uint8_t size = 0;
    while (at > 0 && is_digit(j->bytes[at - 1]) && size < REACH)
      at--, size++;
    sizes[g.count++] = size;
    g.edge = at;
    if (at < 2 || j->bytes[at - 1] != ' ' || !is_digit(j->bytes[at - 2])) break;
    at--;
  }
  for (uint32_t i = 0; i < g.count; i++)
    g.sizes[i] = sizes[g.count - 1 - i];
  const uint8_t glued = g.edge > 0 ? j->bytes[g.edge - 1] : ' ';
  g.whole = !is_word_byte(glued) && strchr(".-/,", glued) == NULL;
  return g;
}

static groups groups_behind(const joining *j, uint32_t at) {
  groups g = {.edge = at};
  while (g.count < 8 && is_digit(j->bytes[at])) {
    uint8_t size = 0;
    while (is_digit(j->bytes[at]) && size < REACH)
      at++, size++;
    g.sizes[g.count++] = size;
    g.edge = at;
    if (j->bytes[at] != ' ' || !is_digit(j->bytes[at + 1])) break;
    at++;
  }
  const uint8_t glued = j->bytes[g.edge];
  const bool goes_on = strchr(".-/,", glued) != NULL && glued != 0 &&
                       is_digit(j->bytes[g.edge + 1]);
  g.whole = !is_word_byte(glued) && !goes_on;
  return g;
}

// Shapes of numbers that are written in groups, and what the first digit of
// each may be: French phone, NIR without and with key, card, NHS and American
// phone, SSN, SIN and SIREN.
static bool is_known_shape(const groups *a, const groups *b, uint8_t first) {
  static const struct {
    const char *sizes, *first;
  } known[] = {
      {"22222", "0"},  {"122233", "12"},    {"1222332", "12"},
      {"4444", "456"}, {"334", "23456789"}, {"324", "012345678"},
      {"333", NULL},
  };
  char sizes[17];
  size_t len = 0;
  for (uint32_t i = 0; i < a->count; i++)
    sizes[len++] = (char)('0' + a->sizes[i]);
  for (uint32_t i = 0; i < b->count; i++)
    sizes[len++] = (char)('0' + b->sizes[i]);
  sizes[len] = '\0';
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].sizes, sizes) != 0) continue;
    return known[i].first == NULL || strchr(known[i].first, first) != NULL;
  }
  return false;
}

// Whether words stand in the line before `at`.
static bool has_words(const joining *j, uint32_t at) {
  const uint32_t stop = at > REACH ? at - REACH : 0;
  while (at > stop && j->bytes[at - 1] != '\n') {
    at--;
    if (is_word_byte(j->bytes[at]) && !is_digit(j->bytes[at])) return true;
  }
  return false;
}

// Whether a label's sign stands right before the number at `at`.
static bool has_sign(const joining *j, uint32_t at) {
  while (at > 0 && j->bytes[at - 1] == ' ')
    at--;
  if (at > 0 && strchr(":#=", j->bytes[at - 1]) != NULL)
    return j->bytes[at - 1] != 0;
  return at > 1 && j->bytes[at - 1] == 0xB0 && j->bytes[at - 2] == 0xC2;
}

// Whether the line has nothing but digits up to `at`, and no digits follow.
static bool ends_alone(const joining *j, uint32_t at) {
  if (strchr(".,;)", j->bytes[at]) != NULL && j->bytes[at] != 0) at++;
  while (j->bytes[at] == ' ')
    at++;
  if (at >= j->len) return true;
  if (j->bytes[at] != '\n') return false;
  while (j->bytes[at] == '\n' || j->bytes[at] == ' ')
    at++;
  return !is_digit(j->bytes[at]);
}

static bool is_year(const joining *j, uint32_t at, const groups *g) {
  if (g->sizes[0] != 4) return false;
  return (j->bytes[at] == '1' && j->bytes[at + 1] == '9') ||
         (j->bytes[at] == '2' && j->bytes[at + 1] == '0');
}

static sj_status join_digits(joining *j, uint32_t before, uint32_t after) {
  const groups a = groups_before(j, before);
  const groups b = groups_behind(j, after);
  if (!a.whole || !b.whole) return SJ_OK;
  if (is_known_shape(&a, &b, j->bytes[a.edge]) && has_words(j, a.edge))
    return cut(j, before, after, true);
  if (a.count != 1 || b.count != 1) return SJ_OK;
  const int total = a.sizes[0] + b.sizes[0];
  if (a.sizes[0] < 3 || a.sizes[0] == 5 || b.sizes[0] < 2) return SJ_OK;
  if (total < 7 || total > 15 || is_year(j, after, &b)) return SJ_OK;
  if (!has_sign(j, a.edge) || !ends_alone(j, b.edge)) return SJ_OK;
  return cut(j, before, after, false);
}

static sj_status join_line(joining *j, uint32_t line_end) {
  const uint8_t *b = j->bytes;
  uint32_t before = line_end;
  uint32_t after = line_end + 1;
  const uint32_t low = line_end > REACH ? line_end - REACH : 0;
  while (before > low && b[before - 1] == ' ')
    before--;
  while (after - line_end < REACH && (b[after] == ' ' || b[after] == '\t'))
    after++;
  if (before < 2 || before < j->done + 1 || after >= j->len) return SJ_OK;
  const uint8_t last = b[before - 1];
  const uint8_t next = b[after];
  const bool digit_first = is_digit(last);
  const bool digit_next = is_digit(next);
  if (last == '-' && !is_digit(b[before - 2]))
    return join_word(j, before, after);
  if (digit_first && digit_next) return join_digits(j, before, after);
  if (digit_next && is_digit(b[before - 2])) {
    if (last == '-' || last == '/') return cut(j, before, after, false);
    const bool dotted = last == '.' && holds(j, before - 1, '.');
    if (dotted && !is_list_item(j, after)) return cut(j, before, after, false);
    return SJ_OK;
  }
  if (!digit_first || next == 0 || strchr("-/.", next) == NULL) return SJ_OK;
  if (!is_digit(b[after + 1]) || !holds(j, before, next)) return SJ_OK;
  return cut(j, before, after, false);
}

// ---------------------------------------------------------------------------
// Spaced digits and capitals

// A run of single characters, all digits or all capitals.
struct run {
  uint32_t end;
  uint32_t count;  ///< characters
  uint32_t blanks; ///< places where a blank alone parts two
  bool marks;      ///< separators stand among them
  bool ascending;  ///< each is one above the former
  bool third;      ///< more than two different ones
};

// The length of a single digit or capital at `at`; 0 for anything else.
static uint32_t single(const joining *j, uint32_t at, bool digits) {
  if (at >= j->len) return 0;
  size_t next = at;
  const uint32_t code = sj_utf8_next(j->bytes, &next);
  const bool fits = digits ? code >= '0' && code <= '9'
                           : shape_of(code) == CAPITAL && code < 0xDF;
  if (!fits || is_word_byte(j->bytes[next])) return 0;
  return (uint32_t)next - at;
}

// What parts two singles at `at`: a blank, or a mark with blanks or none.
static uint32_t
parting(const joining *j, uint32_t at, bool digits, bool *mark) {
  const uint8_t *b = j->bytes;
  uint32_t len = b[at] == ' ' ? 1 : 0;
  const uint8_t byte = b[at + len];
  *mark = byte != 0 && strchr(digits ? "-/." : "-'", byte) != NULL;
  if (!*mark) return len;
  len++;
  return b[at + len] == ' ' ? len + 1 : len;
}

static struct run read_run(const joining *j, uint32_t at, bool digits) {
  struct run r = {.end = at, .ascending = true};
  uint32_t behind = at;
  uint8_t seen[2] = {0, 0};
  uint8_t former = 0;
  for (;;) {
    const uint32_t len = single(j, behind, digits);
    if (len == 0) return r;
    const uint8_t byte = j->bytes[behind + len - 1];
    if (r.count > 0) {
      if (byte != former + 1) r.ascending = false;
      bool mark = false;
      parting(j, r.end, digits, &mark);
      r.marks = r.marks || mark;
      if (!mark) r.blanks++;
    }
    if (seen[0] == 0)
      seen[0] = byte;
    else if (byte != seen[0] && seen[1] == 0)
      seen[1] = byte;
    else if (byte != seen[0] && byte != seen[1])
      r.third = true;
    former = byte;
    r.count++;
    r.end = behind + len;
    bool mark = false;
    const uint32_t gap = parting(j, r.end, digits, &mark);
    if (gap == 0) return r;
    behind = r.end + gap;
  }
}

// Join a run that starts at `at`; `*next` is where to go on.
static sj_status join_run(joining *j, uint32_t at, uint32_t *next) {
  const bool digits = is_digit(j->bytes[at]);
  const struct run r = read_run(j, at, digits);
  *next = r.end > at ? r.end : at + 1;
  if (r.blanks < 3 || r.count < (digits ? 5 : 4)) return SJ_OK;
  if (r.ascending && !r.marks) return SJ_OK;
  if (!digits && !r.third) return SJ_OK;
  for (uint32_t i = at; i < r.end; i++) {
    if (j->bytes[i] != ' ') continue;
    const sj_status status = cut(j, i, i + 1, false);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

// ---------------------------------------------------------------------------

static uint64_t zero_bytes(uint64_t eight) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  return (eight - ones) & ~eight & (ones * 0x80);
}

// Whether eight bytes hold a line end, or two blanks with one byte between.
static bool needs_look(const uint8_t *bytes) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  uint64_t eight = 0;
  memcpy(&eight, bytes, 8);
  const uint64_t blanks = zero_bytes(eight ^ (ones * ' '));
  return (zero_bytes(eight ^ (ones * '\n')) | (blanks & (blanks >> 16))) != 0;
}

static bool starts_run(const joining *j, uint32_t at) {
  if (at > 0 && is_word_byte(j->bytes[at - 1])) return false;
  const uint8_t byte = j->bytes[at];
  if (!is_digit(byte) && !(byte >= 'A' && byte <= 'Z') && byte != 0xC3)
    return false;
  return single(j, at, is_digit(byte)) != 0;
}

sj_status sj_view_join(sj_view_step *step) {
  joining j = {.step = step, .bytes = step->in.bytes, .len = step->in.len};
  uint32_t at = 0;
  while (at < j.len) {
    // Five by five, so that the window of eight holds both blanks of a run
    // that starts right before the next one.
    if (j.len - at >= 8 && !needs_look(j.bytes + at)) {
      at += 5;
      continue;
    }
    sj_status status = SJ_OK;
    uint32_t next = at + 1;
    if (j.bytes[at] == '\n')
      status = join_line(&j, at);
    else if (starts_run(&j, at))
      status = join_run(&j, at, &next);
    if (status != SJ_OK) return status;
    at = next;
  }
  return SJ_OK;
}
