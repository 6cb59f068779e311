// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Several notes: covered, locked and wiped together, kept as drafts one by one,
// and read in an order that never keeps the open one waiting.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { emptyPage, openStage, reviewing, visit } from "./harness.js";
import { inStrings, inWasm, targetsOf } from "./memory.js";
import {
  current, dropFiles, NOTES, openFiles, rows, rowSays,
} from "./queue-kit.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/** @param {Page} page @param {string | RegExp} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page */
async function five(page) {
  await openFiles(page, NOTES);
  await reviewing(page);
  for (const id of [1, 2, 3, 4, 5]) await rowSays(page, id, "To review");
}

/** How many drafts there are. @param {Page} page */
const drafts = (page) => page.evaluate(async () => {
  const open = indexedDB.open("scrubjay-drafts");
  await new Promise((done) => { open.onsuccess = done; });
  const all = open.result.transaction("drafts").objectStore("drafts").getAll();
  await new Promise((done) => { all.onsuccess = done; });
  open.result.close();
  return all.result.map(({ key, data }) => ({
    extractable: key.extractable, text: new TextDecoder("latin1").decode(data),
  }));
});

/** @param {Page} page @param {string} state */
const draftIs = (page, state) =>
  page.locator(`.draft[data-state="${state}"]`).waitFor();

test("covered and locked, the list is neither seen nor used, and all is wiped", async () => {
  const { page, finish } = await visit(stage);
  await five(page);
  await press(page, "Hide the note");
  const queue = page.locator(".queue");
  assert.equal(await queue.evaluate((one) => getComputedStyle(one).opacity), "0");
  assert.equal(await queue.evaluate(
    (one) => /** @type {any} */ (one).inert), true);
  await page.keyboard.press("Shift+N");
  await page.keyboard.press("Control+Enter");
  await press(page, "Show the note");
  assert.equal(await current(page), "Note 1");
  await page.locator("scrubjay-review .top").waitFor();
  // Asked first, and the dialog goes with the shield.
  await press(page, "Wipe all…");
  await page.getByText("5 notes are not signed yet.").waitFor();
  await press(page, "Keep them");
  assert.equal((await rows(page)).length, 5);
  await draftIs(page, "kept");
  assert.equal((await drafts(page)).length, 5);
  await press(page, "Hide the note");
  await press(page, "Wipe the note");
  await page.getByText("The note was wiped.").waitFor();
  assert.equal(await queue.isVisible(), false);
  assert.equal(await page.locator("textarea").inputValue(), "");
  await draftIs(page, "none");
  await page.waitForFunction(async () => {
    const open = indexedDB.open("scrubjay-drafts");
    await new Promise((done) => { open.onsuccess = done; });
    const all = open.result.transaction("drafts").objectStore("drafts").count();
    await new Promise((done) => { all.onsuccess = done; });
    open.result.close();
    return all.result === 0;
  });
  assert.deepEqual(await drafts(page), []);
  await finish();
});

test("wiped, no word of any of them can be reached any more", async () => {
  const { page, finish } = await visit(stage);
  const targets = await targetsOf(page.context(), page);
  await page.reload();
  await page.getByText(/Engine ready/).waitFor();
  const words = ["Qvarnulek", "Obrestine", "glimmerwort"];
  // In pieces, so that the driver's own strings are none of them.
  await page.evaluate((parts) => {
    const data = new DataTransfer();
    for (const [one, two] of parts)
      data.items.add(new File(
        [`Patient: Ada ${one}${two}\n`, `MRN: 00481516\n`], "x"));
    document.body.dispatchEvent(new DragEvent(
      "drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  }, [["Qvarn", "ulek"], ["Obres", "tine"], ["glimmer", "wort"]]);
  await reviewing(page);
  for (const id of [1, 2, 3]) await rowSays(page, id, "To review");
  await page.keyboard.press("Shift+N");
  await press(page, "Remove note 1");
  const [own] = targets;
  const worker = targets.at(-1);
  assert.ok(own && worker && own !== worker);
  assert.deepEqual(await inStrings(own, words), words, "looking works");
  await press(page, "Wipe all…");
  await press(page, "Wipe them");
  await page.getByText("The note was wiped.").waitFor();
  assert.deepEqual(await inStrings(own, words), [], "page");
  assert.deepEqual(await inStrings(worker, words), [], "worker");
  assert.deepEqual(await inWasm(worker, words), [], "engine");
  await finish();
});

test("a tab that is closed over a queue loses none of it", async () => {
  const { page, finish } = await visit(stage);
  await five(page);
  await page.locator("scrubjay-review").press("j");
  await page.locator("scrubjay-review").press("x");
  await page.keyboard.press("Shift+N");
  await press(page, "About…");
  await page.locator('[data-field="name"]').fill("Osprina");
  await press(page, "Done");
  await reviewing(page);
  await press(page, "Edit text");
  await page.locator("textarea").press("Control+End");
  await page.keyboard.type("More.");
  await page.keyboard.press("Escape");
  await page.locator(".entry").nth(4).click();
  await press(page, "Remove note 3");
  await draftIs(page, "kept");
  const kept = await drafts(page);
  assert.equal(kept.length, 4);
  for (const { extractable, text } of kept) {
    assert.equal(extractable, false);
    assert.doesNotMatch(text, /Zora|Tarn|format|Osprina/);
  }
  await page.reload();
  await page.getByText("4 notes of").waitFor();
  await press(page, "Go on with it");
  await reviewing(page);
  for (const id of [1, 3, 4]) await rowSays(page, id, "To review");
  assert.equal(await current(page), "Note 1");
  assert.equal(await page.locator("scrubjay-review mark.kept").count(), 1);
  await page.locator("scrubjay-review").press("u");
  assert.equal(await page.locator("scrubjay-review mark.kept").count(), 0);
  await page.keyboard.press("Shift+N");
  assert.match(await page.locator("textarea").inputValue(), /More\.$/);
  await press(page, "Back without changes");
  await press(page, "About…");
  assert.equal(await page.locator('[data-field="name"]').inputValue(), "Osprina");
  await press(page, "Done");
  await draftIs(page, "kept");
  await page.waitForFunction(() => !document.querySelector(
    '.draft[data-state="changed"]'));
  assert.equal((await drafts(page)).length, 4, "those of the former tab went");
  await finish();
});

test("the open note goes first: what is read ahead makes way for it", async () => {
  const page = await emptyPage(stage);
  const told = await page.evaluate(async () => {
    const { files } = await (await fetch("/assets.json")).json();
    const { createRedactor } = await import(`/${files["redactor.js"].path}`);
    const redactor = await createRedactor({ assets: "/", model: "none" });
    const long = "Seen by Dr. Amadou Quill on 03/14/2026. ".repeat(20_000);
    /** @type {string[]} */
    const order = [];
    /** @type {(name: string, work: Promise<any>) => Promise<void>} */
    const note = (name, work) => work.then(
      () => void order.push(name),
      ({ code }) => void order.push(`${name} ${code}`));
    await Promise.all([
      note("ahead", redactor.detect(long, { ahead: true })),
      note("behind", redactor.detect("Ada", { ahead: true })),
      note("open", redactor.detect("Dr. Amadou Quill")),
    ]);
    // With nobody waiting, it comes to its end.
    await note("again", redactor.detect("Ada Test", { ahead: true }));
    redactor.close();
    return order;
  });
  assert.deepEqual([...told].sort(),
    ["again", "ahead CANCELLED", "behind CANCELLED", "open"]);
  assert.equal(told.at(-1), "again");
  await page.context().close();
});

test("a note that is opened is not kept waiting by those that are read ahead", async () => {
  const { page, finish } = await visit(stage);
  const long = "Seen by Dr. Amadou Quill on 03/14/2026.\n".repeat(5000);
  await dropFiles(page, [String(NOTES[0]), long, long, long, String(NOTES[1])]);
  await reviewing(page);
  await page.locator(".entry").nth(4).click();
  await page.waitForFunction((text) => {
    const one = /** @type {any} */ (document.querySelector("scrubjay-review"));
    return one?.session.note.text === text && one.session.items.length > 0;
  }, NOTES[1], { timeout: 5000 });
  assert.equal(await current(page), "Note 5");
  for (const id of [2, 3, 4]) await rowSays(page, id, "To review");
  await finish();
});
