// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// harness.js - the built page, behind scrubjayd and its headers, in Chromium.
// A stage serves the page without a model, with the smallest one, or as it was
// built; what is tested of the page alone must not hang on what a model finds.
//
// Every page that is opened records its requests, its policy violations and
// its console; finish() fails where any of the three has something to say.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

/** @import {Browser, BrowserContext, BrowserContextOptions, Page} from "playwright-core" */

const top = new URL("../../", import.meta.url);
const PROGRAM = new URL("build/native/tools/server/scrubjayd", top).pathname;
const ROOT = new URL("build/web", top).pathname;
const TINY = new URL("tests/vectors/model", top).pathname;
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

const LAUNCH = {
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu"],
};

/** @typedef {{browser: Browser, origin: string, stop: () => Promise<void>}} Stage */

/**
 * The folder of a page with this model.
 * @param {string} model
 */
async function buildSite(model) {
  if (model === "built") return ROOT;
  return build(/^\w+$/.test(model) ? model : "other", model);
}

/**
 * Build the page into a folder of its own.
 * @param {string} name of the folder
 * @param {string} model
 * @param {...string} more options of web/build.js
 */
export async function build(name, model, ...more) {
  const out = new URL(`build/site-${name}`, top).pathname;
  await promisify(execFile)(process.execPath, [
    new URL("web/build.js", top).pathname,
    "--model", model === "tiny" ? TINY : model, "--out", out, ...more,
  ]);
  return out;
}

/**
 * scrubjayd with this folder, on a port that was free.
 * @param {string} root
 */
export async function startServer(root) {
  const server = spawn(PROGRAM, ["--root", root, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise((resolve, reject) => {
    server.stdout.once("data", (data) => resolve(String(data)));
    server.once("exit", (code) => reject(new Error(`exit ${code}`)));
  });
  const gone = new Promise((resolve) => server.once("exit", resolve));
  return {
    port: Number(/:(\d+)\//.exec(String(line))?.[1]),
    stop: async () => {
      server.kill("SIGTERM");
      await gone;
    },
  };
}

/**
 * @param {string} [model] "none", "tiny", "built" (as tools/start built it), or
 *   the folder of a bundle
 * @returns {Promise<Stage>}
 */
export async function openStage(model = "none") {
  for (const path of [PROGRAM, ROOT])
    if (!existsSync(path))
      throw new Error("build the server and the page first");
  const root = await buildSite(model);
  const server = await startServer(root);
  const browser = await chromium.launch(LAUNCH);
  return {
    browser,
    origin: `http://localhost:${server.port}`,
    stop: async () => {
      await browser.close();
      await server.stop();
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
 * A browser whose profile lies on disk. Those of a stage lie in memory, where
 * no file as large as the model's runtime is kept in the cache.
 * @param {string} folder
 * @param {BrowserContextOptions} [options]
 * @returns {Promise<BrowserContext>}
 */
export function openProfile(folder, options = {}) {
  return chromium.launchPersistentContext(folder, { ...LAUNCH, ...options });
}

/**
 * Open the page in a profile of its own.
 * @param {Stage} stage
 * @param {BrowserContextOptions & {prepare?: (context: BrowserContext) =>
 *   Promise<unknown>, wait?: boolean, allow?: RegExp, profile?: BrowserContext}}
 *   [options] what happens before the page is opened; whether to wait for the
 *   engine; complaints that belong to the test; from openProfile()
 * @returns {Promise<Visit>}
 */
export async function visit(stage, options = {}) {
  const { prepare, wait = true, allow, profile, ...rest } = options;
  const context = profile ?? await stage.browser.newContext({
    permissions: ["clipboard-read", "clipboard-write"],
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    ...rest,
  });
  // Requests are counted and intercepted: a service worker would answer some,
  // and fetch the model again for itself. offline.test.js is about it.
  await context.addInitScript(() => {
    delete (/** @type {any} */ (Navigator.prototype).serviceWorker);
  });
  await prepare?.(context);
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
  if (wait) await page.getByText(/Engine ready|Moteur prêt/).waitFor();
  return {
    page,
    requests,
    complaints,
    finish: async () => {
      const violations = await page.evaluate(
        () => /** @type {any} */ (globalThis).__violations,
      );
      await context.close();
      assert.deepEqual([...violations, ...complaints]
        .filter((line) => !allow?.test(line)), []);
      const local = /^(?:blob:)?http:\/\/localhost:\d+\/|^data:/;
      assert.deepEqual(
        requests.filter((url) => !local.test(url)),
        [],
      );
    },
  };
}

/**
 * A page of the stage's origin that has started nothing of its own, for what
 * brings its own redactor.
 * @param {Stage} stage
 * @param {BrowserContext} [context]
 */
export async function emptyPage(stage, context) {
  const page = await (context ?? await stage.browser.newContext()).newPage();
  await page.goto(`${stage.origin}/assets.json`);
  return page;
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

/**
 * End the worker as soon as it is asked to scan, and say so as a browser does
 * when a worker's process is gone. Once: the next one lives.
 * @param {import("playwright-core").Page} page
 */
export function endWorkerAtScan(page) {
  return page.evaluate(() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message) {
      send.call(this, message);
      if (message.type !== "detect") return;
      Worker.prototype.postMessage = send;
      this.terminate();
      setTimeout(() => this.dispatchEvent(new ErrorEvent("error")), 20);
    };
  });
}
