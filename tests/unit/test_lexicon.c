// SPDX-License-Identifier: Apache-2.0
//
// Lists of names and words, and of protected terms: what is found in them, how
// several of them agree, and how a bad file is refused.

#include "check.h"

#include <string.h>

#include "base/alloc.h"
#include "base/lexicon_parts.h"
#include "failing_alloc.h"

enum { FILES = 3 };

typedef struct lists {
  sj_names *names;
  sj_lexicon *lexicon;
  sj_error error;
  sj_status status;
} lists;

static lists load(const sj_file *files, size_t count) {
  lists out = {0};
  const sj_allocator usual = sj_allocator_or_default((sj_allocator){0});
  CHECK(sj_names_new(usual, &out.names) == SJ_OK);
  out.status =
      sj_lexicon_new(files, count, out.names, usual, &out.lexicon, &out.error);
  return out;
}

static lists load_one(const char *name, const char *data) {
  return load(&(sj_file){name, data, strlen(data)}, 1);
}

static void drop(lists *these) {
  sj_lexicon_free(these->lexicon);
  sj_names_free(these->names);
}

static uint64_t phrase(const char *text) {
  uint64_t first = 0;
  uint32_t words = 0;
  return sj_lexicon_phrase(text, strlen(text), &first, &words);
}

static sj_entry look(const lists *these, const char *text) {
  return these->lexicon == NULL ? 0
                                : sj_lexicon_find(these->lexicon, phrase(text));
}

// ---------------------------------------------------------------------------
// .lexicon
// ---------------------------------------------------------------------------

// first-5, then front coded: surname-2 and male; a town of three words.
static const char LEXICON[] = "scrubjay-lexicon 1\n"
                              "AFAAAann\n"
                              "DQAAAette\n"
                              "AQAICbeck\n"
                              "AAEAAbel mar sur\n"
                              "IAGAAout\n"
                              "BAgAAzz\n";

static void phrases_are_found_with_their_classes(void) {
  lists these = load_one("site.lexicon", LEXICON);
  CHECK(these.status == SJ_OK && !sj_lexicon_is_empty(these.lexicon));
  CHECK(look(&these, "ann") == 5u);
  CHECK(SJ_ENTRY_SURNAME(look(&these, "annette")) == 2);
  CHECK(SJ_ENTRY_FIRST(look(&these, "annette")) == 0);
  CHECK(look(&these, "bel mar sur") == 4u << 6);
  CHECK(look(&these, "bel mar out") == 6u << 6);
  CHECK(look(&these, "bzz") == 32u << 6);
  CHECK((look(&these, "bel") & SJ_ENTRY_OPENS) != 0);
  CHECK(look(&these, "an") == 0 && look(&these, "anne") == 0);
  CHECK(look(&these, "bel mar") == 0 && look(&these, "mar") == 0);
  drop(&these);
}

static void case_and_accents_tell_nothing(void) {
  lists these = load_one("site.lexicon", LEXICON);
  CHECK(look(&these, "ANN") == 5u && look(&these, "Änn") == 5u);
  CHECK(look(&these, "Bel-Mar  Sur.") == 4u << 6);
  drop(&these);
}

static void no_list_knows_nothing(void) {
  lists these = load(NULL, 0);
  CHECK(these.status == SJ_OK && sj_lexicon_is_empty(these.lexicon));
  CHECK(look(&these, "ann") == 0);
  drop(&these);
  these = load_one("site.rules", "no list at all");
  CHECK(these.status == SJ_OK && sj_lexicon_is_empty(these.lexicon));
  drop(&these);
  sj_lexicon_free(NULL);
}

static void of_two_lists_the_larger_class_counts(void) {
  const char *const rare = "scrubjay-lexicon 1\nACAAAann\n";
  const char *const male = "scrubjay-lexicon 1\nAIAIAann\n";
  const sj_file files[FILES] = {{"a.lexicon", LEXICON, strlen(LEXICON)},
                                {"b.lexicon", rare, strlen(rare)},
                                {"c.lexicon", male, strlen(male)}};
  lists these = load(files, FILES);
  CHECK(these.status == SJ_OK);
  // first-5 and -2 are first-5; surname-1 and male come on top.
  CHECK(look(&these, "ann") == (5u | 1u << 3 | SJ_ENTRY_MALE));
  drop(&these);
}

// Each phrase needs a slot, and so does each first word.
static void a_list_of_many_first_words_fits(void) {
  enum { MANY = 2000 };
  static char data[MANY * 16 + 32];
  size_t len = (size_t)snprintf(data, sizeof(data), "scrubjay-lexicon 1\n");
  for (unsigned i = 0; i < MANY; i++)
    len += (size_t)snprintf(data + len, sizeof(data) - len, "ABAAAq%u ro\n", i);
  lists these = load(&(sj_file){"many.lexicon", data, len}, 1);
  CHECK(these.status == SJ_OK);
  CHECK(look(&these, "q0 ro") == 1 && look(&these, "q1999 ro") == 1);
  CHECK(look(&these, "q7") == SJ_ENTRY_OPENS);
  CHECK(look(&these, "q7 r") == 0 && look(&these, "q2000 ro") == 0);
  drop(&these);
}

// ---------------------------------------------------------------------------
// .list
// ---------------------------------------------------------------------------

static const char LIST[] = "scrubjay-list 1\r\n"
                           "# ours\n"
                           "version 2\n"
                           "list eponyms\n"
                           "note why\n"
                           "near 3 disease | Maladie\n"
                           "near 4 sign\n"
                           "term Parkinson | Saint-Gilles Nord\n"
                           "\n"
                           "list tools\n"
                           "term foley\n";

static void terms_name_their_list(void) {
  lists these = load_one("site.list", LIST);
  CHECK(these.status == SJ_OK);
  const sj_entry one = look(&these, "PARKINSON");
  const sj_entry two = look(&these, "Foley");
  CHECK(SJ_ENTRY_LIST(one) == 1 && SJ_ENTRY_LIST(two) == 2);
  CHECK(SJ_ENTRY_LIST(look(&these, "saint gilles nord")) == 1);
  CHECK(look(&these, "saint") == SJ_ENTRY_OPENS);
  CHECK(look(&these, "nord") == 0 && look(&these, "why") == 0);
  drop(&these);
}

static void near_words_belong_to_a_list(void) {
  lists these = load_one("site.list", LIST);
  const sj_term_list *list = sj_lexicon_list(these.lexicon, 1);
  CHECK(strcmp(sj_names_get(these.names, list->id), "eponyms") == 0);
  CHECK(list->within == 4 && list->near_count == 3);
  if (list->near_count == 3) {
    CHECK(list->near[0] == phrase("disease"));
    CHECK(list->near[1] == phrase("maladie"));
    CHECK(list->near[2] == phrase("sign"));
  }
  list = sj_lexicon_list(these.lexicon, 2);
  CHECK(strcmp(sj_names_get(these.names, list->id), "tools") == 0);
  CHECK(list->near_count == 0 && list->within == 0);
  CHECK(sj_lexicon_list(these.lexicon, 9)->near_count == 0);
  drop(&these);
}

static void a_term_may_be_a_name_too(void) {
  const char *const list = "scrubjay-list 1\nlist x\nterm Ann\n";
  const sj_file files[2] = {{"a.lexicon", LEXICON, strlen(LEXICON)},
                            {"b.list", list, strlen(list)}};
  lists these = load(files, 2);
  CHECK(SJ_ENTRY_FIRST(look(&these, "ann")) == 5);
  CHECK(SJ_ENTRY_LIST(look(&these, "ann")) == 1);
  drop(&these);
}

// ---------------------------------------------------------------------------
// What is refused
// ---------------------------------------------------------------------------

static bool
refused(const char *name, const char *data, uint32_t line, const char *what) {
  lists these = load_one(name, data);
  const bool right =
      these.status == SJ_PACK && these.lexicon == NULL &&
      these.error.status == SJ_PACK && these.error.line == line &&
      strcmp(these.error.where, name) == 0 && these.error.what != NULL &&
      strstr(these.error.what, what) != NULL;
  if (!right)
    fprintf(stderr, "%d, line %u: %s\n", (int)these.status, these.error.line,
            these.error.what == NULL ? "" : these.error.what);
  drop(&these);
  return right;
}

static void broken_lexicons_are_refused_with_their_line(void) {
  const char *const name = "bad.lexicon";
  CHECK(refused(name, "", 1, "format 1"));
  CHECK(refused(name, "scrubjay-lexicon 2\n", 1, "format 1"));
  CHECK(refused(name, "scrubjay-lexicon 1\r\n", 1, "format 1"));
  CHECK(refused(name, "scrubjay-lexicon 1\nABAAAann\nABA\n", 3, "broken"));
  CHECK(refused(name, "scrubjay-lexicon 1\nAB?AAann\n", 2, "broken"));
  CHECK(refused(name, "scrubjay-lexicon 1\nABAAAann", 2, "broken"));
  CHECK(refused(name, "scrubjay-lexicon 1\n\n", 2, "broken"));
  // More shared with the line above than that one has.
  CHECK(refused(name, "scrubjay-lexicon 1\nABAAAann\nEBAAAx\n", 3, "broken"));
  CHECK(refused(name,
                "scrubjay-lexicon 1\nABAAA"
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
                "ggggg\n",
                2, "broken"));
}

static void broken_lists_are_refused_with_their_line(void) {
  const char *const name = "bad.list";
  CHECK(refused(name, "", 1, "empty"));
  CHECK(refused(name, "scrubjay-list 2\n", 1, "format 1"));
  CHECK(refused(name, "scrubjay-lists 1\n", 1, "format 1"));
  CHECK(refused(name, "scrubjay-list 1\nterm foley\n", 2, "list NAME"));
  CHECK(refused(name, "scrubjay-list 1\nlist\n", 2, "without blanks"));
  CHECK(refused(name, "scrubjay-list 1\nlist a b\n", 2, "without blanks"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\ntermed x\n", 3, "keyword"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\n\nterm x | | y\n", 4, "empty"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\nterm --\n", 3, "letter"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\nnear x\n", 3, "1 to 50"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\nnear 0 x\n", 3, "1 to 50"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\nnear 51 x\n", 3, "1 to 50"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\nnear 5 x y\n", 3, "single"));
  CHECK(refused(name, "scrubjay-list 1\nlist a\nnear 5\n", 3, "single"));
}

static void there_are_255_lists_at_most(void) {
  char data[256 * 12 + 32];
  size_t len = (size_t)snprintf(data, sizeof(data), "scrubjay-list 1\n");
  for (unsigned i = 0; i < 256; i++)
    len += (size_t)snprintf(data + len, sizeof(data) - len, "list n%u\n", i);
  CHECK(refused("many.list", data, 257, "255"));
}

// ---------------------------------------------------------------------------

static sj_status build(sj_allocator allocator, void *ctx) {
  const sj_file *files = ctx;
  sj_names *names = NULL;
  sj_lexicon *lexicon = NULL;
  sj_error error = {0};
  sj_status status = sj_names_new(allocator, &names);
  if (status == SJ_OK)
    status = sj_lexicon_new(files, 2, names, allocator, &lexicon, &error);
  CHECK((status == SJ_OK) == (lexicon != NULL));
  CHECK(error.status == SJ_OK || error.status == SJ_NOMEM);
  sj_lexicon_free(lexicon);
  sj_names_free(names);
  return status;
}

static void every_failed_allocation_is_a_status(void) {
  sj_file files[2] = {{"a.lexicon", LEXICON, strlen(LEXICON)},
                      {"b.list", LIST, strlen(LIST)}};
  CHECK(sj_test_each_fails(build, files, NULL) > 4);
}

int main(void) {
  RUN(phrases_are_found_with_their_classes);
  RUN(case_and_accents_tell_nothing);
  RUN(no_list_knows_nothing);
  RUN(of_two_lists_the_larger_class_counts);
  RUN(a_list_of_many_first_words_fits);
  RUN(terms_name_their_list);
  RUN(near_words_belong_to_a_list);
  RUN(a_term_may_be_a_name_too);
  RUN(broken_lexicons_are_refused_with_their_line);
  RUN(broken_lists_are_refused_with_their_line);
  RUN(there_are_255_lists_at_most);
  RUN(every_failed_allocation_is_a_status);
  return CHECK_DONE();
}
