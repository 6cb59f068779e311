#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# matrix.py - which documents the training corpus has to hold: kind, specialty,
# country, hand and how much PHI, spread evenly. Prints matrix.tsv.
"""Print the matrix of the corpus: `models/corpus/matrix.py > matrix.tsv`."""

import random

KINDS = """discharge referral operative nursing triage radiology pathology
psychiatry paediatrics obstetrics dental social-work portal-message phone-note
dictation dialogue form lab prescription certificate email copied-forward
registry transfer physio homecare icu pharmacy""".split()
SPECIALTIES = """cardiology orthopaedics oncology neurology nephrology urology
gastroenterology endocrinology pneumology dermatology ophthalmology ENT
rheumatology haematology infectious-diseases geriatrics general-practice
emergency vascular-surgery thoracic-surgery plastic-surgery neurosurgery
palliative-care addiction rehabilitation genetics anaesthesia allergy
gynaecology neonatology occupational-medicine public-health""".split()
HANDS = ["tidy"] * 5 + ["rushed"] * 5 + ["no-capitals"] * 4 + """capitals
capitals typos typos ocr wrapped wrapped table table dictated""".split()
COUNTRIES = {
    "en": ["US"] * 9 + ["GB"] * 5 + ["IE"] * 2 + ["CA"] * 2 + ["AU"] * 2,
    "fr": ["FR"] * 9 + ["BE"] * 3 + ["CH"] * 2 + ["CA"] * 3 + ["RE", "GP", "NC"]
    + ["MA", "DZ", "TN", "SN", "CI", "CM"],
}
# One in five holds nothing or almost nothing, but much that looks like it.
DENSITY = ["none"] + ["few"] + ["usual"] * 5 + ["dense"] * 3
SIZES = [500, 800, 1100, 1400, 1800, 2400]


def deal(random, values, count):
    """Each value about equally often, in no order."""
    hand = (values * (count // len(values) + 1))[:count]
    random.shuffle(hand)
    return hand


def main():
    print("lang\tnumber\tkind\tspecialty\tcountry\thand\tphi\tcharacters")
    for lang in ("en", "fr"):
        dice = random.Random(lang)
        columns = [deal(dice, values, 408) for values in
                   (KINDS, SPECIALTIES, COUNTRIES[lang], HANDS, DENSITY, SIZES)]
        for number, row in enumerate(zip(*columns), 1):
            print(lang, number, *row, sep="\t")


if __name__ == "__main__":
    main()
