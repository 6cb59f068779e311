// SPDX-License-Identifier: Apache-2.0
//
// trial.js - a model's first two texts, before it is trusted with a note: a
// full window, so that the browser has optimised the code by then, and the
// bundle's own canary, in which it has to find what it says it finds.

/** @import {Engine} from "../../wasm/engine.js" */
/** @import {Window} from "../../wasm/types.js" */
/** @import {Manifest} from "./manifest.js" */
/** @import {Infer} from "./pipeline.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { detect } from "./pipeline.js";

/** More characters than a token has in any text of ours. */
const TOKEN = 8;

/** A window to give away: whoever scores one blanks it. */
/** @param {Window} window @returns {Window} */
export function copyOf(window) {
  return { ...window, ids: window.ids.slice(), features: window.features.slice() };
}

/** @param {string} what */
function failed(what) {
  return new ScrubjayError(
    "MODEL_CANARY", what, { where: "manifest.json canary" });
}

/**
 * @param {Engine} engine
 * @param {Manifest} manifest
 * @param {Infer} infer
 * @returns {Promise<Window>} a full window of nobody's text
 * @throws {ScrubjayError} MODEL_CANARY
 */
export async function tryOut(engine, { canary, window: full }, infer) {
  const session = engine.session();
  try {
    const times = Math.ceil(full * TOKEN / (canary.text.length + 1));
    session.start(`${canary.text}\n`.repeat(times));
    const first = session.window();
    if (first === null) throw failed("the canary holds no token");
    await infer(copyOf(first));
    const { coverage } = await detect(session, canary.text, {}, {
      infer,
      signal: new AbortController().signal,
      onFound: () => {},
      onProgress: () => {},
    });
    if (coverage.windows === 0 || coverage.answered < coverage.windows)
      throw failed("the model's answer has another shape, or numbers that " +
        "are not finite");
    // What the model claims by itself: rules may find the same.
    const claimed = session.claimed("model");
    if (!canary.labels.every((label) => claimed.has(label)))
      throw failed("the model does not find what it should in its own example");
    return first;
  } finally {
    session.free();
  }
}
