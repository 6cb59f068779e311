// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What came close: offered once a surface, never where the review has spoken.

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeNote } from "../../web/review/note.js";
import { Nears } from "../../web/nears.js";
import { isGrouped, suggestions } from "../../web/review/near.js";
import { startReview, step } from "../../web/review/session.js";

const TEXT = "Osprina came. Fernhill, osprina and Zora Kern; Fernhill again.";

/** @param {string} words @param {string} label @param {number} score @param
 * {number} [from] */
function at(words, label, score, from = 0) {
  const start = TEXT.indexOf(words, from);
  return { id: `${start}`, start, end: start + words.length, label, score,
    role: label === "NAME" ? "patient" : "" };
}

const NEAR = [
  at("Osprina", "NAME", 0.1), at("Fernhill", "CITY", 0.05),
  at("osprina", "NAME", 0.06), at("Fernhill", "CITY", 0.04, 30),
];

/** @param {readonly any[]} [near] */
const review = (near = NEAR) => startReview(
  makeNote(TEXT), [at("Zora Kern", "NAME", 0.9)], new Set(), near);

/** @param {ReturnType<typeof review>} state */
const told = (state) => suggestions(state).map(
  ({ kind, words, items }) => `${kind} ${words} ${items.length}`);

test("one for one surface, the likeliest first", () => {
  assert.deepEqual(told(review()), ["PERSON Osprina 2", "CITY Fernhill 2"]);
  assert.deepEqual(told(review([])), []);
});

test("what is offered is the same object while it is the same", () => {
  const first = review();
  const [osprina, fernhill] = suggestions(first);
  const [id = ""] = first.items.map((item) => item.id);
  const kept = step(first, { type: "keep", ids: [id], kept: true });
  assert.deepEqual(suggestions(kept).map((one, i) =>
    one === [osprina, fernhill][i]), [true, true]);
  const added = step(first, {
    type: "add", ranges: osprina?.items.slice(0, 1) ?? [], kind: "PERSON" });
  const [fern, rest] = [suggestions(added)[1], suggestions(added)[0]];
  assert.equal(fern, fernhill);
  assert.notEqual(rest, osprina);
  assert.equal(rest?.items.length, 1);
});

test("numbers of the worker are places, made when they are asked for", () => {
  const rows = Int32Array.from(NEAR.flatMap(({ start, end, score }) =>
    [start, end, 1, 1, Math.round(score * 1000)]));
  const nears = new Nears(rows, ["ID", "NAME"], ["", "patient"]);
  assert.equal(nears.length, NEAR.length);
  assert.deepEqual(nears.at(2), { start: TEXT.indexOf("osprina"),
    end: TEXT.indexOf("osprina") + 7, label: "NAME", role: "patient",
    score: 0.06 });
  assert.deepEqual([nears.at(-1), nears.at(4)], [undefined, undefined]);
  assert.deepEqual([...nears].map(({ start }) => start),
    NEAR.map(({ start }) => start));
  const crlf = startReview(makeNote(`\r\n${TEXT}`), [], new Set(),
    new Nears(rows.map((n, i) => i % 5 < 2 ? n + 2 : n), ["ID", "NAME"]));
  assert.equal(isGrouped(crlf), false);
  assert.equal(told(crlf)[0], "PERSON Osprina 2");
  assert.equal(isGrouped(crlf), true);
});

test("hidden after all, it is offered no more; undone, it is again", () => {
  const first = review();
  const [osprina] = suggestions(first);
  const ticked = step(first, {
    type: "add", ranges: osprina?.items ?? [], kind: "PERSON" });
  assert.deepEqual(told(ticked), ["CITY Fernhill 2"]);
  assert.deepEqual(told(step(ticked, { type: "undo" })),
    ["PERSON Osprina 2", "CITY Fernhill 2"]);
});

test("a part of a place that was decided on is decided on", () => {
  const start = TEXT.indexOf("Fernhill");
  const added = step(review(), {
    type: "add", ranges: [{ start: start + 2, end: start + 5 }], kind: "ID" });
  assert.deepEqual(told(added), ["PERSON Osprina 2", "CITY Fernhill 1"]);
});
