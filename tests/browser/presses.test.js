// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// How many key presses a note of two pages takes, from its findings to the
// scrubbed text on the clipboard. Every press goes through one function, which
// counts it; a chord is one press.
//
// What the engine finds in this note is right and certain, so the test makes it
// worse with the element's own load(): six findings in doubt, and in the second
// test two of the findings gone and three false ones among the six.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openStage, pasteNote, reviewing, visit } from "./harness.js";
import { TWO_PAGES } from "./two-pages.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/**
 * Load the engine's findings as a worse engine would give them.
 * @param {Page} page
 * @param {{doubt?: string[], missed?: string[], wrong?: string[]}} how
 */
function worsen(page, how) {
  return page.evaluate(({ doubt = [], missed = [], wrong = [] }) => {
    const element = /** @type {any} */ (
      document.querySelector("scrubjay-review")
    );
    const { session } = element;
    const { text } = session.note;
    const words = (/** @type {any} */ i) => text.slice(i.start, i.end);
    const open = new Set(doubt);
    const items = session.items
      .filter((/** @type {any} */ i) => !missed.includes(words(i)))
      .map((/** @type {any} */ i) =>
        // The first place of each only: Set.delete says whether it was there.
        Object.freeze({ ...i, uncertain: open.delete(words(i)) }),
      );
    for (const word of wrong) {
      const start = text.indexOf(word);
      items.push(
        Object.freeze({
          ...session.items[0],
          id: word, group: `PERSON ${word}`, uncertain: true, score: 0.5,
          start, end: start + word.length,
        }),
      );
    }
    items.sort((/** @type {any} */ a, /** @type {any} */ b) =>
      a.start - b.start);
    element.load(Object.freeze({ ...session, items: Object.freeze(items) }));
    element.focus();
    return {
      items: items.length,
      doubts: items.filter((/** @type {any} */ i) => i.uncertain).length,
    };
  }, how);
}

/** @param {Page} page */
function counter(page) {
  let presses = 0;
  return {
    /** @param {...string} keys */
    press: async (...keys) => {
      for (const key of keys) {
        presses += 1;
        await page.keyboard.press(key);
      }
    },
    get presses() {
      return presses;
    },
  };
}

/** @param {Page} page @param {RegExp} pattern */
const says = (page, pattern) =>
  page.waitForFunction((source) => {
    const root = document.querySelector("scrubjay-review")?.shadowRoot;
    const live = root?.querySelector(".live")?.textContent ?? "";
    return new RegExp(source).test(live);
  }, pattern.source);

/** @param {Page} page what a person sees of the way through the doubts */
const checked = (page) =>
  page.locator("scrubjay-review .doubts").textContent();

/** @param {Page} page */
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Whatever identifies somebody in the note. */
const IDENTIFIERS =
  /Kern|Quill|Falkner|Osprina|Larkmoor|Tanner|Boston|02118|010-|@|00481516|\d\d\/\d\d\/\d{4}|2017/;

for (const locale of ["en-US", "fr-FR"])
  test(`the engine was right: at most 12 presses (${locale})`, async () => {
    const { page, finish } = await visit(stage, { locale });
    await pasteNote(page, TWO_PAGES);
    await reviewing(page);
    const { doubts } = await worsen(page, {
      doubt: ["Kern", "(555) 010-9921", "June 2017", "02/06/2026", "Osprina",
        "Ines Falkner"],
    });
    assert.equal(doubts, 6);
    const keys = counter(page);
    for (let i = 0; i < doubts; i++) await keys.press("n");
    assert.match((await checked(page)) ?? "", /^6 \/ 6 /);
    await keys.press("Control+Enter");
    await says(page, /Applied|Appliqué/);
    await keys.press("y");
    await says(page, /copied|copié/);
    assert.doesNotMatch(await clipboard(page), IDENTIFIERS);
    assert.ok(keys.presses <= 12, `${keys.presses} presses`);
    await finish();
  });

test("two misses and three false findings: at most 25 presses", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, TWO_PAGES);
  await reviewing(page);
  const wrong = ["Graves", "Venous", "Streptococcus"];
  const { doubts } = await worsen(page, {
    doubt: ["(555) 010-9921", "02/06/2026", "Ines Falkner"],
    missed: ["Tilda Kern", "Osprina"],
    wrong,
  });
  assert.equal(doubts, 6);
  const keys = counter(page);
  const current = () =>
    page.evaluate(() => {
      const { session } = /** @type {any} */ (
        document.querySelector("scrubjay-review")
      );
      const item = session.items.find(
        (/** @type {any} */ i) => i.id === session.focus,
      );
      return session.note.text.slice(item.start, item.end);
    });
  for (let i = 0; i < doubts; i++) {
    await keys.press("n");
    const words = await current();
    if (wrong.includes(words)) await keys.press("x");
    if (words === "(555) 010-9921") {
      // The daughter's name opens the line.
      await keys.press("c", "Home");
      await keys.press("Control+Shift+ArrowRight", "Control+Shift+ArrowRight");
      await keys.press("a");
      await says(page, /1 place added/);
    }
    if (words === "02/06/2026") {
      // The nurse's name ends the next line, and stands once more.
      await keys.press("ArrowDown", "End", "w");
      await says(page, /Every whole word \(2\)/);
      await keys.press("a");
      await says(page, /2 places added/);
    }
  }
  assert.equal(await checked(page), "6 / 6 checked");
  await keys.press("Control+Enter");
  await says(page, /Applied/);
  await keys.press("y");
  await says(page, /copied/);
  const copied = await clipboard(page);
  assert.doesNotMatch(copied, IDENTIFIERS);
  for (const word of wrong) assert.ok(copied.includes(word), word);
  assert.ok(keys.presses <= 25, `${keys.presses} presses`);
  await finish();
});
