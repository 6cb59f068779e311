// SPDX-License-Identifier: Apache-2.0
//
// bridge.h - what the files of the bridge share.
#ifndef SJW_BRIDGE_H
#define SJW_BRIDGE_H

#include "scrubjay/scrubjay.h"

#define SJW_EXPORT __attribute__((visibility("default")))

/// UTF-16 units of the character that starts with this byte; none for a byte
/// that continues one. The text is known to be valid.
static inline uint32_t sjw_units_of(uint8_t byte) {
  return (uint32_t)((byte & 0xC0) != 0x80) + (uint32_t)(byte >= 0xF0);
}

#endif // SJW_BRIDGE_H
