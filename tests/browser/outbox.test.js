// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Results on their way in a real browser: what IndexedDB keeps when the browser
// is killed, two tabs, no room, and what lies in the profile meanwhile.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ENTITIES, makeHospital, TEXT } from "../web/vault-kit.js";
import { startVaultServer } from "../web/vault-server.js";
import { build, openProfile } from "./harness.js";

/** @import {BrowserContext, Page} from "playwright-core" */

const WORDS =
  ["Odile", "Brassac", "Zora Kern", "02/17/2026", "is well. <PERSON"];

/** @type {import("../web/vault-kit.js").Hospital} */
let hospital;
/** @type {Awaited<ReturnType<typeof startVaultServer>>} */
let server;
let script = "";
before(async () => {
  hospital = await makeHospital();
  const site = await build("outbox", "none", "--vault-root", hospital.root.kid);
  const { files } = JSON.parse(
    await readFile(join(site, "assets.json"), "utf8"));
  script = files["vault.js"].path;
  server = await startVaultServer(hospital, { site });
});
after(() => server?.stop());

/** @type {BrowserContext[]} */
const opened = [];

/** @param {string} folder */
async function openBrowser(folder) {
  const profile = await openProfile(folder);
  opened.push(profile);
  return profile;
}

/** @param {(folder: string) => Promise<void>} work */
async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "scrubjay-outbox-"));
  try {
    await work(folder);
  } finally {
    for (const profile of opened.splice(0)) await profile.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A tab with the vault's own module in it and nothing of the page.
 * @param {BrowserContext} profile
 */
async function openTab(profile) {
  const page = await profile.newPage();
  const base = server.base.replace("127.0.0.1", "localhost");
  await page.goto(`${base}assets.json`);
  await page.evaluate(async ({ url, root }) => {
    const { openVault, developmentTokens } = await import(url);
    const place = new URL("/", location.href).href;
    const vault = await openVault({
      base: place, root, token: developmentTokens(place, "physician-1") });
    await vault.refresh();
    Object.assign(globalThis, { vault });
  }, { url: `/${script}`, root: hospital.root.kid });
  return page;
}

/** @param {Page} page */
const unlock = (page) => page.evaluate(
  (passphrase) => /** @type {any} */ (globalThis).vault.unlock(passphrase),
  hospital.passphrase);

/** @param {Page} page @returns {Promise<string>} */
const submit = (page) => page.evaluate(
  async ({ text, entities }) => (await /** @type {any} */ (globalThis).vault
    .submit({ body: { scrubbed_text: text, entities: [] }, entities })).id,
  { text: TEXT, entities: /** @type {any} */ (ENTITIES) });

/** @param {Page} page @returns {Promise<any[]>} */
const waiting = (page) => page.evaluate(
  () => /** @type {any} */ (globalThis).vault.waiting());

/** @param {Page} page until nothing waits */
const empty = (page) => page.evaluate(async () => {
  const { vault } = /** @type {any} */ (globalThis);
  while ((await vault.waiting()).length > 0) {
    await vault.online();
    await new Promise((done) => setTimeout(done, 20));
  }
});

/** How often a job's key came in. @param {string} id */
const arrivals = (id) =>
  server.requests.filter(({ key }) => key === id).length;

test("a browser that is killed has lost nothing, and sends it once", () =>
  withFolder(async (folder) => {
    server.state.fault = (_, path) =>
      path === "/v1/coder/submit" ? "late" : undefined;
    const first = await openBrowser(folder);
    const tab = await openTab(first);
    await unlock(tab);
    assert.equal(await tab.evaluate(
      () => /** @type {any} */ (globalThis).vault.standing.durable), true);
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push(await submit(tab));
    // The profile, while they wait: no word of them, no key, no passphrase.
    const secrets = [...WORDS, hospital.passphrase,
      hospital.physician.user.secret.d, hospital.physician.device.secret.d];
    // Killed where it stands: nothing is closed, nothing is finished.
    await kill(first, folder);
    assert.deepEqual(await findIn(folder, secrets), []);
    server.state.fault = () => undefined;
    const second = await openBrowser(folder);
    const again = await openTab(second);
    assert.deepEqual((await waiting(again)).map(({ id }) => id), ids);
    await unlock(again);
    await empty(again);
    for (const id of ids) assert.ok(server.jobs.has(id), id);
    const sent = await again.evaluate(
      () => /** @type {any} */ (globalThis).vault.sent());
    assert.deepEqual(sent.map((/** @type {any} */ one) => one.id), ids);
  }));

/**
 * End the browser as a power cut would.
 * @param {BrowserContext} profile
 * @param {string} folder
 */
async function kill(profile, folder) {
  const gone = new Promise((resolve) => profile.once("close", resolve));
  const { readlink } = await import("node:fs/promises");
  // Chromium names its process in the profile's lock: host-pid.
  const lock = await readlink(join(folder, "SingletonLock"));
  process.kill(Number(/-(\d+)$/.exec(lock)?.[1]), "SIGKILL");
  await gone;
}

/** @param {string} folder @param {readonly string[]} words */
async function findIn(folder, words) {
  const found = [];
  let files = 0;
  for (const entry of await readdir(folder, { recursive: true })) {
    const bytes = await readFile(join(folder, entry)).catch(() => null);
    if (bytes === null) continue;
    files++;
    for (const word of words)
      for (const form of /** @type {const} */ (["utf8", "utf16le"]))
        if (bytes.includes(Buffer.from(word, form)))
          found.push(`${entry}: ${words.indexOf(word)}`);
  }
  assert.ok(files > 5, `${files} files`);
  return found;
}

test("of two tabs one sends, and each result arrives once", () =>
  withFolder(async (folder) => {
    server.state.fault = () => undefined;
    const profile = await openBrowser(folder);
    const [a, b] = [await openTab(profile), await openTab(profile)];
    const ids = [];
    // Sealed while locked, so that none is sent before both are there.
    for (let i = 0; i < 4; i++) ids.push(await submit(a), await submit(b));
    for (const id of ids) assert.equal(arrivals(id), 0);
    await Promise.all([unlock(a), unlock(b)]);
    await Promise.all([empty(a), empty(b)]);
    for (const id of ids) assert.equal(arrivals(id), 1, id);
  }));

test("a browser without room says so, and keeps what it has", () =>
  withFolder(async (folder) => {
    server.state.fault = (_, path) =>
      path === "/v1/coder/submit" ? "cut" : undefined;
    const profile = await openBrowser(folder);
    const tab = await openTab(profile);
    await unlock(tab);
    const first = await submit(tab);
    // Chromium takes no smaller limit from a debugger any more, so its refusal
    // is what is put in the way: the transaction ends as it does without room.
    const code = await tab.evaluate(async ({ text, entities }) => {
      const { vault } = /** @type {any} */ (globalThis);
      const { put } = IDBObjectStore.prototype;
      const full = new DOMException("", "QuotaExceededError");
      IDBObjectStore.prototype.put = function (value, key) {
        if (this.name !== "items") return put.call(this, value, key);
        const request = put.call(this, value);
        const { transaction } = this;
        Object.defineProperty(transaction, "error", { get: () => full });
        transaction.abort();
        return request;
      };
      try {
        await vault.submit({
          body: { scrubbed_text: text, entities: [] }, entities });
        return "none";
      } catch (error) {
        return /** @type {any} */ (error).code;
      } finally {
        IDBObjectStore.prototype.put = put;
      }
    }, { text: TEXT, entities: /** @type {any} */ (ENTITIES) });
    assert.equal(code, "QUOTA");
    assert.deepEqual((await waiting(tab)).map(({ id }) => id), [first]);
  }));
