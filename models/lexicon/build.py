#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# build.py - make the lists of names, towns and words out of their sources.
# README.md names each source and its licence.
"""Write the lists of this folder (*.tsv).

    models/lexicon/build.py --data FOLDER --faker FOLDER --scowl FOLDER
        --french FILE --counts FOLDER [--out FOLDER]

--data     the folder of gazetteers and background texts (*.gz)
--faker    the unpacked wheel of the PyPI package faker
--scowl    the word lists of Debian's package scowl
--french   index.json of the npm package an-array-of-french-words
--counts   the resources of the PyPI package pyspellchecker

Every list is sorted, so that a change shows as one. Counts become classes from
1 (rare) to 7 (very common); what matters later is how a class compares to the
class of the same word in another list, not the count.
"""

import argparse
import ast
import collections
import csv
import glob
import gzip
import json
import math
import os
import re
import sys

# As core/src/base/fold.c folds: U+00C0 to U+017F without case and accent.
LATIN = (
    "aaaaaaaceeeeiiiidnooooo.ouuuuyts"
    "aaaaaaaceeeeiiiidnooooo.ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssss"
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
)
DOUBLE = {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss"}


def fold(word):
    out = []
    for c in word:
        code = ord(c)
        if c in DOUBLE:
            out.append(DOUBLE[c])
        elif 0xC0 <= code <= 0x17F and LATIN[code - 0xC0] != ".":
            out.append(LATIN[code - 0xC0])
        elif 0x300 <= code <= 0x36F:
            continue
        elif c.isalnum():
            out.append(c.lower())
        else:
            out.append(" ")
    return " ".join("".join(out).split())


def is_latin(word):
    return bool(word) and all(
        c == " " or ("a" <= c <= "z") or "0" <= c <= "9" for c in word
    )


def read_table(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


def class_of(count, steps):
    """1 to 7 by the powers of ten at `steps`."""
    return 1 + sum(count >= step for step in steps)


def faker_lists(folder, wanted):
    """(locale, variable, [(name, weight or None)]) of the person providers,
    read as syntax, never run."""
    for path in sorted(glob.glob(f"{folder}/faker/providers/person/*/*.py")):
        locale = os.path.basename(os.path.dirname(path))
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for node in ast.walk(tree):
            if not isinstance(node, (ast.Assign, ast.AnnAssign)):
                continue
            targets = (node.targets if isinstance(node, ast.Assign)
                       else [node.target])
            names = [t.id for t in targets if isinstance(t, ast.Name)]
            if not names or not re.search(wanted, names[0]):
                continue
            items = []
            for part in ast.walk(node.value) if node.value else ():
                if isinstance(part, ast.Constant) and isinstance(
                        part.value, str):
                    items.append(part.value)
            yield locale, names[0], items


def faker_weights(folder):
    """The surnames of the United States with their share of the census."""
    path = f"{folder}/faker/providers/person/en_US/__init__.py"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    block = text[text.index("last_names"):]
    return {fold(n): float(w) for n, w in
            re.findall(r'\("([^"]+)",\s*([0-9.]+)\)', block)}


def first_names(settings):
    """name -> [class, sexes]"""
    names = {}

    def add(name, value, sex=""):
        name = fold(name)
        if not is_latin(name) or len(name) < 2 or name.count(" ") > 1:
            return
        held = names.setdefault(name, [0, set()])
        held[0] = max(held[0], value)
        held[1].update(sex)

    for row in read_table(f"{settings.data}/gazetteers/"
                          "fr_first_names_insee.tsv.gz"):
        count = int(row["count"])
        if count >= 20:
            steps = (100, 1000, 5000, 20000, 100000, 400000)
            add(row["name"], class_of(count, steps), row["sex"])
    for row in read_table(f"{settings.data}/gazetteers/"
                          "forenames_by_country.tsv.gz"):
        for form in (row["local"], row["roman"]):
            add(form or "", 5, (row["sex"] or "")[:1])
    for row in read_table(f"{settings.data}/gazetteers/synthea_names.tsv.gz"):
        if row["kind"] in "MF":
            add(row["name"], 4, row["kind"])
    for row in read_table(f"{settings.data}/gazetteers/nd_first_us.tsv.gz"):
        add(row["name"], 4)
    for source, sex in (("es_hombres", "M"), ("es_mujeres", "F")):
        rows = read_table(f"{settings.data}/gazetteers/{source}.tsv.gz")
        for rank, row in enumerate(rows):  # by how common they are
            if rank < 4000:
                add(row["name"], 4 if rank < 400 else 2, sex)
    for locale, variable, items in faker_lists(
            settings.faker, r"^first_names?(_|$)"):
        sex = ("F" if "female" in variable else
               "M" if "male" in variable else "")
        for item in items:
            add(item, 4, sex)
    return names


def surnames(settings):
    names = collections.Counter()
    lists = collections.Counter()

    def add(name, value):
        name = fold(name)
        if not is_latin(name) or len(name) < 2 or name.count(" ") > 2:
            return
        lists[name] += 1
        names[name] = max(names[name], value)

    for path in sorted(glob.glob(
            f"{settings.data}/gazetteers/nd_surname_*.tsv.gz")):
        for name in {fold(r["name"] or "") for r in read_table(path)}:
            add(name, 1 if path.endswith("_us.tsv.gz") else 2)
    # A long list without counts: it tells which names are in several.
    for row in read_table(f"{settings.data}/gazetteers/es_apellidos.tsv.gz"):
        add(row["name"], 0)
    for row in read_table(f"{settings.data}/gazetteers/"
                          "surnames_by_country.tsv.gz"):
        for form in (row["local"], row["roman"]):
            for half in (form or "").split("/"):
                add(half, 6)
    for row in read_table(f"{settings.data}/gazetteers/synthea_names.tsv.gz"):
        if row["kind"] not in "MF":
            add(row["name"], 4)
    for locale, variable, items in faker_lists(
            settings.faker, r"^(last_names?|surnames?)(_|$)"):
        for item in items:
            add(item, 4)
    for name, weight in faker_weights(settings.faker).items():
        add(name, 7 if weight > 0.002 else 6)
    # In several countries' lists: no accident.
    for name, count in lists.items():
        if count >= 3:
            names[name] = max(names[name], 4 if count >= 5 else 3)
    return {name: value for name, value in names.items() if value > 0}


def towns(settings):
    names = {}

    def add(name, value):
        name = fold(name or "")
        name = re.sub(r" (\d\d|cedex)$", "", name)
        if is_latin(name) and len(name) > 2 and name.count(" ") < 6:
            names[name] = max(names.get(name, 0), value)

    zips = collections.Counter(
        fold(r["city"] or "") for r in
        read_table(f"{settings.data}/gazetteers/us_zip_city.tsv.gz"))
    for name, count in zips.items():
        add(name, class_of(count, (2, 4, 10, 30)) + 1)
    for row in read_table(f"{settings.data}/gazetteers/us_zip_city.tsv.gz"):
        county = fold(row["county"] or "")
        if county:
            add(county + " county", 3)
    for row in read_table(f"{settings.data}/gazetteers/fr_communes.tsv.gz"):
        add(row["commune"], 2)
        name = fold(row["commune"])
        for short, long in (("st ", "saint "), ("ste ", "sainte ")):
            if name.startswith(short):
                add(long + name[len(short):], 2)
            name = name.replace(f" {short}", f" {long}")
        add(name, 2)
        # Postal names leave the article out of `Le Mans` at times, never the
        # people.
    for row in read_table(f"{settings.data}/gazetteers/world_cities.tsv.gz"):
        home = row["country"] in (
            "United States", "United Kingdom", "Ireland", "Canada", "France",
            "Belgium", "Switzerland", "Australia", "New Zealand")
        add(row["city"], 6 if home else 5)
    return names


def regions(settings):
    """Countries and their first divisions: no mark, but beside towns."""
    names = set()
    for row in read_table(f"{settings.data}/gazetteers/world_cities.tsv.gz"):
        names.update((fold(row["country"]), fold(row["region"] or "")))
    return {n for n in names if is_latin(n) and len(n) > 2}


# What the registers of hospitals write behind a name.
TAIL = re.compile(r" (inc|llc|lp|llp|ltd|corp|corporation|the)$")


def care_sites(settings):
    names = set()
    for source in ("us_hospitals", "fr_hospitals_synthea"):
        for row in read_table(f"{settings.data}/gazetteers/{source}.tsv.gz"):
            name = TAIL.sub("", fold(row["name"]))
            if is_latin(name) and 1 <= name.count(" ") <= 5:
                names.add(name)
    return names


def background(settings, lang):
    """Words of clinical prose: how often in lower case, how often not."""
    lower, upper = collections.Counter(), collections.Counter()
    for path in sorted(glob.glob(
            f"{settings.data}/background/*_{lang}.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for word in re.findall(r"[^\W\d_]+", file.read()):
                (lower if word[0].islower() else upper)[fold(word)] += 1
    return lower, upper


STEPS = (1e-7, 1e-6, 5e-6, 2e-5, 1e-4, 1e-3)


def words(settings):
    """word -> [class in English, class in French, clinical]"""
    out = collections.defaultdict(lambda: [0, 0, False])
    allowed = {"en": set(), "fr": set()}
    for path in glob.glob(f"{settings.scowl}/*-words.*"):
        if int(path.rsplit(".", 1)[1]) <= 70:
            with open(path, encoding="latin-1") as file:
                allowed["en"].update(fold(w) for w in file.read().split()
                                     if w[0].islower() and "'" not in w)
    with open(settings.french, encoding="utf-8") as file:
        allowed["fr"].update(fold(w) for w in json.load(file))
    for at, lang in enumerate(("en", "fr")):
        with gzip.open(f"{settings.counts}/{lang}.json.gz", "rt") as file:
            general = collections.Counter()
            for word, count in json.load(file).items():
                general[fold(word)] += count
        lower, upper = background(settings, lang)
        total, clinical_total = sum(general.values()), sum(lower.values())
        for word in allowed[lang] | set(lower):
            seen = lower[word]
            listed = word in allowed[lang]
            if not is_latin(word) or len(word) < 2 or " " in word:
                continue
            # A word that no list knows counts where prose has it in lower
            # case, and mostly so: names slip in otherwise.
            if not listed and (seen < 3 or seen < upper[word]):
                continue
            if listed and seen == 0 and general[word] / total < 1e-7:
                continue
            share = max(seen / clinical_total,
                        general[word] / total if listed else 0, 1e-9)
            out[word][at] = class_of(share, STEPS)
            usual = general[word] / total
            if seen >= 5 and seen / clinical_total > 8 * max(usual, 1e-8):
                out[word][2] = True
    return out


def write(path, head, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(f"# {line}" for line in head) + "\n")
        file.writelines("\t".join(row) + "\n" for row in sorted(rows))
    print(f"{path}: {len(rows)} entries, {os.path.getsize(path)} bytes")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "faker", "scowl", "french", "counts"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--out", default=os.path.dirname(
        os.path.abspath(__file__)))
    settings = parser.parse_args()
    write(f"{settings.out}/first-names.tsv",
          ["name, class 1 to 7, sex (M, F, MF, - where unknown)"],
          [(n, str(v), "".join(sorted(s)) or "-")
           for n, (v, s) in first_names(settings).items()])
    write(f"{settings.out}/surnames.tsv", ["name, class 1 to 7"],
          [(n, str(v)) for n, v in surnames(settings).items()])
    write(f"{settings.out}/towns.tsv", ["town, class 1 to 7"],
          [(n, str(v)) for n, v in towns(settings).items()])
    write(f"{settings.out}/regions.tsv", ["country or region"],
          [(n,) for n in regions(settings)])
    write(f"{settings.out}/care-sites.tsv", ["name of a hospital"],
          [(n,) for n in care_sites(settings)])
    write(f"{settings.out}/words.tsv",
          ["word, class 0 to 7 in English, in French, c where clinical"],
          [(w, str(e), str(f), "c" if c else "-")
           for w, (e, f, c) in words(settings).items()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
