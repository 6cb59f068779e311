# SPDX-License-Identifier: Apache-2.0
import unittest

from harness import PACK, Case, run


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


if __name__ == "__main__":
    unittest.main()
