// SPDX-License-Identifier: Apache-2.0
//
// dump_evidence.c - what the evidence stage sees of each word, for the program
// that fits its weights (models/evidence/fit.py).
//
//     dump_evidence TABLE < documents > rows
//
// TABLE is a `.evidence` file. Documents: a line with the number of bytes, the
// bytes, a line end. Rows: one line a word, `start end self self self | ids |
// ids`,
// bytes of the document, scores, evidence of the first pass and what the
// second adds; an empty line ends a document. The names of all evidence come
// first, on one line.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

static char *read_all(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  char *bytes = NULL;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) return NULL;
  const long size = ftell(file);
  if (size > 0 && fseek(file, 0, SEEK_SET) == 0) bytes = malloc((size_t)size);
  *len = bytes == NULL ? 0 : fread(bytes, 1, (size_t)size, file);
  fclose(file);
  return bytes;
}

static void show(void *context, const sj_evidence_row *row) {
  const sj_session *session = context;
  const sj_word *word = &session->words.at[row->word];
  const sj_range at = sj_map_origin(&session->view.map, word->start, word->end);
  printf("%u %u %.3f %.3f %.3f |", at.start, at.end, (double)row->self[0],
         (double)row->self[1], (double)row->self[2]);
  for (size_t i = 0; i < row->count; i++) {
    if (i == row->first_count) printf(" |");
    printf(" %u", row->ids[i]);
  }
  printf(row->count == row->first_count ? " |\n" : "\n");
}

// Claims of rules and chart alone: evidence must not be fitted to itself.
static sj_claims rule_claims(const sj_session *session) {
  sj_claims out = session->claims;
  size_t kept = 0;
  for (size_t i = 0; i < out.len; i++)
    if (out.at[i].kind == SJ_KIND_RULE) out.at[kept++] = out.at[i];
  out.len = kept;
  return out;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: dump_evidence TABLE < documents > rows\n");
    return 2;
  }
  sj_file table = {.name = "fitted.evidence"};
  char *bytes_of_table = read_all(argv[1], &table.len);
  if (bytes_of_table == NULL) return 3;
  table.data = bytes_of_table;
  const sj_engine_config config = {.files = &table, .file_count = 1};
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_error error;
  if (sj_engine_new(&config, &engine, &error) != SJ_OK) {
    fprintf(stderr, "%s:%u: %s\n", error.where, error.line, error.what);
    return 4;
  }
  if (sj_session_new(engine, &session) != SJ_OK) return 70;
  const size_t count = sj_evidence_count(engine->evidence);
  for (size_t i = 0; i < count; i++)
    printf("%s%c", sj_evidence_name(engine->evidence, (uint16_t)i),
           i + 1 < count ? ' ' : '\n');
  size_t len = 0;
  while (scanf("%zu", &len) == 1 && getchar() == '\n') {
    char *bytes = malloc(len + 1);
    if (bytes == NULL || fread(bytes, 1, len, stdin) != len) return 3;
    if (sj_session_start(session, bytes, len, NULL, &error) != SJ_OK) return 3;
    const sj_claims claims = rule_claims(session);
    const sj_evidence_sink sink = {show, session};
    if (sj_evidence_dump(engine->evidence, &session->arena, &session->words,
                         &session->view, &claims, &sink) != SJ_OK)
      return 70;
    printf("\n");
    free(bytes);
  }
  sj_session_free(session);
  sj_engine_free(engine);
  free(bytes_of_table);
  return 0;
}
