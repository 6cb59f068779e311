// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// shield.js - keeps a note from being read in passing. While nobody sees the
// tab, it is covered, so that no picture of the window shows it; once nobody
// has touched the page for a while, or when asked to, it is locked until a
// person wants it back. It is a curtain, not a door: whoever sits at the
// machine may draw it.

import { button, el } from "../element/dom.js";
import { clearClipboard } from "../review/export.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Shield as State} from "../review/machine.js" */

/** How long a page that nobody touches shows its note. */
export const LOCK_MINUTES = 5;

/** What counts as a person being there. */
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];

/**
 * What the shield needs of the page.
 * @typedef {object} Host
 * @property {() => State} state
 * @property {() => boolean} note whether there is anything to hide
 * @property {(event: string) => boolean} go
 * @property {() => void} opened the note is to be seen, and is to have the
 *   focus
 * @property {() => void} wipe
 * @property {(words: string) => void} say
 * @property {(trouble: {code: string}) => void} refuse
 * @property {() => readonly HTMLElement[]} hides what lies behind it
 */

export class Shield {
  /** Lies over the note while it is locked: then it is what there is. */
  element = el("div", { class: "shield", attrs: { role: "main" } });
  /** The buttons that are at hand in every state. */
  tools = el("div", { class: "privacy", attrs: { role: "group" } });
  #host;
  #hide = button("", () => this.lock(), { class: "quiet" });
  #clear = button("", () => void this.#clearClipboard(), { class: "quiet" });
  /** @type {Words | null} */
  #words = null;
  #idle = false;
  /** When somebody was last there, by both clocks: one stands still while the
   * machine sleeps, the other may be set. */
  #seen = { ticks: performance.now(), time: Date.now() };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    this.tools.append(this.#hide, this.#clear);
  }

  /** Begin to watch. */
  start() {
    for (const sign of SIGNS)
      addEventListener(sign, () => this.#touch(), {
        capture: true, passive: true,
      });
    addEventListener("visibilitychange", () => {
      if (document.hidden) return this.#cover();
      this.#watch();
      if (this.#host.go("uncover")) this.#draw();
    });
    this.#watch();
  }

  /** @param {Words} words */
  show(words) {
    this.#words = words;
    this.tools.setAttribute("aria-label", words.privacy.tools);
    this.#hide.textContent = words.privacy.hide;
    this.#hide.title = words.privacy.hideHint;
    this.#clear.textContent = words.privacy.clear;
    this.#clear.title = words.privacy.clearHint;
    this.#draw();
  }

  /** There is a note now, or there is none any more. */
  update() {
    this.#draw();
  }

  /** @param {boolean} [idle] because nobody was there */
  lock(idle = false) {
    if (!this.#host.note() || !this.#host.go("lock")) return;
    this.#idle = idle;
    this.#draw();
    /** @type {HTMLElement | null} */
    (this.element.querySelector("button"))?.focus();
  }

  #cover() {
    if (this.#host.note() && this.#host.go("cover")) this.#draw();
  }

  #unlock() {
    if (!this.#host.go("unlock")) return;
    this.#draw();
    this.#host.opened();
  }

  #draw() {
    const state = this.#host.state();
    const locked = state === "locked";
    document.documentElement.dataset["shield"] = state;
    this.#hide.disabled = locked || !this.#host.note();
    this.element.hidden = !locked;
    for (const part of this.#host.hides()) {
      part.inert = locked;
      if (locked) closeDialogs(part);
    }
    if (!locked || !this.#words) return this.element.replaceChildren();
    const say = this.#words.privacy;
    this.element.setAttribute("aria-label", say.hidden);
    this.element.replaceChildren(
      el("h2", { text: say.hidden }),
      el("p", {
        class: "lead",
        text: this.#idle ? say.idle(LOCK_MINUTES) : say.asked,
      }),
      el("div", { class: "row" },
        button(say.show, () => this.#unlock(), { class: "primary" }),
        button(say.wipe, () => this.#host.wipe())),
    );
  }

  #touch() {
    // Who comes back late finds the note locked, and this was the first sign.
    this.#watch();
    if (this.#host.state() === "open") this.#mark();
  }

  #mark() {
    this.#seen = { ticks: performance.now(), time: Date.now() };
  }

  // Lock if it is time to, and look again when it may be.
  #watch() {
    clearTimeout(this.#timer);
    const { ticks, time } = this.#seen;
    const most = LOCK_MINUTES * 60_000;
    const gone = Math.max(performance.now() - ticks, Date.now() - time);
    if (gone >= most) {
      this.#mark();
      this.lock(true);
    }
    this.#timer = setTimeout(
      () => this.#watch(), gone >= most ? most : most - gone);
  }

  async #clearClipboard() {
    const say = this.#words?.privacy;
    try {
      await clearClipboard();
      if (say) this.#host.say(say.cleared);
    } catch {
      this.#host.refuse({ code: "CLIPBOARD_KEPT" });
    }
  }
}

/**
 * A dialog that is modal would keep the shield's own buttons from working.
 * @param {Element} part
 */
function closeDialogs(part) {
  const roots = [part, ...[...part.querySelectorAll("*")].flatMap((inner) =>
    inner.shadowRoot ?? [])];
  for (const root of roots)
    for (const dialog of root.querySelectorAll("dialog")) dialog.close();
}
