// SPDX-License-Identifier: Apache-2.0
//
// map.c - from a derived string to its original and back, by binary search
// over the runs.
//
// A removed stretch is either a gap between the origins of two runs or a run
// of no derived bytes; both are understood.

#include "base/map.h"

static uint32_t derived_end(const sj_map *map, uint32_t run) {
  return run + 1 < map->run_count ? map->runs[run + 1].derived
                                  : map->derived_len;
}

// The run that the derived byte `at` belongs to; runs of no bytes before it
// start at the same place, so it is the last that starts at or before `at`.
static uint32_t run_of_derived(const sj_map *map, uint32_t at) {
  uint32_t low = 0;
  uint32_t high = map->run_count;
  while (high - low > 1) {
    const uint32_t mid = low + (high - low) / 2;
    if (map->runs[mid].derived <= at)
      low = mid;
    else
      high = mid;
  }
  return low;
}

// How many runs end at or before the original byte `at`.
static uint32_t runs_ending_by(const sj_map *map, uint32_t at) {
  uint32_t low = 0;
  uint32_t high = map->run_count;
  while (low < high) {
    const uint32_t mid = low + (high - low) / 2;
    if (map->runs[mid].origin + map->runs[mid].span <= at)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

// How many runs start before the original byte `at`.
static uint32_t runs_starting_before(const sj_map *map, uint32_t at) {
  uint32_t low = 0;
  uint32_t high = map->run_count;
  while (low < high) {
    const uint32_t mid = low + (high - low) / 2;
    if (map->runs[mid].origin < at)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

// First byte of the original that the derived byte `at` stands for.
static uint32_t origin_start(const sj_map *map, uint32_t at) {
  if (map->run_count == 0 || at >= map->derived_len) return map->origin_len;
  const sj_map_run *run = &map->runs[run_of_derived(map, at)];
  return run->copied ? run->origin + (at - run->derived) : run->origin;
}

// One past the last byte of the original that the derived byte stands for.
static uint32_t origin_end(const sj_map *map, uint32_t at) {
  const sj_map_run *run = &map->runs[run_of_derived(map, at)];
  return run->copied ? run->origin + (at - run->derived) + 1
                     : run->origin + run->span;
}

sj_range sj_map_origin(const sj_map *map, uint32_t start, uint32_t end) {
  if (end > map->derived_len) end = map->derived_len;
  const uint32_t from = origin_start(map, start);
  if (start >= end || map->run_count == 0) return (sj_range){from, from};
  return (sj_range){from, origin_end(map, end - 1)};
}

sj_range sj_map_derived(const sj_map *map, uint32_t start, uint32_t end) {
  uint32_t first = runs_ending_by(map, start);
  if (first == map->run_count)
    return (sj_range){map->derived_len, map->derived_len};
  uint32_t past = runs_starting_before(map, end);
  while (first < past && map->runs[first].derived == derived_end(map, first))
    first++;
  while (past > first &&
         map->runs[past - 1].derived == derived_end(map, past - 1))
    past--;
  const sj_map_run *head =
      &map->runs[first < map->run_count ? first : first - 1];
  if (start >= end || first >= past)
    return (sj_range){head->derived, head->derived};

  uint32_t from = head->derived;
  if (head->copied && start > head->origin) from += start - head->origin;
  const sj_map_run *tail = &map->runs[past - 1];
  uint32_t to = derived_end(map, past - 1);
  if (tail->copied && end < tail->origin + tail->span)
    to = tail->derived + (end - tail->origin);
  return (sj_range){from, to};
}
