// SPDX-License-Identifier: Apache-2.0
//
// evidence_load.c - read a `.evidence` file: classes of words, groups of
// endings, weights. core/packs/README.md has the format.

#include "evidence_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/fold.h"
#include "base/utf8.h"

static const char *const SIDES[SJ_SIDES] = {"left",   "left2", "right",
                                            "right2", "colon", "self"};

typedef struct piece {
  const char *at;
  size_t len;
} piece;

typedef struct loader {
  sj_evidence *evidence;
  const sj_file *file;
  sj_names *names;
  sj_error *error;
  uint32_t line;
} loader;

static sj_status refuse(const loader *in, const char *what) {
  if (in->error == NULL) return SJ_PACK;
  *in->error = (sj_error){.status = SJ_PACK, .what = what, .line = in->line};
  const size_t len = strlen(in->file->name);
  const size_t room = sizeof(in->error->where) - 1;
  memcpy(in->error->where, in->file->name, len < room ? len : room);
  return SJ_PACK;
}

static piece trim(piece text) {
  while (text.len > 0 && strchr(" \t", text.at[0]) != NULL) {
    text.at++;
    text.len--;
  }
  while (text.len > 0 && strchr(" \t\r", text.at[text.len - 1]) != NULL)
    text.len--;
  return text;
}

static piece take_word(piece *text) {
  *text = trim(*text);
  piece word = {text->at, 0};
  while (word.len < text->len && word.at[word.len] != ' ' &&
         word.at[word.len] != '\t')
    word.len++;
  *text = trim((piece){text->at + word.len, text->len - word.len});
  return word;
}

static bool equals(piece text, const char *word) {
  return text.len == strlen(word) && memcmp(text.at, word, text.len) == 0;
}

static bool read_number(piece text, int32_t *out) {
  size_t at = 0;
  const bool minus = text.len > 0 && text.at[0] == '-';
  at += minus || (text.len > 0 && text.at[0] == '+');
  if (at == text.len || text.len > at + 5) return false;
  int32_t value = 0;
  for (; at < text.len; at++) {
    if (text.at[at] < '0' || text.at[at] > '9') return false;
    value = value * 10 + (text.at[at] - '0');
  }
  *out = minus ? -value : value;
  return true;
}

static const char *keep(loader *in, piece name) {
  char *copy = sj_arena_take(&in->evidence->arena, name.len + 1);
  if (copy != NULL) memcpy(copy, name.at, name.len);
  return copy;
}

static uint64_t hash_of(piece word) {
  sj_fold fold = {.bytes = (const uint8_t *)word.at, .end = word.len};
  uint64_t hash = SJ_PHRASE_SEED;
  for (uint32_t code; (code = sj_fold_next(&fold)) != 0;)
    hash = sj_phrase_add(hash, sj_utf8_is_alnum(code) ? code : ' ');
  return hash;
}

static sj_class_word *class_slot(const sj_evidence *e, uint64_t hash) {
  size_t at = (size_t)(hash >> 20) & (e->class_slots - 1);
  while (e->class_words[at].hash != 0 && e->class_words[at].hash != hash)
    at = (at + 1) & (e->class_slots - 1);
  return &e->class_words[at];
}

uint32_t sj_evidence_classes(const sj_evidence *evidence, uint64_t word) {
  return class_slot(evidence, word)->mask;
}

// `class NAME word | word`; the same class may go on in another line.
static sj_status take_class(loader *in, piece rest) {
  sj_evidence *e = in->evidence;
  const piece name = take_word(&rest);
  size_t class = 0;
  while (class < e->class_count && !equals(name, e->classes[class]))
    class ++;
  if (name.len == 0) return refuse(in, "class wants a name and words");
  if (class == SJ_CLASSES_MAX) return refuse(in, "more than 32 classes");
  if (class == e->class_count) {
    if (e->weights != NULL) return refuse(in, "classes stand above weights");
    e->classes[class] = keep(in, name);
    if (e->classes[class] == NULL) return SJ_NOMEM;
    e->class_count++;
  }
  while (rest.len > 0) {
    const char *bar = memchr(rest.at, '|', rest.len);
    const size_t len = bar == NULL ? rest.len : (size_t)(bar - rest.at);
    const piece word = trim((piece){rest.at, len});
    if (word.len == 0 || memchr(word.at, ' ', word.len) != NULL)
      return refuse(in, "a class holds single words, parted by bars");
    sj_class_word *slot = class_slot(e, hash_of(word));
    slot->hash = hash_of(word);
    slot->mask |= 1u << class;
    rest = bar == NULL ? (piece){0} : (piece){bar + 1, rest.len - len - 1};
  }
  return SJ_OK;
}

// `suffix NAME ending | ending`
static sj_status take_suffix(loader *in, piece rest) {
  sj_evidence *e = in->evidence;
  const piece name = take_word(&rest);
  size_t group = 0;
  while (group < e->group_count && !equals(name, e->groups[group]))
    group++;
  if (name.len == 0) return refuse(in, "suffix wants a name and endings");
  if (group == SJ_SUFFIXES_MAX) return refuse(in, "more than 16 suffixes");
  if (group == e->group_count) {
    if (e->weights != NULL) return refuse(in, "suffixes stand above weights");
    e->groups[group] = keep(in, name);
    if (e->groups[group] == NULL) return SJ_NOMEM;
    e->group_count++;
  }
  while (rest.len > 0) {
    const char *bar = memchr(rest.at, '|', rest.len);
    const size_t len = bar == NULL ? rest.len : (size_t)(bar - rest.at);
    const piece end = trim((piece){rest.at, len});
    sj_suffix suffix = {.group = (uint8_t)group, .len = (uint8_t)end.len};
    if (end.len == 0 || end.len >= sizeof(suffix.text))
      return refuse(in, "an ending has 1 to 11 letters");
    memcpy(suffix.text, end.at, end.len);
    sj_suffix *at = sj_array_room(&e->arena, e->suffixes, e->suffix_count,
                                  &e->suffix_cap, 1, sizeof(*at));
    if (at == NULL) return SJ_NOMEM;
    at[e->suffix_count++] = suffix;
    e->suffixes = at;
    rest = bar == NULL ? (piece){0} : (piece){bar + 1, rest.len - len - 1};
  }
  return SJ_OK;
}

static sj_status name_side(loader *in, size_t class, size_t side) {
  char name[80];
  const int len = snprintf(name, sizeof(name), "%s:%.60s", SIDES[side],
                           in->evidence->classes[class]);
  const char *kept = keep(in, (piece){name, (size_t)len});
  in->evidence->names[sj_evidence_side(class, side)] = kept;
  return kept == NULL ? SJ_NOMEM : SJ_OK;
}

static sj_status name_suffix(loader *in, size_t group) {
  char name[80];
  const int len =
      snprintf(name, sizeof(name), "suffix:%.60s", in->evidence->groups[group]);
  const char *kept = keep(in, (piece){name, (size_t)len});
  in->evidence->names[sj_evidence_suffix(in->evidence, group)] = kept;
  return kept == NULL ? SJ_NOMEM : SJ_OK;
}

// All classes and suffixes are known: give every piece its name and number.
static sj_status open_weights(loader *in) {
  static const char *const fixed[] = {
#define X(name, text) text,
      SJ_EVIDENCE_MAP(X)
#undef X
  };
  sj_evidence *e = in->evidence;
  e->count = sj_evidence_suffix(e, e->group_count);
  e->weights = sj_arena_take(&e->arena, e->count * sizeof(*e->weights));
  e->names = sj_arena_take(&e->arena, e->count * sizeof(*e->names));
  e->sources = sj_arena_take(&e->arena, e->count * sizeof(*e->sources));
  if (e->weights == NULL || e->names == NULL || e->sources == NULL)
    return SJ_NOMEM;
  memcpy(e->names, fixed, sizeof(fixed));
  sj_status status = SJ_OK;
  for (size_t class = 0; class < e->class_count; class ++)
    for (size_t side = 0; status == SJ_OK && side < SJ_SIDES; side++)
      status = name_side(in, class, side);
  for (size_t group = 0; status == SJ_OK && group < e->group_count; group++)
    status = name_suffix(in, group);
  for (size_t id = 0; status == SJ_OK && id < e->count; id++)
    status = sj_names_intern(in->names, e->names[id], strlen(e->names[id]),
                             &e->sources[id]);
  return status;
}

// `weight NAME n n n n n n`
static sj_status take_weight(loader *in, piece rest) {
  sj_evidence *e = in->evidence;
  if (e->weights == NULL) {
    const sj_status status = open_weights(in);
    if (status != SJ_OK) return status;
  }
  const piece name = take_word(&rest);
  size_t id = 0;
  while (id < e->count && !equals(name, e->names[id]))
    id++;
  if (id == e->count) return refuse(in, "no such evidence");
  for (size_t column = 0; column < SJ_COLUMNS; column++) {
    int32_t value = 0;
    if (!read_number(take_word(&rest), &value) || value > INT16_MAX ||
        value < -INT16_MAX)
      return refuse(in, "weight wants six numbers of thousandths");
    e->weights[id][column] = (int16_t)value;
  }
  return rest.len == 0 ? SJ_OK : refuse(in, "weight wants six numbers");
}

// `floor n n n`, `sure n`
static sj_status take_numbers(loader *in, piece rest, int32_t *out, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!read_number(take_word(&rest), &out[i]) || out[i] < 0 || out[i] > 30000)
      return refuse(in, "a number of thousandths is missing");
  return rest.len == 0 ? SJ_OK : refuse(in, "more than was expected");
}

static sj_status take_line(loader *in, piece line) {
  sj_evidence *e = in->evidence;
  int32_t numbers[SJ_THINGS] = {0};
  const piece word = take_word(&line);
  if (equals(word, "class")) return take_class(in, line);
  if (equals(word, "suffix")) return take_suffix(in, line);
  if (equals(word, "weight")) return take_weight(in, line);
  if (equals(word, "version")) return SJ_OK;
  if (equals(word, "floor")) {
    const sj_status status = take_numbers(in, line, numbers, SJ_THINGS);
    for (size_t i = 0; i < SJ_THINGS; i++)
      e->floors[i] = (uint16_t)numbers[i];
    return status;
  }
  if (equals(word, "sure")) {
    const sj_status status = take_numbers(in, line, numbers, 1);
    e->sure = (uint16_t)numbers[0];
    return status;
  }
  return refuse(in, "no such keyword in a table of evidence");
}

static sj_status read_file(loader *in) {
  const sj_file *file = in->file;
  sj_status status = SJ_OK;
  for (size_t at = 0; status == SJ_OK && at < file->len;) {
    in->line++;
    const char *end = memchr(file->data + at, '\n', file->len - at);
    const size_t past = end == NULL ? file->len : (size_t)(end - file->data);
    const piece line = trim((piece){file->data + at, past - at});
    at = past + 1;
    if (in->line == 1) {
      if (!equals(line, "scrubjay-evidence 1"))
        return refuse(in, "no table of evidence of format 1");
      continue;
    }
    if (line.len == 0 || line.at[0] == '#') continue;
    status = take_line(in, line);
  }
  if (status == SJ_OK && in->evidence->weights == NULL)
    return refuse(in, "a table of evidence without weights");
  return status;
}

static sj_status fill(loader *in) {
  sj_evidence *e = in->evidence;
  // At most one word behind each bar and each keyword.
  size_t words = 16;
  for (size_t i = 0; i < in->file->len; i++)
    words += in->file->data[i] == '|' || in->file->data[i] == '\n';
  e->class_slots = 64;
  while (e->class_slots < words * 2)
    e->class_slots *= 2;
  e->class_words =
      sj_arena_take(&e->arena, e->class_slots * sizeof(*e->class_words));
  if (e->class_words == NULL) return SJ_NOMEM;
  for (size_t i = 0; i < SJ_THINGS; i++)
    e->floors[i] = 500;
  e->sure = 800;
  sj_status status = read_file(in);
  static const char *const found[SJ_THINGS] = {"evidence-name", "evidence-town",
                                               "evidence-site"};
  for (size_t i = 0; status == SJ_OK && i < SJ_THINGS; i++)
    status =
        sj_names_intern(in->names, found[i], strlen(found[i]), &e->found[i]);
  if (status == SJ_OK)
    status = sj_names_intern(in->names, "speech", 6, &e->speech);
  return status;
}

sj_status sj_evidence_new(const sj_file *files,
                          size_t count,
                          sj_names *names,
                          sj_allocator allocator,
                          sj_evidence **out,
                          sj_error *error) {
  static const char ending[] = ".evidence";
  *out = NULL;
  const sj_file *file = NULL;
  for (size_t i = 0; i < count; i++) {
    const size_t len = strlen(files[i].name);
    if (len > strlen(ending) &&
        strcmp(files[i].name + len - strlen(ending), ending) == 0)
      file = &files[i];
  }
  if (file == NULL) return SJ_OK;
  sj_evidence *evidence = sj_alloc(allocator, sizeof(*evidence));
  if (evidence == NULL) return SJ_NOMEM;
  evidence->allocator = allocator;
  sj_arena_init(&evidence->arena, allocator);
  loader in = {
      .evidence = evidence, .file = file, .names = names, .error = error};
  const sj_status status = fill(&in);
  if (status != SJ_OK) {
    sj_evidence_free(evidence);
    return status;
  }
  *out = evidence;
  return SJ_OK;
}

void sj_evidence_free(sj_evidence *evidence) {
  if (evidence == NULL) return;
  const sj_allocator allocator = evidence->allocator;
  sj_arena_release(&evidence->arena);
  sj_free(allocator, evidence);
}

const char *sj_evidence_name(const sj_evidence *evidence, uint16_t id) {
  return id < evidence->count ? evidence->names[id] : NULL;
}

size_t sj_evidence_count(const sj_evidence *evidence) {
  return evidence->count;
}
