// SPDX-License-Identifier: Apache-2.0
//
// policy.h - the policies that an engine knows, by name, and what several of
// them say together. core/packs/README.md has the format and the rules.
#ifndef SJ_POLICY_H
#define SJ_POLICY_H

#include "types.h"

/// What a session has that names no policy.
#define SJ_POLICY_USUAL "safe-harbor"

typedef struct sj_policies sj_policies;

/// Read every file whose name ends in `.policy`. On failure `*error` names
/// file, policy and line.
sj_status sj_policies_new(const sj_file *files,
                          size_t count,
                          sj_allocator allocator,
                          sj_policies **out,
                          sj_error *error);
void sj_policies_free(sj_policies *policies);

bool sj_policies_have(const sj_policies *policies,
                      const char *name,
                      size_t len);

/// What the comma-joined names say together; NULL for the usual policy. False
/// where one is not known; `*out` then hides everything.
bool sj_policies_combine(const sj_policies *policies,
                         const char *names,
                         sj_policy *out);

#endif // SJ_POLICY_H
