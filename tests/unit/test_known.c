// SPDX-License-Identifier: Apache-2.0
//
// The known patient: what a chart may hold, what is found of it, and what is
// left alone. The last test writes invented people in every form into invented
// sentences and counts.

#include "check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "failing_alloc.h"
#include "known_parts.h"
#include "scrubjay/scrubjay.h"

static sj_engine *engine;

static const char CHART[] =
    "{\"patient\":{\"name\":[{\"given\":[\"Jean-Pierre\",\"Robert\"],"
    "\"family\":\"Marchetti-Dubreuil\"}],\"birthDate\":\"1985-03-15\","
    "\"identifier\":[{\"type\":\"MRN\",\"value\":\"0004471902\"},"
    "{\"type\":\"SSN\",\"value\":\"078-05-1120\"}],"
    "\"phone\":[\"+1 617-555-0142\",\"06 12 34 56 78\"],"
    "\"email\":\"jp.marchetti@example.org\","
    "\"address\":[{\"line\":[\"12 Elm Street, Apt 4\"],"
    "\"city\":\"Saint-\xC3\x89tienne\",\"postalCode\":\"42000\"}]},"
    "\"relatives\":[\"Rose Petit\",\"Wei Li\"],"
    "\"clinicians\":[\"Dr. Sarah O'Brien, MD\"]}";

/// A session that read `text` with a chart; NULL where it was refused.
static sj_session *
read_with(const char *chart, const char *text, sj_error *error) {
  sj_session *session = NULL;
  const sj_session_options how = {.known = {"known", chart, strlen(chart)}};
  if (sj_session_new(engine, &session) != SJ_OK) return NULL;
  if (sj_session_start(session, text, strlen(text), &how, error) == SJ_OK)
    return session;
  sj_session_free(session);
  return NULL;
}

/// Whether known spans cover all letters and digits of [start, end).
static bool
covers(const sj_session *session, const char *text, size_t start, size_t end) {
  size_t count = 0;
  const sj_span *spans = sj_session_spans(session, &count);
  for (size_t at = start; at < end; at++) {
    const unsigned char byte = (unsigned char)text[at];
    const bool counts = byte >= 0x80 || (byte >= '0' && byte <= '9') ||
                        ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
    bool in = false;
    for (size_t i = 0; i < count; i++)
      in = in || ((spans[i].flags & SJ_FLAG_KNOWN) != 0 &&
                  spans[i].start <= at && at < spans[i].end);
    if (counts && !in) return false;
  }
  return true;
}

static size_t known_spans(const sj_session *session) {
  size_t count = 0;
  size_t known = 0;
  const sj_span *spans = sj_session_spans(session, &count);
  for (size_t i = 0; i < count; i++)
    known += (spans[i].flags & SJ_FLAG_KNOWN) != 0;
  return known;
}

/// Whether `part` of `text` is found by this chart.
static bool finds_in(const char *chart, const char *text, const char *part) {
  sj_session *session = read_with(chart, text, NULL);
  const char *at = strstr(text, part);
  const bool found = session != NULL && at != NULL &&
                     covers(session, text, (size_t)(at - text),
                            (size_t)(at - text) + strlen(part));
  if (!found) fprintf(stderr, "not found: %s\n", part);
  sj_session_free(session);
  return found;
}

static bool finds(const char *text, const char *part) {
  return finds_in(CHART, text, part);
}

/// Whether nothing in the text is known.
static bool ignores(const char *text) {
  sj_session *session = read_with(CHART, text, NULL);
  const bool none = session != NULL && known_spans(session) == 0;
  if (!none) fprintf(stderr, "found something in: %s\n", text);
  sj_session_free(session);
  return none;
}

static void names_are_found_in_any_form(void) {
  static const char *const forms[] = {"Jean-Pierre Marchetti-Dubreuil",
                                      "MARCHETTI DUBREUIL Jean Pierre",
                                      "marchetti, jean-pierre",
                                      "J.-P. Marchetti",
                                      "JP Marchetti",
                                      "Bob Dubreuil",
                                      "Marcheti",
                                      "Marchetti's",
                                      "Jean-Pierre\nMarchetti",
                                      "Dubreuil",
                                      "Robert Q. Marchetti",
                                      "Sarah O\xE2\x80\x99"
                                      "Brien",
                                      "Obrien",
                                      "S. O'Brien",
                                      "OBRIEN",
                                      "rose petit",
                                      "Wei Li"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char text[160];
    (void)snprintf(text, sizeof text, "Today we saw %s here.", forms[i]);
    const size_t len = strlen(forms[i]);
    char part[64];
    (void)snprintf(part, sizeof part, "%s", forms[i]);
    // The possessive stays outside.
    if (len > 2 && strcmp(part + len - 2, "'s") == 0) part[len - 2] = '\0';
    CHECK(finds(text, part));
  }
}

static void ordinary_words_want_a_capital_or_a_neighbour(void) {
  CHECK(ignores("Le petit enfant dort. Petit repas."));
  CHECK(ignores("She rose early. Li is low."));
  CHECK(ignores("the roses, une rose"));
  CHECK(finds("We called Petit today", "Petit"));
  CHECK(finds("Mme Petit va bien", "Petit"));
  CHECK(finds("Wife: Rose", "Rose"));
  CHECK(finds("seen with Mr. Li", "Li"));
}

static void the_birth_date_is_found_in_any_form(void) {
  static const char *const forms[] = {
      "15 March 1985",
      "March 15, 1985",
      "15/03/1985",
      "03/15/85",
      "15.3.1985",
      "1985-03-15",
      "15-MAR-1985",
      "15MAR1985",
      "19850315",
      "15 mars 1985",
      "15th of March",
      "March fifteenth",
      "quinze mars mil neuf cent quatre-vingt-cinq",
      "fifteenth of March, nineteen eighty-five",
      "Mar. 15th, 1985",
      "03/15",
      "1985-03-15T10:20:00Z"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char text[160];
    (void)snprintf(text, sizeof text, "It was %s then.", forms[i]);
    CHECK(finds(text, forms[i]));
  }
  CHECK(ignores("seen 15 April 1985 and 03/15/2020"));
  CHECK(ignores("March 15, 2020; a ratio of 3/15; in 1985"));
  CHECK(finds("DOB 3/15", "3/15"));
}

static void numbers_are_found_through_separators(void) {
  static const char *const forms[] = {
      "0004471902",        "4471902",
      "447-1902",          "44 71 902",
      "078-05-1120",       "078 05 1120",
      "078051120",         "(617) 555-0142",
      "617.555.0142",      "+1 617 555 0142",
      "555-0142",          "0612345678",
      "+33 6 12 34 56 78", "+33 (0)6 12345678",
      "06.12.34.56.78",    "JP.Marchetti@Example.ORG"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char text[160];
    (void)snprintf(text, sizeof text, "given as %s today", forms[i]);
    CHECK(finds(text, forms[i]));
  }
  CHECK(finds("SSN ending in 1120", "1120"));
  CHECK(finds("num\xC3\xA9ro se terminant par 1120", "1120"));
  CHECK(finds("xxx-xx-1120", "1120"));
  CHECK(ignores("a platelet count of 1120 and 44719021"));
  CHECK(ignores("42000 leucocytes"));
}

static void places_are_found_with_their_kind_abbreviated(void) {
  CHECK(finds("lives at 12 Elm St, apt. 4 now", "12 Elm St, apt. 4"));
  CHECK(finds("near elm street today", "elm street"));
  CHECK(finds("vit \xC3\xA0 St Etienne (42000)", "St Etienne"));
  CHECK(finds("42000 SAINT-ETIENNE", "42000 SAINT-ETIENNE"));
  CHECK(ignores("an elm tree"));
}

static void spans_say_whose_they_are(void) {
  static const char text[] =
      "Jean-Pierre Marchetti, sister Rose Petit, saw Sarah O'Brien. SSN "
      "078051120.";
  sj_session *session = read_with(CHART, text, NULL);
  size_t count = 0;
  size_t source_count = 0;
  CHECK(session != NULL);
  if (session == NULL) return;
  const sj_span *spans = sj_session_spans(session, &count);
  const sj_source *sources = sj_session_sources(session, &source_count);
  CHECK(count == 4);
  if (count == 4) {
    CHECK(spans[0].role == SJ_ROLE_PATIENT && spans[0].score == 1000);
    CHECK(spans[1].role == SJ_ROLE_OTHER && spans[2].role == SJ_ROLE_PROVIDER);
    CHECK(spans[3].label == SJ_LABEL_NATIONAL_ID);
    CHECK(strcmp(sj_engine_subtype_name(engine, spans[3].subtype), "us-ssn") ==
          0);
    bool named = false;
    for (size_t i = 0; i < spans[0].source_count; i++)
      named =
          named ||
          strcmp(sj_engine_source_name(engine, sources[spans[0].source + i].id),
                 "known-name") == 0;
    CHECK(named);
  }
  sj_session_free(session);
}

static void fhir_is_read_and_its_other_fields_are_passed_over(void) {
  static const char chart[] =
      "{\"resourceType\":\"Patient\",\"meta\":{\"versionId\":\"7\"},"
      "\"name\":[{\"use\":\"official\",\"family\":\"Vasseroy\","
      "\"given\":[\"Ilona\"],\"_given\":[null]}],"
      "\"birthDate\":\"1951-11-02\",\"telecom\":[{\"system\":\"phone\","
      "\"value\":\"01 99 00 12 34\"}],"
      "\"identifier\":[{\"system\":\"http://hl7.org/fhir/sid/us-ssn\","
      "\"value\":\"078051120\"}],"
      "\"contact\":[{\"relationship\":[{\"text\":\"brother\"}],"
      "\"name\":{\"text\":\"Anselm Vasseroy\"}}],"
      "\"generalPractitioner\":[{\"reference\":\"Practitioner/3\","
      "\"display\":\"Dr Odon Quillfeather\"},"
      "{\"reference\":\"Organization/9\",\"display\":\"Blue Heron "
      "Practice\"}]}";
  CHECK(finds_in(chart, "I. Vasseroy came", "I. Vasseroy"));
  CHECK(finds_in(chart,
                 "n\xC3\xA9"
                 "e le 2 novembre 1951",
                 "2 novembre 1951"));
  CHECK(finds_in(chart, "her brother Anselm", "Anselm"));
  CHECK(finds_in(chart, "call +33 1 99 00 12 34", "+33 1 99 00 12 34"));
  CHECK(finds_in(chart, "078-05-1120", "078-05-1120"));
  CHECK(finds_in(chart, "by quillfeather", "quillfeather"));
  CHECK(finds_in(chart, "at Blue Heron practice", "Blue Heron practice"));
}

static void broken_charts_are_refused_with_their_path(void) {
  static const struct {
    const char *chart, *where;
  } broken[] = {
      {"{\"patient\":{\"nmae\":\"Ada\"}}", "$.patient.nmae"},
      {"{\"patients\":{}}", "$.patients"},
      {"{\"patient\":{\"birthDate\":\"15/03/1985\"}}", "$.patient.birthDate"},
      {"{\"patient\":{\"birthDate\":\"1985-13-01\"}}", "$.patient.birthDate"},
      {"{\"relatives\":[\"Ada\",7]}", "$.relatives[1]"},
      {"{\"patient\":{\"name\":{\"given\":[\"A\",{}]}}}",
       "$.patient.name.given[1]"},
      {"{\"resourceType\":\"Observation\"}", "$.resourceType"},
      {"[]", "$"},
      {"{\"patient\":", ""},
      {"{\"patient\":{},\"patient\":{}}", ""}};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    sj_error error = {0};
    CHECK(read_with(broken[i].chart, "text", &error) == NULL);
    CHECK(error.status == SJ_JSON && error.what != NULL);
    if (broken[i].where[0] != '\0')
      CHECK(strcmp(error.where, broken[i].where) == 0);
    CHECK(strstr(error.what, "Ada") == NULL);
  }
  sj_session *session = read_with("{\"patient\":{\"name\":null}}", "Ada", NULL);
  CHECK(session != NULL && known_spans(session) == 0);
  sj_session_free(session);
}

static sj_status whole(sj_allocator allocator, void *ctx) {
  static const char text[] = "Seen: J. Marchetti, 15/03/1985, 12 Elm St";
  (void)ctx;
  const sj_session_options how = {.known = {"known", CHART, strlen(CHART)}};
  static const char list[] = "scrubjay-names 1\nnick Robert | Bob\ntitle Mr\n";
  const sj_file names = {"t.names", list, sizeof(list) - 1};
  const sj_engine_config config = {.files = &names,
                                   .file_count = 1,
                                   .no_builtin = true,
                                   .allocator = allocator};
  sj_engine *own = NULL;
  sj_session *session = NULL;
  sj_status status = sj_engine_new(&config, &own, NULL);
  if (status == SJ_OK) status = sj_session_new(own, &session);
  if (status == SJ_OK)
    status = sj_session_start(session, text, strlen(text), &how, NULL);
  if (status == SJ_OK) CHECK(known_spans(session) == 3);
  sj_session_free(session);
  sj_engine_free(own);
  return status;
}

static void every_failed_allocation_is_a_status_and_all_is_wiped(void) {
  CHECK(sj_test_each_fails(whole, NULL, "Marchetti") > 20);
}

static void long_texts_are_read_to_the_end(void) {
  enum { SIZE = 200000 };
  char *text = malloc(SIZE + 64);
  CHECK(text != NULL);
  if (text == NULL) return;
  static const char filler[] = "nothing to see, ";
  for (size_t i = 0; i < SIZE; i++)
    text[i] = filler[i % (sizeof filler - 1)];
  // At every place of a slice's edge, in turn.
  for (size_t at = 32768 - 24; at < 32768 + 8; at += 3) {
    char kept[20];
    memcpy(kept, text + at, sizeof kept);
    memcpy(text + at, ", Bob Marchetti, ok ", sizeof kept);
    text[SIZE] = '\0';
    CHECK(finds(text, "Bob Marchetti"));
    memcpy(text + at, kept, sizeof kept);
  }
  strcpy(text + SIZE, " Dubreuil");
  CHECK(finds(text, "Dubreuil"));
  free(text);
}

static void slips_are_counted(void) {
  static const struct {
    const char *a, *b;
    unsigned slips;
  } pairs[] = {{"martin", "martin", 0}, {"martin", "matrin", 1},
               {"martin", "martn", 1},  {"martin", "marttin", 1},
               {"martin", "mrtain", 2}, {"martin", "marvel", 3}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    sj_piece a;
    sj_piece b;
    uint32_t at = 0;
    (void)sj_piece_next((const uint8_t *)pairs[i].a,
                        (uint32_t)strlen(pairs[i].a), &at, &a);
    at = 0;
    (void)sj_piece_next((const uint8_t *)pairs[i].b,
                        (uint32_t)strlen(pairs[i].b), &at, &b);
    CHECK(sj_piece_slips(&a, &b, 2) == pairs[i].slips);
    CHECK(sj_piece_slips(&b, &a, 2) == pairs[i].slips);
  }
}

int main(void) {
  const sj_engine_config config = {0};
  if (sj_engine_new(&config, &engine, NULL) != SJ_OK) return 1;
  RUN(slips_are_counted);
  RUN(names_are_found_in_any_form);
  RUN(ordinary_words_want_a_capital_or_a_neighbour);
  RUN(the_birth_date_is_found_in_any_form);
  RUN(numbers_are_found_through_separators);
  RUN(places_are_found_with_their_kind_abbreviated);
  RUN(spans_say_whose_they_are);
  RUN(fhir_is_read_and_its_other_fields_are_passed_over);
  RUN(broken_charts_are_refused_with_their_path);
  RUN(long_texts_are_read_to_the_end);
  RUN(every_failed_allocation_is_a_status_and_all_is_wiped);
  sj_engine_free(engine);
  return CHECK_DONE();
}
