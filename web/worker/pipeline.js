// SPDX-License-Identifier: Apache-2.0
//
// pipeline.js - one document through the engine, with the model where there is
// one: start -> findings of the rules -> (window -> infer -> answer)* -> finish.

/** @import {Session} from "../../wasm/session.js" */
/** @import {Coverage, Range, Span, Window} from "../../wasm/types.js" */
/** @import {ReadOptions} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";

/**
 * Scores a window: `ids.length` rows of `cols` numbers.
 * @typedef {(window: Window) => Promise<{logits: Float32Array, cols: number}>} Infer
 */

/**
 * @typedef {object} Steps
 * @property {Infer | null} infer null runs the rules alone
 * @property {AbortSignal} signal looked at between two steps
 * @property {(spans: readonly Span[]) => void} onFound
 * @property {(phase: "start" | "rules" | "model", done: number, total: number) => void} onProgress
 */

/**
 * @typedef {object} Read
 * @property {readonly Span[]} spans
 * @property {Int32Array} near what came close and stays in clear, in rows
 * @property {string} lang "en", "fr" or "en,fr"
 * @property {Coverage} coverage
 * @property {readonly Range[]} unscanned
 * @property {number} ms
 */

const { port1, port2 } = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
// Node goes on for as long as somebody waits, and no longer.
const hold = (/** @type {"ref" | "unref"} */ what) =>
  /** @type {any} */ (port1)[what]?.();
port1.onmessage = () => {
  waiting.shift()?.();
  if (waiting.length === 0) hold("unref");
};
hold("unref");

// Lets waiting messages in, a cancel among them. A timer would be held back
// for four milliseconds from its fifth time on.
function breathe() {
  return new Promise((resolve) => {
    waiting.push(() => resolve(undefined));
    hold("ref");
    port2.postMessage(0);
  });
}

function cancelledError() {
  return new ScrubjayError("CANCELLED", "the scan was cancelled");
}

/**
 * What `work` gives, or CANCELLED as soon as that is wanted: an answer may
 * have to wait for a model that is still on its way.
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function unlessAborted(work, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelledError());
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * @param {Session} session
 * @param {string} text
 * @param {ReadOptions} read
 * @param {Steps} steps
 * @returns {Promise<Read>}
 * @throws {ScrubjayError} CANCELLED; what the engine and the model throw
 */
export async function detect(session, text, read, steps) {
  const started = performance.now();
  const { infer, signal } = steps;
  const step = async () => {
    await breathe();
    if (signal.aborted) throw cancelledError();
  };
  steps.onProgress("start", 0, 1);
  await step();
  session.start(text, read);
  if (infer !== null) {
    steps.onFound(session.spans());
    steps.onProgress("rules", 1, 1);
    for (let window = session.window(); window; window = session.window()) {
      steps.onProgress("model", window.index, window.count);
      await step();
      const { logits, cols } = await unlessAborted(infer(window), signal);
      answer(session, window, logits, cols);
    }
  }
  await step();
  session.finish();
  return {
    spans: session.spans(),
    near: session.nearRows(),
    lang: session.langs(),
    coverage: session.coverage(),
    unscanned: session.unscanned(),
    ms: performance.now() - started,
  };
}

// An answer of another shape, or with a number that is not finite: the engine
// counts the window as not scanned, and the coverage says so.
/**
 * @param {Session} session
 * @param {Window} window
 * @param {Float32Array} logits
 * @param {number} cols
 */
function answer(session, window, logits, cols) {
  const rows = window.ids.length;
  const fits = logits.length === rows * cols;
  try {
    if (fits) session.answer(logits, rows, cols);
    else session.answer(new Float32Array(0), 0, 0);
  } catch (error) {
    if (!(error instanceof ScrubjayError) || error.code !== "MODEL") throw error;
  }
}
