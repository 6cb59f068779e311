// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// sending-kit.js - a note, its signature, and a server of the tests' own to send
// it to.

import { chromium } from "playwright-core";

import { makeHospital } from "../web/vault-kit.js";
import { startVaultServer } from "../web/vault-server.js";
import { build, pasteNote, reviewing } from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

export const NOTE = [
  "Patient: Zora Kern   MRN: 00481516   DOB: 03/14/1951",
  "Seen on 02/09/2026 by Dr. Amadou Quill. Left upper lobe sampled.",
  "Ms. Kern will call (555) 010-4477. She has been well since then.",
  "",
].join("\n");

/** A hospital, its server, and a browser before the page that it serves. */
export async function openHospital() {
  const hospital = await makeHospital();
  const site = await build(
    "sending", "none", "--vault-root", hospital.root.kid);
  const server = await startVaultServer(hospital, { site });
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  /** @type {Stage} */
  const stage = {
    browser, origin: server.base.replace("127.0.0.1", "localhost").slice(0, -1),
    stop: async () => {
      await browser.close();
      server.stop();
    },
  };
  return { hospital, server, stage };
}

/** @param {Page} page @param {string | RegExp} name */
export const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page @param {string} name */
export const heading = (page, name) =>
  page.getByRole("heading", { name, exact: true }).waitFor();

/** @param {Page} page tick, name, role, Sign */
export async function sign(page) {
  // The review's own boxes are gone once the heading is there.
  await heading(page, "Sign off");
  await page.getByRole("checkbox").check();
  await page.getByLabel("Your name").fill("Ines Voss");
  await page.getByLabel("Your role").fill("Physician");
  await press(page, "Sign");
  await heading(page, "Signed");
}

/** A note that is signed, in the style that is sent.
 * @param {Page} page @param {string} [note] */
export async function signed(page, note = NOTE) {
  await pasteNote(page, note);
  await reviewing(page);
  await page.locator("scrubjay-review").evaluate((element) => {
    const review = /** @type {any} */ (element);
    for (const item of review.session.items) review.show(item);
  });
  await press(page, "Sign off…");
  await sign(page);
  // The page keeps the style for the next note.
  const number = page.getByRole("button", { name: "Number it, to send it…" });
  if (await number.count() === 0) return;
  await number.click();
  await heading(page, "Sign off");
  await sign(page);
}

/** Who sends. @param {Page} page @param {string} passphrase */
export async function enter(page, passphrase) {
  await press(page, "Send…");
  await page.getByLabel("User name").fill("physician-1");
  await page.keyboard.press("Enter");
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.keyboard.press("Enter");
}
