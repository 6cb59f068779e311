// SPDX-License-Identifier: Apache-2.0
//
// Law 2: the veto cannot leak. Claims are written as marks, before and after:
// of a model, or of what the mark's subtype names. What the built-in lists may
// hold is in test_lists.c, what leaked elsewhere in test_leaks.c.

#include "check.h"

#include <string.h>

#include "base/lexicon.h"
#include "marked.h"
#include "text.h"
#include "veto.h"
#include "view.h"
#include "words.h"

static const char LIST[] =
    "scrubjay-list 1\n"
    "person mr | mrs | dr | son | rn | mme\n"
    "small of | the | de | du\n"
    "list anatomy\n"
    "term left upper lobe | trachea | carina | lobe | berger\n"
    "list makers\n"
    "near 3 catheter | valve | sonde\n"
    "term cook | king | edwards\n"
    "list diseases\n"
    "near 3 disease | maladie\n"
    "term parkinson | crohn\n";

// Names as the big list has them: first names and surnames of class 6, words
// of class 5.
static const char NAMES[] = "scrubjay-lexicon 1\n"
                            "AwAAAberger\n"
                            "AwAAAcook\n"
                            "AGAAAjames\n";

typedef struct maker {
  const char *name;
  uint8_t kind, flags;
} maker;

static const maker MAKERS[] = {
    {"", SJ_KIND_MODEL, 0},
    {"rule", SJ_KIND_RULE, 0},
    {"list", SJ_KIND_LIST, SJ_FLAG_UNCERTAIN},
    {"echo", SJ_KIND_ECHO, 0},
    {"labelled", SJ_KIND_RULE, SJ_FLAG_LABELLED},
    {"validated", SJ_KIND_RULE, SJ_FLAG_VALIDATED},
    {"known", SJ_KIND_KNOWN, SJ_FLAG_KNOWN},
    {"manual", SJ_KIND_MANUAL, SJ_FLAG_MANUAL},
};

static const maker *maker_of(const char *subtype) {
  for (size_t i = 0; i < sizeof(MAKERS) / sizeof(*MAKERS); i++)
    if (strcmp(MAKERS[i].name, subtype) == 0) return &MAKERS[i];
  return NULL;
}

typedef struct bench {
  sj_arena arena;
  sj_names *names;
  sj_lexicon *lexicon;
  sj_text text;
  sj_view view;
  sj_words words;
  sj_claims claims, protections;
} bench;

static bool set_up(bench *b, const sj_marked *marked) {
  const sj_file files[] = {{"names.lexicon", NAMES, sizeof(NAMES) - 1},
                           {"site.list", LIST, sizeof(LIST) - 1}};
  *b = (bench){0};
  sj_arena_init(&b->arena, (sj_allocator){0});
  size_t bad = 0;
  sj_error error = {0};
  bool ok = sj_names_new((sj_allocator){0}, &b->names) == SJ_OK;
  ok = ok && sj_lexicon_new(files, 2, b->names, (sj_allocator){0}, &b->lexicon,
                            &error) == SJ_OK;
  if (!ok) fprintf(stderr, "%s:%u %s\n", error.where, error.line, error.what);
  ok = ok && sj_text_take(&b->text, &b->arena, marked->text, marked->len,
                          &bad) == SJ_OK;
  ok = ok && sj_view_build(&b->view, &b->arena, &b->text, SJ_LANG_ALL) == SJ_OK;
  ok = ok && sj_words_find(&b->words, &b->arena, b->lexicon, &b->text,
                           &b->view) == SJ_OK;
  for (size_t i = 0; i < marked->count && ok; i++) {
    const sj_mark *mark = &marked->marks[i];
    const maker *by = maker_of(mark->subtype);
    if (by == NULL) return false;
    const sj_claim claim = {.start = (uint32_t)mark->start,
                            .end = (uint32_t)mark->end,
                            .label = (uint16_t)mark->label,
                            .score = 900,
                            .flags = by->flags,
                            .kind = by->kind};
    ok = sj_claims_push(&b->claims, &b->arena, claim) == SJ_OK;
  }
  return ok;
}

static void tear_down(bench *b) {
  sj_lexicon_free(b->lexicon);
  sj_names_free(b->names);
  sj_arena_release(&b->arena);
}

static bool same(const bench *b, const sj_marked *want) {
  size_t next = 0;
  for (size_t i = 0; i < b->claims.len; i++) {
    const sj_claim *claim = &b->claims.at[i];
    if (claim->vetoed != 0) {
      if (claim->veto == 0) return false; // each names its reason
      continue;
    }
    if (next == want->count) return false;
    const sj_mark *mark = &want->marks[next++];
    if (claim->start != mark->start || claim->end != mark->end) return false;
  }
  return next == want->count;
}

// Judge the marks of `before`, twice: `after` holds those that are left.
static bool judges(const char *before, const char *after) {
  sj_marked given;
  sj_marked want;
  if (!sj_marked_read(before, strlen(before), &given)) return false;
  bool ok = sj_marked_read(after, strlen(after), &want);
  bench b;
  ok = set_up(&b, &given) && ok;
  for (int round = 0; round < 2 && ok; round++)
    ok = sj_veto_run(&b.arena, b.lexicon, &b.words, &b.view, &b.protections,
                     &b.claims) == SJ_OK &&
         same(&b, &want);
  tear_down(&b);
  sj_marked_free(&given);
  sj_marked_free(&want);
  return ok;
}

static bool keeps(const char *text) {
  return judges(text, text);
}

static void drops_what_is_nothing_but_protected(void) {
  CHECK(judges("The [NAME:Trachea] is patent.", "The Trachea is patent."));
  CHECK(judges("[CITY:Left Upper Lobe] clear", "Left Upper Lobe clear"));
  CHECK(judges("[NAME.list:the Lobe of the Carina]", "the Lobe of the Carina"));
  CHECK(judges("[NAME.echo:CARINA] [NAME.rule:Lobe]", "CARINA Lobe"));
  CHECK(judges("[NAME:Tr\\u{E1}chea]", "Tr\\u{E1}chea"));
}

static void trims_protected_words_from_the_edges_alone(void) {
  CHECK(judges("[NAME:Trachea Osgood Carina]", "Trachea [NAME:Osgood] Carina"));
  CHECK(judges("[NAME:Left Upper Lobe, Ida Osgood]",
               "Left Upper Lobe, [NAME:Ida Osgood]"));
  CHECK(judges("[CITY:the Trachea Orrin]", "the Trachea [CITY:Orrin]"));
  CHECK(keeps("[NAME:Ida Trachea Osgood]"));
  CHECK(keeps("[NAME:Osgood]"));
  // The small word behind may be the name's own.
  CHECK(judges("[NAME:Carina de Roux]", "Carina [NAME:de Roux]"));
}

static void never_touches_what_is_sure(void) {
  CHECK(keeps("Patient: [NAME.labelled:Carina]"));
  CHECK(keeps("[ID.validated:Trachea]"));
  CHECK(keeps("[NAME.known:Trachea] and [NAME.manual:Left Upper Lobe]"));
  CHECK(keeps("[MRN:Trachea] [PHONE:Carina] [ZIP:Lobe]"));
}

static void a_sure_name_is_no_protected_word_elsewhere(void) {
  CHECK(keeps("Name: [NAME.labelled:Carina Osgood]\n[NAME.echo:Carina] slept"));
  // But the words beside it may say so, and a longer term does.
  CHECK(judges("Name: [NAME.labelled:Ana King]\n[NAME.echo:King] catheter",
               "Name: [NAME.labelled:Ana King]\nKing catheter"));
  CHECK(judges("Name: [NAME.labelled:Ana Lobe]\n[NAME.echo:left upper lobe]",
               "Name: [NAME.labelled:Ana Lobe]\nleft upper lobe"));
}

static void a_term_with_a_condition_needs_it_close_by(void) {
  CHECK(judges("the [NAME:Cook] catheter", "the Cook catheter"));
  CHECK(judges("[NAME:Cook] 14 Fr catheter", "Cook 14 Fr catheter"));
  CHECK(judges("[NAME:Parkinson]'s disease", "Parkinson's disease"));
  CHECK(judges("maladie de [NAME:Crohn]", "maladie de Crohn"));
  CHECK(judges("[NAME:Parkinson's disease]", "Parkinson's disease"));
  CHECK(keeps("[NAME:Cook] placed the catheter."));
  CHECK(keeps("[NAME:King] and catheter care"));
  CHECK(keeps("Catheter out. [NAME:King] was told."));
  CHECK(keeps("catheter, [NAME:King]"));
  CHECK(keeps("Catheter\n[NAME:King]"));
  CHECK(keeps("[NAME:Parkinson] called"));
}

static void never_takes_part_of_a_name(void) {
  CHECK(keeps("[NAME:James Cook] catheter"));
  CHECK(keeps("valve [NAME:Edwards James]"));
  // A term that is a surname as well.
  CHECK(keeps("[NAME:Nell Berger]"));
  CHECK(judges("sign of [NAME:Berger]", "sign of Berger"));
}

static void nothing_is_protected_beside_a_title(void) {
  CHECK(keeps("Mr. [NAME:King] catheter"));
  CHECK(keeps("Mme [NAME:Carina]"));
  CHECK(keeps("her son [NAME:Lobe]"));
  CHECK(keeps("[NAME:Cook], RN"));
  CHECK(keeps("son, [NAME:Carina]"));
  // Beyond the sentence it is somebody else.
  CHECK(judges("seen by the son. [NAME:Carina] normal",
               "seen by the son. Carina normal"));
}

static void numbers_and_organizations_go_whole_or_not(void) {
  CHECK(keeps("[ORGANIZATION:Trachea Osgood]"));
  CHECK(keeps("[ADDRESS:Lobe 12 Osgood St]"));
  CHECK(keeps("[ID:Trachea 4411]"));
  CHECK(judges("[ORGANIZATION:Trachea]", "Trachea"));
}

// Patterns: a claim may hold more than the pattern, or less.
static bool judges_number(const char *text, const char *protect, bool goes) {
  sj_marked marked;
  if (!sj_marked_read(text, strlen(text), &marked)) return false;
  bench b;
  bool ok = set_up(&b, &marked);
  const char *at = strstr(marked.text, protect);
  const uint32_t start = (uint32_t)(at - marked.text);
  const sj_claim claim = {.start = start,
                          .end = start + (uint32_t)strlen(protect),
                          .kind = SJ_KIND_VETO,
                          .veto = 7};
  ok = ok && sj_claims_push(&b.claims, &b.arena, claim) == SJ_OK &&
       sj_veto_part(&b.arena, &b.claims, &b.protections) == SJ_OK &&
       b.claims.len == 1 && b.protections.len == 1;
  ok = ok && sj_veto_run(&b.arena, b.lexicon, &b.words, &b.view, &b.protections,
                         &b.claims) == SJ_OK;
  ok = ok && (b.claims.at[0].vetoed != 0) == goes &&
       b.claims.at[0].veto == (goes ? 7u : 0u);
  tear_down(&b);
  sj_marked_free(&marked);
  return ok;
}

static void a_pattern_protects_what_lies_within_it(void) {
  CHECK(judges_number("strength [DATE:4/5]", "4/5", true));
  CHECK(judges_number("station [NAME:4R]", "station 4R", true));
  CHECK(judges_number("seen [DATE:4/5/2019]", "4/5", false));
  CHECK(judges_number("code [ID:77012]", "7701", false));
  CHECK(judges_number("MRN: [ID.labelled:77012]", "77012", false));
  CHECK(judges_number("DOB [DATE.labelled:01/02]", "01/02", false));
}

int main(void) {
  RUN(drops_what_is_nothing_but_protected);
  RUN(trims_protected_words_from_the_edges_alone);
  RUN(never_touches_what_is_sure);
  RUN(a_sure_name_is_no_protected_word_elsewhere);
  RUN(a_term_with_a_condition_needs_it_close_by);
  RUN(never_takes_part_of_a_name);
  RUN(nothing_is_protected_beside_a_title);
  RUN(numbers_and_organizations_go_whole_or_not);
  RUN(a_pattern_protects_what_lies_within_it);
  return CHECK_DONE();
}
