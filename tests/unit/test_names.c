// SPDX-License-Identifier: Apache-2.0
//
// Names have small numbers, always the same.

#include "check.h"

#include <string.h>

#include "base/names.h"
#include "failing_alloc.h"

static sj_status fill(sj_allocator allocator, void *ctx) {
  const int count = *(const int *)ctx;
  sj_names *names = NULL;
  sj_status status = sj_names_new(allocator, &names);
  for (int i = 1; i <= count && status == SJ_OK; i++) {
    char name[32];
    const int len = snprintf(name, sizeof(name), "name-%d", i);
    uint32_t id = 0;
    status = sj_names_intern(names, name, (size_t)len, &id);
    if (status != SJ_OK) break;
    CHECK(id == (uint32_t)i);
    CHECK(sj_names_find(names, name, (size_t)len) == i);
    CHECK(strcmp(sj_names_get(names, id), name) == 0);
  }
  sj_names_free(names);
  return status;
}

static void numbers_count_up_and_stay(void) {
  int count = 5000;
  CHECK(fill((sj_allocator){0}, &count) == SJ_OK);
}

static void zero_is_the_empty_name(void) {
  sj_names *names = NULL;
  uint32_t id = 9;
  CHECK(sj_names_new((sj_allocator){0}, &names) == SJ_OK);
  CHECK(sj_names_intern(names, "", 0, &id) == SJ_OK && id == 0);
  CHECK(sj_names_find(names, "none", 4) == -1);
  CHECK(sj_names_get(names, 7) == NULL && sj_names_count(names) == 1);
  sj_names_free(names);
  sj_names_free(NULL);
}

static void every_failed_allocation_is_a_status(void) {
  int count = 700;
  CHECK(sj_test_each_fails(fill, &count, NULL) > 3);
}

int main(void) {
  RUN(numbers_count_up_and_stay);
  RUN(zero_is_the_empty_name);
  RUN(every_failed_allocation_is_a_status);
  return CHECK_DONE();
}
