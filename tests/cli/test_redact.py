# SPDX-License-Identifier: Apache-2.0
import json
import os
import stat
import unittest

from harness import Case, jsonl, lines, run

# The example that the project was asked to meet, character by character.
EXAMPLE = """\
Patient John Smith (DOB: 03/15/1985, MRN: 123456789)
SSN: 123-45-6789, Phone: 555-123-4567
Email: john.smith@email.com
Dr. Sarah Johnson at Memorial Hospital, 123 Main St, Boston MA
"""
SCRUBBED = """\
Patient [NAME] (DOB: [DATE], MRN: [MRN])
SSN: [SSN], Phone: [PHONE]
Email: [EMAIL]
Dr. [NAME] at [ORGANIZATION], [LOCATION]
"""


class Redact(Case):
    def redact(self, text, *arguments):
        done = run("redact", *self.pack(), *arguments, stdin=text)
        self.assertEqual(done.code, 0, done.err)
        return done.out.decode()

    def test_the_worked_example_comes_out_to_the_byte(self):
        for ending in ("\n", ""):
            text, scrubbed = EXAMPLE[:-1] + ending, SCRUBBED[:-1] + ending
            self.assertEqual(run("redact", stdin=text).out.decode(), scrubbed)

    def test_styles_write_what_the_contract_says(self):
        text = "a ZQ1234 b ZQ5678 c ZQ1234"
        for style, expected in [
            ("placeholder", "a [MRN] b [MRN] c [MRN]"),
            ("numbered", "a <MRN_0> b <MRN_1> c <MRN_0>"),
            ("plain", "a [REDACTED] b [REDACTED] c [REDACTED]"),
            ("redact", "a {0} b {0} c {0}".format("█" * 8)),
        ]:
            self.assertEqual(self.redact(text, "--style", style), expected)

    def test_several_texts_begin_on_lines_of_their_own(self):
        names = [
            self.file("1", "one"),
            self.file("2", "two\n"),
            self.file("3", "three"),
        ]
        self.assertEqual(run("redact", *names).out, b"one\ntwo\nthree")

    def test_a_stream_gives_the_text_and_nothing_else_of_the_input(self):
        record = {"id": "a", "text": "x ZQ1234", "note": "ZQ1234", "lang": "en"}
        done = run("redact", "--jsonl", *self.pack(), stdin=jsonl(record))
        (answer,) = lines(done.out)
        self.assertEqual(
            list(answer), ["id", "unit", "complete", "entities", "text", "ms"]
        )
        self.assertEqual(answer["text"], "x [MRN]")
        self.assertNotIn(b"ZQ1234", done.out)

    def test_a_text_without_findings_comes_back_unchanged_through_json(self):
        # Whatever a JSON writer may escape, at every width, and line ends.
        parts = [
            '"',
            "\\",
            "/",
            "\b\f\n\r\t",
            "\x01\x1f\x7f",
            "é",
            "\u2028\u2029",
            "\ufeff",
            "\u200d",
            "\U0001f469\u200d\U0001f680",
            "e\u0301",
            "אב",
            "\uffff",
            "\U0010fffd",
            "calm",
        ]
        texts = [
            "".join(parts[(i * step) % len(parts)] for i in range(40))
            for step in (1, 2, 4, 7, 11)
        ]
        records = [{"id": n, "text": text} for n, text in enumerate(texts)]
        for ascii_only in (True, False):
            stream = "".join(
                json.dumps(r, ensure_ascii=ascii_only) + "\n" for r in records
            )
            done = run("redact", "--jsonl", stdin=stream)
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual([a["text"] for a in lines(done.out)], texts)

    def test_output_names_a_file_that_appears_whole(self):
        out = self.path("out.txt")
        self.assertEqual(self.redact("ZQ1234\n", "--output", out), "")
        self.assertEqual(self.read("out.txt"), b"[MRN]\n")
        bad = self.file("bad.txt", b"\xff")
        self.assertEqual(
            run("redact", "--output", self.path("no.txt"), bad).code, 3
        )
        self.assertEqual(
            sorted(os.listdir(self.folder)),
            ["bad.txt", "out.txt", "test.rules"],
        )

    def test_a_folder_gets_a_file_for_each_input(self):
        os.mkdir(self.path("out"))
        names = [self.file("1.txt", "ZQ1234"), self.file("2.txt", "calm")]
        done = run("redact", *self.pack(), "--output", self.path("out"), *names)
        self.assertEqual(done, (0, b"", ""))
        self.assertEqual(self.read("out/1.txt"), b"[MRN]")
        self.assertEqual(self.read("out/2.txt"), b"calm")

    def test_nothing_overwrites_an_input_or_another_output(self):
        os.mkdir(self.path("a"))
        one, two = self.file("t.txt", "x"), self.file("a/t.txt", "y")
        self.fails(run("redact", "--output", one, one), 2, "own input")
        self.fails(run("redact", "--output", self.folder, one), 2, "own input")
        os.mkdir(self.path("out"))
        self.fails(
            run("redact", "--output", self.path("out"), one, two), 2, "one name"
        )
        self.assertEqual(
            (self.read("t.txt"), self.read("a/t.txt")), (b"x", b"y")
        )

    def test_the_map_is_for_its_owner_alone_and_never_overwritten(self):
        path = self.path("map.json")
        arguments = ("--style", "numbered", "--map", path)
        self.redact("ZQ1234 é ZQ5678 ZQ1234", *arguments)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(
            json.loads(self.read("map.json")),
            {
                "format": 1,
                "style": "numbered",
                "map": [
                    {
                        "placeholder": "<MRN_0>",
                        "label": "MRN",
                        "originals": ["ZQ1234", "ZQ1234"],
                    },
                    {
                        "placeholder": "<MRN_1>",
                        "label": "MRN",
                        "originals": ["ZQ5678"],
                    },
                ],
            },
        )
        before = self.read("map.json")
        self.fails(run("redact", *arguments, stdin="x"), 2, "exists")
        self.assertEqual(self.read("map.json"), before)

    def test_a_stream_writes_one_map_a_line(self):
        path = self.path("map.jsonl")
        run(
            "redact",
            "--jsonl",
            "--style=numbered",
            "--map",
            path,
            *self.pack(),
            stdin=jsonl({"id": 1, "text": "ZQ1234"}, {"id": 2, "text": "calm"})
        )
        first, second = lines(self.read("map.jsonl"))
        self.assertEqual(
            (first["id"], first["map"][0]["originals"]), (1, ["ZQ1234"])
        )
        self.assertEqual((second["id"], second["map"]), (2, []))

    def test_a_failed_document_leaves_no_map(self):
        bad = self.file("bad.txt", b"\xff")
        done = run("redact", "--style=numbered", "--map", self.path("m"), bad)
        self.assertEqual(done.code, 3)
        self.assertFalse(os.path.exists(self.path("m")))


if __name__ == "__main__":
    unittest.main()
