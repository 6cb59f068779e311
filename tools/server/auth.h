// SPDX-License-Identifier: Apache-2.0
//
// auth.h - who asks, and whether the route is for them. A token says who; the
// member table says what they may, at every request.
#ifndef SCRUBJAYD_AUTH_H
#define SCRUBJAYD_AUTH_H

#include "router.h"

/// Fill `who`, `roles` and `role`. False with an answer made: 401, 403, 429.
bool auth_admit(request *request, answer *answer);

/// Whether the person signed in less than 15 minutes ago. False with an answer.
bool auth_is_recent(request *request, answer *answer);

#endif // SCRUBJAYD_AUTH_H
