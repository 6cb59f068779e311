// SPDX-License-Identifier: Apache-2.0
//
// lexicon_list.c - read a `.list` file: terms that are nobody's name, one or
// several a line. core/packs/README.md has the format.

#include "base/lexicon_parts.h"

#include <string.h>

#include "base/alloc.h"

// Said where memory is out: its place tells it from other sentences.
static const char NO_MEMORY[] = "out of memory";

enum { WITHIN_MAX = 50, NEAR_MAX = 1000, TERM_MAX = 200 };

typedef struct piece {
  const char *at;
  size_t len;
} piece;

static piece trim(piece text) {
  while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
    text.at++;
    text.len--;
  }
  while (text.len > 0 && strchr(" \t\r", text.at[text.len - 1]) != NULL)
    text.len--;
  return text;
}

// Whether the line begins with the keyword; `*value` is what follows.
static bool is_keyword(piece line, const char *word, piece *value) {
  const size_t len = strlen(word);
  if (line.len < len || memcmp(line.at, word, len) != 0) return false;
  if (line.len > len && line.at[len] != ' ' && line.at[len] != '\t')
    return false;
  *value = trim((piece){line.at + len, line.len - len});
  return true;
}

// The next of several, parted by bars. False at the end.
static bool take_term(piece *rest, piece *term) {
  if (rest->at == NULL) return false;
  const char *bar = memchr(rest->at, '|', rest->len);
  const size_t len = bar == NULL ? rest->len : (size_t)(bar - rest->at);
  *term = trim((piece){rest->at, len});
  if (bar == NULL)
    *rest = (piece){0};
  else
    *rest = (piece){bar + 1, rest->len - len - 1};
  return true;
}

static const char *add_terms(sj_lexicon *lexicon, piece line) {
  const sj_term_list *list = &lexicon->lists[lexicon->list_count];
  const sj_entry entry =
      (sj_entry)lexicon->list_count << 24 |
      (list->near_count > 0 || list->places ? SJ_ENTRY_NEAR : 0);
  piece term;
  while (take_term(&line, &term)) {
    uint64_t first = 0;
    uint32_t words = 0;
    if (term.len == 0 || term.len > TERM_MAX) return "a term is empty or long";
    const uint64_t phrase =
        sj_lexicon_phrase(term.at, term.len, &first, &words);
    if (words == 0) return "a term without letter or digit";
    sj_lexicon_put_list(lexicon, phrase, entry);
    if (words > 1) sj_lexicon_put(lexicon, first, SJ_ENTRY_OPENS);
  }
  return NULL;
}

// `near N word | word`
static const char *
set_near(sj_lexicon *lexicon, sj_term_list *list, piece value) {
  uint32_t within = 0;
  while (value.len > 0 && value.at[0] >= '0' && value.at[0] <= '9') {
    within = within * 10 + (uint32_t)(value.at[0] - '0');
    value = (piece){value.at + 1, value.len - 1};
    if (within > WITHIN_MAX) break;
  }
  if (within == 0 || within > WITHIN_MAX)
    return "near wants a number of words, 1 to 50";
  if (list->near == NULL)
    list->near = sj_alloc(lexicon->allocator, NEAR_MAX * sizeof(*list->near));
  if (list->near == NULL) return NO_MEMORY;
  list->within = within;
  piece term;
  while (take_term(&value, &term)) {
    uint64_t first = 0;
    uint32_t words = 0;
    const uint64_t word = sj_lexicon_phrase(term.at, term.len, &first, &words);
    if (words != 1) return "near wants single words";
    if (list->near_count == NEAR_MAX) return "more than 1000 words in near";
    list->near[list->near_count++] = word;
  }
  return NULL;
}

// `person word | word` and `small word | word`: of all lists together.
static const char *mark_words(sj_lexicon *lexicon, piece value, sj_entry mark) {
  piece term;
  while (take_term(&value, &term)) {
    uint64_t first = 0;
    uint32_t words = 0;
    const uint64_t word = sj_lexicon_phrase(term.at, term.len, &first, &words);
    if (words != 1) return "person and small want single words";
    if (lexicon->used + 2 > lexicon->size - lexicon->size / 8)
      return "more terms than lines";
    sj_lexicon_put(lexicon, word, mark);
  }
  return NULL;
}

static const char *
open_list(sj_lexicon *lexicon, sj_names *names, piece value) {
  if (lexicon->list_count == SJ_LISTS_MAX) return "more than 255 lists";
  if (value.len == 0 || memchr(value.at, ' ', value.len) != NULL)
    return "list wants a name without blanks";
  uint32_t id = 0;
  if (sj_names_intern(names, value.at, value.len, &id) != SJ_OK)
    return NO_MEMORY;
  lexicon->lists[++lexicon->list_count] = (sj_term_list){.id = id};
  return NULL;
}

static const char *
take_line(sj_lexicon *lexicon, sj_names *names, piece line, bool *open) {
  piece value;
  if (is_keyword(line, "version", &value) || is_keyword(line, "note", &value))
    return NULL;
  if (is_keyword(line, "list", &value)) {
    *open = true;
    return open_list(lexicon, names, value);
  }
  if (is_keyword(line, "person", &value))
    return mark_words(lexicon, value, SJ_ENTRY_PERSON);
  if (is_keyword(line, "small", &value))
    return mark_words(lexicon, value, SJ_ENTRY_SMALL);
  if (!*open) return "a list begins with `list NAME`";
  sj_term_list *list = &lexicon->lists[lexicon->list_count];
  if (is_keyword(line, "near", &value)) {
    if (list->has_terms) return "near stands before the terms of its list";
    return set_near(lexicon, list, value);
  }
  if (line.len == strlen("places") &&
      memcmp(line.at, "places", line.len) == 0) {
    if (list->has_terms) return "places stands before the terms of its list";
    list->places = true;
    return NULL;
  }
  if (is_keyword(line, "term", &value)) {
    list->has_terms = true;
    return add_terms(lexicon, value);
  }
  return "no such keyword in a list";
}

sj_status sj_lexicon_read_list(sj_lexicon *lexicon,
                               const sj_file *file,
                               sj_names *names,
                               sj_error *error) {
  uint32_t number = 0;
  bool open = false;
  for (size_t at = 0; at < file->len;) {
    number++;
    const char *end = memchr(file->data + at, '\n', file->len - at);
    const size_t past = end == NULL ? file->len : (size_t)(end - file->data);
    const piece line = trim((piece){file->data + at, past - at});
    at = past + 1;
    piece value;
    const char *what = NULL;
    if (number == 1) {
      if (!is_keyword(line, "scrubjay-list", &value) || value.len != 1 ||
          value.at[0] != '1')
        what = "no list of format 1";
    } else if (line.len > 0 && line.at[0] != '#') {
      what = take_line(lexicon, names, line, &open);
    }
    if (what == NO_MEMORY) return SJ_NOMEM;
    if (what != NULL) return sj_lexicon_fail(error, what, file, number);
  }
  if (number == 0) return sj_lexicon_fail(error, "an empty list", file, 1);
  return SJ_OK;
}
