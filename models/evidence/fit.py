#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# fit.py - fit the weights of core/packs/names.evidence. README.md says how.
"""Fit the weights of a table of evidence, and write it anew.

    models/evidence/fit.py --gold FILE... [--partial SET=FILE...]
        [--negative FILE...] [--table FILE] [--dump PROGRAM] [--out FILE]

--gold      documents with all labels, in the marked notation or as .jsonl
--names     documents (.jsonl.gz) whose NAME labels alone are complete
--negative  background texts (.txt.gz): no names, save what a rule finds
--table     the table to start from; its classes and endings stay
--dump      build/native/tests/bench/dump_evidence

Multinomial logistic regression (name, town, neither) with an L2 penalty, twice:
the second pass learns with the first one's scores in place. Needs numpy and
scipy.
"""

import argparse
import gzip
import importlib.machinery
import importlib.util
import os
import random
import subprocess
import sys

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
NAME, TOWN, SITE, NONE, SKIP = range(5)
THINGS = 3
SCALE = 1000


def load_evaluate():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader(
        "evaluate", os.path.join(ROOT, "tools", "evaluate"))
    spec = importlib.util.spec_from_loader("evaluate", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def read_background(path, limit, chance):
    """Chunks of some 2,000 characters, a random part of the file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    chance.shuffle(blocks)
    chunk, total = [], 0
    for block in blocks:
        chunk.append(block)
        if sum(map(len, chunk)) > 2000:
            text = "\n\n".join(chunk)
            total += len(text)
            yield {"id": path, "text": text, "spans": [], "kind": "negative"}
            chunk = []
        if total > limit:
            return


def answers(document, how):
    """For each character, what a word there is."""
    label = bytearray([NONE]) * (len(document["text"]) + 1)
    for span in document["spans"]:
        kind = span["label"]
        value = {"NAME": NAME, "CITY": TOWN, "ORGANIZATION": SITE}.get(
            kind, SKIP)
        label[span["start"]:span["end"]] = bytes([value]) * (
            span["end"] - span["start"])
    return label


def dump(program, table, documents):
    """rows: (document index, label, first ids, second ids)"""
    data = b"".join(
        str(len(b)).encode() + b"\n" + b + b"\n"
        for b in (d["text"].encode() for d in documents))
    out = subprocess.run([program, table], input=data, capture_output=True,
                         check=True).stdout.decode()
    lines = iter(out.split("\n"))
    names = next(lines).split(" ")
    rows = []
    for index, document in enumerate(documents):
        text = document["text"]
        # bytes to characters
        place, count = {}, 0
        for i, c in enumerate(text):
            place[count] = i
            count += len(c.encode())
        place[count] = len(text)
        label = answers(document, document.get("how"))
        for line in lines:
            if not line:
                break
            head, first, second = line.split("|")
            start, end, *_ = head.split()
            s, e = place[int(start)], place[int(end)]
            values = set(label[s:e])
            value = min(values)
            rows.append((index, value, [int(x) for x in first.split()],
                         [int(x) for x in second.split()]))
    return names, rows


def fit(features, labels, weights, penalty, start):
    """Weights for name, town and site; `none` is nought."""
    rows, columns = features.shape
    onehot = np.zeros((rows, THINGS))
    for thing in range(THINGS):
        onehot[np.arange(rows)[labels == thing], thing] = 1
    strength = np.full((columns, THINGS), penalty)

    def loss(flat):
        w = flat.reshape(columns, THINGS)
        z = features @ w
        most = np.maximum(z.max(axis=1), 0)
        parts = np.exp(z - most[:, None])
        none = np.exp(-most)
        total = parts.sum(axis=1) + none
        p = parts / total[:, None]
        value = (weights * (most + np.log(total) - (onehot * z).sum(axis=1))
                 ).sum() + 0.5 * (strength * w * w).sum()
        grad = features.T @ (weights[:, None] * (p - onehot)) + strength * w
        return value, np.asarray(grad).ravel()

    result = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B",
                      options={"maxiter": 400})
    return result.x.reshape(columns, THINGS)


def matrix(rows, count, second):
    indices, pointers, values = [], [0], []
    for row in rows:
        ids = row[2] + (row[3] if second else [])
        indices += ids
        values += [1.0] * len(ids)
        pointers.append(len(indices))
    return csr_matrix((values, indices, pointers), shape=(len(rows), count))


def write(table, out, names, first, second, floors):
    with open(table, encoding="utf-8") as file:
        head = [line for line in file.read().split("\n")
                if not line.startswith(("weight ", "self ", "floor "))]
    while head and not head[-1]:
        head.pop()

    def show(value):
        return f"{round(float(np.clip(value, -30, 30)) * SCALE):+d}"

    lines = head + ["floor " + " ".join(map(str, floors))]
    for i, name in enumerate(names):
        values = [*first[i], *second[i]]
        if any(abs(v) >= 0.0005 for v in values):
            lines.append(f"weight {name} " + " ".join(map(show, values)))
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", nargs="+", required=True)
    parser.add_argument("--names", nargs="*", default=[])
    parser.add_argument("--negative", nargs="*", default=[])
    parser.add_argument("--table", default=os.path.join(
        ROOT, "core", "packs", "names.evidence"))
    parser.add_argument("--out")
    parser.add_argument("--dump", default=os.path.join(
        ROOT, "build", "native", "tests", "bench", "dump_evidence"))
    parser.add_argument("--penalty", type=float, default=0.8)
    parser.add_argument("--negative-weight", type=float, default=0.1)
    parser.add_argument("--names-weight", type=float, default=0.3)
    parser.add_argument("--floor", type=int, nargs=3, default=[480, 500, 500])
    settings = parser.parse_args()
    out = settings.out or settings.table
    evaluate = load_evaluate()
    chance = random.Random(7)
    documents, worth = [], []
    for document in evaluate.read_gold(settings.gold):
        documents.append(document)
        worth.append(1.0)
    for path in settings.names:
        for document in evaluate.read_gold([path]):
            document["how"] = "names"
            documents.append(document)
            worth.append(settings.names_weight)
    for path in settings.negative:
        for document in read_background(path, 150_000, chance):
            documents.append(document)
            worth.append(settings.negative_weight)

    def prepare(rows):
        kept = []
        for row in rows:
            document = documents[row[0]]
            listed_town = any(names[i].startswith("town-") for i in row[2])
            inside = any(names[i].startswith(("in-", "by-", "echo-"))
                         for i in row[3])
            if row[1] == SKIP:
                continue
            # What may be a town is no negative where towns are not marked,
            # and what a rule finds is none in a text without marks.
            if row[1] == NONE and document.get("how") == "names" and \
                    (listed_town or inside or any(
                        names[i].startswith("run-care") for i in row[2])):
                continue
            if row[1] == NONE and document.get("kind") == "negative" and \
                    inside:
                continue
            kept.append(row)
        return kept

    def arrays(rows):
        return (np.array([r[1] for r in rows]),
                np.array([worth[r[0]] for r in rows]))

    # The classes of the table decide which evidence there is; weights start
    # from nothing.
    bare = out + ".tmp"
    names, _ = dump(settings.dump, settings.table, [])
    nothing = np.zeros((len(names), THINGS))
    nothing[0] = 0.001
    write(settings.table, bare, names, nothing, nothing, settings.floor)
    names, rows = dump(settings.dump, bare, documents)
    rows = prepare(rows)
    labels, weights = arrays(rows)
    first = fit(matrix(rows, len(names), False), labels, weights,
                settings.penalty, nothing)
    write(settings.table, bare, names, first, nothing, settings.floor)
    names, rows = dump(settings.dump, bare, documents)
    rows = prepare(rows)
    labels, weights = arrays(rows)
    second = fit(matrix(rows, len(names), True), labels, weights,
                 settings.penalty, first)
    write(settings.table, out, names, first, second, settings.floor)
    os.remove(bare)
    z = matrix(rows, len(names), True) @ second
    p = np.exp(z) / (1 + np.exp(z).sum(axis=1))[:, None]
    for floor in (0.3, 0.4, 0.5, 0.6, 0.7):
        told = (p.sum(axis=1) >= floor)
        true = labels != NONE
        gold = weights == 1.0
        print(f"floor {floor}: recall {(told & true)[gold].sum() / true[gold].sum():.3f} "
              f"precision {(told & true)[gold].sum() / told[gold].sum():.3f} "
              f"needless in background "
              f"{(told & ~true)[weights == settings.negative_weight].sum()}")
    print(f"{len(rows)} words of {len(documents)} documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
