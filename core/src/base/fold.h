// SPDX-License-Identifier: Apache-2.0
//
// fold.h - text as names, words and codes are compared: case and accents go,
// hidden characters are passed over.
#ifndef SJ_BASE_FOLD_H
#define SJ_BASE_FOLD_H

#include <stddef.h>
#include <stdint.h>

/// Start from `{bytes, at, end}`; the bytes are valid UTF-8. A letter that
/// folds to two (as the ligature oe) gives the first and keeps the second.
typedef struct sj_fold {
  const uint8_t *bytes;
  size_t at, end;
  uint32_t pending;
} sj_fold;

/// The next folded character; 0 at the end.
uint32_t sj_fold_next(sj_fold *fold);

/// A running hash (FNV-1a, 64 bits) of folded characters.
uint64_t sj_fold_hash(uint64_t hash, uint32_t code);
#define SJ_FOLD_SEED UINT64_C(0xcbf29ce484222325)

#endif // SJ_BASE_FOLD_H
