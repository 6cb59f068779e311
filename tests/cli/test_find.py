# SPDX-License-Identifier: Apache-2.0
import unittest

from harness import Case, jsonl, lines, run

# One, two and four bytes for a character, and a combining accent.
TEXT = "é😀 ZQ1234 e\u0301 \U00020000 ZQ5678\n"


def units(text, unit):
    return (
        len(text)
        if unit == "codepoint"
        else len(text.encode("utf-16-le" if unit == "utf16" else "utf-8"))
        // (2 if unit == "utf16" else 1)
    )


class Find(Case):
    def find(self, text, *arguments):
        done = run("find", *self.pack(), *arguments, stdin=text)
        self.assertEqual(done.code, 0, done.err)
        return lines(done.out)[0]

    def test_the_object_has_the_keys_of_the_contract_in_order(self):
        found = self.find(TEXT)
        self.assertEqual(
            list(found), ["id", "unit", "complete", "entities", "ms"]
        )
        self.assertEqual(
            list(found["entities"][0]),
            ["start", "end", "label", "score", "sources"],
        )
        self.assertEqual(found["entities"][0]["label"], "MRN")
        self.assertIs(found["complete"], True)
        self.assertGreaterEqual(found["ms"], 0)

    def test_offsets_count_the_unit_that_is_named(self):
        for unit in ("codepoint", "utf16", "byte"):
            found = self.find(TEXT, "--offsets", unit)
            self.assertEqual(found["unit"], unit)
            expected = [
                (
                    units(TEXT[: TEXT.index(code)], unit),
                    units(TEXT[: TEXT.index(code) + 6], unit),
                )
                for code in ("ZQ1234", "ZQ5678")
            ]
            self.assertEqual(
                [(e["start"], e["end"]) for e in found["entities"]], expected
            )

    def test_code_points_are_the_default(self):
        self.assertEqual(self.find(TEXT)["unit"], "codepoint")
        self.assertEqual(self.find(TEXT)["entities"][0]["start"], 3)

    def test_scores_have_three_decimals_and_sources_name_the_rule(self):
        done = run("find", *self.pack(), stdin="ZQ1234")
        self.assertRegex(done.out.decode(), r'"score":[01]\.\d{3},"sources"')
        source = lines(done.out)[0]["entities"][0]["sources"][0]
        self.assertEqual(source["kind"], "rule")
        self.assertIn("test-code", source["id"])

    def test_surfaces_are_shown_only_when_asked_for(self):
        self.assertNotIn("text", self.find(TEXT)["entities"][0])
        self.assertEqual(
            self.find(TEXT, "--text")["entities"][0]["text"], "ZQ1234"
        )

    def test_ids_come_back_as_they_came(self):
        ids = ["a", 'é\n"', 7, -2.5]
        done = run(
            "find",
            "--jsonl",
            stdin=jsonl(*({"id": i, "text": "x"} for i in ids)),
        )
        self.assertEqual([line["id"] for line in lines(done.out)], ids)

    def test_a_result_of_many_megabytes_is_one_whole_line(self):
        found = self.find("ZQ1234 " * 20000)["entities"]
        self.assertEqual(len(found), 20000)
        self.assertEqual(found[-1]["end"], 7 * 20000 - 1)

    def test_plain_files_are_named_as_typed(self):
        self.file("a.txt", "x")
        done = run("find", "a.txt", "-", stdin="y", cwd=self.folder)
        self.assertEqual([f["id"] for f in lines(done.out)], ["a.txt", "-"])

    def test_explain_shows_evidence_and_text_only_when_asked(self):
        path = self.file("a.txt", TEXT)
        plain = run("explain", *self.pack(), path).out.decode()
        self.assertIn("test-code", plain)
        self.assertIn("3-9  MRN", plain)
        self.assertNotIn("ZQ1234", plain)
        shown = run("explain", "--text", *self.pack(), path).out.decode()
        self.assertIn('"ZQ1234"', shown)


if __name__ == "__main__":
    unittest.main()
