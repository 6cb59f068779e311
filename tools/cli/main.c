// SPDX-License-Identifier: Apache-2.0
//
// main.c - the command line of Scrubjay: reads the options, loads what they
// name, and hands over to the command.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../common/harden.h"
#include "check_pack.h"
#include "jsonl.h"
#include "options.h"
#include "plain.h"
#include "restore.h"
#include "setup.h"
#include "stop.h"
#include "vault.h"

static sj_exit run_documents(const sj_options *options) {
  sj_setup setup;
  sj_exit exit = sj_setup_open(options, &setup);
  if (exit == SJ_EXIT_OK)
    exit = options->jsonl ? sj_jsonl_run(&setup) : sj_plain_run(&setup);
  sj_setup_close(&setup);
  return exit;
}

static sj_exit run(const sj_options *options) {
  if (options->command == SJ_CHECK_PACK) return sj_check_pack_run(options);
  if (options->command == SJ_RESTORE) return sj_restore_run(options);
  return run_documents(options);
}

/// Help and version went through stdio: a full disk must not pass unseen.
static sj_exit flush(void) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return SJ_EXIT_OK;
  sj_say("standard output cannot be written", strerror(errno));
  return SJ_EXIT_INTERNAL;
}

int main(int argc, char **argv) {
  sj_process_harden();
  if (argc > 1 && strcmp(argv[1], "vault") == 0)
    return (int)sj_exit_worse(sj_vault_run(argc - 2, argv + 2), flush());
  sj_options options;
  sj_exit exit = SJ_EXIT_USAGE;
  if (sj_options_parse(argc, argv, &options))
    exit = options.done ? flush() : run(&options);
  sj_options_free(&options);
  sj_stop_follow();
  return (int)exit;
}
