// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// side-by-side.js - keeps the same words of the original and of the scrubbed
// text at the same height, by the places where one became the other.

/** @import {MarksView} from "./view-marks.js" */

/**
 * One place in both texts, in offsets of what the two views show.
 *
 * @typedef {object} Pair
 * @property {string} id of the place in the scrubbed text's view
 * @property {number} start
 * @property {number} end
 * @property {number} outStart
 * @property {number} outEnd
 */

/** How far below the top of a pane the line is that both agree on. */
const TOP = 28;

export class SideBySide {
  /** @type {MarksView} */
  #note;
  /** @type {MarksView} */
  #scrubbed;
  /** @type {() => readonly Pair[]} */
  #pairs;
  #on = false;
  /** @type {MarksView} the one that the person scrolls */
  #leader;
  /** Where the follower was put: its own scroll events say that much. */
  #put = -1;
  #waiting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {MarksView} note
   * @param {MarksView} scrubbed
   * @param {() => readonly Pair[]} pairs in order of the text
   */
  constructor(note, scrubbed, pairs) {
    this.#note = note;
    this.#leader = note;
    this.#scrubbed = scrubbed;
    this.#pairs = pairs;
    for (const view of [note, scrubbed])
      view.element.addEventListener("scroll", () => this.#onScroll(view), {
        passive: true,
      });
  }

  /** @param {boolean} on whether both are in sight */
  set on(on) {
    if (on && !this.#on) this.#led(this.#note);
    this.#on = on;
  }

  /** @param {MarksView} view */
  #onScroll(view) {
    if (!this.#on) return;
    const echo = Math.abs(view.element.scrollTop - this.#put) <= 1;
    if (view !== this.#leader && echo) return;
    this.#led(view);
  }

  // Once a frame, and once more when all is still: blocks that came into sight
  // may have other heights than were reserved for them.
  /** @param {MarksView} view */
  #led(view) {
    this.#leader = view;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#follow(), 150);
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#follow();
    });
  }

  #follow() {
    const from = this.#leader;
    if (!this.#on) return;
    const to = from === this.#note ? this.#scrubbed : this.#note;
    if (from.element.scrollTop <= 1) to.element.scrollTop = 0;
    else {
      const box = from.element.getBoundingClientRect();
      const at = from.offsetAt(box.left + 32, box.top + TOP);
      if (at === null) return;
      to.bring(otherSide(this.#pairs(), at, from === this.#note), TOP);
    }
    this.#put = to.element.scrollTop;
  }
}

/**
 * Where an offset of one text lies in the other. What lies within a place goes
 * to its start.
 *
 * @param {readonly Pair[]} pairs in order
 * @param {number} at
 * @param {boolean} forth from the original to the scrubbed text
 */
export function otherSide(pairs, at, forth) {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const pair = /** @type {Pair} */ (pairs[middle]);
    if ((forth ? pair.start : pair.outStart) <= at) low = middle + 1;
    else high = middle;
  }
  const pair = pairs[low - 1];
  if (!pair) return at;
  const [end, start, behind] = forth
    ? [pair.end, pair.outStart, pair.outEnd]
    : [pair.outEnd, pair.start, pair.end];
  return at < end ? start : behind + at - end;
}
