// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// vault-kit.js - a hospital for tests: an offline root, a vault with a key, a
// physician who submits and a coder who may open. Keys are made anew each run.

import { CompactSign } from "../../web/node_modules/jose/dist/webapi/index.js";
import {
  fromBase64url, sha256, toBase64url, toUtf8,
} from "../../web/vault/bytes.js";
import { verifyKeylist } from "../../web/vault/keylist.js";
import {
  makeKey, makePassphrase, openingKey, signingKey, wrapByKey, wrapByPassphrase,
} from "../../web/vault/keys.js";
import { sealRecord } from "../../web/vault/seal.js";

/** @import {VaultKey} from "../../web/vault/keylist.js" */
/** @import {MapEntity} from "../../web/vault/record.js" */

export const DAY = 24 * 3600_000;

export const TEXT =
  "Seen by <PROVIDER_0> on <DATE_1>. <PERSON_2> is well. <PERSON_2> left.";

/** @type {readonly MapEntity[]} */
export const ENTITIES = [
  { p: "<PROVIDER_0>", o: ["Odile Brassac"], t: "NAME" },
  { p: "<DATE_1>", o: ["02/17/2026"], t: "DATE" },
  { p: "<PERSON_2>", o: ["Zora Kern", "Ms Kern"], t: "NAME" },
];

export const NOTE =
  "Seen by Odile Brassac on 02/17/2026. Zora Kern is well. Ms Kern left.";

/** An Ed25519 pair and its fingerprint. */
export async function makeRoot() {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(
    "Ed25519", true, ["sign", "verify"]));
  const { x = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const raw = /** @type {Uint8Array<ArrayBuffer>} */ (fromBase64url(x));
  return {
    x, key: pair.privateKey, kid: `root:${toBase64url(await sha256(raw))}`,
  };
}

/** @typedef {Awaited<ReturnType<typeof makeRoot>>} Root */

/**
 * @param {Root} root
 * @param {object} payload
 * @param {object} [header] in place of its own members
 */
export function signList(root, payload, header = {}) {
  return new CompactSign(toUtf8(JSON.stringify(payload)))
    .setProtectedHeader({
      alg: "EdDSA", typ: "scrubjay-keylist+jws", kid: root.kid,
      jwk: { kty: "OKP", crv: "Ed25519", x: root.x }, ...header,
    })
    .sign(root.key);
}

/**
 * The list's payload, as the ceremony writes it.
 * @param {Hospital} hospital
 * @param {object} [more] in place of its own members
 */
export function listOf(hospital, more = {}) {
  const { vault, recovery, physician, coder } = hospital;
  return {
    v: 1,
    serial: 7,
    issued: new Date(hospital.now - DAY).toISOString(),
    not_after: new Date(hospital.now + 90 * DAY).toISOString(),
    vault: [{ kid: "vault:derm:3", state: "active", jwk: vault.jwk }],
    recovery: { kid: "recovery:1", jwk: recovery.jwk },
    members: [
      {
        sub: "physician-1", roles: ["submitter"], uk: physician.user.jwk,
        device: [physician.device.jwk],
      },
      {
        sub: "coder-1", roles: ["reidentifier"], uk: coder.user.jwk,
        device: [coder.device.jwk],
      },
    ],
    ...more,
  };
}

async function makePerson() {
  return { user: await makeKey(), device: await makeKey() };
}

/** @typedef {Awaited<ReturnType<typeof makeHospital>>} Hospital */

export async function makeHospital() {
  return {
    now: Date.now(),
    root: await makeRoot(),
    vault: await makeKey(),
    recovery: await makeKey(),
    physician: await makePerson(),
    coder: await makePerson(),
    passphrase: makePassphrase(),
  };
}

/** @param {Hospital} hospital @param {object} [more] */
export async function verifiedList(hospital, more = {}) {
  const jws = await signList(hospital.root, listOf(hospital, more));
  return (await verifyKeylist(jws, { root: hospital.root.kid })).list;
}

/** @param {Hospital} hospital */
export async function deviceOf({ physician: { device } }) {
  return { kid: device.kid, key: await signingKey(device.secret) };
}

/**
 * A record of the physician, and what opening it takes.
 * @param {Hospital} hospital
 * @param {object} [more] of what is sealed
 */
export async function sealed(hospital, more = {}) {
  const list = await verifiedList(hospital);
  const asked = {
    job: "01980000-0000-7000-8000-000000000001", sub: "physician-1",
    text: TEXT, entities: ENTITIES, list, device: await deviceOf(hospital),
    ...more,
  };
  const { vault: { share, ...record } } = await sealRecord(asked);
  const { job, text } = asked;
  const keyOf = async () => openingKey(hospital.vault.secret);
  return { job, text, record, share, list, keyOf };
}

/**
 * The wrapped keys of a person, as the server keeps them.
 * @param {Hospital} hospital
 * @param {"physician" | "coder"} who
 * @param {number} [rounds]
 */
export async function wrappedKeys(hospital, who, rounds) {
  const { user, device } = hospital[who];
  const { recovery, passphrase } = hospital;
  return [
    await wrapByPassphrase(user.secret, passphrase, user.kid, rounds),
    await wrapByPassphrase(device.secret, passphrase, device.kid, rounds),
    await wrapByKey(user.secret, recovery.jwk, "recovery:1"),
    await wrapByKey(device.secret, recovery.jwk, "recovery:1"),
  ];
}

/**
 * That a call is refused with this code.
 * @param {Promise<unknown>} call
 * @returns {Promise<string>} the code, with where it names one
 */
export async function refusalOf(call) {
  try {
    await call;
  } catch (error) {
    const { code, where } = /** @type {any} */ (error);
    return where ? `${code} ${where}` : String(code);
  }
  return "not refused";
}
