// SPDX-License-Identifier: Apache-2.0
//
// replace_stand_date.c - a date moved by the patient's offset and written in
// its own form: order, separators, widths, names of months, capitals.

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "replace_stand.h"

static const char *const full[2][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August",
     "September", "October", "November", "December"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
     "septembre", "octobre", "novembre", "décembre"}};
static const char *const brief[2][12] = {
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
     "Nov", "Dec"},
    {"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept",
     "oct", "nov", "déc"}};

typedef enum role { OTHER, DAY, MONTH, YEAR, ORDINAL } role;

// A number, the name of a month, or the letters of an ordinal.
typedef struct piece {
  size_t at, end;
  int value;
  role role;
  bool word, brief;
  uint8_t lang; ///< of a month's name
} piece;

enum { PIECES_MAX = 6 };

typedef struct date {
  piece at[PIECES_MAX];
  size_t len;
} date;

// The word, folded, up to 15 letters.
static void fold_word(const uint8_t *bytes, size_t at, size_t end, char *out) {
  sj_fold fold = {.bytes = bytes, .at = at, .end = end};
  size_t len = 0;
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold))
    if (len < 15 && c < 0x80) out[len++] = (char)c;
  out[len] = '\0';
}

static bool same_folded(const char *name, const char *folded) {
  char other[16];
  fold_word((const uint8_t *)name, 0, strlen(name), other);
  return strcmp(other, folded) == 0;
}

static bool read_month(piece *out, const char *word, int lang) {
  // The document's language first: mars, May and Oct are of both.
  for (int turn = 0; turn < 2; turn++) {
    const int tongue = turn == 0 ? lang : 1 - lang;
    for (int month = 0; month < 12; month++) {
      const bool whole = same_folded(full[tongue][month], word);
      if (!whole && !same_folded(brief[tongue][month], word)) continue;
      out->value = month + 1;
      out->role = MONTH;
      out->word = true;
      out->brief = !whole;
      out->lang = (uint8_t)tongue;
      return true;
    }
  }
  if (strcmp(word, "sept") != 0) return false;
  *out = (piece){.at = out->at,
                 .end = out->end,
                 .value = 9,
                 .role = MONTH,
                 .word = true,
                 .brief = true};
  return true;
}

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

// What a word of a date is.
typedef enum found { NONE, FILLER, PIECE } found;

static found
read_word(const uint8_t *bytes, piece *next, const date *read, int lang) {
  char word[16];
  char padded[20];
  fold_word(bytes, next->at, next->end, word);
  snprintf(padded, sizeof padded, " %s ", word);
  const piece *last = read->len == 0 ? NULL : &read->at[read->len - 1];
  const bool glued = last != NULL && last->end == next->at && !last->word;
  if (glued && strstr(" st nd rd th er ", padded) != NULL) {
    next->role = ORDINAL;
    return PIECE;
  }
  if (strstr(" of the le du de d ", padded) != NULL) return FILLER;
  return read_month(next, word, lang) ? PIECE : NONE;
}

static size_t letters_end(const uint8_t *bytes, size_t at, size_t end) {
  while (at < end) {
    size_t past = at;
    if (!sj_utf8_is_letter(sj_utf8_next(bytes, &past))) break;
    at = past;
  }
  return at;
}

static size_t read_digits(const uint8_t *bytes, size_t end, piece *next) {
  size_t at = next->at;
  for (; at < end && is_digit(bytes[at]); at++)
    if (at - next->at < 8) next->value = next->value * 10 + (bytes[at] - '0');
  return at;
}

static bool is_joint(uint8_t byte) {
  return byte != 0 && strchr(" .,/-'\n\r\t", byte) != NULL;
}

// Cut a date into its pieces; false where something is no part of one.
static bool
cut(const uint8_t *bytes, size_t at, size_t end, int lang, date *out) {
  while (at < end) {
    piece next = {.at = at};
    if (is_joint(bytes[at])) {
      at++;
      continue;
    }
    if (is_digit(bytes[at])) {
      next.end = at = read_digits(bytes, end, &next);
    } else {
      next.end = at = letters_end(bytes, at, end);
      if (next.end == next.at) return false;
      const found what = read_word(bytes, &next, out, lang);
      if (what == NONE) return false;
      if (what == FILLER) continue;
    }
    if (out->len == PIECES_MAX) return false;
    out->at[out->len++] = next;
  }
  return true;
}

static size_t width(const piece *one) {
  return one->end - one->at;
}

static int full_year(const piece *year) {
  if (width(year) == 4) return year->value;
  return year->value <= 30 ? 2000 + year->value : 1900 + year->value;
}

// Say what each number is. False for forms that are not understood.
static bool assign(date *read, bool day_first) {
  piece *numbers[PIECES_MAX];
  size_t count = 0;
  bool named = false;
  for (size_t i = 0; i < read->len; i++) {
    piece *one = &read->at[i];
    if (one->role == MONTH && named) return false;
    named = named || one->role == MONTH;
    if (one->role == OTHER) numbers[count++] = one;
  }
  for (size_t i = 0; i < count; i++)
    if (width(numbers[i]) > 4 || width(numbers[i]) == 3) return false;
  if (named) {
    size_t days = 0;
    for (size_t i = 0; i < count; i++) {
      const bool last = i + 1 == count && i > 0;
      const bool year = width(numbers[i]) == 4 ||
                        (last && width(numbers[i]) == 2 && days > 0);
      if (!year && ++days > 1) return false;
      numbers[i]->role = year ? YEAR : DAY;
    }
    return count <= 2;
  }
  if (count == 3 && width(numbers[0]) == 4) {
    numbers[0]->role = YEAR;
    numbers[1]->role = MONTH;
    numbers[2]->role = DAY;
    return true;
  }
  if (count == 2 && width(numbers[1]) == 4) {
    numbers[0]->role = MONTH;
    numbers[1]->role = YEAR;
    return width(numbers[0]) <= 2;
  }
  if (count < 2 || count > 3 || width(numbers[0]) > 2 || width(numbers[1]) > 2)
    return false;
  if (numbers[0]->value > 12) day_first = true;
  if (numbers[1]->value > 12) day_first = false;
  numbers[0]->role = day_first ? DAY : MONTH;
  numbers[1]->role = day_first ? MONTH : DAY;
  if (count == 3) numbers[2]->role = YEAR;
  return true;
}

// Days since 1970-01-01 and back, in the proleptic Gregorian calendar.
static long to_days(long year, int month, int day) {
  if (month <= 2) year--;
  const long era = (year >= 0 ? year : year - 399) / 400;
  const long of_era = year - era * 400;
  const long of_year =
      (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
         719468;
}

static void from_days(long days, int *year, int *month, int *day) {
  days += 719468;
  const long era = (days >= 0 ? days : days - 146096) / 146097;
  const long of_era = days - era * 146097;
  const long years =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const long of_year = of_era - (365 * years + years / 4 - years / 100);
  const long shifted = (5 * of_year + 2) / 153;
  *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
  *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
  *year = (int)(years + era * 400 + (*month <= 2));
}

// Move the values; false for a date that the calendar does not have.
static bool move(date *read, int shift) {
  int year = 2000; // a leap year, where none is written
  int month = 0;
  int day = 15; // the middle of the month, where none is written
  for (size_t i = 0; i < read->len; i++) {
    const piece *one = &read->at[i];
    if (one->role == YEAR) year = full_year(one);
    if (one->role == MONTH) month = one->value;
    if (one->role == DAY) day = one->value;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 2) return false;
  int real[3];
  from_days(to_days(year, month, day), &real[0], &real[1], &real[2]);
  if (real[1] != month || real[2] != day) return false;
  from_days(to_days(year, month, day) + shift, &year, &month, &day);
  for (size_t i = 0; i < read->len; i++) {
    piece *one = &read->at[i];
    if (one->role == YEAR) one->value = width(one) == 4 ? year : year % 100;
    if (one->role == MONTH) one->value = month;
    if (one->role == DAY || one->role == ORDINAL) one->value = day;
  }
  return true;
}

static void
put_ordinal(const uint8_t *bytes, const piece *one, sj_stand_text *out) {
  static const char *const ends[] = {"th", "st", "nd", "rd"};
  char word[16];
  fold_word(bytes, one->at, one->end, word);
  if (strcmp(word, "er") == 0) { // only the first of a month has it
    if (one->value == 1) sj_stand_put(out, word, 2);
    return;
  }
  const int last = one->value % 10;
  const bool teen = one->value / 10 == 1;
  sj_stand_put(out, ends[teen || last > 3 ? 0 : last], 2);
}

static void
put_piece(const uint8_t *bytes, const piece *one, sj_stand_text *out) {
  if (one->role == ORDINAL) {
    put_ordinal(bytes, one, out);
  } else if (one->word) {
    const char *name = one->brief ? brief[one->lang][one->value - 1]
                                  : full[one->lang][one->value - 1];
    const sj_stand_case how = sj_stand_case_of(bytes, one->at, one->end);
    const char capital[2] = {(char)(name[0] & ~0x20), '\0'};
    if (how != SJ_STAND_AS_IS) {
      sj_stand_put_word(out, name, how, false);
    } else { // a capital and small letters; no month begins with an accent
      sj_stand_put(out, capital, 1);
      sj_stand_put_word(out, name + 1, SJ_STAND_LOWER, false);
    }
  } else {
    char digits[16];
    // 3/4 stays short; 03/04 stays padded.
    const bool padded =
        width(one) > 1 && (bytes[one->at] == '0' || one->role == YEAR);
    const int len = snprintf(digits, sizeof digits, "%0*d",
                             padded ? (int)width(one) : 1, one->value);
    sj_stand_put(out, digits, (size_t)len);
  }
}

// Whether a date of the document writes its numbers padded: then a day of two
// digits says so as well.
static void pad_like_others(const uint8_t *bytes,
                            date *read,
                            sj_stand_text *out,
                            const sj_place *place) {
  bool padded = false;
  bool numbers = true;
  for (size_t i = 0; i < read->len; i++) {
    const piece *one = &read->at[i];
    if (one->word) numbers = false;
    if (width(one) == 2 && bytes[one->at] == '0') padded = true;
    if (one->role == YEAR && one == read->at && width(one) == 4) padded = true;
  }
  size_t kept = place->start;
  for (size_t i = 0; i < read->len; i++) {
    const piece *one = &read->at[i];
    sj_stand_put(out, bytes + kept, one->at - kept);
    kept = one->end;
    const bool two = numbers && width(one) == 2 && one->role != YEAR;
    if (two && padded && one->value < 10) sj_stand_put(out, "0", 1);
    if (two && padded && bytes[one->at] == '0') {
      const piece bare = {.at = one->at + 1,
                          .end = one->end,
                          .value = one->value,
                          .role = one->role};
      put_piece(bytes, &bare, out);
    } else {
      put_piece(bytes, one, out);
    }
  }
  sj_stand_put(out, bytes + kept, place->end - kept);
}

// 20240315 and 2024-03-15T10:00: the day in front, the time as it is.
static bool
put_packed(const sj_stand *stand, const sj_place *place, sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes + place->start;
  const size_t len = place->end - place->start;
  int parts[3] = {0};
  size_t digits = 0;
  size_t at = 0;
  for (; at < len && digits < 8; at++) {
    if (!is_digit(bytes[at])) {
      if (bytes[at] != '-' || (at != 4 && at != 7)) return false;
      continue;
    }
    const int part = digits < 4 ? 0 : digits < 6 ? 1 : 2;
    parts[part] = parts[part] * 10 + (bytes[at] - '0');
    digits++;
  }
  if (digits < 8 || (at != 8 && at != 10)) return false;
  if (at < len && bytes[at] != 'T' && bytes[at] != 't') return false;
  date read = {.len = 3};
  for (int i = 0; i < 3; i++)
    read.at[i] = (piece){.end = i == 0 ? 4 : 2,
                         .value = parts[i],
                         .role = i == 0   ? YEAR
                                 : i == 1 ? MONTH
                                          : DAY};
  if (!move(&read, stand->shift)) return false;
  char text[40];
  const int size =
      snprintf(text, sizeof text, at == 8 ? "%04d%02d%02d" : "%04d-%02d-%02d",
               read.at[0].value, read.at[1].value, read.at[2].value);
  sj_stand_put(out, text, (size_t)size);
  sj_stand_put(out, bytes + at, len - at);
  return true;
}

void sj_stand_date(sj_stand *stand, const sj_place *place, sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  if (put_packed(stand, place, out)) return;
  date read = {0};
  if (!cut(bytes, place->start, place->end, stand->lang, &read) ||
      !assign(&read, stand->day_first) || !move(&read, stand->shift))
    return;
  pad_like_others(bytes, &read, out, place);
}

bool sj_stand_days_first(const sj_stand *stand) {
  int votes = 0;
  for (size_t i = 0; i < stand->places->len; i++) {
    const sj_place *place = &stand->places->at[i];
    date read = {0};
    if (place->label != SJ_LABEL_DATE || place->unscanned ||
        !cut(stand->in->text->bytes, place->start, place->end, stand->lang,
             &read))
      continue;
    if (read.len < 2 || read.at[0].word || read.at[1].word) continue;
    if (width(&read.at[0]) > 2 || width(&read.at[1]) > 2) continue;
    votes += read.at[0].value > 12;
    votes -= read.at[1].value > 12;
  }
  return votes == 0 ? stand->lang == SJ_STAND_FR : votes > 0;
}
