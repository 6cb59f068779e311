// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// caret-mode.js - a caret in the read-only note, so that words can be selected
// with the keyboard alone.

import { moveCaret } from "../review/caret.js";

/** @import {Unit} from "../review/caret.js" */
/** @import {MarksView} from "./view-marks.js" */

/** @type {Readonly<Record<string, Unit>>} */
const KEYS = Object.freeze({
  ArrowLeft: "character",
  ArrowRight: "character",
  ArrowUp: "line",
  ArrowDown: "line",
  Home: "edge",
  End: "edge",
});

/** With Ctrl, the longer step. @type {Readonly<Record<string, Unit>>} */
const WIDE = Object.freeze({ character: "word", edge: "text" });

export class CaretMode {
  #anchor = 0;
  #head = 0;
  /** @type {MarksView} */
  #view;
  /** @type {HTMLElement} */
  #mark;

  /**
   * @param {MarksView} view
   * @param {HTMLElement} mark drawn where the caret is
   */
  constructor(view, mark) {
    this.#view = view;
    this.#mark = mark;
    this.on = false;
    mark.hidden = true;
    view.element.append(mark);
  }

  /** @param {number} at */
  start(at) {
    this.on = true;
    this.#view.focus();
    this.#place(at, at);
  }

  stop() {
    this.on = false;
    this.#mark.hidden = true;
  }

  /** Where it is. */
  get at() {
    return this.#head;
  }

  /** Select a stretch. @param {{start: number, end: number}} range */
  take(range) {
    this.#place(range.start, range.end);
  }

  /** Select nothing, and stay. */
  collapse() {
    if (this.on) this.#place(this.#head, this.#head);
  }

  /** Whether nothing is selected. */
  get empty() {
    return this.#anchor === this.#head;
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it moved the caret
   */
  move(event) {
    const unit = KEYS[event.key];
    if (!this.on || !unit || event.altKey) return false;
    const wide = event.ctrlKey || event.metaKey;
    const by = /Right|Down|End/u.test(event.key) ? 1 : -1;
    const used = (wide && WIDE[unit]) || unit;
    const head = moveCaret(this.#view.text, this.#head, used, by);
    this.#place(event.shiftKey ? this.#anchor : head, head);
    return true;
  }

  /** @param {number} anchor @param {number} head */
  #place(anchor, head) {
    this.#anchor = anchor;
    this.#head = head;
    const { element } = this.#view;
    this.#view.select(anchor, head);
    const spot = this.#view.positionOf(head);
    const range = document.createRange();
    range.setStart(spot.node, spot.offset);
    const view = element.getBoundingClientRect();
    const box = range.getClientRects()[0] ?? view;
    const { style } = this.#mark;
    style.left = `${box.left - view.left + element.scrollLeft}px`;
    style.top = `${box.top - view.top + element.scrollTop}px`;
    style.height = `${Math.min(box.height || 20, 40)}px`;
    this.#mark.hidden = this.#view.text === "";
    this.#mark.scrollIntoView({ block: "nearest" });
  }
}
