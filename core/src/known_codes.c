// SPDX-License-Identifier: Apache-2.0
//
// known_codes.c - numbers, phones, e-mails and postal codes of the chart,
// through whatever separates their characters.
//
// The first three characters of every run lead, by a table, to the codes that
// begin so; only these are compared. Four digits alone are looked up among the
// last four of each code, and count where the words before say so.

#include "known_parts.h"

enum { HEAD = 3, TAIL = 4, CONTEXT = 40 };

typedef struct index {
  const sj_chart *chart;
  sj_hashes heads; // first three characters to a code, + 1
  sj_hashes tails; // last four digits to a code, + 1
  uint32_t *next;  // the next code of the same head, + 1
} index;

typedef struct scan {
  const sj_finding *f;
  const index *index;
  const uint8_t *bytes;
  uint32_t len;
} scan;

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte) {
  return byte >= 0x80 || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static uint8_t small(uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

static bool is_part(uint8_t byte) {
  return is_digit(byte) || (byte < 0x80 && is_letter(byte)) || byte == '@';
}

static uint64_t key_of(const uint8_t *bytes, unsigned count) {
  uint64_t key = count;
  for (unsigned i = 0; i < count; i++)
    key = key << 8 | bytes[i];
  return key * UINT64_C(0x9E3779B97F4A7C15);
}

static bool ends_in_digits(const sj_known_code *code) {
  for (unsigned i = 1; i <= TAIL; i++)
    if (!is_digit((uint8_t)code->text[code->len - i])) return false;
  return true;
}

static sj_status build(const sj_chart *chart, sj_arena *arena, index *out) {
  const size_t count = chart->code_count;
  *out = (index){.chart = chart};
  out->next = sj_arena_take(arena, count * sizeof(*out->next));
  if (out->next == NULL) return SJ_NOMEM;
  sj_status status = sj_hashes_init(&out->heads, arena, count);
  if (status == SJ_OK) status = sj_hashes_init(&out->tails, arena, count);
  if (status != SJ_OK) return status;
  for (uint32_t i = 0; i < count; i++) {
    const sj_known_code *code = &chart->codes[i];
    const uint8_t *text = (const uint8_t *)code->text;
    uint32_t *slot = sj_hashes_slot(&out->heads, key_of(text, HEAD));
    out->next[i] = *slot;
    *slot = i + 1;
    if (!code->tail || code->len < 7 || !ends_in_digits(code)) continue;
    slot = sj_hashes_slot(&out->tails, key_of(text + code->len - TAIL, TAIL));
    if (*slot == 0) *slot = i + 1;
  }
  return SJ_OK;
}

// ---------------------------------------------------------------------------

static bool is_address(const sj_known_code *code) {
  return code->from == SJ_FROM_EMAIL || code->from == SJ_FROM_URL;
}

// Whether the byte may stand between two characters of a code.
static bool may_part(const sj_known_code *code, uint8_t byte) {
  const char *these = is_address(code) ? " ._-+%:/?=&~#" : " -./()_\n\t";
  return byte != '\0' && strchr(these, byte) != NULL;
}

// Where the code ends that starts at `at`; 0 where it does not stand there.
static uint32_t
walk(const scan *s, const sj_known_code *code, uint32_t at, uint32_t *first) {
  enum { BETWEEN = 3 };
  uint32_t i = at;
  for (unsigned k = 0; k < code->len; k++) {
    unsigned between = 0;
    while (k > 0 && i < s->len && between < BETWEEN &&
           may_part(code, s->bytes[i]) &&
           small(s->bytes[i]) != (uint8_t)code->text[k]) {
      between++;
      i++;
    }
    if (i >= s->len || small(s->bytes[i]) != (uint8_t)code->text[k]) return 0;
    if (k == 0) *first = i;
    i++;
  }
  if (i < s->len && is_digit(s->bytes[i])) return 0;
  const bool extension =
      code->from == SJ_FROM_PHONE && i < s->len && small(s->bytes[i]) == 'x';
  if (i < s->len && is_letter(s->bytes[i]) && !extension) return 0;
  return i;
}

// Small ASCII letters of what stands before `at`, in the same paragraph.
static size_t before(const scan *s, uint32_t at, char *out, size_t room) {
  const uint32_t from = at > room - 1 ? at - (uint32_t)(room - 1) : 0;
  size_t len = 0;
  for (uint32_t i = from; i < at; i++) {
    if (s->bytes[i] == '\n' && i + 1 < at && s->bytes[i + 1] == '\n') len = 0;
    // Bytes as they are: words are compared as bytes, too.
    const uint8_t byte = s->bytes[i] == 0 ? ' ' : small(s->bytes[i]);
    memcpy(out + len++, &byte, 1);
  }
  out[len] = '\0';
  return len;
}

static bool
holds_one(const char *text, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strstr(text, words[i]) != NULL) return true;
  return false;
}

// Whether the words before introduce a number of somebody.
static bool is_labelled(const scan *s, uint32_t at) {
  static const char *const words[] = {
      "mrn",   "id",      "no.",    "n\xC2\xB0",  "num",   "#",     "ipp",
      "chart", "dossier", "record", "account",    "acct",  "badge", "code",
      "nip",   "phone",   "tel",    "t\xC3\xA9l", "poste", "pager", "ext"};
  char text[CONTEXT];
  const uint32_t from = at > 20 ? at - 20 : 0;
  char *start = text;
  const size_t len = before(s, at, text, sizeof(text));
  if (len > at - from) start += len - (at - from);
  return holds_one(start, words, sizeof words / sizeof *words);
}

// Whether the words before say that these are the last digits of something.
static bool is_introduced(const scan *s, uint32_t at) {
  static const char *const words[] = {
      "ending",      "ends in", "last four", "last 4",
      "last digits", "dernier", "termin",    "finissant",
      "finit par",   "xx",      "**",        "\xE2\x80\xA2\xE2\x80\xA2"};
  char text[CONTEXT];
  (void)before(s, at, text, sizeof(text));
  return holds_one(text, words, sizeof words / sizeof *words);
}

// A postal code is five digits, as laboratory values may be: a unit behind it
// speaks against it, and one that is round wants a town beside it.
static bool postal_fits(const scan *s, uint32_t start, uint32_t end) {
  static const char *const units[] = {"mg",  "ml",   "ui",  "iu",  "cell",
                                      "cop", "g/",   "/",   "%",   "x10",
                                      "u/",  "leuc", "pla", "plt", "wbc"};
  uint32_t i = end;
  while (i < s->len && s->bytes[i] == ' ')
    i++;
  char text[8] = {0};
  for (uint32_t k = 0; k < sizeof(text) - 1 && i + k < s->len; k++)
    text[k] = (char)small(s->bytes[i + k]);
  for (size_t k = 0; k < sizeof units / sizeof *units; k++)
    if (strncmp(text, units[k], strlen(units[k])) == 0) return false;
  if (i + 1 < s->len && (s->bytes[i] == '.' || s->bytes[i] == ',') &&
      i == end && is_digit(s->bytes[i + 1]))
    return false;
  if (end - start < 2 || s->bytes[end - 1] != '0' || s->bytes[end - 2] != '0')
    return true;
  if (i < s->len && s->bytes[i] >= 'A' && s->bytes[i] <= 'Z') return true;
  uint32_t word = start;
  while (word > 0 && strchr(" ,-", s->bytes[word - 1]) != NULL)
    word--;
  while (word > 0 && is_letter(s->bytes[word - 1]))
    word--;
  return s->bytes[word] >= 'A' && s->bytes[word] <= 'Z';
}

static bool
fits(const scan *s, const sj_known_code *code, uint32_t start, uint32_t end) {
  if (code->from == SJ_FROM_POSTAL) return postal_fits(s, start, end);
  return !code->weak || is_labelled(s, start);
}

// `ext. 45`, `poste 12` behind a phone number belong to it.
static uint32_t with_extension(const scan *s, uint32_t end) {
  static const char *const words[] = {"extension", "ext", "poste", "x"};
  uint32_t i = end;
  while (i < s->len && i - end < 3 &&
         (s->bytes[i] == ' ' || s->bytes[i] == ','))
    i++;
  size_t word = 0;
  for (size_t k = 0; k < sizeof words / sizeof *words && word == 0; k++) {
    size_t same = 0;
    while (words[k][same] != '\0' && i + same < s->len &&
           small(s->bytes[i + same]) == (uint8_t)words[k][same])
      same++;
    if (words[k][same] == '\0') word = same;
  }
  if (word == 0) return end;
  i += (uint32_t)word;
  while (i < s->len && (s->bytes[i] == '.' || s->bytes[i] == ' '))
    i++;
  const uint32_t digits = i;
  while (i < s->len && is_digit(s->bytes[i]))
    i++;
  return i > digits && i - digits <= 6 ? i : end;
}

static sj_status
claim(const scan *s, const sj_known_code *code, uint32_t start, uint32_t end) {
  if (code->from == SJ_FROM_PHONE) {
    if (start > 0 && s->bytes[start - 1] == '+') start--;
    if (start > 0 && s->bytes[start - 1] == '(' &&
        memchr(s->bytes + start, ')', end - start) != NULL)
      start--;
    end = with_extension(s, end);
  }
  const sj_claim how = {.label = code->label,
                        .subtype = code->subtype,
                        .score = 1000,
                        .source = sj_known_source_id(
                            s->f->chart->lists, (sj_known_source)code->from)};
  return sj_finding_claim(s->f, start, end, how);
}

// The codes that may start at `at`. Gives the end of the longest, or `at`.
static sj_status try_at(const scan *s, uint32_t at, uint32_t *past) {
  uint8_t head[HEAD];
  unsigned count = 0;
  for (uint32_t i = at; i < s->len && count < HEAD && i - at < 8; i++)
    if (is_part(s->bytes[i])) head[count++] = small(s->bytes[i]);
  if (count < HEAD) return SJ_OK;
  const sj_known_code *best = NULL;
  uint32_t best_start = 0;
  uint32_t best_end = 0;
  const bool behind_letter = at > 0 && is_letter(s->bytes[at - 1]);
  uint32_t code = sj_hashes_get(&s->index->heads, key_of(head, HEAD));
  for (; code != 0; code = s->index->next[code - 1]) {
    const sj_known_code *one = &s->index->chart->codes[code - 1];
    uint32_t first = at;
    if (behind_letter && (one->weak || is_address(one))) continue;
    const uint32_t end = walk(s, one, at, &first);
    if (end > best_end && fits(s, one, first, end)) {
      best = one;
      best_start = first;
      best_end = end;
    }
  }
  if (best == NULL) return SJ_OK;
  *past = best_end;
  return claim(s, best, best_start, best_end);
}

static sj_status try_tail(const scan *s, uint32_t at) {
  if (s->len - at < TAIL) return SJ_OK;
  for (unsigned i = 0; i < TAIL; i++)
    if (!is_digit(s->bytes[at + i])) return SJ_OK;
  if (at + TAIL < s->len && is_digit(s->bytes[at + TAIL])) return SJ_OK;
  const uint32_t code =
      sj_hashes_get(&s->index->tails, key_of(s->bytes + at, TAIL));
  if (code == 0 || !is_introduced(s, at)) return SJ_OK;
  return claim(s, &s->index->chart->codes[code - 1], at, at + TAIL);
}

// Whether a code may start here: where a run starts, where digits follow
// letters, and behind zeros that only fill up.
static bool may_start(const scan *s, uint32_t at) {
  const uint8_t byte = s->bytes[at];
  if (!is_part(byte) || byte == '@') return false;
  if (at == 0) return true;
  const uint8_t last = s->bytes[at - 1];
  if (is_digit(byte)) {
    if (!is_digit(last)) return true;
    uint32_t zero = at;
    while (zero > 0 && s->bytes[zero - 1] == '0')
      zero--;
    return zero < at && byte != '0' &&
           (zero == 0 || !is_digit(s->bytes[zero - 1]));
  }
  return !is_letter(last) && !is_digit(last);
}

sj_status sj_known_find_codes(const sj_finding *f) {
  if (f->chart->code_count == 0) return SJ_OK;
  index codes;
  sj_status status = build(f->chart, f->arena, &codes);
  const scan s = {
      .f = f, .index = &codes, .bytes = f->view->bytes, .len = f->view->len};
  uint32_t past = 0;
  for (uint32_t at = 0; at < s.len && status == SJ_OK; at++) {
    if (at < past || !may_start(&s, at)) continue;
    status = try_at(&s, at, &past);
    if (status == SJ_OK && past <= at && is_digit(s.bytes[at]) &&
        (at == 0 || !is_digit(s.bytes[at - 1])))
      status = try_tail(&s, at);
  }
  return status;
}
