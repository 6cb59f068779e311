# SPDX-License-Identifier: Apache-2.0
"""The security officer's page: each line of its tables names a test that is
there, under that name."""
import re
import unittest

import tree

PAGE = "tools/README.md"
SECTION = re.compile(r"^## For the security officer\n(.*?)(?=^## |\Z)",
                     re.M | re.S)
ROW = re.compile(r"^\|(.+)\|([^|]*)\|$", re.M)
NAMED = re.compile(r"`(tests/[\w./-]+)`: ([^)`|]+)")


def plain(text):
    """A test's name as words, whether a title, a function or a method."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower())


def complaints(page, files):
    section = SECTION.search(page)
    if not section:
        return ["the page is not there"]
    out = []
    rows = [row for row in ROW.findall(section[1])
            if row[1].strip(" -") not in ("", "test")]
    out += [f"a line names no test: {line.strip()[:50]}"
            for line, test in rows if not NAMED.search(test)]
    for path, name in NAMED.findall(section[1]):
        words = plain(name).strip()
        if path not in files:
            out.append(f"{path} is not there")
        elif words not in plain(files[path]):
            out.append(f"{path} has no test called: {words}")
    return out if rows else ["the page has no line"]


class Officer(unittest.TestCase):
    def test_every_line_of_the_page_has_its_test(self):
        found = complaints(tree.texts()[PAGE], tree.texts())
        self.assertEqual(found, [], tree.show(found))

    def test_a_line_without_a_test_is_found(self):
        head = "## For the security officer\n\n| | test |\n|---|---|\n"
        files = {"tests/x.js": 'test("a name")'}
        self.assertEqual(
            complaints(head + "| yes | `tests/x.js`: a name |\n", files), [])
        for row in ("| no | none |\n", "| no | `tests/y.js`: a name |\n",
                    "| no | `tests/x.js`: another name |\n", ""):
            self.assertEqual(len(complaints(head + row, files)), 1, row)


if __name__ == "__main__":
    unittest.main()
