// SPDX-License-Identifier: Apache-2.0
//
// store.js - the files of a version in the browser's cache. The only way in is
// fill(), and it lets a file in when its SHA-256 is the one that the list of
// the build names. The response goes in as it came: its headers are the page's
// policy and isolation, and a copy without them would have neither offline.

/** @typedef {{path: string, sha256: string, bytes: number}} Entry */

/**
 * What the build writes into the service worker.
 * @typedef {object} List
 * @property {string} id of this version
 * @property {string} packId of its second tier
 * @property {readonly Entry[]} shell page, styles, scripts, icons
 * @property {readonly Entry[]} pack engine, model, runtime
 */

/**
 * What a cache needs of the world; tests bring their own.
 * @typedef {object} World
 * @property {CacheStorage} caches
 * @property {typeof fetch} fetch
 * @property {string} base URL of the folder that paths begin at
 */

/** @param {string} base @returns {World} the browser's own */
export function worldAt(base) {
  return { caches, fetch: (url, init) => fetch(url, init), base };
}

export const PREFIX = "scrubjay-";

/** @param {List} list */
export const shellName = (list) => `${PREFIX}shell-${list.id}`;

/** @param {List} list */
export const packName = (list) => `${PREFIX}pack-${list.packId}`;

/** Why a file is not in the cache: CHECK, NETWORK, FULL or REFUSED. */
export class StoreError extends Error {
  /** @param {string} code @param {string} path of a file of ours */
  constructor(code, path) {
    super(`the file ${path} was not stored`);
    this.name = "StoreError";
    this.code = code;
    this.path = path;
  }
}

/** @param {BufferSource} bytes */
async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Response} answer not read yet, and not read by this
 * @param {Entry} entry
 */
async function isRight(answer, { sha256, bytes }) {
  const body = await answer.clone().arrayBuffer();
  return body.byteLength === bytes && (await digest(body)) === sha256;
}

/**
 * A name that holds its content's digest is asked for as any other; one that
 * does not is always asked for again.
 * @param {Entry} entry
 * @returns {RequestCache}
 */
const modeOf = ({ path, sha256 }) =>
  path.includes(sha256.slice(0, 8).toUpperCase()) ? "default" : "no-cache";

/**
 * @param {World} world
 * @param {Entry} entry
 * @returns {Promise<Response>} with the right bytes
 * @throws {StoreError} NETWORK, CHECK
 */
async function get(world, entry) {
  const url = new URL(entry.path, world.base).href;
  // A wrong one may be a cache's fault: once more, past every cache.
  for (const cache of [modeOf(entry), /** @type {const} */ ("reload")]) {
    let right;
    let answer;
    try {
      answer = await world.fetch(url, { cache });
      right = answer.ok && !answer.redirected &&
        (await isRight(answer, entry));
    } catch {
      throw new StoreError("NETWORK", entry.path);
    }
    if (right) return answer;
  }
  throw new StoreError("CHECK", entry.path);
}

/**
 * The same file, if another version's cache has it.
 * @param {World} world
 * @param {Entry} entry
 * @param {string} own name of the cache that lacks it
 */
async function kept(world, entry, own) {
  const url = new URL(entry.path, world.base).href;
  for (const name of await world.caches.keys()) {
    if (!name.startsWith(PREFIX) || name === own) continue;
    const answer = await (await world.caches.open(name)).match(url);
    if (answer !== undefined && (await isRight(answer, entry))) return answer;
  }
  return null;
}

/**
 * Put all entries into the cache `name`; those that are there stay.
 * @param {World} world
 * @param {string} name
 * @param {readonly Entry[]} entries
 * @param {(bytes: number) => void} [onBytes] how many more are stored
 * @throws {StoreError} at the first that cannot be; those before it stay
 */
export async function fill(world, name, entries, onBytes = () => {}) {
  for (const entry of entries) {
    const url = new URL(entry.path, world.base).href;
    try {
      const cache = await world.caches.open(name);
      if ((await cache.match(url)) === undefined)
        await cache.put(
          url, (await kept(world, entry, name)) ?? (await get(world, entry)));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const full = /** @type {any} */ (error)?.name === "QuotaExceededError";
      throw new StoreError(full ? "FULL" : "REFUSED", entry.path);
    }
    onBytes(entry.bytes);
  }
}

/**
 * @param {World} world
 * @param {string} name
 * @param {readonly Entry[]} entries
 * @returns {Promise<Entry[]>} those that the cache does not have
 */
export async function missing(world, name, entries) {
  if (!(await world.caches.has(name))) return [...entries];
  const cache = await world.caches.open(name);
  const there = new Set((await cache.keys()).map(({ url }) => url));
  return entries.filter(
    ({ path }) => !there.has(new URL(path, world.base).href));
}
