// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The worker's reader in Node, with the real engine and the real ONNX Runtime
// Web: what a model adds, and what happens where it cannot be had. The bundle
// is the smallest one (tests/vectors/model), and the shipped one where it is.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { BUNDLE, TINY, ears, openReader } from "./open_model.js";

// The runtime's memory, which it shows to nobody.
/** @type {WebAssembly.Memory[]} */
const memories = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(Made, words) {
    memories.push(new Made(...words));
    return /** @type {WebAssembly.Memory} */ (memories.at(-1));
  },
});

/** Where these numbers stand in it. @param {readonly number[]} ids */
function places(ids) {
  return memories.reduce((sum, { buffer }) => {
    const all = new Int32Array(buffer);
    for (let at = all.indexOf(ids[0] ?? 0); at >= 0;
      at = all.indexOf(ids[0] ?? 0, at + 1))
      if (ids.every((id, i) => all[at + i] === id)) sum++;
    return sum;
  }, 0);
}

const NOTE = "MRN: 4471902. Later Ncube went to Brumelot.";

/** @param {string} text @param {readonly {start: number, end: number, label: string}[]} spans */
const said = (text, spans) =>
  spans.map(({ start, end, label }) => `${label} ${text.slice(start, end)}`);

/** @param {string} name */
const tiny = (name) => readFile(new URL(name, TINY));

/**
 * The manifest with other fields, and right digests for other files.
 * @param {object} change
 * @param {Record<string, Uint8Array>} [files]
 */
async function manifestWith(change, files = {}) {
  const manifest = JSON.parse(String(await tiny("manifest.json")));
  for (const [name, bytes] of Object.entries(files))
    manifest.files[name] = { bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex") };
  return { ...files,
    "manifest.json": Buffer.from(JSON.stringify({ ...manifest, ...change })) };
}

test("the model adds what no rule finds, and the rules come first", async () => {
  const { reader, phases } = await openReader(TINY);
  const heard = ears();
  const result = await reader.scan(NOTE, {}, heard);
  assert.deepEqual(said(NOTE, result.spans),
    ["MRN 4471902", "NAME Ncube", "CITY Brumelot"]);
  assert.equal(result.spans[1]?.role, "patient");
  assert.deepEqual(heard.found.map((spans) => said(NOTE, spans)),
    [["MRN 4471902"]]);
  assert.equal(result.engine.model, "tiny 1.0.0");
  assert.equal(result.engine.missing, null);
  assert.equal(result.coverage.complete, true);
  assert.deepEqual(phases, ["download", "check", "start"]);
  const { text } = await reader.redact(
    NOTE, {}, result.spans, { style: "placeholder" }, heard);
  assert.equal(text, "MRN: [MRN]. Later [NAME] went to [LOCATION].");
});

test("what the engine knows of a word reaches the model", async () => {
  const { reader } = await openReader(TINY);
  const text = "Then vreLkomat left, and a grolmikat did not.";
  const { spans } = await reader.scan(text, {}, ears());
  assert.deepEqual(said(text, spans), ["NAME vreLkomat"]);
});

test("a wiped note leaves the runtime's memory too", async () => {
  const { reader } = await openReader(TINY);
  await reader.settled();
  const { id, rest } = { id: "Xq", rest: "jzvkwqxjzvkwqxj" };
  const { model } = JSON.parse(String(await tiny("tokenizer.json")));
  const ids = [...rest].map((letter) => model.vocab[`##${letter}`]);
  await reader.scan(`Code ${id}${rest} was seen.`, {}, ears());
  assert.ok(places(ids) > 0, "the test can see it");
  await reader.wipe();
  assert.equal(places(ids), 0);
});

test("offsets are UTF-16 units with the model too", async () => {
  const { reader } = await openReader(TINY);
  for (const head of ["", "é😀 ", "e\u0301 مريض ", "x ".repeat(300)]) {
    const text = `${head}Then Ncube came.`;
    const { spans } = await reader.scan(text, {}, ears());
    assert.deepEqual(said(text, spans), ["NAME Ncube"]);
  }
});

test("many windows, and a name at every edge of one", async () => {
  const { reader } = await openReader(TINY);
  const text = Array.from({ length: 60 }, (_, i) =>
    `${"Was seen again. ".repeat(i % 7)}Ncube left.`).join(" ");
  const { spans, coverage } = await reader.scan(text, {}, ears());
  assert.ok(coverage.windows > 20, `${coverage.windows} windows`);
  assert.equal(coverage.complete, true);
  assert.deepEqual(said(text, spans), Array(60).fill("NAME Ncube"));
});

test("numbers that are not finite leave their lines unscanned, and no other",
  async () => {
    const { reader } = await openReader(TINY);
    const calm = "All was calm here, and Ncube slept.\n";
    const text = `${calm.repeat(6)}A quagmire.\n${calm.repeat(6)}`;
    const { spans, coverage, unscanned } = await reader.scan(text, {}, ears());
    assert.equal(coverage.complete, false);
    assert.ok(coverage.answered < coverage.windows && coverage.answered > 0);
    assert.ok(unscanned.some(({ start, end }) =>
      text.slice(start, end).includes("quagmire")));
    assert.ok(spans.length >= 6, "the other windows were read");
    await assert.rejects(reader.redact(text, {}, spans, {}, ears()),
      { code: "INCOMPLETE" });
    const { text: out } = await reader.redact(
      text, {}, spans, { allowPartial: true }, ears());
    assert.doesNotMatch(out, /quagmire|Ncube/);
    assert.match(out, /\[UNSCANNED\]/);
  });

test("a model that dies is started once more, and then left out", async () => {
  let starts = 0;
  const { reader } = await openReader(TINY, {
    load: (url) => {
      starts++;
      return import(url);
    },
  });
  await reader.settled();
  const text = `${NOTE} Then kaboom.`;
  const result = await reader.scan(text, {}, ears());
  assert.equal(starts, 2);
  assert.deepEqual(said(text, result.spans), ["MRN 4471902"]);
  assert.equal(result.coverage.complete, true);
  assert.deepEqual([result.engine.model, result.engine.missing?.code],
    ["none", "MODEL_DIED"]);
  assert.doesNotMatch(JSON.stringify(result.engine), /Ncube|kaboom/);
});

test("what cannot be had is named, and the rules read on", async () => {
  const onnx = await tiny("model.onnx");
  const json = JSON.parse(String(await tiny("tokenizer.json")));
  const bytes = (/** @type {string | object} */ value) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  // Same length, another input; and bytes that are no ONNX at all.
  const renamed = Buffer.from(
    onnx.toString("latin1").replaceAll("input_ids", "input_idz"), "latin1");
  const odd = bytes({ ...json, normalizer: { type: "Nmt" } });
  const odder = bytes("{");
  const manifest = JSON.parse(String(await tiny("manifest.json")));
  for (const [change, code, where] of /** @type {[any, string, string][]} */ ([
    [{ "model.onnx": Buffer.concat([onnx, Buffer.of(0)]) }, "MODEL_HASH", "model.onnx"],
    [{ "tokenizer.json": odder }, "MODEL_HASH", "tokenizer.json"],
    [await manifestWith({ format: 2 }), "MODEL", "manifest.json format"],
    [await manifestWith({ window: 8 }), "MODEL", "manifest"],
    [await manifestWith({ features: [{ name: "mood", values: 3 }] }),
      "MODEL", "manifest: features"],
    [await manifestWith({ features: [] }), "MODEL", "model.onnx features"],
    [await manifestWith({ tags: ["O", "B-NOBODY"] }), "MODEL", "manifest"],
    [await manifestWith({ canary: { text: "Ncube.", labels: ["PHONE"] } }),
      "MODEL_CANARY", "manifest.json canary"],
    [await manifestWith({ canary: { text: "A quagmire.", labels: [] } }),
      "MODEL_CANARY", "manifest.json canary"],
    [await manifestWith({ canary: { text: "Then kaboom.", labels: [] } }),
      "MODEL_DIED", "model.onnx"],
    [await manifestWith({ tags: [...manifest.tags, "B-ID"] }),
      "MODEL_CANARY", "manifest.json canary"],
    [await manifestWith({}, { "model.onnx": renamed }), "MODEL",
      "model.onnx input_ids"],
    [await manifestWith({}, { "model.onnx": bytes("no ONNX") }), "MODEL",
      "model.onnx"],
    [await manifestWith({}, { "tokenizer.json": odd }), "TOKENIZER", "normalizer"],
    [await manifestWith({}, { "tokenizer.json": odder }), "TOKENIZER", ""],
  ])) {
    const { reader } = await openReader(TINY, { change });
    const result = await reader.scan(NOTE, {}, ears());
    const info = await reader.settled();
    assert.equal(info.missing?.code, code, `${code} ${where}`);
    assert.ok(info.missing?.where.includes(where),
      `${where} in "${info.missing?.where}"`);
    assert.equal(info.model, "none");
    assert.deepEqual(said(NOTE, result.spans), ["MRN 4471902"]);
    assert.equal(result.coverage.complete, true, "rules alone are whole");
    assert.equal(result.engine.missing?.code, code);
  }
});

test("once a model is lost, nothing more is told of its way", async () => {
  const { reader, phases } = await openReader(TINY,
    { change: { "model.onnx": Buffer.from("another") } });
  await reader.settled();
  const told = phases.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(phases.length, told);
  assert.ok(!phases.includes("start"));
});

test("without a bundle, rules alone read, and nothing is missing", async () => {
  const { reader, phases } = await openReader(null);
  const info = await reader.settled();
  assert.deepEqual([info.model, info.missing, phases], ["none", null, []]);
  const { spans } = await reader.scan(NOTE, {}, ears());
  assert.deepEqual(said(NOTE, spans), ["MRN 4471902"]);
});

const shipped = existsSync(BUNDLE);

test("the bundle of the repository loads and finds its canary",
  { skip: shipped ? false : "there is no bundle yet" }, async () => {
    const { reader } = await openReader(BUNDLE);
    const info = await reader.settled();
    assert.equal(info.missing, null);
    const { name, version, canary } =
      JSON.parse(await readFile(new URL("manifest.json", BUNDLE), "utf8"));
    assert.equal(info.model, `${name} ${version}`);
    const { coverage, spans } = await reader.scan(canary.text, {}, ears());
    assert.equal(coverage.complete, true);
    for (const label of canary.labels)
      assert.ok(spans.some((span) => span.label === label), label);
  });
