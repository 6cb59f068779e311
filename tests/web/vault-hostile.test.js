// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// A server that is not on our side. Each of the eleven things that it may try
// is refused by the page's code, under a name of its own.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { CompactSign } from "../../web/node_modules/jose/dist/webapi/index.js";
import { fromBase64url } from "../../web/vault/bytes.js";
import { verifyKeylist } from "../../web/vault/keylist.js";
import { makeKey, openingKey, signingKey, unlock } from "../../web/vault/keys.js";
import { openRecord } from "../../web/vault/open.js";
import {
  commitment, dataHash, saltedDigest, signedText,
} from "../../web/vault/record.js";
import { wrapKey } from "../../web/vault/seal.js";
import { download } from "../../web/worker/download.js";
import { Reader } from "../../web/worker/reader.js";
import {
  listOf, makeHospital, makeRoot, refusalOf, sealed, signList, TEXT,
  verifiedList, wrappedKeys,
} from "./vault-kit.js";

/** @import {Bytes} from "../../web/vault/bytes.js" */

/** @type {import("./vault-kit.js").Hospital} */
let hospital;
before(async () => {
  hospital = await makeHospital();
});

/** @param {object} given */
const open = (given) => refusalOf(openRecord(/** @type {any} */ (given)));

test("the records of this suite are right until something is done to them",
  async () => {
    assert.equal(await open(await sealed(hospital)), "not refused");
  });

test("1: another vault key than the root signed", async () => {
  const mine = await makeKey();
  const payload = listOf(hospital, {
    vault: [{ kid: "vault:derm:3", state: "active", jwk: mine.jwk }],
  });
  const { root } = hospital;
  const own = await signList(await makeRoot(), payload);
  assert.equal(await refusalOf(verifyKeylist(own, { root: root.kid })),
    "KEYLIST_ROOT");
  // The right list, with its payload exchanged.
  const right = await signList(root, listOf(hospital));
  const [head, , tail] = right.split(".");
  const body = own.split(".")[1];
  assert.equal(
    await refusalOf(verifyKeylist(`${head}.${body}.${tail}`,
      { root: root.kid })),
    "KEYLIST_SIGNATURE");
});

test("2: an old key list", async () => {
  const { root } = hospital;
  const now = await signList(root, listOf(hospital, { serial: 9 }));
  const { seen } = await verifyKeylist(now, { root: root.kid });
  const old = await signList(root, listOf(hospital, { serial: 8 }));
  assert.equal(
    await refusalOf(verifyKeylist(old, { root: root.kid, seen })),
    "KEYLIST_OLD");
});

test("3: fewer rounds of the passphrase", async () => {
  const list = await verifiedList(hospital);
  const { passphrase } = hospital;
  for (const rounds of [1000, 599_999])
    assert.equal(
      await refusalOf(unlock(
        await wrappedKeys(hospital, "physician", rounds), passphrase, list,
        "physician-1")),
      "KDF_WEAK");
  // And not as many as would keep the page busy for an hour.
  const [wrapped = ""] = await wrappedKeys(hospital, "physician");
  const [head = "", ...rest] = wrapped.split(".");
  const header = JSON.parse(Buffer.from(head, "base64url").toString());
  const costly = Buffer.from(JSON.stringify({ ...header, p2c: 2e9 }))
    .toString("base64url");
  assert.equal(
    await refusalOf(unlock(
      [[costly, ...rest].join(".")], passphrase, list, "physician-1")),
    "KDF_COSTLY");
});

test("4: the record of another job", async () => {
  const asked = await sealed(hospital);
  const other = await sealed(
    hospital, { job: "01980000-0000-7000-8000-000000000002" });
  assert.equal(
    await open({ ...asked, record: other.record, share: other.share }),
    "RECORD_CONTEXT");
});

test("5: a map that the server made itself, for the public key", async () => {
  const right = await sealed(hospital);
  const mine = await makeKey();
  const forged = { entities: [
    { p: "<PROVIDER_0>", o: ["Nobody"], t: "NAME" },
    { p: "<DATE_1>", o: ["01/01/2000"], t: "DATE" },
    { p: "<PERSON_2>", o: ["Somebody Else", "Else"], t: "NAME" },
  ] };
  const own = await sealed(hospital, {
    ...forged, device: { kid: mine.kid, key: await signingKey(mine.secret) },
  });
  assert.equal(await open(own), "RECORD_SIGNATURE kid");
  // Under the name of a key that the list has.
  const named = await sealed(hospital, {
    ...forged,
    device: {
      kid: hospital.physician.device.kid, key: await signingKey(mine.secret),
    },
  });
  assert.equal(await open(named), "RECORD_SIGNATURE");
  // In the name of somebody else: a coder's key signs for no physician.
  const coder = hospital.coder.device;
  const crossed = await sealed(hospital, {
    ...forged,
    device: { kid: coder.kid, key: await signingKey(coder.secret) },
  });
  assert.equal(await open(crossed), "RECORD_SIGNATURE kid");
  // Somebody whom the list does not know; and the right record's signature.
  const unknown = await sealed(hospital, { ...forged, sub: "nobody" });
  assert.equal(await open(unknown), "RECORD_SIGNATURE sub");
  assert.equal(
    await open({
      ...own, record: { ...own.record, sig: right.record.sig } }),
    "RECORD_SIGNATURE");
});

test("6: the wrapped key of another record", async () => {
  const asked = await sealed(hospital);
  const other = await sealed(hospital);
  assert.equal(
    await open({
      ...asked, record: { ...asked.record, wraps: other.record.wraps } }),
    "WRAP_RECORD");
  // Made for this record, around a key that the server knows.
  const cek = crypto.getRandomValues(new Uint8Array(32));
  const own = await wrapKey(cek,
    { kid: "vault:derm:3", state: "active", jwk: hospital.vault.jwk },
    await dataHash(asked.record.data));
  assert.equal(
    await open({ ...asked, record: { ...asked.record, wraps: [own] } }),
    "SHARE");
  // A passphrase's algorithm in place of the key's.
  const [wrapped] = await wrappedKeys(hospital, "coder");
  assert.equal(
    await open({ ...asked, record: { ...asked.record, wraps: [wrapped] } }),
    "WRAP_FORMAT");
});

test("7: a share that is withheld, or another", async () => {
  const asked = await sealed(hospital);
  const other = await sealed(hospital);
  for (const share of [undefined, null, "", "AAAA", other.share])
    assert.equal(await open({ ...asked, share }), "SHARE");
});

test("8: the signature taken away", async () => {
  const asked = await sealed(hospital);
  const none = await signedByNone(asked.record.data);
  for (const sig of ["", undefined, "..", "a..b", `${asked.record.sig}AA`, none])
    assert.equal(
      await open({ ...asked, record: { ...asked.record, sig } }),
      "RECORD_SIGNATURE", String(sig));
  const { sig: _, ...bare } = asked.record;
  assert.equal(await open({ ...asked, record: bare }), "RECORD_FORMAT");
});

/** alg "none", as a library might take it. @param {string} data */
async function signedByNone(data) {
  const head = Buffer.from(JSON.stringify(
    { alg: "none", kid: hospital.physician.device.kid })).toString("base64url");
  return `${head}..${(await dataHash(data)).slice(0, 20)}`;
}

test("9: an old wrap again, of a key that was given up", async () => {
  const old = await sealed(hospital);
  const next = await makeKey();
  const list = await verifiedList(hospital, {
    serial: 9,
    vault: [
      { kid: "vault:derm:3", state: "retired", jwk: hospital.vault.jwk },
      { kid: "vault:derm:4", state: "active", jwk: next.jwk },
    ],
  });
  assert.equal(await open({ ...old, list }), "WRAP_KEY");
  const gone = await verifiedList(hospital, {
    serial: 10,
    vault: [{ kid: "vault:derm:4", state: "active", jwk: next.jwk }],
  });
  assert.equal(await open({ ...old, list: gone }), "WRAP_KEY");
});

test("10: another scrubbed text than was sealed", async () => {
  const asked = await sealed(hospital);
  assert.equal(
    await open({ ...asked, text: TEXT.replace("is well", "is not well") }),
    "TEXT_CHANGED");
  // With a salt that was changed along.
  const salt = Buffer.alloc(16, 1).toString("base64url");
  assert.equal(
    await open({
      ...asked, record: { ...asked.record, text_salt: salt } }),
    "TEXT_CHANGED");
  // And with the digest in the header made to fit: nobody signed that.
  const record = { ...asked.record };
  const text = "<PROVIDER_0> <DATE_1> <PERSON_2> <PERSON_2>";
  const [head = "", ...rest] = record.data.split(".");
  const header = JSON.parse(Buffer.from(head, "base64url").toString());
  header.ctx.sth = await saltedDigest(
    /** @type {Bytes} */ (fromBase64url(record.text_salt)), text);
  record.data = [Buffer.from(JSON.stringify(header)).toString("base64url"),
    ...rest].join(".");
  assert.equal(await open({ ...asked, text, record }), "RECORD_SIGNATURE");
});

test("11: other bytes for the engine", async () => {
  const bytes = await readFile(new URL(
    "../../build/wasm/wasm/scrubjay.wasm", import.meta.url));
  let sent = Buffer.from(bytes);
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.writeHead(200, { "content-type": "application/wasm" }).end(sent);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(null)));
  after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address());
  const digest = Buffer.from(
    await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  const ref = {
    url: `http://127.0.0.1:${port}/scrubjay.wasm`, sha256: digest,
    bytes: bytes.length,
  };
  const get = () => download(
    "scrubjay.wasm", ref, fetch, { onBytes: () => {} });
  assert.equal((await get()).length, bytes.length);
  // The engine itself, as its worker loads it.
  const integrity =
    `sha256-${Buffer.from(digest, "hex").toString("base64")}`;
  const load = () => new Reader({
    fetch, makeModel: () => assert.fail("no model"), onLoading: () => {},
  }).load({ wasm: ref.url, integrity, model: null, missing: null, threads: 1 });
  assert.ok((await load()).engine.rules > 0);
  sent = Buffer.from(bytes);
  sent[sent.length - 1] = (sent.at(-1) ?? 0) ^ 1;
  assert.equal(await refusalOf(load()), "LOAD");
  asked = 0;
  assert.match(await refusalOf(get()), /HASH/);
  assert.equal(asked, 2); // a wrong one is asked for once more
});

test("a device's signature on one record says nothing of another", async () => {
  const asked = await sealed(hospital);
  const { device } = hospital.physician;
  const { sig } = (await sealed(hospital)).record;
  assert.equal(await open({ ...asked, record: { ...asked.record, sig } }),
    "RECORD_SIGNATURE");
  // Nor does one of the same bytes under another algorithm's name.
  const payload = signedText(
    { fmt: 1, job: asked.job, sth: "", sub: "physician-1" }, "");
  const whole = await new CompactSign(payload)
    .setProtectedHeader({ alg: "ES256", kid: device.kid, typ: "JWT" })
    .sign(await signingKey(device.secret));
  const [head, , tail] = whole.split(".");
  assert.equal(
    await open({
      ...asked, record: { ...asked.record, sig: `${head}..${tail}` } }),
    "RECORD_SIGNATURE");
});

test("any change of any part of a record is refused, and by name", async () => {
  const asked = await sealed(hospital);
  const { record } = asked;
  let tried = 0;
  for (const name of /** @type {const} */ (["text_salt", "data", "sig"]))
    for (let at = 0; at < record[name].length; at += 37) {
      const old = record[name].charAt(at);
      const changed = record[name].slice(0, at) + (old === "A" ? "B" : "A")
        + record[name].slice(at + 1);
      const code = await open({
        ...asked, record: { ...record, [name]: changed } });
      assert.match(code,
        /^(?:RECORD_FORMAT|RECORD_CONTEXT|RECORD_SIGNATURE|TEXT_CHANGED)/);
      tried++;
    }
  assert.ok(tried > 40, String(tried));
  const [wrap = ""] = record.wraps;
  for (let at = 0; at < wrap.length; at += 37) {
    const changed = wrap.slice(0, at) + (wrap.charAt(at) === "A" ? "B" : "A")
      + wrap.slice(at + 1);
    const code = await open({
      ...asked, record: { ...record, wraps: [changed] } });
    assert.match(code, /^WRAP/);
  }
  for (const bad of [null, [], {}, { ...record, fmt: 2 },
    { ...record, more: 1 }, { ...record, wraps: [] }, { ...record, wraps: {} }])
    assert.match(await open({ ...asked, record: bad }),
      /^(?:RECORD_FORMAT|WRAP_FORMAT)/);
});

test("the commitment holds key and share together", async () => {
  // One ciphertext that opens under two keys is what it is there against.
  const cek = new Uint8Array(32).fill(1);
  const share = new Uint8Array(32).fill(2);
  const other = new Uint8Array(32).fill(3);
  const one = await commitment(cek, share);
  assert.notEqual(one, await commitment(other, share));
  assert.notEqual(one, await commitment(cek, other));
  assert.notEqual(one, await commitment(share, cek));
});

test("a private key that is not the vault's opens nothing", async () => {
  const other = await makeKey();
  const asked = await sealed(hospital);
  assert.equal(
    await open({ ...asked, keyOf: async () => openingKey(other.secret) }),
    "WRAP");
});
