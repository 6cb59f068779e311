// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// keylist.js - which keys may be believed. A server hands the list over and
// cannot change it: an offline Ed25519 key has signed it, and the page names
// that key by its fingerprint. Serial numbers only grow, so that an old list,
// with keys that have been given up, does not come back.
//
// JWS: RFC 7515, EdDSA: RFC 8037, thumbprints: RFC 7638.

import { calculateJwkThumbprint, compactVerify, importJWK } from "jose";

import {
  digestOf, fromBase64url, fromUtf8, hasExactly, isObject, parseJson,
  readCompact, sha256, toBase64url,
} from "./bytes.js";
import { demand, refusal } from "./error.js";

/** @typedef {{kty: "EC", crv: "P-256", x: string, y: string}} PublicJwk */

/**
 * @typedef {object} VaultKey
 * @property {string} kid "vault:NAME:VERSION"
 * @property {"active" | "accept" | "retired"} state sealed to; still opened;
 *   neither
 * @property {PublicJwk} jwk
 */

/**
 * @typedef {object} Member
 * @property {string} sub
 * @property {readonly string[]} roles
 * @property {PublicJwk | null} uk what is sealed to this person
 * @property {readonly PublicJwk[]} device what this person signs with
 */

/**
 * @typedef {object} Keylist
 * @property {number} serial
 * @property {string} issued
 * @property {string} notAfter
 * @property {readonly VaultKey[]} vault
 * @property {{kid: string, jwk: PublicJwk}} recovery
 * @property {readonly Member[]} members
 */

/**
 * What is kept of the newest list seen.
 * @typedef {object} Seen
 * @property {number} serial
 * @property {string} digest of the whole text
 */

const TYPE = "scrubjay-keylist+jws";
export const PIN = /^root:[\w-]{43}$/;
export const VAULT_KID = /^vault:[a-z0-9][a-z0-9-]{0,31}:[1-9][0-9]{0,5}$/;
const STATES = ["active", "accept", "retired"];

/** Only what is public of a key on P-256. @param {unknown} value */
export function publicJwk(value) {
  if (!isObject(value)) return null;
  const { kty, crv, x, y, d } = value;
  if (kty !== "EC" || crv !== "P-256" || d !== undefined) return null;
  if (fromBase64url(x)?.length !== 32 || fromBase64url(y)?.length !== 32)
    return null;
  return Object.freeze(/** @type {PublicJwk} */ ({ kty, crv, x, y }));
}

/** @param {PublicJwk} jwk @returns {Promise<string>} its RFC 7638 name */
export const thumbprint = (jwk) => calculateJwkThumbprint(jwk, "sha256");

/**
 * @param {unknown} jws as the server gave it
 * @param {object} given
 * @param {string} given.root the fingerprint that the page names, "root:…"
 * @param {Seen | null} [given.seen] the newest list seen before
 * @param {number} [given.now] ms
 * @returns {Promise<{list: Readonly<Keylist>, seen: Seen}>}
 * @throws {import("../../wasm/error.js").ScrubjayError} PIN, KEYLIST_…
 */
export async function verifyKeylist(jws, given) {
  const { root, seen = null, now = Date.now() } = given;
  demand(typeof root === "string" && PIN.test(root), "PIN");
  const payload = await verifiedPayload(jws, root);
  const list = readList(parseJson(payload));
  demand(now < Date.parse(list.notAfter), "KEYLIST_EXPIRED");
  const digest = await digestOf(/** @type {string} */ (jws));
  if (seen) {
    demand(list.serial >= seen.serial, "KEYLIST_OLD");
    demand(list.serial > seen.serial || digest === seen.digest,
      "KEYLIST_FORKED");
  }
  return { list, seen: { serial: list.serial, digest } };
}

/** @param {unknown} jws @param {string} root */
async function verifiedPayload(jws, root) {
  const read = readCompact(jws, 3);
  demand(read, "KEYLIST_FORMAT");
  const { header } = read;
  demand(header["alg"] === "EdDSA" && header["typ"] === TYPE
    && header["crit"] === undefined, "KEYLIST_FORMAT");
  const jwk = header["jwk"];
  demand(isObject(jwk) && jwk["kty"] === "OKP" && jwk["crv"] === "Ed25519",
    "KEYLIST_FORMAT", "jwk");
  const raw = fromBase64url(jwk["x"]);
  demand(raw?.length === 32, "KEYLIST_FORMAT", "jwk");
  const print = `root:${toBase64url(await sha256(raw))}`;
  demand(print === root && header["kid"] === root, "KEYLIST_ROOT");
  try {
    const key = await importJWK(
      { kty: "OKP", crv: "Ed25519", x: toBase64url(raw) }, "EdDSA");
    const { payload } = await compactVerify(
      /** @type {string} */ (jws), key, { algorithms: ["EdDSA"] });
    return fromUtf8(payload);
  } catch {
    throw refusal("KEYLIST_SIGNATURE");
  }
}

/** @param {unknown} value @returns {Readonly<Keylist>} */
function readList(value) {
  demand(hasExactly(value, ["v", "serial", "issued", "not_after", "vault",
    "recovery", "members"]) && value["v"] === 1, "KEYLIST_FORMAT");
  const { serial, issued, not_after: notAfter } = value;
  demand(Number.isSafeInteger(serial) && Number(serial) >= 1,
    "KEYLIST_FORMAT", "serial");
  for (const time of [issued, notAfter])
    demand(typeof time === "string" && !Number.isNaN(Date.parse(time)),
      "KEYLIST_FORMAT", "issued");
  const vault = array(value["vault"], "vault").map(readVaultKey);
  demand(new Set(vault.map(({ kid }) => kid)).size === vault.length,
    "KEYLIST_FORMAT", "vault");
  const recovery = value["recovery"];
  demand(isObject(recovery) && typeof recovery["kid"] === "string",
    "KEYLIST_FORMAT", "recovery");
  const jwk = publicJwk(recovery["jwk"]);
  demand(jwk, "KEYLIST_FORMAT", "recovery");
  return Object.freeze({
    serial: Number(serial),
    issued: String(issued),
    notAfter: String(notAfter),
    vault: Object.freeze(vault),
    recovery: Object.freeze({ kid: recovery["kid"], jwk }),
    members: Object.freeze(array(value["members"], "members").map(readMember)),
  });
}

/** @param {unknown} value @param {string} where @returns {unknown[]} */
function array(value, where) {
  demand(Array.isArray(value), "KEYLIST_FORMAT", where);
  return value;
}

/** @param {unknown} value @returns {Readonly<VaultKey>} */
function readVaultKey(value) {
  demand(isObject(value), "KEYLIST_FORMAT", "vault");
  const { kid, state } = value;
  const jwk = publicJwk(value["jwk"]);
  demand(typeof kid === "string" && VAULT_KID.test(kid) && jwk
    && STATES.includes(String(state)), "KEYLIST_FORMAT", "vault");
  return Object.freeze(
    { kid, state: /** @type {VaultKey["state"]} */ (state), jwk });
}

/** @param {unknown} value @returns {Readonly<Member>} */
function readMember(value) {
  demand(isObject(value) && typeof value["sub"] === "string",
    "KEYLIST_FORMAT", "members");
  const roles = array(value["roles"], "roles");
  demand(roles.every((role) => typeof role === "string"),
    "KEYLIST_FORMAT", "roles");
  const uk = value["uk"] === undefined || value["uk"] === null
    ? null : publicJwk(value["uk"]);
  demand(uk || value["uk"] == null, "KEYLIST_FORMAT", "uk");
  const device = array(value["device"] ?? [], "device").map((one) => {
    const jwk = publicJwk(one);
    demand(jwk, "KEYLIST_FORMAT", "device");
    return jwk;
  });
  return Object.freeze({
    sub: value["sub"],
    roles: Object.freeze(/** @type {string[]} */ (roles)),
    uk,
    device: Object.freeze(device),
  });
}

/** @param {Readonly<Keylist>} list @param {string} sub */
export function memberOf(list, sub) {
  return list.members.find((member) => member.sub === sub) ?? null;
}

/**
 * The key that is sealed to now.
 * @param {Readonly<Keylist>} list
 * @param {string} [name] of a vault, where there are several
 */
export function activeKey(list, name) {
  const key = list.vault.find(({ kid, state }) => state === "active"
    && (name === undefined || kid.split(":")[1] === name));
  demand(key, "NO_VAULT_KEY");
  return key;
}

/** @param {string} kid @returns {string} the vault's name */
export const vaultName = (kid) => kid.split(":")[1] ?? "";
