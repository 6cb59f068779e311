// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The view text of a note and the way back, for every line end there is.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  makeNote,
  toOriginal,
  toView,
  withLineEnds,
} from "../../web/review/note.js";
import { dice } from "./dice.js";

test("a note without CR is shown as it is", () => {
  const note = makeNote("a\nb\u2028c\u0085d\fe\u0000🙂");
  assert.equal(note.text, note.original);
  assert.equal(toOriginal(note, 7), 7);
});

test("CRLF, LF and a lone CR all become LF, and every place has a way back", () => {
  const note = makeNote("a\r\nb\nc\rd\r\n");
  assert.equal(note.text, "a\nb\nc\nd\n");
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => toOriginal(note, i)),
    [0, 1, 3, 4, 5, 6, 7, 8, 10],
  );
  assert.equal(toView(note, 10), 8);
});

test("the middle of CRLF belongs to the place after it", () => {
  assert.equal(toView(makeNote("a\r\nb"), 2), 2);
});

test("any text of any line ends maps there and back", () => {
  const roll = dice(11);
  const pieces = ["\r\n", "\n", "\r", "x", "é", "🙂", "\u2028", "\u0000", "ש"];
  for (let round = 0; round < 400; round++) {
    const original = Array.from(
      { length: roll(30) },
      () => pieces[roll(pieces.length)],
    ).join("");
    const note = makeNote(original);
    assert.equal(note.text, original.replace(/\r\n?/g, "\n"));
    for (let at = 0; at <= note.text.length; at++) {
      const there = toOriginal(note, at);
      assert.equal(toView(note, there), at);
      assert.equal(
        original.slice(0, there).replace(/\r\n?/g, "\n"),
        note.text.slice(0, at),
      );
    }
  }
});

test("an edited note gets its CRLF back where it had nothing else", () => {
  assert.equal(withLineEnds(makeNote("a\r\nb"), "a\nc\nd"), "a\r\nc\r\nd");
  assert.equal(withLineEnds(makeNote("a\r\nb\nc"), "a\nc"), "a\nc");
  assert.equal(withLineEnds(makeNote("abc"), "a\nc"), "a\nc");
});
