// SPDX-License-Identifier: Apache-2.0
//
// model.js - the model's half: runtime and network file, fetched, checked and
// started. In the page it has a worker of its own (infer.js), so that it starts
// beside the engine; in Node it runs where the reader runs.

/** @import {Fetch, Reports} from "./download.js" */
/** @import {Manifest} from "./manifest.js" */
/** @import {Infer} from "./pipeline.js" */
/** @import {ModelPlace} from "./protocol.js" */

import { download } from "./download.js";
import { bindSession, openSession, startRuntime } from "./runtime.js";

/**
 * A model as the reader sees it.
 * @typedef {object} Model
 * @property {Promise<void>} up when it goes on by itself: a worker is not up
 *   as long as the one that made it is busy
 * @property {() => void} start
 * @property {(manifest: Manifest) => Promise<Infer>} open once it has started;
 *   throws MODEL_FETCH, MODEL_HASH, INSECURE, RUNTIME, MODEL
 * @property {() => void} end
 */

/**
 * @param {ModelPlace} place
 * @param {number} threads
 * @param {Fetch} fetch
 * @param {(url: string) => Promise<any>} load imports a module
 * @param {Reports} reports
 * @returns {Model}
 */
export function makeModel({ runtime, model }, threads, fetch, load, reports) {
  const stop = new AbortController();
  const { signal } = stop;
  /** @type {Fetch} */
  const get = (url, init) => fetch(url, { ...init, signal });

  async function run() {
    const [ort, bytes] = await Promise.all([
      download("ort-wasm-simd-threaded.wasm", runtime.wasm, get, reports)
        .then((wasm) => startRuntime({ ...runtime, wasm }, threads, load)),
      download("model.onnx", model, get, reports),
    ]);
    return { ort, session: await openSession(ort, bytes) };
  }
  /** @type {ReturnType<typeof run> | null} */
  let started = null;
  const start = () => {
    started ??= run();
    started.catch(() => stop.abort()); // the other file is of no use any more
    return started;
  };

  return {
    up: Promise.resolve(),
    start: () => void start(),
    open: async (manifest) => {
      const { ort, session } = await start();
      return bindSession(ort, session, manifest);
    },
    end: () => stop.abort(),
  };
}
