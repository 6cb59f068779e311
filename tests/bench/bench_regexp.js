// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// bench_regexp.js - the rule pass in WebAssembly beside the same patterns as
// JavaScript RegExp, run one by one, in the same Chromium page. The regular
// expressions get the best case: no validators, no words beside, no view, no
// merging; only the finding of all matches.
//
//     node tests/bench/bench_regexp.js

import { readFile, readdir } from "node:fs/promises";
import { cpus } from "node:os";

import { openStage, visit } from "../browser/harness.js";

const PACKS = new URL("../../core/packs/", import.meta.url);
const GAP = "[ \\t:#=.\\-\\xb0]{0,6}(?:\\n[ \\t:#=.\\-\\xb0]{0,6})?";

/** @param {string} text */
const quote = (text) => text.replace(/[\\^$.[\]|()?*+{}/]/g, "\\$&");

/** A cue as JavaScript writes it. @param {string} phrase */
function cue(phrase) {
  return quote(phrase.trim()).replace(/\s+/g, "[ \\t]{1,3}");
}

/**
 * The patterns of a pack that JavaScript can express.
 * @param {string} text
 * @returns {{sources: string[], left: number}}
 */
function patternsOf(text) {
  /** @type {Map<string, string>} */
  const pieces = new Map();
  const put = (/** @type {string} */ source) =>
    source.replace(/\{([A-Z][A-Z0-9_]*)\}/g, (all, name) =>
      pieces.has(name) ? `(?:${pieces.get(name)})` : all);
  /** @type {{matches: string[], cues: string[], gap: string}[]} */
  const rules = [];
  for (const line of text.split("\n")) {
    const [, key = "", value = ""] = /^(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    const rule = rules.at(-1);
    if (key === "rule") rules.push({ matches: [], cues: [], gap: GAP });
    const [, name = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(value) ?? [];
    if (key === "def") pieces.set(name, put(rest));
    if (key === "words")
      pieces.set(name, rest.split("|").map((w) => quote(w.trim())).join("|"));
    if (key === "match") rule?.matches.push(put(value));
    if (key === "gap" && rule) rule.gap = put(value);
    if (key === "cue") rule?.cues.push(...value.split("|").map(cue));
  }
  const sources = [];
  let left = 0;
  for (const { matches, cues, gap } of rules)
    for (const match of matches) {
      let source = cues.length === 0 ? match :
        `(?<![\\p{L}\\p{N}_])(?i:${cues.join("|")})(?!\\p{L})(?:${gap})(?:${match})`;
      // A leading (?i) is a flag in JavaScript.
      source = source.replace(/^\(\?i\)(.*)$/s, "(?i:$1)")
        .replace(/\\x\{([0-9a-f]+)\}/gi, "\\u{$1}").replace(/\\#/g, "#");
      try {
        new RegExp(source, "gum");
        sources.push(source);
      } catch {
        // Node may know fewer modifiers than the page: the page decides.
        sources.push(source);
      }
    }
  return { sources, left };
}

/** @type {string[]} */
const sources = [];
for (const name of (await readdir(PACKS)).filter((n) => n.endsWith(".rules")))
  sources.push(...patternsOf(await readFile(new URL(name, PACKS), "utf8")).sources);

const PROSE = `The patient is a 54-year-old woman with a history of asthma and mild
reflux who presents with three days of productive cough. She was seen by Dr.
Hale on 03/14/2021 and started on amoxicillin 500 mg three times a day. Lungs
are clear, heart sounds are normal, BP 128/76, HR 82. MRN 4471902. She will
call 617-555-0142 if the fever returns. Patiente de 61 ans adressée pour bilan
d'une dyspnée d'effort. Pas de douleur thoracique, auscultation normale.
`;

const stage = await openStage();
try {
  const { page } = await visit(stage);
  const rows = await page.evaluate(async ({ sources, prose }) => {
    const assets = await (await fetch("./assets.json")).json();
    const module = await import(`./${assets.files["redactor.js"].path}`);
    const median = (/** @type {number[]} */ v) =>
      v.sort((a, b) => a - b)[v.length >> 1] ?? NaN;
    /** @type {RegExp[]} */
    const regexps = [];
    let left = 0;
    for (const source of sources) {
      try {
        regexps.push(new RegExp(source, "gum"));
      } catch {
        left++;
      }
    }
    const started = performance.now();
    const redactor = await module.createRedactor({ assets: "./", model: "none" });
    const ready = performance.now() - started;
    const out = [];
    for (const size of [5_000, 50_000, 1_000_000]) {
      const text = prose.repeat(Math.ceil(size / prose.length)).slice(0, size);
      const runs = size > 100_000 ? 5 : 15;
      const ours = [];
      const theirs = [];
      let matches = 0;
      for (let i = -3; i < runs; i++) {
        const found = await redactor.detect(text, { lang: "en,fr" });
        if (i >= 0) ours.push(found.ms);
        const began = performance.now();
        matches = 0;
        for (const regexp of regexps) {
          regexp.lastIndex = 0;
          for (const _ of text.matchAll(regexp)) matches++;
        }
        if (i >= 0) theirs.push(performance.now() - began);
      }
      out.push({ size, ours: median(ours), theirs: median(theirs), matches });
    }
    redactor.close();
    return { out, used: regexps.length, left, ready };
  }, { sources, prose: PROSE });

  console.log(`${cpus()[0]?.model}, Node ${process.version}, Chromium ` +
    `${stage.browser.version()}`);
  console.log(`${rows.used} patterns as RegExp, ${rows.left} left out; ` +
    `engine ready in ${rows.ready.toFixed(0)} ms; medians\n`);
  console.log("| characters | Scrubjay ms | RegExp ms | ratio |\n|--:|--:|--:|--:|");
  for (const { size, ours, theirs } of rows.out)
    console.log(`| ${size} | ${ours.toFixed(2)} | ${theirs.toFixed(2)} | ` +
      `${(theirs / ours).toFixed(1)} |`);
} finally {
  await stage.stop();
}
