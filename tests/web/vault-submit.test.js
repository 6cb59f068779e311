// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The vault as the page uses it, with a server behind it: submit, receipts,
// status, re-identification, and what a server may say instead.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { sha256, toUtf8, JOB_ID } from "../../web/vault/bytes.js";
import { refuseEcho } from "../../web/vault/echo.js";
import { openVault } from "../../web/vault/index.js";
import { makeKey } from "../../web/vault/keys.js";
import { mergeText } from "../../web/vault/record.js";
import { memoryStore } from "../../web/vault/store.js";
import { makeSubmission } from "../../web/vault/submission.js";
import {
  DAY, ENTITIES, listOf, makeHospital, NOTE, refusalOf, signList, TEXT,
} from "./vault-kit.js";
import { problem, startVaultServer, tokenOf } from "./vault-server.js";

/** @type {import("./vault-kit.js").Hospital} */
let hospital;
/** @type {Awaited<ReturnType<typeof startVaultServer>>} */
let server;
before(async () => {
  hospital = await makeHospital();
  server = await startVaultServer(hospital);
});
after(() => server.stop());

const PASSPHRASE = () => hospital.passphrase;

/** @param {string} sub @param {object} [more] */
async function vaultOf(sub, more = {}) {
  server.state.fault = () => undefined;
  const vault = await openVault({
    base: server.base, root: hospital.root.kid, token: async () => tokenOf(sub),
    store: memoryStore(), locks: null, ...more,
  });
  return vault;
}

/** @param {string} sub @param {object} [more] */
async function unlocked(sub, more = {}) {
  const vault = await vaultOf(sub, more);
  await vault.refresh();
  await vault.unlock(PASSPHRASE());
  return vault;
}

const submission = () => ({
  body: {
    document_type: "progress-note", specialty: "dermatology",
    policy: "safe-harbor", lang: "en", style: "numbered", scrubbed_text: TEXT,
    entities: ENTITIES.map(({ p, o, t }) => ({
      placeholder: p, type: t, source: "rule", count: o.length })),
    attestation: {}, engine: {},
  },
  entities: ENTITIES,
});

/** @param {EventTarget} vault @param {string} type */
const once = (vault, type) => new Promise((resolve) =>
  vault.addEventListener(type, (event) =>
    resolve(/** @type {any} */ (event).detail), { once: true }));

/** @param {Awaited<ReturnType<typeof vaultOf>>} vault */
async function submitted(vault) {
  const sent = once(vault, "sent");
  const { id } = await vault.submit(submission());
  await sent;
  return id;
}

test("a physician submits, a coder opens it: the note is back", async () => {
  const physician = await unlocked("physician-1");
  assert.deepEqual(physician.standing, {
    vault: "sealed", sub: "physician-1", roles: ["submitter"], locked: false,
    passkey: "none", durable: false, serial: 7,
  });
  const id = await submitted(physician);
  assert.match(id, JOB_ID);
  assert.deepEqual(await physician.waiting(), []);
  const [receipt] = await physician.sent();
  assert.equal(receipt?.id, id);
  assert.equal(receipt?.status, "phi_confirmed");
  const coder = await unlocked("coder-1");
  const found = await coder.reidentify(
    id, { purpose: "TREATMENT", reason: "coding" });
  assert.equal(mergeText(found.text, found.entities)
    .map(({ text }) => text).join(""), NOTE);
  assert.equal(found.rewrap, "none");
  const asked = server.requests.filter(({ path }) =>
    path.startsWith("/v1/coder/reidentify"));
  assert.deepEqual(asked.map(({ body }) => body), [
    { job_id: id, purpose_of_use: "TREATMENT", reason: "coding" },
    { outcome: "decrypted" },
  ]);
  physician.close();
  coder.close();
});

test("no request holds an original, or a bare digest of the text", async () => {
  const vault = await unlocked("physician-1");
  await submitted(vault);
  const all = JSON.stringify(server.requests);
  for (const word of ["Odile", "Brassac", "Zora", "Kern", "02/17/2026"])
    assert.ok(!all.includes(word), word);
  const bare = Buffer.from(await sha256(toUtf8(TEXT)));
  for (const form of /** @type {const} */ (["hex", "base64", "base64url"]))
    assert.ok(!all.includes(bare.toString(form).replace(/=+$/, "")), form);
  assert.ok(!all.includes(PASSPHRASE()));
  const { d } = hospital.physician.user.secret;
  assert.ok(!all.includes(d));
});

test("locked, it is sealed and waits; unlocked, it is signed and goes",
  async () => {
    const vault = await vaultOf("physician-1");
    await vault.refresh();
    const before = server.jobs.size;
    const { id } = await vault.submit(submission());
    await vault.flush();
    const [item] = await vault.waiting();
    assert.deepEqual([item?.id, item?.code], [id, "LOCKED"]);
    assert.equal(server.jobs.size, before);
    const sent = once(vault, "sent");
    await vault.unlock(PASSPHRASE());
    await sent;
    const coder = await unlocked("coder-1");
    const { entities } = await coder.reidentify(id, { purpose: "TREATMENT" });
    assert.deepEqual(entities, ENTITIES);
  });

test("signed late, it is the same for the server however often it is sent",
  async () => {
    const store = memoryStore();
    const first = await vaultOf("physician-1", { store });
    await first.refresh();
    const { id } = await first.submit(submission());
    await first.flush();
    server.state.fault = (_, path) =>
      path === "/v1/coder/submit" ? "late" : undefined;
    await first.unlock(PASSPHRASE());
    await first.flush();
    assert.equal((await first.waiting())[0]?.code, "NETWORK");
    assert.ok(server.jobs.has(id));
    first.close();
    const second = await unlocked("physician-1", { store });
    await second.retry(id);
    assert.deepEqual(await second.waiting(), []);
    const bodies = server.requests.filter(({ key }) => key === id)
      .map(({ body }) => JSON.stringify(body));
    assert.ok(bodies.length >= 2);
    assert.equal(new Set(bodies).size, 1);
  });

test("an answer that is lost makes no second job", async () => {
  const vault = await unlocked("physician-1");
  const before = server.jobs.size;
  server.state.fault = (_, path, count) =>
    path === "/v1/coder/submit" && server.jobs.size === before
      && count > 0 ? "late" : undefined;
  const { id } = await vault.submit(submission());
  await vault.flush();
  const [item] = await vault.waiting();
  assert.equal(item?.code, "NETWORK");
  assert.ok(server.jobs.has(id));
  server.state.fault = () => undefined;
  await vault.online();
  assert.deepEqual(await vault.waiting(), []);
  assert.equal(server.jobs.size, before + 1);
});

test("a page that is closed and opened again sends what it had", async () => {
  const store = memoryStore();
  const first = await unlocked("physician-1", { store });
  server.state.fault = (_, path) =>
    path === "/v1/coder/submit" ? "cut" : undefined;
  const { id } = await first.submit(submission());
  await first.flush();
  first.close();
  const [kept] = await store.items();
  assert.ok(kept && !JSON.stringify(kept).includes("<PERSON_2>"));
  // Whatever lies in the browser, without a word of the note and no bare key.
  const all = JSON.stringify([await store.items(), await store.sent(),
    await store.get("known"), await store.get("receipts"),
    await store.get("keylist"), await store.get("seen")]);
  for (const word of ["Brassac", "Kern", "Seen by"])
    assert.ok(!all.includes(word), word);
  const second = await vaultOf("physician-1", { store });
  assert.equal(second.standing.vault, "sealed"); // known before any request
  assert.equal(second.standing.serial, 7);
  assert.equal((await second.waiting())[0]?.id, id);
  await second.refresh();
  await second.flush();
  await second.retry(id).catch(() => {});
  assert.equal((await second.waiting())[0]?.code, "LOCKED");
  await second.unlock(PASSPHRASE());
  await second.retry(id);
  assert.deepEqual(await second.waiting(), []);
  assert.ok(server.jobs.has(id));
});

test("with the vault off, the map stays in the page", async () => {
  server.state.mode = "off";
  const vault = await vaultOf("physician-1", { root: "" });
  await vault.refresh();
  server.state.mode = "sealed";
  const id = await submitted(vault);
  assert.equal(server.jobs.get(id)?.body.vault, undefined);
  assert.equal(server.jobs.get(id)?.answer.status, "queued");
});

test("a sealed vault without a pinned root seals nothing", async () => {
  const vault = await vaultOf("physician-1", { root: "" });
  assert.equal(await refusalOf(vault.refresh()), "PIN");
  assert.equal(await refusalOf(vault.submit(submission())),
    "KEYLIST_FORMAT none");
});

test("offline for thirty days, redaction goes on and sealing does not",
  async () => {
    const clock = { now: hospital.now };
    const vault = await unlocked("physician-1", { now: () => clock.now });
    clock.now += 31 * DAY;
    assert.equal(await refusalOf(vault.submit(submission())),
      "KEYLIST_EXPIRED");
    vault.close();
  });

test("an old list from the server is not believed, the new one is kept",
  async () => {
    const vault = await unlocked("physician-1");
    const { keylist } = server.state;
    server.state.keylist = await signList(
      hospital.root, listOf(hospital, { serial: 6 }));
    assert.equal(await refusalOf(vault.refresh()), "KEYLIST_OLD");
    assert.equal(vault.standing.serial, 7);
    server.state.keylist = keylist;
    vault.close();
  });

test("one who is on no list cannot submit to a vault", async () => {
  const vault = await vaultOf("stranger");
  await vault.refresh();
  assert.equal(await refusalOf(vault.submit(submission())), "NOT_A_MEMBER");
  assert.equal(await refusalOf(vault.unlock(PASSPHRASE())), "NOT_A_MEMBER");
});

test("a receipt that goes back stops the result, and keeps it", async () => {
  const vault = await unlocked("physician-1");
  await submitted(vault);
  server.state.seq -= 1;
  const { id } = await vault.submit(submission());
  await vault.flush();
  const [item] = await vault.waiting();
  assert.deepEqual([item?.id, item?.state, item?.code],
    [id, "stopped", "RECEIPT"]);
  server.state.seq += 1;
  await vault.discard(id);
});

test("an answer for another job is no answer", async () => {
  const vault = await unlocked("physician-1");
  server.state.fault = (_, path) => path === "/v1/coder/submit"
    ? { status: 202, body: { job_id: "other", status: "queued" } } : undefined;
  await vault.submit(submission());
  await vault.flush();
  assert.equal((await vault.waiting())[0]?.code, "ANSWER");
  server.state.fault = (_, path) => path.startsWith("/v1/coder/status/")
    ? { status: 200, body: { job_id: "other", status: "complete" } }
    : undefined;
  assert.equal(await refusalOf(vault.status(
    "01980000-0000-7000-8000-000000000001")), "ANSWER status");
  vault.close();
});

test("what a server refuses is told by its name and places, not its words",
  async () => {
    const vault = await unlocked("physician-1");
    server.state.fault = (_, path) => path === "/v1/coder/submit"
      ? problem(422, "leak-suspected", {
        detail: "Zora Kern", findings: [
          { field: "scrubbed_text", class: "ssn", start: 3, end: 9 },
          { field: "Zora <b>", class: "a b", start: "x", end: null }],
      }) : undefined;
    const { id } = await vault.submit(submission());
    await vault.flush();
    const [item] = await vault.waiting();
    assert.deepEqual([item?.state, item?.code, item?.where],
      ["stopped", "PROBLEM", "leak-suspected"]);
    assert.ok(!JSON.stringify(item).includes("Zora"));
    await vault.discard(id);
  });

test("a token that was refused is asked for once more", async () => {
  /** @type {boolean[]} */
  const asked = [];
  const vault = await vaultOf("physician-1", {
    token: async (/** @type {boolean} */ again) => {
      asked.push(again);
      return again ? tokenOf("physician-1")
        : tokenOf("physician-1").replace(/^[^.]*/, "e30");
    },
  });
  server.state.fault = (_, path, count) => path === "/v1/vault/keylist"
    && asked.at(-1) === false && count > 0
    ? problem(401, "unauthenticated") : undefined;
  await vault.refresh();
  assert.ok(asked.includes(true));
  vault.close();
});

test("a status says what it must, and when to ask again", async () => {
  const vault = await unlocked("physician-1");
  const id = await submitted(vault);
  const status = await vault.status(id);
  assert.equal(status.status, "queued");
  assert.equal(status.waitMs, 2000);
  assert.equal(await refusalOf(vault.status("../config")), "SUBMISSION job");
  const other = "01980000-0000-7000-8000-000000000009";
  assert.equal(await refusalOf(vault.status(other)), "PROBLEM not-found");
});

test("an old record is wrapped to the new key on the way", async () => {
  const physician = await unlocked("physician-1");
  const id = await submitted(physician);
  const { keylist } = server.state;
  const next = await makeKey();
  server.state.roots.set("vault:derm:4", next.secret);
  server.state.keylist = await signList(hospital.root, listOf(hospital, {
    serial: 8,
    vault: [
      { kid: "vault:derm:3", state: "accept", jwk: hospital.vault.jwk },
      { kid: "vault:derm:4", state: "active", jwk: next.jwk },
    ],
  }));
  const coder = await unlocked("coder-1");
  const first = await coder.reidentify(id, { purpose: "TREATMENT" });
  assert.equal(first.rewrap, "done");
  const again = await coder.reidentify(id, { purpose: "TREATMENT" });
  assert.equal(again.rewrap, "none");
  assert.deepEqual(again.entities, ENTITIES);
  server.state.keylist = keylist;
});

test("a record that does not open is told to the server as failed",
  async () => {
    const physician = await unlocked("physician-1");
    const id = await submitted(physician);
    const job = server.jobs.get(id);
    assert.ok(job);
    job.body.scrubbed_text += " More.";
    const coder = await unlocked("coder-1");
    assert.equal(
      await refusalOf(coder.reidentify(id, { purpose: "TREATMENT" })),
      "TEXT_CHANGED");
    assert.deepEqual(server.requests.at(-1)?.body,
      { outcome: "failed", error: "TEXT_CHANGED" });
  });

test("a vault key that is not the one of the list is not used", async () => {
  const physician = await unlocked("physician-1");
  const id = await submitted(physician);
  const right = server.state.roots.get("vault:derm:3");
  assert.ok(right);
  server.state.roots.set("vault:derm:3", (await makeKey()).secret);
  const coder = await unlocked("coder-1");
  assert.equal(
    await refusalOf(coder.reidentify(id, { purpose: "TREATMENT" })),
    "KEY_MISMATCH");
  server.state.roots.set("vault:derm:3", right);
});

test("keys lock by themselves, and on another person", async () => {
  let who = "coder-1";
  const vault = await unlocked("coder-1", {
    lockMs: 20, token: async () => tokenOf(who) });
  await once(vault, "change");
  assert.equal(vault.standing.locked, true);
  const id = "01980000-0000-7000-8000-000000000001";
  assert.equal(await refusalOf(vault.reidentify(id, { purpose: "X" })),
    "LOCKED");
  const other = await unlocked("coder-1", { token: async () => tokenOf(who) });
  who = "physician-1";
  await other.refresh();
  assert.deepEqual([other.standing.sub, other.standing.locked],
    ["physician-1", true]);
});

test("no original stands in clear in any member of what is sent", async () => {
  const originals = ["Zora Kern", "Black", "AB", "555-010-4477"];
  const refuse = (/** @type {object} */ body) => () =>
    refuseEcho(/** @type {any} */ (body), originals);
  refuse({ scrubbed_text: "Black stool. <PERSON_0>", specialty: "derm" })();
  refuse({ scrubbed_text: "x", vault: { data: "Zora Kern" } })();
  refuse({ specialty: "blackboard" })();
  refuseEcho(/** @type {any} */ ({ reviewed_at: "2026-01-02T03:04:05Z" }),
    ["2026"]);
  for (const [body, where] of /** @type {[object, string][]} */ ([
    [{ scrubbed_text: "seen: ZORA\nKERN." }, "scrubbed_text"],
    [{ scrubbed_text: "call 555 010 4477" }, "scrubbed_text"],
    [{ specialty: "black" }, "specialty"],
    [{ a: [{ note: "Ｚóra kern" }] }, "note"],
  ]))
    assert.throws(refuse(body), { code: "ECHO", where });
  const vault = await unlocked("physician-1");
  const whole = submission();
  whole.body.specialty = "Dr Brassac, Odile Brassac";
  assert.equal(await refusalOf(vault.submit(whole)), "ECHO specialty");
});

test("a signed review makes the body, with types and counts alone", () => {
  const original = "Zora met Zora on 02/17/2026.";
  const text = "<PERSON_0> met <PERSON_0> on <DATE_1>.";
  const map = [
    { start: 0, end: 4, outStart: 0, outEnd: 10, label: "NAME" },
    { start: 9, end: 13, outStart: 15, outEnd: 25, label: "NAME" },
    { start: 17, end: 27, outStart: 29, outEnd: 37, label: "DATE" },
  ];
  const { body, entities } = makeSubmission({
    original, written: { text, map },
    findings: [
      { start: 0, end: 4, manual: false, sources: [{ kind: "model" }] },
      { start: 9, end: 13, manual: true, sources: [] },
      { start: 17, end: 27, manual: false, sources: [{ kind: "rule" }] },
    ],
    fields: { documentType: "Progress note", specialty: "Pédiatrie" },
    policy: "safe-harbor,keep-providers", lang: "en",
    report: {
      signedAt: "2026-11-26T01:00:00.000Z",
      reviewer: { role: `Médecin ${"é".repeat(60)}` },
      statement: { policy: "safe-harbor", rulesOnly: true },
      counts: { hidden: 3, leftInClear: 0, addedByHand: 1 },
      engine: { version: "0.1.0", model: { name: "tiny 1.0.0" } },
    },
  });
  assert.equal(body["document_type"], "progress-note");
  assert.equal(body["specialty"], "pediatrie");
  assert.equal(body["policy"], "safe-harbor,keep-providers");
  assert.deepEqual(body["engine"],
    { ruleset: "0.1.0", model: "tiny-1.0.0", version: "0.1.0" });
  const { reviewer } = /** @type {any} */ (body["attestation"]);
  assert.equal(Buffer.byteLength(reviewer.role), 63);
  assert.deepEqual(body["entities"], [
    { placeholder: "<PERSON_0>", type: "NAME", source: "manual", count: 2 },
    { placeholder: "<DATE_1>", type: "DATE", source: "rule", count: 1 },
  ]);
  assert.deepEqual(entities.map(({ o }) => o), [["Zora", "Zora"],
    ["02/17/2026"]]);
  assert.equal(body["style"], "numbered");
  assert.ok(!JSON.stringify(body).includes("Zora"));
  assert.deepEqual(Object.keys(body), ["document_type", "specialty", "policy",
    "lang", "style", "scrubbed_text", "entities", "attestation", "engine"]);
});
