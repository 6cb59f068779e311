// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-vault.js - why something was not sealed, sent or opened, in English.

export const vault = {
  codes: {
    PIN: "This site names no root key, so no key can be believed.",
    KEYLIST: "The server’s list of keys is not one that this site may believe.",
    KEYLIST_EXPIRED: "The list of keys is past its time. A custodian has to " +
      "sign a new one.",
    KEYLIST_OLD: "The server gave an older list of keys than before.",
    KEYLIST_FORKED: "The server gave another list of keys under the same " +
      "number.",
    NO_VAULT_KEY: "There is no key to seal the originals to.",
    NOT_A_MEMBER: "The list of keys does not name you.",
    KEY_FORMAT: "There are no keys of yours on the server, or they have " +
      "another form.",
    KDF_WEAK: "The server asks for a weaker protection of your keys.",
    KDF_COSTLY: "The server asks for more work than makes sense.",
    PASSPHRASE: "The passphrase does not open your keys.",
    PASSKEY: "This device did not open your keys: use your passphrase.",
    KEY_MISMATCH: "A key is not the one that the list of keys names.",
    LOCKED: "Your keys are locked: type your passphrase.",
    MAP: "The originals do not fit the places of the text.",
    MAP_TOO_LARGE: "There are more originals than fit into one record.",
    RECORD: "The record is damaged, or not one of this format.",
    RECORD_CONTEXT: "The server gave the record of another result.",
    RECORD_SIGNATURE: "The record is not signed by the one who submitted it.",
    TEXT_CHANGED: "The scrubbed text is not the one that was submitted.",
    WRAP: "The record’s key is not one that opens it.",
    SHARE: "The server’s share does not fit this record.",
    ECHO: "Something that is hidden stands in clear in what would be sent.",
    CRYPTO: "The cryptography of this browser does not work here.",
    SUBMISSION: "Something that must be there is missing.",
    NETWORK: "The server does not answer.",
    SIGN_IN: "Signing in did not come to its end. Try it again.",
    TOKEN: "Sign in first.",
    ANSWER: "The server’s answer has another form than it should.",
    RECEIPT: "The server’s receipt does not fit those before it.",
    STORE: "This browser keeps nothing for this page.",
    QUOTA: "There is no room left in this browser: nothing was kept.",
    QUEUE_FULL: "Fifty results wait already, or twenty megabytes. Send or " +
      "discard some first.",
    EXPIRED: "It waited for three days and was put away unsent.",
    NO_ITEM: "It is not waiting any more.",
    OTHER: "Something went wrong.",
  },
  problems: {
    "leak-suspected": "The server found what looks like an identifier in it.",
    "raw-text-forbidden": "The server takes scrubbed text only.",
    "ruleset-outdated": "These rules are too old for the server: load the " +
      "page again.",
    "key-version-retired": "It was sealed to a key that is no longer in use.",
    "vault-malformed": "The server does not take the sealed part.",
    "placeholder-mismatch": "Placeholders and text do not fit together.",
    "step-up-required": "Sign in again, to show that it is you.",
    forbidden: "You may not do that.",
    "not-found": "There is no such result, or not for you.",
    "rate-limited": "That was too much at a time; wait a little.",
    "too-large": "It is too large for the server.",
    busy: "The server is busy.",
    unready: "The server cannot keep anything at the moment.",
    "vault-off": "The server keeps no originals.",
    "vault-not-ready": "The server has no list of keys yet.",
    "not-ready": "There is no result yet.",
    "storage-full": "The server has no room left.",
    OTHER: (/** @type {string} */ name) => `The server refuses (${name}).`,
  },
};
