// SPDX-License-Identifier: Apache-2.0
//
// The policy `strict` hides what nothing vouches for, and no more.

#include "check.h"

#include "found.h"

static bool strict(const char *marked) {
  return finds(marked, "safe-harbor,strict");
}

static void unknown_words_are_hidden_in_any_case(void) {
  CHECK(strict("The patient told <vrelkomat> about the pain."));
  CHECK(strict("la douleur de <vrelkomat> est forte."));
  CHECK(finds("The patient told vrelkomat about the pain.", NULL));
}

static void long_numbers_are_hidden(void) {
  CHECK(strict("The box with <73918264> was empty."));
  CHECK(strict("The box with <7391> was empty."));
  CHECK(finds("The box with 7391 was empty.", NULL));
}

static void clinical_and_ordinary_words_stay(void) {
  CHECK(strict("The patient has pneumonia and was given amoxicillin."));
  CHECK(strict("Le patient a une pneumonie avec de la fièvre."));
}

static void harmless_numbers_stay(void) {
  CHECK(strict("The pressure was 135/85 and the pulse was 72."));
  CHECK(strict("The dose was 2.5 mg, then 120 mg."));
}

static void what_strict_adds_is_uncertain(void) {
  static const char text[] = "The patient told vrelkomat about 73918264.";
  const sj_session_options options = {.policy = "strict"};
  CHECK(sj_session_start(found_session, text, strlen(text), &options, NULL) ==
        SJ_OK);
  CHECK(sj_session_finish(found_session) == SJ_OK);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(found_session, &count);
  CHECK(count == 2);
  for (size_t i = 0; i < count; i++)
    CHECK((spans[i].flags & SJ_FLAG_UNCERTAIN) != 0);
  CHECK(count < 2 || spans[1].label == SJ_LABEL_ID);
}

int main(void) {
  CHECK(found_open());
  RUN(unknown_words_are_hidden_in_any_case);
  RUN(long_numbers_are_hidden);
  RUN(clinical_and_ordinary_words_stay);
  RUN(harmless_numbers_stay);
  RUN(what_strict_adds_is_uncertain);
  found_close();
  return CHECK_DONE();
}
