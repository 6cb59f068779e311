// SPDX-License-Identifier: Apache-2.0
//
// config.h - what the server was told: defaults, then the INI file, then the
// environment, then the command line. config.c holds the table of all keys.
//
//     [server]
//     listen = 127.0.0.1:8642
//
// A key is overridden by SCRUBJAYD_SECTION_KEY (SCRUBJAYD_SERVER_LISTEN). What
// is not known is refused with its file and line. Secrets are never in the
// configuration, only the names of files that hold them.
#ifndef SCRUBJAYD_CONFIG_H
#define SCRUBJAYD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

enum { CONFIG_PATH = 512, CONFIG_WORD = 256, CONFIG_HOST = 64 };

/// Empty strings say that nothing was named.
typedef struct config {
  // [server]
  char host[CONFIG_HOST]; ///< listen: a numeric address, IPv6 in brackets
  uint16_t port;          ///< 0 for any free one
  char root[CONFIG_PATH]; ///< folder of the embedded page; empty: no page
  char origins[1024];     ///< exact origins that may call, by blanks
  // [admin]
  bool admin; ///< false: `listen = off`
  char admin_host[CONFIG_HOST];
  uint16_t admin_port;
  // [store]
  char store[CONFIG_PATH]; ///< path of the database; empty: no API
  // [token]
  bool dev_issuer; ///< only with a loopback listen
  char issuer[CONFIG_WORD], audience[CONFIG_WORD];
  char jwks[CONFIG_PATH];
  // [vault]
  bool vault_sealed;
  char root_key[CONFIG_PATH]; ///< file with the fingerprint of the root key
  char kek[CONFIG_PATH];      ///< file of the shares' epoch keys
  int64_t retention_days;
  // [audit]
  char checkpoint_key[CONFIG_PATH];    ///< PEM, Ed25519; empty: none is signed
  char checkpoint_dir[CONFIG_PATH];    ///< also written there; empty: nowhere
  char checkpoint_origin[CONFIG_WORD]; ///< first line of every checkpoint
  int64_t checkpoint_seconds, checkpoint_rows;
  // [limits]
  int64_t body_bytes, entities, connections;
  int64_t header_seconds, body_seconds, idle_seconds;
  int64_t submits_per_minute, submit_burst, releases_per_hour;
  int64_t auth_failures_per_minute;
  int64_t queue;                           ///< writes that may wait
  int64_t disk_free_mb, disk_free_percent; ///< not ready below either
  // [retention]
  int64_t text_days, feedback_days, idempotency_days;
  // [guard]
  bool guard; ///< mode = refuse
  // [log]
  char log_level[8];
  // the command line alone
  bool help, version;
} config;

/// What is wrong, in one line: `FILE:LINE: what: key`, or the variable's or
/// the option's name in the place of file and line. Values are not quoted.
typedef struct config_error {
  char what[CONFIG_PATH + 256];
} config_error;

/// The defaults.
void config_defaults(config *out);

/// Defaults, then the file (`path` NULL: none), then `environ` (NULL: none),
/// then what must hold between keys. False with `*error`.
bool config_load(const char *path,
                 char *const *environment,
                 config *out,
                 config_error *error);

/// The server's own command line: `[--config FILE] [--root DIR] [--port N]
/// [--help] [--version]`, with file and environment read below it. False where
/// anything is unknown, missing or wrong; a message that names it was then
/// written to standard error. One of --config and --root is required.
bool config_read(int argc, char **argv, config *out);

/// `scrubjayd config check [--config FILE]`: prints what is in force, or what
/// is wrong. `argv[0]` is "config". The exit status.
int config_command(int argc, char **argv);

/// The text of --help.
const char *config_help(void);

/// Whether a numeric address is of this machine alone.
bool config_is_loopback(const char *host);

#endif // SCRUBJAYD_CONFIG_H
