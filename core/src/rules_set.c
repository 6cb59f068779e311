// SPDX-License-Identifier: Apache-2.0
//
// rules_set.c - sets of characters. ASCII is exact, because nearly every
// decision falls there; beyond it a set knows lead bytes only. That makes the
// automaton let through a little too much, never too little.

#include "rules_regex.h"

#include <string.h>

#define LEADS (~(uint64_t)3 & ((1ull << 53) - 1)) // 0xC2 to 0xF4

bool sj_set_has(const sj_set *set, uint8_t ascii) {
  return ascii < 128 && (set->ascii[ascii >> 6] >> (ascii & 63) & 1) != 0;
}

static unsigned lead_of(uint32_t c) {
  if (c < 0x800) return 0xC0 | c >> 6;
  if (c < 0x10000) return 0xE0 | c >> 12;
  return 0xF0 | c >> 18;
}

void sj_set_add(sj_set *set, uint32_t lo, uint32_t hi) {
  for (uint32_t c = lo; c <= hi && c < 128; c++)
    set->ascii[c >> 6] |= 1ull << (c & 63);
  if (hi < 128) return;
  if (lo < 128) lo = 128;
  for (unsigned b = lead_of(lo); b <= lead_of(hi); b++)
    set->lead |= 1ull << (b - 0xC0);
  // Within the Latin blocks, only the two signs are not letters.
  bool latin = lo >= 0xC0 && hi <= 0x24F;
  bool signs = (lo <= 0xD7 && hi >= 0xD7) || (lo <= 0xF7 && hi >= 0xF7);
  if (!latin || signs) set->others = true;
}

void sj_set_unite(sj_set *set, const sj_set *more) {
  set->ascii[0] |= more->ascii[0];
  set->ascii[1] |= more->ascii[1];
  set->lead |= more->lead;
  set->letters = set->letters || more->letters;
  set->others = set->others || more->others;
  set->sure = set->sure && more->sure;
}

bool sj_set_meets(const sj_set *a, const sj_set *b) {
  return ((a->ascii[0] & b->ascii[0]) | (a->ascii[1] & b->ascii[1]) |
          (a->lead & b->lead)) != 0;
}

void sj_set_invert(sj_set *set) {
  // Lead bytes are a superset of the members, so their complement would leave
  // characters out: all lead bytes stay possible. What surely was in before is
  // surely all of it only where nothing beyond ASCII was named.
  set->letters = set->lead == 0;
  set->ascii[0] = ~set->ascii[0];
  set->ascii[1] = ~set->ascii[1];
  set->lead = LEADS;
  set->others = true;
}

void sj_set_fold(sj_set *set) {
  uint64_t upper = set->ascii[1] & 0x07FFFFFEull;
  uint64_t lower = set->ascii[1] >> 32 & 0x07FFFFFEull;
  set->ascii[1] |= upper << 32 | lower;
  // Only two characters beyond ASCII are equal to ASCII letters: the long s
  // (U+017F) and the Kelvin sign (U+212A).
  uint64_t leads = set->lead;
  if (sj_set_has(set, 's')) set->lead |= 1ull << (0xC5 - 0xC0);
  if (sj_set_has(set, 'k')) set->lead |= 1ull << (0xE2 - 0xC0);
  if (leads == 0) return;
  const sj_set exact = *set;
  if (leads & 1ull << (0xC5 - 0xC0)) sj_set_add(set, 's', 's');
  if (leads & 1ull << (0xC5 - 0xC0)) sj_set_add(set, 'S', 'S');
  if (leads & 1ull << (0xE2 - 0xC0)) sj_set_add(set, 'k', 'k');
  if (leads & 1ull << (0xE2 - 0xC0)) sj_set_add(set, 'K', 'K');
  if (set->ascii[1] != exact.ascii[1]) set->sure = false; // they may not belong
  // The pairs of U+00C0 to U+00FE stay within one lead byte, with three
  // exceptions (U+00DF with U+1E9E, U+00E5 with U+212B, U+00FF with U+0178),
  // as do most of U+0140 to U+017F. Anything else may land anywhere.
  uint64_t near = 1ull << 3 | 1ull << 5;
  if (leads & ~near) set->lead = LEADS;
  if (leads & 1ull << 3)
    set->lead |= 1ull << 5 | 1ull << (0xE1 - 0xC0) | 1ull << (0xE2 - 0xC0);
  if (leads & 1ull << 5)
    set->lead |= 1ull << 3 | 1ull << 4 | 1ull << (0xE1 - 0xC0);
  if (leads & 1ull << 5) set->lead = LEADS;
}

/// Every letter, mark or number beyond ASCII may stand there.
static void add_beyond(sj_set *set, bool letters, bool others) {
  set->lead = LEADS;
  set->letters = set->letters || letters;
  set->others = set->others || others;
}

bool sj_set_add_class(sj_set *set, char letter) {
  switch (letter) {
  case 'd': // ASCII alone: patterns are compiled with that option
    sj_set_add(set, '0', '9');
    return true;
  case 'w':
    sj_set_add_posix(set, "word", 4);
    return true;
  case 's':
    sj_set_add(set, '\t', '\r');
    sj_set_add(set, ' ', ' ');
    break;
  case 'h':
    sj_set_add(set, '\t', '\t');
    sj_set_add(set, ' ', ' ');
    break;
  case 'v':
    sj_set_add(set, '\n', '\r');
    break;
  default:
    return false;
  }
  // U+0085 and U+00A0, U+1680 and U+180E, U+2000 to U+205F, U+3000.
  set->lead |= 1ull << 2 | 7ull << (0xE1 - 0xC0);
  set->others = true;
  return true;
}

typedef struct property {
  const char *name;
  const char *ascii; ///< pairs of first and last
  bool letters;      ///< all letters beyond ASCII are in it
  bool others;       ///< some that \w does not take are in it
  bool only_ascii;   ///< none beyond ASCII
} property;

#define PUNCT "!/:@[`{~"

static const property properties[] = {
    {"L", "AZaz", true, false, false},
    {"L&", "AZaz", false, false, false},
    {"Lu", "AZ", false, false, false},
    {"Ll", "az", false, false, false},
    {"Lt", "", false, false, false},
    {"Lm", "", false, false, false},
    {"Lo", "", false, false, false},
    {"M", "", false, false, false},
    {"Mn", "", false, false, false},
    {"N", "09", false, false, false},
    {"Nd", "09", false, false, false},
    {"P", "!#%*,/:;?@[]__{{}}", false, true, false},
    {"Pd", "--", false, true, false},
    {"S", "$$++<>^^``||~~", false, true, false},
    {"Sc", "$$", false, true, false},
    {"Z", "  ", false, true, false},
    {"Zs", "  ", false, true, false},
    {"Xan", "09AZaz", true, false, false},
    {"Xwd", "09AZaz__", true, false, false},
    {"Any", "\1\177", true, true, false},
};

static const property posix[] = {
    {"alpha", "AZaz", true, false, false},
    {"alnum", "09AZaz", true, false, false},
    {"word", "09AZaz__", true, false, false},
    {"digit", "09", false, false, false},
    {"upper", "AZ", false, false, false},
    {"lower", "az", false, false, false},
    {"xdigit", "09AFaf", false, false, false},
    {"punct", PUNCT, false, true, false},
    {"space", "\t\r  ", false, true, false},
    {"blank", "\t\t  ", false, true, false},
    {"ascii", "\1\177", false, false, true},
};

static bool add_named(sj_set *set,
                      const property *list,
                      size_t count,
                      const char *name,
                      size_t len) {
  for (size_t i = 0; i < count; i++) {
    const property *p = &list[i];
    if (strlen(p->name) != len || memcmp(p->name, name, len) != 0) continue;
    for (const char *at = p->ascii; *at != '\0'; at += 2)
      sj_set_add(set, (uint8_t)at[0], (uint8_t)at[1]);
    if (p->ascii[0] == '\1') sj_set_add(set, 0, 0);
    if (!p->only_ascii) add_beyond(set, p->letters, p->others);
    return true;
  }
  return false;
}

bool sj_set_add_property(sj_set *set, const char *name, size_t len) {
  return add_named(set, properties, sizeof properties / sizeof *properties,
                   name, len);
}

bool sj_set_add_posix(sj_set *set, const char *name, size_t len) {
  return add_named(set, posix, sizeof posix / sizeof *posix, name, len);
}
