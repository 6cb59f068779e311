# SPDX-License-Identifier: Apache-2.0
#
# test_corpus.py - the documents are whole, and as many and as various as the
# matrix says.
import collections
import csv
import os
import re
import unittest

import harness
from harness import CORPUS, LANGUAGES, Case, documents, files, python

CHECK = os.path.join(CORPUS, "check.py")
WHOLE = """=== A case
provenance: written for this test
lang: en
kind: referral
country: US
hand: tidy
people: p=Ada|Brook f

Saw [NAME.patient@p:Ada Brook] on [DATE:3 May].
"""


def read_matrix():
    with open(os.path.join(CORPUS, "matrix.tsv"), encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


class Documents(Case):
    def test_those_to_read_and_to_train_on_are_whole(self):
        for folder in ("train", "dev"):
            done = python(CHECK, *files(folder, "*", "*.txt"))
            self.assertEqual(done.returncode, 0, done.stdout[-3000:])

    def test_those_set_aside_are_whole(self):
        # Nothing of them is shown, in a failure either.
        paths = files("aside", "*", "*.txt")
        self.assertGreater(len(paths), 10)
        self.assertEqual(python(CHECK, *paths).returncode, 0,
                         "check.py refuses a document that is set aside")

    def test_sixty_a_language_are_set_aside(self):
        for lang in LANGUAGES:
            count = 0
            for path in files("aside", lang, "*.txt"):
                with open(path, encoding="utf-8") as file:
                    count += sum(line.startswith("=== ") for line in file)
            self.assertGreaterEqual(count, 60, lang)

    def test_a_broken_one_would_be_seen(self):
        self.assertEqual(
            python(CHECK, self.file("whole.txt", WHOLE)).returncode, 0)
        for old, new in [("Ada Brook]", "Ada Brook ]"), ("@p:", "@q:"),
                         ("@p:", ":"), ("country: US\n", ""),
                         ("[DATE:3 May]", "[DAY:3 May]"),
                         (".patient", ""), ("[DATE:3 May]", "[AGE:42]"),
                         ("Brook f\n", "Brook\n")]:
            with self.subTest(new=new):
                path = self.file("broken.txt", WHOLE.replace(old, new, 1))
                self.assertEqual(python(CHECK, path).returncode, 1)

    def test_no_document_stands_there_twice(self):
        for lang in LANGUAGES:
            texts = collections.Counter(d["text"] for d in documents(lang))
            self.assertEqual([n for n in texts.values() if n > 1], [])


class Matrix(unittest.TestCase):
    def test_it_is_what_its_script_prints(self):
        done = python(os.path.join(CORPUS, "matrix.py"))
        with open(os.path.join(CORPUS, "matrix.tsv"), encoding="utf-8") as file:
            self.assertEqual(done.stdout, file.read())

    def test_every_row_is_written_once(self):
        rows = read_matrix()
        for lang in LANGUAGES:
            wanted = sorted(r["number"] for r in rows if r["lang"] == lang)
            self.assertGreaterEqual(len(wanted), 400)
            self.assertEqual(sorted(d["row"] for d in documents(lang)
                                    if "row" in d), wanted)

    def test_a_document_is_what_its_row_says(self):
        rows = {(r["lang"], r["number"]): r for r in read_matrix()}
        for lang in LANGUAGES:
            for document in documents(lang):
                # Later hands wrote what was missing, without a row.
                if "row" not in document:
                    continue
                row = rows[lang, document["row"]]
                for key in ("lang", "kind", "country", "hand"):
                    self.assertEqual(document[key], row[key], document["id"])
                if row["phi"] == "none":
                    self.assertEqual(document["spans"], [], document["id"])

    def test_four_hundred_a_language_a_fifth_of_them_bare(self):
        for lang in LANGUAGES:
            counts = [len(d["spans"]) for d in documents(lang)
                      if "row" in d]
            self.assertGreaterEqual(len(counts), 400)
            bare = sum(n <= 3 for n in counts)
            self.assertGreaterEqual(bare, len(counts) / 5)
            self.assertGreaterEqual(counts.count(0), len(counts) / 12)

    def test_bare_documents_hold_what_looks_like_phi(self):
        # Else they would teach that a text without numbers holds none.
        looks = re.compile(r"\d[\d/.,:-]*\d|\b[A-Z][a-z]+\b")
        for lang in LANGUAGES:
            bare = [d for d in documents(lang) if not d["spans"]]
            found = [len(looks.findall(d["text"])) for d in bare]
            self.assertGreater(sum(found) / len(found), 8, lang)


if __name__ == "__main__":
    unittest.main()
