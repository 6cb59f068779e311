// SPDX-License-Identifier: Apache-2.0
//
// rules_check_parts.h - the validators, for rules_check*.c.
#ifndef SJ_RULES_CHECK_PARTS_H
#define SJ_RULES_CHECK_PARTS_H

#include "rules_check.h"

/// Whether `len` characters are ASCII digits.
bool sj_all_digits(const char *at, size_t len);
/// Whether all characters are the same one.
bool sj_is_same(const char *at, size_t len);
unsigned sj_digit(char c);
/// The number that nine digits at most spell.
unsigned sj_number(const char *at, size_t len);
/// Luhn (ISO/IEC 7812-1, annex B); `seed` is a sum that a prefix has left.
bool sj_luhn(unsigned seed, const char *at, size_t len);
/// A key of GS1 with its check digit at the end.
bool sj_gs1_key(const char *at, size_t len);

bool sj_check_aba(const sj_check_input *in);
bool sj_check_adeli(const sj_check_input *in);
bool sj_check_aumedicare(const sj_check_input *in);
bool sj_check_avs(const sj_check_input *in);
bool sj_check_card(const sj_check_input *in);
bool sj_check_chi(const sj_check_input *in);
bool sj_check_dea(const sj_check_input *in);
bool sj_check_finess(const sj_check_input *in);
bool sj_check_gln(const sj_check_input *in);
bool sj_check_iban(const sj_check_input *in);
bool sj_check_inami(const sj_check_input *in);
bool sj_check_ins(const sj_check_input *in);
bool sj_check_ipv4(const sj_check_input *in);
bool sj_check_ipv6(const sj_check_input *in);
bool sj_check_itin(const sj_check_input *in);
bool sj_check_luhn(const sj_check_input *in);
bool sj_check_mbi(const sj_check_input *in);
bool sj_check_nhs(const sj_check_input *in);
bool sj_check_nino(const sj_check_input *in);
bool sj_check_nir(const sj_check_input *in);
bool sj_check_niss(const sj_check_input *in);
bool sj_check_npi(const sj_check_input *in);
bool sj_check_ohip(const sj_check_input *in);
bool sj_check_phn(const sj_check_input *in);
bool sj_check_pps(const sj_check_input *in);
bool sj_check_ramq(const sj_check_input *in);
bool sj_check_rpps(const sj_check_input *in);
bool sj_check_sin(const sj_check_input *in);
bool sj_check_siret(const sj_check_input *in);
bool sj_check_ssn(const sj_check_input *in);
bool sj_check_udi(const sj_check_input *in);
bool sj_check_vin(const sj_check_input *in);

#endif // SJ_RULES_CHECK_PARTS_H
