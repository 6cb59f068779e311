// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// harness.js - the built page, behind scrubjayd and its headers, in Chromium.
//
// Every page that is opened records its requests, its policy violations and
// its console; finish() fails where any of the three has something to say.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

/** @import {Browser, BrowserContextOptions, Page} from "playwright-core" */

const top = new URL("../../", import.meta.url);
const PROGRAM = new URL("build/native/tools/server/scrubjayd", top).pathname;
const ROOT = new URL("build/web", top).pathname;
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** @typedef {{browser: Browser, origin: string, stop: () => Promise<void>}} Stage */

/** @returns {Promise<Stage>} */
export async function openStage() {
  for (const path of [PROGRAM, ROOT])
    if (!existsSync(path))
      throw new Error("build the server and the page first");
  const server = spawn(PROGRAM, ["--root", ROOT, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise((resolve, reject) => {
    server.stdout.once("data", (data) => resolve(String(data)));
    server.once("exit", (code) => reject(new Error(`exit ${code}`)));
  });
  const port = /:(\d+)\//.exec(String(line))?.[1];
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  return {
    browser,
    origin: `http://localhost:${port}`,
    stop: async () => {
      await browser.close();
      server.kill("SIGTERM");
    },
  };
}

/**
 * @typedef {object} Visit
 * @property {Page} page
 * @property {string[]} requests
 * @property {string[]} complaints violations and console lines
 * @property {() => Promise<void>} finish
 */

/**
 * Open the page in a profile of its own.
 * @param {Stage} stage
 * @param {BrowserContextOptions} [options]
 * @returns {Promise<Visit>}
 */
export async function visit(stage, options = {}) {
  const context = await stage.browser.newContext({
    permissions: ["clipboard-read", "clipboard-write"],
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const complaints = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (line) => complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addInitScript(() => {
    const seen = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { __violations: seen });
    document.addEventListener("securitypolicyviolation", (event) =>
      seen.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await page.goto(`${stage.origin}/`);
  await page.getByText(/Engine ready|Moteur prêt/).waitFor();
  return {
    page,
    requests,
    complaints,
    finish: async () => {
      const violations = await page.evaluate(
        () => /** @type {any} */ (globalThis).__violations,
      );
      await context.close();
      assert.deepEqual([...violations, ...complaints], []);
      const local = /^(?:blob:)?http:\/\/localhost:\d+\/|^data:/;
      assert.deepEqual(
        requests.filter((url) => !local.test(url)),
        [],
      );
    },
  };
}

/**
 * Put a text on the clipboard and paste it where the focus is.
 * @param {Page} page
 * @param {string} text
 */
export async function pasteNote(page, text) {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.locator("textarea").focus();
  await page.keyboard.press("Control+V");
}

/** @param {Page} page */
export async function reviewing(page) {
  await page.locator("scrubjay-review .top").waitFor();
}

const axeSource = await readFile(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/**
 * What axe finds, as "rule: place". The policy of the page forbids scripts
 * from outside, so axe comes in through the debugger, which it does not bind;
 * what axe itself makes the policy say is not counted.
 * @param {Visit} visited
 * @returns {Promise<string[]>}
 */
export async function axe({ page, complaints }) {
  const kept = complaints.length;
  const found = await runAxe(page);
  complaints.length = kept;
  return found;
}

/** @param {Page} page @returns {Promise<string[]>} */
async function runAxe(page) {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    // What axe does to the page is no fault of the page.
    const kept = /** @type {any} */ (globalThis).__violations.length;
    const result = await /** @type {any} */ (globalThis).axe.run(document, {
      runOnly: [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
      ],
    });
    await new Promise((done) => setTimeout(done, 50));
    /** @type {any} */ (globalThis).__violations.length = kept;
    return result.violations.flatMap((/** @type {any} */ v) =>
      v.nodes.map(
        (/** @type {any} */ node) =>
          `${v.id}: ${node.target.flat().join(" ")} ${node.failureSummary}`,
      ),
    );
  });
}
