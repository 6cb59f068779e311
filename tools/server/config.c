// SPDX-License-Identifier: Apache-2.0
//
// config.c - read the command line.

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_port(const char *word, uint16_t *out) {
  char *end = NULL;
  const unsigned long value = strtoul(word, &end, 10);
  if (word[0] < '0' || word[0] > '9' || *end != '\0' || value > UINT16_MAX)
    return false;
  *out = (uint16_t)value;
  return true;
}

static bool wrong(const char *what, const char *word) {
  fprintf(stderr, "scrubjayd: %s: %s; --help shows the options\n", word, what);
  return false;
}

bool config_read(int argc, char **argv, config *out) {
  *out = (config){.root = NULL, .port = 8642};
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
      out->help = true;
    } else if (strcmp(word, "--version") == 0) {
      out->version = true;
    } else if (strcmp(word, "--root") == 0) {
      if (++i == argc) return wrong("needs a folder", word);
      out->root = argv[i];
    } else if (strcmp(word, "--port") == 0) {
      if (++i == argc || !read_port(argv[i], &out->port))
        return wrong("needs a number from 0 to 65535", word);
    } else {
      return wrong("is no option", word);
    }
  }
  if (out->root == NULL && !out->help && !out->version)
    return wrong("needs to be given", "--root");
  return true;
}

const char *config_help(void) {
  return "usage: scrubjayd --root DIR [--port N]\n"
         "\n"
         "Serves the built page to this machine alone (127.0.0.1).\n"
         "\n"
         "  --root DIR  folder to serve, such as build/web\n"
         "  --port N    port; 8642 where none is named, 0 for any free one\n"
         "  --version   print the version\n"
         "  --help      print this\n"
         "\n"
         "SIGINT and SIGTERM end it. Exit status: 0 ended, 2 usage, 3 the\n"
         "folder cannot be read, 70 the port cannot be had.\n";
}
