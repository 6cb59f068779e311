// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What tools/start sets up, in a browser: keys of `scrubjay vault`, scrubjayd,
// and the built pages. A physician's result is sealed in one tab and opened by
// a reviewer on the results page; afterwards no original, passphrase or private
// key is in database, log, metrics or the browser's profile.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ENTITIES, NOTE, TEXT } from "../web/vault-kit.js";
import { axe, build, openProfile } from "./harness.js";

const TOP = new URL("../..", import.meta.url).pathname;
const PROGRAM = join(TOP, "build/native/tools/server/scrubjayd");
const CANARIES = ["Odile", "Brassac", "Zora Kern", "Ms Kern", "02/17/2026"];

let folder = "";
let origin = "";
let metrics = "";
let script = "";
let log = "";
/** @type {Record<string, string>} */
const passphrases = {};
/** @type {import("node:child_process").ChildProcess} */
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "scrubjay-hospital-"));
  const home = join(folder, "home");
  const made = spawnSync("bash", ["-c", `set -euo pipefail
    . tools/lib/setup.sh; . tools/lib/development.sh
    development_make "$1" "$PWD/build/native/tools/cli/scrubjay" \
      "$PWD/build/native/tools/server/scrubjayd"`, "bash", home],
  { cwd: TOP, encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  const ini = join(home, "scrubjayd.ini");
  await appendFile(ini, "[server]\nlisten = 127.0.0.1:0\n" +
    "[admin]\nlisten = 127.0.0.1:0\n");
  const said = await readFile(join(home, "passphrases"), "utf8");
  for (const [, sub = "", words = ""] of said.matchAll(/^member (\S+) (.+)$/gm))
    passphrases[sub] = words;
  const root = (await readFile(
    join(home, "vault/root.fingerprint"), "utf8")).trim();
  const site = await build("hospital", "none", "--vault-root", root);
  const { files } = JSON.parse(
    await readFile(join(site, "assets.json"), "utf8"));
  script = files["vault.js"].path;
  server = spawn(PROGRAM, ["--config", ini, "--root", site],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, SCRUBJAYD_LOG_LEVEL: "info" },
    });
  server.stderr?.on("data", (data) => (log += String(data)));
  const line = await new Promise((resolve, reject) => {
    server.stdout?.once("data", (data) => resolve(String(data)));
    server.once("exit", (code) => reject(new Error(`exit ${code}: ${log}`)));
  });
  origin = `http://localhost:${/:(\d+)/.exec(line)?.[1]}`;
  metrics = /"port":"?(\d+)/.exec(log)?.[1] ?? "";
});
after(async () => {
  if (server && server.exitCode === null) {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} place @param {readonly string[]} words */
async function findIn(place, words) {
  const found = [];
  let files = 0;
  for (const entry of await readdir(place, { recursive: true })) {
    const bytes = await readFile(join(place, entry)).catch(() => null);
    if (bytes === null) continue; // a folder, or a socket
    files++;
    for (const [i, word] of words.entries())
      for (const form of /** @type {const} */ (["utf8", "utf16le"]))
        if (bytes.includes(Buffer.from(word, form)))
          found.push(`${entry}: word ${i}`);
  }
  return { found, files };
}

test("sealed in one tab, opened on the results page, and found nowhere else",
  async () => {
    const profile = join(folder, "profile");
    const context = await openProfile(profile, { locale: "en-US" });
    const tab = await context.newPage();
    await tab.goto(`${origin}/assets.json`);
    const job = await tab.evaluate(async (given) => {
      const { openVault, developmentTokens } = await import(given.url);
      const base = new URL("/", location.href).href;
      const root = given.root;
      const vault = await openVault({
        base, root, token: developmentTokens(base, "physician") });
      await vault.refresh();
      await vault.unlock(given.passphrase);
      const sent = new Promise((resolve) => vault.addEventListener("sent",
        (/** @type {any} */ event) => resolve(event.detail), { once: true }));
      const { id } = await vault.submit({ body: given.body,
        entities: given.entities });
      await sent;
      vault.close();
      return id;
    }, {
      url: `/${script}`,
      root: await tab.evaluate(async () => {
        const html = await (await fetch("/results.html")).text();
        return /name="scrubjay-root" content="([^"]*)"/.exec(html)?.[1] ?? "";
      }),
      passphrase: passphrases["physician"] ?? "",
      entities: /** @type {any} */ (ENTITIES),
      body: {
        document_type: "progress-note", specialty: "dermatology",
        policy: "safe-harbor", lang: "en", style: "numbered",
        scrubbed_text: TEXT,
        entities: ENTITIES.map(({ p, o, t }) => ({
          placeholder: p, type: t, source: "rule", count: o.length })),
        attestation: {
          statement_id: "safe-harbor", reviewed_at: "2026-01-02T03:04:05Z",
          reviewer: { role: "physician" },
          counts: { confirmed: 4, unflagged: 0, added: 0 },
        },
        engine: { ruleset: "0.1.0", model: "none", version: "0.1.0" },
      },
    });

    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("console", (line) => complaints.push(line.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const answer = await page.goto(`${origin}/results.html#job=${job}`);
    assert.match(answer?.headers()["content-security-policy"] ?? "",
      /default-src 'none'.*connect-src 'self'/);
    await page.locator("#sub").fill("reviewer");
    await page.keyboard.press("Enter");
    await page.locator("#passphrase").fill(passphrases["reviewer"] ?? "");
    await page.keyboard.press("Enter");
    await page.locator("#job").waitFor();
    assert.equal(await page.locator("#job").inputValue(), job);
    await page.locator("form select").selectOption("treatment");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".note").waitFor();
    assert.equal(await page.locator(".note").textContent(), NOTE);
    await page.getByText("Not coded yet.").waitFor();
    await page.getByText(/row 1\.\d+ of the audit log/).waitFor();
    await page.evaluate(() => {
      Object.assign(globalThis, { __violations: [] });
    });
    assert.deepEqual(
      await axe(/** @type {any} */ ({ page, complaints })), []);
    await page.getByRole("button", { name: "Close", exact: true }).click();

    // A physician may not open what a physician has sent.
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    await page.getByRole("button", { name: "Somebody else" }).click();
    await page.locator("#sub").fill("physician");
    await page.keyboard.press("Enter");
    await page.locator("#passphrase").fill(passphrases["physician"] ?? "");
    await page.keyboard.press("Enter");
    await page.locator("#job").fill(job);
    await page.locator("form select").selectOption("treatment");
    await page.locator("#reason").press("Enter");
    await page.getByRole("alert").getByText("You may not do that").waitFor();
    await context.close();

    const secrets = Object.values(passphrases);
    assert.ok(secrets.length >= 2);
    const inProfile = await findIn(profile, [...CANARIES, ...secrets]);
    assert.ok(inProfile.files > 5, `${inProfile.files} files`);
    assert.deepEqual(inProfile.found, []);
    // The development keys' own list of passphrases is for who tries it out.
    await rm(join(folder, "home/passphrases"));
    const atHome = await findIn(join(folder, "home"),
      [...CANARIES, ...secrets]);
    assert.ok(atHome.files > 5, `${atHome.files} files`);
    assert.deepEqual(atHome.found, []);
    for (const word of [...CANARIES, ...secrets])
      assert.ok(!log.includes(word), "in the log");
    assert.notEqual(metrics, "");
    const told = await (await fetch(
      `http://127.0.0.1:${metrics}/metrics`)).text();
    assert.match(told, /scrubjay/);
    for (const word of [...CANARIES, ...secrets])
      assert.ok(!told.includes(word), "in the metrics");
    // The browser itself says that an answer was 403.
    assert.deepEqual(complaints.filter((line) => !/403/.test(line)), []);
  });
