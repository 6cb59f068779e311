// SPDX-License-Identifier: Apache-2.0
//
// lexicon.c - the table, and the big lists that are compiled in.

#include "base/lexicon_parts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/fold.h"
#include "base/utf8.h"

enum { PHRASE_MAX = 64, HEAD = 5 };

static uint32_t slot_of(const sj_lexicon *lexicon, uint64_t phrase) {
  return (uint32_t)((phrase >> 32) * lexicon->size >> 32);
}

// The high half chose the slot, so that the low one tells phrases apart.
static uint64_t *find(const sj_lexicon *lexicon, uint64_t phrase) {
  uint32_t at = slot_of(lexicon, phrase);
  while (lexicon->slots[at] != 0 &&
         (uint32_t)(lexicon->slots[at] >> 32) != (uint32_t)phrase)
    at = at + 1 == lexicon->size ? 0 : at + 1;
  return &lexicon->slots[at];
}

sj_entry sj_lexicon_find(const sj_lexicon *lexicon, uint64_t phrase) {
  if (lexicon->used == 0) return 0;
  return (uint32_t)*find(lexicon, phrase);
}

static sj_entry larger(sj_entry a, sj_entry b, sj_entry field) {
  return (a & field) > (b & field) ? a & field : b & field;
}

void sj_lexicon_put(sj_lexicon *lexicon, uint64_t phrase, sj_entry entry) {
  uint64_t *slot = find(lexicon, phrase);
  if (*slot == 0) lexicon->used++;
  const sj_entry old = (uint32_t)*slot;
  const sj_entry flags = (sj_entry)0xFF8000;
  sj_entry sum = (old | entry) & flags;
  for (unsigned field = 0; field < 5; field++)
    sum |= larger(old, entry, 7u << (3 * field));
  sum |= larger(old, entry, 0xFF000000u);
  *slot = (phrase & 0xFFFFFFFFu) << 32 | sum;
}

void sj_lexicon_put_list(sj_lexicon *lexicon, uint64_t phrase, sj_entry list) {
  sj_lexicon_put(lexicon, phrase, list);
  uint64_t *slot = find(lexicon, phrase);
  const sj_entry entry = (uint32_t)*slot & 0xFFFFFFu & ~SJ_ENTRY_NEAR;
  *slot = (phrase & 0xFFFFFFFFu) << 32 | entry | list;
}

uint64_t sj_lexicon_phrase(const char *text,
                           size_t len,
                           uint64_t *first,
                           uint32_t *words) {
  sj_fold fold = {.bytes = (const uint8_t *)text, .end = len};
  uint64_t hash = SJ_PHRASE_SEED;
  bool inside = false;
  *words = 0;
  for (uint32_t code; (code = sj_fold_next(&fold)) != 0;) {
    if (!sj_utf8_is_alnum(code)) {
      if (inside && *words == 1) *first = hash;
      inside = false;
      continue;
    }
    if (!inside) {
      if (*words > 0) hash = sj_phrase_add(hash, ' ');
      ++*words;
    }
    inside = true;
    hash = sj_phrase_add(hash, code);
  }
  if (*words <= 1) *first = hash;
  return hash;
}

sj_status sj_lexicon_fail(sj_error *error,
                          const char *what,
                          const sj_file *file,
                          uint32_t line) {
  if (error == NULL) return SJ_PACK;
  *error = (sj_error){.status = SJ_PACK, .what = what, .line = line};
  const size_t len = strlen(file->name);
  const size_t kept =
      len < sizeof(error->where) ? len : sizeof(error->where) - 1;
  memcpy(error->where, file->name, kept);
  return SJ_PACK;
}

// A digit of base 64; -1 where it is none.
static int digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Where a lexicon is being read: the phrase above, by the hashes of all its
// beginnings, so that a line costs no more than what is new in it.
typedef struct reader {
  uint64_t hashes[PHRASE_MAX + 1];
  size_t held;      ///< letters of the phrase
  size_t first_len; ///< letters of its first word; 0 where it has but one
  uint64_t first;   ///< and the hash of that
  uint64_t opened;  ///< the first word last said to open phrases; many share it
} reader;

// Take the letters behind the `kept` that the phrase shares with the last.
static void
take_letters(reader *in, size_t kept, const char *letters, size_t len) {
  if (kept <= in->first_len) in->first_len = 0;
  for (size_t i = 0; i < len; i++) {
    const bool gap = letters[i] == ' ' && in->first_len == 0;
    if (gap) {
      in->first_len = kept + i;
      in->first = in->hashes[in->first_len];
    }
    in->hashes[kept + i + 1] =
        sj_phrase_add(in->hashes[kept + i], (uint8_t)letters[i]);
  }
  in->held = kept + len;
}

// One line; false where it is broken.
static bool
take_entry(sj_lexicon *lexicon, reader *in, const char *line, size_t len) {
  if (len < HEAD || len > HEAD + PHRASE_MAX) return false;
  sj_entry digits[HEAD];
  for (size_t i = 0; i < HEAD; i++) {
    const int value = digit(line[i]);
    if (value < 0) return false;
    digits[i] = (sj_entry)value;
  }
  const size_t kept = digits[0];
  if (kept > in->held || kept + len - HEAD > PHRASE_MAX) return false;
  const sj_entry entry =
      digits[1] | digits[2] << 6 | digits[3] << 12 | digits[4] << 18;
  take_letters(in, kept, line + HEAD, len - HEAD);
  if (entry != 0) sj_lexicon_put(lexicon, in->hashes[in->held], entry);
  if (in->first_len > 0 && in->first != in->opened) {
    sj_lexicon_put(lexicon, in->first, SJ_ENTRY_OPENS);
    in->opened = in->first;
  }
  return true;
}

// Format: core/cmake/lexicon.py. Words are folded already, and ASCII.
sj_status
sj_lexicon_read(sj_lexicon *lexicon, const sj_file *file, sj_error *error) {
  static const char title[] = "scrubjay-lexicon 1\n";
  const size_t title_len = sizeof(title) - 1;
  if (file->len < title_len || memcmp(file->data, title, title_len) != 0)
    return sj_lexicon_fail(error, "no lexicon of format 1", file, 1);
  reader in = {.hashes = {SJ_PHRASE_SEED}};
  uint32_t line = 1;
  for (size_t at = title_len; at < file->len;) {
    line++;
    const char *end = memchr(file->data + at, '\n', file->len - at);
    const size_t len = end == NULL ? 0 : (size_t)(end - file->data) - at;
    if (!take_entry(lexicon, &in, file->data + at, len))
      return sj_lexicon_fail(error, "a broken line", file, line);
    at += len + 1;
  }
  return SJ_OK;
}

static bool has_ending(const char *name, const char *ending) {
  const size_t len = strlen(name);
  const size_t tail = strlen(ending);
  return len > tail && strcmp(name + len - tail, ending) == 0;
}

// How many slots the file's phrases need at most. A phrase may need one more
// for its first word: in a list any may, in a lexicon those that show a blank.
static size_t count_slots(const sj_file *file) {
  const bool list = has_ending(file->name, ".list");
  size_t count = 2;
  bool blank = false;
  for (size_t i = 0; i < file->len; i++) {
    const char c = file->data[i];
    if (c == ' ' && !list && !blank) {
      blank = true;
      count++;
    } else if (c == '\n' || c == '|') {
      blank = false;
      count += list ? 2 : 1;
    }
  }
  return count;
}

static sj_status fill(sj_lexicon *lexicon,
                      const sj_file *files,
                      size_t count,
                      sj_names *names,
                      sj_error *error) {
  for (size_t i = 0; i < count; i++) {
    sj_status status = SJ_OK;
    if (has_ending(files[i].name, ".lexicon"))
      status = sj_lexicon_read(lexicon, &files[i], error);
    else if (has_ending(files[i].name, ".list"))
      status = sj_lexicon_read_list(lexicon, &files[i], names, error);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_lexicon_new(const sj_file *files,
                         size_t count,
                         sj_names *names,
                         sj_allocator allocator,
                         sj_lexicon **out,
                         sj_error *error) {
  *out = NULL;
  sj_lexicon *lexicon = sj_alloc(allocator, sizeof(*lexicon));
  if (lexicon == NULL) return SJ_NOMEM;
  lexicon->allocator = allocator;
  size_t slots = 0;
  for (size_t i = 0; i < count; i++)
    if (has_ending(files[i].name, ".lexicon") ||
        has_ending(files[i].name, ".list"))
      slots += count_slots(&files[i]);
  // A third stays empty.
  const size_t size = slots + slots / 2 + 64;
  sj_status status = size > UINT32_MAX / 2 ? SJ_TOO_LARGE : SJ_OK;
  if (status == SJ_OK) {
    lexicon->size = (uint32_t)size;
    lexicon->slots = sj_alloc(allocator, size * sizeof(*lexicon->slots));
    if (lexicon->slots == NULL) status = SJ_NOMEM;
  }
  if (status == SJ_OK) status = fill(lexicon, files, count, names, error);
  if (status != SJ_OK) {
    sj_lexicon_free(lexicon);
    return status;
  }
  *out = lexicon;
  return SJ_OK;
}

void sj_lexicon_free(sj_lexicon *lexicon) {
  if (lexicon == NULL) return;
  const sj_allocator allocator = lexicon->allocator;
  for (uint32_t i = 1; i <= lexicon->list_count; i++)
    sj_free(allocator, lexicon->lists[i].near);
  sj_free(allocator, lexicon->slots);
  sj_free(allocator, lexicon);
}

const sj_term_list *sj_lexicon_list(const sj_lexicon *lexicon, uint32_t list) {
  return &lexicon->lists[list <= lexicon->list_count ? list : 0];
}

bool sj_lexicon_is_empty(const sj_lexicon *lexicon) {
  return lexicon->used == 0;
}
