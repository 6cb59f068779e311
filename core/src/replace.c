// SPDX-License-Identifier: Apache-2.0
//
// replace.c - write the scrubbed text (merge -> replace).
//
// Spans may come from a person who moved and added some, so nothing is taken
// for granted here: they are checked, put in order, and made one where they
// overlap. Lines that nothing looked at go whole, whatever spans say of them.

#include "replace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "replace_parts.h"
#include "replace_stand.h"

static bool span_is_valid(const sj_text *text, const sj_span *span) {
  if (span->start > span->end || span->end > text->len) return false;
  if (span->label >= SJ_LABEL_COUNT) return false;
  // The text ends with NUL, which starts a character.
  return sj_utf8_starts(text->bytes[span->start]) &&
         sj_utf8_starts(text->bytes[span->end]);
}

static int by_start(const void *a, const void *b) {
  const sj_place *x = a;
  const sj_place *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  if (x->end != y->end) return x->end > y->end ? -1 : 1;
  if (x->score != y->score) return x->score > y->score ? -1 : 1;
  if (x->label != y->label) return (int)x->label - (int)y->label;
  if (x->role != y->role) return (int)x->role - (int)y->role;
  return (int)x->subtype - (int)y->subtype;
}

// What a person says of a stretch outranks what rules and model say.
static bool outranks(const sj_place *x, const sj_place *y) {
  const bool x_manual = (x->flags & SJ_FLAG_MANUAL) != 0;
  const bool y_manual = (y->flags & SJ_FLAG_MANUAL) != 0;
  if (x_manual != y_manual) return x_manual;
  return x->score > y->score;
}

static void unite(sj_places *places) {
  size_t kept = 0;
  for (size_t i = 0; i < places->len; i++) {
    const sj_place next = places->at[i];
    if (kept == 0 || next.start >= places->at[kept - 1].end) {
      places->at[kept++] = next;
      continue;
    }
    sj_place *last = &places->at[kept - 1];
    const uint32_t start = last->start;
    const uint32_t end = next.end > last->end ? next.end : last->end;
    const uint8_t flags = last->flags | next.flags;
    if (outranks(&next, last)) *last = next;
    last->start = start;
    last->end = end;
    last->flags = flags;
  }
  places->len = kept;
}

static sj_status
gather(sj_arena *arena, const sj_replace_input *in, sj_places *places) {
  *places = (sj_places){0};
  if (in->count == 0) return SJ_OK;
  places->at = sj_arena_take(arena, in->count * sizeof *places->at);
  if (places->at == NULL) return SJ_NOMEM;
  places->cap = in->count;
  for (size_t i = 0; i < in->count; i++) {
    const sj_span *span = &in->spans[i];
    if (!span_is_valid(in->text, span)) return SJ_ARGUMENT;
    if (span->start == span->end) continue;
    places->at[places->len++] = (sj_place){.start = span->start,
                                           .end = span->end,
                                           .label = span->label,
                                           .subtype = span->subtype,
                                           .score = span->score,
                                           .role = span->role,
                                           .flags = span->flags};
  }
  return sj_places_keep(arena, places, in);
}

static void sort(sj_places *places) {
  if (places->len > 1)
    qsort(places->at, places->len, sizeof *places->at, by_start);
}

static sj_status push(sj_arena *arena, sj_places *places, sj_place place) {
  sj_place *at = sj_array_room(arena, places->at, places->len, &places->cap, 1,
                               sizeof *at);
  if (at == NULL) return SJ_NOMEM;
  places->at = at;
  at[places->len++] = place;
  return SJ_OK;
}

// Whether unscanned ranges, ascending, touch [start, end); moves past those
// that end before it.
static bool touches(const sj_replace_input *in,
                    size_t *range,
                    uint32_t start,
                    uint32_t end) {
  while (*range < in->unscanned_count && in->unscanned[*range].end <= start)
    ++*range;
  return *range < in->unscanned_count && in->unscanned[*range].start < end;
}

// The unscanned lines as places, without their line ends.
static sj_status
dark_lines(sj_arena *arena, const sj_replace_input *in, sj_places *lines) {
  const sj_text *text = in->text;
  *lines = (sj_places){0};
  size_t range = 0;
  for (uint32_t i = 0; i < text->line_count; i++) {
    if (range >= in->unscanned_count) break;
    const uint32_t start = text->lines[i];
    uint32_t end = i + 1 < text->line_count ? text->lines[i + 1] : text->len;
    const bool dark = touches(in, &range, start, end);
    while (end > start &&
           (text->bytes[end - 1] == '\n' || text->bytes[end - 1] == '\r'))
      end--;
    if (!dark || start == end) continue;
    const sj_place line = {
        .start = start, .end = end, .label = SJ_LABEL_ID, .unscanned = true};
    if (push(arena, lines, line) != SJ_OK) return SJ_NOMEM;
  }
  return SJ_OK;
}

// Take the kept places out of the list, into one of their own.
static sj_status part(sj_arena *arena, sj_places *places, sj_places *kept) {
  *kept = (sj_places){0};
  size_t hidden = 0;
  for (size_t i = 0; i < places->len; i++) {
    const sj_place place = places->at[i];
    if (!place.kept)
      places->at[hidden++] = place;
    else if (push(arena, kept, place) != SJ_OK)
      return SJ_NOMEM;
  }
  places->len = hidden;
  return SJ_OK;
}

static bool only_blank(const sj_text *text, uint32_t start, uint32_t end) {
  for (uint32_t i = start; i < end; i++)
    if (strchr(" \t\r\n", text->bytes[i]) == NULL || text->bytes[i] == 0)
      return false;
  return true;
}

// Lay the dark lines over the places, which keep what lies outside of them.
static sj_status overlay(sj_arena *arena,
                         const sj_text *text,
                         const sj_places *lines,
                         sj_places *places) {
  sj_places out = {0};
  size_t line = 0;
  for (size_t i = 0; i < places->len; i++) {
    sj_place rest = places->at[i];
    while (line < lines->len && lines->at[line].start < rest.end) {
      const sj_place dark = lines->at[line++];
      sj_place before = rest;
      if (before.end > dark.start) before.end = dark.start;
      const bool keeps = before.start < before.end &&
                         !only_blank(text, before.start, before.end);
      if (keeps && push(arena, &out, before) != SJ_OK) return SJ_NOMEM;
      if (push(arena, &out, dark) != SJ_OK) return SJ_NOMEM;
      if (rest.start < dark.end) rest.start = dark.end;
      if (rest.start > rest.end) rest.start = rest.end;
    }
    const bool keeps =
        rest.start < rest.end && !only_blank(text, rest.start, rest.end);
    if (keeps && push(arena, &out, rest) != SJ_OK) return SJ_NOMEM;
  }
  while (line < lines->len)
    if (push(arena, &out, lines->at[line++]) != SJ_OK) return SJ_NOMEM;
  *places = out;
  return SJ_OK;
}

// Join what adjoins, but not over a place that stays in clear. Where such a
// place touches a hidden one, it does not count: what is hidden is hidden.
static sj_status join(sj_arena *arena,
                      const sj_text *text,
                      const sj_places *kept,
                      sj_places *places) {
  const size_t hidden = places->len;
  size_t next = 0;
  for (size_t i = 0; i < kept->len; i++) {
    const sj_place open = kept->at[i];
    while (next < hidden && places->at[next].end <= open.start)
      next++;
    const bool apart = next == hidden || places->at[next].start >= open.end;
    if (apart && push(arena, places, open) != SJ_OK) return SJ_NOMEM;
  }
  if (places->len > hidden) sort(places);
  sj_places_join(places, text);
  sj_places barriers;
  return part(arena, places, &barriers);
}

// The scrubbed text as it grows.
struct writer {
  sj_arena *arena;
  char *text;
  size_t len, cap;
};

static sj_status put(struct writer *writer, const void *bytes, size_t len) {
  if (len == 0) return SJ_OK;
  char *text = sj_array_room(writer->arena, writer->text, writer->len,
                             &writer->cap, len, 1);
  if (text == NULL) return SJ_NOMEM;
  writer->text = text;
  memcpy(text + writer->len, bytes, len);
  writer->len += len;
  return SJ_OK;
}

static sj_status
put_place(struct writer *writer, const sj_place *place, sj_style style) {
  static const char blocks[] =
      "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88"
      "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88";
  char buf[64];
  int len = 0;
  if (style == SJ_STYLE_CONSISTENT && place->stand != NULL)
    return put(writer, place->stand, place->stand_len);
  // Where there is no stand-in, a number that the text does not use.
  if (style == SJ_STYLE_NUMBERED || style == SJ_STYLE_CONSISTENT)
    len = snprintf(buf, sizeof buf, "<%s_%u>", place->stem,
                   (unsigned)place->number);
  else if (style == SJ_STYLE_PLACEHOLDER || place->unscanned)
    len = snprintf(buf, sizeof buf, "[%s]", place->word);
  else if (style == SJ_STYLE_HASH)
    len = snprintf(buf, sizeof buf, "[%s_%02x%02x%02x%02x]", place->word,
                   place->code[0], place->code[1], place->code[2],
                   place->code[3]);
  else if (style == SJ_STYLE_PLAIN)
    return put(writer, "[REDACTED]", 10);
  else
    return put(writer, blocks, sizeof blocks - 1);
  return put(writer, buf, (size_t)len);
}

static sj_status write_out(sj_arena *arena,
                           const sj_replace_input *in,
                           const sj_places *places,
                           sj_style style,
                           sj_output *out) {
  struct writer writer = {.arena = arena};
  *out = (sj_output){0};
  sj_replacement *map =
      sj_arena_take(arena, places->len * sizeof(sj_replacement));
  // The map is taken first, so that the text stays the newest piece and grows
  // in place.
  if (map == NULL || put(&writer, "", 0) != SJ_OK) return SJ_NOMEM;
  uint32_t at = 0;
  for (size_t i = 0; i < places->len; i++) {
    const sj_place *place = &places->at[i];
    const uint32_t start = place->start + place->skip;
    const uint32_t end = place->end - place->drop;
    if (put(&writer, in->text->bytes + at, start - at) != SJ_OK)
      return SJ_NOMEM;
    map[i] = (sj_replacement){.start = start,
                              .end = end,
                              .out_start = (uint32_t)writer.len,
                              .label = place->label,
                              .number = place->number};
    if (put_place(&writer, place, style) != SJ_OK) return SJ_NOMEM;
    map[i].out_end = (uint32_t)writer.len;
    if (place->unscanned) out->unscanned++;
    at = end;
  }
  if (put(&writer, in->text->bytes + at, in->text->len - at) != SJ_OK)
    return SJ_NOMEM;
  out->text = writer.text == NULL ? "" : writer.text;
  out->len = writer.len;
  out->map = map;
  out->map_count = places->len;
  return SJ_OK;
}

static sj_status
number_places(sj_arena *arena, sj_places *places, const sj_text *text) {
  sj_status status = sj_places_tell_apart(arena, places, text);
  if (status == SJ_OK) status = sj_places_count(arena, places, text);
  return status;
}

// Stand-ins are drawn anew where they cannot be told from the text around them.
static sj_status stand_in(sj_arena *arena,
                          const sj_replace_input *in,
                          sj_places *places,
                          sj_output *out) {
  enum { ROUNDS = 8 };
  sj_status status = number_places(arena, places, in->text);
  bool good = false;
  for (uint32_t round = 0; round < ROUNDS && status == SJ_OK && !good;
       round++) {
    status = sj_places_stand_in(arena, places, in, round);
    if (status == SJ_OK)
      status = write_out(arena, in, places, SJ_STYLE_CONSISTENT, out);
    if (status == SJ_OK) status = sj_output_leads_back(arena, in, out, &good);
  }
  // Then numbers, which always lead back.
  for (size_t i = 0; i < places->len && !good; i++)
    places->at[i].stand = NULL;
  if (status == SJ_OK && !good)
    status = write_out(arena, in, places, SJ_STYLE_CONSISTENT, out);
  if (status != SJ_OK) *out = (sj_output){0};
  return status;
}

sj_status
sj_replace_run(sj_arena *arena, const sj_replace_input *in, sj_output *out) {
  static const sj_replace_options usual = {0};
  *out = (sj_output){0};
  const sj_replace_options *options =
      in->options == NULL ? &usual : in->options;
  if (options->style > SJ_STYLE_CONSISTENT) return SJ_ARGUMENT;
  const bool keyed =
      options->style == SJ_STYLE_HASH || options->style == SJ_STYLE_CONSISTENT;
  if (keyed && options->key.len == 0) return SJ_ARGUMENT;
  if (in->unscanned_count > 0 && !options->allow_partial) return SJ_INCOMPLETE;

  sj_places places;
  sj_places kept;
  sj_places lines;
  sj_status status = gather(arena, in, &places);
  if (status == SJ_OK) status = part(arena, &places, &kept);
  if (status != SJ_OK) return status;
  sort(&kept);
  sort(&places);
  unite(&places);
  status = dark_lines(arena, in, &lines);
  if (status == SJ_OK && lines.len > 0)
    status = overlay(arena, in->text, &lines, &places);
  if (status != SJ_OK) return status;
  sj_places_open(&places, in);
  // Stand-ins keep a street a street and a town a town.
  if (options->style != SJ_STYLE_CONSISTENT)
    status = join(arena, in->text, &kept, &places);
  if (status != SJ_OK) return status;
  sj_places_name(&places, in->subtypes);
  if (options->style == SJ_STYLE_CONSISTENT)
    return stand_in(arena, in, &places, out);
  if (options->style == SJ_STYLE_NUMBERED)
    status = number_places(arena, &places, in->text);
  if (options->style == SJ_STYLE_HASH) {
    status = sj_places_tell_apart(arena, &places, in->text);
    if (status == SJ_OK) sj_places_sign(&places, in->text, &options->key);
  }
  if (status == SJ_OK)
    status = write_out(arena, in, &places, options->style, out);
  if (status != SJ_OK) *out = (sj_output){0};
  return status;
}
