# SPDX-License-Identifier: Apache-2.0
#
# fill_names.py - where other people's names come from, and one person in every
# form that a document gives the name.
"""Names by origin: half of them out of `pools/`, half put together by a model of
letters and in none of the engine's lists, so that a reader of the filled
documents has to go by what stands around a name."""

import collections
import os

import people

HERE = os.path.dirname(os.path.abspath(__file__))
LEXICON = os.path.join(HERE, "..", "lexicon")


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#")]


class Letters:
    """A model of four letters in a row, for names that nobody has listed."""

    ORDER = 3

    def __init__(self, names):
        self.after = collections.defaultdict(list)
        for name in names:
            text = "^" * self.ORDER + name + "$"
            for at in range(self.ORDER, len(text)):
                self.after[text[at - self.ORDER:at]].append(text[at])

    def draw(self, dice):
        out = "^" * self.ORDER
        while len(out) < 24:
            letter = dice.choice(self.after[out[-self.ORDER:]])
            if letter == "$":
                break
            out += letter
        return out[self.ORDER:]


class Pools:
    """Names to draw from."""

    def __init__(self):
        self.given, self.family = {}, {}
        for origin, sex, name in read_rows(f"{HERE}/pools/given.tsv"):
            for s in "mfu" if sex == "u" else sex + "u":
                self.given.setdefault((origin, s), []).append(name)
        for origin, name in read_rows(f"{HERE}/pools/family.tsv"):
            self.family.setdefault(origin, []).append(name)
        self.towns = {}
        for country, name, code in read_rows(f"{HERE}/pools/towns.tsv"):
            self.towns.setdefault(country, []).append((name, code))
        self.origins = sorted(self.family)
        self.listed = set()
        for name in ("first-names", "surnames", "towns"):
            self.listed.update(
                row[0] for row in read_rows(f"{LEXICON}/{name}.tsv"))
        self.letters = {}

    def unlisted(self, dice, key, names):
        """A name like these that no list of the engine holds."""
        if key not in self.letters:
            self.letters[key] = Letters(names)
        for _ in range(30):
            name = self.letters[key].draw(dice)
            bare = people.fold(name).replace("-", " ")
            if 3 <= len(name) <= 16 and bare not in self.listed and \
                    bare.replace("'", " ") not in self.listed:
                return name
        return dice.choice(names)

    def draw_given(self, dice, origin, sex):
        names = self.given.get((origin, sex)) or self.given["western", sex]
        if dice.random() < 0.4:
            return self.unlisted(dice, ("given", origin, sex), names)
        return dice.choice(names)

    def draw_family(self, dice, origin):
        names = self.family[origin]
        if dice.random() < 0.5:
            return self.unlisted(dice, ("family", origin), names)
        return dice.choice(names)

    def draw_town(self, dice, lang):
        key = "FR" if lang == "fr" else "US"
        if dice.random() < 0.25:
            key = "*"
        towns = self.towns[key]
        if dice.random() < 0.5:
            return self.unlisted(dice, ("town", key), [t for t, _ in towns]), ""
        return dice.choice(towns)


VOWELS = frozenset("aeiouyh")


def like(text, model):
    """`text` in the letters of `model`: capitals, small, or as it is."""
    letters = [c for c in model if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return text.upper()
    if letters and all(c.islower() for c in letters):
        return text.lower()
    return text


def split_name(name):
    return [w for _, _, w in people.words_of(name)]


class Cast:
    """Who plays whom in one filled document."""

    def __init__(self, dice, pools, cast, elided=frozenset()):
        self.dice, self.pools, self.people = dice, pools, cast
        self.elided = elided  # ids whose name stands behind d' or l'
        # Relatives share a name, so they share what an elision asks of it.
        self.bound = {people.fold(cast[who][part]) for who in elided
                      if who in cast for part in ("family", "birth")}
        self.families, self.parts = {}, {}
        for who, person in cast.items():
            self.play(who, person)

    def vowel(self, who, draw, old):
        """Draw until the first letter suits an elision before it."""
        if who not in self.elided and people.fold(old) not in self.bound:
            return draw()
        want = people.fold(old)[:1] in VOWELS
        for _ in range(60):
            name = draw()
            if (people.fold(name)[:1] in VOWELS) == want:
                return name
        return old

    def play(self, who, person):
        origin = self.dice.choice(self.pools.origins)
        keep = self.dice.random() < 0.04
        parts = {}
        for part in people.PARTS:
            old = person[part]
            if old and part in ("family", "birth"):
                key = people.fold(old)
                if key not in self.families:
                    self.families[key] = old if keep else self.vowel(
                        who, lambda: self.family(origin, old), old)
                parts[part] = split_name(self.families[key])
            elif not old or keep:
                parts[part] = split_name(old)
            else:
                words = split_name(old)
                parts[part] = [
                    w if len(w) == 1 else self.vowel(
                        who, lambda: self.pools.draw_given(
                            self.dice, origin, person["sex"]), w)
                    for w in words]
                parts[part] = [
                    self.dice.choice("ABCDEFGHIJKLMNOPRSTVW") if len(w) == 1
                    else w for w in parts[part]]
        self.parts[who] = parts

    def family(self, origin, old):
        """A family name; double where the old one was."""
        name = self.pools.draw_family(self.dice, origin)
        small = {"le", "la", "de", "van", "von", "el", "al", "da", "dos", "der",
                 "du", "des", "mac", "ben", "bin", "o", "st", "san", "d", "l"}
        long_words = [w for w in split_name(old)
                      if people.fold(w) not in small]
        if len(long_words) > 1 and " " not in name and "-" not in name:
            joint = "-" if "-" in old else " "
            name += joint + self.pools.draw_family(self.dice, origin)
        return name

    def write(self, surface, who):
        """The mark's surface with the new names in it."""
        ids = [w for w in who.split("+") if w in self.parts]
        found = people.words_of(surface)
        placed = [people.place_word(w, self.people, ids)
                  for _, _, w in found]
        out, at, index = [], 0, 0
        while index < len(found):
            start, end, word = found[index]
            out.append(surface[at:start])
            where, last = placed[index], index
            # Words of one part in a row are written as one.
            while (where and where[0] in ("word", "slip")
                   and last + 1 < len(found)
                   and placed[last + 1]
                   and placed[last + 1][:3] in (
                       ("word",) + where[1:3], ("slip",) + where[1:3])):
                last += 1
            out.append(self.part(where, word, surface[start:found[last][1]],
                                 last - index + 1))
            at, index = found[last][1], last + 1
        out.append(surface[at:])
        return "".join(out)

    def part(self, where, word, stretch, count):
        if where is None:
            return stretch
        kind, who, part, index = where
        if kind == "suffix":
            return stretch
        if kind == "letters":
            pool = [w for p in people.PARTS for w in self.parts[who][p]]
            letters = "".join(w[0] for w in pool)
            letters = (letters + "abcdef")[:len(word)]
            return letters.lower() if word.islower() else letters.upper()
        new = self.parts[who][part]
        old = split_name(self.people[who][part])
        if kind == "letter":
            letter = new[min(index, len(new) - 1)][0]
            return letter.lower() if word.islower() else letter.upper()
        if count >= len(old) or part in ("family", "birth"):
            joint = "-" if "-" in stretch or (
                count == 1 and "-" in self.people[who][part]) else " "
            text = new if count >= len(old) else new[-1:]
            return like(self.glue(who, part, text, joint), stretch)
        return like(new[min(index, len(new) - 1)], stretch)

    def glue(self, who, part, words, joint):
        whole = self.families.get(people.fold(self.people[who][part]))
        if whole and part in ("family", "birth") and \
                split_name(whole) == words:
            return whole
        return joint.join(words)
