// SPDX-License-Identifier: Apache-2.0
//
// runtime.js - ONNX Runtime Web: started once, one session, one window a run.
// A start that has failed is final in its worker.

/** @import {Manifest} from "./manifest.js" */
/** @import {Infer} from "./pipeline.js" */

import { ScrubjayError } from "../../wasm/error.js";

/**
 * What is used of the runtime's module.
 * @typedef {object} Ort
 * @property {{wasm: Record<string, unknown>, logLevel?: string | undefined}} env
 * @property {new (type: "int32", data: Int32Array, dims: number[]) => unknown} Tensor
 * @property {{create: (bytes: Uint8Array, options: object) => Promise<OrtSession>}} InferenceSession
 */

/**
 * @typedef {object} OrtSession
 * @property {readonly string[]} inputNames
 * @property {readonly string[]} outputNames
 * @property {readonly {name: string, type?: string}[]} [inputMetadata]
 * @property {(feeds: Record<string, unknown>, options?: object) => Promise<Record<string, {data: Float32Array, dims: readonly number[]}>>} run
 * @property {() => Promise<void>} release
 */

/**
 * @typedef {object} RuntimeFiles
 * @property {string} script URL of ort.wasm.min.mjs
 * @property {string} glue URL of ort-wasm-simd-threaded.mjs
 * @property {Uint8Array} wasm
 */

/** Threads that take longer than this to start never will. */
const START_MS = 5_000;

// What the runtime logs names nodes of the graph, and failures come as
// exceptions too: the console stays empty.
const QUIET = Object.freeze({ logSeverityLevel: 4 });

// Made anew each time: the runtime writes into its options.
function sessionOptions() {
  return { ...QUIET, executionProviders: ["wasm"], graphOptimizationLevel: "all" };
}

// An ONNX file that gives its input `x`, int32 [1], back as `y`: by it, a
// runtime that does not start is told apart from a model that does not load.
const PROBE = Uint8Array.from(atob(
  "CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBcFoPCgF4EgoKCAgGEgQKAggBYg8KAXkSCgoICAYS" +
  "BAoCCAFCBAoAEBE="), (char) => char.charCodeAt(0));

/**
 * Nested workers are script URLs that the runtime makes itself, so under
 * Trusted Types it takes a policy of the worker's own: our origin and no other.
 */
function allowNestedWorkers() {
  const world = /** @type {any} */ (globalThis);
  world.trustedTypes?.createPolicy("default", {
    createScriptURL: (/** @type {string} */ href) =>
      new URL(href, world.location.href).origin === world.location.origin
        ? href : null,
  });
}

/**
 * @param {RuntimeFiles} files
 * @param {number} threads
 * @param {(url: string) => Promise<any>} load imports a module
 * @returns {Promise<Ort>} one that has run something
 * @throws {ScrubjayError} RUNTIME
 */
export async function startRuntime(files, threads, load) {
  try {
    /** @type {Ort} */
    const ort = await load(files.script);
    if (threads > 1) allowNestedWorkers();
    ort.env.logLevel = "fatal";
    Object.assign(ort.env.wasm, {
      numThreads: threads,
      proxy: false,
      wasmPaths: { mjs: files.glue },
      wasmBinary: files.wasm,
      initTimeout: threads > 1 ? START_MS : 0,
    });
    const probe = await ort.InferenceSession.create(PROBE, sessionOptions());
    const { y } = await probe.run(
      { x: new ort.Tensor("int32", Int32Array.of(7), [1]) });
    await probe.release();
    if (y?.data[0] !== 7) throw new TypeError("another answer");
    return ort;
  } catch {
    throw new ScrubjayError(
      "RUNTIME", "ONNX Runtime does not start", { where: "ort.wasm.min.mjs" });
  }
}

/**
 * @param {Ort} ort
 * @param {Uint8Array} bytes the ONNX file
 * @returns {Promise<OrtSession>}
 * @throws {ScrubjayError} MODEL
 */
export function openSession(ort, bytes) {
  return ort.InferenceSession.create(bytes, sessionOptions()).catch(() => {
    throw new ScrubjayError("MODEL", "the model does not load",
      { where: "model.onnx" });
  });
}

/**
 * @param {OrtSession} session
 * @param {Manifest} manifest
 * @throws {ScrubjayError} MODEL, with the input or output in `where`
 */
function checkShape(session, { inputs, output }) {
  const wrong = (/** @type {string} */ what, /** @type {string} */ name) =>
    new ScrubjayError("MODEL", what, { where: `model.onnx ${name}` });
  const wanted = [inputs.ids, inputs.features].filter((name) => name !== "");
  for (const name of wanted) {
    if (!session.inputNames.includes(name))
      throw wrong("the model lacks an input that the manifest names", name);
    const type = session.inputMetadata?.find((at) => at.name === name)?.type;
    if (type !== undefined && type !== "int32")
      throw wrong("an input of the model is not of whole numbers of 32 bits",
        name);
  }
  for (const name of session.inputNames)
    if (!wanted.includes(name))
      throw wrong("the model has an input that the manifest does not name",
        name);
  if (!session.outputNames.includes(output))
    throw wrong("the model lacks the output that the manifest names", output);
}

/**
 * A session as what scores windows.
 * @param {Ort} ort
 * @param {OrtSession} session
 * @param {Manifest} manifest
 * @returns {Infer}
 * @throws {ScrubjayError} MODEL where the file does not fit its manifest
 */
export function bindSession(ort, session, manifest) {
  checkShape(session, manifest);
  const { inputs, output } = manifest;
  return async ({ ids, features, featureCount }) => {
    const count = ids.length;
    const feeds = { [inputs.ids]: new ort.Tensor("int32", ids, [1, count]) };
    if (inputs.features !== "")
      feeds[inputs.features] = new ort.Tensor(
        "int32", features, [1, count, featureCount]);
    // Of the exception nothing is passed on. What the runtime is like behind
    // it, nobody knows: it is not used again.
    const answer = await session.run(feeds, { ...QUIET }).catch(() => {
      throw new ScrubjayError("MODEL_DIED",
        "the model stopped in the middle of a passage", { where: "model.onnx" });
    }).finally(() => {
      ids.fill(0);
      features.fill(0);
    });
    const logits = answer[output];
    return { logits: logits?.data ?? new Float32Array(0),
      cols: logits?.dims.at(-1) ?? 0 };
  };
}
