// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// bench_page.js - the review of a 1 MB note with 5,000 findings: how long until
// the marks are painted, and how long a toggle takes. Medians of seven. With
// `near`, 7,100 places come close, as many as the model finds in such a note (put
// into the worker's mouth); `answer` is from the worker's answer to the paint.
//
//     node tests/bench/bench_page.js [near]

import { cpus } from "node:os";

import { openStage, reviewing, visit } from "../browser/harness.js";

const RUNS = 7;

/** @param {number} size @param {number} findings */
function makeNote(size, findings) {
  const each = Math.floor(size / findings);
  const lines = [];
  for (let i = 0; i < findings; i++) {
    const line = `Entry, MRN: ${String(10_000_000 + i * 7)}, with words after it `;
    lines.push(line.padEnd(each - 1, "and more of them "));
  }
  return lines.join("\n");
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

const NEAR = process.argv.includes("near") ? 7100 : 0;

/** In the worker, before its own script: an answer with so many near misses.
 * @param {number} count @param {number} size of the note */
function speakUp(count, size) {
  const post = self.postMessage;
  self.postMessage = (/** @type {any} */ message) => {
    const { result } = message;
    if (result?.near && count > 0) {
      const each = Math.floor(size / count);
      result.near = Int32Array.from({ length: count * 5 }, (_, i) => [
        Math.floor(i / 5) * each + 60, Math.floor(i / 5) * each + 67, 1, 1, 200,
      ][i % 5] ?? 0);
    }
    post.call(self, message);
  };
}

const stage = await openStage();
try {
  const { page } = await visit(stage, { prepare: async (context) => {
    await context.route(/worker-.*\.js$/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body:
        `(${speakUp})(${NEAR}, 1_000_000);\n${await answer.text()}` });
    });
    await context.addInitScript(() => {
      const times = /** @type {number[]} */ ([]);
      Object.assign(globalThis, { __answer: times });
      const listen = Worker.prototype.addEventListener;
      Worker.prototype.addEventListener = function (
        /** @type {any} */ type, /** @type {any} */ listener) {
        listen.call(this, type, type !== "message" ? listener : (event) => {
          const start = performance.now();
          const near = /** @type {MessageEvent} */ (event).data.result?.near;
          listener(event);
          if (near) requestAnimationFrame(() => setTimeout(
            () => times.push(performance.now() - start), 0));
        });
      };
    });
  } });
  const note = makeNote(1_000_000, 5000);
  await page
    .locator("input[type=file]")
    .setInputFiles({
      name: "x",
      mimeType: "text/plain",
      buffer: Buffer.from(note),
    });
  await reviewing(page);
  const figures = await page
    .locator("scrubjay-review")
    .evaluate(async (element, runs) => {
      const review = /** @type {any} */ (element);
      const painted = () =>
        new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
      const { session } = review;
      /** @type {Record<string, number[]>} */
      const times = { load: [], toggle: [], group: [], next: [] };
      /** @param {string} name @param {() => void} work */
      const time = async (name, work) => {
        await painted();
        const start = performance.now();
        work();
        await painted();
        times[name]?.push(performance.now() - start);
      };
      const key = (/** @type {string} */ k) => {
        review.shadowRoot
          .querySelector(".view")
          .dispatchEvent(
            new KeyboardEvent("keydown", { key: k, bubbles: true }),
          );
      };
      for (let i = 0; i < runs; i++) {
        await time("load", () => review.load(session));
        await time("next", () => key("j"));
        await time("toggle", () => key("x"));
        await time("group", () => key("g"));
      }
      const view = review.shadowRoot.querySelector(".view");
      times["answer"] = /** @type {any} */ (globalThis).__answer;
      return {
        times,
        findings: session.items.length,
        marks: view.querySelectorAll("mark").length,
      };
    }, RUNS);
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores,` +
      ` Chromium ${stage.browser.version()}`,
  );
  console.log(`1 MB, ${figures.findings} findings, ${figures.marks} marks`);
  for (const [name, values] of Object.entries(figures.times))
    console.log(
      `${name.padEnd(8)} ${median(values).toFixed(1).padStart(8)} ms`,
    );
} finally {
  await stage.stop();
}
