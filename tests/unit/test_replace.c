// SPDX-License-Identifier: Apache-2.0
//
// Spans are marked in the text, {LABEL:like this}, with a role or subtype
// behind a slash; the helper strips the marks and replaces.

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "replace.h"
#include "replace_parts.h"
#include "text.h"

typedef struct rig {
  sj_arena arena;
  sj_names *names;
  sj_text text;
  sj_span spans[64];
  size_t count;
  char plain[4096];
} rig;

static sj_allocator usual(void) {
  const sj_allocator none = {0};
  return sj_allocator_or_default(none);
}

static int label_of(const char *name, size_t len) {
  for (int i = 0; i < SJ_LABEL_COUNT; i++) {
    const char *known = sj_label_name((unsigned)i);
    if (strlen(known) == len && memcmp(known, name, len) == 0) return i;
  }
  return -1;
}

static void read_head(rig *r, const char *at, const char *colon) {
  const char *slash = memchr(at, '/', (size_t)(colon - at));
  const char *end = slash != NULL ? slash : colon;
  sj_span *span = &r->spans[r->count];
  *span = (sj_span){.score = 900};
  const int label = label_of(at, (size_t)(end - at));
  CHECK(label >= 0);
  span->label = (uint16_t)label;
  if (slash == NULL) return;
  const size_t len = (size_t)(colon - slash - 1);
  if (label == SJ_LABEL_NAME) {
    span->role = strncmp(slash + 1, "provider", len) == 0  ? SJ_ROLE_PROVIDER
                 : strncmp(slash + 1, "patient", len) == 0 ? SJ_ROLE_PATIENT
                                                           : SJ_ROLE_OTHER;
    return;
  }
  uint32_t id = 0;
  CHECK(sj_names_intern(r->names, slash + 1, len, &id) == SJ_OK);
  span->subtype = (uint16_t)id;
}

static rig *open_rig(const char *marked) {
  rig *r = calloc(1, sizeof *r);
  sj_arena_init(&r->arena, usual());
  CHECK(sj_names_new(usual(), &r->names) == SJ_OK);
  uint32_t len = 0;
  for (const char *c = marked; *c != '\0'; c++) {
    if (*c == '{') {
      const char *colon = strchr(c, ':');
      read_head(r, c + 1, colon);
      r->spans[r->count].start = len;
      c = colon;
    } else if (*c == '}') {
      r->spans[r->count++].end = len;
    } else {
      r->plain[len++] = *c;
    }
  }
  size_t bad = 0;
  CHECK(sj_text_take(&r->text, &r->arena, r->plain, len, &bad) == SJ_OK);
  return r;
}

static void close_rig(rig *r) {
  sj_names_free(r->names);
  sj_arena_release(&r->arena);
  free(r);
}

static sj_replace_input input_of(const rig *r, const sj_replace_options *how) {
  return (sj_replace_input){.text = &r->text,
                            .spans = r->spans,
                            .count = r->count,
                            .subtypes = r->names,
                            .options = how};
}

static bool gives(sj_style style, const char *marked, const char *want) {
  rig *r = open_rig(marked);
  const sj_replace_options how = {.style = style};
  const sj_replace_input in = input_of(r, &how);
  sj_output out;
  const sj_status status = sj_replace_run(&r->arena, &in, &out);
  const bool same = status == SJ_OK && out.len == strlen(want) &&
                    memcmp(out.text, want, out.len) == 0;
  if (!same)
    fprintf(stderr, "status %d, got: %.*s\n", status, (int)out.len, out.text);
  // The map leads from each piece of the output to its place in the text.
  uint32_t at = 0;
  uint32_t out_at = 0;
  for (size_t i = 0; i < out.map_count; i++) {
    const sj_replacement *m = &out.map[i];
    CHECK(m->start - at == m->out_start - out_at);
    CHECK(memcmp(r->text.bytes + at, out.text + out_at, m->start - at) == 0);
    at = m->end;
    out_at = m->out_end;
  }
  CHECK(r->text.len - at == out.len - out_at);
  close_rig(r);
  return same;
}

static bool placeholders(const char *marked, const char *want) {
  return gives(SJ_STYLE_PLACEHOLDER, marked, want);
}

static bool numbered(const char *marked, const char *want) {
  return gives(SJ_STYLE_NUMBERED, marked, want);
}

static void the_worked_example_comes_out_to_the_byte(void) {
  CHECK(placeholders(
      "Patient {NAME:John Smith} (DOB: {DATE:03/15/1985}, MRN: "
      "{MRN:123456789})\nSSN: {NATIONAL_ID/us-ssn:123-45-6789}, Phone: "
      "{PHONE:555-123-4567}\nEmail: {EMAIL:john.smith@email.com}\nDr. "
      "{NAME/provider:Sarah Johnson} at {ORGANIZATION:Memorial Hospital}, "
      "{ADDRESS:123 Main St}, {CITY:Boston} MA\n",
      "Patient [NAME] (DOB: [DATE], MRN: [MRN])\n"
      "SSN: [SSN], Phone: [PHONE]\n"
      "Email: [EMAIL]\n"
      "Dr. [NAME] at [ORGANIZATION], [LOCATION]\n"));
}

static void the_numbered_example_comes_out_to_the_byte(void) {
  CHECK(numbered("Patient {NAME:John Smith} (MRN: {MRN:12345}) underwent EBUS",
                 "Patient <PERSON_0> (MRN: <MRN_1>) underwent EBUS"));
}

static void plain_and_redact_tell_neither_label_nor_length(void) {
  CHECK(gives(SJ_STYLE_PLAIN, "{NAME:Al} {AGE:93}", "[REDACTED] [REDACTED]"));
  CHECK(gives(SJ_STYLE_REDACT, "x{NAME:Al}y", "x████████y"));
}

static void places_join_over_commas_blanks_and_a_state(void) {
  CHECK(placeholders("at {ADDRESS:4 Elm Rd}, {CITY:Salem}, OR {ZIP:97301}.",
                     "at [LOCATION]."));
  CHECK(placeholders("at {ADDRESS:4 Elm Rd}\n{CITY:Salem}, Oregon {ZIP:97301}",
                     "at [LOCATION]"));
  CHECK(placeholders("à {CITY:Laval} (Québec), {CITY:Lyon}",
                     "à [LOCATION] (Québec), [LOCATION]"));
  CHECK(placeholders("{CITY:Laval}, Québec {ZIP:H7A 1B1}", "[LOCATION]"));
  CHECK(placeholders("{ADDRESS:4 Elm Rd.}, {CITY:Reno} NV.", "[LOCATION]."));
  CHECK(placeholders("{CITY:Reno}, New York style", "[LOCATION] style"));
}

static void places_do_not_join_over_more_than_that(void) {
  CHECK(
      placeholders("{CITY:Salem}\n\n{CITY:Reno}", "[LOCATION]\n\n[LOCATION]"));
  CHECK(placeholders("{CITY:Salem} and {CITY:Reno}",
                     "[LOCATION] and [LOCATION]"));
  CHECK(placeholders("{ORGANIZATION:Elm Clinic}, {CITY:Reno}",
                     "[ORGANIZATION], [LOCATION]"));
  CHECK(placeholders("{ORGANIZATION:Elm Clinic}, {ORGANIZATION:Oak Lab}",
                     "[ORGANIZATION], [ORGANIZATION]"));
}

static void a_code_that_is_a_word_goes_only_where_it_ends_a_clause(void) {
  CHECK(placeholders("SEEN IN {CITY:BOSTON} IN MARCH",
                     "SEEN IN [LOCATION] IN MARCH"));
  CHECK(placeholders("SEEN IN {CITY:GARY}, IN TODAY",
                     "SEEN IN [LOCATION] TODAY"));
  CHECK(placeholders("from {CITY:Gary} IN.", "from [LOCATION]."));
  CHECK(placeholders("from {CITY:Boston} MAN", "from [LOCATION] MAN"));
}

static void overlaps_become_their_union_in_any_order(void) {
  rig *r = open_rig("seen by Anna Weber Roth today");
  const sj_span spans[] = {
      {.start = 13, .end = 23, .label = SJ_LABEL_CITY, .score = 400},
      {.start = 8, .end = 18, .label = SJ_LABEL_NAME, .score = 900}};
  sj_replace_input in = input_of(r, NULL);
  in.spans = spans;
  in.count = 2;
  sj_output out;
  CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_OK);
  CHECK(out.len == 20 && memcmp(out.text, "seen by [NAME] today", 20) == 0);
  close_rig(r);
}

static void a_span_that_splits_a_character_is_refused(void) {
  rig *r = open_rig("é");
  const sj_span spans[] = {{.start = 0, .end = 1, .label = SJ_LABEL_NAME},
                           {.start = 0, .end = 9, .label = SJ_LABEL_NAME},
                           {.start = 2, .end = 0, .label = SJ_LABEL_NAME},
                           {.start = 0, .end = 2, .label = SJ_LABEL_COUNT}};
  for (size_t i = 0; i < 4; i++) {
    sj_replace_input in = input_of(r, NULL);
    in.spans = &spans[i];
    in.count = 1;
    sj_output out;
    CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_ARGUMENT);
    CHECK(out.text == NULL && out.map == NULL);
  }
  close_rig(r);
}

static void unscanned_lines_go_whole_or_block_the_text(void) {
  rig *r = open_rig("one {NAME:Ann}\r\ntwo {NAME:Bob}\nthree {NAME:Cy}\n");
  sj_replace_options how = {.style = SJ_STYLE_PLACEHOLDER};
  sj_replace_input in = input_of(r, &how);
  const sj_range dark[] = {{9, 17}};
  in.unscanned = dark;
  in.unscanned_count = 1;
  sj_output out;
  CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_INCOMPLETE);
  how.allow_partial = true;
  CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_OK);
  const char *want = "one [NAME]\r\n[UNSCANNED]\nthree [NAME]\n";
  CHECK(out.len == strlen(want) && memcmp(out.text, want, out.len) == 0);
  CHECK(out.unscanned == 1);
  how.style = SJ_STYLE_NUMBERED;
  CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_OK);
  want = "one <PERSON_0>\r\n<UNSCANNED_1>\nthree <PERSON_2>\n";
  CHECK(out.len == strlen(want) && memcmp(out.text, want, out.len) == 0);
  close_rig(r);
}

static void a_person_keeps_one_number_in_all_forms(void) {
  CHECK(numbered("{NAME:John Smith}, {NAME:SMITH, John}, {NAME:J. Smith}, "
                 "{NAME:Smith}, {NAME:Ann Roy}, {NAME:ROY}",
                 "<PERSON_0>, <PERSON_0>, <PERSON_0>, <PERSON_0>, <PERSON_1>, "
                 "<PERSON_1>"));
  CHECK(numbered("{NAME:Hélène Lefèvre} {NAME:LEFEVRE Helene} {NAME:Hélène}",
                 "<PERSON_0> <PERSON_0> <PERSON_0>"));
  CHECK(numbered("{NAME:Smith}, {NAME:John Smith}", "<PERSON_0>, <PERSON_0>"));
  CHECK(numbered("{NAME:John A. Smith}, {NAME:John Smith}",
                 "<PERSON_0>, <PERSON_0>"));
}

static void a_shared_surname_stays_with_the_name_before_it(void) {
  CHECK(numbered("{NAME:John Roy} {NAME:Jane Roy} {NAME:Roy} {NAME:John Roy} "
                 "{NAME:Roy}",
                 "<PERSON_0> <PERSON_1> <PERSON_1> <PERSON_0> <PERSON_0>"));
}

static void a_doctor_and_a_patient_of_one_surname_are_two(void) {
  CHECK(numbered("{NAME/patient:John Roy}, seen by {NAME/provider:Roy}",
                 "<PERSON_0>, seen by <PROVIDER_1>"));
  CHECK(numbered("{NAME/provider:Eva Kern} and {NAME/provider:Kern}",
                 "<PROVIDER_0> and <PROVIDER_0>"));
  CHECK(numbered("{NAME/provider:Eva Kern} and {NAME:Kern}",
                 "<PERSON_0> and <PERSON_0>"));
}

static void dates_are_one_by_value_and_two_in_doubt(void) {
  CHECK(numbered("{DATE:03/15/1985} {DATE:March 15, 1985} {DATE:1985-03-15} "
                 "{DATE:15 mars 1985} {DATE:15.03.85} {DATE:15-Mar-1985}",
                 "<DATE_0> <DATE_0> <DATE_0> <DATE_0> <DATE_0> <DATE_0>"));
  CHECK(numbered("{DATE:03/04/2024} {DATE:3/4/2024} {DATE:April 3, 2024} "
                 "{DATE:4 mars 2024}",
                 "<DATE_0> <DATE_0> <DATE_1> <DATE_2>"));
}

static void numbers_are_one_by_letters_and_digits(void) {
  CHECK(numbered("{PHONE:(617) 555-0142} {PHONE:617.555.0142} "
                 "{PHONE:+1 617 555 0142} {PHONE:617-555-0143}",
                 "<PHONE_0> <PHONE_0> <PHONE_0> <PHONE_1>"));
  CHECK(numbered("{PHONE:01 99 00 12 34} {PHONE:+33 (0)1 99 00 12 34} "
                 "{PHONE:0033 1 99 00 12 34}",
                 "<PHONE_0> <PHONE_0> <PHONE_0>"));
  CHECK(numbered("{MRN:AB-12 3} {MRN:ab123} {ID:AB123}",
                 "<MRN_0> <MRN_0> <ID_1>"));
}

static void a_typed_look_alike_keeps_its_number_to_itself(void) {
  CHECK(numbered("<PERSON_0> {NAME:Ann} [SSN_1] {NAME:Bob} <PERSON_x>",
                 "<PERSON_0> <PERSON_2> [SSN_1] <PERSON_3> <PERSON_x>"));
}

static void national_numbers_bear_their_own_word(void) {
  CHECK(placeholders("{NATIONAL_ID/fr-nir:x} {NATIONAL_ID/us-ssn-last4:x} "
                     "{NATIONAL_ID/us-itin:x} {NATIONAL_ID/xx-new:x} "
                     "{NATIONAL_ID:x}",
                     "[NIR] [SSN] [ITIN] [NATIONAL_ID] [NATIONAL_ID]"));
  CHECK(numbered("{NATIONAL_ID/fr-nir:x}", "<NIR_0>"));
}

static void nothing_to_hide_changes_nothing(void) {
  CHECK(placeholders("", ""));
  CHECK(placeholders("BP 120/80\r\n", "BP 120/80\r\n"));
}

// The scrubbed text under a key; the caller frees it.
static char *hashed(const char *marked, const char *key) {
  rig *r = open_rig(marked);
  const sj_replace_options how = {.style = SJ_STYLE_HASH,
                                  .key = {"key", key, strlen(key)}};
  const sj_replace_input in = input_of(r, &how);
  sj_output out;
  const sj_status status = sj_replace_run(&r->arena, &in, &out);
  char *text = calloc(out.len + 1, 1);
  if (status == SJ_OK)
    memcpy(text, out.text, out.len);
  else
    CHECK(key[0] == '\0' && status == SJ_ARGUMENT);
  close_rig(r);
  return text;
}

static void a_hash_is_keyed_and_the_same_for_one_person(void) {
  char *one = hashed("{NAME:John Roy}", "secret");
  char *other_form = hashed("{NAME:ROY, John}", "secret");
  char *other_key = hashed("{NAME:John Roy}", "Secret");
  char *other_name = hashed("{NAME:Jane Roy}", "secret");
  char *no_key = hashed("{NAME:John Roy}", "");
  CHECK(strlen(one) == strlen("[NAME_a1b2c3d4]"));
  CHECK(strncmp(one, "[NAME_", 6) == 0 && one[14] == ']');
  CHECK(strcmp(one, other_form) == 0);
  CHECK(strcmp(one, other_key) != 0);
  CHECK(strcmp(one, other_name) != 0);
  CHECK(no_key[0] == '\0');
  char *both = hashed("{NAME:John Roy} {NAME:Roy}", "secret");
  CHECK(strncmp(both, both + 16, 15) == 0);
  free(one), free(other_form), free(other_key), free(other_name);
  free(no_key), free(both);
}

// Replace with numbers, build the map as a host does, and restore.
static bool goes_back(const char *marked) {
  rig *r = open_rig(marked);
  const sj_replace_options how = {.style = SJ_STYLE_NUMBERED};
  const sj_replace_input in = input_of(r, &how);
  sj_output out;
  CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_OK);
  sj_original map[64] = {0};
  sj_file originals[64][64];
  size_t count = 0;
  for (size_t i = 0; i < out.map_count; i++) {
    const sj_replacement *m = &out.map[i];
    const sj_file word = {"", out.text + m->out_start,
                          m->out_end - m->out_start};
    size_t at = 0;
    while (at < count &&
           (map[at].placeholder.len != word.len ||
            memcmp(map[at].placeholder.data, word.data, word.len)))
      at++;
    if (at == count) map[count++] = (sj_original){word, originals[at], 0};
    originals[at][map[at].count++] =
        (sj_file){"", r->plain + m->start, m->end - m->start};
  }
  const sj_file scrubbed = {"", out.text, out.len};
  sj_restored *restored = NULL;
  CHECK(sj_restored_new(&scrubbed, map, count, &restored) == SJ_OK);
  size_t len = 0;
  const char *text = sj_restored_text(restored, &len);
  const bool same = len == r->text.len && memcmp(text, r->plain, len) == 0;
  sj_restored_free(restored);
  close_rig(r);
  return same;
}

static void numbered_text_goes_back_to_the_byte(void) {
  CHECK(goes_back(""));
  CHECK(goes_back("{NAME:John Roy}, {NAME:ROY}, {NAME:J. Roy} {DATE:3/4}"));
  CHECK(goes_back("<PERSON_0> {NAME:Ann} [SSN_1] <<PERSON_2>> {NAME:Bob}"));
  CHECK(goes_back("{NAME:<PERSON_0>} {NAME:Ann}<PERSON_{MRN:12}>"));
  // Texts made of these pieces, in every order of four.
  static const char *const bits[] = {"{NAME:Ann Roy}", "{NAME:Roy}",
                                     "<PERSON_0>",     "{CITY:Salem}, ",
                                     "<PERSON_",       "1> "};
  char text[256];
  for (int i = 0; i < 1296; i++) {
    text[0] = '\0';
    for (int k = 0, n = i; k < 4; k++, n /= 6)
      strcat(text, bits[n % 6]);
    CHECK(goes_back(text));
  }
}

int main(void) {
  RUN(numbered_text_goes_back_to_the_byte);
  RUN(a_hash_is_keyed_and_the_same_for_one_person);
  RUN(the_worked_example_comes_out_to_the_byte);
  RUN(the_numbered_example_comes_out_to_the_byte);
  RUN(plain_and_redact_tell_neither_label_nor_length);
  RUN(places_join_over_commas_blanks_and_a_state);
  RUN(places_do_not_join_over_more_than_that);
  RUN(a_code_that_is_a_word_goes_only_where_it_ends_a_clause);
  RUN(overlaps_become_their_union_in_any_order);
  RUN(a_span_that_splits_a_character_is_refused);
  RUN(unscanned_lines_go_whole_or_block_the_text);
  RUN(a_person_keeps_one_number_in_all_forms);
  RUN(a_shared_surname_stays_with_the_name_before_it);
  RUN(a_doctor_and_a_patient_of_one_surname_are_two);
  RUN(dates_are_one_by_value_and_two_in_doubt);
  RUN(numbers_are_one_by_letters_and_digits);
  RUN(a_typed_look_alike_keeps_its_number_to_itself);
  RUN(national_numbers_bear_their_own_word);
  RUN(nothing_to_hide_changes_nothing);
  return CHECK_DONE();
}
