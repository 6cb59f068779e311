// SPDX-License-Identifier: Apache-2.0
//
// command.c - see command.h.

#include "command.h"

#include <stdio.h>
#include <string.h>

#include "audit_verify.h"
#include "backup.h"
#include "config.h"
#include "roles.h"
#include "service.h"

// "submitter,coder"; 0 where a name is none.
static uint32_t read_roles(const char *names) {
  uint32_t roles = 0;
  while (*names != '\0') {
    const size_t len = strcspn(names, ",");
    const unsigned bit = sj_member_role_bit(names, len);
    if (bit == 0) return 0;
    roles |= bit;
    names += len + (names[len] == ',' ? 1 : 0);
  }
  return roles;
}

// The first member of a new server, who can then make the others.
static int member_command(int argc, char **argv) {
  config set;
  config_error error;
  if (argc != 5 || strcmp(argv[1], "--config") != 0) {
    fprintf(stderr, "usage: scrubjayd member --config FILE SUB ROLE,ROLE\n");
    return COMMAND_USAGE;
  }
  const uint32_t roles = read_roles(argv[4]);
  if (roles == 0) {
    fprintf(stderr, "scrubjayd: member: no list of roles\n");
    return COMMAND_USAGE;
  }
  if (!config_load(argv[2], NULL, &set, &error)) {
    fprintf(stderr, "scrubjayd: %s\n", error.what);
    return COMMAND_USAGE;
  }
  service of;
  int status = COMMAND_INPUT;
  if (service_open(&of, &set) && of.store != NULL &&
      service_add_member(&of, argv[3], roles))
    status = 0;
  service_close(&of);
  return status;
}

static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
} COMMANDS[] = {
    {"audit", audit_command},   {"backup", backup_command},
    {"config", config_command}, {"load", command_load},
    {"member", member_command}, {"restore", restore_command},
};

bool command_run(int argc, char **argv, int *status) {
  for (size_t i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++) {
    if (strcmp(argv[0], COMMANDS[i].name) != 0) continue;
    *status = COMMANDS[i].run(argc, argv);
    return true;
  }
  return false;
}
