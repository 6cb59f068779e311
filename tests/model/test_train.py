# SPDX-License-Identifier: Apache-2.0
#
# test_train.py - marks become tags, the loop learns and goes on where it was
# stopped, and the one command gives a bundle without a look at the set-aside.
import hashlib
import json
import os
import shutil
import subprocess
import unittest

import harness
from harness import BUILD, PROGRAM, ROOT, TRAIN, Case, python

import numpy as np
import torch

import data
import layout
import model as models
import steps
import train
import tune

RUNTIME = os.path.join(ROOT, "build", "ort", "libonnxruntime.so.1")
NOTE = ("Seen with her son on 14 March: Mrs Thandeka Ncubele, who lives in "
        "Penmarrick.\n")
# Python reads this before anything else, in every process that it starts.
GUARD = """
import os, sys
def look(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and arguments and \\
            "aside" in str(arguments[0]).replace(os.sep, "/").split("/"):
        raise PermissionError("the set-aside was opened")
sys.addaudithook(look)
"""


class Tags(unittest.TestCase):
    TEXT = "À Été vint Ada Brook, née le 3 mai."

    def tags(self, *spans):
        """Tags of a text read word by word, by their bytes."""
        start, end, at = [], [], 0
        for word in self.TEXT.replace(",", " ,").replace(".", " .").split():
            at = self.TEXT.index(word, at)
            start.append(len(self.TEXT[:at].encode()))
            end.append(start[-1] + len(word.encode()))
            at += len(word)
        document = {"text": self.TEXT, "spans": list(spans)}
        return [t if t == layout.MASKED else layout.TAGS[t]
                for t in data.tags_of(document, np.array(start),
                                      np.array(end))]

    def mark(self, surface, label, **more):
        at = self.TEXT.index(surface)
        return {"start": at, "end": at + len(surface), "label": label, **more}

    def test_tokens_of_a_mark_behind_accents(self):
        self.assertEqual(
            self.tags(self.mark("Ada Brook", "NAME", role="patient"),
                      self.mark("Été", "CITY"), self.mark("3 mai", "DATE")),
            ["O", "S-CITY", "O", "B-NAME.patient", "E-NAME.patient", "O", "O",
             "O", "B-DATE", "E-DATE", "O"])

    def test_a_token_in_part_belongs_to_the_mark(self):
        self.assertEqual(self.tags(self.mark("roo", "ID"))[4], "S-ID")

    def test_a_long_mark_has_an_inside(self):
        tags = self.tags(self.mark("le 3 mai", "DATE"))
        self.assertEqual(tags[7:10], ["B-DATE", "I-DATE", "E-DATE"])

    def test_a_mask_teaches_nothing(self):
        tags = self.tags(self.mark("Ada Brook", "MASK"))
        self.assertEqual(tags[3:5], [layout.MASKED] * 2)
        self.assertEqual(set(tags[:3] + tags[5:]), {"O"})

    def test_a_role_nobody_knows_is_another(self):
        for role, kind in [({"role": "provider"}, "NAME.provider"),
                           ({"role": "cat"}, "NAME.other"),
                           ({}, "NAME.other")]:
            self.assertEqual(self.tags(self.mark("Ada", "NAME", **role))[3],
                             "S-" + kind)


def arrays(count=4000, seed=1):
    """Documents whose tag is told by the piece alone."""
    dice = np.random.default_rng(seed)
    ids = dice.integers(1, 9, count).astype(np.uint16)
    features = np.zeros((count, len(layout.FEATURES)), np.uint8)
    starts = np.arange(0, count + 1, count // 8)
    return data.Arrays(ids, features, ids.astype(np.uint8), starts)


def tagger():
    torch.manual_seed(1)
    return models.Tagger(10, width=32, convolutions=(1, 2), layers=0)


class Loop(Case):
    def train(self, model, count, **more):
        return steps.train(model, arrays(), steps=count, rate=1e-2,
                           length=64, tokens=512, say=self.said.append, **more)

    def setUp(self):
        super().setUp()
        self.said = []

    def test_it_learns(self):
        model = self.train(tagger(), 150)
        held = arrays(seed=2)
        chances = steps.predict(model, held, window=100, overlap=20)
        right = (chances.argmax(-1) == held.tags).mean()
        self.assertGreater(right, 0.95)
        np.testing.assert_allclose(chances.sum(-1), 1, atol=1e-4)

    def test_it_goes_on_where_it_was_stopped(self):
        self.train(tagger(), 3, folder=self.folder)
        path = self.path("checkpoint.pt")
        self.assertEqual(torch.load(path, weights_only=False)["step"], 3)
        self.train(tagger(), 7, folder=self.folder)
        self.assertIn("going on at step 3", self.said[-1])
        self.assertEqual(torch.load(path, weights_only=False)["step"], 7)

    def test_one_seed_one_model(self):
        first, second, third = (self.train(tagger(), 4, seed=s).state_dict()
                                for s in (1, 1, 2))
        self.assertTrue(all(torch.equal(first[k], second[k]) for k in first))
        self.assertFalse(all(torch.equal(first[k], third[k]) for k in first))

    def test_arrays_come_back_from_their_file(self):
        one = arrays()
        one.save(self.path("a.npz"))
        two = data.Arrays.join([data.Arrays.load(self.path("a.npz"))] * 2)
        self.assertEqual(len(two), 16)
        np.testing.assert_array_equal(two.ids, np.tile(one.ids, 2))
        np.testing.assert_array_equal(two.starts[8:], one.starts + 4000)

    def test_a_bias_claims_what_the_model_doubts(self):
        held = arrays(800)
        held.places = [(np.arange(800) * 4, np.arange(800) * 4 + 4)]
        held.tags[:] = 0
        held.tags[:200] = layout.TAG["S-DATE"]
        chances = np.full((800, len(layout.TAGS)), 1e-6, np.float32)
        chances[:, 0] = 0.99
        chances[:200, 0] = 0.7
        chances[:200, layout.TAG["S-DATE"]] = 0.25
        bias = tune.biases(chances, held, 4)
        self.assertEqual(list(bias), ["DATE"])
        self.assertGreater(bias["DATE"], np.log(0.7 / 0.25))


class Sets(unittest.TestCase):
    def test_what_is_held_back_is_not_trained_on(self):
        taught, held = train.documents(False), train.documents(True)
        self.assertGreater(len(taught), 600)
        self.assertGreater(len(held), 50)
        self.assertFalse({d["text"] for d in taught} &
                         {d["text"] for d in held})
        for document in taught + held:
            self.assertIn(document["id"].split("/")[0], ("train", "dev"))


class Quick(Case):
    """The one command, small, from the corpus to the command line."""

    @classmethod
    def setUpClass(cls):
        cls.guard = os.path.join(ROOT, "build", "train-guard")
        os.makedirs(cls.guard, exist_ok=True)
        cls.addClassCleanup(shutil.rmtree, cls.guard)
        with open(os.path.join(cls.guard, "sitecustomize.py"), "w",
                  encoding="utf-8") as file:
            file.write(GUARD)
        cls.out = os.path.join(ROOT, "build", "train-quick", "bundle")
        cls.done = python(os.path.join(TRAIN, "train.py"), "--quick",
                          "--build", BUILD, timeout=1200,
                          env={**os.environ, "PYTHONPATH": cls.guard})

    def setUp(self):
        super().setUp()
        self.assertEqual(self.done.returncode, 0, self.done.stderr[-3000:])

    def test_the_guard_would_have_seen_the_set_aside(self):
        for look in ("os.listdir", "open"):
            done = python("-c", f"import os; {look}('models/corpus/aside')",
                          env={**os.environ, "PYTHONPATH": self.guard})
            self.assertIn("the set-aside was opened", done.stderr)

    def test_it_says_how_far_it_is(self):
        for words in ("filled copy1.npz", "train: step", " %, loss",
                      "bias: ", "parity"):
            self.assertIn(words, self.done.stdout)

    def test_it_gives_a_whole_bundle(self):
        with open(os.path.join(self.out, "manifest.json"), "rb") as file:
            manifest = json.load(file)
        size = 0
        for name, said in manifest["files"].items():
            with open(os.path.join(self.out, name), "rb") as file:
                content = file.read()
            size += len(content)
            self.assertEqual(said["sha256"],
                             hashlib.sha256(content).hexdigest())
        self.assertLess(size, 8 << 20)
        self.assertEqual(manifest["tags"], layout.TAGS)
        self.assertTrue(all(i["licence"] for i in manifest["ingredients"]))
        parity = manifest["parity"]
        self.assertGreater(parity["tokens"], 10000)
        # Half a minute leaves many tags nearly even; a broken export moves
        # most of them.
        self.assertLess(parity["tags_changed_by_8_bits"],
                        parity["tokens"] / 25)
        self.assertLess(parity["largest_difference_of_logits"], 1)

    @unittest.skipUnless(os.path.exists(RUNTIME), "no ONNX Runtime in build/ort")
    def test_the_command_line_takes_it(self):
        """Two minutes may teach too little for the canary: then that, and
        nothing else, is what is wrong with the bundle."""
        for folder in (self.out, os.path.join(os.path.dirname(self.out),
                                              "whole")):
            done = subprocess.run(
                [PROGRAM, "find", "--model", folder], input=NOTE, text=True,
                capture_output=True, check=False, timeout=120)
            if done.returncode == 0:
                answer = json.loads(done.stdout.splitlines()[0])
                self.assertTrue(answer["complete"])
                self.assertIn("NAME", {e["label"]
                                       for e in answer["entities"]})
            else:
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertIn("canary.labels", done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
