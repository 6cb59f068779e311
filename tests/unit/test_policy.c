// SPDX-License-Identifier: Apache-2.0
//
// Policies: what the built-in files say, what several say together, how a bad
// file is refused, and what replace leaves in clear under them.

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "policy.h"
#include "scrubjay/scrubjay.h"

// ---------------------------------------------------------------------------
// What policies say
// ---------------------------------------------------------------------------

static sj_policies *builtin(void) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  sj_policies *policies = NULL;
  sj_error error = {0};
  const sj_allocator usual = sj_allocator_or_default((sj_allocator){0});
  CHECK(sj_policies_new(files, count, usual, &policies, &error) == SJ_OK);
  if (error.status != SJ_OK)
    fprintf(stderr, "%s:%u %s\n", error.where, error.line, error.what);
  return policies;
}

static sj_policy combined(const char *names) {
  sj_policies *policies = builtin();
  sj_policy policy;
  CHECK(sj_policies_combine(policies, names, &policy));
  sj_policies_free(policies);
  return policy;
}

static bool keeps(const sj_policy *policy, int label, int role) {
  return (policy->keep & sj_policy_bit((unsigned)label, (unsigned)role)) != 0;
}

static void the_usual_policies_hide_everything(void) {
  static const char *const names[] = {NULL, "safe-harbor", "gdpr-fr",
                                      "safe-harbor,gdpr-fr", "strict"};
  for (size_t i = 0; i < 5; i++) {
    const sj_policy policy = combined(names[i]);
    CHECK(policy.keep == 0 && policy.age_over == 89);
    CHECK(policy.year_since == 0 && !policy.zip3);
    CHECK(policy.strict == (i == 4));
  }
}

static void a_limited_dataset_keeps_four_labels_and_no_more(void) {
  const sj_policy policy = combined("limited-dataset");
  for (int label = 0; label < SJ_LABEL_COUNT; label++) {
    const bool open = label == SJ_LABEL_DATE || label == SJ_LABEL_AGE ||
                      label == SJ_LABEL_CITY || label == SJ_LABEL_ZIP;
    for (int role = 0; role < 4; role++)
      CHECK(keeps(&policy, label, role) == open);
  }
}

static void keep_providers_opens_one_role_on_top_of_any(void) {
  static const char *const names[] = {
      "keep-providers", "safe-harbor,keep-providers",
      "keep-providers,safe-harbor", "gdpr-fr,keep-providers,strict",
      "limited-dataset,keep-providers"};
  for (size_t i = 0; i < 5; i++) {
    const sj_policy policy = combined(names[i]);
    CHECK(keeps(&policy, SJ_LABEL_NAME, SJ_ROLE_PROVIDER));
    CHECK(!keeps(&policy, SJ_LABEL_NAME, SJ_ROLE_NONE));
    CHECK(!keeps(&policy, SJ_LABEL_NAME, SJ_ROLE_PATIENT));
    CHECK(!keeps(&policy, SJ_LABEL_NAME, SJ_ROLE_OTHER));
    CHECK(!keeps(&policy, SJ_LABEL_ORGANIZATION, SJ_ROLE_NONE));
    CHECK(keeps(&policy, SJ_LABEL_DATE, 0) == (i == 4));
    CHECK(policy.strict == (i == 3));
  }
}

static void of_two_bases_the_stricter_word_counts(void) {
  CHECK(combined("limited-dataset,safe-harbor").keep == 0);
  CHECK(combined("gdpr-fr,limited-dataset").keep == 0);
}

static void years_and_zip_codes_are_opened_by_name(void) {
  const sj_policy policy = combined("keep-years,keep-zip3");
  CHECK(policy.keep == 0 && policy.year_since == 1950 && policy.zip3);
  unsigned hidden = 0;
  for (unsigned area = 0; area < 1000; area++)
    hidden += policy.zip3_hidden[area / 8] >> area % 8 & 1;
  CHECK(hidden == 19);
  static const unsigned some[] = {36, 59, 63, 205, 369, 893};
  for (size_t i = 0; i < 6; i++)
    CHECK((policy.zip3_hidden[some[i] / 8] >> some[i] % 8 & 1) == 1);
}

static void an_unknown_name_hides_everything(void) {
  sj_policies *policies = builtin();
  static const char *const names[] = {"limited-dataset,", "", "Safe-Harbor",
                                      "limited-dataset,none", "strict,,strict"};
  for (size_t i = 0; i < 5; i++) {
    sj_policy policy = {.keep = 1};
    CHECK(!sj_policies_combine(policies, names[i], &policy));
    CHECK(policy.keep == 0);
  }
  sj_policies_free(policies);
}

// ---------------------------------------------------------------------------
// Files that are refused
// ---------------------------------------------------------------------------

static bool refused(const char *body, uint32_t line, const char *what) {
  const sj_file file = {"site.policy", body, strlen(body)};
  const sj_engine_config config = {.files = &file, .file_count = 1};
  sj_engine *engine = NULL;
  sj_error error = {0};
  const sj_status status = sj_engine_new(&config, &engine, &error);
  sj_engine_free(engine);
  const bool good = status == SJ_PACK && error.line == line &&
                    strstr(error.what, what) != NULL &&
                    strncmp(error.where, "site.policy", 11) == 0;
  if (!good)
    fprintf(stderr, "%d %u %s: %s\n", status, error.line, error.where,
            error.what == NULL ? "" : error.what);
  return good;
}

#define HEAD "scrubjay-policy 1\npolicy site\n"

static void a_bad_file_is_refused_with_its_line(void) {
  CHECK(refused("", 0, "empty"));
  CHECK(refused("policy site\n", 1, "first line"));
  CHECK(refused("scrubjay-policy 2\n", 1, "does not read"));
  CHECK(refused("scrubjay-policy 1\n", 1, "names no policy"));
  CHECK(refused("scrubjay-policy 1\npolicy Our own\n", 2, "small letters"));
  CHECK(refused("scrubjay-policy 1\npolicy our own\n", 2, "small letters"));
  CHECK(refused("scrubjay-policy 1\npolicy\n", 2, "name"));
  CHECK(refused(HEAD "policy more\n", 3, "twice"));
  CHECK(refused(HEAD "keep\n", 3, "want labels"));
  CHECK(refused(HEAD "\n# \nkeep CITY TOWN\n", 5, "no such label"));
  CHECK(refused(HEAD "keep city\n", 3, "capitals"));
  CHECK(refused(HEAD "keep CITY.patient\n", 3, "only a NAME"));
  CHECK(refused(HEAD "keep NAME.doctor\n", 3, "a role is"));
  CHECK(refused(HEAD "keep CITY\nhide DATE CITY\n", 4, "both"));
  CHECK(refused(HEAD "hide NAME\nkeep NAME.provider\n", 4, "both"));
  CHECK(refused(HEAD "keep-age 65\n", 3, "89 at least"));
  CHECK(refused(HEAD "keep-age old\n", 3, "last age"));
  CHECK(refused(HEAD "keep-year 1950\n", 3, "since YEAR"));
  CHECK(refused(HEAD "keep-year since 50\n", 3, "since YEAR"));
  CHECK(refused(HEAD "keep-zip3\n", 3, "except"));
  CHECK(refused(HEAD "keep-zip3 except\n", 3, "except"));
  CHECK(refused(HEAD "keep-zip3 except 36\n", 3, "three digits"));
  CHECK(refused(HEAD "strict\n", 3, "yes or no"));
  CHECK(refused(HEAD "strict yes\nstrict no\n", 4, "twice"));
  CHECK(refused(HEAD "keeps CITY\n", 3, "no such keyword"));
  CHECK(refused(HEAD "note \xFF\n", 0, "UTF-8"));
  CHECK(refused("scrubjay-policy 1\npolicy strict\n", 0, "has this name"));
}

static void a_broken_policy_is_reported_by_check_pack(void) {
  static const sj_file files[] = {{"a.policy", HEAD "keep TOWN\n", 39},
                                  {"b.policy", HEAD "keep CITY\n", 39}};
  sj_report *report = NULL;
  size_t count = 0;
  CHECK(sj_report_new(files, 1, &report) == SJ_OK);
  const sj_remark *remarks = sj_report_remarks(report, &count);
  CHECK(count == 1 && remarks[0].refused && remarks[0].line == 3);
  sj_report_free(report);
  CHECK(sj_report_new(files + 1, 1, &report) == SJ_OK);
  (void)sj_report_remarks(report, &count);
  CHECK(count == 0);
  sj_report_free(report);
}

// ---------------------------------------------------------------------------
// What replace leaves in clear
// ---------------------------------------------------------------------------

// One rule for each thing, so that the test says what there is to find.
static const char RULES[] =
    "scrubjay-rules 1\npack test\n"
    "rule provider\nlabel NAME\nrole provider\nscore 900\nmatch Dr\\w{1,9}\n"
    "rule patient\nlabel NAME\nrole patient\nscore 900\nmatch Pt\\w{1,9}\n"
    "rule someone\nlabel NAME\nscore 900\nmatch Mr\\w{1,9}\n"
    "rule twice\nlabel NAME\nrole patient\nscore 950\nmatch DrTwo\n"
    "rule weaker\nlabel NAME\nrole patient\nscore 600\nmatch DrSix\n"
    "rule longer\nlabel NAME\nscore 600\nmatch Ann DrLong\n"
    "rule town\nlabel CITY\nscore 900\nmatch Town\\w{1,9}\n"
    "rule phone\nlabel PHONE\nscore 800\nmatch Townes 0\\d{1,9}\n"
    "rule street\nlabel ADDRESS\nscore 900\nmatch \\d{1,4} Elm Rd\n"
    "rule zip\nlabel ZIP us-zip\nscore 900\nmatch \\b\\d{5}(?:-\\d{4})?\\b\n"
    "rule code\nlabel ZIP\nscore 900\nmatch \\bF-\\d{5}\\b\n"
    "rule date\nlabel DATE\nscore 900\nmatch <(?<mark>[^>]{2,40})>\n"
    "rule age\nlabel AGE\nscore 900\nmatch \\b9\\d\\b\n"
    "rule old\nlabel AGE\nscore 900\nmatch ninety-\\w{1,9}\n";

static const char SITE[] = "scrubjay-policy 1\npolicy site\naddition\n"
                           "keep-age 95\nhide CITY\n";

static sj_session *open_session(sj_engine **engine) {
  static const sj_file files[] = {{"test.rules", RULES, sizeof RULES - 1},
                                  {"site.policy", SITE, sizeof SITE - 1}};
  size_t count = 0;
  const sj_file *known = sj_builtin_files(&count);
  sj_file all[64];
  size_t used = 0;
  for (size_t i = 0; i < count && used < 60; i++)
    if (strstr(known[i].name, ".policy") != NULL) all[used++] = known[i];
  all[used++] = files[0];
  all[used++] = files[1];
  const sj_engine_config config = {
      .no_builtin = true, .files = all, .file_count = used};
  sj_session *session = NULL;
  sj_error error = {0};
  CHECK(sj_engine_new(&config, engine, &error) == SJ_OK);
  if (error.status != SJ_OK)
    fprintf(stderr, "%s:%u %s\n", error.where, error.line, error.what);
  CHECK(sj_session_new(*engine, &session) == SJ_OK);
  return session;
}

static bool
gives(const char *policy, sj_style style, const char *text, const char *want) {
  sj_engine *engine = NULL;
  sj_session *session = open_session(&engine);
  const sj_session_options options = {.policy = policy};
  const sj_replace_options how = {.style = style};
  sj_output out = {0};
  CHECK(sj_session_start(session, text, strlen(text), &options, NULL) == SJ_OK);
  CHECK(sj_session_finish(session) == SJ_OK);
  CHECK(sj_session_replace(session, NULL, 0, &how, &out) == SJ_OK);
  const bool same =
      out.len == strlen(want) && memcmp(out.text, want, out.len) == 0;
  if (!same) fprintf(stderr, "got: %.*s\n", (int)out.len, out.text);
  // The map still leads from each piece of the output to its place.
  uint32_t at = 0;
  uint32_t out_at = 0;
  for (size_t i = 0; i < out.map_count; i++) {
    const sj_replacement *m = &out.map[i];
    CHECK(m->start - at == m->out_start - out_at);
    CHECK(memcmp(text + at, out.text + out_at, m->start - at) == 0);
    at = m->end;
    out_at = m->out_end;
  }
  sj_session_free(session);
  sj_engine_free(engine);
  return same;
}

static bool
placeholders(const char *policy, const char *text, const char *want) {
  return gives(policy, SJ_STYLE_PLACEHOLDER, text, want);
}

static void providers_stay_and_nobody_else(void) {
  static const char text[] = "DrKern saw PtKern and MrKern";
  CHECK(placeholders("keep-providers", text, "DrKern saw [NAME] and [NAME]"));
  CHECK(placeholders(NULL, text, "[NAME] saw [NAME] and [NAME]"));
  CHECK(gives("keep-providers", SJ_STYLE_NUMBERED, text,
              "DrKern saw <PERSON_0> and <PERSON_1>"));
  CHECK(gives("keep-providers", SJ_STYLE_REDACT, "DrKern", "DrKern"));
  // A surer claim calls this one a patient; a weaker claim does not.
  CHECK(placeholders("keep-providers", "DrTwo, DrSix", "[NAME], DrSix"));
  // A longer name without a role is the provider's.
  CHECK(placeholders("keep-providers", "Ann DrLong", "Ann DrLong"));
}

static void a_kept_span_does_not_uncover_what_it_was_merged_with(void) {
  // The town is surer, but the number behind it is no town.
  CHECK(placeholders("limited-dataset", "Townes 0123, Townsend",
                     "[LOCATION], Townsend"));
}

static void what_stays_is_no_part_of_a_joined_place(void) {
  CHECK(
      placeholders("safe-harbor", "4 Elm Rd, Townes, OR 97301", "[LOCATION]"));
  CHECK(placeholders("limited-dataset", "4 Elm Rd, Townes, OR 97301",
                     "[LOCATION], Townes, OR 97301"));
}

static void what_a_person_hides_stays_hidden(void) {
  sj_engine *engine = NULL;
  sj_session *session = open_session(&engine);
  const sj_session_options options = {.policy = "keep-providers"};
  CHECK(sj_session_start(session, "DrKern and DrQuill", 18, &options, NULL) ==
        SJ_OK);
  CHECK(sj_session_finish(session) == SJ_OK);
  sj_span spans[] = {
      {.start = 0,
       .end = 6,
       .label = SJ_LABEL_NAME,
       .role = SJ_ROLE_PROVIDER,
       .flags = SJ_FLAG_MANUAL},
      {.start = 11,
       .end = 18,
       .label = SJ_LABEL_NAME,
       .role = SJ_ROLE_PROVIDER},
      // Overlaps the one above, and hides what is its own.
      {.start = 13, .end = 18, .label = SJ_LABEL_NAME, .role = SJ_ROLE_OTHER}};
  sj_output out = {0};
  CHECK(sj_session_replace(session, spans, 2, NULL, &out) == SJ_OK);
  CHECK(out.len == 18 && memcmp(out.text, "[NAME] and DrQuill", 18) == 0);
  CHECK(sj_session_replace(session, spans + 1, 2, NULL, &out) == SJ_OK);
  CHECK(out.len == 19 && memcmp(out.text, "DrKern and Dr[NAME]", 19) == 0);
  sj_session_free(session);
  sj_engine_free(engine);
}

static void years_stay_where_they_are_plain(void) {
  CHECK(placeholders("keep-years", "<03/15/1985> <March 15, 1985> <1985-03-15>",
                     "<[DATE]/1985> <[DATE], 1985> <1985-[DATE]>"));
  CHECK(placeholders("keep-years", "<15 mars 2024> <mars 2024> <03/2024>",
                     "<[DATE] 2024> <[DATE] 2024> <[DATE]/2024>"));
  // Too old, of two digits, or not understood: the whole goes.
  CHECK(placeholders("keep-years", "<03/15/1935> <03/15/85> <Easter 2024>",
                     "<[DATE]> <[DATE]> <[DATE]>"));
  CHECK(placeholders("keep-years", "<20240315> <2024>", "<[DATE]> <[DATE]>"));
  // The same day is one date, in whatever form.
  CHECK(gives("keep-years", SJ_STYLE_NUMBERED, "<03/15/1985> <15 mars 1985>",
              "<<DATE_0>/1985> <<DATE_0> 1985>"));
}

static void zip_codes_keep_three_digits_where_many_live(void) {
  CHECK(placeholders("keep-zip3", "4 Elm Rd, Townes OR 97301-4412",
                     "[LOCATION] OR 973[LOCATION]"));
  // 036 has too few; the other is a French code.
  CHECK(placeholders("keep-zip3", "03601, F-97301", "[LOCATION]"));
}

static void ages_stay_up_to_the_last_one_named(void) {
  CHECK(placeholders("site", "95 and 96 and ninety-two",
                     "95 and [AGE] and [AGE]"));
  CHECK(placeholders(NULL, "95", "[AGE]"));
  CHECK(placeholders("limited-dataset", "96 in Townes", "96 in Townes"));
  // An addition may close what a base opens.
  CHECK(placeholders("limited-dataset,site", "Townes", "[LOCATION]"));
}

static void find_gives_whole_marks_under_every_policy(void) {
  static const char text[] = "DrKern, Townes 97301, <03/15/1985>, 96";
  static const char *const policies[] = {
      NULL, "limited-dataset,keep-providers,keep-years,keep-zip3"};
  sj_engine *engine = NULL;
  sj_session *session = open_session(&engine);
  sj_span first[8];
  size_t count = 0;
  for (int i = 0; i < 2; i++) {
    const sj_session_options options = {.policy = policies[i]};
    CHECK(sj_session_start(session, text, sizeof text - 1, &options, NULL) ==
          SJ_OK);
    CHECK(sj_session_finish(session) == SJ_OK);
    const sj_span *spans = sj_session_spans(session, &count);
    CHECK(count == 5);
    if (count != 5) break;
    if (i == 0) memcpy(first, spans, count * sizeof *spans);
    CHECK(memcmp(first, spans, count * sizeof *spans) == 0);
  }
  sj_session_free(session);
  sj_engine_free(engine);
}

int main(void) {
  RUN(the_usual_policies_hide_everything);
  RUN(a_limited_dataset_keeps_four_labels_and_no_more);
  RUN(keep_providers_opens_one_role_on_top_of_any);
  RUN(of_two_bases_the_stricter_word_counts);
  RUN(years_and_zip_codes_are_opened_by_name);
  RUN(an_unknown_name_hides_everything);
  RUN(a_bad_file_is_refused_with_its_line);
  RUN(a_broken_policy_is_reported_by_check_pack);
  RUN(providers_stay_and_nobody_else);
  RUN(a_kept_span_does_not_uncover_what_it_was_merged_with);
  RUN(what_stays_is_no_part_of_a_joined_place);
  RUN(what_a_person_hides_stays_hidden);
  RUN(years_stay_where_they_are_plain);
  RUN(zip_codes_keep_three_digits_where_many_live);
  RUN(ages_stay_up_to_the_last_one_named);
  RUN(find_gives_whole_marks_under_every_policy);
  return CHECK_DONE();
}
