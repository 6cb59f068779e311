// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Several notes at once: opened or dropped, read ahead, gone through by keys,
// signed with one key, sent, taken out, and wiped all together.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";
import {
  current, dropFiles, nameSigner, NOTES, openFiles, rows, rowSays, seeAll,
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

/** @param {Page} page @param {string} name */
const heading = (page, name) =>
  page.getByRole("heading", { name, exact: true }).waitFor();

/** @param {Page} page */
const review = (page) => page.locator("scrubjay-review");

/** @param {Page} page what stands in the open note */
const text = (page) => review(page).evaluate(
  (element) => /** @type {any} */ (element).session.note.text);

/** Five notes, all read. @param {Page} page */
async function five(page) {
  await openFiles(page, NOTES);
  await reviewing(page);
  for (const id of [1, 2, 3, 4, 5]) await rowSays(page, id, "To review");
}

/** Everything seen, then the one key twice. @param {Page} page */
async function signByKey(page) {
  await seeAll(page);
  await page.keyboard.press("Control+Enter");
  await heading(page, "Sign off");
  await page.keyboard.press("Control+Enter");
}

test("five files at once: read ahead, gone through, each as it was left", async () => {
  const visited = await visit(stage);
  const { page, finish } = visited;
  await five(page);
  assert.equal(await current(page), "Note 1");
  assert.equal((await rows(page))[2], "Note 3 | To review: nothing found");
  assert.deepEqual(await axe(visited), []);
  // Decisions, undo and what is being typed stay with their note.
  await review(page).press("j");
  await review(page).press("x");
  await page.keyboard.press("Shift+N");
  assert.equal(await current(page), "Note 2");
  assert.equal(await text(page), NOTES[1]);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName),
    "SCRUBJAY-REVIEW");
  await press(page, "Edit text");
  await page.locator("textarea").press("Control+End");
  await page.keyboard.type("N and P are letters in a field.");
  await rowSays(page, 2, "Being edited");
  await page.locator(".entry").nth(3).click();
  assert.equal(await current(page), "Note 4");
  assert.equal(await text(page), String(NOTES[3]).replaceAll("\r\n", "\n"));
  await page.keyboard.press("Shift+P");
  await page.keyboard.press("Shift+P");
  assert.match(await page.locator("textarea").inputValue(), /in a field/);
  await press(page, "Back without changes");
  assert.equal(await text(page), NOTES[1]);
  await page.keyboard.press("Shift+P");
  assert.equal(await current(page), "Note 1");
  assert.equal(await page.locator("scrubjay-review mark.kept").count(), 1);
  await review(page).press("u");
  assert.equal(await page.locator("scrubjay-review mark.kept").count(), 0);
  await page.keyboard.press("Shift+P");
  await page.getByText("There is no note before this one.").waitFor();
  // A note taken in with CRLF is written with CRLF.
  await page.locator(".entry").nth(3).click();
  const original = await review(page).evaluate(
    (element) => /** @type {any} */ (element).session.note.original);
  assert.equal(original, NOTES[3]);
  await finish();
});

test("what the chart knows of one patient is of one note", async () => {
  const { page, finish } = await visit(stage);
  await five(page);
  await press(page, "About…");
  await page.locator('[data-field="name"]').fill("Osprina");
  await page.getByLabel("Document type").selectOption("letter");
  await press(page, "Done");
  await reviewing(page);
  const marks = () => page.locator("scrubjay-review mark").allTextContents();
  await page.locator("scrubjay-review mark", { hasText: "Osprina" }).waitFor();
  await page.keyboard.press("Shift+N");
  await press(page, "About…");
  assert.equal(await page.locator('[data-field="name"]').inputValue(), "");
  // The type that was chosen last goes on, as it does from note to note.
  assert.equal(
    await page.getByLabel("Document type").inputValue(), "letter");
  await page.getByLabel("Document type").selectOption("other");
  await press(page, "Done");
  await page.keyboard.press("Shift+P");
  assert.ok((await marks()).some((words) => /osprina/i.test(words)));
  await press(page, "About…");
  assert.equal(await page.locator('[data-field="name"]').inputValue(), "Osprina");
  assert.equal(
    await page.getByLabel("Document type").inputValue(), "letter");
  await finish();
});

test("one key signs and leads on, by the rules of each note", async () => {
  const visited = await visit(stage);
  const { page, finish } = visited;
  await five(page);
  // Name and role are asked once; without them nothing is signed.
  await signByKey(page);
  await page.getByRole("alert").getByText("Type your name.").waitFor();
  assert.deepEqual(await axe(visited), []);
  await nameSigner(page);
  await page.keyboard.press("Control+Enter");
  await rowSays(page, 1, "Signed");
  assert.equal(await current(page), "Note 2");
  assert.equal(await text(page), NOTES[1]);
  // What stands in the way of one note stops there.
  await review(page).evaluate((element) => {
    const one = /** @type {any} */ (element);
    one.add({ start: one.session.note.text.indexOf("called"),
      end: one.session.note.text.indexOf("called") + 6 }, "PERSON");
    const again = one.session.note.text.indexOf("Tarn");
    const item = one.session.items.find(
      (/** @type {any} */ i) => i.start <= again && again < i.end);
    one.show(item);
  });
  await review(page).press("x");
  await seeAll(page);
  await page.keyboard.press("Control+Enter");
  await page.locator(".blocks").waitFor();
  await page.keyboard.press("Control+Enter");
  assert.equal(await page.locator(".sign .blocks button:focus").count(), 1);
  assert.equal(await current(page), "Note 2");
  // It goes on with the next that has something to do, past what is signed.
  for (const id of [3, 4, 5]) {
    await page.locator(".entry").nth(id - 1).click();
    await signByKey(page);
    await rowSays(page, id, "Signed");
  }
  assert.equal(await current(page), "Note 2");
  assert.equal(await page.locator(".queue .progress").textContent(),
    "4 of 5 signed");
  await review(page).press("u");
  await signByKey(page);
  await rowSays(page, 2, "Signed");
  await heading(page, "Signed");
  await page.getByText("last note with something to do").waitFor();
  // Each has its own text and report, and all of them one file.
  const download = page.waitForEvent("download");
  await press(page, "Download 5 signed texts");
  const file = await download;
  assert.match(file.suggestedFilename(), /^scrubbed-notes-\d{8}-\d{4}\.jsonl$/);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ note }) => note), [1, 2, 3, 4, 5]);
  assert.doesNotMatch(JSON.stringify(lines), /Zora|Tarn|Oba|KERNEVEL|00481516/);
  assert.equal(lines[2].text, NOTES[2]);
  for (const { text: scrubbed, sha256 } of lines) {
    const digest = await crypto.subtle.digest(
      "SHA-256", new TextEncoder().encode(scrubbed));
    assert.equal(sha256, Buffer.from(digest).toString("hex"));
  }
  const reports = page.waitForEvent("download");
  await press(page, "Download their reports");
  const told = await readFile(await (await reports).path(), "utf8");
  assert.equal(told.trim().split("\n").length, 5);
  assert.doesNotMatch(told, /Zora|Tarn|Cough|KERNEVEL/);
  await page.locator(".entry").first().click();
  await heading(page, "Signed");
  assert.match(await page.locator(".preview").textContent() ?? "", /Left upper/);
  await finish();
});

test("files that are no notes are said, one by one, and the others go on", async () => {
  const visited = await visit(stage);
  const { page, finish } = visited;
  const pdf = [...Buffer.from("%PDF-1.7 and more")];
  const latin = [...Buffer.from("Renée, n\u00e9e en 1951\nF", "latin1")];
  await dropFiles(page, [String(NOTES[0]), pdf, "  \n", [0, 1, 2, 3, 0, 0, 4],
    latin, String(NOTES[1])]);
  await reviewing(page);
  await rowSays(page, 2, "To review");
  const bad = page.locator(".queue-note.bad");
  await bad.getByText("4 files were not opened").waitFor();
  assert.deepEqual(await bad.locator("li").allTextContents(), [
    "File 2: it is a PDF. This version reads plain text only.",
    "File 3: there is nothing in it.",
    "File 4: it is not text.",
    "File 5: it is not valid UTF-8, first on line 1. Save it as UTF-8 and " +
      "open it again.",
  ]);
  assert.equal((await rows(page)).length, 2);
  assert.deepEqual(await axe(visited), []);
  await press(page, "Dismiss");
  assert.equal(await bad.count(), 0);
  // More files follow those that are there; one alone, too.
  await dropFiles(page, [String(NOTES[2])]);
  await rowSays(page, 3, "To review");
  assert.equal(await current(page), "Note 1");
  await finish();
});

test("none of several files is a note: it is said, and the page is as it was", async () => {
  const { page, finish } = await visit(stage);
  await page.locator("textarea").fill("Typed so far");
  await dropFiles(page, [[...Buffer.from("%PDF-1.7")], ""]);
  await page.getByText("2 files were not opened").waitFor();
  assert.equal(await page.locator("textarea").inputValue(), "Typed so far");
  await press(page, "Dismiss");
  await finish();
});

test("200 notes are taken, and 32 MB; what is more is said", async () => {
  const { page, finish } = await visit(stage);
  await dropFiles(page, Array.from({ length: 203 }, (_, i) => `Note ${i}.`));
  await page.getByText("Files 201 to 203: there are 200 notes already")
    .waitFor({ timeout: 60_000 });
  assert.equal((await rows(page)).length, 200);
  await press(page, "Wipe all…");
  await press(page, "Wipe them");
  const big = "Cough. ".repeat(1.5e6);
  await page.evaluate((words) => {
    const data = new DataTransfer();
    for (let i = 0; i < 4; i++) data.items.add(new File([words], "x"));
    document.body.dispatchEvent(new DragEvent(
      "drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  }, big);
  await page.getByText("File 4: all notes together would be larger")
    .waitFor({ timeout: 60_000 });
  assert.equal((await rows(page)).length, 3);
  // The first of them is being read: nothing is waited for.
  await press(page, "Wipe all…");
  await press(page, "Wipe them");
  await page.locator("textarea").waitFor();
  await finish();
});

test("a folder gives its files, in the order of their names", async () => {
  const { page, finish } = await visit(stage);
  await page.evaluate((all) => {
    /** @type {(name: string, text: string) => any} */
    const file = (name, text) => ({ isDirectory: false, name,
      file: (/** @type {any} */ give) => give(new File([text], name)) });
    /** @type {(name: string, children: any[]) => any} */
    const folder = (name, children) => ({ isDirectory: true, name,
      createReader: () => {
        const parts = [children.slice(0, 2), children.slice(2), []];
        return { readEntries: (/** @type {any} */ give) => give(parts.shift()) };
      } });
    const tree = folder("ward", [file("10.txt", all[2]), file("2.txt", all[1]),
      file(".hidden", "no"), folder("1", [file("a.txt", all[0])])]);
    DataTransferItem.prototype.webkitGetAsEntry = () => tree;
    const data = new DataTransfer();
    data.items.add(new File(["x"], "ward"));
    document.body.dispatchEvent(new DragEvent(
      "drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  }, NOTES);
  await reviewing(page);
  await rowSays(page, 3, "To review");
  assert.equal(await text(page), NOTES[0]);
  await page.keyboard.press("Shift+N");
  assert.equal(await text(page), NOTES[1]);
  assert.equal((await rows(page)).length, 3);
  await finish();
});

test("a note that is on the page, or being typed, is the first in line", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, String(NOTES[3]));
  await reviewing(page);
  await dropFiles(page, NOTES.slice(0, 2));
  await rowSays(page, 3, "To review");
  assert.equal(await current(page), "Note 1");
  assert.equal(await text(page), String(NOTES[3]).replaceAll("\r\n", "\n"));
  await press(page, "Wipe all…");
  await press(page, "Wipe them");
  await page.locator("textarea").fill("Typed for");
  await dropFiles(page, NOTES.slice(0, 2));
  await rowSays(page, 3, "To review");
  assert.equal(await page.locator("textarea").inputValue(), "Typed for");
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Zora");
  await page.locator(".entry").nth(1).click();
  await reviewing(page);
  await page.keyboard.press("Shift+P");
  assert.equal(await page.locator("textarea").inputValue(), "Typed for Zora");
  await finish();
});

test("a note is taken out, and put back as it was", async () => {
  const visited = await visit(stage);
  const { page, finish } = visited;
  await five(page);
  await review(page).press("j");
  await review(page).press("x");
  await press(page, "Remove note 1");
  assert.equal(await current(page), "Note 2");
  assert.equal((await rows(page)).length, 4);
  await page.getByText("Note 1 was removed.").waitFor();
  assert.deepEqual(await axe(visited), []);
  await press(page, "Put it back");
  assert.equal((await rows(page))[0]?.startsWith("Note 1"), true);
  await page.keyboard.press("Shift+P");
  assert.equal(await page.locator("scrubjay-review mark.kept").count(), 1);
  // By keyboard alone.
  await page.locator(".entry[aria-current]").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Delete");
  await page.getByText("Note 3 was removed.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.querySelector(
    ".name")?.textContent), "Note 4");
  await page.keyboard.press("Enter");
  assert.equal(await current(page), "Note 4");
  await finish();
});

test("keys are told in the list of keys, on a French keyboard too", async () => {
  const { page, finish } = await visit(stage, { locale: "fr-FR" });
  await openFiles(page, NOTES);
  await reviewing(page);
  await page.getByText("5 trouvés", { exact: false }).first().waitFor();
  // Letters are read by what is printed: here N lies where it lies anywhere,
  // and its code says nothing.
  await page.evaluate(() => document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key: "N", code: "KeyB", shiftKey: true,
      bubbles: true, composed: true, cancelable: true })));
  assert.equal(await current(page), "Note 2");
  await review(page).press("?");
  const help = page.getByRole("dialog");
  await help.getByText("signer et ouvrir la note suivante").waitFor();
  assert.equal(await help.getByText("Ctrl + Entrée").count(), 1);
  assert.equal(await help.getByText("appliquer", { exact: true }).count(), 0);
  // Under a dialog, the keys do nothing.
  await page.keyboard.press("Shift+N");
  assert.equal(await current(page), "Note 2");
  await page.keyboard.press("Escape");
  await finish();
});

for (const look of [
  { colorScheme: /** @type {const} */ ("dark"), locale: "fr-FR" },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { viewport: { width: 390, height: 844 }, locale: "fr-FR",
    colorScheme: /** @type {const} */ ("dark") },
  { forcedColors: /** @type {const} */ ("active") },
])
  test(`axe finds nothing, nothing moves, all fits: ${JSON.stringify(look)}`,
    async () => {
      const visited = await visit(stage, look);
      const { page, finish } = visited;
      await openFiles(page, NOTES);
      await reviewing(page);
      await page.locator('[data-standing="review"]').nth(4)
        .waitFor({ state: "attached" });
      await page.evaluate(() => {
        const shifts = /** @type {number[]} */ ([]);
        Object.assign(globalThis, { __shifts: shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            shifts.push(/** @type {any} */ (entry).value);
        }).observe({ type: "layout-shift" });
      });
      assert.deepEqual(await axe(visited), []);
      const narrow = "viewport" in look;
      if (narrow) await page.locator(".queue .toggle").click();
      await page.locator(".entry").nth(4).click();
      if (narrow) {
        assert.equal(await page.locator(".queue-more").isVisible(), false);
        await page.locator(".queue .toggle").click();
        assert.deepEqual(await axe(visited), []);
        await page.locator(".queue .toggle").click();
      }
      await seeAll(page);
      await page.keyboard.press("Control+Enter");
      await page.locator(".sign").waitFor();
      assert.deepEqual(await axe(visited), []);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
      assert.deepEqual(await page.evaluate(
        () => /** @type {any} */ (globalThis).__shifts), []);
      assert.ok(await page.evaluate(() =>
        document.documentElement.scrollWidth <= innerWidth));
      await finish();
    });
