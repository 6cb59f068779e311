// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Words that no one else would use are planted in a note. The note goes the
// whole way, and then nobody has them: no request, address, title, console,
// file name or storage, and no file of the browser's profile.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build, openProfile, reviewing, startServer } from "./harness.js";

/** @import {BrowserContext, Page} from "playwright-core" */

/** Hidden in what goes out, and a word that stays in it. */
const SECRET = ["Qvarnulek", "Obrestine", "8861947305"];
const PLAIN = "glimmerwort";
const WORDS = [...SECRET, PLAIN];
const NOTE = `Patient: ${SECRET[0]} ${SECRET[1]}\r\nMRN: ${SECRET[2]}\r\n` +
  `Takes ${PLAIN} daily. ${SECRET[0]} came back on 02/09/2026.\r\n`;

/** Planted where it must be found, to show that looking works. */
const CONTROL = "controlzephyrine";

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
let origin = "";
let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "canary-"));
  server = await startServer(await build("none", "none"));
  origin = `http://localhost:${server.port}`;
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Which of the words a profile holds, in UTF-8 or UTF-16.
 * @param {string} profile
 * @param {readonly string[]} words
 */
async function inProfile(profile, words) {
  const found = new Set();
  const needles = words.flatMap((word) =>
    /** @type {const} */ (["utf8", "utf16le"]).map((form) =>
      ({ word, bytes: Buffer.from(word, form) })));
  for (const entry of await readdir(
    profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const held = await readFile(join(entry.parentPath, entry.name));
    for (const { word, bytes } of needles)
      if (held.includes(bytes)) found.add(`${word} in ${entry.name}`);
  }
  return [...found].sort();
}

/**
 * The page with ears on everything that leaves it.
 * @param {BrowserContext} context
 */
async function listen(context) {
  /** @type {string[]} */
  const heard = [];
  context.on("request", (request) => heard.push(
    `${request.url()} ${request.postData() ?? ""} ` +
    JSON.stringify(request.headers())));
  context.on("console", (line) => heard.push(line.text()));
  context.on("weberror", (fault) => heard.push(fault.error().message));
  const page = await context.newPage();
  page.on("download", (file) => heard.push(file.suggestedFilename()));
  await page.goto(origin);
  await page.getByText(/Engine ready/).waitFor();
  await page.locator('.offline[data-state="ready"]').waitFor();
  return { page, heard };
}

/** What the page shows and keeps, as text. @param {Page} page */
const left = (page) => page.evaluate(async () => {
  const parts = [document.title, location.href, history.state,
    { ...localStorage }, { ...sessionStorage }];
  const walk = (/** @type {ParentNode} */ root) => {
    parts.push(/** @type {any} */ (root).innerHTML ?? "");
    for (const one of root.querySelectorAll("*")) {
      if ("value" in one) parts.push(String(one.value));
      if (one.shadowRoot) walk(one.shadowRoot);
    }
  };
  walk(document.documentElement);
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) {
      const answer = await (await caches.open(name)).match(request);
      parts.push(request.url, await answer?.text());
    }
  for (const { name } of await indexedDB.databases()) {
    const open = indexedDB.open(String(name));
    await new Promise((done) => { open.onsuccess = done; });
    for (const table of open.result.objectStoreNames) {
      const all = open.result.transaction(table).objectStore(table).getAll();
      await new Promise((done) => { all.onsuccess = done; });
      parts.push(table, all.result);
    }
    open.result.close();
  }
  return parts.map((part) => typeof part === "string" ? part
    : JSON.stringify(part)).join("\n");
});

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page */
async function paste(page) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), NOTE);
  await page.locator("textarea").focus();
  await page.keyboard.press("Control+V");
  await reviewing(page);
}

/** @param {string} profile */
const openHere = (profile) => openProfile(profile, {
  permissions: ["clipboard-read", "clipboard-write"], locale: "en-US",
});

/** Find, edit, search, sign, copy, download. @param {Page} page */
async function walk(page) {
  await paste(page);
  const review = page.locator("scrubjay-review");
  for (const key of ["j", "j", "x", "u", "/"]) await review.press(key);
  await page.keyboard.type(String(SECRET[0]));
  await page.keyboard.press("Escape");
  await press(page, "About…");
  await page.locator(".fields-of textarea").fill(
    `Patient: ${SECRET[1]}, ${SECRET[0]}  DOB 03/14/1951  MRN ${SECRET[2]}`);
  await press(page, "Done");
  await reviewing(page);
  await press(page, "Edit text");
  await page.locator("textarea").press("End");
  await page.keyboard.type(` ${PLAIN}`);
  await press(page, "Scan again");
  await reviewing(page);
  await press(page, "Sign off…");
  await page.getByLabel("Your name").fill("Dr. Upping");
  await page.getByLabel("Your role").fill("physician");
  await page.locator("#sign-agree").check();
  await press(page, "Sign");
  await page.getByRole("heading", { name: "Signed", exact: true }).waitFor();
  // Asked to keep it, the browser has answered.
  await page.locator(".lasting").filter({ hasText: /until|unless/ }).waitFor();
  await press(page, "Copy the text");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(SECRET.filter((word) => copied.includes(word)), []);
  assert.ok(copied.includes(PLAIN), "it is the note");
  for (const name of ["Download the text", "Download the report"]) {
    const download = page.waitForEvent("download");
    await press(page, name);
    const text = await readFile(await (await download).path(), "utf8");
    const words = name.endsWith("report") ? WORDS : SECRET;
    assert.deepEqual(words.filter((word) => text.includes(word)), []);
    await (await download).delete();
  }
  await press(page, "Empty the clipboard");
  await page.getByText("The clipboard is empty.").waitFor();
}

test("a note goes the whole way and leaves no word behind", async () => {
  const profile = join(folder, "whole");
  const context = await openHere(profile);
  const { page, heard } = await listen(context);
  await page.evaluate((word) => localStorage.setItem("control", word), CONTROL);
  await walk(page);
  assert.ok((await left(page)).includes(PLAIN), "looking in the page works");
  await press(page, "New note");
  await page.getByText("The note was wiped.").waitFor();
  const now = await left(page);
  assert.ok(now.includes(CONTROL), "what is kept is seen");
  assert.deepEqual(WORDS.filter((word) => now.includes(word)), [], "page");
  // Again without a network.
  await context.setOffline(true);
  await page.reload();
  await page.getByText(/Engine ready/).waitFor();
  await walk(page);
  await press(page, "New note");
  await page.getByText("The note was wiped.").waitFor();
  assert.equal(await page.title(), "Scrubjay");
  await context.close();
  assert.ok(heard.length > 8);
  const told = heard.join("\n");
  assert.deepEqual(WORDS.filter((word) => told.includes(word)), [], "told");
  assert.notDeepEqual(await inProfile(profile, [CONTROL]), [], "control");
  assert.deepEqual(await inProfile(profile, WORDS), []);
});

test("a browser that is closed over a note keeps no word of it", async () => {
  for (const at of ["typed", "review", "edit", "signing"]) {
    const profile = join(folder, at);
    const context = await openHere(profile);
    const { page, heard } = await listen(context);
    await page.evaluate(
      (word) => localStorage.setItem("control", word), CONTROL);
    if (at === "typed") await page.locator("textarea").pressSequentially(NOTE);
    else await paste(page);
    if (at === "edit") await press(page, "Edit text");
    if (at === "signing") await press(page, "Sign off…");
    await page.evaluate(() => navigator.clipboard.writeText(""));
    // Another address has the browser save how the page stood.
    const other = await context.newPage();
    await other.goto(`${origin}/assets.json`);
    await context.close();
    const told = heard.join("\n");
    assert.deepEqual(WORDS.filter((word) => told.includes(word)), [], at);
    assert.notDeepEqual(await inProfile(profile, [CONTROL]), [], "control");
    assert.deepEqual(await inProfile(profile, WORDS), [], at);
  }
});

test("several notes leave no word behind, and their files no name", async () => {
  const profile = join(folder, "several");
  const context = await openHere(profile);
  await context.addInitScript(() => {
    const { get } = /** @type {any} */ (
      Object.getOwnPropertyDescriptor(File.prototype, "name"));
    const names = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { __names: names });
    Object.defineProperty(File.prototype, "name", { get() {
      names.push("read");
      return get.call(this);
    } });
  });
  const { page, heard } = await listen(context);
  await page.evaluate((word) => localStorage.setItem("control", word), CONTROL);
  await page.locator("main input[type=file]").setInputFiles([
    NOTE, NOTE.replaceAll("\r\n", "\n"), "%PDF-1.7", `${PLAIN} alone\n`,
  ].map((text, i) => ({
    name: `${SECRET[i % 2]}-${i}.txt`, mimeType: "text/plain",
    buffer: Buffer.from(text),
  })));
  await reviewing(page);
  await page.getByText("1 file was not opened").waitFor();
  await page.locator('[data-standing="review"]').nth(2).waitFor();
  assert.ok((await left(page)).includes(PLAIN), "looking in the page works");
  const list = await page.locator(".queue").innerHTML();
  assert.deepEqual(WORDS.filter((word) => list.includes(word)), [], "list");
  for (const id of [1, 2]) {
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "Sign off" }).waitFor();
    if (id === 1) {
      await page.getByLabel("Your name").fill("Dr. Upping");
      await page.getByLabel("Your role").fill("physician");
    }
    await page.keyboard.press("Control+Enter");
    await page.getByText(`${id} of 3 signed`).waitFor();
  }
  for (const name of [/^Download 2 signed/, /^Download their/]) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name }).click();
    const text = await readFile(await (await download).path(), "utf8");
    assert.deepEqual(SECRET.filter((word) => text.includes(word)), []);
    await (await download).delete();
  }
  await page.locator('.draft[data-state="kept"]').waitFor();
  assert.equal(await page.title(), "Scrubjay");
  assert.deepEqual(await page.evaluate(
    () => /** @type {any} */ (globalThis).__names), [], "no name is read");
  // Closed over the notes: what is on disk is sealed.
  await page.close();
  const next = await context.newPage();
  await next.goto(origin);
  await next.getByText("3 notes of").waitFor();
  await next.getByRole("button", { name: "Go on with it" }).click();
  await reviewing(next);
  await next.locator('[data-standing="review"]').nth(2).waitFor();
  await next.getByRole("button", { name: "Wipe all…" }).click();
  await next.getByRole("button", { name: "Wipe them" }).click();
  await next.getByText("The note was wiped.").waitFor();
  const now = await left(next);
  assert.ok(now.includes(CONTROL), "what is kept is seen");
  assert.deepEqual(WORDS.filter((word) => now.includes(word)), [], "page");
  await context.close();
  const told = heard.join("\n");
  assert.deepEqual(WORDS.filter((word) => told.includes(word)), [], "told");
  assert.notDeepEqual(await inProfile(profile, [CONTROL]), [], "control");
  assert.deepEqual(await inProfile(profile, WORDS), []);
});
