// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// bench_start.js - the engine in Chromium: how long it takes to be ready, and
// what a note of 5 KB takes: the first one, and those after it; rules alone
// (bench_model.js has the model). Each start has a browser profile of its own,
// so that nothing is cached from before.
//
//     node tests/bench/bench_start.js [STARTS]

import { readFile, readdir } from "node:fs/promises";
import { cpus } from "node:os";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { openStage } from "../browser/harness.js";

const STARTS = Number(process.argv[2] ?? 7);
const PASSES = 200;
const BUILT = new URL("../../build/web/", import.meta.url);

// As in bench_regexp.js: what is hidden and what is not, in two languages.
const PROSE = `The patient is a 54-year-old woman with a history of asthma and mild
reflux who presents with three days of productive cough. She was seen by Dr.
Hale on 03/14/2021 and started on amoxicillin 500 mg three times a day. Lungs
are clear, heart sounds are normal, BP 128/76, HR 82. MRN 4471902. She will
call 617-555-0142 if the fever returns. Patiente de 61 ans adressée pour bilan
d'une dyspnée d'effort. Pas de douleur thoracique, auscultation normale.
`;

/** @param {number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ i) => (sorted[i] ?? NaN).toFixed(1);
  return `${at(sorted.length >> 1).padStart(8)} ms` +
    `   ${at(0)} to ${at(sorted.length - 1)}`;
}

const name = (await readdir(BUILT)).find((file) => /^scrubjay-.*\.wasm$/.test(file));
if (name === undefined) throw new Error("build the page first");
const wasm = await readFile(new URL(name, BUILT));

/** @type {Record<string, number[]>} */
const times = {
  "ready": [], "first 5 KB": [], "later 5 KB": [],
};
const stage = await openStage();
try {
  for (let i = 0; i < STARTS; i++) {
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    // Of the page's origin, but nothing that starts an engine of its own.
    await page.goto(`${stage.origin}/assets.json`);
    const row = await page.evaluate(async ({ prose, passes }) => {
      const { files } = await (await fetch("./assets.json")).json();
      const { createRedactor } = await import(`./${files["redactor.js"].path}`);
      const text = prose.repeat(20).slice(0, 5000);
      const asked = performance.now();
      const redactor = await createRedactor({ assets: "./" });
      const ready = performance.now() - asked;
      const detect = async () => (await redactor.detect(text)).ms;
      const first = await detect();
      const later = [];
      for (let k = 0; k < passes; k++) later.push(await detect());
      redactor.close();
      later.sort((a, b) => a - b);
      return { ready, first, later: later[passes >> 1] ?? NaN };
    }, { prose: PROSE, passes: PASSES });
    times["ready"]?.push(row.ready);
    times["first 5 KB"]?.push(row.first);
    times["later 5 KB"]?.push(row.later);
    await context.close();
  }
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, ` +
    `Chromium ${stage.browser.version()}`);
} finally {
  await stage.stop();
}
const kb = (/** @type {number} */ bytes) =>
  `${Math.round(bytes / 1000)} KB`.padStart(8);
console.log(`scrubjay.wasm ${kb(wasm.length)}, gzip -9 ` +
  `${kb(gzipSync(wasm, { level: 9 }).length)}, brotli -q 11 ` +
  `${kb(brotliCompressSync(wasm).length)}`);
for (const [what, values] of Object.entries(times))
  if (values.length > 0) console.log(`${what.padEnd(12)} ${spread(values)}`);
