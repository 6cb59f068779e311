// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// From a review to a signed report, as a person goes: what stands in the way
// leads to its place, and the report holds no word of the note.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = [
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

/** @param {Page} page @param {string | RegExp} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page @param {string} name */
const heading = (page, name) =>
  page.getByRole("heading", { name, exact: true }).waitFor();

/** @param {Page} page @param {string} words hides their first place */
const hide = (page, words) =>
  page.locator("scrubjay-review").evaluate((element, wanted) => {
    const review = /** @type {any} */ (element);
    const start = review.session.note.text.indexOf(wanted);
    review.add({ start, end: start + wanted.length }, "PERSON");
  }, words);

/** @param {Page} page goes to every finding to check */
const seeAll = (page) =>
  page.locator("scrubjay-review").evaluate((element) => {
    const review = /** @type {any} */ (element);
    const doubts = review.session.items.filter(
      (/** @type {any} */ item) => item.uncertain);
    for (const doubt of doubts) review.show(doubt);
  });

/** @param {Page} page @param {string} name @returns {Promise<string>} */
async function download(page, name) {
  const [file] = await Promise.all([
    page.waitForEvent("download"), press(page, name)]);
  assert.match(file.suggestedFilename(),
    /^(?:scrubbed|report)-\d{8}-\d{4}\.(?:txt|json)$/);
  return readFile(await file.path(), "utf8");
}

test("words left in clear lead to their place; then the note is signed", async () => {
  const visited = await visit(stage, { acceptDownloads: true });
  const { page, finish } = visited;
  await pasteNote(page, NOTE);
  await reviewing(page);
  await seeAll(page);
  await hide(page, "Osprina");
  await press(page, "Sign off…");
  await heading(page, "Sign off");
  await page.getByText("Words that are hidden elsewhere stand in clear in 1")
    .waitFor();
  assert.equal(await page.getByRole("button", { name: "Sign", exact: true })
    .count(), 0);
  assert.deepEqual(await axe(visited), []);
  await press(page, "Show the first place");
  await page.locator("scrubjay-review").getByRole("button",
    { name: "Hide", exact: true }).click();
  await press(page, "Sign off…");
  await page.getByText("nothing hidden stands in clear elsewhere").waitFor();
  assert.deepEqual(await axe(visited), []);

  await press(page, "Sign");
  await page.getByText("Tick the statement.").waitFor();
  await page.getByRole("checkbox", { name: /^No language model read/ }).check();
  await press(page, "Sign");
  await page.getByText("Type your name.").waitFor();
  await page.getByLabel("Your name").fill("Ines Voss");
  await page.keyboard.press("Enter");
  await page.getByText("Type your role").waitFor();
  await page.getByLabel("Your role").fill("Physician");
  const shown = await page.locator(".preview").textContent();
  await page.keyboard.press("Enter");
  await heading(page, "Signed");
  assert.deepEqual(await axe(visited), []);

  const text = await download(page, "Download the text");
  assert.equal(text, shown);
  assert.doesNotMatch(text, /Kern|Osprina|Quill|1516|4477/);
  const json = await download(page, "Download the report");
  const report = JSON.parse(json);
  assert.equal(report.output.sha256,
    createHash("sha256").update(text).digest("hex"));
  assert.equal(report.output.bytes, Buffer.byteLength(text));
  assert.deepEqual(report.reviewer, { name: "Ines Voss", role: "Physician" });
  assert.equal(report.statement.rulesOnly, true);
  assert.equal(report.counts.addedByHand, 2);
  assert.equal(report.residual.found, 0);
  assert.equal(report.coverage.complete, true);
  const { files, packs } = JSON.parse(await readFile(
    new URL("../../build/site-none/assets.json", import.meta.url), "utf8"));
  assert.equal(report.engine.sha256, files["scrubjay.wasm"].sha256);
  assert.deepEqual(report.engine.packs, packs);
  assert.ok(Object.keys(packs).length > 30);
  for (const word of ["Zora", "Kern", "Osprina", "Quill", "upper lobe"])
    assert.ok(!json.includes(word));

  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".preview").isVisible(), false);
  assert.equal(await page.getByText("SHA-256 of the scrubbed").isVisible(),
    true);
  await finish();
});

test("a finding to check that nobody saw leads to itself", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  const doubts = await page.locator("scrubjay-review").evaluate((element) => {
    const review = /** @type {any} */ (element);
    // One more that the engine is not sure of, whatever rules it has.
    const [first, ...rest] = review.session.items;
    const items = [{ ...first, uncertain: true }, ...rest];
    review.load({ ...review.session, items });
    return items.filter((/** @type {any} */ item) => item.uncertain).length;
  });
  await press(page, "Sign off…");
  await page.getByText(new RegExp(`^${doubts} findings? to check not looked`))
    .waitFor();
  await press(page, "Show the first one");
  const seen = await page.locator("scrubjay-review").evaluate((element) => {
    const { session } = /** @type {any} */ (element);
    return session.focus === session.items[0].id;
  });
  assert.equal(seen, true);
  await seeAll(page);
  await press(page, "Sign off…");
  await page.getByText("nothing hidden stands in clear elsewhere").waitFor();
  await finish();
});

test("a word that means something else is left, and counted", async () => {
  const { page, finish } = await visit(stage, { acceptDownloads: true });
  await pasteNote(page, NOTE);
  await reviewing(page);
  await seeAll(page);
  await hide(page, "Osprina");
  await press(page, "Sign off…");
  await press(page, "It means something else there");
  await page.getByText("nothing hidden stands in clear elsewhere").waitFor();
  await page.getByLabel("Your name").fill("Ines Voss");
  await page.getByLabel("Your role").fill("Physician");
  await page.getByRole("checkbox").check();
  await press(page, "Sign");
  await heading(page, "Signed");
  const report = JSON.parse(await download(page, "Download the report"));
  assert.equal(report.residual.accepted, 1);
  assert.equal(report.counts.leftInClear, 1);
  // Whoever goes back signs anew; the name is still there, the tick is not.
  await press(page, "Back to the review");
  await press(page, "Sign off…");
  await heading(page, "Sign off");
  assert.equal(await page.getByLabel("Your name").inputValue(), "Ines Voss");
  assert.equal(await page.getByRole("checkbox").isChecked(), false);
  await finish();
});

test("another text than the one that was scanned is not signed", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.locator("scrubjay-review").evaluate((element) => {
    const review = /** @type {any} */ (element);
    const { note } = review.session;
    const other = Object.freeze({ ...note, original: `${note.original}Kern`,
      text: `${note.text}Kern` });
    review.load({ ...review.session, note: other });
  });
  await press(page, "Sign off…");
  await page.getByText("The text was changed since it was scanned.").waitFor();
  await press(page, "Edit and scan again");
  await page.getByLabel("Clinical note").waitFor();
  await finish();
});

test("in French, dark and narrow: the same, and axe finds nothing", async () => {
  const visited = await visit(stage, {
    locale: "fr-FR", colorScheme: "dark", viewport: { width: 390, height: 844 },
  });
  const { page, finish } = visited;
  await pasteNote(page, NOTE);
  await reviewing(page);
  await seeAll(page);
  await hide(page, "Osprina");
  const cut = await page.locator("scrubjay-review").evaluate((element) => {
    const bars = element.shadowRoot?.querySelectorAll(".frame, .bar") ?? [];
    return [...bars].filter((bar) => bar.scrollWidth > bar.clientWidth).length;
  });
  assert.equal(cut, 0);
  await press(page, "Signer…");
  await page.getByText("figurent en clair à 1 endroit").waitFor();
  assert.deepEqual(await axe(visited), []);
  await press(page, "Ces mots ont là un autre sens");
  await page.getByLabel("Votre nom").fill("Inès Voss");
  await page.getByLabel("Votre fonction").fill("Médecin");
  await page.getByRole("checkbox", { name: /^Aucun modèle de langue/ }).check();
  assert.deepEqual(await axe(visited), []);
  await press(page, "Signer");
  await heading(page, "Signé");
  assert.deepEqual(await axe(visited), []);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false);
  await finish();
});

test("with a model, the report can name each of its files by digest", async () => {
  const tiny = await openStage("tiny");
  try {
    const { page, finish } = await visit(tiny);
    const told = await page.evaluate(async () => {
      const assets = await (await fetch("./assets.json")).json();
      const entry = new URL(assets.files["redactor.js"].path, location.href);
      const { createRedactor } = await import(entry.href);
      const redactor = await createRedactor({ assets: "./" });
      const { provenance, engine } = redactor;
      redactor.close();
      return { provenance, engine, assets };
    });
    const { provenance, engine, assets } = told;
    assert.notEqual(engine.model, "none");
    const files = ["manifest.json", "model.onnx", "tokenizer.json"];
    for (const name of files)
      assert.equal(provenance.model[name],
        assets.files[`${assets.model}/${name}`].sha256);
    assert.equal(provenance.model["ort-wasm-simd-threaded.wasm"],
      assets.files["ort-wasm-simd-threaded.wasm"].sha256);
    assert.equal(provenance.engine, assets.files["scrubjay.wasm"].sha256);
    await finish();
  } finally {
    await tiny.stop();
  }
});
