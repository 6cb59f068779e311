// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The last look of the review (residual.js) and the last look before sending
// (echo.js) say the same of a scrubbed text: what can mean nothing else and
// still stands in it keeps it from being signed, and from being sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findResidues } from "../../web/review/residual.js";
import { refuseEcho } from "../../web/vault/echo.js";
import { dice } from "./dice.js";
import { outputOf, reviewOf } from "./marked.js";

/** @import {Review} from "../../web/review/session.js" */

/** Numbered, as it is sent. @param {Readonly<Review>} review */
function numbered(review) {
  const { text, map } = outputOf(review);
  let out = "";
  let last = 0;
  const places = map.map((place, i) => {
    out += text.slice(last, place.outStart);
    const outStart = out.length;
    out += `<PERSON_${i}>`;
    last = place.outEnd;
    return { ...place, outStart, outEnd: out.length };
  });
  return { text: out + text.slice(last), map: places };
}

/** @param {string} marked @returns {[boolean, boolean]} review, sending */
function verdicts(marked) {
  const review = reviewOf(marked);
  const output = numbered(review);
  const originals = review.items.map(
    ({ start, end }) => review.note.text.slice(start, end));
  const { residues } = findResidues(review, output);
  let refused = false;
  try {
    refuseEcho({ scrubbed_text: output.text }, originals);
  } catch (error) {
    assert.equal(/** @type {{code?: string}} */ (error).code, "ECHO");
    refused = true;
  }
  return [residues.some(({ plain }) => !plain), refused];
}

const ORIGINALS = ["Zora Kern", "Zoé Le Guennec", "O'Shaul", "00481516",
  "(212) 555-0147", "zora.kern@mail.example", "12/03/1961", "3/14", "Al Bo",
  "Groß Weil", "Quillon", "MRN 7", "1961", "12 rue des Lilas", "A-17-B-99"];

/** Ways to write the same, and ways that are another. */
const WAYS = /** @type {((text: string) => string)[]} */ ([
  (t) => t, (t) => t.toUpperCase(), (t) => t.toLowerCase(),
  (t) => t.normalize("NFD"), (t) => t.replace(/ /gu, "\u00a0"),
  (t) => t.replace(/ /gu, "\n"), (t) => t.replace(/[^\p{L}\p{N}]+/gu, "."),
  (t) => t.replace(/(.)(.)/u, "$1\u00ad$2"), (t) => `${t}s`, (t) => `x${t}`,
  (t) => t.slice(1), (t) => t.slice(0, -1), (t) => [...t].reverse().join(""),
  (t) => t.split(" ")[0] ?? "", (t) => t.replace(" ", " {DATE 04/05/2020} "),
  (t) => t.replace(/[^\p{L}\p{N}]+/gu, ""),
]);

test("of 8,000 texts, review and sending say the same", (t) => {
  const roll = dice(11);
  const pick = (/** @type {readonly any[]} */ list) => list[roll(list.length)];
  let refused = 0;
  for (let i = 0; i < 8_000; i++) {
    const one = /** @type {string} */ (pick(ORIGINALS));
    const other = /** @type {string} */ (pick(ORIGINALS));
    const again = pick(WAYS)(pick([one, other, one]));
    const marked = `Seen {NAME ${one}} and {NAME ${other}}${
      pick([". ", ", ", " (", "\n"])}${again}${pick([")", ".", " well", "\n"])}`;
    const [review, sending] = verdicts(marked);
    assert.equal(sending, review, JSON.stringify(marked));
    if (sending) refused++;
  }
  t.diagnostic(`${refused} of 8000 refused`);
  assert.ok(refused > 1000 && refused < 7_000);
});
