# SPDX-License-Identifier: Apache-2.0
#
# view_table.py - write view_table.h from Python's Unicode database:
#
#     python3 core/src/view_table.py > core/src/view_table.h
#
# Two tables, both sorted for binary search: letters that stand for plain ASCII
# (styled, enclosed, ligatures; full width and Arabic digits are computed in
# view_fold.c), and Latin letters composed of a letter and a mark.
import unicodedata as ud


def plain():
    blocks = [(0x2100, 0x2138), (0x24B6, 0x24E9), (0x2460, 0x2468),
              (0xFB00, 0xFB06), (0x1D400, 0x1D7FF), (0x1F130, 0x1F149)]
    rows = []
    for low, high in blocks:
        for code in range(low, high + 1):
            to = ud.normalize("NFKC", chr(code))
            if code in (0x2120, 0x2122):  # service and trade mark: no letters
                continue
            if to.isascii() and to.isalnum() and len(to) <= 3:
                rows.append((code, to))
    return sorted(rows)


def composed():
    rows = []
    for code in list(range(0xC0, 0x250)) + list(range(0x1E00, 0x1F00)):
        parts = ud.decomposition(chr(code)).split()
        if len(parts) != 2 or parts[0].startswith("<"):
            continue
        if ud.normalize("NFC", chr(code)) != chr(code):
            continue
        base, mark = (int(p, 16) for p in parts)
        if "LATIN" in ud.name(chr(base)) and 0x300 <= mark <= 0x36F:
            rows.append((base, mark, code))
    return sorted(rows)


def runs(rows):
    """Runs of codes whose ASCII follows in step, as (first, count, ASCII)."""
    out = []
    for code, to in rows:
        if out and len(to) == 1:
            first, count, start = out[-1]
            if (len(start) == 1 and code == first + count
                    and ord(to) == ord(start) + count):
                out[-1] = (first, count + 1, start)
                continue
        out.append((code, 1, to))
    return out


def lines(items, per):
    for at in range(0, len(items), per):
        print("    " + ", ".join(items[at:at + per]) + ",")


print("""// SPDX-License-Identifier: Apache-2.0
//
// view_table.h - written by view_table.py from the Unicode Character Database
// %s. Do not edit.
#ifndef SJ_VIEW_TABLE_H
#define SJ_VIEW_TABLE_H

#include <stdint.h>

// clang-format off
// A run of characters and the ASCII that its first stands for; the others
// follow in step.
static const struct { uint32_t first; uint16_t count; char put[4]; }
view_plain[] = {""" % ud.unidata_version)
lines(['{0x%X, %d, "%s"}' % row for row in runs(plain())], 4)
print("""};

// Letter, mark above U+0300, composed letter.
static const struct { uint16_t base; uint16_t mark; uint16_t composed; }
view_composed[] = {""")
lines(["{0x%X, 0x%X, 0x%X}" % row for row in composed()], 3)
print("""};
// clang-format on

#endif // SJ_VIEW_TABLE_H""")
