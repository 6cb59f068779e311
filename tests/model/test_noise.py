# SPDX-License-Identifier: Apache-2.0
#
# test_noise.py - each kind of noise leaves the marks on the words that they
# were on, and changes what it says it changes.
import difflib
import random
import re
import unittest

import harness
from harness import LANGUAGES, documents, fill, marks, people, surface

import noise


def pieces_of(document):
    return list(fill.Plain(document).fill())


def letters(text):
    return re.sub(r"[\W_]", "", people.fold(text))


def likeness(old, new):
    return difflib.SequenceMatcher(None, letters(old), letters(new),
                                   False).ratio()


class Kinds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.some = [d for lang in LANGUAGES for d in documents(lang)[::12]]

    def each(self, kind):
        """(document, its marks before, its marks after) under one kind."""
        for document in self.some:
            dice = random.Random(document["id"])
            new = noise.safe(kind(dice, pieces_of(document)))
            yield document, new

    def test_marks_stay_on_their_words(self):
        for number, (_, kind) in enumerate(noise.KINDS):
            alike = []
            for document, new in self.each(kind):
                after = [(t, s) for t, s in new if s is not None]
                before = marks(document)
                self.assertEqual(len(after), len(before))
                for span, (text, kept) in zip(before, after):
                    where = (number, document["id"], text)
                    self.assertEqual((kept["start"], kept["label"]),
                                     (span["start"], span["label"]), where)
                    self.assertEqual(text, text.strip(), where)
                    old = surface(document, span)
                    alike.append(likeness(old, text))
                    if len(letters(old)) > 4:
                        self.assertGreater(alike[-1], 0.5, where)
            self.assertGreater(len(alike), 300)
            self.assertGreater(sum(alike) / len(alike), 0.95, number)

    def test_what_stands_outside_stays_outside(self):
        for number, (_, kind) in enumerate(noise.KINDS):
            for document, new in self.each(kind):
                old = "".join(t for t, s in pieces_of(document) if s is None)
                text = "".join(t for t, s in new if s is None)
                size = len(letters(old))
                self.assertLess(abs(len(letters(text)) - size),
                                5 + size / 10, (number, document["id"]))

    def test_each_kind_does_something(self):
        for number, (_, kind) in enumerate(noise.KINDS):
            changed = sum("".join(t for t, _ in new) != d["text"]
                          for d, new in self.each(kind))
            self.assertGreater(changed, len(self.some) / 10, number)

    def test_line_breaks_keep_every_word(self):
        broken = 0
        for document, new in self.each(noise.wrapping):
            text = "".join(t for t, _ in new)
            self.assertEqual(text.split(), document["text"].split())
            broken += any("\n" in t for t, s in new if s is not None)
        self.assertGreater(broken, 3)  # also inside marks

    def test_a_rub_of_accents_is_only_that(self):
        self.assertEqual(noise.bare("Élodie à Fère-en-Tardenois, 2 µg"),
                         "Elodie a Fere-en-Tardenois, 2 µg")

    def test_a_mark_that_lost_its_edges_shrinks(self):
        span = {"label": "NAME"}
        self.assertEqual(
            noise.safe([("a ", None), (" Ada\n", span), ("b", None)]),
            [("a ", None), (" ", None), ("Ada", span), ("\n", None),
             ("b", None)])

    def test_one_die_one_noise(self):
        for document in self.some[::9]:
            first, second = (
                noise.spoil(random.Random(7), pieces_of(document))
                for _ in range(2))
            self.assertEqual(first, second)


if __name__ == "__main__":
    unittest.main()
