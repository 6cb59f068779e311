// SPDX-License-Identifier: Apache-2.0
//
// People, towns and sites that no rule introduces, and how a broken table of
// evidence is refused.

#include "check.h"

#include "found.h"

static bool refused(const char *body, uint32_t line, const char *what) {
  const sj_file file = {"site.evidence", body, strlen(body)};
  const sj_engine_config config = {.files = &file, .file_count = 1};
  sj_engine *engine = NULL;
  sj_error error = {0};
  const sj_status status = sj_engine_new(&config, &engine, &error);
  sj_engine_free(engine);
  const bool right = status == SJ_PACK && error.line == line &&
                     strcmp(error.where, "site.evidence") == 0 &&
                     strstr(error.what, what) != NULL;
  if (!right)
    fprintf(stderr, "%d, line %u: %s\n", (int)status, error.line,
            error.what == NULL ? "" : error.what);
  return right;
}

#define HEAD "scrubjay-evidence 1\n"

static void a_broken_table_is_refused_with_its_line(void) {
  CHECK(refused("scrubjay-evidence 2\n", 1, "format 1"));
  CHECK(refused(HEAD "wait base 0 0 0 0 0 0\n", 2, "keyword"));
  CHECK(refused(HEAD "# x\n\nweight bass 0 0 0 0 0 0\n", 4, "no such"));
  CHECK(refused(HEAD "weight base 0 0 0 0 0\n", 2, "six"));
  CHECK(refused(HEAD "weight base 0 0 0 0 0 0 0\n", 2, "six"));
  CHECK(refused(HEAD "weight base 0 0 0 0 0 x\n", 2, "six"));
  CHECK(refused(HEAD "weight base 0 0 0 0 0 40000\n", 2, "six"));
  CHECK(refused(HEAD "class\n", 2, "name"));
  CHECK(refused(HEAD "class a b c | d\n", 2, "single"));
  CHECK(refused(HEAD "suffix a verylongending\n", 2, "11"));
  CHECK(refused(HEAD "floor 1 2\n", 2, "missing"));
  CHECK(refused(HEAD "sure -1\n", 2, "missing"));
  CHECK(refused(HEAD "weight base 0 0 0 0 0 0\nclass a b\n", 3, "above"));
  CHECK(refused(HEAD "sure 1\n", 2, "without weights"));
}

static void a_table_of_ones_own_decides(void) {
  static const char body[] =
      HEAD "class left of\n"
           "weight base 3000 -9000 -9000 3000 -9000 -9000\n"
           "weight lower -9000 0 0 -9000 0 0\n"
           "weight left:left -9000 0 0 -9000 0 0\n";
  const sj_file file = {"site.evidence", body, strlen(body)};
  const sj_engine_config config = {
      .files = &file, .file_count = 1, .no_builtin = true};
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  CHECK(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  if (engine == NULL) return;
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  CHECK(sj_session_start(session, "a Vurm of Quell", 15, NULL, NULL) == SJ_OK);
  size_t count = 0;
  const sj_span *spans = sj_session_spans(session, &count);
  CHECK(count == 1 && spans[0].start == 2 && spans[0].end == 6);
  CHECK(count == 1 && spans[0].label == SJ_LABEL_NAME);
  sj_session_free(session);
  sj_engine_free(engine);
}

static bool found(const char *marked) {
  return finds(marked, NULL);
}

static void people_are_found(void) {
  CHECK(found("I discussed the plan with <Martha Kowalski> today."));
  CHECK(found("Her daughter <Jennifer> called about the pain."));
  CHECK(found("Sa fille <Camille> a appelé pour la douleur."));
  CHECK(found("J'ai prévenu <Sandrine Lefebvre> du résultat."));
}

static void ordinary_words_are_judged_by_their_surroundings(void) {
  CHECK(found("Her sister <Rose> called about the pain."));
  CHECK(found("The urine was rose and the skin was warm."));
  CHECK(found("Her daughter <May> called about the pain."));
  CHECK(found("She may go home if the pain is better."));
  CHECK(found("Son frère <Julien Petit> a appelé hier soir."));
  CHECK(found("Un petit nodule est vu dans le lobe moyen."));
}

static void clinical_words_with_capitals_are_nobody(void) {
  CHECK(found("Metformin and Lisinopril were continued."));
  CHECK(found("Parkinson disease is stable."));
  CHECK(found("Abdomen: Soft. Heart: Regular rhythm."));
  CHECK(found("Diabète de type 2 traité par Metformine."));
}

static void towns_are_found(void) {
  CHECK(found("She lives in <Albuquerque> with two cats."));
  CHECK(found("Elle habite à <Montpellier> avec deux chats."));
}

static void sites_are_found(void) {
  CHECK(found("He was seen at <Larkmoor Medical Center> for pain."));
  CHECK(found("Il a été vu à la <Clinique Vaubrun> pour une douleur."));
}

static void initials_are_those_of_a_person_in_the_note(void) {
  CHECK(found("I discussed the plan with <Martha Kowalski>. "
              "Plan agreed by <MK>."));
  CHECK(found("I discussed the plan with <Martha Kowalski>. "
              "Plan agreed by WT."));
  CHECK(found("I discussed the plan. Plan agreed by MK."));
}

int main(void) {
  CHECK(found_open());
  RUN(a_broken_table_is_refused_with_its_line);
  RUN(a_table_of_ones_own_decides);
  RUN(people_are_found);
  RUN(ordinary_words_are_judged_by_their_surroundings);
  RUN(clinical_words_with_capitals_are_nobody);
  RUN(towns_are_found);
  RUN(sites_are_found);
  RUN(initials_are_those_of_a_person_in_the_note);
  found_close();
  return CHECK_DONE();
}
