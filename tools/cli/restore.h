// SPDX-License-Identifier: Apache-2.0
//
// restore.h - scrubbed texts back to the originals.
#ifndef SJ_CLI_RESTORE_H
#define SJ_CLI_RESTORE_H

#include "../common/say.h"
#include "options.h"

sj_exit sj_restore_run(const sj_options *options);

#endif // SJ_CLI_RESTORE_H
