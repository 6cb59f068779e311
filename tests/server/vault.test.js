// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What tools/start sets up, whole: keys of `scrubjay vault`, scrubjayd, and the
// page's own modules, which seal a submission and open it for a second role.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openVault } from "../../web/vault/index.js";
import { memoryStore } from "../../web/vault/store.js";
import { developmentTokens } from "../../web/vault/site.js";
import { Server, submission, until, uuid7 } from "./kit.js";

const TOP = new URL("../..", import.meta.url).pathname;
const ENTITIES = [
  { p: "<PERSON_0>", o: ["Zora Kern", "Ms Kern"], t: "NAME" },
  { p: "<MRN_1>", o: ["7730214"], t: "MRN" },
];

/** @type {Server} */
let server;
let root = "";
/** @type {Record<string, string>} */
const passphrases = {};

/** @param {string} sub */
async function enter(sub) {
  const base = `http://127.0.0.1:${server.port}/`;
  const vault = await openVault({
    base, root, token: developmentTokens(base, sub), store: memoryStore(),
    locks: null,
  });
  await vault.refresh();
  return vault;
}

/** @param {any} vault @param {any} [body] @returns {Promise<string>} job id */
async function submit(vault, body = submission()) {
  /** @type {Promise<string>} */
  const sent = new Promise((resolve) => vault.addEventListener("sent",
    (/** @type {any} */ event) => resolve(event.detail.id), { once: true }));
  await vault.submit({ body, entities: ENTITIES });
  return sent;
}

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), "scrubjayd-"));
  server = new Server(folder);
  const home = join(folder, "development");
  const made = spawnSync("bash", ["-c", `set -euo pipefail
    . tools/lib/setup.sh; . tools/lib/development.sh
    development_make "$1" "$PWD/build/native/tools/cli/scrubjay" \
      "$PWD/build/native/tools/server/scrubjayd"`, "bash", home],
  { cwd: TOP, encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  server.config = join(home, "scrubjayd.ini");
  await appendFile(server.config,
    "[server]\nlisten = 127.0.0.1:0\n[limits]\n" +
    "submits_per_minute = 10000\nsubmit_burst = 10000\n");
  root = (await readFile(join(home, "vault/root.fingerprint"), "utf8")).trim();
  const said = await readFile(join(home, "passphrases"), "utf8");
  for (const [, sub = "", words = ""] of said.matchAll(/^member (\S+) (.+)$/gm))
    passphrases[sub] = words;
  await server.start();
});
after(() => server.remove());

test("a submission is sealed by one and opened by another", async () => {
  const physician = await enter("physician");
  assert.equal(physician.standing.vault, "sealed");
  await physician.unlock(passphrases["physician"] ?? "");
  const job = await submit(physician);

  const reviewer = await enter("reviewer");
  assert.equal((await reviewer.status(job)).status, "phi_confirmed");
  assert.equal((await reviewer.status(job)).vault, "sealed");
  await reviewer.unlock(passphrases["reviewer"] ?? "");
  const found = await reviewer.reidentify(job, { purpose: "treatment" });
  assert.deepEqual(found.entities, ENTITIES);
  assert.equal(found.text, submission().scrubbed_text);
  assert.equal(found.results, null);

  const said = await server.call("GET", `/v1/audit/events?object=${job}`,
    { as: "auditor" });
  const rows = said.body.events.map((/** @type {any} */ { entry }) => entry);
  assert.deepEqual(rows.map((/** @type {any} */ row) => row.action), [
    "REVIEW_STARTED", "ENTITY_CONFIRMED", "ENTITY_UNFLAGGED", "JOB_SUBMITTED",
    "PHI_CREATED", "PHI_ACCESSED", "PHI_DECRYPTED", "REIDENTIFIED"]);
  assert.equal(rows[5].purpose, "treatment");
  assert.equal(rows[5].actor, "reviewer");
  assert.equal(rows[6].outcome, "reported");

  // Who may submit may not open, and a coder sees no originals.
  await assert.rejects(physician.reidentify(job, { purpose: "treatment" }));
  await Promise.all([physician, reviewer].map((one) => one.close()));
});

test("what was sealed is in no file, log or answer of the server", async () => {
  const folder = join(server.folder, "development");
  for (const name of await readdir(folder)) {
    if (name === "vault") continue;
    const bytes = await readFile(join(folder, name));
    for (const canary of ["Zora", "Kern", "7730214"])
      assert.ok(!bytes.includes(canary), name);
  }
  assert.ok(!server.log.includes("Zora"));
});

test("a record for another job, person or text is refused", async () => {
  const physician = await enter("physician");
  await physician.unlock(passphrases["physician"] ?? "");
  /** @type {any[]} */
  const bodies = [];
  const held = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    if (String(url).endsWith("/submit"))
      bodies.push({ body: JSON.parse(String(init?.body)),
        key: /** @type {any} */ (init?.headers)["idempotency-key"] });
    return held(url, init);
  };
  try {
    await submit(physician);
  } finally {
    globalThis.fetch = held;
  }
  const { body, key } = bodies[0];
  const post = (/** @type {any} */ changed, id = uuid7(), as = "physician") =>
    server.call("POST", "/v1/coder/submit", { as, key: id, body: changed });
  // A retry is the same job; the same record under another name is none.
  assert.equal((await post(body, key)).status, 202);
  const moved = await post(body);
  assert.equal(moved.status, 422);
  assert.equal(moved.body.type, "/problems/vault-malformed");
  for (const [vault, pointer] of /** @type {[any, string][]} */ ([
    [{ ...body.vault, sig: `${body.vault.sig.slice(0, -4)}AAAA` }, "/vault/sig"],
    [{ ...body.vault, share: "AAAA" }, "/vault/share"],
    [{ ...body.vault, data: "a.b.c.d.e" }, "/vault/data"],
    [{ ...body.vault, wraps: [] }, "/vault/wraps"],
    [{ ...body.vault, extra: 1 }, "/vault"],
  ])) {
    const { status, body: said } = await post({ ...body, vault });
    assert.ok([400, 422].includes(status), pointer);
    assert.equal(said.pointer.startsWith(pointer.split("/", 2).join("/")), true);
  }
  physician.close();
});

test("a deleted record leaves no byte of share, wrap or ciphertext behind",
  async () => {
    const physician = await enter("physician");
    await physician.unlock(passphrases["physician"] ?? "");
    const job = await submit(physician);
    const reviewer = await enter("reviewer");
    const release = await server.call("POST", "/v1/coder/reidentify",
      { as: "reviewer", body: { job_id: job, purpose_of_use: "treatment" } });
    assert.equal(release.status, 200);
    const { data, wraps, sig } = release.body.vault;
    const parts = [data.slice(300, 360), wraps[0].slice(-40), sig.slice(-40),
      "underwent EBUS"];
    const files = ["store.db", "store.db-wal"].map((name) =>
      join(server.folder, "development", name));
    const holds = async (/** @type {string} */ what) => {
      const all = await Promise.all(files.map((name) => readFile(name)));
      return all.some((bytes) => bytes.includes(what));
    };
    for (const part of parts.slice(0, 3)) assert.ok(await holds(part));
    assert.equal((await server.call("DELETE", `/v1/coder/jobs/${job}`,
      { as: "physician" })).status, 204);
    for (const part of parts.slice(0, 3)) assert.ok(!await holds(part), part);
    assert.equal((await server.call("POST", "/v1/coder/reidentify",
      { as: "reviewer", body: { job_id: job, purpose_of_use: "treatment" } }))
      .status, 404);
    assert.equal((await reviewer.status(job)).vault, "shredded");
    for (const one of [physician, reviewer]) one.close();
  });

test("the server survives a restart with its vault", async () => {
  const physician = await enter("physician");
  await physician.unlock(passphrases["physician"] ?? "");
  const job = await submit(physician);
  physician.close();
  assert.equal(await server.stop(), 0);
  await server.start();
  const reviewer = await enter("reviewer");
  await reviewer.unlock(passphrases["reviewer"] ?? "");
  const found = await reviewer.reidentify(job, { purpose: "quality" });
  assert.deepEqual(found.entities, ENTITIES);
  reviewer.close();
  const verdict = server.command("audit", "verify", "--config", server.config);
  assert.match(verdict, /^good: /);
  await until(() => server.child?.exitCode === null);
});
