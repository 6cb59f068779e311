// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// draft-store.js - where drafts lie: in IndexedDB, each encrypted with a key of
// its own. The key cannot be exported, but it lies beside the draft: whoever
// has the profile has both. What this is good for: no word of a note stands in
// a file in clear, and a draft is gone with its key.

const NAME = "scrubjay-drafts";
const TABLE = "drafts";

/**
 * @typedef {object} Stored
 * @property {string} id
 * @property {number} saved when, in milliseconds
 * @property {CryptoKey} key
 * @property {Uint8Array<ArrayBuffer>} iv
 * @property {ArrayBuffer} data
 */

/** @returns {Promise<CryptoKey>} of one note's drafts */
export function makeKey() {
  return crypto.subtle.generateKey(
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/**
 * @param {string} id
 * @param {CryptoKey} key
 * @param {string} text
 * @param {number} saved
 * @returns {Promise<Stored>}
 */
export async function seal(id, key, text, saved) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: bound(id, saved) }, key,
    new TextEncoder().encode(text));
  return { id, saved, key, iv, data };
}

/**
 * @param {Stored} stored
 * @returns {Promise<string>}
 */
export async function unseal({ id, saved, key, iv, data }) {
  const bytes = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv, additionalData: bound(id, saved) }, key, data);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    .decode(bytes);
}

// A draft is the one of its name and time.
/** @param {string} id @param {number} saved */
function bound(id, saved) {
  return new TextEncoder().encode(`scrubjay draft v1\n${id}\n${saved}`);
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(table: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>} once it is on disk
 */
async function within(mode, work) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const act = db.transaction(TABLE, mode, { durability: "strict" });
      const request = work(act.objectStore(TABLE));
      act.oncomplete = () => resolve(request.result);
      act.onabort = () => reject(act.error);
    });
  } finally {
    db.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(TABLE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {Stored} stored */
export const put = (stored) => within("readwrite", (t) => t.put(stored));

/** @param {string} id */
export const drop = (id) => within("readwrite", (t) => t.delete(id));

/** @returns {Promise<Stored[]>} */
export const all = () => within("readonly", (t) => t.getAll());
