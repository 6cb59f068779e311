// SPDX-License-Identifier: Apache-2.0
//
// guard.c - the leak guard: a second look at a text that was scrubbed, for what
// leaves no doubt. It knows the public interface alone, so that it says the
// same wherever the engine runs.
//
// It must not stand in the way of a clean note: a person reviewed it, and what
// may mean something else was hers to decide. guard_sure.c says what counts.

#include <string.h>

#include "base/alloc.h"
#include "guard_parts.h"

enum { FILES_MAX = 96, STEM_MIN = 2, STEM_MAX = 24, NUMBER_MAX = 5 };

// Labels that sj_guard_is_sure() can say yes to.
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

static bool is_label(const char *at, size_t len) {
  for (size_t i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++)
    if (strlen(LABELS[i]) == len && memcmp(LABELS[i], at, len) == 0)
      return true;
  return false;
}

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
      named = is_rule && sj_guard_names(value, len);
    }
    value = value_of(at, stop, "label", &len);
    if (value != NULL) keep = named || is_label(value, len);
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

// Whether the session's policy hides any of a span: what it leaves in clear is
// no leak. Asked in order of the text; `*at` is how far the places were read.
static bool is_hidden(const sj_output *out, const sj_span *span, size_t *at) {
  while (*at < out->map_count && out->map[*at].end <= span->start)
    ++*at;
  return *at < out->map_count && out->map[*at].start < span->end;
}

// The spans that are sure and would be hidden, as leaks.
static sj_status
count_leaks(sj_guard_reading *of, sj_session *session, sj_leaks *out) {
  sj_output written = {0};
  size_t at = 0;
  for (size_t i = 0; i < of->count; i++) {
    const sj_span *span = &of->spans[i];
    if (!sj_guard_is_sure(of, span)) continue;
    if (written.text == NULL) { // only once, and for most texts never
      const sj_replace_options how = {0};
      const sj_status status =
          sj_session_replace(session, NULL, 0, &how, &written);
      if (status != SJ_OK) return status;
    }
    if (!is_hidden(&written, span, &at)) continue;
    if (out->count < out->room)
      out->at[out->count] = (sj_leak){
          .start = span->start, .end = span->end, .label = span->label};
    out->count++;
  }
  return SJ_OK;
}

sj_status sj_guard_scan(const sj_engine *engine,
                        sj_session *session,
                        const sj_guard_text *text,
                        sj_leaks *out) {
  out->count = 0;
  cut_placeholders(text->at, text->len);
  // Both languages: a leak need not be in the note's own.
  const sj_session_options options = {.langs = SJ_LANG_ALL,
                                      .policy = text->policy};
  sj_status status =
      sj_session_start(session, text->at, text->len, &options, NULL);
  if (status == SJ_OK) status = sj_session_finish(session);
  if (status == SJ_OK && !sj_session_coverage(session).complete)
    status = SJ_INCOMPLETE;
  if (status == SJ_OK) {
    sj_guard_reading of = {
        .engine = engine, .text = text->at, .len = text->len};
    size_t sources = 0;
    of.spans = sj_session_spans(session, &of.count);
    of.sources = sj_session_sources(session, &sources);
    status = count_leaks(&of, session, out);
  }
  sj_session_reset(session);
  return status;
}
