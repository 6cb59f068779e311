// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What the start page says of where a note goes is true of the site that it was
// built for: one without a server, one beside its server, and one whose server
// and issuer are on other hosts; in both languages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { build } from "./harness.js";

const ROOT = `root:${"A".repeat(43)}`;
const TYPES = /** @type {const} */ ({ html: "text/html", js: "text/javascript",
  css: "text/css", json: "application/json", wasm: "application/wasm" });

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
});
after(() => browser?.close());

/** What the page of a build says on its start, in a language.
 * @param {string} folder @param {"en" | "fr"} language */
async function said(folder, language) {
  const server = createServer(async (request, response) => {
    const name = (request.url ?? "/").slice(1) || "index.html";
    const bytes = await readFile(join(folder, name)).catch(() => null);
    const ending = /** @type {keyof TYPES} */ (name.split(".").at(-1));
    response.writeHead(bytes ? 200 : 404,
      { "content-type": TYPES[ending] ?? "text/plain" });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1",
    () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address());
  const context = await browser.newContext({
    locale: language === "fr" ? "fr-FR" : "en-US" });
  try {
    const page = await context.newPage();
    await page.goto(`http://localhost:${port}/`);
    await page.getByText(/Engine ready|Moteur prêt/).waitFor();
    const words = await page.locator("body").innerText();
    return words.replaceAll(`localhost:${port}`, "HERE").replace(/\s+/gu, " ");
  } finally {
    await context.close();
    server.close();
  }
}

const NOTHING = /Nothing is sent:|Rien n’est envoyé :|asks no other host|n’interroge aucun autre/gu;

test("without a server nothing is sent, and nobody is asked", async () => {
  const site = await build("promise", "none");
  for (const language of /** @type {const} */ (["en", "fr"])) {
    const words = await said(site, language);
    assert.equal(words.match(NOTHING)?.length, 2, words);
    assert.match(words, /stays on this device|reste sur cet appareil/);
    assert.match(words, /Copy the scrubbed text|Copiez le texte/);
    assert.doesNotMatch(words, /HERE|Sign and send|Signez et envoyez/);
  }
});

test("beside its server, what is signed can be sent there", async () => {
  const site = await build("promise", "none", "--vault-root", ROOT);
  for (const language of /** @type {const} */ (["en", "fr"])) {
    const words = await said(site, language);
    assert.doesNotMatch(words, /Nothing is sent:|Rien n’est envoyé : la note/);
    assert.match(words, /can be sent to HERE|peut être envoyé à HERE/);
    assert.match(words,
      /nothing is sent before you have signed|rien n’est envoyé avant que/);
    assert.match(words, /Sign and send|Signez et envoyez/);
    // Its server is its own host: no other one is asked.
    assert.equal(words.match(NOTHING)?.length, 1, words);
  }
});

test("a server and an issuer elsewhere are named", async () => {
  const site = await build("promise", "none", "--vault-root", ROOT,
    "--vault-api", "https://coder.hospital.test/", "--issuer",
    "https://login.hospital.test", "--client", "page");
  for (const language of /** @type {const} */ (["en", "fr"])) {
    const words = await said(site, language);
    assert.match(words, /(?:can be sent to|envoyé à) coder\.hospital\.test/);
    assert.match(words,
      /(?:asks|interroge) coder\.hospital\.test, login\.hospital\.test/);
    assert.equal(words.match(NOTHING), null, words);
  }
});
