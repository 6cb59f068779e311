# SPDX-License-Identifier: Apache-2.0
import gzip
import json
import os
import subprocess
import unittest

from harness import PROGRAM, ROOT, Case, jsonl

EVALUATE = os.path.join(ROOT, "tools", "evaluate")


def evaluate(*arguments):
    done = subprocess.run(
        [EVALUATE, *arguments],
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    return done.returncode, done.stdout, done.stderr


def span(text, part, label):
    start = text.index(part)
    return {"start": start, "end": start + len(part), "label": label}


# Marked and counted: Anna (4), 12 (2; "room" is an edge word), 0155 123 (7).
# Outside: seen (4), in (2), call (4), now (3).
TEXT = "Anna seen in room 12, call 0155 123 now"
GOLD = {
    "id": "a",
    "lang": "en",
    "kind": "note",
    "text": TEXT,
    "spans": [
        span(TEXT, "Anna", "NAME"),
        span(TEXT, "room 12", "LOCATION"),
        span(TEXT, "0155 123", "PHONE"),
    ],
}


class Evaluate(Case):
    def figures(self, entities, *arguments, gold=GOLD):
        paths = self.file("gold.jsonl", jsonl(gold)), self.file(
            "found.jsonl", jsonl({"id": gold["id"], "entities": entities})
        )
        code, out, err = evaluate(paths[0], "--against", paths[1], *arguments)
        self.assertEqual(code, 0, err)
        return json.loads(out.splitlines()[-1])

    def test_all_found_is_perfect(self):
        self.assertEqual(
            self.figures(GOLD["spans"]),
            {
                "docs": 1,
                "gold": 3,
                "recall": 1.0,
                "leaked": 0.0,
                "precision": 1.0,
                "clean_docs": 1.0,
                "label_acc": 1.0,
                "over_1k": 0.0,
            },
        )

    def test_nothing_found_leaks_everything(self):
        figures = self.figures([])
        self.assertEqual((figures["recall"], figures["leaked"]), (0.0, 1.0))
        self.assertEqual(figures["clean_docs"], 0.0)

    def test_a_part_found_leaks_the_other_letters(self):
        figures = self.figures(
            [
                span(TEXT, "Anna", "NAME"),
                span(TEXT, "12", "ID"),
                span(TEXT, "0155", "PHONE"),
            ]
        )
        self.assertEqual(figures["recall"], round(2 / 3, 4))
        self.assertEqual(figures["leaked"], round(3 / 13, 4))
        self.assertEqual(figures["label_acc"], 0.5)

    def test_an_edge_word_in_clear_is_a_leak_only_when_strict(self):
        found = [
            span(TEXT, "Anna", "NAME"),
            span(TEXT, "12", "LOCATION"),
            span(TEXT, "0155 123", "PHONE"),
        ]
        self.assertEqual(self.figures(found)["leaked"], 0.0)
        self.assertEqual(
            self.figures(found, "--strict")["leaked"], round(4 / 17, 4)
        )

    def test_needless_hiding_is_counted_by_letters(self):
        found = GOLD["spans"] + [span(TEXT, "seen", "NAME")]
        figures = self.figures(found)
        # Edge words inside a mark are hidden usefully: 4 + 6 + 7.
        self.assertEqual(figures["precision"], round(17 / 21, 4))
        # Outside: seen, in, call, now.
        self.assertEqual(figures["over_1k"], round(1000 * 4 / 13, 2))

    def test_an_edge_word_beside_a_mark_is_excused(self):
        found = [
            span(TEXT, "Anna", "NAME"),
            span(TEXT, "in room 12", "LOCATION"),
            span(TEXT, "0155 123", "PHONE"),
        ]
        self.assertEqual(self.figures(found)["precision"], 1.0)
        self.assertLess(self.figures(found, "--strict")["precision"], 1.0)

    def test_chosen_labels_leave_the_others_out(self):
        found = [span(TEXT, "Anna", "NAME"), span(TEXT, "seen", "DATE")]
        figures = self.figures(found, "--labels", "NAME")
        self.assertEqual((figures["gold"], figures["recall"]), (1, 1.0))
        self.assertEqual(figures["precision"], 1.0)
        blamed = self.figures(found, "--labels", "NAME", "--other-extras")
        self.assertEqual(blamed["precision"], 0.5)

    def test_totals_only_shows_no_text(self):
        gold = self.file("gold.jsonl", jsonl(GOLD))
        found = self.file("f.jsonl", jsonl({"id": "a", "entities": []}))
        code, out, _ = evaluate(gold, "--against", found, "--totals-only")
        self.assertEqual(code, 0)
        self.assertNotIn("Anna", out)
        code, out, _ = evaluate(gold, "--against", found, "--misses", "5")
        self.assertIn(">>Anna<<", out)
        code, out, err = evaluate(
            gold, "--against", found, "--totals-only", "--misses", "5"
        )
        self.assertEqual((code, out), (2, ""))
        self.assertIn("--totals-only", err)

    def test_the_program_itself_is_run_with_the_options_passed_on(self):
        text = "chart ZQ1234 of Anna"
        gold = {"id": "x", "text": text, "spans": [span(text, "ZQ1234", "MRN")]}
        path = self.path("gold.jsonl.gz")
        with gzip.open(path, "wb") as file:
            file.write(jsonl(gold))
        code, out, err = evaluate(
            path, "--program", PROGRAM, "--labels", "MRN",
            "--", "--model", "none", *self.pack()
        )
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out.splitlines()[-1])["recall"], 1.0)

    def test_marked_text_is_read_too(self):
        path = self.file(
            "case.txt",
            "=== names go\nprovenance: invented\nlang: en\nkind: note\n\n"
            "Seen by Dr. [NAME.provider:Ana Ruiz] on [DATE:3 March], \\[sic\\].\n"
            "--- placeholder\nSeen by Dr. [NAME] on [DATE], [sic].\n"
            "=== nothing goes\nprovenance: invented\n\nAll calm.\n",
        )
        found = self.file(
            "f.jsonl",
            jsonl(
                {
                    "id": "case.txt#1",
                    "entities": [{"start": 12, "end": 20, "label": "NAME"}],
                },
                {"id": "case.txt#2", "entities": []},
            ),
        )
        code, out, err = evaluate(path, "--against", found, "--misses", "3")
        self.assertEqual(code, 0, err)
        figures = json.loads(out.splitlines()[-1])
        self.assertEqual((figures["docs"], figures["gold"]), (2, 2))
        self.assertEqual((figures["recall"], figures["clean_docs"]), (0.5, 0.5))
        self.assertIn(">>3 March<<, [sic].", out)
        self.assertIn("| note | 1 |", out)

    def test_a_missing_prediction_is_an_error(self):
        gold = self.file("gold.jsonl", jsonl(GOLD))
        found = self.file("f.jsonl", jsonl({"id": "other", "entities": []}))
        code, _, err = evaluate(gold, "--against", found)
        self.assertEqual(code, 2)
        self.assertIn("1 documents", err)


if __name__ == "__main__":
    unittest.main()
