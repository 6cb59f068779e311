// SPDX-License-Identifier: Apache-2.0
//
// error.js - how calls fail. Messages are constant: they never hold text of a
// document, so they may be logged and shown.

/** A failure with a code that callers may rely on. */
export class ScrubjayError extends Error {
  /**
   * @param {string} code a status of the engine without its prefix ("UTF8"),
   *   or one of the page's own ("WORKER_DEAD")
   * @param {string} [message] a constant sentence
   * @param {{where?: string, line?: number}} [place] in a file of
   *   configuration
   */
  constructor(code, message = code, place = {}) {
    super(message);
    this.name = "ScrubjayError";
    this.code = code;
    this.where = place.where ?? "";
    this.line = place.line ?? 0;
  }
}
