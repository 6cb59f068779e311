// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The way of a model into the worker, over a network and a runtime that the
// tests play themselves: what is refused, and what is said of it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { countBytes, download } from "../../web/worker/download.js";
import { readManifest } from "../../web/worker/manifest.js";
import { modelIn } from "../../web/worker/infer-client.js";
import {
  bindSession, openSession, startRuntime,
} from "../../web/worker/runtime.js";

const MANIFEST = {
  format: 1, name: "played", version: "2.0.1",
  files: {
    "model.onnx": { bytes: 3, sha256: "a".repeat(64) },
    "tokenizer.json": { bytes: 4, sha256: "b".repeat(64) },
  },
  inputs: { ids: "input_ids", features: "features" }, output: "logits",
  window: 512, features: [{ name: "shape", values: 24 }],
  canary: { text: "Zora came.", labels: ["NAME"] },
};

/** @param {object} change */
const manifest = (change = {}) =>
  readManifest(Buffer.from(JSON.stringify({ ...MANIFEST, ...change })));

const BYTES = Buffer.from("twelve bytes");
const REF = {
  url: "http://localhost/x", bytes: BYTES.length,
  sha256: createHash("sha256").update(BYTES).digest("hex"),
};

/**
 * A network that gives these bodies in turn, and notes how it was asked.
 * @param {(Uint8Array | number | Error)[]} bodies a number is a status
 */
function network(bodies) {
  /** @type {(string | undefined)[]} */
  const caches = [];
  const fetch = async (/** @type {string} */ _, /** @type {any} */ init) => {
    const body = bodies[caches.length];
    caches.push(init?.cache);
    if (body instanceof Error) throw body;
    return typeof body === "number"
      ? new Response(null, { status: body })
      : new Response(/** @type {any} */ (body));
  };
  return { fetch: /** @type {any} */ (fetch), caches };
}

/** @param {(Uint8Array | number | Error)[]} bodies */
async function get(bodies) {
  const { fetch, caches } = network(bodies);
  let count = 0;
  const bytes = await download("model.onnx", REF, fetch,
    { onBytes: (more) => void (count += more) });
  return { bytes, count, caches };
}

test("a file is counted and checked; a cache's mistake is made good", async () => {
  const once = await get([BYTES]);
  assert.deepEqual(Buffer.from(once.bytes), BYTES);
  assert.equal(once.count, BYTES.length);
  const wrong = Buffer.from("twelve bytez");
  for (const stale of [wrong, BYTES.subarray(4), Buffer.alloc(99), Buffer.alloc(0)]) {
    const twice = await get([stale, BYTES]);
    assert.equal(twice.count, BYTES.length, "no byte counts twice");
    assert.deepEqual(twice.caches, ["default", "reload"]);
  }
});

test("a file that stays wrong, or does not come, is named", async () => {
  const wrong = Buffer.from("twelve bytez");
  await assert.rejects(get([wrong, wrong]),
    { code: "MODEL_HASH", where: "model.onnx" });
  for (const answer of [404, 500, new TypeError("gone")])
    await assert.rejects(get([answer]),
      { code: "MODEL_FETCH", where: "model.onnx" });
  await assert.rejects(get([wrong, 404]), { code: "MODEL_FETCH" });
});

test("where digests cannot be made, no file is taken", async () => {
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, "crypto",
    { value: {}, configurable: true });
  try {
    await assert.rejects(get([BYTES, BYTES]), { code: "INSECURE" });
  } finally {
    Object.defineProperty(globalThis, "crypto",
      { value: crypto, configurable: true });
  }
});

test("many pieces are told seldom, and the last one always", () => {
  /** @type {number[]} */
  const told = [];
  let now = 0;
  const { onBytes } = countBytes(1000, (done) => void told.push(done), () => now);
  for (let i = 0; i < 100; i++) {
    now += 2;
    onBytes(10);
  }
  assert.ok(told.length < 8, `${told.length} times`);
  assert.equal(told.at(-1), 1000);
});

test("a manifest is refused by the field that is wrong", () => {
  assert.equal(manifest().featureCount, 1);
  assert.equal(manifest({ features: [] }).inputs.features, "");
  assert.equal(manifest({ features: undefined }).featureCount, 0);
  const { files } = MANIFEST;
  for (const [change, field] of /** @type {[object, string][]} */ ([
    [{ format: 2 }, "format"],
    [{ format: "1" }, "format"],
    [{ name: "" }, "name"],
    [{ version: 3 }, "version"],
    [{ output: null }, "output"],
    [{ inputs: {} }, "inputs.ids"],
    [{ inputs: { ids: "input_ids" } }, "inputs.features"],
    [{ window: "512" }, "window"],
    [{ features: 3 }, "features"],
    [{ canary: undefined }, "canary.text"],
    [{ canary: { text: "x", labels: [1] } }, "canary.labels[0]"],
    [{ files: undefined }, "files.model.onnx.bytes"],
    [{ files: { ...files, "model.onnx": { bytes: 3, sha256: "A" } } },
      "files.model.onnx.sha256"],
    [{ files: { ...files, "tokenizer.json": { bytes: -1 } } },
      "files.tokenizer.json.bytes"]]))
    assert.throws(() => manifest(change),
      { code: "MODEL", where: `manifest.json ${field}` }, field);
  for (const text of ["", "[", "null", "7", "\xff"])
    assert.throws(() => readManifest(Buffer.from(text, "latin1")),
      { code: "MODEL" });
});

/**
 * A runtime whose sessions have these inputs and outputs. The first session
 * is the probe.
 * @param {{inputs?: string[], types?: string[], outputs?: string[],
 *   run?: (feeds: any) => Promise<any>, create?: () => Promise<any>}} [model]
 */
function runtime(model = {}) {
  const { inputs = ["input_ids", "features"], outputs = ["logits"] } = model;
  let sessions = 0;
  const session = {
    inputNames: inputs,
    outputNames: outputs,
    inputMetadata: inputs.map((name, i) =>
      ({ name, type: model.types?.[i] ?? "int32" })),
    run: model.run ?? (async () => ({
      logits: { data: new Float32Array(4), dims: [1, 2, 2] } })),
  };
  const probe = {
    run: async () => ({ y: { data: [7] } }),
    release: async () => {},
  };
  const ort = {
    env: { wasm: /** @type {any} */ ({}) },
    Tensor: class {
      /** @param {string} type @param {Int32Array} data @param {number[]} dims */
      constructor(type, data, dims) {
        Object.assign(this, { type, data, dims });
      }
    },
    InferenceSession: {
      create: async () => {
        if (sessions++ === 0) return probe;
        return model.create ? model.create() : session;
      },
    },
  };
  return /** @type {any} */ (ort);
}

const FILES = { script: "script", glue: "glue", wasm: new Uint8Array(1) };

/** @param {Parameters<typeof runtime>[0]} [model] @param {object} [change] */
async function open(model, change) {
  const ort = await startRuntime(FILES, 1, async () => runtime(model));
  const session = await openSession(ort, new Uint8Array(1));
  return bindSession(ort, session, manifest(change));
}

test("ids and features reach the model in the shape it wants", async () => {
  /** @type {any} */
  let feeds;
  const infer = await open({
    run: async (given) => {
      feeds = structuredClone(given); // it is blanked behind the run
      return { logits: { data: Float32Array.of(1, 2, 3, 4), dims: [1, 2, 2] } };
    },
  });
  const window = /** @type {any} */ ({
    ids: Int32Array.of(5, 6), features: Int32Array.of(8, 9), featureCount: 1 });
  const { logits, cols } = await infer(window);
  assert.deepEqual(feeds.input_ids.dims, [1, 2]);
  assert.deepEqual(feeds.features.dims, [1, 2, 1]);
  assert.deepEqual([...feeds.features.data], [8, 9]);
  assert.deepEqual([[...logits], cols], [[1, 2, 3, 4], 2]);
  assert.deepEqual([...window.ids, ...window.features], [0, 0, 0, 0]);
});

test("a model that does not fit its manifest is refused by name", async () => {
  for (const [model, change, name] of /** @type {[any, any, string][]} */ ([
    [{ inputs: ["ids", "features"] }, {}, "input_ids"],
    [{ inputs: ["input_ids"] }, {}, "features"],
    [{ inputs: ["input_ids", "features"] }, { features: [] }, "features"],
    [{ inputs: ["input_ids", "features", "mask"] }, {}, "mask"],
    [{ types: ["int64", "int32"] }, {}, "input_ids"],
    [{ outputs: ["scores"] }, {}, "logits"]]))
    await assert.rejects(open(model, change),
      { code: "MODEL", where: `model.onnx ${name}` });
  await assert.rejects(
    open({ create: async () => Promise.reject(new Error("node Gather_7")) }),
    { code: "MODEL", where: "model.onnx", message: "the model does not load" });
});

test("a runtime that does not start is told apart from a model", async () => {
  await assert.rejects(
    startRuntime(FILES, 1, async () => Promise.reject(new Error("no"))),
    { code: "RUNTIME" });
  const odd = runtime();
  odd.InferenceSession.create = async () => ({
    run: async () => ({ y: { data: [8] } }), release: async () => {} });
  await assert.rejects(startRuntime(FILES, 1, async () => odd),
    { code: "RUNTIME" });
});

test("threads are what was asked for, and only they have a time to start in",
  async () => {
    for (const threads of [1, 2]) {
      const ort = await startRuntime(FILES, threads, async () => runtime());
      assert.equal(ort.env.wasm["numThreads"], threads);
      assert.equal(ort.env.wasm["proxy"], false);
      assert.equal(Number(ort.env.wasm["initTimeout"]) > 0, threads > 1);
    }
  });

test("of what a runtime throws in a run, nothing is passed on", async () => {
  const infer = await open({
    run: async () => Promise.reject(new Error("at the words Zora Kern")) });
  await assert.rejects(
    infer(/** @type {any} */ ({ ids: Int32Array.of(1), features: Int32Array.of(1),
      featureCount: 1 })),
    (/** @type {any} */ error) => error.code === "MODEL_DIED" &&
      !/Zora|Kern/.test(error.message + error.where + error.stack));
});

/**
 * A model in a worker that the test plays.
 * @param {(request: any, say: (reply: any) => void) => void} reply
 * @param {number} [silenceMs]
 */
function modelPlayed(reply, silenceMs) {
  /** @type {((event: any) => void)[]} */
  const ears = [];
  /** @type {((event: any) => void)[]} */
  const breaks = [];
  const port = {
    ended: false,
    bytes: 0,
    fail: () => breaks.forEach((ear) => ear({ preventDefault: () => {} })),
  };
  const say = (/** @type {any} */ data) => ears.forEach((ear) => ear({ data }));
  const model = modelIn(/** @type {any} */ ({
    postMessage: (/** @type {any} */ message) => {
      const request = structuredClone(message);
      queueMicrotask(() => {
        if (request.type === "open") say({ type: "done", job: request.job });
        else reply(request, say);
      });
    },
    terminate: () => (port.ended = true),
    addEventListener: (/** @type {string} */ type, /** @type {any} */ ear) =>
      (type === "message" ? ears : breaks).push(ear),
  }), /** @type {any} */ ({}), 1,
  { onBytes: (count) => void (port.bytes += count) }, silenceMs);
  return { model, port };
}

/** @param {number} [id] @returns {any} */
const oneToken = (id = 1) =>
  ({ ids: Int32Array.of(id), features: new Int32Array(0), featureCount: 0 });

test("windows go to the model's worker and come back in their order", async () => {
  const { model, port } = modelPlayed((request, say) => {
    if (request.type === "start") return say({ type: "bytes", count: 5 });
    say({ type: "done", job: request.job,
      answer: { logits: Float32Array.of(request.window.ids[0]), cols: 1 } });
  });
  model.start();
  const infer = await model.open(manifest());
  const answers = await Promise.all([3, 4].map((id) =>
    infer(oneToken(id))));
  assert.deepEqual(answers.map(({ logits }) => logits[0]), [3, 4]);
  assert.equal(port.bytes, 5);
  model.end();
  await assert.rejects(infer(oneToken()), { code: "MODEL_DIED" });
  assert.equal(port.ended, true);
});

test("a model that falls silent, or breaks, has died", async () => {
  const silent = modelPlayed(() => {}, 30);
  const infer = await silent.model.open(manifest());
  await assert.rejects(infer(oneToken()), { code: "MODEL_DIED" });
  assert.equal(silent.port.ended, true);
  await assert.rejects(infer(oneToken()), { code: "MODEL_DIED" });
  const broken = modelPlayed(() => {});
  const asked = (await broken.model.open(manifest()))(oneToken());
  broken.port.fail();
  await assert.rejects(asked, { code: "MODEL_DIED" });
});
