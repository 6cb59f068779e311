// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// outbox.js - scrubbed results on their way. Each is stored, sealed, before it
// is sent for the first time, and leaves when the server's receipt for it has
// been checked; a page that is closed in between sends it again, under the same
// idempotency key, and the server makes one job of it.
//
// One tab sends at a time (a Web Lock). What a server cannot take now is tried
// again, later each time; what it will not take stops, and waits for a person.

import { ScrubjayError } from "../../wasm/error.js";

import { Problem } from "./api.js";
import { demand, refusal } from "./error.js";

/** @import {Item, Sent, Store} from "./store.js" */

/** The most that wait: items, their bytes, and how long. */
export const LIMITS = Object.freeze({
  items: 50, bytes: 20 * 1024 * 1024, ms: 72 * 3600_000,
});

const LOCK = "scrubjay-outbox";
const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;

/** After so many attempts one no longer holds up those behind it: it may be
 * the only one that a server fails at. */
const PATIENCE = 5;

/**
 * What an outbox needs of the world.
 * @typedef {object} World
 * @property {Store} store
 * @property {(item: Readonly<Item>) => Promise<string | null>} prepare the
 *   sealed body as it is to be sent, where it is not that yet: every attempt
 *   has to send the same
 * @property {(item: Readonly<Item>) =>
 *   Promise<Omit<Sent, "owner" | "at">>} send the receipt is checked
 * @property {Pick<LockManager, "request"> | null} locks null where there are
 *   none: then this tab alone decides
 * @property {() => number} now
 * @property {() => number} dice 0 to 1
 */

/** What a page may know of an item. @typedef {Omit<Item, "jwe">} Waiting */

/** @param {Item} item @returns {Readonly<Waiting>} */
function bare({ jwe: _, ...rest }) {
  return Object.freeze(rest);
}

/** @param {Item} item @returns {Item} without its body */
function expired(item) {
  return {
    ...item, jwe: "", size: 0, state: "expired", code: "EXPIRED", where: "",
  };
}

/**
 * How long to wait after so many attempts.
 * @param {number} attempts
 * @param {number} dice 0 to 1
 */
export function backoff(attempts, dice) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.round(whole * (0.75 + dice / 2));
}

/** Statuses after which the same body may be taken. */
const LATER = [408, 425, 429, 500, 502, 503, 504, 507];

/**
 * Whether to try again without asking anybody.
 * @param {unknown} error
 */
export function isPassing(error) {
  if (error instanceof Problem)
    return LATER.includes(error.status)
      || error.where === "idempotency-in-flight";
  const code = error instanceof ScrubjayError ? error.code : "";
  return ["NETWORK", "TOKEN", "LOCKED"].includes(code);
}

/** Dispatches `change`; and `sent` with {id, status, receipt}. */
export class Outbox extends EventTarget {
  #world;
  /** @type {Promise<void> | null} */
  #flushing = null;
  #again = false;

  /** @param {World} world */
  constructor(world) {
    super();
    this.#world = world;
  }

  /**
   * @param {string} owner
   * @returns {Promise<readonly Waiting[]>} oldest first
   */
  async list(owner) {
    const items = await this.#world.store.items();
    return items.filter((item) => item.owner === owner)
      .map((item) => bare(this.#isLate(item) ? expired(item) : item));
  }

  /** @param {string} owner @returns {Promise<readonly Sent[]>} */
  async sent(owner) {
    return (await this.#world.store.sent())
      .filter((one) => one.owner === owner);
  }

  /**
   * Keep a sealed body.
   * @param {{id: string, owner: string, jwe: string}} what
   * @throws QUEUE_FULL, QUOTA, STORE
   */
  async add({ id, owner, jwe }) {
    const { store, now } = this.#world;
    const items = (await store.items()).filter((item) => !this.#isLate(item));
    const bytes = items.reduce((sum, { size }) => sum + size, jwe.length);
    demand(items.length < LIMITS.items, "QUEUE_FULL", "items");
    demand(bytes <= LIMITS.bytes, "QUEUE_FULL", "bytes");
    await store.put({
      id, owner, jwe, created: now(), size: jwe.length, state: "waiting",
      code: "", where: "", attempts: 0, next: 0,
    });
    this.#tell();
  }

  /**
   * Send what is due. Calls that come while this goes on are one more round.
   * @param {string} owner whose
   * @returns {Promise<void>}
   */
  flush(owner) {
    if (this.#flushing) {
      this.#again = true;
      return this.#flushing;
    }
    this.#flushing = this.#locked(async () => {
      do {
        this.#again = false;
        await this.#round(owner);
      } while (this.#again);
    }).finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  /**
   * When to flush next, ms from now; null where nothing waits.
   * @param {string} owner
   */
  async due(owner) {
    const waiting = (await this.list(owner))
      .filter(({ state }) => state === "waiting");
    if (waiting.length === 0) return null;
    // The first one that holds up the rest, or the first of those before it.
    const stop = waiting.findIndex(({ attempts }) => attempts <= PATIENCE);
    const next = Math.min(...waiting
      .slice(0, stop < 0 ? waiting.length : stop + 1)
      .map((item) => item.next));
    return Math.max(0, next - this.#world.now());
  }

  /**
   * What these were in the way of may have changed: send without waiting.
   * @param {string} owner
   * @param {readonly string[]} codes such as NETWORK, LOCKED
   */
  async hurry(owner, codes) {
    await this.#locked(async () => {
      for (const item of await this.#world.store.items())
        if (item.owner === owner && item.state === "waiting"
          && item.next > 0 && codes.includes(item.code))
          await this.#world.store.put({ ...item, next: 0 });
    }, true);
    await this.flush(owner);
  }

  /**
   * Try a stopped one again, or a waiting one at once.
   * @param {string} id
   * @param {string} owner
   */
  async retry(id, owner) {
    await this.#locked(async () => {
      const item = await this.#find(id, owner);
      demand(item.state !== "expired", "EXPIRED");
      await this.#world.store.put(
        { ...item, state: "waiting", code: "", where: "", next: 0 });
    }, true);
    this.#tell();
    await this.flush(owner);
  }

  /**
   * Give one up, because a person says so. One that is being sent is not.
   * @param {string} id
   * @param {string} owner
   */
  async discard(id, owner) {
    await this.#locked(async () => {
      await this.#find(id, owner);
      await this.#world.store.drop(id);
    }, true);
    this.#tell();
  }

  /** @param {string} id @param {string} owner */
  async #find(id, owner) {
    const item = (await this.#world.store.items())
      .find((one) => one.id === id && one.owner === owner);
    if (!item) throw refusal("NO_ITEM");
    return item;
  }

  /** @param {string} owner */
  async #round(owner) {
    const { store, now } = this.#world;
    await this.#expire();
    for (const item of await store.items()) {
      if (item.owner !== owner || item.state !== "waiting") continue;
      // While a server is away there is no use in asking for the others.
      const waits = item.next > now() || !await this.#try(item);
      if (waits && item.attempts < PATIENCE) return;
    }
  }

  /** @param {Item} item @returns {Promise<boolean>} whether to go on */
  async #try(item) {
    const { store, prepare, send, now, dice } = this.#world;
    try {
      const jwe = await prepare(Object.freeze({ ...item }));
      if (jwe !== null) {
        item = { ...item, jwe, size: jwe.length };
        await store.put(item);
      }
      const { id, status, receipt } = await send(Object.freeze({ ...item }));
      await store.done({ id, status, receipt, owner: item.owner, at: now() });
      this.dispatchEvent(
        new CustomEvent("sent", { detail: { id, status, receipt } }));
      this.#tell();
      return true;
    } catch (error) {
      const known = error instanceof ScrubjayError;
      const passing = isPassing(error);
      const asked = error instanceof Problem ? error.waitMs : 0;
      const wait = Math.max(asked, backoff(item.attempts, dice()));
      await store.put({
        ...item,
        attempts: item.attempts + 1,
        state: passing ? "waiting" : "stopped",
        code: known ? error.code : "ANSWER",
        where: known ? error.where : "",
        next: now() + wait,
      });
      this.#tell();
      return !passing;
    }
  }

  // A clock that was set back must not keep one for ever.
  /** @param {Item} item */
  #isLate({ created }) {
    return Math.abs(this.#world.now() - created) > LIMITS.ms;
  }

  // What has waited too long loses its body, and is told until it is put away.
  // Only whoever sends does this: what was just sent must not come back.
  async #expire() {
    const { store } = this.#world;
    let any = false;
    for (const item of await store.items()) {
      if (item.state === "expired" || !this.#isLate(item)) continue;
      await store.put(expired(item));
      any = true;
    }
    if (any) this.#tell();
  }

  /**
   * @param {() => Promise<void>} work
   * @param {boolean} [wait] for another tab; else that tab's work is enough
   */
  async #locked(work, wait = false) {
    const { locks } = this.#world;
    if (!locks) return work();
    await locks.request(LOCK, wait ? {} : { ifAvailable: true },
      (/** @type {Lock | null} */ lock) => lock && work());
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
