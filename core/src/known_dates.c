// SPDX-License-Identifier: Apache-2.0
//
// known_dates.c - a date of the chart in every form: 03/15/1985, 15.3.85,
// 1985-03-15, March 15th, le 15 mars, quinze mars mil neuf cent ..., 03/15.
//
// At each word that may be the date's day, month or year, every order that
// people write is tried, and the longest that fits is claimed. A day and month
// with a year of another date is that other date.

#include "known_parts.h"

#include <stdio.h>

enum { PHRASE = 96, CUE_WORDS = 6 };

/// A date and its spelled forms.
typedef struct target {
  sj_known_date date;
  const char *months; // names and abbreviations, parted by blanks
  char day[3][PHRASE];
  char year[3][PHRASE];
} target;

typedef struct reading {
  const sj_slice *slice;
  const target *target;
} reading;

// May and mai are whole; sept. and sep are one month.
static const char *const month_names[12] = {"january jan janvier janv",
                                            "february feb fevrier fev fevr",
                                            "march mar mars",
                                            "april apr avril avr",
                                            "may mai",
                                            "june jun juin",
                                            "july jul juillet juil",
                                            "august aug aout",
                                            "september sept sep septembre",
                                            "october oct octobre",
                                            "november nov novembre",
                                            "december dec decembre"};

// ---------------------------------------------------------------------------
// Numbers in words

static const char *const english[] = {
    "oh",      "one",     "two",       "three",    "four",
    "five",    "six",     "seven",     "eight",    "nine",
    "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
static const char *const english_tens[] = {
    "",      "",      "twenty",  "thirty", "forty",
    "fifty", "sixty", "seventy", "eighty", "ninety"};
static const char *const ordinals[] = {
    "",          "first",     "second",      "third",      "fourth",
    "fifth",     "sixth",     "seventh",     "eighth",     "ninth",
    "tenth",     "eleventh",  "twelfth",     "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"};
static const char *const french[] = {
    "",         "un",     "deux",  "trois",    "quatre",   "cinq",    "six",
    "sept",     "huit",   "neuf",  "dix",      "onze",     "douze",   "treize",
    "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf"};
static const char *const french_tens[] = {
    "",          "",         "vingt",    "trente",       "quarante",
    "cinquante", "soixante", "soixante", "quatre vingt", "quatre vingt"};

static void write_english(int n, char out[PHRASE]) {
  if (n < 20)
    (void)snprintf(out, PHRASE, "%s", english[n]);
  else
    (void)snprintf(out, PHRASE, "%s %s", english_tens[n / 10],
                   n % 10 > 0 ? english[n % 10] : "");
}

static void write_french(int n, char out[PHRASE]) {
  const int ten = n / 10;
  const int rest = n - (ten == 7 || ten == 9 ? ten - 1 : ten) * 10;
  if (n < 20)
    (void)snprintf(out, PHRASE, "%s", french[n]);
  else
    (void)snprintf(out, PHRASE, "%s %s", french_tens[ten], french[rest]);
}

static void write_day(target *t) {
  const int day = t->date.day;
  if (day == 0) return;
  if (day < 20)
    (void)snprintf(t->day[0], PHRASE, "%s", ordinals[day]);
  else if (day % 10 == 0)
    (void)snprintf(t->day[0], PHRASE, "%s",
                   day == 20 ? "twentieth" : "thirtieth");
  else
    (void)snprintf(t->day[0], PHRASE, "%s %s", english_tens[day / 10],
                   ordinals[day % 10]);
  write_english(day, t->day[1]);
  write_french(day, t->day[2]);
  if (day == 1) (void)snprintf(t->day[2], PHRASE, "premier");
}

static void write_year(target *t) {
  char rest[PHRASE];
  const int year = t->date.year;
  const int century = year / 100;
  if (century < 18 || century > 20) return;
  write_english(year % 100, rest);
  (void)snprintf(t->year[0], PHRASE, "%s %.60s",
                 century == 20 ? "two thousand" : english[century],
                 century == 20 && year % 100 == 0 ? "" : rest);
  if (century == 20)
    (void)snprintf(t->year[1], PHRASE, "twenty %.60s", rest);
  else if (year % 100 == 0)
    (void)snprintf(t->year[0], PHRASE, "%s hundred", english[century]);
  write_french(year % 100, rest);
  (void)snprintf(t->year[2], PHRASE, "%s %.60s",
                 century == 20   ? "deux mille"
                 : century == 19 ? "neuf cent"
                                 : "huit cent",
                 rest);
}

static bool among(const sj_piece *word, const char *at, size_t len) {
  if (word->len > SJ_KNOWN_LETTERS) return false;
  if (word->len == len && memcmp(word->fold, at, len) == 0) return true;
  return word->len == len + 1 && word->fold[len] == 's' &&
         memcmp(word->fold, at, len) == 0; // cents, vingts
}

// How many words from `i` on say the phrase; 0 where they do not.
static uint32_t spelled(const reading *r, uint32_t i, const char *phrase) {
  const sj_slice *slice = r->slice;
  uint32_t at = i;
  while (*phrase == ' ')
    phrase++;
  if (*phrase == '\0') return 0;
  while (*phrase != '\0') {
    const size_t len = strcspn(phrase, " ");
    if (at > i) {
      if (at >= slice->count ||
          !sj_gap_only(sj_slice_gap(slice, at - 1), " -\n", 2))
        return 0;
      if (sj_piece_among(&slice->words[at], "and et")) at++;
    }
    if (at >= slice->count || !among(&slice->words[at], phrase, len)) return 0;
    at++;
    phrase += len;
    while (*phrase == ' ')
      phrase++;
  }
  return at - i;
}

// ---------------------------------------------------------------------------
// Pieces: each gives how many words it takes at `i`, 0 for none

static int value_of(const sj_piece *word) {
  int value = 0;
  if (word->shape != SJ_WORD_DIGITS || word->len > 8) return -1;
  for (unsigned i = 0; i < word->len; i++)
    value = value * 10 + (word->fold[i] - '0');
  return value;
}

static uint32_t day_number(const reading *r, uint32_t i) {
  if (i >= r->slice->count || r->target->date.day == 0) return 0;
  const sj_piece *word = &r->slice->words[i];
  return word->len <= 2 && value_of(word) == r->target->date.day ? 1 : 0;
}

static uint32_t day_of(const reading *r, uint32_t i) {
  if (i >= r->slice->count) return 0;
  if (day_number(r, i) > 0) {
    const bool suffix =
        i + 1 < r->slice->count &&
        sj_gap_only(sj_slice_gap(r->slice, i), " ", 1) &&
        sj_piece_among(&r->slice->words[i + 1], "st nd rd th er e eme");
    return suffix ? 2 : 1;
  }
  if (r->slice->words[i].shape == SJ_WORD_DIGITS) return 0;
  uint32_t most = 0;
  for (size_t k = 0; k < 3; k++) {
    const uint32_t count = spelled(r, i, r->target->day[k]);
    if (count > most) most = count;
  }
  return most;
}

static uint32_t month_number(const reading *r, uint32_t i) {
  if (i >= r->slice->count) return 0;
  const sj_piece *word = &r->slice->words[i];
  return word->len <= 2 && value_of(word) == r->target->date.month ? 1 : 0;
}

static uint32_t month_name(const reading *r, uint32_t i) {
  if (i >= r->slice->count) return 0;
  return sj_piece_among(&r->slice->words[i], r->target->months) ? 1 : 0;
}

static uint32_t year_number(const reading *r, uint32_t i) {
  if (i >= r->slice->count) return 0;
  const sj_piece *word = &r->slice->words[i];
  const int value = value_of(word);
  if (word->len == 4) return value == r->target->date.year ? 1 : 0;
  return word->len == 2 && value == r->target->date.year % 100 ? 1 : 0;
}

static uint32_t year_of(const reading *r, uint32_t i) {
  if (i >= r->slice->count) return 0;
  if (r->slice->words[i].shape == SJ_WORD_DIGITS) return year_number(r, i);
  if (sj_piece_among(&r->slice->words[i], "mil mille")) {
    const uint32_t rest =
        r->target->date.year < 2000 ? spelled(r, i + 1, r->target->year[2]) : 0;
    return rest > 0 ? rest + 1 : 0;
  }
  for (size_t k = 0; k < 3; k++) {
    const uint32_t count = spelled(r, i, r->target->year[k]);
    if (count > 0) return count;
  }
  return 0;
}

// ---------------------------------------------------------------------------
// Orders

// Whether what stands before word `i` may lie inside a date with a month's
// name; a small word between (`of`, `de`) is passed over.
static bool follows(const reading *r, uint32_t *i) {
  const sj_slice *slice = r->slice;
  if (*i >= slice->count) return false;
  if (!sj_gap_only(sj_slice_gap(slice, *i - 1), " ,.-/'\n", 4)) return false;
  if (!sj_piece_among(&slice->words[*i], "of de the le du day")) return true;
  (*i)++;
  return *i < slice->count &&
         sj_gap_only(sj_slice_gap(slice, *i - 1), " \n", 2);
}

typedef uint32_t (*piece)(const reading *r, uint32_t i);

// One piece behind the other with gaps as in prose; gives the end, or 0.
static uint32_t in_words(const reading *r, uint32_t i, const piece *pieces) {
  for (size_t k = 0; k < 3 && pieces[k] != NULL; k++) {
    if (k > 0 && !follows(r, &i)) return 0;
    const uint32_t count = pieces[k](r, i);
    if (count == 0) return 0;
    i += count;
  }
  return i;
}

// The sign that parts two numbers: '/', '-', '.', ' ' for blanks, 0 for none.
static char sign_of(sj_gap gap) {
  char sign = ' ';
  if (gap.len == 0 || gap.len > 5) return 0;
  for (uint32_t k = 0; k < gap.len; k++) {
    const char byte = (char)gap.at[k];
    if (byte == ' ' || byte == '\n') continue;
    if (strchr("/-.", byte) == NULL || byte == '\0' || sign != ' ') return 0;
    sign = byte;
  }
  return sign;
}

static char sign_behind(const reading *r, uint32_t i) {
  if (i + 1 >= r->slice->count) return 0;
  return sign_of(sj_slice_gap(r->slice, i));
}

static uint32_t
in_numbers(const reading *r, uint32_t i, const piece *pieces, char *sign) {
  uint32_t at = i;
  *sign = 0;
  for (size_t k = 0; k < 3 && pieces[k] != NULL; k++, at++) {
    if (k > 0) {
      const char next = sign_behind(r, at - 1);
      if (next == 0 || (k > 1 && next != *sign)) return 0;
      *sign = next;
    }
    if (pieces[k](r, at) == 0) return 0;
  }
  return at;
}

// Whether the numbers go on in the same way before or behind.
static bool
is_part_of_more(const reading *r, uint32_t first, uint32_t past, char sign) {
  const sj_slice *slice = r->slice;
  if (first > 0 && slice->words[first - 1].shape == SJ_WORD_DIGITS &&
      sign_behind(r, first - 1) == sign)
    return true;
  return past < slice->count && slice->words[past].shape == SJ_WORD_DIGITS &&
         sign_behind(r, past - 1) == sign &&
         sj_slice_gap(slice, past - 1).len <= 2;
}

static bool speaks_of_birth(const reading *r, uint32_t i) {
  const uint32_t from = i > CUE_WORDS ? i - CUE_WORDS : 0;
  for (uint32_t k = from; k < i; k++)
    if (sj_piece_among(&r->slice->words[k],
                       "dob birth born birthday birthdate bday ne nee "
                       "naissance naiss ddn anniversaire"))
      return true;
  return false;
}

// Day and month with a month's name: no other year may stand behind.
static bool has_other_year(const reading *r, uint32_t past) {
  uint32_t i = past;
  if (!follows(r, &i)) return false;
  const sj_piece *word = &r->slice->words[i];
  if (sj_piece_among(word, "oh ten twenty thirty forty fifty sixty seventy "
                           "eighty ninety hundred"))
    return true; // May nineteen eighty
  return word->shape == SJ_WORD_DIGITS && word->len == 4 &&
         (word->fold[0] == '1' || word->fold[0] == '2');
}

static uint32_t match_words(const reading *r, uint32_t i) {
  static const piece whole[][3] = {{day_of, month_name, year_of},
                                   {month_name, day_of, year_of},
                                   {year_of, month_name, day_of}};
  static const piece without[][3] = {{day_of, month_name, NULL},
                                     {month_name, day_of, NULL}};
  static const piece month[3] = {month_name, year_number, NULL};
  uint32_t best = 0;
  for (size_t k = 0; k < 3; k++) {
    const uint32_t past = in_words(r, i, whole[k]);
    if (past > best) best = past;
  }
  for (size_t k = 0; k < 2 && best == 0; k++) {
    const uint32_t past = in_words(r, i, without[k]);
    if (past > 0 && !has_other_year(r, past)) best = past;
  }
  if (best == 0) {
    const uint32_t past = in_words(r, i, month);
    if (past > 0 && r->slice->words[past - 1].len == 4) best = past;
  }
  return best;
}

static bool is_padded(const reading *r, uint32_t i) {
  return r->slice->words[i].len == 2 && r->slice->words[i + 1].len == 2;
}

static uint32_t match_numbers(const reading *r, uint32_t i) {
  static const piece whole[][3] = {{day_number, month_number, year_number},
                                   {month_number, day_number, year_number},
                                   {year_number, month_number, day_number},
                                   {year_number, day_number, month_number}};
  static const piece partial[][3] = {{day_number, month_number, NULL},
                                     {month_number, day_number, NULL}};
  static const piece month[3] = {month_number, year_number, NULL};
  char sign = 0;
  for (size_t k = 0; k < 4; k++) {
    const uint32_t past = in_numbers(r, i, whole[k], &sign);
    if (past > 0 && !is_part_of_more(r, i, past, sign)) return past;
  }
  for (size_t k = 0; k < 2; k++) {
    const uint32_t past = in_numbers(r, i, partial[k], &sign);
    if (past == 0 || is_part_of_more(r, i, past, sign) || sign == ' ') continue;
    if (speaks_of_birth(r, i) || (sign == '/' && is_padded(r, i))) return past;
  }
  const uint32_t past = in_numbers(r, i, month, &sign);
  if (past > 0 && sign != ' ' && r->slice->words[past - 1].len == 4 &&
      !is_part_of_more(r, i, past, sign))
    return past;
  return 0;
}

// 19850315, 15031985, 03151985; six digits where birth is spoken of.
static bool is_compact(const reading *r, uint32_t i) {
  const sj_known_date *d = &r->target->date;
  const sj_piece *word = &r->slice->words[i];
  if (d->day == 0 || (word->len != 8 && word->len != 6)) return false;
  const int value = value_of(word);
  const bool whole = word->len == 8;
  const int year = whole ? d->year : d->year % 100;
  const int scale = whole ? 10000 : 100;
  const bool same = value == year * 10000 + d->month * 100 + d->day ||
                    value == (d->day * 100 + d->month) * scale + year ||
                    value == (d->month * 100 + d->day) * scale + year;
  return same && (whole || speaks_of_birth(r, i));
}

static uint32_t match_at(const reading *r, uint32_t i) {
  const sj_piece *word = &r->slice->words[i];
  if (word->shape != SJ_WORD_DIGITS) return match_words(r, i);
  if (is_compact(r, i)) return i + 1;
  if (word->len > 4) return 0;
  const uint32_t numbers = match_numbers(r, i);
  return numbers > 0 ? numbers : match_words(r, i);
}

// A time that is glued to an ISO date is in its mark.
static uint32_t with_time(const sj_slice *slice, uint32_t end) {
  const uint8_t *bytes = slice->view->bytes;
  if (end + 1 >= slice->view->len || bytes[end] != 'T' ||
      bytes[end + 1] < '0' || bytes[end + 1] > '9')
    return end;
  while (end < slice->view->len && bytes[end] != '\0' &&
         strchr("0123456789:.TZ+-", bytes[end]) != NULL)
    end++;
  return end;
}

sj_status sj_known_find_dates(const sj_finding *f, const sj_slice *slice) {
  const sj_chart *chart = f->chart;
  sj_status status = SJ_OK;
  for (size_t k = 0; k < chart->date_count; k++) {
    target t = {.date = chart->dates[k],
                .months = month_names[chart->dates[k].month - 1]};
    write_day(&t);
    write_year(&t);
    const reading r = {.slice = slice, .target = &t};
    const sj_claim how = {.label = SJ_LABEL_DATE,
                          .score = 1000,
                          .source =
                              sj_known_source_id(chart->lists, t.date.from)};
    for (uint32_t i = 0; i < slice->count && status == SJ_OK; i++) {
      const uint32_t past = match_at(&r, i);
      if (past == 0) continue;
      const uint32_t end = with_time(slice, slice->words[past - 1].end);
      status = sj_finding_claim(f, slice->words[i].start, end, how);
      i = past - 1;
    }
  }
  return status;
}
