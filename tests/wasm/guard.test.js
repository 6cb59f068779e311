// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The leak guard says the same in WebAssembly and natively: over the golden
// corpus, scrubbed and in clear, and over notes with identifiers set into them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { readCorpus } from "../golden/golden.js";
import { cleanNotes, leakyNotes } from "../server/guard-notes.js";
import { load } from "./load.js";

const PROGRAM = new URL(
  "../../build/native/tests/bench/guard_dump", import.meta.url).pathname;
const session = (await load()).createEngine({ guard: true }).session();

/** @param {readonly string[]} texts without NUL */
function natively(texts) {
  return execFileSync(PROGRAM, {
    input: texts.map((text) => `${text}\0`).join(""),
    maxBuffer: 2 ** 28,
  }).toString().split("\n").slice(0, -1);
}

/** The same line as guard_dump writes. @param {string} text */
function inWasm(text) {
  const bytes = (/** @type {number} */ at) =>
    Buffer.byteLength(text.slice(0, at));
  try {
    return session.leaks(text).map(({ start, end, label }) =>
      `${label} ${bytes(start)} ${bytes(end)}`).join(",");
  } catch (error) {
    return `!SJ_${/** @type {{code?: string}} */ (error).code}`;
  }
}

/** @param {readonly string[]} all @returns {number} texts with a finding */
function compare(all) {
  const texts = all.map((text) => text.replace(/\0/gu, " "));
  const native = natively(texts);
  assert.equal(native.length, texts.length);
  let found = 0;
  for (const [i, text] of texts.entries()) {
    assert.equal(inWasm(text), native[i]?.split(",").slice(0, 64).join(","));
    if (native[i] !== "") found++;
  }
  return found;
}

test("over the golden corpus, in clear and scrubbed", async () => {
  const corpus = await readCorpus();
  const found = compare(corpus.flatMap(
    ({ text, outputs }) => [text, ...outputs.map((output) => output.text)]));
  assert.ok(found >= 10, `${found}`);
});

test("over notes with identifiers of every kind", async () => {
  const notes = leakyNotes(await cleanNotes("dev"), 4, 3).map((n) => n.text);
  assert.ok(compare(notes) >= 0.99 * notes.length);
});

test("a text that is too long or a policy that is none is refused", () => {
  assert.throws(() => session.leaks("x".repeat(16 * 1024 * 1024 + 1)),
    { code: "TOO_LARGE" });
  assert.throws(() => session.leaks("x", { policy: "no-such" }),
    { code: "ARGUMENT" });
  assert.deepEqual(session.leaks(""), []);
});
