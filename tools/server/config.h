// SPDX-License-Identifier: Apache-2.0
//
// config.h - what the server was told on its command line.
#ifndef SCRUBJAYD_CONFIG_H
#define SCRUBJAYD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct config {
  const char *root; ///< folder of the built page
  uint16_t port;    ///< 0 for any free one
  bool help;
  bool version;
} config;

/// False where a word is unknown or a value is missing or wrong; a message
/// that names it was then written to standard error.
bool config_read(int argc, char **argv, config *out);

/// The text of --help.
const char *config_help(void);

#endif // SCRUBJAYD_CONFIG_H
