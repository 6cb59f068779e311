// SPDX-License-Identifier: Apache-2.0
//
// vault.h - `scrubjay vault`: the ceremony that makes the vault's keys, offline
// and with OpenSSL alone, and the recovery that opens a record when all else
// is lost. Everything of one vault lies in one folder.
#ifndef SJ_CLI_VAULT_H
#define SJ_CLI_VAULT_H

#include <stdbool.h>

#include "../common/say.h"

/// What was typed. Strings are argv's own; NULL where not given.
typedef struct sj_vault_options {
  const char *folder;
  const char *vault, *days, *sub, *uk, *device, *retire;
  const char *record, *keylist, *output;
  const char *passphrase_fd, *show_fd;
  unsigned roles; ///< bits of roles.h
  bool replace, remove;
} sj_vault_options;

/// Run what follows `scrubjay vault`.
sj_exit sj_vault_run(int argc, char **argv);

/// Print the help of `scrubjay vault`.
void sj_vault_help(void);

// The commands: vault_make.c, vault_member.c, vault_sign.c, vault_open.c.
sj_exit sj_vault_init(const sj_vault_options *options);
sj_exit sj_vault_enrol(const sj_vault_options *options);
sj_exit sj_vault_sign(const sj_vault_options *options);
sj_exit sj_vault_rotate(const sj_vault_options *options);
sj_exit sj_vault_open(const sj_vault_options *options);

#endif // SJ_CLI_VAULT_H
