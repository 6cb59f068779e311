// SPDX-License-Identifier: Apache-2.0
//
// beside.c - see beside.h.

#include "beside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

// The folder of the program, with a slash at its end; 0 where it is unknown.
static size_t own_folder(char out[SJ_BESIDE_ROOM]) {
  const ssize_t len = readlink("/proc/self/exe", out, SJ_BESIDE_ROOM - 1);
  if (len <= 0 || len >= SJ_BESIDE_ROOM - 1) return 0;
  out[len] = '\0';
  const char *slash = strrchr(out, '/');
  return slash == NULL ? 0 : (size_t)(slash - out) + 1;
}

bool sj_beside_find(const char *const *paths,
                    size_t count,
                    char out[SJ_BESIDE_ROOM]) {
  const size_t folder = own_folder(out);
  for (size_t i = 0; folder > 0 && i < count; i++) {
    const size_t room = SJ_BESIDE_ROOM - folder;
    const int len = snprintf(out + folder, room, "%s", paths[i]);
    if (len > 0 && (size_t)len < room && access(out, R_OK) == 0) return true;
  }
  out[0] = '\0';
  return false;
}
