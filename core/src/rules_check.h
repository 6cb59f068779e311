// SPDX-License-Identifier: Apache-2.0
//
// rules_check.h - validators by name: check digits, ranges, forms.
#ifndef SJ_RULES_CHECK_H
#define SJ_RULES_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a validator reads: letters (in capitals) and digits of the hit, and
/// the hit as it stands.
typedef struct sj_check_input {
  const char *alnum; ///< ASCII letters and digits alone, NUL-terminated
  size_t len;
  const uint8_t *bytes;
  size_t byte_len;
} sj_check_input;

typedef bool (*sj_check)(const sj_check_input *in);

/// NULL for a name that is none.
sj_check sj_check_find(const char *name, size_t len);

/// The name of a validator by its number, NULL past the last; for manuals.
const char *sj_check_name(size_t index);

/// Run a validator on the bytes of a hit. More than 64 letters and digits are
/// never valid.
bool sj_check_run(sj_check check, const uint8_t *bytes, size_t len);

#endif // SJ_RULES_CHECK_H
