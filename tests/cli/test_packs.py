# SPDX-License-Identifier: Apache-2.0
import unittest

from harness import PACK, Case, jsonl, lines, run


class Packs(Case):
    def test_a_good_pack_is_counted(self):
        done = run("check-pack", self.file("a.rules", PACK))
        self.assertEqual(done.code, 0, done.out)
        self.assertIn("1 rules, 2 examples run, 0 refused", done.out.decode())

    def test_an_example_that_fails_refuses_the_pack(self):
        wrong = PACK.replace("no    ZQ12345", "no    see ZQ4321 there")
        done = run("check-pack", self.file("a.rules", wrong))
        self.assertEqual(done.code, 4)
        self.assertRegex(done.out.decode(), r"refused: .*a\.rules.*test-code")

    def test_a_runaway_pattern_is_refused_with_its_line(self):
        wrong = PACK.replace(r"\bZQ\d{4}\b", r"(?:Z+)+Q")
        done = run("check-pack", self.file("a.rules", wrong))
        self.assertEqual(done.code, 4)
        self.assertRegex(done.out.decode(), r"a\.rules.*:\d+: ")

    def test_a_missing_file_is_input_not_pack(self):
        self.fails(run("check-pack", self.path("gone.rules")), 3, "gone.rules")

    def test_a_policy_is_checked_and_refused_with_file_and_line(self):
        good = "scrubjay-policy 1\npolicy site\nkeep CITY\n"
        done = run("check-pack", self.file("a.policy", good))
        self.assertEqual(done.code, 0, done.out)
        bad = self.file("b.policy", good + "keep TOWN\n")
        done = run("check-pack", bad)
        self.assertEqual(done.code, 4)
        self.assertRegex(
            done.out.decode(), r"refused: .*b\.policy site:4: no such label"
        )
        self.fails(run("find", "--pack", bad, stdin="x"), 4, "b.policy", "4")

    def test_a_site_policy_is_used_by_its_name(self):
        policy = self.file(
            "a.policy", "scrubjay-policy 1\npolicy site\nkeep MRN\n"
        )
        text = "ZQ1234, SSN: 078-05-1120"
        done = run(
            "redact",
            *self.pack(),
            "--pack",
            policy,
            "--policy",
            "site",
            stdin=text
        )
        self.assertEqual(done.out, b"ZQ1234, SSN: [SSN]", done.err)
        done = run(
            "find",
            "--jsonl",
            *self.pack(),
            "--pack",
            policy,
            "--policy=site",
            stdin=jsonl({"id": 1, "text": text})
        )
        (answer,) = lines(done.out)
        labels = [entity["label"] for entity in answer["entities"]]
        self.assertEqual(labels, ["MRN", "NATIONAL_ID"])


if __name__ == "__main__":
    unittest.main()
