// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The page without its server: scrubjayd is really stopped, and what stands
// before it, which counts what a browser asks for, listens no more. Two
// versions of the page are built, with the same model.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  axe, build, openProfile, pasteNote, reviewing, startServer,
} from "./harness.js";

/** @import {AddressInfo} from "node:net" */
/** @import {BrowserContext, Page} from "playwright-core" */

const NOTE = "Seen by Dr. Amadou Quill on 03/14/2026. Osprina came along.\n";

/** Folders of the built pages. */
let first = "";
let second = "";
let broken = "";
/** Where the profiles are. */
let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "offline-"));
  first = await build("offline1", "tiny", "--release", "1.0.0");
  second = await build("offline2", "tiny", "--release", "2.0.0");
  // One byte of the second version's page is another one.
  broken = `${second}-broken`;
  await rm(broken, { recursive: true, force: true });
  await cp(second, broken, { recursive: true });
  const { files } = await assetsOf(second);
  const script = join(broken, files["page.js"].path);
  const bytes = await readFile(script);
  bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 1;
  await writeFile(script, bytes);
});
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string} root */
const assetsOf = async (root) =>
  JSON.parse(await readFile(join(root, "assets.json"), "utf8"));

/**
 * A site whose server can be stopped and come back as another version, at one
 * address.
 */
class Site {
  /** Paths that were asked for, with the bytes of their answers. */
  /** @type {{path: string, bytes: number}[]} */
  hits = [];
  /** @type {Awaited<ReturnType<typeof startServer>> | null} */
  #server = null;
  /** @type {http.Server | null} */
  #front = null;
  #port = 0;

  get url() {
    return `http://localhost:${this.#port}/`;
  }

  /** @param {string} root */
  async up(root) {
    await this.down();
    const server = await startServer(root);
    this.#server = server;
    this.#front = http.createServer((request, answer) => {
      const hit = { path: request.url ?? "", bytes: 0 };
      this.hits.push(hit);
      const { method, headers } = request;
      const asked = http.request(
        { port: server.port, host: "127.0.0.1", path: hit.path, method,
          headers: { ...headers, host: `localhost:${server.port}` } },
        (got) => {
          answer.writeHead(got.statusCode ?? 500, got.rawHeaders);
          got.on("data", (data) => {
            hit.bytes += data.length;
          });
          got.pipe(answer);
        });
      asked.on("error", () => answer.destroy());
      asked.end();
    });
    await new Promise((done) => this.#front?.listen(
      this.#port, "localhost", () => done(null)));
    this.#port = /** @type {AddressInfo} */ (this.#front.address()).port;
  }

  async down() {
    this.#front?.closeAllConnections();
    await new Promise((done) => this.#front?.close(done) ?? done(null));
    this.#front = null;
    await this.#server?.stop();
    this.#server = null;
    if (this.#port !== 0)
      await assert.rejects(fetch(this.url), "nothing answers any more");
  }
}

/**
 * A site with the first version, and a browser that has stored it.
 * @param {(at: {site: Site, context: BrowserContext, page: Page,
 *   profile: string}) => Promise<BrowserContext | void>} run gives the context
 *   that is open at its end, if it is another one
 */
async function stored(run) {
  const site = new Site();
  const profile = await mkdtemp(join(folder, "profile-"));
  await site.up(first);
  let context = await openContext(profile);
  try {
    const page = await open(context, site);
    await says(page, /^Offline ready$/);
    context = (await run({ site, context, page, profile })) ?? context;
  } finally {
    await context.close();
    await site.down();
  }
}

/** @param {string} profile */
const openContext = (profile) => openProfile(profile, {
  permissions: ["clipboard-read", "clipboard-write"],
  locale: "en-US",
  viewport: { width: 1280, height: 800 },
});

/** @param {BrowserContext} context @param {Site} site */
async function open(context, site) {
  const page = await context.newPage();
  await page.goto(site.url);
  return page;
}

/** @param {Page} page @param {RegExp} words in one of the footer's states */
const says = (page, words) => page.locator(".offline span")
  .filter({ hasText: words }).waitFor({ timeout: 60_000 });

/** The page reads a note with the model. @param {Page} page */
async function reads(page) {
  await page.getByText("Engine ready", { exact: true }).waitFor();
  await pasteNote(page, NOTE);
  await reviewing(page);
  assert.equal(await page.locator(".banner").count(), 0, "rules alone");
}

/** What axe has to say of it. @param {Page} page */
async function complaints(page) {
  await page.evaluate(() => Object.assign(globalThis, { __violations: [] }));
  return axe({ page, complaints: [], requests: [], finish: async () => {} });
}

/** The version that is in the page. @param {Page} page */
const versionOf = (page) => page.evaluate(async () =>
  (await (await fetch("assets.json")).json()).version);

/** @param {Page} page */
const cachesOf = (page) => page.evaluate(async () => (await caches.keys())
  .filter((name) => name.startsWith("scrubjay-")).sort());

/** Have the browser look for a new version. @param {Page} page */
const update = (page) => page.evaluate(async () => {
  await (await navigator.serviceWorker.getRegistration())?.update()
    .catch(() => {});
});

/** @param {{path: string, bytes: number}[]} hits */
const sum = (hits) => hits.reduce((all, { bytes }) => all + bytes, 0);

test("it says so only when every file of the list is stored and right", () =>
  stored(async ({ page }) => {
    const held = await page.evaluate(async () => {
      const out = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          const answer = await cache.match(request);
          const hash = await crypto.subtle.digest(
            "SHA-256", await /** @type {Response} */ (answer).arrayBuffer());
          const hex = Array.from(new Uint8Array(hash), (byte) =>
            byte.toString(16).padStart(2, "0")).join("");
          out.push([new URL(request.url).pathname.slice(1), hex]);
        }
      }
      return out.sort();
    });
    const { files } = await assetsOf(first);
    const paths = held.map(([path]) => path);
    for (const [name, { path, sha256 }] of Object.entries(files)) {
      // No part of the page, or of no use without its server.
      if (["redactor.js", "results.js", "results.css"].includes(name)) continue;
      assert.equal(held.find(([there]) => there === path)?.[1], sha256, name);
    }
    for (const path of ["", "assets.json", "manifest.webmanifest", "icon.svg"])
      assert.ok(paths.includes(path), path);
    // A file that goes missing is noticed, and fetched again.
    await page.evaluate(async (path) => {
      for (const name of await caches.keys())
        await (await caches.open(name)).delete(path);
    }, files["scrubjay.wasm"].path);
    await page.evaluate(() => {
      const seen = /** @type {string[]} */ ([]);
      Object.assign(globalThis, { seen });
      new MutationObserver(() => seen.push(
        document.querySelector(".offline")?.getAttribute("data-state") ?? ""),
      ).observe(/** @type {Node} */ (document.querySelector(".offline")),
        { attributes: true, attributeFilter: ["data-state"] });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    await page.waitForFunction(() =>
      /** @type {any} */ (globalThis).seen.at(-1) === "ready");
    assert.deepEqual(await page.evaluate(() =>
      [...new Set(/** @type {any} */ (globalThis).seen)]), ["saving", "ready"]);
  }));

test("the network gone: the page loads, reads and asks nobody", () =>
  stored(async ({ site, context, page }) => {
    site.hits.length = 0;
    await context.setOffline(true);
    assert.equal(await page.evaluate(() => navigator.onLine), false);
    await page.reload();
    await reads(page);
    await says(page, /^Offline ready$/);
    // Whether there is a new version, the browser asks by itself, past what
    // offline means to the page.
    assert.deepEqual(site.hits.filter(({ path }) => path !== "/sw.js"), []);
  }));

test("the server stopped: a new tab works, with headers and policy", () =>
  stored(async ({ site, context }) => {
    await site.down();
    const page = await open(context, site);
    await reads(page);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    // The policy holds too: no other origin, no eval, no script from text.
    assert.deepEqual(await page.evaluate(async () => {
      const broken = /** @type {string[]} */ ([]);
      document.addEventListener("securitypolicyviolation", (event) =>
        broken.push(event.effectiveDirective));
      const tries = [
        await fetch("http://localhost:9/").then(() => "sent", () => "kept"),
        // In a task of its own: the debugger's may do it.
        await new Promise((done) => setTimeout(() => {
          try {
            done(String((0, eval)("1")));
          } catch (error) {
            done(/** @type {Error} */ (error).name);
          }
        })),
        (() => {
          try {
            document.createElement("script").src = "x.js";
            return "set";
          } catch (error) {
            return /** @type {Error} */ (error).name;
          }
        })(),
      ];
      while (!broken.includes("connect-src"))
        await new Promise((done) => setTimeout(done, 10));
      return tries;
    }), ["kept", "EvalError", "TypeError"]);
  }));

test("the headers are the ones that were agreed on, with the server and without", () =>
  stored(async ({ site, page }) => {
    const said = () => page.evaluate(async () => {
      const out = [];
      for (const path of ["./", "assets.json"]) {
        const { headers } = await fetch(path);
        out.push(Object.fromEntries(headers));
      }
      return out;
    });
    /** @type {Record<string, string>} */
    const wanted = {
      "content-security-policy": "default-src 'none'; " +
        "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
        "img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; " +
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        "trusted-types scrubjay default",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "permissions-policy":
        "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    };
    const online = await said();
    for (const headers of online)
      for (const [name, value] of Object.entries(wanted))
        assert.equal(headers[name], value, name);
    await site.down();
    assert.deepEqual(await said(), online);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  }));

test("a new version waits, fetches only what changed, begins when asked", () =>
  stored(async ({ site, context, page }) => {
    await page.getByLabel("Draft").selectOption("off");
    await reads(page);
    const old = await cachesOf(page);
    site.hits.length = 0;
    await site.up(second);
    await update(page);
    await says(page, /waits until this note is finished/);
    // Of twenty megabytes nothing that the first version had.
    const { files } = await assetsOf(second);
    const fetched = site.hits.map(({ path }) => path.slice(1));
    for (const name of ["scrubjay.wasm", "ort-wasm-simd-threaded.wasm"])
      assert.ok(!fetched.includes(files[name].path), name);
    assert.ok(fetched.includes(files["page.js"].path));
    assert.ok(sum(site.hits) < 400_000, `${sum(site.hits)} bytes`);
    // Neither a note under review nor its worker is touched: files of the
    // first version, which no server has any more, still come.
    assert.equal(await page.locator(".offline button:visible").count(), 0);
    const former = (await assetsOf(first)).files["worker.js"].path;
    assert.equal(await page.evaluate(async (path) =>
      (await fetch(path)).status, former), 200);
    assert.equal((await fetch(site.url + former)).status, 404);
    assert.equal(await versionOf(page), "1.0.0");
    assert.equal(await page.locator("scrubjay-review .top").count(), 1);

    // A second tab is the first version too, and while it is open, nobody
    // pulls the page away under it.
    const other = await open(context, site);
    await other.getByText("Engine ready", { exact: true }).waitFor();
    assert.equal(await versionOf(other), "1.0.0");
    await other.getByRole("button", { name: "Restart with it" }).click();
    await says(other, /Close the other Scrubjay tabs/);
    assert.deepEqual(await complaints(other), []);
    assert.equal(await page.locator("scrubjay-review .top").count(), 1);
    await other.close();

    let loads = 0;
    page.on("load", () => loads++);
    await page.getByRole("button", { name: "New note" }).click();
    await page.getByRole("button", { name: "Restart with it" }).click();
    await page.waitForEvent("load");
    await says(page, /^Offline ready$/);
    assert.equal(await versionOf(page), "2.0.0");
    assert.equal(loads, 1);
    const now = await cachesOf(page);
    assert.equal(now.length, old.length);
    assert.notDeepEqual(now, old);
    await site.down();
    await page.reload();
    await reads(page);
    assert.equal(await versionOf(page), "2.0.0");
  }));

test("with a draft, a new version can be begun with over a review", () =>
  stored(async ({ site, page }) => {
    await reads(page);
    const review = page.locator("scrubjay-review");
    await review.press("j");
    await review.press("x");
    await page.locator('.draft[data-state="kept"]').waitFor();
    const marks = () => review.locator("mark").evaluateAll((all) =>
      all.map((mark) => `${mark.textContent} ${mark.className}`));
    const before = await marks();
    await site.up(second);
    await update(page);
    await page.getByRole("button", { name: "Save and restart" }).click();
    await page.waitForEvent("load");
    await reviewing(page);
    assert.equal(await versionOf(page), "2.0.0");
    assert.deepEqual(await marks(), before);
    await review.press("u");
    assert.equal(await review.locator("mark.kept").count(), 0);
    await says(page, /^Offline ready$/);
  }));

test("a version with one wrong byte is not taken", () =>
  stored(async ({ site, page }) => {
    const old = await cachesOf(page);
    await site.up(broken);
    await update(page);
    await says(page, /A new version could not be stored/);
    assert.equal(await versionOf(page), "1.0.0");
    await page.reload();
    await reads(page);
    assert.equal(await versionOf(page), "1.0.0");
    assert.deepEqual(await cachesOf(page), old);
  }));

test("a first visit with one wrong byte says so, and stores nothing", async () => {
  const site = new Site();
  const bad = `${first}-bad`;
  await rm(bad, { recursive: true, force: true });
  await cp(first, bad, { recursive: true });
  const { files } = await assetsOf(first);
  await writeFile(join(bad, files["infer.js"].path), "// another\n");
  await site.up(bad);
  const context = await openContext(await mkdtemp(join(folder, "profile-")));
  try {
    const page = await open(context, site);
    await says(page, /Not stored.*not the one that was published/);
    assert.deepEqual(await complaints(page), []);
    assert.deepEqual(await cachesOf(page), []);
    // Put right, the same page can be asked again.
    await site.up(first);
    await page.getByRole("button", { name: "Try again" }).click();
    await says(page, /^Offline ready$/);
  } finally {
    await context.close();
    await site.down();
  }
});

test("the browser restarted with the server down", () =>
  stored(async ({ site, context, profile }) => {
    await context.close();
    await site.down();
    const again = await openContext(profile);
    const page = await open(again, site);
    await reads(page);
    await says(page, /^Offline ready$/);
    return again;
  }));

test("it can be installed", () => stored(async ({ context, page }) => {
  const session = await context.newCDPSession(page);
  const { installabilityErrors } =
    await session.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId), []);
  const { errors, url } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  assert.match(url, /manifest\.webmanifest$/);
}));
