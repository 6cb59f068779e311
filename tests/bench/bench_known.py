#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""False hits of the known patient on prose that is about nobody.

    tests/bench/bench_known.py [--patients N] [--show] FILE...

Each FILE is UTF-8 prose, also gzipped. Random patients (names and towns by the
lists of models/lexicon, one surname in two by how common it is) are looked for
in all of it; whatever the chart claims is a false hit, also a namesake's name.
Prints hits in 100,000 characters by source.
"""
import argparse
import collections
import gzip
import json
import os
import random
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PROGRAM = os.path.join(ROOT, "build", "native", "tools", "cli", "scrubjay")
PIECE = 5000


def rows(name):
    path = os.path.join(ROOT, "models", "lexicon", name)
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def words(name):
    """Names with weights: a class more is four times as common."""
    out = [(row[0], 4 ** int(row[1])) for row in rows(name)
           if len(row) > 1 and row[1].isdigit()]
    return [name for name, _ in out], [weight for _, weight in out]


class People:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.first = words("first-names.tsv")
        self.last = words("surnames.tsv")
        self.towns = words("towns.tsv")

    def pick(self, table):
        weights = table[1] if self.dice.random() < 0.5 else None
        return self.dice.choices(table[0], weights)[0].title()

    def name(self):
        return {"given": [self.pick(self.first), self.pick(self.first)],
                "family": self.pick(self.last)}

    def digits(self, count):
        return "".join(self.dice.choice("0123456789") for _ in range(count))

    def chart(self):
        dice = self.dice
        return {
            "patient": {
                "name": self.name(),
                "birthDate": f"{dice.randint(1930, 2020)}-"
                             f"{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
                "identifier": [{"type": "MRN", "value": self.digits(7)},
                               {"type": "SSN", "value": self.digits(9)}],
                "phone": ["06" + self.digits(8), "617" + self.digits(7)],
                "email": f"{self.pick(self.last).lower()}@example.org",
                "address": {"line": [f"{dice.randint(1, 99)} "
                                     f"{self.pick(self.last)} Street"],
                            "city": self.pick(self.towns),
                            "postalCode": self.digits(5)}},
            "relatives": [self.name(), self.name()],
            "clinicians": [self.name(), self.name()]}


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return file.read()


def pieces(text):
    at = 0
    while at < len(text):
        end = min(at + PIECE, len(text))
        cut = text.rfind("\n", at + PIECE // 2, end) if end < len(text) else end
        end = cut if cut > 0 else end
        yield text[at:end]
        at = end


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--patients", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true",
                        help="the commonest hits: that is the text")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    people = People(options.seed)
    for path in options.files:
        documents = list(pieces(read(path)))
        chars = sum(map(len, documents)) * options.patients
        sources = collections.Counter()
        shown = collections.Counter()
        for _ in range(options.patients):
            chart = people.chart()
            lines = "".join(
                json.dumps({"id": i, "text": text, "known": chart}) + "\n"
                for i, text in enumerate(documents))
            done = subprocess.run(
                [PROGRAM, "find", "--model=none", "--jsonl", "--text"], check=True,
                input=lines.encode(), stdout=subprocess.PIPE)
            for line in done.stdout.decode().splitlines():
                for entity in json.loads(line)["entities"]:
                    ids = {source["id"] for source in entity["sources"]
                           if source["kind"] == "known"}
                    sources.update(ids)
                    if ids:
                        shown[entity["text"]] += 1
        total = sum(sources.values())
        parts = ", ".join(f"{name} {count}" for name, count
                          in sources.most_common())
        print(f"{os.path.basename(path)}: {total} hits in {chars} characters, "
              f"{total * 1e5 / chars:.3f} in 100,000 ({parts})", flush=True)
        if options.show:
            print("   ", shown.most_common(25))


main()
