// SPDX-License-Identifier: Apache-2.0
//
// rules_check.c - validators by name, and what they share.

#include "rules_check_parts.h"

#include <string.h>

enum { ALNUM_ROOM = 65 };

bool sj_all_digits(const char *at, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (at[i] < '0' || at[i] > '9') return false;
  return true;
}

unsigned sj_digit(char c) {
  return (unsigned)(c - '0');
}

unsigned sj_number(const char *at, size_t len) {
  unsigned value = 0;
  for (size_t i = 0; i < len; i++)
    value = value * 10 + sj_digit(at[i]);
  return value;
}

bool sj_is_same(const char *at, size_t len) {
  for (size_t i = 1; i < len; i++)
    if (at[i] != at[0]) return false;
  return true;
}

// ISO/IEC 7812-1, annex B. `seed` is a sum that a prefix has left.
bool sj_luhn(unsigned seed, const char *at, size_t len) {
  unsigned sum = seed;
  for (size_t i = 0; i < len; i++) {
    unsigned d = sj_digit(at[len - 1 - i]);
    if (i % 2 == 1) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

static const struct {
  const char *name;
  sj_check run;
} CHECKS[] = {
    {"aba", sj_check_aba},
    {"adeli", sj_check_adeli},
    {"aumedicare", sj_check_aumedicare},
    {"avs", sj_check_avs},
    {"card", sj_check_card},
    {"chi", sj_check_chi},
    {"dea", sj_check_dea},
    {"finess", sj_check_finess},
    {"gln", sj_check_gln},
    {"iban", sj_check_iban},
    {"inami", sj_check_inami},
    {"ins", sj_check_ins},
    {"ipv4", sj_check_ipv4},
    {"ipv6", sj_check_ipv6},
    {"itin", sj_check_itin},
    {"luhn", sj_check_luhn},
    {"mbi", sj_check_mbi},
    {"nhs", sj_check_nhs},
    {"nino", sj_check_nino},
    {"nir", sj_check_nir},
    {"niss", sj_check_niss},
    {"npi", sj_check_npi},
    {"ohip", sj_check_ohip},
    {"phn", sj_check_phn},
    {"pps", sj_check_pps},
    {"ramq", sj_check_ramq},
    {"rpps", sj_check_rpps},
    {"sin", sj_check_sin},
    {"siret", sj_check_siret},
    {"ssn", sj_check_ssn},
    {"udi", sj_check_udi},
    {"vin", sj_check_vin},
};

const char *sj_check_name(size_t index) {
  return index < sizeof(CHECKS) / sizeof(CHECKS[0]) ? CHECKS[index].name : NULL;
}

sj_check sj_check_find(const char *name, size_t len) {
  for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++)
    if (strlen(CHECKS[i].name) == len && memcmp(CHECKS[i].name, name, len) == 0)
      return CHECKS[i].run;
  return NULL;
}

bool sj_check_run(sj_check check, const uint8_t *bytes, size_t len) {
  char alnum[ALNUM_ROOM];
  size_t count = 0;
  for (size_t i = 0; i < len; i++) {
    const uint8_t c = bytes[i];
    const bool lower = c >= 'a' && c <= 'z';
    if (!lower && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) continue;
    if (count + 1 == ALNUM_ROOM) return false;
    alnum[count++] = (char)(lower ? c - 32 : c);
  }
  alnum[count] = '\0';
  const sj_check_input in = {alnum, count, bytes, len};
  return check(&in);
}
