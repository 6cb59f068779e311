// SPDX-License-Identifier: Apache-2.0
//
// map.h - the exact way from the bytes of a derived string (the view, a
// normalised text) back to the bytes it came from.
//
// The map is a list of runs: from byte `derived` on, output byte derived + k
// comes from origin + k while the run is a copy (`copied`), and from the whole
// stretch [origin, origin + span) where characters were changed, joined or
// removed.
#ifndef SJ_BASE_MAP_H
#define SJ_BASE_MAP_H

#include "scrubjay/scrubjay.h"

#include "base/arena.h"

typedef struct sj_map_run {
  uint32_t derived; ///< first byte in the derived string
  uint32_t origin;  ///< first byte in the original
  uint32_t span;    ///< bytes of the original; for a copy, also of the derived
  uint32_t copied;  ///< 1: byte for byte; 0: any byte stands for the whole span
} sj_map_run;

typedef struct sj_map {
  const sj_map_run *runs; ///< ascending in both strings, no two overlap
  uint32_t run_count;
  uint32_t derived_len, origin_len;
} sj_map;

/// The original stretch that a stretch of the derived string came from, as
/// tight as it can be while holding every character that any byte of it stands
/// for. An empty stretch gives an empty one.
sj_range sj_map_origin(const sj_map *map, uint32_t start, uint32_t end);

/// The other way: the smallest derived stretch that covers all that came from
/// [start, end) of the original; empty where all of it was removed.
sj_range sj_map_derived(const sj_map *map, uint32_t start, uint32_t end);

#endif // SJ_BASE_MAP_H
