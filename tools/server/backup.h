// SPDX-License-Identifier: Apache-2.0
//
// backup.h - a copy of the database while it is in use, and the way back.
#ifndef SCRUBJAYD_BACKUP_H
#define SCRUBJAYD_BACKUP_H

/// `scrubjayd backup --config FILE [--without-shares] OUT`: a new file of mode
/// 0600, consistent, checked. The server may be running. Exit status as
/// command.h's.
int backup_command(int argc, char **argv);

/// `scrubjayd restore --config FILE [--replace] IN`: checks the copy and its
/// audit log first, puts it in the place of the database, and shreds at once
/// what has expired since. The server must not be running.
int restore_command(int argc, char **argv);

#endif // SCRUBJAYD_BACKUP_H
