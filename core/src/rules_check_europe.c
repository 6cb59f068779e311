// SPDX-License-Identifier: Apache-2.0
//
// rules_check_europe.c - check digits and ranges of the United Kingdom,
// Ireland, France, Belgium and Switzerland. Each names its standard.

#include "rules_check_parts.h"

#include <string.h>

// NHS number: weights 10 to 2, modulus 11 (NHS data dictionary).
bool sj_check_nhs(const sj_check_input *in) {
  if (in->len != 10 || !sj_all_digits(in->alnum, 10)) return false;
  unsigned sum = 0;
  for (unsigned i = 0; i < 9; i++)
    sum += (10 - i) * sj_digit(in->alnum[i]);
  const unsigned rest = (11 - sum % 11) % 11;
  return rest != 10 && rest == sj_digit(in->alnum[9]) &&
         !sj_is_same(in->alnum, 10);
}

// French social security number with its key: 97 less the number modulo 97,
// Corsica's 2A and 2B counting as 19 and 18 (Code de la sécurité sociale,
// R.115-1; INSEE). The word for the key may stand before it: `, clé 91`.
bool sj_check_nir(const sj_check_input *in) {
  if (in->len < 15 || in->len > 20) return false; // a key, and a word at most
  const char *key = in->alnum + in->len - 2;
  for (const char *at = in->alnum + 13; at < key; at++)
    if (sj_all_digits(at, 1)) return false;
  char body[14];
  memcpy(body, in->alnum, 13);
  body[13] = '\0';
  if (body[5] == '2' && (body[6] == 'A' || body[6] == 'B')) {
    body[6] = body[6] == 'A' ? '9' : '8';
    body[5] = '1';
  }
  if (!sj_all_digits(body, 13) || strchr("123478", body[0]) == NULL)
    return false;
  const unsigned month = sj_number(body + 3, 2);
  if (month == 0 || (month > 12 && month < 20) || (month > 42 && month < 50))
    return false;
  unsigned rest = 0;
  for (size_t i = 0; i < 13; i++)
    rest = (rest * 10 + sj_digit(body[i])) % 97;
  return sj_all_digits(key, 2) && 97 - rest == sj_number(key, 2);
}

// RPPS: 11 digits with Luhn (Agence du numérique en santé).
bool sj_check_rpps(const sj_check_input *in) {
  return in->len == 11 && sj_check_luhn(in);
}

// SIREN and SIRET: 9 and 14 digits with Luhn (INSEE).
bool sj_check_siret(const sj_check_input *in) {
  return (in->len == 14 || in->len == 9) && sj_check_luhn(in);
}

// FINESS: nine digits with Luhn, Corsica's letter counting by its place
// (Agence du numérique en santé).
bool sj_check_finess(const sj_check_input *in) {
  char body[10];
  if (in->len != 9) return false;
  memcpy(body, in->alnum, 10);
  if (body[1] == 'A' || body[1] == 'B') body[1] = body[1] == 'A' ? '0' : '1';
  return sj_all_digits(body, 9) && sj_luhn(0, body, 9);
}

// Belgian national number: 97 less the first nine modulo 97, with a 2 in front
// for those born from 2000 on; the month plus 20 or 40 for a number of the
// Crossroads Bank (royal decree of 3 April 1984).
bool sj_check_niss(const sj_check_input *in) {
  if (in->len != 11 || !sj_all_digits(in->alnum, 11)) return false;
  const unsigned body = sj_number(in->alnum, 9);
  const unsigned key = sj_number(in->alnum + 9, 2);
  const unsigned long long later = 2000000000ull + body;
  const unsigned month = sj_number(in->alnum + 2, 2);
  if (month > 52 || month % 20 > 12 || sj_number(in->alnum + 4, 2) > 31)
    return false;
  return body != 0 && (97 - body % 97 == key || 97 - later % 97 == key);
}

// Swiss insured person's number: 756, EAN-13 check digit (eCH-0084).
bool sj_check_avs(const sj_check_input *in) {
  return in->len == 13 && memcmp(in->alnum, "756", 3) == 0 &&
         sj_gs1_key(in->alnum, 13);
}

// INS: the identity number of French health care is the NIR, or the NIA of
// those who wait for one, with its key (Code de la santé publique, L.1111-8-1;
// Agence du numérique en santé, référentiel INS).
bool sj_check_ins(const sj_check_input *in) {
  return in->len == 15 && sj_check_nir(in);
}

// ADELI: nine characters, a department (also 2A, 2B, and 9A to 9F overseas),
// then seven digits (DREES, répertoire ADELI). The last is a key by a formula
// that is not published, so the form is all that is held here.
bool sj_check_adeli(const sj_check_input *in) {
  if (in->len != 9 || !sj_all_digits(in->alnum + 2, 7)) return false;
  const char first = in->alnum[0];
  const char second = in->alnum[1];
  if (first == '2' && (second == 'A' || second == 'B')) return true;
  if (first == '9' && second >= 'A' && second <= 'F') return true;
  return sj_all_digits(in->alnum, 2) && sj_number(in->alnum, 2) >= 1 &&
         sj_number(in->alnum, 2) <= 98;
}

// INAMI: profession and number in six digits, two of a key that is 97 less
// these modulo 97, three of qualification that may be left out (INAMI,
// structure du numéro).
bool sj_check_inami(const sj_check_input *in) {
  if ((in->len != 11 && in->len != 8) || !sj_all_digits(in->alnum, in->len))
    return false;
  return sj_number(in->alnum, 6) != 0 &&
         97 - sj_number(in->alnum, 6) % 97 == sj_number(in->alnum + 6, 2);
}

// CHI of Scotland: day, month and year of birth, three digits, and the check
// digit of the NHS number (Public Health Scotland, data dictionary).
bool sj_check_chi(const sj_check_input *in) {
  if (!sj_check_nhs(in)) return false;
  const unsigned day = sj_number(in->alnum, 2);
  const unsigned month = sj_number(in->alnum + 2, 2);
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

// National insurance number: prefixes that are never given out (HM Revenue and
// Customs, NIM39110).
bool sj_check_nino(const sj_check_input *in) {
  static const char never[] = "BGGBKNNKNTTNZZ";
  if (in->len != 9 || !sj_all_digits(in->alnum + 2, 6)) return false;
  if (sj_all_digits(in->alnum, 1) || sj_all_digits(in->alnum + 1, 1))
    return false;
  if (strchr("DFIQUV", in->alnum[0]) != NULL ||
      strchr("DFIOQUV", in->alnum[1]) != NULL)
    return false;
  for (size_t i = 0; never[i] != '\0'; i += 2)
    if (memcmp(never + i, in->alnum, 2) == 0) return false;
  return in->alnum[8] >= 'A' && in->alnum[8] <= 'D';
}

// PPS of Ireland: seven digits with weights 8 to 2, a second letter with
// weight 9 (A is 1, W is 0), modulus 23; the first letter is the rest (Social
// Welfare Consolidation Act 2005, section 262; Department of Social
// Protection).
bool sj_check_pps(const sj_check_input *in) {
  if ((in->len != 8 && in->len != 9) || !sj_all_digits(in->alnum, 7))
    return false;
  const char key = in->alnum[7];
  unsigned sum = 0;
  for (unsigned i = 0; i < 7; i++)
    sum += (8 - i) * sj_digit(in->alnum[i]);
  if (in->len == 9) {
    const char second = in->alnum[8];
    if ((second < 'A' || second > 'I') && second != 'W') return false;
    if (second != 'W') sum += 9 * (unsigned)(second - 'A' + 1);
  }
  return key == (sum % 23 == 0 ? 'W' : (char)('A' + sum % 23 - 1));
}
