// SPDX-License-Identifier: Apache-2.0
//
// array.c - growing by doubling, and the lists of types.h that use it.

#include "base/array.h"

#include "types.h"

void *sj_array_room(sj_arena *arena,
                    void *at,
                    size_t len,
                    size_t *cap,
                    size_t more,
                    size_t item) {
  if (more > SIZE_MAX / 4 / item || len > SIZE_MAX / 4 / item) return NULL;
  if (at != NULL && len + more <= *cap) return at;
  size_t wanted = *cap < 8 ? 8 : *cap * 2;
  if (wanted < len + more) wanted = len + more;
  void *moved = sj_arena_grow(arena, at, *cap * item, wanted * item);
  if (moved != NULL) *cap = wanted;
  return moved;
}

sj_status sj_claims_push(sj_claims *claims, sj_arena *arena, sj_claim claim) {
  sj_claim *at = sj_array_room(arena, claims->at, claims->len, &claims->cap, 1,
                               sizeof(claim));
  if (at == NULL) return SJ_NOMEM;
  at[claims->len++] = claim;
  claims->at = at;
  return SJ_OK;
}

sj_status sj_ranges_push(sj_ranges *ranges, sj_arena *arena, sj_range range) {
  sj_range *at = sj_array_room(arena, ranges->at, ranges->len, &ranges->cap, 1,
                               sizeof(range));
  if (at == NULL) return SJ_NOMEM;
  at[ranges->len++] = range;
  ranges->at = at;
  return SJ_OK;
}
