// SPDX-License-Identifier: Apache-2.0
//
// pipeline.js - one document through the engine, with the model where there is
// one: start -> findings of the rules -> (window -> infer -> answer)* -> finish.

/** @import {Session} from "../../wasm/session.js" */
/** @import {Span, Window} from "../../wasm/types.js" */
/** @import {Detected, ReadOptions} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";

/**
 * Scores a window: `ids.length` rows of `cols` numbers.
 * @typedef {(window: Window) => Promise<{logits: Float32Array, cols: number}>} Infer
 */

/**
 * @typedef {object} Steps
 * @property {Infer | null} infer null runs the rules alone
 * @property {() => boolean} cancelled asked between two steps
 * @property {(spans: readonly Span[]) => void} onFound
 * @property {(phase: "start" | "rules" | "model", done: number, total: number) => void} onProgress
 */

// Lets waiting messages in, a cancel among them.
function breathe() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * @param {Session} session
 * @param {string} text
 * @param {ReadOptions} read
 * @param {Steps} steps
 * @returns {Promise<Detected>}
 * @throws {ScrubjayError} CANCELLED; what the engine throws
 */
export async function detect(session, text, read, steps) {
  const started = performance.now();
  const step = async () => {
    await breathe();
    if (steps.cancelled())
      throw new ScrubjayError("CANCELLED", "the scan was cancelled");
  };
  steps.onProgress("start", 0, 1);
  await step();
  session.start(text, read);
  if (steps.infer !== null) {
    steps.onFound(session.spans());
    steps.onProgress("rules", 1, 1);
    for (let window = session.window(); window; window = session.window()) {
      steps.onProgress("model", window.index, window.count);
      await step();
      const { logits, cols } = await steps.infer(window);
      session.answer(logits, window.ids.length, cols);
    }
  }
  await step();
  session.finish();
  return {
    spans: session.spans(),
    coverage: session.coverage(),
    unscanned: session.unscanned(),
    ms: performance.now() - started,
  };
}
