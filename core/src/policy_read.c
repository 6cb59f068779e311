// SPDX-License-Identifier: Apache-2.0
//
// policy_read.c - read a `.policy` file: a line is a keyword and a value.

#include "policy_parts.h"

#include <string.h>

#include "base/utf8.h"

enum { FORMAT = 1, AGE_MAX = 999, YEAR_MIN = 1900, YEAR_MAX = 2199 };

/// Keywords that may stand once.
enum {
  SAW_POLICY = 1,
  SAW_YEAR = 2,
  SAW_AGE = 4,
  SAW_ZIP3 = 8,
  SAW_STRICT = 16
};

typedef struct reader {
  const sj_file *file;
  sj_policy_def *def;
  sj_error *error;
  uint32_t line;
  unsigned seen;
} reader;

typedef struct str {
  const char *at;
  size_t len;
} str;

sj_status sj_policy_fail(sj_error *error,
                         const char *what,
                         const char *file,
                         const char *name,
                         uint32_t line) {
  if (error == NULL) return SJ_PACK;
  *error = (sj_error){.status = SJ_PACK, .what = what, .line = line};
  const char *const parts[] = {file, name[0] != '\0' ? " " : "", name};
  size_t at = 0;
  for (size_t i = 0; i < 3; i++)
    for (const char *c = parts[i]; *c != '\0'; c++)
      if (at + 1 < sizeof error->where) error->where[at++] = *c;
  return SJ_PACK;
}

static sj_status refuse(const reader *in, const char *what) {
  return sj_policy_fail(in->error, what, in->file->name, in->def->name,
                        in->line);
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// The first word of `*text`, which moves behind it.
static str take_word(str *text) {
  while (text->len > 0 && is_blank(text->at[0]))
    text->at++, text->len--;
  str word = {text->at, 0};
  while (word.len < text->len && !is_blank(text->at[word.len]))
    word.len++;
  text->at += word.len;
  text->len -= word.len;
  return word;
}

static bool equals(str text, const char *word) {
  return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

static bool read_number(str text, size_t digits, uint32_t *out) {
  uint32_t value = 0;
  if (text.len == 0 || text.len > digits) return false;
  for (size_t i = 0; i < text.len; i++) {
    if (text.at[i] < '0' || text.at[i] > '9') return false;
    value = value * 10 + (uint32_t)(text.at[i] - '0');
  }
  *out = value;
  return true;
}

static sj_status once(reader *in, unsigned key) {
  if ((in->seen & key) != 0) return refuse(in, "this keyword stands twice");
  in->seen |= key;
  return SJ_OK;
}

static sj_status read_name(reader *in, str value) {
  const str name = take_word(&value);
  for (size_t i = 0; i < name.len; i++) {
    const char c = name.at[i];
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
      return refuse(in, "a name is small letters, digits and hyphens");
  }
  if (name.len == 0 || name.len >= SJ_POLICY_NAME_MAX)
    return refuse(in, "policy wants a name of at most 63 characters");
  memcpy(in->def->name, name.at, name.len);
  if (take_word(&value).len > 0)
    return refuse(in, "a name is small letters, digits and hyphens");
  return SJ_OK;
}

static uint32_t all_names(void) {
  uint32_t bits = 0;
  for (unsigned role = SJ_ROLE_NONE; role <= SJ_ROLE_OTHER; role++)
    bits |= sj_policy_bit(SJ_LABEL_NAME, role);
  return bits;
}

/// The bits of `NAME`, `NAME.provider` or another label.
static sj_status read_label(const reader *in, str word, uint32_t *bits) {
  const char *dot = memchr(word.at, '.', word.len);
  const size_t len = dot == NULL ? word.len : (size_t)(dot - word.at);
  const int label = sj_label_from_name(word.at, len);
  if (label < 0)
    return refuse(in, "no such label; labels are written in capitals");
  *bits =
      label == SJ_LABEL_NAME ? all_names() : sj_policy_bit((unsigned)label, 0);
  if (dot == NULL) return SJ_OK;
  const int role = sj_role_from_name(dot + 1, word.len - len - 1);
  if (label != SJ_LABEL_NAME) return refuse(in, "only a NAME has a role");
  if (role <= 0) return refuse(in, "a role is patient, provider or other");
  *bits = sj_policy_bit(SJ_LABEL_NAME, (unsigned)role);
  return SJ_OK;
}

static sj_status read_labels(reader *in, str value, uint32_t *into) {
  str word = take_word(&value);
  if (word.len == 0) return refuse(in, "keep and hide want labels");
  for (; word.len > 0; word = take_word(&value)) {
    uint32_t bits = 0;
    const sj_status status = read_label(in, word, &bits);
    if (status != SJ_OK) return status;
    *into |= bits;
    if ((in->def->keep & in->def->hide) != 0)
      return refuse(in, "the policy both keeps and hides this");
  }
  return SJ_OK;
}

static sj_status read_year(reader *in, str value) {
  uint32_t year = 0;
  if (!equals(take_word(&value), "since") ||
      !read_number(take_word(&value), 4, &year) || year < YEAR_MIN ||
      year > YEAR_MAX || take_word(&value).len > 0)
    return refuse(in, "keep-year wants: since YEAR, 1900 to 2199");
  in->def->year_since = (uint16_t)year;
  return once(in, SAW_YEAR);
}

static sj_status read_age(reader *in, str value) {
  uint32_t age = 0;
  if (!read_number(take_word(&value), 3, &age) || take_word(&value).len > 0)
    return refuse(in, "keep-age wants the last age that stays in clear");
  if (age < SJ_POLICY_AGE || age > AGE_MAX)
    return refuse(in, "keep-age is 89 at least: younger ages are never marked");
  in->def->age_over = (uint16_t)age;
  return once(in, SAW_AGE);
}

static sj_status read_zip3(reader *in, str value) {
  static const char what[] = "keep-zip3 wants: except, and areas of three "
                             "digits";
  in->def->zip3 = true;
  str word = take_word(&value);
  if (!equals(word, "except")) return refuse(in, what);
  size_t areas = 0;
  for (word = take_word(&value); word.len > 0; word = take_word(&value)) {
    uint32_t area = 0;
    if (word.len != 3 || !read_number(word, 3, &area)) return refuse(in, what);
    in->def->zip3_hidden[area / 8] |= (uint8_t)(1u << area % 8);
    areas++;
  }
  return areas == 0 ? refuse(in, what) : once(in, SAW_ZIP3);
}

static sj_status read_strict(reader *in, str value) {
  const str word = take_word(&value);
  const bool yes = equals(word, "yes");
  if ((!yes && !equals(word, "no")) || take_word(&value).len > 0)
    return refuse(in, "strict wants yes or no");
  in->def->strict = yes;
  return once(in, SAW_STRICT);
}

static sj_status read_line(reader *in, str text) {
  const str key = take_word(&text);
  if (key.len == 0 || equals(key, "note") || equals(key, "version"))
    return SJ_OK;
  if (equals(key, "policy")) {
    const sj_status status = once(in, SAW_POLICY);
    return status == SJ_OK ? read_name(in, text) : status;
  }
  if (equals(key, "addition")) {
    in->def->addition = true;
    return take_word(&text).len == 0 ? SJ_OK
                                     : refuse(in, "addition takes no value");
  }
  if (equals(key, "keep")) return read_labels(in, text, &in->def->keep);
  if (equals(key, "hide")) return read_labels(in, text, &in->def->hide);
  if (equals(key, "keep-year")) return read_year(in, text);
  if (equals(key, "keep-age")) return read_age(in, text);
  if (equals(key, "keep-zip3")) return read_zip3(in, text);
  if (equals(key, "strict")) return read_strict(in, text);
  return refuse(in, "no such keyword");
}

static sj_status read_first(const reader *in, str text) {
  uint32_t format = 0;
  if (!equals(take_word(&text), "scrubjay-policy") ||
      !read_number(take_word(&text), 6, &format))
    return refuse(in, "the first line must be: scrubjay-policy 1");
  if (format != FORMAT)
    return refuse(in, "a format that this version does not read");
  return SJ_OK;
}

sj_status
sj_policy_read(const sj_file *file, sj_policy_def *out, sj_error *error) {
  *out = (sj_policy_def){0};
  reader in = {.file = file, .def = out, .error = error};
  size_t bad_at = 0;
  if (!sj_utf8_valid(file->data, file->len, &bad_at))
    return refuse(&in, "the file is not valid UTF-8");
  const char *at = file->data;
  const char *const end = at + file->len;
  while (at < end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL) stop = end;
    const str text = {at, (size_t)(stop - at)};
    in.line++;
    sj_status status = SJ_OK;
    if (in.line == 1)
      status = read_first(&in, text);
    else if (text.len > 0 && text.at[0] != '#')
      status = read_line(&in, text);
    if (status != SJ_OK) return status;
    at = stop < end ? stop + 1 : end;
  }
  if (in.line == 0) return refuse(&in, "the file is empty");
  if ((in.seen & SAW_POLICY) == 0)
    return refuse(&in, "the file names no policy");
  return SJ_OK;
}
