// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The tokenizer in WebAssembly against the committed vectors of the reference
// library, and the boundary around it. All texts are invented.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { before, test } from "node:test";

import { ScrubjayError } from "../../wasm/error.js";
import { load } from "./load.js";

/**
 * @typedef {object} Vector
 * @property {string} tokenizer
 * @property {string} text
 * @property {number[]} ids
 * @property {[number, number][]} offsets in bytes
 */

const VECTORS = new URL("../vectors/tokenizer/", import.meta.url);

/** @type {import("../../wasm/scrubjay.js").Scrubjay} */
let scrubjay;
/** @type {Vector[]} */
let vectors;
/** @type {string[]} */
let names;

before(async () => {
  scrubjay = await load();
  names = (await readdir(VECTORS)).filter((name) => name.endsWith(".json"));
  const lines = await readFile(new URL("vectors.jsonl", VECTORS), "utf8");
  vectors = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
});

/** @param {string} name */
async function open(name) {
  const data = await readFile(new URL(name, VECTORS));
  return scrubjay.createTokenizer({ name, data });
}

/** The UTF-16 index of each byte of a text, by Node. @param {string} text */
function unitsOfBytes(text) {
  const units = new Map();
  let byte = 0;
  let unit = 0;
  for (const char of text) {
    units.set(byte, unit);
    byte += Buffer.byteLength(char);
    unit += char.length;
  }
  return units.set(byte, unit);
}

/** @param {import("../../wasm/types.js").Encoding} encoding */
const pairs = ({ starts, ends }) =>
  Array.from(starts, (start, i) => [start, ends[i]]);

test("every id and offset of the reference, for every tokenizer", async () => {
  assert.ok(names.length >= 8, "tokenizers");
  let tokens = 0;
  for (const name of names) {
    const tokenizer = await open(name);
    const own = vectors.filter((vector) => vector.tokenizer === name);
    assert.ok(own.length >= 25, `${name} has vectors`);
    for (const [i, { text, ids, offsets }] of own.entries()) {
      const units = unitsOfBytes(text);
      const found = tokenizer.encode(text);
      assert.deepEqual([...found.ids], ids, `${name}, text ${i}`);
      assert.deepEqual(
        pairs(found),
        offsets.map(([start, end]) => [units.get(start), units.get(end)]),
        `${name}, text ${i}`);
      tokens += ids.length;
    }
    tokenizer.free();
  }
  assert.ok(tokens > 5000, "the vectors hold tokens");
});

test("a line of vectors belongs to a tokenizer that is there", () => {
  assert.deepEqual(
    [...new Set(vectors.map((vector) => vector.tokenizer))].sort(),
    [...names].sort());
});

test("a lone surrogate counts as one unit", async () => {
  const tokenizer = await open("wordpiece-cased.json");
  const whole = tokenizer.encode("\ufffd the \ufffd patient 😀 the");
  const text = "\ud83d the \udc00 patient 😀 the";
  const found = tokenizer.encode(text);
  assert.deepEqual(found, whole);
  assert.equal(pairs(found).at(-1)?.[1], text.length);
  tokenizer.free();
});

test("offsets of a long text under growing memory stay right", async () => {
  const fresh = await load();
  const name = "wordpiece-cased.json";
  const tokenizer = fresh.createTokenizer(
    { name, data: await readFile(new URL(name, VECTORS)) });
  const piece = "é😀 The patient, 38.4°C. ";
  const small = fresh.memory.size;
  const once = tokenizer.encode(piece);
  const many = tokenizer.encode(piece.repeat(50_000));
  assert.ok(fresh.memory.size > small, "it grew");
  const count = once.ids.length;
  assert.equal(many.ids.length, 50_000 * count);
  assert.deepEqual([...many.ids.subarray(-count)], [...once.ids]);
  assert.deepEqual(
    pairs(many).slice(-count),
    pairs(once).map((pair) =>
      pair.map((at) => (at ?? 0) + 49_999 * piece.length)));
});

test("what is not supported is refused with its JSON path", () => {
  const model = { type: "WordLevel", vocab: { "[UNK]": 0 }, unk_token: "[UNK]" };
  const make = (/** @type {object} */ parts) => scrubjay.createTokenizer(
    { name: "tokenizer.json", data: JSON.stringify({ model, ...parts }) });
  make({}).free();
  for (const [parts, path] of /** @type {[object, string][]} */ ([
    [{ normalizer: { type: "Nmt" } }, "normalizer"],
    [{ pre_tokenizer: { type: "UnicodeScripts" } }, "pre_tokenizer"],
    [{ model: { ...model, vocab: { "[UNK]": -1 } } }, "vocab"],
    [{ model: { ...model, type: "Other" } }, "model"]]))
    assert.throws(
      () => make(parts),
      (error) => error instanceof ScrubjayError &&
        error.code === "TOKENIZER" && error.where.includes(path), path);
});

test("a text over 16 MB is refused, also one that is so in bytes only", async () => {
  const tokenizer = await open("wordlevel.json");
  for (const text of ["a ".repeat(9_000_000), "é".repeat(9_000_000)])
    assert.throws(
      () => tokenizer.encode(text),
      (error) => error instanceof ScrubjayError && error.code === "TOO_LARGE");
  tokenizer.free();
});

test("nothing of a text stays in memory, and a freed tokenizer says so", async () => {
  const fresh = await load();
  const name = "unigram-charsmap.json";
  const tokenizer = fresh.createTokenizer(
    { name, data: await readFile(new URL(name, VECTORS)) });
  const canary = "zwetschgenknoedel";
  tokenizer.encode(`Seen: ${canary} and ${canary}.`);
  assert.equal(fresh.memory.holds(canary), false);
  const piece = fresh.memory.put(`Seen: ${canary}.`);
  assert.equal(fresh.memory.holds(canary), true, "the test can see it");
  fresh.memory.give(piece);
  assert.equal(fresh.memory.holds(canary), false);
  tokenizer.free();
  assert.throws(
    () => tokenizer.encode("x"),
    (error) => error instanceof ScrubjayError && error.code === "STATE");
});
