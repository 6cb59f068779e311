// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The results page: who may asks with a purpose, reads the text with its
// originals, and nothing of it stays.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { openVault } from "../../web/vault/index.js";
import { memoryStore } from "../../web/vault/store.js";
import { ENTITIES, makeHospital, NOTE, TEXT } from "../web/vault-kit.js";
import { startIssuer } from "../web/oidc-issuer.js";
import { startVaultServer, tokenOf } from "../web/vault-server.js";
import { axe, build, openProfile } from "./harness.js";

/** @import {BrowserContextOptions, Page} from "playwright-core" */

/** Of each original something that no code and no hash holds by chance. */
const WORDS = ["Odile", "Brassac", "Zora Kern", "02/17/2026"];

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** @type {import("../web/vault-kit.js").Hospital} */
let hospital;
/** @type {Awaited<ReturnType<typeof startVaultServer>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  hospital = await makeHospital();
  const site = await build(
    "results", "none", "--vault-root", hospital.root.kid);
  server = await startVaultServer(hospital, { site });
  browser = await chromium.launch({
    executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"],
  });
});
after(async () => {
  await browser?.close();
  server?.stop();
});

/** A result that a physician has sent. */
async function submitted() {
  const vault = await openVault({
    base: server.base, root: hospital.root.kid, store: memoryStore(),
    token: async () => tokenOf("physician-1"), locks: null,
  });
  await vault.refresh();
  await vault.unlock(hospital.passphrase);
  const sent = new Promise((resolve) =>
    vault.addEventListener("sent", resolve, { once: true }));
  const { id } = await vault.submit({
    body: { scrubbed_text: TEXT, entities: [] }, entities: ENTITIES });
  await sent;
  vault.close();
  return id;
}

/**
 * @param {BrowserContextOptions & {hash?: string, idleMs?: number,
 *   profile?: import("playwright-core").BrowserContext}} [options]
 */
async function visit({ hash = "", idleMs = 0, profile, ...rest } = {}) {
  const context = profile ?? await browser.newContext({
    locale: "en-US", viewport: { width: 1280, height: 800 }, ...rest });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (line) => complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addInitScript((ms) => {
    const seen = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { __violations: seen });
    document.addEventListener("securitypolicyviolation", (event) =>
      seen.push(`${event.violatedDirective} ${event.blockedURI}`));
    if (ms > 0)
      document.addEventListener("readystatechange", () => {
        document.querySelector('meta[name="scrubjay-idle-minutes"]')
          ?.setAttribute("content", String(ms / 60_000));
      });
  }, idleMs);
  const base = server.base.replace("127.0.0.1", "localhost");
  await page.goto(`${base}results.html${hash}`);
  return {
    page, complaints, requests: /** @type {string[]} */ ([]),
    finish: async () => {
      const violations = await page.evaluate(
        () => /** @type {any} */ (globalThis).__violations);
      await context.close();
      assert.deepEqual([...violations, ...complaints], []);
    },
  };
}

/** @param {Page} page @param {string} who @param {string} [passphrase] */
async function unlock(page, who, passphrase = hospital.passphrase) {
  await page.locator("#sub").fill(who);
  await page.keyboard.press("Enter");
  await page.locator("#passphrase").fill(passphrase);
  await page.keyboard.press("Enter");
}

/** @param {Page} page */
const shown = (page) => page.locator(".note").waitFor();

/** @param {Page} page @param {string} job */
async function ask(page, job) {
  await page.locator("#job").fill(job);
  await page.locator("form select").selectOption("treatment");
  await page.locator("#reason").fill("coding");
  await page.keyboard.press("Enter");
}

/** What of the originals the document still has. @param {Page} page */
const left = (page) => page.evaluate((words) => {
  const all = document.documentElement.outerHTML
    + [...document.querySelectorAll("input")].map((i) => i.value).join(" ");
  return words.filter((word) => all.includes(word));
}, WORDS);

test("a result is opened with its originals, and gone when it is closed",
  async () => {
    const id = await submitted();
    const visited = await visit();
    const { page, finish } = visited;
    assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
    await page.locator("#sub").fill("coder-1");
    await page.keyboard.press("Enter");
    await page.locator("#passphrase").waitFor();
    assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
    await page.locator("#passphrase").fill(hospital.passphrase);
    await page.keyboard.press("Enter");
    await page.locator("#job").waitFor();
    assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Open with" }).click();
    await page.getByRole("alert").getByText("Type the number").waitFor();
    await page.locator("#job").fill(id);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Choose a purpose").waitFor();
    await ask(page, id);
    await shown(page);
    assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
    assert.equal(await page.locator(".note").textContent(), NOTE);
    assert.deepEqual(await page.locator(".note mark").allTextContents(),
      ["Odile Brassac", "02/17/2026", "Zora Kern", "Ms Kern"]);
    await page.getByText("Sealed and signed by physician-1.").waitFor();
    assert.equal(await page.locator("td").nth(2).textContent(),
      "Seen by Odile Brassac");
    assert.equal(await page.locator("td q").textContent(), "Zora Kern");
    assert.equal(await page.locator("h2").evaluate(
      (element) => element === document.activeElement), true);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByText("Nothing of it is left").waitFor();
    assert.deepEqual(await left(page), []);
    await finish();
  });

test("nobody there: it is gone, and the keys are locked", async () => {
  const id = await submitted();
  const { page, finish } = await visit({ idleMs: 1500 });
  await unlock(page, "coder-1");
  await page.locator("#job").waitFor();
  await ask(page, id);
  await shown(page);
  await page.getByText("because nobody did anything").waitFor();
  assert.deepEqual(await left(page), []);
  await page.locator("#passphrase").waitFor();
  await finish();
});

test("the page left: the way back leads to nothing", async () => {
  const id = await submitted();
  const { page, finish } = await visit();
  await unlock(page, "coder-1");
  await page.locator("#job").waitFor();
  await ask(page, id);
  await shown(page);
  const gone = page.evaluate(() => new Promise((resolve) => {
    addEventListener("pagehide", () => setTimeout(() => {}, 0));
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    resolve(document.body.textContent);
  }));
  assert.doesNotMatch(String(await gone), /Brassac|Kern/);
  assert.deepEqual(await left(page), []);
  await page.goto("about:blank");
  await page.goBack();
  await page.locator("#sub, #passphrase").waitFor();
  assert.deepEqual(await left(page), []);
  await finish();
});

test("who may not, and what does not open, is told by name", async () => {
  const id = await submitted();
  const { page, finish } = await visit({ hash: `#job=${id}` });
  await unlock(page, "coder-1", "WRONG-WRONG-WRONG");
  await page.getByRole("alert").getByText("passphrase does not open").waitFor();
  await page.locator("#passphrase").fill(hospital.passphrase);
  await page.keyboard.press("Enter");
  await page.locator("#job").waitFor();
  assert.equal(await page.locator("#job").inputValue(), id);
  const job = server.jobs.get(id);
  assert.ok(job);
  job.body.scrubbed_text += " More.";
  await ask(page, id);
  await page.getByRole("alert").getByText("not the one that was submitted")
    .waitFor();
  assert.deepEqual(await left(page), []);
  await ask(page, id.replace(/.$/, id.endsWith("0") ? "1" : "0"));
  await page.getByRole("alert").getByText("no such result").waitFor();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await page.getByRole("button", { name: "Somebody else" }).click();
  await unlock(page, "stranger");
  await page.getByRole("alert").getByText("does not name you").waitFor();
  // The browser itself says that an answer was 404.
  await finish().catch((error) => {
    if (!/404/.test(error.message)) throw error;
  });
});

test("a passkey of the device stands in for the passphrase", async () => {
  const visited = await visit();
  const { page, finish } = visited;
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send(
    "WebAuthn.addVirtualAuthenticator", { options: {
      protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal",
      hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      hasPrf: true, automaticPresenceSimulation: true,
    } });
  await page.locator("#sub").fill("coder-1");
  await page.keyboard.press("Enter");
  await page.locator("#keep").check();
  assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
  await page.locator("#passphrase").fill(hospital.passphrase);
  await page.keyboard.press("Enter");
  await page.locator("#job").waitFor();
  const { credentials } = await session.send(
    "WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  // Two more wrapped keys on the server, and none that the page could not open
  // with the passphrase as before.
  const put = server.requests.filter(({ method, path }) =>
    method === "PUT" && path === "/v1/vault/keys/me");
  assert.equal(put.length, 1);
  assert.match(put[0]?.body.keys[0].slot, /^user\.passkey\.[\w-]{12}$/);
  await page.reload();
  await page.locator("#sub").fill("coder-1");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Unlock with this device" }).click();
  await page.locator("#job").waitFor();
  const id = await submitted();
  await ask(page, id);
  await shown(page);
  assert.equal(await page.locator(".note").textContent(), NOTE);
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await page.locator("#passphrase").fill(hospital.passphrase);
  await page.keyboard.press("Enter");
  await page.locator("#job").waitFor();
  // A person who says no, or a passkey that was deleted.
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await session.send("WebAuthn.clearCredentials", { authenticatorId });
  await page.getByRole("button", { name: "Unlock with this device" }).click();
  await page.getByRole("alert").getByText("use your passphrase").waitFor();
  await finish();
});

test("people sign in at the hospital's issuer, and come back to the result",
  async () => {
    const issuer = await startIssuer("coder-1");
    const site = await build("issuer", "none", "--vault-root",
      hospital.root.kid, "--issuer", issuer.origin, "--client", "scrubjay");
    const other = await startVaultServer(hospital, { site });
    other.state.issuer = issuer.origin;
    for (const [id, job] of server.jobs) other.jobs.set(id, job);
    const kept = server;
    server = other;
    try {
      const id = await submitted();
      const visited = await visit({ hash: `#job=${id}` });
      const { page, finish } = visited;
      assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Signed in as coder-1.").waitFor();
      assert.equal(new URL(page.url()).search, "");
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      await page.locator("#passphrase").fill(hospital.passphrase);
      await page.keyboard.press("Enter");
      await page.locator("#job").waitFor();
      assert.equal(await page.locator("#job").inputValue(), id);
      await ask(page, id);
      await shown(page);
      assert.equal(await page.locator(".note").textContent(), NOTE);
      await finish();
    } finally {
      server = kept;
      other.stop();
      issuer.stop();
    }
  });

test("in French, dark and narrow, nothing is cut off and axe is content",
  async () => {
    const id = await submitted();
    const visited = await visit({
      locale: "fr-FR", colorScheme: "dark",
      viewport: { width: 360, height: 700 }, hasTouch: true,
    });
    const { page, finish } = visited;
    const fits = () => page.evaluate(() =>
      document.documentElement.scrollWidth <= innerWidth);
    await page.getByRole("heading", { name: "Qui travaille ici" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "fr");
    assert.ok(await fits());
    await unlock(page, "coder-1");
    await page.locator("#job").waitFor();
    assert.ok(await fits());
    assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
    await ask(page, id);
    await shown(page);
    assert.ok(await fits());
    assert.deepEqual(await axe(/** @type {any} */ (visited)), []);
    await finish();
  });

test("nothing of it lies in the browser's profile afterwards", async () => {
  const id = await submitted();
  const folder = await mkdtemp(join(tmpdir(), "scrubjay-results-"));
  try {
    const profile = await openProfile(folder, { locale: "en-US" });
    const { page, finish } = await visit({ profile });
    await unlock(page, "coder-1");
    await page.locator("#job").waitFor();
    await ask(page, id);
    await shown(page);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByText("Nothing of it is left").waitFor();
    await finish();
    const found = [];
    let files = 0;
    for (const entry of await readdir(folder, { recursive: true })) {
      const bytes = await readFile(join(folder, entry)).catch(() => null);
      if (bytes === null) continue; // a folder
      files++;
      for (const word of [...WORDS, hospital.passphrase,
        hospital.vault.secret.d, hospital.coder.user.secret.d])
        for (const form of /** @type {const} */ (["utf8", "utf16le"]))
          if (bytes.includes(Buffer.from(word, form)))
            found.push(entry);
    }
    assert.ok(files > 5, `${files} files`);
    assert.deepEqual(found, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
