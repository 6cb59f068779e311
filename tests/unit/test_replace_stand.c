// SPDX-License-Identifier: Apache-2.0
//
// Stand-ins: one person in all forms, grammar, dates, numbers that are
// nobody's.

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "replace.h"
#include "rules_check.h"
#include "text.h"

typedef struct rig {
  sj_arena arena;
  sj_names *names;
  sj_pools *pools;
  char plain[2048];
  char out[4096];
} rig;

static bool luhn(const uint8_t *bytes, size_t len) {
  return sj_check_run(sj_check_find("luhn", 4), bytes, len);
}

// The text with `{LABEL:...}` replaced; the former result is overwritten.
static const char *
stand_in(rig *r, const char *marked, const char *key, unsigned lang) {
  sj_span spans[32];
  size_t count = 0;
  uint32_t len = 0;
  for (const char *c = marked; *c != '\0'; c++) {
    const char *colon = strchr(c, ':');
    if (*c == '{' && colon != NULL) {
      const char *slash = memchr(c, '/', (size_t)(colon - c));
      const char *end = slash == NULL ? colon : slash;
      const int label = sj_label_from_name(c + 1, (size_t)(end - c - 1));
      CHECK(label >= 0);
      uint32_t id = 0;
      if (slash != NULL)
        CHECK(sj_names_intern(r->names, slash + 1, (size_t)(colon - slash - 1),
                              &id) == SJ_OK);
      spans[count] = (sj_span){.start = len,
                               .label = (uint16_t)label,
                               .subtype = (uint16_t)id,
                               .score = 900};
      c = colon;
    } else if (*c == '}') {
      spans[count++].end = len;
    } else {
      r->plain[len++] = *c;
    }
  }
  sj_arena_reset(&r->arena);
  sj_text text;
  size_t bad = 0;
  CHECK(sj_text_take(&text, &r->arena, r->plain, len, &bad) == SJ_OK);
  uint8_t langs[64];
  memset(langs, (int)lang, sizeof langs);
  const sj_replace_options how = {.style = SJ_STYLE_CONSISTENT,
                                  .key = {"", key, strlen(key)},
                                  .patient = {"", "p1", 2}};
  const sj_replace_input in = {.text = &text,
                               .spans = spans,
                               .count = count,
                               .subtypes = r->names,
                               .pools = r->pools,
                               .langs = langs,
                               .confirmed = luhn,
                               .options = &how};
  sj_output out;
  CHECK(sj_replace_run(&r->arena, &in, &out) == SJ_OK);
  CHECK(out.len < sizeof r->out);
  memcpy(r->out, out.text, out.len);
  r->out[out.len] = '\0';
  return r->out;
}

static rig *open_rig(void) {
  rig *r = calloc(1, sizeof *r);
  const sj_allocator usual = sj_allocator_or_default((sj_allocator){0});
  sj_arena_init(&r->arena, usual);
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  CHECK(sj_names_new(usual, &r->names) == SJ_OK);
  CHECK(sj_pools_new(files, count, usual, &r->pools, NULL) == SJ_OK);
  return r;
}

static void close_rig(rig *r) {
  sj_pools_free(r->pools);
  sj_names_free(r->names);
  sj_arena_release(&r->arena);
  free(r);
}

static void one_person_is_one_stand_in_in_every_form(void) {
  rig *r = open_rig();
  char first[64] = "";
  char last[64] = "";
  const char *out =
      stand_in(r,
               "{NAME:John Okeefe}; {NAME:OKEEFE, John}; {NAME:J. Okeefe}; "
               "{NAME:Okeefe}; {NAME:john okeefe}",
               "k", SJ_LANG_EN);
  CHECK(sscanf(out, "%63[^ ] %63[^;]", first, last) == 2);
  char upper[64] = "";
  char small[256] = "";
  for (size_t i = 0; last[i] != '\0'; i++)
    upper[i] = (char)(last[i] & ~0x20);
  snprintf(small, sizeof small, "%s %s", first, last);
  for (size_t i = 0; small[i] != '\0'; i++)
    small[i] = (char)(small[i] | 0x20);
  char want[1024];
  snprintf(want, sizeof want, "%s %s; %s, %s; %c. %s; %s; %s", first, last,
           upper, first, first[0], last, last, small);
  CHECK(strcmp(out, want) == 0);
  CHECK(strstr(out, "John") == NULL && strstr(out, "keefe") == NULL);
  close_rig(r);
}

static void the_key_decides_and_nothing_else(void) {
  rig *r = open_rig();
  static const char text[] = "{NAME:Ann Roy} {DATE:03/14/2021} {MRN:12345678}";
  char one[256];
  strcpy(one, stand_in(r, text, "k", SJ_LANG_EN));
  CHECK(strcmp(one, stand_in(r, text, "k", SJ_LANG_EN)) == 0);
  CHECK(strcmp(one, stand_in(r, text, "K", SJ_LANG_EN)) != 0);
  close_rig(r);
}

static void grammar_is_left_standing(void) {
  rig *r = open_rig();
  for (char key = 'a'; key <= 'z'; key++) {
    const char name[2] = {key, '\0'};
    const char *out =
        stand_in(r, "Mme d'{NAME:Arvor}, CHU d'{CITY:Angers}, de {CITY:Rennes}",
                 name, SJ_LANG_FR);
    const char *elided = strstr(out, "Mme d'");
    CHECK(elided != NULL && strchr("AEIOUYH\xC3", elided[6]) != NULL);
    elided = strstr(out, "CHU d'");
    CHECK(elided != NULL && strchr("AEIOUYH\xC3", elided[6]) != NULL);
    const char *plain = strstr(out, " de ");
    CHECK(plain != NULL && strchr("AEIOUYH\xC3", plain[4]) == NULL);
  }
  close_rig(r);
}

// Days between two dates of one month and the next, by what was written.
static void dates_move_by_weeks_in_their_own_form(void) {
  rig *r = open_rig();
  int day[3];
  int month[3];
  int year[3];
  char name[16];
  const char *out =
      stand_in(r,
               "{DATE:03/15/2021} {DATE:2021-03-15} {DATE:15.03.21}|"
               "{DATE:March 15, 2021}",
               "k", SJ_LANG_EN);
  CHECK(sscanf(out, "%2d/%2d/%4d %4d-%2d-%2d %2d.%2d.%2d|%15s", &month[0],
               &day[0], &year[0], &year[1], &month[1], &day[1], &day[2],
               &month[2], &year[2], name) == 10);
  CHECK(day[0] == day[1] && day[1] == day[2]);
  CHECK(month[0] == month[1] && month[1] == month[2]);
  CHECK(year[0] == year[1] && year[1] % 100 == year[2]);
  CHECK(year[0] == 2021 || year[0] == 2020);
  CHECK(name[0] >= 'A' && name[0] <= 'Z');
  out = stand_in(r, "{DATE:32/13/2021} {DATE:whenever}", "k", SJ_LANG_EN);
  CHECK(strcmp(out, "<DATE_0> <DATE_1>") == 0); // no stand-in: a number
  out = stand_in(r, "{DATE:1er mars 2021}, {DATE:Ao\xC3\xBBt 2020}", "k",
                 SJ_LANG_FR);
  CHECK(strstr(out, "1er mars") == NULL && strstr(out, "<DATE") == NULL);
  close_rig(r);
}

static void phones_are_of_ranges_reserved_for_fiction(void) {
  rig *r = open_rig();
  const char *out = stand_in(
      r,
      "{PHONE:(617) 253-1000}|{PHONE:+1 617 253 1000}|{PHONE:06 12 34 56 78}"
      "|{PHONE:+33 (0)2 12 34 56 78}|{PHONE:020 7123 4567}",
      "k", SJ_LANG_EN);
  CHECK(strstr(out, ") 555-01") != NULL && strstr(out, " 555 01") != NULL);
  CHECK(strstr(out, "|06 39 98 ") != NULL);
  CHECK(strstr(out, "|+33 (0)2 61 91 ") != NULL);
  CHECK(strstr(out, "|020 7946 0") != NULL);
  close_rig(r);
}

static void numbers_keep_their_shape_and_are_nobodys(void) {
  rig *r = open_rig();
  for (char key = 'a'; key <= 'z'; key++) {
    const char name[2] = {key, '\0'};
    const char *out =
        stand_in(r,
                 "{NATIONAL_ID/us-ssn:123-45-6789} {LICENSE:1234567893} "
                 "{MRN:AB-12345} {ZIP:02118} {AGE:93} {IP:10.1.2.3}",
                 name, SJ_LANG_EN);
    CHECK(strncmp(out, "000-", 4) == 0 && out[6] == '-');
    CHECK(!luhn((const uint8_t *)out + 12, 10));
    CHECK(out[25] == '-' && out[31] == ' ');
    CHECK(strstr(out, " 000") != NULL && strstr(out, " 90+ ") != NULL);
    CHECK(strstr(out, "10.1.2.3") == NULL);
  }
  close_rig(r);
}

static void a_stand_in_is_nowhere_else_in_the_text(void) {
  rig *r = open_rig();
  char text[2048] = "";
  char name[64];
  strcpy(name, stand_in(r, "{NAME:Okeefe}", "k", SJ_LANG_EN));
  snprintf(text, sizeof text, "%s saw {NAME:Okeefe}", name);
  const char *out = stand_in(r, text, "k", SJ_LANG_EN);
  CHECK(strstr(strstr(out, " saw "), name) == NULL);
  close_rig(r);
}

static void without_lists_the_style_is_refused(void) {
  const sj_engine_config config = {.no_builtin = true};
  const sj_replace_options how = {.style = SJ_STYLE_CONSISTENT,
                                  .key = {"", "k", 1}};
  sj_engine *engine = NULL;
  sj_session *session = NULL;
  sj_output out;
  CHECK(sj_engine_new(&config, &engine, NULL) == SJ_OK);
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  CHECK(sj_session_start(session, "a", 1, NULL, NULL) == SJ_OK);
  CHECK(sj_session_finish(session) == SJ_OK);
  CHECK(sj_session_replace(session, NULL, 0, &how, &out) == SJ_ARGUMENT);
  sj_session_free(session);
  sj_engine_free(engine);
}

int main(void) {
  RUN(one_person_is_one_stand_in_in_every_form);
  RUN(the_key_decides_and_nothing_else);
  RUN(grammar_is_left_standing);
  RUN(dates_move_by_weeks_in_their_own_form);
  RUN(phones_are_of_ranges_reserved_for_fiction);
  RUN(numbers_keep_their_shape_and_are_nobodys);
  RUN(a_stand_in_is_nowhere_else_in_the_text);
  RUN(without_lists_the_style_is_refused);
  return CHECK_DONE();
}
