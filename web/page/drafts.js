// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// drafts.js - keeps the note that is on the page, so that a tab that is closed
// loses nothing; and finds what a tab that is gone has left. Each tab holds a
// lock of its name while it lives: a draft whose name nobody holds is left.
//
// A draft ends with its note: when it is wiped or sent; when nobody has changed
// it for an hour while the tab is open; and twelve hours after it was saved.

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
 * How it stands with the note on the page: nothing is kept; it is as it was
 * saved; it has changed since; it could not be saved.
 * @typedef {"off" | "none" | "kept" | "changed" | "FULL" | "REFUSED"} Standing
 */

/**
 * @typedef {object} Host
 * @property {() => string | null} content what there is to keep; null for
 *   nothing
 * @property {(kept: boolean) => void} changed how it stands is another
 */

export class Drafts {
  /** Says how it stands, and lets one choose. */
  element = el("div", { class: "draft" });
  #host;
  #id = crypto.randomUUID();
  /** @type {CryptoKey | null} */
  #key = null;
  /** @type {Standing} */
  #standing = "none";
  /** Counts changes, so that a save knows whether it is the last one's. */
  #version = 0;
  /** @type {Promise<unknown>} one after the other */
  #work = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  /** @type {Stored[]} what tabs that are gone have left */
  #left = [];
  /** One of them that this tab went on with, until its own is saved. */
  #former = "";
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

  /** Drafts that may be gone on with, the latest first. */
  get left() {
    return this.#left.map(({ id, saved }) => ({ id, saved }));
  }

  /** Whether closing the tab would lose something. */
  get risky() {
    return this.#standing !== "kept" && this.#host.content() !== null;
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
      LOCK + this.#id, () => new Promise(() => {})).catch(() => {});
    const next = sessionValue(NEXT);
    sessionValue(NEXT, null);
    try {
      const held = (await navigator.locks?.query())?.held ?? [];
      const names = new Set(held.map(({ name }) => name));
      for (const one of await all()) {
        if (Math.abs(Date.now() - one.saved) > LIFE_MS) await drop(one.id);
        else if (!names.has(LOCK + one.id)) this.#left.push(one);
      }
      this.#left.sort((a, b) => b.saved - a.saved);
    } catch {
      // Nothing can be read: saving will say so.
    }
    return this.#left.some(({ id }) => id === next) ? next : null;
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

  /** The note has changed. */
  touch() {
    this.#version += 1;
    if (this.#standing === "off") return;
    this.#set("changed");
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.flush(), SOON_MS);
  }

  /** Save now. @returns {Promise<boolean>} whether it is kept */
  flush() {
    clearTimeout(this.#soon);
    const save = async () => {
      if (this.#standing === "off" || this.#standing === "kept") return;
      const content = this.#host.content();
      const version = this.#version;
      if (content === null) return;
      try {
        this.#key ??= await makeKey();
        await put(await seal(this.#id, this.#key, content, Date.now()));
        if (version === this.#version) this.#set("kept");
        await this.#dropFormer();
        clearTimeout(this.#idle);
        this.#idle = setTimeout(() => void this.#remove("changed"), IDLE_MS);
      } catch (error) {
        const { name } = /** @type {DOMException} */ (error);
        if (version === this.#version)
          this.#set(name === "QuotaExceededError" ? "FULL" : "REFUSED");
      }
    };
    this.#work = this.#work.then(save);
    return this.#work.then(() => this.#standing === "kept");
  }

  /** The note is gone; so is its draft, and its key. */
  forget() {
    this.#version += 1;
    return this.#remove("none");
  }

  /** @param {Standing} standing what it is then */
  #remove(standing) {
    clearTimeout(this.#soon);
    clearTimeout(this.#idle);
    if (this.#standing === "off") return Promise.resolve();
    this.#key = null;
    this.#set(standing);
    this.#work = this.#work.then(() => drop(this.#id)).catch(() => {})
      .then(() => standing === "none" ? this.#dropFormer() : undefined);
    return this.#work;
  }

  async #dropFormer() {
    const id = this.#former;
    this.#former = "";
    if (id !== "") await drop(id).catch(() => {});
  }

  /**
   * Take over what another tab has left.
   * @param {string} id
   * @returns {Promise<string | null>} null where it cannot be read any more
   */
  async take(id) {
    const one = this.#left.find((stored) => stored.id === id);
    if (!one) return null;
    const content = await unseal(one).catch(() => null);
    if (content === null) await this.discard(id);
    this.#left = this.#left.filter((stored) => stored.id !== id);
    this.#former = id;
    return content;
  }

  /** @param {string} id */
  async discard(id) {
    this.#left = this.#left.filter((stored) => stored.id !== id);
    await drop(id).catch(() => {});
  }

  /**
   * Save, and have this tab go on with it once it is loaded again.
   * @returns {Promise<boolean>} whether it will
   */
  async handOver() {
    if (!await this.flush()) return false;
    sessionValue(NEXT, this.#id);
    return sessionValue(NEXT) === this.#id;
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
      void this.#remove("none");
      return this.#set("off");
    }
    this.#set("none");
    if (this.#host.content() !== null) this.touch();
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
