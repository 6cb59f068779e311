// SPDX-License-Identifier: Apache-2.0
//
// fold.c - compare what is written in several ways.

#include "base/fold.h"

#include <stdbool.h>

#include "base/utf8.h"

// U+00C0 to U+017F without case and accent; '.' for what is no letter. Two
// letters are written by their first here; second_of() knows the other.
static const char latin[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts"  // C0 to DF
                            "aaaaaaaceeeeiiiidnooooo.ouuuuyty"  // E0 to FF
                            "aaaaaaccccccccddddeeeeeeeeeegggg"  // 100
                            "gggghhhhiiiiiiiiiiiijjkkklllllll"  // 120
                            "lllnnnnnnnnnoooooooorrrrrrssssss"  // 140
                            "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"; // 160

static uint32_t second_of(uint32_t code) {
  switch (code) {
  case 0xC6: // AE
  case 0xE6:
  case 0x152: // OE
  case 0x153:
    return 'e';
  case 0xDF:
    return 's';
  default:
    return 0;
  }
}

static bool is_hidden(uint32_t code) {
  return code == 0xAD || code == 0xFEFF || (code >= 0x300 && code <= 0x36F) ||
         (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2069);
}

uint32_t sj_fold_next(sj_fold *fold) {
  if (fold->pending != 0) {
    const uint32_t code = fold->pending;
    fold->pending = 0;
    return code;
  }
  while (fold->at < fold->end) {
    uint32_t code = sj_utf8_next(fold->bytes, &fold->at);
    if (is_hidden(code)) continue;
    if (code == 0) return ' ';
    if (code >= 'A' && code <= 'Z') return code + 32;
    if (code < 0xC0) return code == 0xA0 ? ' ' : code;
    if (code <= 0x17F) {
      fold->pending = second_of(code);
      const char plain = latin[code - 0xC0];
      return plain == '.' ? code : (uint32_t)plain;
    }
    if (code == 0x2018 || code == 0x2019) return '\'';
    if (code >= 0x2010 && code <= 0x2013) return '-';
    if ((code >= 0x2000 && code <= 0x200A) || code == 0x202F) return ' ';
    if (code >= 0xFF01 && code <= 0xFF5E) { // full width
      code -= 0xFEE0;
      return code >= 'A' && code <= 'Z' ? code + 32 : code;
    }
    const bool upper = (code >= 0x391 && code <= 0x3A9) || // Greek
                       (code >= 0x410 && code <= 0x42F);   // Cyrillic
    return upper ? code + 32 : code;
  }
  return 0;
}

uint64_t sj_fold_hash(uint64_t hash, uint32_t code) {
  for (int shift = 0; shift < 24; shift += 8) {
    hash ^= (code >> shift) & 0xFF;
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}
