// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What was hidden in one place and stands in clear in another. The notes are
// invented.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findResidues, foldWord } from "../../web/review/residual.js";
import { step } from "../../web/review/session.js";
import { outputOf, reviewOf } from "./marked.js";

/** @import {Review} from "../../web/review/session.js" */

/** @param {Readonly<Review>} review */
const residuesOf = (review) =>
  findResidues(review, outputOf(review)).residues;

/** What is found, in words. @param {string} marked */
function left(marked) {
  const review = reviewOf(marked);
  return residuesOf(review).map(
    ({ start, end }) => review.note.text.slice(start, end));
}

test("a name that is hidden once and not twice is found", () => {
  assert.deepEqual(left("{NAME Zora Kern} came. Zora Kern left."),
    ["Zora Kern"]);
});

test("case, accents, width, invisible characters, line breaks and blanks", () => {
  for (const other of [
    "ZOÉ KERN", "zoe kern", "Zoe\u0301 Kern", "Zoé\r\nKern", "Zoé   Kern",
    "Zoé\u00a0Kern", "Zo\u00adé Ke\u200brn", "Ｚｏé Ｋｅｒｎ", "Zoé-Kern",
    "Zoé, Kern",
  ])
    assert.equal(left(`{NAME Zoé Kern} and ${other} too`).length, 1, other);
  assert.deepEqual(left("{NAME Groß} and GROSS"), ["GROSS"]);
});

test("whole words only", () => {
  assert.deepEqual(left("{NAME Kern} has kernels, McKern and Kerning"), []);
  assert.deepEqual(left("{NAME Kern}: Kern's, Kern-Smith, (Kern)"),
    ["Kern", "Kern", "Kern"]);
  assert.deepEqual(left("{MRN 00481516} is not 004815162"), []);
});

test("a long number is found whatever stands between its parts", () => {
  for (const other of ["555.010.4477", "555 010 4477", "(555) 010-4477"])
    assert.deepEqual(left(`{PHONE (555) 010-4477} or ${other}`).length, 1);
  assert.deepEqual(left("{EMAIL zora.kern@mail.example}, zora.kern@mail.example"),
    ["zora.kern@mail.example"]);
});

test("a short one must have the same signs", () => {
  assert.deepEqual(left("{DATE 3/14} and 3/14"), ["3/14"]);
  assert.deepEqual(left("{DATE 3/14} and 3.14 or 3 14 or 3-14"), []);
});

test("fewer than three characters are not looked for", () => {
  const review = reviewOf("{AGE 92} years, 92 mm; {NAME Al} and Al");
  assert.deepEqual(findResidues(review, outputOf(review)),
    { originals: 0, residues: [] });
  assert.equal(left("{NAME Ana} and Ana").length, 1);
});

test("a placeholder's own words are no residue, nor what reaches over it", () => {
  assert.deepEqual(left("{NAME Name} is here"), []);
  assert.deepEqual(left("{NAME Zora Kern}. Zora {DATE 03/14/2026} Kern"), []);
});

test("the longest is told, once", () => {
  assert.deepEqual(left("{NAME Kern} {NAME Zora Kern} and Zora Kern Zora"),
    ["Zora Kern"]);
});

test("what a person left in clear is no original, and no excuse for one", () => {
  let review = reviewOf("{NAME Zora Kern} met {NAME Zora Kern}.");
  assert.deepEqual(residuesOf(review), []);
  const [, second] = review.items;
  review = step(review, { type: "keep", ids: [second?.id ?? ""], kept: true });
  const [residue] = residuesOf(review);
  assert.equal(residue?.start, second?.start);
  assert.equal(residue?.accepted, false);
  const ids = review.items.map((item) => item.id);
  review = step(review, { type: "keep", ids, kept: true });
  assert.deepEqual(residuesOf(review), []);
});

test("a single word or a short number may mean something else", () => {
  for (const [words, plain] of /** @type {const} */ ([
    ["Black", true], ["Blackwood", true], ["4/5", true], ["Al Bo", true],
    ["Zora Kern", false], ["00481516", false], ["03/14/2026", false],
  ])) {
    let review = reviewOf(`{NAME ${words}} and {NAME ${words}}.`);
    const id = review.items[1]?.id ?? "";
    review = step(review, { type: "keep", ids: [id], kept: true });
    assert.deepEqual(
      residuesOf(review).map((r) => [r.plain, r.accepted]),
      [[plain, plain]], words);
  }
});

test("accepting one place accepts no other", () => {
  let review = reviewOf("{NAME Black}: {NAME black} stool, black tie");
  const id = review.items[1]?.id ?? "";
  review = step(review, { type: "keep", ids: [id], kept: true });
  assert.deepEqual(residuesOf(review).map((r) => r.accepted), [true, false]);
});

test("places are those of the view text, also behind CRLF", () => {
  const review = reviewOf("a\r\nb\r\n{NAME Zora Kern}\r\nc\r\nZora Kern");
  const [residue] = residuesOf(review);
  assert.equal(review.note.text.slice(residue?.start, residue?.end),
    "Zora Kern");
});

test("what the output leaves in clear by policy is no original", () => {
  const review = reviewOf("{NAME Quill} and Quill");
  const { text } = review.note;
  assert.deepEqual(findResidues(review, { text, map: [] }),
    { originals: 0, residues: [] });
});

test("words fold to what a reader sees", () => {
  assert.equal(foldWord("ÉLOÏSE"), foldWord("e\u0301loise"));
  assert.notEqual(foldWord("Kern"), foldWord("Kerr"));
});

test("5,000 originals are looked for in 1 MB without a wait", () => {
  const names = Array.from({ length: 5000 }, (_, i) =>
    `Zora ${String.fromCodePoint(97 + (i % 26))}quill${i}`);
  const rest = "The left upper lobe was sampled without any trouble. ".repeat(
    16_000);
  const review = reviewOf(
    `${names.map((n) => `{NAME ${n}}`).join(" ")} ${rest} ${names[4999]}`);
  const output = outputOf(review);
  const began = performance.now();
  const { originals, residues } = findResidues(review, output);
  const took = performance.now() - began;
  assert.deepEqual([originals, residues.length], [5000, 1]);
  assert.ok(took < 5000, `${took} ms`); // it takes a tenth of that on an idle machine
});
