// SPDX-License-Identifier: Apache-2.0
//
// output_units.h - bytes of the engine to the unit that the user asked for.
// output.c alone uses it: nowhere else does an offset change its unit.
#ifndef SJ_CLI_OUTPUT_UNITS_H
#define SJ_CLI_OUTPUT_UNITS_H

#include <stddef.h>
#include <stdint.h>

typedef enum sj_unit { SJ_UNIT_CODEPOINT, SJ_UNIT_UTF16, SJ_UNIT_BYTE } sj_unit;

/// -1 where the name is none.
int sj_unit_from_name(const char *name);
const char *sj_unit_name(sj_unit unit);

/// A place in a text that moves forwards, so that all the boundaries of a
/// document cost one pass over it. Start from `{unit, text, 0, 0}`.
typedef struct sj_cursor {
  sj_unit unit;
  const char *text; ///< valid UTF-8
  size_t byte, count;
} sj_cursor;

/// The offset in the cursor's unit of a byte offset. Going back costs a pass
/// from the start.
size_t sj_cursor_to(sj_cursor *cursor, size_t byte);

#endif // SJ_CLI_OUTPUT_UNITS_H
