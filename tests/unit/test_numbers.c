// SPDX-License-Identifier: Apache-2.0
//
// Numbers that look like one another, through the whole engine: an account that
// is written as a telephone number is an account, a telephone number near the
// word is still hidden, a label hides what its check digit refuses, and what
// someone has half hidden is hidden whole.

#include "check.h"

#include <string.h>

#include "scrubjay/scrubjay.h"

static sj_engine *engine;
static sj_session *session;

/// Whether the value is covered by one span, which has this label unless the
/// label is SJ_LABEL_COUNT.
static bool is_hidden(const char *text, const char *value, int label) {
  const char *at = strstr(text, value);
  if (at == NULL) return false;
  const size_t start = (size_t)(at - text);
  if (sj_session_start(session, text, strlen(text), NULL, NULL) != SJ_OK ||
      sj_session_finish(session) != SJ_OK)
    return false;
  size_t count = 0;
  const sj_span *spans = sj_session_spans(session, &count);
  for (size_t i = 0; i < count; i++) {
    if (spans[i].start > start || spans[i].end < start + strlen(value))
      continue;
    if (label == SJ_LABEL_COUNT || spans[i].label == label) return true;
    fprintf(stderr, "label %d\n", (int)spans[i].label);
  }
  return false;
}

typedef struct row {
  const char *text, *value;
  int label;
} row;

static void check_rows(const row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const bool good = is_hidden(rows[i].text, rows[i].value, rows[i].label);
    if (!good) fprintf(stderr, "row %zu\n", i);
    CHECK(good);
  }
}

static void an_account_is_no_telephone(void) {
  static const row rows[] = {
      {"Account 617-555-0142 was opened", "617-555-0142", SJ_LABEL_ACCOUNT},
      {"Account number: (617) 555-0142", "(617) 555-0142", SJ_LABEL_ACCOUNT},
      {"acct# 617.555.0142", "617.555.0142", SJ_LABEL_ACCOUNT},
      {"Policy no. 617 555 0142", "617 555 0142", SJ_LABEL_ACCOUNT},
      {"MRN 617-555-0142", "617-555-0142", SJ_LABEL_MRN},
      {"Compte n° 01 42 33 44 55", "01 42 33 44 55", SJ_LABEL_ACCOUNT},
      {"contrat : 06.12.34.56.78", "06.12.34.56.78", SJ_LABEL_ACCOUNT},
      {"IPP 01.42.33.44.55", "01.42.33.44.55", SJ_LABEL_MRN},
  };
  check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

// A word for an account near by must not leave a telephone number in clear.
static void a_telephone_near_the_word_is_hidden(void) {
  static const row rows[] = {
      {"Account holder phone 617-555-0142", "617-555-0142", SJ_LABEL_PHONE},
      {"for the claim, (617) 555-0142 is best", "(617) 555-0142",
       SJ_LABEL_PHONE},
      {"order by ringing 617.555.0142", "617.555.0142", SJ_LABEL_PHONE},
      {"le contrat, voir au 01 42 33 44 55", "01 42 33 44 55", SJ_LABEL_PHONE},
      {"pour son compte rendu : 06.12.34.56.78", "06.12.34.56.78",
       SJ_LABEL_COUNT},
  };
  check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

// The check digit is wrong in each; the label is enough.
static void a_label_hides_what_its_check_refuses(void) {
  static const row rows[] = {
      {"SSN 000-12-3456", "000-12-3456", SJ_LABEL_NATIONAL_ID},
      {"NPI 1234567890", "1234567890", SJ_LABEL_LICENSE},
      {"NHS No 943 476 5918", "943 476 5918", SJ_LABEL_MRN},
      {"CHI 2803316842", "2803316842", SJ_LABEL_MRN},
      {"NI number QQ 12 34 56 C", "QQ 12 34 56 C", SJ_LABEL_NATIONAL_ID},
      {"PPSN 1234567AA", "1234567AA", SJ_LABEL_NATIONAL_ID},
      {"NAS 130 692 545", "130 692 545", SJ_LABEL_NATIONAL_ID},
      {"RAMQ TREM 8599 3019", "TREM 8599 3019", SJ_LABEL_NATIONAL_ID},
      {"health card 9876 543 218", "9876 543 218", SJ_LABEL_NATIONAL_ID},
      {"NIR 1 85 05 78 006 084 92", "1 85 05 78 006 084 92",
       SJ_LABEL_NATIONAL_ID},
      {"RPPS 10001234567", "10001234567", SJ_LABEL_LICENSE},
      {"FINESS 750712185", "750712185", SJ_LABEL_LICENSE},
      {"INAMI 1-18842-06-001", "1-18842-06-001", SJ_LABEL_LICENSE},
      {"GLN 7601000123450", "7601000123450", SJ_LABEL_LICENSE},
      {"AVS 756.9217.0769.86", "756.9217.0769.86", SJ_LABEL_NATIONAL_ID},
      {"VIN 1M8GDM9AXKP042789", "1M8GDM9AXKP042789", SJ_LABEL_VEHICLE},
      {"UDI (01)00844588003289(21)A1", "(01)00844588003289(21)A1",
       SJ_LABEL_DEVICE},
  };
  check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void what_is_half_hidden_is_hidden_whole(void) {
  static const row rows[] = {
      {"MRN ****4471", "****4471", SJ_LABEL_COUNT},
      {"card 4111********1111", "4111********1111", SJ_LABEL_COUNT},
      {"IBAN FR76 **** **** **** 1234", "FR76 **** **** **** 1234",
       SJ_LABEL_COUNT},
      {"SSN xxx-xx-6789", "xxx-xx-6789", SJ_LABEL_NATIONAL_ID},
      {"mail j***@example.org", "j***@example.org", SJ_LABEL_EMAIL},
      {"Patient J**n S***h", "J**n S***h", SJ_LABEL_NAME},
  };
  check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void) {
  sj_error error = {0};
  const sj_engine_config config = {0};
  CHECK(sj_engine_new(&config, &engine, &error) == SJ_OK);
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  RUN(an_account_is_no_telephone);
  RUN(a_telephone_near_the_word_is_hidden);
  RUN(a_label_hides_what_its_check_refuses);
  RUN(what_is_half_hidden_is_hidden_whole);
  sj_session_free(session);
  sj_engine_free(engine);
  return CHECK_DONE();
}
