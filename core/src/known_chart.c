// SPDX-License-Identifier: Apache-2.0
//
// known_chart.c - the values of a chart, taken apart into what is looked for.

#include "known_parts.h"

#include "base/array.h"
#include "base/fold.h"
#include "base/utf8.h"

enum { NAME_WORDS = 12, OFTEN = 5, ALWAYS = 7, WIDELY = 6 };

static sj_entry entry_of(const sj_chart *chart, const sj_piece *word) {
  bool any = false;
  return sj_known_entry(chart->lists, word, &any);
}

static bool is_listed_word(const sj_chart *chart, const sj_piece *word) {
  return (sj_known_bits(chart->lists, word->hash) & SJ_KNOWN_ORDINARY) != 0;
}

bool sj_chart_is_ordinary(const sj_chart *chart, const sj_piece *word) {
  const sj_entry entry = entry_of(chart, word);
  return is_listed_word(chart, word) || SJ_ENTRY_ENGLISH(entry) > 0 ||
         SJ_ENTRY_FRENCH(entry) > 0 || (entry & SJ_ENTRY_CLINICAL) != 0;
}

bool sj_chart_is_common(const sj_chart *chart, const sj_piece *word) {
  const sj_entry entry = entry_of(chart, word);
  return is_listed_word(chart, word) || SJ_ENTRY_ENGLISH(entry) >= OFTEN ||
         SJ_ENTRY_FRENCH(entry) >= OFTEN || (entry & SJ_ENTRY_CLINICAL) != 0;
}

bool sj_chart_is_grammar(const sj_chart *chart, const sj_piece *word) {
  const sj_entry entry = entry_of(chart, word);
  if (SJ_ENTRY_SURNAME(entry) >= WIDELY) return false; // Day, Little
  return SJ_ENTRY_ENGLISH(entry) >= ALWAYS || SJ_ENTRY_FRENCH(entry) >= ALWAYS;
}

bool sj_chart_is_unheard(const sj_chart *chart, const sj_piece *word) {
  bool any = false;
  return sj_known_entry(chart->lists, word, &any) == 0 && any;
}

uint64_t sj_chart_person(sj_chart *chart, sj_role role) {
  const uint64_t bit = UINT64_C(1) << (chart->person_count % SJ_KNOWN_PEOPLE);
  chart->person_count++;
  chart->role[role] |= bit;
  return bit;
}

static void
note_initial(sj_chart *chart, const sj_piece *word, uint64_t person) {
  const uint8_t first = word->fold[0];
  if (first >= 'a' && first <= 'z') chart->initials[first - 'a'] |= person;
}

static sj_status add_word(sj_chart *chart,
                          const sj_piece *word,
                          uint64_t person,
                          unsigned parts) {
  if (word->len > SJ_KNOWN_LETTERS) return SJ_OK; // no name is so long
  for (size_t i = 0; i < chart->name_count; i++) {
    sj_known_word *old = &chart->names[i];
    if (old->word.hash != word->hash) continue;
    old->people |= person;
    // A name of one's own outranks a nickname that the list gives.
    if (old->parts == SJ_PART_NICK || old->parts == SJ_PART_PARTICLE)
      old->parts = (uint8_t)parts;
    else if (parts != SJ_PART_NICK && parts != SJ_PART_PARTICLE)
      old->parts |= (uint8_t)parts;
    return SJ_OK;
  }
  sj_known_word *at =
      sj_array_room(chart->arena, chart->names, chart->name_count,
                    &chart->name_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  chart->names = at;
  unsigned bits = sj_known_bits(chart->lists, word->hash);
  if (sj_chart_is_common(chart, word)) bits |= SJ_KNOWN_ORDINARY;
  if (sj_chart_is_grammar(chart, word)) bits |= SJ_KNOWN_GRAMMAR;
  at[chart->name_count++] = (sj_known_word){.word = *word,
                                            .people = person,
                                            .parts = (uint8_t)parts,
                                            .bits = (uint8_t)bits};
  return SJ_OK;
}

static sj_status
add_nicknames(sj_chart *chart, const sj_piece *word, uint64_t person) {
  const sj_piece *nick = NULL;
  uint32_t next = 0;
  sj_status status = SJ_OK;
  while (status == SJ_OK &&
         sj_known_nickname(chart->lists, word->hash, &next, &nick)) {
    if (nick->hash == word->hash) continue;
    note_initial(chart, nick, person);
    status = add_word(chart, nick, person, SJ_PART_NICK);
  }
  return status;
}

// Two words that are also written as one: MacDonald, DeLuca, O'Brien.
static sj_piece join(const sj_piece *a, const sj_piece *b) {
  sj_piece both = *a;
  both.hash = sj_piece_hash_both(a, b);
  both.letters |= b->letters;
  const unsigned len = (unsigned)a->len + b->len;
  if (len <= SJ_KNOWN_LETTERS) memcpy(both.fold + a->len, b->fold, b->len);
  both.len = (uint8_t)(len <= SJ_KNOWN_LETTERS ? len : SJ_KNOWN_LETTERS + 1);
  return both;
}

static sj_status
add_saint(sj_chart *chart, const sj_piece *word, uint64_t person) {
  static const char *const pairs[][2] = {
      {"saint", "St"}, {"sainte", "Ste"}, {"st", "Saint"}, {"ste", "Sainte"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    if (!sj_piece_is(word, pairs[i][0])) continue;
    sj_piece other;
    uint32_t at = 0;
    const uint32_t len = (uint32_t)strlen(pairs[i][1]);
    (void)sj_piece_next((const uint8_t *)pairs[i][1], len, &at, &other);
    return add_word(chart, &other, person, SJ_PART_PARTICLE);
  }
  return SJ_OK;
}

static bool is_particle(const sj_chart *chart, const sj_piece *word) {
  return (sj_known_bits(chart->lists, word->hash) & SJ_KNOWN_PARTICLE) != 0;
}

// One word of a part that has `count` of them.
static sj_status add_one(sj_chart *chart,
                         const sj_piece *word,
                         uint64_t person,
                         unsigned part,
                         size_t count) {
  if (word->shape == SJ_WORD_DIGITS) return SJ_OK;
  if ((sj_known_bits(chart->lists, word->hash) & SJ_KNOWN_BLANK) != 0)
    return SJ_OK;
  note_initial(chart, word, person);
  if (word->len == 1) return SJ_OK;
  const bool particle = count > 1 && is_particle(chart, word);
  sj_status status =
      add_word(chart, word, person, particle ? SJ_PART_PARTICLE : part);
  if (status == SJ_OK && count > 1) status = add_saint(chart, word, person);
  if (status == SJ_OK && !particle && (part & SJ_PART_GIVEN) != 0)
    status = add_nicknames(chart, word, person);
  return status;
}

static sj_status add_words(sj_chart *chart,
                           uint64_t person,
                           unsigned part,
                           const sj_piece *words,
                           size_t count) {
  sj_status status = SJ_OK;
  for (size_t i = 0; i < count && status == SJ_OK; i++)
    status = add_one(chart, &words[i], person, part, count);
  for (size_t i = 0; i + 1 < count && status == SJ_OK; i++) {
    sj_piece both = join(&words[i], &words[i + 1]);
    for (size_t k = i + 1; status == SJ_OK; k++) {
      if (both.len >= 4)
        status = add_word(chart, &both, person, part | SJ_PART_JOINED);
      if (k + 1 >= count) break;
      both = join(&both, &words[k + 1]);
    }
  }
  return status;
}

static size_t
read_words(const char *text, size_t len, sj_piece *out, size_t most) {
  size_t count = 0;
  uint32_t at = 0;
  while (count < most &&
         sj_piece_next((const uint8_t *)text, (uint32_t)len, &at, &out[count]))
    count++;
  return count;
}

sj_status sj_chart_name_words(sj_chart *chart,
                              uint64_t person,
                              unsigned part,
                              const char *text,
                              size_t len) {
  sj_piece words[NAME_WORDS];
  const size_t count = read_words(text, len, words, NAME_WORDS);
  return add_words(chart, person, part, words, count);
}

// An apostrophe, or the first byte of a curled one: O'Brien.
static bool is_quote(char byte) {
  return byte == '\'' || (uint8_t)byte == 0xE2;
}

// How many words at the end are the surname: all behind the first particle, or
// those in capitals where others are not, or the last one.
static size_t surname_words(const sj_chart *chart,
                            const char *text,
                            const sj_piece *words,
                            size_t count) {
  size_t upper = 0;
  for (size_t i = count; i > 1; i--) {
    if (words[i - 1].shape != SJ_WORD_UPPER) break;
    upper++;
  }
  if (upper > 0 && words[0].shape == SJ_WORD_CAPITAL) return upper;
  size_t at = count - 1;
  while (at > 1 &&
         (is_particle(chart, &words[at - 1]) ||
          (words[at - 1].len == 1 && is_quote(text[words[at - 1].end]))))
    at--;
  return count - at;
}

static size_t
drop_titles(const sj_chart *chart, sj_piece *words, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if ((sj_known_bits(chart->lists, words[i].hash) & SJ_KNOWN_TITLE) == 0)
      words[kept++] = words[i];
  return kept;
}

sj_status
sj_chart_name(sj_chart *chart, uint64_t person, const char *text, size_t len) {
  sj_piece words[NAME_WORDS];
  const char *comma = memchr(text, ',', len);
  size_t count = read_words(text, len, words, NAME_WORDS);
  count = drop_titles(chart, words, count);
  if (count == 0) return SJ_OK;
  if (count == 1)
    return add_words(chart, person, SJ_PART_GIVEN | SJ_PART_FAMILY, words, 1);
  size_t first = 0; // words before the comma
  while (comma != NULL && first < count &&
         words[first].start < (uint32_t)(comma - text))
    first++;
  if (first > 0 && first < count) {
    const sj_status status =
        add_words(chart, person, SJ_PART_FAMILY, words, first);
    if (status != SJ_OK) return status;
    return add_words(chart, person, SJ_PART_GIVEN, words + first,
                     count - first);
  }
  // NOM Prenom
  size_t upper = 0;
  while (upper < count && words[upper].shape == SJ_WORD_UPPER)
    upper++;
  const bool leads = upper > 0 && upper < count && words[0].len > 1;
  const size_t given =
      leads ? upper : count - surname_words(chart, text, words, count);
  const sj_status status = add_words(
      chart, person, leads ? SJ_PART_FAMILY : SJ_PART_GIVEN, words, given);
  if (status != SJ_OK) return status;
  return add_words(chart, person, leads ? SJ_PART_GIVEN : SJ_PART_FAMILY,
                   words + given, count - given);
}

sj_status sj_chart_date(sj_chart *chart, sj_known_date date) {
  sj_known_date *at =
      sj_array_room(chart->arena, chart->dates, chart->date_count,
                    &chart->date_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  chart->dates = at;
  at[chart->date_count++] = date;
  return SJ_OK;
}

// ---------------------------------------------------------------------------
// Codes

sj_status sj_chart_code(sj_chart *chart,
                        sj_known_code how,
                        const char *text,
                        size_t len) {
  enum { LONGEST_CODE = 120, ALONE = 6 };
  char *kept = sj_arena_take(chart->arena, len * 2 + 1);
  if (kept == NULL) return SJ_NOMEM;
  size_t count = 0;
  bool digit = false;
  sj_fold fold = {.bytes = (const uint8_t *)text, .end = len};
  for (uint32_t code = sj_fold_next(&fold); code != 0;
       code = sj_fold_next(&fold)) {
    const bool letter = code >= 'a' && code <= 'z';
    digit = digit || (code >= '0' && code <= '9');
    if (letter || (code >= '0' && code <= '9') ||
        (code == '@' && how.from == SJ_FROM_EMAIL))
      kept[count++] = (char)code;
  }
  // What is shorter names nothing.
  if (count < 3 || count > LONGEST_CODE) return SJ_OK;
  const bool address = how.from == SJ_FROM_EMAIL || how.from == SJ_FROM_URL;
  if (!address && !digit) return SJ_OK;
  how.text = kept;
  how.len = (uint8_t)count;
  how.weak = how.weak || (!address && count < ALONE);
  for (size_t i = 0; i < chart->code_count; i++)
    if (chart->codes[i].len == count &&
        memcmp(chart->codes[i].text, kept, count) == 0)
      return SJ_OK;
  sj_known_code *at =
      sj_array_room(chart->arena, chart->codes, chart->code_count,
                    &chart->code_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  chart->codes = at;
  at[chart->code_count++] = how;
  return SJ_OK;
}

// The digits behind a country code; 0 where none is known.
static size_t country_code(const char *digits, size_t count) {
  static const char *const codes[] = {
      "1",   "7",   "20",  "30",  "31",  "32",  "33",  "34",  "39",  "40",
      "41",  "43",  "44",  "45",  "46",  "47",  "48",  "49",  "52",  "55",
      "61",  "212", "213", "216", "221", "225", "237", "243", "262", "351",
      "352", "353", "377", "590", "594", "596", "687", "689"};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    const size_t len = strlen(codes[i]);
    if (count >= len + 7 && memcmp(digits, codes[i], len) == 0) return len;
  }
  return 0;
}

static sj_status
add_phone(sj_chart *chart, uint16_t label, const char *digits, size_t count) {
  const sj_known_code how = {
      .label = label, .from = SJ_FROM_PHONE, .tail = true};
  return sj_chart_code(chart, how, digits, count);
}

// Every way of dialling it: 617..., 1617..., 001617...; 06..., 336..., 3306....
sj_status
sj_chart_phone(sj_chart *chart, uint16_t label, const char *text, size_t len) {
  enum { MOST = 20 };
  char all[MOST + 8];
  size_t count = 0;
  for (size_t i = 0; i < len && count < MOST; i++) {
    const char low = (char)(text[i] | 0x20);
    if (text[i] >= '0' && text[i] <= '9')
      all[count++] = text[i];
    else if (count >= 7 && low >= 'a' && low <= 'z')
      break; // an extension
  }
  if (count < 7) return add_phone(chart, label, all, count);
  const char *core = all;
  size_t cc = 0;
  const bool plus = memchr(text, '+', len) != NULL;
  if (plus || (count > 9 && all[0] == '0' && all[1] == '0')) {
    core += plus ? 0 : 2;
    count -= plus ? 0 : 2;
    cc = country_code(core, count);
  } else if (count == 11 && all[0] == '1') {
    cc = 1;
  }
  char form[MOST + 8];
  memcpy(form, core, cc); // the country code, as far as it is known
  core += cc;
  count -= cc;
  while (count > 7 && core[0] == '0') {
    core++;
    count--;
  }
  if (cc == 0 && count == 10) form[0] = '1', cc = 1;
  if (cc == 0 && count == 9) form[0] = form[1] = '3', cc = 2;
  memcpy(form + cc + 1, core, count);
  sj_status status = add_phone(chart, label, core, count);
  form[cc] = '0';
  if (status == SJ_OK) status = add_phone(chart, label, form + cc, count + 1);
  if (status == SJ_OK && cc > 0)
    status = add_phone(chart, label, form, cc + count + 1);
  memmove(form + cc, form + cc + 1, count);
  if (status == SJ_OK && cc > 0)
    status = add_phone(chart, label, form, cc + count);
  // The same without its area.
  if (status == SJ_OK && count == 10)
    status = add_phone(chart, label, core + 3, 7);
  return status;
}

// ---------------------------------------------------------------------------
// Places

sj_status sj_chart_place(sj_chart *chart,
                         sj_label label,
                         sj_known_source from,
                         const char *text,
                         size_t len) {
  enum { MOST = 16 };
  sj_piece words[MOST];
  const size_t count = read_words(text, len, words, MOST);
  if (count == 0 || (count == 1 && words[0].len < 3)) return SJ_OK;
  sj_piece *kept = sj_arena_take(chart->arena, count * sizeof(*kept));
  sj_known_place *at =
      kept == NULL
          ? NULL
          : sj_array_room(chart->arena, chart->places, chart->place_count,
                          &chart->place_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  memcpy(kept, words, count * sizeof(*kept));
  chart->places = at;
  at[chart->place_count++] = (sj_known_place){.words = kept,
                                              .count = (uint32_t)count,
                                              .label = (uint16_t)label,
                                              .from = (uint8_t)from};
  return SJ_OK;
}

// A piece of an address that somebody wrote as one string.
static sj_status add_piece(sj_chart *chart, const char *text, size_t len) {
  enum { MOST = 16 };
  sj_piece words[MOST];
  const size_t count = read_words(text, len, words, MOST);
  const sj_known_code zip = {.label = SJ_LABEL_ZIP, .from = SJ_FROM_POSTAL};
  size_t letters = 0;
  for (size_t i = 0; i < count; i++)
    letters += words[i].shape != SJ_WORD_DIGITS && words[i].len > 2;
  if (count == 0) return SJ_OK;
  // 75011 Paris
  if (words[0].shape == SJ_WORD_DIGITS && words[0].len >= 4 && letters > 0 &&
      letters == count - 1) {
    const sj_status status = sj_chart_code(chart, zip, text + words[0].start,
                                           words[0].end - words[0].start);
    if (status != SJ_OK) return status;
    return sj_chart_place(chart, SJ_LABEL_CITY, SJ_FROM_CITY,
                          text + words[0].end, len - words[0].end);
  }
  const sj_piece *last = &words[count - 1];
  if (letters == 0 && last->shape == SJ_WORD_DIGITS && last->len >= 4) {
    // MA 02115, 02115-1234
    const size_t from = count > 1 && words[count - 2].shape == SJ_WORD_DIGITS
                            ? words[count - 2].start
                            : last->start;
    return sj_chart_code(chart, zip, text + from, last->end - from);
  }
  if (letters == 0) return SJ_OK; // a state's code
  bool digits = false;
  for (size_t i = 0; i < count; i++)
    digits = digits || words[i].shape == SJ_WORD_DIGITS;
  return digits ? sj_chart_place(chart, SJ_LABEL_ADDRESS, SJ_FROM_ADDRESS, text,
                                 len)
                : sj_chart_place(chart, SJ_LABEL_CITY, SJ_FROM_CITY, text, len);
}

sj_status sj_chart_address(sj_chart *chart, const char *text, size_t len) {
  sj_status status = SJ_OK;
  for (size_t from = 0; from <= len && status == SJ_OK;) {
    size_t to = from;
    while (to < len && text[to] != ',' && text[to] != '\n')
      to++;
    status = add_piece(chart, text + from, to - from);
    from = to + 1;
  }
  return status;
}
