// SPDX-License-Identifier: Apache-2.0
//
// keeper.js - the page's side of working without a server: registers the
// service worker, has the pack stored, and says how it stands. It says "ready"
// only after it has found every file of the list in the cache.

/** @import {List} from "./store.js" */

import { trusted } from "../trusted.js";
import {
  fill, missing, packName, shellName, StoreError, worldAt,
} from "./store.js";

/**
 * How it stands.
 * - none: this browser, or this address, keeps nothing
 * - checking: not known yet
 * - saving: `done` of `total` bytes are stored
 * - ready: every file is stored, and was checked
 * - failed: `code` is CHECK, NETWORK, FULL, REFUSED
 * `update` is of a new version: "ready" waits to be asked for, "others" was
 * asked for while other tabs have the page open, "broken" could not be stored.
 * @typedef {object} Standing
 * @property {"none" | "checking" | "saving" | "ready" | "failed"} name
 * @property {number} done
 * @property {number} total
 * @property {string} code
 * @property {"" | "ready" | "others" | "broken"} update
 */

/** How often a page that stays open asks for a new version. */
const ASK_MS = 60 * 60_000;

/** How long a service worker may take to answer. */
const ANSWER_MS = 20_000;

/** Dispatches `change`. */
export class Keeper extends EventTarget {
  /** @type {Readonly<Standing>} */
  #standing = Object.freeze(
    { name: "checking", done: 0, total: 0, code: "", update: "" });
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  /** @type {Promise<void> | null} */
  #saving = null;
  /** Whether the pack may be fetched: after the engine, which needs the same. */
  #mayFetch = false;
  #restarting = false;
  #asked = 0;
  #reason = "CHECK";
  #base;
  #restart;

  /**
   * @param {URL} base folder of the page's files
   * @param {() => void} restart loads the page again
   */
  constructor(base, restart) {
    super();
    this.#base = base;
    this.#restart = restart;
  }

  get standing() {
    return this.#standing;
  }

  async start() {
    const workers = navigator.serviceWorker;
    // Without a secure address there is neither.
    if (workers === undefined || globalThis.caches === undefined)
      return this.#set({ name: "none" });
    workers.addEventListener("controllerchange", () => {
      if (!this.#restarting) return; // the first one: nothing has changed
      this.#restarting = false;
      this.#restart();
    });
    // Why a version could not be stored, told by its worker.
    workers.addEventListener("message", ({ data }) => {
      if (typeof data?.failed !== "string") return;
      this.#reason = data.failed;
      if (this.#standing.name === "failed") this.#set({ code: data.failed });
    });
    await this.#register();
  }

  async #register() {
    const workers = navigator.serviceWorker;
    try {
      this.#registration = await workers.register(
        trusted(new URL("sw.js", this.#base)),
        { scope: this.#base.pathname, updateViaCache: "none" });
    } catch (error) {
      const lost = /** @type {any} */ (error)?.name === "TypeError";
      return this.#set({ name: "failed", code: lost ? "NETWORK" : "REFUSED" });
    }
    this.#follow(this.#registration);
  }

  /** The engine has what it needs, or will not get it: store the pack now. */
  save() {
    if (this.#mayFetch) return;
    this.#mayFetch = true;
    // A look that is under way may have passed the place where it matters.
    void (this.#saving ?? Promise.resolve()).then(() => this.#look());
  }

  /** Try again after a failure. */
  async again() {
    this.#mayFetch = true;
    this.#set({ name: "checking", code: "" });
    if (this.#registration?.active) return this.#look();
    await this.#register();
  }

  /** Begin with the new version, if no other tab has the page open. */
  async begin() {
    const waiting = this.#registration?.waiting;
    if (!waiting) return;
    this.#restarting = true;
    const reply = await ask(waiting, "begin").catch(() => null);
    if (reply?.others === 0) return;
    this.#restarting = false;
    this.#set({ update: reply === null ? "ready" : "others" });
  }

  /** The page is looked at again: is it all still there, is there a new one? */
  async look() {
    await this.#look();
    if (performance.now() - this.#asked < ASK_MS) return;
    this.#asked = performance.now();
    await this.#registration?.update().catch(() => {});
  }

  /** @param {ServiceWorkerRegistration} registration */
  #follow(registration) {
    this.#asked = performance.now();
    if (registration.waiting) this.#set({ update: "ready" });
    if (registration.installing) this.#watch(registration.installing);
    registration.addEventListener("updatefound", () => {
      if (registration.installing) this.#watch(registration.installing);
    });
    if (registration.active) void this.#look();
  }

  /** @param {ServiceWorker} worker */
  #watch(worker) {
    const first = !this.#registration?.active;
    let installing = true;
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") return void this.#look();
      if (worker.state === "installed") {
        installing = false;
        if (!first) this.#set({ update: "ready" });
      }
      if (worker.state !== "redundant" || !installing) return;
      this.#set(first ? { name: "failed", code: this.#reason }
        : { update: "broken" });
    });
  }

  #look() {
    this.#saving ??= this.#save().catch((error) => this.#set({
      name: "failed",
      code: error instanceof StoreError ? error.code : "REFUSED",
    })).finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #save() {
    const worker = this.#registration?.active;
    if (!worker) return;
    /** @type {List} */
    const list = await ask(worker, "list");
    const world = worldAt(this.#base.href);
    const lacks = async () => [
      ...await missing(world, shellName(list), list.shell),
      ...await missing(world, packName(list), list.pack),
    ];
    const before = await lacks();
    if (before.length === 0) return this.#set({ name: "ready", code: "" });
    const all = [...list.shell, ...list.pack];
    const sum = (/** @type {readonly {bytes: number}[]} */ of) =>
      of.reduce((total, { bytes }) => total + bytes, 0);
    const total = sum(all);
    let done = total - sum(before);
    this.#set({ name: "saving", code: "", done, total });
    if (!this.#mayFetch) return;
    await room(sum(before), before[0]?.path ?? "");
    for (const entry of before) {
      const name = list.shell.includes(entry)
        ? shellName(list) : packName(list);
      await fill(world, name, [entry]);
      done += entry.bytes;
      this.#set({ name: "saving", done, total });
    }
    if ((await lacks()).length > 0)
      throw new StoreError("REFUSED", before[0]?.path ?? "");
    this.#set({ name: "ready", code: "" });
  }

  /** @param {Partial<Standing>} news */
  #set(news) {
    this.#standing = Object.freeze({ ...this.#standing, ...news });
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * @param {number} bytes
 * @param {string} path
 * @throws {StoreError} FULL
 */
async function room(bytes, path) {
  const { quota, usage = 0 } =
    (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota !== undefined && quota - usage < bytes)
    throw new StoreError("FULL", path);
}

/**
 * @param {ServiceWorker} worker
 * @param {"list" | "begin"} what
 * @returns {Promise<any>}
 */
function ask(worker, what) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new StoreError("REFUSED", "sw.js")), ANSWER_MS);
    port1.onmessage = ({ data }) => {
      clearTimeout(late);
      port1.close();
      resolve(data);
    };
    worker.postMessage(what, [port2]);
  });
}
