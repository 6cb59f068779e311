// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// drafts.js - keeps the notes of this tab, so that a tab that is closed loses
// nothing; and finds what a tab that is gone has left. Each tab holds a lock of
// its name while it lives: drafts whose tab nobody holds are left. A note has a
// slot in its tab, "" for the first.
//
// A draft ends with its note: when it is wiped or sent; when nobody has changed
// any for an hour while the tab is open; and twelve hours after it was saved.

import { choice, el } from "../element/dom.js";
import { all, drop, makeKey, put, seal, unseal } from "./draft-store.js";
import { storedDrafts, storeDrafts } from "./settings.js";

/** @import {ScrubjayReview} from "../element/scrubjay-review.js" */
/** @import {Words} from "../i18n/en.js" */
/** @import {Stored} from "./draft-store.js" */

/** How long after a change it is saved. */
const SOON_MS = 500;
/** How long an open tab's draft outlives its last change. */
export const IDLE_MS = 60 * 60_000;
/** How long a draft is kept at all. */
export const LIFE_MS = 12 * 60 * 60_000;

/** Under this name, the session remembers which draft it goes on with. */
const NEXT = "scrubjay.next";
const LOCK = "scrubjay-draft-";

/**
 * How it stands with the notes of the page: nothing is kept; all is as it was
 * saved; one has changed since; one could not be saved.
 * @typedef {"off" | "none" | "kept" | "changed" | "FULL" | "REFUSED"} Standing
 */

/**
 * @typedef {object} Host
 * @property {(slot: string) => string | null} content what there is to keep of
 *   a note; null for nothing
 * @property {(kept: boolean) => void} changed how it stands is another
 */

export class Drafts {
  /** Says how it stands, and lets one choose. */
  element = el("div", { class: "draft" });
  #host;
  #tab = crypto.randomUUID();
  /** The note that is on the page. */
  slot = "";
  /** Of notes that are stored, or are about to be, by slot.
   * @type {Map<string, CryptoKey>} */
  #keys = new Map();
  /** Of notes that have changed since: which change it was, by slot.
   * @type {Map<string, number>} */
  #dirty = new Map();
  #changes = 0;
  /** Counts what was forgotten, so that a save under way knows of it. */
  #forgotten = 0;
  /** @type {Standing} */
  #standing = "none";
  /** @type {Promise<unknown>} one after the other */
  #work = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  /** @type {Stored[]} what tabs that are gone have left */
  #left = [];
  /** Those of them that this tab went on with, until its own are saved.
   * @type {readonly string[]} */
  #former = [];
  #state = el("span", { attrs: { role: "status" } });
  /** The review that was last saved. @type {WeakRef<object> | null} */
  #seen = null;
  /** @type {Words | null} */
  #words = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    // In a frame of another page, storage is the other page's business.
    if (window.top !== window || storedDrafts() === "off" ||
      globalThis.indexedDB === undefined ||
      globalThis.crypto?.subtle === undefined) this.#standing = "off";
  }

  /** Tabs whose notes may be gone on with, the latest first. */
  get left() {
    /** @type {Map<string, {id: string, saved: number, count: number}>} */
    const tabs = new Map();
    for (const { id, saved } of this.#left) {
      const tab = tabOf(id);
      const { saved: former = 0, count = 0 } = tabs.get(tab) ?? {};
      tabs.set(tab,
        { id: tab, saved: Math.max(former, saved), count: count + 1 });
    }
    return [...tabs.values()].sort((a, b) => b.saved - a.saved);
  }

  /** Whether closing the tab would lose something. */
  get risky() {
    if (this.#standing === "kept") return false;
    return [this.slot, ...this.#dirty.keys()]
      .some((slot) => this.#host.content(slot) !== null);
  }

  /**
   * Look for what is there.
   * @returns {Promise<string | null>} id of the draft that this tab was
   *   restarted to go on with
   */
  async start() {
    addEventListener("visibilitychange", () => {
      if (document.hidden) void this.flush();
    });
    addEventListener("beforeunload", (event) => {
      if (!this.risky) return;
      void this.flush();
      event.preventDefault();
    });
    if (globalThis.indexedDB === undefined) return null;
    void navigator.locks?.request(
      LOCK + this.#tab, () => new Promise(() => {})).catch(() => {});
    const next = sessionValue(NEXT);
    sessionValue(NEXT, null);
    try {
      const held = (await navigator.locks?.query())?.held ?? [];
      const names = new Set(held.map(({ name }) => name));
      for (const one of await all()) {
        if (Math.abs(Date.now() - one.saved) > LIFE_MS) await drop(one.id);
        else if (!names.has(LOCK + tabOf(one.id))) this.#left.push(one);
      }
    } catch {
      // Nothing can be read: saving will say so.
    }
    return this.#left.some(({ id }) => tabOf(id) === next) ? next : null;
  }

  /**
   * Follow a review, in what is decided and in what is seen.
   * @param {ScrubjayReview} element
   */
  watch(element) {
    for (const sign of ["sj-change", "keyup", "pointerup"])
      element.addEventListener(sign, () => this.see(element.session));
  }

  /** @param {object} review saved where it is another one */
  see(review) {
    if (this.#seen?.deref() === review) return;
    this.#seen = new WeakRef(review);
    this.touch();
  }

  /** A note has changed. @param {string} [slot] */
  touch(slot = this.slot) {
    this.#dirty.set(slot, ++this.#changes);
    if (this.#standing === "off") return;
    this.#set("changed");
    this.#later();
  }

  #later() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.flush(), SOON_MS);
  }

  /** Save now. @returns {Promise<boolean>} whether all is kept */
  flush() {
    clearTimeout(this.#soon);
    this.#work = this.#work.then(() => this.#save());
    return this.#work.then(() => this.#standing === "kept");
  }

  async #save() {
    if (this.#standing === "off" || this.#dirty.size === 0) return;
    try {
      for (const [slot, change] of [...this.#dirty])
        await this.#saveOne(slot, change);
      if (this.#dirty.size > 0) return this.#later();
      this.#settle();
      await this.#dropFormer();
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => void this.#remove("changed"), IDLE_MS);
    } catch (error) {
      const { name } = /** @type {DOMException} */ (error);
      this.#set(name === "QuotaExceededError" ? "FULL" : "REFUSED");
    }
  }

  /** @param {string} slot @param {number} change */
  async #saveOne(slot, change) {
    // It may have been forgotten while another one was saved.
    if (!this.#dirty.has(slot)) return;
    const content = this.#host.content(slot);
    const id = this.#idOf(slot);
    const before = this.#forgotten;
    if (content === null) {
      this.#keys.delete(slot);
      await drop(id);
    } else {
      const key = this.#keys.get(slot) ?? await makeKey();
      const sealed = await seal(id, key, content, Date.now());
      if (this.#forgotten !== before) return;
      this.#keys.set(slot, key);
      await put(sealed);
    }
    if (this.#dirty.get(slot) === change) this.#dirty.delete(slot);
  }

  /** A note is gone; so is its draft, and its key. @param {string} [slot] */
  forget(slot = this.slot) {
    const gone = this.#keys.delete(slot);
    this.#dirty.delete(slot);
    this.#forgotten += 1;
    if (this.#standing === "off") return Promise.resolve();
    this.#settle();
    if (this.#keys.size + this.#dirty.size === 0) return this.forgetAll();
    if (gone) this.#work = this.#work
      .then(() => drop(this.#idOf(slot))).catch(() => {});
    return this.#work;
  }

  /** All notes are gone. */
  forgetAll() {
    this.#dirty.clear();
    this.#forgotten += 1;
    return this.#remove("none");
  }

  /** @param {Standing} standing what it is then */
  #remove(standing) {
    clearTimeout(this.#soon);
    clearTimeout(this.#idle);
    if (this.#standing === "off") return Promise.resolve();
    const slots = new Set([this.slot, ...this.#keys.keys()]);
    this.#keys.clear();
    this.#forgotten += 1;
    if (standing !== "none")
      for (const slot of slots) this.#dirty.set(slot, ++this.#changes);
    this.#set(standing);
    this.#work = this.#work
      .then(() => Promise.all(
        [...slots].map((slot) => drop(this.#idOf(slot)))))
      .catch(() => {})
      .then(() => standing === "none" ? this.#dropFormer() : undefined);
    return this.#work;
  }

  async #dropFormer() {
    const ids = this.#former;
    this.#former = [];
    for (const id of ids) await drop(id).catch(() => {});
  }

  /**
   * Take over what another tab has left.
   * @param {string} tab
   * @returns {Promise<string[]>} what was kept of its notes, in order; none of
   *   those that cannot be read any more
   */
  async take(tab) {
    const all = this.#of(tab);
    const contents = [];
    for (const one of all) {
      const content = await unseal(one).catch(() => null);
      if (content !== null) contents.push(content);
      else await drop(one.id).catch(() => {});
    }
    this.#left = this.#left.filter((one) => !all.includes(one));
    this.#former = all.map(({ id }) => id);
    return contents;
  }

  /** @param {string} tab */
  async discard(tab) {
    const all = this.#of(tab);
    this.#left = this.#left.filter((one) => !all.includes(one));
    for (const { id } of all) await drop(id).catch(() => {});
  }

  /** What a tab has left, in its order. @param {string} tab */
  #of(tab) {
    return this.#left.filter(({ id }) => tabOf(id) === tab)
      .sort((a, b) => numberOf(a.id) - numberOf(b.id));
  }

  /** @param {string} slot */
  #idOf(slot) {
    return slot === "" ? this.#tab : `${this.#tab}.${slot}`;
  }

  #settle() {
    this.#set(this.#dirty.size > 0 ? "changed"
      : this.#keys.size > 0 ? "kept" : "none");
  }

  /**
   * Save, and have this tab go on with it once it is loaded again.
   * @returns {Promise<boolean>} whether it will
   */
  async handOver() {
    if (!await this.flush() && this.risky) return false;
    sessionValue(NEXT, this.#tab);
    return sessionValue(NEXT) === this.#tab;
  }

  /** @param {Words} words */
  show(words) {
    this.#words = words;
    const say = words.privacy.draft;
    const { label, select } = choice(say.label, Object.entries(say.choices),
      (value) => this.#choose(value));
    select.value = this.#standing === "off" ? "off" : "session";
    label.title = say.hint;
    if (window.top !== window) select.disabled = true;
    this.element.replaceChildren(label, this.#state);
    this.#draw();
  }

  /** @param {string} value */
  #choose(value) {
    storeDrafts(value === "off" ? "off" : "session");
    if (value === "off") {
      void this.#remove("changed").then(() => this.#dropFormer());
      return this.#set("off");
    }
    this.#set("none");
    for (const slot of this.#dirty.keys()) this.touch(slot);
  }

  /** @param {Standing} standing */
  #set(standing) {
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#draw();
    this.#host.changed(standing === "kept");
  }

  #draw() {
    const text = this.#words?.privacy.draft.states[this.#standing] ?? "";
    this.element.dataset["state"] = this.#standing;
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }
}

/** The tab that a draft is of. @param {string} id */
function tabOf(id) {
  return id.split(".")[0] ?? "";
}

/** Its place among those of its tab. @param {string} id */
function numberOf(id) {
  return Number(id.split(".")[1] ?? 0);
}

/**
 * Read a value of this tab, or write it; null removes it.
 * @param {string} name
 * @param {string | null} [value]
 */
function sessionValue(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else if (value !== undefined) sessionStorage.setItem(name, value);
    return sessionStorage.getItem(name);
  } catch {
    return null; // Storage may be refused; then nothing is gone on with.
  }
}
