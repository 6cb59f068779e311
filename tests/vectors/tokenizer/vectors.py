# SPDX-License-Identifier: Apache-2.0
#
# vectors.py - write vectors.jsonl: what the reference library gives for
# invented text, one line for each tokenizer and text:
#
#     pip install tokenizers==0.23.3
#     python3 tests/vectors/tokenizer/vectors.py
#
# `offsets` are bytes of the text. Texts on which the reference is known to be
# wrong (core/README.md lists them) are not among them.
import json
import pathlib

from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "", " ", "a", "\n", "  two  blanks ", "Odile Quenneval, née le 12/02/1961.",
    "The patient's echocardiogram: 38.4°C, 132/84 mmHg; they've don't I'll.",
    "L’hôpital d'Aubreville n'a pas d'antécédents connus…",
    "Line one\r\nline two\r\n\r\n\tline three\n", "e\u0301te\u0301 a\u0323\u0301",
    "Ångström Å \u212b ﬁèvre ½ ǅ İstanbul ẞ ΣΑΣ", "漢字 and かな 각 각 ﾊﾟ",
    "👨‍👩‍👧 👩🏽‍⚕️ 🇫🇷 ok", "x\u200by\u00adz\ufeff w\u2060v\x00u\x7ft",
    "torvalane Torvalane torvalanes mmhg  <mask> <mask>. [MASK] <s></s>",
    "a||| b ||| c", "supercalifragilisticexpialidocious" * 4,
    "0123456789 ٣٤ ² Ⅷ 1,234.56", "tel. 555-0142, nobody@example.org",
    "«guillemets» “quotes” — dash – en ‑ nb", "\u00a0no\u00a0break\u3000wide",
    "ＦＵＬＬ ｗｉｄｔｈ １２３", "नमस्ते สวัสดี שלום مرحبا", "''double'' \"quoted\"",
    "MiXeD CaSe WORDS", "a-b--c---d", "tab\tsep\tvalues", "end with blank ",
]


def main():
    lines = []
    for path in sorted(HERE.glob("*.json")):
        tokenizer = Tokenizer.from_file(str(path))
        for text in TEXTS:
            starts, at = [], 0
            for char in text:
                starts.append(at)
                at += len(char.encode())
            starts.append(at)
            found = tokenizer.encode(text, add_special_tokens=False)
            lines.append(json.dumps({
                "tokenizer": path.name, "text": text, "ids": found.ids,
                "offsets": [[starts[a], starts[b]] for a, b in found.offsets],
            }, ensure_ascii=True, separators=(",", ":")))
    (HERE / "vectors.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "vectors")


if __name__ == "__main__":
    main()
