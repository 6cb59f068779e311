// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// A draft gives back the review that it was made of, with every step of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { baseOf, packDraft, unpackDraft } from "../../web/review/draft.js";
import { makeNote } from "../../web/review/note.js";
import { startReview, step } from "../../web/review/session.js";
import { dice } from "./dice.js";

/** @import {Action, Review} from "../../web/review/session.js" */

const TEXT = "Zora Kern,\r\nseen by Dr. Quill 🙂 on 02/09/2026.\r\n".repeat(9);

/** @param {string} text */
function reviewOf(text) {
  const entities = [...text.matchAll(/Zora Kern|Quill|02\/09\/2026/g)].map(
    (m, i) => ({
      id: `e${i}`, start: m.index, end: m.index + m[0].length, label: "NAME",
      role: "patient", subtype: "", score: 0.5, uncertain: i % 2 === 0,
      sources: [{ kind: "rule", id: "r" }], veto: [],
    }));
  return startReview(makeNote(text), entities);
}

/** @param {Readonly<Review>} review */
const plain = (review) => ({ ...review, seen: [...review.seen], selection: null });

test("whatever was done comes back, and can be undone and done again", () => {
  const roll = dice(7);
  for (let round = 0; round < 30; round++) {
    let review = reviewOf(TEXT);
    for (let i = 0; i < 25; i++) {
      const item = review.items[roll(review.items.length)];
      const id = item?.id ?? "";
      const at = roll(review.note.text.length - 3);
      /** @type {Action[]} */
      const actions = [
        { type: "keep", ids: [id], kept: !item?.kept },
        { type: "relabel", ids: [id], kind: "PROVIDER" },
        { type: "add", ranges: [{ start: at, end: at + 3 }], kind: "ID" },
        { type: "focus", id }, { type: "undo" }, { type: "redo" },
        { type: "filter", filter: { text: "z", kinds: ["ID"] } },
      ];
      review = step(review, /** @type {Action} */ (
        actions[roll(actions.length)]));
    }
    const base = ["a", "b"];
    const back = unpackDraft(packDraft(
      { text: "typed", review, base, more: { type: "x" } }));
    assert.ok(back?.review);
    assert.deepEqual(plain(back.review), plain(review));
    assert.deepEqual([back.text, back.base, back.more],
      ["typed", base, { type: "x" }]);
    for (const type of /** @type {const} */ (["undo", "redo"]))
      assert.deepEqual(plain(step(back.review, { type })),
        plain(step(review, { type })), type);
    assert.ok(Object.isFrozen(back.review.items[0]));
  }
});

test("what is being typed is a draft too, and another form is none", () => {
  const back = unpackDraft(packDraft(
    { text: "a\r\nb", review: null, base: [], more: null }));
  assert.deepEqual(back, { text: "a\r\nb", review: null, base: [], more: null });
  assert.equal(unpackDraft('{"format":2,"text":"a"}'), null);
});

test("a scan that found the same is told from one that did not", () => {
  const two = [{ id: "1" }, { id: "2" }];
  const base = baseOf("safe-harbor", two, new Set());
  assert.deepEqual(base, baseOf("safe-harbor", [...two], new Set()));
  for (const other of [
    baseOf("gdpr-fr", two, new Set()), baseOf("safe-harbor", two, new Set("2")),
    baseOf("safe-harbor", two.slice(1), new Set()),
    baseOf("safe-harbor", two.toReversed(), new Set())])
    assert.notDeepEqual(base, other);
});

test("a long history of a long note stays small", () => {
  let review = reviewOf(TEXT.repeat(60));
  for (let i = 0; i < 200; i++) {
    const item = review.items[i];
    review = step(review, { type: "keep", ids: [item?.id ?? ""], kept: true });
  }
  const size = packDraft({ text: "", review, base: [], more: null }).length;
  const one = JSON.stringify(review.items).length;
  assert.ok(size < one * 8, `${size} for items of ${one}`);
});
