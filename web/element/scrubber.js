// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// scrubber.js - the scrubbed text of a review, and whether it still is.

import { makeNote, toView } from "../review/note.js";
import { hiddenEntities } from "../review/session.js";

/** @import {Place} from "../../wasm/types.js" */
/** @import {Redactor} from "../redactor.js" */
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
  busy = false;
  /** @type {Readonly<Output> | null} */
  output = null;
  #job = 0;

  /** Forget the output, and the one that is being written. */
  clear() {
    this.output = null;
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
        { style, allowPartial },
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
