// SPDX-License-Identifier: Apache-2.0
//
// roles.h - the role bits, which the command line writes into key lists too.
#ifndef SCRUBJAYD_ROLES_H
#define SCRUBJAYD_ROLES_H

#include "../common/roles.h"

#endif // SCRUBJAYD_ROLES_H
