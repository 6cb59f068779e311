// SPDX-License-Identifier: Apache-2.0
//
// dump_windows.c - what a model is shown of whole documents, for the program
// that trains it (models/train).
//
//     dump_windows TOKENIZER.json MANIFEST.json < documents.jsonl > windows
//
// Documents: {"id", "text", "lang"?} a line. For each line, little endian:
// uint32 tokens n and features k, then int32 id[n], uint32 start[n] and end[n]
// (bytes of the text), uint8 features[n * k]; no special tokens, not cut into
// windows. A line that is no such document gives n = 0 and a word on stderr.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "session.h"

static bool read_all(const char *path, sj_file *out) {
  FILE *file = fopen(path, "rb");
  char *bytes = NULL;
  *out = (sj_file){.name = path};
  if (file == NULL) return false;
  if (fseek(file, 0, SEEK_END) == 0) {
    const long size = ftell(file);
    rewind(file);
    if (size > 0) bytes = malloc((size_t)size);
    if (bytes != NULL) out->len = fread(bytes, 1, (size_t)size, file);
  }
  fclose(file);
  out->data = bytes;
  return out->len > 0;
}

// The value of a key: a copy of the text, or a language. False for what is
// neither.
static bool take_value(sj_json *json,
                       const char *key,
                       char **text,
                       size_t *len,
                       unsigned *langs) {
  sj_json_event value;
  if (sj_json_next(json, &value) != SJ_OK) return false;
  if (strcmp(key, "text") == 0) {
    if (value.kind != SJ_JSON_STRING) return false;
    *text = malloc(value.len + 1);
    if (*text == NULL) return false;
    memcpy(*text, value.text, value.len);
    *len = value.len;
    return true;
  }
  if (strcmp(key, "lang") == 0 && value.kind == SJ_JSON_STRING) {
    const int known = sj_lang_from_name(value.text, value.len);
    if (known < 0) return false;
    *langs = (unsigned)known;
    return true;
  }
  return sj_json_skip(json, &value) == SJ_OK;
}

static bool read_line(const char *line,
                      size_t line_len,
                      char **text,
                      size_t *len,
                      unsigned *langs) {
  sj_json json;
  sj_json_event event;
  const sj_allocator usual = {0};
  bool good = sj_json_open(&json, usual, line, line_len) == SJ_OK &&
              sj_json_next(&json, &event) == SJ_OK &&
              event.kind == SJ_JSON_OBJECT;
  while (good) {
    good = sj_json_next(&json, &event) == SJ_OK;
    if (!good || event.kind != SJ_JSON_KEY) break;
    char key[8] = "";
    if (event.len < sizeof(key)) memcpy(key, event.text, event.len);
    good = take_value(&json, key, text, len, langs);
  }
  good = good && sj_json_next(&json, &event) == SJ_OK &&
         event.kind == SJ_JSON_END && *text != NULL;
  sj_json_close(&json);
  return good;
}

static void put(const void *data, size_t size) {
  if (size > 0) (void)fwrite(data, 1, size, stdout);
}

static void show(const sj_session *session) {
  const sj_tokens *tokens = &session->tokens;
  const uint32_t columns = session->engine->features.count;
  const uint32_t head[2] = {(uint32_t)tokens->len, columns};
  put(head, sizeof(head));
  put(tokens->ids, tokens->len * sizeof(*tokens->ids));
  put(tokens->start, tokens->len * sizeof(*tokens->start));
  put(tokens->end, tokens->len * sizeof(*tokens->end));
  put(session->features, tokens->len * columns);
}

static bool run_line(sj_session *session, const char *line, size_t line_len) {
  char *text = NULL;
  size_t len = 0;
  sj_session_options options = {0};
  const bool good =
      read_line(line, line_len, &text, &len, &options.langs) &&
      sj_session_start(session, text, len, &options, NULL) == SJ_OK;
  if (good) show(session);
  free(text);
  return good;
}

int main(int argc, char **argv) {
  sj_engine_config config = {0};
  if (argc != 3) {
    fprintf(stderr, "usage: dump_windows TOKENIZER.json MANIFEST.json "
                    "< documents.jsonl > windows\n");
    return 2;
  }
  if (!read_all(argv[1], &config.tokenizer) ||
      !read_all(argv[2], &config.manifest)) {
    fprintf(stderr, "dump_windows: a file cannot be read, or is empty\n");
    return 3;
  }
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_error error;
  if (sj_engine_new(&config, &engine, &error) != SJ_OK) {
    fprintf(stderr, "%s: byte %zu: %s\n", error.where, error.at, error.what);
    return 4;
  }
  if (sj_session_new(engine, &session) != SJ_OK) return 70;
  char *line = NULL;
  size_t room = 0;
  size_t number = 0;
  for (ssize_t len; (len = getline(&line, &room, stdin)) > 0;) {
    number++;
    if (run_line(session, line, (size_t)len)) continue;
    const uint32_t head[2] = {0, engine->features.count};
    put(head, sizeof(head));
    fprintf(stderr, "dump_windows: line %zu is no document\n", number);
  }
  free(line);
  sj_session_free(session);
  sj_engine_free(engine);
  free((void *)config.tokenizer.data);
  free((void *)config.manifest.data);
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 5;
}
