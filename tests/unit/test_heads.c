// SPDX-License-Identifier: Apache-2.0
//
// test_heads.c - the heads of columns: looked up by halves, so they must stand
// in order; and what counts as a head.

#include "check.h"

#include <string.h>

#include "rules_heads.h"
#include "rules_heads_words.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool in_order(const char *const *list, size_t count) {
  for (size_t i = 1; i < count; i++)
    if (strcmp(list[i - 1], list[i]) >= 0) return false;
  return true;
}

static void heads_stand_in_order(void) {
  CHECK(in_order(SJ_HEADS_TELLING, COUNT(SJ_HEADS_TELLING)));
  CHECK(in_order(SJ_HEADS_OTHER, COUNT(SJ_HEADS_OTHER)));
  CHECK(in_order(SJ_CELLS_EMPTY, COUNT(SJ_CELLS_EMPTY)));
}

static sj_head head(const char *text, bool *whole) {
  const sj_view view = {.bytes = (const uint8_t *)text,
                        .len = (uint32_t)strlen(text)};
  return sj_head_of(&view, (sj_range){0, view.len}, whole);
}

static void a_head_is_known_whole_or_by_an_end(void) {
  bool whole = false;
  CHECK(head("Chambre", &whole) == SJ_HEAD_TELLING && whole);
  CHECK(head("PRÉNOM", &whole) == SJ_HEAD_TELLING && whole);
  CHECK(head("Nom de jeune fille", &whole) == SJ_HEAD_TELLING && !whole);
  CHECK(head("Dose", &whole) == SJ_HEAD_OTHER && whole);
  CHECK(head("pendulum", &whole) == SJ_HEAD_NONE && !whole);
  CHECK(head("", &whole) == SJ_HEAD_NONE && !whole);
  CHECK(head("---", &whole) == SJ_HEAD_NONE && !whole);
}

static bool nobody(const char *text) {
  const sj_view view = {.bytes = (const uint8_t *)text,
                        .len = (uint32_t)strlen(text)};
  return sj_head_nobody(&view, (sj_range){0, view.len});
}

static void cells_that_hold_nobody(void) {
  CHECK(nobody("EMPTY"));
  CHECK(nobody("vide (désinfection)"));
  CHECK(nobody("Adresse"));
  CHECK(nobody("-"));
  CHECK(!nobody("HB"));
  CHECK(!nobody("Hospital of the Vale"));
}

int main(void) {
  RUN(heads_stand_in_order);
  RUN(a_head_is_known_whole_or_by_an_end);
  RUN(cells_that_hold_nobody);
  return CHECK_DONE();
}
