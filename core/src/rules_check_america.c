// SPDX-License-Identifier: Apache-2.0
//
// rules_check_america.c - check digits and ranges of the United States and
// Canada, and of Australia. Each names its standard.

#include "rules_check_parts.h"

#include <string.h>

// National provider identifier: Luhn over the prefix 80840 (45 CFR 162.406).
bool sj_check_npi(const sj_check_input *in) {
  return in->len == 10 && sj_all_digits(in->alnum, 10) &&
         (in->alnum[0] == '1' || in->alnum[0] == '2') &&
         sj_luhn(24, in->alnum, 10);
}

// Social security number: areas 000, 666 and 900 to 999, group 00 and serial
// 0000 are never given out (Social Security Administration, randomization).
bool sj_check_ssn(const sj_check_input *in) {
  if (in->len != 9 || !sj_all_digits(in->alnum, 9)) return false;
  const unsigned area = sj_number(in->alnum, 3);
  return area != 0 && area != 666 && area < 900 &&
         sj_number(in->alnum + 3, 2) != 0 && sj_number(in->alnum + 5, 4) != 0;
}

// Individual taxpayer identification number: 9xx with groups 50 to 65, 70 to
// 88, 90 to 92, 94 to 99 (Internal Revenue Service, publication 4757).
bool sj_check_itin(const sj_check_input *in) {
  if (in->len != 9 || !sj_all_digits(in->alnum, 9) || in->alnum[0] != '9')
    return false;
  const unsigned group = sj_number(in->alnum + 3, 2);
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
         (group >= 90 && group <= 92) || group >= 94;
}

// Medicare beneficiary identifier: its form, without S L O I B Z (Centers for
// Medicare and Medicaid Services).
bool sj_check_mbi(const sj_check_input *in) {
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
bool sj_check_dea(const sj_check_input *in) {
  if (in->len != 9 || !sj_all_digits(in->alnum + 2, 7)) return false;
  if (sj_all_digits(in->alnum, 1)) return false;
  const char *d = in->alnum + 2;
  const unsigned odd = sj_digit(d[0]) + sj_digit(d[2]) + sj_digit(d[4]);
  const unsigned even = sj_digit(d[1]) + sj_digit(d[3]) + sj_digit(d[5]);
  return (odd + 2 * even) % 10 == sj_digit(d[6]);
}

// Bank routing number: weights 3, 7, 1 (American Bankers Association); the
// first two digits are a district's, 00 to 12, 21 to 32, 61 to 72, or 80.
bool sj_check_aba(const sj_check_input *in) {
  static const unsigned weights[3] = {3, 7, 1};
  if (in->len != 9 || !sj_all_digits(in->alnum, 9)) return false;
  const unsigned area = sj_number(in->alnum, 2);
  if (!(area <= 12 || (area >= 21 && area <= 32) ||
        (area >= 61 && area <= 72) || area == 80))
    return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 9; i++)
    sum += weights[i % 3] * sj_digit(in->alnum[i]);
  return sum != 0 && sum % 10 == 0;
}

// Canadian social insurance number: nine digits with Luhn, none starting with
// 0 or 8 (Employment and Social Development Canada).
bool sj_check_sin(const sj_check_input *in) {
  return in->len == 9 && in->alnum[0] != '0' && in->alnum[0] != '8' &&
         sj_check_luhn(in);
}

// RAMQ: four letters, then year, month (plus 50 for women), day, two more.
bool sj_check_ramq(const sj_check_input *in) {
  if (in->len != 12 || !sj_all_digits(in->alnum + 4, 8)) return false;
  for (size_t i = 0; i < 4; i++)
    if (in->alnum[i] < 'A' || in->alnum[i] > 'Z') return false;
  const unsigned month = sj_number(in->alnum + 6, 2) % 50;
  const unsigned day = sj_number(in->alnum + 8, 2);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
         sj_number(in->alnum + 6, 2) < 63;
}

// Ontario health number: ten digits with Luhn, then one or two letters of the
// version, the first digit never 0 (Ministry of Health, OHIP technical
// specifications).
bool sj_check_ohip(const sj_check_input *in) {
  if (in->len < 10 || in->len > 12 || in->alnum[0] == '0') return false;
  for (size_t i = 10; i < in->len; i++)
    if (sj_all_digits(in->alnum + i, 1)) return false;
  return sj_all_digits(in->alnum, 10) && !sj_is_same(in->alnum, 10) &&
         sj_luhn(0, in->alnum, 10);
}

// British Columbia personal health number: 9, then eight digits with weights
// 2, 4, 8, 5, 10, 9, 7, 3, modulus 11 (BC Ministry of Health, MSP teleplan).
bool sj_check_phn(const sj_check_input *in) {
  static const unsigned weights[8] = {2, 4, 8, 5, 10, 9, 7, 3};
  if (in->len != 10 || !sj_all_digits(in->alnum, 10) || in->alnum[0] != '9')
    return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 8; i++)
    sum += weights[i] * sj_digit(in->alnum[i + 1]) % 11;
  return 11 - sum % 11 == sj_digit(in->alnum[9]);
}

// Medicare number of Australia: 2 to 6 in front, weights 1, 3, 7, 9 twice,
// modulus 10, then issue and perhaps reference (Services Australia; METeOR
// 270101).
bool sj_check_aumedicare(const sj_check_input *in) {
  static const unsigned weights[4] = {1, 3, 7, 9};
  if ((in->len != 10 && in->len != 11) || !sj_all_digits(in->alnum, in->len) ||
      in->alnum[0] < '2' || in->alnum[0] > '6')
    return false;
  unsigned sum = 0;
  for (size_t i = 0; i < 8; i++)
    sum += weights[i % 4] * sj_digit(in->alnum[i]);
  return sum % 10 == sj_digit(in->alnum[8]) && in->alnum[9] != '0';
}
