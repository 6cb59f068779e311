// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer against committed vectors of the reference library, its
// invariants on hostile text, each allocation failing, and broken files.

#include <stdlib.h>
#include <string.h>

#include "base/json_tree.h"
#include "check.h"
#include "failing_alloc.h"

enum { FILE_MOST = 1 << 21 };

static char *read_file(const char *name, size_t *len) {
  char path[512];
  (void)snprintf(path, sizeof(path), "%s/%s", SJ_VECTORS, name);
  FILE *file = fopen(path, "rb");
  char *data = file == NULL ? NULL : malloc(FILE_MOST);
  *len = data == NULL ? 0 : fread(data, 1, FILE_MOST, file);
  if (file != NULL) fclose(file);
  return data;
}

static sj_tokenizer *load(const char *name, sj_allocator allocator) {
  sj_file file = {.name = name};
  char *data = read_file(name, &file.len);
  file.data = data;
  sj_tokenizer *tokenizer = NULL;
  sj_error error = {0};
  if (data != NULL)
    (void)sj_tokenizer_new(&file, &allocator, &tokenizer, &error);
  if (tokenizer == NULL)
    fprintf(stderr, "%s: %s %s\n", name, error.what, error.where);
  free(data);
  return tokenizer;
}

static bool is_same(const sj_tokens *tokens, const sj_json_node *line) {
  const sj_json_node *ids = sj_json_tree_get(line, "ids");
  const sj_json_node *offsets = sj_json_tree_get(line, "offsets");
  if (ids->len != tokens->len || offsets->len != tokens->len) return false;
  const sj_json_node *id = ids->child;
  const sj_json_node *range = offsets->child;
  for (size_t i = 0; i < tokens->len; i++) {
    if (id->integer != tokens->ids[i]) return false;
    if (range->child->integer != tokens->start[i]) return false;
    if (range->child->next->integer != tokens->end[i]) return false;
    id = id->next;
    range = range->next;
  }
  return true;
}

static bool agrees(const sj_tokenizer *tokenizer, const sj_json_node *line) {
  const sj_json_node *text = sj_json_tree_get(line, "text");
  sj_encoding *encoding = NULL;
  if (sj_encoding_new(tokenizer, text->text, text->len, &encoding, NULL) !=
      SJ_OK)
    return false;
  const sj_tokens tokens = sj_encoding_tokens(encoding);
  const bool same = is_same(&tokens, line);
  sj_encoding_free(encoding);
  return same;
}

// The reader refuses NUL in strings, so a text that holds one is left to
// compare.py.
static void gives_the_tokens_of_the_reference(void) {
  size_t len = 0;
  char *data = read_file("vectors.jsonl", &len);
  CHECK(data != NULL && len > 0);
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_tokenizer *tokenizer = NULL;
  char name[64] = "";
  size_t lines = 0;
  size_t number = 0;
  for (char *at = data; data != NULL && at < data + len; number++) {
    char *stop = memchr(at, '\n', (size_t)(data + len - at));
    const sj_json_node *line = NULL;
    if (sj_json_tree_parse(&arena, at, (size_t)(stop - at), &line, NULL) ==
        SJ_OK) {
      const sj_json_node *file = sj_json_tree_get(line, "tokenizer");
      if (strcmp(file->text, name) != 0) {
        sj_tokenizer_free(tokenizer);
        (void)snprintf(name, sizeof(name), "%s", file->text);
        tokenizer = load(name, (sj_allocator){0});
        CHECK(tokenizer != NULL);
      }
      const bool same = tokenizer != NULL && agrees(tokenizer, line);
      if (!same) fprintf(stderr, "line %zu, %s\n", number + 1, name);
      CHECK(same);
      lines++;
    }
    at = stop + 1;
    sj_arena_reset(&arena);
  }
  CHECK(lines > 250);
  sj_tokenizer_free(tokenizer);
  sj_arena_release(&arena);
  free(data);
}

static const char *const names[] = {
    "bpe-bytes.json",        "bpe-modern.json",       "bpe-roberta.json",
    "bpe-split.json",        "bpe-suffix.json",       "unigram-bytes.json",
    "unigram-charsmap.json", "wordlevel.json",        "wordpiece-cased.json",
    "wordpiece-nfkd.json",   "wordpiece-uncased.json"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static size_t put_char(char *out, unsigned code) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xC0 | code >> 6);
    out[1] = (char)(0x80 | (code & 63));
    return 2;
  }
  out[0] = (char)(0xE0 | code >> 12);
  out[1] = (char)(0x80 | (code >> 6 & 63));
  out[2] = (char)(0x80 | (code & 63));
  return 3;
}

// Invented hostile text from a fixed seed.
static size_t hostile(char *out, size_t most, unsigned seed) {
  static const unsigned odd[] = {0x301, 0x323, 0x200B, 0xAD,   0x200D, 0x20,
                                 0xA,   0xD,   0xFB01, 0xBD,   0x1100, 0x1161,
                                 0xC5,  0x130, 0x3000, 0xFF21, 0x27,   0x7C};
  size_t len = 0;
  while (len + 3 < most) {
    seed = seed * 1103515245u + 12345u;
    const unsigned pick = seed >> 16;
    unsigned code = pick % 3 == 0   ? odd[pick / 3 % 18]
                    : pick % 3 == 1 ? 'a' + pick / 3 % 26
                                    : 0x80 + pick / 3 % 0xD000;
    len += put_char(out + len, code);
  }
  return len;
}

static bool is_edge(const char *text, size_t len, size_t at) {
  return at == len || (text[at] & 0xC0) != 0x80;
}

static void ranges_never_go_back_nor_split_a_character(void) {
  char text[3000];
  for (size_t i = 0; i < NAMES; i++) {
    sj_tokenizer *tokenizer = load(names[i], (sj_allocator){0});
    for (unsigned seed = 1; tokenizer != NULL && seed < 30; seed++) {
      const size_t len = hostile(text, sizeof(text), seed);
      sj_encoding *encoding = NULL;
      CHECK(sj_encoding_new(tokenizer, text, len, &encoding, NULL) == SJ_OK);
      const sj_tokens tokens = sj_encoding_tokens(encoding);
      for (size_t k = 0; k < tokens.len; k++) {
        CHECK(tokens.start[k] <= tokens.end[k] && tokens.end[k] <= len);
        CHECK(is_edge(text, len, tokens.start[k]));
        CHECK(is_edge(text, len, tokens.end[k]));
        if (k > 0) CHECK(tokens.start[k] >= tokens.start[k - 1]);
      }
      sj_encoding_free(encoding);
    }
    sj_tokenizer_free(tokenizer);
  }
}

static sj_status load_and_run(sj_allocator allocator, void *ctx) {
  const sj_file *file = ctx;
  static const char text[] = "Zyxwv-secret e\xCC\x81 \xEF\xAC\x81 l'h\xC3\xB4"
                             "pital <mask> [MASK] 12/02 ";
  sj_tokenizer *tokenizer = NULL;
  sj_status status = sj_tokenizer_new(file, &allocator, &tokenizer, NULL);
  sj_encoding *encoding = NULL;
  if (status == SJ_OK)
    status =
        sj_encoding_new(tokenizer, text, sizeof(text) - 1, &encoding, NULL);
  sj_encoding_free(encoding);
  sj_tokenizer_free(tokenizer);
  return status;
}

static void says_so_when_memory_is_out(void) {
  for (size_t i = 0; i < NAMES; i++) {
    sj_file file = {.name = names[i]};
    char *data = read_file(names[i], &file.len);
    file.data = data;
    CHECK(sj_test_each_fails(load_and_run, &file, "Zyxwv-secret") > 5);
    free(data);
  }
}

typedef struct broken {
  const char *text, *where;
} broken;

static void refuses_what_it_does_not_support(void) {
#define MODEL                                                                  \
  "\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0, \"u\": 1}, "     \
  "\"unk_token\": \"u\"}"
  static const broken files[] = {
      {"", "$"},
      {"[]", "$"},
      {"{}", "$"},
      {"{\"model\": 3}", "$.model"},
      {"{\"model\": {\"type\": \"Other\", \"vocab\": {\"a\": 0}}}", "$.model"},
      {"{\"model\": {\"vocab\": {\"a\": -1}}}", "$.model.vocab"},
      {"{\"model\": {\"vocab\": {\"a\": 0, \"a\": 1}}}", "$.model.vocab"},
      {"{\"model\": {\"vocab\": [[\"a\", \"b\"]]}}", "$.model.vocab"},
      {"{\"model\": {\"dropout\": 0.1}}", "$.model"},
      {"{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0},"
       " \"merges\": [\"a b\"]}}",
       "$.model"},
      {"{\"normalizer\": {\"type\": \"Magic\"}, " MODEL "}", "$.normalizer"},
      {"{\"normalizer\": {\"type\": \"NFC\", \"odd\": 1}, " MODEL "}",
       "$.normalizer"},
      {"{\"pre_tokenizer\": {\"type\": \"UnicodeScripts\"}, " MODEL "}",
       "$.pre_tokenizer"},
      {"{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": "
       "\"[a&&b]\"}, \"behavior\": \"Removed\", \"invert\": false}, " MODEL "}",
       "$.pre_tokenizer"},
      {"{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": "
       "\"(\"}, \"behavior\": \"Removed\", \"invert\": false}, " MODEL "}",
       "$.pre_tokenizer"},
      {"{\"post_processor\": {\"type\": \"Magic\"}, " MODEL "}",
       "$.post_processor"},
      {"{\"added_tokens\": [{\"id\": 3}], " MODEL "}", "$.added_tokens"},
      {"{" MODEL "} x", ""}};
#undef MODEL
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    const sj_file file = {"tokenizer.json", files[i].text,
                          strlen(files[i].text)};
    sj_tokenizer *tokenizer = NULL;
    sj_error error = {0};
    CHECK(sj_tokenizer_new(&file, NULL, &tokenizer, &error) == SJ_TOKENIZER);
    CHECK(tokenizer == NULL && error.what != NULL);
    CHECK(error.status == SJ_TOKENIZER);
    const size_t len = strlen(files[i].where);
    if (strncmp(error.where, files[i].where, len) != 0)
      fprintf(stderr, "file %zu: %s at %s\n", i, error.what, error.where);
    CHECK(strncmp(error.where, files[i].where, len) == 0);
  }
}

static void every_cut_file_is_refused(void) {
  sj_file file = {.name = "wordpiece-cased.json"};
  char *data = read_file(file.name, &file.len);
  const size_t whole = file.len - 1; // without the line end
  file.data = data;
  for (size_t len = 0; len < whole; len += 37) {
    file.len = len;
    sj_tokenizer *tokenizer = NULL;
    CHECK(sj_tokenizer_new(&file, NULL, &tokenizer, NULL) == SJ_TOKENIZER);
    CHECK(tokenizer == NULL);
  }
  free(data);
}

static void invalid_text_is_refused_at_its_byte(void) {
  sj_tokenizer *tokenizer = load("bpe-roberta.json", (sj_allocator){0});
  sj_encoding *encoding = NULL;
  sj_error error = {0};
  CHECK(sj_encoding_new(tokenizer, "ab\xFFz", 4, &encoding, &error) == SJ_UTF8);
  CHECK(encoding == NULL && error.at == 2);
  sj_tokenizer_free(tokenizer);
}

int main(void) {
  RUN(gives_the_tokens_of_the_reference);
  RUN(ranges_never_go_back_nor_split_a_character);
  RUN(says_so_when_memory_is_out);
  RUN(refuses_what_it_does_not_support);
  RUN(every_cut_file_is_refused);
  RUN(invalid_text_is_refused_at_its_byte);
  return CHECK_DONE();
}
