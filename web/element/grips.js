// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// grips.js - two handles at the edges of the current finding, for a mouse, a
// pen or a finger. (With the keyboard: Shift and arrows.)
//
// While a grip is dragged the host shows where the edge would be; only letting
// go makes it a step of the history, so that one drag is one undo. An edge
// rests between words; with Alt, between characters.

import { wordAt } from "../review/caret.js";
import { trimRange } from "../review/occurrences.js";
import { el } from "./dom.js";

/** @import {Range} from "../review/occurrences.js" */
/** @import {MarksView, Span} from "./view-marks.js" */

/** @typedef {"start" | "end"} Side */

/**
 * @typedef {object} GripHost
 * @property {(id: string, range: Range | null) => boolean} show what the
 *   finding would cover, null for what it does; false where it may not
 * @property {(id: string, range: Range) => void} move
 */

/**
 * @typedef {object} Drag
 * @property {Span} span
 * @property {Side} side
 * @property {number} dx from the edge to the pointer
 * @property {number} dy
 * @property {Range | null} to
 */

export class Grips {
  /** @type {MarksView} */
  #view;
  /** @type {GripHost} */
  #host;
  /** @type {Span | null} */
  #span = null;
  /** @type {Drag | null} */
  #drag = null;
  #waiting = false;

  /** @param {MarksView} view @param {GripHost} host */
  constructor(view, host) {
    this.#view = view;
    this.#host = host;
    this.start = this.#make("start");
    this.end = this.#make("end");
    view.element.append(this.start, this.end);
    // Blocks that come into sight may move what is below them.
    new ResizeObserver(() => this.#later()).observe(view.root);
  }

  /** Put them to a finding; null hides them. @param {Span | null} span */
  update(span) {
    if (this.#drag) return;
    this.#span = span;
    if (span) this.#later();
    else this.#hide(true);
  }

  /** Give up a drag. @returns {boolean} whether there was one */
  cancel() {
    const drag = this.#drag;
    if (!drag) return false;
    this.#drag = null;
    this.#dragging(false);
    this.#host.show(drag.span.id, null);
    this.#later();
    return true;
  }

  /** @param {Side} side */
  #make(side) {
    const grip = el("span", {
      class: `grip ${side}`,
      attrs: { "aria-hidden": "true" },
      on: {
        pointerdown: (/** @type {PointerEvent} */ e) =>
          this.#begin(e, side, grip),
        pointermove: (/** @type {PointerEvent} */ e) => this.#move(e),
        pointerup: () => this.#finish(),
        pointercancel: () => this.cancel(),
        click: (/** @type {MouseEvent} */ e) => e.stopPropagation(),
      },
    });
    grip.hidden = true;
    return grip;
  }

  /** @param {boolean} hidden */
  #hide(hidden) {
    this.start.hidden = hidden;
    this.end.hidden = hidden;
  }

  // Measuring makes the browser lay out: once a frame, after the marks.
  #later() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#place();
    });
  }

  #place() {
    const edges = this.#span && this.#view.edgesOf(this.#span.id);
    this.#hide(!edges);
    if (!edges) return;
    const { element } = this.#view;
    const view = element.getBoundingClientRect();
    for (const side of /** @type {const} */ (["start", "end"])) {
      const box = edges[side];
      const { style } = this[side];
      style.left = `${box.left - view.left + element.scrollLeft}px`;
      style.top = `${box.bottom - view.top + element.scrollTop}px`;
      style.setProperty("--tall", `${box.height}px`);
    }
  }

  /**
   * @param {PointerEvent} event
   * @param {Side} side
   * @param {HTMLElement} grip
   */
  #begin(event, side, grip) {
    const box = this.#span && this.#view.edgesOf(this.#span.id)?.[side];
    if (!this.#span || !box || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    grip.setPointerCapture(event.pointerId);
    this.#drag = {
      span: this.#span,
      side,
      dx: event.clientX - box.left,
      dy: event.clientY - (box.top + box.bottom) / 2,
      to: null,
    };
    this.#dragging(true);
  }

  // Grips under the pointer would hide the text from the browser's answer.
  /** @param {boolean} on */
  #dragging(on) {
    this.#view.element.classList.toggle("dragging", on);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (!drag) return;
    const x = event.clientX - drag.dx;
    const y = event.clientY - drag.dy;
    const at = this.#view.offsetAt(x, y);
    if (at === null) return;
    const { start, end } = drag.span;
    const edge = event.altKey ? at : snap(this.#view.text, at);
    const to = trimRange(
      this.#view.text,
      drag.side === "start" ? { start: edge, end } : { start, end: edge },
    );
    if (!to || !this.#host.show(drag.span.id, to)) return;
    drag.to = to;
    this.#later();
  }

  #finish() {
    const drag = this.#drag;
    if (!drag) return;
    this.#drag = null;
    this.#dragging(false);
    const { id, start, end } = drag.span;
    if (drag.to && (drag.to.start !== start || drag.to.end !== end))
      this.#host.move(id, drag.to);
    this.#later();
  }
}

/**
 * The nearer edge of the word that an offset lies in.
 *
 * @param {string} text
 * @param {number} at
 */
export function snap(text, at) {
  const word = wordAt(text, at);
  if (!word) return at;
  return at - word.start < word.end - at ? word.start : word.end;
}
