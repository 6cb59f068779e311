#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# report.py - what detection is worth where one total hides it: by country and
# hand, by origin of a name, how far a score can be believed, what is marked as
# uncertain.
"""Report on documents that were held back from training, as Markdown.

    models/train/report.py [--model DIR] [FILE...]

FILE is in the marked notation, with `people:`, `country:` and `hand:`; without
one, the corpus's files that train.py holds back. For the origins each document
is filled --copies times with people of one origin alone, and only NAME is
counted; half of the names are in no list of the engine. Prints no word of a
document. Python 3 and a native build are all that it needs.
"""

import argparse
import collections
import glob
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.path.join(ROOT, "models", "corpus")
sys.path.insert(0, CORPUS)
sys.dont_write_bytecode = True

import fill
import fill_names

evaluate = fill.load_evaluate()
JUDGE = evaluate.read_arguments(["unread", "--totals-only"])
NAMES = evaluate.read_arguments(["unread", "--totals-only", "--labels", "NAME"])


class OneOrigin(fill_names.Pools):
    """Everybody comes from one part of the world."""

    def choose(self, origin):
        self.origins = [origin]
        return self


def held_back():
    return sorted(path for hand in "abc" for number in (16, 17)
                  for path in glob.glob(f"{CORPUS}/train/*/{hand}{number}.txt"))


def read(paths):
    documents = []
    for path in paths:
        for number, document in enumerate(evaluate.read_golden(path), 1):
            document["id"] = f"{os.path.relpath(path, CORPUS)}#{number}"
            documents.append(document)
    if not any(document["spans"] for document in documents):
        raise evaluate.Refusal("no mark in the files: nothing to report")
    return documents


def found_in(documents, settings):
    options = ["--model", settings.model] if settings.model else []
    return evaluate.run_scrubjay(settings.program, documents, options)


def table(head, rows):
    print("\n| " + " | ".join(head) + " |")
    print("|---|" + "--:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(
            f"{x:.3f}" if isinstance(x, float) else str(x) for x in row) + " |")


def by_field(field, documents, found):
    """Totals of the documents that share a field's value."""
    reports = collections.defaultdict(lambda: evaluate.Report(JUDGE))
    for document, prediction in zip(documents, found):
        reports[document.get(field, "?")].take(document, prediction)
    rows = []
    for value, report in sorted(reports.items(),
                                key=lambda r: -r[1].total.spans):
        one = report.total.figures()
        rows.append((value, one["docs"], one["gold"], one["recall"],
                     one["precision"], one["over_1k"], one["clean_docs"]))
    table((field, "docs", "marks", "recall", "precision", "over_1k",
           "clean_docs"), rows)


def by_origin(documents, settings):
    """Recall of NAME where everybody's name is of one origin."""
    pools, rows = OneOrigin(), []
    origins = list(pools.origins)
    for origin in origins:
        filled = []
        for copy in range(settings.copies):
            for document in documents:
                dice = random.Random(f"{origin}/{copy}/{document['id']}")
                pieces = fill.Filler(
                    dice, pools.choose(origin), document).fill()
                text, spans = fill.assemble(list(pieces))
                filled.append({**document, "text": text, "spans": spans})
        report = evaluate.Report(NAMES)
        for document, prediction in zip(filled, found_in(filled, settings)):
            report.take(document, prediction)
        rows.append((origin, report.total.spans,
                     report.total.figures()["recall"]))
    mean = sum(row[2] for row in rows) / len(rows)
    rows.sort(key=lambda row: row[2])
    table(("origin of names", "marks", "recall of NAME", "points from mean"),
          [(*row, f"{100 * (row[2] - mean):+.1f}") for row in rows])


def calibration(documents, found):
    """Of the findings with such a score, how many are right."""
    edges = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01]
    bins = [[0, 0, 0.0] for _ in edges[1:]]
    for document, prediction in zip(documents, found):
        judged = evaluate.Document(document, prediction["entities"], JUDGE)
        for finding in prediction["entities"]:
            at = sum(finding["score"] >= edge for edge in edges[1:])
            bins[at][0] += 1
            bins[at][1] += judged.touches(finding)
            bins[at][2] += finding["score"]
    table(("score", "findings", "mean score", "right"),
          [(f"{low:.2f} to {min(high, 1):.2f}", n, total / n, right / n)
           for low, high, (n, right, total) in zip(edges, edges[1:], bins)
           if n])


def points_of(text):
    """From a byte of the text to its code point."""
    out = []
    for at, character in enumerate(text):
        out += [at] * len(character.encode())
    return out + [len(text)]


def uncertain(documents, settings):
    """What is hidden, but to be looked at first."""
    lines = "".join(json.dumps({"id": n, "text": d["text"]}) + "\n"
                    for n, d in enumerate(documents))
    done = subprocess.run([settings.spans, settings.model or settings.bundle,
                           "1"], input=lines.encode(), stdout=subprocess.PIPE,
                          check=True)
    marked, wrong, wrong_marked, characters = 0, 0, 0, 0
    for document, line in zip(documents, done.stdout.splitlines()):
        place = points_of(document["text"])
        spans = [{"start": place[s[0]], "end": place[s[1]], "label": s[2],
                  "uncertain": s[4] == 1} for s in json.loads(line)["spans"]]
        judged = evaluate.Document(document, spans, JUDGE)
        characters += len(document["text"])
        for span in spans:
            bad = not judged.touches(span)
            marked += span["uncertain"]
            wrong += bad
            wrong_marked += bad and span["uncertain"]
    table(("uncertain findings", ""), [
        ("in 1,000 characters", 1000 * marked / characters),
        ("share of needless findings that are marked so",
         wrong_marked / max(1, wrong)),
        ("share of them that are needless", wrong_marked / max(1, marked))])


def read_settings():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*")
    parser.add_argument("--model", help="a bundle; default: the repository's")
    parser.add_argument("--copies", type=int, default=2)
    build = os.path.join(ROOT, "build", "native")
    parser.add_argument("--program", default=f"{build}/tools/cli/scrubjay")
    parser.add_argument("--spans", default=f"{build}/tests/bench/dump_spans")
    settings = parser.parse_args()
    settings.bundle = os.path.join(ROOT, "models", "bundle", "scrubjay-en-fr")
    return settings


def main():
    settings = read_settings()
    try:
        documents = read(settings.file or held_back())
        found = found_in(documents, settings)
        print(f"{len(documents)} documents, "
              f"{sum(len(d['text']) for d in documents)} characters")
        for field in ("lang", "country", "hand", "kind"):
            by_field(field, documents, found)
        by_origin(documents, settings)
        calibration(documents, found)
        uncertain(documents, settings)
    except (evaluate.Refusal, OSError) as error:
        sys.exit(f"report.py: {error}")


if __name__ == "__main__":
    main()
