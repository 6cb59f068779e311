// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// receipt.js - what a server leaves for an act: the place of its row in the
// audit log. The page keeps the newest of each stream. A server that goes back
// behind one, or gives one place to two rows, has another log than it had.

import { isObject } from "./bytes.js";
import { demand } from "./error.js";

/** @typedef {{stream: number, seq: number, row_hash: string}} Receipt */

/** stream: the newest seen.
 * @typedef {Readonly<Record<string, Receipt>>} Seen */

/** @param {unknown} value @returns {Readonly<Receipt>} */
export function readReceipt(value) {
  demand(isObject(value), "RECEIPT", "form");
  const { stream, seq, row_hash: hash } = value;
  demand(Number.isSafeInteger(stream) && Number(stream) >= 0
    && Number.isSafeInteger(seq) && Number(seq) >= 1
    && typeof hash === "string" && /^(?:[0-9a-f]{64}|[\w-]{43})$/.test(hash),
  "RECEIPT", "form");
  return Object.freeze(
    { stream: Number(stream), seq: Number(seq), row_hash: hash });
}

/**
 * @param {Readonly<Receipt>} receipt
 * @param {Seen} seen
 * @param {boolean} fresh whether the act happened now; an answer that is
 *   given again has its first receipt
 * @returns {Seen} with this one
 * @throws RECEIPT
 */
export function followReceipt(receipt, seen, fresh) {
  const { stream, seq, row_hash: hash } = receipt;
  const last = seen[stream];
  if (last) {
    demand(seq !== last.seq || hash === last.row_hash, "RECEIPT", "forked");
    demand(!fresh || seq > last.seq, "RECEIPT", "back");
    if (seq <= last.seq) return seen;
  }
  return Object.freeze({ ...seen, [stream]: receipt });
}
