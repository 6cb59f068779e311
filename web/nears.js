// SPDX-License-Identifier: Apache-2.0
//
// nears.js - what came close to being hidden in a text, as the numbers that the
// worker sent. There may be thousands, of which few are ever looked at: each is
// made when it is asked for.

/** @import {Near} from "./types.js" */

/** Numbers of one: start, end, label, role, thousandths. */
const COLS = 5;

export class Nears {
  #rows;
  #labels;
  #roles;

  /**
   * @param {Int32Array} rows
   * @param {readonly string[]} [labels] by number
   * @param {readonly string[]} [roles]
   */
  constructor(rows, labels = [], roles = []) {
    this.#rows = rows;
    this.#labels = labels;
    this.#roles = roles;
  }

  get length() {
    return this.#rows.length / COLS;
  }

  /** @param {number} index @returns {Near | undefined} */
  at(index) {
    if (index < 0 || index >= this.length) return undefined;
    const [start = 0, end = 0, label = 0, role = 0, score = 0] =
      this.#rows.subarray(index * COLS, (index + 1) * COLS);
    return {
      start, end, label: this.#labels[label] ?? "ID",
      role: this.#roles[role] ?? "", score: score / 1000,
    };
  }

  /** @returns {Generator<Near>} in order of the text */
  *[Symbol.iterator]() {
    for (let i = 0; i < this.length; i++) yield /** @type {Near} */ (this.at(i));
  }
}
