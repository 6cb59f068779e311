// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// queue-kit.js - what the tests of several notes share: invented notes, ways to
// hand them to the page, and what its list says.

/** @import {Page} from "playwright-core" */

/** Five notes; nobody in them lives. */
export const NOTES = [
  "Patient: Zora Kern   MRN: 00481516   DOB: 03/14/1951\n" +
    "Seen on 02/09/2026 by Dr. Amadou Quill. Left upper lobe sampled.\n" +
    "Osprina came along.\n",
  "Patient: Milo Tarn   MRN: 00977210\nMr. Tarn called (555) 010-4477.\n",
  "Cough for three days, no fever. Chest clear.\n",
  "Patient: Ines Oba   DOB: 07/21/1948\r\nDr. Oriel Venn, 02/11/2026.\r\n",
  "Patient : Zoé KERNEVEL   IPP : 8004815   Née le 14/03/1951\n" +
    "Revue par le Dr Maël Vautrin le 2 mars 2026.\n",
];

/** @param {string} text @param {number} i */
const fileOf = (text, i) => ({
  name: `KERN-Zora-${i}.txt`, mimeType: "text/plain", buffer: Buffer.from(text),
});

/** Through the dialog. @param {Page} page @param {readonly string[]} texts */
export function openFiles(page, texts) {
  return page.locator("main input[type=file]").setInputFiles(texts.map(fileOf));
}

/**
 * Drop files on the page, as the browser would.
 * @param {Page} page
 * @param {readonly (string | number[])[]} all text, or bytes
 */
export function dropFiles(page, all) {
  return page.evaluate((parts) => {
    const data = new DataTransfer();
    for (const part of parts)
      data.items.add(new File(
        [typeof part === "string" ? part : new Uint8Array(part)], "KERN.txt"));
    const more = { bubbles: true, cancelable: true, dataTransfer: data };
    document.body.dispatchEvent(new DragEvent("dragover", more));
    document.body.dispatchEvent(new DragEvent("drop", more));
  }, all);
}

/** The rows of the list: name and state. @param {Page} page */
export const rows = (page) => page.locator(".queue-list .entry").evaluateAll(
  (all) => all.map((row) => ["name", "state"].map(
    (part) => row.querySelector(`.${part}`)?.textContent).join(" | ")));

/** The number of the open note. @param {Page} page */
export const current = (page) =>
  page.locator(".entry[aria-current] .name").textContent();

/**
 * Until a row's state begins so. As it is written: `Sent` is not `Being sent`.
 * @param {Page} page @param {number} id @param {string | RegExp} words
 */
export const rowSays = (page, id, words) =>
  page.locator(`.queue-list .entry`).filter({
    has: page.locator(".name", { hasText: new RegExp(`^Note ${id}$`) }),
  }).filter({
    has: page.locator(".state", {
      hasText: typeof words === "string" ? new RegExp(`^\\s*${words}`) : words,
    }),
  }).waitFor();

/** Everything that is to be checked has been seen. @param {Page} page */
export const seeAll = (page) =>
  page.locator("scrubjay-review").evaluate((element) => {
    const review = /** @type {any} */ (element);
    for (const item of review.session.items) review.show(item);
  });

/** Name and role, once in a tab. @param {Page} page */
export async function nameSigner(page) {
  await page.getByLabel("Your name").fill("Ines Voss");
  await page.getByLabel("Your role").fill("Physician");
}
