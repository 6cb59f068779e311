// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// bench_model.js - rules and model in the page: the time of a note of 2,000
// characters, the WebAssembly memory of both workers, the start on a repeat
// visit; and, in the same browser, transformers.js with a model of DistilBERT's
// shape (make_distilbert.py) over the same note. One thread each. Beside the
// clock stands the processor time of the page's processes (Linux), which other
// work on the machine spoils less.
//
//     node tests/bench/bench_model.js [--bundle DIR] [--peer DIR] [--starts N]
//
// --peer names the folder that make_distilbert.py wrote.

import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { emptyPage, openProfile, openStage } from "../browser/harness.js";
import { BUNDLE } from "../wasm/open_model.js";
import { browserTime } from "./cpu.js";
import { PEER, median, preparePeer, serveFolders, spread } from "./peer.js";

const TOP = new URL("../../", import.meta.url);
const CHARACTERS = 2000;
const { values: options } = parseArgs({ options: {
  bundle: { type: "string" }, peer: { type: "string" },
  starts: { type: "string", default: "7" }, runs: { type: "string", default: "60" },
} });
const bundle = options.bundle ?? fileURLToPath(BUNDLE);
const runs = Number(options.runs);

// Notes of the development corpus, in turns, so that no pass is over the
// document that the engine holds.
/** @returns {Promise<string[]>} */
async function readNotes() {
  const notes = [];
  for (const lang of ["en", "fr"]) {
    const folder = new URL(`models/corpus/dev/${lang}/`, TOP);
    let all = "";
    for (const name of (await readdir(folder)).sort())
      all += (await readFile(new URL(name, folder), "utf8"))
        .replace(/^=== .*\n(?:[a-z]+: .*\n)+\n/gm, "")
        .replace(/\[[A-Z_]+[^:\]\s]*:([^\]]*)\]/g, "$1");
    for (let at = 0; notes.length < (lang === "en" ? 5 : 10); at += CHARACTERS)
      notes.push(all.slice(at, at + CHARACTERS));
  }
  return notes;
}

// Put before the scripts of both workers, and into the page of the peer: it
// knows every WebAssembly memory of its realm, and says their sum.
const COUNT = `{
  const all = new Set();
  const see = (made) => {
    for (const one of Object.values((made.instance ?? made).exports))
      if (one instanceof Memory) all.add(one);
    return made;
  };
  const { Memory, instantiate, instantiateStreaming } = WebAssembly;
  WebAssembly.Memory = new Proxy(Memory, { construct(of, words) {
    const made = new of(...words);
    all.add(made);
    return made;
  } });
  WebAssembly.instantiate = (...w) => instantiate.apply(WebAssembly, w).then(see);
  WebAssembly.instantiateStreaming = (...w) =>
    instantiateStreaming.apply(WebAssembly, w).then(see);
  globalThis.wasmBytes = () => {
    let sum = 0;
    for (const { buffer } of all) sum += buffer.byteLength;
    return sum;
  };
  if (typeof document === "undefined") {
    const line = new BroadcastChannel("wasm-bytes");
    line.addEventListener("message", ({ data }) => {
      if (data === "?") line.postMessage(
        [location.pathname.split("/").pop(), globalThis.wasmBytes()]);
    });
  }
}
`;

/**
 * Repeat visits: a profile on disk, its files in the cache.
 * @param {import("../browser/harness.js").Stage} stage
 */
async function starts(stage) {
  const folder = await mkdtemp(join(tmpdir(), "scrubjay-profile-"));
  /** @type {Record<string, number[]>} */
  const times = { rules: [], model: [], ready: [], cpu: [] };
  for (let i = 0; i <= Number(options.starts); i++) {
    const profile = await openProfile(folder);
    const page = await emptyPage(stage, profile);
    await page.waitForTimeout(500); // the browser's own start
    const before = browserTime();
    const row = await page.evaluate(async () => {
      const { files } = await (await fetch("./assets.json")).json();
      const { createRedactor } = await import(`./${files["redactor.js"].path}`);
      const asked = performance.now();
      const at = { rules: 0, model: 0, ready: 0 };
      const redactor = await createRedactor({ assets: "./", threads: 1,
        onProgress: (/** @type {any} */ { phase, done }) => {
          if (phase === "load" && done === 1) at.rules = performance.now() - asked;
          if (phase === "start") at.model = performance.now() - asked;
        } });
      at.ready = performance.now() - asked;
      const { model, missing } = redactor.engine;
      redactor.close();
      return { at, model, missing };
    });
    if (row.missing) throw new Error(`${row.missing.code} ${row.missing.where}`);
    if (i > 0) { // the first visit fills the cache
      for (const [name, value] of Object.entries(row.at)) times[name]?.push(value);
      times["cpu"]?.push(browserTime() - before);
    }
    await page.waitForTimeout(1000);
    await profile.close();
  }
  await rm(folder, { recursive: true, force: true });
  return times;
}

const notes = await readNotes();
const stage = await openStage(bundle);
const site = new URL("build/site-other", TOP).pathname;
const server = await serveFolders({
  site, peer: PEER, models: options.peer ? dirname(resolve(options.peer)) : PEER,
}, (path, bytes) => /^\/site\/(?:worker|infer)-/.test(path)
  ? Buffer.concat([Buffer.from(COUNT), bytes]) : bytes);

try {
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, ` +
    `Chromium ${stage.browser.version()}`);
  const times = await starts(stage);
  console.log(`repeat visit, ${options.starts} starts: rules can read  ` +
    spread(times["rules"] ?? []));
  console.log("  model open, before its warm-up    " + spread(times["model"] ?? []));
  console.log("  warmed up, canary found           " + spread(times["ready"] ?? []));
  console.log("  processor time, whole browser     " + spread(times["cpu"] ?? []));

  const page = await stage.browser.newPage();
  await page.addInitScript(COUNT);
  await page.goto(`${server.origin}/`);
  await page.exposeFunction("cpu", () => browserTime("renderer"));
  const own = await page.evaluate(async ({ notes, runs }) => {
    const { cpu } = /** @type {any} */ (globalThis);
    const { files } = await (await fetch("/site/assets.json")).json();
    const { createRedactor } = await import(`/site/${files["redactor.js"].path}`);
    const redactor = await createRedactor({ assets: "/site/", threads: 1 });
    if (redactor.engine.model === "none")
      throw new Error(redactor.engine.missing.code);
    /** @type {Record<string, number>} */
    const memory = {};
    const line = new BroadcastChannel("wasm-bytes");
    line.onmessage = ({ data }) => {
      const [script, bytes] = data;
      memory[script.split("-")[0]] = bytes;
    };
    let windows = 0;
    /** @param {any} from @param {number} count */
    const pass = async (from, count) => {
      const times = [];
      const before = await cpu();
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        const found = await from.detect(notes[i % notes.length] ?? "");
        times.push(performance.now() - start);
        windows += found.coverage.windows;
      }
      return { times, cpu: (await cpu() - before) / count };
    };
    await pass(redactor, 20);
    windows = 0;
    const both = await pass(redactor, runs);
    const each = windows / runs;
    line.postMessage("?");
    for (let i = 0; i < 100 && !("infer" in memory && "worker" in memory); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const { model } = redactor.engine;
    redactor.close();
    const bare = await createRedactor({ assets: "/site/", model: "none" });
    await pass(bare, 20);
    const rules = await pass(bare, runs);
    bare.close();
    return { both, rules, memory, model, windows: each };
  }, { notes, runs });
  const cost = (/** @type {{times: number[], cpu: number}} */ { times, cpu }) =>
    `${spread(times)}; processor ${cpu.toFixed(1)} ms`;
  console.log(`${own.model}, ${CHARACTERS} characters, ${runs} runs, ` +
    `${own.windows.toFixed(1)} windows each`);
  console.log("  text to final spans, in the page  " + cost(own.both));
  console.log("  rules alone, in the page          " + cost(own.rules));
  const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const memory = Object.values(own.memory).reduce((sum, bytes) => sum + bytes, 0);
  console.log(`  WebAssembly memory: ${mb(memory)} (engine ` +
    `${mb(own.memory["worker"] ?? NaN)}, runtime ${mb(own.memory["infer"] ?? NaN)})`);

  for (const dtype of options.peer ? ["q8", "fp32"] : []) {
    await preparePeer();
    const other = await stage.browser.newPage();
    await other.addInitScript(COUNT);
    await other.exposeFunction("cpu", () => browserTime("renderer"));
    await other.goto(`${server.origin}/`);
    const peer = await other.evaluate(async ({ notes, runs, dtype, name }) => {
      const { pipeline, env } = await import("/peer/transformers.min.js");
      Object.assign(env, { allowRemoteModels: false, allowLocalModels: true,
        localModelPath: "/models/", useBrowserCache: false });
      Object.assign(env.backends.onnx.wasm, { numThreads: 1, wasmPaths: {
        mjs: "/peer/ort-wasm-simd-threaded.asyncify.mjs",
        wasm: "/peer/ort-wasm-simd-threaded.asyncify.wasm" } });
      const tag = await pipeline("token-classification", name,
        { dtype, device: "wasm" });
      for (let i = 0; i < 3; i++) await tag(notes[i] ?? "");
      const { cpu, wasmBytes } = /** @type {any} */ (globalThis);
      const times = [];
      const before = await cpu();
      for (let i = 0; i < runs; i++) {
        const start = performance.now();
        await tag(notes[i % notes.length] ?? "");
        times.push(performance.now() - start);
      }
      return { times, cpu: (await cpu() - before) / runs, memory: wasmBytes() };
    }, { notes, runs: Math.min(runs, 10), dtype, name: basename(options.peer ?? "") });
    await other.close();
    console.log(`transformers.js, DistilBERT's shape, ${dtype}`);
    console.log("  text to entities, in the page     " + cost(peer));
    console.log(`  WebAssembly memory: ${mb(peer.memory)}`);
    const ratio = (/** @type {number} */ a, /** @type {number} */ b) =>
      (a / b).toFixed(1);
    console.log(
      `  ours: ${ratio(median(peer.times), median(own.both.times))} times as fast ` +
      `(processor ${ratio(peer.cpu, own.both.cpu)}), in ` +
      `${ratio(peer.memory, memory)} times less memory`);
  }
} finally {
  await stage.stop();
  await server.stop();
}
