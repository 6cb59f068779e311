// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// bench_tokenizer_page.js - our tokenizer and transformers.js' in one page of
// Chromium, over the same text in turns: how long each takes to load and to
// tokenize, and whether the ids are the same.
//
//     node tests/bench/bench_tokenizer_page.js TOKENIZER.json TEXT...
//
// TEXT files (plain or .gz) are cut into documents of 4,000 characters, 1.5
// million characters at most.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { chromium } from "playwright-core";

import { PEER, median, preparePeer, serveFolders, spread } from "./peer.js";

const TOP = new URL("../../", import.meta.url);
const MOST = 1_500_000;
const CUT = 4000;
const ROUNDS = 7;

const [file, ...texts] = process.argv.slice(2);
if (file === undefined || texts.length === 0)
  throw new Error("usage: bench_tokenizer_page.js TOKENIZER.json TEXT...");

let all = "";
for (const name of texts) {
  const bytes = await readFile(name);
  all += String(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}
all = all.slice(0, MOST);
const documents = Array.from({ length: Math.ceil(all.length / CUT) },
  (_, i) => all.slice(i * CUT, (i + 1) * CUT));

await preparePeer();
const models = new URL("build/bench/tokenizer/", TOP).pathname;
await rm(models, { recursive: true, force: true });
await mkdir(join(models, "own"), { recursive: true });
await writeFile(join(models, "own", "tokenizer.json"), await readFile(file));
await writeFile(join(models, "own", "tokenizer_config.json"),
  JSON.stringify({ tokenizer_class: "PreTrainedTokenizer" }));

const server = await serveFolders({
  peer: PEER, models,
  wasm: new URL("wasm/", TOP).pathname,
  built: new URL("build/wasm/wasm/", TOP).pathname,
});
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage();
  await page.goto(`${server.origin}/`);
  const result = await page.evaluate(async ({ documents, rounds }) => {
    const at = (/** @type {string} */ path) => import(path);
    const { loadScrubjay } = await at("/wasm/scrubjay.js");
    const { AutoTokenizer, env } = await at("/peer/transformers.min.js");
    Object.assign(env, { allowRemoteModels: false, allowLocalModels: true,
      localModelPath: "/models/", useBrowserCache: false });
    const data = new Uint8Array(
      await (await fetch("/models/own/tokenizer.json")).arrayBuffer());
    const scrubjay = await loadScrubjay(await fetch("/built/scrubjay.wasm"));

    /** @type {Record<string, number[]>} */
    const times = { ownLoad: [], peerLoad: [], own: [], peer: [] };
    let own;
    let peer;
    for (let i = 0; i < rounds; i++) {
      let start = performance.now();
      own?.free();
      own = scrubjay.createTokenizer({ name: "tokenizer.json", data });
      times.ownLoad?.push(performance.now() - start);
      start = performance.now();
      // Reading the file is part of it: the cache of the browser answers.
      peer = await AutoTokenizer.from_pretrained("own");
      times.peerLoad?.push(performance.now() - start);
    }
    let ids = 0;
    let differing = 0;
    for (const text of documents) {
      const a = own.encode(text).ids;
      const b = peer(text, { add_special_tokens: false }).input_ids.data;
      ids += a.length;
      if (a.length !== b.length || a.some(
        (/** @type {number} */ id, /** @type {number} */ i) => BigInt(id) !== b[i]))
        differing++;
    }
    for (let i = 0; i < rounds; i++) {
      let start = performance.now();
      for (const text of documents) own.encode(text);
      times.own?.push(performance.now() - start);
      start = performance.now();
      for (const text of documents)
        peer(text, { add_special_tokens: false, return_tensor: false });
      times.peer?.push(performance.now() - start);
    }
    return { times, ids, differing };
  }, { documents, rounds: ROUNDS });

  const { times, ids, differing } = result;
  const of = (/** @type {string} */ name) => times[name] ?? [];
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, ` +
    `Chromium ${browser.version()}; ${all.length} characters`);
  for (const [what, name] of /** @type {const} */ ([
    ["load, ours", "ownLoad"], ["load, transformers.js", "peerLoad"],
    ["text, ours", "own"], ["text, transformers.js", "peer"]]))
    console.log(`${what.padEnd(24)} ${spread(of(name))}`);
  const ratios = of("own").map((own, i) => (of("peer")[i] ?? NaN) / own);
  console.log(`times as fast: ${median(ratios).toFixed(1)} (median of ` +
    `${ratios.length} rounds, ${Math.min(...ratios).toFixed(1)} to ` +
    `${Math.max(...ratios).toFixed(1)})`);
  console.log(`ids: ${ids}; documents with other ids: ` +
    `${differing} of ${documents.length}`);
} finally {
  await browser.close();
  await server.stop();
}
