// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The leak guard says the same in the page's worker and natively: over the
// golden corpus, scrubbed and in clear, and over notes with identifiers set into
// them; also under policies that leave some in clear.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { readCorpus } from "../golden/golden.js";
import { Guard } from "../../web/worker/guard.js";
import { cleanNotes, leakyNotes } from "../server/guard-notes.js";
import { load } from "./load.js";

const PROGRAM = new URL(
  "../../build/native/tests/bench/guard_dump", import.meta.url).pathname;
const guard = new Guard(await load());
const USUAL = "safe-harbor";

/** @param {readonly string[]} texts without NUL @param {string} policy */
function natively(texts, policy) {
  return execFileSync(PROGRAM, ["--policy", policy], {
    input: texts.map((text) => `${text}\0`).join(""),
    maxBuffer: 2 ** 28,
  }).toString().split("\n").slice(0, -1);
}

/** The same line as guard_dump writes.
 * @param {string} text @param {string} policy */
function inWasm(text, policy) {
  const bytes = (/** @type {number} */ at) =>
    Buffer.byteLength(text.slice(0, at));
  try {
    return guard.leaks(text, policy).map(({ start, end, label }) =>
      `${label} ${bytes(start)} ${bytes(end)}`).join(",");
  } catch (error) {
    return `!SJ_${/** @type {{code?: string}} */ (error).code}`;
  }
}

/** @param {readonly string[]} all @param {string} [policy]
 * @returns {{texts: number, findings: number}} how many have one, and all */
function compare(all, policy = USUAL) {
  const texts = all.map((text) => text.replace(/\0/gu, " "));
  const native = natively(texts, policy);
  assert.equal(native.length, texts.length);
  let found = 0;
  let findings = 0;
  for (const [i, text] of texts.entries()) {
    assert.equal(inWasm(text, policy), native[i]?.split(",").slice(0, 64).join(","));
    if (native[i] !== "") found++;
    findings += native[i]?.split(",").filter(Boolean).length ?? 0;
  }
  return { texts: found, findings };
}

test("over the golden corpus, in clear and scrubbed", async () => {
  const corpus = await readCorpus();
  const all = corpus.flatMap(
    ({ text, outputs }) => [text, ...outputs.map((output) => output.text)]);
  const { texts, findings } = compare(all);
  assert.ok(texts >= 10, `${texts}`);
  const fewer = compare(all, "limited-dataset,keep-providers").findings;
  assert.ok(fewer > 0 && fewer < findings, `${fewer} of ${findings}`);
});

test("over notes with identifiers of every kind", async () => {
  const notes = leakyNotes(await cleanNotes("dev"), 4, 3).map((n) => n.text);
  assert.ok(compare(notes).texts >= 0.99 * notes.length);
});

test("a text that is too long is refused; an unknown policy is the usual one",
  () => {
    assert.throws(() => guard.leaks("x".repeat(16 * 1024 * 1024 + 1), USUAL),
      { code: "TOO_LARGE" });
    const [leak] = guard.leaks("DOB: 03/14/1951", "no-such");
    assert.equal(leak?.label, "DATE");
    assert.deepEqual(guard.leaks("DOB: 03/14/1951", "limited-dataset"), []);
    assert.deepEqual(guard.leaks("", USUAL), []);
  });
