// SPDX-License-Identifier: Apache-2.0
//
// command.h - what scrubjayd does beside serving: each command by its word.
#ifndef SCRUBJAYD_COMMAND_H
#define SCRUBJAYD_COMMAND_H

#include <stdbool.h>

/// Run the command that `argv[0]` names. False where it names none.
bool command_run(int argc, char **argv, int *status);

/// How a command ends, as the server does.
enum { COMMAND_USAGE = 2, COMMAND_INPUT = 3 };

/// `scrubjayd load --config FILE [--keylist FILE] [--keys FILE]...`
int command_load(int argc, char **argv);

#endif // SCRUBJAYD_COMMAND_H
