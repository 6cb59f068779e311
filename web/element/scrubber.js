// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// scrubber.js - the scrubbed text of a review, and whether it still is.

import { makeNote, toView } from "../review/note.js";
import { hiddenEntities } from "../review/session.js";

/** @import {Place} from "../../wasm/types.js" */
/** @import {Redactor} from "../redactor.js" */
/** @import {Note} from "../review/note.js" */
/** @import {Pair} from "./side-by-side.js" */
/** @import {Item, Review} from "../review/session.js" */

/**
 * @typedef {object} Output
 * @property {readonly Item[]} items the marks it was made of
 * @property {string} style
 * @property {string} text byte for byte what copy and download give
 * @property {readonly Place[]} map
 */

export class Scrubber {
  /** @type {Pick<Redactor, "redact"> | null} */
  redactor = null;
  style = "placeholder";
  allowPartial = false;
  /** What the text was read with. @type {{policy?: string, known?: object}} */
  read = {};
  busy = false;
  /** @type {Readonly<Output> | null} */
  output = null;
  #job = 0;
  /** @type {{output: Readonly<Output>, all: readonly Pair[]} | null} */
  #pairs = null;

  /** Forget the output, and the one that is being written. */
  clear() {
    this.output = null;
    this.#pairs = null;
    this.busy = false;
    this.#job += 1;
  }

  /**
   * Whether the output is of these marks and this style.
   *
   * @param {Readonly<Review>} review
   */
  isFresh(review) {
    return (
      this.output !== null &&
      this.output.items === review.items &&
      this.output.style === this.style
    );
  }

  /**
   * Have the text written. A later call overtakes an earlier one.
   *
   * @param {Readonly<Review>} review
   * @returns {Promise<boolean>} whether there is a new output
   * @throws what redact() throws, unless overtaken
   */
  async write(review) {
    if (!this.redactor) return false;
    const { style, allowPartial } = this;
    const job = ++this.#job;
    this.busy = true;
    try {
      const { text, map } = await this.redactor.redact(
        review.note.original,
        hiddenEntities(review),
        { ...this.read, style, allowPartial },
      );
      if (job !== this.#job) return false;
      this.output = Object.freeze({ items: review.items, style, text, map });
      return true;
    } catch (error) {
      if (job === this.#job) throw error;
      return false;
    } finally {
      if (job === this.#job) this.busy = false;
    }
  }

  /**
   * The places of the output, in offsets of what the two views show. Scrolling
   * asks for them in every frame: they are made once.
   *
   * @param {Readonly<Note>} note that it was made of
   * @returns {readonly Pair[]}
   */
  pairs(note) {
    const { output } = this;
    if (!output) return [];
    if (this.#pairs?.output === output) return this.#pairs.all;
    const out = makeNote(output.text);
    const all = output.map.map((place, i) => ({
      id: `o${i}`,
      start: toView(note, place.start),
      end: toView(note, place.end),
      outStart: toView(out, place.outStart),
      outEnd: toView(out, place.outEnd),
    }));
    this.#pairs = { output, all };
    return all;
  }

  /** The output as a view shows it: LF only, and its places as spans. */
  shown() {
    const note = makeNote(this.output?.text ?? "");
    const spans = (this.output?.map ?? []).map((place, i) => ({
      id: `o${i}`,
      start: toView(note, place.outStart),
      end: toView(note, place.outEnd),
      kind: place.label === "NAME" ? "PERSON" : place.label,
    }));
    return { text: note.text, spans };
  }
}
