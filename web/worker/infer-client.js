// SPDX-License-Identifier: Apache-2.0
//
// infer-client.js - a model in a worker of its own, as the reader sees it. A
// model that does not answer for long is taken for dead, as one that breaks.

/** @import {Manifest} from "./manifest.js" */
/** @import {Model} from "./model.js" */
/** @import {Reports} from "./download.js" */
/** @import {ModelPlace} from "./protocol.js" */
/** @import {Window} from "../../wasm/types.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { SILENCE_MS } from "./protocol.js";

/** A start that brings no byte and no answer for this long has failed. */
const START_MS = 60_000;

/**
 * @typedef {{type: "start", place: ModelPlace, threads: number}
 *   | {type: "open", job: number, manifest: Manifest}
 *   | {type: "run", job: number, window: Window}} InferRequest
 */

/**
 * `up` says that the worker listens.
 * @typedef {{type: "up"}
 *   | {type: "bytes", count: number}
 *   | {type: "done", job: number, answer?: {logits: Float32Array, cols: number}}
 *   | {type: "failed", job: number, code: string, message: string,
 *      where: string}} InferReply
 */

/** @typedef {Pick<Worker, "postMessage" | "terminate" | "addEventListener">} Port */

/**
 * @param {Port} worker
 * @param {ModelPlace} place
 * @param {number} threads
 * @param {Reports} reports
 * @param {number} [silenceMs]
 * @returns {Model}
 */
export function modelIn(worker, place, threads, reports, silenceMs = SILENCE_MS) {
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: ScrubjayError) => void}>} */
  const pending = new Map();
  let last = 0;
  /** Why nothing is answered any more. @type {ScrubjayError | null} */
  let over = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {ScrubjayError} error */
  const end = (error) => {
    over ??= error;
    clearTimeout(timer);
    worker.terminate();
    for (const { reject } of pending.values()) reject(over);
    pending.clear();
  };
  /** @param {number} ms @param {() => ScrubjayError} error */
  const expect = (ms, error) => {
    clearTimeout(timer);
    timer = setTimeout(() => end(error()), ms);
  };
  const lateStart = () => new ScrubjayError("RUNTIME",
    "ONNX Runtime does not start", { where: "ort.wasm.min.mjs" });
  const died = () => new ScrubjayError("MODEL_DIED",
    "the model stopped in the middle of a passage", { where: "model.onnx" });

  /** @param {{type: "open", manifest: Manifest} | {type: "run", window: Window}} request */
  const ask = (request) => new Promise((resolve, reject) => {
    if (over !== null) return reject(over);
    const job = ++last;
    pending.set(job, { resolve, reject });
    worker.postMessage({ ...request, job });
    if (request.type !== "run") return;
    // It has a copy by now.
    request.window.ids.fill(0);
    request.window.features.fill(0);
  });

  /** @type {() => void} */
  let isUp = () => {};
  /** @type {Promise<void>} */
  const up = new Promise((resolve) => (isUp = resolve));

  worker.addEventListener("message", (event) => {
    const reply = /** @type {MessageEvent<InferReply>} */ (event).data;
    if (over !== null) return;
    if (reply.type === "up") return isUp();
    if (reply.type === "bytes") {
      expect(START_MS, lateStart);
      return reports.onBytes(reply.count);
    }
    clearTimeout(timer);
    const { resolve, reject } = pending.get(reply.job) ?? {};
    pending.delete(reply.job);
    if (reply.type === "done") return resolve?.(reply.answer);
    const { code, message, where } = reply;
    reject?.(new ScrubjayError(code, message, { where }));
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // it would quote source and message
    end(died());
  });

  return {
    up,
    start: () => {
      worker.postMessage({ type: "start", place, threads });
      expect(START_MS, lateStart);
    },
    open: async (manifest) => {
      await ask({ type: "open", manifest });
      return async (window) => {
        expect(silenceMs, died);
        return ask({ type: "run", window });
      };
    },
    end: () => end(died()),
  };
}
