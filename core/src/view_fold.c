// SPDX-License-Identifier: Apache-2.0
//
// view_fold.c - the steps of the view that look at single characters and at
// the letters of one word.
//
// Printable ASCII is passed over eight bytes at a time.

#include "view_parts.h"

#include <string.h>

#include "base/utf8.h"

// Whether one of eight bytes is beyond ASCII, a control, or DEL.
static bool needs_look(uint64_t eight) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  const uint64_t highs = ones * 0x80;
  const uint64_t below_blank = (eight - ones * 0x20) & ~eight;
  const uint64_t no_del = eight ^ (ones * 0x7F);
  const uint64_t is_del = (no_del - ones) & ~no_del;
  return ((eight | below_blank | is_del) & highs) != 0;
}

// Any letter is enough here; sj_view_is_latin() tells more.
static bool is_word_code(uint32_t code) {
  return sj_view_is_latin(code) || (code >= 0x370 && code <= 0x52F);
}

static bool is_mark(uint32_t code) {
  return code >= 0x300 && code <= 0x36F;
}

typedef struct folding {
  sj_view_step *step;
  const uint8_t *bytes;
  uint32_t len;
  uint32_t base;    ///< the last letter, as far as composed; 0 for none
  uint32_t base_at; ///< where it starts
} folding;

static sj_status fold_control(folding *f, uint32_t at) {
  static const uint8_t blank = ' ';
  static const uint8_t line_end = '\n';
  const uint8_t byte = f->bytes[at];
  if (byte == '\t' || byte == '\n') return SJ_OK;
  if (byte == '\r' && at + 1 < f->len && f->bytes[at + 1] == '\n')
    return sj_view_step_cut(f->step, at, at + 1, NULL, 0);
  if (byte == '\r' || byte == '\v' || byte == '\f')
    return sj_view_step_cut(f->step, at, at + 1, &line_end, 1);
  // The separators of interchange formats part values; other controls,
  // NUL among them, are nothing that a reader sees.
  if (byte >= 0x1C && byte <= 0x1F)
    return sj_view_step_cut(f->step, at, at + 1, &blank, 1);
  return sj_view_step_cut(f->step, at, at + 1, NULL, 0);
}

// A mark behind a Latin letter: composed where Unicode has the letter, else
// dropped, since what strikes a name through does not make it another.
// Several marks in a row are taken together.
static sj_status fold_marks(folding *f, uint32_t at, uint32_t *next) {
  uint32_t letter = f->base;
  size_t end = at;
  while (end < f->len) {
    size_t behind = end;
    const uint32_t mark = sj_utf8_next(f->bytes, &behind);
    char put[4];
    const bool hidden =
        mark >= 0x80 && sj_view_fate_of(mark, put) == SJ_VIEW_DROP;
    if (!is_mark(mark) && !hidden) break;
    const uint32_t both = sj_view_compose(letter, mark);
    if (both != 0) letter = both;
    end = behind;
  }
  uint8_t out[4];
  const uint32_t count = (uint32_t)sj_utf8_put(out, letter);
  *next = (uint32_t)end;
  f->base = 0;
  return sj_view_step_cut(f->step, f->base_at, *next, out, count);
}

// A soft hyphen shows only where the line breaks behind it.
static bool shows_hyphen(const folding *f, uint32_t code, uint32_t next) {
  return code == 0xAD && next < f->len &&
         (f->bytes[next] == '\n' || f->bytes[next] == '\r');
}

static sj_status fold_wide(folding *f, uint32_t at, uint32_t *next) {
  size_t end = at;
  const uint32_t code = sj_utf8_next(f->bytes, &end);
  *next = (uint32_t)end;
  if (is_mark(code) && f->base != 0) return fold_marks(f, at, next);
  char put[4];
  sj_view_fate fate = sj_view_fate_of(code, put);
  if (shows_hyphen(f, code, *next)) {
    put[0] = '-', put[1] = '\0';
    fate = SJ_VIEW_PUT;
  }
  if (fate == SJ_VIEW_KEEP) {
    f->base = sj_view_is_latin(code) ? code : 0;
    f->base_at = at;
    return SJ_OK;
  }
  // A letter with a mark behind a hidden character is left to the next round.
  f->base = 0;
  if (fate == SJ_VIEW_DROP)
    return sj_view_step_cut(f->step, at, *next, NULL, 0);
  return sj_view_step_cut(f->step, at, *next, (const uint8_t *)put,
                          (uint32_t)strlen(put));
}

// Whether the next eight bytes have nothing to fold.
static bool is_plain(const folding *f, uint32_t at) {
  if (f->len - at < 8) return false;
  uint64_t eight = 0;
  memcpy(&eight, f->bytes + at, 8);
  return !needs_look(eight);
}

sj_status sj_view_fold(sj_view_step *step) {
  folding f = {.step = step, .bytes = step->in.bytes, .len = step->in.len};
  uint32_t at = 0;
  while (at < f.len) {
    if (is_plain(&f, at)) {
      at += 8;
      f.base = f.bytes[at - 1];
      f.base_at = at - 1;
      continue;
    }
    const uint8_t byte = f.bytes[at];
    sj_status status = SJ_OK;
    if (byte >= 0x80) {
      uint32_t next = at;
      status = fold_wide(&f, at, &next);
      at = next;
    } else {
      if (byte < 0x20 || byte == 0x7F) status = fold_control(&f, at);
      f.base = byte;
      f.base_at = at++;
    }
    if (status != SJ_OK) return status;
    if (f.base < 0x80 && !sj_view_is_latin(f.base)) f.base = 0;
  }
  return SJ_OK;
}

// Fold the look-alikes of one word [start, end), which has Latin letters.
static sj_status fold_word(sj_view_step *step, uint32_t start, uint32_t end) {
  const uint8_t *bytes = step->in.bytes;
  bool after_latin = false;
  size_t at = start;
  while (at < end) {
    const uint32_t from = (uint32_t)at;
    const uint32_t code = sj_utf8_next(bytes, &at);
    bool inside = false;
    const uint8_t latin = sj_view_lookalike(code, &inside);
    bool fold = latin != 0;
    if (inside) {
      size_t peek = at;
      fold = after_latin && at < end &&
             sj_view_is_latin(sj_utf8_next(bytes, &peek));
    }
    after_latin = fold || sj_view_is_latin(code);
    if (!fold) continue;
    const sj_status status =
        sj_view_step_cut(step, from, (uint32_t)at, &latin, 1);
    if (status != SJ_OK) return status;
  }
  return SJ_OK;
}

sj_status sj_view_fold_words(sj_view_step *step) {
  const uint8_t *bytes = step->in.bytes;
  const uint32_t len = step->in.len;
  // Greek and Cyrillic start with 0xCD to 0xD4: most texts have none.
  size_t at = 0;
  while (at < len) {
    uint64_t eight = 0;
    if (len - at >= 8) memcpy(&eight, bytes + at, 8);
    if (len - at >= 8 && (eight & UINT64_C(0x8080808080808080)) == 0) {
      at += 8;
      continue;
    }
    if (bytes[at] < 0xCD || bytes[at] > 0xD4) {
      at++;
      continue;
    }
    size_t start = at;
    while (start > 0) {
      size_t before = start;
      if (!is_word_code(sj_utf8_prev(bytes, &before))) break;
      start = before;
    }
    // The word's own start is never before the last one's end, since that
    // ended at a character of no word.
    size_t end = start;
    bool latin = false;
    while (end < len) {
      size_t behind = end;
      const uint32_t code = sj_utf8_next(bytes, &behind);
      if (!is_word_code(code)) break;
      latin = latin || sj_view_is_latin(code);
      end = behind;
    }
    if (latin) {
      const sj_status status = fold_word(step, (uint32_t)start, (uint32_t)end);
      if (status != SJ_OK) return status;
    }
    if (end > at) {
      at = end;
    } else {
      sj_utf8_next(bytes, &at);
    }
  }
  return SJ_OK;
}
