// SPDX-License-Identifier: Apache-2.0
//
// download.js - files of our own origin: fetched, counted and checked. What
// comes out of here is what the list of files said it would be.

/** @import {Ref} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";

/**
 * What a download needs of the world; tests bring their own.
 * @typedef {(url: string, init?: RequestInit) => Promise<Response>} Fetch
 */

/**
 * @typedef {object} Reports
 * @property {(bytes: number) => void} onBytes how many more have come; fewer
 *   than none where a file is fetched again
 */

/**
 * A file whose bytes have the digest that `ref` names. A wrong one may be a
 * cache's fault, so it is asked for once more past every cache.
 * @param {string} name for errors
 * @param {Ref} ref
 * @param {Fetch} fetch
 * @param {Reports} reports
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {ScrubjayError} MODEL_FETCH, MODEL_HASH, INSECURE, with the file in
 *   `where`
 */
export async function download(name, ref, fetch, reports) {
  for (const cache of /** @type {const} */ (["default", "reload"])) {
    let came = 0;
    const bytes = await read(name, ref, fetch, cache, (count) => {
      came += count;
      reports.onBytes(count);
    });
    if (bytes !== null && (await digest(name, bytes)) === ref.sha256)
      return bytes;
    reports.onBytes(-came);
  }
  throw new ScrubjayError(
    "MODEL_HASH", "a file is not the one that the list names", { where: name });
}

/**
 * The bytes, or null where they are more or fewer than they should be.
 * @param {string} name
 * @param {Ref} ref
 * @param {Fetch} fetch
 * @param {RequestCache} cache
 * @param {(bytes: number) => void} onBytes
 */
async function read(name, ref, fetch, cache, onBytes) {
  const lost = () => new ScrubjayError(
    "MODEL_FETCH", "a file of the model cannot be fetched", { where: name });
  const answer = await fetch(ref.url, { cache }).catch(() => null);
  if (!answer?.ok || answer.body === null) throw lost();
  const bytes = new Uint8Array(ref.bytes);
  const reader = answer.body.getReader();
  let at = 0;
  for (;;) {
    const { value, done } = await reader.read().catch(() => {
      throw lost();
    });
    if (done) return at === bytes.length ? bytes : null;
    if (value.length > bytes.length - at) {
      await reader.cancel().catch(() => {});
      return null;
    }
    bytes.set(value, at);
    at += value.length;
    onBytes(value.length);
  }
}

/** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes */
async function digest(name, bytes) {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined)
    throw new ScrubjayError(
      "INSECURE", "files can be checked on https or localhost only",
      { where: name });
  const hash = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Tells of several downloads as one, not more often than is seen.
 * @param {number} total
 * @param {(done: number, total: number) => void} tell
 * @param {() => number} [now]
 * @returns {Reports}
 */
export function countBytes(total, tell, now = () => performance.now()) {
  let done = 0;
  let told = -Infinity;
  return {
    onBytes: (bytes) => {
      done += bytes;
      if (done < total && now() - told < 50) return;
      told = now();
      tell(done, total);
    },
  };
}
