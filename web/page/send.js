// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// send.js - the page's side of sending: fetches what does it when it is first
// wanted, and lets it say how far the note is.

import { el } from "../element/dom.js";
import { makeBanner } from "./parts.js";
import { siteServer } from "./settings.js";

/** @import {Sending} from "../send/index.js" */
/** @import {Outcome} from "../send/parts.js" */
/** @import {ToSubmit} from "../vault/submission.js" */

/**
 * @typedef {object} Host
 * @property {(event: string) => boolean} go
 * @property {() => void} show the page, with its focus
 * @property {() => void} fresh a new note, or the next one
 * @property {() => boolean} line whether this note is one of several
 * @property {(outcome: Outcome) => void} arrived of another note than this one
 * @property {() => string} language
 * @property {(trouble: {code: string}) => void} refuse
 * @property {HTMLElement} main
 */

/** Whether this site was built for a server. */
export function hasServer() {
  return siteServer().to !== "";
}

export class SendDoor {
  #host;
  /** @type {Sending | null} */
  #sending = null;
  #none = el("section");

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  get element() {
    return this.#sending?.element ?? this.#none;
  }

  /** @param {ToSubmit} what */
  async begin(what) {
    const {
      go, show, fresh, line, arrived, language, refuse,
    } = this.#host;
    if (!this.#sending) {
      try {
        const { Sending } = await import("../send/index.js");
        this.#sending = new Sending({
          tell: (event, text) => this.#tell(event, text),
          fresh, line, arrived });
      } catch {
        return refuse({ code: "LOAD" });
      }
    }
    if (!go("submit")) return;
    this.#sending.speak(language());
    show();
    await this.#sending.begin(what);
  }

  /** @param {string} language */
  speak(language) {
    this.#sending?.speak(language);
  }

  clear() {
    this.#sending?.clear();
  }

  /** How the sending of this note stands, to be put away with it. */
  get held() {
    return this.#sending?.outcome ?? null;
  }

  set held(outcome) {
    if (this.#sending) this.#sending.outcome = outcome;
  }

  lock() {
    this.#sending?.lock();
  }

  /** @param {string} event @param {string} text */
  #tell(event, text) {
    const { go, show, main } = this.#host;
    if (!go(event) || event === "acknowledge" || event === "keep") return;
    show();
    if (text) main.prepend(makeBanner(text, { bad: true }));
  }
}
