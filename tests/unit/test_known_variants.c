// SPDX-License-Identifier: Apache-2.0
//
// The known patient by property: invented people, written in every form that
// notes know, in invented sentences of two languages. At least 995 of 1,000
// must be found whole. SJ_VARIANTS sets how many are tried.

#include "check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "known_parts.h"
#include "scrubjay/scrubjay.h"

enum { KINDS = 32, VARIANTS = 12000, ROOM = 512 };

typedef struct person {
  const char *given, *middle, *family, *nick;
  bool french;
} person;

// Names that are words, short, double, with particles and accents among them.
static const person people[] = {
    {"Robert", "Alan", "Hathersage", "Bob", false},
    {"Margaret", "Rose", "Oyelaran", "Peggy", false},
    {"William", "Theo", "Brackenridge", "Bill", false},
    {"Elizabeth", "Mae", "O'Donovan", "Beth", false},
    {"Michael", "Sean", "MacAllister", "Mike", false},
    {"Katherine", "Anne", "Fitzwilliam", "Kate", false},
    {"Jos\xC3\xA9", "Luis", "Garcia Villanueva", "Pepe", false},
    {"Priya", "Devi", "Raghunathan", "Priya", false},
    {"Rose", "Ellen", "May", "Rosie", false},
    {"Mark", "Dean", "Long", "Mark", false},
    {"Anthony", "Paul", "van der Meulen", "Tony", false},
    {"Patricia", "Jo", "Banks", "Trish", false},
    {"\xC3\x89lisabeth", "Anne", "Beauchesne", "Babeth", true},
    {"Jean-Pierre", "Henri", "Delacourt", "Jeannot", true},
    {"Fran\xC3\xA7oise", "Marie", "Lef\xC3\xA8vre-Montagnac", "Fanfan", true},
    {"Guillaume", "Louis", "de Kersauzon", "Guillou", true},
    {"Bernadette", "Rose", "Petit", "Dette", true},
    {"Fr\xC3\xA9"
     "d\xC3\xA9ric",
     "Paul", "Charpentreau", "Fred", true},
    {"Ma\xC3\xABlle", "Jeanne",
     "Le Bouh\xC3\xA9"
     "c",
     "Ma\xC3\xABlle", true},
    {"Christophe", "Yves", "N'Diaye", "Tof", true},
    {"Suzanne", "Colette", "Saint-Germier", "Suzette", true},
    {"Th\xC3\xA9odore", "Luc", "Marin", "Th\xC3\xA9o", true}};

static const char *const english[] = {
    "The team reviewed the plan with %s before discharge.",
    "Labs drawn this morning for %s were unremarkable.",
    "Per %s, the pain started two days ago and is worse at night.",
    "follow up arranged with %s next week\nno new concerns",
    "Discussed with the daughter and %s at the bedside.",
    "Assessment: stable. Consent obtained from %s; copy in the record."};
static const char *const french[] = {
    "Nous avons revu %s en consultation ce matin.",
    "Le traitement de %s est poursuivi sans modification.",
    "au retour, %s signale une g\xC3\xAAne moins forte\npas de fi\xC3\xA8vre",
    "Courrier remis \xC3\xA0 %s lors de la sortie.",
    "Bilan : sans anomalie. Accord recueilli aupr\xC3\xA8s de %s, copie "
    "vers\xC3\xA9"
    "e au dossier."};

static uint64_t state = 20240229;
static unsigned dice(unsigned sides) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)((state >> 20) % sides);
}

typedef struct chart {
  const person *who;
  int year, month, day;
  char mrn[8], ssn[10], phone[11], json[2048];
} chart;

static void fill_digits(char *out, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    out[i] = (char)('0' + dice(i == 0 ? 9 : 10) + (i == 0));
  out[count] = '\0';
}

static void make_chart(chart *c) {
  *c = (chart){.who = &people[dice(sizeof people / sizeof *people)],
               .year = 1925 + (int)dice(95),
               .month = 1 + (int)dice(12),
               .day = 1 + (int)dice(28)};
  fill_digits(c->mrn, 7);
  fill_digits(c->ssn, 9);
  if (c->who->french) {
    fill_digits(c->phone + 1, 9);
    c->phone[0] = '0';
  } else {
    fill_digits(c->phone, 10);
  }
  (void)snprintf(
      c->json, sizeof c->json,
      "{\"patient\":{\"name\":[{\"given\":[\"%s\",\"%s\"],\"family\":\"%s\"}],"
      "\"birthDate\":\"%04d-%02d-%02d\",\"identifier\":[{\"type\":\"MRN\","
      "\"value\":\"%s\"},{\"type\":\"SSN\",\"value\":\"%s\"}],\"phone\":\"%s\","
      "\"email\":\"%.1s.person@Example.org\",\"address\":{\"line\":\"%u %s\","
      "\"city\":\"%s\",\"postalCode\":\"%05u\"}}}",
      c->who->given, c->who->middle, c->who->family, c->year, c->month, c->day,
      c->mrn, c->ssn, c->phone, c->mrn, 1 + dice(200),
      c->who->french ? "rue des Tilleuls Argent\xC3\xA9s" : "Larkspur Avenue",
      c->who->french ? "Saint-Aubin-les-Ormes" : "Port Fennimore",
      10000 + dice(80000));
}

// ---------------------------------------------------------------------------
// Changes

static void upper(char *text) { // ASCII; accents stay as they are, as they do
  for (; *text != '\0'; text++)
    if (*text >= 'a' && *text <= 'z') *text -= 32;
}
static void small(char *text) {
  for (; *text != '\0'; text++)
    if (*text >= 'A' && *text <= 'Z') *text += 32;
}

static void change(char *text, const char *from, const char *to) {
  char *at = strstr(text, from);
  if (at == NULL) return;
  char rest[ROOM];
  strcpy(rest, at + strlen(from));
  strcpy(at, to);
  strcat(at, rest);
}

static const sj_known_lists *lists;

static bool is_word(const char *text) {
  sj_piece piece;
  uint32_t at = 0;
  const sj_chart c = {.lists = lists};
  if (!sj_piece_next((const uint8_t *)text, (uint32_t)strlen(text), &at,
                     &piece))
    return true;
  return at != strlen(text) || sj_chart_is_ordinary(&c, &piece);
}

// One slip in an ASCII word of five letters or more, two in one of eight, that
// makes no ordinary word; false where none was made.
static bool slip(char *word) {
  const size_t len = strlen(word);
  for (size_t i = 0; i < len; i++)
    if (((word[i] | 0x20) < 'a') || ((word[i] | 0x20) > 'z')) return false;
  if (len < 5) return false;
  for (int tries = 0; tries < 20; tries++) {
    char out[64];
    strcpy(out, word);
    const unsigned count = len >= 8 ? 1 + dice(2) : 1;
    for (unsigned k = 0; k < count; k++) {
      const size_t now = strlen(out);
      const size_t at = 1 + dice((unsigned)now - 1);
      switch (dice(4)) {
      case 0: // left out
        memmove(out + at, out + at + 1, now - at);
        break;
      case 1: // doubled
        memmove(out + at + 1, out + at, now - at + 1);
        break;
      case 2: // another
        out[at] = (char)('a' + dice(26));
        break;
      default: // exchanged
        if (at + 1 < now) {
          const char kept = out[at];
          out[at] = out[at + 1];
          out[at + 1] = kept;
        }
      }
    }
    if (strcmp(out, word) == 0 || is_word(out)) continue;
    strcpy(word, out);
    return true;
  }
  return false;
}

// ---------------------------------------------------------------------------
// Forms

static const char *const names[KINDS] = {
    "full",        "last, first",  "LAST First",  "with middle",
    "initial",     "two initials", "surname",     "SURNAME",
    "first name",  "nickname",     "nick + last", "possessive",
    "over a line", "slip alone",   "slip beside", "no accents",
    "small",       "title",        "half a name", "numeric date",
    "month name",  "short date",   "ordinal day", "ISO and compact",
    "number",      "SSN",          "phone",       "last four",
    "e-mail",      "street",       "town",        "joined"};

static void title_of(const person *p, char *out) {
  (void)snprintf(out, ROOM, "%s %s", p->french ? "Mme" : "Mr.", p->family);
}

static bool is_small_word(const char *name) {
  return is_word(name) || strlen(name) <= 3;
}

static bool write_name(const person *p, unsigned kind, char *out) {
  char word[64];
  switch (kind) {
  case 0:
    (void)snprintf(out, ROOM, "%s %s", p->given, p->family);
    return true;
  case 1:
    (void)snprintf(out, ROOM, "%s, %s", p->family, p->given);
    return true;
  case 2:
    (void)snprintf(word, sizeof word, "%s", p->family);
    upper(word);
    (void)snprintf(out, ROOM, "%s %s", word, p->given);
    return true;
  case 3:
    (void)snprintf(out, ROOM, "%s %.1s. %s", p->given, p->middle, p->family);
    return true;
  case 4:
    if ((unsigned char)p->given[0] >= 0x80) return false;
    (void)snprintf(out, ROOM, "%.1s. %s", p->given, p->family);
    return true;
  case 5:
    if ((unsigned char)p->given[0] >= 0x80) return false;
    (void)snprintf(out, ROOM, "%.1s%.1s %s", p->given, p->middle, p->family);
    return true;
  case 6:
    (void)snprintf(out, ROOM, "%s", p->family);
    return true;
  case 7:
    (void)snprintf(out, ROOM, "%s", p->family);
    upper(out);
    return true;
  case 8:
    (void)snprintf(out, ROOM, "%s", p->given);
    return true;
  case 9:
    (void)snprintf(out, ROOM, "%s", p->nick);
    return true;
  case 10:
    (void)snprintf(out, ROOM, "%s %s", p->nick, p->family);
    return true;
  case 11:
    (void)snprintf(out, ROOM, "%s", p->family);
    return !p->french;
  case 12:
    (void)snprintf(out, ROOM, "%s\n%s", p->given, p->family);
    return true;
  case 13:
    (void)snprintf(out, ROOM, "%s", p->family);
    return !is_small_word(p->family) && slip(out);
  case 14:
    (void)snprintf(word, sizeof word, "%s", p->family);
    if (!slip(word)) return false;
    (void)snprintf(out, ROOM, "%s %s", p->given, word);
    return true;
  case 15:
    (void)snprintf(out, ROOM, "%s %s", p->given, p->family);
    for (size_t i = 0; i < 4; i++) {
      change(out, "\xC3\xA9", "e");
      change(out, "\xC3\xA8", "e");
      change(out, "\xC3\xAB", "e");
      change(out, "\xC3\xA7", "c");
      change(out, "\xC3\x89", "E");
    }
    return true;
  case 16:
    (void)snprintf(out, ROOM, "%s %s", p->given, p->family);
    small(out);
    return true;
  case 17:
    title_of(p, out);
    return true;
  case 18: {
    const size_t cut = strcspn(p->family, "- ");
    if (p->family[cut] == '\0') return false;
    (void)snprintf(out, ROOM, "%s %s", p->given, p->family + cut + 1);
    return true;
  }
  default: // 31
    (void)snprintf(out, ROOM, "%s", p->family);
    if (strpbrk(out, "-' ") == NULL) return false;
    while (strpbrk(out, "-' ") != NULL) {
      char *at = strpbrk(out, "-' ");
      memmove(at, at + 1, strlen(at));
    }
    return true;
  }
}

static const char *const month_words[2][12] = {
    {"January", "Feb", "March", "Apr.", "May", "June", "July", "Aug",
     "September", "Oct", "November", "Dec."},
    {"janvier", "f\xC3\xA9vrier", "mars", "avr.", "mai", "juin", "juillet",
     "ao\xC3\xBBt", "sept.", "octobre", "nov",
     "d\xC3\xA9"
     "cembre"}};

static bool write_date(const chart *c, unsigned kind, char *out) {
  static const char signs[] = "/-.";
  const bool f = c->who->french;
  const char *month = month_words[f][c->month - 1];
  const char sign = signs[dice(3)];
  const bool pad = dice(2) == 0;
  const bool us = !f && dice(3) > 0;
  const int first = us ? c->month : c->day;
  const int second = us ? c->day : c->month;
  const char *suffix = c->day % 10 == 1 && c->day != 11   ? "st"
                       : c->day % 10 == 2 && c->day != 12 ? "nd"
                       : c->day % 10 == 3 && c->day != 13 ? "rd"
                                                          : "th";
  switch (kind) {
  case 19:
    if (dice(2) == 0)
      (void)snprintf(out, ROOM, pad ? "%02d%c%02d%c%d" : "%d%c%d%c%d", first,
                     sign, second, sign, c->year);
    else
      (void)snprintf(out, ROOM, pad ? "%02d%c%02d%c%02d" : "%d%c%d%c%02d",
                     first, sign, second, sign, c->year % 100);
    return true;
  case 20:
    if (us)
      (void)snprintf(out, ROOM, "%s %d, %d", month, c->day, c->year);
    else
      (void)snprintf(out, ROOM, dice(2) ? "%d %s %d" : "%d-%s-%d", c->day,
                     month, c->year);
    return true;
  case 21:
    if (dice(2) == 0)
      (void)snprintf(out, ROOM, "%02d/%02d", first, second);
    else
      us ? (void)snprintf(out, ROOM, "%s %d", month, c->day)
         : (void)snprintf(out, ROOM, "%d %s", c->day, month);
    return true;
  case 22:
    if (f)
      (void)snprintf(out, ROOM, "%d%s %s %d", c->day, c->day == 1 ? "er" : "",
                     month, c->year);
    else
      (void)snprintf(out, ROOM, dice(2) ? "%d%s of %s, %d" : "%d%s %s %d",
                     c->day, suffix, month, c->year);
    return true;
  default:
    (void)snprintf(out, ROOM, dice(2) ? "%04d-%02d-%02d" : "%04d%02d%02d",
                   c->year, c->month, c->day);
    return true;
  }
}

/// Digits in groups of the given sizes, parted by one sign.
static void group(const char *digits, const char *sizes, char sign, char *out) {
  size_t len = 0;
  for (; *sizes != '\0'; sizes++) {
    const size_t size = (size_t)(*sizes - '0');
    memcpy(out + len, digits, size);
    digits += size;
    len += size;
    if (sizes[1] != '\0' && sign != 0) out[len++] = sign;
  }
  out[len] = '\0';
}

static bool write_other(const chart *c, unsigned kind, char *out) {
  static const char signs[] = {0, ' ', '-', '.'};
  const char sign = signs[dice(4)];
  const bool f = c->who->french;
  char rest[64];
  switch (kind) {
  case 24:
    group(c->mrn, dice(2) ? "7" : "34", sign, out);
    return true;
  case 25:
    group(c->ssn, "324", sign, out);
    return true;
  case 26:
    if (f && dice(2) == 0) {
      group(c->phone + 1, "12222", sign, rest);
      (void)snprintf(out, ROOM, "+33 %s", rest);
    } else if (f) {
      group(c->phone, "22222", sign, out);
    } else if (dice(3) == 0) {
      group(c->phone + 3, "34", sign, rest);
      (void)snprintf(out, ROOM, "(%.3s) %s", c->phone, rest);
    } else {
      group(c->phone, "334", sign, rest);
      (void)snprintf(out, ROOM, "%s%s", dice(2) ? "+1 " : "", rest);
    }
    return true;
  case 27:
    (void)snprintf(out, ROOM, "%s", c->ssn + 5);
    return true;
  case 28:
    (void)snprintf(out, ROOM, "%.1s.PERSON@example.org", c->mrn);
    if (dice(2)) small(out);
    return true;
  case 29:
    (void)snprintf(out, ROOM, "%s",
                   f         ? "rue des Tilleuls Argentes"
                   : dice(2) ? "Larkspur Ave"
                             : "larkspur avenue");
    return true;
  default:
    (void)snprintf(
        out, ROOM, "%s",
        f         ? (dice(2) ? "St Aubin les Ormes" : "SAINT-AUBIN-LES-ORMES")
        : dice(2) ? "Port Fennimore"
                  : "port fennimore");
    return true;
  }
}

static bool write_form(const chart *c, unsigned kind, char *out) {
  if (kind <= 18 || kind == 31) return write_name(c->who, kind, out);
  if (kind <= 23) return write_date(c, kind, out);
  return write_other(c, kind, out);
}

/// The form in a sentence; gives where it starts.
static size_t
in_sentence(const chart *c, unsigned kind, const char *form, char *out) {
  const char *sentence = c->who->french
                             ? french[dice(sizeof french / sizeof *french)]
                             : english[dice(sizeof english / sizeof *english)];
  const size_t before = (size_t)(strstr(sentence, "%s") - sentence);
  const char *lead = "";
  if (kind == 27) lead = c->who->french ? "finissant par " : "ending in ";
  (void)snprintf(out, ROOM * 2, "%.*s%s%s%s%s", (int)before, sentence, lead,
                 form, kind == 11 ? "'s" : "", sentence + before + 2);
  return before + strlen(lead);
}

static bool is_found(sj_session *session,
                     const chart *c,
                     const char *text,
                     size_t start,
                     size_t end) {
  const sj_session_options how = {.known = {"known", c->json, strlen(c->json)}};
  if (sj_session_start(session, text, strlen(text), &how, NULL) != SJ_OK)
    return false;
  size_t count = 0;
  const sj_span *spans = sj_session_spans(session, &count);
  for (size_t at = start; at < end; at++) {
    const unsigned char b = (unsigned char)text[at];
    bool in = !(b >= 0x80 || (b >= '0' && b <= '9') ||
                ((b | 0x20) >= 'a' && (b | 0x20) <= 'z'));
    for (size_t i = 0; i < count && !in; i++)
      in = (spans[i].flags & SJ_FLAG_KNOWN) != 0 && spans[i].start <= at &&
           at < spans[i].end;
    if (!in) return false;
  }
  return true;
}

/// Where what must be found begins: a title stays outside.
static size_t skip_title(unsigned kind, const char *form) {
  return kind == 17 ? strcspn(form, " ") + 1 : 0;
}

static void nearly_all_variants_are_found(const sj_engine *engine) {
  const char *wanted = getenv("SJ_VARIANTS");
  const unsigned most = wanted != NULL ? (unsigned)atoi(wanted) : VARIANTS;
  unsigned tried[KINDS] = {0};
  unsigned found[KINDS] = {0};
  unsigned all = 0;
  unsigned good = 0;
  sj_session *session = NULL;
  CHECK(sj_session_new(engine, &session) == SJ_OK);
  while (all < most) {
    chart c;
    make_chart(&c);
    for (unsigned kind = 0; kind < KINDS; kind++) {
      char form[ROOM];
      char text[ROOM * 2];
      if (!write_form(&c, kind, form)) continue;
      const size_t at = in_sentence(&c, kind, form, text);
      const bool is = is_found(session, &c, text, at + skip_title(kind, form),
                               at + strlen(form));
      if (!is && tried[kind] - found[kind] < 2)
        printf("missed, %s: %s (%s)\n", names[kind], form, text);
      tried[kind]++;
      found[kind] += is;
      all++;
      good += is;
    }
  }
  sj_session_free(session);
  for (unsigned kind = 0; kind < KINDS; kind++)
    printf("%-16s %5u of %5u\n", names[kind], found[kind], tried[kind]);
  printf("%u of %u variants found: %.2f %%\n", good, all, 100.0 * good / all);
  CHECK(good * 1000.0 >= all * 995.0);
}

int main(void) {
  const sj_engine_config config = {0};
  sj_engine *engine = NULL;
  if (sj_engine_new(&config, &engine, NULL) != SJ_OK) return 1;
  // The lists once more, to tell a slip that makes an ordinary word.
  sj_allocator usual = {0};
  sj_names *register_of_names = NULL;
  sj_lexicon *lexicon = NULL;
  sj_known_lists *own = NULL;
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  CHECK(sj_names_new(usual, &register_of_names) == SJ_OK);
  CHECK(sj_lexicon_new(files, count, register_of_names, usual, &lexicon,
                       NULL) == SJ_OK);
  CHECK(sj_known_lists_new(files, count, register_of_names, usual, &own,
                           NULL) == SJ_OK);
  sj_known_lists_use(own, lexicon);
  lists = own;
  check_test = "nearly_all_variants_are_found";
  nearly_all_variants_are_found(engine);
  sj_known_lists_free(own);
  sj_lexicon_free(lexicon);
  sj_names_free(register_of_names);
  sj_engine_free(engine);
  return CHECK_DONE();
}
