// SPDX-License-Identifier: Apache-2.0
//
// check_pack.h - the command for people who write packs.
#ifndef SJ_CLI_CHECK_PACK_H
#define SJ_CLI_CHECK_PACK_H

#include "../common/say.h"
#include "options.h"

/// Check the FILEs together, as an engine would load them. Remarks go to
/// standard output, one a line; 4 where something is refused.
sj_exit sj_check_pack_run(const sj_options *options);

#endif // SJ_CLI_CHECK_PACK_H
