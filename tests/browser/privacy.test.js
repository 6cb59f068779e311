// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// A note is not seen in passing, and leaves nothing behind.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, emptyPage, openStage, pasteNote, reviewing, visit } from "./harness.js";
import { inStrings, inWasm, targetsOf } from "./memory.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = "Patient: Zora Kern\nMRN: 00481516\nOsprina came on 02/09/2026.\n";

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/** @param {Page} page */
const state = (page) => page.locator("html").getAttribute("data-shield");

/** @param {Page} page */
const ink = (page) => page.locator("main").evaluate(
  (main) => getComputedStyle(main).opacity);

/** Tell the page that its tab is seen, or not. @param {Page} page
 * @param {boolean} hidden */
const setHidden = (page, hidden) => page.evaluate((now) => {
  Object.defineProperty(document, "hidden",
    { configurable: true, get: () => now });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}, hidden);

/** The shield's own buttons. @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

test("a tab that nobody sees shows no note, and all is as it was after", async () => {
  const { page, finish } = await visit(stage);
  await setHidden(page, true);
  assert.equal(await state(page), "open", "there is nothing to cover");
  await setHidden(page, false);
  await page.locator("textarea").fill("Zora");
  await setHidden(page, true);
  assert.deepEqual([await state(page), await ink(page)], ["covered", "0"]);
  await setHidden(page, false);
  assert.deepEqual([await state(page), await ink(page)], ["open", "1"]);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "note");
  await finish();
});

test("a page that nobody touches is locked, and opened by asking", async () => {
  const visited = await visit(stage, {
    prepare: (context) => context.clock.install(),
  });
  const { page, finish } = visited;
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.clock.fastForward("04:50");
  assert.equal(await state(page), "open");
  await page.mouse.move(200, 200);
  await page.clock.fastForward("04:50");
  assert.equal(await state(page), "open", "somebody was there");
  await page.clock.fastForward("00:20");
  const card = page.getByRole("main", { name: "The note is hidden" });
  await card.getByText("for 5 minutes").waitFor();
  assert.equal(await state(page), "locked");
  assert.equal(await ink(page), "0");
  // Neither keys nor a tab that is seen again bring it back.
  await page.mouse.move(210, 210);
  await page.keyboard.press("x");
  await setHidden(page, true);
  await setHidden(page, false);
  assert.equal(await state(page), "locked");
  assert.deepEqual(await axe(visited), []);
  const marks = page.locator("scrubjay-review mark");
  assert.equal(await page.locator("main").evaluate((m) => m.inert), true);
  await press(page, "Show the note");
  assert.deepEqual([await state(page), await ink(page)], ["open", "1"]);
  assert.equal(await marks.first().textContent(), "Zora Kern");
  await page.keyboard.press("j");
  await page.locator("scrubjay-review mark.current").waitFor();
  await finish();
});

test("one who comes back late finds the note locked, whatever clock was set", async () => {
  for (const hours of [1, -1]) {
    const { page, finish } = await visit(stage, {
      prepare: (context) => context.clock.install(),
    });
    await page.locator("textarea").fill("Zora");
    await setHidden(page, true);
    const now = await page.evaluate(() => Date.now());
    await page.clock.setSystemTime(now + hours * 3_600_000);
    if (hours < 0) await page.clock.fastForward("05:01");
    await setHidden(page, false);
    assert.equal(await state(page), "locked", String(hours));
    await finish();
  }
});

test("locked by hand in each state, and wiped from there", async () => {
  const { page, finish } = await visit(stage);
  const hide = page.getByRole("button", { name: "Hide the note" });
  assert.equal(await hide.isDisabled(), true);
  await page.locator("textarea").fill(NOTE);
  await hide.click();
  await press(page, "Show the note");
  assert.equal(await page.locator("textarea").inputValue(), NOTE);
  await press(page, "Find identifiers");
  await reviewing(page);
  // A dialog that is open goes, for it would keep the buttons from working.
  await page.locator("scrubjay-review").press("?");
  await page.getByRole("dialog").waitFor();
  await page.evaluate(() => /** @type {HTMLElement} */ (
    document.querySelector(".privacy button")).click());
  await press(page, "Show the note");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await hide.click();
  await page.getByLabel("Language").selectOption("fr");
  await press(page, "Effacer la note");
  assert.equal(await state(page), "open");
  assert.equal(await page.locator("textarea").inputValue(), "");
  await finish();
});

test("the clipboard is emptied when that is asked for", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  const held = () => page.evaluate(() => navigator.clipboard.readText());
  assert.equal(await held(), NOTE);
  await press(page, "Empty the clipboard");
  await page.getByText("The clipboard is empty.").waitFor();
  assert.equal(await held(), "");
  await page.evaluate(() => {
    Clipboard.prototype.writeText = () => Promise.reject(new Error("no"));
  });
  await press(page, "Empty the clipboard");
  await page.getByRole("alert")
    .filter({ hasText: "Copy any other word instead" }).waitFor();
  await finish();
});

test("New note leaves no word of the former one in memory", async () => {
  const { page, finish } = await visit(stage);
  const targets = await targetsOf(page.context(), page);
  await page.reload();
  await page.getByText(/Engine ready/).waitFor();
  const words = ["Qvarnulek", "Obrestine", "glimmerwort"];
  const other = await emptyPage(stage, page.context());
  await other.evaluate((text) => navigator.clipboard.writeText(text),
    `Patient: ${words[0]} ${words[1]}\nTakes ${words[2]}. ${words[0]} left.\n`);
  await other.close();
  await page.bringToFront();
  await page.locator("textarea").focus();
  await page.keyboard.press("Control+V");
  await reviewing(page);
  // Everything that keeps a copy: search, selection, output, history, sign-off.
  const review = page.locator("scrubjay-review");
  for (const key of ["n", "j", "x", "u", "/"]) await review.press(key);
  await page.keyboard.type("obr");
  await page.keyboard.press("Escape");
  await review.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Edit text" }).click();
  await press(page, "Scan again");
  await reviewing(page);
  await press(page, "Sign off…");
  await page.getByRole("heading", { name: "Sign off" }).waitFor();
  const [own] = targets;
  const worker = targets.at(-1);
  assert.ok(own && worker && own !== worker);
  // What finds them does find them.
  assert.deepEqual(await inStrings(own, words), words);
  assert.deepEqual(await inStrings(worker, words), words);
  assert.deepEqual(await inWasm(worker, words), words);
  await press(page, "Back to the review");
  await press(page, "New note");
  await page.getByText("The note was wiped.").waitFor();
  assert.deepEqual(await inStrings(own, words), [], "page");
  assert.deepEqual(await inStrings(worker, words), [], "worker");
  assert.deepEqual(await inWasm(worker, words), [], "engine");
  await finish();
});
