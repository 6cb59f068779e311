// SPDX-License-Identifier: Apache-2.0
//
// tokenizer.js - a tokenizer.json alone, without engine or document.

/** @import {Calls, Constants, Encoding, File} from "./types.js" */
/** @import {Memory, Piece} from "./memory.js" */

import { ScrubjayError } from "./error.js";
import { errorFrom } from "./engine.js";

/** A tokenizer. Immutable; free() ends it. */
export class Tokenizer {
  #address = 0;
  /** @type {Memory} */
  #memory;
  /** @type {Calls} */
  #calls;
  /** @type {Constants} */
  #constants;

  /**
   * @param {Memory} memory
   * @param {Calls} calls
   * @param {Constants} constants
   * @param {File} file
   * @throws {ScrubjayError} TOKENIZER, with the JSON path in `where`
   */
  constructor(memory, calls, constants, file) {
    this.#memory = memory;
    this.#calls = calls;
    this.#constants = constants;
    this.#address = this.#try((keep, error) => {
      const name = keep(memory.putName(file.name));
      const data = keep(memory.put(file.data));
      const row = keep(
        memory.putInts([name.address, data.address, data.size]));
      return calls.sjw_tokenizer_new?.(row.address, error.address) ?? 0;
    });
  }

  /**
   * @param {string} text
   * @returns {Encoding}
   * @throws {ScrubjayError} TOO_LARGE, NOMEM; STATE after free()
   */
  encode(text) {
    if (this.#address === 0)
      throw new ScrubjayError("STATE", "the tokenizer was freed");
    // The engine's limit is in bytes. Refused before memory is taken for it.
    if (text.length > 16 * 1024 * 1024)
      throw new ScrubjayError("TOO_LARGE", "the document is larger than 16 MB");
    const address = this.#try((keep, error) => {
      const body = keep(this.#memory.putText(text));
      return this.#calls.sjw_tokenizer_encode?.(
        this.#address, body.address, body.size, error.address) ?? 0;
    });
    const count = this.#memory.ints(address, 1)[0] ?? 0;
    const rows = this.#memory.ints(address + 4, 3 * count);
    this.#calls.sjw_give?.(address, 4 + 12 * count);
    return {
      ids: rows.subarray(0, count),
      starts: rows.subarray(count, 2 * count),
      ends: rows.subarray(2 * count),
    };
  }

  free() {
    this.#calls.sjw_tokenizer_free?.(this.#address);
    this.#address = 0;
  }

  /**
   * A call that gives an address, or 0 and an error. The pieces that it keeps
   * are wiped behind it.
   * @param {(keep: (piece: Piece) => Piece, error: Piece) => number} call
   */
  #try(call) {
    /** @type {Piece[]} */
    const pieces = [];
    const keep = (/** @type {Piece} */ piece) => {
      pieces.push(piece);
      return piece;
    };
    try {
      const error = keep(
        this.#memory.take(this.#calls.sjw_error_size?.() ?? 0));
      const address = call(keep, error);
      if (address === 0)
        throw errorFrom(this.#memory, this.#calls, this.#constants, error);
      return address;
    } finally {
      for (const piece of pieces) this.#memory.give(piece);
    }
  }
}
