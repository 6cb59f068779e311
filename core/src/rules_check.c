// SPDX-License-Identifier: Apache-2.0
//
// rules_check.c - check digits and ranges. Each names its standard.

#include "rules_check.h"

#include <string.h>

enum { ALNUM_ROOM = 65 };

static bool all_digits(const char *at, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (at[i] < '0' || at[i] > '9') return false;
  return true;
}

static unsigned digit(char c) {
  return (unsigned)(c - '0');
}

static unsigned number(const char *at, size_t len) {
  unsigned value = 0;
  for (size_t i = 0; i < len; i++)
    value = value * 10 + digit(at[i]);
  return value;
}

static bool is_same(const char *at, size_t len) {
  for (size_t i = 1; i < len; i++)
    if (at[i] != at[0]) return false;
  return true;
}

// ISO/IEC 7812-1, annex B. `seed` is a sum that a prefix has left.
static bool luhn_from(unsigned seed, const char *at, size_t len) {
  unsigned sum = seed;
  for (size_t i = 0; i < len; i++) {
    unsigned d = digit(at[len - 1 - i]);
    if (i % 2 == 1) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

static bool check_luhn(const sj_check_input *in) {
  return in->len > 1 && all_digits(in->alnum, in->len) &&
         !is_same(in->alnum, in->len) && luhn_from(0, in->alnum, in->len);
}

// A payment card: ISO/IEC 7812-1, 13 to 19 digits, no leading 0.
static bool check_card(const sj_check_input *in) {
  return in->len >= 13 && in->len <= 19 && in->alnum[0] != '0' &&
         check_luhn(in);
}

// National provider identifier: Luhn over the prefix 80840 (45 CFR 162.406).
static bool check_npi(const sj_check_input *in) {
  return in->len == 10 && all_digits(in->alnum, 10) &&
         (in->alnum[0] == '1' || in->alnum[0] == '2') &&
         luhn_from(24, in->alnum, 10);
}

// Social security number: areas 000, 666 and 900 to 999, group 00 and serial
// 0000 are never given out (Social Security Administration, randomization).
static bool check_ssn(const sj_check_input *in) {
  if (in->len != 9 || !all_digits(in->alnum, 9)) return false;
  const unsigned area = number(in->alnum, 3);
  return area != 0 && area != 666 && area < 900 &&
         number(in->alnum + 3, 2) != 0 && number(in->alnum + 5, 4) != 0;
}

// Individual taxpayer identification number: 9xx with groups 50 to 65, 70 to
// 88, 90 to 92, 94 to 99 (Internal Revenue Service, publication 4757).
static bool check_itin(const sj_check_input *in) {
  if (in->len != 9 || !all_digits(in->alnum, 9) || in->alnum[0] != '9')
    return false;
  const unsigned group = number(in->alnum + 3, 2);
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
         (group >= 90 && group <= 92) || group >= 94;
}

// Medicare beneficiary identifier: its form, without S L O I B Z (Centers for
// Medicare and Medicaid Services).
static bool check_mbi(const sj_check_input *in) {
  static const char form[] = "CANNANNAANN"; // N: digit, A: letter, C: 1 to 9
  if (in->len != 11) return false;
  for (size_t i = 0; i < 11; i++) {
    const char c = in->alnum[i];
    const bool is_digit = c >= '0' && c <= '9';
    if (i == 2 || i == 5) { // either
      if (!is_digit && strchr("SLOIBZ", c) != NULL) return false;
      continue;
    }
    if (form[i] == 'A' && (is_digit || strchr("SLOIBZ", c) != NULL))
      return false;
    if (form[i] != 'A' && (!is_digit || (form[i] == 'C' && c == '0')))
      return false;
  }
  return true;
}

// DEA registration: two letters, six digits, a digit that is the last of
// (d1 + d3 + d5) + 2 (d2 + d4 + d6) (Drug Enforcement Administration).
static bool check_dea(const sj_check_input *in) {
  if (in->len != 9 || !all_digits(in->alnum + 2, 7)) return false;
  if (all_digits(in->alnum, 1)) return false;
  const char *d = in->alnum + 2;
  const unsigned odd = digit(d[0]) + digit(d[2]) + digit(d[4]);
  const unsigned even = digit(d[1]) + digit(d[3]) + digit(d[5]);
  return (odd + 2 * even) % 10 == digit(d[6]);
}

// Bank routing number: weights 3, 7, 1 (American Bankers Association).
static bool check_aba(const sj_check_input *in) {
  static const unsigned weights[3] = {3, 7, 1};
  if (in->len != 9 || !all_digits(in->alnum, 9)) return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 9; i++)
    sum += weights[i % 3] * digit(in->alnum[i]);
  return sum != 0 && sum % 10 == 0;
}

// Vehicle identification number: ISO 3779, check digit of 49 CFR 565.15.
static bool check_vin(const sj_check_input *in) {
  static const unsigned weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
                                       9, 8, 7, 6, 5, 4, 3, 2};
  static const char values[] = "12345678\0" // A to H, no I
                               "12345\0"    // J to N, no O
                               "7\0"        // P, no Q
                               "923456789"; // R to Z
  if (in->len != 17) return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 17; i++) {
    const char c = in->alnum[i];
    if (c == 'I' || c == 'O' || c == 'Q') return false;
    const bool is_digit = c >= '0' && c <= '9';
    sum += weights[i] * (is_digit ? digit(c) : digit(values[c - 'A']));
  }
  const unsigned rest = sum % 11;
  return in->alnum[8] == (rest == 10 ? 'X' : (char)('0' + rest));
}

// NHS number: weights 10 to 2, modulus 11 (NHS data dictionary).
static bool check_nhs(const sj_check_input *in) {
  if (in->len != 10 || !all_digits(in->alnum, 10)) return false;
  unsigned sum = 0;
  for (unsigned i = 0; i < 9; i++)
    sum += (10 - i) * digit(in->alnum[i]);
  const unsigned rest = (11 - sum % 11) % 11;
  return rest != 10 && rest == digit(in->alnum[9]) && !is_same(in->alnum, 10);
}

// IBAN: ISO 13616, modulus 97 over the text with its first four at the end.
static bool check_iban(const sj_check_input *in) {
  if (in->len < 15 || in->len > 34) return false;
  unsigned rest = 0;
  for (size_t i = 0; i < in->len; i++) {
    const char c = in->alnum[(i + 4) % in->len];
    const bool is_digit = c >= '0' && c <= '9';
    rest = is_digit ? (rest * 10 + digit(c)) % 97
                    : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
  }
  return rest == 1;
}

// French social security number with its key: 97 less the number modulo 97,
// Corsica's 2A and 2B counting as 19 and 18 (Code de la sécurité sociale,
// R.115-1; INSEE).
static bool check_nir(const sj_check_input *in) {
  if (in->len != 15 && in->len != 13) return false;
  char body[14];
  memcpy(body, in->alnum, 13);
  body[13] = '\0';
  if (body[5] == '2' && (body[6] == 'A' || body[6] == 'B')) {
    body[6] = body[6] == 'A' ? '9' : '8';
    body[5] = '1';
  }
  if (!all_digits(body, 13) || strchr("123478", body[0]) == NULL) return false;
  const unsigned month = number(body + 3, 2);
  if (month == 0 || (month > 12 && month < 20) || (month > 42 && month < 50))
    return false;
  if (in->len == 13) return false; // without a key nothing is confirmed
  unsigned rest = 0;
  for (size_t i = 0; i < 13; i++)
    rest = (rest * 10 + digit(body[i])) % 97;
  return all_digits(in->alnum + 13, 2) &&
         97 - rest == number(in->alnum + 13, 2);
}

// RPPS: 11 digits with Luhn (Agence du numérique en santé).
static bool check_rpps(const sj_check_input *in) {
  return in->len == 11 && check_luhn(in);
}

// SIREN and SIRET: 9 and 14 digits with Luhn (INSEE).
static bool check_siret(const sj_check_input *in) {
  return (in->len == 14 || in->len == 9) && check_luhn(in);
}

// FINESS: nine digits with Luhn, Corsica's letter counting by its place
// (Agence du numérique en santé).
static bool check_finess(const sj_check_input *in) {
  char body[10];
  if (in->len != 9) return false;
  memcpy(body, in->alnum, 10);
  if (body[1] == 'A' || body[1] == 'B') body[1] = body[1] == 'A' ? '0' : '1';
  return all_digits(body, 9) && luhn_from(0, body, 9);
}

// Belgian national number: 97 less the first nine modulo 97, with a 2 in front
// for those born from 2000 on (Registre national).
static bool check_niss(const sj_check_input *in) {
  if (in->len != 11 || !all_digits(in->alnum, 11)) return false;
  const unsigned body = number(in->alnum, 9);
  const unsigned key = number(in->alnum + 9, 2);
  const unsigned long long later = 2000000000ull + body;
  return body != 0 && (97 - body % 97 == key || 97 - later % 97 == key);
}

// Swiss insured person's number: 756, EAN-13 check digit (eCH-0084).
static bool check_avs(const sj_check_input *in) {
  if (in->len != 13 || !all_digits(in->alnum, 13)) return false;
  if (memcmp(in->alnum, "756", 3) != 0) return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 12; i++)
    sum += (i % 2 == 0 ? 1 : 3) * digit(in->alnum[i]);
  return (10 - sum % 10) % 10 == digit(in->alnum[12]);
}

// Canadian social insurance number: nine digits with Luhn, none starting with
// 0 or 8 (Employment and Social Development Canada).
static bool check_sin(const sj_check_input *in) {
  return in->len == 9 && in->alnum[0] != '0' && in->alnum[0] != '8' &&
         check_luhn(in);
}

// RAMQ: four letters, then year, month (plus 50 for women), day, two more.
static bool check_ramq(const sj_check_input *in) {
  if (in->len != 12 || !all_digits(in->alnum + 4, 8)) return false;
  for (size_t i = 0; i < 4; i++)
    if (in->alnum[i] < 'A' || in->alnum[i] > 'Z') return false;
  const unsigned month = number(in->alnum + 6, 2) % 50;
  const unsigned day = number(in->alnum + 8, 2);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
         number(in->alnum + 6, 2) < 63;
}

// IPv4: four numbers up to 255 (RFC 791).
static bool check_ipv4(const sj_check_input *in) {
  unsigned parts = 0;
  unsigned value = 0;
  unsigned digits = 0;
  for (size_t i = 0; i <= in->byte_len; i++) {
    char c = '.';
    if (i < in->byte_len) c = (char)in->bytes[i];
    if (c >= '0' && c <= '9') {
      value = value * 10 + digit(c);
      if (++digits > 3 || value > 255) return false;
    } else if (c == '.' && digits > 0) {
      parts++;
      value = 0;
      digits = 0;
    } else {
      return false;
    }
  }
  return parts == 4;
}

static const struct {
  const char *name;
  sj_check run;
} CHECKS[] = {
    {"aba", check_aba},   {"avs", check_avs},       {"card", check_card},
    {"dea", check_dea},   {"finess", check_finess}, {"iban", check_iban},
    {"ipv4", check_ipv4}, {"itin", check_itin},     {"luhn", check_luhn},
    {"mbi", check_mbi},   {"nhs", check_nhs},       {"nir", check_nir},
    {"niss", check_niss}, {"npi", check_npi},       {"ramq", check_ramq},
    {"rpps", check_rpps}, {"sin", check_sin},       {"siret", check_siret},
    {"ssn", check_ssn},   {"vin", check_vin},
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
