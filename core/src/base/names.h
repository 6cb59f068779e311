// SPDX-License-Identifier: Apache-2.0
//
// names.h - the register of names an engine knows: rules, lists, validators,
// contexts, policies, subtypes. A name is stored once and has a small number,
// so that findings carry numbers and never text. Filled while the engine is
// built, read-only afterwards.
#ifndef SJ_BASE_NAMES_H
#define SJ_BASE_NAMES_H

#include "scrubjay/scrubjay.h"

typedef struct sj_names sj_names;

sj_status sj_names_new(sj_allocator allocator, sj_names **out);
void sj_names_free(sj_names *names);

/// The number of a name, given on first sight; 0 is the empty name. The same
/// name always gets the same number.
sj_status
sj_names_intern(sj_names *names, const char *name, size_t len, uint32_t *out);
/// -1 where the name was never interned.
int64_t sj_names_find(const sj_names *names, const char *name, size_t len);
/// NULL for a number that was never given.
const char *sj_names_get(const sj_names *names, uint32_t id);
size_t sj_names_count(const sj_names *names);

#endif // SJ_BASE_NAMES_H
