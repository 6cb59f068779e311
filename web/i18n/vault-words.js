// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// vault-words.js - a refusal of the vault as a sentence.

/** @import {vault} from "./en-vault.js" */

/** Codes that are told as another. @type {Readonly<Record<string, string>>} */
const AS = Object.freeze({
  KEYLIST_FORMAT: "KEYLIST",
  KEYLIST_ROOT: "KEYLIST",
  KEYLIST_SIGNATURE: "KEYLIST",
  RECORD_FORMAT: "RECORD",
  WRAP_FORMAT: "WRAP",
  WRAP_KEY: "WRAP",
  WRAP_RECORD: "WRAP",
});

/**
 * @param {typeof vault} words
 * @param {{code?: string, where?: string}} refusal an error, or what waits
 * @returns {string}
 */
export function vaultSays({ codes, problems }, { code = "OTHER", where = "" }) {
  if (code === "PROBLEM")
    return Object.hasOwn(problems, where) && where !== "OTHER"
      ? /** @type {Record<string, any>} */ (problems)[where]
      : problems.OTHER(where);
  /** @type {Record<string, string>} */
  const all = codes;
  return all[AS[code] ?? code] ?? codes.OTHER;
}
