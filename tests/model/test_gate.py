# SPDX-License-Identifier: Apache-2.0
#
# test_gate.py - gate.py refuses what finds less, label by label, and says
# nothing of the documents.
import json
import os
import shutil
import unittest

import harness
from harness import PROGRAM, ROOT, TRAIN, Case, python

GATE = os.path.join(TRAIN, "gate.py")
TINY = os.path.join(ROOT, "tests", "vectors", "bundle", "tiny")
RUNTIME = os.path.join(ROOT, "build", "ort", "libonnxruntime.so.1")
GOLD = """=== One
lang: en

Then [NAME:vrelkomat Quist] went to [CITY:Saltmere].

=== Two
lang: en

Then [NAME:vrelkomat] came.
"""


class Gate(Case):
    def gate(self, *arguments):
        done = python(GATE, *arguments, "--program", PROGRAM)
        for secret in ("Quist", "Saltmere", "vrelkomat", "#1", "n12"):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def predictions(self, name, hidden, count=1000, ids="n{}"):
        """A labelled file of `count` towns, of which the first are found."""
        gold, found = [], []
        for number in range(count):
            mark = {"start": 3, "end": 11, "label": "CITY"}
            gold.append({"id": ids.format(number), "text": "in Saltmere.",
                         "spans": [mark]})
            found.append({"id": ids.format(number),
                          "entities": [mark] if number < hidden else []})
        self.lines("gold.jsonl", gold)
        return self.lines(name, found)

    def lines(self, name, rows):
        return self.file(name, "".join(json.dumps(r) + "\n" for r in rows))

    def pair(self, before, after):
        return (self.predictions("before.jsonl", before),
                self.predictions("after.jsonl", after),
                self.path("gold.jsonl"))

    def test_a_fall_of_three_in_a_thousand_passes_and_of_four_does_not(self):
        for before, after, code in [(1000, 1000, 0), (1000, 997, 0),
                                    (1000, 996, 1), (500, 900, 0),
                                    (900, 500, 1)]:
            with self.subTest(before=before, after=after):
                done = self.gate(*self.pair(before, after))
                self.assertEqual((done.returncode, done.stderr), (code, ""))
                self.assertIn(f"| CITY | 1000 | {before / 1000:.4f} | "
                              f"{after / 1000:.4f} |", done.stdout)
                self.assertIn(("passed", "refused")[code], done.stdout)

    def test_more_may_be_allowed(self):
        pair = self.pair(1000, 990)
        self.assertEqual(self.gate(*pair).returncode, 1)
        self.assertEqual(self.gate(*pair, "--most", "1").returncode, 0)

    def test_one_label_is_not_made_good_by_another(self):
        spans = [{"start": 0, "end": 3, "label": "NAME"},
                 {"start": 7, "end": 15, "label": "CITY"}]
        self.lines("gold.jsonl", [
            {"id": 1, "text": "Ada in Saltmere", "spans": spans}])
        before = self.lines("before.jsonl", [{"id": 1, "entities": spans[1:]}])
        after = self.lines("after.jsonl", [{"id": 1, "entities": spans[:1]}])
        done = self.gate(before, after, self.path("gold.jsonl"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("points for CITY\n", done.stdout)

    def test_what_cannot_be_compared_is_no_pass(self):
        before, after, gold = self.pair(3, 3)
        bare = self.lines("bare.jsonl", [{"id": 1, "text": "x", "spans": []}])
        twice = self.lines("twice.jsonl", [
            {"id": 1, "text": "x", "spans": [
                {"start": 0, "end": 1, "label": "ID"}]}] * 2)
        short = self.lines("short.jsonl", [{"id": "n0", "entities": []}])
        for arguments, word in [
                ((before, self.path("nowhere"), gold), "nowhere"),
                ((before, after, self.path("nothing.txt")), "nothing.txt"),
                ((before, short, gold), "short.jsonl"),
                ((before, after, bare), "no mark"),
                ((before, after, twice), "same id")]:
            done = self.gate(*arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(word, done.stderr)
            self.assertEqual(done.stdout, "")

    # With bundles, through the command line

    def bundle(self, **fields):
        folder = self.path("bundle")
        shutil.copytree(TINY, folder)
        path = os.path.join(folder, "manifest.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        manifest.update(fields)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        return folder

    @unittest.skipUnless(os.path.exists(RUNTIME), "no ONNX Runtime in build/ort")
    def test_bundles_are_run(self):
        gold = self.file("gold.txt", GOLD)
        blind = self.bundle(bias={"TOWN": -8}, canary={
            "text": "Saw vrelkomat in Saltmere.", "labels": ["NAME"]})
        done = self.gate(TINY, TINY, gold)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("| NAME | 2 | 1.0000 | 1.0000 | +0.00 |", done.stdout)
        done = self.gate(TINY, blind, gold)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("| CITY | 1 | 1.0000 | 0.0000 | -100.00 |", done.stdout)
        self.assertIn("points for CITY\n", done.stdout)
        self.assertEqual(self.gate(blind, TINY, gold).returncode, 0)

    @unittest.skipUnless(os.path.exists(RUNTIME), "no ONNX Runtime in build/ort")
    def test_a_bundle_that_does_not_load_is_no_pass(self):
        done = self.gate(TINY, self.bundle(format=2),
                         self.file("gold.txt", GOLD))
        self.assertEqual(done.returncode, 2)
        self.assertIn("manifest.json", done.stderr)
        self.assertIn("exit 4", done.stderr)


if __name__ == "__main__":
    unittest.main()
