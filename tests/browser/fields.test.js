// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The fields of a note: a chart's header makes a patient known, a policy says
// what stays in clear, and of both only the policy is remembered.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

// No rule finds the bare surname in small letters.
const NOTE = [
  "kern came in on 02/09/2026, seen by Dr. Amadou Quill. Ref 7300481.",
  "Walks to Fernhill every day.",
  "",
].join("\n");

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page @returns {Promise<Record<string, string>>} */
const states = (page) =>
  page.locator("scrubjay-review").evaluate((element) => {
    const { items, note } = /** @type {any} */ (element).session;
    return Object.fromEntries(items.map((/** @type {any} */ i) => [
      note.text.slice(i.start, i.end),
      `${i.kept ? "clear" : "hidden"}${i.decided ? " decided" : ""}`]));
  });

/** @param {Page} page @returns {Promise<string>} */
const scrubbed = (page) =>
  page.locator("scrubjay-review").evaluate(async (element) =>
    (await /** @type {any} */ (element).write())?.text);

test("a FHIR Patient fills the form in, and is found in the note", async () => {
  const { page, finish } = await visit(stage);
  await page.getByRole("button", { name: "About the note…" }).click();
  const dialog = page.getByRole("dialog", { name: "About this note" });
  const area = dialog.getByLabel("Paste the header of the chart");
  await area.fill('{"resourceType": "Patient", "name": [');
  await dialog.getByText("Nothing in it was understood").waitFor();
  await area.fill(JSON.stringify({
    resourceType: "Patient", id: "x", active: true,
    name: [{ use: "official", family: "Kern", given: ["Zora", "Q."] }],
    birthDate: "1951-03-04",
    identifier: [{ type: { coding: [{ code: "MR" }] }, value: "7300481" }],
  }, null, 2));
  await dialog.getByText("3 fields were filled in. Check them.").waitFor();
  assert.equal(await dialog.getByLabel("Names", { exact: true }).inputValue(),
    "Kern, Zora Q.");
  assert.equal(await dialog.getByLabel("Birth date").inputValue(), "1951-03-04");
  await press(page, "Done");
  await pasteNote(page, NOTE);
  await reviewing(page);
  const now = await states(page);
  assert.equal(now["kern"], "hidden");
  assert.equal(now["7300481"], "hidden");
  await finish();
});

test("the header of a chart makes the patient known", async () => {
  const visited = await visit(stage);
  const { page, finish } = visited;
  await pasteNote(page, NOTE);
  await reviewing(page);
  assert.equal((await states(page))["kern"], undefined);
  await press(page, "About…");
  const dialog = page.getByRole("dialog", { name: "About this note" });
  await dialog.getByLabel("Paste the header of the chart")
    .fill("Patient: KERN, Zora   DOB 03/04/1951   MRN 7300481");
  await dialog.getByText("3 fields were filled in. Check them. The birth date")
    .waitFor();
  assert.equal(await dialog.getByLabel("Birth date").inputValue(), "1951-03-04");
  assert.equal(await dialog.getByLabel("Names", { exact: true }).inputValue(), "KERN, Zora");
  assert.deepEqual(await axe(visited), []);
  await dialog.getByLabel("Document type").selectOption("discharge-summary");
  await press(page, "Done");
  await page.waitForFunction(() => /** @type {any} */ (
    document.querySelector("main scrubjay-review"))?.session.items.some(
    (/** @type {any} */ i) => i.sources.some(
      (/** @type {any} */ s) => s.kind === "known")));
  const now = await states(page);
  assert.equal(now["kern"], "hidden");
  assert.equal(now["7300481"], "hidden");
  assert.match(await scrubbed(page), /^\[NAME\] came in on \[DATE\]/);
  // Undone with the note; nothing of it in any storage.
  await press(page, "New note");
  await page.getByText("Discharge summary · patient not known yet").waitFor();
  assert.doesNotMatch(await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
  /kern|7300481|1951/i);
  await pasteNote(page, NOTE);
  await reviewing(page);
  assert.equal((await states(page))["kern"], undefined);
  await finish();
});

test("what a policy leaves in clear is said, and can be hidden", async () => {
  const visited = await visit(stage, { acceptDownloads: true });
  const { page, finish } = visited;
  await press(page, "About the note…");
  const dialog = page.getByRole("dialog");
  // Those that the engine was built from, and no others.
  assert.deepEqual(
    (await dialog.getByLabel("Policy").locator("option").evaluateAll(
      (all) => all.map((one) => /** @type {any} */ (one).value))).sort(),
    ["gdpr-fr", "limited-dataset", "safe-harbor", "strict"]);
  await dialog.getByLabel("Policy").selectOption("limited-dataset");
  await dialog.getByLabel("Names of those who treat stay").check();
  await press(page, "Done");
  await page.getByText("Limited data set ·").waitFor();
  await pasteNote(page, NOTE);
  await reviewing(page);
  assert.deepEqual(await states(page), {
    "02/09/2026": "clear", "Amadou Quill": "clear", "7300481": "hidden" });
  await page.locator("scrubjay-review").getByText("by policy").first().waitFor();
  assert.match(await scrubbed(page), /on 02\/09\/2026, seen by Dr\. Amadou Quill/);
  // What a person hides is hidden under every policy.
  await page.locator("scrubjay-review").getByLabel("Hide Date 02/09/2026")
    .check();
  assert.match(await scrubbed(page), /on \[DATE\], seen by Dr\. Amadou Quill/);
  await press(page, "Sign off…");
  await page.getByText("The direct identifiers of 45 CFR 164.514(e)(2)")
    .waitFor();
  await page.getByRole("checkbox").check();
  await page.getByLabel("Your name").fill("Ilse Brandt");
  await page.getByLabel("Your role").fill("physician");
  await press(page, "Sign");
  const [file] = await Promise.all([
    page.waitForEvent("download"), press(page, "Download the report")]);
  const { readFile } = await import("node:fs/promises");
  const report = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.equal(report.statement.policy, "limited-dataset,keep-providers");
  assert.equal(report.counts.leftByPolicy, 1);
  assert.equal(report.counts.leftInClear, 0);
  assert.equal(report.counts.hidden, 2);
  // Remembered: in this browser, for the next note and the next visit.
  await page.reload();
  await page.getByText("Limited data set").waitFor();
  await finish();
});

test("the style that was chosen is remembered", async () => {
  const { page, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.locator("scrubjay-review").getByLabel("Write as")
    .selectOption("numbered");
  assert.match(await scrubbed(page), /<DATE_0>/);
  await page.reload();
  await page.getByText(/Engine ready/).waitFor();
  await pasteNote(page, NOTE);
  await reviewing(page);
  assert.match(await scrubbed(page), /<DATE_0>/);
  await finish();
});

test("what is known of a patient is covered and locked like a note", async () => {
  const { page, finish } = await visit(stage, {
    prepare: (context) => context.clock.install(),
  });
  const hidden = (/** @type {boolean} */ now) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden",
      { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, now);
  await press(page, "About the note…");
  const dialog = page.locator(".fields-of");
  await dialog.locator("textarea").fill("Patient: KERN, Zora");
  const opacity = () => dialog.evaluate((one) => getComputedStyle(one).opacity);
  assert.equal(await opacity(), "1");
  await hidden(true);
  assert.equal(await opacity(), "0");
  await hidden(false);
  assert.equal(await opacity(), "1");
  await page.clock.fastForward("05:10");
  await page.getByRole("main", { name: "The note is hidden" }).waitFor();
  assert.equal(await dialog.count(), 0);
  await page.getByRole("main", { name: "The note is hidden" })
    .getByRole("button").last().click();
  await page.getByText("patient not known yet").waitFor();
  await finish();
});

test("in French, dark and narrow, the dialog is whole, and axe finds nothing", async () => {
  const visited = await visit(stage, {
    locale: "fr-FR", colorScheme: "dark", viewport: { width: 390, height: 844 },
  });
  const { page, finish } = visited;
  await press(page, "À propos de la note…");
  const dialog = page.locator(".fields-of");
  await dialog.locator("textarea")
    .fill("Nom : KERNEVEL   Prénom : Zoé   Née le 03/04/1951   IPP 8004815");
  await dialog.getByText("3 champs remplis. À vérifier.").waitFor();
  assert.equal(
    await dialog.getByLabel("Date de naissance").inputValue(), "1951-04-03");
  assert.equal(await dialog.evaluate(
    (one) => one.scrollWidth > one.clientWidth), false);
  assert.deepEqual(await axe(visited), []);
  await press(page, "Effacer le patient");
  await press(page, "Terminé");
  await page.getByText("patient pas encore connu").waitFor();
  await finish();
});
