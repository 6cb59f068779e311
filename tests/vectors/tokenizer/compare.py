# SPDX-License-Identifier: Apache-2.0
#
# compare.py - our tokens against the reference library's, over many texts:
#
#     pip install tokenizers==0.23.3
#     python3 tests/vectors/tokenizer/compare.py --dump build/native/tests/unit/tokenize_dump \
#         --texts FOLDER tests/vectors/tokenizer/*.json [MORE/tokenizer.json...]
#
# FOLDER holds .txt or .jsonl files, gzipped or not. Generated hostile text is
# always added. It prints one row a tokenizer and exits 1 on an unlisted
# difference. --show N describes the first N differences by code point, never
# by text of the folder.
import argparse
import gzip
import json
import pathlib
import random
import struct
import subprocess
import sys
import time

from tokenizers import Tokenizer


def hostile():
    random.seed(11)
    codes = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for start in range(0, 0x110000, 0x100):  # every block
        block = [chr(c) for c in range(start, start + 0x100)
                 if not 0xD800 <= c < 0xE000]
        if 0x20000 <= start < 0xE0000 and start % 0x4000:
            continue
        if 0xF0000 <= start and start % 0x2000:
            continue
        if block:
            yield "".join(block)
            yield " ".join(block)
            yield "a" + "a".join(block)
    marks = [chr(c) for c in range(0x300, 0x370)]
    for _ in range(400):
        yield "".join(random.choice([
            random.choice("aeiouyAEé çñ"), random.choice(marks),
            random.choice("\u200b\u200d\ufeff\u00ad\u2060\u061c"),
            random.choice("\r\n\t \u00a0\u3000\x00\x07\x7f"),
            random.choice("👨👩👧🏽⚕️🇫🇷🏳️‍🌈"), chr(random.choice(codes)),
            random.choice(["'s", "'LL", "d'", "<mask>", " <mask> ", "[MASK]",
                           "<s>", "  ", "torvalane", "mmhg", "|||  "]),
            random.choice(["ﬁ", "½", "각", "ᄀ", "ᅡ", "ᆨ", "ｆｕｌｌ", "ǆ",
                           "İ", "ẞ", "ς", "Å", "ế", "ㇿ", "𝔘"]),
        ]) for _ in range(random.randint(1, 60)))
    for word in ("a", "é", "e\u0301", "漢", "1", "-", "'", " ", "\n", "👩‍", "ab1",
                 "\u0301", "\u0323\u0301", "x\u200b"):
        yield word * (100000 // len(word.encode()))
    yield "line\r\n" * 5000
    yield ""


def texts(folder, most):
    total = 0
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if not path.name.removesuffix(".gz").endswith((".txt", ".jsonl")):
            continue
        opener = gzip.open if path.suffix == ".gz" else open
        taken, block = 0, []
        with opener(path, "rt", encoding="utf-8", newline="") as lines:
            for line in lines:
                if ".jsonl" in path.name:
                    yield json.loads(line).get("text", "")
                else:
                    block.append(line)
                    if len(block) == 40:
                        yield "".join(block)
                        block = []
                taken += len(line)
                if taken > most:
                    break
        if block:
            yield "".join(block)


def ours(dump, tokenizer, items):
    data = b"".join(struct.pack("<I", len(b)) + b for b in items)
    began = time.perf_counter()
    done = subprocess.run([dump, tokenizer], input=data, check=True,
                          stdout=subprocess.PIPE)
    spent = time.perf_counter() - began
    out, at, answers = done.stdout, 0, []
    for _ in items:
        (count,) = struct.unpack_from("<I", out, at)
        at += 4
        answers.append(list(struct.iter_unpack("<III", out[at:at + 12 * count])))
        at += 12 * count
    return answers, spent


def byte_starts(text):
    starts, at = [], 0
    for char in text:
        starts.append(at)
        at += len(char.encode())
    starts.append(at)
    return starts


def describe(text, theirs, mine, at):
    a = theirs[at] if at < len(theirs) else None
    b = mine[at] if at < len(mine) else None
    span = (a or b)
    data = text.encode()
    near = data[max(0, span[1] - 12):span[2] + 12].decode(errors="replace")
    return "token %d: reference %s, ours %s, near %s" % (
        at, a, b, " ".join("%X" % ord(c) for c in near[:30]))


def compare(args, path, items):
    reference = Tokenizer.from_file(path)
    reference.no_truncation()
    reference.no_padding()
    mine, our_time = ours(args.dump, path, [t.encode() for t in items])
    count = ids = offsets = shown = 0
    began = time.perf_counter()
    encoded = [reference.encode(t, add_special_tokens=False) for t in items]
    their_time = time.perf_counter() - began
    for text, enc, rows in zip(items, encoded, mine):
        starts = byte_starts(text)
        theirs = [(i, starts[s], starts[e])
                  for i, (s, e) in zip(enc.ids, enc.offsets)]
        count += len(theirs)
        if theirs == rows:
            continue
        same = [r[0] for r in theirs] == [r[0] for r in rows]
        if not same:
            ids += 1
        else:
            offsets += sum(a != b for a, b in zip(theirs, rows))
        if shown < args.show:
            shown += 1
            at = next((i for i, (a, b) in enumerate(zip(theirs, rows))
                       if a != b), min(len(theirs), len(rows)))
            print("   ", describe(text, theirs, rows, at))
    name = "/".join(pathlib.Path(path).parts[-2:])
    print("| %s | %d | %d | %d | %.1f | %.1f |" % (
        name, count, ids, offsets, their_time, our_time), flush=True)
    return ids, offsets


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dump", required=True)
    parser.add_argument("--texts")
    parser.add_argument("--most", type=int, default=200000,
                        help="characters of each file")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("tokenizers", nargs="+")
    args = parser.parse_args()
    items = list(hostile())
    if args.texts:
        items += list(texts(args.texts, args.most))
    print("%d texts, %d characters" % (len(items), sum(map(len, items))))
    print("| tokenizer | tokens | texts with other ids | other offsets "
          "| reference s | ours s |")
    print("|---|---|---|---|---|---|")
    wrong = [compare(args, path, items) for path in args.tokenizers]
    return 1 if any(i or o for i, o in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
