// SPDX-License-Identifier: Apache-2.0
//
// replace_stand_number.c - stand-ins for what is dialled, mailed and counted.
// Nothing real comes out: phones are of ranges reserved for fiction, mails and
// links of reserved domains (RFC 2606), addresses of reserved blocks (RFC 5737,
// 3849), and numbers that a check digit could confirm are never confirmed.

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "replace_stand.h"

enum { DIGITS_MAX = 48, TRIES = 64 };

static uint64_t fold_hash(const sj_stand *stand, const sj_place *place) {
  sj_fold fold = {
      .bytes = stand->in->text->bytes, .at = place->start, .end = place->end};
  uint64_t hash = sj_fold_hash(SJ_FOLD_SEED, place->label);
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold))
    if (sj_utf8_is_alnum(c)) hash = sj_fold_hash(hash, c);
  return hash;
}

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

// ---------------------------------------------------------------------------
// Phones
// ---------------------------------------------------------------------------

// The ranges: NANPA, 555-0100 to 0199 in any area; Ofcom, numbers for drama;
// ARCEP, decision 2018-0881, blocks for audiovisual works.
static const char *const areas[] = {"202", "213", "303", "312", "404",
                                    "415", "503", "602", "614", "713"};
static const char *const french[] = {"019900", "019900", "026191", "035301",
                                     "046571", "053649", "063998", "063998",
                                     "019900", "019900"};

// What stands for `count` digits dialled at home.
static bool
dial(const char *home, size_t count, uint32_t drawn, bool british, char *out) {
  if (count == 10 && home[0] == '0' && !british) {
    snprintf(out, DIGITS_MAX, "%s%04u", french[home[1] - '0'],
             (unsigned)(drawn % 10000));
  } else if (count == 11 && home[0] == '0') {
    const bool mobile = home[1] == '7';
    const bool london = home[1] == '2';
    snprintf(out, DIGITS_MAX, "%s%03u",
             mobile   ? "07700900"
             : london ? "02079460"
                      : "01632960",
             (unsigned)(drawn % 1000));
  } else if (count == 10) {
    snprintf(out, DIGITS_MAX, "%s55501%02u", areas[drawn / 100 % 10],
             (unsigned)(drawn % 100));
  } else if (count == 7) {
    snprintf(out, DIGITS_MAX, "55501%02u", (unsigned)(drawn % 100));
  } else {
    return false;
  }
  return true;
}

void sj_stand_phone(sj_stand *stand,
                    const sj_place *place,
                    sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  char digits[DIGITS_MAX] = "";
  size_t count = 0;
  size_t extension = place->end;
  for (size_t i = place->start; i < place->end && extension == place->end;
       i++) {
    if (is_letter(bytes[i]) && count > 0)
      extension = i;
    else if (is_digit(bytes[i]) && count + 1 < DIGITS_MAX)
      digits[count++] = (char)bytes[i];
  }
  // The country stays; (0) behind it is no digit of the number.
  const bool plus =
      memchr(bytes + place->start, '+', place->end - place->start) != NULL;
  const bool abroad = strncmp(digits, "00", 2) == 0;
  size_t skip = abroad ? 2 : 0;
  bool british = false;
  char home[DIGITS_MAX + 1] = "";
  bool added = false;
  const char *code = digits + skip;
  if ((plus || abroad) &&
      (strncmp(code, "33", 2) == 0 || strncmp(code, "44", 2) == 0)) {
    british = code[0] == '4';
    skip += 2;
    added = digits[skip] != '0'; // dialled at home with a 0 in front
    home[0] = '0';
  } else if (count == 11 + skip && code[0] == '1') {
    skip += 1;
  }
  memcpy(home + added, digits + skip, count - skip);
  const size_t len = count - skip + added;
  char stands[DIGITS_MAX] = "";
  uint64_t hash = SJ_FOLD_SEED;
  for (size_t i = 0; i < len; i++) // the same with and without its country
    hash = sj_fold_hash(hash, (uint8_t)home[i]);
  const uint32_t drawn = sj_stand_number(stand, "phone", hash);
  const bool known = dial(home, len, drawn, british, stands);
  uint8_t more[32];
  sj_stand_draw(stand, "digits", hash, 0, more);
  size_t seen = 0;
  for (size_t i = place->start; i < place->end; i++) {
    char next = (char)bytes[i];
    if (is_digit(bytes[i])) {
      const size_t at = seen++;
      const size_t part = at - skip + added;
      if (i >= extension || (!known && at >= skip))
        next = (char)('0' + more[at % 32] % 10);
      else if (at >= skip)
        next = stands[part];
      // No country's numbers begin so.
      if (!known && i < extension && at >= skip && at < skip + 2 && len > 7)
        next = '0';
    }
    sj_stand_put(out, &next, 1);
  }
}

// ---------------------------------------------------------------------------
// Mails, links, machines
// ---------------------------------------------------------------------------

static void put_mail(sj_stand *stand, uint64_t value, sj_stand_text *out) {
  const sj_pools *pools = stand->pools;
  const bool male = (sj_stand_number(stand, "mail-sex", value) & 1) != 0;
  const sj_pool_list *first =
      &pools->lists[stand->lang][male ? SJ_POOL_MALE : SJ_POOL_FEMALE];
  const sj_pool_list *last = &pools->lists[stand->lang][SJ_POOL_SURNAME];
  const uint32_t drawn = sj_stand_number(stand, "mail", value);
  if (first->len == 0 || last->len == 0) return;
  sj_stand_put_word(out, pools->entries[first->first + drawn % first->len].text,
                    SJ_STAND_LOWER, true);
  sj_stand_put(out, ".", 1);
  sj_stand_put_word(out,
                    pools->entries[last->first + drawn / 1000 % last->len].text,
                    SJ_STAND_LOWER, true);
  sj_stand_put(out, "@example.org", 12);
}

void sj_stand_link(sj_stand *stand, const sj_place *place, sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes + place->start;
  const size_t len = place->end - place->start;
  const uint64_t value = fold_hash(stand, place);
  const uint32_t drawn = sj_stand_number(stand, "link", value);
  char text[80];
  if (place->label == SJ_LABEL_EMAIL) {
    put_mail(stand, value, out);
    return;
  }
  if (place->label == SJ_LABEL_URL) {
    const bool secure = len > 5 && memcmp(bytes, "https", 5) == 0;
    const bool scheme = len > 4 && memcmp(bytes, "http", 4) == 0;
    snprintf(text, sizeof text, "%swww.example.org/%08x",
             secure   ? "https://"
             : scheme ? "http://"
                      : "",
             (unsigned)drawn);
  } else if (memchr(bytes, ':', len) != NULL &&
             memchr(bytes, '.', len) == NULL) {
    snprintf(text, sizeof text, "2001:db8::%x:%x", (unsigned)(drawn >> 16),
             (unsigned)(drawn & 0xFFFF));
  } else {
    static const char *const nets[] = {"192.0.2", "198.51.100", "203.0.113"};
    snprintf(text, sizeof text, "%s.%u", nets[drawn % 3],
             (unsigned)(1 + drawn / 3 % 254));
  }
  sj_stand_put(out, text, strlen(text));
}

// ---------------------------------------------------------------------------
// Numbers and codes
// ---------------------------------------------------------------------------

static const char *subtype_of(const sj_stand *stand, const sj_place *place) {
  const char *name = stand->in->subtypes == NULL
                         ? NULL
                         : sj_names_get(stand->in->subtypes, place->subtype);
  return name == NULL ? "" : name;
}

// Draw digits for digits and letters for letters into `out`.
static void draw_shape(const sj_stand *stand,
                       const uint8_t *from,
                       size_t len,
                       uint64_t value,
                       uint32_t turn,
                       char *out) {
  static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  uint8_t drawn[32];
  size_t used = 0;
  for (size_t i = 0; i < len; i++) {
    out[i] = (char)from[i];
    if (!is_digit(from[i]) && !is_letter(from[i])) continue;
    if (used % 32 == 0)
      sj_stand_draw(stand, "code", value, turn << 16 | (uint32_t)(used / 32),
                    drawn);
    const uint8_t byte = drawn[used++ % 32];
    if (is_digit(from[i]))
      out[i] = (char)('0' + byte % 10);
    else if (from[i] >= 'a')
      out[i] = (char)(letters[byte % 24] + 32);
    else
      out[i] = letters[byte % 24];
  }
}

// Overwrite the first letters and digits.
static void force(char *text, size_t len, size_t skip, const char *with) {
  for (size_t i = 0; i < len && *with != '\0'; i++) {
    if (!is_digit((uint8_t)text[i]) && !is_letter((uint8_t)text[i])) continue;
    if (skip > 0)
      skip--;
    else
      text[i] = *with++;
  }
}

void sj_stand_code(sj_stand *stand, const sj_place *place, sj_stand_text *out) {
  const uint8_t *from = stand->in->text->bytes + place->start;
  const size_t len = place->end - place->start;
  const uint64_t value = fold_hash(stand, place);
  const char *subtype = subtype_of(stand, place);
  char *text = sj_arena_take(stand->arena, len + 1);
  if (text == NULL) {
    out->failed = true;
    return;
  }
  size_t shaped = 0;
  for (size_t i = 0; i < len; i++)
    shaped += is_digit(from[i]) || is_letter(from[i]);
  if (shaped == 0) return;
  for (uint32_t turn = 0; turn < TRIES; turn++) {
    draw_shape(stand, from, len, value, turn, text);
    // Never issued: an area of 000, a month of 00, a leading 0.
    if (strncmp(subtype, "us-", 3) == 0 &&
        place->label == SJ_LABEL_NATIONAL_ID && shaped == 9)
      force(text, len, 0, "000");
    if (strncmp(subtype, "fr-n", 4) == 0 || strncmp(subtype, "fr-ins", 6) == 0)
      force(text, len, 3, "00");
    if (shaped == 11 && strstr(subtype, "mbi") != NULL)
      force(text, len, 0, "0");
    const bool same = memcmp(text, from, len) == 0;
    const bool real = stand->in->confirmed != NULL &&
                      stand->in->confirmed((const uint8_t *)text, len);
    if (same || real) continue;
    sj_stand_put(out, text, len);
    return;
  }
}

void sj_stand_zip(sj_stand *stand, const sj_place *place, sj_stand_text *out) {
  const uint8_t *from = stand->in->text->bytes + place->start;
  const size_t len = place->end - place->start;
  char *text = sj_arena_take(stand->arena, len + 1);
  if (text == NULL) {
    out->failed = true;
    return;
  }
  draw_shape(stand, from, len, fold_hash(stand, place), 0, text);
  // No post office has these: 000 and 00 in front of digits, Q in front of
  // British and Canadian letters.
  force(text, len, 0, is_letter(from[0]) ? "Q" : "000");
  sj_stand_put(out, text, len);
}
