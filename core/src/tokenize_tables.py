# SPDX-License-Identifier: Apache-2.0
#
# tokenize_tables.py - write tokenize_tables.h:
#
#     pip install tokenizers==0.23.3
#     python3 core/src/tokenize_tables.py > core/src/tokenize_tables.h
#
# A model was trained on what the reference library gives, and each part of
# that library carries its own, older Unicode data. So every code point is asked
# of the library itself, and the database of Python only says which of them are
# worth asking. What differs is in core/README.md.
import unicodedata as ud

import tokenizers
from tokenizers import Regex, normalizers as N, pre_tokenizers as P

CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
BITS = ["SPACE", "CONTROL", "ACCENT", "MARK", "PUNCT", "NUMERIC", "HAN",
        "LETTER", "NUMBER", "WORD", "LOWER", "CANON", "COMPAT", "CLASS"]


def removed(normalizer):
    return {c for c in CODES if normalizer.normalize_str(chr(c)) == ""}


def apart(splitter):
    return {c for c in CODES
            if len(splitter.pre_tokenize_str("a" + chr(c) + "a")) > 1}


def regex(pattern):
    splitter = P.Split(Regex(pattern), "removed")
    return {c for c in CODES if not splitter.pre_tokenize_str(chr(c))}


def bert(**on):
    flags = dict(clean_text=False, handle_chinese_chars=False,
                 strip_accents=False, lowercase=False)
    flags.update(on)
    return N.BertNormalizer(**flags)


def changed(normalizer, hangul=False):
    out = {}
    for c in CODES:
        if not hangul and 0xAC00 <= c < 0xD7A4:
            continue
        text = normalizer.normalize_str(chr(c))
        if text != chr(c):
            out[c] = text
    return out


NFC, NFD, NFKD = N.NFC(), N.NFD(), N.NFKD()
lower, canon, compat = changed(N.Lowercase()), changed(NFD), changed(NFKD)


def combining(code):
    """The combining class, 0 where the library does not know the mark."""
    known = ud.combining(chr(code))
    if known == 0:
        return 0
    if known > 1:  # a lower class must move before it
        probe = "a" + chr(code) + "\u0334"
        moved = NFD.normalize_str(probe) != probe
    else:
        probe = "a\u0301" + chr(code)
        moved = NFD.normalize_str(probe) != probe
    return known if moved else 0


classes = {c: k for c in CODES if ud.combining(chr(c)) and c not in canon
           for k in [combining(c)] if k}
pairs = []
for code in canon:
    parts = ud.decomposition(chr(code)).split()
    if len(parts) == 2 and not parts[0].startswith("<"):
        a, b = (int(p, 16) for p in parts)
        if NFC.normalize_str(chr(a) + chr(b)) == chr(code):
            pairs.append((a, b, code))
pairs.sort()

sets = {
    "SPACE": apart(P.WhitespaceSplit()),
    "CONTROL": removed(bert(clean_text=True)),
    "ACCENT": removed(bert(strip_accents=True)),
    "MARK": removed(N.StripAccents()),
    "PUNCT": apart(P.Punctuation()),
    "NUMERIC": apart(P.Digits()),
    "HAN": {c for c in CODES if bert(handle_chinese_chars=True)
            .normalize_str(chr(c)) == " " + chr(c) + " "},
    "LETTER": regex(r"\p{L}"),
    "NUMBER": regex(r"\p{N}"),
    "WORD": {c for c in CODES if len(P.Whitespace()
             .pre_tokenize_str("a" + chr(c) + "a")) == 1},
    "LOWER": set(lower), "CANON": set(canon) | set(range(0xAC00, 0xD7A4)),
    "COMPAT": set(compat) | set(range(0xAC00, 0xD7A4)), "CLASS": set(classes),
}
kinds, kind_of, blocks, stage = [], {}, {}, []
mask = [0] * 0x110000
for bit, name in enumerate(BITS):
    for c in sets[name]:
        mask[c] |= 1 << bit
for start in range(0, 0x110000, 128):
    row = []
    for value in mask[start:start + 128]:
        if value not in kind_of:
            kind_of[value] = len(kinds)
            kinds.append(value)
        row.append(kind_of[value])
    stage.append(blocks.setdefault(tuple(row), len(blocks)))
assert len(kinds) < 256 and len(blocks) < 65536


def numbers(items, per=12):
    for at in range(0, len(items), per):
        print("    " + ", ".join(str(i) for i in items[at:at + per]) + ",")


def mapping(name, rows):
    pool, index, starts = bytearray(), {}, []
    for _, text in rows:
        data = text.encode()
        if data not in index:
            index[data] = len(pool)
            pool += data
        starts.append((index[data], len(data)))
    assert len(pool) < 65536
    print("static const uint8_t %s_pool[] = {" % name)
    numbers(list(pool), 18)
    print("};\nstatic const struct change %s_rows[] = {" % name)
    numbers(["{0x%X, %d, %d}" % (c, s, n)
             for (c, _), (s, n) in zip(rows, starts)], 4)
    print("};")


print("""// SPDX-License-Identifier: Apache-2.0
//
// tokenize_tables.h - written by tokenize_tables.py from the reference library
// tokenizers %s, with the Unicode Character Database %s as a guide.
// Do not edit. Only tokenize_unicode.c includes it.
#ifndef SJ_TOKENIZE_TABLES_H
#define SJ_TOKENIZE_TABLES_H

#include <stdint.h>

// clang-format off
struct change { uint32_t code; uint16_t start; uint16_t len; };
struct mark { uint32_t code; uint8_t order; };
struct pair { uint32_t first, second, whole; };
""" % (tokenizers.__version__, ud.unidata_version))
print("static const uint16_t kinds[] = {")
numbers(kinds)
print("};\nstatic const uint16_t stage_one[] = {")
numbers(stage, 16)
print("};\nstatic const uint8_t stage_two[] = {")
for row in blocks:
    numbers(list(row), 32)
print("};")
mapping("lower", sorted(lower.items()))
mapping("canon", sorted(canon.items()))
mapping("compat", sorted(compat.items()))
print("static const struct mark marks[] = {")
numbers(["{0x%X, %d}" % row for row in sorted(classes.items())], 5)
print("};\nstatic const struct pair pairs[] = {")
numbers(["{0x%X, 0x%X, 0x%X}" % row for row in pairs], 3)
print("};\n// clang-format on\n\n#endif // SJ_TOKENIZE_TABLES_H")
