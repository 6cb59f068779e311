// SPDX-License-Identifier: Apache-2.0
//
// replace_number.c - which places are the same thing, and the number it bears.
//
// Dates are the same by their value, numbers by their letters and digits, a
// phone number also with and without its country; everything else by its
// words, whatever the case, accents and punctuation. Two stems never share.

#include "replace_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/sha256.h"

static uint64_t hash_word(uint64_t hash, const char *word) {
  for (; *word != '\0'; word++)
    hash = sj_fold_hash(hash, (uint8_t)*word);
  return sj_fold_hash(hash, 0);
}

static bool is_alnum(uint32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
         code >= 0x80;
}

// Letters and digits alone.
static uint64_t hash_code(uint64_t hash, sj_fold fold) {
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold))
    if (is_alnum(c)) hash = sj_fold_hash(hash, c);
  return hash;
}

// Digits of a phone number as dialled at home: without +1, +33 (0), 00 33.
static uint64_t hash_phone(uint64_t hash, sj_fold fold) {
  char digits[24];
  size_t len = 0;
  bool plus = false;
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold)) {
    if (c == '+') plus = true;
    if (c >= 'a' && c <= 'z') c = '#'; // an extension stays apart
    if ((c >= '0' && c <= '9') || c == '#')
      if (len < sizeof digits) digits[len++] = (char)c;
  }
  const char *at = digits;
  if (len > 4 && memcmp(at, "0033", 4) == 0) {
    at += 4, len -= 4;
    hash = sj_fold_hash(hash, '0');
    if (*at == '0') at++, len--;
  } else if (plus && len > 2 && memcmp(at, "33", 2) == 0) {
    at += 2, len -= 2;
    hash = sj_fold_hash(hash, '0');
    if (*at == '0') at++, len--;
  } else if (len > 10 && *at == '1') {
    at++, len--;
  }
  for (size_t i = 0; i < len; i++)
    hash = sj_fold_hash(hash, (uint8_t)at[i]);
  return hash;
}

static uint64_t hash_date(uint64_t hash, const sj_date *date) {
  hash = sj_fold_hash(hash, (uint32_t)date->year);
  hash = sj_fold_hash(hash, (uint32_t)date->month);
  // A doubtful reading equals only the same numbers in the same order.
  hash = sj_fold_hash(hash, date->doubtful ? 1 : 0);
  return sj_fold_hash(hash, (uint32_t)date->day);
}

static uint64_t key_of(const sj_place *place, const sj_text *text) {
  uint64_t hash = hash_word(SJ_FOLD_SEED, place->stem);
  sj_fold fold = {.bytes = text->bytes, .at = place->start, .end = place->end};
  sj_date date;
  switch (place->label) {
  case SJ_LABEL_DATE:
    if (sj_date_read(text->bytes + place->start, place->end - place->start,
                     &date))
      return hash_date(sj_fold_hash(hash, 'd'), &date);
    return hash_code(hash, fold);
  case SJ_LABEL_PHONE:
  case SJ_LABEL_FAX:
    return hash_phone(hash, fold);
  case SJ_LABEL_EMAIL:
  case SJ_LABEL_URL:
  case SJ_LABEL_IP:
    for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold))
      hash = sj_fold_hash(hash, c);
    return hash;
  default:
    return hash_code(hash, fold);
  }
}

// The words of a name in any order.
static uint64_t hash_words(uint64_t hash, sj_fold fold) {
  uint64_t sum = 0;
  uint64_t word = SJ_FOLD_SEED;
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold)) {
    if (is_alnum(c)) {
      word = sj_fold_hash(word, c);
    } else if (c != '\'' && word != SJ_FOLD_SEED) {
      sum += word;
      word = SJ_FOLD_SEED;
    }
  }
  if (word != SJ_FOLD_SEED) sum += word;
  return hash ^ sum;
}

void sj_places_sign(sj_places *places,
                    const sj_text *text,
                    const sj_file *key) {
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    const sj_place *first = &places->at[place->who];
    const sj_fold fold = {
        .bytes = text->bytes, .at = first->start, .end = first->end};
    const uint64_t value =
        first->label == SJ_LABEL_NAME && !first->unscanned
            ? hash_words(hash_word(SJ_FOLD_SEED, first->word), fold)
            : key_of(first, text);
    uint8_t bytes[8];
    uint8_t code[SJ_SHA256_BYTES];
    for (int k = 0; k < 8; k++)
      bytes[k] = (uint8_t)(value >> (8 * k));
    sj_hmac hmac;
    sj_hmac_start(&hmac, key->data, key->len);
    sj_hmac_add(&hmac, bytes, sizeof bytes);
    sj_hmac_end(&hmac, code);
    memcpy(place->code, code, sizeof place->code);
  }
}

sj_status
sj_places_tell_apart(sj_arena *arena, sj_places *places, const sj_text *text) {
  sj_table table;
  if (sj_table_init(&table, arena, places->len) != SJ_OK) return SJ_NOMEM;
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    place->who = (uint32_t)i;
    if (place->label == SJ_LABEL_NAME || place->unscanned) continue;
    uint32_t *slot = sj_table_slot(&table, key_of(place, text));
    if (*slot == 0) *slot = (uint32_t)i + 1;
    place->who = *slot - 1;
  }
  return sj_places_persons(arena, places, text);
}

// A look-alike at `at`: <WORD_12> or [WORD_12]. Its number, or -1.
static int64_t typed_number(const sj_text *text, uint32_t at) {
  const uint8_t *b = text->bytes; // NUL behind the end stops every loop
  const uint8_t close = b[at] == '<' ? '>' : ']';
  uint32_t i = at + 1;
  while ((b[i] >= 'A' && b[i] <= 'Z') || b[i] == '_')
    i++;
  if (i == at + 1 || b[i - 1] != '_') return -1;
  int64_t number = 0;
  const uint32_t first = i;
  for (; b[i] >= '0' && b[i] <= '9' && i - first < 9; i++)
    number = number * 10 + (b[i] - '0');
  return i > first && b[i] == close ? number : -1;
}

static int by_number(const void *a, const void *b) {
  const uint32_t x = *(const uint32_t *)a;
  const uint32_t y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

// The numbers that look-alikes bear, in order.
static sj_status typed_numbers(sj_arena *arena,
                               const sj_text *text,
                               uint32_t **out,
                               size_t *count) {
  uint32_t *at = NULL;
  size_t cap = 0;
  *count = 0;
  for (uint32_t i = 0; i < text->len; i++) {
    if (text->bytes[i] != '<' && text->bytes[i] != '[') continue;
    const int64_t number = typed_number(text, i);
    if (number < 0) continue;
    uint32_t *more = sj_array_room(arena, at, *count, &cap, 1, sizeof *at);
    if (more == NULL) return SJ_NOMEM;
    at = more;
    at[(*count)++] = (uint32_t)number;
  }
  if (*count > 1) qsort(at, *count, sizeof *at, by_number);
  *out = at;
  return SJ_OK;
}

// The next number that the text itself does not use.
static uint32_t
free_number(const uint32_t *typed, size_t count, size_t *taken, uint32_t next) {
  for (; *taken < count && typed[*taken] <= next; (*taken)++)
    if (typed[*taken] == next) next++;
  return next;
}

sj_status
sj_places_count(sj_arena *arena, sj_places *places, const sj_text *text) {
  uint32_t *typed = NULL;
  size_t typed_count = 0;
  sj_status status = typed_numbers(arena, text, &typed, &typed_count);
  if (status != SJ_OK) return status;
  sj_table table;
  if (sj_table_init(&table, arena, places->len) != SJ_OK) return SJ_NOMEM;
  uint32_t next = 0;
  size_t taken = 0;
  for (size_t i = 0; i < places->len; i++) {
    sj_place *place = &places->at[i];
    uint32_t *slot = sj_table_slot(&table, place->who);
    if (*slot == 0) {
      next = free_number(typed, typed_count, &taken, next);
      *slot = ++next; // the number, and 1
    }
    place->number = *slot - 1;
  }
  return SJ_OK;
}
