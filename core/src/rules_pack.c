// SPDX-License-Identifier: Apache-2.0
//
// rules_pack.c - read a `.rules` file: a line is a keyword and a value.

#include "rules_pack.h"

#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "rules_words.h"

enum { FORMAT = 1, REACH_MAX = 1024, WITHIN_MAX = 200 };

/// A named piece of patterns, `{NAME}`.
typedef struct piece {
  sj_str name, pattern;
} piece;

typedef struct reader {
  sj_arena *arena;
  const sj_file *file;
  sj_pack *pack;
  sj_error *error;
  piece *pieces;
  size_t piece_len, piece_cap;
  unsigned langs; ///< of the head
  uint32_t line;
} reader;

sj_status sj_pack_fail(sj_error *error,
                       const char *what,
                       const char *file,
                       sj_str id,
                       uint32_t line) {
  if (error == NULL) return SJ_PACK;
  *error = (sj_error){.status = SJ_PACK, .what = what, .line = line};
  size_t at = 0;
  const size_t room = sizeof(error->where) - 1;
  for (; file[at] != '\0' && at < room; at++)
    error->where[at] = file[at];
  if (id.len > 0 && at + 2 < room) {
    error->where[at++] = ' ';
    const size_t len = id.len < room - at ? id.len : room - at;
    memcpy(error->where + at, id.at, len);
  }
  return SJ_PACK;
}

static sj_rule_def *rule_now(const reader *in) {
  const sj_rule_defs *rules = &in->pack->rules;
  return rules->len == 0 ? NULL : &rules->at[rules->len - 1];
}

static sj_status refuse(const reader *in, const char *what) {
  const sj_rule_def *rule = rule_now(in);
  const sj_str none = {0};
  return sj_pack_fail(in->error, what, in->file->name,
                      rule == NULL ? none : rule->id, in->line);
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static sj_str trim(sj_str text) {
  while (text.len > 0 && is_blank(text.at[0])) {
    text.at++;
    text.len--;
  }
  while (text.len > 0 && is_blank(text.at[text.len - 1]))
    text.len--;
  return text;
}

/// The first word of `*text`, which moves behind it and the blanks.
static sj_str take_word(sj_str *text) {
  *text = trim(*text);
  sj_str word = {text->at, 0};
  while (word.len < text->len && !is_blank(text->at[word.len]))
    word.len++;
  text->at += word.len;
  text->len -= word.len;
  *text = trim(*text);
  return word;
}

static bool equals(sj_str text, const char *word) {
  return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

static bool read_number(sj_str text, uint32_t *out) {
  uint32_t value = 0;
  if (text.len == 0 || text.len > 6) return false;
  for (size_t i = 0; i < text.len; i++) {
    if (text.at[i] < '0' || text.at[i] > '9') return false;
    value = value * 10 + (uint32_t)(text.at[i] - '0');
  }
  *out = value;
  return true;
}

static bool is_name(sj_str text, bool upper) {
  for (size_t i = 0; i < text.len; i++) {
    const char c = text.at[i];
    const bool letter = upper ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z';
    const bool joint = upper ? c == '_' : c == '-';
    if (!letter && !(c >= '0' && c <= '9') && !joint) return false;
  }
  return text.len > 0;
}

static sj_status push_line(reader *in, sj_line_strs *list, sj_str text) {
  sj_line_str *at =
      sj_array_room(in->arena, list->at, list->len, &list->cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  at[list->len++] = (sj_line_str){text, in->line};
  list->at = at;
  return SJ_OK;
}

// ---------------------------------------------------------------------------
// Pieces
// ---------------------------------------------------------------------------

static const piece *find_piece(const reader *in, const char *at, size_t left) {
  for (size_t i = 0; i < in->piece_len; i++) {
    const sj_str name = in->pieces[i].name;
    if (name.len + 1 <= left && memcmp(at, name.at, name.len) == 0 &&
        at[name.len] == '}')
      return &in->pieces[i];
  }
  return NULL;
}

/// The text with its pieces put in: `{NAME}` becomes `(?:PATTERN)`. Gives the
/// length, and writes where `to` is not NULL.
static size_t write_pieces(const reader *in, sj_str text, char *to) {
  static const char open[] = {'(', '?', ':'};
  size_t len = 0;
  for (size_t i = 0; i < text.len; i++) {
    const piece *p = text.at[i] != '{'
                         ? NULL
                         : find_piece(in, text.at + i + 1, text.len - i - 1);
    if (p == NULL) {
      if (to != NULL) to[len] = text.at[i];
      len++;
      continue;
    }
    if (to != NULL) {
      memcpy(to + len, open, sizeof(open));
      memcpy(to + len + 3, p->pattern.at, p->pattern.len);
      to[len + 3 + p->pattern.len] = ')';
    }
    len += p->pattern.len + 4;
    i += p->name.len + 1;
  }
  return len;
}

static sj_status put_pieces(reader *in, sj_str text, sj_str *out) {
  const size_t len = write_pieces(in, text, NULL);
  char *to = sj_arena_take(in->arena, len + 1);
  if (to == NULL) return SJ_NOMEM;
  write_pieces(in, text, to);
  *out = (sj_str){to, len};
  return SJ_OK;
}

static sj_status read_piece(reader *in, sj_str value, bool words) {
  const sj_str name = take_word(&value);
  if (!is_name(name, true) || value.len == 0)
    return refuse(in, "def and words want a NAME in capitals and a value");
  piece *at = sj_array_room(in->arena, in->pieces, in->piece_len,
                            &in->piece_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  in->pieces = at;
  sj_str pattern;
  const sj_status status = words ? sj_words_build(in->arena, value, &pattern)
                                 : put_pieces(in, value, &pattern);
  if (status == SJ_OK) at[in->piece_len++] = (piece){name, pattern};
  return status;
}

// ---------------------------------------------------------------------------
// Keywords
// ---------------------------------------------------------------------------

static sj_status read_langs(reader *in, sj_str value, unsigned *out) {
  const int mask = sj_lang_from_name(value.at, value.len);
  if (mask <= 0) return refuse(in, "lang wants en, fr or en,fr");
  *out = (unsigned)mask;
  return SJ_OK;
}

static sj_status start_rule(reader *in, sj_str value) {
  sj_rule_defs *rules = &in->pack->rules;
  if (!is_name(value, false))
    return refuse(in, "rule wants an id of small letters, digits and hyphens");
  for (size_t i = 0; i < rules->len; i++)
    if (rules->at[i].id.len == value.len &&
        memcmp(rules->at[i].id.at, value.at, value.len) == 0)
      return refuse(in, "a rule of this id stands above");
  sj_rule_def *at = sj_array_room(in->arena, rules->at, rules->len, &rules->cap,
                                  1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  rules->at = at;
  at[rules->len++] = (sj_rule_def){.line = in->line,
                                   .id = value,
                                   .score = 800,
                                   .floor = 500,
                                   .langs = in->langs};
  return SJ_OK;
}

static sj_status read_label(reader *in, sj_rule_def *rule, sj_str value) {
  const sj_str word = take_word(&value);
  const int label = sj_label_from_name(word.at, word.len);
  if (label < 0) return refuse(in, "no such label");
  if (value.len > 0 && !is_name(value, false))
    return refuse(in, "a subtype is small letters, digits and hyphens");
  rule->label = (uint16_t)label;
  rule->subtype = value;
  rule->has_label = true;
  return SJ_OK;
}

static sj_status read_pattern(reader *in, sj_rule_def *rule, sj_str value) {
  sj_str pattern;
  const sj_status status = put_pieces(in, value, &pattern);
  return status == SJ_OK ? push_line(in, &rule->patterns, pattern) : status;
}

/// Split at `|` into trimmed phrases.
static sj_status read_cues(reader *in, sj_rule_def *rule, sj_str value) {
  while (value.len > 0) {
    const char *bar = memchr(value.at, '|', value.len);
    const size_t len = bar == NULL ? value.len : (size_t)(bar - value.at);
    const sj_str phrase = trim((sj_str){value.at, len});
    if (phrase.len == 0) return refuse(in, "an empty cue");
    const sj_status status = push_line(in, &rule->cues, phrase);
    if (status != SJ_OK) return status;
    const size_t past = bar == NULL ? len : len + 1;
    value.at += past;
    value.len -= past;
  }
  return SJ_OK;
}

static sj_status
read_near(reader *in, sj_rule_def *rule, sj_str value, bool after) {
  sj_near near = {.after = after};
  const sj_str within = take_word(&value);
  sj_str delta = take_word(&value);
  const bool lower = delta.len > 0 && delta.at[0] == '-';
  if (delta.len > 0 && (lower || delta.at[0] == '+')) {
    delta.at++;
    delta.len--;
  }
  uint32_t size = 0;
  if (!read_number(within, &near.within) || near.within > WITHIN_MAX ||
      !read_number(delta, &size) || size > 1000 || value.len == 0)
    return refuse(in, "before and after want: N (up to 200), +S or -S, words");
  near.delta = lower ? -(int32_t)size : (int32_t)size;
  near.terms = value;
  sj_nears *nears = &rule->nears;
  sj_near *at = sj_array_room(in->arena, nears->at, nears->len, &nears->cap, 1,
                              sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  at[nears->len++] = near;
  nears->at = at;
  return SJ_OK;
}

static sj_status
read_bounded(reader *in, sj_str value, uint32_t max, uint32_t *out) {
  if (!read_number(value, out) || *out == 0 || *out > max)
    return refuse(in, "a number is missing or out of range");
  return SJ_OK;
}

static sj_status read_scores(reader *in, sj_str key, sj_str value) {
  sj_rule_def *rule = rule_now(in);
  uint32_t number = 0;
  const uint32_t max = equals(key, "reach") ? REACH_MAX : 1000;
  const sj_status status = read_bounded(in, value, max, &number);
  if (status != SJ_OK) return status;
  if (equals(key, "score")) rule->score = (uint16_t)number;
  if (equals(key, "floor")) rule->floor = (uint16_t)number;
  if (equals(key, "reach")) rule->reach = number;
  return SJ_OK;
}

static sj_status read_role(reader *in, sj_rule_def *rule, sj_str value) {
  const int role = sj_role_from_name(value.at, value.len);
  if (role <= 0) return refuse(in, "role wants patient, provider or other");
  rule->role = (uint8_t)role;
  return SJ_OK;
}

static sj_status read_rule_line(reader *in, sj_str key, sj_str value) {
  sj_rule_def *rule = rule_now(in);
  if (rule == NULL) return refuse(in, "a keyword of rules before any rule");
  if (equals(key, "labelled") && value.len == 0) {
    rule->labelled = true;
    return SJ_OK;
  }
  if (value.len == 0) return refuse(in, "a keyword without a value");
  if (equals(key, "label")) return read_label(in, rule, value);
  if (equals(key, "protect")) {
    if (!is_name(value, false)) return refuse(in, "protect wants a name");
    rule->protect = value;
    return SJ_OK;
  }
  if (equals(key, "role")) return read_role(in, rule, value);
  if (equals(key, "match")) return read_pattern(in, rule, value);
  if (equals(key, "cue")) return read_cues(in, rule, value);
  if (equals(key, "gap")) return put_pieces(in, value, &rule->gap);
  if (equals(key, "before")) return read_near(in, rule, value, false);
  if (equals(key, "after")) return read_near(in, rule, value, true);
  if (equals(key, "yes")) return push_line(in, &rule->yes, value);
  if (equals(key, "no")) return push_line(in, &rule->no, value);
  if (equals(key, "check") || equals(key, "confirm")) {
    if (!is_name(value, false)) return refuse(in, "no such check");
    *(equals(key, "check") ? &rule->check : &rule->confirm) = value;
    return SJ_OK;
  }
  if (equals(key, "score") || equals(key, "floor") || equals(key, "reach"))
    return read_scores(in, key, value);
  return refuse(in, "no such keyword");
}

static sj_status read_line(reader *in, sj_str text) {
  const sj_str key = take_word(&text);
  if (key.len == 0 || equals(key, "note")) return SJ_OK;
  if (equals(key, "rule")) return start_rule(in, text);
  if (equals(key, "def")) return read_piece(in, text, false);
  if (equals(key, "words")) return read_piece(in, text, true);
  if (rule_now(in) != NULL && equals(key, "lang"))
    return read_langs(in, text, &rule_now(in)->langs);
  if (equals(key, "lang")) return read_langs(in, text, &in->langs);
  if (rule_now(in) == NULL && equals(key, "pack")) {
    in->pack->name = text;
    return is_name(text, false) ? SJ_OK : refuse(in, "no name for a pack");
  }
  if (rule_now(in) == NULL && equals(key, "version")) {
    in->pack->version = text;
    return SJ_OK;
  }
  return read_rule_line(in, key, text);
}

static sj_status read_first(const reader *in, sj_str text) {
  uint32_t format = 0;
  const sj_str key = take_word(&text);
  if (!equals(key, "scrubjay-rules") || !read_number(text, &format))
    return refuse(in, "the first line must be: scrubjay-rules 1");
  if (format > FORMAT)
    return refuse(in, "a newer format than this version reads");
  return SJ_OK;
}

// What a rule must have at its end.
static sj_status check_rule(reader *in, const sj_rule_def *rule) {
  in->line = rule->line;
  const char *what = NULL;
  const bool protects = rule->protect.len > 0;
  if (!rule->has_label && !protects) what = "the rule has no label";
  if (rule->has_label && protects)
    what = "a rule has a label or protects, not both";
  if (rule->patterns.len == 0) what = "the rule has no match";
  if (rule->role != 0 && (protects || rule->label != SJ_LABEL_NAME))
    what = "only a NAME has a role";
  if (rule->gap.len > 0 && rule->cues.len == 0) what = "a gap without a cue";
  if (what == NULL) return SJ_OK;
  return sj_pack_fail(in->error, what, in->file->name, rule->id, rule->line);
}

static sj_status read_lines(reader *in) {
  const char *at = in->file->data;
  const char *const end = at + in->file->len;
  while (at < end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL) stop = end;
    sj_str text = {at, (size_t)(stop - at)};
    if (text.len > 0 && text.at[text.len - 1] == '\r') text.len--;
    in->line++;
    sj_status status = SJ_OK;
    if (in->line == 1)
      status = read_first(in, text);
    else if (text.len > 0 && text.at[0] != '#')
      status = read_line(in, text);
    if (status != SJ_OK) return status;
    at = stop < end ? stop + 1 : end;
  }
  return in->line == 0 ? refuse(in, "the file is empty") : SJ_OK;
}

sj_status sj_pack_read(sj_arena *arena,
                       const sj_file *file,
                       sj_pack *out,
                       sj_error *error) {
  *out = (sj_pack){.file = file->name};
  reader in = {.arena = arena,
               .file = file,
               .pack = out,
               .error = error,
               .langs = SJ_LANG_ALL};
  size_t bad_at = 0;
  if (!sj_utf8_valid(file->data, file->len, &bad_at))
    return refuse(&in, "the file is not valid UTF-8");
  sj_status status = read_lines(&in);
  for (size_t i = 0; i < out->rules.len && status == SJ_OK; i++)
    status = check_rule(&in, &out->rules.at[i]);
  return status;
}
