# SPDX-License-Identifier: Apache-2.0
#
# background.py - clinical prose that nobody has marked, with people put into
# it: lines of filled documents between its sentences, names in place of 'the
# patient'. What was put in is known; of the rest only a teacher can speak.
"""Unmarked texts as documents to be taught on."""

import glob
import gzip
import json
import os
import random
import re

import fill_names

# Sentences that were cut for other reasons still make sense before a line.
SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÀ-Þ0-9])|\n")
PATIENT = {
    "en": re.compile(r"\b(?:[Tt]he|[Tt]his|[Oo]ur) patient\b(?! (?:group|care|"
                     r"record|cohort|population))"),
    "fr": re.compile(r"\b(?:[Ll]e|[Ll]a|[Cc]e|[Cc]ette|[Nn]otre) patiente?\b"),
}
TITLES = {"en": ["Mr ", "Mrs ", "Ms ", "Mr. ", "Miss ", "", "", "", ""],
          "fr": ["M. ", "Mme ", "Mr ", "Madame ", "Monsieur ", "", "", "", ""]}
# There is less of French: each text more often, mixed otherwise.
TURNS = {"en": 1, "fr": 3}
LONGEST = 2600  # characters: a note's length


def texts(folder):
    """(language, text) of every document of `*_en.txt.gz`, `*_fr.txt.gz`."""
    for path in sorted(glob.glob(os.path.join(folder, "*.txt.gz"))):
        lang = os.path.basename(path).split(".")[0].rsplit("_", 1)[-1]
        if lang not in PATIENT:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for text in file.read().split("\n\n"):
                for part in parts(text.strip()):
                    yield lang, part


def parts(text):
    """A long text in parts that end where a sentence does."""
    while len(text) > LONGEST:
        at = max(text.rfind(". ", 0, LONGEST), text.rfind("\n", 0, LONGEST))
        at = at + 1 if at > LONGEST // 2 else LONGEST
        yield text[:at]
        text = text[at:].lstrip()
    if len(text) > 40:
        yield text


def lines_of(document):
    """[(text, spans)] of the document's lines, spans within the line."""
    at, out = 0, []
    for line in document["text"].split("\n"):
        end = at + len(line)
        inside = [{**s, "start": s["start"] - at, "end": s["end"] - at}
                  for s in document["spans"] if at <= s["start"] < end]
        # A mark across lines leaves half of it unmarked: not these lines.
        if line.strip() and all(s["end"] <= len(line) for s in inside) and \
                not any(s["start"] < at < s["end"] for s in document["spans"]):
            out.append((line, inside))
        at = end + 1
    return out


class Mixer:
    """Puts people into unmarked texts, the same way for the same seed."""

    def __init__(self, documents, seed):
        self.seed, self.pools = seed, fill_names.Pools()
        self.lines = {"en": [], "fr": []}
        for document in documents:
            if document["lang"] in self.lines:
                self.lines[document["lang"]] += [
                    line for line in lines_of(document)
                    if line[1] and len(line[0]) < 300]

    def mix(self, number, lang, text):
        """Document `number`: a mark says NAME and so on, or MASK."""
        dice = random.Random(f"{self.seed}/{number}")
        pieces = list(self.named(dice, lang, text))
        if self.lines[lang] and dice.random() < 0.7:
            pieces = list(self.inserted(dice, lang, pieces))
        out, spans, at = [], [], 0
        for piece, inside in pieces:
            if inside is None:
                inside = [{"start": 0, "end": len(piece), "label": "MASK"}]
            spans += [{**s, "start": s["start"] + at, "end": s["end"] + at}
                      for s in inside]
            out.append(piece)
            at += len(piece)
        return {"id": f"background#{number}", "lang": lang,
                "text": "".join(out), "spans": spans}

    def named(self, dice, lang, text):
        """Somewhere the patient has a name, in one form throughout."""
        form = self.name(dice, lang) if dice.random() < 0.6 else None
        at = 0
        if form:
            for match in PATIENT[lang].finditer(text):
                if dice.random() < 0.4:
                    continue
                title, name = form
                yield text[at:match.start()] + title, None
                yield name, [{"start": 0, "end": len(name), "label": "NAME",
                              "role": "patient"}]
                at = match.end()
        yield text[at:], None

    def name(self, dice, lang):
        origin = dice.choice(self.pools.origins)
        given = self.pools.draw_given(dice, origin, dice.choice("mf"))
        family = self.pools.draw_family(dice, origin)
        title = dice.choice(TITLES[lang])
        name = dice.choice([family, f"{given} {family}"] if title else
                           [given, family, f"{given} {family}",
                            f"{family.upper()} {given}",
                            f"{given[0]}. {family}"])
        return title, name

    def inserted(self, dice, lang, pieces):
        """One to four lines between sentences, or each on a line of its own."""
        apart = dice.random() < 0.5
        for piece, spans in pieces:
            if spans is not None:
                yield piece, spans
                continue
            ends = [m.end() for m in SENTENCE.finditer(piece)]
            dice.shuffle(ends)
            at = 0
            for end in sorted(ends[:dice.randint(0, 3)]):
                yield piece[at:end], None
                for line in self.block(dice, lang):
                    yield "\n" if apart else "", []
                    yield line
                    yield "\n" if apart else " ", []
                at = end
            yield piece[at:], None

    def block(self, dice, lang):
        first = dice.randrange(len(self.lines[lang]))
        return self.lines[lang][first:first + dice.choice([1, 1, 1, 2, 3])]


def mixed(folder, documents, seed):
    """Every text of the folder, mixed; `documents` are filled ones."""
    mixer = Mixer(documents, seed)
    for number, (lang, text) in enumerate(texts(folder)):
        for turn in range(TURNS[lang]):
            yield mixer.mix(f"{number}.{turn}", lang, text)


def spliced(documents, seed):
    """As many documents, of blocks of lines that come from several: what
    stands beside a line is no longer what always stood there."""
    documents = list(documents)
    kinds = {"en": [], "fr": []}
    for document in documents:
        kinds[document["lang"]].append(lines_of(document))
    for number, document in enumerate(documents):
        dice = random.Random(f"{seed}/splice/{number}")
        wanted, text, spans = dice.randint(400, 2000), "", []
        while len(text) < wanted:
            lines = dice.choice(kinds[document["lang"]])
            if not lines:
                continue
            at = dice.randrange(len(lines))
            for line, inside in lines[at:at + dice.randint(1, 6)]:
                spans += [{**s, "start": s["start"] + len(text),
                           "end": s["end"] + len(text)} for s in inside]
                text += line + "\n"
        yield {"id": f"{document['id']}/spliced", "lang": document["lang"],
               "text": text, "spans": spans}


def named(folder):
    """JSON lines in which some names are marked and nothing else is sure."""
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                document = json.loads(line)
                yield {**document, "spans": around(document)}


def around(document):
    """The names of a document, and MASK over all that lies between."""
    spans, at = [], 0
    for span in sorted(document["spans"], key=lambda s: s["start"]):
        if span["label"] != "NAME" or span["start"] < at:
            continue
        spans += [{"start": at, "end": span["start"], "label": "MASK"}, span]
        at = span["end"]
    spans.append({"start": at, "end": len(document["text"]), "label": "MASK"})
    return spans
