// SPDX-License-Identifier: Apache-2.0
//
// bundle.c - see bundle.h.

#include "bundle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "files.h"

static const size_t MANIFEST_LIMIT = (size_t)1024 * 1024;
static const size_t TOKENIZER_LIMIT = (size_t)256 * 1024 * 1024;

static int try_file(const char *folder, const char *name, size_t limit) {
  char path[4096];
  const int len = snprintf(path, sizeof(path), "%s/%s", folder, name);
  if (len < 0 || len >= (int)sizeof(path)) return ENAMETOOLONG;
  sj_buffer bytes = {0};
  const int error = sj_file_read(path, limit, &bytes);
  if (error != 0) sj_say_file(path, error, limit);
  sj_buffer_free(&bytes);
  return error;
}

sj_exit sj_bundle_check(const char *folder) {
  if (try_file(folder, "manifest.json", MANIFEST_LIMIT) == 0 &&
      try_file(folder, "tokenizer.json", TOKENIZER_LIMIT) == 0)
    sj_say("this build has no model runtime; --model none uses the rules "
           "alone",
           NULL);
  return SJ_EXIT_MODEL;
}
