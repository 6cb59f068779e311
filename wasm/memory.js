// SPDX-License-Identifier: Apache-2.0
//
// memory.js - copies in and out of WebAssembly memory, and the only code that
// touches it. Growing the memory detaches every older view, so each access
// makes its own.

/** @import {Calls} from "./types.js" */

import { ScrubjayError } from "./error.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A piece of memory that JavaScript took and has to give back. */
export class Piece {
  /** @param {number} address @param {number} size */
  constructor(address, size) {
    this.address = address;
    this.size = size;
  }
}

export class Memory {
  /** @type {WebAssembly.Memory} */
  #memory;
  /** @type {Calls} */
  #calls;

  /** @param {WebAssembly.Memory} memory @param {Calls} calls */
  constructor(memory, calls) {
    this.#memory = memory;
    this.#calls = calls;
  }

  /** Bytes of memory in use by the module. */
  get size() {
    return this.#memory.buffer.byteLength;
  }

  /** @param {number} size @returns {Piece} */
  take(size) {
    const address = /** @type {number} */ (this.#calls.sjw_take?.(size));
    if (address === 0) throw new ScrubjayError("NOMEM", "out of memory");
    return new Piece(address, size);
  }

  /** Wipe a piece and give it back. @param {Piece} piece */
  give(piece) {
    this.#calls.sjw_give?.(piece.address, piece.size);
  }

  /**
   * Text as UTF-8. A lone surrogate becomes U+FFFD, which is one unit as well,
   * so offsets still agree. The piece is exactly as long as the text.
   * @param {string} text
   * @returns {Piece}
   */
  putText(text) {
    const room = this.take(text.length * 3);
    const view = new Uint8Array(this.#memory.buffer, room.address, room.size);
    const { written } = encoder.encodeInto(text, view);
    if (written === room.size) return room;
    const piece = this.take(written);
    // The heap may have grown meanwhile; copy with a view made now.
    new Uint8Array(this.#memory.buffer).copyWithin(
      piece.address, room.address, room.address + written);
    this.give(room);
    return piece;
  }

  /** @param {string | Uint8Array} data @returns {Piece} */
  put(data) {
    if (typeof data === "string") return this.putText(data);
    const piece = this.take(data.length);
    new Uint8Array(this.#memory.buffer, piece.address, piece.size).set(data);
    return piece;
  }

  /** Text with a NUL after it. @param {string} text @returns {Piece} */
  putName(text) {
    return this.put(encoder.encode(`${text}\0`));
  }

  /** @param {readonly number[] | Int32Array} numbers @returns {Piece} */
  putInts(numbers) {
    const piece = this.take(numbers.length * 4);
    new Int32Array(this.#memory.buffer, piece.address, numbers.length)
      .set(numbers);
    return piece;
  }

  /** @param {Float32Array} numbers @returns {Piece} */
  putFloats(numbers) {
    const piece = this.take(numbers.length * 4);
    new Float32Array(this.#memory.buffer, piece.address, numbers.length)
      .set(numbers);
    return piece;
  }

  /** A copy. @param {number} address @param {number} count */
  ints(address, count) {
    return new Int32Array(this.#memory.buffer, address, count).slice();
  }

  /** @param {number} address @param {number} len @returns {string} */
  text(address, len) {
    return decoder.decode(new Uint8Array(this.#memory.buffer, address, len));
  }

  /** Text up to its NUL; "" at address 0. @param {number} address */
  name(address) {
    if (address === 0) return "";
    const bytes = new Uint8Array(this.#memory.buffer);
    return this.text(address, bytes.indexOf(0, address) - address);
  }

  /** Whether these bytes stand anywhere in memory; for tests of wiping. */
  /** @param {string} text @returns {boolean} */
  holds(text) {
    const wanted = encoder.encode(text);
    const bytes = new Uint8Array(this.#memory.buffer);
    const first = /** @type {number} */ (wanted[0]);
    for (let at = bytes.indexOf(first); at !== -1;
      at = bytes.indexOf(first, at + 1))
      if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
    return false;
  }
}
