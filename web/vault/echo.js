// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// echo.js - the last check before a body leaves the page: no original that was
// hidden stands in clear in any text of it. The review has looked for them in
// the scrubbed text, where a person may have said that a single word or a short
// number means something else; so there only what can mean nothing else is
// looked for, and in every other member all of it.

import { isObject } from "./bytes.js";
import { refusal } from "./error.js";

/** Shorter ones are found everywhere. */
const LEAST = 3;

/** Members whose words nobody chose: times, versions, names of ours. A year
 * that was hidden would be found in each. */
const OURS = new Set(["reviewed_at", "ruleset", "model", "version", "policy",
  "statement_id", "style", "lang", "placeholder", "type", "source"]);

/** @param {string} text @returns {string[]} words, each in one spelling */
function fold(text) {
  return text.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "")
    .toUpperCase().toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Whether words can be left in clear as something else.
 * @param {string[]} words */
function isPlain(words) {
  const joined = words.join("");
  return joined.length < 6 || (words.length === 1 && !/\p{N}/u.test(joined));
}

/** Originals by their first word. @param {string[][]} originals */
function byFirst(originals) {
  /** @type {Map<string, string[][]>} */
  const found = new Map();
  for (const words of originals) {
    const [first = ""] = words;
    const some = found.get(first);
    if (some) some.push(words);
    else found.set(first, [words]);
  }
  return found;
}

/** @param {string} text @param {Map<string, string[][]>} wanted */
function holdsAny(text, wanted) {
  // Nothing reaches over a placeholder.
  for (const piece of text.split(/<[A-Z_]+_[0-9]+>/)) {
    const words = fold(piece);
    for (const [at, word] of words.entries())
      for (const one of wanted.get(word) ?? [])
        if (one.every((each, i) => words[at + i] === each)) return true;
  }
  return false;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Generator<[string, string]>} every text, with its member's name
 */
function* textsOf(value, name) {
  if (typeof value === "string") yield [name, value];
  else if (Array.isArray(value))
    for (const one of value) yield* textsOf(one, name);
  else if (isObject(value))
    for (const [key, one] of Object.entries(value)) yield* textsOf(one, key);
}

/**
 * @param {Record<string, unknown>} body as it would be sent
 * @param {readonly string[]} originals
 * @throws ECHO with the member's name
 */
export function refuseEcho(body, originals) {
  const all = [...new Set(originals)]
    .filter((one) => [...one.trim()].length >= LEAST).map(fold)
    .filter((words) => words.length > 0);
  const every = byFirst(all);
  const sure = byFirst(all.filter((words) => !isPlain(words)));
  // What is sealed is no text: chance would find short words in it.
  const { vault: _, ...rest } = body;
  for (const [name, text] of textsOf(rest, ""))
    if (!OURS.has(name)
      && holdsAny(text, name === "scrubbed_text" ? sure : every))
      throw refusal("ECHO", name);
}
