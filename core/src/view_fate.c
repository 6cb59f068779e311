// SPDX-License-Identifier: Apache-2.0
//
// view_fate.c - what becomes of each character that is not ASCII.
//
// The em dash and the horizontal bar stay, since they part clauses; every
// shorter dash stands for a hyphen somewhere.

#include "view_parts.h"

#include <string.h>

#include "view_table.h"

static sj_view_fate put_one(char put[4], char byte) {
  put[0] = byte;
  put[1] = '\0';
  return SJ_VIEW_PUT;
}

// Default_Ignorable_Code_Point, controls of C1 and annotations: nothing that a
// reader sees. The Hangul fillers among them show as blanks.
static bool is_hidden(uint32_t code) {
  static const uint32_t ranges[][2] = {
      {0x80, 0x84},       {0x86, 0x9F},       {0xAD, 0xAD},
      {0x34F, 0x34F},     {0x61C, 0x61C},     {0x115F, 0x1160},
      {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},
      {0x202A, 0x202E},   {0x2060, 0x206F},   {0xFE00, 0xFE0F},
      {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},   {0x1BCA0, 0x1BCA3},
      {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (code >= ranges[i][0] && code <= ranges[i][1]) return true;
  return false;
}

static bool is_blank(uint32_t code) {
  return code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x202F || code == 0x205F || code == 0x2800 || code == 0x3000 ||
         code == 0x3164 || code == 0xFFA0;
}

static char punctuation_of(uint32_t code) {
  switch (code) {
  case 0x85:
  case 0x2028:
  case 0x2029:
    return '\n';
  case 0x2010: // hyphen, no-break hyphen, figure dash, en dash
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2043:
  case 0x2212:
  case 0xFE58:
  case 0xFE63:
    return '-';
  case 0x2018:
  case 0x2019:
  case 0x201A:
  case 0x201B:
  case 0x2032:
  case 0x2039:
  case 0x203A:
  case 0x2B9:
  case 0x2BC:
    return '\'';
  case 0xAB:
  case 0xBB:
  case 0x201C:
  case 0x201D:
  case 0x201E:
  case 0x201F:
  case 0x2033:
    return '"';
  case 0x2024: // one dot leader
    return '.';
  case 0x2044: // fraction and division slashes
  case 0x2215:
    return '/';
  default:
    return '\0';
  }
}

static sj_view_fate from_table(uint32_t code, char put[4]) {
  size_t low = 0;
  size_t high = sizeof view_plain / sizeof *view_plain;
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    if (view_plain[mid].first + view_plain[mid].count <= code)
      low = mid + 1;
    else
      high = mid;
  }
  if (low == sizeof view_plain / sizeof *view_plain) return SJ_VIEW_KEEP;
  if (code < view_plain[low].first) return SJ_VIEW_KEEP;
  memcpy(put, view_plain[low].put, 4);
  put[0] = (char)(put[0] + (char)(code - view_plain[low].first));
  return SJ_VIEW_PUT;
}

sj_view_fate sj_view_fate_of(uint32_t code, char put[4]) {
  if (is_hidden(code)) return SJ_VIEW_DROP;
  if (is_blank(code)) return put_one(put, ' ');
  const char mark = punctuation_of(code);
  if (mark != '\0') return put_one(put, mark);
  if (code >= 0xFF01 && code <= 0xFF5E)
    return put_one(put, (char)(code - 0xFEE0));
  if (code >= 0x660 && code <= 0x669)
    return put_one(put, (char)('0' + (code - 0x660)));
  if (code >= 0x6F0 && code <= 0x6F9)
    return put_one(put, (char)('0' + (code - 0x6F0)));
  return code >= 0x2100 ? from_table(code, put) : SJ_VIEW_KEEP;
}

uint32_t sj_view_compose(uint32_t base, uint32_t mark) {
  size_t low = 0;
  size_t high = sizeof view_composed / sizeof *view_composed;
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    const bool before = view_composed[mid].base != base
                            ? view_composed[mid].base < base
                            : view_composed[mid].mark < mark;
    if (before)
      low = mid + 1;
    else
      high = mid;
  }
  if (low == sizeof view_composed / sizeof *view_composed) return 0;
  if (view_composed[low].base != base || view_composed[low].mark != mark)
    return 0;
  return view_composed[low].composed;
}

bool sj_view_is_latin(uint32_t code) {
  if (code < 0x80) return (code | 32) >= 'a' && (code | 32) <= 'z';
  if (code >= 0xC0 && code <= 0x24F) return code != 0xD7 && code != 0xF7;
  return code >= 0x1E00 && code <= 0x1EFF;
}

uint8_t sj_view_lookalike(uint32_t code, bool *inside) {
  static const struct {
    uint16_t code;
    char latin;
  } looks[] = {
      {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'},
      {0x399, 'I'}, {0x39A, 'K'}, {0x39C, 'M'}, {0x39D, 'N'}, {0x39F, 'O'},
      {0x3A1, 'P'}, {0x3A4, 'T'}, {0x3A5, 'Y'}, {0x3A7, 'X'}, {0x3B1, 'a'},
      {0x3B9, 'i'}, {0x3BD, 'v'}, {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3C5, 'u'},
      {0x3C7, 'x'}, {0x405, 'S'}, {0x406, 'I'}, {0x408, 'J'}, {0x410, 'A'},
      {0x412, 'B'}, {0x415, 'E'}, {0x41A, 'K'}, {0x41C, 'M'}, {0x41D, 'H'},
      {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'}, {0x422, 'T'}, {0x423, 'Y'},
      {0x425, 'X'}, {0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'},
      {0x441, 'c'}, {0x443, 'y'}, {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'},
      {0x458, 'j'}, {0x4BB, 'h'}, {0x501, 'd'}, {0x51B, 'q'}, {0x51D, 'w'},
  };
  for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
    if (looks[i].code != code) continue;
    *inside = code >= 0x3B1 && code <= 0x3C7 && code != 0x3BF;
    return (uint8_t)looks[i].latin;
  }
  return 0;
}
