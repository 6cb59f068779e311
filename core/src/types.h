// SPDX-License-Identifier: Apache-2.0
//
// types.h - the data that flows from stage to stage. Read this first.
//
// A stage includes this file and base/, never another stage; session.c and
// engine.c alone know them all. All offsets here are bytes of the document's
// text, save where a field says that it counts bytes of the view.
#ifndef SJ_TYPES_H
#define SJ_TYPES_H

#include "scrubjay/scrubjay.h"

#include "base/arena.h"
#include "base/map.h"

/// Stage `text`: valid UTF-8, owned by the session's arena, NUL after the end.
typedef struct sj_text {
  const uint8_t *bytes;
  uint32_t len;
  const uint32_t *lines; ///< first byte of each line; LF, CR and CRLF end one
  uint32_t line_count;
} sj_text;

/// Stage `view`: the text as patterns should see it (hidden characters gone,
/// full width narrowed, blanks plain), valid UTF-8, with the exact way back.
typedef struct sj_view {
  const uint8_t *bytes; ///< NUL after the end
  uint32_t len;
  sj_map map;          ///< view bytes to text bytes
  const uint8_t *lang; ///< one sj_lang mask for each line of the text
} sj_view;

/// One stage's assertion that a stretch is of a label. Claims are collected in
/// any order, judged by `veto`, and settled by `merge`.
typedef struct sj_claim {
  uint32_t start, end; ///< bytes of the text
  uint16_t label;
  uint16_t score; ///< thousandths
  uint16_t subtype;
  uint8_t role;
  uint8_t flags;    ///< sj_flag
  uint8_t kind;     ///< sj_kind of its maker: RULE, LIST, KNOWN, MODEL, ECHO
  uint8_t vetoed;   ///< set by veto: dropped, kept in the record for explain
  uint32_t source;  ///< id of its maker, for sj_engine_source_name()
  uint32_t check;   ///< id of the validator that confirmed it; 0 for none
  uint32_t context; ///< id of the context that raised it; 0 for none
  uint32_t veto;    ///< id of the veto that dropped or trimmed it; 0 for none
} sj_claim;

/// Whether the second law lets a claim be dropped or trimmed: a name, a place,
/// an organization, a date or an id that no check digit confirmed, no label
/// introduced, no chart gave and no person added.
static inline bool sj_claim_is_ambiguous(const sj_claim *claim) {
  const unsigned certain =
      SJ_FLAG_VALIDATED | SJ_FLAG_LABELLED | SJ_FLAG_KNOWN | SJ_FLAG_MANUAL;
  if ((claim->flags & certain) != 0) return false;
  switch (claim->label) {
  case SJ_LABEL_NAME:
  case SJ_LABEL_CITY:
  case SJ_LABEL_LOCATION:
  case SJ_LABEL_ADDRESS:
  case SJ_LABEL_ORGANIZATION:
  case SJ_LABEL_DATE:
  case SJ_LABEL_ID:
    return true;
  default:
    return false;
  }
}

/// The first token that ends behind a byte of the text; `len` where none does.
static inline size_t sj_tokens_first(const sj_tokens *tokens, uint32_t at) {
  size_t low = 0;
  size_t high = tokens->len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (tokens->end[middle] <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/// A growable list of claims in the session's arena.
typedef struct sj_claims {
  sj_claim *at;
  size_t len, cap;
} sj_claims;

/// A growable list of stretches, such as the lines that a tripped limit leaves
/// unscanned.
typedef struct sj_ranges {
  sj_range *at;
  size_t len, cap;
} sj_ranges;

/// The names that a policy may tell apart have bits of their own, behind those
/// of the labels; the label's own bit is not used for NAME.
#define SJ_POLICY_NAME_BIT 24u

/// What the policies of a session say together (core/packs/README.md). Zeroed,
/// it hides everything. `find` heeds `strict` alone, `replace` all the rest.
typedef struct sj_policy {
  uint32_t keep;            ///< what stays in clear: see sj_policy_bit()
  bool strict;              ///< hide whatever is not known to be harmless
  bool zip3;                ///< US ZIP codes keep three digits, save those of
  uint8_t zip3_hidden[125]; ///< these areas, a bit each
  uint16_t year_since; ///< dates keep their year from this one on; 0 for never
  uint16_t age_over;   ///< ages up to this one stay; 0 for none
} sj_policy;

/// The bit of a label, or for NAME of a role.
static inline uint32_t sj_policy_bit(unsigned label, unsigned role) {
  return 1u << (label == SJ_LABEL_NAME ? SJ_POLICY_NAME_BIT + (role & 3u)
                                       : label);
}

/// Append; SJ_NOMEM leaves the list as it was. (base/array.h does the growing.)
sj_status sj_claims_push(sj_claims *claims, sj_arena *arena, sj_claim claim);
sj_status sj_ranges_push(sj_ranges *ranges, sj_arena *arena, sj_range range);

#endif // SJ_TYPES_H
