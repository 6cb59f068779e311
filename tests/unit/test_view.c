// SPDX-License-Identifier: Apache-2.0
//
// What patterns see of a text, and that every way back is exact.

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "text.h"
#include "view.h"

static sj_allocator usual(void) {
  const sj_allocator none = {0};
  return sj_allocator_or_default(none);
}

static void
build(sj_arena *arena, const void *bytes, size_t len, sj_text *t, sj_view *v) {
  size_t bad = 0;
  CHECK(sj_text_take(t, arena, bytes, len, &bad) == SJ_OK);
  CHECK(sj_view_build(v, arena, t, 0) == SJ_OK);
}

static bool sees(const char *text, const char *want) {
  sj_arena arena;
  sj_arena_init(&arena, usual());
  sj_text t;
  sj_view v;
  build(&arena, text, strlen(text), &t, &v);
  const bool same = v.len == strlen(want) && memcmp(v.bytes, want, v.len) == 0;
  if (!same) fprintf(stderr, "got: %.*s\n", (int)v.len, (const char *)v.bytes);
  sj_arena_release(&arena);
  return same;
}

static bool stays(const char *text) {
  return sees(text, text);
}

static void hidden_characters_go(void) {
  CHECK(sees("Jo\xE2\x80\x8Bhn S\xC2\xADmith", "John Smith"));
  CHECK(sees("\xEF\xBB\xBFMRN\xE2\x80\x8E 12\xE2\x81\xA0"
             "34",
             "MRN 1234"));
  CHECK(sees("a\xEF\xB8\x8F\xF3\xA0\x81\x81"
             "b",
             "ab"));
}

static void wide_and_styled_characters_are_plain(void) {
  CHECK(sees("ＭＲＮ：１２３", "MRN:123"));
  CHECK(sees("𝐉𝐨𝐡𝐧 𝟏𝟐 ⓐ", "John 12 a"));
  CHECK(sees("ﬁn, ofﬁce", "fin, office"));
  CHECK(stays("Zephyr™ valve"));
}

static void blanks_hyphens_quotes_and_line_ends_are_plain(void) {
  CHECK(sees("06\u00A012\u202F34\t5", "06 12 34\t5"));
  CHECK(sees("555‑123–4567 — so", "555-123-4567 — so"));
  CHECK(sees("O’Brien « x »", "O'Brien \" x \""));
  CHECK(sees("a\r\nb\rc\u2028d", "a\nb\nc\nd"));
}

static void accents_are_composed_and_strokes_dropped(void) {
  CHECK(sees("He\xCC\x81le\xCC\x80ne", "Hélène"));
  CHECK(sees("J\xCC\xB6o\xCC\xB6", "Jo"));
  CHECK(sees("e\xE2\x80\x8B\xCC\x81", "é"));
}

static void look_alikes_in_latin_words_are_latin(void) {
  CHECK(sees("Sm\xD1\x96th J\xD0\xBEhn", "Smith John"));
  CHECK(stays("Иван Петров"));
  CHECK(stays("TNFα and β-blocker, 5 µg"));
}

static void a_number_over_a_line_end_is_one(void) {
  CHECK(sees("SSN 123-45-\n6789", "SSN 123-45-6789"));
  CHECK(sees("SSN 123-45\n  -6789", "SSN 123-45-6789"));
  CHECK(sees("tel 06 12 34\n56 78 x", "tel 06 12 34 56 78 x"));
  CHECK(sees("NIR 2 85 05 78\n006 084", "NIR 2 85 05 78 006 084"));
  CHECK(sees("06.12.34.\n56.78", "06.12.34.56.78"));
  CHECK(sees("MRN: 1234\n5678\nBP", "MRN: 12345678\nBP"));
}

static void cells_of_a_table_are_not_one_number(void) {
  CHECK(stays("Na 140\n4.1 mmol"));
  CHECK(stays("12 34 56\n78 90 12"));
  CHECK(stays("MRN: 1234567\n7654321\n2345678"));
  CHECK(stays("ZIP: 02139\n6175550142"));
  CHECK(stays("DOB year: 1985\n2024"));
  CHECK(stays("BP was 120.\n2. Continue"));
  CHECK(stays("Hb 12\n-3 doses"));
}

static void words_over_a_line_end_are_one(void) {
  CHECK(sees("Mr Mar-\ntin", "Mr Martin"));
  CHECK(sees("Jean-\n  Pierre", "Jean-Pierre"));
  CHECK(sees("Ville-\nla-Forêt", "Ville-la-Forêt"));
  CHECK(sees("Mar\xC2\xAD\ntin", "Martin"));
  CHECK(stays("- one\n- two"));
  CHECK(stays("on -\ntwo"));
}

static void spaced_digits_and_capitals_are_one(void) {
  CHECK(sees("SSN 1 2 3 - 4 5 - 6 7 8 9.", "SSN 123-45-6789."));
  CHECK(sees("0 3 / 1 5 / 1 9 8 5", "03/15/1985"));
  CHECK(sees("M. D U P O N T x", "M. DUPONT x"));
  CHECK(sees("J E A N  D U P O N T", "JEAN  DUPONT"));
  CHECK(sees("H É L È N E", "HÉLÈNE"));
  CHECK(stays("1 2 3 4"));
  CHECK(stays("0 1 2 3 4 5 6 7 8 9"));
  CHECK(stays("A B C D E"));
  CHECK(stays("Y N N Y Y N"));
  CHECK(stays("10 2 3 40 5 66"));
}

static void plain_text_is_not_copied(void) {
  sj_arena arena;
  sj_arena_init(&arena, usual());
  sj_text t;
  sj_view v;
  build(&arena, "Seen on rounds.\nStable.", 23, &t, &v);
  CHECK(v.bytes == t.bytes);
  CHECK(v.map.run_count == 1);
  sj_arena_release(&arena);
}

static uint8_t line_lang(const char *text, uint32_t line, unsigned langs) {
  sj_arena arena;
  sj_arena_init(&arena, usual());
  sj_text t;
  sj_view v;
  size_t bad = 0;
  CHECK(sj_text_take(&t, &arena, text, strlen(text), &bad) == SJ_OK);
  CHECK(sj_view_build(&v, &arena, &t, langs) == SJ_OK);
  const uint8_t lang = line < t.line_count ? v.lang[line] : 0;
  sj_arena_release(&arena);
  return lang;
}

static void passages_have_their_language_and_doubt_has_both(void) {
  const char *mixed = "The patient was seen with her son and she is well.\n\n"
                      "Le patient est vu avec sa fille pour une douleur.\n\n"
                      "BP 120/80";
  CHECK(line_lang(mixed, 0, 0) == SJ_LANG_EN);
  CHECK(line_lang(mixed, 2, 0) == SJ_LANG_FR);
  CHECK(line_lang(mixed, 4, 0) == SJ_LANG_ALL);
  CHECK(line_lang(mixed, 0, SJ_LANG_FR) == SJ_LANG_FR);
  const char *inside = "The patient was seen and she is well with the plan.\n"
                       "Le patient est vu.\nThe plan is for the clinic.";
  CHECK(line_lang(inside, 1, 0) == SJ_LANG_ALL);
}

// ---------------------------------------------------------------------------
// Properties over made-up texts

static uint32_t dice(uint32_t *seed, uint32_t sides) {
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) % sides;
}

static const char *const pieces[] = {
    "a",           "E",         "Mar",       "1",
    "2",           "12",        "345",       "6",
    " ",           " ",         " ",         "\n",
    "\n",          "-",         "-",         ".",
    "/",           ":",         ",",         "\t",
    "\r",          "\r\n",      "\xC2\xAD",  "é",
    "e\xCC\x81",   "\xCC\x82",  "\xCC\xB6",  "\xE2\x80\x8B",
    "\xC2\xA0",    "ﬁ",         "ﬃ",         "Ｍ",
    "𝐉",           "\xD0\xBE",  "\xCE\xB1",  "\xD0\x98",
    "😀",           "—",         "–",         "’",
    "\x01",        "S",         "T",         "U",
    "É",           "9 8 7 6 5", "MRN: 1234", "06 12",
    "\xE2\x80\xA8"};

static size_t make_text(uint32_t *seed, char *out) {
  size_t len = 0;
  const uint32_t count = dice(seed, 40);
  for (uint32_t i = 0; i < count; i++) {
    const char *piece =
        pieces[dice(seed, (uint32_t)(sizeof pieces / sizeof *pieces))];
    memcpy(out + len, piece, strlen(piece));
    len += strlen(piece);
  }
  return len;
}

static bool may_vanish(uint32_t code) {
  return code == ' ' || code == '\n' || code == '\r' || code == '-' ||
         code < 0x20 || code == 0x7F || code == 0xAD || code == 0xA0 ||
         code == 0x2013 || code == 0x2028 || (code >= 0x300 && code <= 0x36F) ||
         code == 0x200B || code == '\t';
}

static void check_map(const sj_text *t, const sj_view *v) {
  uint32_t last_derived = 0;
  uint32_t last_end = 0;
  for (uint32_t i = 0; i < v->map.run_count; i++) {
    const sj_map_run *run = &v->map.runs[i];
    CHECK(i == 0 ? run->derived == 0 : run->derived > last_derived);
    CHECK(run->origin >= last_end);
    last_derived = run->derived;
    last_end = run->origin + run->span;
  }
  CHECK(last_end <= t->len);
  // Every character of the view leads to characters, in order.
  uint8_t *reached = calloc(t->len + 1, 1);
  uint32_t former = 0;
  size_t at = 0;
  while (at < v->len) {
    const uint32_t start = (uint32_t)at;
    sj_utf8_next(v->bytes, &at);
    const sj_range back = sj_map_origin(&v->map, start, (uint32_t)at);
    CHECK(back.start < back.end && back.end <= t->len);
    CHECK(sj_utf8_starts(t->bytes[back.start]));
    CHECK(sj_utf8_starts(t->bytes[back.end]));
    CHECK(back.start >= former);
    former = back.start;
    memset(reached + back.start, 1, back.end - back.start);
  }
  for (size_t i = 0; i < t->len;) {
    const size_t start = i;
    const uint32_t code = sj_utf8_next(t->bytes, &i);
    CHECK(reached[start] || may_vanish(code));
  }
  free(reached);
}

static void views_of_made_up_texts_lead_back_and_are_their_own_views(void) {
  uint32_t seed = 20260101;
  char text[1024];
  for (int round = 0; round < 20000 && check_failures < 5; round++) {
    const size_t len = make_text(&seed, text);
    sj_arena arena;
    sj_arena_init(&arena, usual());
    sj_text t, again;
    sj_view v, second;
    build(&arena, text, len, &t, &v);
    size_t bad = 0;
    CHECK(sj_utf8_valid(v.bytes, v.len, &bad));
    CHECK(v.bytes[v.len] == 0);
    check_map(&t, &v);
    build(&arena, v.bytes, v.len, &again, &second);
    const bool same =
        second.len == v.len && memcmp(second.bytes, v.bytes, v.len) == 0;
    if (!same)
      fprintf(stderr, "round %d:\n[%.*s]\n[%.*s]\n", round, (int)v.len,
              (const char *)v.bytes, (int)second.len,
              (const char *)second.bytes);
    CHECK(same);
    sj_arena_release(&arena);
  }
}

// An allocator that fails at its n-th call.
static void *scarce(void *ctx, void *ptr, size_t size) {
  int *left = ctx;
  if (size == 0) {
    free(ptr);
    return NULL;
  }
  return (*left)-- <= 0 ? NULL : realloc(ptr, size);
}

static void a_failed_allocation_is_a_status(void) {
  char text[40000];
  size_t len = 0;
  while (len < sizeof text - 8) {
    memcpy(text + len, "a\xC2\xA0 b\n", 6);
    len += 6;
  }
  for (int allowed = 0;; allowed++) {
    int left = allowed;
    sj_arena arena;
    sj_arena_init(&arena, (sj_allocator){scarce, &left});
    sj_text t;
    sj_view v = {0};
    size_t bad = 0;
    sj_status status = sj_text_take(&t, &arena, text, len, &bad);
    if (status == SJ_OK) status = sj_view_build(&v, &arena, &t, 0);
    CHECK(status == SJ_OK || (status == SJ_NOMEM && v.bytes == NULL));
    sj_arena_release(&arena);
    if (status == SJ_OK) {
      CHECK(allowed > 1);
      return;
    }
    if (allowed > 100) break;
  }
  CHECK(false);
}

int main(void) {
  RUN(hidden_characters_go);
  RUN(wide_and_styled_characters_are_plain);
  RUN(blanks_hyphens_quotes_and_line_ends_are_plain);
  RUN(accents_are_composed_and_strokes_dropped);
  RUN(look_alikes_in_latin_words_are_latin);
  RUN(a_number_over_a_line_end_is_one);
  RUN(cells_of_a_table_are_not_one_number);
  RUN(words_over_a_line_end_are_one);
  RUN(spaced_digits_and_capitals_are_one);
  RUN(plain_text_is_not_copied);
  RUN(passages_have_their_language_and_doubt_has_both);
  RUN(views_of_made_up_texts_lead_back_and_are_their_own_views);
  RUN(a_failed_allocation_is_a_status);
  return CHECK_DONE();
}
