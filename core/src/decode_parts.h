// SPDX-License-Identifier: Apache-2.0
//
// decode_parts.h - what decode.c and decode_manifest.c share.
#ifndef SJ_DECODE_PARTS_H
#define SJ_DECODE_PARTS_H

#include "decode.h"

enum {
  SJ_TAGS_MOST = 255,
  SJ_LIKELY = 775 ///< thousandths; less is to be looked at first
};

typedef enum sj_place {
  SJ_PLACE_OUTSIDE,
  SJ_PLACE_BEGIN,
  SJ_PLACE_INSIDE,
  SJ_PLACE_END,
  SJ_PLACE_SINGLE
} sj_place;

typedef struct sj_tag {
  sj_place place;
  uint8_t type;  ///< of which kind of entity, from 1; tags of one share it
  uint8_t begin; ///< the begin tag of its type, or SJ_TAGS_MOST
  uint8_t inside;
  uint16_t label;
  uint8_t role;
  float bias; ///< added to the logarithm of its probability
} sj_tag;

struct sj_decoder {
  sj_allocator allocator;
  sj_tag tags[SJ_TAGS_MOST];
  size_t tag_count;
  size_t type_count;
  size_t outside; ///< the tag O
  bool has_ends;  ///< BIOES: an entity must be closed
  uint32_t window, overlap;
  float threshold; ///< an entity as likely as this is claimed
  float doubt;     ///< guesses that the model gives less than this are dropped
  uint32_t source; ///< name of the model among the engine's
};

/// Leave blanks at the edges out, then widen to whole words: half a name that
/// stays in clear is a leak. Empty where there is nothing but blanks.
sj_range sj_decode_snap(const sj_text *text, sj_range range);

/// What the model gives the tokens [first, last) on average, in thousandths.
uint16_t sj_decode_score(const sj_scores *scores, size_t first, size_t last);

#endif // SJ_DECODE_PARTS_H
