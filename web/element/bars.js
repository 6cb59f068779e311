// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// bars.js - the two bars of the review: view and history above, the way
// through the findings and the ways out below.

import { KINDS } from "../review/kinds.js";
import { countsOf } from "../review/session.js";
import { occurrences } from "../review/occurrences.js";
import { kindWords } from "../i18n/words.js";
import { button, choice, el, fillChoice } from "./dom.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Reach} from "../review/occurrences.js" */
/** @import {Review} from "../review/session.js" */

/** @typedef {"original" | "scrubbed" | "both"} View */

/**
 * @typedef {object} Shown
 * @property {Readonly<Review>} review
 * @property {View} view
 * @property {boolean} fresh the output is of these marks
 * @property {boolean} busy the output is being written
 */

/** Selections longer than this are offered for their own place only. */
const LONGEST = 200;

export class Bars {
  /** @type {Words} */
  #words;
  /** @type {Record<View, HTMLButtonElement>} */
  #views;
  #asked = "";

  /**
   * @param {Words} words
   * @param {(command: string) => void} run
   * @param {string} style
   */
  constructor(words, run, style) {
    this.#words = words;
    const say = words.review;
    const view = (/** @type {View} */ name) =>
      button(say.views[name], () => run(`view:${name}`));
    this.#views = {
      original: view("original"),
      scrubbed: view("scrubbed"),
      both: view("both"),
    };
    this.undo = withIcon("↶", say.undo, () => run("undo"));
    this.redo = withIcon("↷", say.redo, () => run("redo"));
    this.top = el(
      "div",
      { class: "bar top", attrs: { role: "group", "aria-label": say.toolbar } },
      el(
        "div",
        {
          class: "switch",
          attrs: { role: "group", "aria-label": say.viewLabel },
        },
        ...Object.values(this.#views),
      ),
      this.undo,
      this.redo,
      button(say.help, () => run("help"), { class: "quiet help-button" }),
      el("span", { class: "grow" }),
      el("slot", { attrs: { name: "actions" } }),
    );
    this.doubts = el("span", { class: "doubts" });
    this.previous = button("←", () => run("previousDoubt"), {
      attrs: { "aria-label": say.previousDoubt, title: say.previousDoubt },
    });
    this.next = button(say.nextDoubt, () => run("nextDoubt"));
    this.sheet = button("", () => run("sheet"), { class: "sheet-button" });
    this.picked = el("bdi", { class: "picked" });
    this.kind = choice(
      say.as,
      KINDS.map((k) => [k.key, kindWords(words, k.key).name]),
      () => {},
    );
    this.reach = choice(say.reach, [["here", say.reaches.here]], () => {});
    this.hint = el("p", { class: "hint", text: say.selectHint });
    // It lies over the foot of the note: what is below it never moves.
    this.adder = this.#makeAdder(run);
    this.style = choice(say.style, Object.entries(say.styles), () =>
      run("style"),
    );
    this.style.select.value = style;
    this.apply = button(say.apply, () => run("apply"), { class: "primary" });
    this.copy = button(say.copy, () => run("copy"));
    this.download = button(say.download, () => run("download"));
    this.bottom = el(
      "div",
      {
        class: "bar bottom",
        attrs: { role: "group", "aria-label": say.actions },
      },
      el(
        "div",
        { class: "walk" },
        this.previous,
        this.next,
        this.doubts,
        this.sheet,
      ),
      this.hint,
      el(
        "div",
        { class: "out" },
        this.style.label,
        this.apply,
        this.copy,
        this.download,
      ),
    );
  }

  /** @param {(command: string) => void} run */
  #makeAdder(run) {
    const say = this.#words.review;
    const adder = el(
      "div",
      { class: "adder" },
      el("span", { class: "selected", text: say.selected }),
      this.picked,
      this.kind.label,
      this.reach.label,
      button(say.add, () => run("add"), { class: "primary" }),
      button("×", () => run("clear"), {
        class: "quiet",
        attrs: { "aria-label": say.clear, title: say.clear },
      }),
    );
    adder.hidden = true;
    return adder;
  }

  /** @param {Shown} shown */
  update({ review, view, fresh, busy }) {
    const say = this.#words.review;
    for (const [name, made] of Object.entries(this.#views))
      made.setAttribute("aria-pressed", String(name === view));
    this.undo.disabled = review.past.length === 0;
    this.redo.disabled = review.future.length === 0;
    const counts = countsOf(review);
    this.doubts.textContent =
      counts.uncertain === 0
        ? say.noDoubt
        : say.doubts(counts.seen, counts.uncertain);
    this.previous.disabled = counts.uncertain === 0;
    this.next.disabled = counts.uncertain === 0;
    this.sheet.textContent = say.sheet(counts.all);
    this.apply.textContent = fresh ? say.applied : say.apply;
    this.apply.classList.toggle("done", fresh);
    this.apply.setAttribute("aria-busy", String(busy));
    for (const made of [this.copy, this.download]) {
      made.disabled = !fresh;
      made.title = fresh ? "" : say.stale;
    }
    this.#updateAdder(review);
  }

  /** @param {Readonly<Review>} review */
  #updateAdder(review) {
    const range = review.selection;
    const shown = range !== null;
    this.adder.hidden = !shown;
    this.hint.hidden = shown;
    const asked = range ? `${range.start}-${range.end}` : "";
    if (asked === this.#asked) return;
    this.#asked = asked;
    if (!range) return;
    const { text } = review.note;
    const words = text.slice(range.start, range.end);
    this.picked.textContent =
      words.length > 60 ? `${words.slice(0, 40)}…${words.slice(-15)}` : words;
    const { reaches } = this.#words.review;
    /** @type {[string, string][]} */
    const options = [["here", reaches.here]];
    if (words.length <= LONGEST)
      for (const reach of /** @type {const} */ (["word", "exact", "case"])) {
        const found = occurrences(text, range, reach).length;
        if (found > 1) options.push([reach, reaches[reach](found)]);
      }
    this.reach.select.value = "here";
    fillChoice(this.reach.select, options);
    this.reach.select.value = "here";
    this.reach.label.hidden = options.length === 1;
  }

  /** The next of the ways to take in other places, in words; "" for none. */
  nextReach() {
    const { select } = this.reach;
    if (this.adder.hidden || select.options.length < 2) return "";
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    return select.selectedOptions[0]?.text ?? "";
  }

  /** What the person chose for the selection.
   * @returns {{kind: string, reach: Reach}} */
  get chosen() {
    return {
      kind: this.kind.select.value,
      reach: /** @type {Reach} */ (this.reach.select.value),
    };
  }
}

/**
 * A button that narrow screens show by its sign alone.
 *
 * @param {string} icon
 * @param {string} text
 * @param {() => void} press
 */
function withIcon(icon, text, press) {
  const made = button("", press, { class: "quiet", attrs: { title: text } });
  made.append(
    el("span", { class: "icon", text: icon, attrs: { "aria-hidden": "true" } }),
    el("span", { class: "long", text }),
  );
  return made;
}
