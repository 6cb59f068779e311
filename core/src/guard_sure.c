// SPDX-License-Identifier: Apache-2.0
//
// guard_sure.c - which findings leave no doubt: those that a label introduces,
// that a check digit confirms, or whose form is nothing else. Notes are full of
// numbers that look like identifiers: series of measures (`12/15/18`), scores
// (`44/144`), versions (`15.6.0.4`), years. Where a form is also one of those,
// the label alone does not do.

#include "guard_parts.h"

#include <string.h>

// Names count where one of these found them: they stand for a form or a title.
// Others (a relative, a nurse, a signature) lean on lists that are not here.
static const char *const NAME_RULES[] = {
    "en-name-patient-field", "en-name-patient-inline", "en-name-title",
    "fr-name-field",         "fr-name-inline",         "fr-name-title"};

bool sj_guard_names(const char *rule, size_t len) {
  for (size_t i = 0; i < sizeof(NAME_RULES) / sizeof(NAME_RULES[0]); i++)
    if (strlen(NAME_RULES[i]) == len && memcmp(NAME_RULES[i], rule, len) == 0)
      return true;
  return false;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
static bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
static bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

/// How a find is written.
typedef struct form {
  size_t digits, groups; ///< groups: numbers that something parts
  size_t longest;        ///< digits of the longest of them
  size_t letters;
  size_t slashes, dashes;
  size_t padded; ///< numbers of two digits with a zero before, but the last
} form;

static form form_of(const char *at, size_t len) {
  form f = {0};
  for (size_t i = 0; i < len;) {
    if (!is_digit(at[i])) {
      f.slashes += at[i] == '/';
      f.dashes += at[i] == '-';
      f.letters += is_capital(at[i]) || is_small(at[i]);
      i++;
      continue;
    }
    const size_t from = i;
    while (i < len && is_digit(at[i]))
      i++;
    f.groups++;
    f.digits += i - from;
    f.padded += i - from == 2 && at[from] == '0' && i < len;
    if (i - from > f.longest) f.longest = i - from;
  }
  return f;
}

// A date with its year in four digits; where a label introduces it, one in
// three numbers; else these only as nobody writes three measures: 03/07/24.
static bool is_full_date(const form *f, bool labelled) {
  if (f->digits >= 5 && f->longest >= 4) return true;
  if (f->letters > 0) return f->digits >= (labelled ? 3U : 5U);
  if (f->groups != 3) return false;
  return labelled || (f->padded > 0 && f->dashes == 0);
}

// Neither a score out of a whole nor a year.
static bool is_number(const form *f, size_t least) {
  return f->digits >= least && !(f->groups == 2 && f->slashes > 0);
}

// A name before @, /~user, /users/..., or the page of an account.
static bool names_user(const char *text, size_t len) {
  static const char *const signs[] = {"@",        "/~",   "/user", "/patient",
                                      "/profile", "/in/", "user=", "id="};
  for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
    const size_t want = strlen(signs[i]);
    for (size_t at = 0; at + want <= len; at++)
      if (memcmp(text + at, signs[i], want) == 0) return true;
  }
  return false;
}

// ---------------------------------------------------------------------------
// Names
// ---------------------------------------------------------------------------

/// How the words of a name are written.
typedef struct wording {
  unsigned capital; ///< Kern
  unsigned upper;   ///< KERN, or an initial
  bool other;       ///< a word without a capital
} wording;

// How many bytes of a word stand at `at`: letters, hyphens, apostrophes, full
// stops, and whatever is beyond ASCII.
static size_t word_len(const char *at, const char *end) {
  const char *from = at;
  while (at < end && (is_capital(*at) || is_small(*at) ||
                      ((unsigned char)*at & 0x80) != 0 || *at == '-' ||
                      *at == '\'' || *at == '.'))
    at++;
  return (size_t)(at - from);
}

// A capital of ASCII, or of Latin-1 with an accent.
static bool begins_large(const char *at, size_t len) {
  return is_capital(*at) || (len > 1 && (unsigned char)at[0] == 0xC3 &&
                             (unsigned char)at[1] < 0x9F);
}

static wording wording_of(const char *at, const char *end) {
  wording w = {0};
  while (at < end) {
    const size_t len = word_len(at, end);
    bool small = false;
    for (size_t i = 0; i < len; i++)
      small = small || is_small(at[i]);
    if (len > 0 && begins_large(at, len)) {
      w.capital += small;
      w.upper += !small;
    } else {
      w.other = w.other || is_small(*at);
    }
    at += len > 0 ? len : 1;
  }
  return w;
}

static bool is_found_by_form(const sj_guard_reading *of, const sj_span *span) {
  for (uint32_t i = 0; i < span->source_count; i++) {
    const char *name =
        sj_engine_source_name(of->engine, of->sources[span->source + i].id);
    if (name != NULL && sj_guard_names(name, strlen(name))) return true;
  }
  return false;
}

// Whether a name begins at a byte: one that was found, or a placeholder.
static bool begins_name(const sj_guard_reading *of, uint32_t at) {
  if (at < of->len && of->text[at] == '<') return true;
  size_t low = 0;
  size_t high = of->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (of->spans[middle].start < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low < of->count && of->spans[low].start == at &&
         of->spans[low].label == SJ_LABEL_NAME;
}

// Whether `len` bytes at `line` begin three lines and more, and names follow on
// less than half of them.
static bool
begins_turns(const sj_guard_reading *of, uint32_t line, size_t len) {
  const char *end = of->text + of->len;
  size_t lines = 0, names = 0;
  for (const char *from = of->text; from != NULL;) {
    if ((size_t)(end - from) > len && memcmp(from, of->text + line, len) == 0) {
      lines++;
      names += begins_name(of, (uint32_t)((size_t)(from - of->text) + len));
    }
    from = memchr(from, '\n', (size_t)(end - from));
    if (from != NULL) from++;
  }
  return lines >= 3 && names * 2 < lines;
}

// Whether the label before a find is a speaker's: `Patient:` in a conversation.
// A text has few labels; one with many is not looked through for each.
static bool is_speaker(sj_guard_reading *of, uint32_t at) {
  enum { LABELS_MOST = 32 };
  uint32_t line = at;
  while (line > 0 && of->text[line - 1] != '\n')
    line--;
  const size_t len = at - line;
  if (len == 0) return false;
  if (of->label_len == len &&
      memcmp(of->text + of->label, of->text + line, len) == 0)
    return of->speaks;
  if (++of->labels > LABELS_MOST) return false;
  of->label = line;
  of->label_len = len;
  of->speaks = begins_turns(of, line, len);
  return of->speaks;
}

// Whether a sign of a form stands before it, such as a colon.
static bool has_sign(const char *text, uint32_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
    at--;
  return at > 0 && (text[at - 1] == ':' || text[at - 1] == '=');
}

// Two words as names are written: `Zora Kern`, `KERN Zora` behind a colon. A
// sentence, abbreviations or a drug behind the label have none.
static bool is_named(sj_guard_reading *of, const sj_span *span) {
  const wording w = wording_of(of->text + span->start, of->text + span->end);
  if (w.other || w.capital == 0 || w.capital + w.upper < 2) return false;
  if (!is_found_by_form(of, span)) return false;
  return (w.capital >= 2 || w.upper == 1 || has_sign(of->text, span->start)) &&
         !is_speaker(of, span->start);
}

// ---------------------------------------------------------------------------

// Four numbers are a version as often as an address, where none has three
// digits and no word before them speaks for one.
static bool is_address(const form *f, const sj_span *span) {
  enum { BARE = 900 };
  return f->groups != 4 || f->longest == 3 || span->score > BARE;
}

static bool is_account(const form *f, bool labelled, bool validated) {
  enum { CARD = 15 }; // a check digit alone fits one number in ten
  return (labelled && is_number(f, 6)) ||
         (validated && (f->letters > 0 || f->digits >= CARD));
}

bool sj_guard_is_sure(sj_guard_reading *of, const sj_span *span) {
  enum { HIGH = 850, SURE = 900 };
  const char *surface = of->text + span->start;
  const size_t len = span->end - span->start;
  const bool labelled = (span->flags & SJ_FLAG_LABELLED) != 0;
  const bool validated = (span->flags & SJ_FLAG_VALIDATED) != 0;
  const bool told = labelled || validated;
  const form f = form_of(surface, len);
  switch (span->label) {
  case SJ_LABEL_EMAIL:
    return true;
  case SJ_LABEL_IP:
    return labelled || is_address(&f, span);
  case SJ_LABEL_URL:
    return names_user(surface, len);
  case SJ_LABEL_PHONE:
  case SJ_LABEL_FAX: // a run of digits is a number of anything
    return f.digits >= 7 &&
           (told || (span->score >= HIGH && (f.groups > 1 || f.digits >= 10)));
  case SJ_LABEL_NATIONAL_ID:
    return f.digits >= 7 && (told || span->score >= SURE);
  case SJ_LABEL_VEHICLE: // a plate is too short to be sure of
    return len >= 11 && (told || span->score >= SURE);
  case SJ_LABEL_MRN:
  case SJ_LABEL_LICENSE:
    return told && is_number(&f, 5);
  case SJ_LABEL_ACCOUNT:
    return is_account(&f, labelled, validated);
  case SJ_LABEL_DATE:
    return is_full_date(&f, labelled);
  case SJ_LABEL_NAME:
    return labelled && is_named(of, span);
  default:
    return false;
  }
}
