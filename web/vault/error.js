// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// error.js - why the vault refuses. One code a cause, so that a page can say
// what happened and a test can tell one refusal from another. Sentences are
// constant: none holds a word of a note, a key or a passphrase.

import { ScrubjayError } from "../../wasm/error.js";

const MESSAGES = Object.freeze({
  PIN: "this page names no root key, so no key of a server can be believed",
  KEYLIST_FORMAT: "the key list is not one of this format",
  KEYLIST_ROOT: "the key list is signed by another root than this page names",
  KEYLIST_SIGNATURE: "the signature of the key list does not hold",
  KEYLIST_EXPIRED: "the key list is past its time",
  KEYLIST_OLD: "the key list is older than one that was seen before",
  KEYLIST_FORKED: "there are two key lists with one serial number",
  NO_VAULT_KEY: "the key list has no vault key to seal to",
  NOT_A_MEMBER: "the key list does not name this person",
  KEY_FORMAT: "a wrapped key is not one of this format",
  KDF_WEAK: "a wrapped key asks for too few rounds of its passphrase",
  KDF_COSTLY: "a wrapped key asks for more rounds than make sense",
  PASSPHRASE: "the passphrase does not open this key",
  PASSKEY: "the passkey of this device is not there, or gives no secret",
  KEY_MISMATCH: "a key is not the one that the key list names",
  LOCKED: "the keys are locked",
  MAP: "the originals do not fit the placeholders of the text",
  MAP_TOO_LARGE: "there are more originals than a record may hold",
  RECORD_FORMAT: "the record is not one of this format",
  RECORD_CONTEXT: "the record was sealed for another job",
  RECORD_SIGNATURE: "the record is not signed by the one who submitted it",
  TEXT_CHANGED: "the scrubbed text is not the one that was sealed",
  WRAP_FORMAT: "the wrapped record key is not one of this format",
  WRAP_KEY: "the record key is wrapped to a key that is not in use",
  WRAP_RECORD: "the record key is of another record",
  WRAP: "the record key does not open",
  SHARE: "the release share does not fit this record",
  RECORD: "the record does not open",
  ECHO: "something that is hidden stands in clear in what would be sent",
  CRYPTO: "the browser's cryptography gives wrong answers, or is not there",
  SUBMISSION: "what is to be sent is not of the form that it must have",
  NETWORK: "the server does not answer",
  SIGN_IN: "signing in was given up, or the issuer's answer does not fit",
  TOKEN: "the server wants to know who asks",
  ANSWER: "the server's answer is not of the form that it must have",
  RECEIPT: "the server's receipt does not fit",
  PROBLEM: "the server refuses",
  STORE: "the browser does not keep anything for this page",
  QUOTA: "there is no room left in this browser",
  QUEUE_FULL: "as many results wait as may",
  EXPIRED: "it waited longer than it may",
  NO_ITEM: "there is no such result waiting",
});

/** @typedef {keyof typeof MESSAGES} VaultCode */

/**
 * A ScrubjayError with one of the codes above.
 * @param {VaultCode} code
 * @param {string} [where] a member's name or a problem's, never a value
 */
export function refusal(code, where = "") {
  return new ScrubjayError(code, MESSAGES[code], { where });
}

/**
 * @param {unknown} holds
 * @param {VaultCode} code
 * @param {string} [where]
 * @returns {asserts holds}
 */
export function demand(holds, code, where) {
  if (!holds) throw refusal(code, where);
}

/** Every code there is, for those who must have words for each. */
export const CODES = Object.freeze(
  /** @type {VaultCode[]} */ (Object.keys(MESSAGES)));
