# SPDX-License-Identifier: Apache-2.0
#
# people.py - who the people of a document are, and which form of whose name a
# mark holds. check.py asks for it, and the filler puts other people there.
"""The `people:` line of a document's head, and names taken apart by it.

    people: p=Marc (Marco)|Lefèvre m; w=Sylvie|Lefèvre|Granger f; n=Fatou| f

is id=GIVEN (NICKNAME)|FAMILY|BIRTH FAMILY SEX, where any part may be empty and
the sex is m, f or u. A mark names its people: `[NAME.patient@p:LEFÈVRE M.]`,
`[NAME.provider@d+s:AR/sl]`.
"""

import re
import unicodedata

PERSON = re.compile(
    r"^\s*([a-z][a-z0-9]*)\s*=\s*([^|(]*)(?:\(([^)]*)\))?\s*"
    r"\|([^|]*?)(?:\|([^|]*?))?\s+([mfu])\s*$"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
SUFFIX = frozenset("jr sr ii iii iv v".split())
PARTS = ("given", "nick", "family", "birth")


def fold(text):
    """Small letters without accents; apostrophes alike."""
    text = unicodedata.normalize("NFD", text.replace("’", "'").casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")


def words_of(text):
    """Words with their places; a hyphen parts, an apostrophe does not."""
    return [(m.start(), m.end(), m.group()) for m in WORD.finditer(text)]


def read_people(line):
    """{id: {given, nick, family, birth, sex}}, and what could not be read."""
    people, bad = {}, []
    for part in (line or "").split(";"):
        if not part.strip():
            continue
        match = PERSON.match(part)
        if not match:
            bad.append(part.strip())
            continue
        who, given, nick, family, birth, sex = match.groups()
        people[who] = {
            "given": given.strip(), "nick": (nick or "").strip(),
            "family": family.strip(), "birth": (birth or "").strip(),
            "sex": sex,
        }
    return people, bad


def distance(a, b, most):
    """Typing slips between two words, or most + 1."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    row = list(range(len(b) + 1))
    before = None
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            cost = min(new[-1] + 1, row[j] + 1, row[j - 1] + (x != y))
            if before and i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1]


def forms_of(person):
    """(part, index, folded word) for every word of a person's names."""
    return [
        (part, index, fold(word))
        for part in PARTS
        for index, (_, _, word) in enumerate(words_of(person[part]))
    ]


def place_word(word, people, who):
    """What a word of a mark is: (kind, id, part, index), or None.

    Kinds: `word`, `slip` (typed wrongly), `letter` (an initial), `letters`
    (several in one word), `suffix`.
    """
    plain = fold(word)
    known = [(i, *f) for i in who if i in people for f in forms_of(people[i])]
    for i, part, index, form in known:
        if form == plain or form.replace("'", "") == plain.replace("'", ""):
            return "word", i, part, index
    if plain in SUFFIX:
        return "suffix", None, None, None
    if len(plain) == 1:
        for i, part, index, form in known:
            if form.startswith(plain):
                return "letter", i, part, index
    if len(plain) <= 4:
        for i in who:
            letters = "".join(
                f[0] for _, _, f in forms_of(people[i])) if i in people else ""
            place = 0
            for letter in plain:
                place = letters.find(letter, place) + 1
                if not place:
                    break
            else:
                return "letters", i, None, None
    for i, part, index, form in known:
        most = 1 if len(plain) < 7 else 2
        if len(plain) > 3 and distance(plain, form, most) <= most:
            return "slip", i, part, index
        if len(plain) > 3 and (form.startswith(plain) or plain == form + "s"):
            return "slip", i, part, index
    return None


def errors_of(document):
    """Broken people, and marks of nobody. Silent without a `people:` line."""
    if document.get("people") is None:
        return
    people, bad = read_people(document["people"])
    for part in bad:
        yield f"`people:` cannot be read at {part!r}"
    for span in document["spans"]:
        if span["label"] != "NAME":
            continue
        surface = document["text"][span["start"]:span["end"]]
        if not span.get("who"):
            yield f"whose name is [NAME:{surface}]? (no @id)"
            continue
        for who in span["who"].split("+"):
            if who not in people:
                yield f"nobody is called @{who} in `people:`"


def doubts_of(document):
    """Words of a name that are not its person's."""
    people, _ = read_people(document.get("people"))
    for span in document["spans"]:
        if span["label"] != "NAME" or not span.get("who"):
            continue
        surface = document["text"][span["start"]:span["end"]]
        for _, _, word in words_of(surface):
            if not place_word(word, people, span["who"].split("+")):
                yield "not in that person's name", word
