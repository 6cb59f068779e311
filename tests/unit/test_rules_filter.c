// SPDX-License-Identifier: Apache-2.0
//
// The derived automaton against the truth: every rule tried at every
// character. Documents are put together from the built-in packs' own examples,
// cut, glued and spoilt with whatever has misled such filters before (letters
// that fold to ASCII ones, glued digit runs, accents before a word, signs
// beyond the first plane).
//
// SJ_DOCS sets how many documents; the default is 3,000.

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules_parts.h"
#include "text.h"
#include "view.h"

enum { DOCS = 3000, ROOM = 4096, LINES_ROOM = 4096 };

static uint64_t seed;

// xorshift64*: the same documents on every machine.
static uint32_t random_below(uint32_t limit) {
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return (uint32_t)((seed * 2685821657736338717ull) >> 33) % limit;
}

/// The examples of all packs, as they stand in the files.
typedef struct lines {
  const char *at[LINES_ROOM];
  size_t len[LINES_ROOM];
  uint32_t count;
} lines;

static void read_examples(lines *out) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  out->count = 0;
  for (size_t i = 0; i < count; i++) {
    const char *at = files[i].data;
    const char *end = at + files[i].len;
    while (at < end && out->count < LINES_ROOM) {
      const char *stop = memchr(at, '\n', (size_t)(end - at));
      if (stop == NULL) stop = end;
      const bool yes = strncmp(at, "yes     ", 8) == 0;
      const bool no = strncmp(at, "no      ", 8) == 0;
      if (yes || no) {
        out->at[out->count] = at + 8;
        out->len[out->count++] = (size_t)(stop - at - 8);
      }
      at = stop + 1;
    }
  }
}

static const char *const SPOILERS[] = {
    "\xC5\xBF",
    "\xE2\x84\xAA",
    "\xC3\xA9",
    "e\xCC\x81",
    "\xF0\x9F\x98\x80",
    "\xD9\x85",
    "0",
    "12",
    "2020-02-03",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\xC2\xA0",
    "-",
    ".",
    "@",
    ":",
    "CHU",
    "\xEF\xBC\x91",
    "\xE2\x80\xA8",
    "_",
    "\xE2\x80\x8B",
    "/",
    "\xC3\x89",
    "Dr. ",
    "le ",
    "x@y.example",
};

static size_t put(char *doc, size_t len, const char *bytes, size_t count) {
  if (len + count >= ROOM) return len;
  memcpy(doc + len, bytes, count);
  return len + count;
}

/// A few examples without their marks, some of them cut, with spoilers put in.
static size_t make_document(const lines *from, char *doc) {
  size_t len = 0;
  const uint32_t parts = 1 + random_below(3);
  for (uint32_t i = 0; i < parts; i++) {
    const uint32_t pick = random_below(from->count);
    for (size_t k = 0; k < from->len[pick]; k++) {
      const char c = from->at[pick][k];
      if (c == '[' || c == ']') continue;
      if (random_below(24) == 0) {
        const char *bad =
            SPOILERS[random_below(sizeof(SPOILERS) / sizeof(SPOILERS[0]))];
        // Only between characters, so that the text stays valid.
        if (((unsigned char)c & 0xC0) != 0x80)
          len = put(doc, len, bad, strlen(bad));
      }
      if ((unsigned char)c < 0x80 && random_below(60) == 0) continue;
      len = put(doc, len, &c, 1);
    }
    if (random_below(3) > 0) len = put(doc, len, " ", 1);
  }
  return len;
}

/// Everything that a run needs, made once.
typedef struct bench {
  sj_names *names;
  sj_rules *rules;
  sj_scan *scan;
  sj_arena arena;
} bench;

static bool open_bench(bench *b) {
  size_t count = 0;
  const sj_file *files = sj_builtin_files(&count);
  const sj_allocator allocator = sj_allocator_or_default((sj_allocator){0});
  *b = (bench){0};
  sj_arena_init(&b->arena, allocator);
  return sj_names_new(allocator, &b->names) == SJ_OK &&
         sj_rules_new(files, count, b->names, allocator, &b->rules, NULL) ==
             SJ_OK &&
         sj_scan_new(b->rules, &b->scan) == SJ_OK;
}

static void close_bench(bench *b) {
  sj_scan_free(b->scan);
  sj_rules_free(b->rules);
  sj_names_free(b->names);
  sj_arena_release(&b->arena);
}

static int by_place(const void *left, const void *right) {
  const sj_claim *a = left;
  const sj_claim *b = right;
  if (a->source != b->source) return a->source < b->source ? -1 : 1;
  if (a->start != b->start) return a->start < b->start ? -1 : 1;
  return a->end < b->end ? -1 : a->end > b->end;
}

static bool same_claims(sj_claims *a, sj_claims *b) {
  if (a->len != b->len) return false;
  if (a->len == 0) return true;
  qsort(a->at, a->len, sizeof(*a->at), by_place);
  qsort(b->at, b->len, sizeof(*b->at), by_place);
  for (size_t i = 0; i < a->len; i++)
    if (by_place(&a->at[i], &b->at[i]) != 0 || a->at[i].score != b->at[i].score)
      return false;
  return true;
}

/// Whether both ways agree on a document; adds to the number of claims.
static bool agrees(bench *b, const char *doc, size_t len, size_t *claims) {
  sj_text text;
  sj_view view;
  sj_claims fast = {0};
  sj_claims slow = {0};
  sj_ranges left_fast = {0};
  sj_ranges left_slow = {0};
  size_t bad_at = 0;
  bool good = sj_text_take(&text, &b->arena, doc, len, &bad_at) == SJ_OK &&
              sj_view_build(&view, &b->arena, &text, SJ_LANG_ALL) == SJ_OK;
  good = good && sj_rules_run(b->scan, &b->arena, &text, &view, &fast,
                              &left_fast) == SJ_OK;
  good = good && sj_rules_run_exhaustive(b->scan, &b->arena, &text, &view,
                                         &slow, &left_slow) == SJ_OK;
  good = good && left_fast.len == 0 && left_slow.len == 0;
  good = good && same_claims(&fast, &slow);
  *claims += slow.len;
  sj_arena_reset(&b->arena);
  return good;
}

static uint32_t documents_wanted(void) {
  const char *word = getenv("SJ_DOCS");
  const long wanted = word == NULL ? DOCS : strtol(word, NULL, 10);
  return wanted > 0 && wanted < 10000000 ? (uint32_t)wanted : DOCS;
}

static void the_automaton_misses_nothing(void) {
  static lines from;
  static char doc[ROOM];
  read_examples(&from);
  CHECK(from.count > 300);
  bench b;
  CHECK(open_bench(&b));
  seed = 20261124;
  size_t claims = 0;
  uint32_t differing = 0;
  const uint32_t docs = documents_wanted();
  for (uint32_t i = 0; i < docs; i++) {
    const size_t len = make_document(&from, doc);
    if (!agrees(&b, doc, len, &claims) && ++differing == 1)
      fprintf(stderr, "document %u differs\n", (unsigned)i);
  }
  printf("%u documents, %zu claims, %u differences\n", (unsigned)docs, claims,
         (unsigned)differing);
  CHECK(differing == 0);
  CHECK(claims > docs / 2); // the documents are not empty of findings
  close_bench(&b);
}

// With the automaton of one pattern driving another, documents must differ:
// else the test above could not fail.
static void a_wrong_automaton_is_noticed(void) {
  static lines from;
  static char doc[ROOM];
  read_examples(&from);
  bench b;
  CHECK(open_bench(&b));
  for (size_t i = 0; i + 1 < b.rules->pattern_count; i += 2) {
    const sj_pattern moved = b.rules->patterns[i];
    b.rules->patterns[i] = b.rules->patterns[i + 1];
    b.rules->patterns[i + 1] = moved;
  }
  seed = 4711;
  size_t claims = 0;
  uint32_t differing = 0;
  for (uint32_t i = 0; i < 200; i++) {
    const size_t len = make_document(&from, doc);
    if (!agrees(&b, doc, len, &claims)) differing++;
  }
  CHECK(differing > 20);
  close_bench(&b);
}

// A table of eight states is emptied all the time, and must give the same.
static void an_overflowing_table_changes_nothing(void) {
  static lines from;
  static char doc[ROOM];
  read_examples(&from);
  bench b;
  CHECK(open_bench(&b));
  sj_filter_free(b.scan->filter);
  CHECK(sj_filter_new(b.rules->nfa, b.rules->allocator, 8, &b.scan->filter) ==
        SJ_OK);
  seed = 99;
  size_t claims = 0;
  for (uint32_t i = 0; i < 50; i++) {
    const size_t len = make_document(&from, doc);
    CHECK(agrees(&b, doc, len, &claims));
  }
  close_bench(&b);
}

int main(void) {
  RUN(a_wrong_automaton_is_noticed);
  RUN(an_overflowing_table_changes_nothing);
  RUN(the_automaton_misses_nothing);
  return CHECK_DONE();
}
