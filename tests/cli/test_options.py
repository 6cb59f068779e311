# SPDX-License-Identifier: Apache-2.0
import os
import unittest

from harness import Case, jsonl, run

COMMANDS = ["redact", "find", "explain", "check-pack", "tokenize"]


class Options(Case):
    def test_help_lists_every_command(self):
        done = run("--help")
        self.assertEqual((done.code, done.err), (0, ""))
        for command in COMMANDS:
            self.assertIn(f"  {command} ", done.out.decode())

    def test_each_command_has_a_help_of_its_own(self):
        for command in COMMANDS:
            for arguments in ((command, "--help"), ("help", command)):
                done = run(*arguments)
                self.assertEqual(done.code, 0)
                self.assertIn(f"usage: scrubjay {command} ", done.out.decode())

    def test_help_shows_only_options_that_the_command_takes(self):
        self.assertIn("--key-file", run("redact", "--help").out.decode())
        self.assertNotIn("--key-file", run("find", "--help").out.decode())

    def test_help_fits_eighty_columns(self):
        for command in COMMANDS:
            for line in run(command, "--help").out.decode().splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_version_is_one_line(self):
        done = run("--version")
        self.assertEqual(done.code, 0)
        self.assertRegex(done.out.decode(), r"^scrubjay \d+\.\d+\.\d+\n$")

    def test_usage_errors_end_with_two_and_name_the_argument(self):
        for arguments, word in [
            ((), "command"),
            (("rdact",), "rdact"),
            (("find", "--bogus"), "--bogus"),
            (("find", "-x"), "-x"),
            (("find", "--style", "plain"), "--style"),
            (("redact", "--text"), "--text"),
            (("redact", "--style"), "--style"),
            (("redact", "--check=yes"), "check"),
            (("redact", "--style=plain", "--style=hash"), "style"),
            (("redact", "--style", "blue"), "blue"),
            (("find", "--lang", "xx"), "xx"),
            (("find", "--policy", "nowhere"), "nowhere"),
            (("find", "--offsets", "words"), "words"),
            (("find", "--jsonl", "--jobs", "0"), "0"),
            (("find", "--jsonl", "--jobs", "2x"), "2x"),
            (("find", "--jobs", "2"), "--jsonl"),
            (("redact", "--style", "hash"), "--key-file"),
            (("redact", "--style", "consistent"), "--key-file"),
            (("redact", "--map", "m.json"), "--map"),
            (("find", "-", "-"), "once"),
            (("check-pack",), "FILE"),
            (("tokenize",), "--tokenizer"),
        ]:
            with self.subTest(arguments=arguments):
                self.fails(run(*arguments), 2, word)

    def test_two_dashes_end_the_options(self):
        name = "--odd.txt"
        self.file(name, "nothing here\n")
        done = run("find", "--", name, cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn('"id":"--odd.txt"', done.out.decode())

    def test_check_ends_with_one_only_when_something_is_found(self):
        pack = self.pack()
        for command in ("find", "redact", "explain"):
            self.assertEqual(
                run(command, "--check", *pack, stdin="ZQ1234").code, 1
            )
            self.assertEqual(
                run(command, "--check", *pack, stdin="ZQ123").code, 0
            )
            self.assertEqual(run(command, *pack, stdin="ZQ1234").code, 0)

    def test_check_counts_over_a_stream(self):
        clean = jsonl({"id": 1, "text": "calm"}, {"id": 2, "text": "quiet"})
        found = clean + jsonl({"id": 3, "text": "ZQ1234"})
        arguments = ("find", "--jsonl", "--check", *self.pack())
        self.assertEqual(run(*arguments, stdin=clean).code, 0)
        self.assertEqual(run(*arguments, stdin=found).code, 1)


if __name__ == "__main__":
    unittest.main()
