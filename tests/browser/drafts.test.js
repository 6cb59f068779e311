// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// A tab that is closed loses nothing, where a draft is kept; where none can be,
// the page says so and asks before it is closed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = "Patient: Zora Kern\r\nMRN: 00481516\r\nSeen on 02/09/2026.\r\n";

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page @param {string} state */
const draftIs = (page, state) =>
  page.locator(`.draft[data-state="${state}"]`).waitFor();

/** Close the tab, and open the page in another one. @param {Page} page */
async function again(page) {
  const context = page.context();
  await page.close();
  const next = await context.newPage();
  await next.goto(`${stage.origin}/`);
  await next.getByText(/Engine ready/).waitFor();
  return next;
}

/** @param {Page} page */
const marks = (page) => page.locator("scrubjay-review mark").evaluateAll(
  (all) => all.map((mark) => `${mark.textContent} ${mark.className}`));

/** What IndexedDB holds of drafts. @param {Page} page */
const stored = (page) => page.evaluate(async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name);
  if (!names.includes("scrubjay-drafts")) return [];
  const open = indexedDB.open("scrubjay-drafts");
  await new Promise((done) => { open.onsuccess = done; });
  const all = open.result.transaction("drafts").objectStore("drafts").getAll();
  await new Promise((done) => { all.onsuccess = done; });
  open.result.close();
  return all.result.map(({ key, data, iv }) => ({
    extractable: key.extractable, algorithm: key.algorithm.name,
    iv: iv.length, text: new TextDecoder("latin1").decode(data),
  }));
});

/** Whether the page asks before it is closed. @param {Page} page */
const asks = (page) => page.evaluate(() => {
  const event = new Event("beforeunload", { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
});

test("a review that was closed with its tab goes on, with its history", async () => {
  const visited = await visit(stage);
  let page = visited.page;
  await pasteNote(page, NOTE);
  await reviewing(page);
  const review = page.locator("scrubjay-review");
  await review.press("j");
  await review.press("x");
  await review.press("j");
  await review.press("5");
  await draftIs(page, "kept");
  assert.equal(await asks(page), false);
  const before = await marks(page);
  const [held] = await stored(page);
  assert.deepEqual([held?.extractable, held?.algorithm, held?.iv],
    [false, "AES-GCM", 12]);
  assert.doesNotMatch(held?.text ?? "", /Zora|Kern|00481516|format/);

  page = await again(page);
  const banner = page.getByRole("note").filter({ hasText: "was not finished" });
  await banner.waitFor();
  await page.evaluate(() => Object.assign(globalThis, { __violations: [] }));
  assert.deepEqual(await axe({ ...visited, page, complaints: [] }), []);
  await press(page, "Go on with it");
  await reviewing(page);
  assert.deepEqual(await marks(page), before);
  await page.locator("scrubjay-review").press("u");
  await page.locator("scrubjay-review").press("u");
  assert.equal(await page.locator("scrubjay-review mark.kept").count(), 0);
  await draftIs(page, "kept");
  assert.equal((await stored(page)).length, 1, "the former one is gone");
  await press(page, "New note");
  await page.getByText("The note was wiped.").waitFor();
  await page.waitForFunction(() => document.querySelector(
    '.draft[data-state="none"]'));
  assert.deepEqual(await stored(page), []);
  page = await again(page);
  assert.equal(await page.getByText("was not finished").count(), 0);
  await page.context().close();
});

test("what was being typed, or edited, is there again", async () => {
  let { page } = await visit(stage);
  await page.locator("textarea").fill("Typed for Zora Kern");
  await draftIs(page, "kept");
  page = await again(page);
  await press(page, "Go on with it");
  const field = page.locator("textarea");
  assert.equal(await field.inputValue(), "Typed for Zora Kern");
  await field.fill("");
  await pasteNote(page, NOTE);
  await reviewing(page);
  await press(page, "Edit text");
  await field.press("Control+End");
  await page.keyboard.type("And more.");
  const edited = await field.inputValue();
  await draftIs(page, "kept");
  page = await again(page);
  await press(page, "Go on with it");
  await page.getByRole("heading", { name: "Edit the text" }).waitFor();
  assert.equal(await page.locator("textarea").inputValue(), edited);
  await press(page, "Back without changes");
  assert.match((await marks(page)).join(), /Zora Kern/);
  await page.context().close();
});

test("a note that another tab works on is not offered; a left one can be discarded", async () => {
  const { page } = await visit(stage);
  await page.locator("textarea").fill("In use");
  await draftIs(page, "kept");
  const other = await page.context().newPage();
  await other.goto(`${stage.origin}/`);
  await other.getByText(/Engine ready/).waitFor();
  assert.equal(await other.getByText("was not finished").count(), 0);
  const third = await again(page);
  await press(third, "Discard it");
  await third.getByText("was not finished").waitFor({ state: "detached" });
  assert.deepEqual(await stored(third), []);
  await third.context().close();
});

test("a draft is kept for twelve hours, by whatever clock", async () => {
  for (const hours of [13, -13]) {
    const { page } = await visit(stage);
    await page.locator("textarea").fill("Old");
    await draftIs(page, "kept");
    const context = page.context();
    await context.clock.install({ time: Date.now() + hours * 3_600_000 });
    const next = await again(page);
    assert.equal(await next.getByText("was not finished").count(), 0);
    await next.waitForFunction(async () => {
      const names = await indexedDB.databases();
      return names.length > 0;
    });
    assert.deepEqual(await stored(next), [], String(hours));
    await context.close();
  }
});

test("an open tab's draft is gone when nobody has changed it for an hour", async () => {
  const { page } = await visit(stage, {
    prepare: (context) => context.clock.install(),
  });
  await page.locator("textarea").fill("Left lying");
  await page.clock.fastForward(600);
  await draftIs(page, "kept");
  await page.clock.fastForward("01:00:01");
  await draftIs(page, "changed");
  await press(page, "Show the note");
  assert.equal(await page.locator("textarea").inputValue(), "Left lying");
  assert.deepEqual(await stored(page), []);
  await page.context().close();
});

test("where none is to be kept, none is, and the page asks before it goes", async () => {
  const { page, finish } = await visit(stage);
  await page.getByLabel("Draft").selectOption("off");
  await page.locator("textarea").fill("Not kept");
  assert.equal(await asks(page), true);
  assert.deepEqual(await stored(page), []);
  await page.getByLabel("Draft").selectOption("session");
  await draftIs(page, "kept");
  await page.getByLabel("Draft").selectOption("off");
  await draftIs(page, "off");
  assert.equal(await asks(page), true);
  page.once("dialog", (dialog) => {
    assert.equal(dialog.type(), "beforeunload");
    void dialog.accept();
  });
  await page.reload();
  assert.equal(await page.getByText("was not finished").count(), 0);
  assert.equal(await page.getByLabel("Draft").inputValue(), "off");
  await finish();
});

test("a browser without room says that the note is not saved, and works", async () => {
  const { page, finish } = await visit(stage);
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin",
    { origin: stage.origin, quotaSize: 10 });
  await pasteNote(page, NOTE.repeat(50));
  await reviewing(page);
  await page.getByText("Not saved: there is no room left").waitFor();
  assert.equal(await asks(page), true);
  // Room again: the next change is saved.
  await session.send("Storage.overrideQuotaForOrigin",
    { origin: stage.origin });
  await page.locator("scrubjay-review").press("j");
  await page.locator("scrubjay-review").press("x");
  await draftIs(page, "kept");
  await finish();
});

test("a browser that keeps nothing says so, and works", async () => {
  const { page, finish } = await visit(stage, {
    prepare: (context) => context.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("no", "SecurityError");
      };
      IDBFactory.prototype.open = refuse;
      Storage.prototype.getItem = refuse;
      Storage.prototype.setItem = refuse;
    }),
  });
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.getByText("Not saved: the browser does not allow it").waitFor();
  assert.equal(await asks(page), true);
  await press(page, "New note");
  await page.getByText("The note was wiped.").waitFor();
  assert.equal(await asks(page), false);
  await finish();
});
