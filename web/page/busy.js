// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// busy.js - what is shown while a note is read: how far that is, or the model
// that it waits for, and how much the rules have found so far.

import { button, el } from "../element/dom.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Progress} from "../types.js" */
/** @import {Engine} from "./engine.js" */

export class Busy {
  #words;
  #engine;
  #title = el("h2");
  #bar;
  #step = el("p", { class: "lead" });
  #found = el("p", { class: "lead found" });
  element;

  /** @param {Words} words @param {Engine} engine @param {() => void} cancel */
  constructor(words, engine, cancel) {
    this.#words = words;
    this.#engine = engine;
    this.#bar = el("progress", {
      attrs: { "aria-label": words.status.detecting },
    });
    this.element = el(
      "div",
      { class: "busy" },
      this.#title,
      this.#bar,
      this.#step,
      this.#found,
      button(words.status.cancel, cancel),
    );
  }

  /** @param {string} state of the page */
  draw(state) {
    const { status } = this.#words;
    const { loading } = this.#engine;
    if (!loading) {
      this.#title.textContent =
        state === "loading" ? status.loading : status.detecting;
      this.#step.textContent = "";
      return;
    }
    const { phase, done, total } = loading;
    this.#title.textContent = status.model;
    this.#step.textContent = this.#engine.say(this.#words);
    if (phase === "download") {
      this.#bar.max = total;
      this.#bar.value = done;
    } else this.#bar.removeAttribute("value");
  }

  /** How far the model is with the note. @param {Progress} news */
  progress({ phase, done, total }) {
    if (this.#engine.loading || phase !== "model") return;
    this.#bar.max = total;
    this.#bar.value = done;
    this.#step.textContent = this.#words.status.windows(done, total);
  }

  /** Lie over what the rules have found. @param {number} count of it */
  over(count) {
    this.element.classList.add("over");
    this.#found.textContent = this.#words.status.soFar(count);
  }
}
