// SPDX-License-Identifier: Apache-2.0
//
// The validators against numbers that the standards or their keepers print as
// examples, and what a slip makes of these. Any one digit that is changed, and
// any two neighbours that change places, is refused where the standard says so.

#include "check.h"

#include <string.h>

#include "rules_check.h"

static bool holds(const char *name, const char *value) {
  const sj_check check = sj_check_find(name, strlen(name));
  if (check == NULL) {
    fprintf(stderr, "no validator %s\n", name);
    return false;
  }
  return sj_check_run(check, (const uint8_t *)value, strlen(value));
}

// Numbers that are valid, each with its validator.
static const char *const VALID[][2] = {
    {"aba", "021000021"},
    {"aba", "111000025"},
    {"aba", "011401533"},
    {"adeli", "69 1 23456 7"},
    {"adeli", "2A1234567"},
    {"adeli", "9D 1234567"},
    {"aumedicare", "2123 45670 1"},
    {"aumedicare", "2123 45670 1/1"},
    {"avs", "756.9217.0769.85"},
    {"card", "4111 1111 1111 1111"},
    {"card", "5555-5555-5555-4444"},
    {"card", "378282246310005"},
    {"card", "2223003122003222"},
    {"chi", "1305700015"},
    {"chi", "280331 6846"},
    {"dea", "AB1234563"},
    {"dea", "F91234563"},
    {"finess", "75 071 218 4"},
    {"gln", "7601000123459"},
    {"gln", "4006381333931"},
    {"iban", "FR14 2004 1010 0505 0001 3M02 606"},
    {"iban", "GB82 WEST 1234 5698 7654 32"},
    {"iban", "CH93 0076 2011 6238 5295 7"},
    {"iban", "BE68 5390 0754 7034"},
    {"iban", "NO93 8601 1117 947"},
    {"inami", "1-12345-78-001"},
    {"inami", "1/18842/80"},
    {"ins", "1 85 05 78 006 084 91"},
    {"ipv4", "192.0.2.255"},
    {"ipv6", "2001:db8:0:0:8:800:200c:417a"},
    {"ipv6", "2001:db8::417a"},
    {"ipv6", "::1"},
    {"itin", "912-70-1234"},
    {"luhn", "79927398713"},
    {"mbi", "1EG4-TE5-MK73"},
    {"nhs", "943 476 5919"},
    {"nhs", "401-023-2137"},
    {"nino", "AB 12 34 56 C"},
    {"nir", "1 37 04 76 243 484 15"},
    {"nir", "2 62 08 75 032 039 77"},
    {"nir", "1 57 01 67 482 145 62"},
    {"nir", "1570167482145, cl\xC3\xA9 62"},
    {"niss", "85.07.30-033.28"},
    {"niss", "93.05.18-223.61"},
    {"npi", "1234567893"},
    {"npi", "1245319599"},
    {"ohip", "9876 543 217 JK"},
    {"ohip", "9876543217"},
    {"phn", "9876 543 218"},
    {"pps", "1234567T"},
    {"pps", "1234567FA"},
    {"pps", "6433435F"},
    {"ramq", "TREM 8507 3019"},
    {"ramq", "BOUF 6155 1522"},
    {"rpps", "10001234565"},
    {"sin", "130 692 544"},
    {"siret", "732 829 320 00074"},
    {"siret", "732829320"},
    {"ssn", "078-05-1120"},
    {"udi", "(01)00844588003288(17)141120(10)7654321D(21)10987654d321"},
    {"udi", "01008445880032881714112010A213B1"},
    {"udi", "+A123BJC5D6E71G"},
    {"udi", "+A123BJC5D6E71G/$$420020216LOT123"},
    {"vin", "1M8GDM9AXKP042788"},
    {"vin", "11111111111111111"},
};

static const char *const INVALID[][2] = {
    {"aba", "000000000"},
    {"aba", "151000028"},
    {"adeli", "991234567"},
    {"adeli", "9G1234567"},
    {"adeli", "69123456"},
    {"aumedicare", "1123456701"},
    {"aumedicare", "2123456700"},
    {"avs", "757.9217.0769.85"},
    {"card", "0000 0000 0000 0000"},
    {"card", "9111 1111 1111 1111"},
    {"card", "411111111111"},
    {"chi", "943 476 5919"},
    {"dea", "AB1234560"},
    {"dea", "121234563"},
    {"finess", "750712185"},
    {"gln", "0000000000000"},
    {"iban", "FR14 2004 1010 0505 0001 3M02 60"},
    {"iban", "DE89370400440532013001"},
    {"iban", "123456789012345"},
    {"inami", "1-18842-06-001"},
    {"inami", "00000097"},
    {"ins", "1 85 05 78 006 084"},
    {"ipv4", "192.0.2.256"},
    {"ipv4", "1.2.3"},
    {"ipv6", "1:2:3:4:5:6:7"},
    {"ipv6", "1::2::3"},
    {"ipv6", "1:2:3:4:5:6:7:8:9"},
    {"ipv6", "12345::1"},
    {"ipv6", ":1:2:3:4:5:6:7"},
    {"itin", "912-89-1234"},
    {"itin", "812-70-1234"},
    {"luhn", "79927398710"},
    {"luhn", "0000000000"},
    {"mbi", "1SG4-TE5-MK73"},
    {"mbi", "0EG4-TE5-MK73"},
    {"nhs", "943 476 5918"},
    {"nhs", "0000000000"},
    {"nino", "BG 12 34 56 C"},
    {"nino", "AB 12 34 56 E"},
    {"nino", "QQ 12 34 56 C"},
    {"nir", "1 37 04 76 243 484 16"},
    {"nir", "1 37 14 76 243 484 15"},
    {"nir", "1 37 04 76 243 484"},
    {"nir", "1 37 04 76 243 484 3 15"},
    {"niss", "85.07.30-033.29"},
    {"niss", "85.13.30-033.28"},
    {"npi", "1234567890"},
    {"npi", "3234567893"},
    {"ohip", "0876543217"},
    {"ohip", "9876543217 123"},
    {"phn", "8876543218"},
    {"pps", "1234567A"},
    {"pps", "1234567TZ"},
    {"ramq", "TREM 8599 3019"},
    {"ramq", "TREM 8507 4019"},
    {"rpps", "10001234567"},
    {"sin", "046 454 286"},
    {"siret", "732 829 320 00075"},
    {"ssn", "000-12-3456"},
    {"ssn", "666-12-3456"},
    {"ssn", "900-12-3456"},
    {"ssn", "123-00-4567"},
    {"ssn", "123-45-0000"},
    {"udi", "(01)00844588003289"},
    {"udi", "+A123BJC5D6E71H"},
    {"udi", "(21)00844588003288"},
    {"vin", "1M8GDM9AXKP042789"},
    {"vin", "1M8GDM9AOKP042788"},
};

static void known_numbers_are_told_apart(void) {
  for (size_t i = 0; i < sizeof(VALID) / sizeof(VALID[0]); i++) {
    const bool good = holds(VALID[i][0], VALID[i][1]);
    if (!good) fprintf(stderr, "valid row %zu: %s\n", i, VALID[i][0]);
    CHECK(good);
  }
  for (size_t i = 0; i < sizeof(INVALID) / sizeof(INVALID[0]); i++) {
    const bool bad = holds(INVALID[i][0], INVALID[i][1]);
    if (bad) fprintf(stderr, "invalid row %zu: %s\n", i, INVALID[i][0]);
    CHECK(!bad);
  }
}

// Corsica: 2A counts as 19 and 2B as 18. 2 99 05 19 004 087 and ... 18 ... have
// the keys that their letters must have.
static void corsica_counts_by_its_old_number(void) {
  char plain[16];
  char letter[16];
  for (unsigned key = 1; key <= 97; key++) {
    (void)snprintf(plain, sizeof(plain), "2990519004087%02u", key);
    (void)snprintf(letter, sizeof(letter), "299052A004087%02u", key);
    CHECK(holds("nir", plain) == holds("nir", letter));
    (void)snprintf(plain, sizeof(plain), "2990518004087%02u", key);
    (void)snprintf(letter, sizeof(letter), "299052B004087%02u", key);
    CHECK(holds("nir", plain) == holds("nir", letter));
  }
}

// Every check digit here finds any one wrong digit.
static void one_wrong_digit_is_found(void) {
  static const char *const rows[][2] = {
      {"luhn", "79927398713"},     {"avs", "7569217076985"},
      {"nhs", "9434765919"},       {"nir", "137047624348415"},
      {"niss", "85073003328"},     {"npi", "1234567893"},
      {"siret", "73282932000074"}, {"gln", "4006381333931"},
      {"aba", "021000021"},        {"iban", "BE68539007547034"},
      {"pps", "1234567T"},         {"rpps", "10001234565"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char value[32];
    (void)snprintf(value, sizeof(value), "%s", rows[i][1]);
    for (size_t at = 0; value[at] != '\0'; at++) {
      const char was = value[at];
      if (was < '0' || was > '9') continue;
      for (char c = '0'; c <= '9'; c++) {
        value[at] = c;
        if (c == was || !holds(rows[i][0], value)) continue;
        fprintf(stderr, "%s, place %zu\n", rows[i][0], at);
        CHECK(c == was);
      }
      value[at] = was;
    }
  }
}

static void blanks_and_case_do_not_matter(void) {
  CHECK(holds("nino", "ab123456c"));
  CHECK(holds("iban", "gb82west12345698765432"));
  CHECK(holds("npi", "1.2-3 4567893"));
  CHECK(holds("mbi", "1eg4 te5 mk73"));
}

// A hit of any length and content is judged, never read past.
static void strange_input_is_refused(void) {
  char longer[200];
  memset(longer, '1', sizeof(longer));
  const uint8_t odd[] = {0xC3, 0xA9, '+', ':', ':', '/', 0xFF};
  size_t count = 0;
  for (size_t i = 0; sj_check_name(i) != NULL; i++) {
    const sj_check check =
        sj_check_find(sj_check_name(i), strlen(sj_check_name(i)));
    CHECK(check != NULL);
    CHECK(!sj_check_run(check, (const uint8_t *)longer, sizeof(longer)));
    for (size_t len = 0; len <= sizeof(odd); len++)
      (void)sj_check_run(check, odd, len);
    CHECK(!sj_check_run(check, odd, 0));
    count++;
  }
  CHECK(count >= 30);
  CHECK(sj_check_find("luh", 3) == NULL);
}

int main(void) {
  RUN(known_numbers_are_told_apart);
  RUN(corsica_counts_by_its_old_number);
  RUN(one_wrong_digit_is_found);
  RUN(blanks_and_case_do_not_matter);
  RUN(strange_input_is_refused);
  return CHECK_DONE();
}
