// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// parity.js - the same spans everywhere: rules and model over the same texts by
// the command line, in Node, and in Chromium with one thread and with two.
//
//     node tests/bench/parity.js [--bundle DIR] [--most CHARACTERS] [FILE...]
//
// Texts are the golden corpus, the development documents, and what the files
// (plain, or .gz) hold, cut at line ends into documents of some 3,000
// characters. Ends with 1 where a span differs. A margin is the distance of a
// token's two best logits: where it is tiny, a host that rounds otherwise might
// decide otherwise.

import { spawn } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

import { emptyPage, openStage } from "../browser/harness.js";
import { readCorpus } from "../golden/golden.js";
import { BUNDLE, ears, openReader } from "../wasm/open_model.js";

const TOP = new URL("../../", import.meta.url);
const PROGRAM = new URL("build/native/tools/cli/scrubjay", TOP).pathname;
const CUT = 3000;
const SMALL = 1e-4;

/** @typedef {{text: string, lang: string, policy: string}} Document */
/** @typedef {string[]} Spans one word a span: start, end, label, role, subtype */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bundle: { type: "string" }, most: { type: "string" } },
});
const bundle = values.bundle === undefined
  ? BUNDLE : pathToFileURL(`${values.bundle}/`);
const most = Number(values.most ?? Infinity);

/** @param {readonly any[]} spans @param {boolean} complete @returns {Spans} */
function wordsOf(spans, complete) {
  const words = spans.map(({ start, end, label, role = "", subtype = "" }) =>
    [start, end, label, role, subtype].join(" "));
  return complete ? words : [...words, "not read whole"];
}

/** @returns {Promise<Document[]>} */
async function readDocuments() {
  /** @type {Document[]} */
  const documents = [...await readCorpus()];
  for (const lang of ["en", "fr"]) {
    const folder = new URL(`models/corpus/dev/${lang}/`, TOP);
    for (const name of (await readdir(folder)).sort()) {
      const file = await readFile(new URL(name, folder), "utf8");
      for (const block of file.split(/^=== .*\n(?:[a-z]+: .*\n)+\n/m).slice(1))
        documents.push({ lang: "auto", policy: "",
          text: block.replace(/\[[A-Z_]+[^:\]\s]*:([^\]]*)\]/g, "$1") });
    }
  }
  for (const name of positionals) {
    const bytes = await readFile(name);
    const all = String(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    for (let at = 0; at < all.length;) {
      const end = all.indexOf("\n", at + CUT);
      const next = end < 0 ? all.length : end + 1;
      documents.push({ text: all.slice(at, next), lang: "auto", policy: "" });
      at = next;
    }
  }
  let sum = 0;
  // The command line takes no NUL in JSON.
  return documents.filter(({ text }) => {
    const taken = !text.includes("\0") && sum + text.length <= most;
    if (taken) sum += text.length;
    return taken;
  });
}

/**
 * By the command line: one run for each policy.
 * @param {readonly Document[]} documents
 * @returns {Promise<Spans[]>}
 */
async function natively(documents) {
  /** @type {Spans[]} */
  const out = [];
  for (const policy of new Set(documents.map((one) => one.policy))) {
    const own = [...documents.entries()].filter(([, one]) => one.policy === policy);
    const child = spawn(PROGRAM, [
      "find", "--jsonl", "--offsets", "utf16", "--jobs", "1",
      "--model", fileURLToPath(bundle),
      ...(policy === "" ? [] : ["--policy", policy]),
    ], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(own.map(([i, { text, lang }]) => `${JSON.stringify(
      { id: String(i), text, ...(lang === "auto" ? {} : { lang }) })}\n`).join(""));
    let all = "";
    for await (const part of child.stdout.setEncoding("utf8")) all += part;
    for (const line of all.trimEnd().split("\n")) {
      const { id, entities, complete, error } = JSON.parse(line);
      if (error) throw new Error(`document ${id}: ${error.message}`);
      out[Number(id)] = wordsOf(entities, complete);
    }
  }
  return out;
}

/** @param {Document} document */
const readOf = ({ lang, policy }) =>
  ({ lang, ...(policy === "" ? {} : { policy }) });

/**
 * In Node, with the margins.
 * @param {readonly Document[]} documents
 */
async function inNode(documents) {
  const margins = { tokens: 0, small: 0, least: Infinity };
  const { reader } = await openReader(bundle, { load: async (url) => {
    const ort = await import(url);
    const { create } = ort.InferenceSession;
    ort.InferenceSession.create = async (/** @type {any[]} */ ...words) => {
      const session = await create.apply(ort.InferenceSession, words);
      const run = session.run.bind(session);
      session.run = async (/** @type {any[]} */ ...given) => {
        const answer = await run(...given);
        for (const { data, dims } of Object.values(answer))
          if (dims.length === 3) measure(data, dims[2], margins);
        return answer;
      };
      return session;
    };
    return ort;
  } });
  const { missing, model } = await reader.settled();
  if (missing !== null) throw new Error(`${missing.message}: ${missing.where}`);
  /** @type {Spans[]} */
  const spans = [];
  for (const one of documents) {
    const result = await reader.scan(one.text, readOf(one), ears());
    spans.push(wordsOf(result.spans, result.coverage.complete));
  }
  return { spans, margins, model };
}

/**
 * @param {Float32Array} logits
 * @param {number} cols
 * @param {{tokens: number, small: number, least: number}} margins
 */
function measure(logits, cols, margins) {
  for (let at = 0; at < logits.length; at += cols) {
    const [best = 0, next = 0] =
      Array.from(logits.subarray(at, at + cols)).sort((a, b) => b - a);
    margins.tokens++;
    if (best - next < SMALL) margins.small++;
    margins.least = Math.min(margins.least, best - next);
  }
}

/**
 * In Chromium.
 * @param {import("../browser/harness.js").Stage} stage
 * @param {readonly Document[]} documents
 * @param {number} threads
 * @returns {Promise<Spans[]>}
 */
async function inChromium(stage, documents, threads) {
  const page = await emptyPage(stage);
  const engine = await page.evaluate(async (count) => {
    const { files } = await (await fetch("./assets.json")).json();
    const { createRedactor } = await import(`./${files["redactor.js"].path}`);
    const redactor = await createRedactor({ assets: "./", threads: count });
    Object.assign(globalThis, { redactor });
    return redactor.engine;
  }, threads);
  if (engine.model === "none" || engine.threads !== threads)
    throw new Error(`Chromium runs ${engine.model} on ${engine.threads} threads`);
  /** @type {Spans[]} */
  const out = [];
  for (let at = 0; at < documents.length; at += 50) {
    const rows = await page.evaluate(async (part) => {
      const all = [];
      for (const { text, read } of part)
        all.push(await /** @type {any} */ (globalThis).redactor
          .detect(text, read));
      return all;
    }, documents.slice(at, at + 50).map((one) =>
      ({ text: one.text, read: readOf(one) })));
    out.push(...rows.map(({ entities, coverage }) =>
      wordsOf(entities, coverage.complete)));
  }
  await page.context().close();
  return out;
}

/** @param {Spans[]} a @param {Spans[]} b spans of one and not of the other */
function differing(a, b) {
  return a.reduce((sum, spans, i) => {
    const other = new Set(b[i]);
    const both = spans.filter((span) => other.has(span)).length;
    return sum + spans.length + other.size - 2 * both;
  }, 0);
}

const documents = await readDocuments();
const characters = documents.reduce((sum, { text }) => sum + text.length, 0);
const native = await natively(documents);
const node = await inNode(documents);
const stage = await openStage(fileURLToPath(bundle));
try {
  const spans = native.reduce((sum, own) => sum + own.length, 0);
  console.log(`${node.model}: ${documents.length} documents, ` +
    `${characters} characters, ${spans} spans`);
  let all = 0;
  for (const [name, other] of /** @type {const} */ ([
    ["Node", node.spans],
    ["Chromium, one thread", await inChromium(stage, documents, 1)],
    ["Chromium, two threads", await inChromium(stage, documents, 2)],
  ])) {
    const count = differing(native, other);
    all += count;
    console.log(`native and ${name.padEnd(22)} ${count} differing`);
  }
  const { tokens, small, least } = node.margins;
  console.log(`margins under ${SMALL}: ${small} of ${tokens} tokens; ` +
    `the least is ${least.toExponential(1)}`);
  process.exitCode = all === 0 ? 0 : 1;
} finally {
  await stage.stop();
}
