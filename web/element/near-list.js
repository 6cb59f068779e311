// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// near-list.js - below the findings, what came close to being one: unticked,
// and folded away until somebody wants to look.

import { kindByKey } from "../review/kinds.js";
import { isGrouped, suggestions } from "../review/near.js";
import { kindWords } from "../i18n/words.js";
import { button, el } from "./dom.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Suggestion} from "../review/near.js" */
/** @import {Action, Review} from "../review/session.js" */

/**
 * @typedef {object} NearHost
 * @property {(action: Action) => void} act
 * @property {(place: {start: number, end: number}) => void} show
 * @property {(command: string) => void} run
 */

/** @param {() => void} work */
function idle(work) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 500 });
  else setTimeout(work, 100);
}

export class NearList {
  #words;
  #host;
  /** @type {readonly Suggestion[]} */
  #shown = [];
  /** @type {Readonly<Review> | null} */
  #review = null;
  /** Which place of a suggestion was shown last. @type {Map<string, number>} */
  #at = new Map();

  /** @param {Words} words @param {NearHost} host */
  constructor(words, host) {
    this.#words = words;
    this.#host = host;
    this.summary = el("summary");
    this.rows = el("ul", { class: "rows" });
    this.element = el(
      "details",
      { class: "near" },
      this.summary,
      el("p", { class: "note", text: words.review.nearHint }),
      this.rows,
    );
    this.element.hidden = true;
  }

  // Those of a new scan come once the note is on the screen.
  /** @param {Readonly<Review>} review */
  update(review) {
    const waits = !isGrouped(review);
    const begun = this.#review !== null;
    this.#review = waits ? review : null;
    if (!waits) return this.#draw(suggestions(review));
    this.#draw([]);
    if (!begun) idle(() => {
      const late = this.#review;
      this.#review = null;
      if (late) this.#draw(suggestions(late));
    });
  }

  /** @param {readonly Suggestion[]} all */
  #draw(all) {
    const former = this.#shown;
    if (all.length === former.length && all.every((one, i) => one === former[i]))
      return;
    this.#shown = all;
    this.element.hidden = all.length === 0;
    this.summary.textContent = this.#words.review.near(all.length);
    this.rows.setAttribute("aria-label", this.summary.textContent);
    this.rows.replaceChildren(...all.map((one) => this.#row(one)));
  }

  /** @param {Suggestion} one */
  #row(one) {
    const say = this.#words.review;
    const { tag, name } = kindWords(this.#words, one.kind);
    const box = el("input", {
      attrs: { type: "checkbox", "aria-label": say.hide(name, one.words) },
      on: {
        change: () => this.#hide(one),
      },
    });
    const go = button("", () => this.#go(one), { class: "name" });
    go.append(el("bdi", { text: one.words }));
    const times = el("span", {
      class: "times",
      text: say.times(one.items.length),
      attrs: { title: say.timesLong(one.items.length) },
    });
    return el(
      "li",
      { class: "kept" },
      box,
      el("span", { class: `swatch ${kindByKey(one.kind).colour}`, text: tag }),
      go,
      el("span", { class: "notes" }, times),
    );
  }

  // Its row goes away, and the focus must not go with it.
  /** @param {Suggestion} one */
  #hide({ items, kind }) {
    const ranges = items.map(({ start, end }) => ({ start, end }));
    this.#host.act({ type: "add", ranges, kind });
    if (this.element.hidden) this.#host.run("escape");
    else this.summary.focus();
  }

  // One place after another.
  /** @param {Suggestion} one */
  #go({ key, items }) {
    const at = ((this.#at.get(key) ?? -1) + 1) % items.length;
    this.#at.set(key, at);
    const item = items[at];
    if (item) this.#host.show({ start: item.start, end: item.end });
  }
}
