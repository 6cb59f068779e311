// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// open.js - from a record to its originals, for one who may. Everything here
// comes from a server that is not believed: the record must be of the job that
// was asked for, of the text that is shown, signed by a member who submitted
// it, wrapped to a key of the list. The first thing that is wrong ends it, by
// name; nothing is shown of a record that is not wholly right.

import { compactDecrypt, flattenedVerify, importJWK } from "jose";

import {
  digestOf, fromBase64url, hasExactly, readCompact, toBase64url,
} from "./bytes.js";
import { demand, refusal } from "./error.js";
import { activeKey, memberOf, thumbprint, vaultName } from "./keylist.js";
import {
  commitment, contentKey, DATA_TYPE, dataHash, FORMAT, mergeText, readContext,
  saltedDigest, signedText, unpackMap, WRAP_TYPE,
} from "./record.js";
import { wrapKey } from "./seal.js";

/** @import {Bytes} from "./bytes.js" */
/** @import {Keylist} from "./keylist.js" */
/** @import {Context, MapEntity, VaultRecord} from "./record.js" */

/**
 * @typedef {object} ToOpen
 * @property {string} job that was asked for
 * @property {string} text scrubbed, as the server gave it
 * @property {unknown} record
 * @property {unknown} share
 * @property {Readonly<Keylist>} list
 * @property {(kid: string) => Promise<CryptoKey>} keyOf private key of the
 *   vault
 */

/**
 * @typedef {object} Opened
 * @property {readonly Readonly<MapEntity>[]} entities
 * @property {Readonly<Context>} context
 * @property {string} kid the key that it was wrapped to
 * @property {{old_hash: string, wrap: string} | null} rewrap to hand to the
 *   server, where that key is no longer the one that is sealed to
 */

/** @param {ToOpen} what @returns {Promise<Readonly<Opened>>} */
export async function openRecord(what) {
  const { job, text, list, keyOf } = what;
  const record = readRecord(what.record);
  const { context, commit } = readData(record.data);
  demand(context.job === job, "RECORD_CONTEXT");
  const salt = /** @type {Bytes} */ (fromBase64url(record.text_salt));
  demand(await saltedDigest(salt, text) === context.sth, "TEXT_CHANGED");
  await checkSignature(record, context, list);
  const share = fromBase64url(what.share);
  demand(share?.length === 32, "SHARE");
  const dh = await dataHash(record.data);
  const { wrap, kid } = readWraps(record.wraps, dh, list);
  const cek = await unwrap(wrap, await keyOf(kid));
  try {
    demand(await commitment(cek, share) === commit, "SHARE");
    const entities = await decryptMap(record.data, cek, share);
    mergeText(text, entities); // or nobody sees any of it
    const to = newerKey(list, kid);
    return Object.freeze({
      entities, context, kid,
      rewrap: to && {
        old_hash: await digestOf(wrap), wrap: await wrapKey(cek, to, dh),
      },
    });
  } finally {
    cek.fill(0);
    share.fill(0);
  }
}

/** @param {unknown} value @returns {VaultRecord} */
function readRecord(value) {
  demand(hasExactly(value, ["fmt", "text_salt", "data", "wraps", "sig"])
    && value["fmt"] === FORMAT
    && fromBase64url(value["text_salt"])?.length === 16
    && typeof value["data"] === "string" && Array.isArray(value["wraps"]),
  "RECORD_FORMAT");
  return /** @type {VaultRecord} */ (/** @type {unknown} */ (value));
}

/** @param {string} data */
function readData(data) {
  const read = readCompact(data, 5);
  demand(read, "RECORD_FORMAT", "data");
  const { header } = read;
  demand(hasExactly(header, ["alg", "enc", "typ", "ctx", "commit"])
    && header["alg"] === "dir" && header["enc"] === "A256GCM"
    && header["typ"] === DATA_TYPE
    && fromBase64url(header["commit"])?.length === 32,
  "RECORD_FORMAT", "data");
  return { context: readContext(header["ctx"]), commit: header["commit"] };
}

/**
 * @param {VaultRecord} record
 * @param {Readonly<Context>} context
 * @param {Readonly<Keylist>} list
 */
async function checkSignature({ data, sig }, context, list) {
  const [head = "", body, tail = "", more] =
    typeof sig === "string" ? sig.split(".") : [];
  demand(head !== "" && body === "" && tail !== "" && more === undefined,
    "RECORD_SIGNATURE");
  const header = readCompact(`${head}..${tail}`, 3)?.header;
  demand(header && hasExactly(header, ["alg", "kid"])
    && header["alg"] === "ES256", "RECORD_SIGNATURE");
  const member = memberOf(list, context.sub);
  demand(member, "RECORD_SIGNATURE", "sub");
  for (const jwk of member.device) {
    if (await thumbprint(jwk) !== header["kid"]) continue;
    try {
      const payload = signedText(context, await dataHash(data));
      await flattenedVerify(
        { protected: head, payload: toBase64url(payload), signature: tail },
        await importJWK(jwk, "ES256"), { algorithms: ["ES256"] });
      return;
    } catch {
      throw refusal("RECORD_SIGNATURE");
    }
  }
  throw refusal("RECORD_SIGNATURE", "kid");
}

/**
 * The wrap to open: one of a key that is in use.
 * @param {readonly unknown[]} wraps
 * @param {string} dh
 * @param {Readonly<Keylist>} list
 */
function readWraps(wraps, dh, list) {
  demand(wraps.length > 0 && wraps.length <= 4, "WRAP_FORMAT");
  const known = wraps.map((wrap) => {
    const header = readCompact(wrap, 5)?.header;
    // `epk` is checked by the one who uses it.
    demand(header
      && hasExactly(header, ["alg", "enc", "typ", "kid", "dh", "epk"])
      && header["alg"] === "ECDH-ES+A256KW" && header["enc"] === "A256GCM"
      && header["typ"] === WRAP_TYPE, "WRAP_FORMAT");
    demand(header["dh"] === dh, "WRAP_RECORD");
    const kid = header["kid"];
    const key = list.vault.find((one) => one.kid === kid);
    return { wrap: String(wrap), kid: String(kid), state: key?.state };
  });
  const usable = known.find(({ state }) => state === "active")
    ?? known.find(({ state }) => state === "accept");
  demand(usable, "WRAP_KEY");
  return usable;
}

/** @param {string} wrap @param {CryptoKey} key @returns {Promise<Bytes>} */
async function unwrap(wrap, key) {
  let plaintext;
  try {
    ({ plaintext } = await compactDecrypt(wrap, key, {
      keyManagementAlgorithms: ["ECDH-ES+A256KW"],
      contentEncryptionAlgorithms: ["A256GCM"],
    }));
  } catch {
    throw refusal("WRAP");
  }
  demand(plaintext.length === 32, "WRAP");
  return new Uint8Array(plaintext);
}

/** @param {string} data @param {Bytes} cek @param {Bytes} share */
async function decryptMap(data, cek, share) {
  const key = await contentKey(cek, share);
  let plaintext;
  try {
    ({ plaintext } = await compactDecrypt(data, key, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    }));
  } catch {
    throw refusal("RECORD");
  } finally {
    key.fill(0);
  }
  try {
    return unpackMap(plaintext);
  } finally {
    plaintext.fill(0);
  }
}

/** The key to wrap to anew; null where it is the same, or there is none. */
/** @param {Readonly<Keylist>} list @param {string} kid */
function newerKey(list, kid) {
  try {
    const to = activeKey(list, vaultName(kid));
    return to.kid === kid ? null : to;
  } catch {
    return null; // A list that seals to nothing still opens.
  }
}
