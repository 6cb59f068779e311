// SPDX-License-Identifier: Apache-2.0
//
// output_units.c - see output_units.h.

#include "output_units.h"

#include <string.h>

static const char *const names[] = {"codepoint", "utf16", "byte"};

int sj_unit_from_name(const char *name) {
  for (int i = 0; i <= SJ_UNIT_BYTE; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

const char *sj_unit_name(sj_unit unit) {
  return names[unit];
}

size_t sj_cursor_to(sj_cursor *cursor, size_t byte) {
  if (cursor->unit == SJ_UNIT_BYTE) return byte;
  if (byte < cursor->byte) cursor->byte = cursor->count = 0;
  // One for each lead byte; in UTF-16 two for the lead of four bytes.
  const unsigned pair = cursor->unit == SJ_UNIT_UTF16 ? 0xF0 : 0x100;
  size_t count = cursor->count;
  for (size_t i = cursor->byte; i < byte; i++) {
    const unsigned char c = (unsigned char)cursor->text[i];
    count += (size_t)((c & 0xC0) != 0x80) + (size_t)(c >= pair);
  }
  cursor->byte = byte;
  cursor->count = count;
  return count;
}
