// SPDX-License-Identifier: Apache-2.0
//
// tokenize_parts.h - what the files of the tokenizer share.
//
//     load -> added tokens -> normalizers -> added tokens -> pre-tokenizers
//          -> model -> tokens with their bytes
//
// A derived text keeps, for each of its bytes, the first byte of the original
// character it came from. The reference library keeps ranges, but each of them
// is one character of the original, so its start says all.
#ifndef SJ_TOKENIZE_PARTS_H
#define SJ_TOKENIZE_PARTS_H

#include "scrubjay/scrubjay.h"

#include <pcre2.h>

#include "base/arena.h"
#include "tokenize_trie.h"

/// A text on its way through the normalizers.
typedef struct sj_tok_text {
  uint8_t *bytes;
  uint32_t *from; ///< start of the original character, one for each byte
  size_t len, cap;
} sj_tok_text;

/// A stretch of the derived text; `id` is -1 until it is a token.
typedef struct sj_tok_piece {
  uint32_t start, end;
  int32_t id;
} sj_tok_piece;

typedef struct sj_tok_pieces {
  sj_tok_piece *at;
  size_t len, cap;
} sj_tok_pieces;

typedef enum sj_tok_step_kind {
  // normalizers
  SJ_TOK_NFC,
  SJ_TOK_NFD,
  SJ_TOK_NFKC,
  SJ_TOK_NFKD,
  SJ_TOK_LOWERCASE,
  SJ_TOK_STRIP_ACCENTS,
  SJ_TOK_STRIP,
  SJ_TOK_REPLACE,
  SJ_TOK_PREPEND,
  SJ_TOK_BERT,
  SJ_TOK_CHARSMAP,
  // pre-tokenizers
  SJ_TOK_BERT_SPLIT,
  SJ_TOK_WHITESPACE,
  SJ_TOK_WHITESPACE_SPLIT,
  SJ_TOK_PUNCTUATION,
  SJ_TOK_DIGITS,
  SJ_TOK_METASPACE,
  SJ_TOK_BYTE_LEVEL,
  SJ_TOK_SPLIT
} sj_tok_step_kind;

typedef enum sj_tok_behavior {
  SJ_TOK_REMOVED,
  SJ_TOK_ISOLATED,
  SJ_TOK_MERGED_PREVIOUS,
  SJ_TOK_MERGED_NEXT,
  SJ_TOK_CONTIGUOUS
} sj_tok_behavior;

enum { SJ_TOK_ALWAYS, SJ_TOK_FIRST, SJ_TOK_NEVER };

typedef struct sj_tok_step {
  sj_tok_step_kind kind;
  bool clean, han, accents, lower; ///< BERT
  bool left, right;                ///< STRIP
  bool split;                      ///< METASPACE
  bool prefix, use_regex;          ///< BYTE_LEVEL
  bool individual;                 ///< DIGITS
  bool invert;                     ///< SPLIT
  bool gpt;                        ///< SPLIT by the regex of GPT-2
  uint8_t scheme;                  ///< METASPACE
  sj_tok_behavior behavior;
  const uint8_t *text; ///< content, prefix, or Metaspace's replacement
  size_t len;
  const uint8_t *literal; ///< pattern that is no regex
  size_t literal_len;
  pcre2_code *regex;
  const uint8_t *map; ///< CHARSMAP: cells of four bytes, then texts
  size_t map_cells, map_texts;
} sj_tok_step;

typedef enum sj_tok_model_kind {
  SJ_TOK_WORDPIECE,
  SJ_TOK_UNIGRAM,
  SJ_TOK_BPE,
  SJ_TOK_WORDLEVEL
} sj_tok_model_kind;

/// A merge: two ids become one; its rank is its place.
typedef struct sj_tok_merge {
  uint32_t left, right, whole;
} sj_tok_merge;

typedef struct sj_tok_model {
  sj_tok_model_kind kind;
  sj_trie trie;
  uint32_t size; ///< entries of the vocabulary
  int32_t unk;   ///< -1 for none
  bool byte_fallback, fuse_unk, ignore_merges;
  const uint8_t *prefix, *suffix; ///< of continuing, of last pieces
  size_t prefix_len, suffix_len;
  uint64_t most_chars;  ///< WordPiece
  uint32_t prefix_node; ///< WordPiece: the node behind the prefix
  bool prefix_found;
  double *scores, low; ///< Unigram
  sj_tok_merge *merges;
  uint32_t *slots, slot_mask; ///< of merges, by hash; place + 1
  int32_t bytes[256];         ///< ids of <0x00> to <0xFF>; -1
} sj_tok_model;

/// Added tokens of one sort.
typedef struct sj_tok_added_token {
  int32_t id;
  bool single_word, lstrip, rstrip;
} sj_tok_added_token;

typedef struct sj_tok_added {
  sj_trie trie;
  sj_tok_added_token *at;
  size_t count;
  uint8_t first[32]; ///< bit set of the bytes that one begins with
} sj_tok_added;

enum { SJ_TOK_SPECIALS = 8, SJ_TOK_TRIMS = 4, SJ_TOK_STEPS = 64 };

struct sj_tokenizer {
  sj_allocator allocator;
  sj_arena arena;
  pcre2_general_context *memory;
  pcre2_match_context *limits;
  pcre2_code *grapheme; ///< for a charsmap
  sj_tok_step norms[SJ_TOK_STEPS], splits[SJ_TOK_STEPS];
  size_t norm_count, split_count;
  sj_tok_model model;
  sj_tok_added raw, normal; ///< found before, and after normalizing
  bool trims[SJ_TOK_TRIMS];
  size_t trim_count; ///< how often offsets leave blanks out
  int32_t before[SJ_TOK_SPECIALS], after[SJ_TOK_SPECIALS];
  size_t before_count, after_count; ///< special tokens around a window
};

/// One text on its way. `failed` is sticky: SJ_NOMEM, or SJ_TOKENIZER where a
/// limit of the regex tripped.
typedef struct sj_tok_run {
  const sj_tokenizer *tokenizer;
  const uint8_t *text; ///< the original
  size_t len;
  sj_arena *arena;
  sj_tok_text now, next;
  sj_tok_pieces pieces, more;
  int32_t *ids;
  uint32_t *start, *end;
  size_t token_len, token_cap;
  void *scratch; ///< of the model
  size_t scratch_size;
  pcre2_match_data *match;
  sj_status failed;
} sj_tok_run;

/// A text being rewritten into `run->next`. As in the reference library, each
/// character put says how it changes the count: 0 replaces the next one, 1 is
/// new and shares the place of the one before, -n replaces one and drops n.
typedef struct sj_tok_edit {
  sj_tok_run *run;
  const sj_tok_text *in;
  sj_tok_text *out;
  size_t at, end; ///< in `in`
} sj_tok_edit;

// tokenize_text.c
sj_tok_edit sj_tok_edit_begin(sj_tok_run *run);
void sj_tok_edit_put(sj_tok_edit *edit, uint32_t code, int32_t change);
void sj_tok_edit_copy(sj_tok_edit *edit, size_t end);
void sj_tok_edit_skip(sj_tok_edit *edit, size_t end);
void sj_tok_edit_insert(sj_tok_edit *edit, const uint8_t *text, size_t len);
void sj_tok_edit_swap(sj_tok_run *run);
bool sj_tok_text_room(sj_tok_run *run, sj_tok_text *text, size_t more);
void sj_tok_piece_push(sj_tok_run *run, sj_tok_pieces *to, sj_tok_piece piece);
void *sj_tok_scratch(sj_tok_run *run, size_t size);
size_t sj_tok_char_len(uint8_t lead);
/// Where the run of ASCII that begins at `at` ends.
size_t sj_tok_ascii_end(const sj_tok_text *text, size_t at);

// tokenize_normal.c, tokenize_compose.c, tokenize_charsmap.c
void sj_tok_normalize(sj_tok_run *run, const sj_tok_step *step);
void sj_tok_compose(sj_tok_run *run, bool compat, bool compose);
void sj_tok_charsmap(sj_tok_run *run, const sj_tok_step *step);

// tokenize_split.c
void sj_tok_split(sj_tok_run *run, const sj_tok_step *step);

// tokenize_regex.c
sj_status sj_tok_regex_compile(sj_tokenizer *tokenizer,
                               const char *pattern,
                               size_t len,
                               uint32_t options,
                               pcre2_code **out);
sj_status sj_tok_regex_new(sj_tokenizer *tokenizer,
                           const char *pattern,
                           size_t len,
                           pcre2_code **out);
bool sj_tok_regex_find(sj_tok_run *run,
                       const pcre2_code *code,
                       sj_range within,
                       uint32_t from,
                       sj_range *out);
bool sj_tok_gpt_is(const char *pattern, size_t len);
uint32_t sj_tok_gpt_end(const uint8_t *bytes, uint32_t at, uint32_t end);

// tokenize_added.c
void sj_tok_added_find(sj_tok_run *run,
                       const sj_tok_added *added,
                       const uint8_t *bytes,
                       sj_range within,
                       sj_tok_pieces *to);

// tokenize_model.c, tokenize_bpe.c
void sj_tok_model_run(sj_tok_run *run, const sj_tok_piece *piece);
void sj_tok_bpe(sj_tok_run *run, const sj_tok_piece *piece);
void sj_tok_emit(sj_tok_run *run, int32_t id, uint32_t start, uint32_t end);
sj_status sj_tok_model_ready(sj_tok_model *model);
int64_t
sj_tok_merge_find(const sj_tok_model *model, uint32_t left, uint32_t right);

#endif // SJ_TOKENIZE_PARTS_H
