// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The page as a person uses it, against the real engine in its real worker.
// Each visit also proves that nothing asked another origin, that the policy
// was not violated and that the console stayed empty.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = [
  "PROCEDURE NOTE",
  "",
  "Patient: Zora Kern   MRN: 00481516   DOB: 03/14/1951",
  "Seen on 02/09/2026 by Dr. Amadou Quill. Left upper lobe sampled.",
  "Osprina came along; Osprina will call (555) 010-4477.",
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

/** @param {Page} page @param {string} words where they stand first */
function select(page, words) {
  return review(page).evaluate((element, wanted) => {
    const root = element.shadowRoot?.querySelector(".view");
    const walker = document.createTreeWalker(/** @type {Node} */ (root), 4);
    for (let t = walker.nextNode(); t; t = walker.nextNode()) {
      const at = /** @type {Text} */ (t).data.indexOf(wanted);
      if (at < 0) continue;
      getSelection()?.setBaseAndExtent(t, at, t, at + wanted.length);
      return;
    }
    throw new Error("not there");
  }, words);
}

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page */
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** @param {Page} page what the scrubbed pane shows */
const shown = (page) =>
  review(page)
    .locator(".view >> nth=1")
    .locator(".text")
    .evaluate((text) => text.textContent);

/** @param {Page} page what a redactor of its own makes of the page's marks */
function engineOutput(page, style = "placeholder") {
  return review(page).evaluate(async (element, how) => {
    const review = /** @type {any} */ (element);
    const { note, items } = review.session;
    const marks = items.filter((/** @type {any} */ i) => !i.kept);
    return (await review.redactor.redact(note.original, marks, { style: how }))
      .text;
  }, style);
}

/** @param {Page} page @param {RegExp} text */
const says = (page, text) =>
  page.waitForFunction((source) => {
    const pattern = new RegExp(source);
    const live =
      document
        .querySelector("scrubjay-review")
        ?.shadowRoot?.querySelector(".live")?.textContent ?? "";
    return pattern.test(live);
  }, text.source);

test("paste, untick one, add a missed word everywhere, apply, copy", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  const row = page.getByRole("checkbox", {
    name: "Hide Record number 00481516",
  });
  await row.uncheck();
  await select(page, "Osprina");
  await page
    .getByLabel("Where")
    .selectOption({ label: "Every whole word (2)" });
  await press(page, "Hide");
  await says(page, /2 places added/);
  assert.equal(
    await page.getByRole("button", { name: "Copy" }).isEnabled(),
    false,
  );
  await press(page, "Apply");
  await says(page, /Applied/);
  await press(page, "Copy");
  await says(page, /copied/);
  const copied = await clipboard(page);
  assert.equal(copied, await engineOutput(page));
  assert.equal(copied, await shown(page));
  assert.match(copied, /MRN: 00481516/);
  assert.doesNotMatch(copied, /Osprina|Kern|1951|010-4477/);
  assert.match(copied, /\[NAME\] came along; \[NAME\] will call/);
  await finish();
});

test("the worked example comes out of the page to the byte", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(
    page,
    "Patient John Smith (DOB: 03/15/1985, MRN: 123456789)\n" +
      "SSN: 123-45-6789, Phone: 555-123-4567\n" +
      "Email: john.smith@email.com\n" +
      "Dr. Sarah Johnson at Memorial Hospital, 123 Main St, Boston MA\n",
  );
  await reviewing(page);
  await press(page, "Apply");
  await says(page, /Applied/);
  await press(page, "Copy");
  await says(page, /copied/);
  assert.equal(
    await clipboard(page),
    "Patient [NAME] (DOB: [DATE], MRN: [MRN])\n" +
      "SSN: [SSN], Phone: [PHONE]\n" +
      "Email: [EMAIL]\n" +
      "Dr. [NAME] at [ORGANIZATION], [LOCATION]\n",
  );
  await finish();
});

test("keys alone do all of it", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  const keys = async (/** @type {string[]} */ ...all) => {
    for (const key of all) await page.keyboard.press(key);
  };
  await keys("j", "j", "x");
  await says(page, /stays in clear/);
  await keys("u");
  await says(page, /Undone/);
  await keys("r");
  await says(page, /Done again/);
  await keys(
    "Escape",
    "c",
    "Control+Home",
    "ArrowDown",
    "ArrowDown",
    "ArrowDown",
    "ArrowDown",
    "Control+Shift+ArrowRight",
    "1",
    "a",
  );
  await says(page, /1 place added/);
  await keys("Escape", "Control+Enter");
  await says(page, /Applied/);
  await keys("y");
  await says(page, /copied/);
  const copied = await clipboard(page);
  assert.match(copied, /^\[NAME\] came along; Osprina will/m);
  assert.match(copied, /MRN: 00481516/);
  assert.equal(copied, await engineOutput(page));
  await finish();
});

test("digits work on a French keyboard, and letters stay out of fields", async () => {
  const { page, finish } = await visit(stage, { locale: "fr-FR" });
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.keyboard.press("j");
  await review(page)
    .locator(".view >> nth=0")
    .dispatchEvent("keydown", {
      key: '"',
      code: "Digit3",
      bubbles: true,
      composed: true,
    });
  await says(page, /Type.: Date/);
  await page.keyboard.press("/");
  await page.keyboard.type("xug");
  assert.equal(
    await page.getByLabel("Filtrer la liste").inputValue(),
    "xug",
  );
  await finish();
});

test("marks are real text: a selection over one counts no tag", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  const text = await review(page)
    .locator(".view >> nth=0")
    .locator(".text")
    .evaluate((element) => element.textContent);
  assert.equal(text, NOTE);
  await select(page, "Left upper");
  const range = await review(page).evaluate(async (element) => {
    await new Promise((done) => setTimeout(done, 50));
    return /** @type {any} */ (element).session.selection;
  });
  assert.equal(NOTE.slice(range.start, range.end), "Left upper");
  await finish();
});

test("a mouse drag selects, and a click on a mark makes it current", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  const mark = review(page).locator("mark").first();
  await mark.click();
  assert.match((await mark.getAttribute("class")) ?? "", /current/);
  await mark.click();
  assert.match((await mark.getAttribute("class")) ?? "", /kept/);
  const box = await review(page).locator(".block").first().boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 2, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 12, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Hide", exact: true }).waitFor();
  await finish();
});

test("every style that is copied is the engine's, to the byte", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE.replaceAll("\n", "\r\n"));
  await reviewing(page);
  for (const style of ["numbered", "plain", "redact", "placeholder"]) {
    await page.getByLabel("Write as").selectOption(style);
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Applied" }).waitFor();
    const text = await review(page).evaluate(
      (element) => /** @type {any} */ (element).scrubbed,
    );
    assert.match(text, /\r\n/);
    assert.equal(await shown(page), text.replaceAll("\r\n", "\n"));
  }
  await finish();
});

test("a download is the scrubbed text under a name without the note", async () => {
  const { page, finish } = await visit(stage);
  await page.locator("input[type=file]").setInputFiles({
    name: "kern_zora_1951.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(NOTE),
  });
  await reviewing(page);
  await press(page, "Apply");
  const wait = page.waitForEvent("download");
  await press(page, "Download");
  const file = await wait;
  assert.match(file.suggestedFilename(), /^scrubbed-\d{8}-\d{4}\.txt$/);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), await engineOutput(page));
  await finish();
});

test("an edit scans again and keeps what still holds", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page
    .getByRole("checkbox", { name: "Hide Record number 00481516" })
    .uncheck();
  await press(page, "Edit text");
  await page.locator("textarea").fill(`${NOTE}\nMRN: 00990011\n`);
  await press(page, "Scan again");
  await reviewing(page);
  const box = (/** @type {string} */ n) =>
    page.getByRole("checkbox", { name: `Hide Record number ${n}` });
  assert.equal(await box("00481516").isChecked(), false);
  assert.equal(await box("00990011").isChecked(), true);
  await finish();
});

test("a new note wipes the former from the page", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await press(page, "Apply");
  await says(page, /Applied/);
  await press(page, "New note");
  await page.locator("textarea").waitFor();
  const left = await page.evaluate(() => {
    const deep = (/** @type {any} */ node) =>
      (node.shadowRoot ? deep(node.shadowRoot) : "") +
      node.textContent +
      [...node.querySelectorAll("*")]
        .map(
          (/** @type {any} */ n) =>
            (n.shadowRoot ? n.shadowRoot.textContent : "") + (n.value ?? ""),
        )
        .join();
    return (
      deep(document.documentElement) +
      document.title +
      location.href +
      JSON.stringify({ ...localStorage, ...sessionStorage })
    );
  });
  assert.doesNotMatch(left, /Kern|00481516|Quill/);
  await finish();
});

test("what is no note is refused, says why, and loses nothing", async () => {
  const { page, finish } = await visit(stage);
  const open = (/** @type {Buffer} */ buffer) =>
    page
      .locator("input[type=file]")
      .setInputFiles({ name: "x.txt", mimeType: "text/plain", buffer });
  const alert = page.getByRole("alert");
  await page.locator("textarea").fill("half a note");
  for (const [bytes, words] of /** @type {const} */ ([
    ["%PDF-1.7", "PDF"],
    ["PK\u0003\u0004", "office"],
    ["\u0000\u0001\u0002\u0003", "not text"],
  ])) {
    await open(Buffer.from(bytes, "latin1"));
    await alert.filter({ hasText: words }).waitFor();
  }
  await open(Buffer.from([0x61, 0x0a, 0xe9, 0x62]));
  await alert.filter({ hasText: "line 2, byte 2" }).waitFor();
  await open(Buffer.alloc(16 * 1024 * 1024 + 1, 97));
  await alert.filter({ hasText: "16 MB" }).waitFor();
  assert.equal(await page.locator("textarea").inputValue(), "half a note");
  await page.locator("textarea").fill("  \n ");
  await press(page, "Find identifiers");
  await alert.filter({ hasText: "empty" }).waitFor();
  await finish();
});

test("NUL, CRLF, right to left and emoji go through unharmed", async () => {
  const { page, finish } = await visit(stage);
  const odd =
    "\uFEFF\u0000 👩‍⚕️ MRN: 00481516\r\nמטופל: DOB: 03/14/1951 e\u0301\u2028x\r\n";
  await page.locator("input[type=file]").setInputFiles({
    name: "x",
    mimeType: "text/plain",
    buffer: Buffer.from(`${odd}${"Plain line.\r\n".repeat(20)}`),
  });
  await reviewing(page);
  await press(page, "Apply");
  await says(page, /Applied/);
  const text = await review(page).evaluate(
    (element) => /** @type {any} */ (element).scrubbed,
  );
  assert.equal(text.slice(0, 10), odd.slice(0, 10));
  assert.match(text, /MRN: \[MRN\]\r\nמטופל: DOB: \[DATE\] e\u0301\u2028x\r\n/);
  await finish();
});

test("a worker that dies is said, the text is kept, and a retry works", async () => {
  const { page, finish } = await visit(stage);
  await page.evaluate(() => {
    // The next scan finds a worker that answers nothing and then breaks.
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message) {
      Worker.prototype.postMessage = send;
      this.dispatchEvent(new ErrorEvent("error", { cancelable: true }));
      void message;
    };
  });
  await pasteNote(page, NOTE);
  await page
    .getByRole("alert")
    .filter({ hasText: "stopped in the middle" })
    .waitFor();
  assert.equal(await page.locator("textarea").inputValue(), NOTE);
  await press(page, "Try again");
  await reviewing(page);
  await finish();
});

test("1 MB is taken in while the page goes on answering", async () => {
  const { page, finish } = await visit(stage);
  const large = NOTE.repeat(Math.ceil(1_000_000 / NOTE.length));
  await page.evaluate(() => {
    const gaps = /** @type {number[]} */ ([]);
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    tick();
    Object.assign(globalThis, { __gaps: gaps });
  });
  await page.locator("input[type=file]").setInputFiles({
    name: "x",
    mimeType: "text/plain",
    buffer: Buffer.from(large),
  });
  await reviewing(page);
  await page.keyboard.press("j");
  await says(page, /1 of/);
  const longest = await page.evaluate(() =>
    Math.max(.../** @type {any} */ (globalThis).__gaps),
  );
  assert.ok(longest < 4000, `the page stood still for ${longest} ms`);
  await finish();
});

for (const locale of ["en-US", "fr-FR"])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    for (const width of [1280, 390])
      test(`axe finds nothing: ${locale}, ${colorScheme}, ${width}`, async () => {
        const visited = await visit(stage, {
          locale,
          colorScheme,
          viewport: { width, height: 800 },
        });
        const { page, finish } = visited;
        assert.deepEqual(await axe(visited), [], "empty");
        await page
          .locator("input[type=file]")
          .setInputFiles({
            name: "x",
            mimeType: "",
            buffer: Buffer.from("%PDF-1.7"),
          });
        await page.getByRole("alert").waitFor();
        assert.deepEqual(await axe(visited), [], "refused");
        await pasteNote(page, NOTE);
        await reviewing(page);
        await page.keyboard.press("j");
        await page.keyboard.press("x");
        await select(page, "Osprina");
        await page.waitForTimeout(60);
        assert.deepEqual(await axe(visited), [], "reviewing");
        await page.keyboard.press("a");
        await page.keyboard.press("v");
        await page.keyboard.press("v");
        await page.waitForTimeout(300);
        assert.deepEqual(await axe(visited), [], "side by side");
        await page.keyboard.press("?");
        assert.deepEqual(await axe(visited), [], "keys");
        await page.keyboard.press("Escape");
        await review(page)
          .locator(".sheet-button, .top button")
          .last()
          .waitFor({ state: "attached" });
        await review(page).locator("[slot=actions]").first().click();
        assert.deepEqual(await axe(visited), [], "editing");
        await finish();
      });
