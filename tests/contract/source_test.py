# SPDX-License-Identifier: Apache-2.0
"""What every source file is held to: licence line, length, no registry's
address, no machine's path, no document text in messages, provenance of the
golden texts."""
import re
import unittest

import tree

SPDX = "SPDX-License-Identifier: Apache-2.0"
CODE = (".c", ".h", ".js", ".mjs", ".py", ".sh", ".css")
LINES = 600

# Hosts that may stand in the tree. A registry, a mirror or a CDN is never one:
# packages come by name, from wherever the machine is set up to ask.
# The invented documents name invented sites.
CORPUS = ("models/corpus/dev/", "models/corpus/aside/", "models/corpus/train/")
HOSTS = re.compile(
    r"^(?:(?:[a-z0-9-]+\.)*(?:example|test|invalid|localhost)|localhost"
    r"|(?:[a-z0-9-]+\.)*example\.(?:com|org|net|fr)"
    r"|(?:\d{1,3}\.){3}\d{1,3}|\d{1,3}"
    r"|www\.w3\.org|www\.apache\.org|spdx\.org)$")
# One address of upstream each, in the one file that fetches them.
UPSTREAM = {"tools/lib/sources.sh": {"github.com"},
            "tools/third-party.md": {"github.com"},
            "tools/third-party.spdx.json": {"github.com", "scrubjay.invalid"},
            "tools/lib/third_party.py": {"github.com"}}
# Invented notes hold invented addresses; they are data, not places to fetch.
NOTES = ("tests/golden/", "tests/fuzz/seeds/", "tests/unit/", "tests/cli/",
         "core/packs/")
URL = re.compile(r"\b(?:https?|wss?|ftp)://([A-Za-z0-9.-]+)")
# Spelled in pieces, so that this file does not hold what it looks for.
PATHS = re.compile("/(?:wo" "rk|fa" "rm)/|/ro" "ot/|/ho" "me/[a-z]")

# A message's format with a free %s is only for what is not of a document.
PRINTS = re.compile(r"\b(?:f?printf|f?puts|perror|syslog)\s*\(([^;]*);", re.S)
DOCUMENT = re.compile(r"\b(?:text|bytes|surface|document|note|span)"
                      r"(?:->|\.|\[|\s*[,)+])")
CONSOLE = re.compile(r"\bconsole\.\w+\s*\(([^;]*);", re.S)
THROWN = re.compile(r"\bnew\s+\w*Error\(([^;]*);", re.S)
STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
HOLE = re.compile(r"\$\{([^}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)


def is_code(path, text):
    return path.endswith(CODE) or text.startswith("#!")


def licence_complaints(files):
    out = []
    for path, text in files.items():
        head = "\n".join(text.split("\n")[:3])
        if is_code(path, text) and SPDX not in head:
            out.append(f"{path} has no licence line at its top")
    return out


def length_complaints(files):
    out = []
    for path, text in files.items():
        lines = text.count("\n")
        generated = re.search(r"\bgenerated\b|\bwritten by \w+\.py",
                              text[:600], re.I)
        if is_code(path, text) and lines > LINES and not generated:
            out.append(f"{path} has {lines} lines: find the second concept")
    return out


def host_complaints(files):
    out = []
    for path, text in files.items():
        if path.startswith(NOTES) or path.startswith(CORPUS):
            continue
        for host in URL.findall(text):
            host = host.lower().rstrip(".")
            if not HOSTS.match(host) and host not in UPSTREAM.get(path, ()):
                out.append(f"{path} names the host {host}")
        if path.endswith("package-lock.json") and '"resolved"' in text:
            out.append(f"{path} says where packages came from")
    return out


def path_complaints(files):
    return [f"{path} names a path of one machine: {found[0]}"
            for path, text in files.items()
            for found in [PATHS.search(text)] if found]


def message_complaints(files):
    """A heuristic: names of document text among the values of a message."""
    out = []
    for path, text in files.items():
        if path.startswith("tests/") or not path.endswith((".c", ".js")):
            continue
        if path == "web/build.js":
            continue  # it builds, and sees no document
        code = COMMENT.sub("", text)
        if path.endswith(".c"):
            calls = [STRING.sub("", c) for c in PRINTS.findall(code)]
        else:
            calls = CONSOLE.findall(code) + THROWN.findall(code)
            calls = [" ".join(f"{h} ," for h in HOLE.findall(c)) + " "
                     + STRING.sub("", re.sub(r"`[^`]*`", "", c))
                     for c in calls]
        out += [f"{path}: a message takes document text: {c.strip()[:60]}"
                for c in calls if DOCUMENT.search(c)]
    return out


def provenance_complaints(files):
    out = []
    golden = tree.under(files, "tests/golden/", endings=(".txt",))
    for path, text in golden.items():
        if path.endswith("CMakeLists.txt"):
            continue
        cases = re.split(r"^=== .*\n", text, flags=re.M)[1:]
        if not cases:
            out.append(f"{path} holds no case")
        for number, case in enumerate(cases, 1):
            if not re.match(r"(?:[a-z]+: .*\n)*?provenance: \S", case):
                out.append(f"{path}: case {number} has no provenance line")
    return out


class Sources(unittest.TestCase):
    def hold(self, complaints):
        found = complaints(tree.texts())
        self.assertEqual(found, [], tree.show(found))

    def planted(self, complaints, *cases):
        for path, text in cases:
            self.assertEqual(len(complaints({path: text})), 1, (path, text))

    def test_every_source_file_has_its_licence_line(self):
        self.hold(licence_complaints)
        self.planted(licence_complaints, ("core/src/x.c", "// x\n"),
                     ("tools/x", "#!/bin/sh\n"))

    def test_no_file_is_longer_than_600_lines(self):
        self.hold(length_complaints)
        self.planted(length_complaints, ("core/src/x.c", "\n" * 601))

    def test_no_registry_mirror_or_cdn_is_named(self):
        self.hold(host_complaints)
        secure = "https:" + "//"
        self.planted(host_complaints,
                     ("tools/x.sh", secure + "pool.mirror.net/x"),
                     ("web/index.html", secure + "cdn.net/x.js"),
                     ("tools/y.sh", secure + "github.com/a/b"),
                     ("web/package-lock.json", '"resolved": "x"'))

    def test_no_path_of_one_machine_is_named(self):
        self.hold(path_complaints)
        self.planted(path_complaints, ("README.md", "see /wo" "rk/x"),
                     ("tools/x", "/ro" "ot/.cache"))

    def test_no_message_takes_document_text(self):
        self.hold(message_complaints)
        self.planted(
            message_complaints,
            ("tools/cli/x.c", 'fprintf(stderr, "%s", text->bytes);'),
            ("core/src/x.c", 'printf("%.*s", n, document.at);'),
            ("web/x.js", "console.log(`found ${span.text}`);"),
            ("web/y.js", "throw new RangeError(`bad ${text}`);"),
            ("wasm/z.js", "console.error(note);"))

    def test_a_constant_message_is_no_complaint(self):
        for path, text in [
                ("tools/x.c", 'fprintf(stderr, "the text (%zu) ends", n);'),
                ("web/x.js", 'throw new E("the text, or span, is wrong");')]:
            self.assertEqual(message_complaints({path: text}), [])

    def test_every_golden_case_says_where_its_text_came_from(self):
        self.hold(provenance_complaints)
        self.planted(provenance_complaints,
                     ("tests/golden/x.txt", "=== a\nprovenance: invented\n\nx\n"
                      "--- placeholder\nx\n=== b\n\ny\n"))


if __name__ == "__main__":
    unittest.main()
