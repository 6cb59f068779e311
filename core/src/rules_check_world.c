// SPDX-License-Identifier: Apache-2.0
//
// rules_check_world.c - check digits that are the same everywhere: cards,
// bank accounts, vehicles, devices, addresses of the net. Each names its
// standard.

#include "rules_check_parts.h"

#include <string.h>

bool sj_check_luhn(const sj_check_input *in) {
  return in->len > 1 && sj_all_digits(in->alnum, in->len) &&
         !sj_is_same(in->alnum, in->len) && sj_luhn(0, in->alnum, in->len);
}

// A payment card: ISO/IEC 7812-1, 13 to 19 digits; 2 to 6 is what banks and
// merchants were given (first digit, table 1).
bool sj_check_card(const sj_check_input *in) {
  return in->len >= 13 && in->len <= 19 && in->alnum[0] >= '2' &&
         in->alnum[0] <= '6' && sj_check_luhn(in);
}

// IBAN: ISO 13616-1, modulus 97 over the text with its first four at the end;
// the length is the country's, for those that are met here.
bool sj_check_iban(const sj_check_input *in) {
  static const struct {
    char country[3];
    uint8_t len;
  } lengths[] = {{"AT", 20}, {"BE", 16}, {"CH", 21}, {"DE", 22}, {"ES", 24},
                 {"FR", 27}, {"GB", 22}, {"IE", 22}, {"IT", 27}, {"LU", 20},
                 {"MC", 27}, {"NL", 18}, {"PT", 25}};
  if (in->len < 15 || in->len > 34) return false;
  if (sj_all_digits(in->alnum, 1) || sj_all_digits(in->alnum + 1, 1) ||
      !sj_all_digits(in->alnum + 2, 2))
    return false;
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
    if (memcmp(lengths[i].country, in->alnum, 2) == 0 &&
        lengths[i].len != in->len)
      return false;
  unsigned rest = 0;
  for (size_t i = 0; i < in->len; i++) {
    const char c = in->alnum[(i + 4) % in->len];
    const bool is_digit = c >= '0' && c <= '9';
    rest = is_digit ? (rest * 10 + sj_digit(c)) % 97
                    : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
  }
  return rest == 1;
}

// Vehicle identification number: ISO 3779, check digit of 49 CFR 565.15.
bool sj_check_vin(const sj_check_input *in) {
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
    sum += weights[i] * (is_digit ? sj_digit(c) : sj_digit(values[c - 'A']));
  }
  const unsigned rest = sum % 11;
  return in->alnum[8] == (rest == 10 ? 'X' : (char)('0' + rest));
}

// IPv4: four numbers up to 255 (RFC 791).
bool sj_check_ipv4(const sj_check_input *in) {
  unsigned parts = 0;
  unsigned value = 0;
  unsigned digits = 0;
  for (size_t i = 0; i <= in->byte_len; i++) {
    char c = '.';
    if (i < in->byte_len) c = (char)in->bytes[i];
    if (c >= '0' && c <= '9') {
      value = value * 10 + sj_digit(c);
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

// GS1 keys: weights 3 and 1 from the right, modulus 10 (GS1 General
// Specifications, 7.9; EAN-13 and GTIN-14 alike).
bool sj_gs1_key(const char *at, size_t len) {
  if (len < 2 || !sj_all_digits(at, len) || sj_is_same(at, len)) return false;
  unsigned sum = 0;
  for (size_t i = 0; i + 1 < len; i++)
    sum += ((len - i) % 2 == 0 ? 3 : 1) * sj_digit(at[i]);
  return (10 - sum % 10) % 10 == sj_digit(at[len - 1]);
}

// Global location number: 13 digits (GS1; in Swiss health care, the register
// of Refdata).
bool sj_check_gln(const sj_check_input *in) {
  return in->len == 13 && sj_gs1_key(in->alnum, 13);
}

// The HIBC check character: the sum of the places of all characters before it,
// modulus 43 (ANSI/HIBC 2.6, appendix B).
static bool is_hibc(const char *at, size_t len) {
  static const char places[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
  if (len < 8 || at[0] != '+') return false;
  unsigned sum = 0;
  for (size_t i = 0; i < len; i++) {
    const char *place = strchr(places, at[i]);
    if (at[i] == '\0' || place == NULL) return false;
    if (i + 1 < len)
      sum += (unsigned)(place - places);
    else
      return places[sum % 43] == at[i];
  }
  return false;
}

// Unique device identifier (21 CFR 801.20): GS1 element strings, whose GTIN
// (01) has a check digit, with or without brackets; or HIBC, checked over the
// whole or over the part in front of the slash.
bool sj_check_udi(const sj_check_input *in) {
  const char *at = (const char *)in->bytes;
  if (in->byte_len > 0 && at[0] == '+') {
    const char *slash = memchr(at, '/', in->byte_len);
    return is_hibc(at, in->byte_len) ||
           (slash != NULL && is_hibc(at, (size_t)(slash - at)));
  }
  return in->len >= 16 && memcmp(in->alnum, "01", 2) == 0 &&
         sj_gs1_key(in->alnum + 2, 14);
}

// IPv6 (RFC 4291, 2.2): eight groups of up to four hexadecimal digits, one run
// of which `::` may stand for.
bool sj_check_ipv6(const sj_check_input *in) {
  unsigned groups = 0;
  unsigned digits = 0;
  bool gap = false;
  for (size_t i = 0; i < in->byte_len; i++) {
    const char c = (char)in->bytes[i];
    const bool hex =
        (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
    if (hex) {
      if (digits == 0) groups++;
      if (++digits > 4) return false;
    } else if (c == ':') {
      const bool twice = i + 1 < in->byte_len && in->bytes[i + 1] == ':';
      if (twice && gap) return false;
      if (!twice && (i == 0 || i + 1 == in->byte_len)) return false;
      if (twice) i++;
      gap = gap || twice;
      digits = 0;
    } else {
      return false;
    }
  }
  return gap ? groups < 8 : groups == 8;
}
