#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# gate.py - whether a bundle finds, label by label, what another finds: the one
# in 8 bits beside full precision, or a new one beside the one it replaces.
"""Refuse a bundle whose recall falls.

    models/train/gate.py BEFORE AFTER FILE... [-- option of `scrubjay find`...]

BEFORE and AFTER are bundles, or files of predictions as `scrubjay find
--jsonl` writes them; FILE is labelled, as tools/evaluate reads it. Documents of
a file in the marked notation are called FILE#1, FILE#2, ...

Exit 1 where recall of a label falls by more than the points of --most, 2 where
something cannot be read. Prints counts by label, nothing of a document.
Python 3 and a native build are all that it needs.
"""

import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "corpus"))
sys.dont_write_bytecode = True

import fill

evaluate = fill.load_evaluate()


def read_gold(paths):
    """Documents; those of golden files are named after the whole path, since
    files of two languages may bear one name."""
    documents = []
    for path in paths:
        some = evaluate.read_gold([path])
        if path.endswith(".txt"):
            for number, document in enumerate(some, 1):
                document["id"] = f"{path}#{number}"
        documents += some
    if not any(document["spans"] for document in documents):
        raise evaluate.Refusal("no mark in the files: nothing to compare")
    if len({document["id"] for document in documents}) < len(documents):
        raise evaluate.Refusal("two documents have the same id")
    return documents


def tallies(what, documents, settings):
    """{label: tally} of a bundle, or of predictions."""
    if os.path.isdir(what):
        found = evaluate.run_scrubjay(
            settings.program, documents, ["--model", what, *settings.options])
    else:
        found = evaluate.read_predictions(what, documents)
    report = evaluate.Report(
        evaluate.read_arguments(["unread", "--totals-only"]))
    for document, prediction in zip(documents, found):
        report.take(document, prediction)
    return {label: tally for label, tally in report.groups["label"].items()
            if tally.spans}


def compare(before, after, most):
    """Rows (label, marks, recall before, recall after, points), and the labels
    that lose more than `most` points."""
    rows, fallen = [], []
    for label in sorted(before, key=lambda k: (-before[k].spans, k)):
        old, new = before[label], after[label]
        # In marks, not in rounded shares: 3 of 1,000 is no fall of over 0.3.
        points = 100 * (new.covered - old.covered) / old.spans
        rows.append((label, old.spans, old.covered / old.spans,
                     new.covered / new.spans, points))
        if points < -most - 1e-9:
            fallen.append(label)
    return rows, fallen


def read_arguments(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", metavar="BEFORE")
    parser.add_argument("after", metavar="AFTER")
    parser.add_argument("gold", nargs="+", metavar="FILE")
    parser.add_argument("--most", type=float, default=0.3, metavar="POINTS",
                        help="how far recall of a label may fall; default 0.3")
    parser.add_argument("--program", default=evaluate.PROGRAM, metavar="PATH",
                        help="the scrubjay to run; default: the build's")
    options = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, options = arguments[:cut], arguments[cut + 1:]
    settings = parser.parse_args(arguments)
    settings.options = options
    return settings


def main(arguments):
    settings = read_arguments(arguments)
    try:
        documents = read_gold(settings.gold)
        before = tallies(settings.before, documents, settings)
        after = tallies(settings.after, documents, settings)
    except (evaluate.Refusal, OSError) as error:
        print(f"gate.py: {error}", file=sys.stderr)
        return 2
    rows, fallen = compare(before, after, settings.most)
    print("| label | marks | before | after | points |")
    print("|---|--:|--:|--:|--:|")
    for label, marks, old, new, points in rows:
        print(f"| {label} | {marks} | {old:.4f} | {new:.4f} | {points:+.2f} |")
    if fallen:
        print(f"\nrefused: recall falls by more than {settings.most:g} points "
              f"for {', '.join(fallen)}")
        return 1
    print(f"\npassed: no label's recall falls by more than "
          f"{settings.most:g} points")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
