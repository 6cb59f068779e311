// SPDX-License-Identifier: Apache-2.0
//
// plain.h - commands on plain files, one document each.
#ifndef SJ_CLI_PLAIN_H
#define SJ_CLI_PLAIN_H

#include "setup.h"

/// Every FILE of the options in order. One that fails is reported and left
/// out, and the others are still done.
sj_exit sj_plain_run(const sj_setup *setup);

#endif // SJ_CLI_PLAIN_H
