// SPDX-License-Identifier: Apache-2.0
//
// The way back. The original is `ab--cXYd`: `--` was removed, `XY` became one
// byte, so the derived string is `abc?d`.

#include "check.h"

#include "base/map.h"

static const sj_map_run GAPS[] = {{0, 0, 2, 1},
                                  {2, 4, 1, 1},
                                  {3, 5, 2, 0},
                                  {4, 7, 1, 1}};
static const sj_map_run EMPTY_RUNS[] = {{0, 0, 2, 1},
                                        {2, 2, 2, 0},
                                        {2, 4, 1, 1},
                                        {3, 5, 2, 0},
                                        {4, 7, 1, 1}};

static bool is(sj_range got, uint32_t start, uint32_t end) {
  return got.start == start && got.end == end;
}

static void check_map(const sj_map *map) {
  CHECK(is(sj_map_origin(map, 0, 5), 0, 8));
  CHECK(is(sj_map_origin(map, 0, 2), 0, 2)); // the removed part stays out
  CHECK(is(sj_map_origin(map, 2, 3), 4, 5));
  CHECK(is(sj_map_origin(map, 1, 3), 1, 5)); // and in, where it lies between
  CHECK(is(sj_map_origin(map, 3, 4), 5, 7));
  CHECK(is(sj_map_origin(map, 3, 3), 5, 5));
  CHECK(is(sj_map_origin(map, 5, 5), 8, 8));
  CHECK(is(sj_map_derived(map, 0, 8), 0, 5));
  CHECK(is(sj_map_derived(map, 6, 7), 3, 4)); // half of a changed stretch
  CHECK(is(sj_map_derived(map, 1, 5), 1, 3));
  const sj_range gone = sj_map_derived(map, 2, 4);
  CHECK(gone.start == gone.end && gone.start == 2);
}

static void a_removed_stretch_may_be_a_gap(void) {
  const sj_map map = {GAPS, 4, 5, 8};
  check_map(&map);
}

static void or_a_run_of_no_bytes(void) {
  const sj_map map = {EMPTY_RUNS, 5, 5, 8};
  check_map(&map);
}

static void an_empty_map_has_only_ends(void) {
  const sj_map map = {0};
  CHECK(is(sj_map_origin(&map, 0, 0), 0, 0));
  CHECK(is(sj_map_derived(&map, 0, 0), 0, 0));
}

int main(void) {
  RUN(a_removed_stretch_may_be_a_gap);
  RUN(or_a_run_of_no_bytes);
  RUN(an_empty_map_has_only_ends);
  return CHECK_DONE();
}
