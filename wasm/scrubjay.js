// SPDX-License-Identifier: Apache-2.0
//
// scrubjay.js - load scrubjay.wasm. The same file serves browser, worker and
// Node: the caller brings the bytes, the response or the compiled module.

/** @import {Calls, Constants, EngineOptions, File} from "./types.js" */

import { ScrubjayError } from "./error.js";
import { Engine } from "./engine.js";
import { Memory } from "./memory.js";
import { Tokenizer } from "./tokenizer.js";

/**
 * One instance of the module. A trap inside it leaves its memory in no known
 * state: every later call throws DEAD, and the caller loads another.
 */
export class Scrubjay {
  /** @param {WebAssembly.Instance} instance */
  constructor(instance) {
    const exports = instance.exports;
    /** @type {Calls} */
    const calls = {};
    let dead = false;
    for (const [name, call] of Object.entries(exports)) {
      if (typeof call !== "function") continue;
      calls[name] = (...args) => {
        if (dead) throw new ScrubjayError("DEAD", "the engine has stopped");
        try {
          return call(...args);
        } catch {
          // Nothing of the exception is passed on.
          dead = true;
          throw new ScrubjayError("DEAD", "the engine has stopped");
        }
      };
    }
    this.calls = calls;
    this.memory = new Memory(
      /** @type {WebAssembly.Memory} */ (exports.memory), calls);
    calls._initialize?.();
    const lists = JSON.parse(this.memory.name(calls.sjw_constants?.() ?? 0));
    // C ends each list with a null.
    for (const list of Object.values(lists))
      if (Array.isArray(list)) list.pop();
    /** @type {Constants} */
    this.constants = Object.freeze(lists);
    this.version = this.memory.name(calls.sjw_version?.() ?? 0);
  }

  /** @param {EngineOptions} [options] @returns {Engine} */
  createEngine(options = {}) {
    return new Engine(this.memory, this.calls, this.constants, options);
  }

  /** @param {File} file a tokenizer.json @returns {Tokenizer} */
  createTokenizer(file) {
    return new Tokenizer(this.memory, this.calls, this.constants, file);
  }
}

/**
 * @param {BufferSource | WebAssembly.Module | Response | Promise<Response>} source
 * @returns {Promise<Scrubjay>}
 * @throws {ScrubjayError} LOAD where the module cannot be compiled
 */
export async function loadScrubjay(source) {
  // The only import: memory grew. Views are made anew for each access, so
  // there is nothing to do.
  const imports = { env: { emscripten_notify_memory_growth: () => {} } };
  try {
    if (source instanceof WebAssembly.Module)
      return new Scrubjay(await WebAssembly.instantiate(source, imports));
    const resolved = await source;
    const { instance } =
      typeof Response !== "undefined" && resolved instanceof Response
        ? await WebAssembly.instantiateStreaming(resolved, imports)
        : await WebAssembly.instantiate(
          /** @type {BufferSource} */ (resolved), imports);
    return new Scrubjay(instance);
  } catch (error) {
    if (error instanceof ScrubjayError) throw error;
    throw new ScrubjayError("LOAD", "scrubjay.wasm cannot be loaded");
  }
}
