// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// passkey.js - a passkey of this device in place of the passphrase, where the
// browser and the device can do that: WebAuthn's PRF extension gives the same
// 32 bytes at every use, and only to this site and this person's finger or PIN.
// What they unwrap is wrapped as by any passphrase. It is never the only way:
// people delete passkeys, and the passphrase stays good.

import { fromBase64url, hkdf, randomBytes, sha256, toBase64url, toUtf8 }
  from "./bytes.js";
import { demand, refusal } from "./error.js";

/** @import {Bytes} from "./bytes.js" */

const INPUT = toUtf8("scrubjay vault passkey v1");

/** Whether this browser knows passkeys at all. */
export function passkeysThere() {
  return globalThis.PublicKeyCredential !== undefined
    && globalThis.navigator?.credentials !== undefined;
}

/**
 * The bytes as a passphrase.
 * @param {any} credential
 * @returns {Promise<string | null>} null where it gave none
 */
async function secretOf(credential) {
  const first =
    credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  const bytes = new Uint8Array(
    first instanceof ArrayBuffer ? first : first.buffer.slice(
      first.byteOffset, first.byteOffset + first.byteLength));
  demand(bytes.length === 32, "PASSKEY");
  return toBase64url(await hkdf(bytes, new Uint8Array(0), "scrubjay passkey"));
}

/**
 * Make one for a person.
 * @param {string} sub
 * @returns {Promise<{id: string, secret: string}>} id of the passkey
 * @throws PASSKEY where it is refused, or can give no secret
 */
export async function makePasskey(sub) {
  demand(passkeysThere(), "PASSKEY");
  let credential;
  try {
    credential = /** @type {any} */ (await navigator.credentials.create({
      publicKey: {
        challenge: randomBytes(32),
        rp: { name: "Scrubjay" },
        user: {
          id: await sha256(toUtf8(`scrubjay ${sub}`)), name: sub,
          displayName: sub,
        },
        pubKeyCredParams: [
          { type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
        authenticatorSelection: {
          residentKey: "preferred", userVerification: "required" },
        // An empty `prf` makes some systems refuse the whole passkey.
        extensions: /** @type {any} */ ({ prf: { eval: { first: INPUT } } }),
      },
    }));
  } catch {
    throw refusal("PASSKEY");
  }
  demand(credential, "PASSKEY");
  const id = toBase64url(new Uint8Array(credential.rawId));
  // Some give the bytes only when the passkey is used.
  const secret = await secretOf(credential) ?? await askPasskey(id);
  return { id, secret };
}

/**
 * @param {string} id
 * @returns {Promise<string>}
 * @throws PASSKEY
 */
export async function askPasskey(id) {
  const raw = /** @type {Bytes | null} */ (fromBase64url(id));
  demand(passkeysThere() && raw, "PASSKEY");
  let credential;
  try {
    credential = await navigator.credentials.get({
      publicKey: {
        challenge: randomBytes(32),
        allowCredentials: [{ type: "public-key", id: raw }],
        userVerification: "required",
        extensions: /** @type {any} */ ({ prf: { eval: { first: INPUT } } }),
      },
    });
  } catch {
    throw refusal("PASSKEY");
  }
  const secret = credential && await secretOf(credential);
  if (!secret) throw refusal("PASSKEY");
  return secret;
}
