# SPDX-License-Identifier: Apache-2.0
#
# fill_values.py - other dates and numbers in the forms of the old ones: dates
# move by one span of days for the whole document, numbers keep their shape,
# and a check digit that held mostly holds again.
"""Dates and numbers for the filler."""

import datetime
import re

MONTHS = {
    "en": ["january", "february", "march", "april", "may", "june", "july",
           "august", "september", "october", "november", "december"],
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet",
           "août", "septembre", "octobre", "novembre", "décembre"],
}
SHORT = {
    "en": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
           "oct", "nov", "dec"],
    "fr": ["janv", "févr", "mars", "avr", "mai", "juin", "juil", "août",
           "sept", "oct", "nov", "déc"],
}
PLAIN = str.maketrans("éèûô", "eeuo")
WORD = re.compile(r"[^\W\d_]+")


def month_of(word, lang):
    """(1 to 12, table) of a month's name or its short form."""
    plain = word.lower().translate(PLAIN)
    for table in (MONTHS[lang], SHORT[lang]):
        for number, name in enumerate(table, 1):
            if plain == name.translate(PLAIN):
                return number, table
    for number, name in enumerate(MONTHS[lang], 1):
        if len(plain) >= 3 and name.translate(PLAIN).startswith(plain):
            return number, SHORT[lang]
    return None


def date_of(year, month, day):
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


class Calendar:
    """One document's dates, moved together."""

    def __init__(self, dice, lang, country, texts):
        self.days = dice.randint(-2500, 900) if dice.random() < 0.92 else 0
        self.lang = lang
        self.first = "m" if country == "US" else "d"
        years = [int(y) for t in texts for y in re.findall(r"20[012]\d", t)]
        self.year = max(years) if years else 2023

    def moved(self, date):
        new = date + datetime.timedelta(days=self.days)
        return new if 1900 <= new.year <= 2035 else date

    def write(self, surface):
        for form in (self.numbers, self.words):
            new = form(surface)
            if new is not None:
                return new
        return surface

    def numbers(self, surface):
        match = re.fullmatch(
            r"(\d{1,4})(\s*[/.\-]\s*)(\d{1,2})(?:(\s*[/.\-]\s*)(\d{2,4}))?",
            surface)
        if not match:
            return None
        a, joint, b, joint2, c = match.groups()
        order = self.order(a, b, c)
        if order is None:
            return None
        parts = dict(zip(order, (a, b, c)))
        year = int(parts.get("y") or self.year)
        if year < 100:
            year += 2000 if year <= 30 else 1900
        old = date_of(year, int(parts.get("m", 1)), int(parts.get("d", 1)))
        if old is None:
            return None
        new = self.moved(old)
        values = {"y": new.year, "m": new.month, "d": new.day}
        out = []
        for key, text in zip(order, (a, b, c)):
            value = values[key]
            if key == "y":
                out.append(f"{value % 100:02d}" if len(text) == 2
                           else str(value))
            else:
                out.append(f"{value:02d}" if text.startswith("0")
                           or (len(text) == 2 and
                               ("0" in surface or order[0] == "y"))
                           else str(value))
        return out[0] + joint + out[1] + (joint2 + out[2] if joint2 else "")

    def order(self, a, b, c):
        x, y = int(a), int(b)
        if len(a) == 4:
            return "ymd" if c else "ym"
        if c is None:
            if len(a) <= 2 and x > 12 >= y:
                return "dm"
            if y > 12 and y <= 31 and x <= 12:
                return "md"
            return self.first + ("d" if self.first == "m" else "m") \
                if x <= 12 and y <= 12 else None
        if x > 12 >= y:
            return "dmy"
        if y > 12 >= x:
            return "mdy"
        return ("md" if self.first == "m" else "dm") + "y"

    def words(self, surface):
        found = [(m, month_of(m.group(), self.lang))
                 for m in WORD.finditer(surface)]
        found = [(m, k) for m, k in found if k]
        if len(found) != 1 or len(surface) > 40:
            return None
        match, (month, table) = found[0]
        numbers = [(n.start(), n.end(), n.group())
                   for n in re.finditer(r"\d+", surface)]
        years = [n for n in numbers if len(n[2]) == 4]
        days = [n for n in numbers if len(n[2]) <= 2 and 1 <= int(n[2]) <= 31]
        if len(days) > 1 or len(years) > 1:
            return None
        old = date_of(int(years[0][2]) if years else self.year, month,
                      int(days[0][2]) if days else 15)
        if old is None:
            return None
        new = self.moved(old)
        name = table[new.month - 1]
        word = match.group()
        name = name.upper() if word.isupper() and len(word) > 2 else \
            name.capitalize() if word[0].isupper() else name
        edits = [(match.start(), match.end(), name)]
        if days:
            rest = surface[days[0][1]:]
            day = new.day
            if rest.startswith("er") and day != 1:
                edits.append((days[0][1], days[0][1] + 2, ""))
            ending = re.match(r"(st|nd|rd|th)\b", rest)
            if ending:
                edits.append((days[0][1], days[0][1] + 2, ordinal(day)))
            old_day = days[0][2]
            edits.append((days[0][0], days[0][1],
                          f"{day:02d}" if old_day[0] == "0" else str(day)))
        if years:
            edits.append((years[0][0], years[0][1], str(new.year)))
        for start, end, text in sorted(edits, reverse=True):
            surface = surface[:start] + text + surface[end:]
        return surface


def ordinal(day):
    if 11 <= day <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


# --- numbers with check digits ----------------------------------------------

def luhn(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return len(digits) > 7 and total % 10 == 0


def nir(digits):
    return len(digits) == 15 and digits[0] in "12" and \
        97 - int(digits[:13]) % 97 == int(digits[13:])


def nhs(digits):
    if len(digits) != 10:
        return False
    total = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1)))
    return (11 - total % 11) % 11 == int(digits[9])


def niss(digits):
    return len(digits) == 11 and (
        97 - int(digits[:9]) % 97 == int(digits[9:]) or
        97 - int("2" + digits[:9]) % 97 == int(digits[9:]))


def ean13(digits):
    if len(digits) != 13:
        return False
    total = sum(int(d) * (3 if i % 2 else 1)
                for i, d in enumerate(digits[:12]))
    return (10 - total % 10) % 10 == int(digits[12])


def npi(digits):
    return len(digits) == 10 and digits[0] in "12" and luhn("80840" + digits)


CHECKS = (npi, nhs, nir, niss, ean13, luhn)


def scramble(dice, surface, fixed):
    """Other digits, and other letters where a word holds digits too."""
    out = []
    for place, token in enumerate(re.split(r"(\s+)", surface)):
        mixed = any(c.isdigit() for c in token)
        for at, c in enumerate(token):
            if place == 0 and at < fixed:
                out.append(c)
            elif c.isdigit():
                out.append(str(dice.randint(0, 9)))
            elif mixed and c.isalpha() and c.isascii():
                letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
                pick = dice.choice(letters)
                out.append(pick if c.isupper() else pick.lower())
            else:
                out.append(c)
    return "".join(out)


def number(dice, surface, label):
    """A number of the same shape. Most keep the check that the old one has."""
    fixed = 0
    if label in ("PHONE", "FAX"):
        fixed = 3 if surface[:1] == "+" else 2
    elif re.match(r"[A-Za-z]{1,4}[-_ ]?\d", surface) and dice.random() < 0.5:
        fixed = len(re.match(r"[A-Za-z]*", surface).group())
    digits = re.sub(r"\D", "", surface)
    if label in ("NATIONAL_ID", "MRN", "LICENSE", "ACCOUNT"):
        for check in CHECKS:
            if check(digits):
                fixed = max(fixed, 1)
                if dice.random() < 0.7:
                    return holding(dice, surface, fixed, check)
    return scramble(dice, surface, fixed)


def holding(dice, surface, fixed, check):
    for _ in range(3000):
        new = scramble(dice, surface, fixed)
        if check(re.sub(r"\D", "", new)):
            return new
    return surface
