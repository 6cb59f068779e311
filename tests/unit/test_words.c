// SPDX-License-Identifier: Apache-2.0
//
// How the view is cut into words, and what is known of each.

#include "check.h"

#include <string.h>

#include "base/alloc.h"
#include "failing_alloc.h"
#include "text.h"
#include "view.h"
#include "words.h"

// ann first-5; bel mar sur town-4; dark an English word, noir a French one;
// blue-green is no entry, its parts are: English 3 and 5, both clinical.
static const char LEXICON[] = "scrubjay-lexicon 1\n"
                              "AFAAAann\n"
                              "AAEAAbel mar\n"
                              "HAEAA sur\n"
                              "AAYgAblue\n"
                              "AAQAAdark\n"
                              "AAogAgreen\n"
                              "AAACAnoir\n";

typedef struct doc {
  sj_arena arena;
  sj_names *names;
  sj_lexicon *lexicon;
  sj_text text;
  sj_view view;
  sj_words words;
} doc;

static sj_status read_doc(doc *d, sj_allocator allocator, const char *text) {
  const sj_file file = {"a.lexicon", LEXICON, strlen(LEXICON)};
  *d = (doc){0};
  size_t bad = 0;
  sj_arena_init(&d->arena, allocator);
  sj_status status = sj_names_new(allocator, &d->names);
  if (status == SJ_OK)
    status = sj_lexicon_new(&file, 1, d->names, allocator, &d->lexicon, NULL);
  if (status == SJ_OK)
    status = sj_text_take(&d->text, &d->arena, text, strlen(text), &bad);
  if (status == SJ_OK) status = sj_view_build(&d->view, &d->arena, &d->text, 0);
  if (status == SJ_OK)
    status =
        sj_words_find(&d->words, &d->arena, d->lexicon, &d->text, &d->view);
  return status;
}

static void drop(doc *d) {
  sj_lexicon_free(d->lexicon);
  sj_names_free(d->names);
  sj_arena_release(&d->arena);
}

static doc take(const char *text) {
  doc d;
  const sj_allocator usual = sj_allocator_or_default((sj_allocator){0});
  CHECK(read_doc(&d, usual, text) == SJ_OK);
  return d;
}

// The words with bars between them.
static bool cuts(const char *text, const char *want) {
  doc d = take(text);
  char got[512] = "";
  size_t len = 0;
  for (size_t i = 0; i < d.words.len; i++) {
    const sj_word *word = &d.words.at[i];
    len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%.*s",
                            i == 0 ? "" : "|", (int)(word->end - word->start),
                            (const char *)d.view.bytes + word->start);
  }
  drop(&d);
  if (strcmp(got, want) != 0) fprintf(stderr, "got %s\n", got);
  return strcmp(got, want) == 0;
}

static void words_are_letters_marks_and_digits(void) {
  CHECK(cuts("", "") && cuts(" -- ' ...", ""));
  CHECK(cuts("Seen by Zoé, 12 mg/L.", "Seen|by|Zoé|12|mg|L"));
  CHECK(cuts("B12x and 4th", "B12x|and|4th"));
}

static void elisions_stand_alone(void) {
  CHECK(cuts("l'état d'Ivry", "l|état|d|Ivry"));
  CHECK(cuts("QU’ELLE jusqu'ici", "QU|ELLE|jusqu|ici"));
  // Not everything before an apostrophe is one, nor what French wrote as one.
  CHECK(cuts("O'Neil didn't aujourd'hui", "O'Neil|didn't|aujourd'hui"));
}

static void possessives_belong_to_no_word(void) {
  CHECK(cuts("Ruiz's chart", "Ruiz|s|chart"));
  CHECK(cuts("RUIZ’S chart", "RUIZ|S|chart"));
  CHECK(cuts("the nurses' room", "the|nurses|room"));
  CHECK(cuts("O'Shea", "O'Shea"));
}

static void compounds_are_one_word(void) {
  CHECK(cuts("Jean-Luc x - y a- b", "Jean-Luc|x|y|a|b"));
  CHECK(cuts("COVID-19", "COVID|19"));
}

static void a_compound_is_what_all_its_parts_are(void) {
  doc d = take("blue-green blue-ann ann-ann bel-mar");
  CHECK(d.words.len == 4);
  const sj_word *at = d.words.at;
  CHECK(SJ_ENTRY_ENGLISH(at[0].entry) == 3);
  CHECK((at[0].entry & SJ_ENTRY_CLINICAL) != 0);
  CHECK(at[1].entry == 0);
  CHECK(SJ_ENTRY_FIRST(at[2].entry) == 5);
  CHECK(SJ_ENTRY_TOWN(at[3].entry) == 4); // a listed phrase, itself
  drop(&d);
}

static void shapes_are_told_apart(void) {
  static const sj_shape want[] = {
      SJ_SHAPE_LOWER,   SJ_SHAPE_CAPITAL, SJ_SHAPE_CAPITAL, SJ_SHAPE_CAPITAL,
      SJ_SHAPE_CAPITAL, SJ_SHAPE_UPPER,   SJ_SHAPE_UPPER,   SJ_SHAPE_INITIAL,
      SJ_SHAPE_MIXED,   SJ_SHAPE_MIXED,   SJ_SHAPE_NUMBER,  SJ_SHAPE_NUMBER,
      SJ_SHAPE_CAPITAL, SJ_SHAPE_LOWER};
  doc d = take("rue Rue McRae O'Neil Jean-Luc RUE ÉTÉ K mRNA iPhone 12 T4 "
               "Élan élan");
  CHECK(d.words.len == sizeof(want) / sizeof(*want));
  for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
    CHECK(i < d.words.len && d.words.at[i].shape == want[i]);
  CHECK(d.words.len > 6 && d.words.at[6].letters == 3);
  drop(&d);
}

// What stands between x and y.
static sj_gap gap(const char *text) {
  doc d = take(text);
  CHECK(d.words.len == 2 && d.words.at[0].gap == SJ_GAP_BLOCK);
  const sj_gap found =
      d.words.len == 2 ? (sj_gap)d.words.at[1].gap : SJ_GAP_BLOCK;
  drop(&d);
  return found;
}

static void gaps_are_weighed(void) {
  CHECK(gap("ab cd") == SJ_GAP_BLANK && gap("ab  cd") == SJ_GAP_BLANK);
  CHECK(gap("d'cd") == SJ_GAP_JOINT);
  CHECK(gap("A. Cd") == SJ_GAP_INITIAL && gap("Dr. Cd") == SJ_GAP_INITIAL);
  CHECK(gap("ab. Cd") == SJ_GAP_STOP && gap("ab! Cd") == SJ_GAP_STOP);
  CHECK(gap("ab, cd") == SJ_GAP_COMMA && gap("ab: cd") == SJ_GAP_COLON);
  CHECK(gap("ab=cd") == SJ_GAP_COLON && gap("ab/cd") == SJ_GAP_SLASH);
  CHECK(gap("ab (cd)") == SJ_GAP_BRACKET && gap("ab; cd") == SJ_GAP_OTHER);
  CHECK(gap("ab\tcd") == SJ_GAP_TAB && gap("ab   cd") == SJ_GAP_TAB);
  CHECK(gap("ab | cd") == SJ_GAP_TAB);
  CHECK(gap("ab\ncd") == SJ_GAP_LINE && gap("ab\n \ncd") == SJ_GAP_BLOCK);
  // The weightiest of several counts, in any order.
  CHECK(gap("ab:\ncd") == SJ_GAP_LINE && gap("ab, (cd") == SJ_GAP_BRACKET);
  CHECK(gap("ab. , cd") == SJ_GAP_STOP);
}

static void phrases_go_over_words_and_lines(void) {
  doc d = take("the Bel Mar\nSur road, Bel Mar ward, Bel, Mar");
  CHECK(d.words.len == 10);
  const sj_word *at = d.words.at;
  CHECK(at[0].phrase_len == 0 && at[4].phrase_len == 0);
  for (unsigned i = 1; i <= 3; i++) {
    CHECK(at[i].phrase_len == 3 && at[i].phrase_at == i - 1);
    CHECK(SJ_ENTRY_TOWN(at[i].phrase) == 4);
  }
  // The longest that is there; and none over a comma.
  CHECK(at[5].phrase_len == 2 && at[6].phrase_len == 2);
  CHECK(at[6].phrase_at == 1 && at[7].phrase_len == 0);
  CHECK(at[8].phrase_len == 0 && at[9].phrase_len == 0);
  CHECK(SJ_ENTRY_TOWN(at[8].phrase) == 0);
  drop(&d);
}

static void lines_of_capitals_are_known(void) {
  doc d = take("SEEN BY RUIZ\nSeen by RUIZ\nRUIZ\n12 JAN mg");
  CHECK(d.words.len == 10);
  for (size_t i = 0; i < d.words.len; i++)
    CHECK(d.words.at[i].upper_line == (i < 3));
  drop(&d);
}

static void a_note_without_capitals_is_known(void) {
  const char *const ten = "seen with cough and fever since two days at home ";
  char text[512];
  snprintf(text, sizeof(text), "%s%s", ten, ten);
  doc d = take(text);
  CHECK(d.words.no_capitals);
  drop(&d);
  d = take(ten); // too short to tell
  CHECK(!d.words.no_capitals);
  drop(&d);
  snprintf(text, sizeof(text), "%s%s Ann and Bob", ten, ten);
  d = take(text);
  CHECK(!d.words.no_capitals);
  drop(&d);
}

// How common a word is, as its line's language has it.
static void languages_are_those_of_the_line(void) {
  doc d = take("The patient was seen by the nurse and he is well; dark noir.\n"
               "\n"
               "Le patient a été vu par le médecin et il est dans la salle; "
               "dark noir.\n");
  size_t seen = 0;
  for (size_t i = 0; i < d.words.len; i++) {
    const sj_word *word = &d.words.at[i];
    if (word->entry == 0) continue;
    const bool dark = SJ_ENTRY_ENGLISH(word->entry) > 0;
    const bool english = seen < 2;
    CHECK(word->lang == (english ? SJ_LANG_EN : SJ_LANG_FR));
    CHECK(sj_word_usual(word, word->entry) == (dark == english ? 2 : 0));
    seen++;
  }
  CHECK(seen == 4);
  drop(&d);
}

static sj_status read_and_drop(sj_allocator allocator, void *ctx) {
  doc d;
  const sj_status status = read_doc(&d, allocator, ctx);
  drop(&d);
  return status;
}

static void every_failed_allocation_is_a_status(void) {
  static char text[40000];
  for (size_t i = 0; i + 8 < sizeof(text); i += 8)
    snprintf(text + i, 9, "Bel Mar ");
  CHECK(sj_test_each_fails(read_and_drop, text, "Bel Mar") > 6);
}

int main(void) {
  RUN(words_are_letters_marks_and_digits);
  RUN(elisions_stand_alone);
  RUN(possessives_belong_to_no_word);
  RUN(compounds_are_one_word);
  RUN(a_compound_is_what_all_its_parts_are);
  RUN(shapes_are_told_apart);
  RUN(gaps_are_weighed);
  RUN(phrases_go_over_words_and_lines);
  RUN(lines_of_capitals_are_known);
  RUN(a_note_without_capitals_is_known);
  RUN(languages_are_those_of_the_line);
  RUN(every_failed_allocation_is_a_status);
  return CHECK_DONE();
}
