# SPDX-License-Identifier: Apache-2.0
import glob
import json
import os
import re
import unittest

from harness import ROOT, Case, jsonl, lines, run

ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]+)\}|([\\\[\]\-=rn0]))")
NAMED = {"r": "\r", "n": "\n", "0": "\0"}
MARK = re.compile(r"((?:\\.|[^\\\[])*)(?:\[[A-Z_a-z0-9.-]+:((?:\\.|[^\\\]])*)\])?", re.S)


def unescape(text):
    return ESCAPE.sub(
        lambda m: chr(int(m[1], 16)) if m[1] else NAMED.get(m[2], m[2]), text
    )


def golden_texts():
    """Every text of the golden corpus without its marks."""
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "golden", "*.txt"))):
        if path.endswith("CMakeLists.txt"):
            continue
        with open(path, encoding="utf-8", newline="") as file:
            blocks = re.split(r"(?m)^=== ", file.read())[1:]
        for block in blocks:
            source = block.split("\n\n", 1)[1]
            source = re.split(r"\n--- ", source)[0]
            yield "".join(
                unescape(plain) + unescape(body or "")
                for plain, body in MARK.findall(source)
            )


# What an author may type by chance or in malice.
TYPED = ["<PERSON_0> ", "[SSN_1] ", "<DATE_2>", "<PERSON_", "<<MRN_3>> "]


class Restore(Case):
    def there_and_back(self, texts, *how):
        """Through redact and restore, as one stream."""
        name = "map%d" % len(os.listdir(self.folder))
        records = [{"id": n, "text": text} for n, text in enumerate(texts)]
        scrubbed = run(
            "redact",
            "--jsonl",
            "--map",
            self.path(name),
            *how,
            stdin=jsonl(*records)
        )
        self.assertEqual(scrubbed.code, 0, scrubbed.err)
        back = run(
            "restore", "--jsonl", "--map", self.path(name), stdin=scrubbed.out
        )
        self.assertEqual((back.code, back.err), (0, ""))
        self.assertEqual(lines(back.out), records)
        return lines(scrubbed.out)

    def test_every_golden_text_goes_back_to_the_byte(self):
        texts = [text for text in golden_texts() if "\0" not in text]
        self.assertGreater(len(texts), 20)
        answers = self.there_and_back(texts, "--style=numbered")
        changed = sum(a["text"] != t for a, t in zip(answers, texts))
        self.assertGreater(changed, 15)

    def test_a_typed_look_alike_comes_back_as_itself(self):
        texts = []
        for text in golden_texts():
            if "\0" in text:
                continue
            for typed in TYPED:
                middle = len(text) // 2
                texts.append(typed + text[:middle] + typed + text[middle:])
        for answer, text in zip(
            self.there_and_back(texts, "--style=numbered"), texts
        ):
            # Whoever wrote <PERSON_0> gets nobody's name for it.
            for word in re.findall(r"[<\[][A-Z_]+_\d+[>\]]", text):
                self.assertLessEqual(
                    answer["text"].count(word), text.count(word)
                )

    def test_stand_ins_go_back_too(self):
        key = self.file("key", "secret")
        how = ("--style=consistent", "--key-file", key)
        texts = [text for text in golden_texts() if "\0" not in text]
        # The same again where the stand-ins themselves stand in the text.
        answers = self.there_and_back(texts, *how)
        mixed = [a["text"] + " " + t for a, t in zip(answers, texts)]
        self.there_and_back(mixed, *how)
        changed = sum(a["text"] != t for a, t in zip(answers, texts))
        self.assertGreater(changed, 15)

    def test_a_kept_year_goes_back_too(self):
        texts = ["DOB: 03/15/1985, seen March 3, 2021 in Salem, OR 97301"]
        (answer,) = self.there_and_back(
            texts, "--style=numbered", "--policy=keep-years,keep-zip3"
        )
        self.assertIn("/1985", answer["text"])
        self.assertIn("973<", answer["text"])

    def test_a_plain_file_goes_back(self):
        text = b"a ZQ1234\0 b ZQ5678\r\nc ZQ1234"
        scrubbed, path = self.path("s.txt"), self.path("map.json")
        done = run(
            "redact",
            *self.pack(),
            "--style=numbered",
            "--map",
            path,
            "--output",
            scrubbed,
            self.file("n.txt", text)
        )
        self.assertEqual(done.code, 0, done.err)
        self.assertNotIn(b"ZQ", self.read("s.txt"))
        back = run("restore", "--map", path, scrubbed)
        self.assertEqual(back, (0, text, ""))
        os.mkdir(self.path("out"))
        done = run(
            "restore", "--map", path, "--output", self.path("out"), scrubbed
        )
        self.assertEqual((done.code, self.read("out/s.txt")), (0, text))

    def test_a_map_that_is_none_is_refused_with_its_place(self):
        text = self.file("s.txt", "<PERSON_0>")
        entry = {"placeholder": "<PERSON_0>", "originals": ["SECRET"]}
        good = {"format": 1, "style": "numbered", "map": [entry]}
        for wrong, word in [
            ("", "ends too early"),
            ("[]", "no map"),
            ("{}", "no map"),
            (json.dumps({**good, "format": 2}), "format"),
            (json.dumps({**good, "map": [{"placeholder": ""}]}), "empty"),
            (json.dumps({**good, "map": [{"placeholder": "x"}]}), "originals"),
            (json.dumps({**good, "map": [entry, entry]}), "twice"),
            (json.dumps({**good, "map": [{**entry, "originals": [1]}]}), "str"),
        ]:
            with self.subTest(map=wrong):
                done = run("restore", "--map", self.file("m", wrong), text)
                self.fails(done, 3, "m:", word)
                self.assertNotIn("SECRET", done.err)
                self.assertEqual(done.out, b"")
        self.fails(run("restore", text), 2, "--map")
        self.fails(run("restore", "--map", self.path("gone"), text), 3, "gone")

    def test_maps_and_documents_must_be_in_step(self):
        def entry(number, name):
            return {
                "format": 1,
                "id": number,
                "map": [{"placeholder": "<PERSON_0>", "originals": [name]}],
            }

        maps = self.file("m", jsonl(entry(1, "Ana"), entry(2, "Bo")))
        texts = [{"id": n, "text": "<PERSON_0>"} for n in (1, 2)]
        done = run("restore", "--jsonl", "--map", maps, stdin=jsonl(*texts))
        self.assertEqual([a["text"] for a in lines(done.out)], ["Ana", "Bo"])
        done = run(
            "restore", "--jsonl", "--map", maps, stdin=jsonl(*texts[::-1])
        )
        self.fails(done, 3, "m:1", "ids differ")
        done = run("restore", "--jsonl", "--map", maps, stdin=jsonl(texts[0]))
        self.fails(done, 3, "m:2", "without a document")
        # A document that failed has no map, and is passed over.
        failed = {"id": 7, "line": 2, "error": {"code": "UTF8"}}
        done = run(
            "restore",
            "--jsonl",
            "--map",
            maps,
            stdin=jsonl(texts[0], failed, texts[1])
        )
        self.fails(done, 3, "standard input:2")
        self.assertEqual([a["id"] for a in lines(done.out)], [1, 7, 2])


if __name__ == "__main__":
    unittest.main()
