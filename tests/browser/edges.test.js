// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The page at its edges: touch, print, forced colours, drops, a busy page, a
// worker killed for real, and layout that does not move.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  axe, endWorkerAtScan, openStage, pasteNote, reviewing, visit,
} from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = [
  "Patient: Zora Kern",
  "MRN: 00481516",
  "Osprina came along on 02/09/2026.",
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

/**
 * Drop files on the page, as the browser would.
 * @param {Page} page
 * @param {string[]} texts one a file
 */
function drop(page, texts) {
  return page.evaluate((all) => {
    const data = new DataTransfer();
    for (const text of all) data.items.add(new File([text], "note.txt"));
    const more = { bubbles: true, cancelable: true, dataTransfer: data };
    document.body.dispatchEvent(new DragEvent("dragover", more));
    document.body.dispatchEvent(new DragEvent("drop", more));
  }, texts);
}

/** @param {Page} page @param {string} text */
const alert = (page, text) =>
  page.getByRole("alert").filter({ hasText: text }).waitFor();

test("a file dropped anywhere is read; one too many is not", async () => {
  const { page, finish } = await visit(stage);
  await drop(page, [NOTE]);
  await reviewing(page);
  await drop(page, ["another"]);
  await alert(page, "There is a note here already");
  assert.equal(
    await review(page).locator("mark").first().textContent(),
    "Zora Kern",
  );
  await finish();
});

test("a file that cannot be read is said to be so", async () => {
  const { page, finish } = await visit(stage);
  await page.evaluate(() => {
    File.prototype.arrayBuffer = () =>
      Promise.reject(new DOMException("gone", "NotReadableError"));
  });
  await drop(page, ["x"]);
  await alert(page, "could not be read");
  await finish();
});

test("a worker that is ended while it scans loses nothing typed", async () => {
  const { page, finish } = await visit(stage);
  await endWorkerAtScan(page);
  await page.locator("textarea").fill(NOTE);
  await page.getByRole("button", { name: "Find identifiers" }).click();
  await alert(page, "Nothing you typed is lost");
  assert.equal(await page.locator("textarea").inputValue(), NOTE);
  await page.getByRole("button", { name: "Try again" }).click();
  await reviewing(page);
  await finish();
});

test("a refused clipboard is said, and the text can be downloaded", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.evaluate(() => {
    Clipboard.prototype.writeText = () => Promise.reject(new Error("no"));
  });
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Copy" }).click();
  await alert(page, "did not allow copying");
  assert.equal(
    await page.getByRole("button", { name: "Download" }).isEnabled(),
    true,
  );
  await finish();
});

test("a finger finds targets of 44 pixels, the list as a sheet, and the bar", async () => {
  const visited = await visit(stage, {
    viewport: { width: 390, height: 800 },
    hasTouch: true,
    isMobile: true,
  });
  const { page, finish } = visited;
  await page.locator("textarea").fill(NOTE);
  await page.getByRole("button", { name: "Find identifiers" }).tap();
  await reviewing(page);
  const small = await review(page).evaluate((element) => {
    const all = element.shadowRoot?.querySelectorAll(".bar button") ?? [];
    return [...all]
      .map((button) => button.getBoundingClientRect())
      .filter((box) => box.width > 0 && box.height < 44).length;
  });
  assert.equal(small, 0);
  await page.getByRole("button", { name: /^Findings \(/ }).tap();
  const row = page.getByRole("checkbox", {
    name: "Hide Record number 00481516",
  });
  await row.waitFor({ state: "visible" });
  await row.tap();
  assert.deepEqual(await axe(visited), []);
  await page.getByRole("button", { name: "Close" }).tap();
  await page.getByRole("button", { name: "Apply" }).tap();
  await page.getByRole("button", { name: "Applied" }).waitFor();
  const text = await review(page).evaluate(
    (element) => /** @type {any} */ (element).scrubbed,
  );
  assert.match(text, /MRN: 00481516/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} pixels wide`);
  await finish();
});

test("on a narrow screen nothing lies over the foot of the page", async () => {
  const { page, finish } = await visit(stage, {
    viewport: { width: 390, height: 620 },
  });
  await page.getByLabel("Language").selectOption("fr");
  const about = page.getByRole("button", { name: "À propos de la note…" });
  await about.scrollIntoViewIfNeeded();
  const [low, foot] = await Promise.all(
    [about.boundingBox(), page.locator("footer").boundingBox()]);
  assert.ok(low && foot && low.y + low.height <= foot.y);
  await finish();
});

test("forced colours keep every mark apart from the text", async () => {
  const visited = await visit(stage, { forcedColors: "active" });
  const { page, finish } = visited;
  await pasteNote(page, NOTE);
  await reviewing(page);
  const differs = await review(page)
    .locator("mark")
    .first()
    .evaluate((mark) => {
      const behind = /** @type {Element} */ (mark.closest(".view"));
      return (
        getComputedStyle(mark).backgroundColor !==
        getComputedStyle(behind).backgroundColor
      );
    });
  assert.equal(differs, true);
  assert.deepEqual(await axe(visited), []);
  await finish();
});

test("print shows the whole note and none of the controls", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, `${NOTE.repeat(400)}The end.`);
  await reviewing(page);
  await page.emulateMedia({ media: "print" });
  const seen = await review(page).evaluate((element) => {
    const root = /** @type {ShadowRoot} */ (element.shadowRoot);
    const view = /** @type {HTMLElement} */ (root.querySelector(".view"));
    const bar = /** @type {HTMLElement} */ (root.querySelector(".bar"));
    return {
      cut: view.scrollHeight - view.clientHeight,
      bar: bar.offsetHeight,
      tall: view.clientHeight,
    };
  });
  assert.equal(seen.cut, 0);
  assert.equal(seen.bar, 0);
  assert.ok(seen.tall > 10_000);
  await finish();
});

test("nothing moves under the hand from start to scrubbed text", async () => {
  const { page, finish } = await visit(stage);
  await page.evaluate(() => {
    const shifts = /** @type {number[]} */ ([]);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (!(/** @type {any} */ (entry).hadRecentInput))
          shifts.push(/** @type {any} */ (entry).value);
    }).observe({ type: "layout-shift", buffered: true });
    Object.assign(globalThis, { __shifts: shifts });
  });
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.waitForTimeout(700);
  const bar = () => review(page).locator(".bottom").boundingBox();
  const before = await bar();
  await review(page)
    .locator(".block")
    .first()
    .dblclick({ position: { x: 30, y: 12 } });
  await page.getByRole("button", { name: "Hide", exact: true }).waitFor();
  assert.deepEqual(await bar(), before);
  const shifts = await page.evaluate(
    () => /** @type {any} */ (globalThis).__shifts,
  );
  const sum = shifts.reduce(
    (/** @type {number} */ a, /** @type {number} */ b) => a + b,
    0,
  );
  assert.ok(sum < 0.01, `layout shift ${sum}`);
  await finish();
});

test("language and theme change in place, and are all that is stored", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page
    .getByRole("checkbox", { name: "Hide Record number 00481516" })
    .uncheck();
  await page.getByLabel("Language").selectOption("fr");
  const box = page.getByRole("checkbox", {
    name: "Masquer Numéro de dossier 00481516",
  });
  assert.equal(await box.isChecked(), false);
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  const paper = () =>
    review(page)
      .locator(".frame")
      .evaluate((frame) => getComputedStyle(frame).backgroundColor);
  await page.getByLabel("Thème").selectOption("light");
  const light = await paper();
  await page.getByLabel("Thème").selectOption("dark");
  assert.notEqual(await paper(), light);
  const stored = await page.evaluate(() => ({ ...localStorage }));
  assert.deepEqual(stored, {
    "scrubjay.language": "fr",
    "scrubjay.theme": "dark",
  });
  await finish();
});
