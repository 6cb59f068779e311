// SPDX-License-Identifier: Apache-2.0
//
// rules_pack.h - a `.rules` file, read (core/packs/README.md has the format).
#ifndef SJ_RULES_PACK_H
#define SJ_RULES_PACK_H

#include "base/arena.h"

/// Bytes within the file or the arena, not NUL-terminated.
typedef struct sj_str {
  const char *at;
  size_t len;
} sj_str;

/// A string and the line it stands on.
typedef struct sj_line_str {
  sj_str text;
  uint32_t line;
} sj_line_str;

typedef struct sj_line_strs {
  sj_line_str *at;
  size_t len, cap;
} sj_line_strs;

/// Words beside a hit that raise its score or lower it.
typedef struct sj_near {
  bool after;
  uint32_t within; ///< characters
  int32_t delta;   ///< thousandths
  sj_str terms;    ///< separated by `|`
} sj_near;

typedef struct sj_nears {
  sj_near *at;
  size_t len, cap;
} sj_nears;

typedef struct sj_rule_def {
  uint32_t line;
  sj_str id;
  bool has_label, labelled;
  uint16_t label;
  sj_str subtype; ///< empty for none
  sj_str protect; ///< what its hits are protected as; empty: they are finds
  uint8_t role;
  uint16_t score, floor;
  unsigned langs;
  uint32_t reach;        ///< 0 where the pattern says it
  sj_line_strs patterns; ///< pieces put in
  sj_line_strs cues;     ///< one phrase each
  sj_str gap;            ///< empty for the usual one
  sj_nears nears;
  sj_str check, confirm;
  sj_line_strs yes, no;
} sj_rule_def;

typedef struct sj_rule_defs {
  sj_rule_def *at;
  size_t len, cap;
} sj_rule_defs;

typedef struct sj_pack {
  const char *file;
  sj_str name, version;
  sj_rule_defs rules;
} sj_pack;

/// Read a file; everything in `*out` is the arena's or the file's. On failure
/// `*error` names file, rule and line.
sj_status sj_pack_read(sj_arena *arena,
                       const sj_file *file,
                       sj_pack *out,
                       sj_error *error);

/// Fill an error of a pack. `id` may be empty.
sj_status sj_pack_fail(sj_error *error,
                       const char *what,
                       const char *file,
                       sj_str id,
                       uint32_t line);

#endif // SJ_RULES_PACK_H
