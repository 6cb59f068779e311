// SPDX-License-Identifier: Apache-2.0
//
// evidence_parts.h - the pieces of the evidence stage, for evidence*.c only.
#ifndef SJ_EVIDENCE_PARTS_H
#define SJ_EVIDENCE_PARTS_H

#include "evidence.h"

/// Evidence that is always there to be weighed. What depends on the table's
/// own classes of words comes behind: `left:kin`, `suffix:drug`.
#define SJ_EVIDENCE_MAP(X)                                                     \
  X(BASE, "base")                                                              \
  X(CAPITAL, "capital")             /* inside a sentence */                    \
  X(CAPITAL_START, "capital-start") /* at the start of a sentence or field */  \
  X(UPPER, "upper")                 /* RUIZ among small letters */             \
  X(UPPER_LINE, "upper-line")       /* in a line of capitals */                \
  X(UPPER_SHORT, "upper-short")     /* two or three capitals */                \
  X(INITIAL, "initial")                                                        \
  X(MIXED, "mixed")                                                            \
  X(LOWER, "lower")                                                            \
  X(LOWER_NOTE, "lower-note") /* in a document without capitals */             \
  X(HYPHEN, "hyphen")                                                          \
  X(SHORT, "short")       /* up to three letters */                            \
  X(GAP_LINE, "gap-line") /* what stands before */                             \
  X(GAP_BLOCK, "gap-block")                                                    \
  X(GAP_STOP, "gap-stop")                                                      \
  X(GAP_TAB, "gap-tab")                                                        \
  X(GAP_COLON, "gap-colon")                                                    \
  X(GAP_COMMA, "gap-comma")                                                    \
  X(GAP_SLASH, "gap-slash")                                                    \
  X(GAP_BRACKET, "gap-bracket")                                                \
  X(GAP_JOINT, "gap-joint")                                                    \
  X(GAP_INITIAL, "gap-initial")                                                \
  X(GAP_OTHER, "gap-other")                                                    \
  X(END_COLON, "end-colon") /* what stands behind */                           \
  X(END_COMMA, "end-comma")                                                    \
  X(END_LINE, "end-line")                                                      \
  X(END_STOP, "end-stop")                                                      \
  X(END_TAB, "end-tab")                                                        \
  X(END_SLASH, "end-slash")                                                    \
  X(END_BRACKET, "end-bracket")                                                \
  X(END_POSSESSIVE, "end-possessive")                                          \
  X(ALONE, "alone") /* the only word of its line or field */                   \
  X(FIELD, "field") /* alone behind a colon */                                 \
  X(RUN_1, "run-1") /* how many capital words hang together */                 \
  X(RUN_2, "run-2")                                                            \
  X(RUN_3, "run-3")                                                            \
  X(RUN_4, "run-4")                                                            \
  X(RUN_USUAL, "run-usual") /* and what is among them */                       \
  X(RUN_FIRST, "run-first")                                                    \
  X(RUN_CARE_BEFORE, "run-care-before")                                        \
  X(RUN_CARE_AFTER, "run-care-after")                                          \
  X(RUN_CARE_LAST, "run-care-last")                                            \
  X(FRAMED_LOWER, "framed-lower") /* small letters behind a title or role */   \
  X(FRAMED_UNKNOWN, "framed-unknown")                                          \
  X(FIRST_1, "first-1")                                                        \
  X(FIRST_2, "first-2")                                                        \
  X(FIRST_3, "first-3")                                                        \
  X(FIRST_4, "first-4")                                                        \
  X(FIRST_5, "first-5")                                                        \
  X(FIRST_6, "first-6")                                                        \
  X(FIRST_7, "first-7")                                                        \
  X(SURNAME_1, "surname-1")                                                    \
  X(SURNAME_2, "surname-2")                                                    \
  X(SURNAME_3, "surname-3")                                                    \
  X(SURNAME_4, "surname-4")                                                    \
  X(SURNAME_5, "surname-5")                                                    \
  X(SURNAME_6, "surname-6")                                                    \
  X(SURNAME_7, "surname-7")                                                    \
  X(TOWN_1, "town-1")                                                          \
  X(TOWN_2, "town-2")                                                          \
  X(TOWN_3, "town-3")                                                          \
  X(TOWN_4, "town-4")                                                          \
  X(TOWN_5, "town-5")                                                          \
  X(TOWN_6, "town-6")                                                          \
  X(TOWN_7, "town-7")                                                          \
  X(TOWN_PHRASE, "town-phrase") /* a town of several words */                  \
  X(USUAL_1, "usual-1")         /* an ordinary word, by how common */          \
  X(USUAL_2, "usual-2")                                                        \
  X(USUAL_3, "usual-3")                                                        \
  X(USUAL_4, "usual-4")                                                        \
  X(USUAL_5, "usual-5")                                                        \
  X(USUAL_6, "usual-6")                                                        \
  X(USUAL_7, "usual-7")                                                        \
  X(CAPITAL_USUAL, "capital-usual") /* `capital`, and an ordinary word */      \
  X(START_USUAL, "start-usual")                                                \
  X(UPPER_USUAL, "upper-usual")                                                \
  X(LINE_USUAL, "line-usual")                                                  \
  X(LOWER_NAME, "lower-name")       /* small letters, listed, no other word */ \
  X(LOWER_UNKNOWN, "lower-unknown") /* in a document without capitals */       \
  X(LOWER_FIRST, "lower-first")                                                \
  X(LOWER_TOWN, "lower-town")                                                  \
  X(UNKNOWN, "unknown") /* in no list at all */                                \
  X(UNKNOWN_CAPITAL, "unknown-capital")                                        \
  X(UNKNOWN_UPPER, "unknown-upper")                                            \
  X(OTHER_TONGUE, "other-tongue") /* a word of the other language */           \
  X(CLINICAL, "clinical")                                                      \
  X(REGION, "region")                                                          \
  X(SITE, "site")             /* part of a listed hospital's name */           \
  X(PROTECTED, "protected")   /* in a list of protected terms */               \
  X(LEFT_FIRST, "left-first") /* the neighbour is ... */                       \
  X(LEFT_SURNAME, "left-surname")                                              \
  X(LEFT_UNKNOWN, "left-unknown")                                              \
  X(LEFT_INITIAL, "left-initial")                                              \
  X(LEFT_CAPITAL, "left-capital")                                              \
  X(LEFT_UPPER, "left-upper")                                                  \
  X(LEFT_NUMBER, "left-number")                                                \
  X(LEFT_CLINICAL, "left-clinical")                                            \
  X(LEFT_REGION, "left-region")                                                \
  X(RIGHT_FIRST, "right-first")                                                \
  X(RIGHT_SURNAME, "right-surname")                                            \
  X(RIGHT_UNKNOWN, "right-unknown")                                            \
  X(RIGHT_INITIAL, "right-initial")                                            \
  X(RIGHT_CAPITAL, "right-capital")                                            \
  X(RIGHT_UPPER, "right-upper")                                                \
  X(RIGHT_NUMBER, "right-number")                                              \
  X(RIGHT_CLINICAL, "right-clinical")                                          \
  X(RIGHT_REGION, "right-region")                                              \
  X(PAIR_FIRST, "pair-first")     /* a first name before a surname */          \
  X(PAIR_LAST, "pair-last")       /* a surname behind a first name */          \
  X(PAIR_UNKNOWN, "pair-unknown") /* two unknown capital words */              \
  X(COMMA_LAST, "comma-last")     /* LAST, First */                            \
  X(COMMA_FIRST, "comma-first")                                                \
  X(REPEATED, "repeated")   /* elsewhere too, with a capital */                \
  X(LOWER_TOO, "lower-too") /* elsewhere in small letters */                   \
  X(IN_NAME, "in-name")     /* second pass: inside a rule's find */            \
  X(IN_PLACE, "in-place")                                                      \
  X(IN_ORGANIZATION, "in-organization")                                        \
  X(IN_OTHER, "in-other")                                                      \
  X(BY_NAME, "by-name")     /* right beside a rule's name */                   \
  X(ECHO_NAME, "echo-name") /* a rule found it a name elsewhere */             \
  X(ECHO_PLACE, "echo-place")                                                  \
  X(NEAR_NAME_1, "near-name-1") /* a neighbour scored as a name */             \
  X(NEAR_NAME_2, "near-name-2")                                                \
  X(NEAR_NAME_3, "near-name-3")                                                \
  X(NEAR_TOWN, "near-town")                                                    \
  X(NEAR_SITE, "near-site")                                                    \
  X(INITIALS, "initials")       /* of a person that the note names */          \
  X(COMMA_NAME, "comma-name")   /* one beyond a comma did */                   \
  X(SAME_NAME_1, "same-name-1") /* the word scored so elsewhere */             \
  X(SAME_NAME_2, "same-name-2")                                                \
  X(SAME_TOWN, "same-town")                                                    \
  X(SAME_SITE, "same-site")

typedef enum sj_evidence_id {
#define X(name, text) SJ_EVIDENCE_##name,
  SJ_EVIDENCE_MAP(X)
#undef X
      SJ_EVIDENCE_FIXED
} sj_evidence_id;

enum {
  SJ_CLASSES_MAX = 32,  ///< of neighbouring words
  SJ_SUFFIXES_MAX = 16, ///< groups of endings
  SJ_SIDES = 6,         ///< left, left2, right, right2, colon, self
  SJ_THINGS = 3,        ///< name, town, site: what a word may be
  SJ_PIECES_MAX = 120   ///< of evidence for one word
};

/// Weights in thousandths: name, town and site in the first pass, then in the
/// second.
enum { SJ_PASS_1, SJ_PASS_2 = SJ_THINGS, SJ_COLUMNS = 2 * SJ_THINGS };

typedef struct sj_class_word {
  uint64_t hash; ///< 0: an empty slot
  uint32_t mask; ///< of classes
} sj_class_word;

typedef struct sj_suffix {
  char text[12];
  uint8_t len, group;
} sj_suffix;

struct sj_evidence {
  sj_allocator allocator;
  sj_arena arena;
  const char **names; ///< of every piece of evidence
  uint32_t *sources;  ///< their numbers in the register of names
  int16_t (*weights)[SJ_COLUMNS];
  size_t count;
  sj_class_word *class_words;
  size_t class_slots; ///< a power of two
  const char *classes[SJ_CLASSES_MAX];
  size_t class_count;
  sj_suffix *suffixes;
  size_t suffix_count, suffix_cap;
  const char *groups[SJ_SUFFIXES_MAX];
  size_t group_count;
  uint16_t floors[SJ_THINGS]; ///< thousandths: what is claimed
  uint32_t speech;            ///< the reason for taking a find back
  uint16_t sure;              ///< thousandths: below, a find is uncertain
  uint32_t found[SJ_THINGS];  ///< the sources that finds are reported under
};

/// The first piece of evidence of a class's side, and of a group of endings.
static inline uint16_t sj_evidence_side(size_t class, size_t side) {
  return (uint16_t)(SJ_EVIDENCE_FIXED + class * SJ_SIDES + side);
}
static inline uint16_t sj_evidence_suffix(const sj_evidence *e, size_t group) {
  return (uint16_t)(SJ_EVIDENCE_FIXED + e->class_count * SJ_SIDES + group);
}

uint32_t sj_evidence_classes(const sj_evidence *evidence, uint64_t word);

enum {
  SJ_RUN_USUAL = 1,
  SJ_RUN_FIRST = 2,
  SJ_RUN_CARE_BEFORE = 4,
  SJ_RUN_CARE_AFTER = 8,
  SJ_RUN_CARE_LAST = 16
};

/// Classes that the code knows by their place in the table: words inside names,
/// words inside the names of sites, what introduces people, head words of
/// sites. The first classes of a table must be these.
enum {
  SJ_CLASS_PARTICLE = 1u << 0,
  SJ_CLASS_JOINT = 1u << 1,
  SJ_CLASS_TITLE = 1u << 2,
  SJ_CLASS_DOCTOR = 1u << 3,
  SJ_CLASS_KIN = 1u << 4,
  SJ_CLASS_STAFF = 1u << 5,
  SJ_CLASS_CARE = 1u << 6,
  SJ_CLASS_FRAME =
      SJ_CLASS_TITLE | SJ_CLASS_DOCTOR | SJ_CLASS_KIN | SJ_CLASS_STAFF
};

/// What is known of a word, besides the word itself.
typedef struct sj_note {
  uint32_t classes;
  float score[SJ_THINGS]; ///< of the first pass
  uint8_t inside;         ///< 1 + label of a rule's find that covers it; 0
  bool candidate;
  bool repeated, lower_too, echo_name, echo_place;
  uint8_t run;       ///< capital words that hang together with it
  uint8_t run_flags; ///< SJ_RUN_*
  bool initials;     ///< of a person that the note names
  bool same_site;
  bool same_name_1, same_name_2, same_town;
  bool possessive;
} sj_note;

typedef struct sj_pieces {
  uint16_t ids[SJ_PIECES_MAX];
  size_t len;
} sj_pieces;

/// Collect the evidence of word `i`.
void sj_evidence_collect(const sj_evidence *evidence,
                         const sj_words *words,
                         const sj_view *view,
                         const sj_note *notes,
                         size_t i,
                         sj_pieces *out);
/// And what the first pass adds.
void sj_evidence_collect_second(const sj_words *words,
                                const sj_note *notes,
                                size_t i,
                                sj_pieces *out);

/// Whether words `i` and `i + 1` are a first name and its surname.
bool sj_evidence_is_pair(const sj_words *words, size_t i);

#endif // SJ_EVIDENCE_PARTS_H
