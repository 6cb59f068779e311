// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// open_model.js - the worker's reader in Node: the same code, with files in
// place of the network, and the same ONNX Runtime Web, here in one thread.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { makeModel } from "../../web/worker/model.js";
import { Reader } from "../../web/worker/reader.js";

/** @import {LoadOptions, Ref} from "../../web/worker/protocol.js" */

const TOP = new URL("../../", import.meta.url);
const RUNTIME = new URL("web/node_modules/onnxruntime-web/dist/", TOP);

/** The bundle that the repository ships, and the smallest one. */
export const BUNDLE = new URL("models/bundle/scrubjay-en-fr/", TOP);
export const TINY = new URL("tests/vectors/model/", TOP);

/** @param {Uint8Array} bytes @param {string} url @returns {Ref} */
function refTo(bytes, url) {
  return { url, bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex") };
}

/**
 * A reader and what it was told of its start.
 * @param {URL | null} bundle null for rules alone
 * @param {{change?: Record<string, Uint8Array>,
 *   load?: (url: string) => Promise<any>}} [options] `change` puts other files
 *   into the bundle, `load` imports the runtime
 */
export async function openReader(
  bundle, { change = {}, load = (url) => import(url) } = {}) {
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  const read = async (/** @type {URL} */ url, bytes = readFile(url)) => {
    files.set(url.href, await bytes);
    return refTo(await bytes, url.href);
  };
  /** @param {string} name */
  const part = (name) => read(new URL(name, bundle ?? TOP),
    change[name] ? Promise.resolve(change[name]) : undefined);
  const wasm = new URL("build/wasm/wasm/scrubjay.wasm", TOP);
  await read(wasm);
  /** @type {LoadOptions} */
  const options = {
    wasm: wasm.href, integrity: "", missing: null, threads: 1,
    model: bundle === null ? null : {
      manifest: await part("manifest.json"),
      tokenizer: await part("tokenizer.json"),
      model: await part("model.onnx"),
      runtime: {
        script: new URL("ort.wasm.min.mjs", RUNTIME).href,
        glue: new URL("ort-wasm-simd-threaded.mjs", RUNTIME).href,
        wasm: await read(new URL("ort-wasm-simd-threaded.wasm", RUNTIME)),
      },
      worker: "",
    },
  };
  /** @type {string[]} */
  const phases = [];
  const fetch = async (/** @type {string} */ url) => {
    const body = files.get(url);
    return new Response(/** @type {any} */ (body), {
      status: body ? 200 : 404,
      headers: { "content-type": "application/wasm" },
    });
  };
  const reader = new Reader({
    fetch,
    makeModel: (place, threads, reports) =>
      makeModel(place, threads, fetch, load, reports),
    onLoading: (phase) => {
      if (phases.at(-1) !== phase) phases.push(phase);
    },
  });
  await reader.load(options);
  return { reader, phases };
}

/** What a scan tells on the way. */
export function ears() {
  /** @type {import("../../wasm/types.js").Span[][]} */
  const found = [];
  return {
    signal: new AbortController().signal,
    found,
    /** @param {readonly import("../../wasm/types.js").Span[]} spans */
    onFound: (spans) => void found.push([...spans]),
    onProgress: () => {},
  };
}
