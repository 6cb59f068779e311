// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What a hand does in the review: edges dragged by their grips, and two panes
// that show the same words at the same height.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = [
  "Patient: Zora Kern",
  "Seen on 02/09/2026 with Osprina Vale at noon.",
  "",
].join("\n");

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/** @param {Page} page */
const review = (page) => page.locator("scrubjay-review");

/** @param {Page} page @returns {Promise<string[]>} */
const surfaces = (page) =>
  review(page).evaluate((element) => {
    const { items, note } = /** @type {any} */ (element).session;
    return items.map((/** @type {any} */ i) =>
      note.text.slice(i.start, i.end),
    );
  });

/** @param {Page} page what the marks show, drag or not */
const marked = (page) =>
  review(page)
    .locator(".view >> nth=0")
    .locator("mark")
    .evaluateAll((marks) => marks.map((mark) => mark.textContent));

/**
 * The screen's point in the middle of the line before a character.
 * @param {Page} page
 * @param {string} words
 * @param {number} offset within them
 */
const pointAt = (page, words, offset) =>
  review(page).evaluate(
    (element, [wanted, at]) => {
      const root = element.shadowRoot?.querySelector(".text");
      const text = root?.textContent ?? "";
      let left = text.indexOf(/** @type {string} */ (wanted)) + Number(at);
      const walker = document.createTreeWalker(/** @type {Node} */ (root), 4);
      for (let t = walker.nextNode(); t; t = walker.nextNode()) {
        const { length } = /** @type {Text} */ (t).data;
        if (left > length) {
          left -= length;
          continue;
        }
        const range = document.createRange();
        range.setStart(t, left);
        const box = range.getBoundingClientRect();
        return { x: box.left, y: box.top + box.height / 2 };
      }
      throw new Error("not there");
    },
    /** @type {const} */ ([words, offset]),
  );

/** @param {Page} page @param {"start" | "end"} side */
async function grab(page, side) {
  const grip = review(page).locator(`.grip.${side}`);
  await grip.waitFor();
  const box = await grip.boundingBox();
  assert.ok(box);
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  return from;
}

/**
 * Drag a grip to a character. The pointer keeps its distance from the edge.
 * @param {Page} page
 * @param {"start" | "end"} side
 * @param {[string, number]} to
 * @param {{edge: [string, number], drop?: boolean}} how where the edge is
 */
async function drag(page, side, to, { edge, drop = true }) {
  const [now, then] = [await pointAt(page, ...edge), await pointAt(page, ...to)];
  const from = await grab(page, side);
  await page.mouse.move(from.x + then.x - now.x, from.y + then.y - now.y, {
    steps: 5,
  });
  if (drop) await page.mouse.up();
}

test("a dragged edge rests at a word, and one undo takes it back", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await review(page).locator("mark").first().click();
  await drag(page, "end", ["Zora", 3], { edge: ["Kern", 4] });
  assert.deepEqual((await surfaces(page))[0], "Zora");
  assert.match(
    (await review(page).locator("mark").first().getAttribute("class")) ?? "",
    /manual/,
  );
  await page.keyboard.press("u");
  assert.deepEqual((await surfaces(page))[0], "Zora Kern");
  await drag(page, "start", ["Patient", 1], { edge: ["Zora", 0] });
  assert.deepEqual((await surfaces(page))[0], "Patient: Zora Kern");
  await finish();
});

test("with Alt an edge rests between letters; Escape gives it back", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await review(page).locator("mark").first().click();
  await page.keyboard.down("Alt");
  await drag(page, "end", ["Kern", 2], { edge: ["Kern", 4], drop: false });
  assert.equal((await marked(page))[0], "Zora Ke");
  assert.equal((await surfaces(page))[0], "Zora Kern");
  await page.keyboard.up("Alt");
  await page.keyboard.press("Escape");
  assert.equal((await marked(page))[0], "Zora Kern");
  await page.mouse.up();
  assert.equal((await surfaces(page))[0], "Zora Kern");
  await finish();
});

test("an edge stops at its neighbour", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await review(page).locator("mark").first().click();
  const before = await surfaces(page);
  await drag(page, "end", ["02/09/2026", 9], { edge: ["Kern", 4] });
  const after = await surfaces(page);
  assert.equal(after.length, before.length);
  assert.equal(after[1], "02/09/2026");
  assert.doesNotMatch(after[0] ?? "", /02/);
  await finish();
});

test("a place that is shown stands in the middle, however far it is", async () => {
  const { page, finish } = await visit(stage);
  const lines = Array.from({ length: 600 }, (_, i) =>
    `Entry ${i}: seen again today, no change, and nothing else to tell of.`);
  await pasteNote(page, `${lines.join("\n")}\n`);
  await reviewing(page);
  for (const entry of [590, 3, 311]) {
    const off = await review(page).evaluate((element, number) => {
      const one = /** @type {any} */ (element);
      const start = one.session.note.text.indexOf(`Entry ${number}:`);
      one.show({ start, end: start + 5 });
      const view = element.shadowRoot?.querySelector(".view");
      const walker = document.createTreeWalker(/** @type {Node} */ (view), 4);
      for (let t = walker.nextNode(); t; t = walker.nextNode()) {
        const at = /** @type {Text} */ (t).data.indexOf(`Entry ${number}:`);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(t, at);
        const box = /** @type {Element} */ (view).getBoundingClientRect();
        const { top } = range.getBoundingClientRect();
        if (top < box.top || top > box.bottom) return "out of sight";
        const far = Math.abs(top - (box.top + box.bottom) / 2);
        const edge = /** @type {Element} */ (view).scrollTop === 0 ||
          number > 580;
        return edge || far < 60 ? "" : `${Math.round(far)} px from the middle`;
      }
      return "not there";
    }, entry);
    assert.equal(off, "", `entry ${entry}`);
  }
  await finish();
});

test("side by side, the panes show the same words at the same height", async () => {
  const visited = await visit(stage);
  const { page, finish } = visited;
  const lines = Array.from(
    { length: 400 },
    (_, i) => `Entry ${i}: seen on 02/09/2026 by Dr. Amadou Quill, no change.`,
  );
  await pasteNote(page, `${lines.join("\n\n")}\n`);
  await reviewing(page);
  await page.getByRole("button", { name: "Side by side" }).click();
  await page.waitForFunction(() =>
    document
      .querySelector("scrubjay-review")
      ?.shadowRoot?.querySelector('.view + .view[aria-busy="false"]'),
  );
  for (const [leader, follower, entry] of /** @type {const} */ ([
    [0, 1, 120], [1, 0, 310], [0, 1, 5],
  ])) {
    await review(page).evaluate(
      (element, [which, number]) => {
        const view = element.shadowRoot?.querySelectorAll(".view")[which];
        const walker = document.createTreeWalker(
          /** @type {Node} */ (view), 4);
        for (let t = walker.nextNode(); t; t = walker.nextNode()) {
          const at = /** @type {Text} */ (t).data.indexOf(`Entry ${number}:`);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(t, at);
          /** @type {Element} */ (t.parentElement).scrollIntoView();
          const box = range.getBoundingClientRect();
          const top = /** @type {Element} */ (view).getBoundingClientRect().top;
          /** @type {Element} */ (view).scrollTop += box.top - top - 18;
          return;
        }
      },
      /** @type {const} */ ([leader, entry]),
    );
    // The follower's line of that entry comes to within two lines of its top.
    await page.waitForFunction(
      ([which, number]) => {
        const root = document.querySelector("scrubjay-review")?.shadowRoot;
        const view = /** @type {Element} */ (
          root?.querySelectorAll(".view")[which]);
        const walker = document.createTreeWalker(view, 4);
        for (let t = walker.nextNode(); t; t = walker.nextNode()) {
          const at = /** @type {Text} */ (t).data.indexOf(`Entry ${number}:`);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(t, at);
          const top = view.getBoundingClientRect().top;
          return Math.abs(range.getBoundingClientRect().top - top - 18) < 60;
        }
        return false;
      },
      /** @type {const} */ ([follower, entry]),
    );
  }
  // A place of the scrubbed text leads to its finding.
  await review(page).locator(".view + .view mark").nth(1).click();
  const focus = await review(page).evaluate((element) => {
    const { items, focus: id } = /** @type {any} */ (element).session;
    return items.findIndex((/** @type {any} */ i) => i.id === id);
  });
  assert.equal(focus, 1);
  assert.deepEqual(await axe(visited), []);
  await finish();
});
