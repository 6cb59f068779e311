# SPDX-License-Identifier: Apache-2.0
import json
import unittest

from harness import Case, jsonl, lines, run

# Words at blanks, each with its number: little enough to be checked by eye.
TOKENIZER = json.dumps(
    {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {"[UNK]": 0, "calm": 1, "été": 2, "😀": 3},
            "unk_token": "[UNK]",
        },
    }
)
TEXT = "calm 😀 été tide"


class Tokenize(Case):
    def tokenize(self, *arguments, stdin=TEXT):
        path = self.file("tokenizer.json", TOKENIZER)
        return run("tokenize", "--tokenizer", path, *arguments, stdin=stdin)

    def test_ids_and_offsets_in_three_units(self):
        for unit, offsets in [
            ("codepoint", [[0, 4], [5, 6], [7, 10], [11, 15]]),
            ("utf16", [[0, 4], [5, 7], [8, 11], [12, 16]]),
            ("byte", [[0, 4], [5, 9], [10, 15], [16, 20]]),
        ]:
            done = self.tokenize("--offsets", unit)
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual(
                lines(done.out),
                [
                    {
                        "id": "-",
                        "unit": unit,
                        "ids": [1, 3, 2, 0],
                        "offsets": offsets,
                    }
                ],
            )

    def test_a_stream_keeps_ids_and_order(self):
        records = [{"id": i, "text": "calm " * (i % 7)} for i in range(200)]
        done = self.tokenize("--jsonl", "--jobs", "4", stdin=jsonl(*records))
        self.assertEqual(done.code, 0, done.err)
        answers = lines(done.out)
        self.assertEqual([a["id"] for a in answers], list(range(200)))
        self.assertEqual([len(a["ids"]) for a in answers][:8], [*range(7), 0])

    def test_a_broken_tokenizer_is_named(self):
        path = self.file("tokenizer.json", '{"model": {"type": "Oracle"}}')
        done = run("tokenize", "--tokenizer", path, stdin=TEXT)
        self.fails(done, 4, "tokenizer.json")

    def test_invalid_text_is_named(self):
        self.fails(self.tokenize(stdin=b"calm \xff"), 3, "byte 5")


if __name__ == "__main__":
    unittest.main()
