// SPDX-License-Identifier: Apache-2.0
//
// The built-in lists and protecting patterns: what they may not hold, and what
// they do to the claims of a model that takes every marked word for a name, a
// date or an id.

#include "check.h"

#include <string.h>

#include "base/lexicon_parts.h"
#include "marked.h"
#include "rules.h"
#include "text.h"
#include "veto.h"
#include "view.h"
#include "words.h"

// ---------------------------------------------------------------------------
// What a list may hold
// ---------------------------------------------------------------------------

// Words of reports that some register has as a first name of class 4, the class
// of names without a count, and that nobody writes without meaning the word.
// Each still protects only whole claims if it is no usual word.
static const char *const EXCEPTIONS[] = {
    "brain",   "carina", "rein",    "vessie", // anatomy
    "baha",    "senna",  "flovent",           // a hearing aid, two drugs
    "ast",     "dwi",    "echo",              // an enzyme, two images
    "general", "oral",   "unknown",           // headings
};

static bool is_exception(const char *term, size_t len) {
  for (size_t i = 0; i < sizeof(EXCEPTIONS) / sizeof(*EXCEPTIONS); i++)
    if (strlen(EXCEPTIONS[i]) == len && memcmp(EXCEPTIONS[i], term, len) == 0)
      return true;
  return false;
}

typedef struct reader {
  const sj_file *file;
  const char *list; // what its line says, up to the line end
  bool near, noted;
  size_t terms, lists;
} reader;

typedef bool (*term_fn)(reader *in, const char *term, size_t len, void *ctx);

static void
read_terms(reader *in, const char *at, size_t len, term_fn see, void *ctx) {
  for (size_t start = 0; start < len;) {
    size_t end = start;
    while (end < len && at[end] != '|')
      end++;
    size_t first = start;
    size_t last = end;
    while (first < last && at[first] == ' ')
      first++;
    while (last > first && at[last - 1] == ' ')
      last--;
    in->terms++;
    if (!see(in, at + first, last - first, ctx))
      fprintf(stderr, "%s: %.*s\n", in->file->name, (int)(last - first),
              at + first);
    start = end + 1;
  }
}

static bool starts(const char *line, const char *word) {
  return strncmp(line, word, strlen(word)) == 0;
}

static void read_list(reader *in, term_fn see, void *ctx) {
  const char *const end = in->file->data + in->file->len;
  for (const char *line = in->file->data; line < end;) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    if (stop == NULL) stop = end;
    if (starts(line, "list ")) {
      CHECK(in->lists == 0 || in->noted);
      in->list = line + 5;
      in->near = in->noted = false;
      in->lists++;
    }
    if (starts(line, "note ")) in->noted = true;
    if (starts(line, "near ")) in->near = true;
    if (starts(line, "term "))
      read_terms(in, line + 5, (size_t)(stop - line) - 5, see, ctx);
    line = stop + 1;
  }
  CHECK(in->lists == 0 || in->noted); // each list says why
}

static bool has_ending(const char *name, const char *ending) {
  const size_t len = strlen(name);
  return len > strlen(ending) &&
         strcmp(name + len - strlen(ending), ending) == 0;
}

// The lexicon of names alone, without any list.
typedef struct names_only {
  sj_names *names;
  sj_lexicon *lexicon;
} names_only;

static names_only open_names(void) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  names_only out = {0};
  CHECK(sj_names_new((sj_allocator){0}, &out.names) == SJ_OK);
  for (size_t i = 0; i < count; i++)
    if (has_ending(files[i].name, ".lexicon"))
      CHECK(sj_lexicon_new(&files[i], 1, out.names, (sj_allocator){0},
                           &out.lexicon, NULL) == SJ_OK);
  CHECK(out.lexicon != NULL && !sj_lexicon_is_empty(out.lexicon));
  return out;
}

static void close_names(names_only *names) {
  sj_lexicon_free(names->lexicon);
  sj_names_free(names->names);
}

static bool is_safe(reader *in, const char *term, size_t len, void *ctx) {
  const names_only *names = ctx;
  if (in->near || is_exception(term, len)) return true;
  uint64_t first = 0;
  uint32_t words = 0;
  const uint64_t phrase = sj_lexicon_phrase(term, len, &first, &words);
  bool safe = words > 0;
  if (words == 1) {
    const sj_entry entry = sj_lexicon_find(names->lexicon, phrase);
    safe = SJ_ENTRY_FIRST(entry) < 4 && SJ_ENTRY_SURNAME(entry) < 5;
  } else if (words == 2) {
    // A first name and a surname together: `Miller Fisher`.
    const char *blank = memchr(term, ' ', len);
    if (blank == NULL) blank = memchr(term, '-', len);
    if (blank == NULL) return true;
    uint64_t ignored = 0;
    uint32_t count = 0;
    const uint64_t last = sj_lexicon_phrase(
        blank + 1, len - (size_t)(blank - term) - 1, &ignored, &count);
    safe = first == last ||
           SJ_ENTRY_FIRST(sj_lexicon_find(names->lexicon, first)) < 5 ||
           SJ_ENTRY_SURNAME(sj_lexicon_find(names->lexicon, last)) < 3;
  }
  CHECK(safe);
  return safe;
}

static void no_list_holds_a_common_name_without_a_condition(void) {
  names_only names = open_names();
  size_t count = 0;
  size_t terms = 0;
  const sj_file *files = sj_builtin_files(&count);
  for (size_t i = 0; i < count; i++) {
    if (!has_ending(files[i].name, ".list")) continue;
    reader in = {.file = &files[i]};
    read_list(&in, is_safe, &names);
    terms += in.terms;
  }
  CHECK(terms > 5000);
  close_names(&names);
}

// Every term counts: none is overruled by a later list of another condition.
static bool is_last(reader *in, const char *term, size_t len, void *ctx) {
  const names_only *all = ctx;
  uint64_t first = 0;
  uint32_t words = 0;
  const uint64_t phrase = sj_lexicon_phrase(term, len, &first, &words);
  const sj_entry entry = sj_lexicon_find(all->lexicon, phrase);
  const char *name = sj_names_get(
      all->names, sj_lexicon_list(all->lexicon, SJ_ENTRY_LIST(entry))->id);
  const bool last =
      name != NULL && starts(in->list, name) && in->list[strlen(name)] == '\n';
  CHECK(last);
  return last;
}

static void no_term_stands_in_two_lists(void) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  names_only all = {0};
  CHECK(sj_names_new((sj_allocator){0}, &all.names) == SJ_OK);
  CHECK(sj_lexicon_new(files, count, all.names, (sj_allocator){0}, &all.lexicon,
                       NULL) == SJ_OK);
  for (size_t i = 0; i < count; i++) {
    if (!has_ending(files[i].name, ".list")) continue;
    reader in = {.file = &files[i]};
    read_list(&in, is_last, &all);
  }
  close_names(&all);
}

// ---------------------------------------------------------------------------
// What the lists do
// ---------------------------------------------------------------------------

typedef struct stages {
  sj_names *names;
  sj_lexicon *lexicon;
  sj_rules *rules;
  sj_scan *scan;
} stages;

static stages kit;

static void open_kit(void) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  CHECK(sj_names_new((sj_allocator){0}, &kit.names) == SJ_OK);
  CHECK(sj_rules_new(files, count, kit.names, (sj_allocator){0}, &kit.rules,
                     NULL) == SJ_OK);
  CHECK(sj_lexicon_new(files, count, kit.names, (sj_allocator){0}, &kit.lexicon,
                       NULL) == SJ_OK);
  CHECK(sj_scan_new(kit.rules, &kit.scan) == SJ_OK);
}

static void close_kit(void) {
  sj_scan_free(kit.scan);
  sj_lexicon_free(kit.lexicon);
  sj_rules_free(kit.rules);
  sj_names_free(kit.names);
}

// Let a model claim each mark. How many claims are still whole.
static size_t left_of(const char *source, size_t *marks) {
  sj_marked marked;
  *marks = 0;
  if (!sj_marked_read(source, strlen(source), &marked)) return 0;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  sj_text text;
  sj_view view;
  sj_words words;
  sj_claims rules = {0};
  sj_claims protections = {0};
  sj_claims claims = {0};
  sj_ranges unscanned = {0};
  size_t bad = 0;
  bool ok =
      sj_text_take(&text, &arena, marked.text, marked.len, &bad) == SJ_OK &&
      sj_view_build(&view, &arena, &text, SJ_LANG_ALL) == SJ_OK &&
      sj_words_find(&words, &arena, kit.lexicon, &text, &view) == SJ_OK &&
      sj_rules_run(kit.scan, &arena, &text, &view, &rules, &unscanned) ==
          SJ_OK &&
      sj_veto_part(&arena, &rules, &protections) == SJ_OK;
  for (size_t i = 0; ok && i < marked.count; i++)
    ok = sj_claims_push(&claims, &arena,
                        (sj_claim){.start = (uint32_t)marked.marks[i].start,
                                   .end = (uint32_t)marked.marks[i].end,
                                   .label = (uint16_t)marked.marks[i].label,
                                   .score = 990,
                                   .kind = SJ_KIND_MODEL}) == SJ_OK;
  ok = ok && sj_veto_run(&arena, kit.lexicon, &words, &view, &protections,
                         &claims) == SJ_OK;
  size_t whole = 0;
  for (size_t i = 0; ok && i < claims.len; i++) {
    const sj_claim *claim = &claims.at[i];
    whole += claim->vetoed == 0 && claim->start == marked.marks[i].start &&
             claim->end == marked.marks[i].end;
  }
  CHECK(ok);
  *marks = marked.count;
  sj_arena_release(&arena);
  sj_marked_free(&marked);
  return whole;
}

static bool all_go(const char *text) {
  size_t marks = 0;
  const size_t left = left_of(text, &marks);
  if (left > 0) fprintf(stderr, "%zu of %zu: %s\n", left, marks, text);
  return marks > 0 && left == 0;
}

static bool all_stay(const char *text) {
  size_t marks = 0;
  const size_t left = left_of(text, &marks);
  if (left < marks) fprintf(stderr, "%zu of %zu: %s\n", left, marks, text);
  return marks > 0 && left == marks;
}

static void eponyms_go_beside_their_head_word(void) {
  CHECK(all_go("dementia with [NAME:Lewy] bodies, [NAME:Lewy] body"));
  CHECK(all_go("[NAME:Creutzfeldt-Jakob] disease; [NAME:Parkinson]'s disease"));
  CHECK(all_go("[NAME:Murphy]'s sign, [NAME:Hashimoto] thyroiditis"));
  CHECK(all_go("maladie de [NAME:Crohn]"));
  CHECK(all_go("signe de [NAME:Babinski]"));
  CHECK(all_go("syndrome de [NAME:Gougerot-Sj\\u{F6}gren]"));
  CHECK(all_go("[NAME:Guillain-Barr\\u{E9}] syndrome, [NAME:Roux-en-Y]"));
  CHECK(all_go("[NAME:PARKINSON'S DISEASE]"));
  CHECK(all_stay("[NAME:Parkinson] called. [NAME:Murphy] agreed."));
  CHECK(all_stay("Mr. [NAME:Murphy] has no sign of it"));
  CHECK(all_stay("[NAME:Brown] signs the form; [NAME:Wilson] tests fine"));
}

static void makers_go_beside_their_devices(void) {
  CHECK(all_go("[NAME:Cook] catheter, [NAME:King] airway, [NAME:Wang] needle"));
  CHECK(all_go("an [ORGANIZATION:Olympus] bronchoscope, [NAME:Edwards] valve"));
  CHECK(all_go("sonde de [NAME:Foley], pince de [NAME:Kocher]"));
  CHECK(all_go("[NAME:Ion] robotic bronchoscopy, [NAME:Monarch] platform"));
  CHECK(all_go("[NAME:Zephyr valves], [NAME:Chartis], [NAME:PleurX]"));
  CHECK(all_stay("[NAME:Cook] placed it. [NAME:King] in bed 4."));
  CHECK(all_stay("[NAME:James Cook] had a catheter, [NAME:King], RN"));
  CHECK(all_stay("her son [NAME:Noah], reached [NAME:Mark] by phone"));
  CHECK(all_stay("Mr. [NAME:Young] tolerated it, Ms [NAME:Baker] was sent"));
  CHECK(all_stay("[NAME:Rose Martinez] and [NAME:Rose]"));
  CHECK(all_stay("by [NAME:King], catheter out"));
}

static void findings_tests_and_drugs_go(void) {
  CHECK(all_go("[NAME:LEFT ATRIUM]: [NAME:Mild] [LOCATION:RIGHT UPPER LOBE]"));
  CHECK(all_go("[NAME:Hemoglobin], [NAME:Troponin T], [ORGANIZATION:TSH]"));
  CHECK(all_go("[NAME:Lasix] [NAME:Plavix] [NAME:Doliprane] [NAME:Eliquis]"));
  CHECK(all_go("[NAME:Yasmin] 1 tablet daily"));
  CHECK(all_go("[LOCATION:Bronche souche gauche], [NAME:Motif]"));
  CHECK(all_stay("[NAME:Yasmin] came with her mother"));
  CHECK(all_stay("lives in [CITY:Apex], moved from [CITY:Normal]"));
  CHECK(all_stay("[NAME:Smith, John] is a 55-year-old; patient "
                 "[NAME:james wilson]"));
}

static void numbers_of_medicine_go(void) {
  CHECK(all_go("Stations [ID:4R], 7 and [ID:11L] sampled, [NAME:RB1] clear"));
  CHECK(all_go("CPT [ID:31653], [ID:77012]; ICD-10 [ID:C34.11]"));
  CHECK(all_go("[ID:pT2aN0M0]; strength [DATE:4/5]; pain [DATE:7/10]"));
  CHECK(all_go("CRE balloon [DATE:10/11/12], BP [DATE:12/8]"));
  CHECK(all_go("bisoprolol [DATE:1-0-1]; CCAM : [ID:GEQE007]"));
  CHECK(all_go("an Olympus [ID:BF-1TH190], [NAME:14 Fr], [ID:500 mg]"));
  CHECK(all_stay("born [DATE:10/11/12], balloon dilation"));
  CHECK(all_stay("MRN [ID:77012], CT chest"));
  CHECK(all_stay("seen [DATE:4/5], room [ID:4R], on [DATE:03/19/1961]"));
  CHECK(all_stay("[ID:45678] by CT, [DATE:01/02/03]"));
}

static void accents_and_signs_are_part_of_the_word(void) {
  CHECK(all_stay("___[NAME:Lisa Anderson]___ [DATE:03/19/1961]___"));
  CHECK(all_stay("[NAME:\\u{C9}lodie], [NAME:\\u{D6}zt\\u{FC}rk]"));
  CHECK(all_stay("[NAME:Jos\\u{E9} Mu\\u{F1}oz-Garc\\u{ED}a]"));
  CHECK(all_go("[NAME:Trach\\u{E9}e], [NAME:\\u{152}SOPHAGE]"));
}

int main(void) {
  RUN(no_list_holds_a_common_name_without_a_condition);
  RUN(no_term_stands_in_two_lists);
  open_kit();
  RUN(eponyms_go_beside_their_head_word);
  RUN(makers_go_beside_their_devices);
  RUN(findings_tests_and_drugs_go);
  RUN(numbers_of_medicine_go);
  RUN(accents_and_signs_are_part_of_the_word);
  close_kit();
  return CHECK_DONE();
}
