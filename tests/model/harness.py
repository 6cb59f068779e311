# SPDX-License-Identifier: Apache-2.0
#
# harness.py - what the tests of the corpus and of training share: where things
# are, the documents, a program run from outside.
"""Paths, documents, programs."""

import functools
import glob
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.normpath(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CORPUS = os.path.join(ROOT, "models", "corpus")
TRAIN = os.path.join(ROOT, "models", "train")
BUILD = os.environ.get("SCRUBJAY_BUILD") or os.path.join(
    ROOT, "build", "native")
PROGRAM = os.path.join(BUILD, "tools", "cli", "scrubjay")
LANGUAGES = ("en", "fr")

sys.dont_write_bytecode = True
sys.path[:0] = [TRAIN, CORPUS]

import fill
import people


def files(*parts):
    return sorted(glob.glob(os.path.join(CORPUS, *parts)))


@functools.lru_cache(maxsize=None)
def documents(lang):
    """The documents to train on, with ids of their own."""
    evaluate, out = fill.load_evaluate(), []
    for path in files("train", lang, "*.txt"):
        for number, document in enumerate(evaluate.read_golden(path), 1):
            document["id"] = f"{lang}/{os.path.basename(path)}#{number}"
            out.append(document)
    return out


def surface(document, span):
    return document["text"][span["start"]:span["end"]]


def marks(document):
    """The spans in the order of the text."""
    return sorted(document["spans"], key=lambda s: s["start"])


def is_elided(document, span):
    at = span["start"]
    return people.fold(document["text"][max(0, at - 2):at]) in ("d'", "l'")


def python(*arguments, **how):
    return subprocess.run(
        [sys.executable, "-B", *arguments], cwd=ROOT, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def file(self, name, content):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(content)
        return self.path(name)
