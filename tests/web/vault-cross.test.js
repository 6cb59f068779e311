// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What the page seals, C opens, and the other way round: random records, the
// same maps. tests/unit/vault_cross.c is the other side; the long run has
// 10,000 records each way, the short one 200.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";

import { makeJobId } from "../../web/vault/bytes.js";
import { verifyKeylist } from "../../web/vault/keylist.js";
import {
  openingKey, unwrapByPassphrase, wrapByPassphrase,
} from "../../web/vault/keys.js";
import { openRecord } from "../../web/vault/open.js";
import { sealRecord } from "../../web/vault/seal.js";
import { dice } from "./dice.js";
import {
  deviceOf, listOf, makeHospital, refusalOf, signList,
} from "./vault-kit.js";

/** @import {MapEntity} from "../../web/vault/record.js" */

const PROGRAM = new URL(
  "../../build/native/tests/unit/vault_cross", import.meta.url).pathname;
const COUNT = process.env["SCRUBJAY_LONG"] === "yes" ? 10_000 : 200;

/** @type {import("./vault-kit.js").Hospital} */
let hospital;
let jws = "";
before(async () => {
  assert.ok(existsSync(PROGRAM), "build build/native first");
  hospital = await makeHospital();
  jws = await signList(hospital.root, listOf(hospital));
});

const WORDS = ["Zora", "Kern", "Ōsaka", "l’Hôpital", "O'Neil", "\"", "\\", "\t",
  "\u0001", "🩺", "𝒵", "é", "e\u0301", "03/14", "<", ">", "  ", "null", "\u2028"];

/** Labels and originals of any kind. @param {(sides: number) => number} roll */
function randomRecord(roll) {
  const entities = Array.from({ length: roll(14) }, (_, n) => {
    const stem = ["PERSON", "DATE", "MRN", "LOCATION"][roll(4)] ?? "PERSON";
    const o = Array.from({ length: 1 + roll(3) }, () =>
      Array.from({ length: 1 + roll(roll(20) === 0 ? 60 : 6) }, () =>
        WORDS[roll(WORDS.length)]).join(""));
    return { p: `<${stem}_${n}>`, o, t: stem };
  });
  const places = entities.flatMap(({ p, o }) => o.map(() => p));
  for (let i = places.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [places[i], places[j]] = [places[j] ?? "", places[i] ?? ""];
  }
  const text = places.map((p) =>
    `${WORDS[roll(WORDS.length)]} ${p}`).join("\n") + " end";
  return { entities, text };
}

/**
 * @param {string[]} args
 * @param {AsyncIterable<string> | Iterable<string>} lines
 * @param {(line: string) => void} onLine
 */
async function run(args, lines, onLine) {
  const child = spawn(PROGRAM, args, { stdio: ["pipe", "pipe", "inherit"] });
  const done = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (data) => {
    rest += data;
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    whole.forEach(onLine);
  });
  for await (const line of lines)
    if (!child.stdin.write(`${line}\n`))
      await new Promise((resolve) => child.stdin.once("drain", resolve));
  child.stdin.end();
  assert.equal(await done, 0);
  assert.equal(rest, "");
}

/** @param {(folder: string) => Promise<void>} work */
async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "scrubjay-cross-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @returns {Promise<string[]>} of `open` */
async function openArgs(folder) {
  const list = join(folder, "keylist.jws");
  const key = join(folder, "key.json");
  await writeFile(list, jws);
  await writeFile(key, JSON.stringify(hospital.vault.secret));
  return ["open", list, hospital.root.kid, key];
}

test(`${COUNT} records of the page open in C`, () =>
  withFolder(async (folder) => {
    const roll = dice(2026);
    const { list } = await verifyKeylist(jws, { root: hospital.root.kid });
    const device = await deviceOf(hospital);
    /** @type {(readonly MapEntity[])[]} */
    const sealed = [];
    async function* records() {
      for (let i = 0; i < COUNT; i++) {
        const { entities, text } = randomRecord(roll);
        const job = makeJobId();
        const { vault: { share, ...vault } } = await sealRecord(
          { job, sub: "physician-1", text, entities, list, device });
        sealed.push(entities);
        yield JSON.stringify({ job_id: job, scrubbed_text: text, vault, share });
      }
    }
    let at = 0;
    await run(await openArgs(folder), records(), (line) => {
      assert.deepEqual(JSON.parse(line), { v: 1, entities: sealed[at++] });
    });
    assert.equal(at, COUNT);
  }));

test(`${COUNT} records of C open in the page`, async () => {
  const roll = dice(2027);
  const { list } = await verifyKeylist(jws, { root: hospital.root.kid });
  const key = await openingKey(hospital.vault.secret);
  /** @type {(readonly MapEntity[])[]} */
  const sealed = [];
  function* orders() {
    for (let i = 0; i < COUNT; i++) {
      const { entities, text } = randomRecord(roll);
      sealed.push(entities);
      yield JSON.stringify({
        kid: "vault:derm:3", to: hospital.vault.jwk,
        device: hospital.physician.device.secret, job: makeJobId(),
        sub: "physician-1", text, map: JSON.stringify({ v: 1, entities }),
      });
    }
  }
  /** @type {any[]} */
  const records = [];
  await run(["seal"], orders(), (line) => records.push(JSON.parse(line)));
  assert.equal(records.length, COUNT);
  for (const [i, made] of records.entries()) {
    const { job_id: job, scrubbed_text: text, vault: record, share } = made;
    const { entities, kid } = await openRecord(
      { job, text, record, share, list, keyOf: async () => key });
    assert.deepEqual(entities, sealed[i]);
    assert.equal(kid, "vault:derm:3");
  }
});

test("what the page refuses of a record, C refuses too", () =>
  withFolder(async (folder) => {
    const { list } = await verifyKeylist(jws, { root: hospital.root.kid });
    const device = await deviceOf(hospital);
    const keyOf = () => openingKey(hospital.vault.secret);
    const { entities, text } = randomRecord(dice(5));
    const make = async () => {
      const job = makeJobId();
      const { vault: { share, ...vault } } = await sealRecord(
        { job, sub: "physician-1", text, entities, list, device });
      return { job_id: job, scrubbed_text: text, vault, share };
    };
    const [a, b] = [await make(), await make()];
    const changed = [
      { ...a, scrubbed_text: `${text}!` },
      { ...a, job_id: b.job_id },
      { ...a, share: b.share },
      { ...a, vault: { ...a.vault, wraps: b.vault.wraps } },
      { ...a, vault: { ...a.vault, sig: b.vault.sig } },
      { ...a, vault: { ...a.vault, sig: "" } },
      { ...a, vault: { ...a.vault, text_salt: b.vault.text_salt } },
      { ...a, vault: { ...a.vault,
        data: a.vault.data.replace(/.$/, (c) => (c === "A" ? "B" : "A")) } },
    ];
    /** @type {any[]} */
    const answers = [];
    await run(await openArgs(folder),
      [a, ...changed].map((one) => JSON.stringify(one)),
      (line) => answers.push(JSON.parse(line)));
    assert.deepEqual(answers[0].entities, entities);
    for (const [i, one] of changed.entries()) {
      const { job_id: job, scrubbed_text, vault: record, share } = one;
      assert.notEqual(
        await refusalOf(openRecord(
          { job, text: scrubbed_text, record, share, list, keyOf })),
        "not refused", String(i));
      assert.equal(typeof answers[i + 1].refused, "string", String(i));
    }
  }));

test("a private key that the page wrapped unwraps in C", () =>
  withFolder(async (folder) => {
    const { user } = hospital.coder;
    const { passphrase } = hospital;
    const file = join(folder, "passphrase");
    await writeFile(file, passphrase);
    const jwe = await wrapByPassphrase(user.secret, passphrase, user.kid);
    assert.deepEqual(await unwrapByPassphrase(jwe, passphrase), user.secret);
    /** @type {string[]} */
    const lines = [];
    await run(["unwrap", file], [jwe], (line) => lines.push(line));
    assert.deepEqual(JSON.parse(lines.join("")), user.secret);
  }));
