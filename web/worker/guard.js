// SPDX-License-Identifier: Apache-2.0
//
// guard.js - the leak guard of the server, in the page: the same rules over
// what is to be sent, with the same verdict. It has an engine of its own beside
// that which reads notes, made when something is to be sent for the first time.

/** @import {Scrubjay} from "../../wasm/scrubjay.js" */
/** @import {Session} from "../../wasm/session.js" */
/** @import {Leak} from "../../wasm/types.js" */

import { ScrubjayError } from "../../wasm/error.js";

export class Guard {
  /** @type {Session} */
  #session;

  /** @param {Scrubjay} scrubjay */
  constructor(scrubjay) {
    this.#session = scrubjay.createEngine({ guard: true }).session();
  }

  /**
   * Identifiers that leave no doubt, in UTF-16 units of the text. A policy that
   * is not one of the engine's own is held to the default, as the server does.
   *
   * @param {string} text
   * @param {string} policy names joined by commas
   * @returns {readonly Leak[]} 64 at most
   * @throws {ScrubjayError} INCOMPLETE and TOO_LARGE: refuse the text
   */
  leaks(text, policy) {
    if (text === "") return [];
    try {
      return this.#session.leaks(text, { policy });
    } catch (error) {
      if (!(error instanceof ScrubjayError) || error.code !== "ARGUMENT")
        throw error;
      return this.#session.leaks(text);
    }
  }
}
