// SPDX-License-Identifier: Apache-2.0
//
// fuzz_notes.c - what an operator's files may hold: settings (the reader of INI
// ends, and its strings lie in the text) and checkpoints (what is read of one
// is written as it was read).

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "checkpoint.h"
#include "ini.h"

static void read_settings(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  must(text != NULL);
  if (size > 0) memcpy(text, data, size);
  text[size] = '\0';
  ini_reader reader = {.at = text};
  size_t line = 0;
  while (ini_next(&reader)) {
    must(reader.line > line);
    line = reader.line;
    const char *const parts[] = {reader.section, reader.key, reader.value};
    for (size_t i = 0; i < 3; i++)
      must(parts[i] >= text && parts[i] + strlen(parts[i]) <= text + size);
    must(reader.key[0] != '\0' && strchr(reader.value, '\n') == NULL);
  }
  must(reader.at <= text + size);
  free(text);
}

static void read_note(const uint8_t *data, size_t size) {
  checkpoint found;
  char origin[CHECKPOINT_ORIGIN], head[256];
  const checkpoint_status status =
      checkpoint_read(NULL, (const char *)data, size, origin, &found);
  must(status != CHECKPOINT_UNSIGNED);
  if (status != CHECKPOINT_OK || strlen(origin) > 200) return;
  const int len = snprintf(head, sizeof(head), "%s/%lu\n", origin,
                           (unsigned long)found.stream);
  // Numbers may be written with zeros in front; without, it is the same.
  if (data[strlen(origin) + 1] != '0')
    must((size_t)len < size && memcmp(head, data, (size_t)len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  read_settings(data, size);
  read_note(data, size);
  return 0;
}
