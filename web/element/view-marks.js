// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// view-marks.js - a read-only text with marks, made of real text and real
// <mark> elements.
//
// The text is cut into blocks of about 8,000 characters that the browser need
// not lay out while they are out of sight, and only blocks whose marks moved
// are built again. The tag after a mark is generated content: it is read and
// printed, but it is no part of the text, of a selection or of a copy.

import { el } from "./dom.js";
import {
  offsetAtPoint,
  positionOf,
  readSelection,
  writeSelection,
} from "../review/select.js";

/**
 * @typedef {object} Span
 * @property {string} id
 * @property {number} start
 * @property {number} end
 */

/**
 * @typedef {object} Block
 * @property {HTMLElement} element
 * @property {number} start
 * @property {number} end
 * @property {readonly Span[]} spans those that lie in it, at least in part
 */

/**
 * How one span looks; spans are compared by identity, so it must depend on
 * nothing else than the span and the language.
 *
 * @typedef {(span: any) => {classes: string, tag: string}} Paint
 */

const BLOCK = 8000;

export class MarksView {
  /** @type {Block[]} */
  #blocks = [];
  #text = "";
  /** @type {Map<string, HTMLElement[]>} pieces by span id */
  #pieces = new Map();
  /** @type {string | null} */
  #current = null;
  /** @type {Paint} */
  #paint;

  /**
   * @param {string} label accessible name
   * @param {Paint} paint
   */
  constructor(label, paint) {
    this.#paint = paint;
    this.root = el("div", { class: "text", attrs: { dir: "auto" } });
    this.element = el(
      "div",
      {
        class: "view",
        attrs: { tabindex: "0", role: "region", "aria-label": label },
      },
      this.root,
    );
  }

  /** @param {string} text */
  setText(text) {
    this.#text = text;
    this.#pieces.clear();
    this.#current = null;
    this.#blocks = cut(text).map(([start, end]) => {
      const element = el("div", {
        class: "block",
        text: text.slice(start, end),
      });
      return { element, start, end, spans: [] };
    });
    this.root.replaceChildren(...this.#blocks.map((block) => block.element));
  }

  /**
   * Show these spans, ordered and apart; what did not change is not touched.
   *
   * @param {readonly Span[]} spans
   */
  setSpans(spans) {
    let first = 0;
    for (const block of this.#blocks) {
      while (first < spans.length && at(spans, first).end <= block.start)
        first++;
      let last = first;
      while (last < spans.length && at(spans, last).start < block.end) last++;
      this.#updateBlock(block, spans.slice(first, last));
    }
  }

  /**
   * Bring a span to the middle and mark it as the current one.
   *
   * @param {string | null} id
   * @param {boolean} scroll
   */
  reveal(id, scroll = true) {
    for (const piece of this.#piecesOf(this.#current))
      piece.classList.remove("current");
    this.#current = id;
    const pieces = this.#piecesOf(id);
    for (const piece of pieces) piece.classList.add("current");
    if (scroll) pieces[0]?.scrollIntoView({ block: "center" });
  }

  /** @param {string} id @returns {HTMLElement | undefined} */
  pieceOf(id) {
    return this.#piecesOf(id)[0];
  }

  focus() {
    this.element.focus({ preventScroll: true });
  }

  get text() {
    return this.#text;
  }

  /** @returns {import("../review/select.js").Blocks} */
  get blocks() {
    return { root: this.root, list: this.#blocks };
  }

  /** The selected stretch, or null. */
  selection() {
    return readSelection(this.blocks);
  }

  /** @param {number} anchor @param {number} head */
  select(anchor, head) {
    writeSelection(this.blocks, anchor, head);
  }

  /** Select a stretch, and bring it to the middle.
   * @param {number} start @param {number} end */
  show(start, end) {
    this.focus();
    this.select(start, end);
    // Once there, the blocks around it have their true heights.
    for (let i = 0; i < 2; i++) this.bring(start, this.element.clientHeight / 2);
  }

  /** @param {number} offset */
  positionOf(offset) {
    return positionOf(this.blocks, offset);
  }

  /**
   * The offset under a point of the screen; null where the text is not there.
   *
   * @param {number} x
   * @param {number} y
   */
  offsetAt(x, y) {
    return offsetAtPoint(this.blocks, x, y);
  }

  /**
   * Where a span begins and ends on the screen, its tag not counted; null
   * where it is not laid out.
   *
   * @param {string} id
   */
  edgesOf(id) {
    const pieces = this.#piecesOf(id);
    const first = pieces[0]?.firstChild;
    const last = pieces.at(-1)?.firstChild;
    const start = first && caretBox(first, 0);
    const end = last && caretBox(last, last.textContent?.length ?? 0);
    return start && end ? { start, end } : null;
  }

  /**
   * Scroll so that an offset stands this far below the top.
   *
   * @param {number} offset
   * @param {number} below
   */
  bring(offset, below) {
    const spot = this.positionOf(offset);
    const box = caretBox(spot.node, spot.offset);
    const top = this.element.getBoundingClientRect().top + below;
    if (box) this.element.scrollTop += (box.top + box.bottom) / 2 - top;
  }

  /**
   * The span that an event hit.
   *
   * @param {Event} event
   * @returns {string | null}
   */
  hit(event) {
    const target = event.composedPath()[0];
    const mark = target instanceof Element ? target.closest("mark") : null;
    return mark?.dataset["id"] ?? null;
  }

  destroy() {
    this.setText("");
    this.element.remove();
  }

  /** @param {string | null} id */
  #piecesOf(id) {
    return (id !== null && this.#pieces.get(id)) || [];
  }

  /** @param {Block} block @param {readonly Span[]} spans */
  #updateBlock(block, spans) {
    const former = block.spans;
    block.spans = spans;
    const samePlaces =
      former.length === spans.length &&
      former.every((span, i) => sameRange(span, at(spans, i)));
    if (!samePlaces) return this.#build(block, former);
    spans.forEach((span, i) => {
      if (span === former[i]) return;
      for (const piece of this.#piecesOf(span.id)) this.#dress(piece, span);
    });
  }

  /** @param {Block} block @param {readonly Span[]} former */
  #build(block, former) {
    for (const span of former) {
      const rest = this.#piecesOf(span.id).filter(
        (piece) => piece.parentNode !== block.element,
      );
      if (rest.length > 0) this.#pieces.set(span.id, rest);
      else this.#pieces.delete(span.id);
    }
    const parts = [];
    let from = block.start;
    for (const span of block.spans) {
      const start = Math.max(span.start, block.start);
      const end = Math.min(span.end, block.end);
      if (start > from) parts.push(this.#text.slice(from, start));
      const piece = el("mark", { text: this.#text.slice(start, end) });
      this.#dress(piece, span);
      this.#pieces.set(span.id, [...this.#piecesOf(span.id), piece]);
      parts.push(piece);
      from = end;
    }
    if (from < block.end) parts.push(this.#text.slice(from, block.end));
    block.element.replaceChildren(...parts);
  }

  /** @param {HTMLElement} piece @param {Span} span */
  #dress(piece, span) {
    const { classes, tag } = this.#paint(span);
    piece.className =
      span.id === this.#current ? `${classes} current` : classes;
    piece.dataset["id"] = span.id;
    piece.dataset["tag"] = tag;
  }
}

/**
 * The box of a caret there, without width.
 *
 * @param {Node} node
 * @param {number} offset
 * @returns {DOMRect | null}
 */
function caretBox(node, offset) {
  const range = document.createRange();
  range.setStart(node, offset);
  return range.getClientRects()[0] ?? null;
}

/** @param {Span} a @param {Span} b */
function sameRange(a, b) {
  return a.id === b.id && a.start === b.start && a.end === b.end;
}

/**
 * @param {readonly Span[]} spans
 * @param {number} index one that exists
 */
function at(spans, index) {
  return /** @type {Span} */ (spans[index]);
}

/**
 * Blocks end with a line where they can, else with a word.
 *
 * @param {string} text
 * @returns {[number, number][]}
 */
export function cut(text) {
  /** @type {[number, number][]} */
  const blocks = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + BLOCK, text.length);
    if (end < text.length) {
      const line = text.lastIndexOf("\n", end - 1) + 1;
      const word = text.lastIndexOf(" ", end - 1) + 1;
      if (line > start) end = line;
      else if (word > start) end = word;
      else if (/[\uDC00-\uDFFF]/u.test(text.charAt(end))) end += 1;
    }
    blocks.push([start, end]);
    start = end;
  }
  return blocks;
}
