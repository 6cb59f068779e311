// SPDX-License-Identifier: Apache-2.0
//
// fuzz.h - what the fuzz targets share. A broken promise aborts, so that
// libFuzzer keeps the input.
#ifndef SJ_TESTS_FUZZ_H
#define SJ_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds) {
  if (!holds) abort();
}

/// Whether no character of valid UTF-8 is split at `at`.
static inline bool on_boundary(const uint8_t *bytes, size_t len, size_t at) {
  return at == len || (at < len && (bytes[at] & 0xC0) != 0x80);
}

#endif // SJ_TESTS_FUZZ_H
