// SPDX-License-Identifier: Apache-2.0
//
// engine.js - what documents share: packs, names, the model's tokenizer.

/** @import {Calls, Constants, EngineOptions} from "./types.js" */
/** @import {Memory, Piece} from "./memory.js" */

import { ScrubjayError } from "./error.js";
import { Session } from "./session.js";

/**
 * The error that the engine left behind, as an exception.
 * @param {Memory} memory
 * @param {Calls} calls
 * @param {Constants} constants
 * @param {Piece} error
 * @returns {ScrubjayError}
 */
export function errorFrom(memory, calls, constants, error) {
  const status = memory.ints(error.address, 1)[0] ?? 0;
  const call = (/** @type {string} */ name) => calls[name]?.(error.address) ?? 0;
  return new ScrubjayError(
    constants.statuses[status] ?? "UNKNOWN",
    memory.name(call("sjw_error_what")),
    {
      where: memory.name(call("sjw_error_where")),
      line: call("sjw_error_line"),
    });
}

/** An engine. Immutable; free() ends it after its sessions. */
export class Engine {
  #address = 0;
  /** @type {Map<number, string>} */
  #names = new Map();

  /**
   * @param {Memory} memory
   * @param {Calls} calls
   * @param {Constants} constants
   * @param {EngineOptions} options
   * @throws {ScrubjayError} PACK, TOKENIZER, MODEL, JSON with file and line
   */
  constructor(memory, calls, constants, options) {
    this.memory = memory;
    this.calls = calls;
    this.constants = constants;
    if (options.guard) {
      const error = memory.take(calls.sjw_error_size?.() ?? 0);
      this.#address = calls.sjw_guard_engine_new?.(error.address) ?? 0;
      try {
        if (this.#address === 0)
          throw errorFrom(memory, calls, constants, error);
      } finally {
        memory.give(error);
      }
      return;
    }
    const none = { name: "", data: "" };
    const files = [
      ...(options.files ?? []),
      options.tokenizer ?? none,
      options.manifest ?? none,
    ];
    /** @type {Piece[]} */
    const pieces = [];
    try {
      const words = files.flatMap((file) => {
        const name = memory.putName(file.name);
        pieces.push(name);
        const data = memory.put(file.data);
        pieces.push(data);
        return [name.address, data.address, data.size];
      });
      const table = memory.putInts(words);
      pieces.push(table);
      const error = memory.take(calls.sjw_error_size?.() ?? 0);
      pieces.push(error);
      this.#address = calls.sjw_engine_new?.(
        table.address, files.length - 2, error.address) ?? 0;
      if (this.#address === 0)
        throw errorFrom(memory, calls, constants, error);
    } finally {
      for (const piece of pieces) memory.give(piece);
    }
  }

  /** @returns {Session} */
  session() {
    return new Session(this, this.#address);
  }

  /** Versions and digests, for reports. @returns {Record<string, unknown>} */
  describe() {
    return JSON.parse(this.memory.name(
      this.calls.sjw_engine_describe?.(this.#address) ?? 0));
  }

  /** @returns {number} */
  get ruleCount() {
    return this.calls.sjw_engine_rule_count?.(this.#address) ?? 0;
  }

  /** Width of the model's answers; 0 without a model. @returns {number} */
  get tagCount() {
    return this.calls.sjw_engine_tag_count?.(this.#address) ?? 0;
  }

  /** Name of a source of evidence. @param {number} id @returns {string} */
  sourceName(id) {
    let name = this.#names.get(id);
    if (name === undefined) {
      name = this.memory.name(
        this.calls.sjw_engine_source_name?.(this.#address, id) ?? 0);
      this.#names.set(id, name);
    }
    return name;
  }

  /** @param {number} subtype @returns {string} */
  subtypeName(subtype) {
    return subtype === 0 ? "" : this.memory.name(
      this.calls.sjw_engine_subtype_name?.(this.#address, subtype) ?? 0);
  }

  /** The number of a subtype; 0 for "" or an unknown one. */
  /** @param {string} name @returns {number} */
  subtypeNumber(name) {
    if (name === "") return 0;
    const piece = this.memory.put(name);
    const found = this.calls.sjw_engine_subtype_from_name?.(
      this.#address, piece.address, piece.size) ?? -1;
    this.memory.give(piece);
    return Math.max(found, 0);
  }

  free() {
    this.calls.sjw_engine_free?.(this.#address);
    this.#address = 0;
  }
}
