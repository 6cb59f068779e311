// SPDX-License-Identifier: Apache-2.0
//
// policy_parts.h - one policy as its file says it, for policy*.c.
#ifndef SJ_POLICY_PARTS_H
#define SJ_POLICY_PARTS_H

#include "policy.h"

enum { SJ_POLICY_NAME_MAX = 64, SJ_POLICY_AGE = 89 };

typedef struct sj_policy_def {
  char name[SJ_POLICY_NAME_MAX]; ///< NUL-terminated
  bool addition;                 ///< comes on top of others
  uint32_t keep, hide;           ///< bits of sj_policy_bit()
  bool strict, zip3;
  uint8_t zip3_hidden[125];
  uint16_t year_since; ///< 0 where the file says nothing of years
  uint16_t age_over;   ///< 0 where the file says nothing of ages
} sj_policy_def;

/// Read one file.
sj_status
sj_policy_read(const sj_file *file, sj_policy_def *out, sj_error *error);

/// Fill an error of a policy file; `name` may be empty.
sj_status sj_policy_fail(sj_error *error,
                         const char *what,
                         const char *file,
                         const char *name,
                         uint32_t line);

#endif // SJ_POLICY_PARTS_H
