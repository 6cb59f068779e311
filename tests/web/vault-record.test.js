// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Sealing and opening a record, keys and their wraps, lists and their root.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import {
  fromBase64url, JOB_ID, makeJobId, readCompact, toBase64url,
} from "../../web/vault/bytes.js";
import { activeKey, verifyKeylist } from "../../web/vault/keylist.js";
import {
  makeKey, makePassphrase, openingKey, ROUNDS, unlock, unwrapByKey,
} from "../../web/vault/keys.js";
import { openRecord } from "../../web/vault/open.js";
import {
  makeMap, mergeLoosely, mergeText, packMap, unpackMap,
} from "../../web/vault/record.js";
import { selfTest } from "../../web/vault/selftest.js";
import { dice } from "./dice.js";
import {
  DAY, ENTITIES, listOf, makeHospital, makeRoot, NOTE, refusalOf, sealed,
  signList, TEXT, verifiedList, wrappedKeys,
} from "./vault-kit.js";

/** @type {import("./vault-kit.js").Hospital} */
let hospital;
before(async () => {
  hospital = await makeHospital();
});

test("what was sealed opens, and merges to the note", async () => {
  const { entities, kid, rewrap, context } =
    await openRecord(await sealed(hospital));
  assert.deepEqual(entities, ENTITIES);
  assert.equal(kid, "vault:derm:3");
  assert.equal(rewrap, null);
  assert.equal(context.sub, "physician-1");
  const words = mergeText(TEXT, entities).map(({ text }) => text);
  assert.equal(words.join(""), NOTE);
});

test("the record's headers are those of the format", async () => {
  const { record } = await sealed(hospital);
  const data = readCompact(record.data, 5)?.header ?? {};
  assert.deepEqual(Object.keys(data), ["alg", "enc", "typ", "ctx", "commit"]);
  assert.deepEqual(Object.keys(/** @type {object} */ (data["ctx"])),
    ["fmt", "job", "sth", "sub"]);
  const wrap = readCompact(record.wraps[0], 5)?.header ?? {};
  assert.equal(wrap["alg"], "ECDH-ES+A256KW");
  assert.equal(wrap["kid"], "vault:derm:3");
  assert.match(record.sig, /^[\w-]+\.\.[\w-]+$/);
});

test("nothing of the record is the same for the same note twice", async () => {
  const [a, b] = [await sealed(hospital), await sealed(hospital)];
  assert.notEqual(a.share, b.share);
  assert.notEqual(a.record.text_salt, b.record.text_salt);
  const [first, second] = [a, b].map(({ record }) => record.data.split("."));
  for (const part of [0, 2, 3, 4])
    assert.notEqual(first?.[part], second?.[part]);
});

test("a record's length takes three values for 1 to 40 originals", () => {
  const lengths = new Set();
  for (let n = 1; n <= 40; n++) {
    const entities = Array.from({ length: n }, (_, i) => ({
      p: `<PERSON_${i}>`, o: ["Zora Kern", "Ms Kern"], t: "NAME",
    }));
    lengths.add(packMap(entities).length);
  }
  assert.ok(lengths.size <= 3, `${lengths.size} lengths`);
});

test("maps of any content come back", () => {
  const roll = dice(41);
  const words = ["Zora", "Kern", "é", "\"", "\\", "\n", "𝒵", "<DATE_1>", " "];
  for (let i = 0; i < 300; i++) {
    const entities = Array.from({ length: roll(30) }, (_, n) => ({
      p: `<PERSON_${n}>`,
      o: Array.from({ length: 1 + roll(4) }, () =>
        Array.from({ length: roll(9) }, () => words[roll(words.length)])
          .join("")),
      t: "NAME",
    }));
    assert.deepEqual(unpackMap(packMap(entities)), entities);
  }
});

test("a map is made of the places of a numbered text", () => {
  const text = "<PERSON_0> met <PERSON_0> on <DATE_1>.";
  const original = "Zora met Ms Kern on 02/17/2026.";
  const place = (/** @type {number[]} */ ...[a = 0, b = 0, c = 0, d = 0]) =>
    ({ start: a, end: b, outStart: c, outEnd: d, label: "NAME" });
  const map = [place(0, 4, 0, 10), place(9, 16, 15, 25),
    { ...place(20, 30, 29, 37), label: "DATE" }];
  assert.deepEqual(makeMap(original, { text, map }), [
    { p: "<PERSON_0>", o: ["Zora", "Ms Kern"], t: "NAME" },
    { p: "<DATE_1>", o: ["02/17/2026"], t: "DATE" },
  ]);
  assert.throws(() => makeMap(`${original}!`, { text, map }),
    { code: "MAP", where: "way back" });
  const other = text.replace("<DATE_1>", "[DATE]..");
  assert.throws(() => makeMap(original, { text: other, map }),
    { code: "MAP", where: "style" });
});

test("places and originals match one to one, or nothing is shown", () => {
  const merge = (/** @type {string} */ text) => () => mergeText(text, ENTITIES);
  assert.throws(merge(`${TEXT} <DATE_1>`), { code: "MAP" });
  assert.throws(merge(TEXT.replace("<PROVIDER_0>", "somebody")),
    { code: "MAP" });
  assert.equal(merge(`<NOTE_9> ${TEXT}`)()[0]?.text, "<NOTE_9> Seen by ");
  assert.throws(() => mergeText(TEXT, [...ENTITIES, ...ENTITIES]),
    { code: "MAP" });
});

test("evidence gets the first original, as often as it names it", () => {
  const pieces = mergeLoosely("<PERSON_2>, then <PERSON_2>; <X_7>", ENTITIES);
  assert.equal(pieces.map(({ text }) => text).join(""),
    "Zora Kern, then Zora Kern; <X_7>");
});

test("a record that was wrapped to the old key is wrapped anew", async () => {
  const old = await sealed(hospital);
  const next = await makeKey();
  const list = await verifiedList(hospital, {
    serial: 8,
    vault: [
      { kid: "vault:derm:3", state: "accept", jwk: hospital.vault.jwk },
      { kid: "vault:derm:4", state: "active", jwk: next.jwk },
    ],
  });
  const first = await openRecord({ ...old, list });
  assert.equal(first.kid, "vault:derm:3");
  assert.ok(first.rewrap);
  const record = { ...old.record, wraps: [first.rewrap.wrap] };
  const again = await openRecord({
    ...old, list, record, keyOf: async () => openingKey(next.secret),
  });
  assert.equal(again.kid, "vault:derm:4");
  assert.equal(again.rewrap, null);
  assert.deepEqual(again.entities, ENTITIES);
  // While both are kept, the newer one is opened.
  const both = { ...old.record, wraps: [...old.record.wraps,
    first.rewrap.wrap] };
  const chosen = await openRecord({
    ...old, list, record: both, keyOf: async () => openingKey(next.secret),
  });
  assert.equal(chosen.kid, "vault:derm:4");
});

test("too many originals are refused before anything is sealed", () => {
  const many = (/** @type {number} */ n, /** @type {string} */ o) =>
    Array.from({ length: n }, (_, i) => ({ p: `<X_${i}>`, o: [o], t: "NAME" }));
  assert.throws(() => packMap(many(2001, "a")), { code: "MAP_TOO_LARGE" });
  assert.throws(() => packMap(many(900, "a".repeat(80))),
    { code: "MAP_TOO_LARGE" });
});

test("the passphrase opens a person's keys, and no other's", async () => {
  const list = await verifiedList(hospital);
  const wrapped = await wrappedKeys(hospital, "physician");
  const { passphrase } = hospital;
  const { keys: open } =
    await unlock(wrapped, passphrase, list, "physician-1");
  assert.equal(open.device?.kid, hospital.physician.device.kid);
  assert.equal(open.user?.extractable, false);
  assert.equal(open.device?.key.extractable, false);
  const header = readCompact(wrapped[0], 5)?.header ?? {};
  assert.equal(header["p2c"], ROUNDS);
  assert.equal(header["alg"], "PBES2-HS512+A256KW");
  assert.equal(
    await refusalOf(unlock(wrapped, "WRONG", list, "physician-1")),
    "PASSPHRASE");
  assert.equal(
    await refusalOf(unlock(wrapped, passphrase, list, "coder-1")),
    "KEY_MISMATCH");
  assert.equal(
    await refusalOf(unlock(wrapped, passphrase, list, "nobody")),
    "NOT_A_MEMBER");
});

test("the recovery key opens what the passphrase is lost for", async () => {
  const wrapped = await wrappedKeys(hospital, "coder", 600_000);
  const recovery = await openingKey(hospital.recovery.secret);
  const secret = await unwrapByKey(wrapped[2], recovery);
  assert.deepEqual(secret, hospital.coder.user.secret);
});

test("passphrases have eighty bits, without letters that look alike", () => {
  const many = Array.from({ length: 2000 }, makePassphrase);
  assert.equal(new Set(many).size, many.length);
  for (const one of many)
    assert.match(one, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test("ids are UUIDv7, and go by time", () => {
  const ids = [1, 1_000, 1.7e12, 1.8e12].map(makeJobId);
  for (const id of ids) assert.match(id, JOB_ID);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(Array.from({ length: 1000 }, () => makeJobId(5))).size,
    1000);
});

test("base64url has one text for one sequence of bytes", () => {
  for (const text of ["AB", "A", "AA=", "A+", "AA\n", "Aé"])
    assert.equal(fromBase64url(text), null, JSON.stringify(text));
  const bytes = crypto.getRandomValues(new Uint8Array(60_001));
  assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes);
});

test("a list is believed of the root that the page names alone", async () => {
  const { root } = hospital;
  const { kid } = root;
  const good = await signList(root, listOf(hospital));
  const { list } = await verifyKeylist(good, { root: kid });
  assert.equal(activeKey(list).kid, "vault:derm:3");
  assert.throws(() => activeKey(list, "cardio"), { code: "NO_VAULT_KEY" });
  const other = await makeRoot();
  const refusal = (/** @type {string} */ jws, pin = kid) =>
    refusalOf(verifyKeylist(jws, { root: pin }));
  assert.equal(await refusal(good, ""), "PIN");
  assert.equal(await refusal(good, other.kid), "KEYLIST_ROOT");
  const payload = listOf(hospital);
  // Its own key under the name of ours; and our key with its signature.
  assert.equal(await refusal(await signList(other, payload, { kid })),
    "KEYLIST_ROOT");
  const jwk = { kty: "OKP", crv: "Ed25519", x: root.x };
  assert.equal(await refusal(await signList(other, payload, { kid, jwk })),
    "KEYLIST_SIGNATURE");
  const parts = good.split(".");
  assert.equal(await refusal(`${parts[0]}.${parts[1]}.AAAA`),
    "KEYLIST_SIGNATURE");
  assert.equal(await refusal(await signList(root, payload, { typ: "JWT" })),
    "KEYLIST_FORMAT");
  for (const bad of ["", "a.b", "..", "a.b.c", `${good}.x`, ` ${good}`])
    assert.equal(await refusal(bad), "KEYLIST_FORMAT");
});

test("a list has its time, and never goes back", async () => {
  const { root: { kid: root }, root: pair } = hospital;
  const jws = await signList(pair, listOf(hospital));
  const { seen } = await verifyKeylist(jws, { root });
  await verifyKeylist(jws, { root, seen }); // the same one again
  assert.equal(await refusalOf(verifyKeylist(
    jws, { root, now: hospital.now + 91 * DAY })), "KEYLIST_EXPIRED");
  const older = await signList(pair, listOf(hospital, { serial: 6 }));
  assert.equal(await refusalOf(verifyKeylist(older, { root, seen })),
    "KEYLIST_OLD");
  const fork = await signList(pair, listOf(hospital, { members: [] }));
  assert.equal(await refusalOf(verifyKeylist(fork, { root, seen })),
    "KEYLIST_FORKED");
});

test("a list with a private key, or of another form, is refused", async () => {
  const { root, vault } = hospital;
  const refusal = async (/** @type {object} */ more) => refusalOf(verifyKeylist(
    await signList(root, listOf(hospital, more)), { root: root.kid }));
  const key = { kid: "vault:derm:3", state: "active", jwk: vault.jwk };
  for (const more of [
    { v: 2 }, { serial: 0 }, { serial: 1.5 }, { more: 1 }, { issued: "soon" },
    { vault: [{ ...key, jwk: vault.secret }] },
    { vault: [{ ...key, state: "open" }] }, { vault: [key, key] },
    { vault: [{ ...key, kid: "derm" }] }, { vault: {} },
    { vault: [{ ...key, jwk: { ...vault.jwk, crv: "P-384" } }] },
    { recovery: {} }, { members: [{ sub: 5, roles: [] }] },
    { members: [{ sub: "a", roles: [], device: [{}] }] },
  ])
    assert.match(await refusal(more), /^KEYLIST_FORMAT/, JSON.stringify(more));
});

test("the self-test opens its record", selfTest);
