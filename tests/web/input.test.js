// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What comes in: keys, selections, carets, files.

import assert from "node:assert/strict";
import { test } from "node:test";

import { strokeOf } from "../../web/element/keys.js";
import { cut } from "../../web/element/view-marks.js";
import { firstBadByte, readBytes } from "../../web/page/intake.js";
import { moveCaret } from "../../web/review/caret.js";
import { fileName } from "../../web/review/export.js";
import { occurrences, trimRange } from "../../web/review/occurrences.js";
import { dice } from "./dice.js";

const FREE = { inField: false, onControl: false, singles: true };

/** @param {string} key @param {Partial<KeyboardEvent>} [more] */
function press(key, more = {}) {
  return {
    key,
    code: "",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    ...more,
  };
}

test("digits are read by their place: the French top row prints signs", () => {
  for (const [key, code, digit] of /** @type {const} */ ([
    ["&", "Digit1", 1],
    ["é", "Digit2", 2],
    ["1", "Digit1", 1],
    ["9", "Numpad9", 9],
  ]))
    assert.deepEqual(strokeOf(press(key, { code }), FREE), {
      command: "kind",
      digit,
    });
});

test("letters are read by what is printed: A of AZERTY lies on Q", () => {
  assert.equal(strokeOf(press("a", { code: "KeyQ" }), FREE)?.command, "add");
  assert.equal(
    strokeOf(press("?", { code: "KeyM", shiftKey: true }), FREE)?.command,
    "help",
  );
});

test("fields keep their letters, and Space stays with a control", () => {
  const field = { ...FREE, inField: true };
  assert.equal(strokeOf(press("x"), field), null);
  assert.equal(strokeOf(press("z", { ctrlKey: true }), field), null);
  assert.equal(
    strokeOf(press("Enter", { ctrlKey: true }), field)?.command,
    "apply",
  );
  assert.equal(strokeOf(press(" "), { ...FREE, onControl: true }), null);
  assert.equal(strokeOf(press("x"), { ...FREE, singles: false }), null);
});

test("AltGr and composition are writing, not commands", () => {
  assert.equal(
    strokeOf(press("z", { ctrlKey: true, altKey: true }), FREE),
    null,
  );
  assert.equal(strokeOf(press("x", { isComposing: true }), FREE), null);
  assert.equal(
    strokeOf(press("Z", { ctrlKey: true, shiftKey: true }), FREE)?.command,
    "redo",
  );
});

test("all places of a surface: whole words, same letters, any case", () => {
  const text = "Apple apple pineapple APPLE Apple2";
  const range = { start: 0, end: 5 };
  const count = (/** @type {any} */ reach) =>
    occurrences(text, range, reach).length;
  assert.deepEqual(
    [count("here"), count("word"), count("exact"), count("case")],
    [1, 3, 2, 5],
  );
});

test("signs in a surface are only signs, and its blanks may be line ends", () => {
  const text = "C.H. (x) here, C.H.\n(x) there, CaH. (x)";
  assert.equal(occurrences(text, { start: 0, end: 8 }, "word").length, 2);
});

test("any stretch of any text finds at least itself, and never overlaps", () => {
  const roll = dice(3);
  const signs = "ab.*+?^${}()|[]\\/ -\n🙂é";
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 40 }, () => [...signs][roll(21)]).join(
      "",
    );
    const start = roll(text.length - 2);
    const range = trimRange(text, { start, end: start + 1 + roll(6) });
    if (!range) continue;
    for (const reach of /** @type {const} */ (["word", "exact", "case"])) {
      const found = occurrences(text, range, reach);
      assert.ok(
        found.some((f) => f.start === range.start && f.end === range.end),
      );
      for (let i = 1; i < found.length; i++)
        assert.ok((found[i - 1]?.end ?? 0) <= (found[i]?.start ?? 0));
    }
  }
});

test("a selection loses its blanks and keeps its characters whole", () => {
  assert.deepEqual(trimRange("  ab ", { start: 0, end: 5 }), {
    start: 2,
    end: 4,
  });
  assert.deepEqual(trimRange("🙂🙂", { start: 1, end: 3 }), {
    start: 0,
    end: 4,
  });
  assert.equal(trimRange("a   b", { start: 1, end: 4 }), null);
});

test("the caret goes by what one sees: combining marks and emoji are one", () => {
  const text = "e\u0301👩‍⚕️ Kern\nsecond";
  assert.equal(moveCaret(text, 0, "character", 1), 2);
  assert.equal(moveCaret(text, 2, "character", 1), 7);
  assert.equal(moveCaret(text, 7, "character", -1), 2);
  assert.equal(moveCaret(text, 7, "word", 1), 12);
  assert.equal(moveCaret(text, 12, "line", 1), text.length);
  assert.equal(moveCaret(text, 15, "line", -1), 2);
  assert.equal(moveCaret(text, 15, "edge", -1), 13);
  assert.equal(moveCaret(text, 3, "text", 1), text.length);
});

test("blocks are whole, in order, and end with a line where they can", () => {
  for (const text of [
    "",
    "x",
    "ab\n".repeat(9000),
    "🙂".repeat(9001),
    "word ".repeat(9000),
  ]) {
    const blocks = cut(text);
    assert.equal(blocks.map(([a, b]) => text.slice(a, b)).join(""), text);
    for (const [, end] of blocks.slice(0, -1))
      assert.ok(
        !/[\uDC00-\uDFFF]/.test(text.charAt(end)) ||
          !/[\uD800-\uDBFF]/.test(text.charAt(end - 1)),
      );
  }
  const [first] = cut("ab\n".repeat(9000));
  assert.equal((first?.[1] ?? 0) % 3, 0);
});

test("files are known by their bytes", () => {
  const code = (/** @type {number[]} */ ...bytes) => {
    const read = readBytes(Uint8Array.from(bytes));
    return "code" in read ? read.code : read.text;
  };
  assert.equal(code(0x25, 0x50, 0x44, 0x46, 0x2d), "PDF");
  assert.equal(code(0x50, 0x4b, 3, 4), "OFFICE");
  assert.equal(code(0xff, 0xd8, 0xff, 0xe0), "IMAGE");
  assert.equal(code(0, 1, 2, 3, 4), "BINARY");
  assert.equal(code(0xff, 0xfe, 0x41, 0), "A");
  assert.equal(code(0xef, 0xbb, 0xbf, 0x41), "\uFEFFA");
});

test("a NUL in a note is text", () => {
  const read = readBytes(new TextEncoder().encode(`${"a".repeat(200)}\u0000b`));
  assert.ok("text" in read && read.text.includes("\u0000"));
});

test("a file that is not UTF-8 is refused with line and byte", () => {
  const bytes = new TextEncoder().encode("ab\nné le");
  bytes[4] = 0xe9;
  assert.deepEqual(readBytes(bytes), { code: "ENCODING", line: 2, byte: 4 });
  const cutOff = new TextEncoder().encode("abcé").subarray(0, 4);
  assert.deepEqual(readBytes(cutOff), { code: "ENCODING", line: 1, byte: 3 });
});

test("the first bad byte is found wherever one is planted", () => {
  const roll = dice(9);
  const good = new TextEncoder().encode("aé€🙂\n".repeat(40));
  for (let round = 0; round < 200; round++) {
    const bytes = good.slice();
    const at = roll(bytes.length);
    bytes[at] = 0xff;
    let start = at;
    while (start > 0 && ((good[start] ?? 0) & 0xc0) === 0x80) start--;
    assert.equal(firstBadByte(bytes), start);
  }
});

test("a file over 16 MB is refused before it is read", () => {
  assert.deepEqual(readBytes(new Uint8Array(16 * 1024 * 1024 + 1)), {
    code: "TOO_LARGE",
  });
});

test("the name of a download says when, and nothing else", () => {
  assert.equal(
    fileName(new Date(2026, 1, 9, 7, 5)),
    "scrubbed-20260209-0705.txt",
  );
});
