// SPDX-License-Identifier: Apache-2.0
//
// replace_stand.c - draw stand-ins, and go through the places.

#include "replace_stand.h"

#include <string.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/sha256.h"
#include "base/utf8.h"

void sj_stand_draw(const sj_stand *stand,
                   const char *what,
                   uint64_t value,
                   uint32_t counter,
                   uint8_t out[32]) {
  const sj_replace_options *how = stand->in->options;
  uint8_t tail[16];
  for (int i = 0; i < 8; i++)
    tail[i] = (uint8_t)(value >> (8 * i));
  for (int i = 0; i < 4; i++) {
    tail[8 + i] = (uint8_t)(counter >> (8 * i));
    tail[12 + i] = (uint8_t)(stand->round >> (8 * i));
  }
  sj_hmac hmac;
  sj_hmac_start(&hmac, how->key.data, how->key.len);
  sj_hmac_add(&hmac, what, strlen(what) + 1);
  sj_hmac_add(&hmac, tail, sizeof tail);
  // Last, because it alone has no fixed length.
  sj_hmac_add(&hmac, how->patient.data, how->patient.len);
  sj_hmac_end(&hmac, out);
}

uint32_t
sj_stand_number(const sj_stand *stand, const char *what, uint64_t value) {
  uint8_t bytes[32];
  sj_stand_draw(stand, what, value, 0, bytes);
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
         (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

bool sj_stand_vowel(const uint8_t *bytes, size_t at, size_t end) {
  sj_fold fold = {.bytes = bytes, .at = at, .end = end};
  const uint32_t first = sj_fold_next(&fold);
  return first != 0 && first < 0x80 && strchr("aeiouyh", (int)first) != NULL;
}

const char *
sj_stand_pick(sj_stand *stand, sj_pool_kind kind, uint64_t value, bool vowel) {
  static const char *const names[] = {"female", "male", "surname", "town",
                                      "street"};
  const sj_pool_list *list = &stand->pools->lists[stand->lang][kind];
  if (list->len == 0 || stand->chosen_len >= stand->chosen_max) return NULL;
  uint32_t *slot = sj_table_slot(&stand->chosen, value * 8 + kind);
  if (*slot != 0) return stand->pools->entries[*slot - 1].text;
  const uint32_t start = sj_stand_number(stand, names[kind], value) % list->len;
  for (int strict = 1; strict >= 0; strict--)
    for (uint32_t i = 0; i < list->len; i++) {
      const uint32_t at = list->first + (start + i) % list->len;
      const char *text = stand->pools->entries[at].text;
      if (stand->taken[at] != 0) continue;
      if (strict == 1 &&
          sj_stand_vowel((const uint8_t *)text, 0, strlen(text)) != vowel)
        continue;
      stand->taken[at] = 1;
      stand->chosen_len++;
      *slot = at + 1;
      return text;
    }
  return NULL;
}

// ---------------------------------------------------------------------------
// Writing
// ---------------------------------------------------------------------------

void sj_stand_put(sj_stand_text *text, const void *bytes, size_t len) {
  if (len == 0 || text->failed) return;
  char *at =
      sj_array_room(text->arena, text->at, text->len, &text->cap, len, 1);
  if (at == NULL) {
    text->failed = true;
    return;
  }
  text->at = at;
  memcpy(at + text->len, bytes, len);
  text->len += len;
}

static uint32_t upper(uint32_t code) {
  if (code >= 'a' && code <= 'z') return code - 32;
  if (code >= 0xE0 && code <= 0xFE && code != 0xF7) return code - 32;
  return code == 0x153 ? 0x152 : code; // oe
}

static uint32_t lower(uint32_t code) {
  if (code >= 'A' && code <= 'Z') return code + 32;
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 32;
  return code == 0x152 ? 0x153 : code;
}

void sj_stand_put_word(sj_stand_text *text,
                       const char *word,
                       sj_stand_case how,
                       bool plain) {
  const uint8_t *bytes = (const uint8_t *)word;
  const size_t len = strlen(word);
  sj_fold fold = {.bytes = bytes, .end = len};
  for (size_t at = 0; at < len;) {
    uint8_t out[4];
    uint32_t code = plain ? sj_fold_next(&fold) : sj_utf8_next(bytes, &at);
    if (code == 0) return;
    if (how == SJ_STAND_UPPER) code = upper(code);
    if (how == SJ_STAND_LOWER) code = lower(code);
    sj_stand_put(text, out, sj_utf8_put(out, code));
  }
}

sj_stand_case sj_stand_case_of(const uint8_t *bytes, size_t at, size_t end) {
  size_t letters = 0;
  size_t capitals = 0;
  while (at < end) {
    const uint32_t code = sj_utf8_next(bytes, &at);
    if (!sj_utf8_is_letter(code)) continue;
    letters++;
    capitals += lower(code) != code;
  }
  if (letters > 1 && capitals == letters) return SJ_STAND_UPPER;
  return letters > 0 && capitals == 0 ? SJ_STAND_LOWER : SJ_STAND_AS_IS;
}

// ---------------------------------------------------------------------------
// The document
// ---------------------------------------------------------------------------

// The language of most lines that are of one.
static int language(const sj_replace_input *in) {
  size_t english = 0;
  size_t french = 0;
  for (uint32_t i = 0; in->langs != NULL && i < in->text->line_count; i++) {
    english += in->langs[i] == SJ_LANG_EN;
    french += in->langs[i] == SJ_LANG_FR;
  }
  return french > english ? SJ_STAND_FR : SJ_STAND_EN;
}

// Entries that the text itself holds stand for nothing.
static void find_taken(sj_stand *stand) {
  const sj_text *text = stand->in->text;
  sj_fold fold = {.bytes = text->bytes, .end = text->len};
  uint64_t hash = SJ_FOLD_SEED;
  for (;;) {
    const uint32_t code = sj_fold_next(&fold);
    if (code != 0 && sj_utf8_is_letter(code)) {
      hash = sj_fold_hash(hash, code);
      continue;
    }
    if (hash != SJ_FOLD_SEED) {
      uint32_t at = sj_pools_find(stand->pools, hash);
      for (; at != 0; at = stand->pools->entries[at - 1].next)
        stand->taken[at - 1] = 1;
    }
    hash = SJ_FOLD_SEED;
    if (code == 0) return;
  }
}

static sj_status open_stand(sj_stand *stand) {
  const size_t places = stand->places->len;
  stand->chosen_max = places * 8 + 64;
  stand->taken = sj_arena_take(stand->arena, stand->pools->count + 1);
  if (stand->taken == NULL || sj_table_init(&stand->chosen, stand->arena,
                                            stand->chosen_max * 2) != SJ_OK)
    return SJ_NOMEM;
  find_taken(stand);
  stand->lang = language(stand->in);
  // Into the past, by 1 to 52 weeks: weekdays stay true.
  const uint32_t round = stand->round;
  stand->round = 0; // the offset is the patient's, whatever the document
  stand->shift = -7 * (int)(1 + sj_stand_number(stand, "shift", 0) % 52);
  stand->round = round;
  stand->day_first = sj_stand_days_first(stand);
  return SJ_OK;
}

static void write_stand(sj_stand *stand,
                        const sj_stand_people *people,
                        const sj_place *place,
                        sj_stand_text *out) {
  switch (place->label) {
  case SJ_LABEL_NAME:
    sj_stand_name(stand, people, place, out);
    return;
  case SJ_LABEL_DATE:
    sj_stand_date(stand, place, out);
    return;
  case SJ_LABEL_AGE: // 45 CFR 164.514(b)(2)(i)(C): "age 90 or older"
    sj_stand_put(out, "90+", 3);
    return;
  case SJ_LABEL_PHONE:
  case SJ_LABEL_FAX:
    sj_stand_phone(stand, place, out);
    return;
  case SJ_LABEL_EMAIL:
  case SJ_LABEL_URL:
  case SJ_LABEL_IP:
    sj_stand_link(stand, place, out);
    return;
  case SJ_LABEL_ZIP:
    sj_stand_zip(stand, place, out);
    return;
  case SJ_LABEL_ADDRESS:
  case SJ_LABEL_CITY:
  case SJ_LABEL_LOCATION:
  case SJ_LABEL_ORGANIZATION:
    sj_stand_where(stand, place, out);
    return;
  default:
    sj_stand_code(stand, place, out);
  }
}

sj_status sj_places_stand_in(sj_arena *arena,
                             sj_places *places,
                             const sj_replace_input *in,
                             uint32_t round) {
  if (in->pools == NULL || in->pools->count == 0) return SJ_ARGUMENT;
  sj_stand stand = {.arena = arena,
                    .in = in,
                    .pools = in->pools,
                    .places = places,
                    .round = round};
  sj_stand_people *people = NULL;
  sj_status status = open_stand(&stand);
  if (status == SJ_OK) status = sj_stand_people_read(&stand, &people);
  for (size_t i = 0; i < places->len && status == SJ_OK; i++) {
    sj_place *place = &places->at[i];
    place->stand = NULL;
    if (place->unscanned) continue;
    sj_stand_text out = {.arena = arena};
    write_stand(&stand, people, place, &out);
    if (out.failed) status = SJ_NOMEM;
    const uint32_t len = place->end - place->start;
    // What comes out as it went in hides nothing.
    if (out.len == len &&
        memcmp(out.at, in->text->bytes + place->start, len) == 0)
      continue;
    place->stand = out.at;
    place->stand_len = (uint32_t)out.len;
  }
  return status;
}
