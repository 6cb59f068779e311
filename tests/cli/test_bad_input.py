# SPDX-License-Identifier: Apache-2.0
#
# SECRET stands for document text: it must never reach standard error.
import os
import unittest

from harness import Case, jsonl, lines, run

SECRET = "Quillonde"
LIMIT = 16 * 1024 * 1024


class BadInput(Case):
    def fails(self, done, code, *words):
        super().fails(done, code, *words)
        self.assertNotIn(SECRET, done.err)

    def test_invalid_utf8_is_named_with_line_and_byte(self):
        path = self.file("a.txt", b"one\n" + SECRET.encode() + b" \xe9t\xe9\n")
        for command in ("redact", "find", "explain"):
            done = run(command, path)
            self.fails(done, 3, f"{path}:2: byte 14: ", "UTF-8")
            self.assertEqual(done.out, b"")

    def test_other_encodings_and_binaries_get_advice(self):
        for content, word in [
            (SECRET.encode("utf-16"), "UTF-16"),
            (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "PDF"),
            (b"PK\x03\x04\x14\x00\xff\xff", "DOCX"),
            (b"\x89PNG\r\n\x1a\n", "image"),
        ]:
            self.fails(run("redact", self.file("b", content)), 3, word)

    def test_nul_bytes_pass_through(self):
        text = b"a\0b\0\0 calm\n"
        done = run("redact", stdin=text)
        self.assertEqual((done.code, done.out), (0, text))

    def test_an_empty_document_is_a_document(self):
        self.assertEqual(run("redact", stdin=b""), (0, b"", ""))
        found = lines(run("find", stdin=b"").out)
        self.assertEqual(found[0]["entities"], [])
        self.assertIs(found[0]["complete"], True)

    def test_sixteen_megabytes_are_the_limit_to_the_byte(self):
        path = self.file("big.txt", b"\n" * LIMIT)
        self.assertEqual(run("find", path).code, 0)
        with open(path, "ab") as file:
            file.write(b"\n")
        self.fails(run("find", path), 3, path, "16 MB")
        with open(path, "rb") as file:
            self.fails(
                run("find", stdin=file.read()), 3, "standard input", "16 MB"
            )

    def test_a_large_document_on_a_line_is_refused_and_the_run_goes_on(self):
        large = b'{"id":"large","text":"' + b"\\n" * (LIMIT + 1) + b'"}\n'
        done = run(
            "find", "--jsonl", stdin=large + jsonl({"id": "b", "text": "x"})
        )
        self.fails(done, 3, ":1: ", "16 MB")
        first, second = lines(done.out)
        self.assertEqual((first["id"], first["line"]), ("large", 1))
        self.assertEqual(first["error"]["code"], "SJ_TOO_LARGE")
        self.assertEqual(second["id"], "b")

    def test_a_file_that_cannot_be_read_is_named(self):
        gone = self.path("gone.txt")
        self.fails(run("redact", gone), 3, gone, "No such file")
        self.fails(run("redact", self.folder), 3, self.folder, "directory")
        self.fails(run("find", "--jsonl", gone), 3, gone)

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_a_file_without_permission_is_named(self):
        path = self.file("locked.txt", SECRET)
        os.chmod(path, 0)
        self.fails(run("redact", path), 3, path, "ermission")

    def test_one_bad_file_does_not_stop_the_others(self):
        good = self.file("good.txt", "calm\n")
        done = run("redact", self.path("gone"), good)
        self.fails(done, 3, "gone")
        self.assertEqual(done.out, b"calm\n")

    def test_bad_lines_are_answered_in_place(self):
        cases = [
            (b"not json " + SECRET.encode(), "SJ_JSON", "byte 0: "),
            (b'{"id":1}', "SJ_JSON", '"text" is missing'),
            (b'{"text":"x"}', "SJ_JSON", '"id" is missing'),
            (b'{"id":1,"text":7}', "SJ_JSON", "string"),
            (b'{"id":[],"text":""}', "SJ_JSON", "id is a string"),
            (b'{"id":1,"text":"x"} x', "SJ_JSON", "follows"),
            (b'{"id":1,"text":"x","text":"y"}', "SJ_JSON", "twice"),
            (b'{"id":1,"text":"\\u0000"}', "SJ_JSON", "u0000"),
            (b'{"id":1,"text":"\\ud800"}', "SJ_JSON", "surrogate"),
            (b'{"id":1,"text":"\\q"}', "SJ_JSON", "escape"),
            (
                b'{"id":1,"text":"' + SECRET.encode(),
                "SJ_JSON",
                "without an end",
            ),
            (b'{"id":01,"text":""}', "SJ_JSON", "value"),
            (
                b'{"id":1,"text":"x","a":' + b"[" * 65 + b"]" * 65 + b"}",
                "SJ_JSON",
                "64 levels",
            ),
            (b'{"id":1,"text":"x","lang":"xx"}', "SJ_JSON", "language"),
            (b'{"id":1,"text":"\xff"}', "SJ_UTF8", "byte 16: "),
            (b"[1]", "SJ_JSON", "object"),
        ]
        stream = b"".join(line + b"\n" for line, _, _ in cases)
        stream += jsonl({"id": "last", "text": "calm"})
        done = run("find", "--jsonl", stdin=stream)
        self.fails(done, 3, ":1: ", ":2: ")
        answers = lines(done.out)
        self.assertEqual(len(answers), len(cases) + 1)
        for number, (answer, case) in enumerate(zip(answers, cases), 1):
            with self.subTest(line=case[0][:40]):
                self.assertEqual(answer["line"], number)
                self.assertEqual(answer["error"]["code"], case[1])
                self.assertIn(case[2], answer["error"]["message"])
                self.assertNotIn(SECRET, answer["error"]["message"])
        self.assertEqual(answers[-1]["id"], "last")

    def test_the_id_of_a_bad_line_is_kept_where_it_was_read(self):
        done = run("find", "--jsonl", stdin=b'{"id":"k-7","text":12}\n')
        self.assertEqual(lines(done.out)[0]["id"], "k-7")

    def test_many_bad_lines_are_counted_not_listed(self):
        done = run("find", "--jsonl", stdin=b"x\n" * 500)
        self.fails(done, 3, "500")
        self.assertLess(done.err.count("\n"), 20)
        self.assertEqual(len(lines(done.out)), 500)

    def test_broken_packs_and_settings_are_named(self):
        text = self.file("t.txt", SECRET)
        bad = self.file(
            "bad.rules", "scrubjay-rules 1\npack bad\nrule x\nmatch (\n"
        )
        self.fails(run("find", "--pack", bad, text), 4, "bad.rules")
        self.fails(
            run("find", "--pack", self.path("gone.rules"), text), 3, "gone"
        )
        empty = self.file("key", "\n")
        self.fails(
            run("redact", "--style", "hash", "--key-file", empty, text),
            3,
            "key",
            "empty",
        )


if __name__ == "__main__":
    unittest.main()
