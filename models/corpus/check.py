#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# check.py - whether documents in the marked notation are whole, and what in
# them looks as if a mark had been forgotten. README.md describes the notation.
"""Check documents of the corpus.

    models/corpus/check.py FILE... [--doubts N]

Exit 1 where a document is broken. Doubts are places to read again, no errors:
a marked name, number or place that stands unmarked elsewhere in its document,
and unmarked dates, long numbers, addresses of the net.
"""

import argparse
import collections
import importlib.machinery
import importlib.util
import os
import re
import sys

import people

HERE = os.path.dirname(os.path.abspath(__file__))
EVALUATE = os.path.join(HERE, "..", "..", "tools", "evaluate")

LABELS = frozenset(
    """NAME DATE AGE PHONE FAX EMAIL URL IP NATIONAL_ID MRN ACCOUNT LICENSE
    VEHICLE DEVICE BIOMETRIC PHOTO ADDRESS CITY ZIP LOCATION ORGANIZATION
    USERNAME ID""".split()
)
HEAD = ("provenance", "lang", "kind", "country", "hand")
DOUBTS = {
    "a date?": r"(?<![\d.,])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d(?![\d.,]\d)",
    "a long number?": r"\d[\d .-]{7,}\d",
    "an address of the net?": r"\S+@\S+|https?:\S+|www\.\S+",
}


def load_evaluate():
    loader = importlib.machinery.SourceFileLoader("evaluate", EVALUATE)
    spec = importlib.util.spec_from_loader("evaluate", loader)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


def errors_of(document):
    """What makes a document useless."""
    for key in HEAD:
        if not document.get(key):
            yield f"the head lacks `{key}:`"
    for span in document["spans"]:
        surface = document["text"][span["start"] : span["end"]]
        if span["label"] not in LABELS:
            yield f"unknown label {span['label']}"
        if not any(c.isalnum() for c in surface):
            yield f"a mark of {span['label']} without letter or digit"
        if surface != surface.strip():
            yield f"blanks at the edge of [{span['label']}:{surface}]"
        if span["label"] == "NAME" and not span.get("role"):
            yield f"no role in [NAME:{surface}]"
        if span["label"] == "AGE" and surface.isdigit() and int(surface) < 90:
            yield f"an age below 90 is marked: {surface}"
    yield from people.errors_of(document)


def doubts_of(document):
    """Unmarked stretches that look like others that are marked."""
    text = document["text"]
    marked = bytearray(len(text))
    for span in document["spans"]:
        marked[span["start"] : span["end"]] = b"\1" * (
            span["end"] - span["start"]
        )
    for why, pattern in DOUBTS.items():
        for match in re.finditer(pattern, text):
            if not any(marked[match.start() : match.end()]):
                yield why, match.group()
    yield from people.doubts_of(document)
    seen = set()
    for span in document["spans"]:
        surface = text[span["start"] : span["end"]]
        if span["label"] == "AGE" or len(surface) < 3 or surface in seen:
            continue
        seen.add(surface)
        pattern = r"(?<!\w)" + re.escape(surface) + r"(?!\w)"
        for match in re.finditer(pattern, text):
            if not any(marked[match.start() : match.end()]):
                yield "marked elsewhere", surface


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="+")
    parser.add_argument("--doubts", type=int, default=0, metavar="N",
                        help="show N doubts of each file")
    settings = parser.parse_args()
    evaluate = load_evaluate()
    broken = 0
    for path in settings.file:
        documents = list(evaluate.read_golden(path))
        labels = collections.Counter()
        doubts = []
        for document in documents:
            for error in errors_of(document):
                broken += 1
                print(f"{document['id']}: {error}")
            labels.update(span["label"] for span in document["spans"])
            doubts += [(document["id"], *d) for d in doubts_of(document)]
        size = sum(len(d["text"]) for d in documents)
        print(f"{path}: {len(documents)} documents, {size} characters, "
              f"{sum(labels.values())} marks, {len(doubts)} doubts")
        print("  " + ", ".join(f"{k} {n}" for k, n in labels.most_common()))
        for doubt in doubts[: settings.doubts]:
            print("  doubt in {}: {}: {!r}".format(*doubt))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
