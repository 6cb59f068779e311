// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// keys.js - private keys, and how they are kept: never bare. Each is wrapped by
// a passphrase that was generated (PBES2, RFC 7518 section 4.8) and, for the
// day that it is lost, by the recovery key. Unwrapped they live in memory and
// cannot be exported; nothing writes them down.

import { CompactEncrypt, compactDecrypt, exportJWK, importJWK } from "jose";

import {
  fromBase64url, fromUtf8, isObject, parseJson, randomBytes, readCompact,
  toUtf8,
} from "./bytes.js";
import { demand, refusal } from "./error.js";
import { memberOf, publicJwk, thumbprint } from "./keylist.js";

/** @import {Keylist, PublicJwk} from "./keylist.js" */
/** @import {DeviceKey} from "./seal.js" */

/** @typedef {PublicJwk & {d: string}} PrivateJwk */

/** Rounds of PBKDF2 that a wrapped key has, and the most that are run. */
export const ROUNDS = 600_000;
export const MOST_ROUNDS = 10_000_000;

const BY_PASSPHRASE = "PBES2-HS512+A256KW";
const BY_KEY = "ECDH-ES+A256KW";

/**
 * What a person can do once unlocked.
 * @typedef {object} Unlocked
 * @property {CryptoKey | null} user opens what is sealed to this person
 * @property {DeviceKey | null} device signs what this person submits
 */

// No I, L, O, U: nobody mistakes one for another (Crockford's base 32).
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** @returns {string} 80 bits, in four groups */
export function makePassphrase() {
  const letters = Array.from(
    randomBytes(16), (byte) => ALPHABET.charAt(byte & 31));
  return letters.join("").replace(/.{4}(?=.)/g, "$&-");
}

/** @returns {Promise<{secret: PrivateJwk, jwk: PublicJwk, kid: string}>} */
export async function makeKey() {
  const { privateKey } = await crypto.subtle.generateKey(
    { name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  const secret = /** @type {PrivateJwk} */ ({ kty, crv, x, y, d });
  const jwk = publicJwk({ kty, crv, x, y });
  demand(jwk, "CRYPTO");
  return { secret, jwk, kid: await thumbprint(jwk) };
}

/**
 * @param {PrivateJwk} secret
 * @param {string} passphrase
 * @param {string} kid of the key inside
 * @param {number} [rounds] fewer are for tests of refusals
 */
export async function wrapByPassphrase(
  secret, passphrase, kid, rounds = ROUNDS,
) {
  return new CompactEncrypt(toUtf8(JSON.stringify(secret)))
    .setProtectedHeader({ alg: BY_PASSPHRASE, enc: "A256GCM", kid })
    .setKeyManagementParameters({ p2c: rounds, p2s: randomBytes(16) })
    .encrypt(toUtf8(passphrase));
}

/**
 * @param {PrivateJwk} secret
 * @param {PublicJwk} to the recovery key, or a member's
 * @param {string} kid of `to`
 */
export async function wrapByKey(secret, to, kid) {
  return new CompactEncrypt(toUtf8(JSON.stringify(secret)))
    .setProtectedHeader({ alg: BY_KEY, enc: "A256GCM", kid })
    .encrypt(await importJWK(to, BY_KEY));
}

/**
 * @param {unknown} jwe
 * @param {string} passphrase
 * @returns {Promise<PrivateJwk>}
 */
export async function unwrapByPassphrase(jwe, passphrase) {
  const header = readCompact(jwe, 5)?.header;
  demand(header && header["alg"] === BY_PASSPHRASE
    && header["enc"] === "A256GCM", "KEY_FORMAT");
  // The header is the server's word: it may ask for neither an easy guess nor
  // an endless one.
  const rounds = Number(header["p2c"]);
  demand(Number.isSafeInteger(rounds) && rounds >= ROUNDS, "KDF_WEAK");
  demand(rounds <= MOST_ROUNDS, "KDF_COSTLY");
  demand((fromBase64url(header["p2s"])?.length ?? 0) >= 16, "KDF_WEAK", "p2s");
  let plaintext;
  try {
    ({ plaintext } = await compactDecrypt(
      String(jwe), toUtf8(passphrase.trim()), {
        keyManagementAlgorithms: [BY_PASSPHRASE],
        contentEncryptionAlgorithms: ["A256GCM"],
        maxPBES2Count: MOST_ROUNDS,
      }));
  } catch {
    throw refusal("PASSPHRASE");
  }
  return readSecret(plaintext);
}

/**
 * @param {unknown} jwe
 * @param {CryptoKey} key
 * @returns {Promise<PrivateJwk>}
 */
export async function unwrapByKey(jwe, key) {
  const header = readCompact(jwe, 5)?.header;
  demand(header && header["alg"] === BY_KEY && header["enc"] === "A256GCM",
    "KEY_FORMAT");
  let plaintext;
  try {
    ({ plaintext } = await compactDecrypt(String(jwe), key, {
      keyManagementAlgorithms: [BY_KEY],
      contentEncryptionAlgorithms: ["A256GCM"],
    }));
  } catch {
    throw refusal("KEY_FORMAT", "wrap");
  }
  return readSecret(plaintext);
}

/** @param {Uint8Array} plaintext @returns {PrivateJwk} */
function readSecret(plaintext) {
  let value;
  try {
    value = parseJson(fromUtf8(plaintext));
  } catch {
    throw refusal("KEY_FORMAT", "jwk");
  } finally {
    plaintext.fill(0);
  }
  demand(isObject(value), "KEY_FORMAT", "jwk");
  const { kty, crv, x, y, d } = value;
  const jwk = publicJwk({ kty, crv, x, y });
  demand(jwk && fromBase64url(d)?.length === 32, "KEY_FORMAT", "jwk");
  return { ...jwk, d: String(d) };
}

/** @param {PrivateJwk} secret @returns {Promise<CryptoKey>} */
export async function openingKey(secret) {
  return /** @type {Promise<CryptoKey>} */ (
    importJWK(secret, BY_KEY, { extractable: false }));
}

/** @param {PrivateJwk} secret @returns {Promise<CryptoKey>} */
export async function signingKey(secret) {
  return /** @type {Promise<CryptoKey>} */ (
    importJWK(secret, "ES256", { extractable: false }));
}

/** Whether a text is a key wrapped by a passphrase. @param {unknown} jwe */
const byPassphrase = (jwe) =>
  readCompact(jwe, 5)?.header["alg"] === BY_PASSPHRASE;

/**
 * A wrapped key and the name that it is kept under: "user.passphrase",
 * "device.recovery", "user.passkey.ID", ...
 * @typedef {{slot: string, jwe: unknown}} Wrapped
 */

/**
 * Those of one passkey, or those of the passphrase.
 * @param {readonly Wrapped[]} wrapped
 * @param {string} [passkey] its id
 */
export function wrappedFor(wrapped, passkey = "") {
  const end = passkeySlot("", passkey);
  return wrapped.filter(({ slot }) => passkey === ""
    ? !slot.includes(".passkey.") : slot.endsWith(end))
    .map(({ jwe }) => jwe);
}

/** @param {string} key "user" or "device" @param {string} passkey */
export const passkeySlot = (key, passkey) =>
  `${key}.passkey.${passkey.slice(0, 12)}`;

/**
 * A person's own keys. Which is which says the key list, by thumbprint; a key
 * that it does not name is no key of this person. `wrapAgain` is for the same
 * keys under another passphrase, as long as it is not dropped.
 * @param {readonly unknown[]} wrapped as the server keeps them
 * @param {string} passphrase
 * @param {Readonly<Keylist>} list
 * @param {string} sub
 * @returns {Promise<{keys: Readonly<Unlocked>, wrapAgain:
 *   (passphrase: string) => Promise<{key: string, jwe: string}[]>}>}
 */
export async function unlock(wrapped, passphrase, list, sub) {
  const member = memberOf(list, sub);
  demand(member, "NOT_A_MEMBER");
  const uk = member.uk && await thumbprint(member.uk);
  const devices = await Promise.all(member.device.map(thumbprint));
  /** @type {Unlocked} */
  const open = { user: null, device: null };
  /** @type {{key: string, kid: string, secret: PrivateJwk}[]} */
  const secrets = [];
  const mine = wrapped.filter(byPassphrase);
  demand(mine.length > 0, "KEY_FORMAT", "none");
  for (const jwe of mine) {
    const secret = await unwrapByPassphrase(jwe, passphrase);
    const { d: _, ...bare } = secret;
    const kid = await thumbprint(bare);
    demand(kid === uk || devices.includes(kid), "KEY_MISMATCH");
    secrets.push({ key: kid === uk ? "user" : "device", kid, secret });
    if (kid === uk) open.user = await openingKey(secret);
    if (devices.includes(kid))
      open.device = { kid, key: await signingKey(secret) };
  }
  return {
    keys: Object.freeze(open),
    wrapAgain: (other) => Promise.all(secrets.map(
      async ({ key, kid, secret }) => ({
        key, jwe: await wrapByPassphrase(secret, other, kid) }))),
  };
}
