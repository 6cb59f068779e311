// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// seal.js - from a map of originals to a record that only the vault's key and
// the server's share open together. JWE: RFC 7516, algorithms: RFC 7518.

import { CompactEncrypt, CompactSign, importJWK } from "jose";

import { join, randomBytes, toBase64url } from "./bytes.js";
import { demand } from "./error.js";
import { activeKey } from "./keylist.js";
import {
  commitment, contentKey, DATA_TYPE, dataHash, FORMAT, packMap, readContext,
  saltedDigest, signedText, WRAP_TYPE,
} from "./record.js";

/** @import {Bytes} from "./bytes.js" */
/** @import {Keylist, VaultKey} from "./keylist.js" */
/** @import {Context, MapEntity, Sealed} from "./record.js" */

/** @typedef {{kid: string, key: CryptoKey}} DeviceKey */

/**
 * @typedef {object} ToSeal
 * @property {string} job id that the record is bound to
 * @property {string} sub who submits
 * @property {string} text scrubbed
 * @property {readonly MapEntity[]} entities
 * @property {Readonly<Keylist>} list
 * @property {DeviceKey | null} [device] null leaves `sig` for later
 */

/**
 * @param {ToSeal} what
 * @returns {Promise<{vault: Sealed, context: Readonly<Context>}>}
 */
export async function sealRecord(what) {
  const { job, sub, text, entities, list, device = null } = what;
  const to = activeKey(list);
  const salt = randomBytes(16);
  const context = readContext(
    { fmt: FORMAT, job, sth: await saltedDigest(salt, text), sub });
  const cek = randomBytes(32);
  const share = randomBytes(32);
  const key = await contentKey(cek, share);
  const plain = packMap(entities);
  try {
    const data = await new CompactEncrypt(plain)
      .setProtectedHeader({
        alg: "dir", enc: "A256GCM", typ: DATA_TYPE, ctx: context,
        commit: await commitment(cek, share),
      })
      .encrypt(key);
    const vault = {
      fmt: FORMAT,
      text_salt: toBase64url(salt),
      data,
      wraps: [await wrapKey(cek, to, await dataHash(data))],
      share: toBase64url(share),
      sig: device ? await signRecord(context, data, device) : "",
    };
    return { vault, context };
  } finally {
    for (const secret of [plain, key, cek, share]) secret.fill(0);
  }
}

/**
 * @param {Bytes} cek
 * @param {VaultKey} to
 * @param {string} dh digest of the data that it opens
 */
export async function wrapKey(cek, { kid, jwk }, dh) {
  return new CompactEncrypt(cek)
    .setProtectedHeader({
      alg: "ECDH-ES+A256KW", enc: "A256GCM", typ: WRAP_TYPE, kid, dh,
    })
    .encrypt(await importJWK(jwk, "ECDH-ES+A256KW"));
}

/**
 * The submitter's word for data and context: a JWS without its payload,
 * RFC 7515 appendix F.
 * @param {Readonly<Context>} context
 * @param {string} data
 * @param {DeviceKey} device
 */
export async function signRecord(context, data, { kid, key }) {
  demand(kid !== "", "KEY_MISMATCH", "device");
  const whole = await new CompactSign(
    join(signedText(context, await dataHash(data))))
    .setProtectedHeader({ alg: "ES256", kid })
    .sign(key);
  const [header, , signature] = whole.split(".");
  return `${header}..${signature}`;
}
