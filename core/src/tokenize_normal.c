// SPDX-License-Identifier: Apache-2.0
//
// tokenize_normal.c - the normalizers. Each rewrites the whole of run->now.

#include "tokenize_parts.h"

#include <string.h>

#include "base/utf8.h"
#include "tokenize_unicode.h"

static bool is_ascii(const sj_tok_text *text) {
  return sj_tok_ascii_end(text, 0) == text->len;
}

// Leave out the characters that have one of these properties, which no ASCII
// has. Here and below, ASCII goes by the run: that is most of most notes.
static void drop(sj_tok_run *run, unsigned which) {
  if (is_ascii(&run->now)) return;
  sj_tok_edit edit = sj_tok_edit_begin(run);
  for (size_t at = 0; at < run->now.len && run->failed == SJ_OK;) {
    at = sj_tok_ascii_end(&run->now, at);
    sj_tok_edit_copy(&edit, at);
    if (at == run->now.len) break;
    const uint32_t code = sj_utf8_next(run->now.bytes, &at);
    if ((sj_uc_of(code) & which) != 0)
      sj_tok_edit_skip(&edit, at);
    else
      sj_tok_edit_copy(&edit, at);
  }
  sj_tok_edit_swap(run);
}

static void lower_ascii(uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (bytes[i] >= 'A' && bytes[i] <= 'Z') bytes[i] += 'a' - 'A';
}

static void lowercase(sj_tok_run *run) {
  sj_tok_edit edit = sj_tok_edit_begin(run);
  for (size_t at = 0; at < run->now.len && run->failed == SJ_OK;) {
    const size_t start = run->next.len;
    at = sj_tok_ascii_end(&run->now, at);
    sj_tok_edit_copy(&edit, at);
    if (run->failed == SJ_OK)
      lower_ascii(run->next.bytes + start, run->next.len - start);
    if (at == run->now.len) break;
    const uint32_t code = sj_utf8_next(run->now.bytes, &at);
    uint32_t parts[SJ_UC_MOST];
    size_t count = 0;
    if ((sj_uc_of(code) & SJ_UC_LOWER) != 0)
      count = sj_uc_map(SJ_UC_LOWER, code, parts);
    if (count == 0) sj_tok_edit_copy(&edit, at);
    for (size_t i = 0; i < count; i++)
      sj_tok_edit_put(&edit, parts[i], i > 0);
  }
  sj_tok_edit_swap(run);
}

// What BertNormalizer makes of an ASCII byte; -1 where it goes.
static int bert_byte(const sj_tok_step *step, uint8_t byte) {
  const bool blank = byte == '\t' || byte == '\n' || byte == '\r';
  if (step->clean && blank) return ' ';
  if (step->clean && (byte < 0x20 || byte == 0x7F)) return -1;
  if (step->lower && byte >= 'A' && byte <= 'Z') return byte + ('a' - 'A');
  return byte;
}

// On ASCII alone it works in place.
static void bert_ascii(sj_tok_run *run, const sj_tok_step *step) {
  sj_tok_text *now = &run->now;
  size_t kept = 0;
  for (size_t i = 0; i < now->len; i++) {
    const int byte = bert_byte(step, now->bytes[i]);
    if (byte < 0) continue;
    now->bytes[kept] = (uint8_t)byte;
    now->from[kept++] = now->from[i];
  }
  now->len = kept;
}

static size_t printable_end(const sj_tok_text *text, size_t at) {
  while (at < text->len && text->bytes[at] >= 0x20 && text->bytes[at] < 0x7F)
    at++;
  return at;
}

static void bert_clean(sj_tok_run *run, const sj_tok_step *step) {
  sj_tok_edit edit = sj_tok_edit_begin(run);
  for (size_t at = 0; at < run->now.len && run->failed == SJ_OK;) {
    at = printable_end(&run->now, at);
    sj_tok_edit_copy(&edit, at);
    if (at == run->now.len) break;
    const uint32_t code = sj_utf8_next(run->now.bytes, &at);
    const unsigned kind = sj_uc_of(code);
    if (step->clean && (kind & SJ_UC_CONTROL) != 0) {
      sj_tok_edit_skip(&edit, at);
    } else if (step->clean && (kind & SJ_UC_SPACE) != 0) {
      sj_tok_edit_put(&edit, ' ', 0);
    } else if (step->han && (kind & SJ_UC_HAN) != 0) {
      sj_tok_edit_put(&edit, ' ', 0);
      sj_tok_edit_put(&edit, code, 1);
      sj_tok_edit_put(&edit, ' ', 1);
    } else {
      sj_tok_edit_copy(&edit, at);
    }
  }
  sj_tok_edit_swap(run);
}

static void bert(sj_tok_run *run, const sj_tok_step *step) {
  if (is_ascii(&run->now)) {
    bert_ascii(run, step);
    return;
  }
  if (step->clean || step->han) bert_clean(run, step);
  if (step->accents) {
    sj_tok_compose(run, false, false);
    drop(run, SJ_UC_ACCENT);
  }
  if (step->lower) lowercase(run);
}

static void strip(sj_tok_run *run, const sj_tok_step *step) {
  sj_tok_text *now = &run->now;
  size_t start = 0;
  size_t end = now->len;
  while (step->left && start < end) {
    size_t next = start;
    if ((sj_uc_of(sj_utf8_next(now->bytes, &next)) & SJ_UC_SPACE) == 0) break;
    start = next;
  }
  while (step->right && end > start) {
    size_t next = end;
    if ((sj_uc_of(sj_utf8_prev(now->bytes, &next)) & SJ_UC_SPACE) == 0) break;
    end = next;
  }
  memmove(now->bytes, now->bytes + start, end - start);
  memmove(now->from, now->from + start, (end - start) * sizeof(*now->from));
  now->len = end - start;
}

static bool find_literal(const sj_tok_text *text,
                         const sj_tok_step *step,
                         size_t from,
                         sj_range *out) {
  const size_t len = step->literal_len;
  if (len == 0) return false;
  while (from + len <= text->len) {
    const uint8_t *hit = memchr(text->bytes + from, step->literal[0],
                                text->len - len + 1 - from);
    if (hit == NULL) return false;
    from = (size_t)(hit - text->bytes);
    if (memcmp(hit, step->literal, len) == 0) {
      *out = (sj_range){(uint32_t)from, (uint32_t)(from + len)};
      return true;
    }
    from++;
  }
  return false;
}

// What is new shares the place of the last character that it replaces.
static void replace(sj_tok_run *run, const sj_tok_step *step) {
  sj_tok_edit edit = sj_tok_edit_begin(run);
  const sj_range all = {0, (uint32_t)run->now.len};
  sj_range hit;
  for (size_t from = 0; from <= run->now.len && run->failed == SJ_OK;) {
    const bool found =
        step->regex == NULL
            ? find_literal(&run->now, step, from, &hit)
            : sj_tok_regex_find(run, step->regex, all, (uint32_t)from, &hit);
    if (!found) break;
    sj_tok_edit_copy(&edit, hit.start);
    sj_tok_edit_skip(&edit, hit.end);
    sj_tok_edit_insert(&edit, step->text, step->len);
    from = hit.end;
    if (hit.end > hit.start) continue;
    if (from == run->now.len) break;
    from += sj_tok_char_len(run->now.bytes[from]);
  }
  sj_tok_edit_copy(&edit, run->now.len);
  sj_tok_edit_swap(run);
}

static void prepend(sj_tok_run *run, const sj_tok_step *step) {
  if (run->now.len == 0) return;
  sj_tok_edit edit = sj_tok_edit_begin(run);
  sj_tok_edit_insert(&edit, step->text, step->len);
  sj_tok_edit_copy(&edit, run->now.len);
  sj_tok_edit_swap(run);
}

static void compose(sj_tok_run *run, bool compat, bool whole) {
  if (!is_ascii(&run->now)) sj_tok_compose(run, compat, whole);
}

void sj_tok_normalize(sj_tok_run *run, const sj_tok_step *step) {
  if (run->failed != SJ_OK) return;
  switch (step->kind) {
  case SJ_TOK_NFC:
    compose(run, false, true);
    break;
  case SJ_TOK_NFD:
    compose(run, false, false);
    break;
  case SJ_TOK_NFKC:
    compose(run, true, true);
    break;
  case SJ_TOK_NFKD:
    compose(run, true, false);
    break;
  case SJ_TOK_LOWERCASE:
    lowercase(run);
    break;
  case SJ_TOK_STRIP_ACCENTS:
    drop(run, SJ_UC_MARK);
    break;
  case SJ_TOK_STRIP:
    strip(run, step);
    break;
  case SJ_TOK_REPLACE:
    replace(run, step);
    break;
  case SJ_TOK_PREPEND:
    prepend(run, step);
    break;
  case SJ_TOK_BERT:
    bert(run, step);
    break;
  case SJ_TOK_CHARSMAP:
    sj_tok_charsmap(run, step);
    break;
  default:
    break;
  }
}
