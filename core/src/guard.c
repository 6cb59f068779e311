// SPDX-License-Identifier: Apache-2.0
//
// guard.c - the leak guard: a second look at a text that was scrubbed, for what
// leaves no doubt. It knows the public interface alone, so that it says the
// same wherever the engine runs.
//
// It must not stand in the way of a clean note: a person reviewed it, and what
// may mean something else was hers to decide. So only findings count that a
// label introduces, that a check digit confirms, or whose form is nothing else.

#include <string.h>

#include "scrubjay/scrubjay.h"

#include "base/alloc.h"

enum { FILES_MAX = 96, STEM_MIN = 2, STEM_MAX = 24, NUMBER_MAX = 5 };

// Names count where one of these found them: they stand for a form or a title.
// Others (a relative, a nurse, a signature) lean on lists that are not here.
static const char *const NAME_RULES[] = {
    "en-name-patient-field", "en-name-patient-inline", "en-name-title",
    "fr-name-field",         "fr-name-inline",         "fr-name-title"};

// Labels that is_sure() can say yes to.
static const char *const LABELS[] = {
    "EMAIL", "IP",  "URL",     "PHONE",   "FAX",    "NATIONAL_ID",
    "DATE",  "MRN", "ACCOUNT", "LICENSE", "VEHICLE"};

static bool has_ending(const char *name, const char *ending) {
  const size_t len = strlen(name);
  const size_t tail = strlen(ending);
  return len > tail && strcmp(name + len - tail, ending) == 0;
}

// The value of a line of this keyword, in `*len` bytes; NULL for another line.
static const char *
value_of(const char *line, const char *end, const char *keyword, size_t *len) {
  const size_t want = strlen(keyword);
  if ((size_t)(end - line) <= want || memcmp(line, keyword, want) != 0 ||
      line[want] != ' ')
    return NULL;
  line += want;
  while (line < end && *line == ' ')
    line++;
  const char *from = line;
  while (line < end && *line != ' ' && *line != '\r')
    line++;
  *len = (size_t)(line - from);
  return from;
}

static bool
is_one_of(const char *const *words, size_t count, const char *at, size_t len) {
  for (size_t i = 0; i < count; i++)
    if (strlen(words[i]) == len && memcmp(words[i], at, len) == 0) return true;
  return false;
}

#define IS_ONE_OF(words, at, len)                                              \
  is_one_of(words, sizeof(words) / sizeof((words)[0]), at, len)

// A pack without the rules whose finds would not count: they cost time and
// memory. `out` has room for the whole file; gives what was written.
static size_t thin_pack(const sj_file *pack, char *out) {
  const char *end = pack->data + pack->len;
  size_t kept = 0, rule = 0; // `rule`: where the block under way begins
  bool keep = true, named = false;
  for (const char *at = pack->data; at < end;) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL) stop = end;
    size_t len = 0;
    const char *value = value_of(at, stop, "rule", &len);
    const bool is_rule = value != NULL;
    const bool is_piece = value_of(at, stop, "def", &(size_t){0}) != NULL ||
                          value_of(at, stop, "words", &(size_t){0}) != NULL;
    if (is_rule || is_piece) {
      if (!keep) kept = rule; // the block before it goes
      rule = kept;
      keep = !is_rule; // until its label says so
      named = is_rule && IS_ONE_OF(NAME_RULES, value, len);
    }
    value = value_of(at, stop, "label", &len);
    if (value != NULL) keep = named || IS_ONE_OF(LABELS, value, len);
    const size_t size = (size_t)(stop - at) + (stop < end ? 1 : 0);
    memcpy(out + kept, at, size);
    kept += size;
    at += size;
  }
  return keep ? kept : rule;
}

sj_status sj_guard_engine_new(const sj_allocator *allocator,
                              sj_engine **out,
                              sj_error *error) {
  // Rules and policies: no names, no weights, and no clinical terms, which
  // change no verdict on the corpus and cost a fifth of the time.
  sj_file files[FILES_MAX];
  size_t count = 0, all = 0, room = 0;
  const sj_file *builtin = sj_builtin_files(&all);
  *out = NULL;
  sj_engine_config config = {
      .files = files, .no_builtin = true, .rules_only = true};
  if (allocator != NULL) config.allocator = *allocator;
  for (size_t i = 0; i < all; i++)
    if (has_ending(builtin[i].name, ".rules")) room += builtin[i].len;
  char *packs = sj_alloc(config.allocator, room);
  if (packs == NULL) return SJ_NOMEM;
  room = 0;
  for (size_t i = 0; i < all && count < FILES_MAX; i++) {
    if (has_ending(builtin[i].name, ".rules")) {
      files[count] = (sj_file){.name = builtin[i].name, .data = packs + room};
      files[count].len = thin_pack(&builtin[i], packs + room);
      room += files[count++].len;
    } else if (has_ending(builtin[i].name, ".policy")) {
      files[count++] = builtin[i];
    }
  }
  config.file_count = count;
  const sj_status status = sj_engine_new(&config, out, error);
  sj_free(config.allocator, packs);
  return status;
}

static bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What begins here as a placeholder does, such as <PERSON_0>: its length, 0 for
// none, and where its number stands.
static size_t placeholder(const char *at, const char *end, size_t *number) {
  const char *from = at;
  if (at == end || *at++ != '<') return 0;
  while (at < end && (is_capital(*at) || (*at == '_' && at > from + 1)))
    at++;
  const size_t stem = (size_t)(at - from);
  if (stem < STEM_MIN + 2 || stem > STEM_MAX || at[-1] != '_') return 0;
  *number = stem;
  while (at < end && is_digit(*at))
    at++;
  if (at == from + stem || at == end || *at != '>') return 0;
  return (size_t)(at + 1 - from);
}

// Placeholders become something that no rule reaches over: no word, no digit,
// no blank. Their numbers are counts, without a zero in front; what has more
// digits than a count is an identifier in disguise, and stays in sight.
static void cut_placeholders(char *text, size_t len) {
  const char *end = text + len;
  for (char *at = text; (at = memchr(at, '<', (size_t)(end - at))) != NULL;) {
    size_t number = 0;
    const size_t width = placeholder(at, end, &number);
    const size_t digits = width - number - 1;
    if (width > 0 && (digits > NUMBER_MAX || (digits > 1 && at[number] == '0')))
      at[number - 1] = ' ';
    else if (width > 0)
      memset(at + 1, '~', width - 2);
    at += width > 0 ? width : 1;
  }
}

// A name before @, /~user, /users/..., or the page of an account.
static bool names_user(const char *text, size_t len) {
  static const char *const signs[] = {"@",        "/~",   "/user", "/patient",
                                      "/profile", "/in/", "user=", "id="};
  for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
    const size_t want = strlen(signs[i]);
    for (size_t at = 0; at + want <= len; at++)
      if (memcmp(text + at, signs[i], want) == 0) return true;
  }
  return false;
}

static size_t count_digits(const char *text, size_t len) {
  size_t count = 0;
  for (size_t i = 0; i < len; i++)
    count += is_digit(text[i]) ? 1 : 0;
  return count;
}

static bool is_named(const sj_engine *engine,
                     const sj_source *sources,
                     const sj_span *span,
                     const char *text) {
  bool sure = false;
  for (uint32_t i = 0; i < span->source_count; i++) {
    const char *name = sj_engine_source_name(engine, sources[i].id);
    sure = sure || (name != NULL && IS_ONE_OF(NAME_RULES, name, strlen(name)));
  }
  // Two words with capitals, as names are written: `Zora Kern`. A sentence, an
  // abbreviation or a drug behind the label has none of the two.
  unsigned names = 0;
  bool small = false, other = false, begins = true;
  for (uint32_t i = span->start; i < span->end; i++) {
    const unsigned char c = (unsigned char)text[i];
    const bool letter = is_capital((char)c) || (c >= 'a' && c <= 'z');
    if (begins && is_capital((char)c)) names++;
    if (begins && c == 0xC3 && i + 1 < span->end &&
        (unsigned char)text[i + 1] < 0x9F)
      names++; // a capital of Latin-1 with an accent
    if (begins && c >= 'a' && c <= 'z') other = true;
    small = small || (c >= 'a' && c <= 'z');
    begins = !letter && c < 0x80 && c != '\'' && c != '.';
  }
  return sure && names >= 2 && small && !other;
}

static bool is_sure(const sj_engine *engine,
                    const sj_source *sources,
                    const sj_span *span,
                    const char *text) {
  enum { HIGH = 850, SURE = 900 };
  const char *surface = text + span->start;
  const size_t len = span->end - span->start;
  const bool labelled = (span->flags & SJ_FLAG_LABELLED) != 0;
  const bool validated = (span->flags & SJ_FLAG_VALIDATED) != 0;
  switch (span->label) {
  case SJ_LABEL_EMAIL:
    return true;
  case SJ_LABEL_IP:
    return labelled || validated || span->score >= HIGH;
  case SJ_LABEL_URL:
    return names_user(surface, len);
  case SJ_LABEL_PHONE:
  case SJ_LABEL_FAX:
    return count_digits(surface, len) >= 7 &&
           (labelled || validated || span->score >= HIGH);
  case SJ_LABEL_NATIONAL_ID:
    return count_digits(surface, len) >= 7 &&
           (labelled || validated || span->score >= SURE);
  case SJ_LABEL_VEHICLE: // a plate is too short to be sure of
    return len >= 11 && (labelled || validated || span->score >= SURE);
  case SJ_LABEL_MRN:
  case SJ_LABEL_ACCOUNT:
  case SJ_LABEL_LICENSE:
    return count_digits(surface, len) >= 4 && (labelled || validated);
  case SJ_LABEL_DATE: // a fraction or a visit's number has fewer digits
    return count_digits(surface, len) >= (labelled ? 4 : 5);
  case SJ_LABEL_NAME:
    return labelled && is_named(engine, sources, span, text);
  default:
    return false;
  }
}

// Whether the session's policy hides any of a span: what it leaves in clear is
// no leak. Asked in order of the text; `*at` is how far the places were read.
static bool is_hidden(const sj_output *out, const sj_span *span, size_t *at) {
  while (*at < out->map_count && out->map[*at].end <= span->start)
    ++*at;
  return *at < out->map_count && out->map[*at].start < span->end;
}

// The spans that are sure and would be hidden, as leaks.
static sj_status count_leaks(const sj_engine *engine,
                             sj_session *session,
                             const char *text,
                             sj_leak *out,
                             size_t room,
                             size_t *count) {
  size_t spans = 0, all = 0, at = 0;
  const sj_span *span = sj_session_spans(session, &spans);
  const sj_source *sources = sj_session_sources(session, &all);
  sj_output written = {0};
  for (size_t i = 0; i < spans; i++) {
    if (!is_sure(engine, sources + span[i].source, &span[i], text)) continue;
    if (written.text == NULL) { // only once, and for most texts never
      const sj_replace_options how = {0};
      const sj_status status =
          sj_session_replace(session, NULL, 0, &how, &written);
      if (status != SJ_OK) return status;
    }
    if (!is_hidden(&written, &span[i], &at)) continue;
    if (*count < room)
      out[*count] = (sj_leak){
          .start = span[i].start, .end = span[i].end, .label = span[i].label};
    (*count)++;
  }
  return SJ_OK;
}

sj_status sj_guard_scan(const sj_engine *engine,
                        sj_session *session,
                        char *text,
                        size_t len,
                        const char *policy,
                        sj_leak *out,
                        size_t room,
                        size_t *count) {
  *count = 0;
  cut_placeholders(text, len);
  // Both languages: a leak need not be in the note's own.
  const sj_session_options options = {.langs = SJ_LANG_ALL, .policy = policy};
  sj_status status = sj_session_start(session, text, len, &options, NULL);
  if (status == SJ_OK) status = sj_session_finish(session);
  if (status == SJ_OK && !sj_session_coverage(session).complete)
    status = SJ_INCOMPLETE;
  if (status == SJ_OK)
    status = count_leaks(engine, session, text, out, room, count);
  sj_session_reset(session);
  return status;
}
