// SPDX-License-Identifier: Apache-2.0
//
// known_lists.c - the `.names` files: nicknames, titles, and names that are
// ordinary words. core/packs/README.md has the format.

#include "known_parts.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/utf8.h"

typedef struct nickname {
  sj_piece word;
  uint32_t group;
  uint32_t next; // the same word in another group, + 1
} nickname;

struct sj_known_lists {
  sj_allocator allocator;
  sj_arena store;
  sj_hashes bits;      // of a word: sj_known_bit
  sj_hashes first;     // of a word: its first place in `nicknames`, + 1
  nickname *nicknames; // group by group
  size_t nickname_count, nickname_cap;
  uint32_t *groups; // first nickname of each, and one behind the last
  size_t group_count, group_cap;
  uint32_t sources[SJ_FROM_COUNT];
  const sj_names *names;
  const sj_lexicon *lexicon; // NULL for none
};

typedef struct reader {
  sj_known_lists *lists;
  const sj_file *file;
  sj_error *error;
  uint32_t line;
  struct {
    uint64_t hash;
    unsigned bit;
  } * marks; // collected first, since a table does not grow
  size_t mark_count, mark_cap;
} reader;

static sj_status refuse(const reader *r, const char *what) {
  if (r->error == NULL) return SJ_PACK;
  *r->error = (sj_error){.status = SJ_PACK, .what = what, .line = r->line};
  const size_t len = strlen(r->file->name);
  const size_t room = sizeof(r->error->where) - 1;
  memcpy(r->error->where, r->file->name, len < room ? len : room);
  return SJ_PACK;
}

static sj_status add_mark(reader *r, const sj_piece *word, unsigned bit) {
  void *at = sj_array_room(&r->lists->store, r->marks, r->mark_count,
                           &r->mark_cap, 1, sizeof(*r->marks));
  if (at == NULL) return SJ_NOMEM;
  r->marks = at;
  r->marks[r->mark_count].hash = word->hash;
  r->marks[r->mark_count++].bit = bit;
  return SJ_OK;
}

static sj_status add_nickname(reader *r, const sj_piece *word, uint32_t group) {
  sj_known_lists *lists = r->lists;
  nickname *at =
      sj_array_room(&lists->store, lists->nicknames, lists->nickname_count,
                    &lists->nickname_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  lists->nicknames = at;
  at[lists->nickname_count++] = (nickname){.word = *word, .group = group};
  return SJ_OK;
}

static sj_status end_group(sj_known_lists *lists) {
  uint32_t *at = sj_array_room(&lists->store, lists->groups, lists->group_count,
                               &lists->group_cap, 1, sizeof(*at));
  if (at == NULL) return SJ_NOMEM;
  lists->groups = at;
  at[lists->group_count++] = (uint32_t)lists->nickname_count;
  return SJ_OK;
}

// The words of a line, parted by `|`; `bit` is 0 for nicknames.
static sj_status
read_words(reader *r, const uint8_t *bytes, uint32_t len, unsigned bit) {
  const uint32_t group = (uint32_t)r->lists->group_count - 1;
  uint32_t at = 0;
  uint32_t behind = 0;
  sj_piece word;
  sj_status status = SJ_OK;
  for (bool first = true; status == SJ_OK; first = false) {
    if (!sj_piece_next(bytes, len, &at, &word)) break;
    if (!first && memchr(bytes + behind, '|', word.start - behind) == NULL)
      return refuse(r, "words are parted by |, and are one word each");
    behind = word.end;
    if (word.len > SJ_KNOWN_LETTERS) return refuse(r, "the word is too long");
    status = bit == 0 ? add_nickname(r, &word, group) : add_mark(r, &word, bit);
  }
  if (status == SJ_OK && behind == 0)
    return refuse(r, "a keyword without words");
  return status == SJ_OK && bit == 0 ? end_group(r->lists) : status;
}

static sj_status read_line(reader *r, const char *line, size_t len) {
  static const struct {
    const char *word;
    unsigned bit;
  } keywords[] = {{"nick", 0},
                  {"word", SJ_KNOWN_ORDINARY},
                  {"title", SJ_KNOWN_TITLE},
                  {"label", SJ_KNOWN_LABEL},
                  {"blank", SJ_KNOWN_BLANK},
                  {"particle", SJ_KNOWN_PARTICLE}};
  if (r->line == 1) {
    static const char head[] = "scrubjay-names 1";
    if (len == sizeof(head) - 1 && memcmp(line, head, len) == 0) return SJ_OK;
    return refuse(r, "the first line is not `scrubjay-names 1`");
  }
  if (len == 0 || line[0] == '#') return SJ_OK;
  for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
    const size_t size = strlen(keywords[i].word);
    if (len > size && line[size] == ' ' &&
        memcmp(line, keywords[i].word, size) == 0)
      return read_words(r, (const uint8_t *)line + size, (uint32_t)(len - size),
                        keywords[i].bit);
  }
  return refuse(r, "no such keyword (nick, word, title, label, blank, "
                   "particle)");
}

static sj_status read_file(reader *r) {
  const char *data = r->file->data;
  const size_t len = r->file->len;
  r->line = 1;
  size_t bad_at = 0;
  if (len > 0 && !sj_utf8_valid(data, len, &bad_at))
    return refuse(r, "the list is not valid UTF-8");
  if (len == 0) return refuse(r, "the list is empty");
  sj_status status = SJ_OK;
  for (size_t from = 0; from < len && status == SJ_OK; r->line++) {
    const char *found = memchr(data + from, '\n', len - from);
    const size_t end = found != NULL ? (size_t)(found - data) : len;
    size_t size = end - from;
    if (size > 0 && data[end - 1] == '\r') size--;
    status = read_line(r, data + from, size);
    from = end + 1;
  }
  return status;
}

static sj_status seal(reader *r) {
  sj_known_lists *lists = r->lists;
  sj_status status = sj_hashes_init(&lists->bits, &lists->store, r->mark_count);
  if (status == SJ_OK)
    status =
        sj_hashes_init(&lists->first, &lists->store, lists->nickname_count);
  if (status != SJ_OK) return status;
  for (size_t i = 0; i < r->mark_count; i++)
    *sj_hashes_slot(&lists->bits, r->marks[i].hash) |= r->marks[i].bit;
  for (size_t i = 0; i < lists->nickname_count; i++) {
    nickname *at = &lists->nicknames[i];
    uint32_t *slot = sj_hashes_slot(&lists->first, at->word.hash);
    at->next = *slot;
    *slot = (uint32_t)i + 1;
  }
  return SJ_OK;
}

static sj_status name_sources(sj_known_lists *lists, sj_names *names) {
  static const char *const words[SJ_FROM_COUNT] = {
      [SJ_FROM_NAME] = "known-name",
      [SJ_FROM_BIRTH] = "known-birth-date",
      [SJ_FROM_DEATH] = "known-death-date",
      [SJ_FROM_NUMBER] = "known-number",
      [SJ_FROM_PHONE] = "known-phone",
      [SJ_FROM_EMAIL] = "known-email",
      [SJ_FROM_URL] = "known-url",
      [SJ_FROM_ADDRESS] = "known-address",
      [SJ_FROM_CITY] = "known-city",
      [SJ_FROM_POSTAL] = "known-postal-code",
      [SJ_FROM_ORGANIZATION] = "known-organization"};
  static const char *const subtypes[] = {"us-ssn", "fr-nir", "npi", "rpps",
                                         "health-plan"};
  lists->names = names;
  uint32_t id = 0;
  sj_status status = SJ_OK;
  for (size_t i = 0; i < sizeof subtypes / sizeof *subtypes; i++)
    if (status == SJ_OK)
      status = sj_names_intern(names, subtypes[i], strlen(subtypes[i]), &id);
  for (size_t i = 0; i < SJ_FROM_COUNT && status == SJ_OK; i++)
    status =
        sj_names_intern(names, words[i], strlen(words[i]), &lists->sources[i]);
  return status;
}

static bool is_names(const char *name) {
  static const char ending[] = ".names";
  const size_t len = strlen(name);
  return len >= sizeof(ending) &&
         strcmp(name + len - sizeof(ending) + 1, ending) == 0;
}

sj_status sj_known_lists_new(const sj_file *files,
                             size_t count,
                             sj_names *names,
                             sj_allocator allocator,
                             sj_known_lists **out,
                             sj_error *error) {
  *out = NULL;
  sj_known_lists *lists = sj_alloc(allocator, sizeof(*lists));
  if (lists == NULL) return SJ_NOMEM;
  lists->allocator = sj_allocator_or_default(allocator);
  sj_arena_init(&lists->store, lists->allocator);
  reader r = {.lists = lists, .error = error};
  sj_status status = end_group(lists); // the first group starts at 0
  for (size_t i = 0; i < count && status == SJ_OK; i++) {
    if (!is_names(files[i].name)) continue;
    r.file = &files[i];
    status = read_file(&r);
  }
  if (status == SJ_OK) status = seal(&r);
  if (status == SJ_OK) status = name_sources(lists, names);
  if (status != SJ_OK) {
    sj_known_lists_free(lists);
    return status;
  }
  *out = lists;
  return SJ_OK;
}

void sj_known_lists_use(sj_known_lists *lists, const sj_lexicon *lexicon) {
  lists->lexicon = lexicon;
}

sj_entry
sj_known_entry(const sj_known_lists *lists, const sj_piece *word, bool *any) {
  *any = lists->lexicon != NULL && !sj_lexicon_is_empty(lists->lexicon);
  if (!*any || word->len > SJ_KNOWN_LETTERS) return 0;
  uint64_t phrase = SJ_PHRASE_SEED;
  for (unsigned i = 0; i < word->len; i++)
    phrase = sj_phrase_add(phrase, word->fold[i]);
  return sj_lexicon_find(lists->lexicon, phrase);
}

void sj_known_lists_free(sj_known_lists *lists) {
  if (lists == NULL) return;
  sj_arena_release(&lists->store);
  sj_free(lists->allocator, lists);
}

unsigned sj_known_bits(const sj_known_lists *lists, uint64_t hash) {
  return sj_hashes_get(&lists->bits, hash);
}

bool sj_known_nickname(const sj_known_lists *lists,
                       uint64_t name,
                       uint32_t *next,
                       const sj_piece **out) {
  uint32_t skip = (*next)++;
  uint32_t at = sj_hashes_get(&lists->first, name);
  for (; at != 0; at = lists->nicknames[at - 1].next) {
    const uint32_t group = lists->nicknames[at - 1].group;
    const uint32_t size = lists->groups[group + 1] - lists->groups[group];
    if (skip < size) {
      *out = &lists->nicknames[lists->groups[group] + skip].word;
      return true;
    }
    skip -= size;
  }
  return false;
}

uint32_t sj_known_source_id(const sj_known_lists *lists, sj_known_source from) {
  return lists->sources[from];
}

uint16_t sj_known_subtype(const sj_known_lists *lists, const char *name) {
  const int64_t id = sj_names_find(lists->names, name, strlen(name));
  return id > 0 && id <= UINT16_MAX ? (uint16_t)id : 0;
}
