// SPDX-License-Identifier: Apache-2.0
//
// keeper.h - the one thread that acts by the clock: checkpoints of the audit
// log, retention every ten minutes, a new epoch for shares each month, and a
// word in the audit log when the clock is set.
#ifndef SCRUBJAYD_KEEPER_H
#define SCRUBJAYD_KEEPER_H

#include "service.h"

typedef struct keeper keeper;

/// Start it over an open service with a store. NULL with a sentence on standard
/// error. In development a checkpoint key that is missing is made.
keeper *keeper_start(service *service);

/// Sign what there is, and end. NULL is fine. Before service_close().
void keeper_stop(keeper *keeper);

#endif // SCRUBJAYD_KEEPER_H
