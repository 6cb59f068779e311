# SPDX-License-Identifier: Apache-2.0
#
# test_teacher.py - what nobody has marked: texts with people put in, and the
# teacher that speaks of the rest.
import gzip
import json
import os
import unittest

from harness import Case, documents, fill

import numpy as np
import torch

import background
import data
import layout
import model as models
import step as one
import steps
import teacher as teachers

from test_train import arrays, tagger

ENGLISH = ("The patient was seen for a cough. The patient had no fever. "
           "Auscultation was clear. She was sent home with a leaflet. ") * 4
FRENCH = ("La patiente est vue pour une toux. Le patient est apyrétique. "
          "L'auscultation est libre. Retour au domicile. ") * 4


def small_teacher(columns=len(layout.FEATURES)):
    torch.manual_seed(1)
    return teachers.Teacher(10, width=24, layers=2, heads=2, inner=48,
                            columns=columns)


class Mixed(Case):
    @classmethod
    def setUpClass(cls):
        cls.filled = list(fill.fill(
            [d for lang in ("en", "fr")
             for d in documents(lang)[:30]], 1, 0, 1, 5))

    def folder_of(self, **texts):
        for name, text in texts.items():
            path = self.path(f"{name}.txt.gz")
            with gzip.open(path, "wt", encoding="utf-8") as file:
                file.write(text)
        return self.folder

    def mixed(self, seed=1):
        folder = self.folder_of(a_en="\n\n".join([ENGLISH] * 9),
                                b_fr="\n\n".join([FRENCH] * 9))
        return list(background.mixed(folder, self.filled, seed))

    def test_marks_are_in_order_and_whole(self):
        given = {d["text"][s["start"]:s["end"]] for d in self.filled
                 for s in d["spans"]}
        labels, names = set(), 0
        for document in self.mixed():
            at = 0
            for span in document["spans"]:
                self.assertGreaterEqual(span["start"], at)
                at = span["end"]
                surface = document["text"][span["start"]:at]
                labels.add(span["label"])
                if span["label"] == "MASK":
                    continue
                if surface not in given:
                    self.assertEqual(span["label"], "NAME")
                    names += 1
            self.assertLessEqual(at, len(document["text"]))
        self.assertGreater(len(labels), 4)
        self.assertGreater(names, 10)

    def test_what_was_there_is_masked(self):
        for document in self.mixed():
            masked = "".join(document["text"][s["start"]:s["end"]]
                             for s in document["spans"]
                             if s["label"] == "MASK")
            word = "leaflet" if document["lang"] == "en" else "domicile"
            self.assertEqual(masked.count(word), 4)

    def test_one_seed_one_text(self):
        first, second, third = (self.mixed(s) for s in (1, 1, 2))
        self.assertEqual(first, second)
        self.assertNotEqual(first, third)

    def test_french_comes_more_often(self):
        found = [d["lang"] for d in self.mixed()]
        self.assertEqual(found.count("fr"), 3 * found.count("en"))
        self.assertEqual(len({d["id"] for d in self.mixed()}), len(found))

    def test_long_texts_are_cut_where_sentences_end(self):
        cut = list(background.parts(ENGLISH * 30))
        self.assertGreater(len(cut), 3)
        self.assertTrue(all(len(p) <= background.LONGEST for p in cut))
        self.assertTrue(all(p.rstrip().endswith(".") for p in cut))
        self.assertEqual(sum(p.count("leaflet") for p in cut), 120)

    def test_spliced_documents_keep_their_marks(self):
        given = {(d["text"][s["start"]:s["end"]], s["label"])
                 for d in self.filled for s in d["spans"]}
        made = list(background.spliced(self.filled, 1))
        self.assertEqual(len(made), len(self.filled))
        count = 0
        for document in made:
            for s in document["spans"]:
                count += 1
                self.assertIn((document["text"][s["start"]:s["end"]],
                               s["label"]), given)
        self.assertGreater(count, len(made))

    def test_of_names_alone_the_rest_is_masked(self):
        line = {"id": "a", "lang": "en", "text": "Ada Brook saw Leeds today.",
                "spans": [{"start": 0, "end": 9, "label": "NAME"},
                          {"start": 14, "end": 19, "label": "CITY"}]}
        with gzip.open(self.path("a.jsonl.gz"), "wt") as file:
            file.write(json.dumps(line) + "\n")
        (made,) = background.named(self.folder)
        self.assertEqual([(s["start"], s["end"], s["label"])
                          for s in made["spans"]],
                         [(0, 0, "MASK"), (0, 9, "NAME"), (9, 26, "MASK")])


class Teaching(unittest.TestCase):
    def test_what_is_padded_changes_nothing(self):
        model = small_teacher().eval()
        ids = torch.randint(1, 9, (1, 12))
        features = torch.zeros(1, 12, len(layout.FEATURES), dtype=torch.long)
        wide = torch.nn.functional.pad(ids, (0, 5))
        more = torch.nn.functional.pad(features, (0, 0, 0, 5))
        mask = torch.arange(17)[None] < 12
        with torch.no_grad():
            short = model(ids, features, torch.ones_like(ids, dtype=bool))
            long = model(wide, more, mask)[:, :12]
        torch.testing.assert_close(short, long, atol=1e-4, rtol=1e-4)

    def test_every_parameter_has_one_rate(self):
        for model in (small_teacher(), small_teacher(0), tagger()):
            groups = [p for g in model.groups(1) for p in g["params"]]
            self.assertEqual(len({id(p) for p in groups}), len(groups))
            self.assertEqual({id(p) for p in groups},
                             {id(p) for p in model.parameters()})

    def test_it_learns_and_is_asked(self):
        model = steps.train(small_teacher(), arrays(), steps=150, rate=2e-3,
                            length=64, tokens=512, say=lambda text: None)
        held = arrays(seed=3)
        top, likely = steps.opinions([model, model], held)
        self.assertGreater((top[:, 0] == held.tags).mean(), 0.95)
        np.testing.assert_allclose(likely.astype(float).sum(1), 1, atol=2e-3)

    def test_where_nobody_was_asked_the_marks_speak(self):
        asked, marked = arrays(800), arrays(800)
        marked.tags[::2] = layout.MASKED
        asked.top = np.full((800, 4), 7, np.uint8)
        asked.likely = np.full((800, 4), 0.25, np.float16)
        both = data.Arrays.join([asked, marked])
        self.assertTrue((both.top[:800] == 7).all())
        self.assertTrue((both.top[801::2, 0] == marked.tags[1::2]).all())
        self.assertEqual(both.likely[800::2].sum(), 0)
        self.assertTrue((both.likely[801::2].sum(1) == 1).all())
        self.assertIsNone(data.Arrays.join([marked, marked]).top)

    def test_a_student_learns_of_a_teacher_alone(self):
        taught = arrays()
        taught.top = np.repeat(taught.tags[:, None], 4, 1)
        taught.likely = np.zeros((len(taught.ids), 4), np.float16)
        taught.likely[:, 0] = 1
        meant = taught.tags.copy()
        taught.tags[:] = layout.MASKED
        model = steps.train(tagger(), taught, steps=150, rate=1e-2, length=64,
                            tokens=512, say=lambda text: None)
        chances = steps.predict(model, taught)
        self.assertGreater((chances.argmax(-1) == meant).mean(), 0.95)

    def test_loss_of_a_batch_without_a_mark_is_a_number(self):
        tags = torch.full((1, 3), -100)
        logits = torch.zeros(1, 3, len(layout.TAGS))
        self.assertEqual(one.loss_of(logits, tags, (), 0.5).item(), 0)


if __name__ == "__main__":
    unittest.main()
