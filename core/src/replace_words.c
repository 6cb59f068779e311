// SPDX-License-Identifier: Apache-2.0
//
// replace_words.c - the words that placeholders are made of. A national number
// is called by the name its readers know.

#include "replace_parts.h"

#include <string.h>

static const char *const words[SJ_LABEL_COUNT] = {
#define X(name, code, group, placeholder, stem) [code] = (placeholder),
    SJ_LABEL_MAP(X)
#undef X
};

static const char *const stems[SJ_LABEL_COUNT] = {
#define X(name, code, group, placeholder, stem) [code] = (stem),
    SJ_LABEL_MAP(X)
#undef X
};

// Subtypes of NATIONAL_ID and what their number is called.
static const char *const national[][2] = {
    {"be-niss", "NISS"}, {"ca-sin", "SIN"},   {"ch-ahv", "AVS"},
    {"ch-avs", "AVS"},   {"de-idnr", "IDNR"}, {"es-dni", "DNI"},
    {"es-nie", "NIE"},   {"es-nif", "NIF"},   {"fr-ins", "INS"},
    {"fr-nir", "NIR"},   {"fr-spi", "SPI"},   {"ie-pps", "PPS"},
    {"ie-ppsn", "PPS"},  {"qc-nam", "RAMQ"},  {"qc-ramq", "RAMQ"},
    {"uk-nino", "NINO"}, {"us-itin", "ITIN"}, {"us-ssn", "SSN"},
};

// A subtype may say more behind the name ("us-ssn-last4").
static const char *national_word(const char *subtype) {
  if (subtype == NULL) return NULL;
  for (size_t i = 0; i < sizeof national / sizeof *national; i++) {
    const size_t len = strlen(national[i][0]);
    if (strncmp(subtype, national[i][0], len) != 0) continue;
    if (subtype[len] == '\0' || subtype[len] == '-') return national[i][1];
  }
  return NULL;
}

void sj_places_name(sj_places *places, const sj_names *subtypes) {
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    place->word = place->unscanned ? "UNSCANNED" : words[place->label];
    place->stem = place->unscanned ? "UNSCANNED" : stems[place->label];
    if (place->unscanned || place->label != SJ_LABEL_NATIONAL_ID) continue;
    if (subtypes == NULL || place->subtype == 0) continue;
    const char *word = national_word(sj_names_get(subtypes, place->subtype));
    if (word != NULL) place->word = place->stem = word;
  }
}
