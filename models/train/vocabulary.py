#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# vocabulary.py - the model's pieces: those of multilingual-e5-small that our
# two languages use, and every character met; case kept. Writes tokenizer.json.
"""Cut the vocabulary.

    vocabulary.py --e5 e5-small-q4.bin --pieces 16000 --out tokenizer.json TEXT...

TEXT are golden files, JSONL or plain text, each also as .gz. A piece that
mixes letters or digits with punctuation, or has more than two digits, is left
out: marks end where words do, and numbers are read digit by digit.
"""

import argparse
import collections
import gzip
import json
import os
import re
import sys

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from e5 import E5

MARK = re.compile(r"\[[A-Z_]+(?:\.[a-z0-9-]*)*(?:@[a-z0-9+]+)?:|\]")
BAR = "\N{LOWER ONE EIGHTH BLOCK}"


def texts_of(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            if ".jsonl" in path:
                line = json.loads(line)["text"]
            elif path.endswith(".txt"):
                line = MARK.sub("", line)
            yield line


def wanted(piece):
    """Whether a piece keeps words and punctuation apart, and digits few."""
    bare = piece.lstrip(BAR)
    inner = [c.isalnum() for c in bare]
    digits = sum(c.isdigit() for c in bare)
    if BAR in bare or (any(inner) and not all(inner)):
        return False
    return digits == 0 or (digits == len(bare) and digits <= 2)


def make(pieces, unknown):
    tokenizer = Tokenizer(models.Unigram(pieces, unknown, False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(),
        pre_tokenizers.Metaspace(BAR, "always", True),
    ])
    return tokenizer


def count(tokenizer, paths):
    """How often each piece and each character occurs."""
    pieces, characters = collections.Counter(), collections.Counter()
    for path in paths:
        batch = []
        for line in texts_of(path):
            batch.append(line)
            if len(batch) == 4096:
                add(tokenizer, batch, pieces, characters)
                batch = []
        add(tokenizer, batch, pieces, characters)
    return pieces, characters


def add(tokenizer, batch, pieces, characters):
    for encoding in tokenizer.encode_batch_fast(batch):
        pieces.update(encoding.ids)
    characters.update("".join(batch))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", nargs="+")
    parser.add_argument("--e5", required=True)
    parser.add_argument("--pieces", type=int, default=16000)
    parser.add_argument("--out", required=True)
    settings = parser.parse_args()
    e5 = E5(settings.e5)
    every = [("<unk>", 0.0)] + [
        (p, float(s)) for p, s in zip(e5.pieces, e5.scores)
        if p and wanted(p) and not p.startswith("<")]
    whole = make(every, 0)
    pieces, characters = count(whole, settings.text)
    chosen = [i for i, _ in pieces.most_common(settings.pieces) if i]
    names = {every[i][0] for i in chosen}
    lowest = min(s for _, s in every)
    known = dict(every)
    extra = [c for c, n in characters.most_common()
             if n > 1 and not c.isspace() and c not in names]
    # A character alone must have a piece: a name never becomes unknown.
    rest = [BAR] + extra
    kept = [("<unk>", 0.0)]
    kept += [every[i] for i in chosen[:settings.pieces - len(rest) - 1]]
    have = {p for p, _ in kept}
    kept += [(c, known.get(c, lowest - 1)) for c in rest if c not in have]
    make(kept, 0).save(settings.out, pretty=False)
    total = sum(pieces.values())
    share = sum(pieces[i] for i in chosen[:len(kept)]) / total
    print(f"{len(kept)} pieces, {share:.4f} of {total} tokens")


if __name__ == "__main__":
    main()
