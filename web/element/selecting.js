// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// selecting.js - from selected words, or a caret among them, to a finding that
// a person adds.

import { wordAt } from "../review/caret.js";
import { occurrences, trimRange } from "../review/occurrences.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Action, Review} from "../review/session.js" */
/** @import {Bars} from "./bars.js" */
/** @import {CaretMode} from "./caret-mode.js" */
/** @import {MarksView} from "./view-marks.js" */

/**
 * @typedef {object} SelectHost
 * @property {Words} words
 * @property {() => Readonly<Review>} review
 * @property {(action: Action) => void} act
 * @property {(news: string) => void} announce
 * @property {() => boolean} seen whether the note is in sight
 */

export class Selecting {
  #host;
  #note;
  #bars;
  #caret;

  /**
   * @param {{note: MarksView, bars: Bars, caret: CaretMode}} parts
   * @param {SelectHost} host
   */
  constructor({ note, bars, caret }, host) {
    this.#note = note;
    this.#bars = bars;
    this.#caret = caret;
    this.#host = host;
  }

  /** Take over what the browser has selected. */
  read() {
    if (!this.#host.seen()) return;
    const { note, selection } = this.#host.review();
    const range = trimRange(note.text, this.#note.selection());
    if (
      !range ||
      (selection?.start === range.start && selection.end === range.end)
    )
      return;
    this.#host.act({ type: "select", range });
  }

  add() {
    const { words, review, act, announce } = this.#host;
    this.read(); // The browser tells of selections a little late.
    const range = review().selection ?? this.#caretWord();
    if (!range) return announce(words.review.selectHint);
    const { kind, reach } = this.#bars.chosen;
    const ranges = occurrences(review().note.text, range, reach);
    act({ type: "add", ranges, kind });
    this.clear();
    this.#note.focus();
  }

  // How many places would be hidden is said before any of them is.
  widen() {
    const { words, review, announce } = this.#host;
    const word = this.#caretWord();
    if (!review().selection && word) {
      this.#caret.take(word);
      this.read();
    }
    if (!review().selection) return announce(words.review.selectHint);
    announce(this.#bars.nextReach() || words.say.onlyHere);
  }

  clear() {
    document.getSelection()?.removeAllRanges();
    this.#host.act({ type: "select", range: null });
    this.#caret.collapse();
  }

  /** @param {number} at where a caret begins */
  startCaret(at) {
    this.#caret.start(this.#host.review().selection?.start ?? at);
    this.#host.announce(this.#host.words.say.caretOn);
  }

  endCaret() {
    this.#caret.stop();
    this.#host.announce(this.#host.words.say.caretOff);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was taken */
  key(event) {
    if (!this.#caret.on) return false;
    if (event.key === "Enter" && !event.ctrlKey) {
      this.add();
      return true;
    }
    if (!this.#caret.move(event)) return false;
    this.read();
    if (this.#caret.empty && this.#host.review().selection)
      this.#host.act({ type: "select", range: null });
    return true;
  }

  /** The word that the caret is at, where there is a caret. */
  #caretWord() {
    const { text } = this.#host.review().note;
    return this.#caret.on ? wordAt(text, this.#caret.at) : null;
  }
}
