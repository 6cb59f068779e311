// SPDX-License-Identifier: Apache-2.0
//
// replace_places.c - street, town and postal code that adjoin become one
// place, together with the state between or behind them.
//
// Between two parts may stand blanks, commas, one full stop after an
// abbreviation, one state or province, and at most one line end. Behind the
// last part, a state is taken with its comma. Codes that are also ordinary
// words or degrees (IN, OR, ME, MD) are taken only behind a comma or before
// the end of the clause, so that capitals in prose lose no word.

#include "replace_parts.h"

#include <string.h>

static const char codes[] =
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS "
    "MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV "
    "WI WY DC PR GU VI AS MP AB BC MB NB NL NS NT NU ON PE QC SK YT ";
static const char vague_codes[] =
    "AL AS CO DE GA HI ID IN LA MA MD ME MI MP MS NE NB NT OH OK OR ON PA PE "
    "PR SC VA VI ";

static const char *const full_names[] = {
    "alabama",
    "alaska",
    "alberta",
    "arizona",
    "arkansas",
    "british columbia",
    "california",
    "colombie-britannique",
    "colorado",
    "connecticut",
    "delaware",
    "district of columbia",
    "florida",
    "georgia",
    "guam",
    "hawaii",
    "idaho",
    "illinois",
    "indiana",
    "iowa",
    "kansas",
    "kentucky",
    "louisiana",
    "maine",
    "manitoba",
    "maryland",
    "massachusetts",
    "michigan",
    "minnesota",
    "mississippi",
    "missouri",
    "montana",
    "nebraska",
    "nevada",
    "new brunswick",
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "newfoundland and labrador",
    "north carolina",
    "north dakota",
    "northwest territories",
    "nouveau-brunswick",
    "nouvelle-ecosse",
    "nova scotia",
    "nunavut",
    "ohio",
    "oklahoma",
    "ontario",
    "oregon",
    "pennsylvania",
    "prince edward island",
    "puerto rico",
    "quebec",
    "rhode island",
    "saskatchewan",
    "south carolina",
    "south dakota",
    "tennessee",
    "terre-neuve-et-labrador",
    "texas",
    "utah",
    "vermont",
    "virginia",
    "washington",
    "west virginia",
    "wisconsin",
    "wyoming",
    "yukon",
};

static bool is_word_byte(uint8_t byte) {
  return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
         (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static bool has_code(const char *list, const uint8_t *two) {
  for (; *list != '\0'; list += 3)
    if (list[0] == (char)two[0] && list[1] == (char)two[1]) return true;
  return false;
}

// The bytes that a name written in full takes at `at`; its capital is wanted.
static uint32_t name_at(const sj_text *text, uint32_t at, const char *name) {
  if (text->bytes[at] < 'A' || text->bytes[at] > 'Z') return 0;
  sj_fold fold = {.bytes = text->bytes, .at = at, .end = text->len};
  for (; *name != '\0'; name++)
    if (sj_fold_next(&fold) != (uint32_t)(uint8_t)*name) return 0;
  if (fold.at < text->len && is_word_byte(text->bytes[fold.at])) return 0;
  return (uint32_t)fold.at - at;
}

uint32_t sj_places_state(const sj_text *text, uint32_t at, bool *vague) {
  *vague = false;
  if (at >= text->len || (at > 0 && is_word_byte(text->bytes[at - 1])))
    return 0;
  const uint8_t *here = text->bytes + at;
  if (text->len - at >= 2 && has_code(codes, here) &&
      (text->len - at == 2 || !is_word_byte(here[2]))) {
    *vague = has_code(vague_codes, here);
    return 2;
  }
  uint32_t best = 0;
  for (size_t i = 0; i < sizeof full_names / sizeof *full_names; i++) {
    const uint32_t len = name_at(text, at, full_names[i]);
    if (len > best) best = len;
  }
  return best;
}

// What was passed over behind a part.
struct gap {
  uint32_t at;
  uint32_t line_ends;
  bool comma;
  bool state;
};

static uint32_t blank_len(const sj_text *text, uint32_t at) {
  const uint8_t *b = text->bytes;
  if (b[at] == ' ' || b[at] == '\t') return 1;
  if (b[at] == 0xC2 && b[at + 1] == 0xA0) return 2; // no-break space
  if (b[at] == 0xE2 && b[at + 1] == 0x80 && b[at + 2] == 0xAF) return 3;
  return 0;
}

// Pass over blanks, commas and at most one line end in all.
static void pass_blanks(const sj_text *text, uint32_t stop, struct gap *gap) {
  while (gap->at < stop) {
    const uint8_t byte = text->bytes[gap->at];
    const uint32_t blank = blank_len(text, gap->at);
    if (byte == ',') {
      gap->comma = true;
      gap->at++;
    } else if (byte == '\n' || byte == '\r') {
      if (gap->line_ends > 0) return;
      gap->line_ends++;
      const bool pair = byte == '\r' && gap->at + 1 < stop &&
                        text->bytes[gap->at + 1] == '\n';
      gap->at += pair ? 2 : 1;
    } else if (blank > 0) {
      gap->at += blank;
    } else {
      return;
    }
  }
}

// Whether a clause ends here: nothing, a line end, or punctuation.
static bool clause_ends(const sj_text *text, uint32_t at) {
  while (at < text->len && blank_len(text, at) > 0)
    at += blank_len(text, at);
  return at >= text->len || strchr("\r\n,.;:)]", text->bytes[at]) != NULL;
}

// Whether parts ending at `end` and starting at `start` adjoin.
static bool adjoins(const sj_text *text, uint32_t end, uint32_t start) {
  if (end >= start) return true;
  struct gap gap = {.at = end};
  if (text->bytes[end] == '.') gap.at++;
  pass_blanks(text, start, &gap);
  if (gap.at == start) return true;
  bool vague = false;
  gap.at += sj_places_state(text, gap.at, &vague);
  if (gap.at > start) return false;
  if (gap.at < start && text->bytes[gap.at] == '.') gap.at++;
  pass_blanks(text, start, &gap);
  return gap.at == start;
}

// The end of a place together with a state right behind it.
static uint32_t
with_state(const sj_text *text, uint32_t end, uint32_t next_start) {
  struct gap gap = {.at = end, .line_ends = 1};
  pass_blanks(text, next_start, &gap);
  if (gap.at == end) return end;
  bool vague = false;
  const uint32_t len = sj_places_state(text, gap.at, &vague);
  if (len == 0 || gap.at + len > next_start) return end;
  const bool sure = !vague || gap.comma || clause_ends(text, gap.at + len);
  return sure ? gap.at + len : end;
}

static bool is_place(const sj_place *place) {
  if (place->unscanned || place->kept || place->skip > 0) return false;
  return place->label == SJ_LABEL_ADDRESS || place->label == SJ_LABEL_CITY ||
         place->label == SJ_LABEL_ZIP || place->label == SJ_LABEL_LOCATION;
}

// Take the places right behind into this one; the first that stays outside.
static size_t join_from(const sj_places *places,
                        size_t next,
                        const sj_text *text,
                        sj_place *place) {
  for (; next < places->len; next++) {
    const sj_place *other = &places->at[next];
    if (!is_place(other) || !adjoins(text, place->end, other->start)) break;
    place->end = other->end;
    if (other->score < place->score) place->score = other->score;
    place->label = SJ_LABEL_LOCATION;
  }
  const uint32_t stop = next < places->len ? places->at[next].start : text->len;
  place->end = with_state(text, place->end, stop);
  return next;
}

void sj_places_join(sj_places *places, const sj_text *text) {
  size_t kept = 0;
  for (size_t i = 0; i < places->len; kept++) {
    sj_place place = places->at[i++];
    if (is_place(&place)) i = join_from(places, i, text, &place);
    places->at[kept] = place;
  }
  places->len = kept;
}
