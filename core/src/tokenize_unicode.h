// SPDX-License-Identifier: Apache-2.0
//
// tokenize_unicode.h - what the tokenizer must know of characters, exactly as
// the reference library sees them. base/utf8.h has the newer Unicode; a model
// was trained on this one.
#ifndef SJ_TOKENIZE_UNICODE_H
#define SJ_TOKENIZE_UNICODE_H

#include <stddef.h>
#include <stdint.h>

/// Properties; the order is that of tokenize_tables.py.
enum {
  SJ_UC_SPACE = 1,     ///< White_Space
  SJ_UC_CONTROL = 2,   ///< removed by BertNormalizer
  SJ_UC_ACCENT = 4,    ///< accents to BertNormalizer
  SJ_UC_MARK = 8,      ///< accents to StripAccents
  SJ_UC_PUNCT = 16,    ///< Punctuation and BertPreTokenizer
  SJ_UC_NUMERIC = 32,  ///< Digits
  SJ_UC_HAN = 64,      ///< set apart by BertNormalizer
  SJ_UC_LETTER = 128,  ///< \p{L} of a Split
  SJ_UC_NUMBER = 256,  ///< \p{N} of a Split
  SJ_UC_WORD = 512,    ///< \w of Whitespace
  SJ_UC_LOWER = 1024,  ///< has a lower case
  SJ_UC_CANON = 2048,  ///< has a canonical decomposition
  SJ_UC_COMPAT = 4096, ///< has a compatibility decomposition
  SJ_UC_CLASS = 8192   ///< has a combining class
};

unsigned sj_uc_of(uint32_t code);

/// The lower case, or the full decomposition (`SJ_UC_LOWER`, `SJ_UC_CANON` or
/// `SJ_UC_COMPAT`) of a character that has one, into at most `SJ_UC_MOST` code
/// points; returns how many, 0 where it has none.
enum { SJ_UC_MOST = 20 };
size_t sj_uc_map(unsigned which, uint32_t code, uint32_t out[SJ_UC_MOST]);

/// The canonical combining class.
uint8_t sj_uc_class(uint32_t code);

/// The character that two compose to, or 0.
uint32_t sj_uc_compose(uint32_t first, uint32_t second);

#endif // SJ_TOKENIZE_UNICODE_H
