# SPDX-License-Identifier: Apache-2.0
#
# test_filler.py - what holds of every filled document: where the marks are, one
# person's name in all its forms, elisions, intervals, check digits, how many
# names stand in no list.
import collections
import datetime
import glob
import json
import os
import random
import re
import unittest

import harness
from harness import (CORPUS, LANGUAGES, Case, documents, fill, files,
                     is_elided, marks, people, python, surface)

import fill_names
import fill_values

VOWELS = set("aeiouyh")


def plain(text):
    """Folded, with one blank for all that is no letter or digit, as the
    engine's lists are."""
    return " ".join(re.findall(r"[^\W_]+", people.fold(text)))


def filled(lang, every=2, copies=1, share=0.0, seed=5, first=1):
    """(document, the same filled) pairs; copy 0 is left out."""
    some = documents(lang)[::every]
    new = list(fill.fill(some, copies, share, seed, first))
    return list(zip(some * copies, new))


class Clean(unittest.TestCase):
    """Copies without noise: mark for mark beside what was written."""

    @classmethod
    def setUpClass(cls):
        cls.pairs = {lang: filled(lang) for lang in LANGUAGES}
        cls.all = [pair for pairs in cls.pairs.values() for pair in pairs]

    def pieces(self):
        for old, new in self.all:
            for a, b in zip(marks(old), marks(new)):
                yield old, new, a, b

    def test_there_are_a_few_hundred(self):
        self.assertGreaterEqual(len(self.all), 400)
        self.assertGreater(sum(1 for _ in self.pieces()), 3000)

    def test_each_mark_is_still_there_and_says_the_same(self):
        for old, new in self.all:
            self.assertEqual([(s["label"], s.get("role")) for s in marks(old)],
                             [(s["label"], s.get("role")) for s in marks(new)],
                             old["id"])

    def test_what_stands_outside_the_marks_is_left_alone(self):
        for old, new in self.all:
            outside = []
            for document in (old, new):
                at, parts = 0, []
                for span in marks(document):
                    parts.append(document["text"][at:span["start"]])
                    at = span["end"]
                outside.append(parts + [document["text"][at:]])
            self.assertEqual(*outside, old["id"])

    def test_most_marks_say_something_else(self):
        names = [surface(old, a) != surface(new, b)
                 for old, new, a, b in self.pieces() if a["label"] == "NAME"]
        self.assertGreater(sum(names) / len(names), 0.9)

    def test_an_elision_keeps_its_vowel(self):
        seen = collections.Counter()
        for old, new in filled("fr", every=1, copies=4):
            for a, b in zip(marks(old), marks(new)):
                if not is_elided(old, a):
                    continue
                first = [people.fold(surface(d, s))[:1] in VOWELS
                         for d, s in ((old, a), (new, b))]
                self.assertEqual(*first, (old["id"], surface(new, b)))
                if surface(old, a) != surface(new, b):
                    seen[a["label"]] += 1
        self.assertGreater(seen["NAME"], 5)
        self.assertGreater(sum(seen.values()), 20)

    def test_a_town_is_one_town_and_its_code_is_that_towns(self):
        codes = collections.defaultdict(set)
        for country, town, code in fill_names.read_rows(
                os.path.join(CORPUS, "pools", "towns.tsv")):
            codes[people.fold(town)].add(code)
        known = right = 0
        for old, new in self.all:
            towns, zips = {}, {}
            for a, b in zip(marks(old), marks(new)):
                if not a.get("who"):
                    continue
                if a["label"] == "ZIP":
                    zips[a["who"]] = surface(old, a), surface(new, b)
                if a["label"] == "CITY" and \
                        "cedex" not in people.fold(surface(old, a)):
                    towns.setdefault(a["who"], set()).add(
                        people.fold(surface(new, b)))
            for who, names in towns.items():
                self.assertEqual(len(names), 1, (old["id"], who, names))
                was, code = zips.get(who, ("", ""))
                choices = [c for c in codes[list(names)[0]]
                           if len(c) == len(was)]
                if was and choices:
                    known += 1
                    right += code in choices
        self.assertGreater(known, 20)
        # The rest: towns of a letter model that happen to be real.
        self.assertGreater(right / known, 0.9)


class People(unittest.TestCase):
    """Names of one person, read from the marks alone."""

    @classmethod
    def setUpClass(cls):
        cls.all = [p for lang in LANGUAGES for p in filled(lang, copies=2)]

    def names(self, pair):
        """{id: [(old, new)]} of marks that name one person, folded."""
        old, new = pair
        out = collections.defaultdict(list)
        for a, b in zip(marks(old), marks(new)):
            if a["label"] == "NAME" and "+" not in a.get("who", "+"):
                out[a["who"]].append((plain(surface(old, a)),
                                      plain(surface(new, b))))
        return out

    def whole(self, pair, part):
        """{id: (old, new)} where a mark is that part of the name and no more."""
        cast, _ = people.read_people(pair[0].get("people"))
        out = {}
        for who, names in self.names(pair).items():
            for old, new in names:
                if who in cast and old and old == plain(cast[who][part]):
                    out[who] = old, new
        return out

    def test_one_form_is_written_one_way(self):
        for pair in self.all:
            for who, names in self.names(pair).items():
                forms = collections.defaultdict(set)
                for old, new in names:
                    forms[old].add(new)
                for new in forms.values():
                    self.assertEqual(len(new), 1, (pair[0]["id"], who, new))

    def test_a_longer_form_holds_the_family_name(self):
        held = 0
        for pair in self.all:
            families = self.whole(pair, "family")
            for who, names in self.names(pair).items():
                if who not in families:
                    continue
                family, fresh = families[who]
                for old, new in names:
                    if old != family and f" {family} " in f" {old} ":
                        self.assertIn(f" {fresh} ", f" {new} ",
                                      (pair[0]["id"], who))
                        held += 1
        self.assertGreater(held, 100)

    def test_relatives_share_theirs(self):
        shared = 0
        for pair in self.all:
            families = collections.defaultdict(set)
            for old, new in self.whole(pair, "family").values():
                families[old].add(new)
            cast, _ = people.read_people(pair[0].get("people"))
            counts = collections.Counter(
                plain(p["family"]) for p in cast.values())
            for old, new in families.items():
                if counts[old] > 1:
                    shared += 1
                    self.assertEqual(len(new), 1, (pair[0]["id"], new))
        self.assertGreater(shared, 20)

    def test_an_initial_is_that_of_the_given_name(self):
        held = 0
        for pair in self.all:
            given = self.whole(pair, "given")
            cast, _ = people.read_people(pair[0].get("people"))
            for who, names in self.names(pair).items():
                if who not in given or " " in given[who][0]:
                    continue
                family = plain(cast[who]["family"])
                for old, new in names:
                    if family and old == f"{given[who][0][:1]} {family}":
                        held += 1
                        self.assertEqual(new[:2], given[who][1][:1] + " ",
                                         (pair[0]["id"], who))
        self.assertGreater(held, 10)

    def test_many_family_names_stand_in_no_list(self):
        listed = set()
        for path in glob.glob(os.path.join(
                harness.ROOT, "models", "lexicon", "*.tsv")):
            listed.update(row[0] for row in fill_names.read_rows(path))
        self.assertGreater(len(listed), 100000)
        names = [new for pair in self.all
                 for _, new in self.whole(pair, "family").values()]
        self.assertGreater(len(names), 500)
        share = sum(n not in listed for n in names) / len(names)
        self.assertGreaterEqual(share, 0.40)
        self.assertLess(share, 0.75)  # listed ones have to come too

    def test_origins_come_in_equal_measure(self):
        origins, pools = collections.Counter(), fill_names.Pools()
        for number in range(4000):
            dice = random.Random(number)
            cast = {"p": dict.fromkeys(people.PARTS, "") | {"sex": "f"}}
            draw, seen = pools.draw_family, []
            pools.draw_family = lambda d, o: seen.append(o) or "Xyzzy"
            cast["p"]["family"] = "Brook"
            fill_names.Cast(dice, pools, cast)
            pools.draw_family = draw
            origins.update(seen)
        self.assertEqual(set(origins), set(pools.origins))
        mean = sum(origins.values()) / len(origins)
        for origin, count in origins.items():
            self.assertLess(abs(count - mean), mean / 4, origin)


MONTHS = {lang: {people.fold(name): at for at, name in enumerate(names, 1)}
          for lang, names in fill_values.MONTHS.items()}


def read_date(text, lang, order):
    """A date with day, month and year; `order` of numbers: dm or md."""
    text = people.fold(text)
    try:
        match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
        if match:
            return datetime.date(*map(int, match.groups()))
        match = re.fullmatch(r"(\d\d?)([/.-])(\d\d?)\2(\d{4})", text)
        if match:
            a, b, year = int(match[1]), int(match[3]), int(match[4])
            day, month = (a, b) if order == "dm" else (b, a)
            return datetime.date(year, month, day)
        match = re.fullmatch(r"(\d\d?)(?:er|st|nd|rd|th)? (\w+),? (\d{4})", text)
        if match and match[2] in MONTHS[lang]:
            return datetime.date(int(match[3]), MONTHS[lang][match[2]],
                                 int(match[1]))
        match = re.fullmatch(r"(\w+) (\d\d?)(?:st|nd|rd|th)?,? (\d{4})", text)
        if match and match[1] in MONTHS[lang]:
            return datetime.date(int(match[3]), MONTHS[lang][match[1]],
                                 int(match[2]))
    except ValueError:
        pass
    return None


def order_of(text, country):
    match = re.fullmatch(r"(\d\d?)[/.-](\d\d?)[/.-]\d{4}", text)
    if match and int(match[1]) > 12:
        return "dm"
    if match and int(match[2]) > 12:
        return "md"
    return "md" if country == "US" else "dm"


class Values(unittest.TestCase):
    def test_dates_keep_their_intervals(self):
        documents_moved = several = 0
        for lang in LANGUAGES:
            for old, new in filled(lang, every=1):
                moves = {}
                for a, b in zip(marks(old), marks(new)):
                    if a["label"] != "DATE":
                        continue
                    before, after = surface(old, a), surface(new, b)
                    order = order_of(before, old["country"])
                    first = read_date(before, lang, order)
                    # Another calendar's years (1445 AH) stay as written.
                    if first is None or first.year < 1700:
                        continue
                    second = read_date(after, lang, order)
                    self.assertIsNotNone(second, (old["id"], before, after))
                    moves[before] = (second - first).days
                self.assertLessEqual(len(set(moves.values())), 1,
                                     (old["id"], moves))
                several += len(moves) > 1
                documents_moved += any(moves.values())
        self.assertGreater(several, 100)
        self.assertGreater(documents_moved, 200)

    def test_a_date_in_words_is_written_as_before(self):
        dice = random.Random(3)
        for text, shape in [
                ("3rd March 2021", r"\d\d?(st|nd|rd|th) [A-Z][a-z]+ \d{4}"),
                ("Mar 3", r"[A-Z][a-z]{2} \d\d?"),
                ("MARCH 3, 2021", r"[A-Z]+ \d\d?, \d{4}"),
                ("03/05/21", r"\d\d/\d\d/\d\d"),
                ("2021-12-25", r"\d{4}-\d\d-\d\d")]:
            for _ in range(50):
                calendar = fill_values.Calendar(dice, "en", "US", [text])
                self.assertRegex(calendar.write(text), f"^{shape}$")
        for text, shape in [("1er mars 2021", r"(1er|\d\d?) [a-zéû]+ \d{4}"),
                            ("3 févr. 2021", r"\d\d? [a-zéû]+\. \d{4}")]:
            for _ in range(50):
                calendar = fill_values.Calendar(dice, "fr", "FR", [text])
                self.assertRegex(calendar.write(text), f"^{shape}$")

    def holds(self, text, label, check, low=0.6, high=0.9):
        self.assertTrue(check(re.sub(r"\D", "", text)))
        dice, count = random.Random(text), 300
        made = [fill_values.number(dice, text, label) for _ in range(count)]
        for new in made:
            self.assertEqual(re.sub(r"\d", "9", new), re.sub(r"\d", "9", text))
        self.assertGreater(len(set(made)), count // 2)
        share = sum(check(re.sub(r"\D", "", new)) for new in made) / count
        self.assertGreater(share, low)
        self.assertLess(share, high)

    def test_check_digits_mostly_hold(self):
        def mod97(digits):
            return 97 - int(digits[:-2]) % 97 == int(digits[-2:])

        def mod11(digits):
            total = sum(w * int(d) for w, d in zip(range(10, 0, -1), digits))
            return total % 11 == 0

        def mod10(digits):
            total = 0
            for place, digit in enumerate(map(int, reversed(digits))):
                total += sum(divmod(2 * digit, 10)) if place % 2 else digit
            return total % 10 == 0

        self.holds("2 55 08 14 168 025 38", "NATIONAL_ID", mod97)
        self.holds("943 476 5919", "NATIONAL_ID", mod11)
        self.holds("046 454 286", "NATIONAL_ID", mod10)
        self.holds("1234567893", "LICENSE", lambda d: mod10("80840" + d))

    def test_a_number_that_is_none_stays(self):
        dice = random.Random(1)
        self.assertEqual(fill_values.number(dice, "four two", "ZIP"),
                         "four two")


class Noisy(unittest.TestCase):
    """With noise on most copies."""

    def test_marks_lie_in_the_text_apart_and_are_not_empty(self):
        count = 0
        for lang in LANGUAGES:
            for old, new in filled(lang, copies=2, share=0.9):
                at = 0
                self.assertEqual(len(old["spans"]), len(new["spans"]))
                for span in new["spans"]:
                    where = (new["id"], span)
                    self.assertGreaterEqual(span["start"], at, where)
                    at = span["end"]
                    text = surface(new, span)
                    self.assertEqual(text, text.strip(), where)
                    self.assertTrue(any(c.isalnum() for c in text), where)
                    count += 1
                self.assertLessEqual(at, len(new["text"]))
        self.assertGreater(count, 6000)

    def test_noise_falls_on_the_share_that_was_asked_for(self):
        clean = filled("en")
        self.assertEqual([new["text"] for _, new in clean],
                         [new["text"] for _, new in filled("en", share=0.0)])
        for share in (0.4, 1.0):
            noisy = filled("en", share=share)
            other = sum(a["text"] != b["text"]
                        for (_, a), (_, b) in zip(clean, noisy)) / len(clean)
            # Some noise finds nothing to change.
            self.assertLessEqual(other, share + 0.1)
            self.assertGreater(other, 0.6 * share)

    def test_the_first_copy_is_what_was_written(self):
        for old, new in filled("fr", first=0, share=1.0):
            self.assertEqual(new["text"], old["text"])
            self.assertEqual(
                [(s["start"], s["end"], s["label"]) for s in new["spans"]],
                [(s["start"], s["end"], s["label"]) for s in marks(old)])


class Command(Case):
    def run_fill(self, seed, order):
        done = python(os.path.join(CORPUS, "fill.py"), "--copies", "3",
                      "--seed", str(seed), *files("train", "fr", "*.txt")[:3],
                      env={**os.environ, "PYTHONHASHSEED": order})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_the_same_seed_gives_the_same_bytes(self):
        first = self.run_fill(1, "1")
        self.assertEqual(first, self.run_fill(1, "2"))
        self.assertNotEqual(first, self.run_fill(2, "1"))
        lines = [json.loads(line) for line in first.splitlines()]
        self.assertEqual(len(lines) % 3, 0)
        self.assertEqual(len({d["id"] for d in lines}), len(lines))


if __name__ == "__main__":
    unittest.main()
