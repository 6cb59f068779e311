// SPDX-License-Identifier: Apache-2.0
//
// roles.c - see roles.h.

#include "roles.h"

#include <string.h>

static const char *const NAMES[] = {"submitter", "coder",   "reidentifier",
                                    "custodian", "auditor", "admin",
                                    "worker",    "agent"};
enum { COUNT = sizeof(NAMES) / sizeof(NAMES[0]) };

unsigned sj_member_role_bit(const char *name, size_t len) {
  for (unsigned i = 0; i < COUNT; i++)
    if (strlen(NAMES[i]) == len && memcmp(NAMES[i], name, len) == 0)
      return 1u << i;
  return 0;
}

const char *sj_member_role_name(unsigned bit) {
  for (unsigned i = 0; i < COUNT; i++)
    if (bit == 1u << i) return NAMES[i];
  return NULL;
}
