// SPDX-License-Identifier: Apache-2.0
//
// tokenize_load.h - what the files of the loader share: tokenize_load.c reads
// the file by events, tokenize_load_steps.c the small sections as trees,
// tokenize_load_vocab.c builds the model.
#ifndef SJ_TOKENIZE_LOAD_H
#define SJ_TOKENIZE_LOAD_H

#include "base/json.h"
#include "base/json_tree.h"
#include "tokenize_parts.h"

/// Strings one behind the other; string i ends where the next begins.
typedef struct sj_tok_strings {
  uint8_t *pool;
  size_t pool_len, pool_cap;
  uint32_t *start;
  size_t len, cap;
} sj_tok_strings;

/// A word of the file that the loader keeps; NULL where it is absent or null.
typedef struct sj_tok_word {
  const char *text;
  size_t len;
} sj_tok_word;

enum { SJ_TOK_PATH = 160 };

typedef struct sj_tok_loader {
  sj_tokenizer *tokenizer;
  sj_arena scratch;
  const sj_file *file;
  sj_json json;
  sj_error *error;
  char path[SJ_TOK_PATH]; ///< of the section that is read as a tree
  size_t base;            ///< first byte of that section
  // the model, as it is written
  bool seen_model, scored;
  sj_tok_strings vocab, merges; ///< merges: left, right, left, right, ...
  uint32_t *values;
  size_t value_cap;
  double *scores;
  size_t score_cap;
  sj_tok_word type, unk, prefix, suffix;
  int64_t unk_id, most_chars;
  bool byte_fallback, fuse_unk, ignore_merges;
  // sections, as stretches of the file
  sj_range normalizer, pre_tokenizer, post_processor, added;
} sj_tok_loader;

/// Refuse with the path of the section and a constant sentence.
sj_status sj_tok_refuse(sj_tok_loader *loader, size_t at, const char *what);

sj_status sj_tok_load_model(sj_tok_loader *loader);
sj_status sj_tok_build_model(sj_tok_loader *loader);
sj_status sj_tok_load_steps(sj_tok_loader *loader);
sj_status sj_tok_load_added(sj_tok_loader *loader);
sj_status sj_tok_load_post(sj_tok_loader *loader);

/// A section as a tree; NULL where it is absent.
sj_status sj_tok_section(sj_tok_loader *loader,
                         sj_range range,
                         const char *name,
                         const sj_json_node **out);
/// Whether a node is an object whose keys are all among these, by blanks.
bool sj_tok_only(const sj_json_node *node, const char *keys);
bool sj_tok_is(const sj_json_node *node, const char *word);
/// A member that is true or false; `usual` where it is absent or null.
bool sj_tok_flag(const sj_json_node *node, const char *key, bool usual);

sj_status sj_tok_push_string(sj_tok_loader *loader,
                             sj_tok_strings *to,
                             const void *text,
                             size_t len);

#endif // SJ_TOKENIZE_LOAD_H
