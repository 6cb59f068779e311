// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// store.js - what the vault keeps in this browser: results that wait to be
// sent, sealed; receipts of those that were; the newest key list and receipts
// seen. An item leaves the first table in the transaction that puts its receipt
// into the second: there is no moment at which it is in neither.

import { refusal } from "./error.js";

/** @import {Receipt} from "./receipt.js" */

/**
 * @typedef {object} Item
 * @property {string} id the job's, and its idempotency key
 * @property {string} owner whose it is, as a digest
 * @property {number} created ms
 * @property {number} size bytes of `jwe`
 * @property {string} jwe the sealed body; "" once it has expired
 * @property {"waiting" | "stopped" | "expired"} state
 * @property {string} code why it waits or was stopped; "" for neither
 * @property {string} where
 * @property {number} attempts
 * @property {number} next ms; not tried before
 */

/**
 * @typedef {object} Sent
 * @property {string} id
 * @property {string} owner
 * @property {number} at ms
 * @property {string} status as the server answered
 * @property {Receipt} receipt
 */

/**
 * @typedef {object} Store
 * @property {boolean} durable whether a reload keeps it
 * @property {() => Promise<Item[]>} items by id, which is by time
 * @property {(item: Item) => Promise<void>} put
 * @property {(id: string) => Promise<void>} drop
 * @property {(sent: Sent) => Promise<void>} done in place of its item
 * @property {() => Promise<Sent[]>} sent
 * @property {(key: string) => Promise<any>} get undefined for none
 * @property {(key: string, value: unknown) => Promise<void>} set
 */

const NAME = "scrubjay-vault";
const TABLES = ["items", "sent"];

/** So many receipts of sent results are kept. */
const MOST_SENT = 200;

/** @returns {Store} gone with the page */
export function memoryStore() {
  /** @type {Map<string, Item>} */
  const items = new Map();
  /** @type {Map<string, Sent>} */
  const sent = new Map();
  /** @type {Map<string, unknown>} */
  const values = new Map();
  const byId = (/** @type {{id: string}} */ a, /** @type {{id: string}} */ b) =>
    a.id < b.id ? -1 : 1;
  return {
    durable: false,
    items: async () => [...items.values()].sort(byId).map((i) => ({ ...i })),
    put: async (item) => void items.set(item.id, { ...item }),
    drop: async (id) => void items.delete(id),
    done: async (one) => {
      items.delete(one.id);
      sent.set(one.id, one);
    },
    sent: async () => [...sent.values()].sort(byId),
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
  };
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} on disk */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** @param {unknown} error */
function storeError(error) {
  const full = /** @type {any} */ (error)?.name === "QuotaExceededError";
  return refusal(full ? "QUOTA" : "STORE");
}

/**
 * The browser's own. A browser that keeps nothing (a frame of another site, a
 * policy) is a STORE error: the caller decides whether memory will do.
 * @param {string} [name]
 * @returns {Promise<Store>}
 */
export async function openStore(name = NAME) {
  let db = /** @type {IDBDatabase | null} */ (null);
  const open = async () => {
    if (db) return db;
    if (globalThis.indexedDB === undefined) throw refusal("STORE");
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES)
        request.result.createObjectStore(table, { keyPath: "id" });
      request.result.createObjectStore("values");
    };
    const opened = await settled(request);
    // Another tab may want a newer form, or the browser may clear it: closed
    // here, opened again at the next use.
    opened.onversionchange = () => opened.close();
    opened.onclose = () => {
      db = null;
    };
    db = opened;
    return opened;
  };
  /**
   * @template T
   * @param {string[]} tables
   * @param {IDBTransactionMode} mode
   * @param {(tables: (name: string) => IDBObjectStore) => Promise<T>} work
   * @returns {Promise<T>}
   */
  const within = async (tables, mode, work) => {
    let transaction = /** @type {IDBTransaction | null} */ (null);
    try {
      transaction = (await open()).transaction(
        tables, mode, { durability: "strict" });
      const finished = committed(transaction);
      finished.catch(() => {}); // told through what is awaited below
      const { objectStore } = transaction;
      const result = await work(objectStore.bind(transaction));
      await finished;
      return result;
    } catch (error) {
      // A request that was cut off says only that; its transaction says why.
      throw storeError(transaction?.error ?? error);
    }
  };
  try {
    await open();
  } catch (error) {
    throw storeError(error);
  }
  return {
    durable: true,
    items: () => within(["items"], "readonly",
      (table) => settled(table("items").getAll())),
    put: (item) => within(["items"], "readwrite", async (table) => {
      await settled(table("items").put(item));
    }),
    drop: (id) => within(["items"], "readwrite", async (table) => {
      await settled(table("items").delete(id));
    }),
    done: (one) => within(TABLES, "readwrite", async (table) => {
      const sent = table("sent");
      await settled(sent.put(one));
      await settled(table("items").delete(one.id));
      const ids = await settled(sent.getAllKeys());
      for (const id of ids.slice(0, Math.max(0, ids.length - MOST_SENT)))
        await settled(sent.delete(id));
    }),
    sent: () => within(["sent"], "readonly",
      (table) => settled(table("sent").getAll())),
    get: (key) => within(["values"], "readonly",
      (table) => settled(table("values").get(key))),
    set: (key, value) => within(["values"], "readwrite", async (table) => {
      await settled(table("values").put(value, key));
    }),
  };
}
