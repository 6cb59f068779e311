// SPDX-License-Identifier: Apache-2.0
//
// replace_date.c - read a date as clinicians write it, English or French.
//
// A date is cut into at most four pieces, numbers and one month name. Their
// number and widths say which is which. Where day and month could be
// exchanged, the reading is marked as doubtful and nothing may rest on it.

#include "replace_parts.h"

#include <string.h>

// A month by the letters it begins with, folded; the longer stems first where
// one begins like another.
static const struct {
  const char *stem;
  int month;
} months[] = {
    {"jan", 1}, {"feb", 2}, {"fev", 2}, {"mar", 3},  {"apr", 4},  {"avr", 4},
    {"may", 5}, {"mai", 5}, {"jun", 6}, {"juin", 6}, {"juil", 7}, {"jul", 7},
    {"aug", 8}, {"aou", 8}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12},
};

typedef struct piece {
  int value;
  int width; ///< digits; 0 for the name of a month
} piece;

static bool is_letter(uint32_t code) {
  return code >= 'a' && code <= 'z';
}

// Words that stand in dates and say nothing: of, the, le, du, st, nd, er.
static bool is_filler(const char *word) {
  static const char fillers[] = " of the le du de d st nd rd th er ";
  char wanted[8] = " ";
  if (strlen(word) > 4) return false;
  size_t len = 1;
  for (; word[len - 1] != '\0'; len++)
    wanted[len] = word[len - 1];
  wanted[len] = ' ';
  return strstr(fillers, wanted) != NULL;
}

static int month_of(const char *word) {
  for (size_t i = 0; i < sizeof months / sizeof *months; i++)
    if (strncmp(word, months[i].stem, strlen(months[i].stem)) == 0)
      return months[i].month;
  return 0;
}

// Read letters from `code` on; the first character behind them is returned.
static uint32_t read_word(sj_fold *fold, uint32_t code, char word[16]) {
  size_t len = 0;
  for (; is_letter(code); code = sj_fold_next(fold))
    if (len < 15) word[len++] = (char)code;
  word[len] = '\0';
  return code;
}

static uint32_t read_number(sj_fold *fold, uint32_t code, piece *out) {
  *out = (piece){0};
  for (; code >= '0' && code <= '9'; code = sj_fold_next(fold)) {
    if (out->width < 8) out->value = out->value * 10 + (int)(code - '0');
    out->width++;
  }
  return code;
}

// Cut into pieces; 0 for text that is no date of that kind.
static int cut(sj_fold *fold, piece pieces[4]) {
  int count = 0;
  uint32_t code = sj_fold_next(fold);
  while (code != 0) {
    piece next = {0};
    if (is_letter(code)) {
      char word[16];
      code = read_word(fold, code, word);
      if (is_filler(word)) continue;
      next.value = month_of(word);
      if (next.value == 0) return 0;
    } else if (code >= '0' && code <= '9') {
      code = read_number(fold, code, &next);
    } else if (strchr(" .,/-'\n\r\t", (int)(code < 0x80 ? code : '?')) !=
               NULL) {
      code = sj_fold_next(fold);
      continue;
    } else {
      return 0;
    }
    if (count == 4) return 0;
    pieces[count++] = next;
  }
  return count;
}

// A year of two digits: up to 30 is of this century.
static int full_year(piece year) {
  if (year.width == 4) return year.value;
  return year.value <= 30 ? 2000 + year.value : 1900 + year.value;
}

static bool is_year(piece part) {
  return part.width == 4;
}

static bool read_named(const piece *pieces, int count, sj_date *out) {
  int name = -1;
  for (int i = 0; i < count; i++) {
    if (pieces[i].width > 0) continue;
    if (name >= 0) return false;
    name = i;
  }
  if (name < 0 || count > 3) return false;
  out->month = pieces[name].value;
  for (int i = 0; i < count; i++) {
    if (i == name) continue;
    if (is_year(pieces[i]) || (out->day != 0 && pieces[i].width == 2))
      out->year = full_year(pieces[i]);
    else if (out->day == 0 && pieces[i].width <= 2)
      out->day = pieces[i].value;
    else
      return false;
  }
  return true;
}

static void set_two(sj_date *out, int first, int second) {
  // Above twelve it is the day; else both readings stand.
  if (first > 12) {
    out->day = first;
    out->month = second;
  } else {
    out->month = first;
    out->day = second;
    out->doubtful = second <= 12 && first != second;
  }
}

static bool read_numbers(const piece *pieces, int count, sj_date *out) {
  if (count == 1 && pieces[0].width == 8) { // 20240315
    out->year = pieces[0].value / 10000;
    out->month = pieces[0].value / 100 % 100;
    out->day = pieces[0].value % 100;
    return true;
  }
  if (count == 2 && is_year(pieces[1])) { // 03/2024
    out->month = pieces[0].value;
    out->year = pieces[1].value;
    return pieces[0].width <= 2;
  }
  for (int i = 0; i < count; i++)
    if (pieces[i].width > 4 || pieces[i].width == 3) return false;
  if (count == 3 && is_year(pieces[0])) {
    out->year = pieces[0].value;
    out->month = pieces[1].value;
    out->day = pieces[2].value;
    return true;
  }
  if (count < 2 || count > 3 || is_year(pieces[0]) || is_year(pieces[1]))
    return false;
  set_two(out, pieces[0].value, pieces[1].value);
  if (count == 3) out->year = full_year(pieces[2]);
  return true;
}

bool sj_date_read(const uint8_t *bytes, size_t len, sj_date *out) {
  *out = (sj_date){0};
  sj_fold fold = {.bytes = bytes, .at = 0, .end = len};
  piece pieces[4];
  const int count = cut(&fold, pieces);
  if (count == 0) return false;
  if (!read_named(pieces, count, out)) {
    *out = (sj_date){0};
    for (int i = 0; i < count; i++)
      if (pieces[i].width == 0) return false;
    if (!read_numbers(pieces, count, out)) return false;
  }
  return out->month >= 1 && out->month <= 12 && out->day <= 31;
}

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_joint(uint8_t byte) {
  return byte != 0 && strchr(" ,./-", byte) != NULL;
}

static int four_digits(const uint8_t *bytes) {
  int year = 0;
  for (int i = 0; i < 4; i++) {
    if (!is_digit(bytes[i])) return 0;
    year = year * 10 + (bytes[i] - '0');
  }
  return year;
}

bool sj_date_year(const uint8_t *bytes,
                  size_t len,
                  int *year,
                  uint32_t *skip,
                  uint32_t *drop) {
  sj_date date;
  *skip = *drop = 0;
  if (len < 6 || !sj_date_read(bytes, len, &date) || date.year == 0)
    return false;
  *year = date.year;
  uint32_t joints = 0;
  if (four_digits(bytes) == date.year) {
    while (is_joint(bytes[4 + joints]) && 4 + joints < len)
      joints++;
    *skip = 4 + joints;
    return joints > 0 && *skip < len;
  }
  if (four_digits(bytes + len - 4) != date.year) return false;
  while (joints + 4 < len && is_joint(bytes[len - 5 - joints]))
    joints++;
  *drop = 4 + joints;
  return joints > 0 && *drop < len;
}
