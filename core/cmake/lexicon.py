# SPDX-License-Identifier: Apache-2.0
#
# lexicon.py - one `.lexicon` file out of the readable lists of models/lexicon.
"""usage: lexicon.py OUTPUT FOLDER

One word or phrase a line, sorted, front coded. Its first five characters are
digits of base 64 (A-Z a-z 0-9 + /): how many characters it shares with the line
above, then 24 bits, low digit first, as core/src/base/lexicon.h names them.
"""
import os
import sys

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# First bit of each field: core/src/base/lexicon.h.
FIRST, SURNAME, TOWN, ENGLISH, FRENCH, SEX, CLINICAL, REGION, SITE = (
    0, 3, 6, 9, 12, 15, 17, 18, 19)


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def gather(folder):
    words = {}

    def put(word, value):
        words[word] = words.get(word, 0) | value

    for word, value, sexes in rows(folder, "first-names.tsv"):
        put(word, int(value) << FIRST)
        put(word, ("M" in sexes) << SEX | ("F" in sexes) << (SEX + 1))
    for word, value in rows(folder, "surnames.tsv"):
        put(word, int(value) << SURNAME)
    for word, value in rows(folder, "towns.tsv"):
        put(word, int(value) << TOWN)
    for word, english, french, clinical in rows(folder, "words.tsv"):
        put(word, int(english) << ENGLISH | int(french) << FRENCH)
        put(word, (clinical == "c") << CLINICAL)
    for (word,) in rows(folder, "regions.tsv"):
        put(word, 1 << REGION)
    for (word,) in rows(folder, "care-sites.tsv"):
        put(word, 1 << SITE)
    return words


def shared(a, b):
    most = min(len(a), len(b), len(DIGITS) - 1)
    return next((i for i in range(most) if a[i] != b[i]), most)


def main(output, folder):
    words = gather(folder)
    lines, before = ["scrubjay-lexicon 1"], ""
    for word in sorted(words):
        value = words[word]
        head = DIGITS[shared(before, word)] + "".join(
            DIGITS[value >> shift & 63] for shift in (0, 6, 12, 18)
        )
        lines.append(head + word[shared(before, word) :])
        before = word
    with open(output, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
