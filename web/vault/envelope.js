// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// envelope.js - a whole body while it waits: sealed to the person's own key, so
// that it can be put away while that is locked; without one, by a key of this
// browser, which keeps out only the curious.

import { CompactEncrypt, compactDecrypt, importJWK } from "jose";

import { fromUtf8, isObject, parseJson, readCompact, toUtf8 } from "./bytes.js";
import { demand, refusal } from "./error.js";

/** @import {PublicJwk} from "./keylist.js" */
/** @import {Store} from "./store.js" */
/** @import {Body} from "./submission.js" */

/**
 * @param {Body} body
 * @param {PublicJwk | null} to the person's key
 * @param {Store} store
 */
export async function sealBody(body, to, store) {
  const plain = toUtf8(JSON.stringify(body));
  if (to)
    return new CompactEncrypt(plain)
      .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
      .encrypt(await importJWK(to, "ECDH-ES+A256KW"));
  return new CompactEncrypt(plain)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(await ownKey(store));
}

/**
 * @param {string} jwe
 * @param {CryptoKey | null} user the person's key, where it is open
 * @param {Store} store
 * @returns {Promise<Body>}
 * @throws LOCKED, KEY_MISMATCH
 */
export async function openBody(jwe, user, store) {
  const own = readCompact(jwe, 5)?.header["alg"] === "dir";
  const key = own ? await ownKey(store) : user;
  demand(key, "LOCKED");
  let body;
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ["dir", "ECDH-ES+A256KW"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    body = parseJson(fromUtf8(plaintext));
  } catch {
    throw refusal("KEY_MISMATCH", "waiting");
  }
  demand(isObject(body), "KEY_MISMATCH", "waiting");
  return /** @type {Body} */ (body);
}

/** @param {Store} store @returns {Promise<CryptoKey>} */
async function ownKey(store) {
  const kept = await store.get("own");
  if (kept !== undefined) return kept;
  const made = await crypto.subtle.generateKey(
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await store.set("own", made);
  return store.get("own"); // another tab's, where that was later
}
