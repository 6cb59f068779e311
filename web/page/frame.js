// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// frame.js - what stands around the note in every state: header, footer, the
// chosen language and theme, and the line that says what happened.

import { el } from "../element/dom.js";
import { learn, wordsFor } from "../i18n/words.js";
import { makeFooter, makeHeader } from "./parts.js";
import {
  storedTheme, storedWords, storeLanguage, storeTheme,
} from "./settings.js";

/** @import {Language} from "../i18n/words.js" */
/** @import {EngineInfo} from "../types.js" */
/** @import {Theme} from "./settings.js" */

/** How long what was said stays to be read. */
const SHOWN_MS = 2500;

/**
 * @typedef {object} FrameHost
 * @property {() => void} changed the words are others
 * @property {() => void} focus the note is to have the focus
 * @property {() => EngineInfo | null} engine
 * @property {() => {tools: Node, beside: Node[], over: Node[],
 *   footer: Node[]}} parts what else stands in the header, beside the note,
 *   over it, and in the footer
 */

export class Frame {
  words = storedWords();
  main = el("main", { attrs: { id: "main", tabindex: "-1" } });
  #theme = storedTheme();
  #live = el("div", { class: "live", attrs: { role: "status" } });
  #footer = el("footer");
  #host;

  /** @param {FrameHost} host */
  constructor(host) {
    this.#host = host;
  }

  /** All of it, anew with the language. */
  draw() {
    const { words } = this;
    document.documentElement.lang = words.code;
    document.documentElement.dataset["theme"] = this.#theme;
    const header = makeHeader(words, this.#theme, {
      language: (code) =>
        void this.#setLanguage(/** @type {Language} */ (code)),
      theme: (theme) => this.#setTheme(theme),
    });
    const { tools, beside, over } = this.#host.parts();
    header.querySelector(".settings")?.before(tools);
    const skip = el("a", {
      class: "skip",
      text: words.page.skip,
      attrs: { href: "#main" },
      on: {
        click: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#host.focus();
        },
      },
    });
    document.body.replaceChildren(
      skip, header, ...beside, this.main, this.#footer, this.#live, ...over);
    this.drawFooter();
  }

  /** The engine is another. */
  drawFooter() {
    const footer = makeFooter(this.words, this.#host.engine());
    footer.append(...this.#host.parts().footer);
    this.#footer.replaceWith(footer);
    this.#footer = footer;
  }

  /** @param {string} words @param {boolean} [show] also to the eye */
  say(words, show = false) {
    this.#live.textContent = words;
    this.#live.classList.toggle("shown", show);
    if (show)
      setTimeout(() => this.#live.classList.remove("shown"), SHOWN_MS);
  }

  // Where its words cannot be had, the former language stays.
  /** @param {Language} code */
  async #setLanguage(code) {
    try {
      await learn(code);
      storeLanguage(code);
      this.words = wordsFor([code]);
    } catch {
      this.say(this.words.page.noLanguage, true);
    }
    this.#host.changed();
    /** @type {HTMLElement | null} */ (
      document.querySelector(".settings select")
    )?.focus();
  }

  /** @param {Theme} theme */
  #setTheme(theme) {
    storeTheme(theme);
    this.#theme = theme;
    document.documentElement.dataset["theme"] = theme;
  }
}
