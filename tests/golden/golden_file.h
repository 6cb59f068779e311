// SPDX-License-Identifier: Apache-2.0
//
// golden_file.h - a golden file cut into cases; README.md has the notation.
#ifndef SJ_TESTS_GOLDEN_FILE_H
#define SJ_TESTS_GOLDEN_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { SJ_GOLDEN_OUTPUTS = 6 };

/// A stretch of the file.
typedef struct sj_golden_part {
  const char *at;
  size_t len;
} sj_golden_part;

typedef struct sj_golden_case {
  sj_golden_part whole; ///< from `===` to the end of the marked text
  sj_golden_part title, provenance, lang, policy, text;
  size_t repeat; ///< 1 where the case does not say
  size_t output_count;
  sj_golden_part style[SJ_GOLDEN_OUTPUTS], output[SJ_GOLDEN_OUTPUTS];
} sj_golden_case;

/// Read the case that starts at `*at`, which moves past it. False at the end
/// of the file, and where the case is broken: `*broken` then says how.
bool sj_golden_next(const char **at,
                    const char *end,
                    sj_golden_case *out,
                    const char **broken);

#endif // SJ_TESTS_GOLDEN_FILE_H
