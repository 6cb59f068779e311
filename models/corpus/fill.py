#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# fill.py - the corpus again, with other people, places, dates and numbers in
# it, and noise on a share of the copies. One document gives hundreds.
"""Fill documents anew: JSON lines with text and spans, for training.

    models/corpus/fill.py --copies 20 --seed 1 FILE... > filled.jsonl

The first copy of each document is the document as it was written; noise falls
on the share of the others that --noise names.
"""

import argparse
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import fill_names
import fill_values
import noise
import people

NUMBERS = frozenset(
    """PHONE FAX NATIONAL_ID MRN ACCOUNT LICENSE VEHICLE DEVICE BIOMETRIC PHOTO
    ZIP ID IP""".split())
PLACES = frozenset("ADDRESS CITY LOCATION ORGANIZATION".split())
# Words that say what a place is, not which: they stay.
GENERIC = frozenset(
    """street road avenue lane drive court place square boulevard highway route
    st rd ave ln dr ct pl sq blvd hwy rte apt suite ste unit floor room ward bed
    bay box po north south east west upper lower old new great little the of and
    for at in on to by near next rue avenue chemin allée allee impasse quai
    cours place boulevard bd av ch route voie sentier lotissement résidence
    residence bâtiment batiment bat appartement appt étage etage chambre lit
    salle aile porte escalier entrée bp cedex cs lieu dit hameau quartier cité
    le la les de du des d l et en sur sous aux au à un une saint sainte st ste
    hospital clinic medical center centre health care healthcare surgery
    practice group associates physicians pharmacy laboratory laboratories lab
    labs school primary high university college church parish trust nhs hse
    county city general community regional memorial memory children childrens
    university royal nursing home house lodge hospice rehab rehabilitation
    dialysis imaging radiology diagnostics dental insurance mutual bank police
    department fire station ambulance service services company co inc ltd llc
    plc foundation society association union council district department hôpital
    hopital clinique centre hospitalier universitaire régional regional chu chr
    ch hia polyclinique maison médicale medicale santé sante cabinet pharmacie
    laboratoire laboratoires biologie ehpad mas ssiad had samu smur msp école
    ecole collège lycée mairie mutuelle assurance assurances caisse cpam banque
    association société sas sarl sa entreprise transports ambulances police
    gendarmerie brigade paroisse église eglise mosquée temple synagogue groupe
    clsc chum cisss ciusss chsld hôtel institut institute fondation maternité
    service pôle pole unité unite secteur foyer résidence villa domaine tour
    building block tower wing level hall park garden gardens view heights court
    cottage farm mill bridge hill hills wood woods green river creek lake bay
    beach valley mount mountain spring springs ridge point station rest""".split())
# Capitals inside an organization's name that say what it is.
KEPT = frozenset(
    """icu ed er gp mri ct pt ot rn md uk us usa nhs hse va ymca llp samu smur
    usld esat mdph pmi hdj usic sau idel ime imp cmp cmpp cattp sad""".split())
# First letters of names of organizations, roughly as often as they come.
CAPITALS = "ABCDEFGHILMNOPRSTVWJKUZ"
CAPITAL_WEIGHTS = [9, 5, 11, 4, 4, 4, 4, 8, 4, 4, 7, 4, 3, 6, 5, 10, 4, 3, 2,
                   1, 1, 1, 1]
NET = frozenset(
    """www http https com org net edu gov fr be ch ca uk ie au co mail gmail
    outlook hotmail yahoo orange wanadoo free laposte bluewin skynet videotron
    nhs info contact secretariat secretary admin office portal html php index
    hospital hopital clinique clinic chu chr patient results""".split())


def load_evaluate():
    path = os.path.join(HERE, "..", "..", "tools", "evaluate")
    loader = importlib.machinery.SourceFileLoader("evaluate", path)
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("evaluate", loader))
    loader.exec_module(module)
    return module


def is_open(text):
    """Whether d' and l' may stand before it."""
    return people.fold(text)[:1] in fill_names.VOWELS


class Filler:
    """One document, filled once."""

    def __init__(self, dice, pools, document):
        self.dice, self.pools, self.document = dice, pools, document
        text, spans = document["text"], document["spans"]
        cast, _ = people.read_people(document.get("people"))
        elided = set()
        for span in spans:
            if self.is_elided(span) and span.get("who"):
                elided.update(span["who"].split("+"))
        self.cast = fill_names.Cast(dice, pools, cast, frozenset(elided))
        self.bound = set(self.elided_keys())
        self.calendar = self.draw_calendar()
        self.words, self.numbers, self.towns = {}, {}, {}
        for who, person in cast.items():
            for part in people.PARTS:
                old = fill_names.split_name(person[part])
                for at, word in enumerate(old):
                    new = self.cast.parts[who][part]
                    if new and len(word) > 2:
                        self.words.setdefault(
                            people.fold(word), new[min(at, len(new) - 1)])

    def is_elided(self, span):
        at = span["start"]
        return people.fold(self.document["text"][max(0, at - 2):at]) in (
            "d'", "l'")

    def elided_keys(self):
        """What place() and town() know a name by, where d' or l' stands before
        it anywhere: its first letter stays a vowel wherever it comes."""
        for span in self.document["spans"]:
            if span["label"] in PLACES and self.is_elided(span):
                surface = self.document["text"][span["start"]:span["end"]]
                yield span.get("who") or people.fold(surface)
                for _, _, word in people.words_of(surface)[:1]:
                    yield people.fold(word)

    def draw_calendar(self):
        """Dates move so that d'avril becomes no d'mai."""
        text = self.document["text"]
        dates = [s for s in self.document["spans"] if s["label"] == "DATE"]
        bound = [text[s["start"]:s["end"]] for s in dates if self.is_elided(s)]
        for _ in range(60):
            calendar = fill_values.Calendar(
                self.dice, "fr" if self.document["lang"] == "fr" else "en",
                self.document.get("country"),
                [text[s["start"]:s["end"]] for s in dates])
            if all(is_open(calendar.write(t)) == is_open(t) for t in bound):
                return calendar
        calendar.days = 0
        return calendar

    def fill(self):
        """Pieces of the new document: (text, span or None)."""
        text, at = self.document["text"], 0
        for span in sorted(self.document["spans"], key=lambda s: s["start"]):
            if span["start"] > at:
                yield text[at:span["start"]], None
            surface = text[span["start"]:span["end"]]
            yield self.write(span, surface), span
            at = span["end"]
        yield text[at:], None

    def write(self, span, surface):
        label = span["label"]
        if label == "NAME":
            if not span.get("who"):
                return surface
            return self.cast.write(surface, span["who"])
        if label == "DATE":
            return self.calendar.write(surface)
        if label == "AGE" and surface.isdigit():
            return str(self.dice.randint(90, 103))
        if label == "ZIP" and self.has_town(span.get("who")):
            town = self.towns[span["who"]]
            if town is None:
                return surface
            if town[1] and len(town[1]) == len(surface):
                return town[1]
        if label in NUMBERS:
            return self.number(surface, label)
        if label in PLACES:
            return self.place(surface, span)
        return self.net(surface, label)

    def number(self, surface, label):
        if not any(c.isdigit() for c in surface):
            return surface
        if surface not in self.numbers:
            self.numbers[surface] = fill_values.number(
                self.dice, surface, label)
        return self.numbers[surface]

    def place(self, surface, span):
        label = span["label"]
        if label == "CITY" and len(people.words_of(surface)) <= 4:
            return self.town(surface, span)
        out, at = [], 0
        for start, end, word in people.words_of(surface):
            out.append(self.digits(surface[at:start], label))
            out.append(self.place_word(word, label))
            at = end
        out.append(self.digits(surface[at:], label))
        return "".join(out)

    def has_town(self, who):
        """Draws the town of a code that stands before it."""
        for span in self.document["spans"]:
            if who and who not in self.towns and span["label"] == "CITY" and \
                    span.get("who") == who:
                self.town(self.document["text"][span["start"]:span["end"]],
                          span)
        return who in self.towns

    def town(self, surface, span):
        key = span.get("who") or people.fold(surface)
        if "cedex" in people.fold(surface):
            return surface
        if key not in self.towns:
            self.towns[key] = self.draw_town(key, surface)
        town = self.towns[key]
        return fill_names.like(town[0], surface) if town else surface

    def draw_town(self, key, surface):
        """(town, code), or None where the old one stays."""
        if self.dice.random() < 0.05:
            return None
        for _ in range(60):
            town = self.pools.draw_town(self.dice, self.document["lang"])
            if key not in self.bound or is_open(town[0]) == is_open(surface):
                break
        return town

    def digits(self, text, label):
        if not any(c.isdigit() for c in text):
            return text
        return re.sub(r"\d+", lambda m: self.number(m.group(), label), text)

    def place_word(self, word, label):
        key = people.fold(word)
        short = label == "ORGANIZATION" and word.isupper() and \
            2 <= len(word) < 6 and key not in KEPT
        if key in GENERIC or key.rstrip("s") in GENERIC or \
                len(key) < 3 and not short:
            return word
        if key not in self.words:
            self.words[key] = self.letters(word) if short else \
                self.proper(word)
        return fill_names.like(self.words[key], word)

    def letters(self, word):
        """Another name of a few capital letters."""
        if people.fold(word) in self.bound or self.dice.random() < 0.3:
            return word
        size = max(2, min(5, len(word) + self.dice.choice((-1, 0, 0, 1))))
        return "".join(self.dice.choices(CAPITALS, CAPITAL_WEIGHTS, k=size))

    def proper(self, word):
        """Another word for a place's name: a surname, a saint, a town."""
        if self.dice.random() < 0.3 or word.isupper() and len(word) < 6:
            return word
        origin = self.dice.choice(
            ["western", "western", "french", self.dice.choice(
                self.pools.origins)] if self.document["lang"] != "fr" else
            ["french", "french", "french", self.dice.choice(
                self.pools.origins)])
        for _ in range(60):
            pick = self.dice.random()
            if pick < 0.4:
                new = self.pools.draw_family(self.dice, origin)
            elif pick < 0.6:
                new = self.pools.draw_given(self.dice, origin, "u")
            else:
                new = self.pools.draw_town(
                    self.dice, self.document["lang"])[0]
                new = new.split()[-1]
            if people.fold(word) not in self.bound or \
                    is_open(new) == is_open(word):
                return new
        return word

    def net(self, surface, label):
        """Log-ins and addresses of the net: the people's words in them."""
        known = "@" in surface or label == "USERNAME"

        def swap(match):
            word = match.group()
            key = people.fold(word)
            if key in NET or len(key) < 3:
                return word
            if key not in self.words and known and len(key) > 3:
                self.words[key] = self.proper(word)
            new = self.words.get(key)
            return re.sub(r"[^a-z]", "", people.fold(new)) if new else word
        surface = re.sub(r"[^\W\d_]+", swap, surface)
        return re.sub(r"\d", lambda m: str(self.dice.randint(0, 9)), surface)


def assemble(pieces):
    """Text and spans of pieces."""
    text, spans, at = [], [], 0
    for piece, span in pieces:
        if span is not None and piece:
            spans.append({"start": at, "end": at + len(piece),
                          "label": span["label"],
                          **({"role": span["role"]} if "role" in span else {})})
        text.append(piece)
        at += len(piece)
    return "".join(text), spans


def fill(documents, copies, share, seed, first=0):
    """Filled documents, in the order of copies."""
    pools = fill_names.Pools()
    for copy in range(first, first + copies):
        for document in documents:
            dice = random.Random(f"{seed}/{copy}/{document['id']}")
            if copy == 0:
                pieces = Plain(document).fill()
            else:
                pieces = Filler(dice, pools, document).fill()
            pieces = list(pieces)
            if copy and dice.random() < share:
                pieces = noise.spoil(dice, pieces)
            text, spans = assemble(pieces)
            yield {"id": f"{document['id']}/{copy}", "lang": document["lang"],
                   "kind": document.get("kind"), "text": text, "spans": spans}


class Plain(Filler):
    """The document as it was written."""

    def __init__(self, document):
        self.document = document

    def write(self, span, surface):
        return surface


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="+")
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--first", type=int, default=0,
                        help="number of the first copy")
    parser.add_argument("--noise", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()
    evaluate = load_evaluate()
    documents = []
    for path in settings.file:
        for document in evaluate.read_golden(path):
            document["id"] = f"{os.path.relpath(path, HERE)}#{document['id']}"
            documents.append(document)
    for document in fill(documents, settings.copies, settings.noise,
                         settings.seed, settings.first):
        print(json.dumps(document, ensure_ascii=False))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
