// SPDX-License-Identifier: Apache-2.0
//
// One name everywhere (law 5): what was found once with certainty is found at
// its other places, and only there. Every note names its person once behind a
// label, so that a rule is certain of it.

#include "check.h"

#include "found.h"

static bool echoes(const char *marked) {
  return finds(marked, NULL);
}

static void a_name_is_found_in_every_form(void) {
  CHECK(echoes("Patient: <Tovia Brackensholt>\n\n"
               "the wound of <brackensholt> is dry."));
  CHECK(echoes("Patient: <Tovia Brackensholt>\n\n"
               "We met <Brackensholt>'s sister. The <Brackensholts> agree."));
  CHECK(echoes("Patient: <Tovia Brackensholt>\n\n"
               "VITALS OF <BRACKENSHOLT> ARE STABLE TODAY"));
  CHECK(echoes("Patient : <Élodie Vaucrésien>\n\n"
               "Le pansement de <VAUCRESIEN> est propre."));
}

static void an_initial_goes_with_the_surname(void) {
  CHECK(echoes("Patient: <Tovia Brackensholt>\n\n"
               "The wound of <T. Brackensholt> is dry."));
}

static void a_name_is_found_over_a_line_end(void) {
  CHECK(echoes("Patient: <Tovia Brackensholt>\n\n"
               "The wound was seen and the dressing changed for <Tovia>\n"
               "<Brackensholt> at noon."));
}

static void numbers_are_found_again(void) {
  CHECK(echoes("MRN: <48210937>\n\nSamples labelled <48210937> were sent."));
  CHECK(echoes("MRN: <48210937>\n\nSamples in rack 7 were sent."));
}

static void nothing_is_found_inside_other_words(void) {
  CHECK(echoes("Patient: <Tovia Brackensholt>\n\n"
               "the brackensholtine film is dry."));
  CHECK(echoes("Patient: <Marta Cough>\n\nThe coughing stopped."));
}

static void ordinary_words_are_not_echoed_in_small_letters(void) {
  CHECK(echoes("Patient: <Tovia Brown>\n\n"
               "The sputum was brown and the stool was brown."));
  CHECK(echoes("Patient : <Luc Petit>\n\n"
               "Un petit nodule est vu dans le lobe moyen."));
}

static void the_echo_is_of_the_same_label_and_says_why(void) {
  static const char text[] = "MRN: K82X1\n\nTubes of K82X1 were sent.";
  CHECK(sj_session_start(found_session, text, strlen(text), NULL, NULL) ==
        SJ_OK);
  CHECK(sj_session_finish(found_session) == SJ_OK);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(found_session, &count);
  CHECK(count == 2);
  if (count != 2) return;
  CHECK(spans[1].label == SJ_LABEL_MRN && spans[1].score <= 850);
  const sj_source *sources = sj_session_sources(found_session, &count);
  bool said = false;
  for (uint32_t i = 0; i < spans[1].source_count; i++)
    said = said || sources[spans[1].source + i].kind == SJ_KIND_ECHO;
  CHECK(said);
}

int main(void) {
  CHECK(found_open());
  RUN(a_name_is_found_in_every_form);
  RUN(an_initial_goes_with_the_surname);
  RUN(a_name_is_found_over_a_line_end);
  RUN(numbers_are_found_again);
  RUN(nothing_is_found_inside_other_words);
  RUN(ordinary_words_are_not_echoed_in_small_letters);
  RUN(the_echo_is_of_the_same_label_and_says_why);
  found_close();
  return CHECK_DONE();
}
