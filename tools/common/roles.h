// SPDX-License-Identifier: Apache-2.0
//
// roles.h - what a member may be. The root-signed key list says it by these
// names; programs hold the bits.
#ifndef SJ_TOOLS_ROLES_H
#define SJ_TOOLS_ROLES_H

#include <stddef.h>

enum {
  ROLE_SUBMITTER = 1,
  ROLE_CODER = 2, ///< sees results, never what identifies
  ROLE_REIDENTIFIER = 4,
  ROLE_CUSTODIAN = 8, ///< of keys
  ROLE_AUDITOR = 16,
  ROLE_ADMIN = 32, ///< no right to what identifies
  ROLE_WORKER = 64,
  ROLE_AGENT = 128,
  ROLE_ALL = 255
};

/// The bit of a name such as "coder"; 0 for no role's name.
unsigned sj_member_role_bit(const char *name, size_t len);

/// The name of one bit; NULL for anything else.
const char *sj_member_role_name(unsigned bit);

#endif // SJ_TOOLS_ROLES_H
