// SPDX-License-Identifier: Apache-2.0
//
// load.js - the built engine, for tests in Node.

import { readFile } from "node:fs/promises";

import { loadScrubjay } from "../../wasm/scrubjay.js";

const WASM = new URL("../../build/wasm/wasm/scrubjay.wasm", import.meta.url);

/** @returns a fresh instance of the engine */
export async function load() {
  return loadScrubjay(await readFile(WASM));
}

/**
 * Find and replace in one go.
 * @param {import("../../wasm/session.js").Session} session
 * @param {string} text
 * @param {string} [style]
 * @param {import("../../wasm/types.js").StartOptions} [options]
 */
export function redact(session, text, style = "placeholder", options = {}) {
  session.start(text, options);
  session.finish();
  const spans = session.spans();
  return { spans, ...session.replace(spans, { style }) };
}
