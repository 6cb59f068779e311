# SPDX-License-Identifier: Apache-2.0
#
# noise.py - what hands and machines do to a text: case, accents, slips of
# typing, confusions of readers, line breaks, glued words, line ends, blanks,
# speech without punctuation. Works on (text, span or None) pieces, so that
# marks stay where they were.
"""`spoil(dice, pieces)` gives pieces with one to three kinds of noise."""

import re
import unicodedata

KEYS = {"a": "qzs", "b": "vn", "c": "xv", "d": "sf", "e": "rw", "f": "dg",
        "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl", "l": "km",
        "m": "ln", "n": "bm", "o": "ip", "p": "o", "q": "a", "r": "et",
        "s": "qd", "t": "ry", "u": "yi", "v": "cb", "w": "xe", "x": "wc",
        "y": "tu", "z": "ae"}
READ = [("rn", "m"), ("l", "1"), ("O", "0"), ("I", "l"), ("0", "O"),
        ("1", "l"), ("5", "S"), ("B", "8"), ("cl", "d"), ("é", "e"),
        ("vv", "w"), ("e", "c"), ("h", "b"), ("ii", "n")]


def bare(text):
    text = unicodedata.normalize("NFD", text)
    return "".join(c for c in text if not unicodedata.combining(c))


def each(change):
    """A noise that treats every piece alike."""
    return lambda dice, pieces: [(change(t), s) for t, s in pieces]


def typing(dice, pieces):
    rate = dice.choice((0.004, 0.01, 0.02))
    out = []
    for text, span in pieces:
        letters = list(text)
        for at, c in enumerate(letters):
            if not c.isalpha() or dice.random() > rate:
                continue
            kind = dice.random()
            if kind < 0.35:
                near = KEYS.get(c.lower(), c)
                new = dice.choice(near)
                letters[at] = new.upper() if c.isupper() else new
            elif kind < 0.6:
                letters[at] = ""
            elif kind < 0.8:
                letters[at] = c + c
            elif at + 1 < len(letters) and letters[at + 1].isalpha():
                letters[at], letters[at + 1] = letters[at + 1], c
        out.append(("".join(letters) or text, span))
    return out


def reading(dice, pieces):
    rate = dice.choice((0.01, 0.03))
    out = []
    for text, span in pieces:
        for old, new in READ:
            if old in text:
                text = re.sub(
                    re.escape(old),
                    lambda m: new if dice.random() < rate else m.group(), text)
        if dice.random() < 0.2:
            text = re.sub(r"(?<=\w)(?=\w)",
                          lambda m: " " if dice.random() < rate / 3 else "",
                          text)
        out.append((text, span))
    return out


def wrapping(dice, pieces):
    """Hard line ends at a width, also inside marks."""
    width, column, out = dice.choice((48, 60, 68, 76)), 0, []
    for text, span in pieces:
        new = []
        for part in re.split(r"(\s)", text):
            if part == "\n":
                column = 0
            elif part == " " and column > width:
                part, column = "\n", 0
            else:
                column += len(part)
            new.append(part)
        out.append(("".join(new), span))
    return out


def gluing(dice, pieces):
    """A blank here and there is lost; also commas before a blank."""
    rate = dice.choice((0.01, 0.03))
    return [(re.sub(r"(?<=\S) (?=\S)",
                    lambda m: "" if dice.random() < rate else " ", t)
             if s is None else t, s) for t, s in pieces]


def speech(dice, pieces):
    """As a machine writes down what it hears."""
    return [((re.sub(r"[,;:!?()«»\"]|\.(?=\s|$)", "", t).lower()
              if s is None else t.lower()) or t, s) for t, s in pieces]


def blanks(dice, pieces):
    kind = dice.random()
    if kind < 0.3:
        return [(t.replace("\n", "\r\n"), s) for t, s in pieces]
    if kind < 0.5:
        return [(re.sub(r" (?=[:;?!%»])", "\u00a0", t), s) for t, s in pieces]
    if kind < 0.7:
        return [(re.sub(r"(?<=[:.]) ", "  ", t), s) for t, s in pieces]
    if kind < 0.85:
        return [(re.sub(r": ", ":\t", t) if s is None else t, s)
                for t, s in pieces]
    return [(re.sub(r"\n+", " ", t), s) for t, s in pieces]


def capitals_of_marks(dice, pieces):
    """Names and places in capitals, or in small letters, the rest as it is."""
    upper = dice.random() < 0.5
    return [(t if s is None else t.upper() if upper else t.lower(), s)
            for t, s in pieces]


KINDS = [
    (4, each(str.lower)), (2, each(str.upper)), (2, each(bare)), (3, typing),
    (2, reading), (2, wrapping), (1, gluing), (1, speech), (3, blanks),
    (2, capitals_of_marks),
]


def safe(pieces):
    """Marks keep at least a letter or digit, and no blank at their edges."""
    out = []
    for text, span in pieces:
        if span is None:
            out.append((text, span))
            continue
        inner = text.strip()
        lead = text[:len(text) - len(text.lstrip())]
        tail = text[len(text.rstrip()):] if inner else ""
        if lead:
            out.append((lead, None))
        if inner:
            out.append((inner, span))
        if tail:
            out.append((tail, None))
    return out


def spoil(dice, pieces):
    weights = [w for w, _ in KINDS]
    for _ in range(dice.choice((1, 1, 2, 3))):
        kind = dice.choices(KINDS, weights)[0][1]
        pieces = kind(dice, pieces)
    return safe(pieces)
